/** The presets of Xu, Gu 2023 and Frei et al. 2022 on small grids, and what their checks reject. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { Results } from '../../src/experiments/results.ts';
import { frei2022 } from '../../src/papers/frei-2022.ts';
import type { Paper } from '../../src/papers/paper.ts';
import { xuGu2023 } from '../../src/papers/xu-gu-2023.ts';
import { agreement } from '../../src/verification/agreement.ts';
import type { Verdict } from '../../src/verification/check.ts';

/** Ids of the checks of which one word is said, with what they say. */
function judged(
  paper: Paper,
  figureId: string,
  runs: number,
  changes: (spec: Record<string, never>) => object = () => ({}),
  axes?: object,
  word: Verdict = 'fails',
): string[] {
  const [variant] = paper.figures.find(({ id }) => id === figureId)!.variants;
  const spec = specFrom(
    { ...variant!.spec, ...changes(variant!.spec as Record<string, never>), axes: axes ?? variant!.quickAxes, runs },
    figureId,
  );
  const results = new Results(spec);
  for (const cell of cells(spec))
    for (let replicate = 0; replicate < runs; replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  return agreement(results.frame(), variant!.checks)
    .comparisons.filter(({ verdict }) => verdict === word)
    .map(({ id, says }) => `${id}: ${says}`);
}

for (const [paper, figure, runs] of [
  [xuGu2023, 'rates', 2],
  [xuGu2023, 'undying', 3],
  [xuGu2023, 'pollution', 5],
  [xuGu2023, 'ntk', 2],
  [frei2022, 'loss-ratio', 1],
] as const) {
  test(`${paper.id}/${figure}: no check fails`, () => assert.deepEqual(judged(paper, figure, runs), []));
}

test('xu-gu-2023/error: no check fails', () => {
  const axes = { 'data.n': [20, 40], 'data.mu': [1, 2, 2.5, 3] };
  assert.deepEqual(
    judged(xuGu2023, 'error', 1, ({ test: one }) => ({ test: { ...(one as object), precision: 1 } }), axes),
    [],
  );
});

test('a signal far beyond p ≥ n‖μ‖² kills activations on wrong labels (negative control)', () => {
  const failed = judged(xuGu2023, 'undying', 2, ({ data }) => ({ data: { ...(data as object), mu: 12 } }));
  assert.ok(
    failed.some((one) => one.startsWith('undying')),
    failed.join('\n'),
  );
});

test("a network without the theorem's output scale is none of its business (negative control)", () => {
  const silent = judged(
    xuGu2023,
    'rates',
    1,
    ({ network }) => ({ network: { ...(network as object), outputScale: '1/m' } }),
    { 'data.n': [20, 40], 'data.d': [40], 'training.maxSteps': [100, 300, 1000] },
    'not-applicable',
  );
  assert.match(silent.join(), /rates: .*none of 6 runs meets the conditions/);
});
