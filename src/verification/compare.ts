/**
 * Two results held against each other: where their cells have the same coordinates, by how much one quantity differs.
 * Runs that share their draws are compared run by run, others by their means.
 */
import { meanAndSe } from '../core/statistics.ts';
import { ALPHA, detectable, intervalOf, together, type Interval, type Uncertain, type Word } from '../core/verdict.ts';
import { cellId, CONDITIONAL, valueAt, type Cell, type Value } from '../experiments/cell.ts';
import { overRuns, type Frame } from '../experiments/frame.ts';
import { CELL_PARAMETERS, type SymbolId } from '../notation.ts';
import type { Comparison } from './check.ts';
import { allWithin, type Part } from './judge.ts';

/** One pair of cells with the same coordinates. */
export interface ComparedCell {
  /** places in the two frames */
  readonly a: number;
  readonly b: number;
  /** value of each common axis, by path */
  readonly at: Readonly<Record<string, Value>>;
  /** means over the runs of each side; null where it has none */
  readonly ofA: number | null;
  readonly ofB: number | null;
  /** ours of B less ours of A, with its standard error and degrees of freedom; null where a side lacks a second run */
  readonly difference: (Uncertain & { readonly interval: Interval }) | null;
  /** run by run, as both see the same draws */
  readonly paired: boolean;
  readonly runs: readonly [number, number];
}

/**
 * A parameter that is no axis, counts in one of the cells at least, and is not the same on both sides; of the first pair
 * of cells where it is not.
 */
export interface Differing {
  readonly path: string;
  readonly a: Value;
  readonly b: Value;
}

/** What two results say of each other. */
export interface Compared {
  readonly of: SymbolId;
  /** by how much B may differ and count as equal; null: nothing was named */
  readonly within: number | null;
  /** cells in the order of A; intervals hold together with 95 % */
  readonly cells: readonly ComparedCell[];
  /** how many cells of each side have no partner on the other: nothing is said of them */
  readonly alone: readonly [number, number];
  readonly settings: readonly Differing[];
  /** on "they differ by at most `within` everywhere"; without it on "they do not differ", which cannot hold */
  readonly word: Word;
  /** with the margin: what it can notice, and how many runs would decide */
  readonly comparison: Comparison | null;
  /** a side's number of runs depends on what they gave (`precision`): then nothing is judged */
  readonly stopped: boolean;
  /** largest difference at one cell that might have gone unnoticed, with probability .1 */
  readonly finds: number | null;
}

/** Coordinates of a cell on the axes of either side, as text. */
const placeOf = (cell: Cell, paths: readonly string[]): string =>
  JSON.stringify(paths.map((path) => valueAt(cell, path)));

/** @returns undefined where no cell of one has the coordinates of one of the other */
export function compare(a: Frame, b: Frame, of: SymbolId, within: number | null, alpha = ALPHA): Compared | undefined {
  const paths = [...new Set([...a.spec.axes, ...b.spec.axes].map(({ path }) => path))];
  const places = new Map(b.cells.map((cell, at) => [placeOf(cell, paths), at]));
  const pairs = a.cells.flatMap((cell, at) => {
    const other = places.get(placeOf(cell, paths));
    return other === undefined ? [] : [[at, other] as const];
  });
  if (pairs.length === 0) return undefined;
  const values = [overRuns(a, of), overRuns(b, of)] as const;
  const cells = pairs.map(([one, other]): ComparedCell => {
    const sides = [runsOf(a, values[0], one), runsOf(b, values[1], other)] as const;
    const [cellA, cellB] = [a.cells[one]!, b.cells[other]!];
    const same = cellId(cellA) === cellId(cellB);
    const common = cellA.coupling === 'common' && cellB.coupling === 'common';
    const paired = a.spec.seed === b.spec.seed && (same || common);
    const found = paired ? runByRun(...sides) : byMeans(...sides);
    return {
      a: one,
      b: other,
      at: Object.fromEntries(paths.map((path) => [path, valueAt(cellA, path)])),
      ofA: meanOf(sides[0]),
      ofB: meanOf(sides[1]),
      difference: found && { ...found, interval: intervalOf(found, alpha / pairs.length) },
      paired,
      runs: [sides[0].size, sides[1].size],
    };
  });
  const known = cells.flatMap(({ difference }) => (difference ? [difference] : []));
  const stopped = [a, b].some(({ spec }) => spec.precision !== undefined);
  const comparison = within === null || stopped ? null : heldTo(cells, of, within, alpha);
  const differ = known.some(({ interval }) => interval.low > 0 || interval.high < 0);
  return {
    of,
    within,
    cells,
    alone: [a.cells.length - pairs.length, b.cells.length - pairs.length],
    settings: differing(a, b, pairs, paths),
    word: stopped ? 'undecided' : comparison ? wordOf(comparison) : differ ? 'fails' : 'undecided',
    stopped,
    comparison,
    finds: known.length === 0 ? null : Math.max(...known.map((one) => detectable(one, alpha / cells.length))),
  };
}

