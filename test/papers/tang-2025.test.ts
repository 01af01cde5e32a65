/**
 * The Tang preset, Adam in batches of 100, after a fifth of its time: fitted, above chance, nothing told of the
 * published number by one run. What is claimed of batches of 2 is not true of it (control).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { Results } from '../../src/experiments/results.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { tang2025 } from '../../src/papers/tang-2025.ts';
import { agreement } from '../../src/verification/agreement.ts';
import { variantOf } from '../helpers/presets.ts';

test('adam-100: what one run after 2,000 epochs says, and what it refutes', () => {
  const variant = variantOf(tang2025, 'adam', 'adam-100');
  const spec = specFrom({ ...variant.spec, axes: variant.quickAxes, runs: 1 }, 'test');
  const results = new Results(spec);
  results.add(runCell(results.cells[0]!, spec.seed, 0, spec.record));
  const frame = results.frame();
  const words = (checks: typeof variant.checks) =>
    Object.fromEntries(agreement(frame, checks).comparisons.map(({ id, verdict }) => [id, verdict]));
  assert.deepEqual(words(variant.checks), { published: 'undecided', fitted: 'holds', harmful: 'undecided' });
  const small = words(variantOf(tang2025, 'adam', 'adam-2').checks);
  assert.equal(small.benign, 'fails');
});
