/** Statistics of a two-class set: by their definitions, closed forms, invariances, and how often intervals hold the truth. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productTransposed, symmetricEigenvalues } from '../../src/core/linear-algebra.ts';
import { binomialInterval, meanAndSe, twoSidedP } from '../../src/core/statistics.ts';
import { sampleGeometry } from '../../src/diagnosis/geometry.ts';
import { leaveOut } from '../../src/diagnosis/jackknife.ts';
import { TwoClasses } from '../../src/diagnosis/moments.ts';
import { spectrumOf } from '../../src/diagnosis/spectrum.ts';
import { twoClassStatistics } from '../../src/diagnosis/statistics.ts';
import { coverage, SCENARIOS, type Scenario } from '../../validation/diagnosis-coverage.ts';
import { dot, normals } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { COVERED, DEFINITION, FALSE_ALARM } from '../tolerances.ts';

const close = (a: number, b: number, what = ''): void =>
  assert.ok(Math.abs(a - b) <= DEFINITION * Math.max(1, Math.abs(b)), `${what} ${a} for ${b}`);
const rowsOf = (x: Float64Array, d: number): Float64Array[] =>
  Array.from({ length: x.length / d }, (_, i) => x.subarray(i * d, (i + 1) * d));
const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, k) => x - b[k]!);
const labelled = (...y: number[]): Float64Array => Float64Array.from(y);

function* tuples<Value>(from: readonly Value[], count: number, chosen: readonly Value[] = []): Generator<Value[]> {
  if (count === 0) return yield [...chosen];
  for (const one of from) if (!chosen.includes(one)) yield* tuples(from, count - 1, [...chosen, one]);
}
function average<Value>(of: Iterable<Value>, value: (one: Value) => number): number {
  let [sum, count] = [0, 0];
  for (const one of of) {
    sum += value(one);
    count++;
  }
  return sum / count;
}

/** Moments as averages over all tuples of distinct points. */
function byDefinition(rows: readonly Float64Array[], y: Float64Array, [p, q]: readonly [number, number]): number[] {
  const [A, B] = [1, -1].map((label) => rows.filter((_, i) => y[i] === label)) as [Float64Array[], Float64Array[]];
  const half = (a: Float64Array, b: Float64Array): number => dot(minus(a, b), minus(a, b)) / 2;
  const fourth = (a: Float64Array, b: Float64Array, c: Float64Array, e: Float64Array): number =>
    dot(minus(a, b), minus(c, e)) ** 2 / 4;
  const along = (own: Float64Array[], other: Float64Array[]): number =>
    average(tuples(own, 4), ([i, j, k, l]) =>
      average(
        tuples(other, 2),
        ([a, b]) => (dot(minus(i!, j!), minus(k!, a!)) * dot(minus(i!, j!), minus(l!, b!))) / 2,
      ),
    );
  const both = (f: (a: Float64Array, b: Float64Array, c: Float64Array, e: Float64Array) => number): number =>
    average(tuples(A, 2), ([a, b]) => average(tuples(B, 2), ([c, e]) => f(a!, b!, c!, e!)));
  const trace = [A, B].map((own) => average(tuples(own, 2), ([a, b]) => half(a!, b!)));
  const square = [A, B].map((own) => average(tuples(own, 4), ([a, b, c, e]) => fourth(a!, b!, c!, e!)));
  return [
    both((a, b, c, e) => dot(minus(a, c), minus(b, e))) / 4,
    p * trace[0]! + q * trace[1]!,
    p * p * square[0]! + q * q * square[1]! + 2 * p * q * both(fourth),
    (p * along(A, B) + q * along(B, A)) / 4,
  ];
}

const gram = (x: Float64Array, n: number): Float64Array => productTransposed(x, n, x, n, x.length / n);

test('moments are averages over distinct points, also without some of them', () => {
  const y = labelled(1, 1, -1, 1, 1, -1, -1, 1, 1, -1, -1, -1, -1);
  const x = normals(3 * y.length, 5).map((value, at) => value * ((at % 3) + 1) + 4 + y[Math.floor(at / 3)]!);
  const set = new TwoClasses(gram(x, y.length), y);
  for (const left of [[], [3], [3, 5], [0, 1]]) {
    const stays = (_: unknown, i: number): boolean => !left.includes(i);
    const expected = byDefinition(rowsOf(x, 3).filter(stays), y.filter(stays), set.shares);
    const found = Object.values(set.without(...left)) as number[];
    found.forEach((value, at) => close(value, expected[at]!, `without ${left}: moment ${at}`));
  }
  assert.throws(
    () =>
      new TwoClasses(
        gram(x, 13),
        y.map((_, i) => (i < 5 ? 1 : -1)),
      ),
    /at least 6 points, got 5/,
  );
});

