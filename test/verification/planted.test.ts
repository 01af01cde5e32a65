/**
 * A check that cannot fail is a defect: every check on the shelf on runs that it must refute, and on mere noise. What is
 * said of these runs, to nine digits, stands in test/golden/judgements.txt: while none of it moves, a page of verdicts
 * that other code made is what this code would say (JUDGED=write npm test verification/planted writes it, and refuses
 * where a judgement moved under the same version of judging). A check or spec that is changed counts as another one.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALPHA, spentOnLook } from '../../src/core/verdict.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import type { Spec } from '../../src/experiments/spec.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { agreement } from '../../src/verification/agreement.ts';
import type { Check } from '../../src/verification/check.ts';
import { JUDGING } from '../../src/verification/judging.ts';
import { root } from '../helpers/benign.ts';
import { planted, plantedRuns, type How } from '../helpers/plant.ts';

const FILE = join(root, 'test', 'golden', 'judgements.txt');
/** What was said, by check and runs. */
const said = new Map<string, string>();

/** Hash of a comparison, or of what it is about. @param words keys that are left out @param digits of numbers */
const hashOf = (value: unknown, words: readonly string[], digits: number): string => {
  const text = JSON.stringify(value, (key, x: unknown) =>
    words.includes(key) ? undefined : typeof x === 'number' ? Number(x.toPrecision(digits)) : x,
  );
  return createHash('sha256').update(text).digest('hex');
};

/** As many verdicts as the page with all presets has, and more. */
const ON_A_PAGE = 500;
/** A claim without exceptions has two words. */
const exact = (check: Check): boolean =>
  check.kind === 'same' ||
  ((check.kind === 'every' || check.kind === 'fitted' || check.kind === 'statement') && (check.share ?? 1) === 1);

/** @param name with what the check is */
function words(name: string, spec: (how: How) => Spec, check: Check, how: How): string[] {
  const results = planted(spec(how), check, how);
  const { comparisons, spent } = agreement(results, [check], { verdicts: ON_A_PAGE });
  assert.equal(spent, spentOnLook(ALPHA, 1));
  said.set(`${name} ${how}`, hashOf(comparisons, ['says', 'note'], 9).slice(0, 16));
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
          const content = hashOf([variant.spec, variant.quickAxes, check], ['says', 'because', 'name'], 17).slice(0, 8);
          const name = `${content} ${paper.id}/${figure.id} ${variant.id} ${check.id}`;
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
          let found = words(name, on, check, 'beyond');
          if (found.includes('not-applicable')) found = words(name, (on = spec(false)), check, 'beyond');
          assert.ok(
            found.every((word) => word === 'fails'),
            `${name} beyond its bounds: ${found.join()}`,
          );
          if (exact(check)) continue;
          const noisy = words(name, on, check, 'noisy');
          assert.ok(
            noisy.every((word) => word === 'undecided'),
            `${name} on noise: ${noisy.join()}`,
          );
        }
  });

test('what is said of the planted runs is what this version of judging says', () => {
  const known = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  const version = `judging ${JUDGING}`;
  const before = new Map(known.slice(1).map((line) => [line.slice(17), line.slice(0, 16)]));
  const moved = [...said].filter(([name, hash]) => before.has(name) && before.get(name) !== hash).map(([name]) => name);
  if (known[0] === version)
    assert.deepEqual(moved, [], 'judgements moved: raise JUDGING, and make the pages of verdicts again');
  const lines = [...said].map(([name, hash]) => `${hash} ${name}`).sort((a, b) => (a.slice(26) < b.slice(26) ? -1 : 1));
  const text = `${version}\n${lines.join('\n')}\n`;
  if (process.env['JUDGED'] === 'write') return writeFileSync(FILE, text);
  assert.equal(known[0], version, 'write the judgements: JUDGED=write npm test verification/planted');
  const added = lines.filter((line) => !before.has(line.slice(17)));
  const gone = [...before.keys()].filter((name) => !said.has(name));
  assert.deepEqual([added, gone], [[], []], 'checks were added or gone: JUDGED=write npm test verification/planted');
});
