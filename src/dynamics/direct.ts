/**
 * Gradient descent on the weight vectors themselves: the judge of the other engines.
 *
 * Written from the network's formula alone: inputs are patch vectors, weights are rows of
 * coordinates, the step is minus the gradient. Beside it runs the coefficient recursion of Kou et al. 2023
 * (signal-noise decomposition), so that a run can show that the decomposition holds. A trained output layer moves by
 * minus its gradient at the same point.
 */
import { dotRows, productTransposed } from '../core/linear-algebra.ts';
import { patchVector } from '../data/sample.ts';
import { activate, activationSlope } from '../network/activation.ts';
import { lossSlope } from '../network/loss.ts';
import { checkProblem, refusesNothing } from './check.ts';
import type { Engine, Problem, Run, SpanView } from './engine.ts';
import { outputsAt } from './outputs-at.ts';
import { allSamples } from './steps/puller.ts';
import { descent } from './steps/rule.ts';

/**
 * Gradient descent on the weight vectors themselves, the judge of the other engines: n, d and 2m enter its cost. Out of
 * the span its view's coefficients mean nothing.
 */
export const direct: Engine = {
  id: 'direct',
  refuses: refusesNothing,
  offers: ({ inSpan }) => (inSpan ? 'span' : 'two-layer'),
  start,
};

function start(problem: Problem): Run {
  checkProblem(problem, direct);
  const { sample, network, init, loss, stepPerSample, etaOutput = 1, rule = descent, puller = allSamples } = problem;
  const { n, patches, anchors: K } = sample;
  const nextLabels = puller.start(sample.labels);
  const { filters: R, activation } = network;
  const { columns } = init;
  const Q = n * patches.perSample;
  const inputs = new Float64Array(Q * columns);
  for (let q = 0; q < Q; q++) {
    inputs.set(patchVector(sample, Math.floor(q / patches.perSample), q % patches.perSample), q * columns);
  }
  const W = init.rows.slice();
  const bias = init.bias.slice();
  const outputWeights = network.trainsOutput ? network.outputWeights.slice() : network.outputWeights;
  const columnsOut = outputWeights.length / R;
  /** index of the output weight of filter r on patch q */
  const outputAt = (r: number, q: number): number => r * columnsOut + (q % columnsOut);
  const outputChange = new Float64Array(outputWeights.length);
  const C = new Float64Array(R * K);
  // Descent adds the pulls to the weights as they come; another rule gathers them first.
  const gathers = !rule.isPull;
  const blocks = [W, bias, C].map((weights) => ({
    weights,
    pull: gathers ? new Float64Array(weights.length) : weights,
    mover: rule.start(weights.length),
  }));
  const [pullW, pullBias, pullC] = blocks.map(({ pull }) => pull) as [Float64Array, Float64Array, Float64Array];
  const outputMover = rule.start(outputChange.length);
  const H = new Float64Array(R * Q);
  const outputs = new Float64Array(n);

  const view: SpanView = {
    outputs,
    preactivations: H,
    outputWeights,
    bias,
    coefficients: C,
    products() {
      const { used } = sample.frame;
      const padded = new Float64Array(K * columns);
      for (let k = 0; k < K; k++) padded.set(sample.vectors.subarray(k * used, (k + 1) * used), k * columns);
      return productTransposed(W, R, padded, K, columns);
    },
    weights: () => ({ rows: W, columns }),
    outputsAt: (points) => outputsAt(problem, { weights: view.weights(), bias, outputWeights }, points),
  };

  function forward(): void {
    for (let i = 0; i < n; i++) {
      let f = 0;
      for (let r = 0; r < R; r++) {
        let s = 0; // what an output weight that is shared over the patches multiplies
        for (let q = i * patches.perSample; q < (i + 1) * patches.perSample; q++) {
          const h = dotRows(W, r * columns, inputs, q * columns, columns) + bias[r]!;
          H[r * Q + q] = h;
          if (columnsOut === 1) s += activate(activation, h);
          else f += outputWeights[outputAt(r, q)]! * activate(activation, h);
        }
        if (columnsOut === 1) f += outputWeights[r]! * s;
      }
      outputs[i] = f;
    }
  }

  function update(): boolean {
    const labels = nextLabels();
    let moved = puller.redraws; // another draw may move what this one does not
    outputChange.fill(0);
    if (gathers) for (const { pull } of blocks) pull.fill(0);
    for (let i = 0; i < n; i++) {
      const slope = lossSlope(loss, labels[i]! * outputs[i]!);
      for (let r = 0; r < R; r++) {
        for (let q = i * patches.perSample; q < (i + 1) * patches.perSample; q++) {
          // f moves with v by j * unit * sigma, and a = j * unit * v moves with v by j * unit once more.
          if (network.trainsOutput)
            outputChange[outputAt(r, q)]! +=
              etaOutput *
              stepPerSample *
              slope *
              labels[i]! *
              network.outputUnit ** 2 *
              activate(activation, H[r * Q + q]!);
          const change =
            stepPerSample *
            slope *
            labels[i]! *
            outputWeights[outputAt(r, q)]! *
            activationSlope(activation, H[r * Q + q]!);
          if (change === 0) continue;
          moved = true;
          for (let k = 0; k < columns; k++) pullW[r * columns + k]! += change * inputs[q * columns + k]!;
          if (network.bias) pullBias[r]! += change;
          for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++)
            pullC[r * K + patches.anchor[t]!]! += patches.coefficient[t]! * change;
        }
      }
    }
    if (gathers)
      for (const { weights, pull, mover } of blocks) {
        if (!mover.move(pull)) continue;
        moved = true;
        pull.forEach((change, at) => (weights[at]! += change));
      }
    outputMover.move(outputChange);
    outputChange.forEach((change, at) => {
      if (change === 0) return;
      moved = true;
      outputWeights[at]! += change;
    });
    return moved;
  }

  return { view, forward, update };
}
