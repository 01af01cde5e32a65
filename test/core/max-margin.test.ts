import assert from 'node:assert/strict';
import { test } from 'node:test';
import quadprog from 'quadprog';
import { productTransposed, solvePositiveDefinite } from '../../src/core/linear-algebra.ts';
import { maxMargin, type MaxMargin } from '../../src/core/max-margin.ts';
import { Stream } from '../../src/core/random.ts';
import { dot, key, normals } from '../helpers/problems.ts';
import { FACTORISATION, KKT, MARGIN_ORACLE, SMALL_MARGIN } from '../tolerances.ts';

interface Points {
  readonly n: number;
  readonly d: number;
  /** n x d */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const gramOf = ({ x, n, d }: Points): Float64Array => productTransposed(x, n, x, n, d);
const solve = (points: Points): MaxMargin => maxMargin(gramOf(points), points.y);

/** Standard normal points, their uniform labels times `shift` added to the first coordinate. */
function randomPoints(n: number, d: number, shift: number, seed: number): Points {
  const stream = new Stream(key(seed), 'data/labels');
  const x = normals(n * d, seed);
  const y = Float64Array.from({ length: n }, () => (stream.uniform() < 0.5 ? 1 : -1));
  for (let i = 0; i < n; i++) x[i * d] += shift * y[i];
  return { n, d, x, y };
}

function normOf(result: MaxMargin): number {
  assert.equal(result.kind, 'separable');
  return result.kind === 'separable' ? result.norm : NaN;
}

/** ‖w*‖ by another program, which works on w itself; undefined when it finds the constraints inconsistent. */
function oracle({ n, d, x, y }: Points): number | undefined {
  const from1 = <T>(length: number, of: (k: number) => T): T[] =>
    Array.from({ length: length + 1 }, (_, k) => of(k - 1));
  const identity = from1(d, (a) => from1(d, (b) => (a === b ? 1 : 0)));
  const columns = from1(d, (k) => from1(n, (i) => (i >= 0 && k >= 0 ? y[i] * x[i * d + k] : 0)));
  const { solution, message } = quadprog.solveQP(
    identity,
    from1(d, () => 0),
    columns,
    from1(n, () => 1),
  );
  return message === '' ? Math.sqrt(solution.slice(1).reduce((sum, w) => sum + w * w, 0)) : undefined;
}

// n, d, shift: far above n = d, at it, below it without a signal (separable up to n near 2d) and with one
const SHAPES = [
  [20, 60, 1],
  [20, 21, 0],
  [30, 30, 0],
  [30, 20, 0],
  [40, 5, 3],
  [12, 6, 0],
  [30, 16, 0],
  [25, 12, 1],
  [40, 12, 0],
  [15, 3, 0],
] as const;

test('norms agree with quadprog on separable sets, and both refuse the same inseparable ones', (t) => {
  let separable = 0;
  let inseparable = 0;
  let worst = 0;
  for (let draw = 0; separable < 200; draw++) {
    const [n, d, shift] = SHAPES[draw % SHAPES.length];
    const points = randomPoints(n, d, shift, 1000 + draw);
    const result = solve(points);
    const expected = oracle(points);
    if (expected === undefined) {
      inseparable++;
      if (result.kind !== 'inseparable') assert.fail(`n = ${n}, d = ${d}: ${result.kind}, quadprog: inconsistent`);
      const sum = new Float64Array(d);
      result.certificate.forEach((p, i) => {
        assert.ok(p >= 0);
        for (let k = 0; k < d; k++) sum[k] += p * points.y[i] * points.x[i * d + k];
      });
      assert.ok(Math.abs(result.certificate.reduce((total, p) => total + p, 0) - 1) <= FACTORISATION);
      // the certificate holds for the vectors themselves, not only for their inner products
      assert.ok(Math.sqrt(dot(sum, sum)) <= SMALL_MARGIN * Math.sqrt(d), `‖sum p y x‖ = ${Math.sqrt(dot(sum, sum))}`);
      continue;
    }
    separable++;
    const norm = normOf(result);
    worst = Math.max(worst, Math.abs(norm / expected - 1));
    assert.ok(Math.abs(norm / expected - 1) <= MARGIN_ORACLE, `n = ${n}, d = ${d}: ${norm} against ${expected}`);
    if (result.kind !== 'separable') continue;
    assert.ok(result.kkt <= KKT && result.gap <= MARGIN_ORACLE);
    assert.ok(Math.abs(result.alpha.reduce((sum, a) => sum + a, 0) / (norm * norm) - 1) <= MARGIN_ORACLE); // ‖w*‖^2 = sum(alpha)
  }
  t.diagnostic(
    `${separable} separable (worst relative difference ${worst.toExponential(1)}), ${inseparable} inseparable`,
  );
  assert.ok(inseparable >= 50);
  // negative control: one label turned gives another norm
  const points = randomPoints(20, 60, 1, 999);
  const turned = { ...points, y: points.y.map((y, i) => (i === 0 ? -y : y)) };
  assert.ok(Math.abs(normOf(solve(turned)) / oracle(points)! - 1) > 1000 * MARGIN_ORACLE);
});

test('closed forms: one point, two points, orthogonal points', () => {
  const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) <= FACTORISATION * b, `${a} instead of ${b}`);
  near(normOf(maxMargin(Float64Array.of(4), Float64Array.of(-1))), 1 / 2);
  // both support, or the shorter one alone when it says all that the other wants
  for (const [a, b, c] of [
    [1, 0.3, 2],
    [1, -0.9, 1],
    [2, 0.999, 1],
    [1, 1.2, 4],
    [9, 1, 1],
  ]) {
    const square = b < Math.min(a, c) ? (a + c - 2 * b) / (a * c - b * b) : 1 / Math.min(a, c);
    near(normOf(maxMargin(Float64Array.of(a, b, b, c), Float64Array.of(1, 1))), Math.sqrt(square));
    near(normOf(maxMargin(Float64Array.of(a, -b, -b, c), Float64Array.of(1, -1))), Math.sqrt(square));
  }
  const squares = [0.01, 1, 3, 400];
  const diagonal = Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? squares[at / 5] : 0));
  near(
    normOf(maxMargin(diagonal, Float64Array.of(1, -1, -1, 1))),
    Math.sqrt(squares.reduce((sum, s) => sum + 1 / s, 0)),
  );
});

