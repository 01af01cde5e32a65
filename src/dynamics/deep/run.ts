/**
 * Training of a deep network: the filters as their first layer has them (first-layer.ts), everything above by a pass up
 * and a pass down (stack.ts). All pulls are gathered, then become steps as steps/stepper.ts says, each number by
 * itself; with descent a step adds the pulls. The error of sample i, as in gram.ts, is
 *
 *   e_i = (y_i * slope(y_i f_i)) * ((stepPerSample * factor) * weight_i)
 *
 * with the label that this step sees, the schedule's factor under descent and the weight under batches, and 0 where
 * that weight is.
 */
import { lossSlope } from '../../network/loss.ts';
import { continued } from '../checkpoint.ts';
import type { LayeredView, Problem, Run, ShownLayer, StackView } from '../engine.ts';
import { allSamples, type Pull } from '../steps/puller.ts';
import { descent } from '../steps/rule.ts';
import { constant } from '../steps/schedule.ts';
import { climbOf, gradientNorm, squareOf, Stepper, type Block } from '../steps/stepper.ts';
import type { FirstLayer } from './first-layer.ts';
import { outputsAtPoints } from './outputs-at.ts';
import { outputsOf } from './outputs-of.ts';
import {
  emptyDescent,
  emptyPass,
  passDown,
  passUp,
  type Pass,
  type StackPulls,
  type StackShape,
  type StackWeights,
} from './stack.ts';

