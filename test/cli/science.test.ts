/** Folders of an older science version: read as they are and named, never added to or mixed. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetMetadata } from 'hyparquet';
import { RECORD_VERSION, SCIENCE } from '../../src/experiments/record.ts';
import { inFolder, root } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

/** Written by science version 2, see its README.md. */
const OLD = join(root, 'test', 'fixtures', 'science-2');
const RECORDS = join('records', 'part-0001.jsonl');

const withOld = (work: (folder: string) => void): Promise<void> =>
  inFolder((place) => {
    const folder = join(place, 'old');
    mkdirSync(folder);
    for (const name of ['spec.yaml', 'records']) cpSync(join(OLD, name), join(folder, name), { recursive: true });
    work(folder);
  });
const oneSentence = (stderr: string): void => assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);

test('the fixture is of version 2, and this is a later one', () => {
  const versions = readFileSync(join(OLD, RECORDS), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { science: number }).science);
  assert.deepEqual(new Set(versions), new Set([2]));
  assert.ok(SCIENCE > 2);
});

test('table: the numbers of then, with a remark on stderr and the version in the Parquet file', async () => {
  await withOld((folder) => {
    const { code, stdout, stderr } = warm(['table', folder]);
    assert.equal(code, 0);
    // S and SNR have come since, behind the others.
    assert.equal(stdout.replace(/,[^,\n]*,[^,\n]*$/gm, ''), readFileSync(join(OLD, 'table-then.csv'), 'utf8'));
    oneSentence(stderr);
    assert.match(stderr, new RegExp(`made by science version 2, this is version ${SCIENCE}`));
    const runs = warm(['table', folder, '--rows', 'runs', '--format', 'jsonl']);
    assert.equal(runs.code, 0);
    assert.equal(runs.stdout.trimEnd().split('\n').length, 4);
    const file = join(folder, 'table.parquet');
    assert.equal(warm(['table', folder, '--format', 'parquet', '--out', file]).code, 0);
    const bytes = readFileSync(file);
    const metadata = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    assert.equal(metadata.key_value_metadata?.find(({ key }) => key === 'benign-lab.science')?.value, '2');
  });
});

test('figure and verify name the version below the title', async () => {
  await withOld((folder) => {
    const drawn = warm(['figure', folder, '--json']);
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.match(drawn.stderr, /science version 2/);
    const { figures } = JSON.parse(drawn.stdout) as { figures: string[] };
    const specs = figures.filter((name) => name.endsWith('.vl.json'));
    assert.ok(specs.length > 0);
    for (const name of specs) {
      const { title } = JSON.parse(readFileSync(name, 'utf8')) as { title: { subtitle: string[] } };
      assert.equal(title.subtitle.at(-1), 'science version 2');
    }
    const verified = warm(['verify', folder]);
    assert.notEqual(verified.code, 1, verified.stderr);
    assert.match(verified.stderr, /science version 2/);
  });
});

test('a figure of this version says nothing of it', async () => {
  await withOld((folder) => {
    rmSync(join(folder, 'records'), { recursive: true });
    assert.equal(warm(['sweep', join(folder, 'spec.yaml'), '--out', folder]).code, 0);
    const { stderr } = warm(['table', folder]);
    assert.equal(stderr, '');
    assert.doesNotMatch(readFileSync(join(folder, 'figures', 'test-error.vl.json'), 'utf8'), /science version/);
  });
});

test('adding runs is refused in one sentence: what came, what is allowed, where', async () => {
  await withOld((folder) => {
    const before = readFileSync(join(folder, RECORDS), 'utf8');
    for (const args of [['sweep', join(folder, 'spec.yaml'), '--out', folder]]) {
      const { code, stderr } = warm(args);
      assert.equal(code, 1);
      oneSentence(stderr);
      assert.match(stderr, new RegExp(`part-0001.jsonl:1: was made by science version 2, this is version ${SCIENCE}`));
      assert.match(stderr, /give another --out/);
    }
    assert.equal(readFileSync(join(folder, RECORDS), 'utf8'), before);
  });
});

