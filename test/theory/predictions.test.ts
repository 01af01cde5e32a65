/** Closed forms beside measured curves, against the same classifier's exact error in runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { PREDICTIONS } from '../../src/theory/predictions.ts';
import { ORTHOGONAL_NOISE } from '../tolerances.ts';

const averaging = PREDICTIONS.find(({ id }) => id === 'averaging-classifier')!;

/** exact error of the averaging classifier in a run, and the closed form, at S = n‖μ‖⁴/(σ_p⁴ d) */
function both(S: number, n: number, sigmaP: number): [number, number] {
  const d = 1e10;
  const spec = specFrom(
    {
      data: { n, d, sigmaP, mu: sigmaP * ((S * d) / n) ** 0.25, flips: n / 10, flipLaw: 'exact' },
      network: { m: 2 },
      training: { maxSteps: 1, etaUnit: 'n*m/(sigmaP^2*d)' },
      record: { values: ['averagingError'] },
    },
    'test',
  );
  const [cell] = cells(spec);
  return [runCell(cell!, 1, 0, spec.record).values.averagingError!, averaging.value(settingOf(cell!))];
}

test("averaging classifier: the run's own exact error where noise vectors are orthogonal", () => {
  for (const [S, n, sigmaP] of [
    [0.1, 20, 1],
    [1, 40, 3],
    [4, 80, 0.5],
    [20, 20, 1],
  ] as const) {
    const [ours, predicted] = both(S, n, sigmaP);
    assert.ok(Math.abs(ours / predicted - 1) < ORTHOGONAL_NOISE, `S = ${S}, n = ${n}: ${ours}, predicted ${predicted}`);
  }
  const [ours] = both(1, 20, 1);
  const [, wrong] = both(1.1, 20, 1);
  assert.ok(Math.abs(ours / wrong - 1) > ORTHOGONAL_NOISE, 'another S is seen (negative control)');
});
