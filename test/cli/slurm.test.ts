/** Shards of a sweep, and `benign slurm` with a real Slurm: a shard that is told to stop, one that is killed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { indices, quoted, ranges } from '../../src/answers/batch-scripts.ts';
import { benign, inFolder, launcher, storedLines, until } from '../helpers/benign.ts';
import { noSlurm, withSlurm } from '../helpers/slurm.ts';
import { noSsh, withSsh } from '../helpers/ssh.ts';

const SPEC = `data: {n: 8, mu: 2, flip: 0.1}
network: {m: 2}
training: {eta: 0.5, maxSteps: 400}
axes: {data.d: [40, 80, 160, 320, 640]}
`;

/** The folder's runs as a table, whatever order they were made in. */
const runsIn = (folder: string): string => benign(['table', folder, '--rows', 'runs']).stdout;

test('shards by cells: every run once, the same records as without, in any order; with a precision too', () =>
  inFolder((folder) => {
    for (const [name, more] of [
      ['runs', 'runs: 3\n'],
      ['precise', 'runs: 40\nprecision: {halfWidth: 0.2, of: testErrorClean}\n'],
    ] as const) {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, SPEC + more);
      const [whole, parts] = [join(folder, name), join(folder, `${name}-parts`)];
      assert.equal(benign(['sweep', file, '--out', whole]).code, 0);
      const made = [2, 3, 1].map((k) => {
        const { code, stdout, stderr } = benign(['sweep', file, '--out', parts, '--shard', `${k}/3`, '--json']);
        assert.equal(code, 0, stderr);
        return (JSON.parse(stdout) as { runsNow: number }).runsNow;
      });
      assert.ok(made.every((runs) => runs > 0));
      assert.equal(runsIn(parts), runsIn(whole));
      assert.equal(
        made.reduce((sum, runs) => sum + runs, 0),
        runsIn(whole).trim().split('\n').length - 1,
      );
      // who comes last makes the table
      assert.equal(readFileSync(join(parts, 'table.csv'), 'utf8'), readFileSync(join(whole, 'table.csv'), 'utf8'));
    }
    for (const shard of ['0/3', '4/3', '1', 'a/b']) {
      const { code, stderr } = benign(['sweep', join(folder, 'runs.yaml'), '--out', folder, '--shard', shard]);
      assert.equal(code, 1);
      assert.match(stderr, /must be k\/K with 1 <= k <= K/);
    }
  }));

