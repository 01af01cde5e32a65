/**
 * Test error of a trained network, with a standard error and without test points in d dimensions.
 *
 * The signal's finitely many values and the label flip are never sampled: for flips that are symmetric and
 * independent of the input, error against noisy labels = p + (1 - 2p) * clean error. f = 0 is an error.
 */
import { Stream, type StreamKey } from '../core/random.ts';
import { latticeGenerator } from '../core/lattice.ts';
import { meanAndSe, type Estimate } from '../core/statistics.ts';
import { normalQuantile, normalTail } from '../core/special.ts';
import type { FreshLaw } from '../data/sample.ts';
import type { View } from '../dynamics/engine.ts';
import { activate, type Activation } from '../network/activation.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';
import { lineMeans } from './lines-kernel.ts';

export interface TestErrorParameters {
  /** lines: line sampling (piecewise-linear activations); points: plain Monte Carlo, the judge */
  readonly estimator: 'lines' | 'points';
  /** lines per random shift, >= 1 */
  readonly lines: number;
  /** independent random shifts, >= 2 */
  readonly shifts: number;
  /** points of plain Monte Carlo, >= 2 */
  readonly points: number;
}

export interface TestError {
  /** error against the true label */
  readonly clean: number;
  readonly cleanSe: number;
  /** error against the observed label */
  readonly noisy: number;
  readonly noisySe: number;
}

/** @throws RangeError for `lines` with an activation that is not piecewise linear */
export function testError(view: View, activation: Activation, anchors: number, fresh: FreshLaw, parameters: TestErrorParameters, key: StreamKey): TestError {
  const output = freshOutput(view, activation, anchors, fresh);
  const { mean, se } = parameters.estimator === 'lines' ? estimateByLines(output, parameters, key) : samplePoints(output, parameters.points, key);
  return { clean: mean, cleanSe: se, noisy: fresh.flip + (1 - 2 * fresh.flip) * mean, noisySe: (1 - 2 * fresh.flip) * se };
}

function estimateByLines(output: FreshOutput, parameters: TestErrorParameters, key: StreamKey): Estimate {
  const means = lineMeans(output, parameters, key);
  return means ? meanAndSe(means) : sampleLines(output, parameters, key);
}

/** Plain Monte Carlo: `points` noise vectors, each seen with every signal atom. */
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
      for (let group = 0; group < groups.length; group++) noise[2 * group + (r & 1)]! += outputWeights[r]! * activate(activation, g + groups[group]![r]!);
    }
    let wrong = 0;
    for (const atom of output.atoms) if (!(atom.label * (atom.fixed + (noise[2 * atom.group]! + noise[2 * atom.group + 1]!)) > 0)) wrong += atom.probability;
    sum += wrong;
    squares += wrong * wrong;
  }
  const mean = sum / points;
  return { mean, se: Math.sqrt(Math.max(0, squares / points - mean * mean) / (points - 1)) };
}

/**
 * Line sampling: z = z_perp + t u with u along Lᵀa, the gradient of the output's linear part. Along u the output is
 * piecewise linear in t with at most one kink a filter, so the error's probability given z_perp is a sum of normal
 * tails. z_perp comes from a randomly shifted lattice; independent shifts give the standard error. The reference of the kernel's `lineMeans`.
 */
