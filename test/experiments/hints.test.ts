/** The trials of a run that does not fit: its own draws, its own stop rule, and no cause that contradicts another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialsOf, untried, whyNotFitted, type Diagnosis } from '../../src/experiments/hints.ts';
import { runCell, streamKey } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import type { RunRecord } from '../../src/experiments/record.ts';

interface Rooms {
  data?: object;
  network?: object;
  training?: object;
}
function cellOf({ data, network, training }: Rooms = {}): Cell {
  const [cell] = cells(
    specFrom(
      {
        data: { n: 10, d: 16, mu: 3, flip: 0.1, ...data },
        network: { m: 4, ...network },
        training: { maxSteps: 20, ...training },
        test: { estimator: 'lines', lines: 4, shifts: 4 },
      },
      'test',
    ),
  );
  return cell!;
}
const diagnosed = (rooms: Rooms, seed = 1, replicate = 0): Diagnosis & { cell: Cell; record: RunRecord } => {
  const cell = cellOf(rooms);
  const record = runCell(cell, seed, replicate);
  assert.notEqual(record.values.trainError, 0, 'the run fits: choose another seed');
  return { ...whyNotFitted(cell, record), cell, record };
};

test('a knob that is not turned makes the run itself, bit for bit, whatever else its cell is called', () => {
  const cell = cellOf();
  const key = streamKey(cell, 1, 0);
  assert.deepEqual(runCell({ ...cell }, 1, 0, undefined, key), runCell(cell, 1, 0));
  // A later stop of the same run: the numbers up to the old end are the same; a cell of its own has other draws.
  const series = { series: ['trainLoss', 'gamma'], values: [], every: 1 } as const;
  const longer = trialsOf(cell)[0]!.cell;
  const [short, long] = [runCell(cell, 1, 0, series), runCell(longer, 1, 0, series, key)];
  assert.deepEqual(long.series!.trainLoss!.slice(0, 21), short.series!.trainLoss);
  assert.deepEqual(long.series!.gamma!.slice(0, 21), short.series!.gamma);
  assert.notDeepEqual(runCell(longer, 1, 0, series).series!.trainLoss!.slice(0, 21), short.series!.trainLoss);
  for (const { cell: changed } of trialsOf(cell))
    assert.equal(runCell(changed, 1, 0, undefined, key).values.flipped, short.values.flipped);
});

test('every trial keeps the stop rule, and says what was changed and what came out', () => {
  for (const stop of ['steps', 'loss', 'zero-error', 'zero-loss'] as const)
    for (const { cell } of trialsOf(cellOf({ training: { stop, maxSteps: 20 } })))
      assert.equal(cell.training.stop, stop);
  const { hints, cell, record } = diagnosed({});
  const trials = trialsOf(cell);
  const key = streamKey(cell, 1, 0);
  for (const hint of hints) {
    const trial = trials.find(({ says }) => hint.startsWith(`${says}: `));
    if (!trial) {
      assert.match(hint, /^the run itself: fits every label at step \d+, and has lost it again/);
      continue;
    }
    const made = runCell(trial.cell, record.seed, 0, undefined, key);
    const fits = made.values.trainError === 0;
    assert.match(
      hint,
      fits ? new RegExp(`fits every label, at step ${made.steps}$`) : /training error [\d.]+ at step|diverges/,
    );
  }
});

test('a run that fitted and lost it again is told so, with the step', () => {
  const { sentence, hints, cell, record } = diagnosed({});
  const step = Number(/^It fitted every label at step (\d+) and lost it again/.exec(sentence)![1]);
  const at = (maxSteps: number): number =>
    runCell({ ...cell, training: { ...cell.training, maxSteps } }, 1, 0, undefined, streamKey(cell, 1, 0)).values
      .trainError!;
  assert.ok(step < record.steps);
  assert.equal(at(step), 0);
  for (let before = 0; before < step; before++) assert.notEqual(at(before), 0);
  assert.match(hints[0]!, new RegExp(`^the run itself: fits every label at step ${step}, `));
  assert.doesNotMatch(sentence, /To blame: [^.]*(too few steps|too small)/);
});

test('too much and too little training are never blamed together', () => {
  let both = 0;
  for (let seed = 1; seed <= 40; seed++) {
    for (const rooms of [{}, { data: { n: 20, d: 50, mu: 1, flip: 0.3 }, network: { m: 1 }, training: { eta: 1 } }]) {
      const cell = cellOf(rooms);
      const record = runCell(cell, seed, 0);
      if (record.values.trainError === 0) continue;
      const { sentence } = whyNotFitted(cell, record);
      const blamed = /To blame: ([^.]*)\./.exec(sentence)?.[1] ?? '';
      assert.ok(!(/too large/.test(blamed) && /too few|step size too small/.test(blamed)), sentence);
      if (/Neither too much nor too little/.test(sentence)) {
        both++;
        assert.equal(blamed, '');
      }
    }
  }
  assert.ok(both > 0, 'no seed tries the rule');
});

test('settings that train nothing are told so', () => {
  const says = (rooms: Rooms, words: RegExp, trials = 0): void => {
    const { sentence, hints } = diagnosed(rooms);
    assert.match(sentence, words);
    assert.equal(hints.length, trials, hints.join('\n'));
  };
  says({ training: { maxSteps: 0 } }, /^Nothing was trained: training\.maxSteps is 0\.$/);
  says({ data: { mu: 0, sigmaP: 0 } }, /^Nothing can be trained: data\.mu and data\.sigmaP are 0/);
  says({ network: { sigma0: 0 } }, /^Nothing can be trained: network\.sigma0 is 0/);
  says({ data: { sigmaP: 0 } }, /^No network can fit it: equal inputs carry opposite labels\.$/);
  says({ training: { stop: 'loss', epsilon: 10 } }, /^Nothing was trained: the loss is 0\.\d+ before the first step/);
  says({ training: { eta: 1e-300 } }, /^Nothing was learned: in 20 steps the training loss stayed at 0\.69/);
  says({ training: { eta: 1e-12 } }, /^Nothing was learned: 20 steps changed .* eta = 1e-12 is too small\.$/, 1);
});

test('a deep run that does not fit has hints too, and a dead layer is named', () => {
  const { sentence, hints } = diagnosed({ network: { depth: 4, width: 3 }, training: { eta: 1e-3 } });
  assert.ok(hints.length > 0, sentence);
  const dead = diagnosed({ network: { depth: 3, width: 1, gain: 1e-320, sigma0: 1e-9 } });
  assert.match(dead.sentence, /^Nothing can be trained: no unit of the last hidden layer is active on any input/);
});

test('a trial beyond a range or the memory, or too long to be made unasked, is named and not made', () => {
  const why = (cell: Cell): string => untried(cell) ?? 'made';
  const at = (factor: number, maxSteps: number): Cell => {
    const cell = cellOf({ training: { maxSteps } });
    return trialsOf(cell).find(({ says }) => says.startsWith(`${factor} times the steps`))!.cell;
  };
  assert.equal(why(at(10, 100)), 'made');
  assert.equal(why(at(100, 2e7)), 'training.maxSteps would be beyond its range');
  assert.match(why(at(10, 1e7)), /^it would take long/);
  assert.match(why(cellOf({ data: { d: 1e6 }, network: { m: 8000 } })), /^its vectors would need \d+\.\d GB$/);
});

test('a loss that blows up is laid to the step size alone, and the trials are read for how far', () => {
  const far = diagnosed({ network: { activation: 'relu-power' }, training: { eta: 1e5, maxSteps: 100 } });
  assert.equal(far.record.outcome, 'diverged');
  assert.match(
    far.sentence,
    /step size far too large, the loss still blows up with a hundredth of the step size \(eta = 1000\)/,
  );
  assert.ok(!far.sentence.includes('width'), far.sentence);
  for (const [eta, sentence] of [
    [20, 'To blame: step size too large.'],
    [5, 'The loss blew up, and no smaller step size that was tried made it fit.'],
  ] as const) {
    const near = diagnosed({ network: { activation: 'relu-power' }, training: { eta, maxSteps: 100 } });
    assert.equal(near.record.outcome, 'diverged');
    assert.equal(near.sentence, sentence);
  }
});
