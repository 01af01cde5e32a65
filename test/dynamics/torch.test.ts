/** Both engines against PyTorch: autograd and torch.optim.SGD in float64 (test/fixtures/torch/kou_torch.py). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { meanLoss, train } from '../../src/dynamics/train.ts';
import type { Loss } from '../../src/network/loss.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { fixture } from '../helpers/fixtures.ts';
import { explicitSample, worstDifference } from '../helpers/problems.ts';
import { TORCH } from '../tolerances.ts';

interface TorchRun {
  readonly name: string;
  readonly leak: number;
  readonly loss: Loss;
  readonly reduction: 'mean' | 'sum';
  readonly m: number;
  readonly outputScale: number;
  readonly bias: boolean;
  readonly lr: number;
  readonly signal: number[];
  readonly noise: number[][];
  readonly trueLabels: number[];
  readonly labels: number[];
  readonly start: { readonly weight: number[][]; readonly bias?: number[] };
  /** before every step, and after the last one; a mean or a sum, as `reduction` says */
  readonly losses: number[];
  readonly outputs: number[];
  readonly end: { readonly weight: number[][]; readonly bias?: number[] };
}

const { runs } = fixture('torch/kou.json') as { readonly runs: readonly TorchRun[] };

function problemOf(run: TorchRun): Problem {
  const { m, leak, bias } = run;
  const network = buildNetwork(
    {
      activation: leak > 0 ? 'leaky-relu' : 'relu',
      leak,
      power: 2,
      m,
      pooling: 'sum',
      outputScale: run.outputScale === 1 ? '1' : '1/m',
      bias,
    },
    2,
  );
  return {
    sample: explicitSample(run.signal, run.noise, run.trueLabels, run.labels),
    network,
    init: {
      columns: run.signal.length,
      rows: Float64Array.from(run.start.weight.flat()),
      bias: Float64Array.from(run.start.bias ?? new Array<number>(2 * m).fill(0)),
    },
    loss: run.loss,
    stepPerSample: run.reduction === 'mean' ? run.lr / run.noise.length : run.lr,
  };
}

for (const engine of [gram, direct]) {
  for (const torch of runs) {
    test(`${engine.id} and PyTorch: ${torch.name}`, (t) => {
      const problem = problemOf(torch);
      const run = engine.start(problem);
      const { sample, loss } = problem;
      const share = torch.reduction === 'mean' ? 1 : sample.n;
      const losses: number[] = [];
      train(run, sample, loss, { stop: 'steps', epsilon: 1, maxSteps: torch.losses.length - 1 }, (_, view) =>
        losses.push(share * meanLoss(view, sample, loss)),
      );
      assert.equal(losses.length, torch.losses.length);
      const relative = Math.max(
        ...losses.map((one, at) => Math.abs(one - torch.losses[at]) / Math.abs(torch.losses[at])),
      );
      const worst = {
        losses: relative,
        outputs: worstDifference(run.view.outputs, torch.outputs),
        weights: worstDifference(run.view.weights().rows, torch.end.weight.flat()),
        bias: worstDifference(run.view.bias, torch.end.bias ?? new Float64Array(2 * torch.m)),
      };
      t.diagnostic(JSON.stringify(worst));
      for (const [what, difference] of Object.entries(worst))
        assert.ok(difference <= TORCH, `${what} differ by ${difference}`);
      assert.ok(losses[0] > 1.2 * losses.at(-1)!); // the run learned something
    });
  }
}
