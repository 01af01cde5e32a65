/** Runs quick presets end to end, in process. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Results } from '../../src/experiments/results.ts';
import type { PaperFigure, Variant } from '../../src/papers/paper.ts';
import { reproduction, type Reproduction } from '../../src/reproduction/reproduce.ts';

function quick(figure: PaperFigure, variant: Variant): Reproduction {
  const spec = specFrom({ ...variant.spec, axes: variant.quickAxes, runs: variant.quickRuns }, variant.id);
  const results = new Results(spec);
  for (const cell of results.cells)
    for (let replicate = 0; replicate < spec.runs; replicate++)
      results.add(runCell(cell, spec.seed, replicate, spec.record));
  return reproduction(figure, variant, results.frame());
}

/** No check of a variant fails, every negative control does; and no drawing overwrites another. */
export function testQuickPresets(figures: readonly PaperFigure[]): void {
  for (const figure of figures) {
    for (const variant of figure.variants) {
      test(`${figure.id} ${variant.id}: ${variant.control ? 'fails (negative control)' : 'no check fails'}`, () => {
        const { verdict, comparisons, figures: drawn } = quick(figure, variant);
        const failed = comparisons.filter(({ verdict }) => verdict === 'fails').map(({ id }) => id);
        assert.equal(verdict === 'fails', variant.control === true, failed.join());
        assert.equal(drawn.length, figure.shows!.length);
        assert.equal(new Set(drawn.map(({ name }) => name)).size, drawn.length);
      });
    }
  }
}
