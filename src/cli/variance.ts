/** `benign variance SPEC.yaml`: how much of the spread over runs comes from data, flips and initialisation. */
import { join } from 'node:path';
import { toCsv } from '../answers/tables.ts';
import { nameOf, splitLines, splitOf, tableOf, whyNoInterval, type Split } from '../answers/variance.ts';
import { messages, UserError } from '../errors.ts';
import { buildCell, cellId } from '../experiments/cell.ts';
import { specAt } from './data.ts';
import { observablesOf } from '../experiments/series.ts';
import type { SymbolId } from '../notation.ts';
import { makeBlocks } from '../sweeps/node/blocks.ts';
import { threads } from '../sweeps/node/threads.ts';
import { warnOfSize } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { writeWhole } from './files.ts';
import { prepareFolder } from './folder.ts';
import { labModule } from './lab.ts';
import { defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { noteInterrupted, underWay } from './under-way.ts';
import { joined, scienceHere } from './variance-call.ts';
import { versions } from './versions.ts';

export interface VarianceOptions {
  set: string[];
  of: string;
  log?: boolean;
  blocks: number;
  workers?: number;
  out?: string;
  json?: boolean;
}

export async function variance(file: string, options: VarianceOptions): Promise<number | void> {
  const spec = await specAt(file, options.set);
  if (spec.axes.length > 0) throw new UserError(messages.oneCell(spec.axes.map(({ path }) => path)));
  const cell = buildCell(spec.values);
  const known = observablesOf(cell);
  if (!known.includes(options.of as SymbolId)) throw new UserError(`--of ${messages.observable(options.of, known)}`);
  if (options.blocks < 2) throw new UserError(messages.mustBe('--blocks', 'an integer >= 2', options.blocks));
  const asked: Split = { of: options.of as SymbolId, log: options.log === true, blocks: options.blocks };
  const folder = options.out ?? join('out', `variance-${cellId(cell)}-${spec.seed}`);
  const call = joined(folder, spec, asked);
  const command = `benign variance ${file} --of ${call.of}${call.log ? ' --log' : ''} --blocks ${call.blocks}${options.set.map((one) => ` --set ${one}`).join('')}`;
  prepareFolder(folder, spec, command, call);
  if (call.blocks > asked.blocks) note(messages.varianceHoldsMore(folder, call.of, call.blocks, asked.blocks));
  const workers = Math.min(options.workers ?? defaultWorkers(), call.blocks);
  warnOfSize([cell], workers);
  const bar = progress(spec.name || 'variance', false, 'blocks');
  const { made, interruptedBy } = await underWay(bar, (watched) =>
    makeBlocks({
      folder,
      pool: threads(workers, labModule()),
      cell,
      seed: spec.seed,
      of: call.of,
      count: call.blocks,
      ...watched,
    }),
  );
  if (!made.whole) {
    noteInterrupted(`${made.blocks.length} of ${call.blocks} blocks`, folder);
    return interruptedBy ?? EXIT.interrupted;
  }
  const split = splitOf(made.blocks, spec.seed, call);
  const name = join(folder, nameOf(call));
  const { science: _today, ...programs } = versions();
  const written = { v: 1, of: call.of, log: call.log, ...split, science: scienceHere(spec), versions: programs };
  writeWhole(`${name}.json`, `${JSON.stringify(written, null, 1)}\n`);
  writeWhole(`${name}.csv`, toCsv(tableOf([[call, split]])));
  if (options.json) return printJson({ of: call.of, log: call.log, ...split });
  for (const line of splitLines(call, split)) say(line);
  const why = whyNoInterval(split);
  if (why !== undefined) note(why);
}
