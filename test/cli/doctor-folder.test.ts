/** `benign doctor DIR` and what readers say, as a user meets them. */
import assert from 'node:assert/strict';
import { tableOf } from '../../src/experiments/table.ts';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toCsv } from '../../src/answers/tables.ts';
import { recordLine, SCIENCE } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';
import { inFolder, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = `data: {n: 6, d: 40, flip: 0.2}
network: {m: 2}
training: {maxSteps: 6}
axes:
  data.mu: [1, 2]
runs: 4
record: {series: [trainLoss], every: 3}
`;
const spec = parseSpec(SPEC, 'spec.yaml');
const records = [...cells(spec)].flatMap((cell) =>
  [0, 1, 2, 3].map((replicate) => runCell(cell, spec.seed, replicate, spec.record)),
);

/** A whole result folder; `change` may change its lines. */
function make(folder: string, change: (lines: string[]) => string[] = (lines) => lines): void {
  mkdirSync(join(folder, 'records'), { recursive: true });
  writeFileSync(join(folder, 'spec.yaml'), SPEC);
  const lines = change(records.map(recordLine));
  writeFileSync(join(folder, 'records', 'part-0001.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const results = new Results(spec);
  for (const record of records) results.add(record);
  writeFileSync(join(folder, 'table.csv'), toCsv(tableOf(results.frame())));
}
/** Another first digit behind the point, in the second line: in range, and no other number speaks against it. */
const flipDigit = (lines: string[]): string[] =>
  lines.map((line, at) =>
    at !== 1
      ? line
      : line.replace(
          /"rhoUnder":(-?\d\.)(\d)/,
          (_, head: string, digit: string) => `"rhoUnder":${head}${(Number(digit) + 1) % 10}`,
        ),
  );

interface Report {
  readonly ok: boolean;
  readonly runs: number;
  readonly findings: readonly { where: string; reason: string; says: string }[];
  readonly sample: { runs: number; of: number; compared: number; findsOne: number; finds95: number };
}

test('a sound folder: all runs, bit for bit, exit code 0; a sample says what it can find', async () => {
  await inFolder((folder) => {
    make(folder);
    const all = warm(['doctor', folder, '--all', '--workers', '2']);
    assert.equal(all.code, 0, all.stderr);
    assert.match(all.stdout, /8 lines, 8 of 8 runs, science version/);
    assert.match(all.stdout, /^8 runs computed again and compared bit by bit: all of them$/m);
    assert.match(all.stdout, /table\.csv is the table of these records/);
    const some = warm(['doctor', folder, '--sample', '2', '--seed', '5', '--json', '--workers', '1']);
    assert.equal(some.code, 0, some.stderr);
    const { ok, sample } = JSON.parse(some.stdout) as Report;
    assert.deepEqual(
      [ok, sample.runs, sample.of, sample.compared, sample.findsOne, sample.finds95],
      [true, 2, 8, 2, 0.25, 6],
    );
  });
});

test('a changed digit that nothing else speaks against is found with --all: exit code 3, place and number', async () => {
  await inFolder((folder) => {
    make(folder, flipDigit);
    const stored = storedLines(folder)[1]!;
    const { code, stdout } = warm(['doctor', folder, '--all', '--json', '--workers', '2']);
    assert.equal(code, 3);
    const { ok, findings } = JSON.parse(stdout) as Report;
    assert.equal(ok, false);
    const found = findings.filter(({ where }) => where.endsWith('part-0001.jsonl:2'));
    assert.equal(found.length, 1, stdout);
    const came = (JSON.parse(stored) as { values: { rhoUnder: number } }).values.rhoUnder;
    // A digit that makes another text than a run writes for the number is found by reading alone.
    if (found[0]!.reason === 'bits')
      assert.ok(
        found[0]!.says.includes(`values.rhoUnder is ${came}, not ${records[1]!.values.rhoUnder}`),
        found[0]!.says,
      );
    else assert.equal(found[0]!.reason, 'rewritten');
    assert.deepEqual(storedLines(folder)[1], stored, 'doctor writes nothing');
  });
});

test('of two copies that differ both are made again, whatever the sample, and the wrong one is named', async () => {
  await inFolder((folder) => {
    const wrong = recordLine({ ...records[3]!, values: { ...records[3]!.values, gamma: 0.5 } });
    make(folder, (lines) => [...lines, wrong]);
    const { code, stdout } = warm(['doctor', folder, '--sample', '1', '--json', '--workers', '1']);
    assert.equal(code, 3);
    const { findings } = JSON.parse(stdout) as Report;
    assert.deepEqual(
      findings.map(({ where, reason }) => [where.split(':').at(-1), reason]),
      [
        ['9', 'twice'],
        ['9', 'bits'],
      ],
    );
    const table = warm(['table', folder]);
    assert.equal(table.code, 1);
    assert.match(table.stderr, /part-0001\.jsonl:4 and [^ ]*part-0001\.jsonl:9 hold different numbers for it/);
  });
});

test('readers pass over what no run can have left, say so in one line, and a sweep makes the run again', async () => {
  await inFolder((folder) => {
    const bad = recordLine({ ...records[0]!, values: { ...records[0]!.values, testError: 7.5 } });
    make(folder, (lines) => [bad, ...lines.slice(1)]);
    for (const args of [
      ['table', folder],
      ['table', folder, '--rows', 'runs'],
    ]) {
      const { code, stdout, stderr } = warm(args);
      assert.equal(code, 0);
      assert.equal(stderr.split('\n').filter((line) => line.includes('passed over')).length, 1, stderr);
      assert.match(
        stderr,
        /1 of 8 lines .* passed over.*: 1 with a number out of its range \(.*part-0001\.jsonl:1, values\.testError: must be in \[0, 1\], got 7\.5\)/,
      );
      assert.doesNotMatch(stdout, /7\.5/);
    }
    const again = warm(['sweep', join(folder, 'spec.yaml'), '--out', folder, '--workers', '1', '--json']);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /1 of 8 lines .* passed over/);
    assert.equal((JSON.parse(again.stdout) as { runsNow: number }).runsNow, 1);
    assert.equal(storedLines(folder).at(-1), recordLine(records[0]!));
    assert.match(readFileSync(join(folder, 'table.csv'), 'utf8'), /^1,4,/m);
  });
});

test('records of an older science version are checked, not compared: exit code 4', async () => {
  await inFolder((folder) => {
    make(folder, (lines) => lines.map((line) => line.replace(`"science":${SCIENCE}`, `"science":${SCIENCE - 1}`)));
    const { code, stdout } = warm(['doctor', folder]);
    assert.equal(code, 4);
    assert.match(stdout, /no run was computed again: made by science version/);
  });
});

test('options that contradict, or lack their folder, are one sentence', () => {
  for (const [args, says] of [
    [['doctor', 'x', '--all', '--sample', '3'], /--all and --sample: give one of them/],
    [['doctor', '--all'], /--all: needs a result folder/],
    [['doctor', 'nowhere-at-all'], /holds no results/],
  ] as const) {
    const { code, stderr } = warm(args);
    assert.equal(code, 1);
    assert.match(stderr, says);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  }
});
