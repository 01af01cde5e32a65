/** What the labels say before a run: the law of how often a class is heard against drawn labels and closed forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanAndSe } from '../../src/core/statistics.ts';
import { heardControl, heardIn, heardLaw } from '../../src/experiments/heard.ts';
import { MEAN_SE, ROUNDING } from '../tolerances.ts';

const base = { n: 12, flip: 0.2, flipLaw: 'probability', flips: 3, adversary: 'largest-norm' } as const;
const DRAWS = 4000;
const drawn = (
  data: typeof base | (Omit<typeof base, 'flipLaw'> & { flipLaw: 'exact' }),
): (readonly [number, number])[] =>
  Array.from({ length: DRAWS }, (_, replicate) => heardIn(data, { seed: 5, cell: [1, 2], replicate }));

test('the law sums to one and has the mean and variance of its definition', () => {
  for (const flipLaw of ['probability', 'exact'] as const) {
    const law = heardLaw({ ...base, flipLaw })!;
    const moment = (power: number): number => law.reduce((sum, p, h) => sum + p * (h - base.n) ** power, 0);
    const wrong = flipLaw === 'exact' ? base.flips : base.n * base.flip;
    assert.ok(Math.abs(moment(0) - 1) < ROUNDING);
    assert.ok(Math.abs(moment(1) - (base.n - 2 * wrong) / 2) < ROUNDING, String(moment(1)));
    // Each sample gives ±1 with probability 1/2: second moment 1/2, mean (1 - 2p)/2.
    const variance = flipLaw === 'exact' ? base.n / 4 : base.n * (0.5 - (0.5 - base.flip) ** 2);
    assert.ok(Math.abs(moment(2) - moment(1) ** 2 - variance) < ROUNDING);
  }
});

test('a control has mean zero over drawn labels, and another law of flips does not (negative control)', () => {
  for (const flipLaw of ['probability', 'exact'] as const) {
    const data = { ...base, flipLaw };
    const means = (control: NonNullable<ReturnType<typeof heardControl>>): number => {
      const { mean, se } = meanAndSe(drawn(data as typeof base).map(control));
      return mean / se;
    };
    assert.ok(Math.abs(means(heardControl(data, 0.2)!)) < MEAN_SE);
    assert.ok(Math.abs(means(heardControl({ ...data, flip: 0.1, flips: 1 }, 0.2)!)) > MEAN_SE);
  }
});

test('an adversary looks at the data: no law, no control', () => {
  assert.equal(heardLaw({ ...base, flipLaw: 'adversarial' }), null);
  assert.equal(heardControl({ ...base, flipLaw: 'adversarial' }, 0.2), null);
  for (const flipLaw of ['by-class', 'by-norm', 'by-margin'] as const)
    assert.equal(heardControl({ ...base, flipLaw }, 0.2), null, 'classes that are not alike, or noise that counts');
});
