/**
 * Claims: a test error of 1e-10 within 10 % in a second, and the variance of the test error at equal time against plain
 * Monte Carlo with 2m Gaussians a point, across the transition.
 */
import { factorLQ } from '../src/core/linear-algebra.ts';
import { Stream, type StreamKey } from '../src/core/random.ts';
import { normalTail } from '../src/core/special.ts';
import { quantile, type Estimate } from '../src/core/statistics.ts';
import { drawProblem, streamKey } from '../src/experiments/run.ts';
import { trainCell } from '../src/experiments/train-cell.ts';
import { changeSpec, specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { lawOf } from '../src/data/sample.ts';
import { adaptiveEstimate } from '../src/observables/adaptive.ts';
import { freshOutput, type FreshOutput } from '../src/observables/fresh-output.ts';
import { planRare, sampleRare } from '../src/observables/rare.ts';
import { estimateByLines } from '../src/observables/lines.ts';
import { estimateByPoints } from '../src/observables/points.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { main, note, table, type Claim, type Options } from './claim.ts';

/** Wanted relative standard error of `auto` in the rare cases. */
const PRECISION = 0.03;
const WITHIN = 0.1;
const SECONDS = 1;
const GAIN = 100;
const TRANSITION = [1, 2, 3, 4, 5, 7];
const asPlotted = kou2023.figures[0]!.variants[0]!;

const key = (replicate: number): StreamKey => ({ seed: 1, cell: [0, 0], replicate });

export async function rare({ quick }: Options): Promise<Claim> {
  const errors = rareErrors(quick);
  const gains = varianceGains(quick);
  return {
    title: 'Test error without test points: rare errors, and variance at equal time',
    text: [errors.text, gains.text].join('\n\n'),
    holds: errors.holds && gains.holds,
  };
}

/** The as-plotted network of Kou et al., trained. */
function trained(d: number, mu: number, replicate = 0, bias = true): FreshOutput {
  const [cell] = cells(
    changeSpec(
      specFrom(asPlotted.spec, 'as-plotted'),
      { 'data.d': d, 'data.mu': mu, 'network.bias': bias },
      'as-plotted',
    ),
  );
  const problem = drawProblem(cell!, streamKey(cell!, 1, replicate));
  return freshOutput(
    trainCell(cell!, problem).view,
    problem.network.activation,
    problem.sample.anchors,
    lawOf(problem.sample),
  );
}

const auto = (output: FreshOutput, precision: number, replicate: number): Estimate =>
  adaptiveEstimate(output, precision, key(replicate), { lines: estimateByLines, points: estimateByPoints });

// ---- an error of 1e-10 ----

interface Case {
  readonly name: string;
  readonly output: FreshOutput;
  readonly exact: Estimate;
  readonly judge: string;
}

function rareErrors(quick: boolean): { text: string; holds: boolean } {
  const keys = quick ? 3 : 25;
  let holds = true;
  const rows = rareCases(quick).map(({ name, output, exact, judge }) => {
    note(`rare: ${name}`);
    const seconds: number[] = [];
    const deviations: number[] = [];
    const stated: number[] = [];
    auto(output, PRECISION, 1000); // the lattices are found once a process
    for (let i = 0; i < keys; i++) {
      const started = performance.now();
      const { mean, se } = auto(output, PRECISION, 1 + i);
      seconds.push((performance.now() - started) / 1000);
      deviations.push(Math.abs(mean / exact.mean - 1));
      stated.push(se / mean);
    }
    const worst = Math.max(...deviations);
    const slowest = Math.max(...seconds);
    holds &&= worst <= WITHIN && slowest <= SECONDS;
    const percent = (x: number): string => `${(100 * x).toPrecision(2)} %`;
    return [
      name,
      `${exact.mean.toExponential(3)} (${judge})`,
      percent(quantile(deviations, 0.5)),
      percent(worst),
      percent(quantile(stated, 0.5)),
      `${(1000 * quantile(seconds, 0.5)).toFixed(1)}`,
      `${(1000 * slowest).toFixed(1)}`,
    ];
  });
  return {
    holds,
    text: [
      table(['network', 'error', 'deviation: median', 'worst', 'stated SE: median', 'ms: median', 'slowest'], rows),
      `\`test.estimator: auto\` at \`test.precision: ${PRECISION}\`, over ${keys} keys (each finds its own design points and proposals), one thread. Bound: worst deviation within ${100 * WITHIN} %, slowest within ${SECONDS} s.`,
    ].join('\n\n'),
  };
}

function rareCases(quick: boolean): Case[] {
  const cases = [linearCase()];
  for (const [d, mu, bias] of [
    [500, 7, true],
    [500, 7, false],
    [5000, 8, true],
  ] as const) {
    const output = withError(trained(d, mu, 0, bias), 1e-10);
    const exact = byShiftedPoints(output, quick ? 400_000 : 4_000_000);
    cases.push({
      name: `ReLU, m = 10, trained at d = ${d}, ‖μ‖ = ${mu}${bias ? '' : ', no bias'}`,
      output,
      exact,
      judge: `importance sampling of points, ± ${((100 * exact.se) / exact.mean).toFixed(1)} %`,
    });
  }
  return cases;
}

/** 20 filters with random weights; the margin is 6.3613. */
function linearCase(): Case {
  const stream = new Stream(key(0), 'test');
  const { l, rank } = factorLQ(
    Float64Array.from({ length: 20 * 100 }, () => stream.normal()),
    20,
    100,
  );
  const outputWeights = Float64Array.from({ length: 20 }, (_, r) => (r % 2 === 0 ? 0.1 : -0.1));
  let square = 0;
  for (let k = 0; k < rank; k++) square += outputWeights.reduce((sum, a, r) => sum + a * l[r * rank + k]!, 0) ** 2;
  const margin = 6.3613;
  const atoms = [1, -1].map((label) => ({
    probability: 0.5,
    label,
    fixed: label * margin * Math.sqrt(square),
    group: 0,
  }));
  return {
    name: 'linear, 20 filters',
    output: {
      activation: { kind: 'piecewise-linear', leak: 1 },
      outputWeights,
      filters: 20,
      rank,
      l,
      atoms,
      groups: [new Float64Array(20)],
    },
    exact: { mean: normalTail(margin), se: 0 },
    judge: 'exact',
  };
}

/** The network with its signal scaled until the error is about this. */
function withError(output: FreshOutput, error: number): FreshOutput {
  const scaled = (factor: number): FreshOutput => ({
    ...output,
    atoms: output.atoms.map((atom) => ({ ...atom, fixed: factor * atom.fixed })),
  });
  let low = 0.1;
  let high = 10;
  for (let i = 0; i < 20; i++) {
    const middle = Math.sqrt(low * high);
    if (auto(scaled(middle), 0.1, 0).mean > error) low = middle;
    else high = middle;
  }
  return scaled(low);
}

/**
 * Plain importance sampling of points in all coordinates, from Gaussians around means that climb towards the failures.
 */
function byShiftedPoints(output: FreshOutput, count: number): Estimate {
  const WIDTH = 1.15;
  const { rank, filters, l, outputWeights, groups, atoms } = output;
  const stream = new Stream(key(0), 'test', 7);
  const z = new Float64Array(rank);
  let mean = 0;
  let variance = 0;
  for (const { label, fixed, group, probability } of atoms) {
    const margin = (): number => {
      let noise = 0;
      for (let r = 0; r < filters; r++) {
        let g = groups[group]![r]!;
        for (let k = 0; k < Math.min(rank, r + 1); k++) g += l[r * rank + k]! * z[k]!;
        noise += outputWeights[r]! * Math.max(0, g);
      }
      return label * (fixed + noise);
    };
    const centre = new Float64Array(rank);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
    for (let level = 0, least = Infinity; level < 30 && (level < 5 || least > 0); level++) {
      const drawn = Array.from({ length: 4000 }, () => {
        for (let k = 0; k < rank; k++) z[k] = centre[k]! + stream.normal();
        return { z: z.slice(), margin: margin(), log: 0.5 * dot(centre, centre) - dot(z, centre) };
      }).sort((a, b) => a.margin - b.margin);
      least = Math.max(0, drawn[400]!.margin);
      const kept = drawn.filter((one) => one.margin <= least);
      const top = Math.max(...kept.map(({ log }) => log));
      const weights = kept.map(({ log }) => Math.exp(log - top));
      const total = weights.reduce((a, b) => a + b);
      centre.fill(0);
      kept.forEach((one, i) => one.z.forEach((x, k) => (centre[k]! += (weights[i]! / total) * x)));
    }
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      let square = 0;
      for (let k = 0; k < rank; k++) {
        const x = stream.normal();
        square += x * x;
        z[k] = centre[k]! + WIDTH * x;
      }
      if (margin() > 0) continue;
      const weight = Math.exp(0.5 * (square - dot(z, z))) * WIDTH ** rank;
      sum += weight;
      squares += weight * weight;
    }
    mean += (probability * sum) / count;
    variance += (probability / count) ** 2 * (squares - (sum * sum) / count);
  }
  return { mean, se: Math.sqrt(variance) };
}

