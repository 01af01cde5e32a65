/** Coordinates of unit variance that are not Gaussian. */
import type { Stream } from './random.ts';

/** The random scale sqrt((nu - 2) / chi²(nu)) of a multivariate t vector of unit variance. */
export const tScale = (nu: number, stream: Stream): number => Math.sqrt(nu - 2) / stream.chi(nu);

/** One coordinate of unit variance. */
export const productCoordinate = (law: 'rademacher' | 'uniform', stream: Stream): number =>
  law === 'rademacher' ? (stream.uniform() < 0.5 ? -1 : 1) : 1.7320508075688772 * (2 * stream.uniform() - 1); // sqrt(3)
