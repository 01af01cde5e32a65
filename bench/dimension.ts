/**
 * Claim: a run at d = 10^9 takes as long as one at d = 10^3. Signal, step size and initial scale keep the problem
 * alike; the two take turns.
 */
import { quantile } from '../src/core/statistics.ts';
import type { Cell } from '../src/experiments/cell.ts';
import { runCell } from '../src/experiments/run.ts';
import { specFrom } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { main, note, spread, table, type Claim, type Options } from './claim.ts';

const DIMENSIONS = [1e3, 1e9] as const;
/** ‖μ‖ at d = 1,000; it grows like d^(1/4), which keeps n‖μ‖⁴/(σ_p⁴d). */
const MU = 2;
const LIMIT = 1.05;
const RUNS = 200;

export async function dimension({ quick }: Options): Promise<Claim> {
  const repeats = quick ? 3 : 21;
  const [small, large] = DIMENSIONS.map(cellAt) as [Cell, Cell];
  note(`dimension: ${repeats} repeats`);
  const times: [number, number][] = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    // who goes first alternates, and the first turn warms up
    const first = repeat % 2 === 0 ? small : large;
    const second = first === small ? large : small;
    const [a, b] = [milliseconds(first), milliseconds(second)];
    if (repeat >= 0) times.push(first === small ? [a, b] : [b, a]);
  }
  const ratios = times.map(([a, b]) => b / a);
  const ratio = quantile(ratios, 0.5);
  return {
    title: 'The cost of the dimension',
    holds: ratio <= LIMIT,
    text: [
      table(
        ['ms a run at d = 10³', 'ms a run at d = 10⁹', 'ratio', 'bound'],
        [
          [
            spread(
              times.map(([a]) => a),
              3,
            ),
            spread(
              times.map(([, b]) => b),
              3,
            ),
            spread(ratios, 3),
            String(LIMIT),
          ],
        ],
      ),
      `Whole runs (draw, 200 steps, test error, record), n = 20, m = 10, the same n‖μ‖⁴/(σ_p⁴d), step size and initial scale in units free of d, one thread: median (min–max) over ${repeats} batches of ${RUNS} runs.`,
    ].join('\n\n'),
  };
}

function cellAt(d: number): Cell {
  const [cell] = cells(
    specFrom(
      {
        data: { n: 20, d, mu: MU * (d / DIMENSIONS[0]) ** 0.25, flip: 0.1 },
        network: { m: 10, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
        training: { eta: 0.2, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 200 },
      },
      'dimension',
    ),
  );
  return cell!;
}

function milliseconds(cell: Cell): number {
  const started = performance.now();
  for (let replicate = 0; replicate < RUNS; replicate++) runCell(cell, 1, replicate);
  return (performance.now() - started) / RUNS;
}

await main(import.meta.url, dimension);
