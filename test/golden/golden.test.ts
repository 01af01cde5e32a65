/** Bits that change without a new science version fail here. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXPECTED_BITS, probeBits } from '../../src/cli/doctor.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import { recordLine, SCIENCE } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { CONTENT } from '../helpers/data-set.ts';
import { compareGolden } from '../helpers/golden.ts';

let root = dirname(fileURLToPath(import.meta.url));
while (!existsSync(join(root, 'package.json'))) root = dirname(root);
const FILE = join(root, 'test', 'golden', 'records.jsonl');

const small = { n: 8, d: 60, mu: 2, flip: 0.2 };
/** Settings that together pass through every branch of data, network, engines, stop rules and estimators. */
const SETTINGS: readonly object[] = [
  {
    data: small,
    network: { m: 3 },
    training: { eta: 1, maxSteps: 40 },
    record: {
      series: ['trainLoss', 'testError', 'gamma', 'rhoBar', 'rhoUnder', 'ratio', 'derivativeRatio', 'activeFraction'],
      every: 10,
    },
  },
  { data: small, network: { m: 3 }, training: { eta: 1, maxSteps: 40 }, engine: 'direct' },
  { data: small, network: { m: 3 }, training: { eta: 1, maxSteps: 40 }, coupling: 'common' },
  {
    data: { ...small, projected: false, d: 6 },
    network: { m: 3, bias: true, init: 'pytorch-gaussian', outputScale: '1' },
    training: { maxSteps: 40 },
  },
  {
    data: { ...small, draw: 'explicit' },
    network: { m: 3, bias: true, init: 'pytorch', outputScale: '1/sqrt(m)', pooling: 'mean' },
    training: { eta: 2, maxSteps: 40, stop: 'loss', epsilon: 0.3 },
  },
  {
    data: { ...small, flipLaw: 'exact', flips: 2 },
    network: { m: 3, activation: 'leaky-relu', leak: 0.3 },
    training: { loss: 'hinge', stop: 'zero-loss', eta: 1, reduction: 'sum', maxSteps: 500 },
  },
  ...['largest-norm', 'one-class', 'aligned'].map((adversary) => ({
    data: { ...small, flipLaw: 'adversarial', flips: 2, adversary },
    network: { m: 2 },
    training: { stop: 'zero-error', eta: 5, maxSteps: 300 },
  })),
  ...['by-class', 'by-norm', 'by-margin'].map((flipLaw) => ({
    data: { ...small, model: 'mixture', projected: false, flipLaw },
    network: { m: 3 },
    training: { eta: 1, maxSteps: 40 },
    record: { values: ['excess', 'testErrorPlus', 'testErrorMinus', 'bayesErrorNoisy'] },
    ...(flipLaw !== 'by-class' && { test: { points: 500 } }),
  })),
  {
    data: small,
    network: { m: 3, activation: 'relu-power', power: 3, sigma0: 0.3 },
    training: { eta: 0.5, maxSteps: 40 },
    test: { estimator: 'points', points: 200 },
  },
  {
    data: { ...small, d: 1e9 },
    network: { m: 3, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
    training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 40 },
  },
  { data: { ...small, sigmaP: 0, flip: 0.45 }, network: { m: 2 }, training: { maxSteps: 40 } },
  {
    data: { ...small, d: 1e9 },
    network: { m: 3, depth: 4, widths: '5,4', output: 'trained', sigma0: 0.3, sigma0Unit: '1/(sigmaP*sqrt(d))' },
    training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 40, rule: 'momentum', momentum: 0.5 },
    test: { points: 200 },
    record: {
      series: ['trainLoss', 'testError', 'layerNorm1', 'layerGap2', 'layerChange4', 'layerActive3'],
      every: 10,
    },
  },
  {
    data: { ...small, draw: 'explicit' },
    network: {
      m: 3,
      depth: 3,
      pool: 'last',
      activation: 'leaky-relu',
      bias: true,
      pooling: 'mean',
      frozen: '2',
      gain: 1,
    },
    training: { loss: 'squared', batch: 3, rule: 'adam', eta: 0.05, maxSteps: 40, weightDecay: 0.01 },
    engine: 'direct',
    test: { points: 200 },
  },
  {
    data: { ...small, projected: false },
    network: { m: 3, depth: 4, widths: '5,4', bias: true, output: 'trained', sigma0: 0.3 },
    training: { eta: 0.3, maxSteps: 40 },
    test: { estimator: 'lines' },
  },
  { data: small, network: { m: 3 }, training: { loss: 'squared', eta: 0.2, maxSteps: 40 } },
  {
    data: {
      model: 'dataset',
      content: CONTENT,
      classes: '0/1',
      n: 12,
      heldOut: 10,
      flip: 0.2,
      layout: 'noise-patch',
      d: 40,
    },
    network: { m: 3, sigma0Unit: '1/(sigmaP*sqrt(d))' },
    training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 40 },
    record: { values: ['minimumNormError', 'averagingError'] },
  },
  // noise of a spectrum
  ...[
    { spectrum: 'spiked', spikes: 2, spikeSize: 20 },
    { spectrum: 'list', eigenvalues: '9x12,4x1,0.5x*', projected: false, signalGroup: 2 },
    { spectrum: 'power', exponent: 0.5, draw: 'explicit' },
  ].map((shape) => ({
    data: { ...small, ...shape },
    network: { m: 3 },
    training: { eta: 1, maxSteps: 40 },
    record: { values: ['averagingError', 'bayesError', 'meanMargin'] },
  })),
  {
    data: { ...small, model: 'xor', spectrum: 'spiked', noise: 'student-t' },
    network: { m: 3, sigma0: 0.3 },
    training: { eta: 1, maxSteps: 40 },
  },
  // several noises, several signals, unequal classes
  ...[
    { patches: 4 },
    { patches: 3, signals: 3, positive: 0.3, draw: 'explicit' },
    { model: 'mixture', projected: false, positive: 0.2, flipLaw: 'by-class', flipTilt: 0.5 },
  ].map((points) => ({
    data: { ...small, ...points },
    network: { m: 3 },
    training: { eta: 1, maxSteps: 40 },
    record: { values: ['averagingError', 'bayesError', 'bayesErrorNoisy', 'testErrorPlus'] },
  })),
];

