/** Ticks: two labels or more on every scale, each its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numericAxes, position } from '../../src/figures/axis.ts';
import { dodge } from '../../src/figures/dodge.ts';
import {
  linearChannel,
  linearTicks,
  logTicks,
  roundEnds,
  stepTicks,
  symlogTicks,
  ticksAt,
} from '../../src/figures/ticks.ts';
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

test('axes at the ends of floating point have cells that ascend around their values, and different places', () => {
  for (const values of [
    [1e-160, 1, 1e160],
    [0.1, 1, 1e308],
    [0, 1e9],
    [0, 1e-300, 1e300],
    [1e307, 1e308],
    [1e308, 1.3e308, 1.7e308],
    [5e-324, 1, 1.7e308],
    [1e-308, 1e-307],
    [-1e307, 0, 1e307],
  ]) {
    {
      const [found] = numericAxes({
        axes: [{ id: 'mu', path: 'data.mu', name: 'mu', values }],
      } as unknown as Parameters<typeof numericAxes>[0]);
      const { edges, log } = found!.numbers;
      const told = `${values.join()}: ${edges.join()}`;
      assert.ok(edges.every(Number.isFinite) && (!log || edges[0]! > 0), told);
      values.forEach((value, i) => assert.ok(edges[i]! <= value && value <= edges[i + 1]!, told));
      assert.ok(
        edges.slice(1).every((edge, i) => edge > edges[i]!) && Number.isFinite(edges.at(-1)! - edges[0]!),
        told,
      );
      const { axis } = position(found!.numbers, 'x') as unknown as { axis: { labelExpr: string } };
      assert.equal(new Set(labels(axis)).size, values.length, told);
    }
  }
});

test('a tick says its value: none is rounded onto another number that can be meant', () => {
  const said = (values: number[]): string[] => labels(ticksAt(values));
  assert.deepEqual(said([0, 1e-5, 0.49999]), ['0', '10⁻⁵', '0.49999']);
  assert.deepEqual(said([0.1, 0.49999]), ['0.1', '0.49999']);
  assert.deepEqual(said([1e-5, 0.5, 20, 1e6]), ['10⁻⁵', '0.5', '20', '10⁶']);
  assert.deepEqual(said([1e-3, 1, 1e5]), ['10⁻³', '10⁰', '10⁵']);
  assert.deepEqual(said([1 / 3, 2 / 3]), ['0.3333', '0.6667']);
});

test('series that meet are set apart evenly, others are not', () => {
  const at = (y: number) => [{ x: 1, y }];
  assert.deepEqual(dodge([at(0), at(1)], 0.1), [0, 0]);
  assert.deepEqual(dodge([at(0), at(0.05), at(1)], 0.1), [-4, 0, 4]);
});
