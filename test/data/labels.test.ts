import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawLabels, type FlipParameters } from '../../src/data/labels.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { key, normals } from '../helpers/problems.ts';
import { binomialCounts, chiSquareP, holdsInLaw, merged, pearsonP } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL } from '../tolerances.ts';

const LAW: FlipParameters = { flip: 0.2, flipLaw: 'probability', flips: 0, adversary: 'largest-norm' };
const noProduct = (): number => assert.fail('only the adversary looks at the noise');

/** Which labels are wrong, one list a replicate. */
function flippedSets(n: number, law: FlipParameters, replicates: number): { flipped: number[][]; positives: number[] } {
  const positives: number[] = [];
  const flipped = Array.from({ length: replicates }, (_, replicate) => {
    const { trueLabels, labels } = drawLabels(n, law, key(21, replicate), noProduct);
    positives.push(trueLabels.filter((y) => y === 1).length);
    return [...labels.keys()].filter((i) => {
      assert.ok(Math.abs(labels[i]) === 1 && Math.abs(trueLabels[i]) === 1);
      return labels[i] !== trueLabels[i];
    });
  });
  return { flipped, positives };
}

const histogram = (values: readonly number[], n: number): number[] =>
  Array.from({ length: n + 1 }, (_, k) => values.filter((v) => v === k).length);
const binomialP = (values: readonly number[], n: number, p: number): number =>
  pearsonP(...merged(histogram(values, n), binomialCounts(n, p, values.length)));

test('probability: labels are fair coins, flips are coins of probability p, independent of the labels', (t) => {
  const n = 20;
  const replicates = 10_000;
  const { flipped, positives } = flippedSets(n, LAW, replicates);
  const counts = flipped.map((one) => one.length);
  const covariance = counts.reduce((sum, k, at) => sum + (k - 0.2 * n) * (positives[at] - 0.5 * n), 0);
  holdsInLaw(t, {
    'true labels': binomialP(positives, n, 0.5),
    'number of flips': binomialP(counts, n, 0.2),
    'flips at each place': binomialP(
      Array.from({ length: replicates }, (_, at) => flipped[at].filter((i) => i < 5).length),
      5,
      0.2,
    ),
    'flips against labels': twoSidedP(covariance / Math.sqrt(replicates * n * 0.16 * n * 0.25)),
  });
  assert.ok(binomialP(counts, n, 0.21) < NEGATIVE_CONTROL);
  assert.ok(flippedSets(n, { ...LAW, flip: 0 }, 100).flipped.every((one) => one.length === 0));
});

test('exact: always k flips, and every subset as likely', (t) => {
  const [n, k, replicates] = [6, 2, 15_000];
  const { flipped } = flippedSets(n, { ...LAW, flipLaw: 'exact', flips: k }, replicates);
  assert.ok(flipped.every((one) => one.length === k));
  const subsets = new Map<string, number>();
  for (const one of flipped) subsets.set(one.join(), (subsets.get(one.join()) ?? 0) + 1);
  assert.equal(subsets.size, 15);
  // places in a larger sample: inclusion counts of k out of n have variance R (k/n)(1 - k/n), sum fixed
  const [N, K] = [50, 20];
  const inclusion = new Array<number>(N).fill(0);
  for (const one of flippedSets(N, { ...LAW, flipLaw: 'exact', flips: K }, 2000).flipped)
    for (const i of one) inclusion[i]++;
  const share = K / N;
  const statistic =
    (inclusion.reduce((sum, c) => sum + (c - 2000 * share) ** 2, 0) / (2000 * share * (1 - share))) * ((N - 1) / N);
  holdsInLaw(t, {
    'each of the 15 subsets': pearsonP([...subsets.values()], new Array<number>(15).fill(replicates / 15)),
    'each place of 50': chiSquareP(statistic, N - 1),
  });
  for (const flips of [0, n])
    assert.ok(flippedSets(n, { ...LAW, flipLaw: 'exact', flips }, 20).flipped.every((one) => one.length === flips));
});

test('adversaries choose what their names say', () => {
  const [n, d, flips] = [15, 10, 5];
  for (let seed = 0; seed < 20; seed++) {
    const noise = Array.from({ length: n }, (_, i) => normals(d, 1000 + seed * n + i));
    const product = (i: number, j: number): number => noise[i].reduce((sum, x, k) => sum + x * noise[j][k], 0);
    const chosen = (adversary: FlipParameters['adversary']): { set: number[]; y: Float64Array } => {
      const { trueLabels, labels } = drawLabels(
        n,
        { ...LAW, flipLaw: 'adversarial', flips, adversary },
        key(seed),
        product,
      );
      return { set: [...labels.keys()].filter((i) => labels[i] !== trueLabels[i]), y: trueLabels };
    };
    const all = Array.from({ length: n }, (_, i) => i);

    const longest = chosen('largest-norm').set;
    const shortestChosen = Math.min(...longest.map((i) => product(i, i)));
    assert.equal(longest.length, flips);
    assert.ok(all.every((i) => longest.includes(i) || product(i, i) <= shortestChosen));

    const one = chosen('one-class');
    const positives = all.filter((i) => one.y[i] === 1);
    assert.equal(one.set.length, flips);
    assert.ok(
      positives.length >= flips ? one.set.every((i) => one.y[i] === 1) : positives.every((i) => one.set.includes(i)),
    );

    // greedy by brute force, on the vectors themselves
    const { set, y } = chosen('aligned');
    const greedy: number[] = [];
    const length = (subset: readonly number[]): number => {
      const sum = new Float64Array(d);
      for (const i of subset) for (let k = 0; k < d; k++) sum[k] += -y[i] * noise[i][k];
      return sum.reduce((total, x) => total + x * x, 0);
    };
    while (greedy.length < flips) {
      const rest = all.filter((i) => !greedy.includes(i));
      greedy.push(rest.reduce((best, i) => (length([...greedy, i]) > length([...greedy, best]) ? i : best)));
    }
    assert.deepEqual(
      set,
      greedy.sort((a, b) => a - b),
    );
    assert.ok(length(set) >= length(longest)); // it pulls at least as hard as the plain longest noises do
  }
});
