/**
 * Runs that were never made: for any check numbers that it must refute, and numbers so noisy that it can say nothing.
 * `PLANTS` has one plant for each kind of check, so that a new kind does not compile without.
 */
import { exp, log, normalQuantile, normalTail } from '../../src/core/special.ts';
import type { Frame } from '../../src/experiments/frame.ts';
import { coordinates, type Spec } from '../../src/experiments/spec.ts';
import { controlSettingOf } from '../../src/experiments/setting.ts';
import { signalAndNoise, valueAt } from '../../src/experiments/cell.ts';
import { Results } from '../../src/experiments/results.ts';
import type { BySymbol, SymbolId } from '../../src/notation.ts';
import { logProduct } from '../../src/theory/transition-laws.ts';
import { controlParameter } from '../../src/core/control-parameter.ts';
import { statement } from '../../src/verification/statement-claim.ts';
import type { Check, PublishedBlocks, Where } from '../../src/verification/check.ts';
import { cellsAt } from '../../src/verification/estimates.ts';
import { recordWith } from './records.ts';

/** beyond: the truth is far beyond the bounds, and known well; noisy: it lies on a bound, or is drowned in noise. */
export type How = 'beyond' | 'noisy';

/** A run's values in a cell. @param z noise of the run, of mean 0 and variance 1, alternating over replicates */
type Values = (at: number, z: number, replicate: number) => Readonly<BySymbol<number>>;

interface Context {
  readonly results: Results;
  readonly how: How;
  readonly runs: number;
}

type Kind = Check['kind'];
type Plant<K extends Kind> = (check: Check & { kind: K }, context: Context) => Values;

/** Relative noise of a run that is known well. */
const QUIET = 1e-3;
const LOUD = 30;

/** Runs a cell. */
const PLANTED_RUNS = { beyond: 30, noisy: 10 } as const;
/** So many that a rank can fail as one of the verdicts of a page with all presets: 2/alpha - 1 are needed. */
const RANKED_RUNS = 40_000;

export const plantedRuns = (check: Check, how: How): number =>
  check.kind === 'rank' && how === 'beyond' ? RANKED_RUNS : PLANTED_RUNS[how];

/** A number beyond bounds, or on one. */
function placed({ atMost, atLeast }: { atMost?: number; atLeast?: number }, how: How): number {
  const bound = atMost ?? atLeast!;
  if (how === 'noisy') return bound;
  const step = 2 * Math.max(Math.abs(bound), 0.01);
  if (atMost !== undefined) return bound + step;
  return bound > 0 ? bound / 2 : bound - step;
}

const noise = (how: How, value: number, z: number): number =>
  value + (how === 'noisy' ? LOUD : QUIET) * Math.max(Math.abs(value), 0.01) * z;

const among = (results: Results, where: Where | undefined): ((at: number) => boolean) => {
  const cells = new Set(cellsAt(results, where));
  return (at) => cells.has(at);
};

const coordinate = (results: Results, at: number, name: string): number => {
  const axis = results.spec.axes.findIndex((one) => one.name === name);
  return coordinates(results.spec, at)[axis] as number;
};

/** Which runs break a claim about a share: one where it is all of them, all where it is not, or just as many as it says. */
function broken(
  cells: readonly number[],
  share: number,
  how: How,
  runs: number,
): (at: number, replicate: number) => boolean {
  const order = new Map(cells.map((at, i) => [at, i]));
  const total = cells.length * runs;
  return (at, replicate) => {
    const number = order.has(at) ? order.get(at)! * runs + replicate : -1;
    if (number < 0) return false;
    if (how === 'beyond') return share < 1 || number === 0;
    return number >= Math.floor(share * total);
  };
}

const range = (results: Results, along: string): [number, number] => {
  const values = (results.spec.axes.find(({ name }) => name === along)!.values as number[]).filter((x) => x > 0);
  return [log(Math.min(...values)), log(Math.max(...values))];
};

/**
 * An error that falls along an axis and is at the level where log of the axis is `place`.
 *
 * @param sign -1: it rises, and `place` is counted from the other end of the axis
 */
