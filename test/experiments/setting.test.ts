import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cells } from '../../src/experiments/spec.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Setting } from '../../src/notation.ts';
import { ROUNDING } from '../tolerances.ts';

const setting = (input: Readonly<Record<string, unknown>>): Setting =>
  settingOf(cells(specFrom(input, 'test')).next().value!);
const close = (came: number | undefined, expected: number): void =>
  assert.ok(came !== undefined && Math.abs(came - expected) <= ROUNDING * expected, `${came} against ${expected}`);

test('units are carried out', () => {
  const s = setting({
    data: { n: 16, d: 10000, mu: 3, sigmaP: 0.5, flip: 0.25 },
    network: { m: 8, sigma0: 2, sigma0Unit: '1/(sigmaP*sqrt(d))', output: 'trained', v0: 3, v0Unit: 'v*' },
    training: { eta: 0.5, etaUnit: 'n*m/(sigmaP^2*d)' },
  });
  close(s.sigma0, 2 / 50);
  close(s.eta, (0.5 * 16 * 8) / (0.25 * 10000));
  close(s.v0, (3 * (16 / 10000) ** 0.25) / Math.sqrt(8 * 0.5));
  assert.equal(s.flips, 4, 'the mean number of wrong labels');
  assert.equal(s.epsilon, 0.01, 'theory asks the time to some loss, whatever the stop rule');
});

test('whatever the model calls them: signal, noise, wrong labels', () => {
  const s = setting({
    data: { model: 'unit-norm-mixture', n: 20, d: 100, share: 0.19, flipLaw: 'exact', flips: 3 },
    network: { m: 4, activation: 'leaky-relu', leak: 0.2, init: 'pytorch-gaussian' },
    training: { loss: 'hinge' },
  });
  close(s.mu, Math.sqrt(0.19));
  close(s.sigmaP, 0.09);
  assert.deepEqual([s.share, s.flips, s.flip, s.leak], [0.19, 3, 0, 0.2]);
  close(s.sigma0, 1 / Math.sqrt(300));
});

test('numbers without effect are not in it', () => {
  const s = setting({ data: { n: 20, d: 100, mu: 1 }, network: { m: 4 } });
  for (const id of [
    'share',
    'cosine',
    'nu',
    'leak',
    'power',
    'smoothing',
    'etaOutput',
    'lines',
    'points',
    'seed',
    'runs',
  ] as const)
    assert.equal(s[id], undefined, id);
});
