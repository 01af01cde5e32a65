/** What a large spec costs before its first run, and how many threads a small one takes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { Queue } from '../../src/sweeps/batches.ts';
import { missing, missingCount, type Job } from '../../src/sweeps/plan.ts';
import { benign, benignUntil, inFolder, storedLines } from '../helpers/benign.ts';

const SPEC = `data: {n: 10, d: 100, flip: 0.1}
network: {m: 3}
training: {maxSteps: 10}
axes: {data.mu: [1, 2, 3]}
`;

test('the work of 3 x 10^8 runs is handed out one batch after the other', () => {
  const results = new Results(
    specFrom({ data: { n: 10, d: 100 }, network: { m: 3 }, axes: { 'data.mu': [1, 2, 3] }, runs: 1e8 }, 's'),
  );
  assert.equal(missingCount(results), 3e8);
  const queue = new Queue<Job>(4);
  queue.refill(missing(results), missingCount(results));
  for (let i = 0; i < 50; i++) queue.learn(1000, 1);
  const first = queue.take();
  assert.deepEqual(first.slice(0, 4), [
    { cell: 0, replicate: 0 },
    { cell: 1, replicate: 0 },
    { cell: 2, replicate: 0 },
    { cell: 0, replicate: 1 },
  ]);
  assert.deepEqual(queue.take()[0], {
    cell: first.length % 3,
    replicate: Math.floor(first.length / 3),
  });
});

test('every run is handed out once, those that come later behind the others', () => {
  const results = new Results(
    specFrom({ data: { n: 10, d: 100 }, network: { m: 3 }, axes: { 'data.mu': [1, 2] }, runs: 7 }, 's'),
  );
  const queue = new Queue<Job>(3);
  queue.refill(missing(results), missingCount(results));
  queue.add([{ cell: 0, replicate: 99 }]);
  const all: Job[] = [];
  for (let batch: Job[]; (batch = queue.take()).length > 0;) all.push(...batch);
  assert.deepEqual(all, [...missing(results), { cell: 0, replicate: 99 }]);
  queue.refill([{ cell: 1, replicate: 3 }], 1);
  assert.deepEqual(queue.take(), [{ cell: 1, replicate: 3 }]);
  assert.deepEqual(queue.take(), []);
});

test('a sweep of 3 x 10^8 runs starts, stores and stops as any other', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 100000000\n`);
    const out = join(folder, 'out');
    // Little memory: a list of all runs would not fit.
    process.env['NODE_OPTIONS'] = '--max-old-space-size=200';
    try {
      const { code, stderr } = await benignUntil(
        ['sweep', file, '--out', out, '--workers', '1'],
        'SIGINT',
        6000,
        'first word',
      );
      assert.equal(code, 130, stderr);
      assert.match(stderr, /^runs: 0 of 300000000 runs stored$/m);
      assert.ok(storedLines(out).length > 0);
    } finally {
      delete process.env['NODE_OPTIONS'];
    }
    const rows = benign(['table', out, '--rows', 'runs']);
    assert.equal(rows.code, 0, rows.stderr);
    assert.equal(rows.stdout.trimEnd().split('\n').length, 1 + storedLines(out).length);
  });
});

test('there are no more threads than runs', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 1\n`);
    const out = join(folder, 'out');
    assert.equal(benign(['sweep', file, '--out', out, '--workers', '500']).code, 0);
    const log = readdirSync(join(out, 'records')).find((name) => name.endsWith('.log'))!;
    const [start] = readFileSync(join(out, 'records', log), 'utf8').split('\n');
    assert.equal((JSON.parse(start!) as { start: { workers: number } }).start.workers, 3);
  });
});

test('a folder without runs is told so before its grid is laid out; a grid beyond memory is a sentence', async () => {
  await inFolder((folder) => {
    const grid = `${SPEC.replace(/axes.*/, 'axes: {data.mu: {from: 1, to: 2, count: 1000000}, data.nu: [3, 4, 5, 6, 7, 8, 9, 10]}')}`;
    writeFileSync(
      join(folder, 'spec.yaml'),
      grid.replace('flip: 0.1', 'noise: student-t').concat('test: {estimator: points}\n'),
    );
    for (const command of ['table', 'figure']) {
      const { code, stderr } = benign([command, folder]);
      assert.equal(code, 1);
      assert.match(stderr, /holds no finished run yet/);
      assert.doesNotMatch(stderr, /cells/);
    }
    const { code, stderr } = benign(['sweep', join(folder, 'spec.yaml'), '--out', join(folder, 'out')]);
    assert.equal(code, 1);
    assert.match(stderr, /^benign: axes: 8000000 cells take about 13 GB of memory, and Node may use \d+\.\d GB here/m);
  });
});

test('a sweep takes --set and --seed', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 1\n`);
    const out = join(folder, 'out');
    const { code, stderr } = benign(['sweep', file, '--out', out, '--set', 'mu=2', '--seed', '9']);
    assert.equal(code, 0, stderr);
    const records = storedLines(out).map(
      (line) => JSON.parse(line) as { seed: number; cell: { data: { mu: number } } },
    );
    assert.deepEqual(
      records.map(({ seed, cell }) => [seed, cell.data.mu]),
      [[9, 2]],
    );
  });
});

test('one long run says its steps', async () => {
  await inFolder(async (folder) => {
    // Both at once: each takes as long as it takes to say something.
    const ends = ['gram', 'direct'].map((engine) => {
      const file = join(folder, `${engine}.yaml`);
      writeFileSync(
        file,
        `${SPEC.replace('maxSteps: 10', 'maxSteps: 1000000000').replace(/axes.*/, `engine: ${engine}`)}runs: 1\n`.replace(
          'd: 100',
          'd: 100, mu: 3',
        ),
      );
      return benignUntil(['sweep', file, '--out', join(folder, engine)], 'SIGINT', 11_000, 'first word');
    });
    for (const { code, stderr } of await Promise.all(ends)) {
      assert.equal(code, 130, stderr);
      assert.match(stderr, /^runs: 0 of 1 runs, a run in work at step [1-9]\d* of 1000000000$/m, stderr);
    }
  });
});
