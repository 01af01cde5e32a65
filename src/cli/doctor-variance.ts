/** `benign doctor DIR` of a variance folder: is every block what its cell, seed and number give? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { buildCell } from '../experiments/cell.ts';
import { SCIENCE } from '../experiments/record.ts';
import { observablesOf } from '../experiments/series.ts';
import type { Spec } from '../experiments/spec.ts';
import type { SymbolId } from '../notation.ts';
import { computeBlocks } from '../sweeps/blocks.ts';
import { eachBlock, observedIn } from '../sweeps/node/blocks.ts';
import { sampleOf, type Finding } from '../sweeps/node/inspect.ts';
import { threads } from '../sweeps/node/threads.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { SAMPLE, sampleReport, words, type DoctorOptions } from './doctor-words.ts';
import { defaultWorkers } from './options.ts';
import { progress } from './progress.ts';
import { heldAgainst } from './table-state.ts';
import { underWay } from './under-way.ts';
import { nameOf, splitAgain, splitsOf, tableOf } from './variance-call.ts';

interface Stored {
  /** observable and number, by which the sample is drawn */
  readonly run: string;
  readonly of: SymbolId;
  readonly block: number;
  readonly values: readonly number[];
  readonly where: string;
}

interface Read {
  lines: number;
  readonly harmless: Finding[];
  readonly findings: Finding[];
  /** the first copy of each, and copies that differ from it */
  readonly blocks: Map<string, Stored>;
  readonly copies: Stored[];
  /** that of the first line */
  science: number | undefined;
}

export async function doctorVariance(folder: string, spec: Spec, options: DoctorOptions): Promise<number> {
  const cell = buildCell(spec.values);
  const read = readAll(folder, observablesOf(cell));
  const { lines, harmless, science, copies } = read;
  const findings = [...read.findings];
  const blocks = [...read.blocks.values()];
  if (lines === 0) throw new UserError(messages.blocksOfFolder(folder));
  const comparable = science === SCIENCE;
  const seed = options.seed ?? 1;
  const sample = comparable ? sampleOf(blocks, options.all ? Infinity : (options.sample ?? SAMPLE), seed) : [];
  // Where copies of a block differ, all are compared: so it is known which is right.
  const twice = new Set(copies.map(({ run }) => run));
  const again = comparable ? blocks.filter((one) => sample.includes(one) || twice.has(one.run)) : [];
  const pool = threads(options.workers ?? defaultWorkers());
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
            findings.push(...difference(one, made));
          progress(++compared, again.length);
        });
      }
    },
  );
  const interrupted = interruptedBy !== null;
  const tables = comparable && findings.length === 0 && !interrupted ? tableStates(folder, spec.seed) : [];
  for (const { finding } of tables) if (finding) findings.push(finding);
  const ok = findings.length === 0;
  const report = {
    v: 1,
    folder,
    lines,
    runs: blocks.length,
    expected: null,
    science: science ?? null,
    passedOver: harmless,
    findings,
    sample: sampleReport(sample.length, blocks.length, seed, compared),
    table: tables.map(({ says }) => says).join('; ') || null,
    interrupted,
    ok: ok && comparable && !interrupted,
  };
  if (options.json) printJson(report);
  else for (const line of words(report, { harmless, science }, 'blocks')) say(line);
  if (interrupted) note(`interrupted: ${compared} of ${again.length} blocks were computed again`);
  return interruptedBy ?? (ok ? (comparable ? EXIT.ok : EXIT.undecided) : EXIT.checkFailed);
}

/** Every line of every file of blocks. @param known observables of the cell */
function readAll(folder: string, known: readonly SymbolId[]): Read {
  const read: Read = { lines: 0, harmless: [], findings: [], blocks: new Map(), copies: [], science: undefined };
  for (const name of observedIn(folder)) {
    const of = name as SymbolId;
    eachBlock(folder, of, (found, where, text, ended) => {
      read.lines++;
      if (!found) {
        if (text === '') read.harmless.push({ where, reason: 'empty', says: '' });
        // What a kill tore stands in the midst once the folder has gone on.
        else if (!ended || !isJson(text)) read.harmless.push({ where, reason: 'torn', says: '' });
        else read.findings.push({ where, reason: 'foreign', says: 'it is no block of eight values' });
        return;
      }
      read.science ??= found.science;
      if (found.science !== read.science)
        read.findings.push({
          where,
          reason: 'science',
          says: `of science version ${found.science}, not ${read.science}`,
        });
      else if (!known.includes(of))
        read.findings.push({ where, reason: 'cell', says: `${name} is no observable of its cell` });
      else {
        const one = { run: `${of} ${found.block}`, of, block: found.block, values: found.values, where };
        const first = read.blocks.get(one.run);
        if (!first) read.blocks.set(one.run, one);
        else if (one.values.some((value, at) => !Object.is(value, first.values[at]))) {
          read.copies.push(one);
          read.findings.push({ where, reason: 'twice', says: `block ${one.block}, first at ${first.where}` });
        }
      }
    });
  }
  return read;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function difference({ where, block, values }: Stored, made: readonly number[]): Finding[] {
  const other = values.flatMap((value, at) =>
    Object.is(value, made[at]) ? [] : [`value ${at + 1} of 8 is ${value}, not ${made[at]}`],
  );
  if (other.length === 0) return [];
  const more = other.length > 3 ? `, and ${other.length - 3} more` : '';
  return [{ where, reason: 'bits', says: `block ${block}: ${other.slice(0, 3).join(', ')}${more}` }];
}

/** The tables of components held against the blocks, as far as there are enough of them for one. */
const tableStates = (folder: string, seed: number): ReturnType<typeof heldAgainst>[] =>
  splitsOf(folder).flatMap((split) => {
    const file = join(folder, `${nameOf(split)}.csv`);
    if (!existsSync(file)) return [];
    try {
      const { made, whole } = splitAgain(folder, seed, split);
      return [heldAgainst(file, tableOf([[split, made]]), whole)];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
