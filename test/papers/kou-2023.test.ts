/** The Kou preset: what its variants promise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { kou2023 } from '../../src/papers/kou-2023.ts';
import type { PublishedBlocks } from '../../src/verification/check.ts';

const [figure] = kou2023.figures;
const specOf = (id: string, quick: boolean) => {
  const variant = figure!.variants.find((one) => one.id === id)!;
  return specFrom(quick ? { ...variant.spec, axes: variant.quickAxes } : variant.spec, id);
};

test('the default variant has the published grid: 100 x 100 cells, 10 runs', () => {
  const spec = specOf('as-plotted', false);
  assert.equal(figure!.variants[0]!.id, 'as-plotted');
  const [d, mu] = spec.axes;
  assert.deepEqual([d!.path, d!.values.length, d!.values[0], d!.values.at(-1)], ['data.d', 100, 100, 1090]);
  assert.deepEqual([mu!.path, mu!.values.length, mu!.values[0], mu!.values.at(-1)], ['data.mu', 100, 0, 9.9]);
  assert.equal(mu!.values[3], 0.3, 'no rounding noise in the axis');
  assert.equal(spec.runs, 10);
});

test('the quick grid has cells symmetric about the middle of every published block', () => {
  const check = figure!.variants[0]!.checks.find((one) => one.kind === 'block-means');
  if (check?.kind !== 'block-means') throw new Error('no block means');
  const all = [...cells(specOf('as-plotted', true))];
  const { rowIntervals, columnIntervals }: PublishedBlocks = check.blocks;
  for (const [low, high] of rowIntervals) {
    for (const [left, right] of columnIntervals) {
      const members = all.filter(({ data }) => data.d >= low && data.d <= high && data.mu >= left && data.mu <= right);
      assert.equal(members.length, 4);
      assert.ok(Math.abs(members.reduce((sum, { data }) => sum + data.mu, 0) / 4 - (left + right) / 2) < 1e-9);
      assert.equal(members.reduce((sum, { data }) => sum + data.d, 0) / 4, (low + high) / 2);
    }
  }
});

/** Condition 4.1 of Kou et al. 2023, as commonly cited, with C = 1: left side, right side, and the sense. */
function condition41(
  cell: { n: number; d: number; mu: number; sigmaP: number; m: number; eta: number; sigma0: number },
  delta: number,
  T: number,
): [string, number, number][] {
  const { n, d, mu, sigmaP, m, eta, sigma0 } = cell;
  const { log, sqrt, max } = Math;
  return [
    ['d', max((n * mu ** 2 * log(T)) / sigmaP ** 2, n ** 2 * log((n * m) / delta) * log(T) ** 2), d],
    ['m', log(n / delta), m],
    ['n', log(m / delta), n],
    ['mu', sigmaP ** 2 * log(n / delta), mu ** 2],
    ['sigma_0', sigma0, 1 / max((sigmaP * d) / sqrt(n), sqrt(log(m / delta)) * mu)],
    ['eta', eta, 1 / max((sigmaP ** 2 * d ** 1.5) / (n ** 2 * m * sqrt(log(n / delta))), (sigmaP ** 2 * d) / n)],
  ];
}

function broken(id: string): string[] {
  return [...cells(specOf(id, false))].flatMap(({ data, network, training }) => {
    const { n, d, mu, sigmaP } = data;
    const eta = training.etaUnit === 'absolute' ? training.eta : (training.eta * n * network.m) / (sigmaP ** 2 * d);
    const sigma0 =
      network.init !== 'gaussian'
        ? 1 / Math.sqrt(3 * d)
        : network.sigma0Unit === 'absolute'
          ? network.sigma0
          : network.sigma0 / (sigmaP * Math.sqrt(d));
    return condition41({ n, d, mu, sigmaP, m: network.m, eta, sigma0 }, 0.1, 20000)
      .filter(([, less, more]) => !(less <= more))
      .map(([name]) => `${name} at d = ${d}, mu = ${mu}`);
  });
}

test('in-theory lies inside Condition 4.1 with C = 1 on its whole grid; the published grid does not (negative control)', () => {
  assert.deepEqual(broken('in-theory'), []);
  assert.ok(broken('as-plotted').length > 0);
});