test('the interpolators of Karhadkar et al. 2024 (B.3, B.4) have margin 1 and no smaller norm', (t) => {
  const ratios: number[] = [];
  for (const [n, d, gamma, share] of [
    [20, 40, 0.1, 0.1],
    [30, 31, 0.2, 0.1],
    [30, 300, 0.02, 0.2],
    [50, 100, 0.1, 0.1],
    [16, 64, 0.5, 0.25],
  ]) {
    for (let seed = 0; seed < 4; seed++) {
      // x_i = sqrt(gamma) y_i v + sqrt(1 - gamma) n_i with v = e_1, n_i ~ N(0, (I - v vᵀ) / d), the first k labels
      // flipped
      const { x: N, y } = randomPoints(n, d, 0, 2000 + 10 * n + seed);
      for (let at = 0; at < n * d; at++) N[at] = at % d === 0 ? 0 : N[at] / Math.sqrt(d);
      const labels = y.map((label, i) => (i < share * n ? -label : label));
      const x = N.map(
        (noise, at) => Math.sqrt(1 - gamma) * noise + (at % d === 0 ? Math.sqrt(gamma) * y[Math.floor(at / d)] : 0),
      );
      const norm = normOf(solve({ n, d, x, y: labels }));
      const G = productTransposed(N, n, N, n, d);
      const squarePinv = (u: Float64Array): number => dot(u, solvePositiveDefinite(G, n, u)); // ‖N†u‖^2
      const b3 = Math.sqrt(
        1 / gamma + (4 * squarePinv(labels.map((label, i) => (label === y[i] ? 0 : label)))) / (1 - gamma),
      );
      const b4 = Math.sqrt(squarePinv(labels) / (1 - gamma));
      ratios.push(b3 / norm, b4 / norm);
    }
  }
  t.diagnostic(`interpolators over ‖w*‖: ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(2)}`);
  assert.ok(ratios.every((ratio) => ratio >= 1));
  assert.ok(Math.min(...ratios) < 1.1); // the bound is close somewhere: a norm that is far too small would pass unseen
});

