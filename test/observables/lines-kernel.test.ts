/** Line sampling in the kernel against the TypeScript reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineSums } from '../../src/observables/lines-kernel.ts';
import { estimateByLines, plainSums, sampleLines } from '../../src/observables/lines.ts';
import { anyOutput, outputKey as key } from '../helpers/outputs.ts';

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
          const size = { lines, shifts, weights };
          const watched = Array.from({ length: output.filters }, (_, r) => r).filter((r) => (r + one.seed) % 3 === 0);
          const sums = lineSums(output, size, watched, key);
          if (sums) assert.deepEqual(sums, plainSums(output, size, watched, key));
          else assert.ok(one.leak > 0 && output.l.every((x) => x === 0));
          assert.deepEqual(estimateByLines(output, size, key), sampleLines(output, size, key));
        }
      },
    ),
    { numRuns: 400, seed: 1 },
  );
});

test('another stream gives other numbers (negative control)', () => {
  const output = anyOutput({ filters: 8, columns: 20, groups: 1, atoms: 2, leak: 0, seed: 1, zeros: 0 });
  assert.notDeepEqual(
    lineSums(output, { lines: 8, shifts: 4 }, [], { ...key, replicate: 5 }),
    plainSums(output, { lines: 8, shifts: 4 }, [], key),
  );
});

test('what is not finite is left to the reference', () => {
  const output = anyOutput({ filters: 3, columns: 3, groups: 1, atoms: 2, leak: 0, seed: 1, zeros: 0 });
  output.l[0] = Infinity;
  assert.equal(lineSums(output, { lines: 4, shifts: 2 }, [], key), undefined);
});
