/** The plain Gram engine judges the engines that make its steps with fewer operations, on the same draws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { product, productTransposed } from '../../src/core/linear-algebra.ts';
import type { Sample } from '../../src/data/sample.ts';
import type { Engine, Problem } from '../../src/dynamics/engine.ts';
import { FrozenPhase } from '../../src/dynamics/frozen-phase.ts';
import { frozen, startFrozen, type FrozenCounters, type FrozenRun } from '../../src/dynamics/frozen.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { incremental, type IncrementalCounters, type IncrementalRun } from '../../src/dynamics/incremental.ts';
import { PatchSpace } from '../../src/dynamics/patch-space.ts';
import { lossSlope } from '../../src/network/loss.ts';
import { key, makeProblem, trained, worstDifference, type Setup } from '../helpers/problems.ts';
import { compare } from '../helpers/side-by-side.ts';
import { CUT_SHORT_SHARE, ENGINES } from '../tolerances.ts';

const FAST = { logistic: frozen, hinge: incremental } as const satisfies Record<'logistic' | 'hinge', Engine>;

/**
 * Every combination of activation, loss, pooling, bias, projection and output scale; dimensions, draws and flip laws
 * alternate.
 */
function* combinations(): Generator<{ name: string; setup: Setup & { loss: Problem['loss'] & string }; seed: number }> {
  let seed = 0;
  for (const activation of ['relu', 'leaky-relu'] as const)
    for (const loss of ['logistic', 'hinge'] as const)
      for (const pooling of ['sum', 'mean'] as const)
        for (const bias of [false, true])
          for (const projected of [true, false])
            for (const outputScale of ['1/m', '1', '1/sqrt(m)'] as const) {
              seed++;
              const d = [40, 14, 7][seed % 3 ? (seed >> 1) % 3 : 0];
              yield {
                name: [
                  activation,
                  loss,
                  pooling,
                  bias ? 'bias' : '',
                  projected ? 'projected' : 'raw',
                  outputScale,
                  `d = ${d}`,
                ]
                  .filter(Boolean)
                  .join(', '),
                setup: {
                  data: {
                    n: 9,
                    d,
                    mu: 2,
                    projected,
                    flipLaw: (['probability', 'exact'] as const)[seed % 2],
                    flip: 0.2,
                    flips: 2,
                    draw: (['d-free', 'explicit'] as const)[(seed >> 2) % 2],
                  },
                  network: { activation, leak: 0.2, m: 3, pooling, outputScale, bias },
                  init: bias ? { law: 'pytorch-gaussian', sigma0: 0 } : { law: 'gaussian', sigma0: 0.1 },
                  loss,
                  stepPerSample: 0.1 / 9,
                },
                seed,
              };
            }
}

test('fast and plain engines agree in every combination for 1,200 steps', (t) => {
  for (const wanted of ['logistic', 'hinge'] as const) {
    let runs = 0;
    let cut = 0;
    let flips = 0;
    let onOutputs = 0;
    let [worst, worstRun] = [0, ''];
    for (const { name, setup, seed } of combinations()) {
      if (setup.loss !== wanted) continue;
      for (let replicate = 0; replicate < 6; replicate++) {
        const problem = makeProblem(setup, key(300 + seed, replicate));
        const fast: FrozenRun | IncrementalRun = FAST[wanted].start(problem);
        const comparison = compare(gram.start(problem), fast, problem, { steps: 1200, every: 10 });
        runs++;
        if ('frozen' in fast.counters) onOutputs += fast.counters.frozen;
        flips += comparison.flips;
        if (comparison.cutShort !== null) cut++;
        if (!(comparison.worst <= worst)) [worst, worstRun] = [comparison.worst, name];
        assert.ok(comparison.worst <= ENGINES, `${name}, replicate ${replicate}: differs by ${comparison.worst}`);
      }
    }
    t.diagnostic(
      `${FAST[wanted].id}: ${runs} runs, worst difference ${worst.toExponential(1)} (${worstRun}), cut short ${cut}, ${(flips / runs).toFixed(0)} sign changes seen a run${wanted === 'logistic' ? `, ${((100 * onOutputs) / (1200 * runs)).toFixed(0)} % of the steps on the outputs alone` : ''}`,
    );
    if (wanted === 'logistic') assert.ok(onOutputs > 100 * runs);
    assert.ok(cut <= CUT_SHORT_SHARE * runs, `${cut} of ${runs} cut short`);
    assert.ok(flips >= 50 * runs);
  }
});

/** Step sizes small enough that patterns settle: the regime that the engines are made for. */
const LONG: readonly (readonly [string, Setup])[] = [
  [
    'relu',
    {
      data: { n: 20, d: 2000, mu: 5, flip: 0.1 },
      network: { m: 10 },
      init: { law: 'gaussian', sigma0: 0.1 },
      stepPerSample: 0.002 / 20,
    },
  ],
  [
    'leaky relu, bias',
    {
      data: { n: 20, d: 500, mu: 3, flip: 0.1 },
      network: { m: 8, activation: 'leaky-relu', outputScale: '1/sqrt(m)', bias: true },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
      stepPerSample: 0.002 / 20,
    },
  ],
  [
    'relu, raw, mean, bias',
    {
      data: { n: 15, d: 3000, mu: 2, flip: 0.1, projected: false },
      network: { m: 6, pooling: 'mean', outputScale: '1', bias: true },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
      stepPerSample: 0.005 / 15,
    },
  ],
];

