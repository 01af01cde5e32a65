/**
 * Claim: long runs of small logistic steps, engine gram-frozen, against the same number of plain steps in Gram space by
 * PyTorch and by NumPy, measured in the same turns.
 */
import { quantile } from '../src/core/statistics.ts';
import { frozenKernel } from '../src/dynamics/frozen-kernel.ts';
import type { FrozenRun } from '../src/dynamics/frozen.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';
import { heatMapProblems, time } from './frozen.ts';
import { startPeer, versionsOf, type Versions } from './peer.ts';

const ETAS = [1e-9, 1e-6, 1e-3];
/**
 * `steps` in at most `limit` ms and at least `times` faster than PyTorch; a Python program makes `share` of the steps a
 * turn.
 */
const SHAPES = [
  { n: 20, m: 10, d: 1000, steps: 100_000, limit: 30, times: 60, share: 0.02 },
  { n: 200, m: 50, d: 4000, steps: 10_000, limit: 150, times: 10, share: 0.04 },
] as const;

export async function longRuns({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 1 : 5;
  const rows: string[][] = [];
  let holds = true;
  let missing = '';
  let about: Versions | undefined;
  for (const shape of SHAPES) {
    for (const eta of ETAS) {
      note(`long-runs: ${2 * shape.m} filters x ${shape.n} samples, eta = ${eta}`);
      const peer = missing === '' ? await startPeer('steps.py', [shape.n, shape.m, shape.d, eta]) : missing;
      if (typeof peer === 'string') missing = peer;
      else about = peer.about;
      const { n, m, d, steps, limit, times } = shape;
      const problems = heatMapProblems(
        { 'data.n': n, 'data.d': d, 'data.mu': 4, 'network.m': m, 'training.eta': eta },
        1,
      );
      const asked = Math.max(1, Math.round(steps * shape.share * (quick ? 0.1 : 1)));
      const own: number[] = [];
      const torch: number[] = [];
      const numpy: number[] = [];
      let changes = 0;
      for (let repeat = -1; repeat < repeats; repeat++) {
        const [ms, [run]] = time(frozenKernel, problems, steps);
        const theirs =
          typeof peer === 'string'
            ? []
            : [(await peer.ask(`gram ${asked}`)) as number, (await peer.ask(`numpy ${asked}`)) as number];
        if (repeat < 0) continue; // the warm-up
        const { counters } = run as FrozenRun;
        if (counters.frozen + counters.plain !== steps) throw new Error('a run ended early: its time says nothing');
        changes = counters.flips / steps;
        own.push(ms);
        [torch, numpy].forEach(
          (side, at) => theirs[at] !== undefined && side.push((1000 * theirs[at] * steps) / asked),
        );
      }
      if (typeof peer !== 'string') peer.end();
      const median = quantile(own, 0.5);
      const ratio = (side: readonly number[]): number => quantile(side, 0.5) / median;
      holds &&= median <= limit && (torch.length === 0 || ratio(torch) >= times);
      rows.push([
        `${2 * m} x ${n}`,
        steps.toLocaleString('en'),
        eta.toExponential(),
        spread(own, 1),
        String(limit),
        changes.toFixed(2),
        ...(torch.length === 0
          ? []
          : [
              spread(torch, 0),
              spread(numpy, 0),
              `**${ratio(torch).toFixed(1)}**`,
              String(times),
              ratio(numpy).toFixed(1),
            ]),
      ]);
    }
  }
  return {
    title: 'Long runs of small steps',
    text: [
      ...(missing === '' ? [] : [missing]),
      table(
        [
          'filters x samples',
          'steps',
          'eta',
          'ours, ms',
          'bound',
          'sign changes a step',
          ...(about ? ['PyTorch, ms', 'NumPy, ms', 'PyTorch / ours', 'bound', 'NumPy / ours'] : []),
        ],
        rows,
      ),
      `Logistic loss, one thread, whole training without the draw, engine \`gram-frozen\`: median (min–max) over ${repeats} turns. PyTorch and NumPy make the plain step in Gram space (f64), ${SHAPES.map(({ share }) => `${100 * share} %`).join(' and ')} of the steps a turn, extrapolated.`,
    ].join('\n\n'),
    holds,
    ...(about && { versions: versionsOf(about) }),
  };
}

await main(import.meta.url, longRuns);
