/** Laws of noise coordinates of unit variance that are not Gaussian. */
import type { Stream } from './random.ts';
import { shuffleHead } from './shuffle.ts';

/** The random scale sqrt((nu - 2) / chi²(nu)) of a multivariate t vector of unit variance. */
export const tScale = (nu: number, stream: Stream): number => Math.sqrt(nu - 2) / stream.chi(nu);

/** sqrt(3): half the width of a uniform law of unit variance. */
const HALF = 1.7320508075688772;

/** Laws of independent coordinates, by name: one draw of mean 0 and variance 1. */
export const COORDINATE_LAWS = {
  rademacher: (stream: Stream): number => (stream.uniform() < 0.5 ? -1 : 1),
  uniform: (stream: Stream): number => HALF * (2 * stream.uniform() - 1),
} as const satisfies Readonly<Record<string, (stream: Stream) => number>>;

/** Independent coordinates, which need explicit vectors: their law is not rotation invariant. */
export type CoordinateLaw = keyof typeof COORDINATE_LAWS;
/**
 * Of every noise: Gaussian, multivariate t (one random scale a vector), independent coordinates, or Gaussian on a
 * random support.
 */
export type NoiseLaw = 'gaussian' | 'student-t' | 'sparse' | CoordinateLaw;

/** Laws that are not rotation invariant: they need explicit vectors. */
export const hasOwnCoordinates = (law: NoiseLaw): law is CoordinateLaw | 'sparse' =>
  law === 'sparse' || law in COORDINATE_LAWS;

/**
 * Draws uniform subsets of the axes, one after the other, each from the order that the last one left.
 *
 * @param axes to choose from
 * @param size of a subset, an integer in [0, axes.length]
 */
export function subsetsOf(axes: readonly number[], size: number): (stream: Stream) => Int32Array {
  const order = Int32Array.from(axes);
  return (stream) => shuffleHead(order, size, stream);
}
