/** Deep networks against PyTorch (test/fixtures/torch/deep_torch.py): depths, losses, poolings, frozen layers, rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepDirect, deepGram } from '../../src/dynamics/deep/engines.ts';
import type { LayeredView, Problem } from '../../src/dynamics/engine.ts';
import { meanLoss, train } from '../../src/dynamics/train.ts';
import { RULES } from '../../src/experiments/rules.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { fixture } from '../helpers/fixtures.ts';
import { explicitSample, worstDifference } from '../helpers/problems.ts';
import { NEAR_KINK, TORCH } from '../tolerances.ts';

interface Layers {
  readonly weights: number[][][];
  readonly biases: number[][];
}
interface TorchRun {
  readonly depth: 3 | 4;
  readonly loss: 'logistic' | 'hinge' | 'squared';
  readonly pool: 'first' | 'last';
  readonly pooling: 'sum' | 'mean';
  readonly output: 'fixed' | 'trained';
  readonly bias: boolean;
  readonly frozen: number[];
  readonly rule: 'descent' | 'momentum' | 'nesterov' | 'adam';
  readonly lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly activation: 'relu' | 'leaky-relu';
  readonly widths: number[];
  readonly start: Layers;
  readonly losses: number[];
  /** the smallest |pre-activation| but 0, or distance of a margin from the hinge's kink, that was met */
  readonly nearestKink: number;
  readonly outputs: number[];
  readonly end: Layers & { readonly v: number[] };
}

const {
  header,
  sample: drawn,
  runs,
} = fixture('torch/deep.json') as {
  readonly header: { readonly m: number; readonly leak: number; readonly etaOutput: number; readonly v0: number };
  readonly sample: Readonly<Record<'signal' | 'trueLabels' | 'labels', number[]>> & { readonly noise: number[][] };
  readonly runs: readonly TorchRun[];
};
const sample = explicitSample(drawn.signal, drawn.noise, drawn.trueLabels, drawn.labels);

function problemOf(run: TorchRun): Problem {
  const { m, leak, etaOutput, v0 } = header;
  const { rule, lr, weightDecay, momentum, depth, widths, frozen, activation, pool, pooling, output, bias } = run;
  const [first, ...hidden] = run.start.weights.map((w) => Float64Array.from(w.flat()));
  const [firstBias, ...biases] = run.start.biases.map((b) => Float64Array.from(b));
  return {
    sample,
    network: buildNetwork(
      {
        activation,
        leak,
        power: 2,
        m,
        pooling,
        outputScale: '1/m',
        bias,
        output,
        v0,
        depth,
        pool,
        widths: widths.join(','),
        frozen: frozen.length > 0 ? frozen.join(',') : 'none',
      },
      2,
    ),
    init: {
      columns: drawn.signal.length,
      rows: first!,
      bias: firstBias!,
      hidden: hidden.map((weights, at) => ({ weights, bias: biases[at]! })),
    },
    loss: run.loss,
    stepPerSample: lr / sample.n,
    stepSize: lr,
    etaOutput,
    rule: RULES[rule].make({
      momentum,
      radius: 0,
      ascent: 'normalised',
      beta1: 0.9,
      beta2: 0.98,
      adamEpsilon: 1e-6,
      flowTolerance: NaN,
    }),
    ...(weightDecay > 0 && { decay: { lambda: weightDecay, coupled: true } }),
  };
}

for (const engine of [deepDirect, deepGram])
  for (const torch of runs) {
    if (engine === deepGram && !RULES[torch.rule].inSpan) continue;
    const { depth, loss, pool, activation, pooling, rule, frozen, bias, output } = torch;
    const name = [`L = ${depth}`, loss, `pooled ${pool}`, activation, pooling, rule, `${output} output`];
    if (bias) name.push('biases');
    if (frozen.length > 0) name.push(`layer ${frozen} frozen`);
    test(`${engine.id} and PyTorch: ${name.join(', ')}`, (t) => {
      assert.ok(torch.nearestKink > NEAR_KINK, 'no pre-activation may go two ways by rounding');
      const problem = problemOf(torch);
      const run = engine.start(problem);
      const losses: number[] = [];
      const maxSteps = torch.losses.length - 1;
      train(run, sample, loss, { stop: 'steps', epsilon: 1, maxSteps }, (_, view) =>
        losses.push(meanLoss(view, sample, loss)),
      );
      const { stack } = run.view as LayeredView;
      const differences = {
        losses: worstDifference(losses, torch.losses),
        outputs: worstDifference(run.view.outputs, torch.outputs),
        v: worstDifference(
          stack!.outputWeights.map((a, u) => (problem.network.classes[u]! * a) / problem.network.outputUnit),
          torch.end.v,
        ),
        ...Object.fromEntries(
          stack!.layers.flatMap(({ weights, bias: b }, at) => [
            [`weights ${at + 1}`, worstDifference(weights(), torch.end.weights[at]!.flat())],
            [`biases ${at + 1}`, worstDifference(b, torch.end.biases[at]!)],
          ]),
        ),
      };
      t.diagnostic(JSON.stringify(differences));
      for (const [what, difference] of Object.entries(differences))
        assert.ok(difference <= TORCH, `${what} differ by ${difference}`);
      assert.ok(losses[0]! > 1.1 * losses.at(-1)!); // it learned something
    });
  }

test('the fixture has every loss and pooling at both depths', () => {
  const found = new Set(runs.map(({ depth, loss, pool }) => `${depth} ${loss} ${pool}`));
  assert.equal(found.size, 2 * 3 * 2);
});

test('a factor of one percent on one hidden layer is noticed', () => {
  const torch = runs[0]!;
  const problem = problemOf(torch);
  for (const { weights } of problem.init.hidden!) for (let k = 0; k < weights.length; k++) weights[k]! *= 1.01;
  const run = deepDirect.start(problem);
  train(run, sample, torch.loss, { stop: 'steps', epsilon: 1, maxSteps: torch.losses.length - 1 });
  assert.ok(worstDifference(run.view.outputs, torch.outputs) > 1e6 * TORCH);
});
