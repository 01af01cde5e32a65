/**
 * How often intervals of slopes hold the truth: by resampling replicates across all sizes at once (`src/core/slopes.ts`),
 * and the way it was done before, by the stated standard errors times √(χ²/ν) and 1.96. The numbers of
 * slope-coverage.md.
 *
 *     npm run build && node dist/validation/slope-coverage.js
 */
import { Stream } from '../src/core/random.ts';
import { fitSlope, independentPoints, replicatedPoints, type Points } from '../src/core/slopes.ts';
import { fitLine, meanAndSe } from '../src/core/statistics.ts';
import { intervalOf } from '../src/core/verdict.ts';

/** Exponent of every scenario, and the standard deviation of one replicate at most sizes. */
const SLOPE = 0.25;
const SD = 0.1;
/** Sizes go up by this step of their logarithm. */
const STEP = 1;
/** Replicates of a size where a scenario does not say otherwise. */
const REPLICATES = 30;
/** Runs of a search's crossing: from 12 up, so that its degrees of freedom are few. */
const SEARCHED = [12, 40, 14, 20, 12, 16, 30, 12];
const WILD = 10;
const AR = 0.9;

interface Scenario {
  readonly id: string;
  readonly says: string;
  /** replicates of every size */
  readonly draw: (sizes: number, normal: () => number) => number[][];
  /** by what the old way's stated standard errors are to be multiplied */
  readonly stated?: number;
  /** the sizes' replicates are different runs, each size with an error of its own: level sets of a search */
  readonly independent?: boolean;
}

const own = (sizes: number, normal: () => number, sd: (i: number) => number, count = (_i: number) => REPLICATES) =>
  Array.from({ length: sizes }, (_size, i) =>
    Array.from({ length: count(i) }, () => SLOPE * STEP * i + sd(i) * normal()),
  );

export const SCENARIOS: readonly Scenario[] = [
  { id: 'right', says: 'right standard errors', draw: (sizes, normal) => own(sizes, normal, () => SD) },
  {
    id: 'small',
    says: 'stated standard errors three times too small',
    draw: (sizes, normal) => own(sizes, normal, () => SD),
    stated: 1 / 3,
  },
  {
    id: 'wild',
    says: 'one wild end point: ten times the spread, stated as that of the others',
    draw: (sizes, normal) => own(sizes, normal, (i) => (i === sizes - 1 ? WILD * SD : SD)),
    stated: NaN,
  },
  {
    id: 'common',
    says: 'common draws: nine tenths of the variance the same at every size',
    draw: (sizes, normal) => {
      const shared = Array.from({ length: REPLICATES }, normal);
      return own(sizes, normal, () => SD * Math.sqrt(0.1)).map((values) =>
        values.map((value, r) => value + SD * Math.sqrt(0.9) * shared[r]!),
      );
    },
  },
  {
    id: 'drifting',
    says: 'common draws that drift: neighbouring sizes correlated by 0.9',
    draw: (sizes, normal) => {
      const state = Array.from({ length: REPLICATES }, normal);
      return Array.from({ length: sizes }, (_size, i) =>
        state.map((_value, r) => {
          if (i > 0) state[r] = AR * state[r]! + Math.sqrt(1 - AR * AR) * normal();
          return SLOPE * STEP * i + SD * state[r]!;
        }),
      );
    },
  },
  {
    id: 'searched',
    says: 'crossings of a search: independent sizes of 12 to 40 runs',
    draw: (sizes, normal) =>
      own(
        sizes,
        normal,
        () => SD,
        (i) => SEARCHED[i]!,
      ),
    independent: true,
  },
];

/** As for one of fifty verdicts. */
const RARE = 0.001;

export interface Coverage {
  readonly scenario: string;
  readonly sizes: number;
  readonly trials: number;
  /** shares of intervals that hold the truth */
  readonly now: number;
  readonly before: number;
  /** mean lengths */
  readonly nowLength: number;
  readonly beforeLength: number;
  /** share of the intervals of coverage 1 - RARE that miss it */
  readonly missed: number;
  /** share of straight lines whose chi-square has p < 0.05 */
  readonly rejected: number;
  /** the same from the independent standard errors and the chi-square law */
  readonly rejectedBefore: number;
}

