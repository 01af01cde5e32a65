import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { drawProblem, streamKey } from '../../src/experiments/run.ts';
import { criticalOutput, initialOutputWeight, initialScale, stepSize } from '../../src/experiments/units.ts';
import { trainedWeights } from '../../src/observables/layers.ts';
import { ROUNDING } from '../tolerances.ts';

const cellWith = (...more: [string, Value][]) =>
  buildCell(
    new Map<string, Value>([
      ['data.n', 20],
      ['data.d', 1000],
      ['data.mu', 2],
      ['data.sigmaP', 0.5],
      ['network.m', 10],
      ...more,
    ]),
  );
const close = (a: number, b: number): void => assert.ok(Math.abs(a / b - 1) <= ROUNDING, `${a} against ${b}`);

test('units against their formulas', () => {
  const [n, d, m, sigmaP] = [20, 1000, 10, 0.5];
  const critical = n ** (1 / 4) * m ** (-1 / 2) * sigmaP ** (-1 / 2) * d ** (-1 / 4);
  close(criticalOutput(cellWith()), critical);
  close(initialOutputWeight(cellWith(['network.v0', 0.3])), 0.3);
  close(initialOutputWeight(cellWith(['network.v0', 0.3], ['network.v0Unit', 'v*'])), 0.3 * critical);
  close(initialScale(cellWith(['network.sigma0', 0.3])), 0.3);
  close(
    initialScale(cellWith(['network.sigma0', 0.3], ['network.sigma0Unit', '1/(sigmaP*sqrt(d))'])),
    0.3 / (sigmaP * Math.sqrt(d)),
  );
  close(stepSize(cellWith(['training.eta', 0.7])), 0.7);
  close(
    stepSize(cellWith(['training.eta', 0.7], ['training.etaUnit', 'n*m/(sigmaP^2*d)'])),
    (0.7 * n * m) / (sigmaP ** 2 * d),
  );
  for (const v0 of [0.01, 3]) {
    const unit = n / (4 * sigmaP ** 2 * d * m * Math.max(v0, critical) ** 2);
    close(
      stepSize(
        cellWith(['training.eta', 0.7], ['network.v0', v0], ['training.etaUnit', 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)']),
      ),
      0.7 * unit,
    );
  }
});

test('a run starts from them', () => {
  const cell = cellWith(
    ['network.v0', 2],
    ['network.v0Unit', 'v*'],
    ['network.output', 'trained-per-patch'],
    ['network.outputSigns', 'random'],
    ['training.etaOutput', 0.5],
    ['training.eta', 3],
  );
  const problem = drawProblem(cell, streamKey(cell, 1, 0));
  for (const v of trainedWeights(problem.network.outputWeights, problem.network)) close(v, initialOutputWeight(cell));
  assert.equal(problem.network.outputWeights.length, 40);
  assert.deepEqual([problem.stepPerSample, problem.etaOutput], [3 / 20, 0.5]);
});
