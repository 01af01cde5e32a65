/** The frame: what the records say, as columns, whatever their order and whichever border they have crossed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAt } from '../../src/experiments/cell.ts';
import { fields, inCell, intervalColumns, numbers, overRuns, type Frame } from '../../src/experiments/frame.ts';
import { OUTCOMES, type RunRecord } from '../../src/experiments/record.ts';
import { Results } from '../../src/experiments/results.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { coordinates, type Spec } from '../../src/experiments/spec.ts';
import { tableOf } from '../../src/experiments/table.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { sweepFigures } from '../../src/reproduction/sweep-figures.ts';
import { agreement } from '../../src/verification/agreement.ts';
import { planted } from '../helpers/plant.ts';
import { ROUNDING, TWELVE_DIGITS } from '../tolerances.ts';

const exploding = specFrom(
  {
    data: { n: 6, flip: 0.2 },
    network: { m: 2, activation: 'relu-power', power: 3, sigma0: 1 },
    training: { maxSteps: 40 },
    test: { estimator: 'points', points: 50 },
    scale: { 'data.mu': { d: 0.5 } },
    axes: { 'data.d': [30, 60], 'data.mu': [0.2, 0.4], 'training.eta': [1e-3, 0.05, 3, 800] },
    runs: 5,
    record: { values: ['weightNorm'] },
  },
  'exploding',
);
const precise = specFrom(
  {
    data: { n: 6, d: 60, flip: 0.1 },
    network: { m: 2 },
    training: { maxSteps: 20, eta: 1 },
    axes: { 'data.mu': [1, 9] },
    runs: 60,
    precision: { of: 'testErrorClean', halfWidth: 0.2, minRuns: 5 },
  },
  'precise',
);

/** Replicates of a cell; those in `left` are not there. */
function recordsOf(spec: Spec, runs: number, left: (at: number, replicate: number) => boolean): RunRecord[] {
  return new Results(spec).cells.flatMap((cell, at) =>
    Array.from({ length: runs }, (_, replicate) => replicate)
      .filter((replicate) => !left(at, replicate))
      .map((replicate) => runCell(cell, spec.seed, replicate, spec.record)),
  );
}

function framed(spec: Spec, records: readonly RunRecord[]): Frame {
  const results = new Results(spec);
  for (const record of records) results.add(record);
  return results.frame();
}

// One cell without a run, one without its first, one with a gap.
const some = recordsOf(
  exploding,
  5,
  (at, replicate) => at === 1 || (at === 2 && replicate === 0) || (at === 3 && replicate === 2),
);
const many = recordsOf(precise, 60, () => false);

/** Rows of the frame against the records, found again by their ids. */
function holdsItsRecords(frame: Frame, records: readonly RunRecord[]): void {
  const { start, replicate, outcome, steps, values } = frame.runs;
  assert.deepEqual([start.length, start[0], start.at(-1)], [frame.cells.length + 1, 0, records.length]);
  assert.equal(frame.count, records.length);
  const ids = new Results(frame.spec).ids;
  const byRun = new Map(records.map((record) => [record.run, record]));
  for (const [at, id] of ids.entries())
    for (let row = start[at]!; row < start[at + 1]!; row++) {
      if (row > start[at]!) assert.ok(replicate[row]! > replicate[row - 1]!, 'replicates ascend');
      const record = byRun.get(`${id}-${replicate[row]}`)!;
      assert.equal(OUTCOMES[outcome[row]!], record.outcome);
      assert.equal(steps[row], record.steps);
      const diverged = record.outcome === 'diverged';
      assert.ok(Object.is(overRuns(frame, 'steps')[row], diverged ? NaN : record.steps));
      for (const [name, column] of Object.entries(values)) {
        const value = diverged ? NaN : (record.values[name as keyof RunRecord['values']] ?? NaN);
        assert.ok(Object.is(column[row], value), `${record.run} ${name}`);
      }
    }
}

/** Means over the runs of a cell, summed here from the records. */
function holdsItsMeans(frame: Frame, records: readonly RunRecord[]): void {
  const close = (ours: number | null, theirs: number): boolean =>
    ours !== null && Math.abs(ours - theirs) <= ROUNDING * Math.max(1, Math.abs(theirs));
  new Results(frame.spec).ids.forEach((id, at) => {
    const own = records.filter(({ run }) => run.startsWith(id));
    const ended = own.filter(({ outcome }) => outcome !== 'diverged');
    assert.equal(fields(frame, 'runs')[at], own.length);
    assert.equal(fields(frame, 'diverged')[at], own.length - ended.length);
    assert.equal(fields(frame, 'stalled')[at], own.filter(({ outcome }) => outcome === 'stalled').length);
    if (own.length > 0)
      assert.ok(close(numbers(frame, 'steps')[at]!, own.reduce((sum, { steps }) => sum + steps, 0) / own.length));
    for (const name of [
      'testError',
      'testErrorClean',
      'trainLoss',
      'trainError',
      'rhoBar',
      ...frame.spec.record.values,
    ]) {
      const values = ended.map((record) => record.values[name as 'testError']!).filter((value) => value !== undefined);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const ours = numbers(frame, name)[at]!;
      if (values.length === 0) assert.equal(ours, null);
      else assert.ok(close(ours, mean), name);
      if (!(`${name}Se` in frame.columns)) continue;
      const se = numbers(frame, `${name}Se`)[at]!;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      if (values.length < 2) assert.equal(se, null);
      else assert.ok(close(se, Math.sqrt(squares / (values.length * (values.length - 1)))), `${name}Se`);
    }
  });
}

