import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellId, type Cell } from '../../src/experiments/cell.ts';
import { recordLine, RECORD_VERSION, SCIENCE, type RunRecord } from '../../src/experiments/record.ts';
import { drawProblem, runCell, streamKey } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { SERIES } from '../../src/experiments/series.ts';
import { cells } from '../../src/experiments/spec.ts';
import { anchorsOf, worstDifference } from '../helpers/problems.ts';
import { ENGINES, ROUNDING } from '../tolerances.ts';

type Room = Readonly<Record<string, unknown>>;
interface Input {
  readonly data?: Room;
  readonly network?: Room;
  readonly training?: Room;
  readonly test?: Room;
  readonly engine?: string;
  readonly coupling?: string;
  readonly axes?: Room;
}
const input = (changes: Input = {}): object => ({
  ...changes,
  data: { n: 8, d: 50, mu: 2, flip: 0.2, ...changes.data },
  network: { m: 3, ...changes.network },
  training: { maxSteps: 30, eta: 1, ...changes.training },
  test: changes.test?.['estimator'] === 'points' ? changes.test : { lines: 4, shifts: 4, ...changes.test },
});
const cellsOf = (changes?: Input): Cell[] => [...cells(specFrom(input(changes), 'test'))];
const cellOf = (changes?: Input): Cell => cellsOf(changes)[0];

test('a record is a pure function of cell, seed and replicate, and says which', () => {
  const cell = cellOf();
  const record = runCell(cell, 5, 2);
  assert.equal(recordLine(runCell(structuredClone(cell), 5, 2)), recordLine(record));
  assert.deepEqual(JSON.parse(recordLine(record)), record); // nothing that JSON cannot hold
  assert.deepEqual(
    { ...record, values: undefined },
    {
      v: RECORD_VERSION,
      run: `${cellId(cell)}-2`,
      seed: 5,
      replicate: 2,
      engine: 'gram',
      science: SCIENCE,
      outcome: record.outcome,
      steps: 30,
      values: undefined,
      cell: {
        data: { d: 50, flip: 0.2, mu: 2, n: 8 },
        network: { m: 3 },
        test: { lines: 4, shifts: 4 },
        training: { eta: 1, maxSteps: 30 },
      },
    },
  );
  for (const other of [runCell(cell, 6, 2), runCell(cell, 5, 3)]) assert.notDeepEqual(other.values, record.values);
});

test('adding axes and values, or an observable, moves no draw', () => {
  const small = cellsOf({ axes: { 'data.mu': [1, 3] } });
  const large = cellsOf({ axes: { 'network.m': [2, 3], 'data.mu': [0.5, 1, 2, 3], 'data.flip': [0.1, 0.2] } });
  for (const cell of small) {
    const again = large.filter((other) => cellId(other) === cellId(cell));
    assert.equal(again.length, 1);
    assert.equal(recordLine(runCell(again[0], 1, 0)), recordLine(runCell(cell, 1, 0)));
    const watched = runCell(cell, 1, 0, { series: [...SERIES], values: [], every: 7 });
    assert.deepEqual({ ...watched, series: undefined }, { ...runCell(cell, 1, 0), series: undefined });
  }
});

/** What a cell draws, as text. */
const draws = (cell: Cell, replicate = 0): { noise: string; labels: string; weights: string } => {
  const { sample, init } = drawProblem(cell, streamKey(cell, 1, replicate));
  return { noise: anchorsOf(sample).slice(1).join(), labels: sample.labels.join(), weights: init.rows.join() };
};

test('coupling: common shares the draws across cells, independent does not', () => {
  const axes = {
    'data.mu': [1, 2],
    'training.eta': [0.1, 1],
    'training.loss': ['logistic', 'hinge'],
    'network.activation': ['relu', 'leaky-relu'],
  };
  const common = cellsOf({ coupling: 'common', axes });
  const independent = cellsOf({ axes });
  assert.equal(common.length, 16);
  assert.equal(new Set(common.map((cell) => JSON.stringify(draws(cell)))).size, 1);
  assert.equal(new Set(independent.map((cell) => JSON.stringify(draws(cell)))).size, 16);
  assert.notDeepEqual(draws(common[0], 1), draws(common[0], 0)); // replicates differ all the same
});

test('both engines give the same record up to rounding', () => {
  for (const network of [{}, { bias: true, init: 'pytorch-gaussian' }, { activation: 'leaky-relu' }]) {
    const [a, b] = ['gram', 'direct'].map((engine) =>
      runCell(cellOf({ engine, coupling: 'common', network }), 1, 0, {
        series: ['trainLoss', 'gamma', 'rhoBar', 'rhoUnder'],
        values: [],
        every: 10,
      }),
    );
    assert.deepEqual([a.outcome, a.steps, b.engine], [b.outcome, b.steps, 'direct']);
    assert.deepEqual(Object.keys(a.values), Object.keys(b.values));
    assert.ok(worstDifference(Object.values(a.values), Object.values(b.values)) <= ENGINES);
    for (const id of ['step', 'trainLoss', 'gamma', 'rhoBar', 'rhoUnder'] as const)
      assert.ok(worstDifference(a.series![id] as number[], b.series![id] as number[]) <= ENGINES);
  }
});

