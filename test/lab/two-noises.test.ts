/** The example's model with two noisy patches: its draw is what it says, its test error that of explicit points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Stream } from '../../src/core/random.ts';
import { checkSample } from '../../src/data/sample.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { trainCell } from '../../src/experiments/train-cell.ts';
import { cells } from '../../src/experiments/spec.ts';
import type { Lab } from '../../src/index.ts';
import { inFolder } from '../helpers/benign.ts';
import { freshPoint, inARow } from '../helpers/fresh-points.ts';
import { compiledExample } from '../helpers/own-lab.ts';
import { key } from '../helpers/problems.ts';
import { DRAWN_ERROR, ROUNDING } from '../tolerances.ts';

const example = await inFolder(
  async (folder) => (await import(pathToFileURL(compiledExample(folder)).href)) as { default: Lab },
);
const spec = (data: object, more: object = {}): ReturnType<Lab['spec']> =>
  example.default.spec({
    data: { model: 'mine/two-noises', n: 10, d: 40, mu: 1, flip: 0.2, ...data },
    network: { m: 5 },
    training: { eta: 0.1 },
    test: { estimator: 'lines', lines: 4000 },
    ...more,
  });

test('rho is the share of the variance in the last patch, and each patch has its own noise', () => {
  for (const draw of ['d-free', 'explicit'])
    for (const rho of [0, 0.3, 1]) {
      const [cell] = cells(spec({ rho, d: 400, n: 30, sigmaP: 2, draw }));
      const { sample } = drawProblem(cell!, key(5));
      checkSample(sample);
      const { vectors, frame } = sample;
      const square = (a: number, b = a): number => {
        let sum = 0;
        for (let k = 0; k < frame.used; k++) sum += vectors[a * frame.used + k]! * vectors[b * frame.used + k]!;
        return sum / (frame.ambient - 1);
      };
      const mean = (patch: number): number =>
        Array.from({ length: 30 }, (_, i) => square(1 + 2 * i + patch)).reduce((a, b) => a + b) / 30;
      // chi-square of 30 * 399 degrees: a standard deviation of 1.3 %
      assert.ok(Math.abs(mean(0) - 4 * (1 - rho)) <= 0.06 * 4 * (1 - rho), `${mean(0)}`);
      assert.ok(Math.abs(mean(1) - 4 * rho) <= 0.06 * 4 * rho, `${mean(1)}`);
      if (rho === 0.3)
        for (let i = 0; i < 30; i++) {
          const cosine = square(1 + 2 * i, 2 + 2 * i) / Math.sqrt(square(1 + 2 * i) * square(2 + 2 * i));
          assert.ok(Math.abs(cosine) < 0.25, `${cosine}`); // five standard deviations
          assert.ok(Math.abs(square(0, 1 + i)) <= ROUNDING, 'orthogonal to the signal');
        }
    }
});

test('its test error is that of points drawn in all coordinates; one noise for both patches would be noticed', () => {
  const [cell] = cells(spec({ rho: 0.5, flip: 0, draw: 'explicit' }));
  const problem = drawProblem(cell!, streamKey(cell!, 1, 0));
  const { view } = trainCell(cell!, problem);
  const { testErrorClean, testErrorCleanSe } = runCell(cell!, 1, 0).values;
  const { ambient } = problem.sample.frame;
  const stream = new Stream(key(77), 'test', 9);
  const [batch, batches] = [1000, 200];
  const count = batch * batches;
  const errorOf = (change: (inputs: readonly Float64Array[]) => readonly Float64Array[]): number => {
    let wrong = 0;
    for (let b = 0; b < batches; b++) {
      const points = Array.from({ length: batch }, () => freshPoint(problem.sample, stream, ambient));
      const rows = inARow(points.flatMap(({ inputs }) => change(inputs)));
      const outputs = view.outputsAt({ rows, count: batch, columns: ambient });
      points.forEach(({ label }, at) => (wrong += label * outputs[at]! > 0 ? 0 : 1));
    }
    return wrong / count;
  };
  const drawn = errorOf((inputs) => inputs);
  const se = Math.hypot(testErrorCleanSe!, Math.sqrt((drawn * (1 - drawn)) / count));
  assert.ok(drawn > 0.05 && Math.abs(testErrorClean! - drawn) <= DRAWN_ERROR * se, `${testErrorClean} ${drawn} ${se}`);
  const shared = errorOf(([signal, , last]) => [signal!, last!, last!]);
  assert.ok(Math.abs(testErrorClean! - shared) > 2 * DRAWN_ERROR * se, `${testErrorClean} ${shared} ${se}`);
});
