/**
 * Whether a line can have been left by a run: its form, the range of each number (notation.ts has them), its id, and
 * what its numbers must be to each other. A changed digit that none of this notices is found by running it again alone
 * (`benign doctor`). `record-read.ts` has the short way for the lines that are as a run writes them.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { flipBounds, meanFlip } from '../core/flip-laws.ts';
import { cameAs, messages, shown } from '../errors.ts';
import { describeRange, inRange, PARAMETERS, SYMBOLS, type Range, type SymbolEntry } from '../notation.ts';
import type { Fault } from './passed-over.ts';
import { OUTCOMES, RECORD_VERSION, type RunRecord } from './record.ts';
import { standardEngine } from './standard-engine.ts';

const KEYS = ['v', 'run', 'cell', 'seed', 'replicate', 'engine', 'science', 'outcome', 'steps', 'values'] as const;
export const natural: Range = { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true };
/** What an observable's own arithmetic may round: no more is allowed beyond a range or a relation. */
const ROUNDING = 1e-9;

type Plain = Readonly<Record<string, unknown>>;
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The record that a line holds, or what is wrong with it, looked at closely. @param text without the line end */
export function examined(text: string): RunRecord | Fault {
  if (text.trim() === '') return { reason: 'empty' };
  let record: unknown;
  try {
    record = JSON.parse(text) as unknown;
  } catch {
    return { reason: 'foreign', says: 'it is not JSON' };
  }
  const fault = faultOf(record);
  if (fault) return fault;
  // A number in other digits than a run writes: JSON has one way to write it here, but for spaces.
  const again = JSON.stringify(record);
  if (again !== text && again !== text.replace(/\s+/g, ''))
    return { reason: 'rewritten', says: `from character ${1 + firstDifference(again, text)} on` };
  return record as RunRecord;
}

export const isFault = (line: RunRecord | Fault): line is Fault => 'reason' in line;

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** What is wrong with a record; undefined: a run can have left it. */
export function faultOf(record: unknown): Fault | undefined {
  if (!isPlain(record) || !('run' in record || 'values' in record)) return { reason: 'foreign' };
  if (record.v !== RECORD_VERSION && Number.isInteger(record.v) && (record.v as number) > RECORD_VERSION)
    return { reason: 'format', says: `v: ${shown(record.v)}` };
  const form = wrongForm(record);
  if (form !== undefined) return { reason: 'form', says: form };
  const whole = record as unknown as RunRecord;
  const range = outOfRange(whole);
  if (range !== undefined) return { reason: 'range', says: range };
  if (whole.run !== `${idOf(whole.cell)}-${whole.replicate}`)
    return {
      reason: 'id',
      says: `run is ${shown(whole.run)}, and cell and replicate give ${idOf(whole.cell)}-${whole.replicate}`,
    };
  const contradiction = contradictionIn(whole, parameter(whole.cell, 'data.n'), flipsOf(whole.cell));
  return contradiction === undefined ? undefined : { reason: 'contradiction', says: contradiction };
}

/** Keys and types. */
function wrongForm(record: Plain): string | undefined {
  for (const key of KEYS) if (!(key in record)) return `${key} is missing`;
  for (const key in record)
    if (key !== 'series' && !(KEYS as readonly string[]).includes(key)) return `${shown(key)} is no key of a record`;
  if (record.v !== RECORD_VERSION) return messages.mustBe('v', String(RECORD_VERSION), record.v);
  if (typeof record.run !== 'string') return messages.mustBe('run', 'a text', record.run);
  if (!isPlain(record.cell)) return messages.mustBe('cell', 'a mapping', record.cell);
  for (const key of ['seed', 'replicate', 'steps', 'science'] as const)
    if (typeof record[key] !== 'number') return messages.mustBeNumber(key, describeRange(natural), record[key]);
  const engine = record.cell.engine ?? standardEngine(isPlain(record.cell.data) ? record.cell.data : {});
  if (record.engine !== engine) return messages.mustBe('engine', `that of the cell, ${String(engine)}`, record.engine);
  if (!(OUTCOMES as readonly unknown[]).includes(record.outcome))
    return messages.mustBe('outcome', `one of ${OUTCOMES.join(', ')}`, record.outcome);
  if (!isPlain(record.values)) return messages.mustBe('values', 'a mapping', record.values);
  for (const id in record.values) {
    if (!measured(id)) return unknownObservable('values', id);
    if (typeof record.values[id] !== 'number')
      return `values.${id}: must be a number, got ${cameAs(record.values[id])}`;
  }
  return record.series === undefined ? undefined : wrongSeries(record.series);
}

function wrongSeries(series: unknown): string | undefined {
  if (!isPlain(series)) return messages.mustBe('series', 'a mapping', series);
  const steps = series.step;
  if (!Array.isArray(steps)) return 'series.step is missing';
  for (const id in series) {
    if (!measured(id)) return unknownObservable('series', id);
    const list = series[id];
    if (!Array.isArray(list)) return messages.mustBe(`series.${id}`, 'a list', list);
    if (list.length !== steps.length)
      return `series.${id}: must have as many entries as series.step, ${steps.length}, got ${list.length}`;
    for (const value of list)
      if (typeof value !== 'number' && (value !== null || id === 'step'))
        return `series.${id}: must hold numbers, got ${cameAs(value)}`;
  }
  return undefined;
}

/** Of an observable its range, null for any finite number; undefined for another name. */
function measured(id: string): { readonly range: Range | undefined } | undefined {
  const entry = Object.hasOwn(SYMBOLS, id) ? (SYMBOLS as Readonly<Record<string, SymbolEntry>>)[id] : undefined;
  return entry?.kind === 'measured' ? { range: entry.range } : undefined;
}

