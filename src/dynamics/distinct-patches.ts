/**
 * The patches of a sample without repetition.
 *
 * Two-patch data have n noises but only two signal patches, +mu and -mu, each shared by many samples. What a filter
 * sees of equal patches is equal, so pre-activations, slopes and their watch are kept once per distinct patch.
 */
import type { Sample } from '../data/sample.ts';

export interface DistinctPatches {
  /** number of distinct patches D, at most n * patches per sample */
  readonly count: number;
  /** distinct patch of each patch, length Q = n * patches per sample */
  readonly of: Int32Array;
  /** a patch that equals each distinct one, length D */
  readonly example: Int32Array;
  /** samples holding distinct patch p: holder[start[p] .. start[p + 1]], a sample once for every time it holds p */
  readonly start: Int32Array;
  readonly holder: Int32Array;
}

/** Patches are equal when they are written with the same terms. In order of first appearance. */
export function distinctPatches({ n, patches }: Sample): DistinctPatches {
  const Q = n * patches.perSample;
  const of = new Int32Array(Q);
  const seen = new Map<string, number>();
  const example: number[] = [];
  for (let q = 0; q < Q; q++) {
    let name = '';
    for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++) name += `${patches.anchor[t]!}:${patches.coefficient[t]!};`;
    let p = seen.get(name);
    if (p === undefined) {
      p = example.push(q) - 1;
      seen.set(name, p);
    }
    of[q] = p;
  }
  const start = new Int32Array(example.length + 1);
  for (const p of of) start[p + 1]!++;
  for (let p = 0; p < example.length; p++) start[p + 1]! += start[p]!;
  const holder = new Int32Array(Q);
  const next = start.slice();
  of.forEach((p, q) => (holder[next[p]!++] = Math.floor(q / patches.perSample)));
  return { count: example.length, of, example: Int32Array.from(example), start, holder };
}

/**
 * <x_p, x_q> over the distinct patches, plus 1 where the filters have a bias: D x D, symmetric.
 *
 * @param G Gram matrix of the anchors, K x K
 */
export function patchGram({ anchors: K, patches }: Sample, { count, example }: DistinctPatches, G: Float64Array, bias: boolean): Float64Array {
  const gram = new Float64Array(count * count);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = bias ? 1 : 0;
      for (let t = patches.start[example[p]!]!; t < patches.start[example[p]! + 1]!; t++) {
        for (let u = patches.start[example[q]!]!; u < patches.start[example[q]! + 1]!; u++) {
          sum += patches.coefficient[t]! * patches.coefficient[u]! * G[patches.anchor[t]! * K + patches.anchor[u]!]!;
        }
      }
      gram[p * count + q] = sum;
      gram[q * count + p] = sum;
    }
  }
  return gram;
}