test('nothing depends on the origin, the order of the points or the names of the classes; units come out', () => {
  const [n, d] = [40, 30];
  const y = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? -1 : 1));
  const x = normals(n * d, 6).map((value, at) => value / ((at % d) + 1) + 0.3 * y[Math.floor(at / d)]!);
  const numbers = (values: Float64Array, labels: Float64Array): number[] => {
    const { signal, trace, traceSquare, alongSignal, norm, effectiveNorm, effectiveSquare, control } =
      twoClassStatistics(gram(values, n), labels);
    return [signal, trace, traceSquare, alongSignal, norm, effectiveNorm, effectiveSquare, control].map(
      ({ value }) => value,
    );
  };
  const same = (a: number[], b: number[]): void => a.forEach((value, at) => close(value, b[at]!, String(at)));
  const plain = numbers(x, y);
  same(
    numbers(
      x.map((value, at) => value + (at % d)),
      y,
    ),
    plain,
  );
  same(
    numbers(
      x,
      y.map((label) => -label),
    ),
    plain,
  );
  const turned = new Float64Array(
    rowsOf(x, d)
      .toReversed()
      .flatMap((row) => [...row]),
  );
  same(numbers(turned, y.toReversed()), plain);
  const units = [4, 4, 16, 16, 4, 1, 1, 1];
  same(
    numbers(
      x.map((value) => 2 * value),
      y,
    ),
    plain.map((value, at) => units[at]! * value),
  );
});

test('sets without noise, on a line, or with each point twice', () => {
  const y = Float64Array.from({ length: 12 }, (_, i) => (i % 2 ? 1 : -1));
  assert.throws(() => twoClassStatistics(gram(y, 12), y), /must differ from each other, got no variance/);
  const x = normals(12, 4);
  for (const values of [x, Float64Array.from(x, (_, i) => x[i - (i % 4 > 1 ? 2 : 0)]!), x.map(Math.sign)]) {
    const {
      n: _n,
      sizes: _sizes,
      normStandsOut: _out,
      normPoints: _points,
      sampleNorm,
      eigenvalues,
      controls,
      ...all
    } = twoClassStatistics(gram(values, 12), y, 0.05, [12, 5]);
    assert.deepEqual(controls[0], all.control);
    assert.ok(sampleNorm > 0 && eigenvalues[0] === sampleNorm);
    for (const [name, { value, low, high }] of Object.entries(all))
      assert.ok(low <= value && value <= high && Number.isFinite(value), `${name}: ${low} ${value} ${high}`);
  }
});

test('leaving out: of means their variance, of products of pairs what pairs have', () => {
  const members = [
    [0, 1, 2, 3, 4, 5, 6],
    [7, 8, 9, 10, 11, 12],
  ] as const;
  const x = normals(13, 8);
  const mean = (left: readonly number[], c: 0 | 1): number =>
    average(
      members[c].filter((i) => !left.includes(i)),
      (i) => x[i]!,
    );
  const [difference, product] = leaveOut(members, (...left) => [
    mean(left, 0) - mean(left, 1),
    average(
      tuples(
        members[0].filter((i) => !left.includes(i)),
        2,
      ),
      ([i, j]) => (i! % 2 ? -1 : 1) * (j! % 2 ? -1 : 1),
    ),
  ]);
  const se = [0, 1].map((c) => meanAndSe(members[c as 0 | 1].map((i) => x[i]!)).se);
  close(difference!.variance, se[0]! ** 2 + se[1]! ** 2);
  close(difference!.pairs, 0);
  // Signs of sum 1 of seven: the average over pairs is -1/7, and nearly all that scatters is of pairs.
  close(product!.value, -1 / 7);
  assert.ok(product!.pairs > 0 && product!.variance >= product!.pairs);
});

