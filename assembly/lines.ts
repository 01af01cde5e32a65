/**
 * Line sampling of the test error: the operations of src/observables/test-error.ts in the same order. Four lines are
 * projected at a time, one in each lane of two vectors; kinks and segments are walked line by line (piecewise-line.ts).
 */
import { LineSampling } from './line-sampling';
import { get, set } from './memory';
import { errorProbability, startSilence, silence } from './piecewise-line';
import { startStream, StreamName, uniform } from './random';
import { centralQuantile2, isCentral2, tailQuantile2 } from './special';

/** u along Lᵀa and the slopes L u. */
export function direct(s: LineSampling): void {
  const filters = s.filters;
  const rank = s.rank;
  const l = s.l;
  const weights = s.weights;
  const direction = s.direction;
  const slopes = s.slopes;
  memory.fill(direction, 0, <usize>rank << 3);
  for (let r = 0; r < filters; r++) {
    for (let k = 0; k < min(rank, r + 1); k++) set(direction, k, get(direction, k) + get(weights, r) * get(l, r * rank + k));
  }
  let square: f64 = 0;
  for (let k = 0; k < rank; k++) square += get(direction, k) * get(direction, k);
  const norm = Math.sqrt(square);
  if (norm > 0) for (let k = 0; k < rank; k++) set(direction, k, get(direction, k) / norm);
  else if (rank > 0) set(direction, 0, 1);
  for (let r = 0; r < filters; r++) {
    let slope: f64 = 0;
    for (let k = 0; k < min(rank, r + 1); k++) slope += get(l, r * rank + k) * get(direction, k);
    set(slopes, r, slope);
    const turn = s.turns + (<usize>r << 5);
    const weight = slope > 0 ? get(weights, r) : -get(weights, r);
    store<f64>(turn, slope > 0 ? 1 : -1);
    store<f64>(turn, weight, 8);
    store<f64>(turn, weight * slope, 16);
  }
}

/** Two shifted coordinates of lattice points, in (0, 1), from their residues modulo the number of lines. */
// @ts-ignore: decorator
@inline
function shifted(residues: v128, lines: v128, shift: v128): v128 {
  const x = f64x2.add(f64x2.div(residues, lines), shift);
  const one = f64x2.splat(1);
  return f64x2.max(v128.bitselect(x, f64x2.sub(x, one), f64x2.lt(x, one)), f64x2.splat(5.551115123125783e-17));
}

/** The next line's residue, from that of this one. */
// @ts-ignore: decorator
@inline
function following(residue: f64, step: f64, lines: f64): f64 {
  const next = residue + step;
  return next < lines ? next : next - lines;
}

/** Stores the quantiles of two numbers, and lists those in the tails for `doTails`. Returns where the list ends. */
// @ts-ignore: decorator
@inline
function quantiles(u: v128, to: usize, list: usize): usize {
  v128.store(to, centralQuantile2(u));
  const central = i64x2.bitmask(isCentral2(u));
  store<f64>(list, f64x2.extract_lane(u, 0));
  store<usize>(list, to, 8);
  list += (~central & 1) << 4;
  store<f64>(list, f64x2.extract_lane(u, 1));
  store<usize>(list, to + 8, 8);
  return list + ((~central & 2) << 3);
}

/** Quantiles of the listed numbers, two at a time, without a branch on the numbers. */
function doTails(list: usize, end: usize): void {
  for (; list < end; list += 32) {
    const other = min(list + 16, end - 16);
    const z = tailQuantile2(v128.load64_lane(other, v128.load64_splat(list), 1));
    store<f64>(load<usize>(list, 8), f64x2.extract_lane(z, 0));
    store<f64>(load<usize>(other, 8), f64x2.extract_lane(z, 1));
  }
}

