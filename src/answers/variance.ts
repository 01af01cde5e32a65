/** What `variance` answers: a split of an observable's spread, as a table and in lines. */
import { LEAST_BLOCKS } from '../core/variance-components.ts';
import { messages, UserError } from '../errors.ts';
import type { Table } from '../experiments/table.ts';
import { splitBlocks, type VarianceSplit } from '../experiments/variance-split.ts';
import type { SymbolId } from '../notation.ts';

export interface Split {
  readonly of: SymbolId;
  readonly log: boolean;
  readonly blocks: number;
}

/** Head of the names of a split's files. */
export const nameOf = ({ of, log }: Split): string => `variance-${of.replace('/', '.')}${log ? '-log' : ''}`;

/** @throws UserError where there is nothing to split */
export function splitOf(blocks: readonly (readonly number[])[], seed: number, { of, log }: Split): VarianceSplit {
  const split = splitBlocks(blocks, seed, log ? 'log' : 'linear');
  if (split.blocks < 2) throw new UserError(messages.noBlocks(of, blocks.length));
  if (!(split.total > 0)) throw new UserError(messages.noSpread(of));
  return split;
}

export const tableOf = (splits: readonly (readonly [Split, VarianceSplit])[]): Table => ({
  columns: ['observable', 'blocks', 'of', 'variance', 'share', 'low', 'high'],
  rows: splits.flatMap(([{ of: observable, log }, { components, blocks }]) =>
    components.map(({ of, variance, share, interval }) => [
      log ? `ln(${observable})` : observable,
      blocks,
      of.join(' and '),
      variance,
      share,
      interval && interval[0],
      interval && interval[1],
    ]),
  ),
});

export function splitLines({ of: observable, log }: Split, { total, blocks, components }: VarianceSplit): string[] {
  const some = components.some(({ interval }) => interval !== null);
  return [
    `variance of ${log ? `ln(${observable})` : observable} over runs: ${total.toPrecision(3)}, from ${blocks} blocks of 8 runs`,
    some ? 'share  95 % interval    of' : 'share  of',
    ...components.map(({ of, share, interval }) => {
      const held = interval ? `${fixed(interval[0])} to ${fixed(interval[1])} ` : some ? '      none      ' : '';
      return `${fixed(share)}  ${held}${held && ' '} ${of.length > 1 ? `${of.join(' and ')} together` : `${of[0]} alone`}`;
    }),
  ];
}

/** Why no component has an interval; undefined where one has. */
export const whyNoInterval = ({ blocks, components }: VarianceSplit): string | undefined =>
  components.some(({ interval }) => interval !== null) ? undefined : messages.fewBlocks(blocks, LEAST_BLOCKS);

const fixed = (x: number): string =>
  x
    .toFixed(2)
    .replace(/^-(0\.00)$/, '$1')
    .padStart(5);