/** The interval as it was: scaled up by the scatter, 1.96 whatever the degrees of freedom. */
function before(x: readonly number[], y: readonly number[], se: readonly number[]): { low: number; high: number } {
  const { slope, slopeSe, intercept } = fitLine(x, y, se);
  const chiSquare = y.reduce((sum, one, i) => sum + ((one - intercept - slope * x[i]!) / se[i]!) ** 2, 0);
  const half = 1.96 * slopeSe * Math.sqrt(x.length > 2 ? Math.max(1, chiSquare / (x.length - 2)) : 1);
  return { low: slope - half, high: slope + half };
}

/** @param sizes 3 to 8 */
export function coverage(scenario: Scenario, sizes: number, trials: number, seed: number): Coverage {
  const x = Array.from({ length: sizes }, (_, i) => STEP * i);
  const stream = new Stream({ seed, cell: [sizes, SCENARIOS.indexOf(scenario)], replicate: 0 }, 'test');
  const held = { now: 0, before: 0 };
  const length = { now: 0, before: 0 };
  const rejected = { now: 0, before: 0 };
  let missed = 0;
  for (let trial = 0; trial < trials; trial++) {
    const data = scenario.draw(sizes, () => stream.normal());
    const means = data.map(meanAndSe);
    const points: Points = scenario.independent
      ? independentPoints(
          x,
          means.map(({ mean, se }, i) => ({ value: mean, se, freedom: data[i]!.length - 1 })),
        )
      : replicatedPoints(x, data);
    const fit = fitSlope(points);
    const stated = means.map(({ se }) => (Number.isNaN(scenario.stated) ? means[0]!.se : (scenario.stated ?? 1) * se));
    const old = before(
      x,
      means.map(({ mean }) => mean),
      stated,
    );
    const oldP = fitSlope(
      independentPoints(
        x,
        means.map(({ mean }, i) => ({ value: mean, se: stated[i]! })),
      ),
    ).chiSquare!.p;
    const far = intervalOf(fit.slope, RARE);
    if (far.low > SLOPE || far.high < SLOPE) missed++;
    for (const [way, { low, high }, p] of [
      ['now', intervalOf(fit.slope, 0.05), fit.chiSquare?.p ?? 1],
      ['before', old, oldP],
    ] as const) {
      if (low <= SLOPE && SLOPE <= high) held[way]++;
      length[way] += high - low;
      if (p < 0.05) rejected[way]++;
    }
  }
  return {
    scenario: scenario.id,
    sizes,
    trials,
    now: held.now / trials,
    before: held.before / trials,
    nowLength: length.now / trials,
    beforeLength: length.before / trials,
    missed: missed / trials,
    rejected: rejected.now / trials,
    rejectedBefore: rejected.before / trials,
  };
}

/** Straight lines drawn for each line of the record, and their seed. */
const TRIALS = 20_000;
const SEED = 910_001;

if (process.argv[1]?.endsWith('slope-coverage.js')) {
  process.stdout.write(
    '| scenario | sizes | coverage | before | mean length | before | missed at .001 | lines rejected at .05 | before |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
  );
  const trials = Number(process.argv[2] ?? TRIALS);
  for (const scenario of SCENARIOS)
    for (let sizes = 3; sizes <= 8; sizes++) {
      const one = coverage(scenario, sizes, trials, SEED);
      process.stdout.write(
        `| ${scenario.says} | ${sizes} | ${one.now.toFixed(3)} | ${one.before.toFixed(3)} | ${one.nowLength.toFixed(4)} | ${one.beforeLength.toFixed(4)} | ${one.missed.toFixed(4)} | ${one.rejected.toFixed(3)} | ${one.rejectedBefore.toFixed(3)} |\n`,
      );
    }
}
