/** What is wrong with a spec: the reason that is the reason, everything at once, each thing once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from '../../src/errors.ts';
import { specJsonSchema } from '../../src/experiments/spec-schema.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import { CELL_PARAMETERS } from '../../src/notation.ts';

const GOOD = 'data: {n: 10, d: 50, mu: 3}\nnetwork: {m: 4}\n';

/** The sentences about a text, without `s.yaml:`. */
function said(text: string, changes: Record<string, unknown> = {}): string[] {
  let lines: string[] = [];
  assert.throws(
    () => parseSpec(text, 's.yaml', changes),
    (error: Error) => {
      lines = error.message.split('\n').map((line) => line.replace(/^s\.yaml:/, ''));
      return error.name === 'UserError';
    },
  );
  // No word of a library: zod, yaml and V8 have their own.
  for (const line of lines) assert.doesNotMatch(line, /undefined|Invalid|expected|received|parse|call stack|union/);
  return lines;
}

test('a number is told what it lacks: to be a number, to be finite, to lie in its range', () => {
  const of = (value: string): string => said(GOOD.replace('mu: 3', `mu: ${value}`)).join('\n');
  assert.equal(of('"3"'), '1:26 data.mu: must be a number >= 0, got the text "3"');
  assert.equal(of('.inf'), '1:26 data.mu: must be a finite number >= 0, got Infinity');
  assert.equal(of('.nan'), '1:26 data.mu: must be a finite number >= 0, got NaN');
  assert.equal(of('-1'), '1:26 data.mu: must be >= 0, got -1');
  assert.equal(of('[1, 2]'), '1:26 data.mu: must be a number >= 0, got a list [1,2]');
  assert.equal(of('{}'), '1:26 data.mu: must be a number >= 0, got a mapping');
  assert.equal(of('true'), '1:26 data.mu: must be a number >= 0, got true');
  assert.match(
    said(`${GOOD}axes: {data.d: [10, "20"]}\n`)[0]!,
    /axes\.data\.d: must be an integer .*, got the text "20"$/,
  );
  assert.match(
    said(`${GOOD}axes: {data.flip: {from: 0, to: .inf, step: 0.1}}\n`)[0]!,
    /^3:33 axes\.data\.flip\.to: must be a finite number, got Infinity$/,
  );
});

test('a number beyond every range is complained about once', () => {
  assert.deepEqual(said(GOOD.replace('d: 50', 'd: 1e300')), [
    '1:18 data.d: must be an integer in [2, 1000000000000], got 1e+300',
  ]);
});

test('everything that is wrong is said at once, in the order of the file', () => {
  assert.deepEqual(
    said(`data: {n: x, mu: -1, flip: 0.7}
trainig: {eta: 1}
network: {activatoin: relu}
axes: {data.mu2: [1], data.nu: [1, 4]}
runs: 0
`),
    [
      '1:7 data.d: is missing (dimension of one patch; an integer in [2, 1000000000000])',
      '1:11 data.n: must be an integer in [1, 100000], got the text "x"',
      '1:18 data.mu: must be >= 0, got -1',
      '1:28 data.flip: must be in [0, 0.5), got 0.7',
      '2:1 trainig: unknown key, did you mean training?',
      '3:11 network.activatoin: unknown key, did you mean activation?',
      '4:8 axes.data.mu2: unknown key, did you mean data.mu?',
      '4:33 axes.data.nu: must be an integer in [3, 1000], got 1',
      '5:7 runs: must be an integer in [1, 1000000000], got 0',
    ],
  );
  const combined = said(`data: {n: 10, d: 50, mu: 3, noise: uniform, flips: 20, flipLaw: exact}
network: {m: 4, init: pytorch}
engine: gram-frozen
training: {loss: hinge}
`);
  assert.equal(combined.length, 5, combined.join('\n'));
  assert.deepEqual(said(GOOD, { 'data.flip': 0.9, 'data.mu': 'abc' }), [
    '--set data.flip=0.9: data.flip: must be in [0, 0.5), got 0.9',
    '--set data.mu=abc: data.mu: must be a number >= 0, got the text "abc"',
  ]);
});

