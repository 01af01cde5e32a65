/** What theory is told of a data set: noise with the same traces, and the same network as papers write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productTransposed } from '../../src/core/linear-algebra.ts';
import { normalTail } from '../../src/core/special.ts';
import { offer } from '../../src/data/content.ts';
import { diagnosisPlan } from '../../src/diagnosis/plan.ts';
import { carriedOver, predictedOf, sizesOf } from '../../src/diagnosis/predicted.ts';
import { twoClassStatistics } from '../../src/diagnosis/statistics.ts';
import { runCell } from '../../src/experiments/run.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { mixture } from '../helpers/mixture.ts';
import { DEFINITION, REWRITTEN } from '../tolerances.ts';

test('a network in another output scale and reduction takes the same run', () => {
  const data = { n: 12, d: 60, mu: 3, flip: 0.1 };
  const one = (network: object, training: object) => {
    const spec = specFrom(
      { data, network: { m: 5, ...network }, training: { maxSteps: 40, ...training }, coupling: 'common' },
      'x',
    );
    return [...cells(spec)][0]!;
  };
  const here = one({ sigma0: 0.1 }, { eta: 2 });
  const expected = runCell(here, 1, 0).values;
  for (const written of [
    { outputScale: '1/sqrt(m)', reduction: 'mean' },
    { outputScale: '1', reduction: 'sum' },
  ] as const) {
    const { sigma0, v0, eta } = carriedOver(settingOf(here), written);
    const there = one({ sigma0, v0, outputScale: written.outputScale }, { eta, reduction: written.reduction });
    const { values } = runCell(there, 1, 0);
    for (const id of ['trainLoss', 'marginMin', 'marginMax', 'testErrorClean'] as const)
      assert.ok(
        Math.abs(values[id]! - expected[id]!) <= REWRITTEN * Math.abs(expected[id]!),
        `${written.outputScale} ${id}`,
      );
  }
});

test('noise with the same traces; averaging by the control parameter at n (1 - 2p)²; every theorem is told', () => {
  const plan = diagnosisPlan(offer(mixture(120, 40, 3, 77)), { n: 32, m: 4, runs: 2 });
  const { vectors, n, labels, frame } = plan.sample;
  const statistics = twoClassStatistics(
    productTransposed(vectors, n, vectors, n, frame.used),
    labels,
    0.05,
    sizesOf(plan),
  );
  const { cells: told, setting, regimes } = predictedOf(plan, statistics);
  const { sigmaP, d, mu } = setting as Required<typeof setting>;
  assert.ok(Math.abs(sigmaP ** 2 * d - statistics.trace.value) < DEFINITION);
  assert.ok(Math.abs(sigmaP ** 4 * d - statistics.traceSquare.value) < DEFINITION);
  assert.ok(Math.abs(mu ** 2 - statistics.signal.value) < DEFINITION);
  const { signal, traceSquare, alongSignal } = statistics;
  for (const { n: size, p, control, averaging } of told) {
    const n1 = size * (1 - 2 * p) ** 2;
    const S = (n1 * signal.value ** 2) / (traceSquare.value + n1 * Math.max(0, alongSignal.value));
    assert.ok(Math.abs(control.value - S) < DEFINITION * Math.max(1, S), `${size}, ${p}`);
    assert.ok(Math.abs(averaging.value - normalTail(Math.sqrt(S))) < DEFINITION);
    assert.ok(averaging.low <= averaging.value && averaging.value <= averaging.high);
  }
  assert.equal(told.length, plan.ladder.length * plan.flips.length);
  assert.equal(regimes.length, 5);
  for (const { told: one, assumptions, departures } of regimes) {
    assert.ok(one.prediction && assumptions.length > 2, one.statement.id);
    assert.match(departures[0]!, /^data\.model is dataset here/);
    assert.ok(!departures.some((words) => /outputScale|v0|reduction|undefined/.test(words)), departures.join());
  }
});
