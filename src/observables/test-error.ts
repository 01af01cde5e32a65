/**
 * Test error of a trained network, with a standard error: by the law of a fresh point, without test points in d
 * dimensions, or on points that were held out.
 *
 * The signal's finitely many values and the label flip are never sampled. f = 0 is wrong for either label; for flips
 * that are symmetric and independent of the input, error against noisy labels = p + (1 - 2p) clean error + p P(f = 0).
 * Flips that lean on the noise are heard beside it, by points; those that lean on the class are in class-errors.ts.
 */
import { allFinite } from '../core/kernel-algebra.ts';
import type { StreamKey } from '../core/random.ts';
import type { Fresh, HeldOut } from '../data/sample.ts';
import type { TwoLayerView, View } from '../dynamics/engine.ts';
import type { Activation } from '../network/activation.ts';
import { adaptiveEstimate } from './adaptive.ts';
import { againstFlipped, type ErrorEstimate } from './error-estimate.ts';
import type { TestErrorParameters } from './estimator.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';
import { leaningError, leansOnNoise } from './leaning-points.ts';
import { estimateByLines } from './lines.ts';
import { sampleOtherNoise } from './other-noise.ts';
import { estimateByPoints, samplePoints } from './points.ts';
import { studentLines } from './student-lines.ts';

/** Probabilities over fresh points, each with the standard error of its estimate. */
export interface TestError {
  /** error against the true label */
  readonly clean: number;
  /** its standard error, 0 where it is exact */
  readonly cleanSe: number;
  /** error against the observed label */
  readonly noisy: number;
  /** its standard error, 0 where it is exact */
  readonly noisySe: number;
  /** P(f = 0), counted as wrong in both */
  readonly zero: number;
  /** noisy less the mean flip probability, where it does not follow from the others: flips that lean (core/flip-laws.ts) */
  readonly excess?: number;
}

/**
 * The test error of the state that a view shows.
 *
 * Noise that is not Gaussian is sampled by points; where it is Student's in one patch, also by lines. Held-out points
 * are counted, whatever the parameters: the share whose label and output differ in sign, with its binomial standard
 * error.
 *
 * @param anchors number of anchors K
 * @param key names the streams of shifts and points
 * @returns NaN throughout when a weight has left the floating-point range
 * @throws RangeError for `lines` with the smoothed leaky ReLU or independent coordinates, for `auto` with noise that is
 *   not Gaussian, for flips that lean on the noise with another estimator than `points`
 */
export function testError(
  view: TwoLayerView,
  activation: Activation,
  anchors: number,
  fresh: Fresh,
  parameters: TestErrorParameters,
  key: StreamKey,
): TestError {
  if (fresh.kind === 'points') return heldOutError(view, fresh);
  const output = freshOutput(view, activation, anchors, fresh);
  if (!inRange(output)) return NONE;
  const found = leansOnNoise(fresh)
    ? leaningError(view, fresh, output, parameters, key)
    : fresh.noise && !(fresh.noise.law === 'student-t' && parameters.estimator === 'lines' && fresh.noisy.length === 1)
      ? sampleOtherNoise(view, fresh, output, parameters.points, key)
      : estimate(output, parameters, key);
  const noisy = againstFlipped(found, fresh.flip);
  return {
    clean: found.mean,
    cleanSe: found.se,
    noisy: noisy.mean,
    noisySe: noisy.se,
    zero: found.zero?.mean ?? 0,
    ...(found.excess && { excess: found.excess.mean }),
  };
}

/**
 * Share of held-out points whose label and output differ in sign, f = 0 wrong, with its binomial standard error. Where
 * it is not known with which probability an observed label is wrong, labels are the observed ones, and both errors are
 * this one.
 *
 * @returns NaN throughout when an output has left the floating-point range
 */
export function heldOutError(view: View, points: HeldOut): TestError {
  const outputs = view.outputsAt(points);
  if (!allFinite(outputs)) return NONE;
  const { count, labels, flip } = points;
  const share = (is: (f: number, i: number) => boolean): number =>
    outputs.reduce((sum, f, i) => sum + (is(f, i) ? 1 : 0), 0) / count;
  const error = share((f, i) => !(labels[i]! * f > 0));
  const se = Math.sqrt((error * (1 - error)) / count);
  const zero = share((f) => f === 0);
  if (flip === undefined) return { clean: error, cleanSe: se, noisy: error, noisySe: se, zero };
  // A point of output 0 is a wrong one too.
  const spread = Math.sqrt(error * (1 - error) * zero * (1 - zero));
  const correlation = spread > 0 ? (zero * (1 - error)) / spread : 0;
  const zeroSe = Math.sqrt((zero * (1 - zero)) / count);
  const noisy = againstFlipped({ mean: error, se, zero: { mean: zero, se: zeroSe, correlation } }, flip);
  return { clean: error, cleanSe: se, noisy: noisy.mean, noisySe: noisy.se, zero };
}

/** Of a network that has left the floating-point range. */
export const NONE: TestError = { clean: NaN, cleanSe: NaN, noisy: NaN, noisySe: NaN, zero: NaN };

const inRange = ({ l, atoms, groups, outputWeights }: FreshOutput): boolean =>
  [l, outputWeights, ...groups].every((x) => allFinite(x)) && !atoms.some(({ fixed }) => Number.isNaN(fixed));

function estimate(output: FreshOutput, parameters: TestErrorParameters, key: StreamKey): ErrorEstimate {
  // No noise is heard: every point is like the first, and rounding is the only chance of an output near 0.
  if (output.l.every((x) => x === 0)) return samplePoints(output, 2, key);
  switch (parameters.estimator) {
    case 'lines':
      return output.noise ? studentLines(output, parameters, key) : estimateByLines(output, parameters, key);
    case 'points':
      return estimateByPoints(output, parameters.points, key);
    case 'auto':
      return adaptiveEstimate(output, parameters.precision, key, { lines: estimateByLines, points: estimateByPoints });
  }
}

/** Error against observed labels less p, which the difference of the two would round. */
export const excessOf = ({ clean, zero, excess }: TestError, p: number): number =>
  excess ?? (1 - 2 * p) * clean + (zero > 0 ? p * zero : 0);
