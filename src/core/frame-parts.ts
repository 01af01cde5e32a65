/** Subspaces that a frame respects: each axis lies in one of them. */

/** Orthogonal subspaces that add up to the space; inside each the directions without an axis are alike. */
export interface FrameParts {
  /** of each part, >= 1 */
  readonly dimensions: ArrayLike<number>;
  /** the part of each axis in use, length frame.used */
  readonly of: ArrayLike<number>;
}

/** Dimensions of each part that no axis takes. */
export function freeIn({ dimensions, of }: FrameParts): Float64Array {
  const free = Float64Array.from(dimensions);
  for (let k = 0; k < of.length; k++) free[of[k]!]!--;
  return free;
}

/**
 * The part of each column of initial weights: the axes in use, then part after part the axes that the filters claim, one
 * a filter until the part has no more.
 */
export function columnParts(parts: FrameParts, filters: number): Int32Array {
  const out = Array.from(parts.of);
  freeIn(parts).forEach((free, part) => {
    for (let k = 0; k < Math.min(free, filters); k++) out.push(part);
  });
  return Int32Array.from(out);
}
