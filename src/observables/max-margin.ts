/**
 * The network beside its sample's max-margin linear classifier (Karhadkar et al. 2024, section 2). Linear classifiers
 * are those of linear-classifier.ts.
 */
import { productTransposed } from '../core/kernel-algebra.ts';
import { dotRows } from '../core/linear-algebra.ts';
import { maxMargin, type MaxMargin } from '../core/max-margin.ts';
import { arrayTimesPower2, exponentOf, largestOf, timesPower2 } from '../core/scale.ts';
import { patchRows, type Sample } from '../data/sample.ts';
import type { TwoLayerView } from '../dynamics/engine.ts';
import { linearError } from './linear-classifier.ts';
import { margins } from './training.ts';
import { fieldsOf, observable, oncePerRun, oncePerState, type RunContext, type State } from './observable.ts';

/** The sample's hard-margin classifier, labels as observed. */
export function sampleMaxMargin(sample: Sample): MaxMargin {
  const { n, labels, frame, patches } = sample;
  const inputs = patchRows(sample); // n x (perSample * used): a sample's patches are neighbours
  return maxMargin(productTransposed(inputs, n, inputs, n, patches.perSample * frame.used), labels);
}

export interface MarginRatios {
  /** ‖W‖_F of the first layer, without biases */
  readonly weightNorm: number;
  /** min_i y_i f(x_i) / ‖W‖_F */
  readonly normalizedMargin: number;
  /**
   * M-hat = ‖(|a_r| w_r)_r‖_F sqrt(2m) / ‖w*‖, 2m the number of filters: Karhadkar et al.'s ‖W‖_F sqrt(2m) / ‖w*‖ for
   * their a_r = +-1, and the same number for any other way to write the same network. At least 1 for a linear network
   * on one patch that has margins >= 1
   */
  readonly marginFactor: number;
}

/** @param norm ‖w*‖ of `sampleMaxMargin` */
export function marginRatios(view: TwoLayerView, sample: Sample, norm: number): MarginRatios {
  const { rows: allRows, columns } = view.weights();
  const { outputWeights } = view;
  const filters = outputWeights.length;
  const unit = exponentOf(largestOf(allRows)); // squares stay in range
  const rows = arrayTimesPower2(allRows, -unit);
  let square = 0;
  let scaled = 0;
  for (let r = 0; r < filters; r++) {
    const row = dotRows(rows, r * columns, rows, r * columns, columns);
    square += row;
    scaled += outputWeights[r]! * outputWeights[r]! * row;
  }
  const weightNorm = timesPower2(Math.sqrt(square), unit);
  return {
    weightNorm,
    normalizedMargin: margins(view, sample).smallest / weightNorm,
    marginFactor: timesPower2(Math.sqrt(scaled * filters), unit) / norm,
  };
}

/**
 * Clean test error of the max-margin classifier (`linearError`); undefined when the sample is not separable (or that is not
 * decided).
 */
export function maxMarginError(sample: Sample, solution: MaxMargin): number | undefined {
  return solution.kind === 'separable'
    ? linearError(
        sample,
        solution.alpha.map((a, i) => a * sample.labels[i]!),
      )
    : undefined;
}

export const maxMarginOf = oncePerRun(({ problem }: RunContext) => sampleMaxMargin(problem.sample));
/** ‖w*‖; NaN where the sample is not separable */
const normOf = (run: RunContext): number => {
  const solution = maxMarginOf(run);
  return solution.kind === 'separable' ? solution.norm : NaN;
};
const ratiosOf = oncePerState(({ view, run }: State<TwoLayerView>) =>
  marginRatios(view, run.problem.sample, normOf(run)),
);

export const MAX_MARGIN = {
  ...fieldsOf(['weightNorm', 'normalizedMargin'], ['two-layer'], ratiosOf),
  ...fieldsOf(['marginFactor'], ['two-layer', 'fixed-output', 'class-labels'], ratiosOf),
  maxMarginNorm: observable(['class-labels'], ({ run }) => normOf(run)),
  maxMarginError: observable(
    ['gaussian-noise', 'class-labels'],
    ({ run }) => maxMarginError(run.problem.sample, maxMarginOf(run)) ?? NaN,
  ),
} as const;
