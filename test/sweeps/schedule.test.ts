/** The loop against pools and stores of its own kind: what is handed out, what fails, what stops, what is kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../src/experiments/cell.ts';
import { recordLine } from '../../src/experiments/record.ts';
import { cellId } from '../../src/experiments/cell.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { varianceBlock } from '../../src/experiments/variance-split.ts';
import { computeBlocks } from '../../src/sweeps/blocks.ts';
import { memory } from '../../src/sweeps/memory.ts';
import type { Crew, Pool } from '../../src/sweeps/pool.ts';
import { carryOut, schedule, type Source } from '../../src/sweeps/schedule.ts';
import { sweep } from '../../src/sweeps/sweep.ts';
import { here } from '../../src/sweeps/web/here.ts';
import { FINAL, work, type Batch, type RunTask } from '../../src/sweeps/work.ts';

const SPEC = {
  data: { n: 6, d: 30 },
  network: { m: 2 },
  training: { maxSteps: 5 },
  axes: { 'data.mu': [1, 2] },
  runs: 4,
};
const spec = specFrom(SPEC, 'test');
const [cell] = [...cells(spec)] as [Cell];
const lines = [...cells(spec)].flatMap((one) =>
  [0, 1, 2, 3].map((replicate) => recordLine(runCell(one, spec.seed, replicate))),
);
const task = (replicate: number): RunTask => ({ id: cellId(cell), cell, replicate });

/** A crew that answers after so many turns of the event loop, a lane later than the one before. */
class Slow implements Crew {
  readonly lanes = 3;
  inWork = 0;
  ended = 0;
  private readonly fails: number;

  /** @param fails the replicate on which it breaks */
  constructor(fails = NaN) {
    this.fails = fails;
  }

  async run({ tasks }: Batch, lane: number): Promise<{ lines: string; failed: []; milliseconds: number }> {
    const numbers = tasks.map((one) => (one as RunTask).replicate);
    this.inWork++;
    for (let turn = 0; turn <= 2 * lane; turn++) await new Promise(setImmediate);
    this.inWork--;
    if (numbers.includes(this.fails)) throw new RangeError(`broke on ${this.fails}`);
    return { lines: numbers.map((one) => `${one}\n`).join(''), failed: [], milliseconds: 60 * tasks.length };
  }

  async end(): Promise<void> {
    assert.equal(this.inWork, 0, 'what is in work comes home first');
    this.ended++;
  }
}

/** Rounds of numbers; of each multiple of ten a further one follows. */
function rounds(crew: Slow, ...all: readonly (readonly number[])[]): { source: Source<number>; taken: number[] } {
  const left = [...all];
  const taken: number[] = [];
  const source: Source<number> = {
    seed: 1,
    record: FINAL,
    next() {
      assert.equal(crew.inWork, 0, 'a round begins when the one before is home');
      const jobs = left.shift() ?? [];
      return { jobs, count: jobs.length };
    },
    task,
    take(jobs, { lines }) {
      assert.equal(lines, jobs.map((one) => `${one}\n`).join(''));
      taken.push(...jobs);
      return jobs.filter((one) => one % 10 === 0).map((one) => one + 1001);
    },
  };
  return { source, taken };
}

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

test('every round is done once, what follows from a job in the same round, and the crew ends', async () => {
  const crew = new Slow();
  const { source, taken } = rounds(crew, [1, 2, 3, 4, 5, 10], [20, 21], [30]);
  await schedule(source, source.next(), crew, undefined);
  assert.deepEqual(ascending(taken), [1, 2, 3, 4, 5, 10, 20, 21, 30, 1011, 1021, 1031]);
  assert.ok(Math.max(...[20, 21].map((one) => taken.indexOf(one))) < taken.indexOf(30));
  assert.ok(taken.indexOf(1011) < Math.min(...[20, 21].map((one) => taken.indexOf(one))));
  assert.equal(crew.ended, 1);
});