test('a mixture of versions is refused by every reader', async () => {
  await withOld((folder) => {
    const [line] = readFileSync(join(folder, RECORDS), 'utf8').split('\n') as [string];
    const record = { ...(JSON.parse(line) as object), science: SCIENCE };
    writeFileSync(join(folder, 'records', 'part-0002.jsonl'), `${JSON.stringify(record)}\n`);
    for (const args of [
      ['table', folder],
      ['table', folder, '--rows', 'runs'],
      ['figure', folder],
      ['verify', folder],
    ]) {
      const { code, stderr } = warm(args);
      assert.equal(code, 1, args.join(' '));
      oneSentence(stderr);
      assert.match(
        stderr,
        new RegExp(`part-0002.jsonl:1: was made by science version ${SCIENCE}, the records before it by version 2`),
      );
    }
  });
});

test('a newer version, or another format of records, is refused and named as what it is', async () => {
  await withOld((folder) => {
    const [line] = readFileSync(join(folder, RECORDS), 'utf8').split('\n') as [string];
    rmSync(join(folder, RECORDS));
    const refused = (change: object, says: RegExp): void => {
      const file = join(folder, RECORDS);
      writeFileSync(file, `${JSON.stringify({ ...(JSON.parse(line) as object), ...change })}\n`);
      const { code, stderr } = warm(['table', folder]);
      assert.equal(code, 1);
      oneSentence(stderr);
      assert.match(stderr, says);
    };
    refused(
      { science: SCIENCE + 1 },
      new RegExp(`science version ${SCIENCE + 1}, this is version ${SCIENCE}: versions 1 to`),
    );
    refused(
      { v: RECORD_VERSION + 1 },
      new RegExp(`record of format v: ${RECORD_VERSION + 1}, this program reads v: ${RECORD_VERSION}`),
    );
  });
});

test('heavy ball has a version of its own: it mixes with the others of today, and not with its older records', async () => {
  await inFolder((place) => {
    const folder = join(place, 'rules');
    const file = join(place, 'spec.yaml');
    writeFileSync(
      file,
      'data: {n: 5, d: 40, mu: 2}\nnetwork: {m: 2}\ntraining: {maxSteps: 3}\nruns: 2\naxes: {training.rule: [descent, momentum]}\n',
    );
    const sweep = ['sweep', file, '--out', folder];
    assert.equal(warm(sweep).code, 0);
    const again = warm(sweep);
    assert.equal(again.code, 0, again.stderr);
    const lines = readFileSync(join(folder, RECORDS), 'utf8').trimEnd().split('\n');
    const versions = lines.map((line) => (JSON.parse(line) as { science: number }).science).sort();
    assert.deepEqual(versions, [SCIENCE, SCIENCE, 4, 4]);
    const { code, stderr } = warm(['table', folder]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(warm(['doctor', folder, '--all']).code, 0);
    // As the version before left it: all of version 3.
    const older = lines.map((line) => line.replace('"science":4', `"science":${SCIENCE}`));
    writeFileSync(join(folder, RECORDS), `${older.filter((line) => line.includes('"rule":"momentum"')).join('\n')}\n`);
    const table = warm(['table', folder]);
    assert.equal(table.code, 0, table.stderr);
    assert.match(table.stderr, new RegExp(`made by science version ${SCIENCE}, this is version 4`));
    const added = warm(sweep);
    assert.equal(added.code, 1);
    assert.match(added.stderr, new RegExp(`was made by science version ${SCIENCE}, this is version 4`));
    assert.equal(warm(['doctor', folder, '--all']).code, 4);
    writeFileSync(join(folder, RECORDS), `${older.join('\n')}\n`);
    const mixed = warm(['table', folder]);
    assert.equal(mixed.code, 1);
    oneSentence(mixed.stderr);
  });
});
