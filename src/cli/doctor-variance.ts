/** `benign doctor DIR` of a variance folder: is every block what its cell, seed and number give? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, tableOf } from '../answers/variance.ts';
import { messages, UserError } from '../errors.ts';
import { buildCell } from '../experiments/cell.ts';
import { scienceOf } from '../experiments/science.ts';
import { observablesOf } from '../experiments/series.ts';
import type { Spec } from '../experiments/spec.ts';
import { computeBlocks } from '../sweeps/blocks.ts';
import { blockDifference, inspectBlocks } from '../sweeps/node/inspect-blocks.ts';
import { sampleOf } from '../sweeps/node/inspect.ts';
import { threads } from '../sweeps/node/threads.ts';
import { SAMPLE, sampleReport, tell, type DoctorOptions } from './doctor-words.ts';
import { labModule } from './lab.ts';
import { defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { heldAgainst } from './table-state.ts';
import { underWay } from './under-way.ts';
import { splitAgain, splitsOf } from './variance-call.ts';

export async function doctorVariance(folder: string, spec: Spec, options: DoctorOptions): Promise<number> {
  const cell = buildCell(spec.values);
  const read = inspectBlocks(folder, observablesOf(cell));
  const { science, copies } = read;
  const findings = [...read.findings];
  const blocks = [...read.blocks.values()];
  if (read.lines === 0) throw new UserError(messages.blocksOfFolder(folder));
  const comparable = science === scienceOf(cell.training.rule);
  const seed = options.seed ?? 1;
  const sample = comparable ? sampleOf(blocks, options.all ? Infinity : (options.sample ?? SAMPLE), seed) : [];
  // Where copies of a block differ, all are compared: so it is known which is right.
  const twice = new Set(copies.map(({ run }) => run));
  const again = comparable ? blocks.filter((one) => sample.includes(one) || twice.has(one.run)) : [];
  const pool = threads(options.workers ?? defaultWorkers(), labModule());
  let compared = 0;
  const { interruptedBy } = await underWay(
    progress(folder, false, 'blocks', 'computed again'),
    async ({ signal, working, progress }) => {
      progress(0, again.length);
      for (const of of new Set(again.map((one) => one.of))) {
        const here = new Map(again.filter((one) => one.of === of).map((one) => [one.block, one]));
        const how = { pool, cell, seed: spec.seed, of, signal, working };
        await computeBlocks([...here.keys()], how, (block, made) => {
          const { run } = here.get(block)!;
          for (const one of [here.get(block)!, ...copies.filter((copy) => copy.run === run)])
            findings.push(...blockDifference(one, made));
          progress(++compared, again.length);
        });
      }
    },
  );
  const whole = comparable && findings.length === 0 && interruptedBy === null;
  const tables = whole ? tableStates(folder, spec) : [];
  for (const { finding } of tables) if (finding) findings.push(finding);
  return tell(
    {
      folder,
      things: 'blocks',
      ...read,
      comparable,
      findings,
      runs: blocks.length,
      expected: null,
      sample: sampleReport(sample.length, blocks.length, seed, compared),
      again: again.length,
      table: tables.map(({ says }) => says).join('; ') || null,
      stopped: interruptedBy,
    },
    options,
  );
}

/** The tables of components held against the blocks, as far as there are enough of them for one. */
const tableStates = (folder: string, spec: Spec): ReturnType<typeof heldAgainst>[] =>
  splitsOf(folder).flatMap((split) => {
    const file = join(folder, `${nameOf(split)}.csv`);
    if (!existsSync(file)) return [];
    try {
      const { made, whole } = splitAgain(folder, spec, split);
      return [heldAgainst(file, tableOf([[split, made]]), whole)];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
