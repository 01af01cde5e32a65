/** What a variance folder was asked, and its splits made again from its blocks. */
import { existsSync } from 'node:fs';
import { splitOf, tableOf, type Split } from '../answers/variance.ts';
import { messages, UserError } from '../errors.ts';
import { sciencesOf } from '../experiments/science.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Table } from '../experiments/table.ts';
import type { VarianceSplit } from '../experiments/variance-split.ts';
import { readBlocks } from '../sweeps/node/blocks.ts';
import { callOf, type Call } from './call.ts';
import { note } from './context.ts';
import { openFolder } from './folder.ts';

/** The last split that a folder was asked for, and all of them. */
export interface VarianceCall extends Call, Split {
  readonly command: 'variance';
  readonly splits: readonly Split[];
}

/** In the order in which they were first asked for. @throws UserError */
export function splitsOf(folder: string): readonly Split[] {
  const call = existsSync(folder) ? callOf(folder) : undefined;
  if (call?.command !== 'variance' || call['of'] === undefined) return [];
  const { of, log, blocks, splits } = call as VarianceCall;
  return splits ?? [{ of, log, blocks }];
}

/** The call that a folder then answers: blocks only grow, and other splits stay. @throws UserError */
export function joined(folder: string, spec: Spec, asked: Split): VarianceCall {
  const held = readBlocks(folder, asked.of, scienceHere(spec));
  let first = 0;
  while (held.has(first)) first++;
  const split = { ...asked, blocks: Math.max(asked.blocks, first) };
  const before = splitsOf(folder);
  const same = (one: Split): boolean => one.of === split.of && one.log === split.log;
  return {
    command: 'variance',
    ...split,
    splits: before.some(same) ? before.map((one) => (same(one) ? split : one)) : [...before, split],
  };
}

export interface Again {
  readonly made: VarianceSplit;
  /** whether all blocks are there that were asked for */
  readonly whole: boolean;
}

/** The version that records of the one cell have today. */
export const scienceHere = (spec: Spec): number => [...sciencesOf(spec)][0]!;

/** A split made again from the blocks that a folder holds; says how many it lacks. @throws UserError */
export function splitAgain(folder: string, spec: Spec, split: Split): Again {
  const held = readBlocks(folder, split.of, scienceHere(spec));
  const blocks = Array.from({ length: split.blocks }, (_, block) => held.get(block)).filter((one) => one !== undefined);
  if (blocks.length === 0) throw new UserError(messages.blocksOfFolder(folder));
  if (blocks.length < split.blocks) note(messages.blocksMissing(folder, split.of, blocks.length, split.blocks));
  return { made: splitOf(blocks, spec.seed, split), whole: blocks.length === split.blocks };
}

/** The components of every split of a folder; of one that cannot be made it says why. @throws UserError without any */
export function varianceTable(folder: string): Table {
  const spec = openFolder(folder);
  const refused: UserError[] = [];
  const made = splitsOf(folder).flatMap((split): [Split, VarianceSplit][] => {
    try {
      return [[split, splitAgain(folder, spec, split).made]];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused.push(error);
      return [];
    }
  });
  if (made.length === 0) throw refused[0] ?? new UserError(messages.blocksOfFolder(folder));
  for (const { message } of refused) note(message);
  return tableOf(made);
}
