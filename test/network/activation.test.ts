import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activate, activationSlope, type Activation } from '../../src/network/activation.ts';
import { lossOf, lossSlope } from '../../src/network/loss.ts';
import { buildNetwork, type NetworkParameters } from '../../src/network/two-layer.ts';
import { key, NETWORK } from '../helpers/problems.ts';
import { binomialCounts, holdsInLaw, pearsonP } from '../helpers/statistics.ts';
import { DIFFERENCE_QUOTIENT, ROUNDING } from '../tolerances.ts';

const relu: Activation = { kind: 'piecewise-linear', leak: 0 };
const leaky: Activation = { kind: 'piecewise-linear', leak: 0.25 };
const cubic: Activation = { kind: 'power', power: 3 };
const smoothed: Activation = { kind: 'smoothed-leaky', leak: 0.25, smoothing: 2 };

test('activations: values, the slope at 0 as PyTorch has it, homogeneity', () => {
  assert.deepEqual(
    [-2, 0, 3].map((h) => activate(relu, h) + 0),
    [0, 0, 3],
  );
  assert.deepEqual(
    [-2, 0, 3].map((h) => activate(leaky, h)),
    [-0.5, 0, 3],
  );
  assert.deepEqual(
    [-2, 0, 3].map((h) => activate(cubic, h)),
    [0, 0, 27],
  );
  assert.deepEqual(
    [relu, leaky, cubic].map((one) => activationSlope(one, 0)),
    [0, 0.25, 0],
  );
  for (const [activation, degree] of [
    [relu, 1],
    [leaky, 1],
    [cubic, 3],
  ] as const) {
    for (const h of [-1.5, 0.3, 2]) assert.equal(activate(activation, 4 * h), 4 ** degree * activate(activation, h));
  }
});

test('the smoothed leaky ReLU: leaky outside |h| <= 1/H, less (1 - leak)/(4H); value and slope join; leaky for large H', () => {
  const gap = 0.75 / 8;
  assert.deepEqual(
    [-2, -0.5, 0, 0.5, 3].map((h) => activate(smoothed, h)),
    [-0.5 - gap, -0.125 - gap, 0, 0.5 - gap, 3 - gap],
  );
  assert.deepEqual(
    [-2, -0.5, 0, 0.5, 3].map((h) => activationSlope(smoothed, h)),
    [0.25, 0.25, 0.625, 1, 1],
  );
  for (const kink of [-0.5, 0.5]) {
    for (const of of [activate, activationSlope])
      assert.ok(Math.abs(of(smoothed, kink * (1 + ROUNDING)) - of(smoothed, kink * (1 - ROUNDING))) <= 2 * ROUNDING);
  }
  const sharp: Activation = { ...smoothed, smoothing: 1e15 };
  for (const h of [-3, -1e-3, 1e-3, 3]) assert.ok(Math.abs(activate(sharp, h) - activate(leaky, h)) <= ROUNDING);
});

test('slopes are the difference quotients of values, of activations and losses alike', () => {
  const step = 1e-5;
  const close = (value: (x: number) => number, slope: (x: number) => number, x: number): void => {
    const quotient = (value(x + step) - value(x - step)) / (2 * step);
    assert.ok(
      Math.abs(quotient - slope(x)) <= DIFFERENCE_QUOTIENT * Math.max(1, Math.abs(slope(x))),
      `at ${x}: ${slope(x)}, quotient ${quotient}`,
    );
  };
  for (const x of [-30, -3, -0.7, -0.3, -0.1, 0.2, 0.9, 1.4, 5, 40]) {
    for (const activation of [relu, leaky, cubic, smoothed])
      if (Math.abs(x) < 10)
        close(
          (h) => activate(activation, h),
          (h) => activationSlope(activation, h),
          x,
        );
    for (const loss of ['logistic', 'hinge'] as const)
      close(
        (z) => lossOf(loss, z),
        (z) => -lossSlope(loss, z),
        x,
      );
  }
});

test('losses: the hinge is flat from its kink on, the logistic loss never overflows', () => {
  assert.deepEqual(
    [-1, 0, 1, 2].map((z) => lossOf('hinge', z)),
    [2, 1, 0, 0],
  );
  assert.deepEqual(
    [-1, 1, 2].map((z) => lossSlope('hinge', z)),
    [1, 0, 0],
  );
  assert.ok(Math.abs(lossOf('logistic', 0) - Math.LN2) <= ROUNDING);
  assert.deepEqual(
    [lossOf('logistic', -1e200), lossSlope('logistic', -1e200), lossOf('logistic', 1e200)],
    [1e200, 1, 0],
  );
});

test('output weights: signs by class, scale and pooling multiplied in', () => {
  const scales = { '1/m': 1 / 4, '1/sqrt(m)': 1 / 2, '1': 1 } as const;
  for (const [outputScale, scale] of Object.entries(scales) as [keyof typeof scales, number][]) {
    for (const [pooling, share] of [
      ['sum', 1],
      ['mean', 1 / 2],
    ] as const) {
      const { outputWeights, classes, filters } = buildNetwork({ ...NETWORK, m: 4, outputScale, pooling }, 2);
      assert.equal(filters, 8);
      assert.deepEqual([...classes], [1, 1, 1, 1, -1, -1, -1, -1]);
      assert.deepEqual(
        [...outputWeights],
        [...classes].map((j) => j * scale * share),
      );
    }
  }
});

test('signs of the output weights: half, random, all alike; one weight a filter, or one a filter and patch', (t) => {
  const signs = (outputSigns: NonNullable<NetworkParameters['outputSigns']>, seed = 1, m = 2000): number[] => [
    ...buildNetwork({ ...NETWORK, m, outputSigns }, 2, key(seed)).classes,
  ];
  assert.deepEqual(signs('half', 1, 2), [1, 1, -1, -1]);
  assert.deepEqual(signs('negative', 1, 2), [-1, -1, -1, -1]);
  assert.deepEqual(signs('positive', 1, 2), [1, 1, 1, 1]);
  const random = signs('random');
  assert.ok(random.every((j) => Math.abs(j) === 1));
  // blocks of four signs against Binomial(4, 1/2)
  const counts = [0, 0, 0, 0, 0];
  for (let r = 0; r < random.length; r += 4) counts[random.slice(r, r + 4).filter((j) => j > 0).length]++;
  holdsInLaw(t, { 'blocks of four': pearsonP(counts, binomialCounts(4, 0.5, 1000)) });
  assert.deepEqual(signs('random'), random);
  assert.notDeepEqual(signs('random', 2), random);
  assert.deepEqual(signs('random', 1, 100), random.slice(0, 200)); // nested, like the filters
  assert.throws(() => buildNetwork({ ...NETWORK, outputSigns: 'random' }, 2), RangeError);
  for (const [output, expected] of [
    ['fixed', [0.1, 0.1, -0.1, -0.1]],
    ['trained', [0.1, 0.1, -0.1, -0.1]],
    ['trained-per-patch', [0.1, 0.1, 0.1, 0.1, -0.1, -0.1, -0.1, -0.1]],
  ] as const) {
    const network = buildNetwork({ ...NETWORK, m: 2, output, v0: 0.2 }, 2);
    assert.deepEqual([...network.outputWeights], expected);
    assert.deepEqual([network.outputUnit, network.trainsOutput], [1 / 2, output !== 'fixed']);
  }
});
