/** What a search costs against the grid of the published map at the same precision of log ‖mu‖*, n = 20, d = 10^4. */
import { fallingCrossing } from '../../src/core/contours.ts';
import { crossingNear, type CurvePoint } from '../../src/core/level-curve.ts';
import { log } from '../../src/core/special.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { Boundary } from '../../src/sweeps/boundary.ts';
import { kou } from './studies.ts';

export interface Cost {
  /** lines per shift of the test error's estimator */
  readonly lines: number;
  readonly precision: number;
  readonly levels: readonly number[];
  /** mean over searches */
  readonly search: number;
  readonly searchSe: number;
  /** runs of a grid that is read as maps are: a line through eight columns */
  readonly grid: number;
  /** runs of a grid that is read by the search's own curve, in the window of the search */
  readonly gridByCurve: number;
}

const LINES = [16, 4] as const;
const PRECISIONS = [0.015, 0.005] as const;
const LEVELS = [[0.05], [0.2], [0.35], [0.05, 0.2, 0.35]] as const;
/** Runs of each of the grid's columns from which its precision is computed. */
const RUNS = 300;
/** Searches, by precision; seeds from FIRST on. */
const SEARCHES: Readonly<Record<number, number>> = { 0.015: 200, 0.005: 30 };
const FIRST = 100_000;
/** Columns of the grid's line on either side of the crossing. */
const REACH = 4;
/** Runs at either end of that line, for its slope: known to 2 % or so. */
const SLOPE_RUNS = 6000;
/**
 * The window of a search at these precisions, in log ‖mu‖: 0.5 and 0.29 in the curve's argument, over its steepness of
 * about 1.38.
 */
const WINDOW: Readonly<Record<number, number>> = { 0.015: 0.36, 0.005: 0.21 };

const input = (lines: number, mu: unknown): Record<string, unknown> =>
  kou({ n: 20 }, { 'data.d': [1e4], 'data.mu': mu }, { network: { m: 10 }, test: { lines } });

export function costs(): Cost[] {
  return LINES.flatMap((lines) => {
    const columns = [...cells(specFrom(input(lines, { from: 0.1, to: 9.9, step: 0.1 }), 'grid'))].map((cell) => ({
      mu: cell.data.mu,
      values: Array.from({ length: RUNS }, (_, replicate) => runCell(cell, 7, replicate).values.testErrorClean!),
    }));
    const total = columns.length * RUNS;
    const read = columns.map(({ mu, values }) => ({ mu, ...meanAndSe(values) }));
    const points = columns.map(({ mu, values }, k): CurvePoint => ({
      k,
      x: log(mu),
      runs: values.map((value) => ({ value, control: 0 })),
    }));
    const crossingAt = (level: number): number =>
      log(
        fallingCrossing(
          read.map(({ mu }) => mu),
          read.map(({ mean }) => mean),
          read.map(({ se }) => se),
          level,
          REACH,
        )!.x,
      );
    const byCurve = (level: number, window: number): number => {
      const place = crossingAt(level);
      const inside = points.filter(({ x }) => Math.abs(x - place) <= window);
      return crossingNear(points, { level, floor: 0 }, { place, steepness: 1.38 }, () => [
        inside[0]!.k,
        inside.at(-1)!.k,
      ]).crossing!.se;
    };
    // The mean of the eight columns over the slope, which many runs at both ends of the line give: the columns' own is
    // not known well enough.
    const byLine = new Map<number, number>(
      [...new Set(LEVELS.flat())].map((level) => {
        const first = read.findIndex(({ mu }) => log(mu) > crossingAt(level)) - REACH;
        const line = read.slice(first, first + 2 * REACH);
        const [low, high] = [...cells(specFrom(input(lines, [line[0]!.mu, line.at(-1)!.mu]), 'slope'))].map((cell) => ({
          x: log(cell.data.mu),
          ...meanAndSe(
            Array.from({ length: SLOPE_RUNS }, (_, replicate) => runCell(cell, 8, replicate).values.testErrorClean!),
          ),
        }));
        const slope = (high!.mean - low!.mean) / (high!.x - low!.x);
        return [level, Math.sqrt(line.reduce((sum, { se }) => sum + se * se, 0)) / line.length / -slope];
      }),
    );
    return PRECISIONS.flatMap((precision) =>
      LEVELS.map((levels): Cost => {
        const runs = Array.from({ length: SEARCHES[precision]! }, (_, seed) =>
          searchRuns(lines, levels, precision, FIRST + seed),
        );
        const { mean, se } = meanAndSe(runs);
        const most = (seOf: (level: number) => number): number =>
          Math.max(...levels.map((level) => total * (seOf(level) / precision) ** 2));
        return {
          lines,
          precision,
          levels,
          search: mean,
          searchSe: se,
          grid: most((level) => byLine.get(level)!),
          gridByCurve: most((level) => byCurve(level, WINDOW[precision]!)),
        };
      }),
    );
  });
}

function searchRuns(lines: number, levels: readonly number[], precision: number, seed: number): number {
  const spec = specFrom({ ...input(lines, [0.1, 9.9]), seed }, 'search');
  const boundary = new Boundary(spec, {
    along: 'data.mu',
    over: 'data.d',
    of: 'testErrorClean',
    levels,
    seOfLog: precision,
  });
  for (let jobs = boundary.next(); jobs.length > 0; jobs = boundary.next())
    for (const { cell, replicate } of jobs) boundary.add(runCell(cell, seed, replicate));
  return boundary.runs;
}
