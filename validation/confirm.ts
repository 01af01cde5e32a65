/**
 * Confirmation with fresh seeds.
 *
 *     npm run confirm -- list                 studies, and what stands in the ledger
 *     npm run confirm -- register STUDY...    appends rows to validation/confirmation.csv; commit them
 *     npm run confirm -- run                  makes the runs of all rows without a result and fills it in
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { together, type Word } from '../src/core/verdict.ts';
import { SCIENCE } from '../src/experiments/record.ts';
import {
  alphaOf,
  complaints,
  HEADER,
  nextBlock,
  readLedger,
  RESERVED,
  writeLedger,
  type Row,
} from './confirmation/ledger.ts';
import { boundsAgree, boundText, definitionHash, judge, type Study } from './confirmation/study.ts';
import { CONFIRMATIONS } from './confirmation-studies.ts';

export const LEDGER = join('validation', 'confirmation.csv');

/** A sentence for whoever starts the tool. */
class Refusal extends Error {}

/** @throws Error with git's own words */
export const git = (root: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

function succeeds(root: string, ...args: string[]): boolean {
  try {
    git(root, ...args);
    return true;
  } catch {
    return false;
  }
}

const readRows = (root: string): Row[] => {
  const file = join(root, LEDGER);
  return readLedger(existsSync(file) ? readFileSync(file, 'utf8') : HEADER);
};
const writeRows = (root: string, rows: readonly Row[]): void => writeFileSync(join(root, LEDGER), writeLedger(rows));
const hashesOf = (studies: readonly Study[]): Map<string, string> =>
  new Map(studies.map((study) => [study.id, definitionHash(study)]));

/** Files that are not as HEAD has them, untracked ones too. */
const changed = (root: string): string[] =>
  git(root, 'status', '--porcelain')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().replace(/^\S+\s+/, ''));

function checked(rows: readonly Row[], studies: readonly Study[]): void {
  const wrong = complaints(rows, hashesOf(studies));
  if (wrong.length > 0) throw new Refusal(wrong.join('\n'));
}

/** Appends a row for each study, in this order. @throws Error for unknown ones, and for code that is not committed */
export function register(root: string, studies: readonly Study[], ids: readonly string[]): Row[] {
  if (ids.length === 0) throw new Refusal(`register takes ids of studies: ${studies.map(({ id }) => id).join(', ')}`);
  const chosen = ids.map((id) => {
    const study = studies.find((one) => one.id === id);
    if (!study) throw new Refusal(`${id} is no study; there are ${studies.map((one) => one.id).join(', ')}`);
    if (!boundsAgree(study)) throw new Refusal(`${id}: its bounds are not those of the check that judges it`);
    return study;
  });
  const dirty = changed(root).filter((path) => path !== LEDGER);
  if (dirty.length > 0) throw new Refusal(`the commit must be that of the code: commit ${dirty.join(', ')} first`);
  const rows = readRows(root);
  checked(rows, studies);
  const commit = git(root, 'rev-parse', 'HEAD');
  for (const study of chosen)
    rows.push({
      first: nextBlock(rows),
      study: study.id,
      bound: boundText(study.bounds),
      spec: definitionHash(study),
      commit,
      result: null,
    });
  writeRows(root, rows);
  return rows;
}

/**
 * Fills in the results of all rows that have none, one after the other.
 *
 * @throws Error for a tree that is not committed, rows whose commit is no ancestor, studies that changed
 */
export async function run(
  root: string,
  studies: readonly Study[],
  say: (text: string) => void = () => undefined,
): Promise<Row[]> {
  const dirty = changed(root);
  if (dirty.length > 0) throw new Refusal(`what runs must be committed: ${dirty.join(', ')} is not`);
  const rows = readRows(root);
  checked(rows, studies);
  const ran = git(root, 'rev-parse', 'HEAD');
  const waiting = rows.filter(({ result }) => result === null);
  for (const { study, commit } of waiting) {
    if (!succeeds(root, 'merge-base', '--is-ancestor', commit, ran))
      throw new Refusal(`${study}: it was registered at ${commit}, which is no ancestor of ${ran}`);
    if (!studies.some(({ id }) => id === study)) throw new Refusal(`${study} is registered and there is no such study`);
  }
  for (const row of waiting) {
    const study = studies.find(({ id }) => id === row.study)!;
    const seeds = Array.from({ length: RESERVED.block }, (_, i) => row.first + i);
    const folder = join(root, 'out', 'confirmation', String(row.first));
    mkdirSync(folder, { recursive: true });
    const alpha = alphaOf(rows, row);
    const started = performance.now();
    const { runs, value, interval, word } = await judge(study, seeds, folder, alpha);
    const result = {
      ran,
      science: SCIENCE,
      runs,
      value,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      alpha,
      word,
    };
    rows[rows.indexOf(row)] = { ...row, result };
    writeRows(root, rows);
    say(`${sentence({ ...row, result })} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  }
  return rows;
}

const short = (x: number | null): string => (x === null ? '?' : String(Number(x.toPrecision(4))));

function sentence({ first, study, bound, result }: Row): string {
  const what = result
    ? `${result.word}: ${short(result.value)} [${short(result.low)}, ${short(result.high)}], ${result.runs} runs`
    : 'waits for its runs';
  return `${first} ${study} in ${bound}: ${what}`;
}

const EXIT: Readonly<Record<Word, number>> = { holds: 0, fails: 3, undecided: 4 };

async function main([command, ...ids]: readonly string[]): Promise<number> {
  const root = process.cwd();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  switch (command) {
    case 'list':
      for (const { id, says, bounds } of CONFIRMATIONS) say(`${id}: ${says}; bound ${boundText(bounds)}`);
      for (const row of readRows(root)) say(sentence(row));
      return 0;
    case 'register':
      for (const row of register(root, CONFIRMATIONS, ids).slice(-ids.length)) say(sentence(row));
      say(`commit ${LEDGER}, then: npm run confirm -- run`);
      return 0;
    case 'run': {
      const before = readRows(root)
        .filter(({ result }) => result === null)
        .map(({ first }) => first);
      const rows = await run(root, CONFIRMATIONS, say);
      if (before.length === 0) say('no row waits for its runs');
      else say(`commit ${LEDGER}: failures stay listed`);
      const words = rows.flatMap(({ first, result }) => (before.includes(first) && result ? [result.word] : []));
      return words.length === 0 ? 0 : EXIT[together(words)];
    }
    default:
      throw new Refusal('confirm takes list, register STUDY... or run');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`confirm: ${error.message}\n`);
    process.exitCode = 1;
  }
}
