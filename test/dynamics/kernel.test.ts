/** The kernel's training loop against the TypeScript reference: every bit of every state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pureNoise } from '../helpers/problems.ts';
import fc from 'fast-check';
import { kernel } from '../../src/core/kernel.ts';
import { codes, layout } from '../../src/core/kernel.layout.ts';
import { Struct } from '../../src/core/kernel-struct.ts';
import type { StreamKey } from '../../src/core/random.ts';
import { Stream } from '../../src/core/random.ts';
import { singleTermPatches, type Sample } from '../../src/data/sample.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import type { StopParameters } from '../../src/dynamics/stop.ts';
import { train } from '../../src/dynamics/train.ts';
import { buildCell } from '../../src/experiments/cell.ts';
import { drawProblem, networkOf, streamKey } from '../../src/experiments/run.ts';
import { buildNetwork, drawInitialWeights } from '../../src/network/two-layer.ts';
import { bits, history } from '../helpers/histories.ts';

const same = (problem: Problem, rule: StopParameters, every: number): void =>
  assert.deepEqual(
    history(gramKernel.start(problem), problem, rule, every),
    history(gram.start(problem), problem, rule, every),
  );

const rule = fc.record<StopParameters>({
  stop: fc.constantFrom('steps', 'loss', 'zero-error', 'zero-loss'),
  epsilon: fc.constantFrom(0.01, 0.3, 0.69),
  maxSteps: fc.constantFrom(0, 1, 7, 60),
});
const every = fc.constantFrom(1, 3, 1000);
const common = {
  m: fc.integer({ min: 1, max: 7 }),
  n: fc.integer({ min: 1, max: 27 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  activation: fc.constantFrom('relu' as const, 'leaky-relu' as const),
  leak: fc.constantFrom(0.01, 0.3),
  bias: fc.boolean(),
  loss: fc.constantFrom('logistic' as const, 'hinge' as const),
  eta: fc.constantFrom(0.01, 0.5, 3, 1e3, 1e9, 1e200),
  output: fc.constantFrom('fixed' as const, 'trained' as const, 'trained-per-patch' as const),
  etaOutput: fc.constantFrom(0.1, 1, 3, 1e150),
  rule,
  every,
};

test('signal-noise problems: kernel and reference agree in every bit', () => {
  fc.assert(
    fc.property(
      fc.record({
        ...common,
        d: fc.constantFrom(2, 5, 40, 1000),
        mu: fc.constantFrom(0, 0.5, 4, 1e5),
        sigmaP: fc.constantFrom(0, 0.3, 1),
        flip: fc.constantFrom(0, 0.2, 0.45),
        projected: fc.boolean(),
        explicit: fc.boolean(),
        init: fc.constantFrom('gaussian', 'pytorch-gaussian'),
        outputScale: fc.constantFrom('1', '1/m', '1/sqrt(m)'),
        pooling: fc.constantFrom('sum', 'mean'),
        outputSigns: fc.constantFrom('half', 'random', 'negative'),
        v0: fc.constantFrom(1, 1e-3, 20),
        reduction: fc.constantFrom('mean', 'sum'),
      }),
      (one) => {
        const cell = buildCell(
          new Map<string, string | number | boolean>([
            ['data.n', one.n],
            ['data.d', one.d],
            ['data.mu', one.mu],
            ['data.sigmaP', one.sigmaP],
            ['data.flip', one.flip],
            ['data.projected', one.projected],
            ['data.draw', one.explicit ? 'explicit' : 'd-free'],
            ['network.m', one.m],
            ['network.activation', one.activation],
            ['network.leak', one.leak],
            ['network.bias', one.bias],
            ['network.init', one.init],
            ['network.outputScale', one.outputScale],
            ['network.pooling', one.pooling],
            ['network.output', one.output],
            ['network.outputSigns', one.outputSigns],
            ['network.v0', one.v0],
            ['training.etaOutput', one.etaOutput],
            ['training.loss', one.loss],
            ['training.eta', one.eta],
            ['training.reduction', one.reduction],
          ]),
        );
        same(drawProblem(cell, streamKey(cell, one.seed, 0)), one.rule, one.every);
      },
    ),
    { numRuns: 800, seed: 1 },
  );
});

/** Any anchors, any sparse patches, any output weights, any number of filters. */
function anyProblem(one: {
  K: number;
  n: number;
  R: number;
  perSample: number;
  maxTerms: number;
  seed: number;
  bias: boolean;
  leak: number;
  loss: 'logistic' | 'hinge';
  eta: number;
  output?: 'fixed' | 'trained' | 'trained-per-patch';
  etaOutput?: number;
  /** coordinates of the anchors; drawn when not said */
  used?: number;
}): Problem {
  const key: StreamKey = { seed: one.seed, cell: [0, 0], replicate: 0 };
  const stream = new Stream(key, 'test');
  const { n, K, R, perSample } = one;
  const { used = 1 + stream.integer(K + 3) } = one;
  const normals = (length: number, scale = 1): Float64Array =>
    Float64Array.from({ length }, () => scale * stream.normal());
  const signs = Float64Array.from({ length: n }, () => (stream.uniform() < 0.5 ? 1 : -1));
  const start = [0];
  const anchor: number[] = [];
  for (let q = 0; q < n * perSample; q++) {
    const terms = stream.integer(one.maxTerms + 1);
    for (let t = 0; t < terms; t++) anchor.push(stream.integer(K));
    start.push(anchor.length);
  }
  const sample: Sample = {
    n,
    frame: { ambient: used + 4, used },
    anchors: K,
    vectors: normals(K * used),
    patches: {
      perSample,
      start: Int32Array.from(start),
      anchor: Int32Array.from(anchor),
      coefficient: normals(anchor.length),
    },
    labels: signs,
    trueLabels: signs,
    fresh: pureNoise(perSample),
  };
  const network = {
    activation: { kind: 'piecewise-linear' as const, leak: one.leak },
    filters: R,
    outputWeights: normals(one.output === 'trained-per-patch' ? R * perSample : R),
    outputUnit: 0.7,
    trainsOutput: (one.output ?? 'fixed') !== 'fixed',
    classes: new Float64Array(R).fill(1),
    bias: one.bias,
  };
  const init = {
    columns: used + 2,
    rows: normals(R * (used + 2), 0.1),
    bias: one.bias ? normals(R, 0.1) : new Float64Array(R),
  };
  return { sample, network, init, loss: one.loss, stepPerSample: one.eta / n, etaOutput: one.etaOutput ?? 1 };
}

