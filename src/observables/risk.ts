/**
 * The expected squared loss of a fresh point, in closed form: f = c + S, c what the patches without noise give, one
 * number an atom, and S what noise alone makes of the others, so that
 *
 *   E(f - y)² = sum over atoms of P(atom) (c + E S - y)² + Var S.
 *
 * Heights u and v of two filters in one noisy patch are centred Gaussian, of deviations s and t and correlation rho, and
 * sigma(h) = alpha h + (1 - alpha) relu(h) has the moments (arc-cosine kernel of degree 1: Cho, Saul 2009)
 *
 *   E sigma(u) = (1 - alpha) s / sqrt(2 pi),
 *   Cov(sigma(u), sigma(v)) = alpha E[uv] + (1 - alpha)² s t (sqrt(1 - rho²) - 1 + rho (pi/2 + arcsin rho)) / (2 pi).
 */
import { dotRows } from '../core/linear-algebra.ts';
import { timesPower2 } from '../core/scale.ts';
import { arcsine } from '../core/special.ts';
import { lawOf } from '../data/sample.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';
import { freshOutput, type FreshOutput } from './fresh-output.ts';
import { observable, oncePerState, type State } from './observable.ts';

/** sqrt(1 - rho²) - 1 + rho (pi/2 + arcsin rho): 2 pi times the covariance of the ReLUs of two standard normals. */
export const arcCosineCovariance = (rho: number): number =>
  Math.sqrt((1 - rho) * (1 + rho)) - 1 + rho * (Math.PI / 2 + arcsine(rho));

/** Mean and variance of S, in the units of the output. @param output of a piecewise linear network, its shifts all 0 */
function noiseMoments(output: FreshOutput, leak: number): { readonly mean: number; readonly variance: number } {
  const { outputWeights: a, l, rank, filters, blocks = [{ filters, rank }] } = output;
  const slope = 1 - leak;
  let [mean, variance, first] = [0, 0, 0];
  for (const block of blocks) {
    const last = first + block.filters;
    const deviations = new Float64Array(last - first);
    const linear = new Float64Array(rank);
    for (let r = first; r < last; r++) {
      deviations[r - first] = Math.sqrt(dotRows(l, r * rank, l, r * rank, rank));
      mean += (slope * a[r]! * deviations[r - first]!) / Math.sqrt(2 * Math.PI);
      for (let k = 0; k < rank; k++) linear[k]! += a[r]! * l[r * rank + k]!;
    }
    let bent = 0;
    for (let r = first; r < last; r++)
      for (let q = first; q <= r; q++) {
        const scale = deviations[r - first]! * deviations[q - first]!;
        if (scale === 0) continue;
        const rho = q === r ? 1 : dotRows(l, r * rank, l, q * rank, rank) / scale;
        bent += (q === r ? 1 : 2) * a[r]! * a[q]! * scale * arcCosineCovariance(Math.max(-1, Math.min(1, rho)));
      }
    variance += leak * dotRows(linear, 0, linear, 0, rank) + (slope * slope * bent) / (2 * Math.PI);
    first = last;
  }
  return { mean, variance: Math.max(0, variance) };
}

/**
 * E(f(x) - y)² over fresh points, y their true label; NaN where noise is not Gaussian or beside signal in a patch, where
 * filters have biases or the activation is not piecewise linear, for another loss, and beyond the floating-point range.
 */
export function excessRisk(view: TwoLayerView, { network, sample, loss }: Problem): number {
  const { activation } = network;
  const fresh = lawOf(sample);
  if (loss !== 'squared' || network.bias || activation.kind !== 'piecewise-linear' || fresh.noise) return NaN;
  const output = freshOutput(view, activation, sample.anchors, fresh);
  if (output.groups.some((shifts) => shifts.some((shift) => shift !== 0))) return NaN;
  const unit = output.units?.outputs ?? 0;
  const { mean, variance } = noiseMoments(output, activation.leak);
  let risk = timesPower2(variance, 2 * unit);
  for (const { probability, fixed, label } of output.atoms)
    risk += probability * (timesPower2(fixed + mean, unit) - label) ** 2;
  return risk;
}

const excessRiskOf = oncePerState(({ view, run: { problem } }: State<TwoLayerView>) => excessRisk(view, problem));

const NEEDS = [
  'two-layer',
  'depth-2',
  'fresh-law',
  'gaussian-noise',
  'pure-noise',
  'piecewise-linear',
  'no-bias',
  'squared-loss',
] as const;

export const RISK = {
  excessRisk: observable(NEEDS, excessRiskOf),
  risk: observable(NEEDS, (state) => {
    const { labelDeviation = 0 } = lawOf(state.run.problem.sample);
    return excessRiskOf(state) + labelDeviation * labelDeviation;
  }),
} as const;
