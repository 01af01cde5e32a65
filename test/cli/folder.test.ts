/** One result folder: who may start into it, who joins, and what a later command may change. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeNew } from '../../src/cli/files.ts';
import { inFolder, launcher, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = (seed: number, runs = 3): string => `data: {n: 10, d: 100, flip: 0.1}
network: {m: 3}
training: {maxSteps: 20}
axes: {data.mu: [1, 2, 3]}
runs: ${runs}
seed: ${seed}
`;

/** Starts `benign` with each list of arguments at once; exit codes and stderr in order. */
const together = (lists: readonly (readonly string[])[]): Promise<{ code: number | null; stderr: string }[]> =>
  Promise.all(
    lists.map(
      (args) =>
        new Promise<{ code: number | null; stderr: string }>((resolve) => {
          const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
          let stderr = '';
          child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
          child.on('close', (code) => resolve({ code, stderr }));
        }),
    ),
  );

test('of several processes that write one new file exactly one succeeds, and what it wrote stays', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    assert.equal(writeNew(file, 'first'), true);
    assert.equal(writeNew(file, 'second'), false);
    assert.equal(readFileSync(file, 'utf8'), 'first');
    assert.deepEqual(readdirSync(folder), ['spec.yaml']);
  });
});

test('different specs started together into one new folder: one has it, the others are told', async () => {
  await inFolder(async (folder) => {
    const seeds = [1, 2, 3, 4];
    for (const seed of seeds) writeFileSync(join(folder, `${seed}.yaml`), SPEC(seed));
    for (let round = 0; round < 3; round++) {
      const out = join(folder, `out${round}`);
      const answers = await together(seeds.map((seed) => ['sweep', join(folder, `${seed}.yaml`), '--out', out]));
      const winners = seeds.filter((_, at) => answers[at]!.code === 0);
      assert.equal(winners.length, 1, answers.map(({ code, stderr }) => `${code} ${stderr}`).join('\n'));
      for (const { code, stderr } of answers)
        if (code !== 0) assert.match(stderr, /^benign: .* holds another spec \(seed is \d there and \d here\)/m);
      const lines = storedLines(out).map((line) => JSON.parse(line) as { seed: number });
      assert.equal(lines.length, 9);
      assert.ok(lines.every(({ seed }) => seed === winners[0]));
    }
  });
});

test('the same spec started twice into one new folder: both work on it and both tables are whole', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC(1));
    const out = join(folder, 'out');
    for (const { code, stderr } of await together([1, 2].map(() => ['sweep', file, '--out', out])))
      assert.equal(code, 0, stderr);
    const runs = new Set(storedLines(out).map((line) => (JSON.parse(line) as { run: string }).run));
    assert.equal(runs.size, 9);
    const alone = join(folder, 'alone');
    assert.equal(warm(['sweep', file, '--out', alone]).code, 0);
    assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), readFileSync(join(alone, 'table.csv'), 'utf8'));
  });
});

test('an output folder that is a link to nowhere is one sentence', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC(1));
    const out = join(folder, 'link');
    symlinkSync('nowhere', out);
    const { code, stderr } = warm(['sweep', file, '--out', out]);
    assert.equal(code, 1);
    assert.match(stderr, /^benign: .*link: cannot be written \(it is a link that leads nowhere\)\n$/);
    assert.ok(!existsSync(join(folder, 'nowhere')));
  });
});

test('more runs go into the same folder, and with fewer it keeps what it has', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    const sweep = (runs: number): { runs: number; runsNow: number; stderr: string } => {
      writeFileSync(file, SPEC(1, runs));
      const { code, stdout, stderr } = warm(['sweep', file, '--out', out, '--json']);
      assert.equal(code, 0, stderr);
      return { ...(JSON.parse(stdout) as { runs: number; runsNow: number }), stderr };
    };
    assert.equal(sweep(2).runs, 6);
    const first = storedLines(out);
    const more = sweep(5);
    assert.deepEqual([more.runs, more.runsNow], [15, 9]);
    assert.deepEqual(storedLines(out).slice(0, 6), first);
    assert.match(readFileSync(join(out, 'spec.yaml'), 'utf8'), /^runs: 5$/m);
    const fewer = sweep(3);
    assert.deepEqual([fewer.runs, fewer.runsNow], [15, 0]);
    assert.match(fewer.stderr, /holds a spec of 5 runs a cell and goes on with it; for 3 choose another --out/);
    const whole = join(folder, 'whole');
    writeFileSync(file, SPEC(1, 5));
    assert.equal(warm(['sweep', file, '--out', whole]).code, 0);
    assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), readFileSync(join(whole, 'table.csv'), 'utf8'));
  });
});

test('a run with more runs follows a run, into its own default folder', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC(1).replace(/axes.*\n/, ''));
    const run = (...sets: string[]): { runs: number } => {
      const answer = warm(['run', 'spec.yaml', '--json', '--set', 'mu=2', ...sets], folder);
      assert.equal(answer.code, 4, answer.stderr); // so few runs say neither benign nor harmful
      return JSON.parse(answer.stdout) as { runs: number };
    };
    assert.equal(run().runs, 3);
    assert.equal(run('--set', 'runs=6').runs, 6);
    assert.equal(run().runs, 6);
    assert.equal(readdirSync(join(folder, 'out')).length, 1);
  });
});
