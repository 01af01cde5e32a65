/** What a picture says is fixed: read off the notation, so every parameter is tried. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONDITIONAL } from '../../src/experiments/cell.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { fixedWords, runsWords, unitWord } from '../../src/experiments/spec-words.ts';
import { cells, type SpecInput } from '../../src/experiments/spec.ts';
import { CELL_PARAMETERS, type Parameter } from '../../src/notation.ts';

const words = (input: object): string[] => {
  const spec = specFrom(input as SpecInput, 'test');
  return fixedWords(spec, [...cells(spec)]);
};

/** Texts of a data set; no run is made. */
const DATA_SET = { 'data.model': 'dataset', 'data.content': 'b'.repeat(64), 'data.classes': '0/1' };
const BASE = { 'data.n': 10, 'data.d': 50, 'data.mu': 3, 'network.m': 4 };

function nested(values: Readonly<Record<string, unknown>>): Record<string, Record<string, unknown>> {
  const out: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of Object.entries(values)) {
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) (out as Record<string, unknown>)[room] = value;
    else (out[room] ??= {})[key] = value;
  }
  return out;
}

const TEXTS: Readonly<Record<string, string>> = {
  'data.classes': '2/3',
  'data.eigenvalues': '4x10,1x*',
  'network.widths': '40',
  'network.frozen': '2',
};

/** Another value than the default. */
function another(entry: Parameter): unknown {
  if (entry.kind === 'text') return TEXTS[entry.path] ?? 'a'.repeat(64);
  if (entry.kind === 'choice') return entry.choices.find((choice) => choice !== entry.default);
  const { min, max, integer } = entry.range;
  const { default: standard = min } = entry;
  const higher = integer ? standard + 1 : standard + Math.min(0.05, (max - standard) / 2);
  return higher;
}

/** What a value needs beside it, from the shared list, and where that says no more. */
function companions(path: string, value: unknown): Record<string, unknown> {
  const needs = CONDITIONAL.find((one) => one.path === path)?.needs.match(/^([\w.]+): ([\w-]+)/);
  return {
    ...(needs?.[2] === 'dataset' || needs?.[1] === 'data.layout' || value === 'dataset' ? DATA_SET : {}),
    ...(needs &&
      needs[2] !== 'another' && { [needs[1]!]: Number.isNaN(Number(needs[2])) ? needs[2] : Number(needs[2]) }),
    ...(needs?.[2] === 'sparse' && { 'data.draw': 'explicit', 'test.estimator': 'points' }),
    ...(needs?.[2] === 'adam' && { 'data.draw': 'explicit', engine: 'direct' }),
    ...(path === 'training.decay' && { 'training.weightDecay': 0.1, 'training.rule': 'momentum' }),
    ...((value === 'pytorch' || value === 'power' || needs?.[2] === 'power') && { 'data.draw': 'explicit' }),
    ...((value === 'list' || path === 'data.eigenvalues') && { 'data.eigenvalues': '4x10,1x*' }),
    ...(path === 'network.smoothing' && { 'test.estimator': 'points' }),
  };
}

test('every parameter that is not at its default is named, alone and as an axis of one value', () => {
  let tried = 0;
  for (const [path, { id, entry }] of CELL_PARAMETERS) {
    const value = another(entry);
    const beside = { ...BASE, ...companions(path, value) };
    if (['unit-norm-mixture', 'dataset'].includes(String((beside as Record<string, unknown>)['data.model'])))
      delete (beside as { 'data.mu'?: number })['data.mu'];
    const unit = id.endsWith('Unit');
    const holds = (said: string[]): boolean =>
      unit
        ? said.some((one) => one.includes(unitWord(String(value)).replace(/^1\//, '/')))
        : said.some((one) => one.startsWith(`${entry.glyph} = `));
    const said = words(nested({ ...beside, [path]: value }));
    assert.ok(holds(said), `${path}: ${said.join(', ')}`);
    const { [path as 'data.n']: _, ...others } = beside;
    const axis = words({ ...nested(others), axes: { [path]: [value] } });
    assert.ok(holds(axis), `axis ${path}: ${axis.join(', ')}`);
    // An axis of two values is on the picture itself.
    if (!unit && entry.default !== undefined && entry.default !== value && !path.includes('activation')) {
      const both = [entry.default, value];
      const two = () => words({ ...nested(others), axes: { [path]: both } });
      try {
        assert.ok(!holds(two()), `two values of ${path}`);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error; // a value that the companions exclude
      }
    }
    tried++;
  }
  assert.equal(tried, CELL_PARAMETERS.size);
});

test('units carried along, powers of ten, scaled parameters by their factor', () => {
  assert.deepEqual(
    words({
      data: { n: 20, d: 1e9, mu: 50 },
      network: { m: 10, sigma0: 0.02, sigma0Unit: '1/(sigmaP*sqrt(d))' },
      training: { eta: 2, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss' },
    }),
    [
      'model = signal-noise',
      'n = 20',
      'd = 10^{9}',
      '‖μ‖ = 50',
      'p = 0',
      'σ = relu',
      'm = 10',
      'σ_0 = 0.02/(σ_p·√d)',
      'ℓ = logistic',
      'η = 2 n·m/(σ_p²·d)',
      'stop rule = loss',
      'ε = 0.01',
      'T = 100 steps',
    ],
  );
  assert.equal(unitWord('n/(4*sigmaP^2*d*m*max(v0,v*)^2)'), 'n/(4·σ_p²·d·m·max(v_0,v*)²)');
  const followed = words({
    data: { d: 2, mu: 3 },
    network: { m: 4 },
    scale: { 'data.d': { n: 1 } },
    axes: { 'data.n': [10, 20] },
  });
  assert.ok(followed.includes('d / n = 2'), followed.join(', '));
});

test('p = 0 beside flips of another law is not said: it speaks of test labels only', () => {
  const said = words({ data: { n: 10, d: 50, mu: 3, flipLaw: 'exact', flips: 2 }, network: { m: 4 } });
  assert.ok(said.includes('k = 2') && !said.some((one) => one.startsWith('p = ')), said.join(', '));
});

test('the runs that are there', () => {
  const spec = specFrom({ ...nested(BASE), runs: 400 } as SpecInput, 'test');
  assert.equal(runsWords(spec, [400, 400]), '400 runs a cell');
  assert.equal(runsWords(spec, [68, 75, 70]), '68 to 75 of 400 runs a cell');
  assert.equal(runsWords(spec, [0, 75]), '0 to 75 of 400 runs a cell');
  assert.equal(runsWords(spec, [70]), '70 of 400 runs a cell');
  assert.equal(runsWords({ ...spec, runs: 1 }, [1]), '1 run a cell');
  const precise = specFrom({ ...nested(BASE), runs: 400, precision: { halfWidth: 0.01 } } as SpecInput, 'test');
  assert.equal(runsWords(precise, [20, 310]), '20 to 310 runs a cell, 400 at most, for ± 0.01 in the mean test error');
});

test('heavy ball is named with the share of velocity that it keeps, and descent without', () => {
  const heavy = words(nested({ ...BASE, 'training.rule': 'momentum' }));
  assert.ok(heavy.includes('step rule = momentum') && heavy.includes('β = 0.9'), heavy.join(', '));
  assert.ok(!words(nested(BASE)).some((one) => one.startsWith('β')));
});
