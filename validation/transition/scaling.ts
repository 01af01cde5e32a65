/**
 * sigma_p: ‖mu‖* in units of sigma_p is the same for every sigma_p, by scaling. That is an invariance and no fit: with
 * common draws each run's clean error must be the same whatever the unit of length.
 */
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { kou } from './studies.ts';

export interface Scaling {
  readonly factors: readonly number[];
  readonly runs: number;
  /** largest relative difference of a run's clean error from that at the first factor */
  readonly largest: number;
}

/** Powers of two, which change no rounding, and one number that does. */
const FACTORS = [1, 0.25, 4, 3];
const SIGNALS = [3, 4.27, 6];
const RUNS = 20;

export function scalingExact(): Scaling {
  let largest = 0;
  for (const mu of SIGNALS) {
    const errors = FACTORS.map((sigmaP) => {
      const input = kou({ n: 20, d: 1e4, sigmaP, mu: mu * sigmaP }, {}, { network: { m: 10 } });
      const [cell] = cells(specFrom({ ...input, coupling: 'common' }, 'scaling'));
      return Array.from({ length: RUNS }, (_, replicate) => runCell(cell!, 2023, replicate).values.testErrorClean!);
    });
    for (const other of errors.slice(1))
      other.forEach((error, r) => (largest = Math.max(largest, Math.abs(error / errors[0]![r]! - 1))));
  }
  return { factors: FACTORS, runs: SIGNALS.length * RUNS, largest };
}
