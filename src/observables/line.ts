/** A network's noise output along a line in the space of z, whatever its activation. */
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import type { Stretch } from './line-errors.ts';
import { PiecewiseLine } from './piecewise-line.ts';
import { PolynomialLine } from './polynomial-line.ts';
import { LineSilence } from './silence.ts';

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

/** Probabilities over t: of errors, f = 0 among them, and of f = 0. */
export interface Met {
  readonly wrong: number;
  readonly zero: number;
}

/** What the lines of one direction meet; heights of length filters, without the shifts. */
export interface Along {
  /** over all t and all atoms */
  whole(heights: Float64Array): Met;
  /** of this atom: low < t < high, and one of the two */
  part(heights: Float64Array, atom: OutputAtom, low: number, high: number): Met;
}

/** Along the direction with these slopes. @param law of t, the standard normal one when not said */
export type Lines = (slopes: Float64Array, law?: LineLaw) => Along;

/** Lines of a two-layer network. @throws RangeError where `lineOf` does */
export const twoLayerLines =
  (output: FreshOutput): Lines =>
  (slopes, law) => {
    const line = lineOf(output, slopes, law);
    const silence = new LineSilence(output, slopes, law?.stretch);
    return {
      whole: (heights) => ({ wrong: line.errorProbability(heights), zero: silence.probability(heights) }),
      part: (heights, atom, low, high) => ({
        wrong: line.atomErrorProbability(heights, atom, low, high),
        zero: silence.ofAtom(heights, atom, low, high),
      }),
    };
  };
