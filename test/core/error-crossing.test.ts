/** Crossings of error curves whose answer is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fallingCrossing } from '../../src/core/contours.ts';
import { errorCrossing } from '../../src/core/error-crossing.ts';
import { Stream } from '../../src/core/random.ts';
import { exp, log, normalQuantile, normalTail } from '../../src/core/special.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import { LINE_FIT, SHORT_OF_BIAS } from '../tolerances.ts';

const X = Array.from({ length: 9 }, (_, i) => log(0.5) + (i / 8) * log(4));
const curve = (steepness: number, shift: number): number[] => X.map((x) => normalTail(exp(steepness * x + shift)));
const truth = (steepness: number, shift: number, level: number): number =>
  (log(-normalQuantile(level)) - shift) / steepness;

test('no bias on the curves of linear rules, wherever the grid lies; the chord has one (negative control)', () => {
  let most = 0;
  for (const steepness of [1, 2, 3])
    for (const level of [0.05, 0.2, 0.35])
      for (const shift of [-0.1, 0, 0.1]) {
        if (truth(steepness, shift, level) < X[0]! || truth(steepness, shift, level) > X.at(-1)!) continue;
        const y = curve(steepness, shift);
        const found = errorCrossing(X, y, level, 2);
        assert.ok(Math.abs(found - truth(steepness, shift, level)) < LINE_FIT, `${steepness} ${level} ${shift}`);
        const chord = fallingCrossing(
          X,
          y,
          y.map(() => 0),
          level,
          2,
        );
        if (chord) most = Math.max(most, Math.abs(chord.x - truth(steepness, shift, level)));
      }
  assert.ok(most > 0.05, String(most));
});

test('with noise it stays centred, and errors of 0 and above 1/2 do no harm', () => {
  const stream = new Stream({ seed: 5, cell: [0, 0], replicate: 0 }, 'test');
  const found = Array.from({ length: 400 }, () =>
    errorCrossing(
      X,
      curve(2, 0).map((y) => Math.max(0, y + 0.01 * stream.normal())),
      0.2,
      2,
    ),
  );
  const { mean, se } = meanAndSe(found);
  // one false alarm in 10,000; what is left of bias is of second order in the noise
  assert.ok(Math.abs(mean - truth(2, 0, 0.2)) < 4 * se + SHORT_OF_BIAS, `${mean - truth(2, 0, 0.2)} ± ${se}`);
});

test('a curve on one side of the level does not cross; a step is met by the chord', () => {
  assert.ok(
    Number.isNaN(
      errorCrossing(
        X,
        X.map(() => 0.3),
        0.2,
        2,
      ),
    ),
  );
  assert.ok(
    Number.isNaN(
      errorCrossing(
        X,
        X.map(() => 0.1),
        0.2,
        2,
      ),
    ),
  );
  assert.equal(errorCrossing([0, 1, 2], [0.5, 0.5, 0], 0.25, 1), 1.5);
});