const unknownObservable = (room: string, id: string): string =>
  messages.unknownKey(
    `${room}.${id.slice(0, 60)}`,
    id.slice(0, 60),
    Object.keys(SYMBOLS).filter((one) => measured(one)),
  );

function outOfRange(record: RunRecord): string | undefined {
  const { seed, replicate, steps, science, values, series } = record;
  for (const [path, value] of Object.entries({ seed, replicate, science }))
    if (!inRange(value, natural)) return messages.mustBeNumber(path, describeRange(natural), value);
  const most = parameter(record.cell, 'training.maxSteps');
  const upToMost = { ...natural, max: most };
  if (!inRange(steps, upToMost)) return messages.mustBeNumber('steps', describeRange(upToMost), steps);
  for (const [id, value] of Object.entries(values)) {
    const { range } = measured(id)!;
    if (!within(value, range)) return messages.mustBeNumber(`values.${id}`, range ? describeRange(range) : '', value);
  }
  let last = -1;
  for (const step of (series?.step ?? []) as readonly number[]) {
    if (!(inRange(step, upToMost) && step > last))
      return `series.step: must rise from 0 to at most ${most}, got ${shown(step)} after ${last < 0 ? 'nothing' : last}`;
    last = step;
  }
  for (const [id, list] of Object.entries(series ?? {})) {
    const { range } = measured(id)!;
    for (const value of list)
      if (value !== null && !within(value, range))
        return messages.mustBeNumber(`series.${id}`, range ? describeRange(range) : '', value);
  }
  return undefined;
}

/** Whether a record may hold the value of an observable with this range; undefined: any finite number. */
export function within(value: number, range: Range | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (!range || inRange(value, range)) return true;
  return !range.integer && value >= range.min - ROUNDING && value <= range.max + ROUNDING;
}

/** A number of a record's cell, which leaves defaults out; NaN where it has none. */
export function parameter(
  cell: RunRecord['cell'],
  path: 'training.maxSteps' | 'data.n' | 'data.sigmaY' | `data.${'flip' | 'flipTilt' | 'positive'}`,
): number {
  const [room, key] = path.split('.') as [string, string];
  const { entry } = PARAMETERS.get(path)!;
  const value = (cell[room] as Plain | undefined)?.[key] ?? entry.default;
  return typeof value === 'number' ? value : NaN;
}

/** Ids by the text of the cell: the runs of a cell come one after the other, or all cells in turns. */
const ids = new Map<string, string>();
/** About 10 MB. */
const MOST_IDS = 20_000;

/** The head of the hash of the cell as it stands: a record has it in its canonical form. */
function idOf(cell: RunRecord['cell']): string {
  const text = JSON.stringify(cell);
  let id = ids.get(text);
  if (id === undefined) {
    if (ids.size >= MOST_IDS) ids.clear();
    ids.set(text, (id = idOfText(text)));
  }
  return id;
}

/** The same from the cell's text, of which nothing is kept. */
export const idOfText = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);

/** Flip probabilities of a record's cell: the mean, the least and the most; and whether its labels are real. */
export function flipsOf({ data }: RunRecord['cell']): Flips {
  const { flipLaw = '' } = (data ?? {}) as { readonly flipLaw?: string };
  const [flip, flipTilt, positive] = (['data.flip', 'data.flipTilt', 'data.positive'] as const).map((path) =>
    parameter({ data }, path),
  ) as [number, number, number];
  const flips = { flip, flipLaw, flipTilt, positive };
  return { p: meanFlip(flips), ...flipBounds(flips), real: parameter({ data }, 'data.sigmaY') > 0 };
}

interface Flips {
  readonly p: number;
  readonly least: number;
  readonly most: number;
  /** no sign says then whether a label is fitted */
  readonly real: boolean;
}

/** What follows from other numbers of the record, whatever was learned. @param n points */
export function contradictionIn(
  { outcome, values }: Pick<RunRecord, 'outcome' | 'values'>,
  n: number,
  { p, least, most, real }: Flips,
): string | undefined {
  const { testError, testErrorClean, zeroOutput = 0, trainError, marginMin, marginMax, flipped } = values;
  if (testError !== undefined && testErrorClean !== undefined) {
    // Each wrong point adds 1 - 2p(x), and p(x) more where f = 0: its p(x) is p, or lies between two bounds.
    const low = p + (1 - 2 * most) * testErrorClean + least * zeroOutput;
    const high = p + (1 - 2 * least) * testErrorClean + most * zeroOutput;
    if (!(testError >= low - ROUNDING && testError <= high + ROUNDING))
      return `testError is ${testError}, and p, testErrorClean and zeroOutput give ${low === high ? low : `${low} to ${high}`}`;
  }
  if (trainError !== undefined && !(Math.abs(trainError * n - Math.round(trainError * n)) <= ROUNDING * n))
    return `trainError is ${trainError}, no share of ${n} labels`;
  if (flipped !== undefined && flipped > n) return `flipped is ${flipped}, of ${n} labels`;
  if (outcome === 'diverged')
    // Some outputs may be beyond the floating-point range, and the margins are those of the others.
    return testError !== undefined || testErrorClean !== undefined ? 'a diverged run has no test error' : undefined;
  if (!real && trainError !== undefined && outcome === 'interpolated' && trainError !== 0)
    return `the outcome is interpolated, and trainError ${trainError}`;
  if (!real && trainError !== undefined && marginMin !== undefined && (trainError === 0) !== marginMin > 0)
    return `trainError is ${trainError}, and the smallest margin ${marginMin}`;
  if (marginMin !== undefined && marginMax !== undefined && marginMin > marginMax)
    return `marginMin is ${marginMin}, more than marginMax ${marginMax}`;
  return undefined;
}