test('runs and means are those of the records: several outcomes, gaps, a cell without runs', () => {
  const frame = framed(exploding, some);
  const outcomes = new Set(some.map(({ outcome }) => outcome));
  assert.ok(outcomes.has('diverged') && outcomes.size >= 2, [...outcomes].join());
  assert.ok(!frame.complete);
  holdsItsRecords(frame, some);
  holdsItsMeans(frame, some);
  assert.deepEqual(inCell(frame, overRuns(frame, 'weightNorm'), 1), []);
  assert.throws(() => overRuns(frame, 'kappa'), /do not hold kappa: name it under record.values/);
  assert.throws(() => fields(frame, 'toString'), /no column toString/);
});

test('axes stand as written, a scaled one with its own value beside it; each column once', () => {
  const frame = framed(exploding, some);
  const { columns } = tableOf(frame);
  assert.equal(new Set(columns).size, columns.length);
  assert.deepEqual(columns.slice(0, 5), ['d', exploding.axes[1]!.name, 'mu', 'eta', 'runs']);
  frame.cells.forEach((cell, at) => {
    const [d, factor, eta] = coordinates(exploding, at);
    assert.deepEqual(
      columns.slice(0, 4).map((name) => fields(frame, name)[at]),
      [d, factor, valueAt(cell, 'data.mu'), eta],
    );
    assert.ok(Math.abs(cell.data.mu - (factor as number) * Math.sqrt(d as number)) <= TWELVE_DIGITS * cell.data.mu);
  });
  const unit = specFrom(
    {
      data: { n: 4, d: 50, mu: 2 },
      network: { m: 2 },
      training: { etaUnit: 'n*m/(sigmaP^2*d)' },
      axes: { 'training.eta': [0.1, 1] },
    },
    'unit',
  );
  assert.equal(tableOf(new Results(unit).frame()).columns.filter((name) => name === 'eta').length, 1);
});

test('a precision says why each cell ended, and between which ends its mean lies', () => {
  const results = new Results(precise);
  const open = results.frame();
  assert.deepEqual(fields(open, 'ended'), [null, null]);
  const byRun = new Map(many.map((record) => [record.run, record]));
  for (const [at, id] of results.ids.entries())
    for (let replicate = 0; replicate < results.wanted(at); replicate++) results.add(byRun.get(`${id}-${replicate}`)!);
  const frame = results.frame();
  assert.ok(frame.complete && frame.count === frame.expected && frame.count < 120);
  holdsItsMeans(
    frame,
    many.filter(({ run, replicate }) => replicate < results.wanted(results.ids.indexOf(run.slice(0, 16)))),
  );
  const [low, high] = intervalColumns('testErrorClean').map((name) => numbers(frame, name)) as [number[], number[]];
  for (const at of frame.cells.keys()) {
    const mean = numbers(frame, 'testErrorClean')[at]!;
    assert.ok(low[at]! <= mean && mean <= high[at]!);
    assert.equal(fields(frame, 'ended')[at], high[at]! - low[at]! <= 2 * 0.2 ? 'precise' : 'max-runs');
  }
});

test('neither the order of the records nor a structured clone changes it', () => {
  for (const [spec, records] of [
    [exploding, some],
    [precise, many],
  ] as const) {
    const frame = framed(spec, records);
    assert.deepEqual(framed(spec, [...records].reverse()), frame);
    assert.deepEqual(
      framed(
        spec,
        [...records.keys()].map((i) => records[(7 * i) % records.length]!),
      ),
      frame,
    );
    const copy = structuredClone(frame);
    assert.deepEqual(copy, frame);
    assert.deepEqual(sweepFigures(copy, { title: 'copy' }), sweepFigures(frame, { title: 'copy' }));
  }
});

test('a clone gives the same comparisons, for every kind of check', () => {
  const kinds = new Set<string>();
  for (const { figures } of PAPERS)
    for (const { variants } of figures)
      for (const { spec, quickAxes, checks } of variants)
        for (const check of checks) {
          if (kinds.has(check.kind)) continue;
          kinds.add(check.kind);
          const frame = planted(specFrom({ ...spec, axes: quickAxes, runs: 4 }, check.id), check, 'noisy');
          assert.deepEqual(agreement(structuredClone(frame), [check]), agreement(frame, [check]), check.id);
        }
  assert.ok(kinds.size >= 12, [...kinds].join());
});
