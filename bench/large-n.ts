/**
 * Claim: the dense step keeps its rate when the anchors' Gram matrix no longer fits into a cache: 200 filters x 2,001
 * anchors (32 MB) against 100 x 201 with the same kernel. Leaky ReLU, so that every factor of the product counts; the
 * two take turns.
 */
import { quantile } from '../src/core/statistics.ts';
import { gramKernel } from '../src/dynamics/gram-kernel.ts';
import { drawProblem, streamKey } from '../src/experiments/run.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';
import { startPeer, versionsOf } from './peer.ts';

const SMALL = { n: 200, m: 50, steps: 200 } as const;
const LARGE = { n: 2000, m: 100, steps: 1 } as const;
const BOUND = 0.85;

type Shape = typeof SMALL | typeof LARGE;

/** 10^9 multiplications and additions a second, of the product alone, in one batch of steps. */
interface Side {
  readonly startSeconds: number;
  /** by processor time, and by the clock */
  rate(): { readonly busy: number; readonly clock: number };
}

export async function largeN({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 3 : 15;
  note(`large n: ${repeats} repeats`);
  const started = await startPeer('steps.py', [LARGE.n, LARGE.m, LARGE.n, 0.1]);
  const peer = typeof started === 'string' ? undefined : started;
  const [small, large] = [side(SMALL), side(LARGE)];
  const rates: [number, number][] = [];
  const clocks: number[] = [];
  const theirs: number[] = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    // who goes first alternates, and the first turn warms up
    const first = repeat % 2 === 0 ? small : large;
    const second = first === small ? large : small;
    const [a, b] = [first.rate(), second.rate()];
    const product = peer ? flops(LARGE) / 1e9 / ((await peer.ask('numpy 1')) as number) : 0;
    if (repeat < 0) continue;
    rates.push(first === small ? [a.busy, b.busy] : [b.busy, a.busy]);
    clocks.push((first === large ? a : b).clock);
    if (peer) theirs.push(product);
  }
  peer?.end();
  const ratios = rates.map(([a, b]) => b / a);
  const ratio = quantile(ratios, 0.5);
  return {
    title: 'Many samples',
    holds: ratio >= BOUND,
    text: [
      table(
        [
          '100 filters x 200 samples, GFlop/s',
          '200 x 2,000, GFlop/s',
          'ratio',
          'bound',
          '200 x 2,000 by the clock',
          'NumPy by the clock',
          'start of a run, 200 x 2,000, s',
        ],
        [
          [
            spread(
              rates.map(([a]) => a),
              1,
            ),
            spread(
              rates.map(([, b]) => b),
              1,
            ),
            spread(ratios, 3),
            String(BOUND),
            spread(clocks, 1),
            peer ? spread(theirs, 1) : '',
            large.startSeconds.toFixed(2),
          ],
        ],
      ),
      `Full-batch logistic steps of the plain algorithm, leaky ReLU, one thread, rated by the multiplications and additions of the product with the Gram matrix: median (min–max) over ${repeats} turns, by processor time, which other programs disturb less than the clock. NumPy makes the same product in a ReLU step; it is compared by the clock, in the same turns, with the BLAS that it is linked to: with Debian's reference BLAS its number says little, OpenBLAS is many times faster. The start, in processor time, computes the Gram matrix.`,
      ...(typeof started === 'string' ? [started] : []),
    ].join('\n\n'),
    ...(peer && { versions: versionsOf(peer.about) }),
  };
}

const flops = ({ n, m, steps }: Shape): number => 2 * (2 * m) * (n + 1) ** 2 * steps;

function side(shape: Shape): Side {
  const spec = {
    data: { n: shape.n, d: 4 * shape.n, mu: 4, flip: 0.1 },
    network: { m: shape.m, activation: 'leaky-relu', sigma0: 0.001 },
    training: { eta: 0.1, maxSteps: 1e6 },
  };
  const [cell] = cells(specFrom(spec, 'large-n'));
  const { training } = cell!;
  const problem = drawProblem(cell!, streamKey(cell!, 1, 0));
  let before = seconds();
  const run = gramKernel.start(problem);
  const startSeconds = seconds() - before;
  let t = 0;
  return {
    startSeconds,
    rate() {
      // Two runs share the kernel's memory: the first step brings this one's back.
      run.advance!(training, (t += 1));
      const clock = performance.now();
      before = seconds();
      run.advance!(training, (t += shape.steps));
      const work = flops(shape) / 1e9;
      return { busy: work / (seconds() - before), clock: (1000 * work) / (performance.now() - clock) };
    },
  };
}

/** Processor time of this process: on a shared machine it says more than the clock. */
function seconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

await main(import.meta.url, largeN);
