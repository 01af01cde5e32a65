/** A folder grows: more runs, values and axes; only what is missing is made, and all of it is said before. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, benignUntil, inFolder, milliseconds, started, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = (mu: string, runs: number, more = ''): string => `data: {n: 10, flip: 0.1}
network: {m: 3}
training: {maxSteps: 20}
axes:
  data.d: [50, 100]
  data.mu: ${mu}
${more}runs: ${runs}
seed: 7
`;

interface Summary {
  readonly cells: number;
  readonly runs: number;
  readonly runsNow: number;
  readonly failed: readonly { readonly run: string; readonly why: string }[];
}
interface Dry {
  readonly cells: number;
  readonly newCells: number;
  readonly runs: number | null;
  readonly runsThere: number;
  readonly runsMissing: number;
  readonly failed: number;
  readonly reused: readonly { readonly taken: number; readonly left: Readonly<Record<string, number>> }[];
  readonly rate: string | null;
  readonly seconds: readonly number[];
  readonly bytes: number;
}
const parsed = <T>(args: readonly string[], code = 0, call = warm): T & { readonly stderr: string } => {
  const answer = call([...args, '--json']);
  assert.equal(answer.code, code, answer.stderr);
  return { ...(JSON.parse(answer.stdout) as T), stderr: answer.stderr };
};

test('extended by runs, by values and by an axis, a folder makes only what is missing, and the table is that of a new one', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    const sweep = (text: string, there: number, made: number, newCells: number): void => {
      writeFileSync(file, text);
      const dry = parsed<Dry>(['sweep', file, '--out', out, '--dry-run']);
      assert.deepEqual([dry.runsThere, dry.runsMissing, dry.newCells], [there, made, newCells]);
      assert.equal(dry.rate, made === 0 ? null : there > 0 ? 'records' : 'pilot');
      assert.ok(
        made === 0 || (dry.seconds.every((one) => one > 0) && dry.bytes > 300 * made && dry.bytes < 3000 * made),
      );
      const before = storedLines(out);
      const answer = parsed<Summary>(['sweep', file, '--out', out, '--workers', '1']);
      assert.deepEqual([answer.runs, answer.runsNow], [there + made, made]);
      assert.deepEqual(storedLines(out).slice(0, before.length), before, 'old rows stay');
      assert.equal(storedLines(out).length, there + made);
      if (there > 0 && made > 0)
        assert.match(
          answer.stderr,
          new RegExp(`: ${newCells} new cells, ${there} runs are there and ${made} are missing$`, 'm'),
        );
      assert.equal(parsed<Summary>(['sweep', file, '--out', out]).runsNow, 0, 'again makes nothing');
    };
    sweep(SPEC('[1, 2]', 2), 0, 8, 4);
    assert.ok(!existsSync(join(out, 'x')));
    sweep(SPEC('[1, 2]', 3), 8, 4, 0);
    sweep(SPEC('[1, 2, 3]', 3), 12, 6, 2);
    // The old value of m, 3, is one value of the new axis; the axes stand in another order.
    const last = SPEC('[1, 2, 3]', 3, '  network.m: [2, 3]\n').replace('network: {m: 3}\n', '');
    sweep(last, 18, 18, 6);
    const whole = join(folder, 'whole');
    assert.equal(warm(['sweep', file, '--out', whole]).code, 0);
    assert.deepEqual(storedLines(out).sort(), storedLines(whole).sort());
    assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), readFileSync(join(whole, 'table.csv'), 'utf8'));
    // What a folder holds beyond what is asked it keeps, and says so.
    writeFileSync(file, SPEC('[1, 2]', 2));
    const less = parsed<Summary>(['sweep', file, '--out', out]);
    assert.deepEqual([less.cells, less.runs, less.runsNow], [12, 36, 0]);
    assert.match(less.stderr, /holds more values of network\.m, data\.mu|holds more values of data\.mu, network\.m/);
    assert.equal(readFileSync(join(out, 'table.csv'), 'utf8'), readFileSync(join(whole, 'table.csv'), 'utf8'));
    const { failures } = parsed<{ failures?: number }>(['doctor', out, '--all']);
    assert.equal(failures ?? 0, 0);
  });
});

test('what would change old records is refused, all of it at once, with both values', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    writeFileSync(file, SPEC('[1, 2]', 1));
    assert.equal(warm(['sweep', file, '--out', out]).code, 0);
    const before = readFileSync(join(out, 'spec.yaml'), 'utf8');
    const refused = (text: string, ...sentences: RegExp[]): void => {
      writeFileSync(file, text);
      for (const dry of [[], ['--dry-run']]) {
        const { code, stderr } = warm(['sweep', file, '--out', out, ...dry]);
        assert.equal(code, 1, stderr);
        for (const sentence of sentences) assert.match(stderr, sentence);
        assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      }
      assert.equal(readFileSync(join(out, 'spec.yaml'), 'utf8'), before);
    };
    refused(SPEC('[1, 2, 3]', 1).replace('seed: 7', 'seed: 8'), /holds another spec \(seed is 7 there and 8 here\)/);
    refused(SPEC('[1, 3]', 1), /\(axes\.data\.mu is \[1,2\] there and \[1,3\] here\).* the old values among them/);
    refused(
      SPEC('[1, 2]', 1).replace('flip: 0.1', 'flip: 0.2').replace('maxSteps: 20', 'maxSteps: 30'),
      /data\.flip is 0\.1 there and 0\.2 here/,
      /training\.maxSteps is 20 there and 30 here/,
    );
    refused(
      SPEC('[1, 2]', 1, '  network.m: [4, 5]\n').replace('network: {m: 3}\n', ''),
      /network\.m is 3 there and \[4,5\] here/,
    );
    refused(SPEC('[1, 2]', 1, 'record: {series: [gamma]}\n'), /record\.series is \[\] there and \["gamma"\] here/);
    // A parameter without effect changes no record.
    writeFileSync(file, SPEC('[1, 2]', 1).replace('m: 3', 'm: 3, activation: relu'));
    assert.equal(parsed<Summary>(['sweep', file, '--out', out]).runsNow, 0);
  });
});

test('--reuse takes from another folder the records that would be made here, and no others', async () => {
  await inFolder((folder) => {
    const spec = (name: string, text: string): string => {
      writeFileSync(join(folder, `${name}.yaml`), text);
      return join(folder, `${name}.yaml`);
    };
    const [first, seed, series] = ['first', 'seed', 'series'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    assert.equal(warm(['sweep', spec('a', SPEC('[1, 2]', 3)), '--out', first]).code, 0);
    assert.equal(warm(['sweep', spec('b', SPEC('[1, 2]', 1).replace('seed: 7', 'seed: 8')), '--out', seed]).code, 0);
    assert.equal(
      warm(['sweep', spec('c', SPEC('[1, 2]', 1, 'record: {series: [gamma], every: 5}\n')), '--out', series]).code,
      0,
    );
    // One cell of d and one of mu lie in both.
    const wanted = spec('d', SPEC('[2, 3]', 2).replace('[50, 100]', '[100, 200]'));
    const out = join(folder, 'out');
    const args = ['sweep', wanted, '--out', out, '--reuse', first, '--reuse', seed, '--reuse', series];
    const dry = parsed<Dry>([...args, '--dry-run']);
    assert.deepEqual([dry.runsMissing, dry.reused.map(({ taken }) => taken)], [6, [2, 0, 0]]);
    assert.deepEqual(dry.reused[0]!.left, { 'of a cell that the spec does not have': 9, "beyond the spec's runs": 1 });
    assert.deepEqual(dry.reused[1]!.left, { 'of another seed': 4 });
    assert.equal(dry.reused[2]!.left['of a spec that keeps other numbers under record'], 1);
    assert.ok(!existsSync(out), 'a dry run writes nothing');
    const made = parsed<Summary>(args);
    assert.deepEqual([made.runs, made.runsNow], [8, 6]);
    assert.match(made.stderr, /first: 2 of its 12 records are taken; not 9 of a cell/);
    assert.equal(parsed<Summary>(args).runsNow, 0);
    assert.match(warm(['status', out]).stdout, /taken from \S*first, \S*seed, \S*series: 2 rows/);
    const whole = join(folder, 'whole');
    assert.equal(warm(['sweep', wanted, '--out', whole]).code, 0);
    assert.deepEqual(storedLines(out).sort(), storedLines(whole).sort());
    const nowhere = warm([...args, '--reuse', join(folder, 'nowhere')]);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /nowhere: holds no results/);
  });
});

test('--reuse takes the arrays of a run with its record, and no record without them', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const [first, out] = [join(folder, 'first'), join(folder, 'out')];
    writeFileSync(file, SPEC('[1]', 2, 'record: {arrays: [weights]}\n'));
    assert.equal(warm(['sweep', file, '--out', first]).code, 0);
    const files = readdirSync(join(first, 'arrays')).sort();
    assert.equal(files.length, 4);
    rmSync(join(first, 'arrays', files[0]!));
    const args = ['sweep', file, '--out', out, '--reuse', first];
    assert.deepEqual(parsed<Dry>([...args, '--dry-run']).reused[0]!.left, { 'without their arrays': 1 });
    assert.ok(!existsSync(out), 'a dry run writes nothing');
    assert.equal(parsed<Summary>(args).runsNow, 1);
    assert.deepEqual(readdirSync(join(out, 'arrays')).sort(), files);
    for (const name of files.slice(1))
      assert.deepEqual(readFileSync(join(out, 'arrays', name)), readFileSync(join(first, 'arrays', name)));
  });
});

test('a range of replicates alone is made; those beyond the runs of the spec are more runs', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    writeFileSync(file, SPEC('[1, 2]', 2));
    const some = parsed<Summary>(['sweep', file, '--out', out, '--replicates', '1..2']);
    assert.deepEqual([some.runs, some.runsNow], [8, 8]);
    const replicates = storedLines(out).map((line) => (JSON.parse(line) as { replicate: number }).replicate);
    assert.deepEqual([...new Set(replicates)].sort(), [1, 2]);
    assert.equal(parsed<Dry>(['sweep', file, '--out', out, '--replicates', '0..1', '--dry-run']).runsMissing, 4);
    assert.equal(parsed<Summary>(['sweep', file, '--out', out]).runsNow, 4);
    for (const [text, sentence] of [
      ['3', /--replicates <A\.\.B>' argument '3' is invalid.*must be FROM\.\.TO/],
      ['5..2', /must be FROM\.\.TO, two integers with 0 <= FROM <= TO/],
    ] as const) {
      const { code, stderr } = warm(['sweep', file, '--out', out, '--replicates', text]);
      assert.equal(code, 1);
      assert.match(stderr, sentence);
    }
    writeFileSync(file, SPEC('[1, 2]', 9, 'precision: {halfWidth: 0.2, minRuns: 2}\n'));
    const precise = warm(['sweep', file, '--out', join(folder, 'p'), '--replicates', '0..1']);
    assert.equal(precise.code, 1);
    assert.match(precise.stderr, /--replicates: the spec has a precision/);
  });
});

test('--max-time stops with the code of an interruption and says how to go on', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    writeFileSync(file, SPEC('[1, 2]', 1e7));
    const { code, stdout, stderr } = warm(['sweep', file, '--out', out, '--workers', '1', '--max-time', '2s']);
    assert.equal(code, 130, stderr);
    assert.equal(stdout, '');
    const [, stored] =
      /^the time is over: (\d+) of 40000000 runs are stored in .*; the same command goes on from there$/m.exec(
        stderr,
      ) ?? [];
    assert.equal(storedLines(out).length, Number(stored));
    assert.ok(Number(stored) > 0);
    assert.deepEqual(readdirSync(join(out, 'claims')), []);
    for (const text of ['2', '0s', '1h 3m', 'h']) {
      const bad = warm(['sweep', file, '--out', out, '--max-time', text]);
      assert.equal(bad.code, 1);
      assert.match(bad.stderr, /must be a time such as 90s, 30m or 2h, got/);
    }
  });
});

test('Ctrl-C finishes what is in work: a run of some seconds is stored, and a second one stops at once', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    // A run takes about two seconds: none has ended when the signal comes.
    writeFileSync(file, SPEC('[1, 2]', 100).replace('maxSteps: 20', 'maxSteps: 1000000, stop: loss, epsilon: 1e-12'));
    const out = join(folder, 'out');
    const once = await benignUntil(['sweep', file, '--out', out, '--workers', '2'], 'SIGINT', 300, 'first word');
    assert.equal(once.code, 130, once.stderr);
    const stored = storedLines(out).length;
    assert.ok(stored >= 2 && stored < 400, `${stored} runs were in work and are stored`);
    assert.match(once.stderr, new RegExp(`interrupted: ${stored} of 400 runs`));
  });
});

test('a run that failed is noted and not made again until --retry-failed asks for it', async () => {
  await inFolder((folder) => {
    // Parts of one's own stay in a process: each call has one of its own.
    const asked = <T>(args: readonly string[], code = 0) => parsed<T>(args, code, benign);
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    const lab = join(folder, 'lab.mjs');
    mkdirSync(join(folder, 'flag'));
    const index = new URL('../../src/index.js', import.meta.url).href;
    // Draws that fail while a file is there: what fails for a reason that passes, such as a lack of memory.
    writeFileSync(
      lab,
      `import { existsSync } from 'node:fs';
import { dataModel, drawSignalNoise, lab } from ${JSON.stringify(index)};
export default lab.with(dataModel({
  id: 'mine/fails',
  meaning: 'signal-noise, when it can be drawn',
  draw: (data, key) => {
    if (existsSync(${JSON.stringify(join(folder, 'flag', 'broken'))})) throw new Error('out of luck');
    return drawSignalNoise(data, key);
  },
}));
`,
    );
    writeFileSync(join(folder, 'flag', 'broken'), '');
    writeFileSync(
      file,
      `${SPEC('[1, 2]', 2).replace('flip: 0.1', 'flip: 0.1, model: mine/fails')}test: {estimator: points}\n`,
    );
    const args = ['sweep', file, '--out', out, '--lab', lab];
    const first = asked<Summary>(args, 2);
    assert.deepEqual([first.runs, first.failed.length], [0, 8]);
    assert.match(first.failed[0]!.why, /out of luck/);
    const state = (): { done: number; failed: readonly { why: string }[] } => asked(['status', out]);
    assert.equal(state().failed.length, 8);
    assert.match(benign(['status', out]).stdout, /0 of 8 runs done in 4 cells, 0 in work, 8 failed/);
    rmSync(join(folder, 'flag', 'broken'));
    const again = asked<Summary>(args, 2);
    assert.deepEqual([again.runs, again.runsNow, again.failed.length], [0, 0, 8]);
    assert.equal(asked<Dry>([...args, '--dry-run']).runsMissing, 0);
    assert.equal(asked<Dry>([...args, '--dry-run', '--retry-failed']).runsMissing, 8);
    const retried = asked<Summary>([...args, '--retry-failed']);
    assert.deepEqual([retried.runs, retried.runsNow, retried.failed.length], [8, 8, 0]);
    assert.equal(state().failed.length, 0);
    assert.deepEqual(asked<Summary>(args).failed, []);
  });
});

test('status tells how far a folder is while it is written', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    writeFileSync(file, SPEC('[1, 2]', 1e7));
    const args = ['sweep', file, '--out', out, '--workers', '1'];
    const running = benignUntil(args, 'SIGINT', 6000, 'first word');
    while (storedLines(out).length === 0) await milliseconds(50);
    interface State {
      readonly done: number;
      readonly runs: number;
      readonly rate: number | null;
      readonly complete: boolean;
      readonly processes: readonly { readonly state: string; readonly rows: number }[];
    }
    const now = parsed<State>(['status', out]);
    assert.equal(now.runs, 4e7);
    assert.ok(now.done > 0 && !now.complete);
    assert.deepEqual(
      now.processes.map(({ state }) => state),
      ['works'],
    );
    assert.ok(now.rate! > 0);
    assert.equal((await running).code, 130);
    const after = parsed<State>(['status', out]);
    assert.deepEqual(
      after.processes.map(({ state }) => state),
      ['ended'],
    );
    assert.equal(after.done, storedLines(out).length);
    assert.equal(after.rate, null);
    assert.match(warm(['status', out]).stdout, /nobody works on it; the command that made it goes on/);
    const none = warm(['status', join(folder, 'nowhere')]);
    assert.equal(none.code, 1);
  });
});

test('two that let a folder grow at once: the second starts from what the first has left; a lock of nobody ends', () =>
  inFolder(async (folder) => {
    const [file, out] = [join(folder, 'spec.yaml'), join(folder, 'out')];
    const [held, lock] = [join(out, 'spec.yaml'), join(out, 'spec.yaml.lock')];
    writeFileSync(file, SPEC('[1, 2]', 1));
    assert.equal(warm(['sweep', file, '--out', out]).code, 0);
    // Another process has the folder's spec in hand, and lets it grow to five runs.
    writeFileSync(lock, '1\n');
    writeFileSync(file, SPEC('[1, 2]', 3));
    const second = started(['sweep', file, '--out', out, '--json']);
    await milliseconds(2000);
    assert.equal(second.child.exitCode, null, 'it waits');
    assert.match(readFileSync(held, 'utf8'), /^runs: 1$/m);
    writeFileSync(held, readFileSync(held, 'utf8').replace('runs: 1', 'runs: 5'));
    rmSync(lock);
    const { code, stdout, stderr } = await second.ended;
    assert.equal(code, 0, stderr);
    assert.match(readFileSync(held, 'utf8'), /^runs: 5$/m, 'no growth is lost');
    assert.deepEqual([(JSON.parse(stdout) as Summary).runsNow, storedLines(out).length], [16, 20]);
    // Its process was killed: nobody takes the lock away.
    writeFileSync(lock, '1\n');
    writeFileSync(file, SPEC('[1, 2]', 6));
    assert.equal(parsed<Summary>(['sweep', file, '--out', out]).runsNow, 4);
    assert.ok(!existsSync(lock));
  }));
