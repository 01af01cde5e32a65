/** Streams that take nothing more, folders that may not be touched, and errors that nobody foresaw. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sentenceOf } from '../../src/cli/endings.ts';
import { benign, inFolder, launcher, storedLines, type Answer } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = `data: {n: 10, d: 100, flip: 0.1}
network: {m: 3}
training: {eta: 1, maxSteps: 300}
axes: {data.mu: {from: 1, to: 10, step: 1}}
runs: 60
`;
const TRACE = /\n {4}at |node:internal/;

/** Starts the command with a device instead of a stream. */
function into(device: string, stream: 1 | 2, args: readonly string[], cwd: string): Answer {
  const descriptor = openSync(device, 'w');
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', stream === 1 ? descriptor : 'pipe', stream === 2 ? descriptor : 'pipe'],
    });
    return { code: status, stdout: stdout ?? '', stderr: stderr ?? '' };
  } finally {
    closeSync(descriptor);
  }
}

test('a full stdout is one sentence and exit code 1; a full stderr stops nothing', async (context) => {
  if (!existsSync('/dev/full')) return context.skip('needs /dev/full');
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const quiet = into('/dev/full', 2, ['sweep', 'spec.yaml', '--out', 'out', '--json'], folder);
    assert.equal(quiet.code, 0);
    assert.equal((JSON.parse(quiet.stdout) as { runs: number }).runs, 600);
    assert.equal(storedLines(join(folder, 'out')).length, 600);
    const lost = into('/dev/full', 1, ['table', 'out'], folder);
    assert.equal(lost.code, 1);
    assert.equal(lost.stderr, 'benign: standard output: cannot be written (the disk is full)\n');
    // Work that was asked for is done all the same.
    const done = into('/dev/full', 1, ['sweep', 'spec.yaml', '--out', 'other'], folder);
    assert.equal(done.code, 1);
    assert.match(done.stderr, /standard output: cannot be written/);
    assert.ok(existsSync(join(folder, 'other', 'table.csv')));
  });
});

test('a reader that leaves does not end a computation: exit code 0 stands for all of it', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const out = join(folder, 'out');
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [launcher, 'sweep', file, '--out', out], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      child.stderr.once('data', () => child.stderr.destroy());
      child.on('exit', resolve);
    });
    assert.equal(code, 0);
    assert.equal(storedLines(out).length, 600);
    assert.ok(existsSync(join(out, 'table.csv')));
  });
});

test('what may not be read or written is a sentence with the place and the reason', async (context) => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC.replace('runs: 60', 'runs: 2'));
    assert.equal(benign(['sweep', 'spec.yaml', '--out', 'out'], folder).code, 0);
    // Root may do everything, unless it gives up what lets it pass over the modes of files.
    const passing = '-dac_override,-dac_read_search';
    const drop = process.getuid?.() === 0 ? ['setpriv', '--inh-caps', passing, '--bounding-set', passing] : [];
    const asOther = (args: readonly string[]): Answer => {
      const [program, ...rest] = [...drop, process.execPath, launcher, ...args] as [string, ...string[]];
      const { status, stdout, stderr } = spawnSync(program, rest, { cwd: folder, encoding: 'utf8' });
      return { code: status, stdout, stderr };
    };
    if (asOther(['papers']).code !== 0) return context.skip('root cannot give up its rights (setpriv)');
    const refused = (args: readonly string[], sentence: RegExp): void => {
      const answer = asOther(args);
      assert.equal(answer.code, 1, answer.stderr);
      assert.match(answer.stderr, sentence);
      assert.doesNotMatch(answer.stderr, TRACE);
      assert.equal(answer.stderr.match(/^benign: /gm)?.length, 1);
    };
    const part = join(folder, 'out', 'records', 'part-0001.jsonl');
    chmodSync(part, 0);
    refused(['table', 'out'], /part-0001\.jsonl: cannot be read.* \(permission denied\)/);
    refused(['figure', 'out'], /part-0001\.jsonl: cannot be read.* \(permission denied\)/);
    chmodSync(part, 0o644);
    chmodSync(join(folder, 'out', 'figures'), 0o555);
    refused(['figure', 'out'], /figures\/\S+: cannot be read or written \(permission denied\)/);
    chmodSync(join(folder, 'out', 'records'), 0o555);
    chmodSync(join(folder, 'out'), 0o555);
    refused(
      ['sweep', 'spec.yaml', '--out', 'out'],
      /records.*: cannot be (read or )?written \(permission denied\)|cannot be written \(permission denied\)/,
    );
    chmodSync(join(folder, 'out', 'records'), 0);
    refused(['table', 'out'], /records: cannot be read \(permission denied\)/);
    chmodSync(join(folder, 'out', 'records'), 0o755);
    chmodSync(join(folder, 'spec.yaml'), 0);
    refused(['run', 'spec.yaml'], /spec\.yaml: cannot be read \(permission denied\)/);
    mkdirSync(join(folder, 'closed'), { mode: 0o555 });
    chmodSync(join(folder, 'spec.yaml'), 0o644);
    refused(['sweep', 'spec.yaml', '--out', 'closed/x'], /closed\/x: cannot be written \(permission denied\)/);
    refused(['sweep', 'spec.yaml', '--out', 'closed'], /closed\S*: cannot be written \(permission denied\)/);
  });
});