/** Multiplications of a run on explicit vectors beyond which its first steps stand for it: minutes otherwise. */
const MOST_WORK = 1e10;
const FIRST_STEPS = 100;
/** Filters a class beyond which fewer stand for them: the law of the error costs their cube. */
const MOST_FILTERS = 200;

function shortened(cell: Cell): Cell {
  if (cell.network.m > MOST_FILTERS) return shortened({ ...cell, network: { ...cell.network, m: MOST_FILTERS } });
  const { data, network, training, engine } = cell;
  const work = training.maxSteps * data.n * 2 * network.m * data.d;
  if (engine !== 'direct' || work <= MOST_WORK) return cell;
  return { ...cell, training: { ...training, maxSteps: FIRST_STEPS } };
}

function golden(): string[] {
  const lines: string[] = [];
  for (const setting of SETTINGS) {
    const spec = specFrom(setting, 'golden');
    const [cell] = cells(spec);
    for (let replicate = 0; replicate < 3; replicate++)
      lines.push(recordLine(runCell(cell!, 7, replicate, spec.record)));
  }
  // Four corners of every preset that needs no files: bits are the same whoever has which.
  for (const paper of PAPERS) {
    for (const figure of paper.figures) {
      for (const variant of figure.variants) {
        if (variant.needs) continue;
        const spec = specFrom(variant.spec, variant.id);
        const all = [
          ...cells({
            ...spec,
            axes: spec.axes.map((axis) => ({ ...axis, values: [axis.values[0]!, axis.values.at(-1)!] })),
          }),
        ];
        for (const cell of all) lines.push(recordLine(runCell(shortened(cell), spec.seed, 0, spec.record)));
      }
    }
  }
  return lines;
}

const HOW =
  'results change bit by bit here. If that is meant: raise SCIENCE in src/experiments/record.ts, say which numbers moved under "Numbers that changed" in CHANGELOG.md, and write the new ones with GOLDEN=write npm test';

const NEW = 'No bit changed and no science version is raised: write the records with GOLDEN=write npm test golden';

test('golden records: the bits of this science version', () => {
  const ours = golden();
  if (process.env['GOLDEN'] === 'write') writeFileSync(FILE, `${ours.join('\n')}\n`);
  const stored = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  assert.equal(
    (JSON.parse(stored[0]!) as { science: number }).science,
    SCIENCE,
    `the golden records are of another science version: ${HOW}`,
  );
  const { changed, added, gone } = compareGolden(ours, stored);
  assert.deepEqual(changed, [], HOW);
  assert.deepEqual(
    [added.length, gone.length],
    [0, 0],
    `${added.length} records are added, ${gone.length} gone. ${NEW}`,
  );
});

test('records that are only added, or gone, are told apart from records that changed', () => {
  const stored = readFileSync(FILE, 'utf8').trimEnd().split('\n').slice(0, 40);
  const [first, second] = stored as [string, string];
  const nothing = { changed: [], added: [], gone: [] };
  assert.deepEqual(compareGolden(stored, stored), nothing);
  assert.deepEqual(compareGolden([...stored].reverse(), stored), nothing, 'where a record stands does not matter');
  assert.deepEqual(compareGolden(stored, stored.slice(1)), { ...nothing, added: [first] });
  assert.deepEqual(compareGolden(stored.slice(1), stored), { ...nothing, gone: [first] });
  // Another preset may keep more of the same run.
  const record = JSON.parse(second) as { steps: number; values: Record<string, number> };
  const more = JSON.stringify({ ...record, values: { ...record.values, gammaMax: 1 } });
  assert.deepEqual(compareGolden([...stored, more], stored), { ...nothing, added: [more] });
  // Negative controls: one bit of a value, and of anything else.
  for (const other of [
    { ...record, values: { ...record.values, trainLoss: record.values['trainLoss']! * (1 + 2 ** -52) } },
    { ...record, steps: record.steps + 1 },
  ]) {
    const line = JSON.stringify(other);
    assert.deepEqual(compareGolden([...stored, line], stored), { ...nothing, changed: [line] });
    assert.deepEqual(compareGolden([first, line, ...stored.slice(2)], stored), { ...nothing, changed: [line] });
  }
});

test('a changed bit is seen (negative control)', () => {
  const [stored] = readFileSync(FILE, 'utf8').split('\n');
  const record = JSON.parse(stored!) as { values: { trainLoss: number } };
  record.values.trainLoss *= 1 + 2 ** -52;
  assert.notEqual(JSON.stringify(record), stored);
});

test('benign doctor expects the bits of this version', () => {
  assert.equal(probeBits(), EXPECTED_BITS, HOW);
});
