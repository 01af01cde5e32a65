/** Both engines against PyTorch for every loss, activation and output layer (test/fixtures/torch/layers_torch.py). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { meanLoss, train } from '../../src/dynamics/train.ts';
import type { Loss } from '../../src/network/loss.ts';
import { buildNetwork, type NetworkParameters } from '../../src/network/two-layer.ts';
import { trainedWeights } from '../../src/observables/layers.ts';
import { fixture } from '../helpers/fixtures.ts';
import { explicitSample, worstDifference } from '../helpers/problems.ts';
import { TORCH } from '../tolerances.ts';

type Choices = Required<
  Pick<NetworkParameters, 'activation' | 'bias' | 'output' | 'outputScale' | 'outputSigns' | 'v0'>
>;

interface TorchRun extends Choices {
  readonly loss: Loss;
  readonly lr: number;
  readonly etaOutput: number;
  readonly start: { readonly weight: number[][]; readonly bias: number[] };
  /** every `every` steps, the first and the last among them */
  readonly losses: number[];
  readonly outputs: number[];
  readonly end: { readonly weight: number[][]; readonly bias: number[]; readonly v: number[][] };
}

const {
  header,
  sample: drawn,
  runs,
} = fixture('torch/layers.json') as {
  readonly header: {
    readonly m: number;
    readonly leak: number;
    readonly power: number;
    readonly smoothing: number;
    readonly steps: number;
    readonly every: number;
  };
  readonly sample: {
    readonly signal: number[];
    readonly noise: number[][];
    readonly trueLabels: number[];
    readonly labels: number[];
  };
  readonly runs: readonly TorchRun[];
};
const sample = explicitSample(drawn.signal, drawn.noise, drawn.trueLabels, drawn.labels);

function problemOf({ loss, lr, etaOutput, start, ...choices }: TorchRun): Problem {
  const { m, leak, power, smoothing } = header;
  return {
    sample,
    network: buildNetwork({ ...choices, m, leak, power, smoothing, pooling: 'sum' }, 2),
    init: {
      columns: drawn.signal.length,
      rows: Float64Array.from(start.weight.flat()),
      bias: choices.bias ? Float64Array.from(start.bias) : new Float64Array(2 * m),
    },
    loss,
    stepPerSample: lr / sample.n,
    etaOutput,
  };
}

for (const engine of [gram, direct]) {
  test(`${engine.id} and PyTorch: every loss, activation and output layer`, (t) => {
    let worst = 0;
    let least = Infinity;
    for (const torch of runs) {
      const problem = problemOf(torch);
      const run = engine.start(problem);
      const losses: number[] = [];
      train(
        run,
        sample,
        torch.loss,
        { stop: 'steps', epsilon: 1, maxSteps: header.steps },
        (_, view) => losses.push(meanLoss(view, sample, torch.loss)),
        header.every,
      );
      while (losses.length < torch.losses.length) losses.push(losses.at(-1)!); // every hinge met: the run stands still
      const name = `${torch.loss}, ${torch.activation}, ${torch.output}`;
      const differences = {
        losses: worstDifference(losses, torch.losses),
        outputs: worstDifference(run.view.outputs, torch.outputs),
        weights: worstDifference(run.view.weights().rows, torch.end.weight.flat()),
        bias: torch.bias ? worstDifference(run.view.bias, torch.end.bias) : 0,
        v: worstDifference(trainedWeights(run.view.outputWeights, problem.network), torch.end.v.flat()),
      };
      for (const [what, difference] of Object.entries(differences)) {
        worst = Math.max(worst, difference);
        assert.ok(difference <= TORCH, `${name}: ${what} differ by ${difference}`);
      }
      const moved = Math.max(...torch.end.v.flat().map((v) => Math.abs(v - torch.v0)));
      if (torch.output === 'fixed') assert.equal(moved, 0);
      else least = Math.min(least, moved);
      assert.ok(losses[0] > losses.at(-1)!, name); // it learned something
    }
    t.diagnostic(
      `${runs.length} runs, worst difference ${worst.toExponential(1)}; v moved by ${least.toPrecision(2)} or more`,
    );
    assert.equal(runs.length, 2 * 4 * 3);
    assert.ok(least > 0.01);
  });
}
