/**
 * A sweep with a precision, end to end: the same records for any number of workers and after an interruption; what the
 * other commands make of it.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fewestValues } from '../../src/core/confidence-sequence.ts';
import { errorRange, PreciseCell } from '../../src/experiments/precision.ts';
import type { RunRecord } from '../../src/experiments/record.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { benignUntil, inFolder, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

/** The second step size sends most runs beyond the floating-point range. */
const SPEC = `data: {n: 8, d: 60, flip: 0.1}
network: {m: 3, activation: relu-power, sigma0: 0.1}
training: {maxSteps: 30}
test: {lines: 4, shifts: 4}
axes:
  training.eta: [0.05, 1e9]
  data.mu: [0, 2, 4, 6]
precision: {of: testErrorClean, halfWidth: 0.04, minRuns: 10}
runs: 130
seed: 5
`;

type Row = Readonly<Record<string, number | string | null>>;
const tableOf = (out: string): Row[] =>
  warm(['table', out, '--json'])
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

test('1, 2 and 5 workers and an interrupted sweep make the same runs, those that the rule asks for', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const command = (out: string, workers: number): string[] => [
      'sweep',
      file,
      '--out',
      join(folder, out),
      '--workers',
      String(workers),
      '--json',
    ];
    const outcome = (out: string): { lines: string[]; table: string } => ({
      lines: storedLines(join(folder, out)).sort(),
      table: readFileSync(join(folder, out, 'table.csv'), 'utf8'),
    });
    const outcomes = [1, 2, 5].map((workers) => {
      const answer = warm(command(`w${workers}`, workers));
      assert.equal(answer.code, 0, answer.stderr);
      const { ended, runs, runsNow } = JSON.parse(answer.stdout) as {
        ended: Record<string, number>;
        runs: number;
        runsNow: number;
      };
      assert.equal(runs, runsNow);
      assert.equal(ended['precise']! + ended['max-runs']!, 8);
      assert.ok(ended['precise']! >= 2 && ended['max-runs']! >= 4, JSON.stringify(ended));
      return outcome(`w${workers}`);
    });
    for (const other of outcomes.slice(1)) assert.deepEqual(other, outcomes[0]);

    // What a kill leaves: the lines up to some moment, the last one torn. Three moments, in the order in which 5
    // workers brought the runs home.
    const parts = storedLines(join(folder, 'w5'));
    for (const share of [0.1, 0.5, 0.9]) {
      const records = join(folder, 'cut', 'records');
      rmSync(join(folder, 'cut'), { recursive: true, force: true });
      mkdirSync(records, { recursive: true });
      const left = parts.slice(0, Math.floor(share * parts.length));
      writeFileSync(join(records, 'part-0001.jsonl'), `${left.join('\n')}\n${parts[left.length]!.slice(0, 50)}`);
      copyFileSync(join(folder, 'w5', 'spec.yaml'), join(folder, 'cut', 'spec.yaml'));
      const again = warm(command('cut', 3));
      assert.equal(again.code, 0, again.stderr);
      assert.equal((JSON.parse(again.stdout) as { runsNow: number }).runsNow, parts.length - left.length);
      assert.deepEqual(outcome('cut'), outcomes[0]);
    }
    assert.equal(
      (JSON.parse(warm(command('cut', 2)).stdout) as { runsNow: number }).runsNow,
      0,
      'ended cells get no more runs',
    );

    // the same from the records by the rule alone
    const spec = parseSpec(SPEC, 'spec.yaml');
    const results = new Results(spec);
    const records = new Map(
      outcomes[0]!.lines.map((line) => JSON.parse(line) as RunRecord).map((record) => [record.run, record]),
    );
    const rows = tableOf(join(folder, 'w1'));
    for (const [at, cell] of results.cells.entries()) {
      const state = new PreciseCell(spec.precision!, spec.runs, errorRange(cell, 'testErrorClean'));
      while (!state.ended) {
        const record = records.get(`${results.ids[at]!}-${state.taken}`);
        assert.ok(record, `${at}: replicate ${state.taken}`);
        state.take(record.outcome === 'diverged' ? undefined : record.values.testErrorClean);
        records.delete(record.run);
      }
      assert.deepEqual(
        [rows[at]!['runs'], rows[at]!['ended'], rows[at]!['testErrorCleanLow'], rows[at]!['testErrorCleanHigh']],
        [state.taken, state.ended, state.interval.low, state.interval.high],
      );
    }
    assert.equal(records.size, 0, 'and no run more');
    const mostly = rows.filter(({ diverged, runs }) => (diverged as number) > 0.5 * (runs as number)); // a cell without any value: plan.test.ts
    assert.ok(mostly.length > 0 && mostly.every(({ runs, ended }) => runs === 130 && ended === 'max-runs'));
  });
});

