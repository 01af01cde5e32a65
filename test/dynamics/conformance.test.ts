/** The direct engine judges the Gram engine on the same draws (docs/architecture.md, "How numbers are checked", item 1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Engine, Problem, SpanView } from '../../src/dynamics/engine.ts';
import { frozenKernel } from '../../src/dynamics/frozen-kernel.ts';
import { frozen } from '../../src/dynamics/frozen.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { incrementalKernel } from '../../src/dynamics/incremental-kernel.ts';
import { incremental } from '../../src/dynamics/incremental.ts';
import { train } from '../../src/dynamics/train.ts';
import { onThreePatches, threePatchSample } from '../helpers/noisy-patches.ts';
import { key, makeProblem, trained, worstDifference, type Setup } from '../helpers/problems.ts';
import { compare as sideBySide, type Comparison } from '../helpers/side-by-side.ts';
import { CUT_SHORT_SHARE, ENGINES } from '../tolerances.ts';

const STEPS = 1000;

/** draws a combination; 3 * 144 runs */
const REPLICATES = 3;

/** Runs both engines side by side; `other` is what the Gram engine is given. */
const compare = (problem: Problem, other: Problem = problem): Comparison =>
  sideBySide(direct.start(problem), gram.start(other), problem, { steps: STEPS, every: 50, signs: 1, sumsUp: false });

/**
 * Every combination of activation, loss, pooling, bias, projection and flip law; draws, dimensions, scales and powers
 * alternate.
 */
function* combinations(): Generator<{ name: string; setup: Setup; seed: number }> {
  let seed = 0;
  for (const activation of ['relu', 'leaky-relu', 'relu-power'] as const)
    for (const loss of ['logistic', 'hinge'] as const)
      for (const pooling of ['sum', 'mean'] as const)
        for (const bias of [false, true])
          for (const projected of [true, false])
            for (const flipLaw of ['probability', 'exact', 'adversarial'] as const) {
              seed++;
              const power = 2 + (seed % 2);
              const d = [40, 14, 7][seed % 3 ? (seed >> 1) % 3 : 0]; // above n + 2m + 1, between, below n
              const draw = (['d-free', 'explicit'] as const)[(seed >> 2) % 2];
              const outputScale = (['1/m', '1', '1/sqrt(m)'] as const)[(seed >> 3) % 3];
              yield {
                name: [
                  activation,
                  activation === 'relu-power' ? power : '',
                  loss,
                  pooling,
                  bias ? 'bias' : '',
                  projected ? 'projected' : 'raw',
                  flipLaw,
                  draw,
                  `d = ${d}`,
                  outputScale,
                ]
                  .filter(Boolean)
                  .join(', '),
                setup: {
                  data: {
                    n: 8,
                    d,
                    mu: 2,
                    projected,
                    flipLaw,
                    flip: 0.2,
                    flips: 2,
                    adversary: (['largest-norm', 'one-class', 'aligned'] as const)[seed % 3],
                    draw,
                  },
                  network: { activation, leak: 0.2, power, m: 3, pooling, outputScale, bias },
                  init: bias ? { law: 'pytorch-gaussian', sigma0: 0 } : { law: 'gaussian', sigma0: 0.1 },
                  loss,
                  // powers blow up under steps that suit a ReLU
                  stepPerSample: (activation === 'relu-power' ? 0.005 : 0.1) / 8,
                },
                seed,
              };
            }
}

test('direct and Gram runs agree in every combination for 1,000 steps', (t) => {
  let runs = 0;
  let worst = 0;
  let worstRun = '';
  let cut = 0;
  let flips = 0;
  for (const { name, setup, seed } of combinations()) {
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const comparison = compare(makeProblem(setup, key(50 + seed, replicate)));
      runs++;
      flips += comparison.flips;
      if (comparison.cutShort !== null) cut++;
      if (!(comparison.worst <= worst)) [worst, worstRun] = [comparison.worst, name];
      assert.ok(comparison.worst <= ENGINES, `${name}: differs by ${comparison.worst}`);
    }
  }
  t.diagnostic(
    `${runs} runs, worst difference ${worst.toExponential(1)} (${worstRun}), cut short ${cut}, ${(flips / runs).toFixed(1)} sign changes a run`,
  );
  assert.equal(runs, 144 * REPLICATES);
  assert.ok(cut <= CUT_SHORT_SHARE * runs);
  assert.ok(flips >= 100 * runs); // or the comparison would be of linear recursions
});