test('a failure is thrown when the work of the other lanes is home and taken; nothing more is handed out', async () => {
  const crew = new Slow(1);
  const { source, taken } = rounds(crew, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await assert.rejects(schedule(source, source.next(), crew, undefined), /broke on 1/);
  assert.deepEqual(ascending(taken), [2, 3]);
  assert.equal(crew.ended, 1);
});

test('a source that cannot take what came stops the work too', async () => {
  const crew = new Slow();
  const { source } = rounds(crew, [1, 2, 3, 4]);
  const full = { ...source, take: (): never => assert.fail('the store is full') };
  await assert.rejects(schedule(full, full.next(), crew, undefined), /the store is full/);
  assert.equal(crew.ended, 1);
});

test('a signal ends it without an error, and what had come home is taken', async () => {
  const crew = new Slow();
  const { source, taken } = rounds(crew, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const controller = new AbortController();
  const stopping = {
    ...source,
    take(...args: Parameters<typeof source.take>) {
      controller.abort();
      return source.take(...args);
    },
  };
  await schedule(stopping, source.next(), crew, controller.signal);
  assert.deepEqual(ascending(taken), [1, 2, 3]);
});

test('a task that cannot be done is told with its reason, the others with their lines', async () => {
  const told = new Map<number, string>();
  const broken = { ...task(1), cell: { ...cell, engine: 'none' as never } };
  await carryOut([task(0), { ...broken, id: '1'.repeat(16) }, task(2)], {
    pool: here(),
    seed: spec.seed,
    record: FINAL,
    made: (at, line, why) => void told.set(at, line ?? `why: ${why}`),
  });
  assert.deepEqual([told.get(0), told.get(2)], [lines[0], lines[2]]);
  assert.match(told.get(1)!, /^why: ./);
});

test('a store that holds some runs gets the others; lines that are none are passed over and counted', async () => {
  const store = memory([...lines.slice(0, 3), 'no record', lines[5]!]);
  let passed = 0;
  const counts: number[] = [];
  const { made, failed, interrupted, results } = await sweep(spec, {
    pool: here(),
    store,
    passed: ({ count }) => (passed = count),
    progress: (done) => counts.push(done),
  });
  assert.deepEqual([made, failed, interrupted, passed, results.complete], [4, [], false, 1, true]);
  assert.deepEqual([...store.lines].sort(), [...lines, 'no record'].sort());
  assert.deepEqual([counts[0], counts.at(-1)], [4, 8]);
  const again = await sweep(spec, { pool: { workers: 1, start: () => assert.fail('nothing to do') }, store });
  assert.equal(again.made, 0);
});

test('a run that throws is reported and not asked for again in the same call', async () => {
  const pool: Pool = {
    workers: 1,
    start: () => ({
      lanes: 2,
      async run(batch) {
        const breaks = batch.tasks.map((one) => (one as RunTask).replicate === 2);
        const kept = batch.tasks.filter((_, at) => !breaks[at]);
        const failed = breaks.flatMap((one, at) => (one ? [{ at, why: 'out of luck' }] : []));
        return { lines: work({ ...batch, tasks: kept }).lines, failed, milliseconds: 1 };
      },
      end: async () => {},
    }),
  };
  const store = memory();
  const first = await sweep(spec, { pool, store });
  assert.equal(first.made, 6);
  assert.deepEqual(
    first.failed,
    first.results.ids.map((id) => ({ run: `${id}-2`, why: 'out of luck' })),
  );
  assert.equal((await sweep(spec, { pool: here(), store })).made, 2);
  assert.deepEqual([...store.lines].sort(), [...lines].sort());
});

test('blocks of a variance split are those of varianceBlock', async () => {
  const made = new Map<number, readonly number[]>();
  const how = { pool: here(), cell, seed: 3, of: 'testErrorClean' } as const;
  await computeBlocks([4, 0], how, (block, values) => void made.set(block, values));
  assert.deepEqual(made, new Map([0, 4].map((block) => [block, varianceBlock(cell, 3, block, 'testErrorClean')])));
});