test('any sparse patches, odd numbers of filters: kernel and reference agree in every bit', () => {
  fc.assert(
    fc.property(
      fc.record({
        K: fc.integer({ min: 1, max: 60 }),
        n: fc.integer({ min: 1, max: 15 }),
        R: fc.integer({ min: 1, max: 9 }),
        perSample: fc.integer({ min: 1, max: 3 }),
        maxTerms: fc.integer({ min: 0, max: 4 }),
        seed: common.seed,
        bias: common.bias,
        leak: fc.constantFrom(0, 0.2),
        loss: common.loss,
        eta: common.eta,
        output: common.output,
        etaOutput: common.etaOutput,
        rule,
        every,
      }),
      (one) => same(anyProblem(one), one.rule, one.every),
    ),
    { numRuns: 800, seed: 2 },
  );
});

const typicalOf = (output: 'fixed' | 'trained' | 'trained-per-patch'): Problem =>
  anyProblem({
    K: 31,
    n: 30,
    R: 8,
    perSample: 2,
    maxTerms: 1,
    seed: 5,
    bias: true,
    leak: 0,
    loss: 'logistic',
    eta: 0.5,
    output,
  });
interface CommonAndOwn {
  perSample: 1 | 2;
  n: number;
  R: number;
  seed: number;
  bias: boolean;
  loss: 'logistic' | 'hinge';
  eta: number;
  gone: number;
  lift: number;
  zeros: boolean;
  break: 'nothing' | 'weight' | 'leak' | 'sign' | 'own';
}

