/**
 * A record from its line. What a run has written is read piece by piece: the text of its cell, which other lines have
 * too, is known from them, and the rest is parsed and held against itself. A line that is not exactly so is looked at
 * closely (record-check.ts), which alone says what is wrong.
 */
import { ofNotation, symbolEntries, inRange, type Range } from '../notation.ts';
import type { Fault } from './passed-over.ts';
import { contradictionIn, examined, flipsOf, idOfText, isPlain, natural, parameter, within } from './record-check.ts';
import { OUTCOMES, RECORD_VERSION, type RunRecord } from './record.ts';
import { standardEngine } from './standard-engine.ts';

/** The record that a line holds, or what is wrong with it. @param text without the line end */
export const readLine = (text: string): RunRecord | Fault => asWritten(text) ?? examined(text);

const HEAD = `{"v":${RECORD_VERSION},"run":"`;
const CELL = '","cell":';
const REST = ',"seed":';
/** Keys behind the cell, in order; a line with series is looked at closely. */
const KEYS = ['seed', 'replicate', 'engine', 'science', 'outcome', 'steps', 'values'] as const;

/** What a cell's text says, whatever the run. */
interface Known {
  readonly cell: RunRecord['cell'];
  readonly id: string;
  readonly engine: unknown;
  readonly maxSteps: number;
  readonly n: number;
  readonly flips: ReturnType<typeof flipsOf>;
}

/** By text: the runs of a cell come one after the other, or all cells in turns. */
const known = new Map<string, Known>();
/** About 20 MB. */
const MOST_KNOWN = 20_000;

/** undefined where a text is no cell as a record holds it. */
function knownBy(text: string): Known | undefined {
  const before = known.get(text);
  if (before) return before;
  const cell = parsed(text);
  if (!isPlain(cell)) return undefined;
  // A text of its own: a piece of the line would keep the whole line in memory.
  const own = JSON.stringify(cell);
  if (own !== text) return undefined;
  const one: Known = {
    cell,
    id: idOfText(own),
    engine: cell['engine'] ?? standardEngine(isPlain(cell['data']) ? cell['data'] : {}),
    maxSteps: parameter(cell, 'training.maxSteps'),
    n: parameter(cell, 'data.n'),
    flips: flipsOf(cell),
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(own, one);
  return one;
}

/** Of every measured symbol its range; null for any finite number. */
const ranges = ofNotation(
  () =>
    new Map<string, Range | null>(
      symbolEntries().flatMap(([id, entry]) => (entry.kind === 'measured' ? [[id, entry.range ?? null]] : [])),
    ),
);

/** The record of a line that has nothing out of place; undefined for every other line. */
function asWritten(text: string): RunRecord | undefined {
  const quote = text.indexOf(CELL);
  const to = text.indexOf(REST, quote);
  if (quote < 0 || to < 0 || !text.startsWith(HEAD)) return undefined;
  const of = knownBy(text.slice(quote + CELL.length, to));
  if (!of) return undefined;
  const rest = `{${text.slice(to + 1)}`;
  const more = parsed(rest) as RunRecord | undefined;
  // JSON has one way to write a record here.
  if (!isPlain(more) || JSON.stringify(more) !== rest) return undefined;
  let at = 0;
  for (const key in more) if (key !== KEYS[at++]) return undefined;
  if (at !== KEYS.length) return undefined;
  const { seed, replicate, engine, science, outcome, steps, values } = more;
  if (!isNatural(seed) || !isNatural(replicate) || !isNatural(science) || !isNatural(steps)) return undefined;
  if (!(steps <= of.maxSteps) || engine !== of.engine || !OUTCOMES.includes(outcome) || !isPlain(values))
    return undefined;
  const run = `${of.id}-${replicate}`;
  if (quote !== HEAD.length + run.length || !text.startsWith(run, HEAD.length)) return undefined;
  const all = ranges();
  for (const id in values) {
    const range = all.get(id);
    const value = (values as Readonly<Record<string, unknown>>)[id];
    if (range === undefined || typeof value !== 'number' || !within(value, range ?? undefined)) return undefined;
  }
  if (contradictionIn({ outcome, values }, of.n, of.flips) !== undefined) return undefined;
  return { v: RECORD_VERSION, run, cell: of.cell, seed, replicate, engine, science, outcome, steps, values };
}

const isNatural = (value: unknown): value is number => typeof value === 'number' && inRange(value, natural);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
