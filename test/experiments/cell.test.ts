import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  buildCell,
  canonicalCell,
  cellId,
  runId,
  valueAt,
  withoutDefaults,
  type Value,
} from '../../src/experiments/cell.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { writeSpec } from '../../src/experiments/spec-write.ts';
import { cells } from '../../src/experiments/spec.ts';
import { CELL_PARAMETERS, PARAMETERS } from '../../src/notation.ts';

const NEEDED: [string, Value][] = [
  ['data.n', 20],
  ['data.d', 100],
  ['data.mu', 2],
  ['network.m', 10],
];
const cellWith = (...more: [string, Value][]) => buildCell(new Map([...NEEDED, ...more]));
const INSIDE = [...CELL_PARAMETERS];

test('an id is the head of the SHA-256 of the canonical text', () => {
  const cell = cellWith(['training.loss', 'hinge'], ['coupling', 'common'], ['data.flip', 0.1]);
  const text =
    '{"coupling":"common","data":{"d":100,"flip":0.1,"mu":2,"n":20},"network":{"m":10},"training":{"loss":"hinge"}}';
  assert.equal(canonicalCell(cell), text);
  assert.equal(cellId(cell), createHash('sha256').update(text).digest('hex').slice(0, 16)); // Node's hash, not ours
  assert.equal(runId(cellId(cell), 3), `${cellId(cell)}-3`);
});

test('defaults spelled out, and the order of keys, change no id', () => {
  const defaults = INSIDE.flatMap(([path, { entry }]): [string, Value][] =>
    entry.default === undefined ? [] : [[path, entry.default]],
  );
  assert.ok(defaults.length > 25);
  const plain = cellWith();
  assert.equal(cellId(cellWith(...defaults)), cellId(plain));
  assert.equal(cellId(buildCell(new Map([...defaults, ...NEEDED].reverse()))), cellId(plain));
  const written = { network: { m: 10 }, data: { mu: 2, d: 100, n: 20 }, engine: 'gram' };
  assert.deepEqual([...cells(specFrom(written, 'test'))].map(cellId), [cellId(plain)]);
  assert.deepEqual(withoutDefaults(plain), { data: { d: 100, mu: 2, n: 20 }, network: { m: 10 } });
});

/** What a rule that moves coordinates by themselves needs. */
const EXPLICIT: [string, Value][] = [
  ['data.draw', 'explicit'],
  ['engine', 'direct'],
];
const ADAM: [string, Value][] = [...EXPLICIT, ['training.rule', 'adam']];
const DATA_SET: [string, Value][] = [
  ['data.model', 'dataset'],
  ['data.content', 'a'.repeat(64)],
  ['data.classes', '0/1'],
];
const TEXTS: Readonly<Record<string, string>> = {
  'data.content': 'a'.repeat(64),
  'data.classes': '0/1',
  'data.eigenvalues': '4x10,1x*',
  'network.widths': '40',
  'network.frozen': '2',
};
const DEEP: [string, Value][] = [['network.depth', 3]];
/** The choice beside which a parameter counts at all. */
const BESIDE: Readonly<Record<string, [string, Value][]>> = {
  'data.share': [['data.model', 'unit-norm-mixture']],
  'data.cosine': [['data.model', 'xor']],
  'data.featureNoise': [['data.model', 'feature-noise']],
  'data.labels': [['data.model', 'feature-noise']],
  'data.exponent': [
    ['data.spectrum', 'power'],
    ['data.draw', 'explicit'],
  ],
  'data.spikes': [['data.spectrum', 'spiked']],
  'data.spikeSize': [['data.spectrum', 'spiked']],
  'data.eigenvalues': [
    ['data.spectrum', 'list'],
    ['data.eigenvalues', '2x10,1x*'],
  ],
  'data.signalGroup': [['data.spectrum', 'spiked']],
  'data.sparsity': [
    ['data.noise', 'sparse'],
    ['data.draw', 'explicit'],
    ['test.estimator', 'points'],
  ],
  'data.nu': [
    ['data.noise', 'student-t'],
    ['test.estimator', 'points'],
  ],
  ...Object.fromEntries(
    ['content', 'classes', 'rows', 'heldOut', 'divisor', 'centring', 'layout'].map((key) => [`data.${key}`, DATA_SET]),
  ),
  'data.side': [...DATA_SET, ['data.layout', 'squares']],
  'data.border': [...DATA_SET, ['data.layout', 'noisy-border']],
  'data.sigmaY': [['training.loss', 'squared']],
  'data.flips': [['data.flipLaw', 'exact']],
  'data.flipTilt': [['data.flipLaw', 'by-class']],
  'data.adversary': [['data.flipLaw', 'adversarial']],
  'network.leak': [['network.activation', 'leaky-relu']],
  'network.power': [
    ['network.activation', 'relu-power'],
    ['test.estimator', 'points'],
  ],
  'network.smoothing': [
    ['network.activation', 'smoothed-leaky-relu'],
    ['test.estimator', 'points'],
  ],
  ...Object.fromEntries(
    ['width', 'widths', 'pool', 'hiddenInit', 'gain', 'frozen'].map((key) => [`network.${key}`, DEEP]),
  ),
  'training.epsilon': [['training.stop', 'loss']],
  'training.etaOutput': [['network.output', 'trained']],
  'training.momentum': [['training.rule', 'momentum']],
  'training.radius': [['training.rule', 'sam']],
  'training.ascent': [['training.rule', 'sam']],
  'training.beta1': ADAM,
  'training.beta2': ADAM,
  'training.adamEpsilon': ADAM,
  'training.flowTolerance': [['training.rule', 'flow']],
  'training.labelMean': [['training.labelNoiseLaw', 'gaussian']],
  'training.labelSd': [['training.labelNoiseLaw', 'gaussian']],
  'training.labelLow': [['training.labelNoiseLaw', 'uniform']],
  'training.labelHigh': [['training.labelNoiseLaw', 'uniform']],
  'training.replacement': [['training.batch', 3]],
  'training.decay': [
    ['training.weightDecay', 0.1],
    ['training.rule', 'momentum'],
  ],
  'training.scheduleSteps': [['training.schedule', 'cosine']],
  'training.scheduleFactor': [['training.schedule', 'step']],
  'test.points': [['test.estimator', 'points']],
  'test.precision': [['test.estimator', 'auto']],
};

