/** A long run goes on where it was kept, with the same bits: in memory for every engine, in a folder across a kill. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { unzipSync } from 'fflate';
import { readNpz } from '../../src/data/readers/npz.ts';
import type { Checkpoints } from '../../src/experiments/checkpoint.ts';
import { runCell, type Keeping } from '../../src/experiments/run.ts';
import { recordLine } from '../../src/experiments/record.ts';
import { cells } from '../../src/experiments/spec.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { benign, inFolder, started, storedLines, until } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

/** Keeps a state at the second question, as a file would, and ends the run with it. */
class Ending implements Checkpoints {
  private asked = 0;
  private readonly kept: Buffer[];

  constructor(kept: Buffer[]) {
    this.kept = kept;
  }

  due = (): boolean => ++this.asked % 2 === 0;
  load = (): unknown => (this.kept.length > 0 ? deserialize(this.kept.at(-1)!) : undefined);
  save = (_: string, state: object): void => {
    this.kept.push(serialize(state));
    throw new Error('ended');
  };
}

const SETTINGS = {
  'kernel, masked': {},
  'kernel, plain': { network: { m: 3, activation: 'leaky-relu', leak: 0.3 } },
  'kernel, both layers': { network: { m: 3, output: 'trained', init: 'gaussian' } },
  'kernel, frozen': { engine: 'gram-frozen' },
  'kernel, incremental': { engine: 'gram-incremental', training: { loss: 'hinge', eta: 1e-6 } },
  'kernel, label noise': { training: { labelNoise: 0.1 } },
  'kernel, heavy ball in batches': {
    training: {
      rule: 'momentum',
      batch: 3,
      weightDecay: 1e-4,
      decay: 'decoupled',
      schedule: 'cosine',
      scheduleSteps: 50_000,
    },
  },
  'gram, Nesterov with label noise': {
    training: { rule: 'nesterov', labelNoise: 0.1, maxSteps: 100, batch: 4 },
    record: { series: ['gamma'], every: 30 },
  },
  'direct, Adam': {
    data: { model: 'signal-noise', n: 10, d: 20, mu: 2, flip: 0.1, draw: 'explicit' },
    engine: 'direct',
    training: { rule: 'adam', maxSteps: 100, batch: 4, weightDecay: 0.01, schedule: 'warm-up', scheduleSteps: 9 },
    record: { series: ['trainLoss'], every: 30, arrays: ['weights'] },
  },
} as const;

for (const [name, setting] of Object.entries(SETTINGS))
  test(`a run goes on from its state: ${name}`, () => {
    const { training = {}, network = {}, ...rest } = setting as Record<string, Record<string, unknown>>;
    const spec = specFrom(
      {
        data: { model: 'signal-noise', n: 10, d: 60, mu: 2, flip: 0.1 },
        network: { m: 3, ...network },
        training: { eta: 0.01, stop: 'steps', maxSteps: 40_000, ...training },
        record: { series: ['trainLoss', 'gamma'], every: 3000, arrays: ['weights', 'margins'], arraysEvery: 5000 },
        ...rest,
      },
      name,
    );
    const [cell] = [...cells(spec)];
    const seen: string[] = [];
    const arrays: Keeping['arrays'] = (run, all) =>
      seen.push(run + [...all].map(([id, { shape, values }]) => `${id} ${shape} ${values.join()}`).join());
    const whole = recordLine(runCell(cell!, 7, 0, spec.record, undefined, { arrays }));
    // Every other question brings a state, and the end of the process with it: on from there, again and again.
    const kept: Buffer[] = [];
    let ended = 0;
    let line: string | undefined;
    while (line === undefined)
      try {
        const checkpoints = new Ending(kept);
        line = recordLine(runCell(cell!, 7, 0, spec.record, undefined, { arrays, checkpoints }));
      } catch (error) {
        assert.equal((error as Error).message, 'ended');
        ended++;
      }
    assert.ok(ended >= 3, `ended ${ended} times`);
    assert.equal(line, whole);
    assert.equal(seen[1], seen[0]);
  });

test('a state of another build, plan or seed is not taken', () => {
  const spec = specFrom(
    {
      data: { model: 'signal-noise', n: 10, d: 60, mu: 2, flip: 0.1 },
      network: { m: 3 },
      training: { eta: 0.01, stop: 'steps', maxSteps: 400_000 },
    },
    'spec',
  );
  const [cell] = [...cells(spec)];
  const keep = new Ending([]);
  assert.throws(() => runCell(cell!, 7, 0, spec.record, undefined, { checkpoints: keep }), /ended/);
  const taken = { due: () => false, load: keep.load, save: keep.save };
  const other = runCell(cell!, 8, 0, spec.record, undefined, { checkpoints: taken });
  assert.equal(recordLine(other), recordLine(runCell(cell!, 8, 0, spec.record)));
});

