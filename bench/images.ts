/**
 * Claim: none but the numbers. Full-batch steps on real images, where dense products decide, beside PyTorch with its own
 * BLAS: seconds a step, most memory, and the test errors, which must agree.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { meanAndSe } from '../src/core/statistics.ts';
import { intervalOf } from '../src/core/verdict.ts';
import type { RunRecord } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { openData } from '../src/library/node/data.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';
import { CURRENT, startPeer } from './peer.ts';

const FOLDER = process.env['BENIGN_FASHION_MNIST'] ?? '/usr/share/datasets/fashion-mnist';
const [IMAGES, LABELS] = ['images-idx3', 'labels-idx1'].map((kind) => join(FOLDER, `train-${kind}-ubyte.gz`)) as [
  string,
  string,
];
/** d = 784: products of the points up to n = 3 d, their coordinates beyond. */
const SIZES = [
  { n: 2000, steps: 100, repeats: 7 },
  { n: 2400, steps: 100, repeats: 3 },
  { n: 10_000, steps: 30, repeats: 5 },
] as const;

interface Answer {
  readonly stepSeconds: number;
  readonly error: number;
  readonly megabytes: number;
}

interface Timed {
  readonly record: RunRecord;
  readonly seconds: number;
}

/** One run in a process of its own, as peak memory is the process's. */
function ours(n: number, steps: number, seed: number): Answer & { readonly engine: string } {
  const { content } = openData(IMAGES);
  const spec = {
    data: {
      model: 'dataset',
      content,
      classes: '0,2,4,6,8/1,3,5,7,9',
      rows: 'as-is',
      n,
      d: 784,
      divisor: 2550,
      flip: 0.1,
      heldOut: 2000,
    },
    network: { m: 100, sigma0: 0.01, bias: true },
    training: { eta: 20 },
    axes: { 'training.maxSteps': [1, steps] },
    coupling: 'common',
  };
  const [first, last] = [...cells(specFrom(spec, 'images'))].map((cell) => {
    const before = performance.now();
    const record = runCell(cell, seed, 0);
    return { record, seconds: (performance.now() - before) / 1000 };
  }) as [Timed, Timed];
  return {
    stepSeconds: (last.seconds - first.seconds) / (last.record.steps - first.record.steps),
    error: last.record.values['testErrorClean']!,
    megabytes: process.resourceUsage().maxRSS / 1024,
    engine: last.record.engine,
  };
}

export async function images({ quick }: Options): Promise<Claim> {
  const title = 'Real images';
  if (!existsSync(IMAGES))
    return { title, text: `Not measured: needs ${IMAGES} (Debian's dataset-fashion-mnist).`, holds: true };
  const rows: string[][] = [];
  const versions = new Set<string>();
  let remark = '';
  for (const { n, steps, repeats } of quick ? [{ ...SIZES[0], steps: 5, repeats: 1 }] : SIZES) {
    note(`images: n = ${n}, ${repeats} repeats`);
    const mine: (Answer & { engine: string })[] = [];
    const theirs: Answer[] = [];
    for (let seed = 1; seed <= repeats; seed++) {
      mine.push(JSON.parse(child(n, steps, seed)));
      // A process for each run, as for ours.
      const peer = await startPeer<{ versions: string[] }>('images_torch.py', [IMAGES, LABELS], 1, CURRENT);
      if (typeof peer === 'string') remark = peer;
      else {
        theirs.push((await peer.ask(`${n} ${steps} ${seed}`)) as Answer);
        peer.about.versions.forEach((one) => versions.add(one));
        peer.end();
      }
    }
    rows.push([
      n.toLocaleString('en'),
      mine[0]!.engine,
      ...[mine, theirs].map((all) => ofAll(all, ({ stepSeconds }) => 1000 * stepSeconds, 0)),
      theirs.length > 0
        ? spread(
            mine.map(({ stepSeconds }, at) => theirs[at]!.stepSeconds / stepSeconds),
            2,
          )
        : '',
      ...[mine, theirs].map((all) => ofAll(all, ({ megabytes }) => megabytes, 0)),
      ...[mine, theirs].map(errorOf),
    ]);
  }
  return {
    title,
    holds: true,
    text: [
      table(
        [
          'n',
          'engine',
          'ours, ms a step',
          'PyTorch, ms a step',
          'PyTorch / ours',
          'ours, MB',
          'PyTorch, MB',
          'ours, test error',
          'PyTorch, test error',
        ],
        rows,
      ),
      `Fashion-MNIST, even classes against odd ones, 784 pixels over 2,550, a tenth of the labels flipped; 200 filters, ReLU, biases, η = 20, full batch, double precision, one thread, in turns, by the clock: median (min–max) over the runs. Ours with test error and record, less a run of one step; PyTorch with autograd, its steps alone. Memory is the most of the whole process, file and interpreter included. Test errors: mean over the runs' own draws of clean errors on 2,000 held-out points after ${SIZES.map(({ n, steps }) => `${steps} steps (n = ${n.toLocaleString('en')})`).join(', ')}, with 95 % intervals. No bound: dense products decide, and PyTorch's have four numbers a vector and fused sums where WebAssembly has two.`,
      ...(remark ? [remark] : []),
    ].join('\n\n'),
    ...(versions.size > 0 && { versions: [...versions] }),
  };
}

const ofAll = (all: readonly Answer[], of: (one: Answer) => number, digits: number): string =>
  all.length > 0 ? spread(all.map(of), digits) : '';

function errorOf(all: readonly Answer[]): string {
  if (all.length < 2) return all.map(({ error }) => error.toFixed(4)).join();
  const { mean, se } = meanAndSe(all.map(({ error }) => error));
  const { low, high } = intervalOf({ value: mean, se, freedom: all.length - 1 }, 0.05);
  return `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

function child(...sizes: number[]): string {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), '--one', ...sizes.map(String)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

if (process.argv[2] === '--one') {
  const [n, steps, seed] = process.argv.slice(3).map(Number) as [number, number, number];
  process.stdout.write(JSON.stringify(ours(n, steps, seed)));
} else await main(import.meta.url, images);
