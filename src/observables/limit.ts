/**
 * Where training goes as t -> infinity, for the logistic loss, a fixed output layer and a (leaky) ReLU.
 *
 * While no pre-activation changes its sign the network is linear in its first layer, f(x_i) = <W, Phi_i>, with <Phi_i,
 * Phi_j> the tangent kernel K of those patterns; and gradient descent on a linear model of separable data turns towards
 * the hard-margin solution of its features (Soudry et al., JMLR 19, 2018), at the rate 1/log t. So the candidate is W*
 * = argmin ‖W‖ with y_i <W, Phi_i> >= 1, a kernel max-margin problem in n x n numbers. If W* has the patterns that it
 * was computed from, it is a KKT point of the network's own max-margin problem, as limits must be (Lyu, Li, ICLR 2020,
 * theorem 4.4).
 */
import { productTransposed } from '../core/kernel-algebra.ts';
import { dotRows } from '../core/linear-algebra.ts';
import { maxMargin } from '../core/max-margin.ts';
import { patchRows } from '../data/sample.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';
import { activationSlope } from '../network/activation.ts';
import { lossSlope } from '../network/loss.ts';
import { tangentKernel } from '../network/tangent-kernel.ts';
import { observable, oncePerState, type State } from './observable.ts';

/** Where the weights point. */
export interface Direction {
  /** ‖W‖_F of the first layer with its biases */
  readonly norm: number;
  /** min_i y_i f(x_i) / ‖W‖ */
  readonly margin: number;
  /** cos(W, -gradient of the mean loss): 1 at a KKT direction, which its own gradient prolongs */
  readonly alignment: number;
  /**
   * sum_i lambda_i (m_i - m) / (m sum_i lambda_i), m_i the margins, m the least, lambda_i the loss's slopes: 0 where
   * only the least margins pull; NaN while m <= 0
   */
  readonly slackness: number;
}

/** The weights against the limit that their present patterns would have. */
export interface FrozenLimit extends Direction {
  /** largest margin over norm that these patterns allow, 1/‖W*‖; never below `margin` */
  readonly limitMargin: number;
  /** cos(W, W*) */
  readonly cosine: number;
  /**
   * pre-activations of W* that are on the other side of 0 than those of W: 0 when W* has the patterns that it was
   * computed from
   */
  readonly broken: number;
  /** samples with alpha_i > 0 */
  readonly support: number;
}

/** Whether the limit is defined: a fixed output layer and a piecewise linear activation. */
export const hasLimit = ({ network }: Problem): boolean =>
  !network.trainsOutput && network.activation.kind === 'piecewise-linear';

/**
 * Norm, margin and direction of the first layer.
 *
 * @throws RangeError for a trained output layer or an activation that is not piecewise linear
 */
export function direction(view: TwoLayerView, problem: Problem): Direction {
  return { ...measure(view, problem, kernelOf(view, problem)) };
}

/**
 * The candidate limit of training for ever with the present activation patterns: a kernel max-margin problem (Soudry et
 * al. 2018; Lyu, Li 2020).
 *
 * @returns null when the patterns admit no W with positive margins
 * @throws RangeError for a trained output layer or an activation that is not piecewise linear
 */
export function frozenLimit(view: TwoLayerView, problem: Problem): FrozenLimit | null {
  const kernel = kernelOf(view, problem);
  const { sample, network } = problem;
  const { n, labels } = sample;
  const solution = maxMargin(kernel.K, labels);
  if (solution.kind !== 'separable') return null;
  const now = measure(view, problem, kernel);
  let product = 0; // <W, W*>
  for (let i = 0; i < n; i++) product += solution.alpha[i]! * labels[i]! * view.outputs[i]!;
  const { perSample } = sample.patches;
  const Q = n * perSample;
  const one = network.bias ? 1 : 0;
  let broken = 0;
  for (let r = 0; r < network.filters; r++) {
    // w*_r = sum over patches P of i of alpha_i y_i a_r sigma'(h_r,iP) x_i^P
    const c = Float64Array.from({ length: Q }, (_, p) => {
      const i = Math.floor(p / perSample);
      return (
        solution.alpha[i]! *
        labels[i]! *
        network.outputWeights[r]! *
        activationSlope(network.activation, view.preactivations[r * Q + p]!)
      );
    });
    for (let q = 0; q < Q; q++) {
      let h = 0;
      for (let p = 0; p < Q; p++) h += c[p]! * (kernel.patchGram[p * Q + q]! + one);
      if (h > 0 !== view.preactivations[r * Q + q]! > 0) broken++;
    }
  }
  return {
    ...now,
    limitMargin: 1 / solution.norm,
    cosine: product / (now.norm * solution.norm),
    broken,
    support: solution.alpha.reduce((count, a) => count + (a > 0 ? 1 : 0), 0),
  };
}

