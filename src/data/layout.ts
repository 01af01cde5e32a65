/**
 * A point of a data set as patches: one vector; squares of an image, shared by the filters; an image's middle and its
 * border with noise (Huang et al. 2025, G.2); or the point and a patch of pure noise (the shape of Kou et al. with a real
 * signal), which may have more coordinates than the point, whose others are 0 then.
 */
import type { Stream } from '../core/random.ts';
import { messages, UserError } from '../errors.ts';

export interface LayoutParameters {
  readonly layout: 'vector' | 'squares' | 'noisy-border' | 'noise-patch';
  /** of a square patch in pixels, for `squares`: it divides height and width */
  readonly side: number;
  /** width of the border in pixels, for `noisy-border`: below half of height and width */
  readonly border: number;
  /** standard deviation of the added noise, one coordinate, for `noisy-border` and `noise-patch`: >= 0 */
  readonly sigmaP: number;
  /** of a patch, for `noise-patch`, where it is larger than the point; left out, and else: as data and layout have it */
  readonly d?: number;
}

/** How points of one shape become patches. */
export interface Laid {
  /** P, patches of a point */
  readonly perSample: number;
  /** d, coordinates of a patch */
  readonly dimension: number;
  /**
   * Writes the patches of a point.
   *
   * @param point its numbers, last index of its shape fastest
   * @param out length perSample * dimension, zeros
   * @param noise the point's stream, asked for where noise is added
   */
  lay(point: Float64Array, out: Float64Array, noise: () => Stream): void;
}

/**
 * Patches of points of a shape: [28, 28], [3, 32, 32] (channels first), or [columns].
 *
 * @throws UserError for a layout of images where points are none, and for sizes that do not fit
 */
export function patchesOf(shape: readonly number[], { layout, side, border, sigmaP, d = 0 }: LayoutParameters): Laid {
  const size = shape.reduce((product, one) => product * one, 1);
  if (layout === 'vector') return { perSample: 1, dimension: size, lay: (point, out) => out.set(point) };
  if (layout === 'noise-patch') {
    const dimension = Math.max(size, d);
    return {
      perSample: 2,
      dimension,
      lay(point, out, noise) {
        out.set(point);
        const stream = noise();
        for (let k = 0; k < dimension; k++) out[dimension + k] = sigmaP * stream.normal();
      },
    };
  }
  if (shape.length !== 2 && shape.length !== 3) throw new UserError(messages.layoutNeedsImages(layout, shape));
  const [height, width] = shape.slice(-2) as [number, number];
  const channels = shape.length === 3 ? shape[0]! : 1;
  if (layout === 'squares') {
    if (height % side !== 0 || width % side !== 0) throw new UserError(messages.squaresDoNotFit(side, height, width));
    const [down, across] = [height / side, width / side];
    return {
      perSample: down * across,
      dimension: channels * side * side,
      lay(point, out) {
        let to = 0;
        for (let row = 0; row < down; row++)
          for (let column = 0; column < across; column++)
            for (let c = 0; c < channels; c++)
              for (let y = 0; y < side; y++)
                for (let x = 0; x < side; x++)
                  out[to++] = point[(c * height + row * side + y) * width + column * side + x]!;
      },
    };
  }
  if (2 * border >= Math.min(height, width)) throw new UserError(messages.borderTooWide(border, height, width));
  const inMiddle = (place: number): boolean => {
    const [y, x] = [Math.floor(place / width) % height, place % width];
    return y >= border && y < height - border && x >= border && x < width - border;
  };
  return {
    perSample: 2,
    dimension: size,
    lay(point, out, noise) {
      const stream = noise();
      for (let k = 0; k < size; k++)
        if (inMiddle(k)) out[k] = point[k]!;
        else out[size + k] = point[k]! + sigmaP * stream.normal();
    },
  };
}
