/** What is measured of a data set: sizes, scale and step from the data, and runs that are stable whatever its units. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offer } from '../../src/data/content.ts';
import type { LabelledPoints } from '../../src/data/readers/labelled.ts';
import { diagnosisPlan, heldOutOf, ladderOf } from '../../src/diagnosis/plan.ts';
import { largestEigenvalue, rootMeanSquare } from '../../src/diagnosis/scale.ts';
import { UserError } from '../../src/errors.ts';
import { runCell } from '../../src/experiments/run.ts';
import { cells } from '../../src/experiments/spec.ts';
import { mixture } from '../helpers/mixture.ts';
import { DEFINITION, DIVISOR_DIGITS } from '../tolerances.ts';

const BASE = mixture(200, 12, 2, 41);
const plan = (points: LabelledPoints, choice: Parameters<typeof diagnosisPlan>[1] = {}) =>
  diagnosisPlan(offer(points), { runs: 2, ...choice });
const changed = (values: (x: number, at: number) => number): LabelledPoints => ({
  ...BASE,
  values: (BASE.values as Float64Array).map(values),
});

test('the ladder is even, and no step of it comes twice; held-out points leave room for three draws', () => {
  assert.deepEqual(ladderOf(320), [40, 80, 160, 320]);
  assert.deepEqual(ladderOf(100), [12, 26, 50, 100]);
  assert.deepEqual(ladderOf(16), [8, 16]);
  assert.equal(heldOutOf(12_000, 320), 1000);
  assert.equal(heldOutOf(1960, 320), 332); // 3 (320 + 332) <= 1960
  assert.equal(heldOutOf(348, 160), 188);
  const { ladder, heldOut, there, flips } = plan(BASE);
  assert.deepEqual([ladder, heldOut, there, flips], [[12, 24, 48, 96], 104, [100, 100], [0, 0.1, 0.2, 0.3]]);
});

test('after scaling the root mean square of a norm is 1; units and a common shift change no answer', () => {
  const { norm, spec, lambda } = plan(BASE);
  assert.ok(Math.abs(norm - 1) < DIVISOR_DIGITS);
  for (const points of [changed((x) => x * 1e150), changed((x) => x * 1e-150), changed((x, at) => x + (at % 12))]) {
    const other = plan(points);
    assert.ok(Math.abs(other.norm - 1) < DIVISOR_DIGITS, String(other.norm));
    assert.ok(Math.abs(other.lambda / lambda - 1) < 2 * DIVISOR_DIGITS);
    assert.equal(other.spec.values.get('training.eta'), spec.values.get('training.eta'));
  }
});

test('the largest eigenvalue of rows with a known one, and the root mean square', () => {
  // Rows (3, 0), (0, 4): x xᵀ has the eigenvalues 9 and 16, over two rows 4.5 and 8.
  assert.ok(Math.abs(largestEigenvalue(Float64Array.of(3, 0, 0, 4), 2, 2) - 8) < DEFINITION);
  // One row at a time: the larger of their squares.
  assert.ok(Math.abs(largestEigenvalue(Float64Array.of(3, 0, 0, 4), 2, 1) - 16) < DEFINITION);
  assert.ok(Math.abs(rootMeanSquare(Float64Array.of(3, 0, 0, 4), 2) - Math.sqrt(12.5)) < DEFINITION);
  assert.equal(rootMeanSquare(Float64Array.of(1e-15, 0, 0, 0), 2), 0);
});

test('no run diverges, and noise is fitted, whatever the units, the centring and outlying columns', () => {
  const wild = changed((x, at) => x * 10 ** ((at % 12) - 6));
  const cases: [string, LabelledPoints, Parameters<typeof diagnosisPlan>[1], boolean][] = [
    ['as it is', BASE, { n: 16 }, true],
    ['not centred, raw', changed((x) => 100 * x + 50), { n: 16, centring: 'none', divisor: 1 }, true],
    ['wild columns', wild, { n: 16 }, false],
  ];
  for (const [name, points, choice, fits] of cases)
    for (const cell of cells(plan(points, { m: 4, ...choice }).spec)) {
      const { outcome, values } = runCell(cell, 1, 0);
      assert.notEqual(outcome, 'diverged', name);
      if (fits) assert.ok(values.trainError! <= 1 / 16, `${name}: ${values.trainError}`);
    }
});

test('what cannot be diagnosed is refused in a sentence', () => {
  const few = { ...BASE, labels: BASE.labels.map((_, at) => Number(at < 12)) };
  const cases: [LabelledPoints, Parameters<typeof diagnosisPlan>[1], RegExp][] = [
    [{ ...BASE, labels: BASE.labels.map(() => 3) }, {}, /^--classes: which two labels are meant .* there is 1: 3$/],
    [{ ...BASE, labels: BASE.labels.map((_, at) => at % 3) }, {}, /there are 3: 0, 1, 2$/],
    [BASE, { classes: '0,1,0' }, /^--classes: must be two labels such as 0,1, .* got "0,1,0"$/],
    [BASE, { classes: '0,7' }, /no point has the label "7"; there are 0, 1$/],
    [few, {}, /^the data has 12 points of class 1, and a diagnosis needs at least 20 of each class$/],
    [BASE, { n: 190 }, /^--n: must be an even number of training points in \[16, 180\].* got 190$/],
    [BASE, { n: 21 }, /^--n: must be an even number/],
    [BASE, { heldOut: 150 }, /^--held-out: at most 104 points are left/],
    [BASE, { flips: [0] }, /^--flips: must name a label noise/],
    [BASE, { flips: [0.1, 0.7] }, /must be in \[0, 0\.5\), got 0\.7/],
    [BASE, { runs: 1 }, /^--runs: must be an integer >= 2/],
    [BASE, { divisor: 1e20 }, /^--divisor: 100000000000000000000 leaves points/],
    [changed(() => 0), {}, /^the points of the classes 0\/1 are all the same/],
    [changed((_, at) => 0.1 * (at % 12)), {}, /^the points of the classes 0\/1 are all the same/],
    [changed((_, at) => Math.floor(at / 12) % 2), {}, /^within each class the points are all the same/],
  ];
  for (const [points, choice, says] of cases)
    assert.throws(
      () => plan(points, choice),
      (error) => error instanceof UserError && says.test(error.message) && !error.message.includes('\n'),
      String(says),
    );
});