const falling =
  (
    results: Results,
    of: SymbolId,
    along: string,
    level: number,
    how: How,
    place: (at: number) => number,
    sign = 1,
  ): Values =>
  (at, z) => {
    const [low, high] = range(results, along);
    const x = log(Math.max(coordinate(results, at, along), exp(-50)));
    const beyond = (sign < 0 ? low + high - x : x) - place(at);
    // a share falls from 1, an error from 1/2
    const error =
      level < 0.5
        ? normalTail(-normalQuantile(level) * exp(2 * beyond))
        : level / (level + (1 - level) * exp(4 * beyond));
    return { [of]: how === 'noisy' ? error + LOUD * z : error * (1 + QUIET * z) };
  };

/** Errors of a map through published places, by straight lines in the column. */
function publishedMap(check: Check & { kind: 'level-sets' }, row: number, column: number): number {
  const { grid, groups, levels } = check;
  const [low, high] = [grid.rowIntervals[0]![0] + 45, grid.rowIntervals[0]![0] + 45 + 100 * (groups - 1)];
  const points = [...levels]
    .sort((a, b) => b.level - a.level)
    .map(({ level, first, last }) => ({
      level,
      x: exp(log(first) + ((log(row) - log(low)) / (log(high) - log(low))) * (log(last) - log(first))),
    }));
  const all = [{ level: 0.5, x: 0 }, ...points, { level: 0.1, x: 2 * points.at(-1)!.x }];
  const right = Math.max(
    1,
    all.findIndex(({ x }) => x >= column) < 0 ? all.length - 1 : all.findIndex(({ x }) => x >= column),
  );
  const [a, b] = [all[right - 1]!, all[right]!];
  return Math.max(0.1, a.level + ((b.level - a.level) * (column - a.x)) / (b.x - a.x));
}

const blockOf = (results: Results, { rowPath, columnPath, rowIntervals, columnIntervals, values }: PublishedBlocks) => {
  const find = (intervals: PublishedBlocks['rowIntervals'], value: number): number =>
    intervals.findIndex(([low, high]) => value >= low && value <= high);
  return (at: number): number | undefined => {
    const cell = results.cells[at]!;
    return values[find(rowIntervals, valueAt(cell, rowPath) as number)]?.[
      find(columnIntervals, valueAt(cell, columnPath) as number)
    ];
  };
};

/** What S is made of. */
const OF_S: ReadonlySet<string> = new Set(['n', 'mu', 'sigmaP', 'd']);

