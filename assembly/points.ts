/**
 * Plain Monte Carlo of the test error: the operations of `samplePoints` (src/observables/test-error.ts) in the same
 * order. Noise vectors are drawn one after the other, projected and counted eight at a time, one in each lane of four
 * vectors.
 */
import { Atom, FreshOutput } from './fresh-output';
import { addTo } from './memory';
import { makeZiggurat, normal, startStream, StreamName } from './random';
import { raised } from './special';

/** The host fills it (src/observables/points-kernel.ts). */
@unmanaged
export class PointSampling extends FreshOutput {
  /** of max(0, h)^power; 0 for a piecewise-linear activation */
  power: i32;
  /**
   * the results over all points so far: of the share of atoms in error the sum and the sum of squares, the same of the
   * share of atoms with output 0, and the sum of the products of both
   */
  sum: f64;
  squares: f64;
  zeroSum: f64;
  zeroSquares: f64;
  products: f64;
  // scratch
  /** f64, rank x 8 points */
  z: usize;
  /** f64, groups x (even filters, odd filters) x 8 points */
  noise: usize;
  /** f64, 8 points: probability of the atoms in error */
  wrong: usize;
  /** f64, 8 points: probability of the atoms with output 0 */
  zero: usize;
}

/** Points in a block, and the bytes that a block takes. */
export const POINTS: i32 = 8;
const BYTES: usize = <usize>POINTS << 3;

/** a sigma(h) for two heights. */
// @ts-ignore: decorator
@inline
function weighted(s: PointSampling, a: v128, h: v128): v128 {
  const positive = f64x2.gt(h, f64x2.splat(0));
  if (s.power == 0) return f64x2.mul(a, v128.bitselect(h, f64x2.mul(f64x2.splat(s.leak), h), positive));
  return f64x2.mul(a, v128.and(raised(h, s.power), positive));
}

/** The noise outputs of one block, by group and parity of the filter. */
function project(s: PointSampling): void {
  const rank = s.rank;
  memory.fill(s.noise, 0, <usize>(2 * s.groups) * BYTES);
  for (let r = 0; r < s.filters; r++) {
    let g0 = f64x2.splat(0);
    let g1 = f64x2.splat(0);
    let g2 = f64x2.splat(0);
    let g3 = f64x2.splat(0);
    let l = s.l + (<usize>(r * rank) << 3);
    let z = s.z;
    for (const end = l + (<usize>min(rank, r + 1) << 3); l < end; l += 8) {
      const x = v128.load64_splat(l);
      g0 = f64x2.add(g0, f64x2.mul(x, v128.load(z)));
      g1 = f64x2.add(g1, f64x2.mul(x, v128.load(z, 16)));
      g2 = f64x2.add(g2, f64x2.mul(x, v128.load(z, 32)));
      g3 = f64x2.add(g3, f64x2.mul(x, v128.load(z, 48)));
      z += BYTES;
    }
    const a = v128.load64_splat(s.weights + (<usize>r << 3));
    for (let group = 0; group < s.groups; group++) {
      const offset = v128.load64_splat(s.offsets + (<usize>(group * s.filters + r) << 3));
      const noise = s.noise + <usize>(2 * group + (r & 1)) * BYTES;
      addTo(noise, weighted(s, a, f64x2.add(g0, offset)));
      addTo(noise + 16, weighted(s, a, f64x2.add(g1, offset)));
      addTo(noise + 32, weighted(s, a, f64x2.add(g2, offset)));
      addTo(noise + 48, weighted(s, a, f64x2.add(g3, offset)));
    }
  }
}

/** Fills `wrong` and `zero`. */
function judge(s: PointSampling): void {
  memory.fill(s.wrong, 0, BYTES);
  memory.fill(s.zero, 0, BYTES);
  for (let atom = 0; atom < s.atoms; atom++) {
    const row = s.atomTable + <usize>atom * offsetof<Atom>();
    const probability = v128.load64_splat(row, offsetof<Atom>('probability'));
    const label = v128.load64_splat(row, offsetof<Atom>('label'));
    const fixed = v128.load64_splat(row, offsetof<Atom>('fixed'));
    const noise = s.noise + <usize>(2 * <i32>changetype<Atom>(row).group) * BYTES;
    for (let at: usize = 0; at < BYTES; at += 16) {
      const output = f64x2.add(fixed, f64x2.add(v128.load(noise + at), v128.load(noise + BYTES + at)));
      const right = f64x2.gt(f64x2.mul(label, output), f64x2.splat(0));
      addTo(s.wrong + at, v128.andnot(probability, right));
      addTo(s.zero + at, v128.and(probability, f64x2.eq(output, f64x2.splat(0))));
    }
  }
}

/** The stream of the points, from its first number. */
export function startPoints(name: StreamName, purpose: u32): void {
  makeZiggurat();
  startStream(name, purpose, 0);
}

/** The next points of the stream; all calls but the last with a multiple of 8 of them. */
export function samplePoints(s: PointSampling, points: i32): void {
  const rank = s.rank;
  for (let left = points; left > 0; left -= POINTS) {
    for (let point: usize = 0; point < <usize>POINTS; point++) {
      let z = s.z + (point << 3);
      for (const end = z + <usize>rank * BYTES; z < end; z += BYTES) store<f64>(z, normal());
    }
    project(s);
    judge(s);
    for (let point: usize = 0; point < <usize>min(POINTS, left); point++) {
      const wrong = load<f64>(s.wrong + (point << 3));
      s.sum += wrong;
      s.squares += wrong * wrong;
      const zero = load<f64>(s.zero + (point << 3));
      s.zeroSum += zero;
      s.zeroSquares += zero * zero;
      s.products += wrong * zero;
    }
  }
}