const SPEC = `
data: { model: signal-noise, n: 20, d: 200, mu: 3, flip: 0.1 }
network: { m: 10 }
training: { eta: 0.001, stop: steps, maxSteps: 600000 }
record: { arrays: [weights, coefficients, margins], arraysEvery: 200000 }
runs: 2
`;

test('a killed sweep goes on in the midst of a run; its arrays and records are those of an undisturbed one', async () => {
  await inFolder(disturbed);
});

async function disturbed(folder: string): Promise<void> {
  const file = join(folder, 'spec.yaml');
  writeFileSync(file, SPEC);
  const [quiet, killed] = [join(folder, 'quiet'), join(folder, 'killed')];
  assert.equal(benign(['sweep', file, '--out', quiet, '--workers', '1']).code, 0);
  const states = join(killed, 'checkpoints');
  const { child, ended } = started(['sweep', file, '--out', killed, '--workers', '1', '--checkpoint', '0.2s']);
  await until(() => existsSync(states) && readdirSync(states).some((name) => name.endsWith('.state')));
  child.kill('SIGKILL');
  await ended;
  const [kept] = readdirSync(states).filter((name) => name.endsWith('.state'));
  assert.match(benign(['status', killed]).stdout, /^kept: +1 long run goes on where the last call left it$/m);
  // It cannot be told from outside that a run began in its midst: a state that no Node can read makes it begin anew.
  assert.ok((deserialize(readFileSync(join(states, kept!))) as { train: { t: number } }).train.t > 0);
  const on = benign(['sweep', file, '--out', killed, '--workers', '1', '--checkpoint', '0.2s']);
  assert.equal(on.code, 0, on.stderr);
  assert.equal(readFileSync(join(killed, 'table.csv'), 'utf8'), readFileSync(join(quiet, 'table.csv'), 'utf8'));
  assert.equal(existsSync(states), false, 'states of runs that are there');
  const names = readdirSync(join(quiet, 'arrays')).sort();
  assert.equal(names.length, 2);
  assert.deepEqual(readdirSync(join(killed, 'arrays')).sort(), names);
  for (const name of names) {
    const bytes = readFileSync(join(quiet, 'arrays', name));
    assert.deepEqual(readFileSync(join(killed, 'arrays', name)), bytes);
    const arrays = readNpz(bytes, name);
    assert.deepEqual([...arrays.get('step')!.values], [0, 2e5, 4e5, 6e5]);
    assert.deepEqual(arrays.get('W_t')!.shape, [4, 20, 41]);
    assert.deepEqual(arrays.get('coefficients_t')!.shape, [4, 20, 21]);
    assert.deepEqual(arrays.get('margins_t')!.shape, [4, 20]);
  }
  // A torn file is no state.
  mkdirSync(states);
  writeFileSync(join(states, names[0]!.replace('npz', 'state')), 'torn');
  const more = warm(['sweep', file, '--out', killed, '--set', 'runs=3', '--workers', '1']);
  assert.equal(more.code, 0, more.stderr);
  // A record depends on no arrays, and can be made again without them.
  const doctor = warm(['doctor', killed, '--sample', '1', '--workers', '1']);
  assert.equal(doctor.code, 0, doctor.stderr + doctor.stdout);
  // A draft that a kill has left is no result.
  writeFileSync(join(killed, 'arrays', `${names[0]!}.123-1`), 'draft');
  const packed = join(folder, 'killed.zip');
  assert.equal(warm(['archive', killed, '--out', packed]).code, 0);
  const held = Object.keys(unzipSync(readFileSync(packed))).filter((name) => name.includes('/arrays/'));
  assert.deepEqual(
    held.sort(),
    readdirSync(join(killed, 'arrays'))
      .filter((name) => name.endsWith('.npz'))
      .map((name) => `killed/arrays/${name}`)
      .sort(),
  );
}

test('a state that a kill has left goes with its record, also where none is to be kept', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(
      file,
      SPEC.replace('600000', '60')
        .replace(/record: .*/, '')
        .replace('runs: 2', 'runs: 1'),
    );
    const out = join(folder, 'out');
    assert.equal(warm(['sweep', file, '--out', out]).code, 0);
    const [run] = storedLines(out).map((line) => (JSON.parse(line) as { run: string }).run);
    rmSync(join(out, 'records'), { recursive: true });
    const states = join(out, 'checkpoints');
    mkdirSync(states);
    writeFileSync(join(states, `${run!}.state`), 'torn');
    writeFileSync(join(states, `${run!}.state.123-1`), 'a draft');
    const again = warm(['sweep', file, '--out', out, '--checkpoint', '0']);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(existsSync(states), false);
  });
});
