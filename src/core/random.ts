/**
 * Counter-based random streams: Philox4x32-10 turns a key into a state, xoshiro256++ runs from it.
 *
 * A stream is named by (seed, cell, replicate, purpose, index); no stream ever depends on how many
 * numbers another one gave, so an added observable, axis or value moves no other draw.
 * Philox: Salmon, Moraes, Dror, Shaw, SC'11. xoshiro256++: Blackman, Vigna, ACM TOMS 47 (2021).
 */
import { exp, log, normalTail } from './special.ts';

/** What a stream is for. The numbers are part of the record format: never reuse or change one. */
export const PURPOSES = {
  'data/labels': 1,
  'data/flips': 2,
  'data/noise': 3,
  'data/chi': 4,
  'init/weights': 5,
  'init/chi': 6,
  'init/bias': 7,
  test: 8,
  'init/signs': 16,
  'data/scale': 20,
  'data/clusters': 21,
  'train/labels': 22,
  'train/batches': 24,
  'data/rows': 25,
  'data/border': 26,
  'data/targets': 30,
  /** for what a data model of one's own draws besides, apart from every other stream */
  'data/own': 23,
} as const;
export type Purpose = keyof typeof PURPOSES;

/** The run a stream belongs to. Under `coupling: common` the cell words are 0. */
export interface StreamKey {
  /** integer in [0, 2^53) */
  readonly seed: number;
  /** first 64 bits of the cell's hash, high word first */
  readonly cell: readonly [number, number];
  /** integer in [0, 2^32) */
  readonly replicate: number;
  /**
   * replicate of the purpose data/flips, where flips are drawn apart from the rest of the data; `replicate` when absent
   */
  readonly flips?: number;
}

/** Philox4x32-10. Counter: four 32-bit words, key: two; the result is written to `out` (4 words). */
export function philox(counter: readonly number[], key: readonly number[], out: Uint32Array): void {
  let c0 = counter[0]! | 0;
  let c1 = counter[1]! | 0;
  let c2 = counter[2]! | 0;
  let c3 = counter[3]! | 0;
  let k0 = key[0]! | 0;
  let k1 = key[1]! | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** High 32 bits of the 64-bit product of two unsigned 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536)) | 0;
}

// The 256-layer ziggurat of Marsaglia and Tsang (J. Stat. Softw. 5, 2000) in Doornik's form:
// X[1] = R, every layer has area V, X[0] = V / f(R) is the base strip's width.
const R = 3.6541528853610088;
const X = new Float64Array(257);
const F = new Float64Array(257);
{
  const density = (x: number): number => exp(-0.5 * x * x);
  const area = R * density(R) + 2.5066282746310002 * normalTail(R); // sqrt(2 pi) Q(R)
  X[0] = area / density(R);
  X[1] = R;
  for (let i = 2; i < 256; i++) X[i] = Math.sqrt(-2 * log(area / X[i - 1]! + density(X[i - 1]!)));
  X[256] = 0;
  for (let i = 0; i < 257; i++) F[i] = density(X[i]!);
}

const block = new Uint32Array(4);

/** One random stream; a pure function of its key, purpose and index. */
export class Stream {
  // The four 64-bit words of xoshiro256++, each as a high and a low half.
  private h0 = 0;
  private l0 = 0;
  private h1 = 0;
  private l1 = 0;
  private h2 = 0;
  private l2 = 0;
  private h3 = 0;
  private l3 = 0;
  /** high and low word of the last draw */
  private high = 0;
  private low = 0;

  /**
   * @param index which of the purpose's streams (row, unit, shift): integer in [0, 2^22)
   * @throws RangeError for a purpose that there is not
   */
  constructor(key: StreamKey, purpose: Purpose, index = 0) {
    if (PURPOSES[purpose] === undefined)
      throw new RangeError(`purpose: must be one of ${Object.keys(PURPOSES).join(', ')}, got ${String(purpose)}`);
    const philoxKey = [key.seed >>> 0, Math.floor(key.seed / 4294967296) >>> 0];
    const replicate = purpose === 'data/flips' ? (key.flips ?? key.replicate) : key.replicate;
    const counter = [key.cell[0], key.cell[1], replicate, (PURPOSES[purpose] << 24) | (index << 2)];
    philox(counter, philoxKey, block);
    [this.h0, this.l0, this.h1, this.l1] = [block[0]! | 0, block[1]! | 0, block[2]! | 0, block[3]! | 0];
    counter[3]! |= 1;
    philox(counter, philoxKey, block);
    [this.h2, this.l2, this.h3, this.l3] = [block[0]! | 0, block[1]! | 0, block[2]! | 0, block[3]! | 0];
  }

