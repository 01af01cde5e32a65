/** A folder held whole: what is no run of the spec is found, and what a sample of runs can find is what is said. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { recordLine, SCIENCE, type RunRecord } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';
import { detectable, inspect, sampleOf, type Inspection } from '../../src/sweeps/node/inspect.ts';
import { readRecords } from '../../src/sweeps/node/store.ts';
import { inFolder } from '../helpers/benign.ts';
import { pearsonP } from '../helpers/statistics.ts';
import { FALSE_ALARM, NEGATIVE_CONTROL } from '../tolerances.ts';

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
const lines = records.map(recordLine);

/** A store of these texts, as they are; what is read of it, and what is found in it. */
const looked = (texts: readonly string[]): Promise<{ found: Inspection; passed: string[]; counted: number }> =>
  inFolder((folder) => {
    mkdirSync(join(folder, 'records'));
    writeFileSync(join(folder, 'records', 'part-0001.jsonl'), texts.join(''));
    const [results, same] = [new Results(spec), new Results(spec)];
    const found = inspect(folder, (record) => {
      const reason = results.take(record);
      return reason === 'twice' ? undefined : reason;
    });
    const reading = readRecords(folder, (record) => same.take(record));
    assert.equal(reading.passed.lines, found.lines);
    return { found, passed: reading.passed.reasons.map(({ reason }) => reason), counted: same.count };
  });
const sound = lines.map((line) => `${line}\n`);
const changed = (record: RunRecord, values: object): string =>
  `${recordLine({ ...record, values: { ...record.values, ...values } })}\n`;

test('a sound store has no finding; a copy of a run, CRLF and a byte order mark are none', async () => {
  for (const texts of [
    sound,
    [...sound, sound[0]!],
    sound.map((line) => line.replace('\n', '\r\n')),
    [`\uFEFF${sound[0]!}`, ...sound.slice(1)],
  ]) {
    const { found, passed, counted } = await looked(texts);
    assert.deepEqual([found.findings, found.harmless, passed], [[], [], []]);
    assert.deepEqual([found.runs.length, found.science, counted], [6, SCIENCE, 6]);
  }
});

test('lines that a kill or an editor leaves are named and harmless', async () => {
  const { found, passed, counted } = await looked([...sound, '\n', lines[0]!.slice(0, 80)]);
  assert.deepEqual(
    found.harmless.map(({ reason }) => reason),
    ['empty', 'torn'],
  );
  assert.deepEqual([found.findings, passed, counted], [[], ['empty', 'torn'], 6]);
});

test('each kind of foreign line is found, with its place, by the inspection and by every reader', async () => {
  const [first] = records as [RunRecord];
  const other = runCell([...cells(spec)][0]!, spec.seed, 7);
  const off = runCell({ ...[...cells(spec)][0]!, engine: 'direct' }, spec.seed, 0);
  for (const [reason, line] of [
    ['seed', `${recordLine(runCell([...cells(spec)][0]!, 99, 0))}\n`],
    ['runs', `${recordLine(other)}\n`],
    ['cell', `${recordLine(off)}\n`],
    ['foreign', 'hello\n'],
    ['foreign', `\0\0\n`],
    ['range', changed(first, { trainLoss: -1 })],
    ['contradiction', changed(first, { testError: 0.75 })],
    ['id', sound[0]!.replace('"mu":1', '"mu":3')],
    ['twice', changed(first, { gamma: 0.5 })],
    ['form', sound[0]!.replace('"v":1', '"v":0')],
    ['format', sound[0]!.replace('"v":1', '"v":2')],
  ] as const) {
    const { found, passed, counted } = await looked([...sound, line]);
    assert.deepEqual(
      found.findings.map((one) => one.reason),
      [reason],
      line,
    );
    assert.match(found.findings[0]!.where, /part-0001\.jsonl:7$/);
    assert.deepEqual([passed, counted], [[reason], 6]);
    assert.equal(found.copies.length, reason === 'twice' ? 1 : 0);
  }
});

test('a cell that hashes to its id but that this program cannot make is found', async () => {
  const strange = (cell: Record<string, unknown>): string => {
    const id = bytesToHex(sha256(utf8ToBytes(JSON.stringify(cell)))).slice(0, 16);
    return `${JSON.stringify({ ...records[0]!, run: `${id}-0`, cell })}\n`;
  };
  const { data, network, training } = records[0]!.cell as Record<string, Record<string, unknown>>;
  for (const [cell, says] of [
    [
      { data, network: { ...network, girth: 2 }, training },
      /has a parameter network\.girth that this program does not know/,
    ],
    [{ data, network, training: { ...training, eta: 0.1 } }, /has the id [0-9a-f]{16} today/],
    [{ data: { ...data, flips: 9, flipLaw: 'exact' }, network, training }, /cannot be made: data\.flips: must be in/],
  ] as const) {
    await inFolder((folder) => {
      mkdirSync(join(folder, 'records'));
      writeFileSync(join(folder, 'records', 'part-0001.jsonl'), strange(cell));
      const { findings } = inspect(folder, () => undefined);
      assert.deepEqual(
        findings.map(({ reason }) => reason),
        ['id'],
      );
      assert.match(findings[0]!.says, says);
    });
  }
});

test('a line of several chunks is read whole, and one without end is torn', async () => {
  await inFolder((folder) => {
    mkdirSync(join(folder, 'records'));
    const file = join(folder, 'records', 'part-0001.jsonl');
    const padded = `{${' '.repeat(3 << 20)}${lines[0]!.slice(1)}`;
    writeFileSync(file, `${padded}\n${lines[1]!}\n`);
    appendFileSync(file, 'x'.repeat(3 << 20));
    const seen: string[] = [];
    const { passed } = readRecords(folder, ({ run }) => void seen.push(run));
    assert.deepEqual(seen, [records[0]!.run, records[1]!.run]);
    assert.deepEqual(
      passed.reasons.map(({ reason }) => reason),
      ['torn'],
    );
  });
});

test('a sample is random, without replacement, the same for a seed, and free of the order of the records', () => {
  const runs = Array.from({ length: 30 }, (_, at) => ({ run: `${String(at).padStart(16, '0')}-0` }));
  const sample = sampleOf(runs, 6, 1).map(({ run }) => run);
  assert.equal(new Set(sample).size, 6);
  assert.deepEqual(
    sampleOf([...runs].reverse(), 6, 1).map(({ run }) => run),
    sample,
  );
  assert.equal(sampleOf(runs, 50, 1).length, 30);
  const seeds = 2000;
  const counts = runs.map(() => 0);
  for (let seed = 0; seed < seeds; seed++)
    for (const { run } of sampleOf(runs, 6, seed)) counts[Number(run.slice(0, 16))]!++;
  const expected = runs.map(() => (seeds * 6) / 30);
  assert.ok(pearsonP(counts, expected) > FALSE_ALARM);
  const biased = runs.map((_, at) => (at < 6 ? seeds : 0));
  assert.ok(pearsonP(biased, expected) < NEGATIVE_CONTROL);
});

test('what a sample finds with a probability: against every subset, and the ends', () => {
  const choose = (n: number, k: number): number => (k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  for (const [all, count] of [
    [10, 3],
    [20, 1],
    [50, 20],
    [7, 7],
  ] as const) {
    const found = (changedRuns: number): number => 1 - choose(all - changedRuns, count) / choose(all, count);
    const least = detectable(all, count, 0.95);
    assert.ok(found(least) >= 0.95 && (least === 1 || found(least - 1) < 0.95), `${count} of ${all}: ${least}`);
  }
  assert.equal(detectable(1000, 1000, 0.95), 1);
});