test('a name that no picture can hold is refused before any run, and shown without acting on a terminal', async () => {
  await inFolder((folder) => {
    const refused = (name: string, sentence: RegExp): void => {
      writeFileSync(join(folder, 'spec.yaml'), `name: ${name}\n${SPEC}`);
      const { code, stderr } = warm(['sweep', 'spec.yaml', '--out', 'out'], folder);
      assert.equal(code, 1, stderr);
      assert.match(stderr, sentence);
      assert.ok(!stderr.includes('\x1b'));
      assert.ok(!existsSync(join(folder, 'out')));
    };
    refused('"\\e[31mred\\e[0m"', /spec\.yaml:1:7 name: must be text without control characters/);
    refused('"\\ud800"', /name: must be text without control characters/);
    refused('x'.repeat(5000), /name: must be at most 500 characters long, got 5000/);
    writeFileSync(join(folder, 'spec.yaml'), `"\\e[31m": 1\n${SPEC}`);
    const { stderr } = warm(['sweep', 'spec.yaml', '--out', 'out'], folder);
    assert.match(stderr, /unknown key/);
    assert.ok(!stderr.includes('\x1b'));
    // Folded text ends with a line end.
    writeFileSync(join(folder, 'spec.yaml'), `name: |\n  two\n  lines\n${SPEC.replace('runs: 60', 'runs: 1')}`);
    assert.equal(warm(['sweep', 'spec.yaml', '--out', 'out'], folder).code, 0);
    assert.match(readFileSync(join(folder, 'out', 'spec.yaml'), 'utf8'), /^name: two lines$/m);
  });
});

test('what nobody foresaw is one sentence, and its trace is in a file', async () => {
  await inFolder((folder) => {
    const sentence = sentenceOf(new TypeError('x is not a function'), folder);
    const [, file] =
      /^internal error \(x is not a function\); please report it, the trace is in (.*)$/.exec(sentence) ?? [];
    assert.ok(file?.startsWith(folder), sentence);
    assert.match(readFileSync(file, 'utf8'), /TypeError: x is not a function\n {4}at /);
    assert.match(sentenceOf('thrown', join(folder, 'nowhere')), /internal error \(thrown\).* could not be written/);
    writeFileSync(join(folder, 'report.json'), '{');
    writeFileSync(join(folder, 'spec.yaml'), SPEC.replace('runs: 60', 'runs: 1'));
    assert.equal(benign(['sweep', 'spec.yaml', '--out', 'out'], folder).code, 0);
    writeFileSync(join(folder, 'out', 'report.json'), '{');
    const { code, stderr } = benign(['figure', 'out'], folder);
    assert.equal(code, 1);
    assert.match(stderr, /^benign: out\/report\.json: is not valid JSON/);
  });
});

test('a spec from standard input', async () => {
  await inFolder((folder) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'sweep', '-', '--out', 'out', '--json'], {
      cwd: folder,
      encoding: 'utf8',
      input: SPEC.replace('runs: 60', 'runs: 1'),
    });
    assert.equal(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as { runs: number }).runs, 10);
  });
});

test('a table goes where the user says, and over nothing that is no table', async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC.replace('runs: 60', 'runs: 2'));
    assert.equal(warm(['sweep', 'spec.yaml', '--out', 'out'], folder).code, 0);
    const to = (file: string) => warm(['table', 'out', '--out', file], folder);
    const part = join('out', 'records', 'part-0001.jsonl');
    const before = readFileSync(join(folder, part), 'utf8');
    for (const own of [part, join('out', 'spec.yaml'), join('out', 'call.json'), join('out', 'records', 'new.csv')]) {
      const { code, stderr } = to(own);
      assert.equal(code, 1);
      assert.equal(
        stderr,
        `benign: ${own}: is a file that its result folder rests on, and is not written over; give another --out\n`,
      );
    }
    assert.equal(readFileSync(join(folder, part), 'utf8'), before);
    assert.match(
      to('spec.yaml').stderr,
      /spec\.yaml: is there and does not look like a table .*: it is not written over/,
    );
    symlinkSync('nowhere', join(folder, 'link'));
    assert.match(to('link').stderr, /link: cannot be written \(it is a link that leads nowhere\)/);
    assert.equal(to('new.csv').code, 0);
    symlinkSync('new.csv', join(folder, 'over.csv'));
    writeFileSync(join(folder, 'new.csv'), '');
    assert.equal(to('over.csv').code, 0);
    assert.ok(lstatSync(join(folder, 'over.csv')).isSymbolicLink());
    assert.equal(readFileSync(join(folder, 'new.csv'), 'utf8'), readFileSync(join(folder, 'out', 'table.csv'), 'utf8'));
    // A pipe stands for everything that is no file: it is written into, not replaced.
    const piped = spawnSync(
      'sh',
      ['-c', 'mkfifo pipe; cat pipe > read & "$0" "$1" table out --out pipe; wait', process.execPath, launcher],
      { cwd: folder, timeout: 60_000 },
    );
    assert.equal(piped.status, 0);
    assert.ok(lstatSync(join(folder, 'pipe')).isFIFO());
    assert.equal(readFileSync(join(folder, 'read'), 'utf8'), readFileSync(join(folder, 'out', 'table.csv'), 'utf8'));
  });
});