test('one nearest name instead of a list of all', () => {
  assert.deepEqual(said(`${GOOD}record: {series: [testErr], values: [rhoBarDrop]}\n`), [
    '3:19 record.series.0: must be an observable, got "testErr", did you mean testError?',
    '3:38 record.values.0: must be an observable of the last state, got "rhoBarDrop", which only the steps show: name it under record.series',
  ]);
  assert.match(said(`${GOOD}record: {values: [zzzzzzzzzz]}\n`)[0]!, /the nearest of \d+ are \w+(, \w+){4}$/);
  assert.equal(suggest('zz', ['alpha', 'beta']), 'allowed: alpha, beta');
  assert.deepEqual(said(`d: 3\n${GOOD}`), ['1:1 d: unknown key, did you mean data.d?']);
  assert.deepEqual(said(GOOD.replace('mu: 3', 'mu: 3, eta: 1')), [
    '1:29 data.eta: unknown key, did you mean training.eta?',
  ]);
  assert.deepEqual(said(`${GOOD}scale: {data.dd: {n: 1}}\n`), ['3:9 scale.data.dd: unknown key, did you mean data.d?']);
});

test('what does not fit into memory is told what to lower', () => {
  const large = said(GOOD.replace('n: 10', 'n: 100000'))[0]!;
  assert.match(large, /^1:11 data\.n: the vectors would need \d+\.\d GB, more than the 4 GB allowed; lower data\.n$/);
  assert.match(
    said(GOOD.replace('d: 50', 'd: 1e9, draw: explicit'))[0]!,
    /^1:29 data\.draw: .*; use data\.draw: d-free, or lower data\.d$/,
  );
});

test('text that is no spec: deep, several documents, aliases without end', () => {
  assert.deepEqual(said(`a: ${'['.repeat(20_000)}`).length, 1);
  assert.match(said(`a: ${'['.repeat(20_000)}`)[0]!, /nested too deeply/);
  assert.match(said(`a: ${'['.repeat(300)}${']'.repeat(300)}`)[0]!, /nested too deeply/);
  assert.match(said(`${GOOD}---\na: 1\n`)[0]!, /more than one document/);
  const bomb = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
  for (const [name, of] of ['ba', 'cb', 'dc'])
    bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(', ')}]`);
  assert.match(said(`${bomb.join('\n')}\n`)[0]!, /aliases unfold to too much/);
  assert.match(said('data: {n: 10\n')[0]!, /is not valid YAML/);
  for (const text of ['hello', '[1]', '3']) assert.match(said(text)[0]!, /must be a mapping, got/);
});

test('outputScale: 1 is the choice "1", in its room, on an axis and by a flag', () => {
  const scaleOf = (text: string, changes = {}): unknown =>
    parseSpec(text, 's.yaml', changes).values.get('network.outputScale');
  assert.equal(scaleOf(GOOD.replace('m: 4', 'm: 4, outputScale: 1')), '1');
  assert.equal(scaleOf(GOOD, { 'network.outputScale': 1 }), '1');
  const [axis] = parseSpec(`${GOOD}axes: {network.outputScale: [1, 1/m]}\n`, 's.yaml').axes;
  assert.deepEqual(axis!.values, ['1', '1/m']);
  assert.match(said(GOOD.replace('m: 4', 'm: 4, outputScale: 2'))[0]!, /must be one of 1\/m, 1\/sqrt\(m\), 1, got 2$/);
  const { properties } = specJsonSchema() as {
    properties: { network: { properties: { outputScale: { enum: unknown[] } } } };
  };
  assert.ok(properties.network.properties.outputScale.enum.includes(1), 'editors offer it too');
});

test('record.every without a series is refused', () => {
  assert.deepEqual(said(`${GOOD}record: {every: 5}\n`), [
    '3:10 record.every: has no effect here, it needs record.series, which names what is kept over time; set that, or leave record.every out',
  ]);
});

test('every parameter of the notation answers a wrong kind of value with one sentence', () => {
  for (const [path] of CELL_PARAMETERS) {
    for (const value of [{ a: 1 }, [[1]], null, 'nonsense', NaN]) {
      let sentences: string[] = [];
      assert.throws(
        () => parseSpec(GOOD, 's.yaml', { [path]: value }),
        (error: Error) => ((sentences = error.message.split('\n')), error.name === 'UserError'),
        `${path} took ${JSON.stringify(value)}`,
      );
      assert.equal(sentences.length, 1, sentences.join('\n'));
      assert.match(sentences[0]!, /: must be .*, got /);
      assert.doesNotMatch(sentences[0]!, /undefined|Invalid|expected/);
    }
  }
});
