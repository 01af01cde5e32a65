/**
 * The lazy regime: gradient descent on the network's linearisation at its initial weights,
 *
 *   f_lin(x; W) = f(x; W0) + <grad f(x; W0), W - W0>     (Chizat, Oyallon, Bach 2019)
 *
 * with the same loss and step size as the network's own run, beside which it is meant to be seen. The output layer is
 * fixed. Outputs are f(x_i; W0) + sum_j K_ij S_j, K the tangent kernel at the start and S_j the sample's loss
 * derivatives times step size, added up: O(n^2) a step, whatever the width. All else follows from S when it is read.
 */
import { dotRows, product, productTransposed } from '../core/linear-algebra.ts';
import { productTransposed as fastProductTransposed } from '../core/kernel-algebra.ts';
import { patchRows } from '../data/sample.ts';
import { activate, activationSlope } from '../network/activation.ts';
import { lossSlope } from '../network/loss.ts';
import { tangentKernel } from '../network/tangent-kernel.ts';
import type { Problem, Run, SpanView } from './engine.ts';
import { gram, headOfWeights } from './gram.ts';
import { checkPoints, outputsOf } from './outputs-at.ts';
import { allSamples } from './steps/puller.ts';
import { descent } from './steps/rule.ts';
import { constant } from './steps/schedule.ts';

/**
 * Starts the linearised run, of a rule that is linear in the pulls, without decay. Its view's weights, bias,
 * coefficients and products are W(t) of the linearisation; its outputs are f_lin, and its pre-activations <w_r(t), x> +
 * b_r, of which only those at the start decide about slopes.
 *
 * @throws RangeError for another rule, and with decay
 */
export function linearised(problem: Problem): Run {
  const { sample, network, init, loss, stepPerSample, rule = descent, puller = allSamples } = problem;
  const { schedule = constant } = problem;
  if (!rule.inSpan || rule.normalised || rule.ascent || problem.decay)
    throw new RangeError(`the linearised run needs a rule that is linear in the pulls, and no decay, got ${rule.id}`);
  const { n, anchors: K, patches, vectors, frame, targets } = sample;
  const nextPull = puller.start(sample.labels);
  const { filters: R, outputWeights, activation } = network;
  const { used } = frame;
  const Q = n * patches.perSample;
  const atStart = gram.start(problem);
  atStart.forward();
  const startOutputs = atStart.view.outputs.slice();
  const startPreactivations = atStart.view.preactivations.slice();
  const inputs = patchRows(sample);
  const kernel = tangentKernel(
    network,
    startPreactivations,
    fastProductTransposed(inputs, Q, inputs, Q, used),
    patches.perSample,
  );
  const S = new Float64Array(n);
  const steps = new Float64Array(n);
  const mover = rule.start(n, stepPerSample);
  let time = 0;
  const outputs = new Float64Array(n);

  /**
   * How far each pre-activation's gradient has been followed: S_i a_r sigma'(h0_rq), for filter r and patch q of sample
   * i.
   */
  const change = (r: number, q: number): number =>
    S[Math.floor(q / patches.perSample)]! *
    outputWeights[r]! *
    activationSlope(activation, startPreactivations[r * Q + q]!);

  const view: SpanView = {
    outputs,
    outputWeights,
    startScale: 1,
    get bias() {
      if (!network.bias) return init.bias;
      return init.bias.map((b, r) => {
        for (let q = 0; q < Q; q++) b += change(r, q);
        return b;
      });
    },
    get coefficients() {
      const C = new Float64Array(R * K);
      for (let r = 0; r < R; r++) {
        for (let q = 0; q < Q; q++) {
          const step = change(r, q);
          for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++)
            C[r * K + patches.anchor[t]!]! += patches.coefficient[t]! * step;
        }
      }
      return C;
    },
    get preactivations() {
      const { bias } = view;
      return productTransposed(head(), R, inputs, Q, used).map((h, at) => h + bias[Math.floor(at / Q)]!);
    },
    products: () => productTransposed(head(), R, vectors, K, used),
    outputsAt(points) {
      const { rows, columns } = view.weights();
      const { bias } = view;
      const each = outputWeights.length / R;
      checkPoints(points, patches.perSample, columns);
      return outputsOf(points, patches.perSample, (x, s) => {
        let f = 0;
        for (let r = 0; r < R; r++) {
          const start = dotRows(init.rows, r * columns, points.rows, x, points.columns) + init.bias[r]!;
          const now = dotRows(rows, r * columns, points.rows, x, points.columns) + bias[r]!;
          const linear = activate(activation, start) + activationSlope(activation, start) * (now - start);
          f += outputWeights[r * each + (s % each)]! * linear;
        }
        return f;
      });
    },
    weights() {
      const { columns } = init;
      const rows = init.rows.slice();
      const now = head();
      for (let r = 0; r < R; r++) rows.set(now.subarray(r * used, (r + 1) * used), r * columns);
      return { rows, columns };
    },
  };

  /** W(t) on the axes that anchors use, R x used; on the others it is W0. */
  function head(): Float64Array {
    const moved = product(view.coefficients, R, vectors, K, used);
    return headOfWeights(problem).map((w, at) => w + moved[at]!);
  }

  return {
    view,
    forward(): void {
      for (let i = 0; i < n; i++) outputs[i] = startOutputs[i]! + dotRows(kernel, i * n, S, 0, n);
    },
    update(): boolean {
      const factor = schedule(time++);
      if (factor === 0) return false;
      const { labels, weights } = nextPull();
      const [each, after] = rule.isPull ? [stepPerSample * factor, 1] : [stepPerSample, factor];
      let moved = puller.redraws;
      for (let i = 0; i < n; i++)
        steps[i] =
          labels[i]! * lossSlope(loss, labels[i]! * outputs[i]!, targets?.[i]) * (weights ? each * weights[i]! : each);
      mover.move(steps);
      for (let i = 0; i < n; i++) {
        S[i]! += after * steps[i]!;
        if (steps[i] !== 0 && kernel[i * n + i]! > 0) moved = true; // K_ii = 0: the gradient of f(x_i) is zero
      }
      return moved;
    },
  };
}