for (const [name, setup] of LONG) {
  test(`20,000 small steps, ${name}: nearly all on the outputs alone, and the same`, (t) => {
    const problem = makeProblem(setup, key(400));
    const fast = frozen.start(problem);
    const { worst, cutShort } = compare(gram.start(problem), fast, problem, { steps: 20_000, every: 500 });
    t.diagnostic(`worst difference ${worst.toExponential(1)}, ${JSON.stringify(fast.counters)}`);
    assert.ok(worst <= ENGINES, `differs by ${worst}`);
    assert.equal(cutShort, null);
    const { frozen: on, plain, flips, sets, looks }: FrozenCounters = fast.counters;
    assert.equal(on + plain, 20_000);
    assert.ok(on > 0.9 * 20_000);
    assert.ok(flips > 0); // or nothing was watched
    assert.ok(sets < 0.05 * on && looks < 30 * on);
  });
}

test('20,000 small steps under the hinge loss: the same, and a part of the sums', (t) => {
  const problem = makeProblem(
    {
      data: { n: 30, d: 60, mu: 1, flip: 0.2 },
      network: { m: 8, activation: 'leaky-relu' },
      loss: 'hinge',
      stepPerSample: 0.002 / 30,
    },
    key(401),
  );
  const fast = incremental.start(problem);
  const { worst, cutShort } = compare(gram.start(problem), fast, problem, { steps: 20_000, every: 500 });
  const { steps, rows, touched }: IncrementalCounters = fast.counters;
  t.diagnostic(`worst difference ${worst.toExponential(1)}, ${JSON.stringify(fast.counters)}`);
  assert.ok(worst <= ENGINES, `differs by ${worst}`);
  assert.equal(cutShort, null);
  assert.equal(steps, 20_000);
  assert.ok(touched > 0 && rows < (steps * 16 * 31) / 5); // a leaky unit has every coefficient moving until its sample has left the margin set
});

test('reading the view changes no bit of the run', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    const problem = makeProblem(
      {
        data: { n: 10, d: 200, flip: 0.1 },
        network: { bias: true },
        init: { law: 'pytorch-gaussian', sigma0: 0 },
        loss,
        stepPerSample: 0.01,
      },
      key(402),
    );
    const [read, unread] = [FAST[loss].start(problem), FAST[loss].start(problem)];
    for (let t = 0; t < 500; t++) {
      for (const run of [read, unread]) run.forward();
      const { view } = read;
      if (t % 3 === 0) void [view.preactivations, view.coefficients, view.bias, view.products(), view.weights()];
      for (const run of [read, unread]) run.update();
    }
    for (const run of [read, unread]) run.forward();
    assert.deepEqual(read.view.outputs, unread.view.outputs);
    if (loss === 'logistic') assert.deepEqual((read as FrozenRun).counters, (unread as FrozenRun).counters);
    for (const name of ['preactivations', 'coefficients', 'bias'] as const)
      assert.deepEqual(read.view[name], unread.view[name]);
    assert.deepEqual(read.view.products(), unread.view.products());
  }
});

test('outputs and pre-activations stay those of the last forward, whatever update did', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    const problem = makeProblem({ loss, stepPerSample: 0.01 }, key(403));
    const run = trained(FAST[loss], problem, 60);
    const [f, H] = [run.view.outputs.slice(), run.view.preactivations.slice()];
    run.update();
    assert.deepEqual(run.view.outputs, f);
    assert.deepEqual(run.view.preactivations, H);
  }
});

// ---- negative controls ----

/** Steps made by a phase built from `wrong`, against the plain engine, from a start whose pattern holds for a while. */
function phaseError(
  problem: Problem,
  wrong: { readonly sample?: Sample; readonly network?: Problem['network']; readonly leak?: number },
): number {
  const { sample, network, stepPerSample } = problem;
  const leak = network.activation.kind === 'piecewise-linear' ? network.activation.leak : NaN;
  const judge = trained(gram, problem, 0);
  const other = { ...problem, sample: wrong.sample ?? sample, network: wrong.network ?? network };
  const { patches, gamma } = new PatchSpace(other, { product, productTransposed });
  const { atStart } = new PatchSpace(problem, { product, productTransposed });
  const phase = new FrozenPhase({ patches, gamma, atStart }, other.network, leak);
  phase.slopes.forEach((slope, at) => {
    if (slope !== 1) phase.slopes[at] = wrong.leak ?? leak;
  });
  phase.buildKernel();
  const before = judge.view.preactivations.slice();
  const f = judge.view.outputs.slice();
  const { of } = patches;
  for (let t = 0; t < 20; t++) {
    const errors = new Float64Array(patches.count);
    of.forEach((p, q) => {
      const i = Math.floor(q / 2);
      errors[p] += sample.labels[i] * lossSlope('logistic', sample.labels[i] * f[i]) * stepPerSample;
    });
    phase.step(errors);
    for (let i = 0; i < f.length; i++) f[i] = phase.contributions[of[2 * i]] + phase.contributions[of[2 * i + 1]];
    judge.update();
    judge.forward();
    assert.ok(before.every((h, q) => h > 0 === judge.view.preactivations[q] > 0)); // the pattern holds
  }
  return worstDifference(f, judge.view.outputs);
}