/**
 * A common anchor times +-1 (in two patches) and an anchor of its own in every sample, output weights of one size;
 * `break` spoils that in one place.
 */
function commonAndOwn(one: CommonAndOwn): Problem {
  const stream = new Stream({ seed: one.seed, cell: [0, 1], replicate: 0 }, 'test');
  const { n, R, perSample } = one;
  const used = 1 + stream.integer(n + 3);
  const normals = (length: number, scale = 1): Float64Array =>
    Float64Array.from({ length }, () => scale * stream.normal());
  const signs = (length: number): Float64Array =>
    Float64Array.from({ length }, () => (stream.uniform() < 0.5 ? 1 : -1));
  const labels = signs(n);
  const anchor = Int32Array.from({ length: perSample * n }, (_, q) =>
    (q + 1) % perSample === 0 ? 1 + Math.floor(q / perSample) : 0,
  );
  const coefficient = new Float64Array(perSample * n).fill(1);
  if (perSample === 2) signs(n).forEach((c, i) => (coefficient[2 * i] = c));
  const outputWeights = signs(R).map((j) => j * 0.3);
  if (one.break === 'weight') outputWeights[R - 1]! *= 2;
  if (one.break === 'sign') coefficient[perSample * (n - 1)] = 0.5;
  if (one.break === 'own') anchor[perSample * n - 1] = 0;
  const vectors = normals((n + 1) * used);
  if (one.zeros) vectors.fill(-0, 0, used);
  const sample: Sample = {
    n,
    frame: { ambient: used + 4, used },
    anchors: n + 1,
    vectors,
    patches: { perSample, start: Int32Array.from({ length: perSample * n + 1 }, (_, q) => q), anchor, coefficient },
    labels,
    trueLabels: labels,
    fresh: pureNoise(perSample),
  };
  const network = {
    activation: { kind: 'piecewise-linear' as const, leak: one.break === 'leak' ? 0.2 : 0 },
    filters: R,
    outputWeights,
    outputUnit: 0.3,
    trainsOutput: false,
    classes: new Float64Array(R).fill(1),
    bias: one.bias,
  };
  // The last `gone` filters are active nowhere at the start, or everywhere.
  const bias = (one.bias ? normals(R, 0.1) : new Float64Array(R)).map((b, r) => (r >= R - one.gone ? one.lift : b));
  const init = { columns: used + 2, rows: normals(R * (used + 2), 0.1), bias };
  return { sample, network, init, loss: one.loss, stepPerSample: one.eta / n };
}

const header = (): Struct => new Struct(kernel().base);
const isMasked = (): boolean => header().get(layout.Training.form) === codes.Form.MASKED;

test('common and own anchors, patterns as bits: kernel and reference agree in every bit', () => {
  const taken = { masked: 0, not: 0 };
  const one = fc.record({
    perSample: fc.constantFrom(1 as const, 2 as const),
    n: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(62, 63, 64, 65, 127, 128, 129)),
    R: fc.integer({ min: 1, max: 21 }),
    seed: common.seed,
    bias: common.bias,
    loss: common.loss,
    eta: fc.constantFrom(0.01, 0.5, 3, 30, 1e3, 1e9, 1e200, 1e300),
    gone: fc.integer({ min: 0, max: 21 }),
    lift: fc.constantFrom(-1e3, 1e3, 0),
    zeros: fc.boolean(),
    break: fc.constantFrom(
      'nothing' as const,
      'nothing' as const,
      'nothing' as const,
      'weight' as const,
      'leak' as const,
      'sign' as const,
      'own' as const,
    ),
  });
  fc.assert(
    fc.property(one, rule, every, (one, rule, every) => {
      const problem = commonAndOwn(one);
      same(problem, rule, every);
      gramKernel.start(problem);
      taken[isMasked() ? 'masked' : 'not']++;
      if (isMasked()) assert.ok(one.break === 'nothing' || (one.break === 'weight' && one.R === 1));
      else assert.ok(one.break !== 'nothing' || one.eta >= 1e200);
    }),
    { numRuns: 400, seed: 3 },
  );
  assert.ok(taken.masked > 100 && taken.not > 50, JSON.stringify(taken));
});

