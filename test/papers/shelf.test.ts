/**
 * What every preset owes its user: figures that can be drawn on the whole and on the quick axes, checks about axes that
 * are there.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { reproduction } from '../../src/reproduction/reproduce.ts';

test('every figure of every preset is drawn, on the whole axes and on the quick ones', () => {
  for (const paper of PAPERS) {
    for (const figure of paper.figures) {
      for (const variant of figure.variants) {
        for (const quick of [false, true]) {
          const name = `${paper.id}/${figure.id} ${variant.id}${quick ? ' --quick' : ''}`;
          const results = new Results(
            specFrom({ ...variant.spec, ...(quick && { axes: variant.quickAxes }), runs: 1 }, name),
          );
          const { figures, comparisons } = reproduction(figure, variant, results.frame());
          assert.ok(figures.length >= (figure.shows?.length ?? 1), name);
          assert.equal(
            new Set(figures.map((one) => one.name)).size,
            figures.length,
            `${name}: two figures of one name`,
          );
          assert.ok(
            comparisons.every(({ verdict }) => verdict !== 'holds'),
            `${name}: a check holds without a run`,
          );
        }
      }
    }
  }
});
