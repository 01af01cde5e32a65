/** What flips that lean (core/flip-laws.ts) lean on: the training noises as drawn, and the law of a fresh point. */
import { isLeaning, marginLean, normLean } from '../core/flip-laws.ts';
import type { Noise } from './noise.ts';
import type { Leaning } from './sample.ts';

/** What a fresh point's law says of flips that lean; nothing of others. @param axis the signal's, where there is one */
export function leaningOf(
  { flipLaw, flipTilt = 0, d }: { readonly flipLaw: string; readonly flipTilt?: number; readonly d: number },
  { fresh }: Noise,
  axis = 0,
): { readonly leaning?: Leaning } {
  if (!isLeaning(flipLaw)) return {};
  switch (flipLaw) {
    case 'by-class':
      return { leaning: { by: 'class', tilt: flipTilt } };
    case 'by-norm':
      return { leaning: { by: 'norm', tilt: flipTilt, freedom: d - fresh.projectedAxes.length } };
    case 'by-margin':
      return { leaning: { by: 'margin', tilt: flipTilt, axis } };
  }
}

/** e of the training samples, by place and true label; nothing for flips that do not lean. */
export function leansOf(leaning: Leaning | undefined, { rows, used, fresh }: Noise): (i: number, y: number) => number {
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
