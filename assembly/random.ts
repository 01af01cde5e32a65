/**
 * Random streams: Philox4x32-10 turns a name into a state, xoshiro256++ runs from it, a ziggurat of 256 layers makes
 * normals. The numbers are those of src/core/random.ts, bit by bit; sources are named there.
 */
import { exp, log, normalTail } from './special';

let s0: u64 = 0;
let s1: u64 = 0;
let s2: u64 = 0;
let s3: u64 = 0;

/** Writes four words to `out` (u32 x 4). */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, out: usize): void {
  for (let round = 0; round < 10; round++) {
    const product0 = <u64>0xd2511f53 * <u64>c0;
    const product1 = <u64>0xcd9e8d57 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
    c3 = <u32>product0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

const words = memory.data(32);

/** What names a run's streams. */
@unmanaged
export class StreamName {
  seedLow: u32;
  seedHigh: u32;
  cellHigh: u32;
  cellLow: u32;
  replicate: u32;
}

/** Starts the stream of one purpose and index. */
export function startStream(name: StreamName, purpose: u32, index: u32): void {
  const last = (purpose << 24) | (index << 2);
  const k0 = name.seedLow;
  const k1 = name.seedHigh;
  const c0 = name.cellHigh;
  const c1 = name.cellLow;
  const c2 = name.replicate;
  philox(c0, c1, c2, last, k0, k1, words);
  philox(c0, c1, c2, last | 1, k0, k1, words + 16);
  // Each 64-bit word came high half first.
  s0 = rotl<u64>(load<u64>(words), 32);
  s1 = rotl<u64>(load<u64>(words, 8), 32);
  s2 = rotl<u64>(load<u64>(words, 16), 32);
  s3 = rotl<u64>(load<u64>(words, 24), 32);
}

/** 64 random bits. */
// @ts-ignore: decorator
@inline
function next(): u64 {
  const result = rotl<u64>(s0 + s3, 23) + s0;
  const t = s1 << 17;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = rotl<u64>(s3, 45);
  return result;
}

/** Uniform on [0, 1), a multiple of 2^-53. */
export function uniform(): f64 {
  return <f64>(next() >> 11) * 1.1102230246251565e-16;
}

const R: f64 = 3.6541528853610088;
/** Abscissae X[0..256] and densities F[0..256] of the layers; f64. */
const X = memory.data(257 * 8, 16);
const F = memory.data(257 * 8, 16);
let ready = false;

function density(x: f64): f64 {
  return exp(-0.5 * x * x);
}

/** Once for each instance. */
export function makeZiggurat(): void {
  if (ready) return;
  ready = true;
  const area = R * density(R) + 2.5066282746310002 * normalTail(R); // sqrt(2 pi) Q(R)
  store<f64>(X, area / density(R));
  store<f64>(X, R, 8);
  for (let i: usize = 2; i < 256; i++) {
    const before = load<f64>(X + ((i - 1) << 3));
    store<f64>(X + (i << 3), Math.sqrt(-2 * log(area / before + density(before))));
  }
  store<f64>(X, 0, 256 * 8);
  for (let i: usize = 0; i < 257; i++) store<f64>(F + (i << 3), density(load<f64>(X + (i << 3))));
}

/** The rare part of `normal`: layer and sign are drawn, x lies outside the layer's core. NaN: rejected. */
function wedgeOrTail(layer: usize, negative: bool, x: f64): f64 {
  if (layer == 0) {
    let a: f64;
    let b: f64;
    do {
      a = -log(1 - uniform()) / R;
      b = -log(1 - uniform());
    } while (b + b < a * a);
    return negative ? -R - a : R + a;
  }
  const f = load<f64>(F + (layer << 3));
  if (f + uniform() * (load<f64>(F + (layer << 3), 8) - f) < exp(-0.5 * x * x)) return negative ? -x : x;
  return NaN;
}

/** Standard normal. */
export function normal(): f64 {
  while (true) {
    const bits = next();
    const layer = <usize>(bits & 255);
    const x = <f64>(bits >> 11) * 1.1102230246251565e-16 * load<f64>(X + (layer << 3));
    // The sign without a branch: half of them would be guessed wrong.
    if (x < load<f64>(X + (layer << 3), 8)) return reinterpret<f64>(reinterpret<u64>(x) | ((bits & 256) << 55));
    const value = wedgeOrTail(layer, (bits & 256) != 0, x);
    if (value == value) return value;
  }
}

/** Chi variate with k degrees of freedom, k >= 1 an integer of any size. */
export function chi(k: f64): f64 {
  if (k == 1) return Math.abs(normal());
  const shape = k / 2 - 1.0 / 3.0;
  const c = 1 / Math.sqrt(9 * shape);
  while (true) {
    const x = normal();
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const u = 1 - uniform();
    if (log(u) < 0.5 * x * x + shape * (1 - v + log(v))) return Math.sqrt(2 * shape * v);
  }
}

/**
 * Rows of a Gaussian matrix in a frame adapted to it (src/core/rows.ts): row i has min(d, first + i) normals of the
 * stream (normals, i) and, where d is not reached, a chi(d - first - i) of the stream (chis, i); zeros after that.
 *
 * @param out f64, rows x stride
 */
export function gaussianRows(name: StreamName, normals: u32, chis: u32, rows: i32, first: f64, d: f64, scale: f64, stride: i32, out: usize): void {
  makeZiggurat();
  for (let i = 0; i < rows; i++) {
    startStream(name, normals, <u32>i);
    const taken = first + <f64>i;
    const dense = <usize>Math.min(d, taken);
    const end = out + (<usize>stride << 3);
    for (const last = out + (dense << 3); out < last; out += 8) store<f64>(out, scale * normal());
    if (taken < d) {
      startStream(name, chis, <u32>i);
      store<f64>(out, scale * chi(d - taken));
      out += 8;
    }
    memory.fill(out, 0, end - out);
    out = end;
  }
}
