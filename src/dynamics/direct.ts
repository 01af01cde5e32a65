/**
 * Gradient descent on the weight vectors themselves: the judge of the other engines.
 *
 * Written from the network's formula alone: inputs are patch vectors, weights are rows of
 * coordinates, the step is minus the gradient. Beside it runs the coefficient recursion of Kou et al. 2023
 * (signal-noise decomposition), so that a run can show that the decomposition holds. A trained output layer moves by
 * minus its gradient at the same point. Under another rule than descent, and under weight decay, pulls are gathered
 * first and become steps in steps/stepper.ts. Zeros of sparse patches are left out (sparse-rows.ts), and where there is
 * enough to do the kernel makes the same sums (row-kernel.ts): no bit depends on either.
 */
import { dotRows, productTransposed } from '../core/linear-algebra.ts';
import { patchVector } from '../data/sample.ts';
import { activate, activationSlope } from '../network/activation.ts';
import { lossSlope } from '../network/loss.ts';
import { checkProblem, refusesNothing } from './check.ts';
import { continued } from './checkpoint.ts';
import { denseKernel } from './dense-kernel.ts';
import type { Engine, Problem, Run, SpanView } from './engine.ts';
import { outputsAt } from './outputs-at.ts';
import type { RowKernel } from './row-kernel.ts';
import { sparseKernel } from './sparse-kernel.ts';
import { addSparse, dotsSparse, sparseRows, transposeInto } from './sparse-rows.ts';
import { allSamples, type Pull } from './steps/puller.ts';
import { descent } from './steps/rule.ts';
import { constant } from './steps/schedule.ts';
import { climbOf, gradientNorm, squareOf, Stepper, type Block } from './steps/stepper.ts';

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
  const { decay, schedule = constant } = problem;
  const { n, patches, anchors: K, targets } = sample;
  const eta = problem.stepSize ?? n * stepPerSample;
  const nextPull = puller.start(sample.labels);
  const { filters: R, activation } = network;
  const { columns } = init;
  const Q = n * patches.perSample;
  const inputs = new Float64Array(Q * columns);
  for (let q = 0; q < Q; q++) {
    inputs.set(patchVector(sample, Math.floor(q / patches.perSample), q % patches.perSample), q * columns);
  }
  const sparse = sparseRows(inputs, Q, columns, init.rows);
  const fast: RowKernel | undefined = sparseKernel(sparse, R, columns) ?? denseKernel(inputs, Q, init.rows, R, columns);
  const changes = new Float64Array(fast?.size ?? 0);
  let transposed: Float64Array | undefined;
  const W = init.rows.slice();
  const bias = init.bias.slice();
  const outputWeights = network.trainsOutput ? network.outputWeights.slice() : network.outputWeights;
  const columnsOut = outputWeights.length / R;
  /** index of the output weight of filter r on patch q */
  const outputAt = (r: number, q: number): number => r * columnsOut + (q % columnsOut);
  const C = new Float64Array(R * K);
  const startScale = new Float64Array([1]);
  // Descent adds the pulls to the weights as they come; what else there is gathers them first.
  const gathers = !rule.isPull || decay !== undefined;
  const pullOn = (state: Float64Array): Float64Array => (gathers ? new Float64Array(state.length) : state);
  const [pullW, pullBias, pullC] = [W, bias, C].map(pullOn) as [Float64Array, Float64Array, Float64Array];
  const outputChange = new Float64Array(outputWeights.length);
  const blocks: Block[] = [
    { state: W, pull: pullW, rate: eta },
    ...(network.bias ? [{ state: bias, pull: pullBias, rate: eta }] : []),
    ...(rule.inSpan ? [{ state: C, pull: pullC, rate: eta, image: true } as const] : []),
    ...(decay ? [{ state: startScale, pull: new Float64Array(1), rate: eta, image: true } as const] : []),
  ];
  if (network.trainsOutput) {
    const units = outputWeights.map((_, at) => network.classes[Math.floor(at / columnsOut)]! * network.outputUnit);
    blocks.push({
      state: outputWeights,
      pull: outputChange,
      rate: eta * etaOutput,
      ...(!rule.inSpan && { units }),
    });
  }
  const stepper = gathers ? new Stepper(rule, decay, blocks) : undefined;
  const H = new Float64Array(R * Q);
  const outputs = new Float64Array(n);
  const steps = new Float64Array(n);
  const slopes = new Float64Array(n);
  /** pre-activations and outputs at other weights, and where those at the present ones wait */
  const aside = rule.ascent && {
    H: H.slice(),
    outputs: outputs.slice(),
    kept: blocks.map(({ state }) => state.slice()),
  };
  let time = 0;

  const view: SpanView = {
    outputs,
    preactivations: H,
    outputWeights,
    bias,
    coefficients: C,
    get startScale() {
      return startScale[0]!;
    },
    products() {
      const { used } = sample.frame;
      const padded = new Float64Array(K * columns);
      for (let k = 0; k < K; k++) padded.set(sample.vectors.subarray(k * used, (k + 1) * used), k * columns);
      return productTransposed(W, R, padded, K, columns);
    },
    weights: () => ({ rows: W, columns }),
    outputsAt: (points) => outputsAt(problem, { weights: view.weights(), bias, outputWeights }, points),
  };

  function forward(h = H, f = outputs): void {
    if (!fast?.products(W, h)) productsInto(h);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let r = 0; r < R; r++) {
        let s = 0; // what an output weight that is shared over the patches multiplies
        for (let q = i * patches.perSample; q < (i + 1) * patches.perSample; q++) {
          const x = h[r * Q + q]! + bias[r]!;
          h[r * Q + q] = x;
          if (columnsOut === 1) s += activate(activation, x);
          else sum += outputWeights[outputAt(r, q)]! * activate(activation, x);
        }
        if (columnsOut === 1) sum += outputWeights[r]! * s;
      }
      f[i] = sum;
    }
  }

  /** The products of all weights with all patches, R x Q. */
  function productsInto(h: Float64Array): void {
    if (sparse.some((one) => one)) transposeInto((transposed ??= new Float64Array(R * columns)), W, R, columns);
    for (let q = 0; q < Q; q++) {
      const here = sparse[q];
      if (here) dotsSparse(transposed!, R, here, h, q, Q);
      else for (let r = 0; r < R; r++) h[r * Q + q] = dotRows(W, r * columns, inputs, q * columns, columns);
    }
  }

  /** Adds the pulls at the present weights, whose pre-activations and outputs these are; says whether there are any. */
  function pull({ labels, weights }: Pull, each: number, h: Float64Array, f: Float64Array): boolean {
    let pulled = false;
    let finite = true;
    const which: number[] = [];
    changes.fill(0);
    for (let i = 0; i < n; i++) {
      steps[i] = weights ? each * weights[i]! : each;
      slopes[i] = weights && steps[i] === 0 ? 0 : lossSlope(loss, labels[i]! * f[i]!, targets?.[i]);
      if (fast && !(weights && steps[i] === 0))
        for (let q = i * patches.perSample; q < (i + 1) * patches.perSample; q++) which.push(q);
    }
    for (let r = 0; r < R; r++) {
      for (let i = 0; i < n; i++) {
        const step = steps[i]!;
        if (weights && step === 0) continue;
        const slope = slopes[i]!;
        for (let q = i * patches.perSample; q < (i + 1) * patches.perSample; q++) {
          // f moves with v by j * unit * sigma, and a = j * unit * v moves with v by j * unit once more.
          if (network.trainsOutput)
            outputChange[outputAt(r, q)]! +=
              etaOutput * step * slope * labels[i]! * network.outputUnit ** 2 * activate(activation, h[r * Q + q]!);
          const change =
            step * slope * labels[i]! * outputWeights[outputAt(r, q)]! * activationSlope(activation, h[r * Q + q]!);
          if (change === 0) continue;
          pulled = true;
          if (fast) {
            changes[q * fast.rowStep + r * fast.filterStep] = change;
            finite &&= Number.isFinite(change);
          } else pullAlong(r, q, change);
          if (network.bias) pullBias[r]! += change;
          for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++)
            pullC[r * K + patches.anchor[t]!]! += patches.coefficient[t]! * change;
        }
      }
    }
    if (fast && !(finite && fast.addPulls(pullW, changes, which)))
      for (let r = 0; r < R; r++)
        for (const q of which) pullAlong(r, q, changes[q * fast.rowStep + r * fast.filterStep]!);
    return pulled;
  }

  function pullAlong(r: number, q: number, change: number): void {
    const here = sparse[q];
    // change * 0 is 0 while change is finite
    if (here && Number.isFinite(change)) addSparse(pullW, r * columns, change, here);
    else for (let k = 0; k < columns; k++) pullW[r * columns + k]! += change * inputs[q * columns + k]!;
  }

  /** |g| by the pulls that there are. */
  const norm = (): number =>
    gradientNorm(
      {
        filters: squareOf(pullW),
        biases: network.bias ? squareOf(pullBias) : 0,
        outputs: network.trainsOutput ? squareOf(outputChange) : 0,
      },
      eta,
      etaOutput,
      network.outputUnit,
    );

  /** Pulls at weights up the gradient, in place of those at the present ones. */
  function pullFromAbove(by: Pull, each: number, other: NonNullable<typeof aside>): void {
    const length = norm();
    blocks.forEach(({ state, pull: change, rate, image }, b) => {
      other.kept[b]!.set(state);
      if (image) return;
      const climb = climbOf(rule.ascent!, length, rate);
      for (let k = 0; k < state.length; k++) state[k]! += climb * change[k]!;
    });
    stepper!.clear();
    forward(other.H, other.outputs);
    pull(by, each, other.H, other.outputs);
    blocks.forEach(({ state }, b) => state.set(other.kept[b]!));
  }

  function update(): boolean {
    const factor = schedule(time++);
    if (factor === 0) return false;
    const by = nextPull();
    const each = rule.isPull ? stepPerSample * factor : stepPerSample;
    outputChange.fill(0);
    stepper?.clear();
    let moved = pull(by, each, H, outputs);
    if (stepper) {
      if (aside) pullFromAbove(by, each, aside);
      moved = stepper.step(factor, norm);
    } else
      outputChange.forEach((change, at) => {
        if (change === 0) return;
        moved = true;
        outputWeights[at]! += change;
      });
    return moved || puller.redraws; // another draw may move what this one does not
  }

  const memory = stepper ? stepper.memory() : [];
  return {
    view,
    forward: () => forward(),
    update,
    end: () => fast?.end(),
    ...continued(memory && [W, bias, C, outputWeights, startScale, ...memory], (made) => {
      for (time = 0; time < made; time++) nextPull();
    }),
  };
}
