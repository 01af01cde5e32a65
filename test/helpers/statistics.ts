/** Goodness-of-fit tests for the tests: p-values, and families of them under one false-alarm rate. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { FALSE_ALARM } from '../tolerances.ts';

/** P(K > x) for Kolmogorov's law. */
function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * p of a Kolmogorov-Smirnov distance with an effective sample size, Stephens' correction (J. R. Stat. Soc. B 32, 1970).
 */
const kolmogorovP = (distance: number, size: number): number =>
  kolmogorovTail(distance * (Math.sqrt(size) + 0.12 + 0.11 / Math.sqrt(size)));

/** One-sample Kolmogorov-Smirnov test: p-value that the values come from the law with this distribution function. */
export function ksAgainst(values: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, p - i / sorted.length, (i + 1) / sorted.length - p);
  });
  return kolmogorovP(distance, sorted.length);
}

/** Two-sample Kolmogorov-Smirnov test. */
export function ksBetween(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i], b[j]);
    while (a[i] <= x) i++;
    while (b[j] <= x) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return kolmogorovP(distance, (a.length * b.length) / (a.length + b.length));
}

/** p-value of a chi-square statistic; absolute accuracy 1e-16. */
export const chiSquareP = (statistic: number, freedom: number): number => 1 - chiSquareCdf(statistic, freedom);

/** Pearson's test of counts against expected counts. */
export function pearsonP(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let statistic = 0;
  for (let i = 0; i < counts.length; i++) statistic += (counts[i] - expected[i]) ** 2 / expected[i];
  return chiSquareP(statistic, counts.length - 1);
}

/** Counts of Binomial(trials, p) among `total` draws, as expected. */
export function binomialCounts(trials: number, p: number, total: number): number[] {
  const counts: number[] = [];
  let choose = 1;
  for (let k = 0; k <= trials; k++) {
    counts.push(total * choose * p ** k * (1 - p) ** (trials - k));
    choose *= (trials - k) / (k + 1);
  }
  return counts;
}

/** Merges neighbouring classes until each expects at least 5, as Pearson's test needs. */
export function merged(counts: readonly number[], expected: readonly number[]): [number[], number[]] {
  const c: number[] = [];
  const e: number[] = [];
  let pendingCount = 0;
  let pendingExpected = 0;
  counts.forEach((count, i) => {
    pendingCount += count;
    pendingExpected += expected[i];
    if (pendingExpected < 5) return;
    c.push(pendingCount);
    e.push(pendingExpected);
    pendingCount = pendingExpected = 0;
  });
  c[c.length - 1] += pendingCount;
  e[e.length - 1] += pendingExpected;
  return [c, e];
}

/** Every p-value of the family must exceed FALSE_ALARM / size (Bonferroni). The least one is reported. */
export function holdsInLaw(t: TestContext, family: Readonly<Record<string, number>>): void {
  const entries = Object.entries(family);
  const level = FALSE_ALARM / entries.length;
  const [name, least] = entries.reduce((a, b) => (b[1] < a[1] ? b : a));
  t.diagnostic(`${entries.length} p-values, least ${least.toPrecision(3)} (${name}), level ${level.toPrecision(2)}`);
  for (const [what, p] of entries) assert.ok(p > level, `${what}: p = ${p}, below ${level}`);
}