export const PLANTS: { readonly [K in Kind]: Plant<K> } = {
  mean: (check, { how }) => {
    const { published } = check;
    const value = published
      ? published.value + published.within + (how === 'beyond' ? 10 * (published.within + (published.se ?? 0)) : 0)
      : placed(check, how);
    return (_, z) => ({ [check.of]: noise(how, value, z) });
  },
  rank: ({ of, published }, { how }) => {
    const value = how === 'beyond' ? (published > 0.5 ? published - 0.4 : published + 0.4) : published;
    return (_, z) => ({ [of]: noise(how, value, z) });
  },
  excess: (check, { results, how }) => {
    const value = placed(check, how);
    return (at, z) => {
      const cell = results.cells[at]!;
      const S = controlParameter({ ...cell.data, ...signalAndNoise(cell) });
      const inside = S >= check.S[0] && S <= check.S[1];
      return { testError: cell.data.flip + (inside ? noise(how, value, z) : 0) };
    };
  },
  every: ({ of, where, share = 1, ...bounds }, { results, how, runs }) => {
    const cells = cellsAt(results, where);
    const out = placed(bounds, 'beyond');
    const inside = bounds.atMost ?? bounds.atLeast!;
    const bad = broken(cells, share, how, runs);
    return (at, _, replicate) => ({ [of]: bad(at, replicate) ? out : inside });
  },
  same: ({ of, a, within }, { results, how, runs }) => {
    const bad = broken(cellsAt(results, a), 1, how, runs);
    return (at, _, replicate) => ({ [of]: bad(at, replicate) ? 1 + 2 * within : 1 });
  },
  fitted: ({ share = 1 }, { results, how, runs }) => {
    const bad = broken(cellsAt(results, {}), share, how, runs);
    return (at, _, replicate) => ({ trainError: Number(bad(at, replicate)) });
  },
  statement: (check, { results, how }) => {
    // Numbers under which the conditions may hold; then each bounded quantity far beyond its bound, or far within.
    const one = statement(check.statement);
    const guess = (k: number): BySymbol<number> =>
      Object.fromEntries(results.kept.map((id, i) => [id, [1, 1e-6, 1e3, 0][Math.floor(k / 4 ** (i % 4)) % 4]!]));
    const often = Math.round(1 / (1 - (check.share ?? 0)));
    return (at, _, replicate) => {
      const bad = how === 'beyond' || (at + replicate) % often === 0;
      const bounded = one.bounds.map(({ of, side }) => [of, (side === 'upper') === bad ? 1e9 : -1e9] as const);
      return { steps: 1e9, ...guess(replicate), ...Object.fromEntries(bounded) };
    };
  },
  paired: ({ of, a, above, below }, { results, how }) => {
    const here = among(results, a);
    const value = placed(
      { ...(below !== undefined && { atMost: below }), ...(above !== undefined && { atLeast: above }) },
      how,
    );
    return (at, z) => ({ [of]: noise(how, 0.3 + (here(at) ? value : 0), here(at) ? z : -z) });
  },
  ratio: ({ of, a, atMost, atLeast }, { results, how }) => {
    const here = among(results, a);
    const value = how === 'noisy' ? (atMost ?? atLeast!) : atMost !== undefined ? 3 * atMost : atLeast! / 3;
    // neither side above .1: errors are no more than 1
    const [top, bottom] = value > 1 ? [0.1, 0.1 / value] : [0.1 * value, 0.1];
    const loud = how === 'noisy' ? 0.9 : QUIET;
    return (at, z) => ({ [of]: here(at) ? top * (1 + loud * z) : bottom * (1 - QUIET * z) });
  },
  slope: ({ of, along, between: [low, high] }, { results, how }) => {
    const power = how === 'noisy' ? (low + high) / 2 : high + 1;
    return (at, z) => {
      const value = exp(power * log(coordinate(results, at, along)));
      return { [of]: value * (1 + (how === 'noisy' ? 0.9 * Math.cos(at) : QUIET) * z) };
    };
  },
  trend: ({ of, along, direction }, { results, how }) => {
    const axis = results.spec.axes.find(({ name }) => name === along)!;
    return (at, z) => {
      const place = (axis.values as number[]).indexOf(coordinate(results, at, along)) / axis.values.length;
      const wrong = 0.3 + 0.2 * (direction === 'rises' ? -place : place);
      return { [of]: how === 'noisy' ? 1 + LOUD * z * Math.cos(at) : wrong + QUIET * z };
    };
  },
  'level-ratio': ({ of, along, level, a, b, atMost, atLeast }, { results, how }) => {
    const here = among(results, a);
    const [low, high] = range(results, along);
    const far = 0.25 * (high - low);
    // A place by itself is put at the end that is farther from its bounds.
    const above = !b && log(atMost ?? atLeast!) + log(atLeast ?? atMost!) < low + high;
    if (!b) return falling(results, of, along, level, how, () => (above ? high - far : low + far));
    return falling(results, of, along, level, how, (at) =>
      here(at) === (atMost !== undefined) ? high - far : low + far,
    );
  },
  'level-shift': ({ of, along, level, a, c, d }, { results, how }) => {
    const [low, high] = range(results, along);
    const [ofA, ofC, ofD] = [a, c, d].map((where) => among(results, where)) as [
      (at: number) => boolean,
      (at: number) => boolean,
      (at: number) => boolean,
    ];
    const step = (high - low) / 6;
    return falling(results, of, along, level, how, (at) =>
      ofA(at) ? high - step : ofC(at) ? low + 2 * step : ofD(at) ? low + step : low + step,
    );
  },
  collapse: ({ of, along, level, over, atMost, against, where }, { results, how }) => {
    const [low, high] = range(results, along);
    const axis = results.spec.axes.find(({ name }) => name === over)!.values as number[];
    const ofS = Object.keys(against).every((id) => OF_S.has(id));
    if (atMost !== undefined && (axis.length < 3 || !ofS))
      return falling(
        results,
        of,
        along,
        level,
        how,
        (at) => low + (0.2 + 0.6 * (axis.indexOf(coordinate(results, at, over)) % 2)) * (high - low),
      );
    if (atMost === undefined && !ofS) {
      // On the control parameter, as near the middle of the axis as all of them can be.
      const { id } = results.spec.axes.find(({ name }) => name === along)!;
      const home = (at: number): number =>
        log(coordinate(results, at, along)) - logProduct(against, controlSettingOf(results.cells[at]!)) / against[id]!;
      const homes = cellsAt(results, where).map(home);
      const middle = (Math.min(...homes) + Math.max(...homes)) / 2;
      return falling(results, of, along, level, how, (at) => (low + high) / 2 + home(at) - middle);
    }
    return falling(results, of, along, level, how, (at) => {
      const [first, last] = range(results, over);
      const place = (log(coordinate(results, at, over)) - first) / (last - first);
      // scattered over the control parameter, or following `over` as far as the axis goes
      const share = atMost !== undefined ? 0.35 + 0.3 * Math.abs(2 * place - 1) : 0.2 + 0.6 * place;
      return low + share * (high - low);
    });
  },
  'level-slope': ({ of, along, against, level, over, between }, { results, how }) => {
    const { id } = results.spec.axes.find(({ name }) => name === along)!;
    const place = (at: number): number => {
      const [low, high] = range(results, along);
      const [first, last] = range(results, over);
      const share = (log(coordinate(results, at, over)) - first) / (last - first);
      return low + (between[0] < 0 && between[1] <= 0 ? 0.2 + 0.6 * share : 0.8 - 0.6 * share) * (high - low);
    };
    return falling(results, of, along, level, how, place, Math.sign(against[id] ?? 1));
  },
  'block-means': ({ blocks, margin }, { results, how }) => {
    const of = blockOf(results, blocks);
    return (at, z) => ({
      testError: (of(at) ?? 0.3) + (how === 'beyond' ? 10 : 1) * margin.within + QUIET * z,
      trainLoss: 1,
    });
  },
  'block-medians': ({ blocks, factor }, { results, how }) => {
    const of = blockOf(results, blocks);
    return (at, z) => ({
      trainLoss:
        (of(at) ?? 1) *
        (how === 'beyond' ? factor * factor : factor) *
        (how === 'noisy' ? exp((4 * ((at * 7919) % 1000)) / 1000 - 2) : 1 + QUIET * z),
    });
  },
  'level-sets':
    (check, { results, how }) =>
    (at, z) => {
      const { d, mu } = results.cells[at]!.data;
      const wrong = 0.1 + 0.8 * normalTail((mu / 2) ** 2 / (d / 100));
      return { testError: how === 'beyond' ? wrong : publishedMap(check, d, mu) + QUIET * z, trainLoss: 1 };
    },
};

