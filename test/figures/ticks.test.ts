/** Ticks: two labels or more on every scale, each its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numericAxes, position } from '../../src/figures/axis.ts';
import { dodge } from '../../src/figures/dodge.ts';
import { linearChannel, linearTicks, logTicks, roundEnds, stepTicks, symlogTicks } from '../../src/figures/ticks.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { JsonObject } from '../../src/figures/figure.ts';

const labels = ({ labelExpr }: { labelExpr: string }): string[] =>
  JSON.parse(labelExpr.slice(0, labelExpr.indexOf(']') + 1));

test('any range has two different labels or more, within it', () => {
  const SLACK = 1e-9; // the ticks' own
  fc.assert(
    fc.property(
      fc.double({ min: -280, max: 280, noNaN: true }),
      fc.double({ min: 1e-6, max: 40, noNaN: true }),
      (exponent, wide) => {
        const low = 10 ** exponent;
        const high = low * 10 ** Math.min(wide, 300 - exponent);
        for (const ticks of [logTicks(low, high), linearTicks(low, high), linearTicks(-high, low)]) {
          const said = labels(ticks);
          assert.ok(said.length >= 2 && new Set(said).size === said.length, `${low} to ${high}: ${said.join(' ')}`);
          assert.equal(said.length, ticks.values.length);
        }
        for (const value of logTicks(low, high).values)
          assert.ok(value >= low * (1 - SLACK) && value <= high * (1 + SLACK));
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test('a narrow logarithmic scale, large numbers, steps', () => {
  assert.deepEqual(logTicks(3.25, 3.95).values, [3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9]);
  assert.deepEqual(labels(linearTicks(0, 2e9)), ['0', '5·10⁸', '10⁹', '1.5·10⁹', '2·10⁹']);
  assert.deepEqual(labels(linearTicks(1000001, 1000003, 2)), ['1000001', '1000002', '1000003']);
  assert.deepEqual(stepTicks(0, 3).values, [0, 1, 2, 3]);
  assert.deepEqual(symlogTicks(0, 20000, 100).values, [0, 100, 1000, 10000]);
  assert.deepEqual(roundEnds([0.02, 0.47], true), [0, 0.5]);
  assert.deepEqual(linearChannel([0, 0]).ends, [0, 1]);
});

test('zero beside decades is symlog and says so; an even axis with zero stays linear', () => {
  const axisOf = (values: number[]): JsonObject => {
    const spec = specFrom({ data: { n: 10, d: 50 }, network: { m: 4 }, axes: { 'data.mu': values } }, 'test');
    return position(numericAxes(spec)[0]!.numbers, 'x');
  };
  const decades = axisOf([0, 1, 10, 100]);
  assert.equal((decades['scale'] as JsonObject)['type'], 'symlog');
  assert.match(String(decades['title']), /symlog/);
  assert.deepEqual(labels(decades['axis'] as unknown as { labelExpr: string }), ['0', '1', '10', '100']);
  // Cells of about equal size, the one of 0 among them.
  const [edge] = (decades['scale'] as { readonly domain: readonly number[] }).domain;
  assert.ok(edge! < 0 && edge! > -1);
  assert.equal((axisOf([0, 1, 2, 3])['scale'] as JsonObject)['type'], 'linear');
  assert.equal((axisOf([10, 1e6])['scale'] as JsonObject)['type'], 'log');
  assert.equal((axisOf([1, 3])['scale'] as JsonObject)['type'], 'linear');
});

test('series that meet are set apart evenly, others are not', () => {
  const at = (y: number) => [{ x: 1, y }];
  assert.deepEqual(dodge([at(0), at(1)], 0.1), [0, 0]);
  assert.deepEqual(dodge([at(0), at(0.05), at(1)], 0.1), [-4, 0, 4]);
});
