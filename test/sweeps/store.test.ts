/** The store: what is acknowledged is there, what is torn is not, what is foreign is refused. */
import assert from 'node:assert/strict';
import { tableOf } from '../../src/experiments/table.ts';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { toCsv, toParquet } from '../../src/answers/tables.ts';
import { recordLine, SCIENCE, type RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';
import { readRecords, RecordWriter } from '../../src/sweeps/node/store.ts';
import { inFolder } from '../helpers/benign.ts';

const spec = specFrom(
  {
    data: { n: 6, d: 30, flip: 0.2 },
    network: { m: 2 },
    training: { maxSteps: 5 },
    axes: { 'data.mu': [1, 2] },
    runs: 3,
  },
  'test',
);
const records = [...cells(spec)].flatMap((cell) => [0, 1, 2].map((replicate) => runCell(cell, spec.seed, replicate)));

test('two writers in one folder never share a file, and a reader sees the rows of both', async () => {
  await inFolder((folder) => {
    const [one, two] = [new RecordWriter(folder), new RecordWriter(folder)];
    assert.notEqual(one.file, two.file);
    records.forEach((record, i) => (i % 2 ? one : two).append(`${recordLine(record)}\n`));
    one.append(`${recordLine(records[0]!)}\n`); // the same run made twice is harmless
    one.close();
    two.close();
    const results = new Results(spec);
    let seen = 0;
    readRecords(folder, (record) => {
      seen++;
      results.add(record);
    });
    assert.equal(seen, records.length + 1);
    assert.ok(results.complete);
    const direct = new Results(spec);
    for (const record of [...records].reverse()) direct.add(record);
    assert.deepEqual(results.frame(), direct.frame());
  });
});

test('lines that a full disk takes in part are taken back, and later ones that fit follow without a hole', async (context) => {
  await inFolder((folder) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      context.skip('mounting a small file system needs root');
      return;
    }
    try {
      const writer = new RecordWriter(folder);
      const lines = records.map((record) => `${recordLine(record)}\n`);
      writer.append(lines[0]!);
      assert.throws(() => writer.append(lines[1]!.repeat(1000)), /could not be written/);
      writer.append(lines[1]!);
      writer.close();
      const read: RunRecord[] = [];
      readRecords(folder, (record) => void read.push(record));
      assert.deepEqual(read, records.slice(0, 2));
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

test('a record of another science version is refused with a sentence', async () => {
  await inFolder((folder) => {
    const writer = new RecordWriter(folder);
    writer.append(`${recordLine({ ...records[0]!, science: SCIENCE + 1 })}\n`);
    writer.close();
    assert.throws(
      () => readRecords(folder, () => {}),
      new RegExp(`science version ${SCIENCE + 1}, this is version ${SCIENCE}`),
    );
  });
});

test('a record survives its line', () => {
  const line = recordLine(records[0]!);
  assert.equal(recordLine(JSON.parse(line) as RunRecord), line);
});

test('CSV and Parquet hold the same table, in full precision, null where there is nothing', async () => {
  await inFolder(async (folder) => {
    const results = new Results(spec);
    for (const record of records.slice(0, 3)) results.add(record); // the second cell has no run
    const table = tableOf(results.frame());
    const csv = toCsv(table)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    assert.deepEqual(csv[0], table.columns);
    const file = join(folder, 'table.parquet');
    writeFileSync(file, toParquet(table, { 'benign-lab.spec': 'data: ...' }));
    const bytes = readFileSync(file);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file: buffer });
    assert.equal(
      parquetMetadata(buffer).key_value_metadata?.find(({ key }) => key === 'benign-lab.spec')?.value,
      'data: ...',
    );
    table.rows.forEach((row, at) =>
      table.columns.forEach((name, column) => {
        const value = rows[at]![name] as number | bigint | null;
        assert.equal(value === null ? null : Number(value), row[column] ?? null, name);
        assert.equal(csv[at + 1]![column], row[column] === null ? '' : String(row[column]));
      }),
    );
    assert.equal(rows[1]!['testError'], null);
  });
});
