/** Deep networks in the kernel against the TypeScript reference: every bit of every state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Stream } from '../../src/core/random.ts';
import { startInKernel } from '../../src/dynamics/deep/deep-kernel.ts';
import { inSpan } from '../../src/dynamics/deep/in-span.ts';
import { outputsOf } from '../../src/dynamics/deep/outputs-of.ts';
import { startDeep } from '../../src/dynamics/deep/run.ts';
import { emptyPass, passUp, type StackShape } from '../../src/dynamics/deep/stack.ts';
import type { Problem, Run } from '../../src/dynamics/engine.ts';
import { turnedLabels } from '../../src/dynamics/steps/label-noise.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { cosine, stepwise } from '../../src/dynamics/steps/schedule.ts';
import type { StopParameters } from '../../src/dynamics/stop.ts';
import { train } from '../../src/dynamics/train.ts';
import { batches, deep, stackOf } from '../helpers/deep.ts';
import { key } from '../helpers/problems.ts';

const words = (x: Float64Array): BigUint64Array =>
  new BigUint64Array(x.map((one) => (Number.isNaN(one) ? NaN : one)).buffer);

/** Everything a view shows, with the bits of every number. */
function bits(run: Run): BigUint64Array[] {
  const { layers, outputWeights, products, outputsOf } = stackOf(run);
  const first = layers[0]!.preactivations;
  return [
    run.view.outputs,
    outputWeights,
    products(),
    ...layers.flatMap(({ weights, bias, preactivations }) => [weights(), bias, preactivations]),
    outputsOf(first.slice(), run.view.outputs.length),
  ].map(words);
}

function history(run: Run, { sample, loss }: Problem, rule: StopParameters, every: number): unknown {
  const states: unknown[] = [];
  const ending = train(run, sample, loss, rule, (t) => states.push([t, bits(run)]), every);
  return { ending, states, end: bits(run) };
}

test('deep runs: kernel and reference agree in every bit', (t) => {
  const seen = new Map<string, number>();
  const count = (name: string): void => void seen.set(name, (seen.get(name) ?? 0) + 1);
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 0, max: 1e6 }),
        n: fc.integer({ min: 1, max: 23 }),
        d: fc.constantFrom(2, 5, 40, 1000),
        m: fc.integer({ min: 1, max: 9 }),
        widths: fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 4 }),
        activation: fc.constantFrom('relu', 'leaky-relu', 'relu-power', 'smoothed-leaky-relu'),
        pool: fc.constantFrom('first', 'last'),
        pooling: fc.constantFrom('sum', 'mean'),
        output: fc.constantFrom('fixed', 'trained'),
        bias: fc.boolean(),
        frozen: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
        loss: fc.constantFrom('logistic', 'hinge'),
        rate: fc.constantFrom(0.001, 0.03, 1, 1e3, 1e9, 1e160),
        pulls: fc.constantFrom('all', 'turned', 'batches'),
        schedule: fc.constantFrom(undefined, stepwise(10, 0.5), cosine(12)),
        rule: fc.record<StopParameters>({
          stop: fc.constantFrom('steps', 'loss', 'zero-error', 'zero-loss'),
          epsilon: fc.constantFrom(0.01, 0.3, 0.69),
          maxSteps: fc.constantFrom(0, 1, 7, 40),
        }),
        every: fc.constantFrom(1, 3, 1000),
      }),
      (one) => {
        const depth = one.widths.length + 2;
        const frozen = [...new Set(one.frozen)].filter((layer) => layer < depth);
        const n = one.pulls === 'batches' ? 8 : one.n;
        const problem: Problem = {
          ...deep(
            {
              m: one.m,
              depth,
              widths: one.widths.join(','),
              activation: one.activation as 'relu',
              pool: one.pool as 'first',
              pooling: one.pooling as 'sum',
              output: one.output as 'fixed',
              bias: one.bias,
              frozen: frozen.length > 0 ? frozen.join(',') : 'none',
            },
            { loss: one.loss as 'hinge', data: { n, d: one.d, mu: 2 } },
            one.seed,
          ),
          stepPerSample: one.rate / n,
          puller: { all: allSamples, turned: turnedLabels(0.2, key(4)), batches: batches(3, false) }[one.pulls]!,
          ...(one.schedule && { schedule: one.schedule }),
        };
        const ours = startInKernel(problem);
        assert.ok(ours, 'the kernel takes it');
        const theirs = history(startDeep(problem, inSpan) as Run, problem, one.rule, one.every);
        assert.deepEqual(history(ours as Run, problem, one.rule, one.every), theirs);
        count(one.activation);
        count((theirs as { ending: { outcome: string } }).ending.outcome);
      },
    ),
    { numRuns: 1000, seed: 5 },
  );
  t.diagnostic([...seen].map(([name, times]) => `${name}: ${times}`).join('; '));
});

test('passes up: kernel and reference agree in every bit, sizes odd and large, numbers of every kind', () => {
  const stream = new Stream(key(7), 'test');
  const strange = [-0, 0, Infinity, -Infinity, NaN, 5e-324, -1e308, 1e308];
  const numbers = (length: number, odd: boolean): Float64Array =>
    Float64Array.from({ length }, () =>
      odd && stream.uniform() < 0.05 ? strange[stream.integer(strange.length)]! : stream.normal(),
    );
  let beyond = 0;
  for (let round = 0; round < 400; round++) {
    const odd = round % 2 === 1;
    const large = round % 40 === 0 ? 60 : 1;
    const widths = Array.from({ length: 2 + stream.integer(3) }, () => 1 + stream.integer(9) * large);
    const perSample = 1 + stream.integer(3);
    const points = 1 + stream.integer(12) * large;
    const leak = [0, 0.1, 1, -0.5][stream.integer(4)]!;
    const shape: StackShape = {
      activation: [
        { kind: 'piecewise-linear', leak } as const,
        { kind: 'power', power: 2 + stream.integer(3) } as const,
        { kind: 'smoothed-leaky', leak, smoothing: 2.5 } as const,
      ][stream.integer(3)]!,
      widths,
      pool: stream.uniform() < 0.5 ? 'first' : 'last',
      share: stream.uniform() < 0.5 ? 1 : 1 / perSample,
      perSample,
    };
    const above = widths.slice(1);
    const weights = {
      hidden: above.map((units, at) => numbers(units * widths[at]!, odd)),
      biases: above.map((units) => numbers(units, odd)),
      output: numbers(widths.at(-1)!, odd),
    };
    const h = numbers(widths[0]! * points * perSample, odd);
    const pass = emptyPass(shape, points, h.slice());
    passUp(shape, weights, pass);
    assert.deepEqual(words(outputsOf(shape, weights, h, points)), words(pass.outputs), JSON.stringify(shape));
    if (!pass.outputs.every(Number.isFinite)) beyond++;
  }
  assert.ok(beyond > 20, String(beyond));
});
