/**
 * Which rules a rotation leaves alone. Data and start are rotated together: a rule in the span then gives the same
 * outputs at every step; and since the law of a Gaussian start is invariant, records are equal in law when the data
 * alone are rotated. Rules that move each coordinate by itself are changed (planted control): they have no d-free form.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { adam, adamw } from '../../src/dynamics/steps/adam.ts';
import { inBatches } from '../../src/dynamics/steps/batches.ts';
import { momentum, nesterov } from '../../src/dynamics/steps/momentum.ts';
import { normalised } from '../../src/dynamics/steps/normalised.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { descent, type StepRule } from '../../src/dynamics/steps/rule.ts';
import { sam } from '../../src/dynamics/steps/sam.ts';
import { sign } from '../../src/dynamics/steps/sign.ts';
import { key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { holdsInLaw, ksBetween } from '../helpers/statistics.ts';
import { ENGINES, NEGATIVE_CONTROL } from '../tolerances.ts';

const D = 12;
const ADAM = { beta1: 0.9, beta2: 0.99, adamEpsilon: 1e-8 };
const IN_SPAN: readonly StepRule[] = [
  descent,
  momentum(0.8),
  nesterov(0.8),
  normalised,
  sam({ radius: 0.2, unnormalised: false }),
];
const ELSE: readonly StepRule[] = [sign, adam(ADAM), adamw(ADAM)];

const problemOf = (rule: StepRule, seed: number): Problem => ({
  ...makeProblem(
    {
      data: { n: 8, d: D, draw: 'explicit', flip: 0.2, mu: 5 },
      network: { output: 'trained', bias: true },
      stepPerSample: 0.01,
    },
    key(seed),
  ),
  rule,
  stepSize: rule.inSpan ? 0.08 : 0.01,
  decay: { lambda: 0.05, coupled: rule.id !== 'adamw' },
  puller: inBatches(allSamples, { n: 8, batch: 3, replacement: false, reduction: 'mean' }, key(seed)),
});

/** An orthogonal D x D matrix: Gram and Schmidt on normals. */
function rotation(seed: number): Float64Array[] {
  const stream = new Stream(key(seed), 'test');
  const rows: Float64Array[] = [];
  while (rows.length < D) {
    const row = Float64Array.from({ length: D }, () => stream.normal());
    for (let pass = 0; pass < 2; pass++)
      for (const one of rows) {
        const along = one.reduce((sum, x, k) => sum + x * row[k]!, 0);
        one.forEach((x, k) => (row[k]! -= along * x));
      }
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    rows.push(row.map((x) => x / norm));
  }
  return rows;
}

const rotated = (rows: Float64Array, by: Float64Array[]): Float64Array => {
  const out = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += D)
    for (let k = 0; k < D; k++) out[at + k] = by[k]!.reduce((sum, x, l) => sum + x * rows[at + l]!, 0);
  return out;
};

const withRotatedData = (problem: Problem, by: Float64Array[]): Problem => ({
  ...problem,
  sample: { ...problem.sample, vectors: rotated(problem.sample.vectors, by) },
});

test('data and start rotated together: the same outputs for rules in the span, others for the rest', () => {
  for (const rule of [...IN_SPAN, ...ELSE]) {
    const problem = problemOf(rule, 3);
    const by = rotation(4);
    const other = withRotatedData({ ...problem, init: { ...problem.init, rows: rotated(problem.init.rows, by) } }, by);
    const apart = worstDifference(trained(direct, other, 80).view.outputs, trained(direct, problem, 80).view.outputs);
    assert.ok(rule.inSpan ? apart <= ENGINES : apart > 100 * ENGINES, `${rule.id}: ${apart}`);
  }
});

test('data alone rotated: equal in law for rules in the span, and not for Adam and signs', (t) => {
  /** a run's mean output towards the true labels, over many draws */
  const outputs = (rule: StepRule, by: Float64Array[] | undefined, first: number): number[] =>
    Array.from({ length: 200 }, (_, k) => {
      const problem = problemOf(rule, first + k);
      const { outputs: f } = trained(direct, by ? withRotatedData(problem, by) : problem, 40).view;
      return f.reduce((sum, x, i) => sum + x * problem.sample.trueLabels[i]!, 0) / f.length;
    });
  const by = rotation(4);
  const p = (rule: StepRule): number => ksBetween(outputs(rule, undefined, 1000), outputs(rule, by, 5000));
  holdsInLaw(t, Object.fromEntries(IN_SPAN.map((rule) => [rule.id, p(rule)])));
  for (const rule of ELSE) assert.ok(p(rule) < NEGATIVE_CONTROL, `${rule.id}: ${p(rule)}`);
});
