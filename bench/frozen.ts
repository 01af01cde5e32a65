/**
 * Claim: engines that make the plain algorithm's steps with fewer operations, against the plain engine, as a ratio with
 * spread.
 *
 * Both make the same steps of the same problems and take turns, so that a change of the machine's speed hits both. The
 * sign changes a step are part of every row: they, and not the number of steps, are what a frozen step costs beyond
 * n^2.
 */
import { quantile } from '../src/core/statistics.ts';
import type { Engine, Problem, Run } from '../src/dynamics/engine.ts';
import { frozenKernel } from '../src/dynamics/frozen-kernel.ts';
import type { FrozenRun } from '../src/dynamics/frozen.ts';
import { gramKernel } from '../src/dynamics/gram-kernel.ts';
import { incrementalKernel } from '../src/dynamics/incremental-kernel.ts';
import type { IncrementalRun } from '../src/dynamics/incremental.ts';
import { train } from '../src/dynamics/train.ts';
import { drawProblem, streamKey } from '../src/experiments/run.ts';
import { changeSpec, specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';

interface Case {
  readonly name: string;
  readonly changes: Readonly<Record<string, number | string>>;
  readonly fast: Engine;
  readonly steps: number;
  /** problems in one measurement: many for short runs */
  readonly problems: number;
  /** the plain engine makes this share of the steps, where it would take minutes */
  readonly plainShare?: number;
}

const heatMap = kou2023.figures[0]!.variants[0]!;
const CASES: readonly Case[] = [
  {
    name: 'Kou heat map, as plotted, d = 200',
    changes: { 'data.d': 200, 'data.mu': 4 },
    fast: frozenKernel,
    steps: 100,
    problems: 20,
  },
  {
    name: 'Kou heat map, as plotted, d = 1000',
    changes: { 'data.d': 1000, 'data.mu': 4 },
    fast: frozenKernel,
    steps: 100,
    problems: 20,
  },
  {
    name: '20 filters, 20 samples, eta = 1e-6',
    changes: { 'data.d': 1000, 'data.mu': 4, 'training.eta': 1e-6 },
    fast: frozenKernel,
    steps: 100_000,
    problems: 1,
    plainShare: 0.1,
  },
  {
    name: '20 filters, 20 samples, eta = 1e-3',
    changes: { 'data.d': 1000, 'data.mu': 4, 'training.eta': 1e-3 },
    fast: frozenKernel,
    steps: 100_000,
    problems: 1,
    plainShare: 0.1,
  },
  {
    name: '100 filters, 200 samples, eta = 1e-6',
    changes: { 'data.d': 4000, 'data.mu': 4, 'data.n': 200, 'network.m': 50, 'training.eta': 1e-6 },
    fast: frozenKernel,
    steps: 10_000,
    problems: 1,
    plainShare: 0.05,
  },
  {
    name: '100 filters, 200 samples, eta = 1e-3',
    changes: { 'data.d': 4000, 'data.mu': 4, 'data.n': 200, 'network.m': 50, 'training.eta': 1e-3 },
    fast: frozenKernel,
    steps: 2_000,
    problems: 1,
    plainShare: 0.2,
  },
  {
    name: 'hinge, 64 filters, 150 samples, d = 300',
    fast: incrementalKernel,
    steps: 2000,
    problems: 1,
    plainShare: 0.5,
    changes: {
      'data.d': 300,
      'data.mu': 1,
      'data.n': 150,
      'network.m': 32,
      'network.outputScale': '1/m',
      'training.loss': 'hinge',
      'training.eta': 0.01,
    },
  },
];

export async function frozenPatterns({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 1 : 5;
  const rows = CASES.map((one) => {
    note(`frozen: ${one.name}`);
    return measure(one, quick ? Math.min(one.steps, 2000) : one.steps, repeats);
  });
  return {
    title: 'Frozen patterns and hinge increments against the plain algorithm',
    text: [
      table(
        [
          '',
          'steps',
          'plain, µs a step',
          'fast, µs a step',
          'fast: ms in all',
          '**ratio**',
          'on the outputs alone',
          'changes a step',
        ],
        rows,
      ),
      `One thread, whole runs without their draw, observables not read; the WebAssembly kernels against each other: median (min–max) over ${repeats} turns; the ratio is of medians. "Changes a step" are sign changes (frozen) or changed increments (hinge).`,
    ].join('\n\n'),
    holds: true,
  };
}

function measure(
  { name, changes, fast, problems: count, plainShare = 1 }: Case,
  steps: number,
  repeats: number,
): string[] {
  const problems = heatMapProblems(changes, count);
  const plainSteps = Math.max(1, Math.round(steps * plainShare));
  const plain: number[] = [];
  const ours: number[] = [];
  let made = 0;
  let alone = 0;
  let changed = 0;
  for (let repeat = -1; repeat < repeats; repeat++) {
    // turn -1 is the warm-up
    const [a] = time(gramKernel, problems, plainSteps);
    const [b, runs] = time(fast, problems, steps);
    if (repeat < 0) continue;
    plain.push(a);
    ours.push(b);
    for (const run of runs) {
      const { counters } = run as FrozenRun | IncrementalRun;
      if ('frozen' in counters) {
        made += counters.frozen + counters.plain;
        alone += counters.frozen;
        changed += counters.flips;
      } else {
        made += counters.steps;
        changed += counters.touched;
      }
    }
  }
  if (made !== steps * count * repeats) throw new Error(`${name}: a run ended early: its time says nothing`);
  const each = (times: readonly number[], stepsOfEach: number): number[] =>
    times.map((ms) => (1000 * ms) / (count * stepsOfEach));
  const [p, o] = [each(plain, plainSteps), each(ours, steps)];
  return [
    name,
    steps.toLocaleString('en'),
    spread(p, 2),
    spread(o, 2),
    (quantile(ours, 0.5) / count).toFixed(2),
    `**${(quantile(o, 0.5) / quantile(p, 0.5)).toFixed(3)}**`,
    fast === frozenKernel ? `${((100 * alone) / made).toFixed(0)} %` : '',
    (changed / made).toFixed(2),
  ];
}

/** Replicates of a cell of the published map, with some values changed. */
export function heatMapProblems(changes: Readonly<Record<string, number | string>>, count: number): Problem[] {
  const [cell] = cells(changeSpec(specFrom(heatMap.spec, heatMap.id), changes, heatMap.id));
  return Array.from({ length: count }, (_, replicate) => drawProblem(cell!, streamKey(cell!, 1, replicate)));
}

/** Milliseconds for so many steps of every problem. */
export function time(engine: Engine, problems: readonly Problem[], steps: number): [number, Run[]] {
  const started = performance.now();
  const runs = problems.map((problem) => {
    const run = engine.start(problem);
    train(run, problem.sample, problem.loss, { stop: 'steps', epsilon: 1, maxSteps: steps });
    return run;
  });
  return [performance.now() - started, runs];
}

await main(import.meta.url, frozenPatterns);