test('permuting the points changes nothing, scaling them scales the norm', () => {
  for (const [n, d] of [
    [20, 40],
    [24, 20],
  ]) {
    const points = randomPoints(n, d, 0.5, 77);
    const norm = normOf(solve(points));
    const order = Array.from({ length: n }, (_, i) => (7 * i + 3) % n); // 7 divides neither n
    const permuted = {
      ...points,
      x: Float64Array.from(order.flatMap((i) => [...points.x.subarray(i * d, (i + 1) * d)])),
      y: Float64Array.from(order, (i) => points.y[i]),
    };
    assert.ok(Math.abs(normOf(solve(permuted)) / norm - 1) <= KKT * n);
    for (const scale of [1e-3, 1e4])
      assert.ok(
        Math.abs((normOf(solve({ ...points, x: points.x.map((v) => scale * v) })) * scale) / norm - 1) <= KKT * n,
      );
  }
});

test('small margins: separable as long as the inner products can tell', () => {
  for (const [epsilon, tolerance] of [
    [1e-2, KKT],
    [1e-4, SMALL_MARGIN],
  ]) {
    // (1, e) and (-1, e) with the same label: w* = (0, 1/e)
    const norm = normOf(solve({ n: 2, d: 2, x: Float64Array.of(1, epsilon, -1, epsilon), y: Float64Array.of(1, 1) }));
    assert.ok(Math.abs(norm * epsilon - 1) <= tolerance, `${norm * epsilon}`);
  }
  assert.equal(
    solve({ n: 2, d: 2, x: Float64Array.of(1, 1e-9, -1, 1e-9), y: Float64Array.of(1, 1) }).kind,
    'inseparable',
  );
});

test('degenerate sets', () => {
  const kind = (x: number[], y: number[]): string =>
    solve({ n: y.length, d: x.length / y.length, x: Float64Array.from(x), y: Float64Array.from(y) }).kind;
  assert.equal(kind([1, 2, 1, 2], [1, -1]), 'inseparable'); // equal points, opposite labels
  assert.equal(kind([1, 0, 0, 0], [1, 1]), 'inseparable'); // a point at the origin
  assert.equal(kind([1, 2, 3], [1, 1, -1]), 'inseparable'); // on one line
  assert.equal(kind([1, 2, -3], [1, 1, -1]), 'separable');
  const doubled = randomPoints(10, 12, 0, 78);
  const twice = {
    n: 20,
    d: 12,
    x: Float64Array.from([...doubled.x, ...doubled.x]),
    y: Float64Array.from([...doubled.y, ...doubled.y]),
  };
  assert.ok(Math.abs(normOf(solve(twice)) / normOf(solve(doubled)) - 1) <= MARGIN_ORACLE); // singular Q
});

test('what is not decided is said: a cap on cycles, lengths beyond rounding', () => {
  const hard = randomPoints(40, 24, 0, 79);
  assert.equal(maxMargin(gramOf(hard), hard.y, 0).kind, 'undecided');
  assert.equal(maxMargin(gramOf(hard), hard.y).kind, 'separable');
  // (1, 1e-9), (-1e9, 1): the second hides the first coordinate's 1e-9 in every product
  assert.notEqual(
    solve({ n: 2, d: 2, x: Float64Array.of(1, 1e-9, -1e9, 1), y: Float64Array.of(1, 1) }).kind,
    'separable',
  );
});
