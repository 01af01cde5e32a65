/** Who pulls, with which weight, towards which label; and step sizes over time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf } from '../../src/core/special.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { inBatches, type BatchParameters } from '../../src/dynamics/steps/batches.ts';
import { gaussianLabels, turnedLabels, uniformLabels } from '../../src/dynamics/steps/label-noise.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { constant, cosine, cosineOfTurn, stepwise, warmUp } from '../../src/dynamics/steps/schedule.ts';
import { key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { holdsInLaw, ksAgainst, pearsonP } from '../helpers/statistics.ts';
import { ENGINES, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

const LABELS = Float64Array.from({ length: 10 }, (_, i) => (i % 3 ? 1 : -1));
const weightsOf = (asked: Omit<BatchParameters, 'n'>, steps: number, seed = 1): Float64Array[] => {
  const next = inBatches(allSamples, { n: 10, ...asked }, key(seed)).start(LABELS);
  return Array.from({ length: steps }, () => next().weights!.slice());
};

test('an epoch without replacement goes through all samples once; the smaller last batch weighs n over its size', () => {
  const steps = weightsOf({ batch: 4, replacement: false, reduction: 'mean' }, 300);
  for (let epoch = 0; epoch < 100; epoch++) {
    const batches = steps.slice(3 * epoch, 3 * epoch + 3);
    const sizes = batches.map((weights) => weights.filter((w) => w > 0).length);
    assert.deepEqual(sizes, [4, 4, 2]);
    for (let i = 0; i < 10; i++) assert.equal(batches.filter((weights) => weights[i]! > 0).length, 1);
    for (const [b, weights] of batches.entries()) for (const w of weights) assert.ok(w === 0 || w === 10 / sizes[b]!);
  }
  for (const weights of weightsOf({ batch: 4, replacement: false, reduction: 'sum' }, 30))
    for (const w of weights) assert.ok(w === 0 || w === 1);
});

test('in law: members without replacement, and counts with it', (t) => {
  const first = weightsOf({ batch: 4, replacement: false, reduction: 'mean' }, 9000).filter((_, at) => at % 3 === 0);
  const members = LABELS.map((_, i) => first.filter((weights) => weights[i]! > 0).length);
  const drawn = weightsOf({ batch: 4, replacement: true, reduction: 'mean' }, 9000);
  const counts = LABELS.map((_, i) => drawn.reduce((sum, weights) => sum + (weights[i]! * 4) / 10, 0));
  const multiplicities = [0, 1, 2].map(
    (k) => drawn.filter((weights) => Math.round((weights[0]! * 4) / 10) === k).length,
  );
  const binomial = [0, 1, 2].map((k) => 9000 * [0.6561, 0.2916, 0.0486][k]!);
  const rest = [9000 - binomial.reduce((a, b) => a + b), 9000 - multiplicities.reduce((a, b) => a + b)];
  holdsInLaw(t, {
    // Of 4 of 10 without replacement the counts vary by 6/10 of a multinomial's.
    members: pearsonP(
      members.map((count) => 1200 + (count - 1200) / Math.sqrt(0.6 * (10 / 9))),
      members.map(() => 1200),
    ),
    counts: pearsonP(
      counts,
      counts.map(() => 3600),
    ),
    multiplicities: pearsonP([...multiplicities, rest[1]!], [...binomial, rest[0]!]),
  });
  assert.ok(
    pearsonP(
      counts.map((count, i) => (i === 0 ? 1.1 * count : count)),
      counts.map(() => 3600),
    ) < NEGATIVE_CONTROL,
  );
});

test('the weights make the mean over the batch of what the step size makes of all: one step by hand', () => {
  const plain = makeProblem({ data: { n: 10 }, stepPerSample: 0.03 }, key(4));
  for (const replacement of [false, true])
    for (const reduction of ['mean', 'sum'] as const) {
      const asked = { n: 10, batch: 3, replacement, reduction };
      const next = inBatches(allSamples, asked, key(5)).start(plain.sample.labels);
      const weights = next().weights!;
      const puller = inBatches(allSamples, asked, key(5));
      const start = trained(gram, plain, 0).view.coefficients.slice();
      const ours = trained(gram, { ...plain, puller }, 1).view.coefficients;
      // what one step of each sample alone adds
      const expected = start.slice();
      for (let i = 0; i < 10; i++) {
        const alone = Float64Array.from({ length: 10 }, (_, k) => (k === i ? weights[i]! : 0));
        const only = {
          ...allSamples,
          weighs: true,
          start: (labels: Float64Array) => () => ({ labels, weights: alone }),
        };
        const step = trained(direct, { ...plain, puller: only }, 1).view.coefficients;
        for (let k = 0; k < expected.length; k++) expected[k]! += step[k]! - start[k]!;
      }
      assert.ok(worstDifference(ours, expected) <= ENGINES);
      const total = weights.reduce((a, b) => a + b);
      assert.ok(Math.abs(total - (reduction === 'mean' ? 10 : 3)) <= ROUNDING);
    }
});

test('label factors have their laws, whatever batch pulls', (t) => {
  const factors = (puller: ReturnType<typeof gaussianLabels>): number[] => {
    const next = puller.start(LABELS);
    return Array.from({ length: 500 }, () => next().labels.map((y, i) => y / LABELS[i]!)).flatMap((one) => [...one]);
  };
  const gaussian = factors(gaussianLabels(1, 2, key(3)));
  const uniform = factors(uniformLabels(-1, 2, key(3)));
  holdsInLaw(t, {
    gaussian: ksAgainst(gaussian, (x) => normalCdf((x - 1) / 2)),
    uniform: ksAgainst(uniform, (x) => Math.min(1, Math.max(0, (x + 1) / 3))),
  });
  assert.ok(ksAgainst(gaussian, (x) => normalCdf((x - 1.2) / 2)) < NEGATIVE_CONTROL);
  for (const labels of [turnedLabels(0.2, key(3)), gaussianLabels(1, 2, key(3))]) {
    const alone = labels.start(LABELS);
    const both = inBatches(labels, { n: 10, batch: 3, replacement: true, reduction: 'mean' }, key(9)).start(LABELS);
    for (let step = 0; step < 50; step++) assert.deepEqual(both().labels, alone().labels);
  }
});

test('schedules: values, ends, and cos to the last bits', () => {
  assert.equal(constant(7), 1);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(warmUp(4)), [0.25, 0.5, 0.75, 1, 1, 1]);
  const drops = stepwise(2, 0.5);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(drops), [1, 1, 0.5, 0.5, 0.25, 0.25]);
  assert.equal(drops(1), 1);
  const half = cosine(4);
  assert.deepEqual([half(0), half(2), half(4), half(99)], [1, 0.5, 0, 0]);
  for (let k = 0; k <= 1000; k++)
    assert.ok(Math.abs(cosineOfTurn(k / 1000) - Math.cos((Math.PI * k) / 1000)) <= ROUNDING / 100);
});