test('indices as Slurm writes them, words as a shell reads them', () => {
  assert.equal(ranges([1, 3, 4, 5, 9]), '1,3-5,9');
  assert.equal(ranges([]), '');
  assert.deepEqual(indices('1,3-5,9%2'), [1, 3, 4, 5, 9]);
  assert.deepEqual(indices('2-8:3'), [2, 5, 8]);
  assert.deepEqual(indices('N/A'), []);
  for (const word of ['plain/path.yaml', "it's", 'a b', '$HOME', '`x`', 'é\n"'])
    assert.equal(spawnSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' }).stdout, word);
});

const noParallel =
  spawnSync('parallel', ['--version']).status !== 0 && 'there is no GNU parallel (Debian’s package parallel has it)';

test('GNU parallel: a shard that fails is made again by --resume-failed', { skip: noParallel }, () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 20\n`);
    const [whole, out, joblog] = [join(folder, 'whole'), join(folder, 'out'), join(folder, 'joblog')];
    assert.equal(benign(['sweep', file, '--out', whole]).code, 0);
    // The second shard is killed on the first try.
    const once = join(folder, 'once');
    const shard = `[ {} != 2 ] || [ -e ${once} ] || { touch ${once}; kill -9 $$; }; ${process.execPath} ${launcher} sweep ${file} --out ${out} --workers 1 --shard {}/3`;
    const parallel = (...more: string[]): number | null =>
      spawnSync('parallel', ['--will-cite', '-j2', '--joblog', joblog, ...more, shard, ':::', '1', '2', '3'], {
        env: { ...process.env, HOME: folder },
      }).status;
    assert.equal(parallel(), 1); // as many as failed
    assert.notEqual(runsIn(out), runsIn(whole));
    assert.equal(parallel('--resume-failed'), 0);
    assert.equal(runsIn(out), runsIn(whole));
  }),
);

test(
  'GNU parallel by ssh on two hosts: a shard that fails is made again by --resume-failed',
  { skip: noParallel || noSsh },
  (context) =>
    inFolder((folder) =>
      withSsh(['one', 'two'], ({ config, hosts }) => {
        const file = join(folder, 'spec.yaml');
        writeFileSync(file, `${SPEC}runs: 20\n`);
        const [whole, out, joblog] = [join(folder, 'whole'), join(folder, 'out'), join(folder, 'joblog')];
        assert.equal(benign(['sweep', file, '--out', whole]).code, 0);
        // The fourth shard is killed on the first try.
        const once = join(folder, 'once');
        const shard = `[ {} != 4 ] || [ -e ${once} ] || { touch ${once}; kill -9 $$; }; ${process.execPath} ${launcher} sweep ${file} --out ${out} --workers 1 --shard {}/5`;
        const parallel = (...more: string[]): number | null => {
          const jobs = ['--jobs', '1', '--ssh', `ssh -F ${config}`, '--sshlogin', hosts.join(','), '--wd', folder];
          const args = ['--will-cite', ...jobs, '--joblog', joblog, ...more, shard, ':::', '1', '2', '3', '4', '5'];
          const { status, stderr } = spawnSync('parallel', args, {
            env: { ...process.env, HOME: folder },
            encoding: 'utf8',
          });
          if (status !== 0) context.diagnostic(`parallel left with ${status}: ${stderr.trim().split('\n').at(-1)}`);
          return status;
        };
        assert.equal(parallel(), 1); // as many as failed
        assert.notEqual(runsIn(out), runsIn(whole));
        assert.equal(parallel('--resume-failed'), 0);
        assert.equal(runsIn(out), runsIn(whole));
        assert.deepEqual(storedLines(out).sort(), storedLines(whole).sort());
        const columns = readFileSync(joblog, 'utf8').trim().split('\n').slice(1);
        assert.deepEqual([...new Set(columns.map((line) => line.split('\t')[1]))].sort(), [...hosts].sort());
      }),
    ),
);

test('slurm is not there: one sentence', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}runs: 2\n`);
    const { status, stderr } = spawnSync(
      process.execPath,
      [launcher, 'slurm', file, '--out', join(folder, 'out'), '--shards', '2'],
      { encoding: 'utf8', env: { PATH: folder } },
    );
    assert.equal(status, 1);
    assert.match(stderr, /^benign: scontrol cannot be started \(ENOENT\)[^\n]*\n$/);
    assert.ok(!existsSync(join(folder, 'out')));
  }));

