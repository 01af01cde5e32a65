/** Several processes in one folder: what they make together is what one makes alone, whoever dies or sleeps. */
import assert from 'node:assert/strict';
import { appendFileSync, linkSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { Results } from '../../src/experiments/results.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import { Chunks } from '../../src/sweeps/plan.ts';
import { benign, inFolder, milliseconds, started as start, storedLines, until } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = (runs: number, more = ''): string => `data: {n: 20, flip: 0.1}
network: {m: 10}
training: {eta: 1, maxSteps: 100}
axes:
  data.d: [100, 200, 300, 400, 500]
  data.mu: [1, 2, 3, 4]
runs: ${runs}
seed: 11
${more}`;

const runOf = (line: string): string => (JSON.parse(line) as { run: string }).run;
/** Lines without the copies, sorted. @throws where two copies differ */
function merged(folder: string): string[] {
  const lines = [...new Set(storedLines(folder))].sort();
  assert.equal(new Set(lines.map(runOf)).size, lines.length, 'two rows of one run differ');
  return lines;
}
const table = (folder: string): string => readFileSync(join(folder, 'table.csv'), 'utf8');

test(
  '1, 2 and 3 processes at once: the same records, every table whole, the work shared',
  { timeout: 300_000 },
  async (context) => {
    await inFolder(async (folder) => {
      for (const [name, spec] of [
        ['runs', SPEC(100)],
        ['precision', SPEC(200, 'precision: {halfWidth: 0.05, minRuns: 8}\n')],
      ] as const) {
        const file = join(folder, `${name}.yaml`);
        writeFileSync(file, spec);
        const whole = join(folder, `${name}-1`);
        assert.equal(warm(['sweep', file, '--out', whole, '--workers', '1']).code, 0);
        for (const count of [2, 3]) {
          const out = join(folder, `${name}-${count}`);
          const all = Array.from({ length: count }, () =>
            start(['sweep', file, '--out', out, '--workers', '1', '--json']),
          );
          const answers = await Promise.all(all.map(({ ended }) => ended));
          for (const { code, stderr } of answers) assert.equal(code, 0, stderr);
          assert.deepEqual(merged(out), merged(whole));
          assert.equal(table(out), table(whole));
          const made = answers.map(({ stdout }) => (JSON.parse(stdout) as { runsNow: number }).runsNow);
          context.diagnostic(`${name}: ${count} processes made ${made.join(' + ')} of ${merged(whole).length} runs`);
          // Without a kill nothing is made twice.
          assert.equal(
            made.reduce((a, b) => a + b, 0),
            merged(whole).length,
          );
          assert.deepEqual(readdirSync(join(out, 'claims')), []);
        }
      }
    });
  },
);

/** KILLS raises it; validation/kill.md records 300. */
const kills = Number(process.env['KILLS'] ?? 20);

test(
  'of sharing processes that are killed at random moments no row is lost and none differs',
  { timeout: 30_000 * kills },
  async (context) => {
    await inFolder(async (folder) => {
      const file = join(folder, 'spec.yaml');
      writeFileSync(file, SPEC(60 * kills));
      const out = join(folder, 'out');
      const args = ['sweep', file, '--out', out, '--workers', '1', '--json'];
      const random = new Stream({ seed: 2, cell: [0, 0], replicate: 0 }, 'test');
      let before = new Set<string>();
      let grew = 0;
      let running = [start(args), start(args)];
      for (let kill = 0; kill < kills; kill++) {
        // Each goes at a random moment after a row of somebody has come, whatever the load of the machine.
        const rows = storedLines(out).length;
        await Promise.race([until(() => storedLines(out).length > rows), ...running.map(({ ended }) => ended)]);
        await milliseconds(150 * random.uniform());
        const victim = Math.floor(2 * random.uniform());
        running[victim]!.child.kill('SIGKILL');
        const { code, signal, stderr } = await running[victim]!.ended;
        assert.ok(signal === 'SIGKILL' || code === 0, stderr);
        const now = new Set(storedLines(out));
        for (const line of before) assert.ok(now.has(line), 'an acknowledged row was lost');
        if (now.size > before.size) grew++;
        before = now;
        running = running.map((one, at) => (at === victim ? start(args) : one));
      }
      for (const { ended } of running) {
        const { code, stderr } = await ended;
        assert.equal(code, 0, stderr);
      }
      context.diagnostic(`rows had come before ${grew} of ${kills} kills`);
      assert.ok(grew >= kills / 2, 'the kills met no work');
      const whole = join(folder, 'whole');
      assert.equal(warm(['sweep', file, '--out', whole, '--workers', '2']).code, 0);
      assert.deepEqual(merged(out), merged(whole));
      assert.equal(table(out), table(whole));
    });
  },
);

test(
  'a process that sleeps past its lease: another takes over, and when it wakes up its rows are the same',
  { timeout: 300_000 },
  async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'spec.yaml');
      writeFileSync(file, SPEC(400));
      const out = join(folder, 'out');
      const args = ['sweep', file, '--out', out, '--workers', '1', '--json', '--lease', '1'];
      const sleeper = start(args);
      await until(() => storedLines(out).length > 0);
      sleeper.child.kill('SIGSTOP');
      const claimed = readdirSync(join(out, 'claims')).filter((name) => !name.endsWith('.alive')).length;
      assert.ok(claimed > 0, 'it had claimed something');
      const other = await start(args).ended;
      assert.equal(other.code, 0, other.stderr);
      const alone = merged(out);
      assert.equal(alone.length, 8000);
      sleeper.child.kill('SIGCONT');
      const { code, stderr } = await sleeper.ended;
      assert.equal(code, 0, stderr);
      assert.deepEqual(merged(out), alone);
    });
  },
);

