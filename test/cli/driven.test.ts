/** What a program that drives a command asks for: progress as JSON lines, and an end when it is gone itself. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder, launcher, storedLines, until } from '../helpers/benign.ts';

const SPEC = 'name: driven\ndata: {n: 5, mu: 2}\nnetwork: {m: 2}\ntraining: {maxSteps: 5}\naxes: {data.d: [20, 40]}\n';
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...process.env, ...more });

test('BENIGN_PROGRESS=json: lines of objects that end with all, and remarks as they are', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 20\n`);
    const sweep = (runs: number): string[] => {
      const { status, stderr } = spawnSync(
        process.execPath,
        [launcher, 'sweep', file, '--out', join(folder, 'out'), '--set', `runs=${runs}`, '--json'],
        { encoding: 'utf8', env: environment({ BENIGN_PROGRESS: 'json' }) },
      );
      assert.equal(status, 0, stderr);
      return stderr.trimEnd().split('\n');
    };
    const said = sweep(20).map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(said[0], { progress: 'driven', things: 'runs', done: 0, total: 40, estimate: false });
    assert.deepEqual(said.at(-1), { progress: 'driven', things: 'runs', done: 40, total: 40, estimate: false });
    const counts = said.flatMap(({ done }) => (typeof done === 'number' ? [done] : []));
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    );
    // A folder that grows says so, in words.
    const grown = sweep(30);
    assert.equal(grown.filter((line) => line.startsWith('{"progress":"driven"')).length, grown.length - 1);
    assert.match(
      grown.find((line) => !line.startsWith('{'))!,
      /0 new cells, 40 runs are there and 20 are missing/,
    );
  }));

test('BENIGN_PARENT: when that process is gone, the work is stored and the command ends as by SIGTERM', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 100000\n`);
    const out = join(folder, 'out');
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const child = spawn(process.execPath, [launcher, 'sweep', file, '--out', out, '--workers', '1'], {
      stdio: 'ignore',
      env: environment({ BENIGN_PARENT: String(parent.pid) }),
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await until(() => storedLines(out).length > 0);
    parent.kill();
    const code = await ended;
    assert.equal(code, 143);
    assert.ok(storedLines(out).length < 200_000);
  }));
