/** Outputs at arbitrary points: the training inputs, scaled inputs, other coordinates; refused where they do not fit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patchRows } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Engine, Problem } from '../../src/dynamics/engine.ts';
import { frozen } from '../../src/dynamics/frozen.ts';
import { frozenKernel } from '../../src/dynamics/frozen-kernel.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { incremental } from '../../src/dynamics/incremental.ts';
import { incrementalKernel } from '../../src/dynamics/incremental-kernel.ts';
import { linearised } from '../../src/dynamics/lazy.ts';
import { train } from '../../src/dynamics/train.ts';
import { worstDifference } from '../helpers/problems.ts';
import { key, makeProblem, type Setup } from '../helpers/problems.ts';
import { ENGINES } from '../tolerances.ts';

const ALL: readonly Engine[] = [direct, gram, gramKernel, frozen, frozenKernel, incremental, incrementalKernel];
const HINGE: readonly Engine[] = [incremental, incrementalKernel];
const RULE = { stop: 'steps', epsilon: 0.01, maxSteps: 30 } as const;

const inputsOf = ({ sample }: Problem) => ({
  rows: patchRows(sample),
  count: sample.n,
  columns: sample.frame.used,
});

/** Trained with this engine. */
function viewOf(engine: Engine, setup: Setup) {
  const problem = makeProblem({ ...setup, loss: HINGE.includes(engine) ? 'hinge' : 'logistic' }, key(3));
  const run = engine.start(problem);
  train(run, problem.sample, problem.loss, RULE);
  return { problem, view: run.view };
}

const SETUPS: Readonly<Record<string, Setup>> = {
  'free of d': { network: { activation: 'leaky-relu' } },
  explicit: {
    data: { d: 12, draw: 'explicit' },
    network: { bias: true },
    init: { law: 'pytorch-gaussian', sigma0: 0 },
  },
};
const TRAINED: Readonly<Record<string, Setup>> = {
  'one output weight a patch': { network: { output: 'trained-per-patch' } },
  'a power': { network: { activation: 'relu-power', power: 3 } },
};

test('at the training inputs they are the outputs', () => {
  for (const engine of ALL)
    for (const [name, setup] of Object.entries(
      [direct, gram, gramKernel].includes(engine) ? { ...SETUPS, ...TRAINED } : SETUPS,
    )) {
      const { problem, view } = viewOf(engine, setup);
      assert.ok(worstDifference(view.outputsAt(inputsOf(problem)), view.outputs) <= ENGINES, `${engine.id}, ${name}`);
    }
});

test('so are those of the linearisation, and not those of the network', () => {
  const problem = makeProblem({}, key(3));
  const run = linearised(problem);
  train(run, problem.sample, problem.loss, RULE);
  assert.ok(worstDifference(run.view.outputsAt(inputsOf(problem)), run.view.outputs) <= ENGINES);
  const { view } = viewOf(gram, {});
  assert.ok(worstDifference(view.outputsAt(inputsOf(problem)), run.view.outputs) > 1e3 * ENGINES);
});

test('a network without bias is homogeneous, and missing coordinates are 0', () => {
  const { problem, view } = viewOf(gramKernel, {});
  const { rows, count, columns } = inputsOf(problem);
  const tripled = view.outputsAt({ rows: rows.map((x) => 3 * x), count, columns });
  assert.ok(
    worstDifference(
      tripled,
      view.outputs.map((f) => 3 * f),
    ) <= ENGINES,
  );
  assert.deepEqual([...view.outputsAt({ rows: new Float64Array(0), count: 2, columns: 0 })], [0, 0]);
});

test('points that do not fit are refused in a sentence', () => {
  const { view } = viewOf(gram, {});
  assert.throws(
    () => view.outputsAt({ rows: new Float64Array(4), count: 1, columns: 99 }),
    /points\.columns: must be an integer in \[0, \d+\], got 99/,
  );
  assert.throws(
    () => view.outputsAt({ rows: new Float64Array(5), count: 1, columns: 3 }),
    /points\.rows: must have 1 x 2 x 3 coordinates, got 5/,
  );
});
