/**
 * Claim: the time of one plain gradient step, kernel against the TypeScript reference and against PyTorch, and of one
 * whole run of a Kou cell.
 *
 * All sides take turns in short batches, so that a change of the machine's speed hits all of them.
 */
import { quantile } from '../src/core/statistics.ts';
import type { Engine } from '../src/dynamics/engine.ts';
import { gram } from '../src/dynamics/gram.ts';
import { gramKernel } from '../src/dynamics/gram-kernel.ts';
import { train } from '../src/dynamics/train.ts';
import type { Cell } from '../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../src/experiments/run.ts';
import { changeSpec, specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';
import { startPeer, versionsOf, type Peer, type Versions } from './peer.ts';

const asPlotted = kou2023.figures[0]!.variants[0]!;
const D = 1000;
/** Filters x samples, the most that the median of a step may take in µs, steps in one batch. */
const SHAPES = [
  { n: 20, m: 10, limit: 1.3, steps: 2000 },
  { n: 200, m: 50, limit: 400, steps: 50 },
] as const;

/** Microseconds a step (or a run) in one batch. */
type Side = () => Promise<number>;

export async function steps({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 5 : 41;
  const rows: string[][] = [];
  let holds = true;
  let about: Versions | undefined;
  let missing = '';
  for (const { n, m, limit, steps } of SHAPES) {
    const cell = cellOf({ 'data.n': n, 'data.d': D, 'data.mu': 4, 'network.m': m, 'training.maxSteps': steps });
    const started = await startPeer('steps.py', [n, m, D, cell.training.eta]);
    const peer = typeof started === 'string' ? undefined : started;
    about ??= peer?.about;
    if (typeof started === 'string') missing = started;
    note(`steps: ${2 * m} filters x ${n} samples, ${repeats} repeats`);
    const sides = [
      ours(gramKernel, cell),
      ours(gram, cell),
      ...(peer ? [theirs(peer, 'gram', steps), theirs(peer, 'autograd', steps / 5)] : []),
    ];
    const times = await takeTurns(sides, repeats);
    peer?.end();
    holds &&= quantile(times[0]!, 0.5) <= limit;
    rows.push([
      `${2 * m} x ${n}`,
      ...times.map((side) => spread(side, 2)),
      ...(peer ? [] : ['', '']),
      ...times.slice(1).map((side) => (quantile(side, 0.5) / quantile(times[0]!, 0.5)).toFixed(1)),
      ...(peer ? [] : ['', '']),
      String(limit),
    ]);
  }
  note('steps: whole runs');
  const [runs] = await takeTurns([wholeRuns(cellOf({ 'data.d': 500, 'data.mu': 4 }), quick ? 50 : 200)], repeats);
  return {
    title: 'One gradient step',
    text: [
      table(
        [
          'filters x samples',
          'kernel, µs',
          'TypeScript reference, µs',
          'PyTorch in Gram space, µs',
          `PyTorch autograd at d = ${D}, µs`,
          'reference / kernel',
          'Gram PyTorch / kernel',
          'autograd / kernel',
          'bound, µs',
        ],
        rows,
      ),
      `One full-batch logistic step of the plain algorithm, ReLU, bias, one thread: median (min–max) over ${repeats} batches; the sides take turns. Kernel and reference give the same bits (f64). PyTorch in Gram space is the same step written by hand (f64); with autograd it is the network as one writes it down, in ${D} dimensions (f32).`,
      `A whole run of a Kou cell as plotted (draw, 100 steps, test error, record) takes ${spread(
        runs!.map((us) => us / 1000),
        3,
      )} ms on one thread.`,
      ...(missing === '' ? [] : [missing]),
    ].join('\n\n'),
    holds,
    ...(about && { versions: versionsOf(about) }),
  };
}

function cellOf(changes: Readonly<Record<string, unknown>>): Cell {
  const [cell] = cells(
    changeSpec(specFrom(asPlotted.spec, 'as-plotted'), { 'data.d': D, 'data.mu': 4, ...changes }, 'as-plotted'),
  );
  return cell!;
}

/** Trains to the cap; the draw and the set-up are not timed. */
function ours(engine: Engine, cell: Cell): Side {
  const problem = drawProblem(cell, streamKey(cell, 1, 0));
  return async () => {
    const run = engine.start(problem);
    const started = performance.now();
    const ending = train(run, problem.sample, problem.loss, cell.training);
    const seconds = performance.now() - started;
    if (ending.steps !== cell.training.maxSteps)
      throw new Error(`a run made ${ending.steps} steps: its time says nothing`);
    return (1000 * seconds) / ending.steps;
  };
}

function wholeRuns(cell: Cell, runs: number): Side {
  let replicate = 0;
  return async () => {
    const started = performance.now();
    for (let i = 0; i < runs; i++) JSON.stringify(runCell(cell, 1, replicate++));
    return (1000 * (performance.now() - started)) / runs;
  };
}

/** For each side its times; who goes first changes from repeat to repeat, and some first rounds warm up. */
async function takeTurns(sides: readonly Side[], repeats: number): Promise<number[][]> {
  const times: number[][] = sides.map(() => []);
  for (let repeat = -4; repeat < repeats; repeat++) {
    const order = [...sides.keys()];
    if (repeat % 2 !== 0) order.reverse();
    for (const at of order) {
      const time = await sides[at]!();
      if (repeat >= 0) times[at]!.push(time);
    }
  }
  return times;
}

const theirs =
  (peer: Peer<Versions>, form: 'autograd' | 'gram', count: number): Side =>
  async () =>
    (1e6 * ((await peer.ask(`${form} ${count}`)) as number)) / count;

await main(import.meta.url, steps);
