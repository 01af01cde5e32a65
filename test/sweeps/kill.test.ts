/**
 * A sweep killed at random moments and resumed equals one never interrupted. KILLS raises the number; validation/
 * records how many.
 */
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { benign, benignUntil, inFolder, milliseconds, started, storedLines, until } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const KILLS = Number(process.env['KILLS'] ?? 20);

const spec = (runs: number): string => `data: {n: 20, flip: 0.1}
network: {m: 10}
training: {eta: 1, maxSteps: 100}
axes:
  data.d: {from: 100, to: 1000, step: 100}
  data.mu: {from: 0.5, to: 9.5, step: 1}
runs: ${runs}
seed: 11
`;

test(`a sweep killed ${KILLS} times with SIGKILL loses no acknowledged row and makes none twice`, async (context) => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, spec(8 * KILLS)); // about 0.1 s of two threads' work for each kill
    const out = join(folder, 'killed');
    const args = ['sweep', file, '--out', out, '--workers', '2', '--json'];
    const random = new Stream({ seed: 1, cell: [0, 0], replicate: 0 }, 'test');
    let before = new Set<string>();
    let killed = 0;
    let grew = 0;
    for (let i = 0; i < KILLS; i++) {
      // At a random moment after a new row has come: whatever the load of the machine, there is something to lose.
      const { child, ended } = started(args);
      await Promise.race([until(() => storedLines(out).length > before.size), ended]);
      await milliseconds(400 * random.uniform());
      child.kill('SIGKILL');
      const answer = await ended;
      if (answer.signal === 'SIGKILL') killed++;
      else assert.equal(answer.code, 0, answer.stderr);
      const now = storedLines(out);
      assert.equal(
        new Set(now.map((line) => (JSON.parse(line) as { run: string }).run)).size,
        now.length,
        'no run twice',
      );
      if (now.length > before.size) grew++;
      const set = new Set(now);
      for (const line of before) assert.ok(set.has(line), 'an acknowledged row was lost');
      before = set;
    }
    context.diagnostic(`${killed} of ${KILLS} kills came in time, ${before.size} rows at the last`);
    assert.ok(killed >= KILLS / 2, `only ${killed} kills came in time: the check had nothing to see`);
    assert.ok(grew >= killed && before.size > 0, `rows had come before ${grew} of ${killed} kills`);
    assert.equal(benign(args).code, 0);
    const whole = join(folder, 'whole');
    assert.equal(benign(['sweep', file, '--out', whole, '--workers', '2', '--json']).code, 0);
    assert.deepEqual(storedLines(out).sort(), storedLines(whole).sort());
  });
});

test('a torn last line is passed over and its run made again; so is a broken line in the middle; both are said', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, spec(1));
    const out = join(folder, 'out');
    const args = ['sweep', file, '--out', out, '--workers', '1', '--json'];
    assert.equal(warm(args).code, 0);
    const lines = storedLines(out).sort();
    const part = join(
      out,
      'records',
      readdirSync(join(out, 'records')).find((name) => name.endsWith('.jsonl'))!,
    );
    writeFileSync(part, `${lines.slice(0, 50).join('\n')}\n${lines[50]!.slice(0, 100)}`);
    const again = warm(args);
    assert.equal(again.code, 0, again.stderr);
    assert.equal((JSON.parse(again.stdout) as { runsNow: number }).runsNow, 50);
    assert.deepEqual(
      storedLines(out)
        .filter((line) => line.endsWith('}'))
        .sort(),
      lines,
    );
    assert.match(again.stderr, /1 of 51 lines .* passed over.*: 1 not ended .*part-0001\.jsonl:51\)/);
    appendFileSync(part, '\n');
    const broken = warm(args);
    assert.equal(broken.code, 0, broken.stderr);
    assert.match(
      broken.stderr,
      /1 of 101 lines .* passed over.*: 1 no record \(.*part-0001\.jsonl:51, it is not JSON\)/,
    );
    assert.equal((JSON.parse(broken.stdout) as { runsNow: number }).runsNow, 0);
  });
});

test('SIGINT and SIGTERM leave with 130 and 143, say what is stored, and the next call goes on', async () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    await inFolder(async (folder) => {
      const file = join(folder, 'spec.yaml');
      writeFileSync(file, spec(1000));
      const out = join(folder, 'out');
      const answer = await benignUntil(['sweep', file, '--out', out, '--workers', '2'], signal, 1000, 'first word');
      assert.equal(answer.code, code, answer.stderr);
      assert.match(answer.stderr, /interrupted: \d+ of 100000 runs are stored .* the same command goes on/);
      assert.equal(answer.stdout, '');
      assert.equal(storedLines(out).length, Number(/interrupted: (\d+)/.exec(answer.stderr)![1]));
    });
  }
});