// ---- variance at equal time ----

function varianceGains(quick: boolean): { text: string; holds: boolean } {
  const repeats = quick ? 3 : 15;
  const points = quick ? 50_000 : 1_000_000;
  let holds = true;
  const rows = TRANSITION.map((mu) => {
    note(`rare: variance at ‖μ‖ = ${mu}`);
    const output = trained(500, mu);
    const plan = planRare(output, key(0));
    const plain: Contestant = (replicate) => estimateByPoints(output, points, key(replicate));
    const contestants: Contestant[] = [
      (replicate) => estimateByLines(output, { lines: 1, shifts: 1024 }, key(replicate)),
      (replicate) => estimateByLines(output, { lines: 8, shifts: 64 }, key(replicate)),
      (replicate) => estimateByLines(output, { lines: 1024, shifts: 32 }, key(replicate)),
      (replicate) => estimateByLines(output, { lines: 1024, shifts: 32, weights: 'equal' }, key(replicate)),
      (replicate) => estimateByLines(output, { lines: 16384, shifts: 32, weights: 'equal' }, key(replicate)),
      (replicate) => sampleRare(plan, { lines: 1024, shifts: 32 }, key(replicate)),
      (replicate) => auto(output, mu < 6 ? 0.001 : 0.005, replicate),
    ];
    const [judge, ...measured] = takeTurns([plain, ...contestants], repeats);
    // Where plain points see too few errors for a variance of their own, theirs is the binomial one.
    const error = measured.at(-1)!.mean;
    const plainCost =
      Math.max(judge!.variance, error > 0.01 ? 0 : (error * (1 - error)) / points / output.atoms.length) *
      judge!.seconds;
    const gains = measured.map(({ variance, seconds }) => plainCost / (variance * seconds));
    holds &&= Math.max(...gains) >= GAIN;
    return [
      String(mu),
      error.toPrecision(3),
      `${((1e6 * judge!.seconds) / points).toFixed(2)}`,
      ...gains.map((gain, at) => `${gain.toPrecision(2)} (${(1000 * measured[at]!.seconds).toFixed(1)} ms)`),
    ];
  });
  return {
    holds,
    text: [
      table(
        [
          '‖μ‖',
          'clean error',
          'µs a point',
          'independent lines',
          'lattice lines, 8 a shift',
          'lattice lines, 1,024 a shift',
          'the same, equal weights',
          '16,384 a shift, equal weights',
          'to the design points, 1,024',
          'auto',
        ],
        rows,
      ),
      `Variance times time of plain Monte Carlo (${points.toLocaleString('en')} points of 20 Gaussians, both signals seen with each) over that of each estimator, and the estimator's time; points and lines in the kernel, lines to the design points in TypeScript; d = 500, n = 20, m = 10, trained as plotted. Variances are the squared standard errors (mean over ${repeats} keys), times medians over as many turns. Bound: the best of a row is at least ${GAIN}.`,
    ].join('\n\n'),
  };
}

type Contestant = (replicate: number) => Estimate;

function takeTurns(
  contestants: readonly Contestant[],
  repeats: number,
): { mean: number; variance: number; seconds: number }[] {
  const results = contestants.map(() => ({
    means: [] as number[],
    variances: [] as number[],
    seconds: [] as number[],
  }));
  for (let repeat = -1; repeat < repeats; repeat++) {
    contestants.forEach((contestant, at) => {
      const started = performance.now();
      const { mean, se } = contestant(repeat + 1);
      const seconds = (performance.now() - started) / 1000;
      if (repeat < 0) return; // warm-up
      results[at]!.means.push(mean);
      results[at]!.variances.push(se * se);
      results[at]!.seconds.push(seconds);
    });
  }
  const average = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  return results.map(({ means, variances, seconds }) => ({
    mean: average(means),
    variance: average(variances),
    seconds: quantile(seconds, 0.5),
  }));
}

await main(import.meta.url, rare);
