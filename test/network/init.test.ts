import assert from 'node:assert/strict';
import { test } from 'node:test';
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { normalCdf } from '../../src/core/special.ts';
import { buildNetwork, drawInitialWeights, type InitParameters } from '../../src/network/two-layer.ts';
import { dot, key, NETWORK } from '../helpers/problems.ts';
import { holdsInLaw, ksAgainst } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL } from '../tolerances.ts';

const network = buildNetwork({ ...NETWORK, m: 5, bias: true }, 2);
const draw = (law: InitParameters['law'], frame: { ambient: number; used: number }, replicate = 0) =>
  drawInitialWeights({ law, sigma0: 0.3 }, network, frame, key(41, replicate));

const uniformCdf = (bound: number) => (x: number) => Math.min(1, Math.max(0, (x + bound) / (2 * bound)));

test('shapes: explicit rows have d coordinates, d-free ones a triangle beyond the axes in use', () => {
  assert.equal(draw('gaussian', { ambient: 50, used: 50 }).columns, 50);
  for (const [ambient, used, columns] of [
    [50, 9, 19],
    [1e12, 9, 19],
    [12, 9, 12],
    [9, 9, 9],
  ] as const) {
    const { rows, columns: ours } = draw('gaussian', { ambient, used });
    assert.equal(ours, columns);
    assert.equal(rows.length, 10 * columns);
    for (let r = 0; r < 10; r++) {
      for (let k = 0; k < columns; k++) {
        const zero = k > used + r; // above the triangle
        assert.equal(rows[r * columns + k] === 0, zero, `filter ${r}, axis ${k}`);
        if (k === used + r) assert.ok(rows[r * columns + k] > 0, 'chi is positive');
      }
    }
  }
});

test('laws of weights and biases', (t) => {
  const family: Record<string, number> = {};
  const d = 40;
  const bound = 1 / Math.sqrt(d);
  const explicit = { ambient: d, used: d };
  const many = (law: InitParameters['law']): { weights: number[]; biases: number[] } => {
    const draws = Array.from({ length: 200 }, (_, replicate) => draw(law, explicit, replicate));
    return { weights: draws.flatMap(({ rows }) => [...rows]), biases: draws.flatMap(({ bias }) => [...bias]) };
  };
  const gaussian = many('gaussian');
  const pytorch = many('pytorch');
  const likePytorch = many('pytorch-gaussian');
  family['gaussian'] = ksAgainst(gaussian.weights, (x) => normalCdf(x / 0.3));
  family['pytorch: uniform'] = ksAgainst(pytorch.weights, uniformCdf(bound));
  family['pytorch-gaussian: variance 1/(3d)'] = ksAgainst(likePytorch.weights, (x) => normalCdf(x * Math.sqrt(3 * d)));
  family['pytorch: bias'] = ksAgainst(pytorch.biases, uniformCdf(bound));
  family['pytorch-gaussian: bias'] = ksAgainst(likePytorch.biases, uniformCdf(bound));
  assert.ok(pytorch.weights.every((x) => Math.abs(x) <= bound));
  assert.ok(gaussian.biases.every((b) => b === 0));
  // d-free rows have the squared norm of d normals
  for (const [ambient, used] of [
    [1000, 9],
    [12, 9],
    [9, 9],
  ]) {
    const norms = Array.from({ length: 400 }, (_, replicate) => {
      const { rows, columns } = draw('gaussian', { ambient, used }, replicate);
      return Array.from(
        { length: 10 },
        (_, r) =>
          dot(rows.subarray(r * columns, (r + 1) * columns), rows.subarray(r * columns, (r + 1) * columns)) / 0.09,
      );
    }).flat();
    family[`|w|^2 at d = ${ambient}`] = ksAgainst(norms, (x) => chiSquareCdf(x, ambient));
  }
  holdsInLaw(t, family);
  assert.ok(ksAgainst(likePytorch.weights, uniformCdf(bound)) < NEGATIVE_CONTROL); // equal variance is not equal law
});

test('no bias without a bias; uniform weights need explicit vectors', () => {
  const plain = buildNetwork({ ...NETWORK, m: 5 }, 2);
  assert.ok(
    drawInitialWeights({ law: 'pytorch', sigma0: 0 }, plain, { ambient: 5, used: 5 }, key(1)).bias.every(
      (b) => b === 0,
    ),
  );
  assert.throws(() => draw('pytorch', { ambient: 50, used: 9 }), RangeError);
});

test('draws are nested: wider networks keep the first filters, and sigma0 only scales', () => {
  const rows = (m: number, sigma0: number): Float64Array[] => {
    const { rows: all, columns } = drawInitialWeights(
      { law: 'gaussian', sigma0 },
      buildNetwork({ ...NETWORK, m }, 2),
      { ambient: 1000, used: 4 },
      key(1),
    );
    return Array.from({ length: 2 * m }, (_, r) => all.slice(r * columns, r * columns + 4 + r + 1));
  };
  assert.deepEqual(rows(5, 0.25).slice(0, 4), rows(2, 0.25));
  assert.deepEqual(
    rows(2, 1),
    rows(2, 0.25).map((row) => row.map((x) => 4 * x)),
  );
});
