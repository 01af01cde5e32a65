/** A network's noise output along a line in the space of z, whatever its activation. */
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import type { Stretch } from './line-errors.ts';
import { PiecewiseLine } from './piecewise-line.ts';
import { PolynomialLine } from './polynomial-line.ts';

/** sum_r a_r sigma(height_r + shift_r + t slope_r) as a function of t. */
export interface Line {
  /** P over t and the atoms that label * f <= 0; heights of length filters */
  errorProbability(heights: Float64Array): number;
  /** P over t that low < t < high and this atom's label * f <= 0 */
  atomErrorProbability(heights: Float64Array, atom: OutputAtom, low: number, high: number): number;
}

/** The law of t: the chance of a stretch, and a distance beyond which it never comes. */
export interface LineLaw {
  readonly stretch: Stretch;
  readonly end: number;
}

/**
 * @param law of t, the standard normal one when not said
 * @throws RangeError for the smoothed leaky ReLU and for a user's activation
 */
export function lineOf(output: FreshOutput, slopes: Float64Array, law?: LineLaw): Line {
  const { activation } = output;
  switch (activation.kind) {
    case 'piecewise-linear':
      return new PiecewiseLine(output, slopes, activation.leak, law?.stretch);
    case 'power':
      return new PolynomialLine(output, slopes, activation.power, law?.stretch, law?.end);
    case 'smoothed-leaky':
    case 'own':
      throw new RangeError('line sampling needs a piecewise-linear activation or a power of the ReLU');
  }
}