/**
 * Every combination of output layer, signs, activation, bias and loss; draws, dimensions, poolings, scales, initial
 * weights and rates alternate.
 */
function* outputLayers(): Generator<{ name: string; setup: Setup; seed: number }> {
  let seed = 0;
  for (const output of ['fixed', 'trained', 'trained-per-patch'] as const)
    for (const outputSigns of ['half', 'random', 'negative', 'positive'] as const)
      for (const activation of ['relu', 'leaky-relu', 'relu-power', 'smoothed-leaky-relu'] as const)
        for (const bias of [false, true])
          for (const loss of ['logistic', 'hinge'] as const) {
            seed++;
            const d = [40, 14, 7][seed % 3];
            const pooling = (['sum', 'mean'] as const)[(seed >> 1) % 2];
            const outputScale = (['1/m', '1', '1/sqrt(m)'] as const)[(seed >> 2) % 3];
            const v0 = [1, 0.05, 0.4][(seed >> 3) % 3];
            yield {
              name: [
                output,
                outputSigns,
                activation,
                bias ? 'bias' : '',
                loss,
                `d = ${d}`,
                pooling,
                outputScale,
                `v0 = ${v0}`,
              ]
                .filter(Boolean)
                .join(', '),
              setup: {
                data: {
                  n: 8,
                  d,
                  mu: 2,
                  projected: seed % 2 === 0,
                  flip: 0.2,
                  draw: (['d-free', 'explicit'] as const)[(seed >> 4) % 2],
                },
                network: {
                  activation,
                  leak: 0.2,
                  power: 2,
                  smoothing: 1.5,
                  m: 3,
                  pooling,
                  outputScale,
                  bias,
                  output,
                  outputSigns,
                  v0,
                },
                init: bias ? { law: 'pytorch-gaussian', sigma0: 0 } : { law: 'gaussian', sigma0: 0.1 },
                loss,
                stepPerSample: (activation === 'relu-power' ? 0.005 : 0.05) / 8,
                etaOutput: [1, 0.3, 2][seed % 3],
              },
              seed,
            };
          }
}

test('direct and Gram runs agree for every output layer', (t) => {
  let runs = 0;
  let worst = 0;
  let worstRun = '';
  let cut = 0;
  let crossings = 0;
  for (const { name, setup, seed } of outputLayers()) {
    const problem = makeProblem(setup, key(500 + seed));
    const comparison = compare(problem);
    runs++;
    if (comparison.cutShort !== null) cut++;
    if (!(comparison.worst <= worst)) [worst, worstRun] = [comparison.worst, name];
    assert.ok(comparison.worst <= ENGINES, `${name}: differs by ${comparison.worst}`);
    const { outputWeights: start, trainsOutput } = problem.network;
    const { outputWeights: end } = trained(gram, problem, STEPS).view;
    if (trainsOutput) crossings += end.filter((a, at) => a * start[at] < 0).length;
    else assert.equal(end, start);
    assert.equal(
      end.some((a, at) => a !== start[at]),
      trainsOutput,
      name,
    );
  }
  t.diagnostic(
    `${runs} runs, worst difference ${worst.toExponential(1)} (${worstRun}), cut short ${cut}, ${crossings} output weights changed their sign`,
  );
  assert.equal(runs, 192);
  assert.ok(cut <= CUT_SHORT_SHARE * runs);
  assert.ok(crossings >= 20); // v is free to change its sign, and does where the signs cannot fit the labels
});

