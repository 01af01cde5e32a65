import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activate, activationSlope, type Activation } from '../../src/network/activation.ts';
import { lossOf, lossSlope } from '../../src/network/loss.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { NETWORK } from '../helpers/problems.ts';
import { DIFFERENCE_QUOTIENT, ROUNDING } from '../tolerances.ts';

const relu: Activation = { kind: 'piecewise-linear', leak: 0 };
const leaky: Activation = { kind: 'piecewise-linear', leak: 0.25 };
const cubic: Activation = { kind: 'power', power: 3 };

test('activations: values, the slope at 0 as PyTorch has it, homogeneity', () => {
  assert.deepEqual([-2, 0, 3].map((h) => activate(relu, h) + 0), [0, 0, 3]);
  assert.deepEqual([-2, 0, 3].map((h) => activate(leaky, h)), [-0.5, 0, 3]);
  assert.deepEqual([-2, 0, 3].map((h) => activate(cubic, h)), [0, 0, 27]);
  assert.deepEqual([relu, leaky, cubic].map((one) => activationSlope(one, 0)), [0, 0.25, 0]);
  for (const [activation, degree] of [[relu, 1], [leaky, 1], [cubic, 3]] as const) {
    for (const h of [-1.5, 0.3, 2]) assert.equal(activate(activation, 4 * h), 4 ** degree * activate(activation, h));
  }
});

test('slopes are the difference quotients of values, of activations and losses alike', () => {
  const step = 1e-5;
  const close = (value: (x: number) => number, slope: (x: number) => number, x: number): void => {
    const quotient = (value(x + step) - value(x - step)) / (2 * step);
    assert.ok(Math.abs(quotient - slope(x)) <= DIFFERENCE_QUOTIENT * Math.max(1, Math.abs(slope(x))), `at ${x}: ${slope(x)}, quotient ${quotient}`);
  };
  for (const x of [-30, -3, -0.7, -0.1, 0.2, 0.9, 1.4, 5, 40]) {
    for (const activation of [relu, leaky, cubic]) if (Math.abs(x) < 10) close((h) => activate(activation, h), (h) => activationSlope(activation, h), x);
    for (const loss of ['logistic', 'hinge'] as const) close((z) => lossOf(loss, z), (z) => -lossSlope(loss, z), x);
  }
});

test('losses: the hinge is flat from its kink on, the logistic loss never overflows', () => {
  assert.deepEqual([-1, 0, 1, 2].map((z) => lossOf('hinge', z)), [2, 1, 0, 0]);
  assert.deepEqual([-1, 1, 2].map((z) => lossSlope('hinge', z)), [1, 0, 0]);
  assert.ok(Math.abs(lossOf('logistic', 0) - Math.LN2) <= ROUNDING);
  assert.deepEqual([lossOf('logistic', -1e200), lossSlope('logistic', -1e200), lossOf('logistic', 1e200)], [1e200, 1, 0]);
});

test('output weights: signs by class, scale and pooling multiplied in', () => {
  const scales = { '1/m': 1 / 4, '1/sqrt(m)': 1 / 2, '1': 1 } as const;
  for (const [outputScale, scale] of Object.entries(scales) as [keyof typeof scales, number][]) {
    for (const [pooling, share] of [['sum', 1], ['mean', 1 / 2]] as const) {
      const { outputWeights, classes, filters } = buildNetwork({ ...NETWORK, m: 4, outputScale, pooling }, 2);
      assert.equal(filters, 8);
      assert.deepEqual([...classes], [1, 1, 1, 1, -1, -1, -1, -1]);
      assert.deepEqual([...outputWeights], [...classes].map((j) => j * scale * share));
    }
  }
});
