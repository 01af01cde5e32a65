/** Plain Monte Carlo in the kernel against the TypeScript reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { estimateByPoints, samplePoints } from '../../src/observables/points.ts';
import { anyOutput, outputKey as key } from '../helpers/outputs.ts';

test('points: the bits of the reference', () => {
  fc.assert(
    fc.property(
      fc.record({
        filters: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constant(100)),
        columns: fc.integer({ min: 0, max: 40 }),
        groups: fc.integer({ min: 1, max: 3 }),
        atoms: fc.integer({ min: 1, max: 4 }),
        leak: fc.constantFrom(0, 0.01, 0.5, 1),
        power: fc.integer({ min: 1, max: 5 }),
        seed: fc.integer({ min: 0, max: 1e6 }),
        zeros: fc.constantFrom(0, 0.3, 1),
      }),
      fc.oneof(fc.integer({ min: 2, max: 40 }), fc.constantFrom(4095, 4096, 4097, 9001)),
      (one, points) => {
        const output = anyOutput(one);
        assert.deepEqual(estimateByPoints(output, points, key), samplePoints(output, points, key));
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});

test('heights out of range give the same bits too', () => {
  const output = anyOutput({ filters: 3, columns: 3, groups: 1, atoms: 2, leak: 0, power: 3, seed: 1, zeros: 0 });
  for (const value of [Infinity, 1e200, NaN]) {
    output.l[0] = value;
    assert.deepEqual(estimateByPoints(output, 100, key), samplePoints(output, 100, key));
  }
});

test('another stream gives other numbers (negative control)', () => {
  const output = anyOutput({ filters: 8, columns: 20, groups: 1, atoms: 2, leak: 0, power: 1, seed: 1, zeros: 0 });
  assert.notDeepEqual(estimateByPoints(output, 1000, { ...key, replicate: 5 }), samplePoints(output, 1000, key));
});
