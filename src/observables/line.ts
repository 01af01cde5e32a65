/** A network's noise output along a line in the space of z, whatever its activation. */
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import { PiecewiseLine } from './piecewise-line.ts';
import { PolynomialLine } from './polynomial-line.ts';

/** sum_r a_r sigma(height_r + shift_r + t slope_r) as a function of t ~ N(0, 1). */
export interface Line {
  /** P over t and the atoms that label * f <= 0; heights of length filters */
  errorProbability(heights: Float64Array): number;
  /** P over t that low < t < high and this atom's label * f <= 0 */
  atomErrorProbability(heights: Float64Array, atom: OutputAtom, low: number, high: number): number;
}

/** @throws RangeError for the smoothed leaky ReLU */
export function lineOf(output: FreshOutput, slopes: Float64Array): Line {
  const { activation } = output;
  switch (activation.kind) {
    case 'piecewise-linear':
      return new PiecewiseLine(output, slopes, activation.leak);
    case 'power':
      return new PolynomialLine(output, slopes, activation.power);
    case 'smoothed-leaky':
      throw new RangeError('line sampling needs a piecewise-linear activation or a power of the ReLU');
  }
}
