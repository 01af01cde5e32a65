/** How much of an observable's variance over runs comes from the data, from the flips and from the initialisation. */
import { varianceComponents, type Component } from '../core/variance-components.ts';
import { log } from '../core/special.ts';
import type { SymbolId } from '../notation.ts';
import type { Cell } from './cell.ts';
import { Measurement, runContext } from './measurement.ts';
import { drawProblem, streamKey } from './run.ts';
import { trainCell } from './train-cell.ts';

/**
 * data: noises and true labels; flips: which observed labels are wrong, and how many; init: weights, biases and random
 * signs.
 */
export const SOURCES = ['data', 'flips', 'init'] as const;
/** What the split is of. */
export type Observed = SymbolId;
export type Source = (typeof SOURCES)[number];

/** One part of a variance. */
export interface SplitComponent extends Component {
  /** which sources, together */
  readonly of: readonly Source[];
}

/** An observable's variance over runs, split by what is drawn. */
export interface VarianceSplit {
  /**
   * seven: each source alone, each pair's interaction, and that of all three with the noise of the test error's
   * estimator. Shares sum to 1
   */
  readonly components: readonly SplitComponent[];
  /** variance of one run: the sum over the components */
  readonly total: number;
  /** blocks that entered; the others had a run that diverged, or (log) a value of 0 */
  readonly blocks: number;
}

/**
 * One block: every source drawn twice, from streams of its own, and the eight runs that combine them
 * (variance-components.ts). An adversary's flips are a function of the data and hence no source of their own.
 *
 * @param block 0, 1, ...
 * @returns the observable after each run, NaN where it diverged; a pure function of what is given
 */
export function varianceBlock(cell: Cell, seed: number, block: number, of: SymbolId): number[] {
  return Array.from({ length: 2 ** SOURCES.length }, (_, place) =>
    observe(
      cell,
      seed,
      SOURCES.map((_source, bit) => 2 * block + ((place >> bit) & 1)) as [number, number, number],
      8 * block + place,
      of,
    ),
  );
}

/**
 * @param blocks those of `varianceBlock`, in order, >= 2
 * @param scale log: of the observable's logarithm
 * @returns no component when fewer than two blocks are left
 */
export function splitBlocks(
  blocks: readonly (readonly number[])[],
  seed: number,
  scale: 'linear' | 'log' = 'linear',
): VarianceSplit {
  const values = scale === 'log' ? blocks.map((block) => block.map(log)) : blocks;
  const whole = values.filter((block) => block.every(Number.isFinite));
  if (whole.length < 2) return { components: [], total: NaN, blocks: whole.length };
  const components = varianceComponents(whole, seed).map((component): SplitComponent => ({
    ...component,
    of: SOURCES.filter((_, bit) => (component.sources >> bit) & 1),
  }));
  return { components, total: components.reduce((sum, { variance }) => sum + variance, 0), blocks: whole.length };
}

/**
 * Splits the variance of an observable over runs into what comes from the data, the flips and the initialisation, and
 * their interactions: by blocks of eight runs each, made here.
 *
 * @param seed integer in [0, 2^53)
 * @param blocks how many, >= 2
 * @param scale log: of the observable's logarithm
 */
export const varianceSplit = (
  cell: Cell,
  seed: number,
  blocks: number,
  of: SymbolId,
  scale: 'linear' | 'log' = 'linear',
): VarianceSplit =>
  splitBlocks(
    Array.from({ length: blocks }, (_, block) => varianceBlock(cell, seed, block, of)),
    seed,
    scale,
  );

/** The observable after one run; NaN when it diverged. */
function observe(
  cell: Cell,
  seed: number,
  [data, flips, init]: readonly [number, number, number],
  test: number,
  of: SymbolId,
): number {
  const key = streamKey(cell, seed, data);
  const problem = drawProblem(cell, { ...key, flips }, { ...key, replicate: init });
  const { ending, view, run } = trainCell(cell, problem);
  const value =
    ending.outcome === 'diverged'
      ? NaN
      : new Measurement(runContext(cell, problem, { ...key, replicate: test }), view).of(of);
  run.end?.();
  return value;
}
