/** A check that cannot fail is a defect: every check on the shelf on runs that it must refute, and on mere noise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALPHA, spentOnLook } from '../../src/core/verdict.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Spec } from '../../src/experiments/spec.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { agreement } from '../../src/verification/agreement.ts';
import type { Check } from '../../src/verification/check.ts';
import { planted, plantedRuns, type How } from '../helpers/plant.ts';

/** As many verdicts as the page with all presets has, and more. */
const ON_A_PAGE = 500;
/** A claim without exceptions has two words. */
const exact = (check: Check): boolean =>
  check.kind === 'same' ||
  ((check.kind === 'every' || check.kind === 'fitted' || check.kind === 'statement') && (check.share ?? 1) === 1);

function words(spec: (how: How) => Spec, check: Check, how: How): string[] {
  const results = planted(spec(how), check, how);
  const { comparisons, spent } = agreement(results, [check], { verdicts: ON_A_PAGE });
  assert.equal(spent, spentOnLook(ALPHA, 1));
  return comparisons.map(({ verdict }) => verdict);
}

/** Variants share their checks. */
const seen = new Set<Check>();

for (const paper of PAPERS)
  test(`${paper.id}: every check fails on runs beyond its bounds, and decides nothing on mere noise`, () => {
    for (const figure of paper.figures)
      for (const variant of figure.variants)
        for (const check of variant.checks) {
          if (seen.has(check)) continue;
          seen.add(check);
          const name = `${paper.id}/${figure.id} ${variant.id} ${check.id}`;
          const spec =
            (quick: boolean) =>
            (how: How): Spec => {
              const { axes } = variant.spec;
              return specFrom(
                { ...variant.spec, axes: quick ? variant.quickAxes : axes, runs: plantedRuns(check, how) },
                name,
              );
            };
          // The coarse grid where it has the cells.
          let on = spec(true);
          let found = words(on, check, 'beyond');
          if (found.includes('not-applicable')) found = words((on = spec(false)), check, 'beyond');
          assert.ok(
            found.every((word) => word === 'fails'),
            `${name} beyond its bounds: ${found.join()}`,
          );
          if (exact(check)) continue;
          const noisy = words(on, check, 'noisy');
          assert.ok(
            noisy.every((word) => word === 'undecided'),
            `${name} on noise: ${noisy.join()}`,
          );
        }
  });
