/**
 * What a sample itself is like, without any law behind it: how nearly orthogonal its points are, and by what margin a
 * hyperplane through the origin separates its classes. Exact but for rounding, so none has an interval of sampling.
 */
import { maxMargin } from '../core/max-margin.ts';

/** How near to orthogonal the points of a sample are, and whether its classes can be separated. */
export interface SampleGeometry {
  /** the smallest ‖x_i‖² */
  readonly least: number;
  /** the largest */
  readonly largest: number;
  /** largest |<x_i, x_j>|, i not j */
  readonly largestProduct: number;
  /**
   * n max |<x_i, x_j>| / min ‖x_i‖²: the assumption of nearly orthogonal data is that it is below a constant (as Frei et
   * al. 2023 are commonly cited); Infinity with a point at the origin
   */
  readonly overlap: number;
  readonly separation: Separation;
}

/** Whether a hyperplane through the origin separates the classes. */
export type Separation =
  | {
      readonly kind: 'separable';
      /** largest least distance of a point to the hyperplane, 1 / ‖w*‖, and what is certain of it, relatively */
      readonly margin: number;
      readonly gap: number;
      /** the same over the root mean square of ‖x_i‖ */
      readonly relativeMargin: number;
      /** points whose constraint is active */
      readonly supportVectors: number;
    }
  | { readonly kind: 'inseparable' }
  /** as far as rounding and the cap on iterations can tell */
  | { readonly kind: 'undecided' };

/**
 * Overlap and hard margin of a sample.
 *
 * @param inner <x_i, x_j> as the classifier sees them, n x n
 * @param labels in {-1, +1}, length n
 */
export function sampleGeometry(inner: Float64Array, labels: Float64Array): SampleGeometry {
  const n = labels.length;
  let least = Infinity;
  let largest = 0;
  let largestProduct = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const own = inner[i * n + i]!;
    total += own;
    least = Math.min(least, own);
    largest = Math.max(largest, own);
    for (let j = 0; j < i; j++) largestProduct = Math.max(largestProduct, Math.abs(inner[i * n + j]!));
  }
  const found = maxMargin(inner, labels);
  return {
    least,
    largest,
    largestProduct,
    overlap: least > 0 ? (n * largestProduct) / least : Infinity,
    separation:
      found.kind === 'separable'
        ? {
            kind: 'separable',
            margin: 1 / found.norm,
            gap: found.gap,
            relativeMargin: 1 / (found.norm * Math.sqrt(total / n)),
            supportVectors: found.alpha.reduce((count, a) => count + Number(a > 0), 0),
          }
        : { kind: found.kind },
  };
}
