import type { Sample } from '../data/sample.ts';

/** Terms by anchor; those of one anchor in the order of the patches. */
export function termsByAnchor(
  { start, anchor, coefficient }: Sample['patches'],
  anchors: number,
): { start: Int32Array; patch: Int32Array; coefficient: Float64Array } {
  const first = new Int32Array(anchors + 1);
  for (const k of anchor) first[k + 1]!++;
  for (let k = 0; k < anchors; k++) first[k + 1]! += first[k]!;
  const free = first.slice();
  const patch = new Int32Array(anchor.length);
  const sorted = new Float64Array(anchor.length);
  for (let q = 0; q + 1 < start.length; q++) {
    for (let t = start[q]!; t < start[q + 1]!; t++) {
      const at = free[anchor[t]!]!++;
      patch[at] = q;
      sorted[at] = coefficient[t]!;
    }
  }
  return { start: first, patch, coefficient: sorted };
}
