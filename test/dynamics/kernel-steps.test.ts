/**
 * The kernel's heavy ball, decay, batches, label noise and schedules against the reference: every bit of every state.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { inBatches } from '../../src/dynamics/steps/batches.ts';
import { gaussianLabels, turnedLabels, uniformLabels } from '../../src/dynamics/steps/label-noise.ts';
import { momentum } from '../../src/dynamics/steps/momentum.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { descent } from '../../src/dynamics/steps/rule.ts';
import { cosine, stepwise, warmUp } from '../../src/dynamics/steps/schedule.ts';
import type { StopParameters } from '../../src/dynamics/stop.ts';
import { buildCell } from '../../src/experiments/cell.ts';
import { drawProblem, streamKey } from '../../src/experiments/run.ts';
import { history } from '../helpers/histories.ts';

const setting = fc.record({
  m: fc.integer({ min: 1, max: 6 }),
  n: fc.integer({ min: 1, max: 21 }),
  d: fc.constantFrom(3, 40, 1000),
  mu: fc.constantFrom(0, 2, 1e4),
  seed: fc.integer({ min: 0, max: 1e6 }),
  activation: fc.constantFrom('relu' as const, 'leaky-relu' as const, 'relu-power' as const),
  bias: fc.boolean(),
  loss: fc.constantFrom('logistic' as const, 'hinge' as const),
  reduction: fc.constantFrom('mean' as const, 'sum' as const),
  eta: fc.constantFrom(0.01, 0.5, 3, 1e3, 1e9),
  output: fc.constantFrom('fixed' as const, 'trained' as const, 'trained-per-patch' as const),
  etaOutput: fc.constantFrom(0.3, 1),
});
const steps = fc.record({
  beta: fc.constantFrom(undefined, 0, 0.5, 0.9),
  lambda: fc.constantFrom(0, 1e-3, 0.7),
  batch: fc.constantFrom(0, 1, 3, 100),
  replacement: fc.boolean(),
  noise: fc.constantFrom('none' as const, 'turns' as const, 'gaussian' as const, 'huge' as const),
  schedule: fc.constantFrom(undefined, warmUp(7), stepwise(5, 0.5), cosine(40)),
});
const rule = fc.record<StopParameters>({
  stop: fc.constantFrom('steps', 'loss', 'zero-error'),
  epsilon: fc.constantFrom(0.01, 0.69),
  maxSteps: fc.constantFrom(0, 1, 30, 300),
});

test('kernel and reference agree in every bit: heavy ball, decay, batches, label noise, schedules', (t) => {
  const seen = new Map<string, number>();
  const count = (name: string): void => void seen.set(name, (seen.get(name) ?? 0) + 1);
  fc.assert(
    fc.property(setting, steps, rule, fc.constantFrom(1, 13, 1000), (one, by, stop, every) => {
      const power = one.activation === 'relu-power';
      const cell = buildCell(
        new Map<string, string | number | boolean>([
          ['data.n', one.n],
          ['data.d', one.d],
          ['data.mu', one.mu],
          ['network.m', one.m],
          ['network.activation', one.activation],
          ['network.bias', one.bias],
          ['network.output', power ? 'fixed' : one.output],
          ['training.etaOutput', one.etaOutput],
          ['training.loss', one.loss],
          ['training.eta', power ? Math.min(1, one.eta) : one.eta],
          ['training.reduction', one.reduction],
        ]),
      );
      const key = streamKey(cell, one.seed, 0);
      const labels = {
        none: () => allSamples,
        turns: () => turnedLabels(0.2, key),
        gaussian: () => gaussianLabels(1, 1, key),
        huge: () => uniformLabels(-1e300, 1e308, key),
      }[by.noise]();
      const batch = by.replacement ? by.batch : Math.min(by.batch, one.n);
      const problem: Problem = {
        ...drawProblem(cell, key),
        rule: by.beta === undefined ? descent : momentum(by.beta),
        puller:
          batch === 0
            ? labels
            : inBatches(labels, { n: one.n, batch, replacement: by.replacement, reduction: one.reduction }, key),
        ...(by.lambda > 0 && { decay: { lambda: by.lambda, coupled: false } }),
        ...(by.schedule && { schedule: by.schedule }),
      };
      const [ours, theirs] = [gramKernel, gram].map((engine) => history(engine.start(problem), problem, stop, every));
      assert.deepEqual(ours, theirs);
      count(by.beta === undefined ? 'descent' : 'heavy ball');
      count(`${one.output}, ${one.activation}`);
      count(theirs!.ending.outcome);
    }),
    { numRuns: 1500, seed: 3 },
  );
  t.diagnostic([...seen].map(([name, times]) => `${name}: ${times}`).join('; '));
});
