/** What flips that lean (core/flip-laws.ts) lean on: the training noises as drawn, and the law of a fresh point. */
import { isLeaning, marginLean, normLean } from '../core/flip-laws.ts';
import type { StreamKey } from '../core/random.ts';
import { drawLabels, type FlipParameters } from './labels.ts';
import { rowProduct, type Noise } from './noise.ts';
import type { Leaning } from './sample.ts';

/**
 * Labels of samples with these noises, and what a fresh point's law says of their flips.
 *
 * @param each noises of a sample, neighbours: the adversary sees them one after the other as one vector
 * @param key names the streams
 */
export function labelsBeside(
  parameters: FlipParameters & { readonly n: number; readonly d: number },
  noise: Noise,
  key: StreamKey,
  each = 1,
): {
  readonly trueLabels: Float64Array;
  readonly labels: Float64Array;
  readonly flips: { readonly flip: number; readonly leaning?: Leaning };
} {
  const leaning = leaningOf(parameters, noise);
  const product = (i: number, j: number): number => {
    let sum = rowProduct(noise, i * each, j * each);
    for (let p = 1; p < each; p++) sum += rowProduct(noise, i * each + p, j * each + p);
    return sum;
  };
  const drawn = drawLabels(parameters.n, parameters, key, product, leansOf(leaning, noise));
  return { ...drawn, flips: { flip: parameters.flip, ...(leaning && { leaning }) } };
}

/** Of flips that lean; nothing of others. The signal lies along axis 0. */
function leaningOf(
  { flipLaw, flipTilt = 0, d }: { readonly flipLaw: string; readonly flipTilt?: number; readonly d: number },
  { fresh }: Noise,
): Leaning | undefined {
  if (!isLeaning(flipLaw)) return undefined;
  switch (flipLaw) {
    case 'by-class':
      return { by: 'class', tilt: flipTilt };
    case 'by-norm':
      return { by: 'norm', tilt: flipTilt, freedom: d - fresh.projectedAxes.length };
    case 'by-margin':
      return { by: 'margin', tilt: flipTilt, axis: 0 };
  }
}

/** e of the training samples, by place and true label; nothing for flips that do not lean. */
function leansOf(leaning: Leaning | undefined, { rows, used, fresh }: Noise): (i: number, y: number) => number {
  switch (leaning?.by) {
    case undefined:
      return () => 0;
    case 'class':
      return (_, y) => y;
    case 'norm':
      return (i) => {
        let square = 0;
        for (let k = i * used; k < (i + 1) * used; k++) square += (rows[k]! / fresh.sigma) ** 2;
        return normLean(leaning.freedom, square);
      };
    case 'margin':
      return (i, y) => marginLean((y * rows[i * used + leaning.axis]!) / fresh.sigma);
  }
}
