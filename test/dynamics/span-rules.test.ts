/**
 * Every rule in the span against itself on the vectors, beside every puller, decay and schedule, whatever is trained.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { inBatches } from '../../src/dynamics/steps/batches.ts';
import { gaussianLabels, turnedLabels, uniformLabels } from '../../src/dynamics/steps/label-noise.ts';
import { momentum, nesterov } from '../../src/dynamics/steps/momentum.ts';
import { normalised } from '../../src/dynamics/steps/normalised.ts';
import { allSamples } from '../../src/dynamics/steps/puller.ts';
import { descent } from '../../src/dynamics/steps/rule.ts';
import { sam } from '../../src/dynamics/steps/sam.ts';
import { cosine, stepwise, warmUp } from '../../src/dynamics/steps/schedule.ts';
import { decompositionResidual } from '../../src/observables/decomposition.ts';
import { key, makeProblem, trained, worstDifference } from '../helpers/problems.ts';
import { compare } from '../helpers/side-by-side.ts';
import { CUT_SHORT_SHARE, DECOMPOSITION, ENGINES } from '../tolerances.ts';

const RULES = [
  descent,
  momentum(0.9),
  nesterov(0.8),
  normalised,
  sam({ radius: 0.3, unnormalised: false }),
  sam({ radius: 0.5, unnormalised: true }),
];
const N = 8;
const batches = (batch: number, replacement: boolean, labels = allSamples) =>
  inBatches(labels, { n: N, batch, replacement, reduction: 'mean' }, key(3));
const PULLERS = [
  allSamples,
  batches(3, false),
  batches(4, true),
  batches(2, false, turnedLabels(0.2, key(4))),
  gaussianLabels(1, 1, key(5)),
  batches(5, true, uniformLabels(-1, 2, key(6))),
];
const DECAYS = [undefined, { lambda: 0.02, coupled: true }, { lambda: 0.05, coupled: false }];
const SCHEDULES = [undefined, warmUp(20), stepwise(30, 0.5), cosine(120)];

test('in the span and on the vectors: rules, pullers, decay, biases, output layers', (t) => {
  let [runs, cut, flips, worst] = [0, 0, 0, 0];
  for (const rule of RULES)
    for (const puller of PULLERS)
      for (const decay of DECAYS)
        for (const output of ['fixed', 'trained', 'trained-per-patch'] as const)
          for (const bias of [false, true]) {
            const schedule = SCHEDULES[runs % SCHEDULES.length];
            const problem: Problem = {
              ...makeProblem(
                {
                  network: { activation: runs % 2 ? 'leaky-relu' : 'relu', output, m: 3, bias },
                  stepPerSample: 0.02,
                  etaOutput: runs % 3 ? 1 : 0.5,
                },
                key(1000 + runs),
              ),
              rule,
              puller,
              ...(decay && { decay }),
              ...(schedule && { schedule }),
            };
            const pace = { steps: 100, every: 25, signs: 1, sumsUp: false };
            const found = compare(direct.start(problem), gram.start(problem), problem, pace);
            runs++;
            flips += found.flips;
            worst = Math.max(worst, found.worst);
            if (found.cutShort !== null) cut++;
            const name = [rule.id, PULLERS.indexOf(puller), DECAYS.indexOf(decay), output, bias].join(' ');
            assert.ok(found.worst <= ENGINES, `${name}: differs by ${found.worst}`);
          }
  t.diagnostic(`${runs} runs, ${cut} cut short, ${flips} signs changed, worst ${worst.toExponential(1)}`);
  assert.ok(flips > runs);
  assert.ok(cut <= CUT_SHORT_SHARE * runs, `${cut} of ${runs} cut short`);
});

test('another radius, decay, batch or schedule is noticed (negative control)', () => {
  const plain = makeProblem({ network: { output: 'trained', bias: true }, stepPerSample: 0.02 }, key(5));
  const others: readonly [Partial<Problem>, Partial<Problem>][] = [
    [{ rule: sam({ radius: 0.3, unnormalised: false }) }, { rule: sam({ radius: 0.301, unnormalised: false }) }],
    [{ rule: nesterov(0.8) }, { rule: momentum(0.8) }],
    [{ rule: normalised }, { rule: descent }],
    [{ decay: { lambda: 0.02, coupled: true } }, { decay: { lambda: 0.0201, coupled: true } }],
    [
      { rule: momentum(0.9), decay: { lambda: 0.02, coupled: true } },
      { rule: momentum(0.9), decay: { lambda: 0.02, coupled: false } },
    ],
    [{ puller: batches(3, false) }, { puller: batches(3, true) }],
    [{ schedule: warmUp(20) }, { schedule: warmUp(21) }],
  ];
  for (const [ours, theirs] of others) {
    const run = compare(direct.start({ ...plain, ...ours }), gram.start({ ...plain, ...theirs }), plain, {
      steps: 60,
      every: 20,
      sumsUp: false,
    });
    assert.ok(!(run.worst <= 100 * ENGINES), `${JSON.stringify(ours)}: ${run.worst}`);
  }
});

test('one batch of all is descent, bit for bit, in every engine and whatever stands beside it', () => {
  for (const reduction of ['mean', 'sum'] as const)
    for (const [at, setup] of [
      { network: { activation: 'leaky-relu' as const, bias: true } },
      { network: { output: 'trained-per-patch' as const } },
      { network: { m: 3 }, loss: 'hinge' as const },
    ].entries()) {
      const plain = { ...makeProblem({ ...setup, stepPerSample: 0.05 }, key(20 + at)), stepSize: 0.4 };
      const whole = inBatches(allSamples, { n: N, batch: N, replacement: false, reduction }, key(9));
      assert.equal(whole.redraws, false);
      for (const engine of [direct, gram, gramKernel])
        for (const rule of [descent, momentum(0.9)]) {
          const [ours, theirs] = [
            { ...plain, rule, puller: whole },
            { ...plain, rule },
          ].map((one) => trained(engine, one, 200).view);
          assert.deepEqual(ours!.outputs, theirs!.outputs);
          assert.deepEqual(ours!.coefficients, theirs!.coefficients);
          assert.deepEqual(ours!.weights(), theirs!.weights());
          assert.deepEqual(ours!.outputWeights, theirs!.outputWeights);
        }
      const other = inBatches(allSamples, { n: N, batch: N - 1, replacement: false, reduction }, key(9));
      assert.notDeepEqual(
        trained(gram, { ...plain, puller: other }, 200).view.outputs,
        trained(gram, plain, 200).view.outputs,
      );
    }
});

test('coupled and decoupled decay are one map without a memory, and two with one; the start keeps its scale', () => {
  const plain = makeProblem({ network: { output: 'trained', bias: true }, stepPerSample: 0.02 }, key(8));
  const decayed = (coupled: boolean, rule = descent): Problem => ({ ...plain, rule, decay: { lambda: 0.1, coupled } });
  for (const engine of [direct, gram]) {
    const views = [true, false].map((coupled) => trained(engine, decayed(coupled), 150).view);
    const [one, other] = views;
    assert.ok(worstDifference(one!.outputs, other!.outputs) <= ENGINES);
    assert.ok(worstDifference(one!.weights().rows, other!.weights().rows) <= ENGINES);
    assert.ok(worstDifference(one!.outputWeights, other!.outputWeights) <= ENGINES);
    for (const view of views) {
      // s = (1 - eta lambda)^t, eta = n * stepPerSample
      assert.ok(Math.abs(view.startScale / (1 - 0.16 * 0.1) ** 150 - 1) <= ENGINES);
      assert.ok(decompositionResidual(view, plain.sample, plain.network, plain.init) <= DECOMPOSITION);
    }
    const [heavy, heavyOther] = [true, false].map(
      (coupled) => trained(engine, decayed(coupled, momentum(0.9)), 150).view,
    );
    assert.ok(worstDifference(heavy!.outputs, heavyOther!.outputs) > 100 * ENGINES);
  }
});

test('without pulls a schedule that is at 0 ends a run, and a batch that pulls nothing does not', () => {
  const plain = makeProblem({ data: { n: 4, d: 40, mu: 10 }, loss: 'hinge', stepPerSample: 1 }, key(5));
  for (const engine of [direct, gram, gramKernel]) {
    const ended = engine.start({ ...makeProblem({}, key(5)), schedule: cosine(3) });
    const moved = [0, 1, 2, 3].map(() => {
      ended.forward();
      return ended.update();
    });
    assert.deepEqual(moved, [true, true, true, false]);
    const puller = inBatches(allSamples, { n: 4, batch: 1, replacement: false, reduction: 'mean' }, key(1));
    const run = engine.start({ ...plain, puller });
    for (let t = 0; t < 400; t++) {
      run.forward();
      assert.equal(run.update(), true);
    }
  }
});
