/**
 * Claim: one Kou cell, ours against a straightforward vectorised PyTorch program, as a ratio with spread.
 *
 * Both make whole runs: draw, 100 steps, test error. The two take turns in short batches, so that a change of the
 * machine's speed hits both; every repeat gives one ratio, and their spread is reported.
 */
import { meanAndSe, quantile } from '../src/core/statistics.ts';
import type { Cell } from '../src/experiments/cell.ts';
import { runCell } from '../src/experiments/run.ts';
import { changeSpec, specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';
import { startPeer, versionsOf, type Peer, type Versions } from './peer.ts';

const DIMENSIONS = [200, 2000, 20000];
const MU = 4;
const heatMap = kou2023.figures[0]!;
const asPlotted = heatMap.variants[0]!;
/** Test points of a published run. */
const testPoints = 1000;

interface Batch {
  /** of each run */
  readonly seconds: readonly number[];
  readonly testErrors: readonly number[];
  /** standard error of each run's test error */
  readonly standardErrors: readonly number[];
}

export async function kouCell({ quick }: Options): Promise<Claim> {
  // A batch is long against the clock and the hand-over, short against a change of the machine's speed.
  const [repeats, batchSeconds] = quick ? [3, 0.05] : [21, 0.25];
  const rows: string[][] = [];
  let about: About | undefined;
  let missing = '';
  for (const d of DIMENSIONS) {
    const cell = cellAt(d);
    const peer = missing === '' ? await peerOf(cell) : missing;
    if (typeof peer === 'string') missing = peer;
    else about = peer.about;
    const sides = [ours(cell), ...(typeof peer === 'string' ? [] : [theirs(peer)])];
    note(`kou-cell: d = ${d}, ${repeats} repeats`);
    const batches = await takeTurns(sides, repeats, batchSeconds);
    if (typeof peer !== 'string') peer.end();
    rows.push(row(d, batches, typeof peer === 'string' ? '' : peer.about.form));
  }
  const own = ['d', 'ours, ms a run'];
  const compared = [
    'PyTorch, ms a run',
    'ratio of medians',
    'paired ratios: quartiles (min–max)',
    'SE of one test error: ours, PyTorch',
    'mean test error: ours, PyTorch',
    'its filters',
  ];
  const times = `Times are of whole runs (draw, training, test error) on one thread: median (min–max) over ${repeats} batches of about ${batchSeconds} s, at least one run each.`;
  return {
    title: `One Kou cell: n = 20, m = 10, 100 steps, ‖μ‖ = ${MU}, as plotted`,
    text: (missing === ''
      ? [
          table([...own, ...compared], rows),
          `${times} The two programs take turns, batch by batch; a paired ratio is that of two neighbouring batches.`,
          `Ours computes in double precision, its test error by line sampling (the SE is the one that each run reports); PyTorch in single, on ${testPoints.toLocaleString('en')} fresh points (binomial SE). Initial weights: ours Gaussian, PyTorch's uniform with the same variance. The mean test errors, ± one SE over the runs made, show that both solve the same problem. PyTorch's filters are the faster of \`nn.Conv1d\` and \`nn.Linear\` at that d; it makes one run at a time.`,
        ]
      : [missing, table(own, rows), times]
    ).join('\n\n'),
    holds: true,
    ...(about && { versions: versionsOf(about) }),
  };
}

/** The preset's cell at this dimension. */
function cellAt(d: number): Cell {
  const [cell] = cells(
    changeSpec(specFrom(asPlotted.spec, 'as-plotted'), { 'data.d': d, 'data.mu': MU }, 'as-plotted'),
  );
  return cell!;
}

type Side = (runs: number) => Promise<Batch>;

/** Our runs; every one is another replicate. */
function ours(cell: Cell): Side {
  let replicate = 0;
  return async (runs) => {
    const batch = { seconds: [] as number[], testErrors: [] as number[], standardErrors: [] as number[] };
    for (let i = 0; i < runs; i++) {
      const started = performance.now();
      const { values, steps } = runCell(cell, 1, replicate++);
      batch.seconds.push((performance.now() - started) / 1000);
      if (steps !== cell.training.maxSteps) throw new Error(`a run made ${steps} steps: its time says nothing`);
      batch.testErrors.push(values.testError!);
      batch.standardErrors.push(values.testErrorSe!);
    }
    return batch;
  };
}

/** For each side its batches; who goes first changes from repeat to repeat. */
async function takeTurns(sides: readonly Side[], repeats: number, batchSeconds: number): Promise<Batch[][]> {
  const sizes: number[] = [];
  for (const side of sides) {
    // Warm-up, until the optimising compiler is through; its second half sets the size of the batches.
    let last: Batch = await side(1);
    for (let spent = 0, runs = 1; spent < batchSeconds; runs *= 2) spent = sum((last = await side(runs)).seconds);
    sizes.push(Math.max(1, Math.round((batchSeconds * last.seconds.length) / sum(last.seconds))));
  }
  const batches: Batch[][] = sides.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = [...sides.keys()];
    if (repeat % 2 === 1) order.reverse();
    for (const at of order) batches[at]!.push(await sides[at]!(sizes[at]!));
  }
  return batches;
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function row(d: number, [mine, theirs]: readonly (readonly Batch[])[], form: string): string[] {
  const milliseconds = (side: readonly Batch[]): number[] => side.map(({ seconds }) => 1000 * mean(seconds));
  const standardError = (side: readonly Batch[]): string =>
    Math.sqrt(mean(side.flatMap(({ standardErrors }) => standardErrors.map((se) => se * se)))).toFixed(4);
  const error = (side: readonly Batch[]): string => {
    const { mean, se } = meanAndSe(side.flatMap(({ testErrors }) => testErrors));
    return `${mean.toFixed(3)} ± ${se.toFixed(3)}`;
  };
  const a = milliseconds(mine!);
  if (!theirs) return [d.toLocaleString('en'), spread(a, 2)];
  const b = milliseconds(theirs);
  const ratios = b.map((t, i) => t / a[i]!);
  return [
    d.toLocaleString('en'),
    spread(a, 2),
    spread(b, 1),
    `**${(quantile(b, 0.5) / quantile(a, 0.5)).toFixed(1)}**`,
    `${[0.25, 0.75].map((level) => quantile(ratios, level).toFixed(1)).join('–')} (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})`,
    `${standardError(mine!)}, ${standardError(theirs)}`,
    `${error(mine!)}, ${error(theirs)}`,
    `\`${form}\``,
  ];
}

type About = Versions & { readonly form: string };

const peerOf = ({ data, network, training }: Cell): ReturnType<typeof startPeer<About>> => {
  const settings = {
    n: data.n,
    m: network.m,
    flip: data.flip,
    eta: training.eta,
    steps: training.maxSteps,
    'test-points': testPoints,
  };
  return startPeer<About>('kou_cell.py', [
    data.d,
    data.mu,
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
};

const theirs =
  (peer: Peer<About>): Side =>
  async (runs) => {
    const batch = (await peer.ask(String(runs))) as Omit<Batch, 'standardErrors'>;
    return { ...batch, standardErrors: batch.testErrors.map((e) => Math.sqrt((e * (1 - e)) / testPoints)) };
  };

await main(import.meta.url, kouCell);
