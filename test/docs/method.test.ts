/** The worked example of docs/method.md: its program runs, both engines give its numbers, its line and its error too. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { normalTail } from '../../src/core/special.ts';
import { lawOf, type Sample } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Engine, Problem, SpanView } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { freshOutput } from '../../src/observables/fresh-output.ts';
import { lineDirection } from '../../src/observables/parallel-lines.ts';
import { testError } from '../../src/observables/test-error.ts';
import { root } from '../helpers/benign.ts';
import { explicitSample, key, NETWORK, trained, worstDifference } from '../helpers/problems.ts';
import { FOUR_DIGITS, ROUNDING } from '../tolerances.ts';

const page = readFileSync(join(root, 'docs', 'method.md'), 'utf8');
/** A block of the page and the `text` block after it. */
const [, program, output] = /^```js\n([\s\S]*?)^```\n[\s\S]*?^```text\n([\s\S]*?)^```$/m.exec(page)!;

const plain = explicitSample(
  [2, 0, 0],
  [
    [0, 1, 2],
    [0, 2, 1],
  ],
  [1, -1],
  [1, 1],
);
const sample: Sample = {
  ...plain,
  fresh: { ...lawOf(plain), noisy: [{ patch: 1, sigma: 1, projectedAxes: [0] }] },
};
const network = buildNetwork({ ...NETWORK, m: 1 }, 2);
const problem: Problem = {
  sample,
  network,
  init: { rows: Float64Array.of(0.1, 0.1, 0, -0.1, -0.1, 0.1), columns: 3, bias: new Float64Array(2) },
  loss: 'hinge',
  stepPerSample: 0.2 / 2,
};
const after = (engine: Engine, steps: number): SpanView => trained(engine, problem, steps).view as SpanView;
const near = (ours: ArrayLike<number>, byHand: readonly number[]): void =>
  assert.ok(worstDifference(ours, byHand) < ROUNDING, `${Array.from(ours).join()}, by hand ${byHand.join()}`);

/** A number that the page shows with four digits. */
function shown(ours: number, text: string): void {
  assert.ok(page.includes(text), `${text} is not on the page`);
  assert.ok(Math.abs(ours - Number(text)) <= FOUR_DIGITS, `${ours}, on the page ${text}`);
}

test('the program of the page prints what the page shows', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program!], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, output);
});

test('gradient descent on vectors and on inner products takes the step of the table', () => {
  for (const engine of [gram, direct]) {
    const start = after(engine, 0);
    near(start.products(), [0.2, 0.1, 0.2, -0.2, 0.1, -0.1]);
    near(start.outputs, [0.2, 0]);
    const end = after(engine, 1);
    near(end.coefficients, [0.1, 0.1, 0.1, 0.1, -0.1, 0]);
    near(end.products(), [0.6, 1, 1.1, 0.2, -0.4, -0.5]);
    near(end.outputs, [1.4, 1.1]);
    near(end.weights().rows, [0.3, 0.4, 0.3, 0.1, -0.2, -0.1]);
    // every margin is beyond 1: the hinge loss is 0, and nothing moves any more
    near(after(engine, 2).outputs, [1.4, 1.1]);
  }
});

test('the line through the origin, and the error over all lines', () => {
  const view = after(gram, 1);
  const seen = freshOutput(view, network.activation, sample.anchors, lawOf(sample));
  const unit = 2 ** seen.units!.heights;
  near(
    seen.l.map((x) => Math.abs(unit * x)),
    [0.5, 0, 0.22, 0.04],
  );
  const { slopes } = lineDirection(seen);
  near(
    slopes.map((x) => Math.abs(unit * x)),
    [0.36 / Math.sqrt(0.52), 0.16 / Math.sqrt(0.52)],
  );
  const beside = normalTail((0.4 * Math.sqrt(0.52)) / 0.16);
  shown(beside, '.0357');
  shown((beside + 0.5) / 2, '.2679');
  const size = { estimator: 'lines', lines: 1024, shifts: 32, points: 2, precision: 1 } as const;
  const { clean, cleanSe } = testError(view, network.activation, sample.anchors, lawOf(sample), size, key(1));
  assert.ok(cleanSe < FOUR_DIGITS, String(cleanSe));
  shown(clean, '.2783');
});
