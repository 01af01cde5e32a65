/**
 * Test error of a trained network, with a standard error and without test points in d dimensions.
 *
 * The signal's finitely many values and the label flip are never sampled: for flips that are symmetric and
 * independent of the input, error against noisy labels = p + (1 - 2p) * clean error. f = 0 is an error.
 */
import { Stream, type StreamKey } from '../core/random.ts';
import { latticeGenerator, type LatticeWeights } from '../core/lattice.ts';
import { meanAndSe, type Estimate } from '../core/statistics.ts';
import { normalQuantile } from '../core/special.ts';
import type { FreshLaw } from '../data/sample.ts';
import type { View } from '../dynamics/engine.ts';
import { activate, type Activation } from '../network/activation.ts';
import { adaptiveEstimate } from './adaptive.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';
import { lineMeans } from './lines-kernel.ts';
import { lineOf } from './line.ts';
import { sampleOtherNoise } from './other-noise.ts';
import { pointSums } from './points-kernel.ts';

export interface TestErrorParameters {
  /** lines: line sampling; points: plain Monte Carlo, the judge; auto: to the wanted precision, however rare */
  readonly estimator: 'lines' | 'points' | 'auto';
  /** lines per random shift, >= 1 */
  readonly lines: number;
  /** independent random shifts, >= 2 */
  readonly shifts: number;
  /** points of plain Monte Carlo, >= 2 */
  readonly points: number;
  /** wanted relative standard error of the clean error (estimator: auto), > 0 */
  readonly precision: number;
}

export interface TestError {
  /** error against the true label */
  readonly clean: number;
  readonly cleanSe: number;
  /** error against the observed label */
  readonly noisy: number;
  readonly noisySe: number;
}

/**
 * Noise that is not Gaussian is always sampled by points. @throws RangeError for `lines` with the smoothed leaky ReLU
 */
export function testError(
  view: View,
  activation: Activation,
  anchors: number,
  fresh: FreshLaw,
  parameters: TestErrorParameters,
  key: StreamKey,
): TestError {
  const output = freshOutput(view, activation, anchors, fresh);
  const { mean, se } = fresh.noise
    ? sampleOtherNoise(view, fresh, output, parameters.points, key)
    : estimate(output, parameters, key);
  return {
    clean: mean,
    cleanSe: se,
    noisy: fresh.flip + (1 - 2 * fresh.flip) * mean,
    noisySe: (1 - 2 * fresh.flip) * se,
  };
}

function estimate(output: FreshOutput, parameters: TestErrorParameters, key: StreamKey): Estimate {
  switch (parameters.estimator) {
    case 'lines':
      return estimateByLines(output, parameters, key);
    case 'points':
      return estimateByPoints(output, parameters.points, key);
    case 'auto':
      return adaptiveEstimate(output, parameters.precision, key, { lines: estimateByLines, points: estimateByPoints });
  }
}

/** Lines per shift, shifts, and the lattice's weights (decaying when not said). */
type LineSize = Pick<TestErrorParameters, 'lines' | 'shifts'> & { readonly weights?: LatticeWeights };

/** Line sampling in the kernel; outputs it does not take go through the plain program, to the same bits. */
export function estimateByLines(output: FreshOutput, parameters: LineSize, key: StreamKey): Estimate {
  const means = lineMeans(output, parameters, key);
  return means ? meanAndSe(means) : sampleLines(output, parameters, key);
}

/** Plain Monte Carlo in the kernel, or by the plain program, to the same bits. */
export function estimateByPoints(output: FreshOutput, points: number, key: StreamKey): Estimate {
  const sums = pointSums(output, points, key);
  return sums ? ofSums(sums.sum, sums.squares, points) : samplePoints(output, points, key);
}

/**
 * Plain Monte Carlo: `points` noise vectors, each seen with every signal atom. The reference of the kernel's
 * `pointSums`.
 */
export function samplePoints(output: FreshOutput, points: number, key: StreamKey): Estimate {
  const { filters, rank, l, outputWeights, activation, groups } = output;
  const stream = new Stream(key, 'test');
  const z = new Float64Array(rank);
  const noise = new Float64Array(2 * groups.length); // per group: even and odd filters
  let sum = 0;
  let squares = 0;
  for (let t = 0; t < points; t++) {
    for (let k = 0; k < rank; k++) z[k] = stream.normal();
    noise.fill(0);
    for (let r = 0; r < filters; r++) {
      let g = 0;
      for (let k = 0; k < Math.min(rank, r + 1); k++) g += l[r * rank + k]! * z[k]!;
      for (let group = 0; group < groups.length; group++)
        noise[2 * group + (r & 1)]! += outputWeights[r]! * activate(activation, g + groups[group]![r]!);
    }
    let wrong = 0;
    for (const atom of output.atoms)
      if (!(atom.label * (atom.fixed + (noise[2 * atom.group]! + noise[2 * atom.group + 1]!)) > 0))
        wrong += atom.probability;
    sum += wrong;
    squares += wrong * wrong;
  }
  return ofSums(sum, squares, points);
}

function ofSums(sum: number, squares: number, points: number): Estimate {
  const mean = sum / points;
  return { mean, se: Math.sqrt(Math.max(0, squares / points - mean * mean) / (points - 1)) };
}

/**
 * Line sampling: z = z_perp + t u with u along Lᵀa, the gradient of the output's linear part. Along u the output is
 * piecewise linear in t (a polynomial, for powers) with at most one kink a filter, so the error's probability given
 * z_perp is a sum of normal tails. z_perp comes from a randomly shifted lattice; independent shifts give the standard
 * error. The reference of the kernel's `lineMeans`.
 */
export function sampleLines(output: FreshOutput, { lines, shifts, weights }: LineSize, key: StreamKey): Estimate {
  const { filters, rank, l, outputWeights } = output;
  const u = new Float64Array(rank);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < Math.min(rank, r + 1); k++) u[k]! += outputWeights[r]! * l[r * rank + k]!;
  const norm = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
  if (norm > 0) for (let k = 0; k < rank; k++) u[k]! /= norm;
  else if (rank > 0) u[0] = 1; // no linear part (every weight zero, say): any direction serves
  const slopes = new Float64Array(filters);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < Math.min(rank, r + 1); k++) slopes[r]! += l[r * rank + k]! * u[k]!;

  const generator = latticeGenerator(lines, rank, weights);
  const z = new Float64Array(rank);
  const heights = new Float64Array(filters);
  const line = lineOf(output, slopes);
  const means: number[] = [];
  for (let shift = 0; shift < shifts; shift++) {
    const stream = new Stream(key, 'test', shift);
    const offset = Float64Array.from({ length: rank }, () => stream.uniform());
    let total = 0;
    for (let i = 0; i < lines; i++) {
      let along = 0;
      for (let k = 0; k < rank; k++) {
        const x = ((i * generator[k]!) % lines) / lines + offset[k]!;
        z[k] = normalQuantile(Math.max(x < 1 ? x : x - 1, 5.551115123125783e-17));
        along += z[k]! * u[k]!;
      }
      for (let k = 0; k < rank; k++) z[k]! -= along * u[k]!;
      for (let r = 0; r < filters; r++) {
        let g = 0;
        for (let k = 0; k < Math.min(rank, r + 1); k++) g += l[r * rank + k]! * z[k]!;
        heights[r] = g;
      }
      total += line.errorProbability(heights);
    }
    means.push(total / lines);
  }
  return meanAndSe(means);
}
