import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latticeGenerator } from '../../src/core/lattice.ts';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe, twoSidedP } from '../../src/core/statistics.ts';
import { key } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { LATTICE_GAIN, ROUNDING } from '../tolerances.ts';

test('every coordinate runs over the full grid', () => {
  for (const points of [1, 2, 3, 7, 8, 12, 64, 100, 128]) {
    for (const z of latticeGenerator(points, 12).slice(0, 12)) {
      const seen = new Set(Array.from({ length: points }, (_, i) => (i * z) % points));
      assert.equal(seen.size, points, `z = ${z}, N = ${points}`);
    }
  }
});

test('equal weights: the same promises, other vectors', () => {
  const equal = latticeGenerator(64, 20, 'equal');
  assert.ok(equal.slice(0, 20).every((z) => z % 2 === 1));
  assert.deepEqual(latticeGenerator(64, 5, 'equal').slice(0, 5), equal.slice(0, 5));
  assert.notDeepEqual(equal.slice(0, 20), latticeGenerator(64, 20).slice(0, 20));
});

test('large lattices of equal weights, from a few candidates a component: the full grid, and no worse than half as many points from all', (t) => {
  /** squared worst-case error in the Korobov space of smoothness 2 with weights 0.03 */
  const error = (N: number, generator: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < N; i++)
      sum += generator
        .slice(0, 20)
        .reduce(
          (product, z) =>
            product * (1 + 0.03 * 2 * Math.PI ** 2 * ((((i * z) % N) / N) ** 2 - ((i * z) % N) / N + 1 / 6)),
          1,
        );
    return sum / N - 1;
  };
  const errors = [1024, 2048, 4096].map((N) => error(N, latticeGenerator(N, 20, 'equal')));
  t.diagnostic(errors.map((one) => one.toPrecision(3)).join(', '));
  assert.ok(
    latticeGenerator(2048, 20, 'equal')
      .slice(0, 20)
      .every((z) => z % 2 === 1 && z < 1024),
  );
  assert.ok(errors[1] < errors[0] && errors[2] < errors[1]);
  assert.ok(
    error(
      2048,
      Array.from({ length: 20 }, (_, j) => 2 * j + 1),
    ) > errors[0],
  ); // a poor vector is told apart
});

test('a longer generating vector starts with the shorter one', () => {
  const short = latticeGenerator(60, 3).slice(0, 3);
  assert.deepEqual(latticeGenerator(60, 20).slice(0, 3), short);
  assert.equal(latticeGenerator(60, 20).length, 20);
});

test('two components have the least worst-case error of all pairs', () => {
  // squared worst-case error of the points (i z1, i z2) / N in the Korobov space of smoothness 2 with weights 1, 1/4
  const N = 50;
  const kernel = (i: number): number => 2 * Math.PI ** 2 * ((i / N) ** 2 - i / N + 1 / 6);
  const error = (z1: number, z2: number): number => {
    let sum = 0;
    for (let i = 0; i < N; i++) sum += (1 + kernel((i * z1) % N)) * (1 + kernel((i * z2) % N) / 4);
    return sum / N - 1;
  };
  const coprime = Array.from({ length: N }, (_, z) => z).filter((z) => z % 2 && z % 5);
  const least = Math.min(...coprime.map((z) => error(1, z))); // (z1, z2) and (1, z2 / z1) are the same point set
  const [first, second] = latticeGenerator(N, 2);
  assert.ok(Math.abs(error(first, second) - least) <= ROUNDING * least);
  assert.ok(error(1, 1) > 2 * least); // a poor pair is told apart
});

test('shift-averaged integration of a smooth function is unbiased and beats Monte Carlo', (t) => {
  const dimensions = 6;
  const N = 64;
  const shifts = 200;
  const integrand = (x: readonly number[]): number =>
    x.reduce((product, one, j) => product * (1 + (one * one - 1 / 3) / (j + 1)), 1); // integral 1, not periodic
  const generator = latticeGenerator(N, dimensions);
  const stream = new Stream(key(2), 'test');
  const uniforms = (): number[] => Array.from({ length: dimensions }, () => stream.uniform());
  const mean = (points: number[][]): number => points.reduce((sum, x) => sum + integrand(x), 0) / points.length;
  const lattice = Array.from({ length: shifts }, () => {
    const shift = uniforms();
    return mean(Array.from({ length: N }, (_, i) => shift.map((one, j) => (((i * generator[j]) % N) / N + one) % 1)));
  });
  const plain = Array.from({ length: shifts }, () => mean(Array.from({ length: N }, uniforms)));
  const a = meanAndSe(lattice);
  const b = meanAndSe(plain);
  holdsInLaw(t, { lattice: twoSidedP((a.mean - 1) / a.se), 'Monte Carlo': twoSidedP((b.mean - 1) / b.se) });
  const gain = (b.se / a.se) ** 2;
  t.diagnostic(`variance ratio ${gain.toFixed(0)}`);
  assert.ok(gain >= LATTICE_GAIN);
});