  /** Draws 64 bits into (high, low). */
  private next(): void {
    const { h0, l0, h3, l3 } = this;
    let { h1, l1, h2, l2 } = this;
    // result = rotl(s0 + s3, 23) + s0
    const sumLow = (l0 >>> 0) + (l3 >>> 0);
    const sumHigh = (h0 + h3 + (sumLow > 0xffffffff ? 1 : 0)) | 0;
    const sumLow32 = sumLow | 0;
    const rotatedHigh = (sumHigh << 23) | (sumLow32 >>> 9);
    const rotatedLow = (sumLow32 << 23) | (sumHigh >>> 9);
    const resultLow = (rotatedLow >>> 0) + (l0 >>> 0);
    this.high = (rotatedHigh + h0 + (resultLow > 0xffffffff ? 1 : 0)) | 0;
    this.low = resultLow | 0;
    // t = s1 << 17
    const tHigh = (h1 << 17) | (l1 >>> 15);
    const tLow = l1 << 17;
    h2 ^= h0;
    l2 ^= l0;
    const x3High = h3 ^ h1;
    const x3Low = l3 ^ l1;
    h1 ^= h2;
    l1 ^= l2;
    this.h0 = h0 ^ x3High;
    this.l0 = l0 ^ x3Low;
    this.h1 = h1;
    this.l1 = l1;
    this.h2 = h2 ^ tHigh;
    this.l2 = l2 ^ tLow;
    // s3 = rotl(s3, 45): by 32 (swap) and 13
    this.h3 = (x3Low << 13) | (x3High >>> 19);
    this.l3 = (x3High << 13) | (x3Low >>> 19);
  }

  /** 64 random bits as [high, low], both unsigned. */
  bits(): [number, number] {
    this.next();
    return [this.high >>> 0, this.low >>> 0];
  }

  /** Uniform on [0, 1), a multiple of 2^-53. */
  uniform(): number {
    this.next();
    return ((this.high >>> 0) * 2097152 + (this.low >>> 11)) * 1.1102230246251565e-16;
  }

  /** Standard normal (ziggurat, 256 layers, 53-bit abscissae). */
  normal(): number {
    for (;;) {
      this.next();
      const layer = this.low & 255;
      const negative = (this.low & 256) !== 0;
      const x = ((this.high >>> 0) * 2097152 + (this.low >>> 11)) * 1.1102230246251565e-16 * X[layer]!;
      if (x < X[layer + 1]!) return negative ? -x : x;
      if (layer === 0) {
        let a: number;
        let b: number;
        do {
          a = -log(1 - this.uniform()) / R;
          b = -log(1 - this.uniform());
        } while (b + b < a * a);
        return negative ? -R - a : R + a;
      }
      if (F[layer]! + this.uniform() * (F[layer + 1]! - F[layer]!) < exp(-0.5 * x * x)) return negative ? -x : x;
    }
  }

  /**
   * Chi variate with k degrees of freedom (the norm of k independent standard normals), k >= 1 an
   * integer of any size: Marsaglia and Tsang's gamma (ACM TOMS 26, 2000), |N| for k = 1.
   */
  chi(k: number): number {
    if (k === 1) return Math.abs(this.normal());
    const shape = k / 2 - 1 / 3;
    const c = 1 / Math.sqrt(9 * shape);
    for (;;) {
      const x = this.normal();
      const t = 1 + c * x;
      if (t <= 0) continue;
      const v = t * t * t;
      const u = 1 - this.uniform();
      if (log(u) < 0.5 * x * x + shape * (1 - v + log(v))) return Math.sqrt(2 * shape * v);
    }
  }

  /** Uniform integer in [0, count), count <= 2^32. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }
}