/** Heights of the next four lines. */
function project(s: LineSampling): void {
  const rank = s.rank;
  const lines = <f64>s.lines;
  const modulus = f64x2.splat(lines);
  let alongA = f64x2.splat(0);
  let alongB = f64x2.splat(0);
  let list = s.tails;
  for (let k = 0; k < rank; k++) {
    const step = get(s.generator, k);
    const r0 = get(s.residues, k);
    const r1 = following(r0, step, lines);
    const r2 = following(r1, step, lines);
    const r3 = following(r2, step, lines);
    set(s.residues, k, following(r3, step, lines));
    const shift = v128.load64_splat(s.shift + (<usize>k << 3));
    const z = s.z + (<usize>k << 5);
    list = quantiles(shifted(f64x2.replace_lane(f64x2.splat(r0), 1, r1), modulus, shift), z, list);
    list = quantiles(shifted(f64x2.replace_lane(f64x2.splat(r2), 1, r3), modulus, shift), z + 16, list);
  }
  doTails(s.tails, list);
  for (let k = 0; k < rank; k++) {
    const z = s.z + (<usize>k << 5);
    const u = v128.load64_splat(s.direction + (<usize>k << 3));
    alongA = f64x2.add(alongA, f64x2.mul(v128.load(z), u));
    alongB = f64x2.add(alongB, f64x2.mul(v128.load(z, 16), u));
  }
  for (let k = 0; k < rank; k++) {
    const z = s.z + (<usize>k << 5);
    const u = v128.load64_splat(s.direction + (<usize>k << 3));
    v128.store(z, f64x2.sub(v128.load(z), f64x2.mul(alongA, u)));
    v128.store(z, f64x2.sub(v128.load(z, 16), f64x2.mul(alongB, u)), 16);
  }
  for (let r = 0; r < s.filters; r++) {
    let gA = f64x2.splat(0);
    let gB = f64x2.splat(0);
    let l = s.l + (<usize>(r * rank) << 3);
    let z = s.z;
    for (const end = l + (<usize>min(rank, r + 1) << 3); l < end; l += 8) {
      const x = v128.load64_splat(l);
      gA = f64x2.add(gA, f64x2.mul(x, v128.load(z)));
      gB = f64x2.add(gB, f64x2.mul(x, v128.load(z, 16)));
      z += 32;
    }
    const heights = s.heights + (<usize>r << 5);
    v128.store(heights, gA);
    v128.store(heights, gB, 16);
  }
}

/** The watched filters' heights on the first `lines` of the four. */
function watch(s: LineSampling, lines: i32): void {
  for (let at = 0; at < s.watched; at++) {
    const heights = s.heights + (<usize>load<i32>(s.watchedFilters + (<usize>at << 2)) << 5);
    const reached = s.reached + (<usize>at << 4);
    let least = load<f64>(reached);
    let most = load<f64>(reached, 8);
    for (let lane = 0; lane < lines; lane++) {
      const height = load<f64>(heights + (<usize>lane << 3));
      least = Math.min(least, height);
      most = Math.max(most, height);
    }
    store<f64>(reached, least);
    store<f64>(reached, most, 8);
  }
}

/** Fills `means`, `zeros` and `reached`. */
export function sampleLines(s: LineSampling): void {
  direct(s);
  sampleDirected(s);
}

/** The same, after `direct`. */
export function sampleDirected(s: LineSampling): void {
  const lines = s.lines;
  for (let at = 0; at < s.watched; at++) {
    set(s.reached, 2 * at, Infinity);
    set(s.reached, 2 * at + 1, -Infinity);
  }
  for (let shift = 0; shift < s.shifts; shift++) {
    startStream(changetype<StreamName>(s.name), s.purpose, shift);
    for (let k = 0; k < s.rank; k++) set(s.shift, k, uniform());
    memory.fill(s.residues, 0, <usize>s.rank << 3);
    let total: f64 = 0;
    startSilence();
    for (let i = 0; i < lines; i += 4) {
      project(s);
      if (s.watched > 0) watch(s, min(4, lines - i));
      for (let lane = 0; lane < min(4, lines - i); lane++) total += errorProbability(s, <usize>lane << 3);
    }
    set(s.means, shift, total / <f64>lines);
    set(s.zeros, shift, silence() / <f64>lines);
  }
}
