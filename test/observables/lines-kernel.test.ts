/** Line sampling in the kernel against the TypeScript reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe } from '../../src/core/statistics.ts';
import type { FreshOutput } from '../../src/observables/fresh-output.ts';
import { lineMeans } from '../../src/observables/lines-kernel.ts';
import { sampleLines } from '../../src/observables/test-error.ts';

const key = { seed: 1, cell: [2, 3] as const, replicate: 4 };

function anyOutput(one: { filters: number; columns: number; groups: number; atoms: number; leak: number; seed: number; zeros: number }): FreshOutput {
  const stream = new Stream({ ...key, seed: one.seed }, 'test');
  const rank = Math.min(one.filters, one.columns);
  const number = (): number => (stream.uniform() < one.zeros ? 0 : stream.normal());
  return {
    activation: { kind: 'piecewise-linear', leak: one.leak },
    outputWeights: Float64Array.from({ length: one.filters }, number),
    filters: one.filters,
    rank,
    l: Float64Array.from({ length: one.filters * rank }, (_, at) => (at % rank <= Math.floor(at / rank) ? number() : 0)),
    atoms: Array.from({ length: one.atoms }, (_, at) => ({ probability: 1 / one.atoms, label: at % 2 ? -1 : 1, fixed: number(), group: stream.integer(one.groups) })),
    groups: Array.from({ length: one.groups }, () => Float64Array.from({ length: one.filters }, number)),
  };
}

test('line sampling: the bits of the reference', () => {
  fc.assert(
    fc.property(
      fc.record({
        filters: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(62, 63, 64, 65, 100)),
        columns: fc.integer({ min: 1, max: 40 }),
        groups: fc.integer({ min: 1, max: 3 }),
        atoms: fc.integer({ min: 1, max: 4 }),
        leak: fc.constantFrom(0, 0.01, 0.5),
        seed: fc.integer({ min: 0, max: 1e6 }),
        zeros: fc.constantFrom(0, 0.3, 1),
      }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 2, max: 4 }),
      (one, lines, shifts) => {
        const output = anyOutput(one);
        for (const weights of ['decaying', 'equal'] as const) {
          assert.deepEqual(meanAndSe(lineMeans(output, { lines, shifts, weights }, key)!), sampleLines(output, { lines, shifts, weights }, key));
        }
      },
    ),
    { numRuns: 400, seed: 1 },
  );
});

test('another stream gives other numbers (negative control)', () => {
  const output = anyOutput({ filters: 8, columns: 20, groups: 1, atoms: 2, leak: 0, seed: 1, zeros: 0 });
  assert.notDeepEqual(meanAndSe(lineMeans(output, { lines: 8, shifts: 4 }, { ...key, replicate: 5 })!), sampleLines(output, { lines: 8, shifts: 4 }, key));
});

test('what is not finite is left to the reference', () => {
  const output = anyOutput({ filters: 3, columns: 3, groups: 1, atoms: 2, leak: 0, seed: 1, zeros: 0 });
  output.l[0] = Infinity;
  assert.equal(lineMeans(output, { lines: 4, shifts: 2 }, key), undefined);
});
