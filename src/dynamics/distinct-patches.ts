/**
 * The patches of a sample without repetition.
 *
 * Two-patch data have n noises but only two signal patches, +mu and -mu, each shared by many samples. What a filter
 * sees of equal patches is equal, so pre-activations, slopes and their watch are kept once per distinct patch.
 */
import type { Patches, Sample } from '../data/sample.ts';

export interface DistinctPatches {
  /** number of distinct patches D, at most n * patches per sample */
  readonly count: number;
  /** distinct patch of each patch, length Q = n * patches per sample */
  readonly of: Int32Array;
  /** their terms in compressed rows, as in Patches: start (length D + 1), anchor, coefficient */
  readonly termStart: Int32Array;
  readonly termAnchor: Int32Array;
  readonly termCoefficient: Float64Array;
  /** samples holding distinct patch p: holder[start[p] .. start[p + 1]], a sample once for every time it holds p */
  readonly start: Int32Array;
  readonly holder: Int32Array;
}

/** Patches are equal when they are written with the same terms. In order of first appearance. */
export function distinctPatches({ n, anchors: K, patches }: Sample): DistinctPatches {
  const { perSample, start: firstTerm, anchor, coefficient } = patches;
  const Q = n * perSample;
  const of = new Int32Array(Q);
  /** a patch that equals each distinct one */
  const example = new Int32Array(Q);
  // Distinct patches with the same last anchor, as linked lists: signals come first in a patch, and many share them.
  const head = new Int32Array(K + 1).fill(-1);
  const after = new Int32Array(Q);
  let count = 0;
  let terms = 0;
  for (let q = 0; q < Q; q++) {
    const end = firstTerm[q + 1]!;
    const last = end > firstTerm[q]! ? anchor[end - 1]! : K;
    let p = head[last]!;
    while (p >= 0 && !equal(patches, example[p]!, q)) p = after[p]!;
    if (p < 0) {
      p = count++;
      example[p] = q;
      after[p] = head[last]!;
      head[last] = p;
      terms += end - firstTerm[q]!;
    }
    of[q] = p;
  }
  const start = new Int32Array(count + 1);
  for (let q = 0; q < Q; q++) start[of[q]! + 1]!++;
  for (let p = 0; p < count; p++) start[p + 1]! += start[p]!;
  const holder = new Int32Array(Q);
  const next = start.slice();
  for (let i = 0, q = 0; i < n; i++) for (let k = 0; k < perSample; k++) holder[next[of[q++]!]!++] = i;
  const termStart = new Int32Array(count + 1);
  const termAnchor = new Int32Array(terms);
  const termCoefficient = new Float64Array(terms);
  for (let p = 0, at = 0; p < count; p++) {
    for (let t = firstTerm[example[p]!]!; t < firstTerm[example[p]! + 1]!; t++, at++) {
      termAnchor[at] = anchor[t]!;
      termCoefficient[at] = coefficient[t]!;
    }
    termStart[p + 1] = at;
  }
  return { count, of, termStart, termAnchor, termCoefficient, start, holder };
}

/** The same terms in the same order. */
function equal({ start, anchor, coefficient }: Patches, p: number, q: number): boolean {
  const terms = start[p + 1]! - start[p]!;
  if (start[q + 1]! - start[q]! !== terms) return false;
  for (let t = 0; t < terms; t++)
    if (anchor[start[p]! + t] !== anchor[start[q]! + t] || coefficient[start[p]! + t] !== coefficient[start[q]! + t])
      return false;
  return true;
}

/**
 * <x_p, x_q> over the distinct patches, plus 1 where the filters have a bias: D x D, symmetric.
 *
 * @param K number of anchors
 * @param G their Gram matrix, K x K
 */
export function patchGram(
  K: number,
  { count, termStart, termAnchor, termCoefficient }: DistinctPatches,
  G: Float64Array,
  bias: boolean,
): Float64Array {
  const gram = new Float64Array(count * count);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = bias ? 1 : 0;
      for (let t = termStart[p]!; t < termStart[p + 1]!; t++) {
        for (let u = termStart[q]!; u < termStart[q + 1]!; u++)
          sum += termCoefficient[t]! * termCoefficient[u]! * G[termAnchor[t]! * K + termAnchor[u]!]!;
      }
      gram[p * count + q] = sum;
      gram[q * count + p] = sum;
    }
  }
  return gram;
}
