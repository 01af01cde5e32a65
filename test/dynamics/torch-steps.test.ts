/**
 * Every step rule, decay, batches, label factors and schedules against PyTorch (test/fixtures/torch/steps_torch.py).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direct } from '../../src/dynamics/direct.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { gram } from '../../src/dynamics/gram.ts';
import type { Puller } from '../../src/dynamics/steps/puller.ts';
import { cosine, stepwise, warmUp } from '../../src/dynamics/steps/schedule.ts';
import { meanLoss, train } from '../../src/dynamics/train.ts';
import type { RuleParameters } from '../../src/experiments/rule-entry.ts';
import { RULES } from '../../src/experiments/rules.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import { trainedWeights } from '../../src/observables/layers.ts';
import { fixture } from '../helpers/fixtures.ts';
import { explicitSample, worstDifference } from '../helpers/problems.ts';
import { NEAR_KINK, TORCH } from '../tolerances.ts';

interface TorchRun extends Omit<RuleParameters, 'flowTolerance'> {
  readonly name: string;
  readonly rule: Exclude<keyof typeof RULES, `${string}/${string}`>;
  readonly lr: number;
  readonly reduction: 'mean' | 'sum';
  readonly weightDecay: number;
  readonly decay: 'coupled' | 'decoupled';
  readonly schedule: 'constant' | 'warm-up' | 'step' | 'cosine';
  readonly scheduleSteps: number;
  readonly scheduleFactor: number;
  readonly activation: 'relu' | 'leaky-relu';
  readonly output: 'trained' | 'trained-per-patch';
  /** indices of the samples of each step; all when absent */
  readonly batches?: readonly (readonly number[])[];
  /** of the labels, steps x samples; 1 when absent */
  readonly factors?: readonly (readonly number[])[];
  readonly start: { readonly weight: number[][]; readonly bias: number[] };
  readonly losses: number[];
  /** the smallest |pre-activation| that was met */
  readonly nearestKink: number;
  readonly outputs: number[];
  readonly end: { readonly weight: number[][]; readonly bias: number[]; readonly v: number[][] };
}

const {
  header,
  sample: drawn,
  runs,
} = fixture('torch/steps.json') as {
  readonly header: { readonly m: number; readonly leak: number; readonly etaOutput: number; readonly v0: number };
  readonly sample: {
    readonly signal: number[];
    readonly noise: number[][];
    readonly trueLabels: number[];
    readonly labels: number[];
  };
  readonly runs: readonly TorchRun[];
};
const sample = explicitSample(drawn.signal, drawn.noise, drawn.trueLabels, drawn.labels);

/** The batches and factors of PyTorch's run. */
const pullerOf = ({ batches, factors, reduction }: TorchRun): Puller => ({
  turned: factors ? NaN : 0,
  redraws: true,
  weighs: batches !== undefined,
  largest: 100,
  start(labels) {
    let t = 0;
    return () => {
      const batch = batches?.[t];
      const seen = factors ? labels.map((y, i) => factors[t]![i]! * y) : labels;
      t++;
      if (!batch) return { labels: seen };
      const weights = new Float64Array(labels.length);
      for (const i of batch) weights[i]! += reduction === 'mean' ? labels.length / batch.length : 1;
      return { labels: seen, weights };
    };
  },
});

function problemOf(run: TorchRun): Problem {
  const { m, leak, etaOutput, v0 } = header;
  const { rule, lr, weightDecay, schedule, scheduleSteps, scheduleFactor, activation, output } = run;
  const { make, decays } = RULES[rule];
  const coupled = decays === 'coupled' || (decays !== 'decoupled' && run.decay === 'coupled');
  return {
    sample,
    network: buildNetwork(
      { activation, output, m, leak, power: 2, pooling: 'sum', outputScale: '1/m', bias: true, v0 },
      2,
    ),
    init: {
      columns: drawn.signal.length,
      rows: Float64Array.from(run.start.weight.flat()),
      bias: Float64Array.from(run.start.bias),
    },
    loss: 'logistic',
    stepPerSample: run.reduction === 'mean' ? lr / sample.n : lr,
    stepSize: lr,
    etaOutput,
    rule: make({ ...run, flowTolerance: NaN }),
    puller: pullerOf(run),
    ...(weightDecay > 0 && { decay: { lambda: weightDecay, coupled } }),
    ...(schedule === 'warm-up' && { schedule: warmUp(scheduleSteps) }),
    ...(schedule === 'step' && { schedule: stepwise(scheduleSteps, scheduleFactor) }),
    ...(schedule === 'cosine' && { schedule: cosine(scheduleSteps) }),
  };
}

for (const engine of [direct, gram])
  for (const torch of runs) {
    if (engine === gram && !RULES[torch.rule].inSpan) continue;
    test(`${engine.id} and PyTorch: ${torch.name}`, (t) => {
      assert.ok(torch.nearestKink > NEAR_KINK, 'no pre-activation may go two ways by rounding');
      const problem = problemOf(torch);
      const run = engine.start(problem);
      const losses: number[] = [];
      const maxSteps = torch.losses.length - 1;
      train(run, sample, 'logistic', { stop: 'steps', epsilon: 1, maxSteps }, (_, view) =>
        losses.push(meanLoss(view, sample, 'logistic')),
      );
      const differences = {
        losses: worstDifference(losses, torch.losses),
        outputs: worstDifference(run.view.outputs, torch.outputs),
        weights: worstDifference(run.view.weights().rows, torch.end.weight.flat()),
        bias: worstDifference(run.view.bias, torch.end.bias),
        v: worstDifference(trainedWeights(run.view.outputWeights, problem.network), torch.end.v.flat()),
      };
      t.diagnostic(JSON.stringify(differences));
      for (const [what, difference] of Object.entries(differences))
        assert.ok(difference <= TORCH, `${what} differ by ${difference}`);
      assert.ok(losses[0]! > 1.1 * losses.at(-1)!); // it learned something
    });
  }

test('every rule of the shelf that makes steps of its own is among them', () => {
  const named = new Set(runs.map(({ rule }) => rule));
  for (const id of Object.keys(RULES)) if (!id.includes('/') && id !== 'flow') assert.ok(named.has(id as never), id);
});