test(
  'a real Slurm with two nodes: one shard is told to stop, one is killed; called again, it makes what is missing',
  { skip: noSlurm },
  () =>
    inFolder((folder) =>
      withSlurm(2, async ({ env, ask, empty }) => {
        const file = join(folder, 'spec.yaml');
        writeFileSync(file, `${SPEC}runs: 400\n`);
        const [whole, out] = [join(folder, 'whole'), join(folder, 'it is out')];
        assert.equal(benign(['sweep', file, '--out', whole]).code, 0);
        const slurm = (...more: string[]): { code: number | null; stdout: string; stderr: string } => {
          const args = ['slurm', file, '--out', out, '--shards', '3', '--shard-time', '1s', ...more];
          const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
            env,
            encoding: 'utf8',
          });
          return { code: status, stdout, stderr };
        };
        const dry = slurm('--dry-run');
        assert.match(dry.stdout, /^sbatch --parsable --array=1/);
        assert.equal(ask('squeue', '-h'), '');

        // As many shards as are asked for, whatever the pilot says of this machine.
        const first = slurm('--shard-time', '0.001s', '--json');
        assert.equal(first.code, 0, first.stderr);
        const { jobs, array, shards } = JSON.parse(first.stdout) as { jobs: string[]; array: string; shards: number };
        assert.deepEqual([jobs.length, array, shards], [2, '1-3', 3]);
        const log = (shard: number): string => {
          const name = join(out, 'slurm', `shard-${shard}.log`);
          return existsSync(name) ? readFileSync(name, 'utf8') : '';
        };
        const works = async (shard: number): Promise<void> => {
          for (let tries = 0; !/ of \d+ runs/.test(log(shard)); tries++) {
            assert.ok(tries < 600, `shard ${shard} does not begin:\n${ask('squeue')}\n${log(shard)}`);
            await sleep(100);
          }
        };
        await works(1);
        ask('scancel', '--signal=USR1', '--batch', `${jobs[0]}_1`);
        await works(2);
        spawnSync('pkill', ['-KILL', '-f', `--out ${out} .*--shard 2/3`]);
        // While some are queued nothing is submitted twice.
        const meanwhile = slurm();
        assert.equal(meanwhile.code, 0, meanwhile.stderr);
        await empty();
        assert.match(log(1), /stopped before its time was over, and comes again/);
        const again = slurm();
        assert.equal(again.code, 0, again.stderr);
        await empty();
        assert.match(slurm().stdout, /every run is there; nothing submitted/);
        assert.equal(runsIn(out), runsIn(whole));
        assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), readFileSync(join(whole, 'table.csv'), 'utf8'));
        assert.match(readFileSync(join(out, 'slurm', 'merge.log'), 'utf8'), /all runs are there/);
      }),
    ),
);

test(
  'a node of a real Slurm dies in mid-run: its shard is made again on the other one, and the records are the same',
  { skip: noSlurm },
  (context) =>
    inFolder((folder) =>
      withSlurm(2, async ({ env, ask, empty, lose }) => {
        const file = join(folder, 'spec.yaml');
        writeFileSync(file, `${SPEC}runs: 1500\n`);
        const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
        assert.equal(benign(['sweep', file, '--out', whole]).code, 0);
        const slurm = (): { code: number | null; stdout: string; stderr: string } => {
          const args = ['slurm', file, '--out', out, '--shards', '2', '--shard-time', '0.001s', '--json'];
          const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
            env,
            encoding: 'utf8',
          });
          return { code: status, stdout, stderr };
        };
        const first = slurm();
        assert.equal(first.code, 0, first.stderr);
        const [job] = (JSON.parse(first.stdout) as { jobs: string[] }).jobs;
        /** State and node of a shard, `R n1`. */
        const placeOf = (shard: number): string =>
          ask('squeue', '-h', '-r', '-j', job!, '-o', '%K %t %N')
            .split('\n')
            .find((line) => line.startsWith(`${shard} `))
            ?.slice(String(shard).length + 1)
            .trim() ?? '';
        // Both shards have stored something.
        const parts = (): string[] => readdirSync(join(out, 'records')).filter((name) => name.endsWith('.jsonl'));
        const begun = (name: string): boolean => statSync(join(out, 'records', name)).size > 0;
        await until(() => existsSync(join(out, 'records')) && parts().filter(begun).length === 2);
        const [, node] = /^R (n[12])$/.exec(placeOf(1))!;
        const rows = storedLines(out).length;
        const killed = lose(node!);
        assert.ok(killed >= 4, `${killed} processes: daemon, step, script and program`);
        const left = storedLines(out).length;
        assert.ok(rows > 0 && left < 7500, `${rows}, then ${left} rows: nothing was lost in mid-run`);
        // Slurm queues it again by itself, and there is one node.
        const other = node === 'n1' ? 'n2' : 'n1';
        await until(() => placeOf(1) === `R ${other}`);
        await empty();
        const again = slurm();
        assert.equal(again.code, 0, again.stderr);
        assert.deepEqual((JSON.parse(again.stdout) as { jobs: string[] }).jobs, [], 'nothing was missing');
        const [lines, alone] = [storedLines(out), storedLines(whole)];
        context.diagnostic(`${killed} processes died at ${rows} rows; ${lines.length - alone.length} rows made twice`);
        assert.deepEqual([...new Set(lines)].sort(), alone.sort());
        assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), readFileSync(join(whole, 'table.csv'), 'utf8'));
      }),
    ),
);
