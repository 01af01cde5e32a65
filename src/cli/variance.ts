/** `benign variance SPEC.yaml`: how much of the spread over runs comes from data, flips and initialisation. */
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { buildCell, cellId } from '../experiments/cell.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { observablesOf } from '../experiments/series.ts';
import type { Table } from '../experiments/table.ts';
import { splitBlocks, type VarianceSplit } from '../experiments/variance-split.ts';
import type { SymbolId } from '../notation.ts';
import { makeBlocks, readBlocks } from '../sweeps/node/blocks.ts';
import { callOf, type Call } from './call.ts';
import { warnOfSize } from './compute.ts';
import { interruption, note, printJson, say } from './context.ts';
import { readText, writeWhole } from './files.ts';
import { openFolder, prepareFolder } from './folder.ts';
import { assignments, defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { toCsv } from './tables.ts';

export interface VarianceOptions {
  set: string[];
  of: string;
  log?: boolean;
  blocks: number;
  workers?: number;
  out?: string;
  json?: boolean;
}

interface VarianceCall extends Call {
  readonly command: 'variance';
  readonly of: SymbolId;
  readonly log: boolean;
  readonly blocks: number;
}

export async function variance(file: string, options: VarianceOptions): Promise<number | void> {
  const spec = parseSpec(readText(file), file, assignments(options.set));
  if (spec.axes.length > 0) throw new UserError(messages.oneCell(spec.axes.map(({ path }) => path)));
  const cell = buildCell(spec.values);
  const known = observablesOf(cell);
  if (!known.includes(options.of as SymbolId)) throw new UserError(`--of ${messages.observable(options.of, known)}`);
  if (options.blocks < 2) throw new UserError(messages.mustBe('--blocks', 'an integer >= 2', options.blocks));
  const call: VarianceCall = {
    command: 'variance',
    of: options.of as SymbolId,
    log: options.log === true,
    blocks: options.blocks,
  };
  const folder = options.out ?? join('out', `variance-${cellId(cell)}-${spec.seed}`);
  const command = `benign variance ${file} --of ${call.of}${call.log ? ' --log' : ''} --blocks ${call.blocks}${options.set.map((one) => ` --set ${one}`).join('')}`;
  prepareFolder(folder, spec, command, call);
  const workers = Math.min(options.workers ?? defaultWorkers(), call.blocks);
  warnOfSize([cell], workers);
  const bar = progress(spec.name || 'variance', false, 'blocks');
  const { signal, exitCode, release } = interruption();
  let made: Awaited<ReturnType<typeof makeBlocks>>;
  try {
    made = await makeBlocks({
      folder,
      workers,
      cell,
      seed: spec.seed,
      of: call.of,
      count: call.blocks,
      signal,
      progress: (done, total) => bar.update(done, total),
      working: (step, most) => bar.working(step, most),
    });
  } finally {
    bar.stop();
    release();
  }
  if (!made.whole) {
    note(
      `interrupted: ${made.blocks.length} of ${call.blocks} blocks are stored in ${folder}; the same command goes on from there`,
    );
    return exitCode();
  }
  const split = splitOf(made.blocks, spec.seed, call);
  const name = join(folder, `variance-${call.of}${call.log ? '-log' : ''}`);
  writeWhole(`${name}.json`, `${JSON.stringify({ v: 1, of: call.of, log: call.log, ...split }, null, 1)}\n`);
  writeWhole(`${name}.csv`, toCsv(tableOf(split)));
  if (options.json) return printJson({ of: call.of, log: call.log, ...split });
  say(
    `variance of ${call.log ? `ln(${call.of})` : call.of} over runs: ${split.total.toPrecision(3)}, from ${split.blocks} blocks of 8 runs`,
  );
  say('share  95 % interval    of');
  for (const {
    of,
    share,
    interval: [low, high],
  } of split.components)
    say(
      `${fixed(share)}  ${fixed(low)} to ${fixed(high)}   ${of.length > 1 ? `${of.join(' and ')} together` : `${of[0]} alone`}`,
    );
}

/** @throws UserError where there is nothing to split */
function splitOf(blocks: readonly (readonly number[])[], seed: number, { of, log }: VarianceCall): VarianceSplit {
  const split = splitBlocks(blocks, seed, log ? 'log' : 'linear');
  if (split.blocks < 2) throw new UserError(messages.noBlocks(of, blocks.length));
  if (!(split.total > 0)) throw new UserError(messages.noSpread(of));
  return split;
}

const tableOf = ({ components }: VarianceSplit): Table => ({
  columns: ['of', 'variance', 'share', 'low', 'high'],
  rows: components.map(({ of, variance: value, share, interval: [low, high] }) => [
    of.join(' and '),
    value,
    share,
    low,
    high,
  ]),
});

/** The components of the last call in a folder, from its blocks. @throws UserError */
export function varianceTable(folder: string): Table {
  const { seed } = openFolder(folder);
  const call = callOf(folder) as VarianceCall;
  const held = readBlocks(folder, call.of);
  if (held.size === 0) throw new UserError(messages.blocksOfFolder(folder));
  const blocks = Array.from({ length: call.blocks }, (_, block) => held.get(block)).filter((one) => one !== undefined);
  return tableOf(splitOf(blocks, seed, call));
}

const fixed = (x: number): string => x.toFixed(2).padStart(5);
