/**
 * How the filters move from step to step, in the span of the anchors: W' - W = (C' - C) V, whatever the number of
 * coordinates, as long as the start does not decay.
 */
import { productTransposed } from '../core/kernel-algebra.ts';
import { dotRows } from '../core/linear-algebra.ts';
import { lawOf } from '../data/sample.ts';
import type { TwoLayerView, View } from '../dynamics/engine.ts';
import { lossSlope } from '../network/loss.ts';
import { maxMarginOf } from './max-margin.ts';
import { fieldsOfWatch, type RunContext, type Watcher } from './observable.ts';
import { Extremes, noiseScale } from './steps.ts';

interface WeightSteps {
  /**
   * largest |w_r' - w_r| over eta |a_r| sigma_p (d/n)^{1/2} mean g, over filters and steps (Xu, Gu 2023, Lemma 4.9);
   * sigma_p^2 is added up over several noisy patches
   */
  readonly stepLength: number;
  /**
   * largest |W'|_F^2 - |W|_F^2 over the step size on one sample's loss times sum_i g_i (Karhadkar et al. 2024, proof of
   * Theorem 3.1: at most 4)
   */
  readonly normGrowth: number;
}

interface Alignment {
  /**
   * least growth of sum_r j_r <w_r, w*> over the step size on one sample's loss times sum_i g_i and the number of
   * filters (same proof: at least the leak)
   */
  readonly alignmentGrowth: number;
}

/** sum_i g_i, g_i = -l'_i at the margins of the observed labels */
const slopesOf = ({ outputs }: View, { problem: { sample, loss } }: RunContext): number =>
  outputs.reduce((sum, f, i) => sum + lossSlope(loss, sample.labels[i]! * f, sample.targets?.[i]), 0);

function weightSteps(run: RunContext): Watcher<WeightSteps> {
  const { sample, network, stepPerSample } = run.problem;
  const { n, frame, vectors, anchors: K } = sample;
  const { filters: R } = network;
  const unit = stepPerSample * n * noiseScale(lawOf(sample)) * Math.sqrt(frame.ambient / n);
  const gram = productTransposed(vectors, K, vectors, K, frame.used);
  const length = new Extremes();
  const norm = new Extremes();
  let before:
    | {
        readonly coefficients: Float64Array;
        readonly products: Float64Array;
        readonly outputWeights: Float64Array;
        readonly slopes: number;
      }
    | undefined;
  return {
    see(_, view) {
      const now = {
        coefficients: view.coefficients.slice(),
        products: view.products().slice(),
        outputWeights: view.outputWeights.slice(),
        slopes: slopesOf(view, run),
      };
      if (before && before.slopes > 0) {
        const { coefficients: old, products, outputWeights, slopes } = before;
        const change = now.coefficients.map((c, at) => c - old[at]!);
        const images = productTransposed(change, R, gram, K, K);
        const V = outputWeights.length / R;
        for (let r = 0; r < R; r++) {
          const a = Math.sqrt(dotRows(outputWeights, r * V, outputWeights, r * V, V) / V);
          length.add(Math.sqrt(Math.max(0, dotRows(change, r * K, images, r * K, K))) / ((unit * a * slopes) / n));
        }
        // |W'|^2 - |W|^2 = <W' - W, W' + W>, without the cancellation of two large squares
        let growth = 0;
        change.forEach((c, at) => (growth += c * (now.products[at]! + products[at]!)));
        norm.add(growth / (stepPerSample * slopes));
      }
      before = now;
    },
    take: () => ({ stepLength: length.take().most, normGrowth: norm.take().most }),
  };
}

function alignment(run: RunContext): Watcher<Alignment, TwoLayerView> {
  const { sample, network, stepPerSample } = run.problem;
  const { n, labels, patches } = sample;
  const { filters: R, classes } = network;
  const solution = maxMarginOf(run);
  const dual = solution.kind === 'separable' && patches.perSample === 1 && !network.bias ? solution.alpha : undefined;
  const growth = new Extremes();
  let before: { readonly aligned: number; readonly slopes: number } | undefined;
  /** sum_r j_r <w_r, w*> with w* = sum_i alpha_i y_i x_i */
  const aligned = ({ preactivations }: TwoLayerView, alpha: Float64Array): number => {
    let sum = 0;
    for (let r = 0; r < R; r++)
      for (let i = 0; i < n; i++) sum += classes[r]! * alpha[i]! * labels[i]! * preactivations[r * n + i]!;
    return sum;
  };
  return {
    see(_, view) {
      if (!dual) return;
      const now = { aligned: aligned(view, dual), slopes: slopesOf(view, run) };
      if (before && before.slopes > 0) growth.add((now.aligned - before.aligned) / (stepPerSample * before.slopes * R));
      before = now;
    },
    take: () => ({ alignmentGrowth: growth.take().least }),
  };
}

export const WEIGHT_STEPS = {
  ...fieldsOfWatch(['stepLength', 'normGrowth'], ['span', 'whole-start', 'entries', 'fresh-law'], weightSteps),
  ...fieldsOfWatch(['alignmentGrowth'], ['two-layer', 'entries'], alignment),
} as const;
