import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../src/errors.ts';
import { cellId, CONDITIONAL, type Cell } from '../../src/experiments/cell.ts';
import { changeSpec, parseSpec, specFrom, specToYaml } from '../../src/experiments/spec-text.ts';
import { SERIES } from '../../src/experiments/series.ts';
import { readSpec } from '../../src/experiments/spec-read.ts';
import { cells, type Spec } from '../../src/experiments/spec.ts';
import { CELL_PARAMETERS, PARAMETERS, type Parameter } from '../../src/notation.ts';

const GOOD = `name: a test
data:
  n: 20
  d: 100
  mu: 2
  flip: 0.1
network:
  m: 10
axes:
  data.d: [100, 200]
runs: 3
`;

/** The sentence that a spec is refused with. */
function complaint(text: string, changes?: Record<string, unknown>): string {
  try {
    parseSpec(text, 'kou.yaml', changes);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail(`accepted:\n${text}`);
}

/** GOOD with one piece of text replaced, which must be there. */
function but(old: string, by: string): string {
  assert.ok(GOOD.includes(old));
  return GOOD.replace(old, by);
}

test('a good spec is read', () => {
  const spec = parseSpec(GOOD, 'kou.yaml');
  assert.equal(spec.name, 'a test');
  assert.deepEqual(
    [...spec.values],
    [
      ['data.n', 20],
      ['data.mu', 2],
      ['data.flip', 0.1],
      ['network.m', 10],
    ],
  );
  assert.deepEqual(spec.axes, [{ path: 'data.d', id: 'd', name: 'd', values: [100, 200] }]);
  assert.deepEqual([spec.runs, spec.seed, spec.record], [3, 1, { series: [], values: [], every: 1 }]);
  assert.deepEqual(
    parseSpec(JSON.stringify({ data: { n: 20, d: 100, mu: 2 }, network: { m: 10 } }), 'x.json').runs,
    10,
  ); // JSON is YAML
});

test('whatever is wrong is said in one sentence, with its place', () => {
  const cases: [string, string][] = [
    // values out of range or of the wrong type
    [but('flip: 0.1', 'flip: 0.7'), 'kou.yaml:6:9 data.flip: must be in [0, 0.5), got 0.7'],
    [but('d: 100\n', 'd: -5\n'), 'kou.yaml:4:6 data.d: must be an integer in [2, 1000000000000], got -5'],
    [but('n: 20', 'n: 0'), 'kou.yaml:3:6 data.n: must be an integer in [1, 100000], got 0'],
    [but('n: 20', 'n: 2.5'), 'kou.yaml:3:6 data.n: must be an integer in [1, 100000], got 2.5'],
    [but('n: 20', 'n: many'), 'kou.yaml:3:6 data.n: must be an integer in [1, 100000], got the text "many"'],
    [but('m: 10', 'm: 10\n  bias: maybe'), 'kou.yaml:9:9 network.bias: must be one of true, false, got "maybe"'],
    [
      but('m: 10', 'm: 10\n  activation: relu-powr'),
      'kou.yaml:9:15 network.activation: must be one of relu, leaky-relu, relu-power, smoothed-leaky-relu, got "relu-powr"',
    ],
    [but('network:\n  m: 10', 'network: 7'), 'kou.yaml:7:10 network: must be a mapping, got 7'],
    // keys
    [but('flip:', 'flipp:'), 'kou.yaml:6:3 data.flipp: unknown key, did you mean flip?'],
    [but('network', 'netwrok'), 'kou.yaml:7:1 netwrok: unknown key, did you mean network?'],
    [but('  n: 20\n', ''), 'kou.yaml:3:3 data.n: is missing (number of training points; an integer in [1, 100000])'],
    // axes
    [but('data.d: [', 'data.dd: ['), 'kou.yaml:10:3 axes.data.dd: unknown key, did you mean data.d?'],
    [but('data.d: [', 'd: ['), 'kou.yaml:10:3 axes.d: unknown key, did you mean data.d?'],
    [but('[100, 200]', '[100, 100]'), 'kou.yaml:10:17 axes.data.d: the value 100 occurs twice'],
    [but('[100, 200]', '[100, -1]'), 'kou.yaml:10:17 axes.data.d: must be an integer in [2, 1000000000000], got -1'],
    [but('[100, 200]', '[]'), 'kou.yaml:10:11 axes.data.d: has no value'],
    [
      but('[100, 200]', '5'),
      'kou.yaml:10:11 axes.data.d: must be a list of values, {from, to, step} or {from, to, count, scale: linear | log}',
    ],
    [but('  data.d: [100, 200]', '  [100]'), 'kou.yaml:10:3 axes: must be a mapping, got a list [100]'],
    [
      but('[100, 200]', '{from: 100, to: 50, step: 10}'),
      'kou.yaml:10:27 axes.data.d.to: must be >= from = 100, got 50',
    ],
    [but('[100, 200]', '{from: 100, to: 500, step: 0}'), 'kou.yaml:10:38 axes.data.d.step: must be > 0, got 0'],
    // values that contradict each other, on whatever cell of the grid
    [but('flip: 0.1', 'flips: 21'), 'kou.yaml:6:10 data.flips: must be in [0, n = 20], got 21'],
    [
      but('flip: 0.1', 'flips: 6').replace('data.d: [100, 200]', 'data.n: [100, 5, 200]'),
      'kou.yaml:6:10 data.flips: must be in [0, n = 5], got 6',
    ],
    [
      but('m: 10', 'm: 10\n  init: pytorch'),
      'kou.yaml:9:9 network.init: pytorch (uniform weights) is not rotation invariant and needs data.draw: explicit; or use pytorch-gaussian, the Gaussian of equal variance',
    ],
    [
      but('runs: 3', 'engine: gram-frozen\nruns: 3').replace(
        'm: 10',
        'm: 10\n  activation: relu-power\ntest: {estimator: points}',
      ),
      'kou.yaml:13:9 engine: gram-frozen needs a piecewise-linear activation (relu, leaky-relu); with network.activation: relu-power set engine: gram',
    ],
    [
      but('runs: 3', 'engine: gram-frozen\nruns: 3').replace('m: 10', 'm: 10\n  output: trained'),
      'kou.yaml:12:9 engine: gram-frozen needs a fixed output layer; with network.output: trained set engine: gram',
    ],
    [
      but('runs: 3', 'engine: gram-frozen\ntraining: {labelNoise: 0.1}'),
      'kou.yaml:11:9 engine: gram-frozen needs training.labelNoise: 0; with training.labelNoise: 0.1 set engine: gram',
    ],
    [
      but('runs: 3', 'training:\n  etaOutput: 2\nruns: 3'),
      'kou.yaml:12:3 training.etaOutput: has no effect here, it needs network.output: trained or trained-per-patch; set that, or leave training.etaOutput out',
    ],
    [
      but('m: 10', 'm: 10\n  smoothing: 2'),
      'kou.yaml:9:3 network.smoothing: has no effect here, it needs network.activation: smoothed-leaky-relu; set that, or leave network.smoothing out',
    ],
    [
      but('m: 10', 'm: 10\n  v0Unit: v*').replace('data:', 'data:\n  sigmaP: 0'),
      'kou.yaml:10:11 network.v0Unit: a unit with sigmaP needs data.sigmaP > 0',
    ],
    [
      but('runs: 3', 'engine: gram-frozen\ntraining: {loss: hinge}'),
      'kou.yaml:11:9 engine: gram-frozen needs training.loss: logistic; with training.loss: hinge set engine: gram-incremental',
    ],
    [
      but('runs: 3', 'engine: gram-incremental'),
      'kou.yaml:11:9 engine: gram-incremental needs training.loss: hinge; with training.loss: logistic set engine: gram-frozen',
    ],
    // the text itself
    ['', 'kou.yaml: is empty; a spec is a mapping with the keys data, network, training, ...'],
    ['# nothing\n', 'kou.yaml: is empty; a spec is a mapping with the keys data, network, training, ...'],
    ['hello', 'kou.yaml:1:1 the spec must be a mapping, got the text "hello"'],
    [but('mu: 2', 'mu: 2\n  mu: 3'), 'kou.yaml:6:3 is not valid YAML: Map keys must be unique'],
    ['data: *gone', 'kou.yaml is not valid YAML: Unresolved alias (the anchor must be set before the alias): gone'],
    [`a: &a [1]\nb: [${'*a, '.repeat(200)}]`, 'kou.yaml is not valid YAML: its aliases unfold to too much'],
    ['data: !!binary aGVsbG8=', 'kou.yaml:1:16 data: must be a mapping, got the text "aGVsbG8="'],
    // several at once, one a line
    [
      but('runs: 3', 'runs: 0\nseed: -1'),
      'kou.yaml:11:7 runs: must be an integer in [1, 1000000000], got 0\nkou.yaml:12:7 seed: must be an integer in [0, 9007199254740991], got -1',
    ],
    [
      but('runs: 3', 'record:\n  series: [trainLos]\n  every: 0'),
      `kou.yaml:12:12 record.series.0: must be an observable, got "trainLos", did you mean trainLoss?\nkou.yaml:13:10 record.every: must be an integer >= 1, got 0`,
    ],
  ];
  for (const [text, sentence] of cases) assert.equal(complaint(text), sentence);
  assert.match(complaint(but('[100, 200]', '[100, 200')), /^kou\.yaml:11:1 is not valid YAML: /);
  assert.match(
    complaint(but('d: 100\n', 'd: 100000000\n  draw: explicit\n').replace('data.d: [100, 200]', 'data.mu: [1]')),
    /would need .* GB, more than the 4 GB allowed/,
  );
});

test('changes from flags are laid over the text; what is wrong with them is said of the flag', () => {
  const spec = parseSpec(GOOD, 'kou.yaml', { 'data.d': 500, 'data.n': 30, runs: 7 });
  assert.deepEqual(spec.axes, []); // a fixed axis is no axis
  assert.deepEqual([spec.values.get('data.d'), spec.values.get('data.n'), spec.runs], [500, 30, 7]);
  assert.equal(parseSpec(but('  n: 20\n', ''), 'kou.yaml', { 'data.n': 5 }).values.get('data.n'), 5); // they may complete it
  assert.equal(parseSpec(but('flip: 0.1', 'flip: 0.7'), 'kou.yaml', { 'data.flip': 0.2 }).values.get('data.flip'), 0.2); // or mend it
  assert.equal(complaint(GOOD, { 'data.flip': 0.7 }), '--set data.flip=0.7: data.flip: must be in [0, 0.5), got 0.7');
  assert.equal(
    complaint(GOOD, { 'data.flips': 21 }),
    '--set data.flips=21: data.flips: must be in [0, n = 20], got 21',
  );
  assert.equal(
    complaint(but('flip: 0.1', 'flip: 0.7'), { 'data.n': 5 }),
    'kou.yaml:6:9 data.flip: must be in [0, 0.5), got 0.7',
  );
  // the same on a spec that has been read
  assert.deepEqual(
    [...cells(changeSpec(parseSpec(GOOD, 'kou.yaml'), { 'data.d': 500, 'data.n': 30 }, 'x'))].map(cellId),
    [...cells(spec)].map(cellId),
  );
});

test('steps and counts of axes: both ends, no rounding dust, whole numbers where they must be', () => {
  const values = (axis: unknown, path = 'data.mu'): readonly unknown[] =>
    specFrom({ data: { n: 2, d: 3, mu: 1 }, network: { m: 1 }, axes: { [path]: axis } }, 'x').axes[0].values;
  assert.deepEqual(values({ from: 0.1, to: 0.7, step: 0.1 }), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  assert.deepEqual(values({ from: 0, to: 1, step: 0.4 }), [0, 0.4, 0.8]);
  assert.deepEqual(values({ from: 1, to: 2, count: 5 }), [1, 1.25, 1.5, 1.75, 2]);
  assert.deepEqual(values({ from: 1, to: 1, count: 1 }), [1]);
  assert.deepEqual(values({ from: 1, to: 1000, count: 4, scale: 'log' }), [1, 10, 100, 1000]);
  assert.deepEqual(values({ from: 100, to: 500, count: 3, scale: 'log' }, 'data.d'), [100, 224, 500]);
});

// ---- a property: what is written reads as the same spec ----

/** Ranges in which most combinations are allowed. */
const USUAL: Readonly<Record<string, [number, number]>> = {
  'data.n': [20, 100],
  'data.flips': [0, 20],
  'data.d': [2, 10_000],
  'network.m': [1, 100],
  'network.depth': [2, 3],
  'data.spikes': [1, 2],
  'data.patches': [2, 3],
  'data.signals': [1, 2],
  'data.signalGroup': [0, 2],
};

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'data.content': ['0', '1', 'a', 'b', 'c'].map((digit) => digit.repeat(64)),
  'data.classes': ['0/1', '2/3', '0,2/1,3', 'cat/dog', '-1/1'],
  'data.eigenvalues': ['none', '4x10,1x*', '2.5x1,1e-3x*'],
  'network.widths': ['none'],
  'network.frozen': ['none', '1', '2'],
};

function someValue(entry: Parameter): fc.Arbitrary<unknown> {
  if (entry.kind === 'text') return fc.constantFrom(...TEXTS[entry.path]!);
  if (entry.kind === 'choice' && entry.path === 'data.spectrum')
    // The others need an explicit draw, or eigenvalues that fit d.
    return fc.constantFrom('flat', 'flat', 'flat', ...entry.choices);
  if (entry.kind === 'choice') return fc.constantFrom(...entry.choices.filter((choice) => choice !== 'dataset'));
  // Real labels go with few other choices.
  if (entry.path === 'data.sigmaY') return fc.constantFrom(0, 0, 0, 0.5);
  const { openMin, openMax, integer } = entry.range;
  const [min, max] = USUAL[entry.path] ?? [entry.range.min, entry.range.max];
  const top = Math.min(max, 1e6);
  return integer
    ? fc.integer({ min, max: top })
    : fc.double({ min, max: top, noNaN: true, minExcluded: openMin === true, maxExcluded: openMax === true });
}

/** Most of those of one layer are of networks that have more, and risks of few networks under one loss. */
const OF_EVERY_DEPTH = SERIES.filter((id) => (!/^layer[A-Z]/.test(id) && !/risk$/i.test(id)) || id === 'layerNorm1');

const someSpec: fc.Arbitrary<object> = (() => {
  const inside = [...CELL_PARAMETERS];
  const axis = (path: string): fc.Arbitrary<unknown> => {
    const { entry } = PARAMETERS.get(path)!;
    const list = fc.uniqueArray(someValue(entry), { minLength: 1, maxLength: 5, comparator: (a, b) => a === b });
    if (entry.kind !== 'number' || entry.range.integer) return list;
    // numbers a step apart, which are written as {from, to, step} where that gives the same ones
    const regular = fc
      .tuple(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
      )
      .map(([from, step, count]) => ({
        from: Number(from.toPrecision(10)),
        to: Number((from + count * step).toPrecision(12)),
        step: Number(step.toPrecision(6)),
      }));
    return path === 'data.mu' || path === 'network.sigma0' ? fc.oneof(list, regular) : list;
  };
  return fc
    .record({
      name: fc.option(fc.string(), { nil: undefined }),
      values: fc.record(Object.fromEntries(inside.map(([path, { entry }]) => [path, someValue(entry)])), {
        requiredKeys: ['data.n', 'data.d', 'data.mu', 'network.m'],
      }),
      axes: fc
        .uniqueArray(
          fc.oneof(
            { weight: 2, arbitrary: fc.constantFrom('data.mu', 'network.sigma0') },
            { weight: 1, arbitrary: fc.constantFrom(...inside.map(([path]) => path)) },
          ),
          { maxLength: 2 },
        )
        .chain((paths) => fc.record(Object.fromEntries(paths.map((path) => [path, axis(path)])))),
      runs: fc.integer({ min: 30, max: 1000 }),
      precision: fc.option(
        fc.record(
          {
            of: fc.constantFrom('testError', 'testErrorClean', 'trainError'),
            halfWidth: fc.double({ min: 0.1, max: 0.49, noNaN: true }),
            confidence: fc.double({ min: 0.5, max: 0.95, noNaN: true }),
            minRuns: fc.integer({ min: 1, max: 30 }),
          },
          { requiredKeys: ['halfWidth'] },
        ),
        { nil: undefined },
      ),
      seed: fc.maxSafeNat(),
      record: fc.record({
        series: fc.uniqueArray(fc.constantFrom(...OF_EVERY_DEPTH), { minLength: 1, maxLength: 3 }),
        every: fc.integer({ min: 1, max: 50 }),
      }),
    })
    .map(({ values: drawn, axes: drawnAxes, name, ...rest }) => {
      // A setting without effect is refused: keep those whose companion was drawn, and no axis of them.
      const choice = (path: string): unknown => drawn[path] ?? PARAMETERS.get(path)!.entry.default;
      const rooms: Record<string, Record<string, unknown>> = {};
      for (const [path] of CELL_PARAMETERS)
        if (path.includes('.')) (rooms[path.split('.')[0]] ??= {})[path.split('.')[1]] = choice(path);
      const vain = CONDITIONAL.filter(({ needs, used }) => needs !== undefined && !used(rooms as unknown as Cell)).map(
        ({ path }) => path,
      );
      const values = Object.fromEntries(Object.entries(drawn).filter(([path]) => !vain.includes(path)));
      const companions = [
        'data.model',
        'data.noise',
        'data.flipLaw',
        'network.activation',
        'network.depth',
        'network.hiddenInit',
        'network.output',
        'training.stop',
        'training.rule',
        'training.labelNoiseLaw',
        'training.batch',
        'training.weightDecay',
        'training.schedule',
        ...CONDITIONAL.map(({ path }) => path),
      ];
      const axes = Object.fromEntries(
        Object.entries(drawnAxes).filter(([path]) =>
          path === 'data.mu' || path === 'network.sigma0' ? !vain.includes(path) : !companions.includes(path),
        ),
      );
      const nested: Record<string, unknown> = { ...rest, ...(name !== undefined && { name }), axes };
      for (const [path, value] of Object.entries(values)) {
        const [room, key] = path.split('.');
        if (key === undefined) nested[room] = value;
        else ((nested[room] ??= {}) as Record<string, unknown>)[key] = value;
      }
      return nested;
    });
})();

/** All that a spec says, in a form that can be compared: spelled-out defaults say nothing. */
const meaning = (spec: Spec): unknown => ({ ...spec, values: undefined, cells: [...cells(spec)].map(cellId) });

test('a spec that is written and read again is the same spec', (t) => {
  let valid = 0;
  let stepped = 0;
  fc.assert(
    fc.property(someSpec, (input) => {
      const read = readSpec(input);
      if (!('spec' in read)) return; // two values that contradict each other: the complaint is tested above
      valid++;
      const yaml = specToYaml(read.spec, 'heading');
      if (yaml.includes('step:')) stepped++;
      assert.deepEqual(meaning(parseSpec(yaml, 'written.yaml')), meaning(read.spec), yaml);
    }),
    { seed: 1, numRuns: 13_000 },
  );
  t.diagnostic(`${valid} valid specs, ${stepped} with a stepped axis`);
  assert.ok(valid > 200 && stepped > 20);
});

test('an axis whose last value a step would miss by rounding is written as a list', () => {
  // found by a property: 4303.04252021 + 18 * 0.00353195 at 12 digits is a little less than 18 steps away
  const values = Array.from({ length: 19 }, (_, i) => Number((4303.04252021 + i * 0.00353195).toPrecision(12)));
  const spec = specFrom({ data: { n: 2, d: 3 }, network: { m: 1 }, axes: { 'data.mu': values } }, 'x');
  assert.deepEqual(parseSpec(specToYaml(spec, ''), 'x').axes, spec.axes);
});

test('a scaled parameter: the cells hold the product, the axis and its column what is written', () => {
  const spec = specFrom(
    {
      data: { model: 'unit-norm-mixture', d: 2, share: 5, flips: 0.1, flipLaw: 'exact' },
      network: { m: 4, sigma0: 1 },
      training: { eta: 0.5 },
      scale: {
        'data.d': { n: 1 },
        'data.share': { n: -1 },
        'data.flips': { n: 1 },
        'network.sigma0': { d: -0.5 },
        'training.eta': { n: -1, m: -1 },
      },
      axes: { 'data.n': [50, 100], 'data.d': [1, 4] },
    },
    'x',
  );
  assert.deepEqual(
    [...cells(spec)].map(({ data, network, training }) => [
      data.n,
      data.d,
      data.share,
      data.flips,
      network.sigma0,
      training.eta,
    ]),
    [
      [50, 50, 0.1, 5, 0.141421356237, 0.0025],
      [50, 200, 0.1, 5, 0.0707106781187, 0.0025],
      [100, 100, 0.05, 10, 0.1, 0.00125],
      [100, 400, 0.05, 10, 0.05, 0.00125],
    ],
  );
  assert.deepEqual(
    spec.axes.map(({ name, glyph }) => [name, glyph]),
    [
      ['n', undefined],
      ['d/n', 'd / n'],
    ],
  );
  assert.deepEqual(meaning(parseSpec(specToYaml(spec, ''), 'x')), meaning(spec));
  // the same cell written plainly has the same id
  const plain = specFrom(
    {
      data: { model: 'unit-norm-mixture', n: 100, d: 400, share: 0.05, flips: 10, flipLaw: 'exact' },
      network: { m: 4, sigma0: 0.05 },
      training: { eta: 0.00125 },
    },
    'y',
  );
  assert.equal(cellId([...cells(plain)][0]), cellId([...cells(spec)][3]));
  const complaint = (scale: object, data: object = {}): string => {
    const read = readSpec({ data: { n: 10, d: 2, mu: 1, ...data }, network: { m: 2 }, scale });
    return 'complaints' in read ? read.complaints[0].sentence : 'none';
  };
  assert.match(complaint({ 'data.mu': { n: 1 }, 'data.n': { mu: 1 } }), /in a circle/);
  assert.match(complaint({ 'data.mu': { rho: 1 } }), /scale\.data\.mu\.rho: is no number that a spec sets/);
  assert.match(
    complaint({ 'data.flip': { n: 1 } }, { flip: 0.2 }),
    /data\.flip: must be in \[0, 0\.5\), got 2 \(flip\/n = 0\.2\)/,
  );
  assert.match(complaint({ 'data.mu': { n: 1 } }, { mu: 'much' }), /data\.mu: must be a number, got the text "much"/);
});
