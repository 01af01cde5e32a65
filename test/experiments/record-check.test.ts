/** What can have been left by a run is taken; a changed key, type, number or id is named. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Reason } from '../../src/experiments/passed-over.ts';
import { examined, isFault } from '../../src/experiments/record-check.ts';
import { readLine } from '../../src/experiments/record-read.ts';
import { recordLine } from '../../src/experiments/record.ts';
import { runCell } from '../../src/experiments/run.ts';
import { OBSERVABLES, SERIES } from '../../src/experiments/series.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { symbolEntries, type SymbolId } from '../../src/notation.ts';
import { root } from '../helpers/benign.ts';

const spec = specFrom(
  {
    data: { n: 10, d: 100, mu: 2, flip: 0.1 },
    network: { m: 3 },
    training: { maxSteps: 10 },
    record: { series: ['trainLoss', 'testError', 'limitGap'], every: 5 },
  },
  'test',
);
const [cell] = cells(spec);
const record = runCell(cell!, 1, 0, spec.record);
const line = recordLine(record);

const linesOf = (...path: string[]): string[] =>
  readFileSync(join(root, 'test', ...path), 'utf8')
    .trimEnd()
    .split('\n');

test('every golden record, and those of an older science version, are taken', () => {
  for (const one of [
    ...linesOf('golden', 'records.jsonl'),
    ...linesOf('fixtures', 'science-2', 'records', 'part-0001.jsonl'),
  ]) {
    const read = readLine(one);
    assert.ok(!isFault(read), `${JSON.stringify(read)}\n${one.slice(0, 200)}`);
  }
});

/** Settings in which observables come near the ends of their ranges. */
const EXTREMES: readonly object[] = [
  {},
  { training: { maxSteps: 0 } },
  { training: { eta: 1e155, maxSteps: 5 } },
  { training: { eta: 1e-300 } },
  { network: { sigma0: 0, m: 3 } },
  { data: { n: 10, d: 100, mu: 0, sigmaP: 0, flip: 0.1 } },
  { data: { n: 1, d: 2, mu: 50, flip: 0 } },
  { data: { n: 10, d: 100, mu: 40, flip: 0 }, training: { eta: 5, maxSteps: 200 } },
  { data: { n: 6, d: 20, mu: 1, flip: 0.4 }, network: { m: 1 }, training: { loss: 'hinge', maxSteps: 50 } },
  { network: { m: 3, activation: 'relu-power', sigma0: 0.1 }, training: { eta: 1e9, maxSteps: 30 } },
  { network: { m: 3, output: 'trained' }, training: { eta: 1, maxSteps: 30 } },
  { data: { model: 'mixture', n: 10, d: 60, mu: 3, flip: 0.2 }, network: { m: 3, activation: 'leaky-relu' } },
];

test('every observable of every setting lies in its range, over time too', () => {
  for (const change of EXTREMES) {
    const one = specFrom(
      { data: { n: 10, d: 100, mu: 2, flip: 0.1 }, network: { m: 3 }, training: { maxSteps: 20 }, ...change },
      'test',
    );
    const [setting] = cells(one);
    const fixed = setting!.network.output === 'fixed';
    const series = SERIES.filter((id) => !OBSERVABLES[id].needs.includes('flow') && (fixed || !id.startsWith('lazy')));
    for (const id of series) {
      let made;
      try {
        made = runCell(setting!, 3, 1, { series: [id], values: [], every: 7 });
      } catch {
        continue; // not defined for this setting
      }
      const read = readLine(recordLine(made));
      assert.ok(!isFault(read), `${id} in ${JSON.stringify(change)}: ${JSON.stringify(read)}`);
    }
  }
});

test('the ranges are those of notation, and shares and counts are among them', () => {
  const measured = symbolEntries().flatMap(([id, entry]) =>
    entry.kind === 'measured' ? [[id, entry.range] as const] : [],
  );
  const ranged = measured.filter(([, range]) => range).map(([id]) => id);
  for (const id of ['testError', 'trainLoss', 'flipped', 'steps'] satisfies SymbolId[])
    assert.ok(ranged.includes(id), id);
  assert.ok(ranged.length > 70);
});

/** Of the record with a change: why it is not taken, and what is said. */
function refused(
  change: (copy: Record<string, unknown> & { values: Record<string, unknown> }) => void,
): [Reason, string] {
  const copy = structuredClone(record) as never;
  change(copy);
  const read = readLine(JSON.stringify(copy));
  assert.ok(isFault(read), 'it was taken');
  return [read.reason, read.says ?? ''];
}
const says = (change: Parameters<typeof refused>[0], reason: Reason, words: RegExp): void => {
  const [why, what] = refused(change);
  assert.equal(why, reason, what);
  assert.match(what, words);
};