test('the product in blocks of anchors: kernel and reference agree in every bit', () => {
  // More anchors than a tile may have, an odd number; zeros under the hinge loss, and both sides of the switch. Their
  // coordinates are seen by the Gram matrix alone, whose blocks core/kernel.test.ts has.
  for (const [K, loss] of [
    [1539, 'logistic'],
    [1541, 'hinge'],
    [1536, 'hinge'],
  ] as const) {
    const problem = anyProblem({
      K,
      n: 800,
      R: 5,
      perSample: 2,
      maxTerms: 2,
      seed: K,
      bias: true,
      leak: 0.2,
      loss,
      eta: 0.5,
      used: 37,
    });
    same(problem, { stop: 'steps', epsilon: 1, maxSteps: 3 }, 1000);
    gramKernel.start(problem);
    assert.equal(header().address(layout.Plain.sums) !== 0, K > 1536);
  }
});

test('single steps by bits: kernel and reference agree in every bit', () => {
  const problem = commonAndOwn({
    perSample: 2,
    n: 67,
    R: 10,
    seed: 4,
    bias: true,
    loss: 'hinge',
    eta: 0.5,
    gone: 1,
    lift: -1e3,
    zeros: false,
    break: 'nothing',
  });
  const [ours, theirs] = [gramKernel.start(problem), gram.start(problem)];
  assert.ok(isMasked());
  for (let t = 0; t < 30; t++) {
    ours.forward();
    theirs.forward();
    assert.deepEqual(bits(ours.view), bits(theirs.view));
    assert.equal(ours.update(), theirs.update());
  }
});

test('a filter that is active nowhere stays where it is, and alone the run stands still', () => {
  const problem = commonAndOwn({
    perSample: 2,
    n: 5,
    R: 3,
    seed: 1,
    bias: true,
    loss: 'logistic',
    eta: 0.5,
    gone: 3,
    lift: -1e3,
    zeros: false,
    break: 'nothing',
  });
  const run = gramKernel.start(problem);
  run.forward();
  assert.equal(run.update(), false);
  assert.ok(run.view.coefficients.every((c) => Object.is(c, 0)));
});

test('a run that has ended leaves nothing behind and disturbs no other', () => {
  const typical = typicalOf('fixed');
  const run = gramKernel.start(typical);
  run.forward();
  run.end!();
  same(typical, forty, 40);
  assert.throws(() => run.view.outputs, RangeError);
});

const forty: StopParameters = { stop: 'steps', epsilon: 1, maxSteps: 40 };

for (const output of ['fixed', 'trained', 'trained-per-patch'] as const) {
  const typical = typicalOf(output);

  test(`two kernel runs alive at once do not disturb each other, ${output}`, () => {
    const other = anyProblem({
      K: 9,
      n: 4,
      R: 3,
      perSample: 1,
      maxTerms: 2,
      seed: 6,
      bias: false,
      leak: 0.1,
      loss: 'hinge',
      eta: 0.1,
    });
    const expected = history(gram.start(typical), typical, forty, 1);
    assert.deepEqual(
      history(gramKernel.start(typical), typical, forty, 1, () => same(other, forty, 40)),
      expected,
    );
  });

  test(`a changed bit is seen (negative control), ${output}`, () => {
    const { init, network } = typical;
    const nudged = (x: Float64Array): Float64Array => x.map((value, at) => (at === 0 ? value * (1 + 2 ** -52) : value));
    for (const changed of [
      { ...typical, init: { ...init, bias: nudged(init.bias) } },
      { ...typical, network: { ...network, outputWeights: nudged(network.outputWeights) } },
    ]) {
      assert.throws(() =>
        assert.deepEqual(
          history(gramKernel.start(changed), changed, forty, 1),
          history(gram.start(typical), typical, forty, 1),
        ),
      );
    }
  });

  test(`single steps: kernel and reference agree in every bit, ${output}`, () => {
    const [ours, theirs] = [gramKernel.start(typical), gram.start(typical)];
    for (let t = 0; t < 30; t++) {
      ours.forward();
      theirs.forward();
      assert.deepEqual(bits(ours.view), bits(theirs.view));
      assert.equal(ours.update(), theirs.update());
    }
    assert.equal(
      ours.view.outputWeights.some((a, at) => a !== typical.network.outputWeights[at]),
      output !== 'fixed',
    );
    assert.ok(ours.advance); // the kernel's own run, not the reference
  });
}

