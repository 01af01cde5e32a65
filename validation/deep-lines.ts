/**
 * Lines through deep networks against a million points each: z, how often the 95 % interval of one estimate holds the
 * truth, and the variances at equal processor time. The numbers of deep-lines.md.
 *
 *   npm run build && node dist/validation/deep-lines.js [DEPTH...]
 */
import { exp, log } from '../src/core/special.ts';
import { binomialInterval, meanAndSe } from '../src/core/statistics.ts';
import { reach } from '../src/core/verdict.ts';
import type { LayeredView } from '../src/dynamics/engine.ts';
import { buildCell, type Value } from '../src/experiments/cell.ts';
import { drawProblem, streamKey } from '../src/experiments/run.ts';
import { trainCell } from '../src/experiments/train-cell.ts';
import { deepTestError } from '../src/observables/deep-error.ts';
import type { TestErrorParameters } from '../src/observables/estimator.ts';
import type { TestError } from '../src/observables/test-error.ts';

const SEED = 31;
/** Points and estimates by lines are made in turns, so that both meet the same machine. */
const BLOCKS = 20;
const POINTS = 50_000;
const ESTIMATES = 15;
/** Of one estimate: the default. */
const SIZE = { lines: 8, shifts: 8 };
/** What one estimate's interval is held against. */
const REFERENCE = { lines: 256, shifts: 48 };
/** Fewer wrong points than that say nothing of z and of their variance. */
const LEAST = 100;

const BASE: Readonly<Record<string, Value>> = {
  'data.n': 20,
  'data.d': 400,
  'data.flip': 0.1,
  'network.m': 10,
  'network.output': 'trained',
  'network.sigma0': 0.3,
  'network.sigma0Unit': '1/(sigmaP*sqrt(d))',
  'training.eta': 0.1,
  'training.etaUnit': 'n*m/(sigmaP^2*d)',
  'training.maxSteps': 400,
};

interface Block {
  readonly points: TestError;
  readonly lines: readonly TestError[];
  /** processor seconds of one point and of one estimate by lines */
  readonly pointTime: number;
  readonly lineTime: number;
}

function timed<T>(make: () => T): [T, number] {
  const before = process.cpuUsage();
  const made = make();
  const { user, system } = process.cpuUsage(before);
  return [made, (user + system) / 1e6];
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const estimates = (blocks: readonly Block[]): number[] => blocks.flatMap(({ lines }) => lines.map((one) => one.clean));

/** log of the variance of points over that of lines, at equal processor time. */
function logRatio(blocks: readonly Block[]): number {
  const all = estimates(blocks);
  const { se } = meanAndSe(all);
  const points = mean(blocks.map((block) => block.points.cleanSe ** 2 * POINTS * block.pointTime));
  return log(points / (se * se * all.length * mean(blocks.map((block) => block.lineTime))));
}

/** With 95 % limits, by leaving out one block after the other. */
function ratio(blocks: readonly Block[]): { readonly value: number; readonly low: number; readonly high: number } {
  const whole = logRatio(blocks);
  const without = blocks.map((_, k) => logRatio(blocks.filter((_block, at) => at !== k)));
  const centre = mean(without);
  const count = blocks.length;
  const se = Math.sqrt(((count - 1) / count) * without.reduce((sum, x) => sum + (x - centre) ** 2, 0));
  const half = reach(0.05, count - 1) * se;
  return { value: exp(whole), low: exp(whole - half), high: exp(whole + half) };
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const short = (x: number): string => (x < 0.001 ? x.toExponential(1) : x.toFixed(4));

say('| L | pooled | activation | ‖μ‖ | by points | by lines | z | coverage | variance of points over lines |');
say('|---|---|---|---|---|---|---|---|---|');
const scores: number[] = [];
const covered = { held: 0, of: 0 };
const asked = process.argv.slice(2).map(Number);
for (const depth of asked.length > 0 ? asked : [3, 5])
  for (const pool of ['first', 'last'])
    for (const activation of ['relu', 'leaky-relu'])
      for (const mu of [1, 2, 4]) {
        const setting = { 'network.depth': depth, 'network.pool': pool, 'network.activation': activation };
        const cell = buildCell(new Map(Object.entries({ ...BASE, ...setting, 'data.mu': mu })));
        const key = streamKey(cell, SEED, 0);
        const problem = drawProblem(cell, key);
        const { run } = trainCell(cell, problem);
        const view = run.view as LayeredView;
        const error = (size: Partial<TestErrorParameters>, replicate: number): TestError =>
          deepTestError(view, view.stack!, problem, { ...cell.test, ...size }, { ...key, replicate });
        const lines = (size: typeof SIZE, replicate: number): TestError =>
          error({ estimator: 'lines', ...size }, replicate);
        const truth = lines(REFERENCE, 1);
        const blocks = Array.from({ length: BLOCKS }, (_, k): Block => {
          const [points, pointTime] = timed(() => error({ estimator: 'points', points: POINTS }, 1000 + k));
          const [found, lineTime] = timed(() =>
            Array.from({ length: ESTIMATES }, (_one, at) => lines(SIZE, 2000 + k * ESTIMATES + at)),
          );
          return { points, lines: found, pointTime: pointTime / POINTS, lineTime: lineTime / ESTIMATES };
        });
        const counted = mean(blocks.map(({ points }) => points.clean));
        const countedSe = Math.sqrt(mean(blocks.map(({ points }) => points.cleanSe ** 2)) / BLOCKS);
        const enough = counted * POINTS * BLOCKS >= LEAST;
        const z = (truth.clean - counted) / Math.hypot(truth.cleanSe, countedSe);
        if (enough) scores.push(z);
        const all = blocks.flatMap((block) => block.lines);
        const held = all.filter(
          ({ clean, cleanSe }) => Math.abs(clean - truth.clean) <= reach(0.05, SIZE.shifts - 1) * cleanSe,
        ).length;
        covered.held += held;
        covered.of += all.length;
        const { value, low, high } = ratio(blocks);
        const gain = enough ? `${value.toPrecision(2)} (${low.toPrecision(2)} to ${high.toPrecision(2)})` : '';
        say(
          `| ${depth} | ${pool} | ${activation} | ${mu} | ${short(counted)} ± ${countedSe.toExponential(1)} | ${short(truth.clean)} ± ${truth.cleanSe.toExponential(1)} | ${enough ? z.toFixed(2) : ''} | ${(held / all.length).toFixed(2)} | ${gain} |`,
        );
        run.end?.();
      }
const [low, high] = binomialInterval(covered.held, covered.of);
const square = scores.reduce((sum, z) => sum + z * z, 0);
say(
  `\n${scores.length} values of z, sum of squares ${square.toFixed(1)}, largest ${Math.max(...scores.map(Math.abs)).toFixed(2)}; coverage ${covered.held} of ${covered.of}: ${(covered.held / covered.of).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
);
