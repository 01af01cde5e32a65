/**
 * Which runs a sweep with a precision makes: the same ones in whatever order they come home, and after whatever
 * interruption.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunRecord } from '../../src/experiments/record.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { further, missing, type Job } from '../../src/sweeps/plan.ts';

const CAP = 60;
const spec = specFrom(
  {
    data: { n: 6, d: 30 },
    network: { m: 2 },
    axes: { 'data.mu': [1, 2, 3, 4] },
    runs: CAP,
    precision: { of: 'testErrorClean', halfWidth: 0.15, minRuns: 7 },
  },
  'test',
);
const { ids } = new Results(spec);

/** A record as a worker would bring it. */
const record = ({ cell, replicate }: Job, value: number | null): RunRecord =>
  ({
    run: `${ids[cell]!}-${replicate}`,
    seed: spec.seed,
    replicate,
    outcome: value === null ? 'diverged' : 'step-limit',
    steps: 1,
    values: value === null ? {} : { testErrorClean: value },
  }) as unknown as RunRecord;

/** Values of the runs of each cell: constant, two-valued, spread, and without any. */
const VALUES = fc.tuple(
  ...ids.map((_, cell) =>
    fc.array(
      cell === 3
        ? fc.constant(null)
        : fc.option(fc.double({ min: 0, max: cell === 0 ? 0.01 : 1, noNaN: true }), { freq: 10 }),
      { minLength: CAP, maxLength: CAP },
    ),
  ),
);

/**
 * All runs that are made when jobs come home as `pick` says, and all is cut off and begun again from the store at some
 * of them.
 */
function swept(
  values: readonly (readonly (number | null)[])[],
  pick: (count: number) => number,
  cuts: readonly number[] = [],
): { stored: RunRecord[]; results: Results } {
  const stored: RunRecord[] = [];
  let results = new Results(spec);
  let jobs = [...missing(results)];
  while (jobs.length > 0) {
    const [job] = jobs.splice(pick(jobs.length), 1) as [Job];
    assert.ok(!results.has(job.cell, job.replicate), 'no run twice');
    const before = results.wanted(job.cell);
    stored.push(record(job, values[job.cell]![job.replicate]!));
    results.add(stored.at(-1)!);
    jobs.push(...further(results, job.cell, before));
    assert.ok(results.expected >= results.count + jobs.length);
    if (cuts.includes(stored.length)) {
      results = new Results(spec);
      for (const one of [...stored].reverse()) results.add(one);
      jobs = [...missing(results)];
    }
  }
  assert.deepEqual([...missing(results)], []);
  assert.ok(results.complete && results.expected === results.count);
  return { stored, results };
}

test('the same runs in order, backwards, at random and with interruptions', () => {
  fc.assert(
    fc.property(
      VALUES,
      fc.infiniteStream(fc.nat()),
      fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 5 }),
      (values, chance, cuts) => {
        const names = ({ stored }: { stored: RunRecord[] }): string[] => stored.map(({ run }) => run).sort();
        const inOrder = swept(values, () => 0);
        const backwards = swept(values, (count) => count - 1);
        const random = swept(values, (count) => chance.next().value! % count, cuts);
        for (const other of [backwards, random]) {
          assert.deepEqual(names(other), names(inOrder));
          assert.deepEqual(other.results.frame(), inOrder.results.frame());
        }
        const { columns } = inOrder.results.frame();
        const column = (name: string): unknown[] => [...columns[name]!];
        assert.equal(column('ended')[3], 'max-runs');
        assert.deepEqual(
          [
            column('runs')[3],
            column('testErrorCleanLow')[3],
            column('testErrorCleanHigh')[3],
            column('testErrorClean')[3],
          ],
          [CAP, 0, 1, null],
        );
      },
    ),
    { seed: 5, numRuns: 60 },
  );
});

test('a gap is not looked over: what lies behind a missing run asks for nothing', () => {
  const results = new Results(spec);
  for (let replicate = 0; replicate < 20; replicate++)
    if (replicate !== 3) results.add(record({ cell: 0, replicate }, 0));
  assert.equal(results.wanted(0), 7);
  assert.deepEqual(
    [...missing(results)].filter(({ cell }) => cell === 0),
    [{ cell: 0, replicate: 3 }],
  );
  assert.equal(results.frame().columns['ended']![0], null);
  results.add(record({ cell: 0, replicate: 3 }, 0));
  assert.ok(results.wanted(0) > 7);
});

test('without a precision every cell wants all its runs', () => {
  const plain = new Results(
    specFrom({ data: { n: 6, d: 30 }, network: { m: 2 }, axes: { 'data.mu': [1, 2] }, runs: 3 }, 'test'),
  );
  assert.deepEqual(
    [...missing(plain)].map(({ cell, replicate }) => [cell, replicate]),
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
    ],
  );
  assert.deepEqual([plain.wanted(1), plain.expected], [3, 6]);
  assert.ok(!('ended' in plain.frame().columns));
});