test(
  'claims: of a process that is gone free at once, of another host as long as its sign of life is young',
  { timeout: 300_000 },
  async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'spec.yaml');
      writeFileSync(file, SPEC(2));
      const out = join(folder, 'out');
      const args = ['sweep', file, '--out', out, '--workers', '1', '--json'];
      assert.equal(benign([...args, '--replicates', '0..0']).code, 0);
      const claims = join(out, 'claims');
      const claim = (host: string, pid: number): string => {
        const name = `${host}-${pid}-abcdef`;
        const sign = {
          v: 1,
          name,
          host,
          pid,
          since: '',
          lease: 3600,
          workers: 1,
          part: 'part-0009.jsonl',
          made: 0,
          inWork: 3,
        };
        writeFileSync(join(claims, `${name}.alive`), JSON.stringify(sign));
        const chunks = [...new Chunks(new Results(parseSpec(SPEC(2), 's'))).list(() => false)];
        assert.equal(chunks.length, 40);
        for (const one of chunks) linkSync(join(claims, `${name}.alive`), join(claims, one.name));
        return join(claims, `${name}.alive`);
      };
      const sign = claim('elsewhere', 1);
      const waiting = start(args);
      await until(() => readdirSync(join(out, 'records')).includes('part-0002.jsonl'));
      await milliseconds(1500);
      assert.equal(storedLines(out).length, 20, 'it leaves the other its runs');
      utimesSync(sign, 1, 1);
      const { code, stderr } = await waiting.ended;
      assert.equal(code, 0, stderr);
      assert.equal(merged(out).length, 40);
      writeFileSync(file, SPEC(3));
      // A process number that nobody has: that of a child that has ended.
      const { child, ended } = start(['--version']);
      await ended;
      claim(hostname(), child.pid!);
      assert.equal(benign(args).code, 0);
      assert.equal(merged(out).length, 60);
    });
  },
);

test('two rows of one run that differ are an error that names both', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC(1));
    const out = join(folder, 'out');
    assert.equal(warm(['sweep', file, '--out', out, '--workers', '1']).code, 0);
    const part = join(out, 'records', 'part-0001.jsonl');
    const [line] = readFileSync(part, 'utf8').split('\n');
    const copy = join(out, 'records', 'part-0002.jsonl');
    writeFileSync(copy, `${line}\n`);
    const equal = warm(['sweep', file, '--out', out, '--json']);
    assert.equal(equal.code, 0, 'an equal copy is none');
    assert.equal((JSON.parse(equal.stdout) as { runsNow: number }).runsNow, 0);
    const record = JSON.parse(line!) as { run: string; values: Record<string, number> };
    record.values['gamma'] = 0.5;
    appendFileSync(copy, `${JSON.stringify(record)}\n`);
    for (const args of [
      ['sweep', file, '--out', out],
      ['status', out],
      ['table', out],
      ['figure', out],
    ]) {
      const { code, stderr } = warm(args);
      assert.equal(code, 1, args[0]);
      assert.match(
        stderr,
        new RegExp(
          `benign: run ${record.run}: \\S*part-0001\\.jsonl:1 and \\S*part-0002\\.jsonl:2 hold different numbers`,
        ),
        args[0],
      );
    }
  });
});
