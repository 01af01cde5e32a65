/**
 * The ledger of confirmations, validation/confirmation.csv: statements registered with seeds that nobody has looked at,
 * before the runs, and what came out. Pure: text in, text and complaints out.
 */
import { ALPHA, spentOnLook, type Word } from '../../src/core/verdict.ts';

/** Seeds that no spec, preset or test may use; ten for each row, in order. */
export const RESERVED = { first: 9000, last: 9999, block: 10 } as const;

/** What stands in a row before its runs. */
export interface Registration {
  /** first of the ten seeds */
  readonly first: number;
  readonly study: string;
  /** `[-0.52, -0.48]`, an open end is left out */
  readonly bound: string;
  /** hash of the whole definition of the study, see `definitionHash` */
  readonly spec: string;
  /** of the code, 40 hex digits */
  readonly commit: string;
}

/** What is filled in after them. */
export interface Result {
  /** commit that the runs were made at */
  readonly ran: string;
  readonly science: number;
  readonly runs: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** the interval misses with a probability of at most alpha */
  readonly alpha: number;
  readonly word: Word;
}

export interface Row extends Registration {
  readonly result: Result | null;
}

const COLUMNS = [
  'seeds',
  'study',
  'bound',
  'spec',
  'commit',
  'ran',
  'science',
  'runs',
  'value',
  'low',
  'high',
  'alpha',
  'word',
];
const REGISTERED = 5;
export const HEADER = `${COLUMNS.join(',')}\n`;

const seedsOf = ({ first }: Registration): string => `${first}-${first + RESERVED.block - 1}`;
const quoted = (field: string): string => (field.includes(',') ? `"${field}"` : field);
const number = (x: number | null): string => (x === null ? '' : String(x));

export function writeLedger(rows: readonly Row[]): string {
  return (
    HEADER +
    rows
      .map((row) => {
        const { study, bound, spec, commit, result } = row;
        const after = result
          ? [
              result.ran,
              ...[result.science, result.runs, result.value, result.low, result.high, result.alpha].map(number),
              result.word,
            ]
          : COLUMNS.slice(REGISTERED).map(() => '');
        return `${[seedsOf(row), study, bound, spec, commit, ...after].map(quoted).join(',')}\n`;
      })
      .join('')
  );
}

/** @throws Error for text that `writeLedger` does not write */
export function readLedger(text: string): Row[] {
  if (!text.startsWith(HEADER)) throw new Error(`the ledger must begin with the line ${HEADER.trim()}`);
  const rows = text
    .slice(HEADER.length)
    .split('\n')
    .slice(0, -1)
    .map((line): Row => {
      const fields = [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map(([, field]) => field!.replaceAll('"', ''));
      const [seeds = '', study = '', bound = '', spec = '', commit = '', ran = '', ...rest] = fields;
      const [science, runs, value, low, high, alpha] = rest.map((field) => (field === '' ? null : Number(field)));
      const word = rest[6] ?? '';
      return {
        first: Number(seeds.split('-')[0]),
        study,
        bound,
        spec,
        commit,
        result:
          word === ''
            ? null
            : {
                ran,
                science: science ?? NaN,
                runs: runs ?? NaN,
                value: value ?? null,
                low: low ?? null,
                high: high ?? null,
                alpha: alpha ?? NaN,
                word: word as Word,
              },
      };
    });
  if (writeLedger(rows) !== text) throw new Error('the ledger has a line that is not as the tool writes it');
  return rows;
}

/** The first seed of the next block. @throws Error when none is left */
export function nextBlock(rows: readonly Row[]): number {
  const next = rows.length === 0 ? RESERVED.first : rows.at(-1)!.first + RESERVED.block;
  if (next > RESERVED.last) throw new Error(`the seeds ${RESERVED.first} to ${RESERVED.last} are used up`);
  return next;
}

/**
 * What a row's interval may miss: rows registered at one commit are a look, look j spends ALPHA 6/(pi² j²), and its rows
 * share that. All words of the ledger, however long it grows, are then wrong with a chance of at most ALPHA.
 */
export function alphaOf(rows: readonly Row[], row: Registration): number {
  const looks = [...new Set(rows.map(({ commit }) => commit))];
  const together = rows.filter(({ commit }) => commit === row.commit).length;
  return spentOnLook(ALPHA, looks.indexOf(row.commit) + 1) / together;
}

const WORDS: readonly string[] = ['holds', 'fails', 'undecided'] satisfies Word[];

/** What is wrong with a ledger by itself. @param hashes of the studies that there are, by id */
export function complaints(rows: readonly Row[], hashes: ReadonlyMap<string, string>): string[] {
  return rows.flatMap((row, at): string[] => {
    const name = `row ${at + 1} (${row.study})`;
    const expected = RESERVED.first + at * RESERVED.block;
    const known = hashes.get(row.study);
    const { result } = row;
    return [
      ...(row.first === expected
        ? []
        : [`${name}: its seeds begin at ${row.first}, the next unused ten at ${expected}`]),
      ...(/^[0-9a-f]{40}$/.test(row.commit) ? [] : [`${name}: ${row.commit || 'nothing'} is no commit`]),
      ...(known === undefined || known === row.spec
        ? []
        : [`${name}: the study is not the one that was registered (${row.spec}); give a changed one a new id`]),
      ...(rows.findIndex(({ study, spec }) => study === row.study && spec !== row.spec) < 0
        ? []
        : [`${name}: two definitions of one study`]),
      ...(result === null || WORDS.includes(result.word) ? [] : [`${name}: ${result.word} is no word`]),
      ...(result === null || Math.abs(result.alpha / alphaOf(rows, row) - 1) < 1e-9
        ? []
        : [`${name}: judged at alpha ${result.alpha}, its part is ${alphaOf(rows, row)}`]),
    ];
  });
}

/**
 * What was done to a ledger that may only grow: rows stay, in order; a result comes once, into a row that stood there
 * without one, and stays.
 *
 * @param versions all that were ever committed, the oldest first
 */
export function rewritten(versions: readonly (readonly Row[])[]): string[] {
  const out: string[] = [];
  let before: readonly Row[] = [];
  for (const [at, now] of versions.entries()) {
    const where = `version ${at + 1}`;
    before.forEach((old, i) => {
      const row = now[i];
      if (!row) out.push(`${where}: row ${i + 1} (${old.study}) is gone`);
      else if (writeLedger([{ ...row, result: null }]) !== writeLedger([{ ...old, result: null }]))
        out.push(`${where}: row ${i + 1} (${old.study}) was changed after it was registered`);
      else if (old.result && JSON.stringify(row.result) !== JSON.stringify(old.result))
        out.push(`${where}: the result of row ${i + 1} (${old.study}) was changed`);
    });
    now.slice(before.length).forEach((row, i) => {
      if (row.result)
        out.push(
          `${where}: row ${before.length + i + 1} (${row.study}) has a result and was never registered without one`,
        );
    });
    before = now;
  }
  return out;
}

/** Places in texts that use a reserved seed. @param files text by path */
export function reservedUses(files: ReadonlyMap<string, string>): string[] {
  const use = /(?:--seeds?[ =]|\bseeds?\w*['"`]?\s*[:=({,[][\s[({]*)9\d{3}\b(?![\d.-])/gi;
  return [...files].flatMap(([path, text]) =>
    [...text.matchAll(use)].map(([found]) => `${path}: ${found.replace(/\s+/g, ' ')}`),
  );
}