test('the comparison sees a wrong output layer', () => {
  for (const output of ['trained', 'trained-per-patch'] as const) {
    const problem = makeProblem({ data: { flip: 0.2 }, network: { output, v0: 0.3 }, stepPerSample: 0.01 }, key(201));
    assert.ok(compare(problem).worst <= ENGINES);
    const { network } = problem;
    const other = output === 'trained' ? 'trained-per-patch' : 'trained';
    const wrong: Problem[] = [
      { ...problem, etaOutput: 1 + 1e-6 },
      { ...problem, network: { ...network, outputUnit: network.outputUnit * (1 + 1e-6) } },
      {
        ...problem,
        network: { ...network, outputWeights: network.outputWeights.map((a, at) => (at === 2 ? a * (1 + 1e-6) : a)) },
      },
      { ...problem, network: { ...network, trainsOutput: false } },
      { ...problem, network: makeProblem({ network: { output: other, v0: 0.3 } }, key(201)).network },
    ];
    for (const one of wrong) assert.ok(!(compare(problem, one).worst <= 100 * ENGINES));
  }
});

test('the comparison sees a wrong engine', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    const problem = makeProblem(
      {
        data: { d: 40, flip: 0.2 },
        network: { bias: true },
        init: { law: 'pytorch-gaussian', sigma0: 0 },
        loss,
        stepPerSample: 0.01,
      },
      key(200),
    );
    assert.ok(compare(problem).worst <= ENGINES);
    const { sample, network, init } = problem;
    const vectors = sample.vectors.slice();
    vectors[3 * sample.frame.used + 3] += 1e-6; // one row of G is off in the sixth digit
    const wrong: Problem[] = [
      { ...problem, sample: { ...sample, vectors } },
      { ...problem, network: { ...network, bias: false } }, // the bias is used but never trained
      { ...problem, init: { ...init, bias: init.bias.map(() => 0) } },
      { ...problem, network: { ...network, activation: { kind: 'piecewise-linear', leak: 1e-6 } } },
      { ...problem, loss: loss === 'hinge' ? 'logistic' : 'hinge' },
      { ...problem, stepPerSample: problem.stepPerSample * (1 + 1e-6) },
    ];
    for (const one of wrong) assert.ok(!(compare(problem, one).worst <= 100 * ENGINES));
  }
});

test('three patches, two noisy: every engine agrees with direct where it takes the problem', () => {
  const problemOf = (engine: Engine, output: 'fixed' | 'trained-per-patch', seed: number): Problem =>
    onThreePatches(
      threePatchSample({ flips: 1 }, 750 + seed),
      { activation: 'leaky-relu', output, v0: 0.5, bias: true },
      760 + seed,
      { loss: engine.id === 'gram-incremental' ? 'hinge' : 'logistic' },
    );
  const steps = 300;
  for (const [seed, engine] of [gram, frozen, incremental].entries())
    for (const output of engine === gram ? (['fixed', 'trained-per-patch'] as const) : (['fixed'] as const)) {
      const problem = problemOf(engine, output, seed);
      const { worst, flips, cutShort } = sideBySide(direct.start(problem), engine.start(problem), problem, {
        steps,
        every: 25,
        signs: 1,
        sumsUp: false,
      });
      assert.ok(worst <= ENGINES && flips > 0, `${engine.id}, ${output}: ${worst}, ${flips}`);
      assert.equal(cutShort, null);
    }
  // the kernels make all steps at once
  const stop = { stop: 'steps', maxSteps: steps, epsilon: 1 } as const;
  for (const [seed, engine] of [gramKernel, frozenKernel, incrementalKernel].entries()) {
    const problem = problemOf(engine, 'fixed', seed);
    const [ours, judge] = [engine, direct].map((one) => {
      const run = one.start(problem);
      const ending = train(run, problem.sample, problem.loss, stop);
      return { ending, view: run.view };
    });
    assert.deepEqual(ours.ending, judge.ending);
    const worst = (pick: (view: SpanView) => Float64Array): number =>
      worstDifference(pick(ours.view), pick(judge.view));
    for (const pick of [
      (view: SpanView) => view.outputs,
      (view: SpanView) => view.preactivations,
      (view: SpanView) => view.coefficients,
      (view: SpanView) => view.weights().rows,
    ])
      assert.ok(worst(pick) <= ENGINES, `${engine.id}: ${worst(pick)}`);
  }
});