test('a kernel without the bias, the signal patch or the leak is seen', () => {
  const problem = makeProblem(
    {
      data: { n: 10, d: 400, mu: 3 },
      network: { activation: 'leaky-relu', leak: 0.2, bias: true },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
      stepPerSample: 1e-6,
    },
    key(404),
  );
  const { sample, network } = problem;
  const noiseOnly: Sample = {
    ...sample,
    patches: {
      ...sample.patches,
      coefficient: sample.patches.coefficient.map((c, t) =>
        sample.roles!.signal.includes(sample.patches.anchor[t]) ? 0 : c,
      ),
    },
  };
  assert.ok(phaseError(problem, {}) <= ENGINES);
  assert.ok(phaseError(problem, { network: { ...network, bias: false } }) > 100 * ENGINES);
  assert.ok(phaseError(problem, { sample: noiseOnly }) > 100 * ENGINES);
  assert.ok(phaseError(problem, { leak: 0 }) > 100 * ENGINES);
});

test('a bound that promises too much is seen', () => {
  for (const [activation, seed] of [
    ['relu', 405],
    ['leaky-relu', 406],
  ] as const) {
    const problem = makeProblem(
      { data: { n: 10, d: 100, flip: 0.1 }, network: { activation }, stepPerSample: 0.001 },
      key(seed),
    );
    assert.ok(compare(gram.start(problem), startFrozen(problem), problem, { steps: 2000, every: 10 }).worst <= ENGINES);
    for (const trust of [0.5, 0.1])
      assert.equal(
        compare(gram.start(problem), startFrozen(problem, trust), problem, { steps: 2000, every: 10 }).worst > ENGINES,
        true,
        `${activation}, ${trust}`,
      );
  }
});

test('a wrong problem is seen', () => {
  for (const loss of ['logistic', 'hinge'] as const) {
    const problem = makeProblem(
      {
        data: { d: 40, flip: 0.2 },
        network: { activation: 'leaky-relu', bias: true },
        init: { law: 'pytorch-gaussian', sigma0: 0 },
        loss,
        stepPerSample: 0.01,
      },
      key(407),
    );
    const { network, sample, init } = problem;
    const vectors = sample.vectors.slice();
    vectors[3 * sample.frame.used + 3] += 1e-6;
    const wrong: Problem[] = [
      { ...problem, network: { ...network, bias: false } },
      { ...problem, network: { ...network, activation: { kind: 'piecewise-linear', leak: 0.1 + 1e-6 } } },
      { ...problem, sample: { ...sample, vectors } },
      { ...problem, init: { ...init, bias: init.bias.map(() => 0) } },
      { ...problem, stepPerSample: problem.stepPerSample * (1 + 1e-6) },
    ];
    const run = (other: Problem): number =>
      compare(gram.start(problem), FAST[loss].start(other), problem, { steps: 1000, every: 10 }).worst;
    assert.ok(run(problem) <= ENGINES);
    for (const one of wrong) assert.ok(!(run(one) <= ENGINES));
  }
});

test('each engine refuses what it cannot do', () => {
  const problem = makeProblem({}, key(408));
  const power = makeProblem({ network: { activation: 'relu-power' } }, key(408));
  const both = makeProblem({ network: { output: 'trained' } }, key(408));
  assert.throws(() => frozen.start({ ...problem, loss: 'hinge' }), RangeError);
  assert.throws(() => incremental.start(problem), RangeError);
  assert.throws(() => frozen.start(power), RangeError);
  assert.throws(() => incremental.start({ ...power, loss: 'hinge' }), RangeError);
  assert.throws(() => frozen.start(both), RangeError);
  assert.throws(() => incremental.start({ ...both, loss: 'hinge' }), RangeError);
});

test('the weights follow the coefficients', () => {
  const problem = makeProblem(
    {
      data: { n: 10, d: 100 },
      network: { bias: true },
      init: { law: 'pytorch-gaussian', sigma0: 0 },
      stepPerSample: 0.001,
    },
    key(409),
  );
  const { view } = trained(frozen, problem, 777);
  const { sample, init, network } = problem;
  const moved = product(view.coefficients, network.filters, sample.vectors, sample.anchors, sample.frame.used);
  const { rows, columns } = view.weights();
  for (let r = 0; r < network.filters; r++)
    for (let k = 0; k < columns; k++)
      assert.equal(
        rows[r * columns + k],
        init.rows[r * columns + k] + (k < sample.frame.used ? moved[r * sample.frame.used + k] : 0),
      );
});
