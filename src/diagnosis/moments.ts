/**
 * Moments of two classes of points, from their inner products alone, each without bias whatever the law of the points:
 *
 *   mu = (E[x | +1] - E[x | -1]) / 2,   Sigma = sum_c pi_c Cov(x | c),  pi_c = n_c / n of the whole sample
 *
 * U-statistics: every product of moments is averaged over distinct points, so that no point meets itself. That of tr
 * Sigma_c^2 is ((x_i - x_j) . (x_k - x_l))^2 / 4 over distinct i, j, k, l (Chen, Zhang and Zhong, JASA 105, 2010); the
 * others are written the same way, and all of them in sums over rows, O(n^2) in all.
 */

/** Of a two-class set: what the predictions are made of. */
export interface Moments {
  /** ‖mu‖²; may come out negative where there is no signal */
  readonly signal: number;
  /** tr Sigma */
  readonly trace: number;
  /** tr Sigma² */
  readonly traceSquare: number;
  /** muᵀ Sigma mu; may come out negative */
  readonly alongSignal: number;
}

/** Points of one class that the moments need: four distinct ones and, without two of them, four still. */
export const LEAST_POINTS = 6;

/** Sums of one class, points that are left out apart. */
interface Sums {
  n: number;
  /** of <x_i, x_i> */
  own: number;
  /** of r_i = sum over other points of the class of <x_i, x_j>, of r_i², and of <x_i, x_j>² */
  rows: number;
  rowSquares: number;
  squares: number;
  /** the same over the points of the other class: b_i, b_i², and r_i b_i */
  across: number;
  acrossRowSquares: number;
  acrossSquares: number;
  mixed: number;
}

/** Inner products and their row sums, ready for moments with any few points left out. */
export class TwoClasses {
  readonly n: number;
  /** places of the points of each class: +1 first */
  readonly members: readonly [readonly number[], readonly number[]];
  /** n_c / n */
  readonly shares: readonly [number, number];
  /** n x n, about the point halfway between the two means */
  readonly inner: Float64Array;
  private readonly classOf: Uint8Array;
  private readonly within: Float64Array;
  private readonly across: Float64Array;
  private readonly withinSquares: Float64Array;
  private readonly acrossSquares: Float64Array;

