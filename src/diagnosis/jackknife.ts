/**
 * Standard errors of functions of two samples by leaving points out. Leaving out one point at a time counts what two
 * points do together twice (Efron and Stein, Ann. Stat. 9, 1981), and for products of moments in many dimensions that is
 * most of the variance; so it is estimated from leaving out two, and taken off once.
 */

/** Pairs that are left out, for each point and, of a large set, about in all. */
const [PAIRS_A_POINT, PAIRS] = [8, 4000];
const GOLDEN = 0.6180339887498949;

/** Values of several functions, in a fixed order. */
export type Values = readonly number[];

/** What a function of the sample comes to, and how far it scatters. */
export interface Spread {
  readonly value: number;
  readonly variance: number;
  /** part of `variance` that pairs of points have, beyond what each of them has */
  readonly pairs: number;
  /** degrees of freedom of the variance: by Satterthwaite's rule, from how far the points' parts of it scatter */
  readonly freedom: number;
  /** a sixth of the skewness that the points' parts give (the acceleration of Efron's intervals) */
  readonly acceleration: number;
}

/**
 * @param members places of the points of the two classes, 0 .. n - 1 in all, four or more each
 * @param without values of the functions without some points; of none: of the whole sample
 */
export function leaveOut(
  members: readonly [readonly number[], readonly number[]],
  without: (...left: readonly number[]) => Values,
): Spread[] {
  const whole = without();
  const n = members[0].length + members[1].length;
  const single: Values[] = [];
  for (let i = 0; i < n; i++) single.push(without(i));
  const pairs = pairVariance(members, without, whole, single);
  return whole.map((value, v) => {
    let one = 0;
    let scatter = 0;
    let third = 0;
    for (const places of members) {
      const mean = places.reduce((sum, i) => sum + single[i]![v]!, 0) / places.length;
      const shrink = (places.length - 1) / places.length;
      const parts = places.map((i) => shrink * (single[i]![v]! - mean) ** 2);
      const all = parts.reduce((sum, x) => sum + x, 0);
      one += all;
      scatter += parts.reduce((sum, x) => sum + (x - all / places.length) ** 2, 0);
      third += places.reduce((sum, i) => sum + (mean - single[i]![v]!) ** 3, 0);
    }
    const two = pairs[v]!;
    return {
      value,
      variance: Math.max(one - two, two),
      pairs: two,
      freedom: scatter > 0 ? (2 * one * one) / scatter : Infinity,
      acceleration: one > 0 ? third / (6 * one * Math.sqrt(one)) : 0,
    };
  });
}

/**
 * The variance that pairs have. A function that is an average h over pairs of a class gives h itself from what is left
 * without one, the other, and both; less what each of the two has by itself, that is what the pair adds.
 */
function pairVariance(
  members: readonly [readonly number[], readonly number[]],
  without: (...left: readonly number[]) => Values,
  whole: Values,
  single: readonly Values[],
): number[] {
  const out = whole.map(() => 0);
  for (const places of members) {
    const n = places.length;
    const offsets = offsetsBelow(Math.floor((n - 1) / 2), n);
    const squares = whole.map(() => 0);
    for (let at = 0; at < n; at++)
      for (const offset of offsets) {
        const [i, j] = [places[at]!, places[(at + offset) % n]!];
        without(i, j).forEach((both, v) => {
          const [t, a, b] = [whole[v]!, single[i]![v]!, single[j]![v]!];
          // Differences to the whole, which is what counts: the parts' weights sum to 0.
          const [da, db, dab] = [a - t, b - t, both - t];
          const h = (-(n - 1) * (n - 2) * (da + db) + (n - 2) * (n - 3) * dab) / 2;
          const own = (-(n - 2) / 2) * (da + db);
          squares[v]! += (h - ((n - 1) / (n - 2)) * own) ** 2;
        });
      }
    const weight = 2 / (n * (n - 1));
    const count = n * offsets.length;
    squares.forEach((sum, v) => {
      out[v]! += ((((sum / count) * (n - 1)) / (n - 3)) * weight * weight) / weight;
    });
  }
  const [n, m] = [members[0].length, members[1].length];
  const longer = Math.max(n, m);
  const offsets = offsetsBelow(Math.min(n, m), longer);
  const squares = whole.map(() => 0);
  for (let at = 0; at < longer; at++)
    for (const offset of offsets) {
      const [i, j] = [members[0][(at + (n < m ? offset : 0)) % n]!, members[1][(at + (n < m ? 0 : offset)) % m]!];
      without(i, j).forEach((both, v) => {
        const [t, a, b] = [whole[v]!, single[i]![v]!, single[j]![v]!];
        const [da, db, dab] = [a - t, b - t, both - t];
        const h = (n - 1) * (m - 1) * dab - (n - 1) * m * da - n * (m - 1) * db;
        squares[v]! += (h + (n - 1) * da + (m - 1) * db) ** 2;
      });
    }
  const count = longer * offsets.length;
  squares.forEach((sum, v) => {
    out[v]! += (sum / count / (n * m)) * ((n * m) / ((n - 1) * (m - 1)));
  });
  return out;
}

/** Distances of pairs of `count` points, spread over 1 .. most whatever the order of the points. */
function offsetsBelow(most: number, count: number): number[] {
  const wanted = Math.max(1, Math.min(PAIRS_A_POINT, most, Math.floor(PAIRS / count)));
  const out = new Set<number>();
  for (let k = 1; out.size < wanted; k++) out.add(1 + Math.floor(((k * GOLDEN) % 1) * most));
  return [...out];
}