test('the spectrum of a sample is that of its covariance; a variance that stands out is found', () => {
  const [n, d] = [60, 6];
  const x = normals(n * d, 9).map((value, at) => value * (at % d === 0 ? 5 : 1));
  const members = [Array.from({ length: 25 }, (_, i) => i), Array.from({ length: 35 }, (_, i) => 25 + i)] as const;
  const covariance = new Float64Array(d * d);
  for (const places of members) {
    const rows = places.map((i) => x.subarray(i * d, (i + 1) * d));
    const mean = Array.from({ length: d }, (_, k) => average(rows, (row) => row[k]!));
    for (const row of rows)
      for (let a = 0; a < d; a++)
        for (let b = 0; b < d; b++) covariance[a * d + b]! += ((row[a]! - mean[a]!) * (row[b]! - mean[b]!)) / (n - 2);
  }
  const lambda = symmetricEigenvalues(covariance, d);
  const found = spectrumOf(gram(x, n), n, members);
  close(found.sampleNorm, lambda[d - 1]!);
  const others = [...lambda.slice(0, d - 1), ...Array.from({ length: n - 2 - d }, () => 0)];
  close(found.norm, (n - 3) / others.reduce((sum, one) => sum + 1 / (lambda[d - 1]! - one), 0));
  close(
    found.shares.reduce((sum, share) => sum + share, 0),
    0,
  );
  assert.ok(found.norm < found.sampleNorm && found.stretch > 1);
});

test('near orthogonality and the margin of a sample', () => {
  const points = labelled(3, 1, -3, 1, 6, 2);
  const geometry = sampleGeometry(gram(points, 3), labelled(1, -1, 1));
  assert.deepEqual([geometry.least, geometry.largest, geometry.largestProduct, geometry.overlap], [10, 40, 20, 6]);
  assert.equal(geometry.separation.kind, 'separable');
  if (geometry.separation.kind !== 'separable') return;
  // y x is (3, 1), (3, -1), (6, 2): the first axis is as far from the first two, and the third is further out.
  close(geometry.separation.margin, 3);
  close(geometry.separation.relativeMargin, 3 / Math.sqrt(20));
  assert.equal(geometry.separation.supportVectors, 2);
  const inseparable = sampleGeometry(labelled(1, 1, 1, 1), labelled(1, -1));
  assert.equal(inseparable.separation.kind, 'inseparable');
});

/** Short forms of those of validation/diagnosis-coverage.ts. */
const power = SCENARIOS.find(({ id }) => id === 'power')!;
const SHORT: Scenario = { ...power, sizes: [40, 40], spectrum: power.spectrum.slice(0, 100) };
const SETS = 300;

test('estimates are right on the mean and intervals hold the truth as often as they say (300 sets, 1e-3 in all)', (t) => {
  const { coverage: rows, standsOut } = coverage(SHORT, SETS, 77);
  const family: Record<string, number> = {};
  for (const { quantity, truth, mean, se, held } of rows) {
    if (['signal', 'trace', 'traceSquare', 'alongSignal'].includes(quantity))
      family[`${quantity} on the mean`] = twoSidedP((mean - truth) / se);
    // At least as many as COVERED of the truth would leave: too wide is no mistake here, too short is.
    const [, high] = binomialInterval(held, SETS, 1 - FALSE_ALARM / rows.length);
    assert.ok(high >= COVERED, `${quantity}: ${held} of ${SETS}`);
  }
  holdsInLaw(t, family);
  assert.ok(standsOut > 0 && standsOut < 1);
});

test('plug-in moments and intervals of half the length are found out (negative control)', () => {
  const { coverage: rows } = coverage(SHORT, SETS, 77, (inner, labels) => {
    const found = twoClassStatistics(inner, labels);
    const size = labels.length;
    const shorter = <Name extends 'traceSquare' | 'trace'>(name: Name) => {
      const { value, low, high } = found[name];
      return { value, low: (value + low) / 2, high: (value + high) / 2 };
    };
    const plugIn = found.signal.value + (found.trace.value * 4) / size / 4;
    return {
      ...found,
      trace: shorter('trace'),
      traceSquare: shorter('traceSquare'),
      signal: { ...found.signal, value: plugIn },
    };
  });
  const of = (name: string) => rows.find(({ quantity }) => quantity === name)!;
  assert.ok(twoSidedP((of('signal').mean - of('signal').truth) / of('signal').se) < FALSE_ALARM);
  for (const name of ['trace', 'traceSquare'])
    assert.ok(binomialInterval(of(name).held, SETS, 1 - FALSE_ALARM)[1] < COVERED, name);
});