test('a signal stops it with a sentence that claims no total, and everything that it names is stored', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC.replace('0.04, minRuns: 10', '0.0005, minRuns: 10').replace('runs: 130', 'runs: 1000000'));
    const args = ['sweep', file, '--out', join(folder, 'out'), '--workers', '2'];
    const answer = await benignUntil(args, 'SIGTERM', 1500, 'first word');
    assert.equal(answer.code, 143, answer.stderr);
    const stored = /interrupted: (\d+) runs are stored/.exec(answer.stderr);
    assert.equal(storedLines(join(folder, 'out')).length, Number(stored?.[1]), answer.stderr);
  });
});

test('a cell whose runs are all exactly 0 goes on until zeros say enough', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(
      file,
      `data: {n: 10, d: 1000}\nnetwork: {m: 5}\ntraining: {eta: 1}\ntest: {lines: 2, shifts: 2}\naxes: {data.mu: [5, 6]}\nprecision: {of: trainError, halfWidth: 0.04}\nruns: 500\n`,
    );
    const answer = warm(['sweep', file, '--out', join(folder, 'out'), '--json']);
    assert.equal(answer.code, 0, answer.stderr);
    for (const row of tableOf(join(folder, 'out'))) {
      assert.deepEqual([row['trainError'], row['trainErrorLow'], row['ended']], [0, 0, 'precise']);
      assert.ok(
        (row['runs'] as number) >= fewestValues(0.95, 0.04) && 0.92 ** (row['runs'] as number) < 0.05,
        String(row['runs']),
      );
      assert.ok((row['trainErrorHigh'] as number) <= 0.08 && (row['trainErrorHigh'] as number) > 0.02);
    }
  });
});

test('the other commands with such a spec', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    const out = join(folder, 'out');
    writeFileSync(
      file,
      `data: {n: 8, d: 100, flip: 0.1}\nnetwork: {m: 3}\ntest: {lines: 4, shifts: 4}\nprecision: {halfWidth: 0.1, confidence: 0.9}\nruns: 200\n`,
    );
    const run = warm(['run', file, '--set', 'mu=6', '--out', out, '--json']);
    assert.equal(run.code, 4, run.stderr); // 25 runs of n = 8 leave it open: the precision was asked of the error, not of the verdict
    const { runs, verdict } = JSON.parse(run.stdout) as {
      runs: number;
      verdict: { sentence: string; interval: { low: number; high: number } };
    };
    assert.ok(runs >= 20 && runs < 200, `${runs}`);
    assert.match(verdict.sentence, /90 % confidence sequence over \d+ draws/);
    assert.ok(verdict.interval.low >= 0 && verdict.interval.high - verdict.interval.low <= 0.2);

    const perRun = warm(['table', out, '--rows', 'runs', '--json'])
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { run: string; replicate: number });
    assert.deepEqual(
      perRun.map(({ replicate }) => replicate),
      Array.from({ length: runs }, (_, replicate) => replicate),
    );
    const replay = warm(['run', join(out, 'spec.yaml'), '--replay', perRun.at(-1)!.run, '--json']);
    assert.equal(replay.code, 0, replay.stderr);
    assert.equal((JSON.parse(replay.stdout) as { sameAsStored: boolean }).sameAsStored, true);
    assert.equal(warm(['figure', out]).code, 0);
    const verified = warm([
      'verify',
      file,
      '--set',
      'mu=6',
      '--lemma',
      'kou-2023',
      '--out',
      join(folder, 'verified'),
      '--json',
    ]);
    assert.equal((JSON.parse(verified.stdout) as { runs: number }).runs, runs);
    assert.equal(warm(['variance', file, '--set', 'mu=6', '--blocks', '3']).code, 0);
    // another rule is another spec: its folder is not taken up
    const other = warm(['run', file, '--set', 'mu=6', '--set', 'halfWidth=0.09', '--out', out]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /holds another spec \(precision\.halfWidth is 0\.1 there and 0\.09 here\)/);
  });
});
