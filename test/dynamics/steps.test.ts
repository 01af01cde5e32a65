/**
 * Step rules: heavy ball in the span against heavy ball on the vectors, against its own recursion, and what a rule says
 * of standing still.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell, canonicalCell } from '../../src/experiments/cell.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem, SpanView } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import { momentum } from '../../src/dynamics/steps/momentum.ts';
import type { StepRule } from '../../src/dynamics/steps/rule.ts';
import { turnedLabels } from '../../src/dynamics/steps/label-noise.ts';
import { train } from '../../src/dynamics/train.ts';
import type { RuleParameters } from '../../src/experiments/rule-entry.ts';
import { RULES } from '../../src/experiments/rules.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { runCell } from '../../src/experiments/run.ts';
import { lossSlope } from '../../src/network/loss.ts';
import { activationSlope } from '../../src/network/activation.ts';
import { key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { compare } from '../helpers/side-by-side.ts';
import { CUT_SHORT_SHARE, DECOMPOSITION, ENGINES, SMALL_STEPS } from '../tolerances.ts';

const heavy = (problem: Problem, beta: number): Problem => ({ ...problem, rule: momentum(beta) });

const PARAMETERS: RuleParameters = {
  momentum: 0.9,
  radius: 0.05,
  ascent: 'normalised',
  beta1: 0.9,
  beta2: 0.999,
  adamEpsilon: 1e-8,
  flowTolerance: 1e-3,
};
/** Every rule of the shelf that stays in the span, but descent. */
const OTHERS = Object.entries(RULES).filter(([id, { inSpan }]) => id !== 'descent' && inSpan);

test('every rule agrees with itself on the vectors and in the span, whatever is trained and whoever pulls', () => {
  for (const [id, { make }] of OTHERS) agreesWithItself(id, make(PARAMETERS));
  const problem = makeProblem({}, key(80));
  assert.ok(
    !(
      compare(direct.start(heavy(problem, 0.9)), gram.start(heavy(problem, 0.9001)), problem, {
        steps: 100,
        every: 50,
      }).worst <=
      100 * ENGINES
    ),
    'another share of the velocity is noticed',
  );
});

function agreesWithItself(id: string, rule: StepRule): void {
  let [runs, cut] = [0, 0];
  for (const activation of ['relu', 'leaky-relu', 'relu-power'] as const)
    for (const output of ['fixed', 'trained', 'trained-per-patch'] as const)
      for (const loss of ['logistic', 'hinge'] as const)
        for (const bias of [false, true])
          for (const noisy of [false, true]) {
            const name = [id, activation, output, loss, bias, noisy].join(' ');
            const plain = makeProblem(
              {
                network: { activation, output, m: 3, bias },
                loss,
                stepPerSample: activation === 'relu-power' ? 0.0005 : 0.005,
              },
              key(80 + runs),
            );
            const problem = { ...plain, rule, ...(noisy && { puller: turnedLabels(0.1, key(7)) }) };
            const found = compare(direct.start(problem), gramKernel.start(problem), problem, {
              steps: 300,
              every: 50,
              signs: 1,
              sumsUp: false,
            });
            runs++;
            if (found.cutShort !== null) cut++;
            assert.ok(found.worst <= ENGINES, `${name}: differs by ${found.worst}`);
          }
  assert.ok(cut <= Math.max(1, CUT_SHORT_SHARE * runs), `${id}: ${cut} of ${runs} cut short`);
}

/** The pull on a filter's coefficients at a state, from the formula of the gradient. */
function pullOf({ sample, network, loss, stepPerSample }: Problem, view: SpanView): Float64Array {
  const { n, labels, anchors: K, patches } = sample;
  const Q = n * patches.perSample;
  const pull = new Float64Array(network.filters * K);
  for (let r = 0; r < network.filters; r++)
    for (let q = 0; q < Q; q++) {
      const i = Math.floor(q / patches.perSample);
      const change =
        stepPerSample *
        labels[i]! *
        lossSlope(loss, labels[i]! * view.outputs[i]!) *
        network.outputWeights[r]! *
        activationSlope(network.activation, view.preactivations[r * Q + q]!);
      for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++)
        pull[r * K + patches.anchor[t]!]! += patches.coefficient[t]! * change;
    }
  return pull;
}