test('endings of every kind were among them', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    const one = anyProblem({
      K: 1 + (seed % 4),
      n: 3,
      R: 2,
      perSample: 1,
      maxTerms: 1,
      seed,
      bias: false,
      leak: 0,
      loss: 'hinge',
      eta: [0.3, 1e3, 1e200][seed % 3]!,
    });
    const limits: StopParameters = { stop: seed % 2 === 0 ? 'zero-loss' : 'steps', epsilon: 1, maxSteps: 30 };
    same(one, limits, 1000);
    seen.add(train(gramKernel.start(one), one.sample, one.loss, limits).outcome);
  }
  assert.deepEqual([...seen].sort(), ['cannot-interpolate', 'diverged', 'interpolated', 'stalled', 'step-limit']);
});

test('patches of two kinds that share no coordinate: products with the others are left out, and no bit changes', () => {
  const [axes, kinds] = [6, 3];
  // The last kind is orthogonal to neither in the control.
  for (const [n, orthogonal] of [
    [7, true],
    [16, true],
    [16, false],
  ] as const)
    for (const steps of [{}, { labelNoise: 0.2 }, { rule: 'momentum', momentum: 0.8 }]) {
      const d = axes * kinds;
      const vectors = new Float64Array(n * kinds * d);
      const stream = new Stream({ seed: n, cell: [0, 0], replicate: 0 }, 'test');
      for (let k = 0; k < n * kinds; k++) {
        const first = axes * Math.floor(k / n);
        for (let a = 0; a < d; a++)
          if ((a >= first && a < first + axes) || !orthogonal) vectors[k * d + a] = stream.normal();
      }
      const labels = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? -1 : 1));
      const places = Array.from({ length: n * kinds }, (_, q) => (q % kinds) * n + Math.floor(q / kinds));
      const cell = buildCell(
        new Map<string, string | number | boolean>([
          ['data.n', n],
          ['data.d', d],
          ['data.mu', 1],
          ['network.m', 5],
          ['network.activation', 'relu-power'],
          ['network.power', 2],
          ['network.sigma0', 0.3],
          ['training.eta', 0.5],
          ...Object.entries(steps).map(([id, value]) => [`training.${id}`, value] as const),
        ]),
      );
      const key: StreamKey = { seed: 3, cell: [0, 0], replicate: n };
      const drawn = drawProblem(cell, key);
      const network = buildNetwork(networkOf(cell), kinds, key);
      const sample: Sample = {
        n,
        frame: { ambient: d, used: d },
        anchors: n * kinds,
        vectors,
        patches: singleTermPatches(
          kinds,
          places,
          places.map(() => 1),
        ),
        labels,
        trueLabels: labels,
        fresh: pureNoise(kinds),
      };
      const init = drawInitialWeights({ law: 'gaussian', sigma0: 0.3 }, network, sample.frame, key);
      same({ ...drawn, sample, network, init }, { stop: 'steps', epsilon: 0.01, maxSteps: 60 }, 3);
    }
});