  /**
   * @param inner <x_i, x_j> about any point, n x n
   * @param labels in {-1, +1}, length n
   * @throws RangeError for fewer than LEAST_POINTS points of a class
   */
  constructor(inner: Float64Array, labels: Float64Array) {
    const n = labels.length;
    this.n = n;
    this.classOf = Uint8Array.from(labels, (y) => (y > 0 ? 0 : 1));
    const places = (c: number): number[] => [...this.classOf.keys()].filter((i) => this.classOf[i] === c);
    this.members = [places(0), places(1)];
    const few = this.members.find((members) => members.length < LEAST_POINTS);
    if (few) throw new RangeError(`a class must have at least ${LEAST_POINTS} points, got ${few.length}`);
    this.shares = [this.members[0].length / n, this.members[1].length / n];
    this.inner = aboutTheMiddle(inner, n, this.members);
    this.within = new Float64Array(n);
    this.across = new Float64Array(n);
    this.withinSquares = new Float64Array(n);
    this.acrossSquares = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        const x = this.inner[i * n + j]!;
        const same = this.classOf[i] === this.classOf[j];
        (same ? this.within : this.across)[i]! += x;
        (same ? this.withinSquares : this.acrossSquares)[i]! += x * x;
      }
  }

  /** Moments of the sample without some points, O(n) for each of them. @param left places, at most two of a class */
  without(...left: readonly number[]): Moments {
    const { shares } = this;
    const plus = this.sums(0, left);
    const minus = this.sums(1, left);
    const n = plus.n;
    const m = minus.n;
    const [a, b] = [ofClass(plus, minus), ofClass(minus, plus)];
    const signal = plus.rows / falling(n, 2) + minus.rows / falling(m, 2) - (2 * plus.across) / (n * m);
    const crossed =
      plus.acrossSquares -
      plus.acrossRowSquares / m -
      minus.acrossRowSquares / n +
      (plus.across * plus.across) / (n * m);
    const together = crossed / ((n - 1) * (m - 1));
    return {
      signal: signal / 4,
      trace: shares[0] * a.trace + shares[1] * b.trace,
      traceSquare:
        shares[0] * shares[0] * a.traceSquare +
        shares[1] * shares[1] * b.traceSquare +
        2 * shares[0] * shares[1] * together,
      alongSignal: (shares[0] * a.along + shares[1] * b.along) / 4,
    };
  }

  /** Squared distance of point i to the mean of its class. */
  fromMean(i: number): number {
    const { n, inner } = this;
    const own = inner[i * n + i]!;
    const places = this.members[this.classOf[i] as 0 | 1];
    const m = places.length;
    const { rows, own: all } = this.sums(this.classOf[i] as 0 | 1, []);
    return own - (2 * (this.within[i]! + own)) / m + (rows + all) / (m * m);
  }

  private sums(c: 0 | 1, left: readonly number[]): Sums {
    const { n, inner, classOf } = this;
    const out: Sums = {
      n: 0,
      own: 0,
      rows: 0,
      rowSquares: 0,
      squares: 0,
      across: 0,
      acrossRowSquares: 0,
      acrossSquares: 0,
      mixed: 0,
    };
    for (const i of this.members[c]) {
      if (left.includes(i)) continue;
      let r = this.within[i]!;
      let b = this.across[i]!;
      let rr = this.withinSquares[i]!;
      let bb = this.acrossSquares[i]!;
      for (const k of left) {
        const x = inner[i * n + k]!;
        if (classOf[k] === c) {
          r -= x;
          rr -= x * x;
        } else {
          b -= x;
          bb -= x * x;
        }
      }
      out.n++;
      out.own += inner[i * n + i]!;
      out.rows += r;
      out.rowSquares += r * r;
      out.squares += rr;
      out.across += b;
      out.acrossRowSquares += b * b;
      out.acrossSquares += bb;
      out.mixed += r * b;
    }
    return out;
  }
}

/** n (n - 1) ... of k factors. */
function falling(n: number, k: number): number {
  let product = 1;
  for (let f = 0; f < k; f++) product *= n - f;
  return product;
}

/** tr Sigma_c, tr Sigma_c², and deltaᵀ Sigma_c delta with delta the difference of the means. */
function ofClass(own: Sums, other: Sums): { trace: number; traceSquare: number; along: number } {
  const { n, rows, rowSquares, squares, across, mixed } = own;
  const m = other.n;
  // Averages of <i,j>², of <i,j><j,k>, and of <i,j><k,l> over distinct points.
  const pairs = squares / falling(n, 2);
  const chains = (rowSquares - squares) / falling(n, 3);
  const apart = (rows * rows - 4 * (rowSquares - squares) - 2 * squares) / falling(n, 4);
  // ((x_i - x_j) . (x_k - z_a)) ((x_i - x_j) . (x_l - z_b)) / 2, z of the other class, by its three kinds of products.
  const chained = mixed / (m * falling(n, 2)) - (rows * across - 2 * mixed) / (m * falling(n, 3));
  const fromOne = own.acrossRowSquares - own.acrossSquares;
  const fromTwo = across * across - other.acrossRowSquares - fromOne;
  const others = (fromOne / n - fromTwo / falling(n, 2)) / falling(m, 2);
  return {
    trace: own.own / n - rows / falling(n, 2),
    traceSquare: pairs - 2 * chains + apart,
    along: chains - apart - 2 * chained + others,
  };
}

/** Inner products about (mean of one class + mean of the other) / 2. */
function aboutTheMiddle(
  inner: Float64Array,
  n: number,
  members: readonly [readonly number[], readonly number[]],
): Float64Array {
  const weight = new Float64Array(n);
  for (const places of members) for (const i of places) weight[i] = 0.5 / places.length;
  const towards = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) towards[i]! += weight[j]! * inner[i * n + j]!;
  let middle = 0;
  for (let i = 0; i < n; i++) middle += weight[i]! * towards[i]!;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) out[i * n + j] = inner[i * n + j]! - (towards[i]! + towards[j]!) + middle;
  return out;
}