test('C(t + 1) - C(t) = β (C(t) - C(t - 1)) + pull(t), and the decomposition holds', () => {
  const beta = 0.8;
  for (const engine of [direct, gram]) {
    const problem = heavy(makeProblem({ network: { activation: 'leaky-relu' } }, key(4)), beta);
    const run = engine.start(problem);
    run.forward();
    let before = run.view.coefficients.map(() => 0);
    for (let t = 0; t < 40; t++) {
      const now = run.view.coefficients.slice();
      const pull = pullOf(problem, run.view);
      run.update();
      run.forward();
      const expected = now.map((c, at) => c + beta * (c - before[at]!) + pull[at]!);
      assert.ok(worstDifference(run.view.coefficients, expected) <= DECOMPOSITION, `${engine.id}, step ${t}`);
      before = now;
    }
  }
});

test('with β = 0 the steps are those of descent; small steps with β go 1/(1 - β) as far', () => {
  const problem = makeProblem({ network: { activation: 'leaky-relu' } }, key(5));
  for (const engine of [direct, gram, gramKernel])
    assert.ok(
      worstDifference(
        trained(engine, heavy(problem, 0), 50).view.coefficients,
        trained(engine, problem, 50).view.coefficients,
      ) <= ENGINES,
    );
  const tiny = { ...problem, stepPerSample: 1e-7 };
  const way = (one: Problem, steps: number) => trained(gram, one, steps).view.coefficients.at(-1)!;
  // sum over t < T of (1 - β^{t+1}) / (1 - β), the pull being constant to the order of the step size
  const [T, beta] = [60, 0.9];
  const expected = Array.from({ length: T }, (_, t) => (1 - beta ** (t + 1)) / (1 - beta)).reduce((a, b) => a + b);
  assert.ok(Math.abs(way(heavy(tiny, beta), T) / way(tiny, 1) / expected - 1) <= SMALL_STEPS);
});

test('the linearised run has the same momentum', () => {
  const problem = heavy(makeProblem({ stepPerSample: 1e-6 }, key(6)), 0.9);
  const moved = (view: SpanView, from: SpanView) => view.outputs.map((f, i) => f - from.outputs[i]!);
  const [network, linear] = [gram, { start: linearised }].map((engine) => {
    const [start, end] = [0, 30].map((steps) => trained(engine as typeof gram, problem, steps).view);
    const change = moved(end!, start!);
    return change.map((x) => x / change[0]!);
  });
  assert.ok(worstDifference(linear!, network!) <= SMALL_STEPS);
});

test('momentum moves on where descent stands still', () => {
  const problem = makeProblem({ data: { n: 4, d: 40, mu: 10 }, loss: 'hinge', stepPerSample: 1 }, key(5));
  const rule = { stop: 'steps', epsilon: 0.01, maxSteps: 400 } as const;
  for (const engine of [direct, gram, gramKernel]) {
    const quiet = train(engine.start(problem), problem.sample, 'hinge', rule);
    const loud = train(engine.start(heavy(problem, 0.9)), problem.sample, 'hinge', rule);
    assert.ok(quiet.steps < 20 && loud.steps === rule.maxSteps, `${engine.id}: ${quiet.steps}, ${loud.steps}`);
  }
});

test('a spec names the rule; one that is not used, and engines that lack it, are refused', () => {
  const spec = { data: { n: 6, d: 50, mu: 2 }, network: { m: 3 }, training: { rule: 'momentum', maxSteps: 5 } };
  const [cell] = [...cellsOf(spec)];
  const { training } = JSON.parse(canonicalCell(cell!)) as { training: unknown };
  assert.deepEqual(training, { maxSteps: 5, rule: 'momentum' });
  const plain = { ...spec, training: { maxSteps: 5 } };
  assert.equal(JSON.parse(canonicalCell([...cellsOf(plain)][0]!)).training.rule, undefined);
  assert.notEqual(runCell(cell!, 1, 0).values.trainLoss, runCell([...cellsOf(plain)][0]!, 1, 0).values.trainLoss);
  assert.throws(
    () => specFrom({ ...plain, training: { momentum: 0.5 } }, 'test'),
    /training\.momentum: has no effect here, it needs training\.rule: momentum/,
  );
  assert.throws(
    () => specFrom({ ...spec, engine: 'gram-frozen' }, 'test'),
    /engine: gram-frozen needs training\.rule: descent; with training\.rule: momentum set engine: gram/,
  );
});

function cellsOf(input: Parameters<typeof specFrom>[0]) {
  const { values } = specFrom(input, 'test');
  return [buildCell(values)];
}
