/** The presets of Meng et al. and Xu et al.: their quick figures hold what they claim, their controls do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meng2024 } from '../../src/papers/meng-2024.ts';
import { xu2024 } from '../../src/papers/xu-2024.ts';
import { quick } from '../helpers/presets.ts';

const failed = (...preset: Parameters<typeof quick>): string[] =>
  quick(...preset)
    .made.comparisons.filter(({ verdict }) => verdict === 'fails')
    .map(({ id }) => id);

test('XOR in two patches follows n‖mu‖⁴/(sigma_p⁴ d) where the signals are orthogonal, and not at a narrow angle (control)', () => {
  assert.deepEqual(failed(meng2024, 'dimension', 'orthogonal'), []);
  assert.deepEqual(failed(meng2024, 'dimension', 'narrow-angle'), ['free-of-d']);
});

test('the narrower the angle, the stronger the signal has to be', () => {
  assert.deepEqual(failed(meng2024, 'angle', 'strength'), []);
});

test('XOR without patches: one step fits and guesses, later steps generalise; not from a large start (control)', () => {
  assert.deepEqual(failed(xu2024, 'grokking', 'small-start'), []);
  assert.deepEqual(failed(xu2024, 'grokking', 'large-start'), ['one-step-fits', 'later-generalises']);
});

test('a map and curves of the same quantity are different files', () => {
  const names = quick(meng2024, 'dimension', 'orthogonal').made.figures.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