interface Kernel {
  /** n x n */
  readonly K: Float64Array;
  /** patches x patches */
  readonly patchGram: Float64Array;
}

function kernelOf(view: TwoLayerView, problem: Problem): Kernel {
  const { sample, network } = problem;
  if (!hasLimit(problem))
    throw new RangeError('the limit of frozen patterns needs a fixed output layer and a piecewise linear activation');
  const inputs = patchRows(sample);
  const Q = sample.n * sample.patches.perSample;
  const patchGram = productTransposed(inputs, Q, inputs, Q, sample.frame.used);
  return { patchGram, K: tangentKernel(network, view.preactivations, patchGram, sample.patches.perSample) };
}

function measure(view: TwoLayerView, { sample, loss }: Problem, { K }: Kernel): Direction {
  const { n, labels } = sample;
  const { rows } = view.weights();
  const norm = Math.sqrt(
    dotRows(rows, 0, rows, 0, rows.length) + dotRows(view.bias, 0, view.bias, 0, view.bias.length),
  );
  const margins = Float64Array.from({ length: n }, (_, i) => labels[i]! * view.outputs[i]!);
  const least = margins.reduce((low, m) => Math.min(low, m), Infinity);
  const pulls = margins.map((m) => lossSlope(loss, m));
  const total = pulls.reduce((sum, x) => sum + x, 0);
  const signed = pulls.map((x, i) => (x / total) * labels[i]!);
  let along = 0; // <W, -gradient>, in units of the total pull
  let square = 0;
  let slack = 0;
  for (let i = 0; i < n; i++) {
    along += signed[i]! * view.outputs[i]!;
    square += signed[i]! * dotRows(K, i * n, signed, 0, n);
    slack += (pulls[i]! / total) * (margins[i]! - least);
  }
  return {
    norm,
    margin: least / norm,
    alignment: along / (norm * Math.sqrt(square)),
    slackness: least > 0 ? slack / least : NaN,
  };
}

/** undefined where the limit is not defined */
const directionOf = oncePerState(({ view, run: { problem } }: State<TwoLayerView>) =>
  hasLimit(problem) ? direction(view, problem) : undefined,
);
/** undefined likewise, null where the present patterns separate no sample */
const limitOf = oncePerState(({ view, run: { problem } }: State<TwoLayerView>) =>
  hasLimit(problem) ? frozenLimit(view, problem) : undefined,
);

const NEEDS = ['two-layer', 'fixed-output', 'piecewise-linear', 'class-labels'] as const;
const ofLimit = (of: (limit: FrozenLimit, view: TwoLayerView) => number) =>
  observable(NEEDS, (state) => {
    const limit = limitOf(state);
    return limit ? of(limit, state.view) : NaN;
  });

export const LIMIT = {
  limitGap: ofLimit(({ margin, limitMargin }) => 1 - margin / limitMargin),
  limitTurn: ofLimit(({ cosine }) => 1 - cosine),
  limitBroken: ofLimit(({ broken }, { preactivations }) => broken / preactivations.length),
  kktTurn: observable(NEEDS, (state) => 1 - (directionOf(state)?.alignment ?? NaN)),
  kktSlackness: observable(NEEDS, (state) => directionOf(state)?.slackness ?? NaN),
} as const;
