/** What `compare` answers: two results side by side, as a table, in lines, in a sentence and as a picture. */
import type { Field, Frame } from '../experiments/frame.ts';
import { intervalColumns } from '../experiments/frame.ts';
import { coordinates } from '../experiments/spec.ts';
import type { Table } from '../experiments/table.ts';
import { curve } from '../figures/curve.ts';
import type { Figure } from '../figures/figure.ts';
import { heatMap } from '../figures/heat-map.ts';
import { messages, UserError } from '../errors.ts';
import { SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';
import { sourced } from '../reproduction/caption.ts';
import { compare, nameOf, type Compared } from '../verification/compare.ts';

const glyph = ({ of }: Compared): string => (SYMBOLS as Record<string, SymbolEntry>)[of]?.glyph ?? of;
const short = (x: number): string => x.toPrecision(3);
const range = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `[${short(low)}, ${short(high)}]`;

/** @param names of the two sides @throws UserError where no cells have the same coordinates */
export function compared(
  [a, b]: readonly [Frame, Frame],
  names: readonly [string, string],
  of: SymbolId,
  within: number | null,
): Compared {
  const found = compare(a, b, of, within);
  if (!found) throw new UserError(messages.nothingInCommon(...names, axesOf(a), axesOf(b)));
  return found;
}

const axesOf = ({ spec }: Frame): string =>
  spec.axes.map(({ path, values }) => `${path} of ${values.length} values`).join(', ') || 'no axes';

const COLUMNS = ['A', 'B', 'difference', 'differenceSe', 'differenceLow', 'differenceHigh', 'runsA', 'runsB', 'paired'];

export function compareTable({ cells }: Compared): Table {
  const axes = Object.keys(cells[0]!.at);
  return {
    columns: [...axes.map((path) => path.split('.').at(-1)!), ...COLUMNS],
    rows: cells.map(({ at, ofA, ofB, difference, runs, paired }): Field[] => [
      ...Object.values(at),
      ofA,
      ofB,
      difference?.value ?? null,
      difference?.se ?? null,
      difference?.interval.low ?? null,
      difference?.interval.high ?? null,
      ...runs,
      paired,
    ]),
  };
}

/** The verdict and what it rests on. */
export function compareSentence(compared: Compared): string {
  const { cells, within, word, comparison, finds } = compared;
  const what = glyph(compared);
  const count = cells.length === 1 ? 'one cell' : `${cells.length} cells`;
  const known = cells.flatMap(({ difference }) => (difference ? [difference] : []));
  if (known.length === 0)
    return `undecided: a difference of means needs two runs a side, and no pair of cells has them`;
  const higher = known.filter(({ interval }) => interval.low > 0).length;
  const lower = known.filter(({ interval }) => interval.high < 0).length;
  const sides = `${what} of B is higher in ${higher}, lower in ${lower} and not told apart in ${cells.length - higher - lower} of ${count}`;
  const noticed =
    finds === null || finds === 0
      ? ''
      : `; a difference of ${short(finds)} would have been seen in any of them (power .9)`;
  if (compared.stopped)
    return `undecided: ${sides} by intervals for a fixed number of runs, but a precision stopped some of these when they showed enough`;
  if (within === null || comparison === null)
    return word === 'fails'
      ? `they differ: ${sides}${noticed}`
      : `not told apart: ${sides}${noticed}. To hear that they agree, name a margin: --within`;
  const runs = comparison.power.runs;
  const advice =
    word === 'undecided' && runs !== undefined
      ? `; ${runs === null ? 'no number of runs can be named' : `about ${runs} runs in all at the widest cell would decide`}`
      : '';
  return `${word}: "they agree to within ${within} in ${count}"; ${sides}${noticed}${advice}`;
}

/** All of it as data. @param names of the two sides */
export const compareReport = (found: Compared, [a, b]: readonly [string, string]): object => ({
  v: 1,
  a,
  b,
  ...found,
  sentence: compareSentence(found),
});

/** @param names of the two sides */
export function compareLines(compared: Compared, names: readonly [string, string]): string[] {
  const { cells, settings, alone } = compared;
  const without = (['A', 'B'] as const).flatMap((side, at) =>
    alone[at]! > 0 ? [`${alone[at]} of ${cells.length + alone[at]!} cells of ${side}`] : [],
  );
  const paired = cells.filter((cell) => cell.paired).length;
  const how =
    paired === cells.length
      ? 'run by run, as both see the same draws'
      : paired === 0
        ? 'means of independent runs'
        : `${paired} of them run by run, the others as means of independent runs`;
  return [
    `A: ${names[0]}`,
    `B: ${names[1]}`,
    settings.length === 0
      ? 'beside the axes nothing differs'
      : `they differ in ${settings.map(({ path, a, b }) => `${path} (${String(a)} and ${String(b)})`).join(', ')}`,
    `${glyph(compared)} of B less that of A in ${cells.length} pair${cells.length === 1 ? '' : 's'} of cells, ${how}; 95 % intervals that hold together`,
    ...(without.length > 0
      ? [`left out, as no cell of the other has their coordinates: ${without.join(', ')}; nothing is said of them`]
      : []),
    '',
    ...cells.map(({ at, ofA, ofB, difference }) => {
      const side = (x: number | null): string => (x === null ? 'none' : short(x));
      const found = difference
        ? difference.se === 0
          ? `${short(difference.value)} in every run`
          : `${short(difference.value)} ${range(difference.interval)}`
        : 'needs two runs a side';
      return `  ${nameOf(at)}: A ${side(ofA)}, B ${side(ofB)}, difference ${found}`;
    }),
    '',
    compareSentence(compared),
  ];
}

/** The differences over the axes that vary; undefined where none is numbers, or there are too many lines. */
export function compareFigure(a: Frame, compared: Compared, names: readonly [string, string]): Figure | undefined {
  const { cells, settings, within } = compared;
  const places = cells.map((cell) => coordinates(a.spec, cell.a));
  const axes = a.spec.axes
    .map((axis, at) => ({ ...axis, values: [...new Set(places.map((place) => place[at]!))] }))
    .filter(({ values }) => values.length > 1);
  const value = `${glyph(compared)}, B − A`;
  const [low, high] = intervalColumns(value);
  const frame = {
    spec: { ...a.spec, axes, precision: undefined },
    columns: {
      ...Object.fromEntries(axes.map(({ name }) => [name, cells.map((cell) => a.columns[name]![cell.a]!)])),
      runs: cells.map(({ runs }) => runs[0] + runs[1]),
      diverged: cells.map(() => 0),
      [value]: cells.map(({ difference }) => difference?.value ?? null),
      [low]: cells.map(({ difference }) => difference?.interval.low ?? null),
      [high]: cells.map(({ difference }) => difference?.interval.high ?? null),
    },
  } as unknown as Frame;
  const options = {
    name: 'compare',
    title: `${glyph(compared)} of B less that of A`,
    subtitle: [
      `A: ${names[0]}, B: ${names[1]}`,
      ...settings.map(({ path, a: one, b: other }) => `${path}: ${String(one)} and ${String(other)}`),
      `intervals: 95 % for all ${cells.length} together${within === null ? '' : `; margin ±${within}`}`,
    ].join(', '),
    value,
  };
  const numeric = axes.filter(({ values }) => values.every((one) => typeof one === 'number'));
  if (numeric.length === 0) return undefined;
  try {
    return sourced(curve(frame, options), a.spec, a.science);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return numeric.length > 1 ? sourced(heatMap(frame, options), a.spec, a.science) : undefined;
  }
}
