/**
 * Test error of a deep network by plain Monte Carlo, free of d: whatever stands above the filters, their products with a
 * fresh point's noise are those of a two-layer network, an exact Gaussian vector under Gaussian noise. The signal's
 * values and the label flip are never sampled.
 */
import { allFinite } from '../core/kernel-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { timesPower2 } from '../core/scale.ts';
import type { FreshLaw } from '../data/sample.ts';
import type { LayeredView, Problem, StackView, TwoLayerView } from '../dynamics/engine.ts';
import { againstFlipped, type ErrorEstimate } from './error-estimate.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';
import { otherDraws } from './other-noise.ts';
import { estimateOfSums, gaussianDraws } from './points.ts';
import { heldOutError, NONE, type TestError } from './test-error.ts';

/** Patches that go up the layers at once. */
const AT_ONCE = 1024;

/**
 * @param points noise vectors, each seen with every signal atom; held-out points are counted as they are
 * @param key names the stream of points
 * @returns NaN throughout when a weight has left the floating-point range
 */
export function deepTestError(
  view: LayeredView,
  stack: StackView,
  problem: Problem,
  points: number,
  key: StreamKey,
): TestError {
  const { sample, network } = problem;
  const { fresh } = sample;
  if (fresh.kind === 'points') return heldOutError(view, fresh);
  const sound =
    allFinite(stack.outputWeights) &&
    stack.layers.every(({ weights, bias }) => allFinite(weights()) && allFinite(bias));
  if (!sound) return NONE;
  const filters = asFilters(stack);
  const output = freshOutput(filters, network.activation, sample.anchors, fresh);
  const stream = new Stream(key, 'test');
  const draw = fresh.noise ? otherDraws(filters, fresh, output, stream) : gaussianDraws(output, stream);
  const silent = output.l.every((x) => x === 0);
  const found = count(stack, problem, fresh, output, silent ? 2 : points, draw);
  if (Number.isNaN(found.mean)) return NONE;
  const noisy = againstFlipped(found, fresh.flip);
  return {
    clean: found.mean,
    cleanSe: found.se,
    noisy: noisy.mean,
    noisySe: noisy.se,
    zero: found.zero?.mean ?? 0,
  };
}

/** The first layer as a two-layer network that hears every filter: what the law of its products is taken from. */
function asFilters({ layers, products }: StackView): TwoLayerView {
  const { weights, bias, preactivations } = layers[0]!;
  const rows = weights();
  return {
    outputs: new Float64Array(0),
    outputsAt: () => new Float64Array(0),
    preactivations,
    outputWeights: new Float64Array(bias.length).fill(1),
    bias,
    weights: () => ({ rows, columns: rows.length / bias.length }),
    products,
  };
}

/** @param draw writes the noise's products with the filters, noisy patch after noisy patch, in the units of `output` */
function count(
  { layers, products, outputsOf }: StackView,
  { sample: { anchors: K, patches } }: Problem,
  { atoms, noisy }: FreshLaw,
  output: FreshOutput,
  points: number,
  draw: (g: Float64Array) => void,
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
  const width = atoms.length * P;
  const most = Math.max(1, Math.floor(AT_ONCE / width));
  const sums = { wrong: 0, wrongSquares: 0, zero: 0, zeroSquares: 0, products: 0 };
  for (let from = 0; from < points; from += most) {
    const some = Math.min(most, points - from);
    const columns = some * width;
    const h = new Float64Array(R * columns);
    for (let t = 0; t < some; t++) {
      draw(g);
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
      atoms.forEach(({ probability, label }, a) => {
        const value = f[t * atoms.length + a]!;
        if (!(label * value > 0)) wrong += probability;
        if (value === 0) zero += probability;
      });
      sums.wrong += wrong;
      sums.wrongSquares += wrong * wrong;
      sums.zero += zero;
      sums.zeroSquares += zero * zero;
      sums.products += wrong * zero;
    }
  }
  return estimateOfSums(sums, points);
}
