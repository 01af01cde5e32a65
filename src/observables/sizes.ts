/** Sizes that theorems ask for: of the inputs, and of the initial filters. */
import { dotRows } from '../core/linear-algebra.ts';
import { patchRows, type Sample } from '../data/sample.ts';
import type { InitialWeights } from '../network/two-layer.ts';
import { observable, oncePerRun, type RunContext } from './observable.ts';

/** Smallest and largest ‖x_i‖ of the training sample; the patches of an input count together. */
export function inputNorms(sample: Sample): { smallest: number; largest: number } {
  const inputs = patchRows(sample);
  const width = sample.patches.perSample * sample.frame.used;
  let smallest = Infinity;
  let largest = 0;
  for (let i = 0; i < sample.n; i++) {
    const norm = Math.sqrt(dotRows(inputs, i * width, inputs, i * width, width));
    if (norm < smallest) smallest = norm;
    if (norm > largest) largest = norm;
  }
  return { smallest, largest };
}

/** max_r ‖w_r(0)‖, without biases. */
export function largestFilter({ rows, columns }: InitialWeights): number {
  let largest = 0;
  for (let at = 0; at < rows.length; at += columns)
    largest = Math.max(largest, Math.sqrt(dotRows(rows, at, rows, at, columns)));
  return largest;
}

const inputNormsOf = oncePerRun(({ problem }: RunContext) => inputNorms(problem.sample));

export const SIZES = {
  inputMin: observable([], ({ run }) => inputNormsOf(run).smallest),
  inputMax: observable([], ({ run }) => inputNormsOf(run).largest),
  startMax: observable([], ({ run }) => largestFilter(run.problem.init)),
} as const;