/** @param make the first layer, of the problem, the step size and whether it is trained */
export function startDeep(
  problem: Problem,
  make: (problem: Problem, eta: number, trained: boolean) => FirstLayer,
): Run<LayeredView> {
  const { sample, network, init, loss, stepPerSample, etaOutput = 1, rule = descent, puller = allSamples } = problem;
  const { decay, schedule = constant } = problem;
  const { n, patches, targets } = sample;
  const { hidden: layers, filters: R, activation, outputUnit } = network;
  if (!layers || !init.hidden) throw new RangeError('network.hidden: needed by an engine of deep networks, got none');
  const eta = problem.stepSize ?? n * stepPerSample;
  const nextPull = puller.start(sample.labels);
  const trains = (layer: number): boolean => !layers.frozen.includes(layer);
  const { widths, pool, share } = layers;
  const shape: StackShape = { activation, widths, pool, share, perSample: patches.perSample };

  const first = make(problem, eta, trains(1));
  const firstBias = init.bias.slice();
  const weights: StackWeights = {
    hidden: init.hidden.map((layer) => layer.weights.slice()),
    biases: init.hidden.map((layer) => layer.bias.slice()),
    output: network.outputWeights.slice(),
  };
  const pass = emptyPass(shape, n);
  const room = emptyDescent(shape, n);
  const error = new Float64Array(n);
  const changes = new Float64Array(R * n * patches.perSample);
  const firstBiasPull = new Float64Array(R);
  const pulls: StackPulls = {
    hidden: weights.hidden.map((w, at) => (trains(at + 2) ? new Float64Array(w.length) : undefined)),
    biases: weights.biases.map((b, at) => (trains(at + 2) && network.bias ? new Float64Array(b.length) : undefined)),
    output: network.trainsOutput ? new Float64Array(weights.output.length) : undefined,
    outputRate: etaOutput * (outputUnit * outputUnit),
    first: trains(1) ? changes : undefined,
  };
  const block = (state: Float64Array, pull: Float64Array | undefined): Block[] =>
    pull ? [{ state, pull, rate: eta }] : [];
  const blocks: readonly Block[] = [
    ...first.blocks,
    ...(network.bias && trains(1) ? block(firstBias, firstBiasPull) : []),
    ...weights.hidden.flatMap((w, at) => block(w, pulls.hidden[at])),
    ...weights.biases.flatMap((b, at) => block(b, pulls.biases[at])),
    ...(pulls.output
      ? [
          {
            state: weights.output,
            pull: pulls.output,
            rate: eta * etaOutput,
            ...(!rule.inSpan && { units: network.classes.map((j) => j * outputUnit) }),
          },
        ]
      : []),
  ];
  const stepper = new Stepper(rule, decay, blocks);
  /** what a pass up reads and a step up the gradient moves, with the pull on it */
  const moving = [
    ...(trains(1) ? [{ state: first.state, pull: first.pull, rate: eta }] : []),
    ...blocks.filter((one) => !first.blocks.includes(one)),
  ];
  const aside = rule.ascent && {
    pass: emptyPass(shape, n),
    kept: moving.map(({ state }) => state.slice()),
  };
  let time = 0;

  function forward(to: Pass): void {
    const h = to.preactivations[0]!;
    first.products(h);
    const each = n * patches.perSample;
    if (network.bias)
      for (let r = 0; r < R; r++) for (let q = r * each; q < (r + 1) * each; q++) h[q] = h[q]! + firstBias[r]!;
    passUp(shape, weights, to);
  }

  /** Writes the pulls at the weights of a pass. */
  function gather({ labels, weights: shares }: Pull, each: number, at: Pass): void {
    for (let i = 0; i < n; i++)
      error[i] =
        shares?.[i] === 0
          ? 0
          : labels[i]! *
            lossSlope(loss, labels[i]! * at.outputs[i]!, targets?.[i]) *
            (shares ? each * shares[i]! : each);
    passDown(shape, weights, at, error, pulls, room);
    if (!trains(1)) return;
    first.gather(changes);
    if (!network.bias) return;
    const columns = n * patches.perSample;
    for (let r = 0; r < R; r++) {
      let sum = 0;
      for (let q = r * columns; q < (r + 1) * columns; q++) sum += changes[q]!;
      firstBiasPull[r] = sum;
    }
  }

  /** |g| by the pulls that there are. */
  const norm = (): number => {
    const total = (some: readonly (Float64Array | undefined)[]): number =>
      some.reduce((sum, one) => sum + (one ? squareOf(one) : 0), 0);
    return gradientNorm(
      {
        filters: (trains(1) ? first.square() : 0) + total(pulls.hidden),
        biases: (network.bias && trains(1) ? squareOf(firstBiasPull) : 0) + total(pulls.biases),
        outputs: pulls.output ? squareOf(pulls.output) : 0,
      },
      eta,
      etaOutput,
      outputUnit,
    );
  };

  /** Pulls at weights up the gradient, in place of those at the present ones. */
  function gatherAbove(by: Pull, other: NonNullable<typeof aside>): void {
    const length = norm();
    moving.forEach(({ state, pull, rate }, b) => {
      other.kept[b]!.set(state);
      const climb = climbOf(rule.ascent!, length, rate);
      for (let k = 0; k < state.length; k++) state[k]! += climb * pull[k]!;
    });
    forward(other.pass);
    gather(by, stepPerSample, other.pass);
    moving.forEach(({ state }, b) => state.set(other.kept[b]!));
  }

  function update(): boolean {
    const factor = schedule(time++);
    if (factor === 0) return false;
    const by = nextPull();
    stepper.clear();
    gather(by, rule.isPull ? stepPerSample * factor : stepPerSample, pass);
    if (aside) gatherAbove(by, aside);
    const moved = stepper.step(factor, norm);
    return moved || puller.redraws; // another draw may move what this one does not
  }

  const shown: ShownLayer[] = [
    { weights: () => first.weights().rows, bias: firstBias, preactivations: pass.preactivations[0]! },
    ...weights.hidden.map((w, at) => ({
      weights: () => w,
      bias: weights.biases[at]!,
      preactivations: pass.preactivations[at + 1]!,
    })),
  ];
  const stack: StackView = {
    layers: shown,
    outputWeights: weights.output,
    products: () => first.anchorProducts(),
    outputsOf: (preactivations, points) => outputsOf(shape, weights, preactivations, points),
  };
  const memory = stepper.memory();
  const states = [...new Set([...blocks.map(({ state }) => state), ...(memory ?? [])])];
  return {
    view: {
      outputs: pass.outputs,
      stack,
      outputsAt: (points) => outputsAtPoints(first.weights(), firstBias, patches.perSample, stack, points),
    },
    forward: () => forward(pass),
    update,
    ...continued(memory && states, (made) => {
      for (time = 0; time < made; time++) nextPull();
    }),
  };
}
