/**
 * Test error of a deep network, free of d: whatever stands above the filters, their products with a fresh point's noise
 * are those of a two-layer network, an exact Gaussian vector under Gaussian noise. The signal's values and the label
 * flip are never sampled. By plain Monte Carlo, or by lines, along which the output is piecewise linear.
 */
import { allFinite } from '../core/kernel-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { timesPower2 } from '../core/scale.ts';
import type { FreshLaw } from '../data/sample.ts';
import type { LayeredView, Problem, StackView } from '../dynamics/engine.ts';
import { DeepLine } from './deep-line.ts';
import { asFilters, deepOutput } from './deep-output.ts';
import { againstFlipped, estimateOf, type ErrorEstimate } from './error-estimate.ts';
import type { TestErrorParameters } from './estimator.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';
import type { Lines } from './line.ts';
import { estimateAlong } from './lines.ts';
import { otherDraws } from './other-noise.ts';
import { leaningDraws, leansOnNoise, onlyPoints } from './leaning-points.ts';
import { estimateOfSums, gaussianDraws, type Weighing } from './points.ts';
import { studentSums } from './student-lines.ts';
import { heldOutError, NONE, type TestError } from './test-error.ts';

/** Patches that go up the layers at once. */
const AT_ONCE = 1024;

/**
 * Noise that is not Gaussian is sampled by points; where it is Student's in one patch, also by lines. Held-out points
 * are counted as they are.
 *
 * @param key names the streams of shifts and points
 * @returns NaN throughout when a weight has left the floating-point range
 * @throws RangeError for `auto`, and for `lines` with an activation that is not piecewise linear
 */
export function deepTestError(
  view: LayeredView,
  stack: StackView,
  problem: Problem,
  parameters: TestErrorParameters,
  key: StreamKey,
): TestError {
  const { fresh } = problem.sample;
  if (fresh.kind === 'points') return heldOutError(view, fresh);
  const sound =
    allFinite(stack.outputWeights) &&
    stack.layers.every(({ weights, bias }) => allFinite(weights()) && allFinite(bias));
  if (!sound) return NONE;
  const found = estimate(stack, problem, fresh, parameters, key);
  if (Number.isNaN(found.mean)) return NONE;
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

function estimate(
  stack: StackView,
  problem: Problem,
  fresh: FreshLaw,
  { estimator, points, lines, shifts }: TestErrorParameters,
  key: StreamKey,
): ErrorEstimate {
  if (estimator === 'auto') throw new RangeError('deep networks have no estimator to a wanted precision');
  const filters = asFilters(stack);
  const output = freshOutput(filters, problem.network.activation, problem.sample.anchors, fresh);
  // No noise is heard: every point is like the first.
  const silent = output.l.every((x) => x === 0);
  const leans = !silent && leansOnNoise(fresh);
  if (leans) onlyPoints(fresh, estimator);
  const byLines = estimator === 'lines' && !silent;
  if (byLines && (!fresh.noise || (fresh.noise.law === 'student-t' && fresh.noisy.length === 1))) {
    const deep = deepOutput(stack, problem, fresh);
    const along: Lines = (slopes, law) => new DeepLine(deep, slopes, law);
    if (!fresh.noise) return estimateAlong(deep.heights, { lines, shifts }, key, along);
    const { wrong, zero } = studentSums(deep.heights, { lines, shifts }, key, along);
    return estimateOf(wrong, zero);
  }
  const stream = new Stream(key, 'test');
  if (leans) {
    const { draw, weigh } = leaningDraws(filters, fresh, output, stream);
    return count(stack, problem, fresh, output, points, draw, weigh);
  }
  const draw = fresh.noise ? otherDraws(filters, fresh, output, stream) : gaussianDraws(output, stream);
  return count(stack, problem, fresh, output, silent ? 2 : points, draw);
}

/** @param draw writes the noise's products with the filters, noisy patch after noisy patch, in the units of `output` */
function count(
  { layers, products, outputsOf }: StackView,
  { sample: { anchors: K, patches } }: Problem,
  { atoms, noisy }: FreshLaw,
  output: FreshOutput,
  points: number,
  draw: (g: Float64Array) => number | void,
  weigh?: Weighing,
): ErrorEstimate {
  const { bias } = layers[0]!;
  const R = bias.length;
  const P = patches.perSample;
  const all = products();
  // What every atom has in every patch without its noise, R x (atoms x P).
  const still = new Float64Array(R * atoms.length * P);
  atoms.forEach((atom, a) =>
    atom.patches.forEach((terms, s) => {
      for (let r = 0; r < R; r++) {
        let sum = bias[r]!;
        for (const [k, c] of terms) sum += c * all[r * K + k]!;
        still[(r * atoms.length + a) * P + s] = sum;
      }
    }),
  );
  const unit = output.units!.heights;
  const g = new Float64Array(output.filters);
  const seen = new Float64Array(AT_ONCE);
  const width = atoms.length * P;
  const most = Math.max(1, Math.floor(AT_ONCE / width));
  const sums = { wrong: 0, wrongSquares: 0, zero: 0, zeroSquares: 0, products: 0 };
  for (let from = 0; from < points; from += most) {
    const some = Math.min(most, points - from);
    const columns = some * width;
    const h = new Float64Array(R * columns);
    for (let t = 0; t < some; t++) {
      seen[t] = draw(g) as number;
      for (let r = 0; r < R; r++) {
        const at = r * columns + t * width;
        h.set(still.subarray(r * width, (r + 1) * width), at);
        noisy.forEach(({ patch }, p) => {
          const noise = timesPower2(g[p * R + r]!, unit);
          for (let a = 0; a < atoms.length; a++) h[at + a * P + patch]! += noise;
        });
      }
    }
    const f = outputsOf(h, some * atoms.length);
    for (let t = 0; t < some; t++) {
      let wrong = 0;
      let zero = 0;
      atoms.forEach((atom, a) => {
        const { probability, label } = atom;
        const value = f[t * atoms.length + a]!;
        if (!(label * value > 0)) wrong += probability;
        if (value === 0) zero += probability;
        weigh?.see(atom, value, seen[t]!);
      });
      weigh?.next();
      sums.wrong += wrong;
      sums.wrongSquares += wrong * wrong;
      sums.zero += zero;
      sums.zeroSquares += zero * zero;
      sums.products += wrong * zero;
    }
  }
  return { ...estimateOfSums(sums, points), ...(weigh && { excess: weigh.estimate() }) };
}
