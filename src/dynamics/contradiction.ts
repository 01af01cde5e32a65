/** Samples that no network can fit. */
import { observedLabels, patchVector, type Sample } from '../data/sample.ts';

/**
 * The first pair of samples with equal patches and other labels, which no function of the input can fit; null when
 * there is none. Patches are compared in any order, or as they stand (`ordered`: for networks that tell patches apart).
 */
export function contradiction(sample: Sample, ordered = false): [number, number] | null {
  const labels = observedLabels(sample);
  const patchesOf = ordered ? patchVectors : sortedPatches;
  // Equal inputs have equal norms: only samples of one norm are compared coordinate by coordinate.
  const byNorm = new Map<number, number[]>();
  for (let j = 0; j < sample.n; j++) {
    const patches = patchesOf(sample, j);
    const norm = patches.reduce((sum, patch) => patch.reduce((inner, x) => inner + x * x, sum), 0);
    const same = byNorm.get(norm) ?? [];
    for (const i of same) {
      if (labels[i] === labels[j]) continue;
      if (patchesOf(sample, i).every((patch, s) => patch.every((x, k) => x === patches[s]![k]))) return [i, j];
    }
    byNorm.set(norm, [...same, j]);
  }
  return null;
}

const patchVectors = (sample: Sample, i: number): Float64Array[] =>
  Array.from({ length: sample.patches.perSample }, (_, s) => patchVector(sample, i, s));

/** The patches of a sample in lexicographic order: their order does not matter to a network with shared filters. */
function sortedPatches(sample: Sample, i: number): Float64Array[] {
  return patchVectors(sample, i).sort((a, b) => {
    const k = a.findIndex((x, at) => x !== b[at]);
    return k < 0 ? 0 : a[k]! - b[k]!;
  });
}