test('numbers beyond their range, of another type, and unknown or missing keys are named', () => {
  says((r) => (r.values['testError'] = 7.5), 'range', /^values\.testError: must be in \[0, 1\], got 7\.5$/);
  says((r) => (r.values['trainLoss'] = -0.1), 'range', /^values\.trainLoss: must be >= 0, got -0\.1$/);
  says((r) => (r['steps'] = 11), 'range', /^steps: must be an integer in \[0, 10\], got 11$/);
  says((r) => (r['steps'] = 1.5), 'range', /^steps: /);
  says((r) => (r['seed'] = -1), 'range', /^seed: /);
  says((r) => (r.values['flipped'] = 11), 'contradiction', /^flipped is 11, of 10 labels$/);
  says((r) => (r.values['testError'] = 'NaN'), 'form', /^values\.testError: must be a number, got the text "NaN"$/);
  says((r) => (r.values['gamma'] = null), 'form', /^values\.gamma: must be a number, got nothing$/);
  says((r) => (r.values['testEror'] = 0.1), 'form', /^values\.testEror: unknown key, did you mean testError\?$/);
  says((r) => (r['note'] = 1), 'form', /^"note" is no key of a record$/);
  says((r) => delete r['seed'], 'form', /^seed is missing$/);
  says((r) => (r['outcome'] = 'interpolatet'), 'form', /^outcome: must be one of interpolated, /);
  says((r) => (r['engine'] = 'direct'), 'form', /^engine: must be that of the cell, gram, got "direct"$/);
  says((r) => (r['v'] = 0), 'form', /^v: must be 1, got 0$/);
  says((r) => (r['v'] = 2), 'format', /^v: 2$/);
});

test('ids, and numbers that follow from others, are computed again', () => {
  says((r) => (r['replicate'] = 1), 'id', /^run is ".*-0", and cell and replicate give .*-1$/);
  says((r) => ((r['cell'] as { data: { mu: number } }).data.mu = 3), 'id', /^run is /);
  says(
    (r) => (r.values['testError'] = 0.98),
    'contradiction',
    /^testError is 0\.98, and p, testErrorClean and zeroOutput/,
  );
  says((r) => (r.values['trainError'] = 0.05), 'contradiction', /^trainError is 0\.05, no share of 10 labels$/);
  says((r) => (r['outcome'] = 'diverged'), 'contradiction', /^a diverged run has no test error$/);
  says((r) => (r.values['marginMin'] = 1e3), 'contradiction', /^marginMin is 1000, more than marginMax/);
});

test('series: lists of one length, steps that rise, numbers in range or null', () => {
  const change = (work: (series: Record<string, unknown[]>) => void) => (r: { series?: unknown }) =>
    work(r.series as Record<string, unknown[]>);
  says(change((s) => s['step']!.pop()) as never, 'form', /as many entries as series\.step/);
  says(change((s) => s['step']!.reverse()) as never, 'range', /^series\.step: must rise/);
  says(change((s) => (s['testError']![1] = -0.5)) as never, 'range', /^series\.testError: must be in \[0, 1\]/);
  says(change((s) => (s['trainLoss']![1] = 'x')) as never, 'form', /must hold numbers, got the text "x"/);
  says(change((s) => delete s['step']) as never, 'form', /^series\.step is missing$/);
});

test('the short way takes what a run writes, and says of every other line what a close look says', () => {
  const short = recordLine(runCell(cell!, 1, 3));
  const read = (text: string): unknown => JSON.stringify(readLine(text));
  const other = readLine(recordLine(runCell(cell!, 1, 4)));
  const one = readLine(short);
  assert.ok(!isFault(one) && !isFault(other));
  assert.equal(one.cell, other.cell, 'the cell of both is known');
  assert.equal(recordLine(one), short);
  assert.deepEqual(one, examined(short));
  // Every character gone, every digit another one, every key twice: taken or not, for the same reason.
  let taken = 0;
  for (let at = 0; at < short.length; at++)
    for (const text of [
      short.slice(0, at) + short.slice(at + 1),
      short.slice(0, at) + (/\d/.test(short[at]!) ? (Number(short[at]) + 1) % 10 : 'x') + short.slice(at + 1),
      short.slice(0, at) + short[at] + short.slice(at),
      short.slice(0, at),
    ]) {
      assert.equal(read(text), JSON.stringify(examined(text)), text);
      if (!isFault(examined(text))) taken++;
    }
  assert.ok(taken > 100, `only ${taken} changed digits pass for those of a run`);
  const [head, rest] = short.split(',"seed":') as [string, string];
  for (const text of [
    `${head},"seed":${rest.replace('{', '{"gamma":1,')}`,
    `${head},"seed":${rest.slice(0, -1)},"cell":{}}`,
    `${head},"seed":${rest.slice(0, -1)},"series":{"step":[0]}}`,
    `${head},"seed":1,"seed":${rest}`,
    `${head},"v":1,"seed":${rest}`,
    short.replace('"values":{', '"values":{"__proto__":1,'),
    short.replace('"cell":{', '"cell":{"seed":1,'),
    short.replace('"cell":{', '"cell":{ '),
  ])
    assert.equal(read(text), JSON.stringify(examined(text)), text);
});

test('lines that are no records: empty, binary, torn, a list, a number; digits that a run would not write', () => {
  const reason = (text: string): Reason | undefined => {
    const read = readLine(text);
    return isFault(read) ? read.reason : undefined;
  };
  for (const text of ['', ' ', '\r']) assert.equal(reason(text), 'empty');
  for (const text of [line.slice(0, 100), '\0\0\0', '[]', '7', 'null', '{}', `${line}x`])
    assert.equal(reason(text), 'foreign', text);
  // A line end of another system, or spaces that a tool put in, change no number.
  assert.equal(reason(`${line}\r`), undefined);
  assert.equal(reason(line.replace(/,/g, ', ')), undefined);
  const digits = /"gamma":(\d\.\d+)/.exec(line)![1]!;
  assert.equal(reason(line.replace(digits, `${digits}0`)), 'rewritten');
});