function differing(
  a: Frame,
  b: Frame,
  pairs: readonly (readonly [number, number])[],
  axes: readonly string[],
): readonly Differing[] {
  return [...CELL_PARAMETERS.keys()].flatMap((path) => {
    if (axes.includes(path)) return [];
    const conditional = CONDITIONAL.find((one) => one.path === path);
    const at = pairs.find(([one, other]) => {
      const sides = [a.cells[one]!, b.cells[other]!] as const;
      const counts = !conditional || sides.some((cell) => conditional.used(cell));
      return counts && valueAt(sides[0], path) !== valueAt(sides[1], path);
    });
    return at ? [{ path, a: valueAt(a.cells[at[0]]!, path), b: valueAt(b.cells[at[1]]!, path) }] : [];
  });
}

const wordOf = ({ verdict }: Comparison): Word => (verdict === 'not-applicable' ? 'undecided' : verdict);

type Runs = ReadonlyMap<number, number>;

/** Numbers by replicate, of the runs that have one. */
function runsOf({ runs }: Frame, values: Float64Array, cell: number): Runs {
  const found = new Map<number, number>();
  for (let row = runs.start[cell]!; row < runs.start[cell + 1]!; row++)
    if (!Number.isNaN(values[row])) found.set(runs.replicate[row]!, values[row]!);
  return found;
}

const meanOf = (runs: Runs): number | null => (runs.size === 0 ? null : meanAndSe([...runs.values()]).mean);

/** The mean of b - a over the replicates that both have; null of fewer than two. */
function runByRun(a: Runs, b: Runs): Uncertain | null {
  const differences = [...a].flatMap(([replicate, value]) => {
    const other = b.get(replicate);
    return other === undefined ? [] : [other - value];
  });
  if (differences.length < 2) return null;
  const { mean, se } = meanAndSe(differences);
  return { value: mean, se, freedom: differences.length - 1 };
}

/** Difference of two independent means, with the degrees of freedom of Welch (1947). */
function byMeans(a: Runs, b: Runs): Uncertain | null {
  if (a.size < 2 || b.size < 2) return null;
  const [one, other] = [meanAndSe([...a.values()]), meanAndSe([...b.values()])];
  const [u, v] = [one.se ** 2, other.se ** 2];
  const freedom = u + v === 0 ? Infinity : (u + v) ** 2 / (u ** 2 / (a.size - 1) + v ** 2 / (b.size - 1));
  return { value: other.mean - one.mean, se: Math.sqrt(u + v), freedom };
}

function heldTo(cells: readonly ComparedCell[], of: SymbolId, within: number, alpha: number): Comparison {
  const parts = cells.map(({ at, difference, runs }): Part => ({
    name: nameOf(at),
    ...(difference ?? { value: NaN, se: NaN }),
    runs: runs[0] + runs[1],
  }));
  const check = { id: 'compare', says: `${of} of B less that of A is within ±${within}`, basis: 'test' } as const;
  const comparison = allWithin(check, parts, { low: -within, high: within }, alpha, { details: true });
  // Runs that are the same on both sides differ by 0, surely.
  const sure = cells.every(({ difference, paired }) => difference && paired && difference.se === 0);
  return sure && comparison.verdict === 'undecided'
    ? { ...comparison, verdict: together(parts.map(({ value }) => (Math.abs(value) <= within ? 'holds' : 'fails'))) }
    : comparison;
}

/** `d = 100, ‖μ‖ = 2` would need glyphs: paths are plain. */
export const nameOf = (at: ComparedCell['at']): string =>
  Object.entries(at)
    .map(([path, value]) => `${path.split('.').at(-1)} = ${String(value)}`)
    .join(', ') || 'the only cell';

/**
 * Runs on each side with which a difference of two independent means is told with probability POWER.
 *
 * @param sd standard deviation of a run, >= 0
 * @param difference > 0
 * @param alpha of this verdict
 */
export function runsToTell(sd: number, difference: number, alpha: number): number {
  if (sd === 0) return 2;
  const told = (runs: number): boolean =>
    detectable({ value: 0, se: sd * Math.sqrt(2 / runs), freedom: 2 * (runs - 1) }, alpha) <= difference;
  let high = 2;
  while (!told(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (told(middle)) high = middle;
    else low = middle;
  }
  return high;
}
