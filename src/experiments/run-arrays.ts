/**
 * A run of ours as arrays, in the shapes that a PyTorch or NumPy program has: W (filters x columns), b and a (filters),
 * X (n x patches x columns), y (n, as observed: signs or real labels). Columns are coordinates in an orthonormal frame: all d of them, or the first few
 * where the rest of every vector is 0.
 */
import type { NumericArray } from '../data/readers/npy.ts';
import { observedLabels, patchRows } from '../data/sample.ts';
import { offersOf } from '../dynamics/check.ts';
import { messages, UserError } from '../errors.ts';
import { arrayBytes, ARRAYS, ArraySeries, MOST_ARRAY_BYTES, startArrays, weightArrays, type Arrays } from './arrays.ts';
import type { Cell } from './cell.ts';
import { ENGINES } from './engines.ts';
import { drawProblem, streamKey } from './run.ts';
import { trainCell } from './train-cell.ts';

const matrix = (values: Float64Array, ...shape: number[]): NumericArray => ({ shape, values });

/**
 * A run's network and data: `W`, `b`, `a`, `W0`, `b0`, with a trained output `a0`, `X`, `y`, `y_true`, `outputs`,
 * `anchors`, `mu`; of two layers `coefficients` and `startScale`, of more `W2`, `b2`, `W2_0`, `b2_0`, ....
 *
 * @param every steps between two states, >= 1, of those that arrays.ts names, over time; absent: none
 * @throws UserError where they would be too large
 */
export function arraysOf(cell: Cell, seed: number, replicate: number, every?: number): Arrays {
  const problem = drawProblem(cell, streamKey(cell, seed, replicate));
  const plan = every === undefined ? undefined : { names: ARRAYS, every };
  if (plan && arrayBytes(cell, plan) > MOST_ARRAY_BYTES)
    throw new UserError(messages.arraysTooLarge(arrayBytes(cell, plan), MOST_ARRAY_BYTES));
  const inSpan = offersOf(problem, ENGINES[cell.engine]) === 'span';
  const series = plan && new ArraySeries(plan, problem, inSpan);
  const { view, run } = trainCell(cell, problem, series && ((t, now) => series.see(t, now)), every);
  const { sample, network, init } = problem;
  const { used } = sample.frame;
  const { columns } = init;
  const wide = (narrow: Float64Array, count: number): Float64Array => {
    const out = new Float64Array(count * columns);
    for (let r = 0; r < count; r++) out.set(narrow.subarray(r * used, (r + 1) * used), r * columns);
    return out;
  };
  const { n, patches, anchors } = sample;
  const signal = sample.roles?.signal.length === 1 ? sample.roles.signal[0] : undefined;
  const vectors = wide(sample.vectors, anchors);
  const arrays = new Map([
    ...weightArrays(view, problem),
    ...startArrays(problem),
    ['X', matrix(wide(patchRows(sample), n * patches.perSample), n, patches.perSample, columns)],
    ['y', matrix(observedLabels(sample).slice(), n)],
    ['y_true', matrix(sample.trueLabels.slice(), n)],
    ['outputs', matrix(view.outputs.slice(), n)],
    ['anchors', matrix(vectors, anchors, columns)],
  ]);
  for (const [name, array] of series?.finish(view) ?? []) arrays.set(name, array);
  if (inSpan) arrays.set('coefficients', matrix(view.coefficients.slice(), network.filters, anchors));
  if (problem.decay && !network.hidden) arrays.set('startScale', matrix(Float64Array.of(view.startScale), 1));
  if (signal !== undefined) arrays.set('mu', matrix(vectors.slice(signal * columns, (signal + 1) * columns), columns));
  run.end?.();
  return arrays;
}
