/**
 * How often the 95 % intervals of `benign boundary` hold the truth on real runs. The numbers of boundary-coverage.md.
 *
 *   npm run build && node dist/validation/boundary-coverage.js
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { exp, log, normalQuantile } from '../src/core/special.ts';
import { binomialInterval, meanAndSe, twoSidedP } from '../src/core/statistics.ts';
import { runCell } from '../src/experiments/run.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { Boundary } from '../src/sweeps/boundary.ts';
import { kou, xuGu } from './transition/studies.ts';

/** Runs at either side of each crossing, from which the truth is read. */
const RUNS = 15_000;
/**
 * How far beside the crossing they are made, in log ‖mu‖: the curve's bend over it shifts the truth by a thousandth of
 * it.
 */
const BESIDE = 0.05;
const TRUTH_SEED = 474747;
/** Seeds of the searches, none of which was looked at before. */
const FIRST_SEED = 1_700_001;
/** The most searches of one line of the table, fewer at the finer precision. */
const SEARCHES: readonly (readonly [precision: number, searches: number])[] = [
  [0.03, 300],
  [0.015, 300],
  [0.005, 100],
];

/** As for one of fifty verdicts on a page. */
const RARE = 0.001;

const FAMILIES = [
  {
    name: 'Kou et al. 2023, n = 20, d = 10⁴, two flips',
    input: (mu: unknown) => kou({ n: 20 }, { 'data.d': [1e4], 'data.mu': mu }, { network: { m: 10 } }),
    range: [0.1, 9.9],
    near: { 0.05: 6.96, 0.2: 4.24, 0.35: 2.41 },
  },
  {
    name: 'Xu & Gu 2023, n = 20, d = 10⁵, two flips',
    input: (mu: unknown) => xuGu({ n: 20 }, { 'data.d': [1e5], 'data.mu': mu }, {}),
    range: [1, 22],
    near: { 0.05: 12.7, 0.2: 9.05, 0.35: 6.2 },
  },
] as const;

interface Truth {
  readonly x: number;
  readonly se: number;
}

/** On the line between two places in the curve's own argument. */
function truthAt(input: (mu: unknown) => Record<string, unknown>, near: number, level: number): Truth {
  const [left, right] = [...cells(specFrom(input([near * exp(-BESIDE), near * exp(BESIDE)]), 'truth'))].map((cell) => ({
    x: log(cell.data.mu),
    ...meanAndSe(
      Array.from({ length: RUNS }, (_, replicate) => runCell(cell, TRUTH_SEED, replicate).values.testErrorClean!),
    ),
  })) as [Truth & { mean: number }, Truth & { mean: number }];
  const argument = (error: number): number => log(-normalQuantile(error));
  const share = (argument(level) - argument(left.mean)) / (argument(right.mean) - argument(left.mean));
  const slope = (right.mean - left.mean) / (right.x - left.x);
  return { x: left.x + share * (right.x - left.x), se: Math.hypot((1 - share) * left.se, share * right.se) / -slope };
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
say(
  '| runs | level | precision | searches | runs a search | rms error | intervals that hold the truth | share (95 %) | p against 95 % | missed at 99.9 % | hold a place 3 precisions beside |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
);
for (const { name, input, range, near } of FAMILIES) {
  for (const [key, place] of Object.entries(near)) {
    const level = Number(key);
    const truth = truthAt(input, place, level);
    for (const [precision, searches] of SEARCHES) {
      let [held, far, beside, runs, squares] = [0, 0, 0, 0, 0];
      for (let one = 0; one < searches; one++) {
        const spec = specFrom({ ...input([...range]), seed: FIRST_SEED + one }, 'search');
        const boundary = new Boundary(spec, {
          along: 'data.mu',
          over: 'data.d',
          of: 'testErrorClean',
          levels: [level],
          seOfLog: precision,
        });
        for (let jobs = boundary.next(); jobs.length > 0; jobs = boundary.next())
          for (const { cell, replicate } of jobs) boundary.add(runCell(cell, spec.seed, replicate));
        const { crossing } = boundary.points()[0]!;
        runs += boundary.runs;
        // A search that gives up holds nothing.
        if (!crossing) continue;
        const { x, se, freedom } = crossing;
        const half = tQuantile(0.975, freedom) * Math.hypot(se, truth.se);
        if (Math.abs(x - truth.x) <= half) held++;
        if (Math.abs(x - truth.x) <= tQuantile(1 - RARE / 2, freedom) * Math.hypot(se, truth.se)) far++;
        if (Math.abs(x - truth.x - 3 * precision) <= half) beside++;
        squares += (x - truth.x) ** 2;
      }
      const share = held / searches;
      const p = twoSidedP((share - 0.95) / Math.sqrt((0.95 * 0.05) / searches));
      say(
        `| ${name} | ${level} | ${precision} | ${searches} | ${(runs / searches).toFixed(1)} | ${Math.sqrt(squares / searches).toFixed(4)} | ${held} | ${share.toFixed(3)} (${binomialInterval(
          held,
          searches,
        )
          .map((end) => end.toFixed(3))
          .join(' to ')}) | ${p.toPrecision(2)} | ${searches - far} | ${(beside / searches).toFixed(2)} |`,
      );
    }
  }
}