test('a parameter without effect changes neither the id nor the draws', () => {
  for (const path of Object.keys(BESIDE)) {
    const { entry } = PARAMETERS.get(path)!;
    const other =
      entry.kind === 'text'
        ? TEXTS[path]!
        : entry.kind === 'choice'
          ? entry.choices.find((choice) => choice !== entry.default)!
          : (entry.default as number) + (entry.range.integer ? 1 : 0.01);
    assert.equal(cellId(cellWith([path, other])), cellId(cellWith()), path);
  }
});

test('every parameter but seed and runs is part of the id', () => {
  const plain = cellWith();
  const id = cellId(plain);
  for (const [path, { entry }] of INSIDE) {
    const others =
      entry.kind === 'text'
        ? [path === 'data.content' ? 'b'.repeat(64) : path === 'data.classes' ? '3/4' : TEXTS[path]!]
        : entry.kind === 'choice'
          ? entry.choices.filter((choice) => choice !== entry.default)
          : [Number(valueAt(plain, path)) + (entry.range.integer ? 1 : 0.01)];
    for (const value of others) {
      const extra: [string, Value][] =
        BESIDE[path] ??
        (path === 'data.noise'
          ? [
              ['test.estimator', 'points'],
              ...(value === 'student-t' ? [] : [['data.draw', 'explicit'] as [string, Value]]),
            ]
          : value === 'by-margin'
            ? [
                ['data.model', 'mixture'],
                ['data.projected', false],
              ]
            : value === 'power'
              ? [['data.draw', 'explicit']]
              : value === 'list'
                ? [['data.eigenvalues', '4x10,1x*']]
                : value === 'dataset'
                  ? DATA_SET
                  : value === 'relu-power' || value === 'smoothed-leaky-relu'
                    ? [['test.estimator', 'points']]
                    : value === 'sign' || value === 'adam' || value === 'adamw'
                      ? EXPLICIT
                      : value === 'pytorch'
                        ? [['data.draw', 'explicit']]
                        : value === 'gram-incremental'
                          ? [['training.loss', 'hinge']]
                          : []);
      const other = cellWith(...extra, [path, value]);
      assert.equal(valueAt(other, path), value);
      assert.notEqual(
        cellId(other),
        extra.length > 0 && value !== 'dataset' ? cellId(cellWith(...extra)) : id,
        `${path}: ${value}`,
      );
    }
  }
  const spec = { data: { n: 20, d: 100, mu: 2 }, network: { m: 10 } };
  assert.deepEqual([...cells(specFrom({ ...spec, seed: 9, runs: 3 }, 'test'))].map(cellId), [id]);
});

test('the first axis is the slowest', () => {
  const spec = specFrom(
    { data: { n: 20 }, network: { m: 1 }, axes: { 'data.d': [10, 20], 'data.mu': { from: 1, to: 3, step: 1 } } },
    'test',
  );
  assert.deepEqual(
    [...cells(spec)].map(({ data }) => [data.d, data.mu]),
    [
      [10, 1],
      [10, 2],
      [10, 3],
      [20, 1],
      [20, 2],
      [20, 3],
    ],
  );
});

test('Student noise: points unless lines are asked for, both written out in the canonical text; ids of points as ever', () => {
  const [plain, points, lines] = [[], ['points'], ['lines']].map((estimator) =>
    cellWith(['data.noise', 'student-t'], ...estimator.map((value): [string, Value] => ['test.estimator', value])),
  );
  assert.equal(canonicalCell(plain), canonicalCell(points));
  assert.equal(
    canonicalCell(points),
    '{"data":{"d":100,"mu":2,"n":20,"noise":"student-t"},"network":{"m":10},"test":{"estimator":"points"}}',
  );
  assert.match(canonicalCell(lines), /"test":\{"estimator":"lines"\}/);
  assert.throws(
    () => cellWith(['data.noise', 'student-t'], ['test.estimator', 'auto']),
    /set test.estimator: points or lines/,
  );
  assert.throws(() => cellWith(['data.noise', 'uniform'], ['data.draw', 'explicit']), /set test.estimator: points$/);
});

test('a spec with Student noise and lines is written with its estimator, and read back', () => {
  for (const noise of [{ data: { noise: 'student-t' } }, { axes: { 'data.noise': ['gaussian', 'student-t'] } }]) {
    const asked = { data: { n: 20, d: 100, mu: 2, ...noise.data }, network: { m: 10 }, test: { estimator: 'lines' } };
    const spec = specFrom({ ...asked, ...(noise.axes && { axes: noise.axes }) }, 'asked');
    const again = specFrom(writeSpec(spec), 'written');
    assert.deepEqual([...cells(again)].map(cellId), [...cells(spec)].map(cellId));
    assert.ok([...cells(again)].every(({ test: { estimator } }) => estimator === 'lines'));
  }
});