test('units: sigma0 in 1/(sigma_p sqrt d), eta in n m/(sigma_p^2 d), the sum of losses in n steps of the mean', () => {
  const problem = (changes: Input) =>
    drawProblem(cellOf({ coupling: 'common', ...changes }), { seed: 1, cell: [0, 0], replicate: 0 });
  const data = { d: 100, sigmaP: 2 };
  const inUnits = problem({
    data,
    network: { sigma0: 0.5, sigma0Unit: '1/(sigmaP*sqrt(d))' },
    training: { eta: 0.5, etaUnit: 'n*m/(sigmaP^2*d)' },
  });
  const absolute = problem({ data, network: { sigma0: 0.5 / (2 * 10) }, training: { eta: (0.5 * 8 * 3) / (4 * 100) } });
  assert.deepEqual(inUnits.init, absolute.init);
  assert.ok(Math.abs(inUnits.stepPerSample / absolute.stepPerSample - 1) <= ROUNDING);
  assert.equal(problem({ training: { eta: 0.5 } }).stepPerSample, 0.5 / 8);
  assert.equal(problem({ training: { eta: 0.5, reduction: 'sum' } }).stepPerSample, 0.5);
});

const finite = ({ values }: RunRecord): boolean => Object.values(values).every(Number.isFinite);

test('a run at d = 1e9 costs what a run at d = 50 costs in memory, and is whole', () => {
  for (const network of [
    { sigma0Unit: '1/(sigmaP*sqrt(d))', sigma0: 0.1 },
    { bias: true, init: 'pytorch-gaussian', outputScale: '1' },
  ]) {
    const cell = cellOf({
      data: { d: 1e9, mu: 100 },
      network,
      training: { etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 100 },
    });
    assert.equal(drawProblem(cell, streamKey(cell, 1, 0)).init.columns, 1 + 8 + 6);
    const record = runCell(cell, 1, 0);
    assert.ok(finite(record));
    assert.equal(record.outcome, 'interpolated');
    assert.equal(Object.keys(record.values).length, 12);
    assert.ok(record.values.testError! > 0.2 && record.values.testError! < 0.8);
  }
});

test('a series is the run seen every so many steps, and at its end, however the run ends', () => {
  const endings: [string, Input][] = [
    ['interpolated', {}],
    ['step-limit', { training: { stop: 'zero-loss', maxSteps: 30 } }],
    ['stalled', { network: { sigma0: 0 } }],
    [
      'diverged',
      {
        network: { activation: 'relu-power', power: 3, sigma0: 1 },
        training: { eta: 800 },
        test: { estimator: 'points', points: 50 },
      },
    ],
  ];
  for (const [outcome, changes] of endings) {
    const cell = cellOf(changes);
    const every = (step: number): RunRecord =>
      runCell(cell, 1, 0, { series: ['trainLoss', 'gamma', 'derivativeRatio', 'testError'], values: [], every: step });
    const full = every(1);
    assert.equal(full.outcome, outcome);
    const times = full.series!.step!.map(Number);
    assert.deepEqual(
      times,
      Array.from({ length: times.length }, (_, t) => t),
    );
    for (const gap of [4, 7, 1000]) {
      const { series } = every(gap);
      const kept = times.filter((t) => t % gap === 0 || t === times.length - 1);
      for (const id of ['step', 'trainLoss', 'gamma', 'derivativeRatio', 'testError'] as const)
        assert.deepEqual(
          series![id],
          kept.map((t) => full.series![id]![t]),
          `${outcome}: ${id} every ${gap}`,
        );
    }
    if (outcome !== 'diverged') assert.equal(full.series!.trainLoss!.at(-1), full.values.trainLoss);
  }
});

test('a diverged run keeps what is finite, and no test error', () => {
  const cell = cellOf({
    network: { activation: 'relu-power', power: 3, sigma0: 1 },
    training: { eta: 800 },
    test: { estimator: 'points', points: 50 },
  });
  const record = runCell(cell, 1, 0, { series: ['trainLoss', 'testError'], values: [], every: 1 });
  assert.equal(record.outcome, 'diverged');
  assert.ok(finite(record));
  assert.equal(record.values.testError, undefined);
  assert.equal(record.values.testErrorSe, undefined);
  assert.equal(record.series!.trainLoss!.at(-1), null);
  assert.deepEqual(JSON.parse(recordLine(record)), record);
});