/** Shares of points, of samples or of runs. */
const SHARES: ReadonlySet<string> = new Set([
  'testErrorClean',
  'trainError',
  'trainErrorClean',
  'trainErrorFlipped',
  'maxMarginError',
  'averagingError',
  'minimumNormError',
  'benign',
  'harmful',
  'nonOverfitting',
]);

/** The nearest number that a run of the cell can have: a check is refuted by runs that can be, or not at all. */
function possible(id: string, value: number, flip: number): number {
  const within = (low: number, high: number): number => Math.min(high, Math.max(low, value));
  if (id === 'testError') return within(flip, 1 - flip);
  if (id === 'excess') return within(0, 1 - 2 * flip);
  if (SHARES.has(id)) return within(0, 1);
  return id === 'trainLoss' || id === 'noisyLoss' || id === 'steps' ? Math.max(0, value) : value;
}

/** Results of a spec as the check's plant makes them. */
export function planted(spec: Spec, check: Check, how: How): Frame {
  const results = new Results(spec);
  const { runs } = spec;
  const values = (PLANTS[check.kind] as Plant<Kind>)(check as never, { results, how, runs });
  results.cells.forEach((_, at) => {
    for (let replicate = 0; replicate < runs; replicate++) {
      const made = values(at, replicate % 2 === 0 ? 1 : -1, replicate);
      const { flip } = results.cells[at]!.data;
      const { steps = 1, ...rest } =
        how === 'noisy'
          ? made
          : (Object.fromEntries(
              Object.entries(made).map(([id, value]) => [id, possible(id, value, flip)]),
            ) as typeof made);
      results.add(recordWith(results, at, replicate, rest, steps));
    }
  });
  return results.frame();
}
