/**
 * Stability thresholds of step rules, exact on both sides. With a linear activation, a fixed output layer and the
 * squared loss the objective is a quadratic of one curvature lambda = |a|² |x_1 + x_2|², and f - y moves along it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { momentum, nesterov } from '../../src/dynamics/steps/momentum.ts';
import { normalised } from '../../src/dynamics/steps/normalised.ts';
import { descent, type StepRule } from '../../src/dynamics/steps/rule.ts';
import { sam } from '../../src/dynamics/steps/sam.ts';
import { sign } from '../../src/dynamics/steps/sign.ts';
import { explicitSample, key, makeProblem, trained } from '../helpers/problems.ts';
import { ENGINES, RECURSION, STABLE } from '../tolerances.ts';

/** |a|² = 2 for two filters of output weight ±1, |x_1 + x_2|² = 2. */
const LAMBDA = 4;

/** @param pace eta times the curvature */
const quadratic = (rule: StepRule, pace: number, more: Partial<Problem> = {}): Problem => ({
  sample: explicitSample([1, 0], [[0, 1]], [1]),
  network: {
    activation: { kind: 'own', value: (h) => h, slope: () => 1 },
    filters: 2,
    outputWeights: Float64Array.of(1, -1),
    outputUnit: 1,
    trainsOutput: false,
    classes: Float64Array.of(1, -1),
    bias: false,
  },
  init: { columns: 2, rows: Float64Array.of(0.3, -0.2, 0.1, 0.4), bias: new Float64Array(2) },
  loss: { value: (z) => (1 - z) ** 2 / 2, slope: (z) => 1 - z },
  stepPerSample: pace / LAMBDA,
  rule,
  ...more,
});

/** |f - y| after so many steps over its value at the start. */
function growth(engine: typeof direct, problem: Problem, steps: number): number {
  const [before, after] = [0, steps].map((t) => Math.abs(trained(engine, problem, t).view.outputs[0]! - 1));
  return after! / before!;
}

const BETA = 0.7;
const TAU = 0.3;
const THRESHOLDS: readonly (readonly [name: string, rule: StepRule, threshold: number, more?: Partial<Problem>])[] = [
  ['descent', descent, 2],
  ['heavy ball', momentum(BETA), 2 * (1 + BETA)],
  ['Nesterov', nesterov(BETA), (2 + 2 * BETA) / (1 + 2 * BETA)],
  // eta lambda (1 + tau lambda) < 2
  ['unnormalised SAM', sam({ radius: TAU, unnormalised: true }), 2 / (1 + TAU * LAMBDA)],
];

test('descent, heavy ball, Nesterov and unnormalised SAM: stable below their thresholds by 10⁻³, not above', () => {
  for (const [name, rule, threshold, more] of THRESHOLDS)
    for (const engine of [direct, gram]) {
      const at = (share: number): number => growth(engine, quadratic(rule, share * threshold, more), 20_000);
      assert.ok(at(0.999) < STABLE.gone, `${name}, ${engine.id}: ${at(0.999)} below`);
      assert.ok(at(1.001) > STABLE.grown, `${name}, ${engine.id}: ${at(1.001)} above`);
    }
});

test('decay in the gradient adds lambda to the curvature', () => {
  const decay = { lambda: 1, coupled: true };
  // (1 - eta (curvature + 1)) is the factor of every direction that the sample sees: stable iff eta < 2/5
  for (const engine of [direct, gram])
    for (const [share, stable] of [
      [0.999, true],
      [1.001, false],
    ] as const) {
      const problem = quadratic(descent, (share * 2 * LAMBDA) / (LAMBDA + 1), { decay });
      const limit = LAMBDA / (LAMBDA + 1); // f where the forces balance
      const off = Math.abs(trained(engine, problem, 20_000).view.outputs[0]! - limit);
      assert.ok(stable ? off < STABLE.gone : off > STABLE.grown, `${engine.id}: ${off}`);
    }
});

test('SAM ends in a 2-cycle of amplitude eta rho lambda/(2 - eta lambda)', () => {
  const [pace, radius] = [0.5, 0.2];
  const problem = quadratic(sam({ radius, unnormalised: false }), pace);
  const amplitude = (pace * radius) / (2 - pace); // of the weights along the one direction; f moves sqrt(lambda) as far
  for (const engine of [direct, gram]) {
    const [now, next] = [1000, 1001].map((t) => trained(engine, problem, t).view.outputs[0]! - 1);
    assert.ok(Math.abs(Math.abs(now!) - Math.sqrt(LAMBDA) * amplitude) <= RECURSION, `${engine.id}: ${now}`);
    assert.ok(Math.abs(now! + next!) <= RECURSION);
  }
});

test('a normalised step has the length eta over filters, biases and v together; one of signs has it in each number', () => {
  const plain = {
    ...makeProblem(
      { network: { output: 'trained-per-patch', bias: true, outputScale: '1/m' }, stepPerSample: 0.01 },
      key(3),
    ),
    stepSize: 0.08,
  };
  const unit = plain.network.outputUnit;
  for (const engine of [direct, gram]) {
    const run = engine.start({ ...plain, rule: normalised });
    for (let t = 0; t < 20; t++) {
      run.forward();
      const before = [run.view.weights().rows, run.view.bias, run.view.outputWeights].map((x) => x.slice());
      run.update();
      const moved = [run.view.weights().rows, run.view.bias, run.view.outputWeights].map((x, part) =>
        x.reduce((sum, now, k) => sum + ((now - before[part]![k]!) / (part === 2 ? unit : 1)) ** 2, 0),
      );
      assert.ok(Math.abs(Math.sqrt(moved[0]! + moved[1]! + moved[2]!) / 0.08 - 1) <= ENGINES, engine.id);
    }
  }
  const run = direct.start({ ...plain, rule: sign });
  run.forward();
  const before = run.view.outputWeights.slice();
  run.update();
  for (const [k, a] of run.view.outputWeights.entries())
    assert.ok(Math.abs(Math.abs(a - before[k]!) - 0.08 * unit) <= RECURSION);
});