export function sampleLines(output: FreshOutput, { lines, shifts }: Pick<TestErrorParameters, 'lines' | 'shifts'>, key: StreamKey): Estimate {
  const { filters, rank, l, outputWeights, activation } = output;
  if (activation.kind !== 'piecewise-linear') throw new RangeError('line sampling needs a piecewise-linear activation');
  const { leak } = activation;
  const u = new Float64Array(rank);
  for (let r = 0; r < filters; r++) for (let k = 0; k < Math.min(rank, r + 1); k++) u[k]! += outputWeights[r]! * l[r * rank + k]!;
  const norm = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
  if (norm > 0) for (let k = 0; k < rank; k++) u[k]! /= norm;
  else if (rank > 0) u[0] = 1; // no linear part (every weight zero, say): any direction serves
  const slopes = new Float64Array(filters);
  for (let r = 0; r < filters; r++) for (let k = 0; k < Math.min(rank, r + 1); k++) slopes[r]! += l[r * rank + k]! * u[k]!;

  const generator = latticeGenerator(lines, rank);
  const z = new Float64Array(rank);
  const heights = new Float64Array(filters);
  const line = new PiecewiseLine(output, slopes, leak);
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

/** sum_r a_r sigma(height_r + shift_r + t slope_r) as a function of t, against every atom's signal. */
class PiecewiseLine {
  private readonly heights: Float64Array;
  private readonly kinks: Float64Array;
  private readonly order: Int32Array;
  private readonly output: FreshOutput;
  private readonly slopes: Float64Array;
  private readonly leak: number;

  constructor(output: FreshOutput, slopes: Float64Array, leak: number) {
    this.output = output;
    this.slopes = slopes;
    this.leak = leak;
    this.heights = new Float64Array(output.filters);
    this.kinks = new Float64Array(output.filters);
    this.order = new Int32Array(output.filters);
  }

  /** P over t ~ N(0, 1) and the atoms that label * f <= 0. */
  errorProbability(heights: Float64Array): number {
    let probability = 0;
    for (let group = 0; group < this.output.groups.length; group++) {
      const shift = this.output.groups[group]!;
      for (let r = 0; r < heights.length; r++) this.heights[r] = heights[r]! + shift[r]!;
      const finite = this.sortKinks();
      for (const atom of this.output.atoms) if (atom.group === group) probability += atom.probability * this.walk(atom.label, atom.fixed, finite);
    }
    return probability;
  }

  /** Orders the filters with a slope by their kinks (ties by index); returns how many there are. */
  private sortKinks(): number {
    const { kinks, order, slopes, heights } = this;
    let count = 0;
    for (let r = 0; r < slopes.length; r++) {
      if (slopes[r] === 0) continue;
      const kink = -heights[r]! / slopes[r]!;
      kinks[r] = kink;
      let at = count++;
      if (slopes.length > 64) order[at] = r;
      else {
        for (; at > 0 && kinks[order[at - 1]!]! > kink; at--) order[at] = order[at - 1]!;
        order[at] = r;
      }
    }
    if (slopes.length > 64) order.subarray(0, count).sort((i, j) => kinks[i]! - kinks[j]! || i - j);
    return count;
  }

  /** P(label * (fixed + noise(t)) <= 0): walks the segments from t = -infinity and adds up the intervals in error. */
  private walk(label: number, fixed: number, finite: number): number {
    const { output, slopes, heights, kinks, order, leak } = this;
    const a = output.outputWeights;
    // noise(t) = leak (A + B t) over all filters + (1 - leak) (A + B t) over the active ones
    let allHeight = 0;
    let allSlope = 0;
    let activeHeight = 0;
    let activeSlope = 0;
    let active = 0;
    for (let r = 0; r < slopes.length; r++) {
      allHeight += a[r]! * heights[r]!;
      allSlope += a[r]! * slopes[r]!;
      if (slopes[r]! < 0 || (slopes[r] === 0 && heights[r]! > 0)) {
        activeHeight += a[r]! * heights[r]!;
        activeSlope += a[r]! * slopes[r]!;
        active++;
      }
    }
    let probability = 0;
    let entered = -Infinity;
    let height = 0;
    let slope = 0;
    let inError = false;
    for (let at = 0; at <= finite; at++) {
      if (at > 0) {
        const r = order[at - 1]!;
        const sign = slopes[r]! > 0 ? 1 : -1;
        active += sign;
        activeHeight += sign * a[r]! * heights[r]!;
        activeSlope += sign * a[r]! * slopes[r]!;
        if (active === 0) activeHeight = activeSlope = 0; // constant by count, not by a rounded slope
      }
      height = label * (fixed + leak * allHeight + (1 - leak) * activeHeight);
      slope = label * (leak * allSlope + (1 - leak) * activeSlope);
      if (at === 0) inError = slope > 0 || (slope === 0 && height <= 0);
      const end = at < finite ? kinks[order[at]!]! : Infinity;
      const errorAtEnd = end === Infinity ? slope < 0 || (slope === 0 && height <= 0) : height + slope * end <= 0;
      if (errorAtEnd === inError) continue;
      const start = at > 0 ? kinks[order[at - 1]!]! : -Infinity;
      const root = slope === 0 ? start : Math.min(end, Math.max(start, -height / slope));
      if (errorAtEnd) entered = root;
      else probability += intervalProbability(entered, root);
      inError = errorAtEnd;
    }
    return inError ? probability + intervalProbability(entered, Infinity) : probability;
  }
}

/** P(low < Z < high) as a difference of survival functions on the side where both are small. */
function intervalProbability(low: number, high: number): number {
  if (low >= 0) return normalTail(low) - normalTail(high);
  if (high <= 0) return normalTail(-high) - normalTail(-low);
  return 1 - normalTail(high) - normalTail(-low);
}
