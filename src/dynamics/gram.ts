/**
 * Gradient descent in the span of the anchors: exact, and free of d.
 *
 * The state is C (coefficients) and P = <w_r, v_k>; a step adds dC to C and dC G to P, G the anchors'
 * Gram matrix. This is the plain algorithm. Its order of arithmetic is part of the record format:
 *
 *   h_rq   = sum over the terms of patch q of coefficient * P_rk, then + b_r
 *   s_ri   = sum over the patches of sample i of sigma(h_rq)
 *   f_i    = (sum over even r of a_r s_ri) + (sum over odd r of a_r s_ri)
 *   e_i    = (y_i * slope(y_i f_i)) * stepPerSample
 *   dC_rk  = sum over the terms at anchor k, samples in order, of coefficient * ((e_i a_r) sigma'(h_rq))
 *   P_rl  += sum over k in order of dC_rk G_kl;   C_rk += dC_rk;   b_r += sum over q of (e_i a_r) sigma'(h_rq)
 *
 * with products and sums rounded one by one. With one output weight a filter and patch, a_rs,
 *   f_i    sums s_ri = sum over the patches of a_rs sigma(h_rq) over r in the same two halves; e_i a_rs stands for e_i
 *   a_r
 * and with a trained output layer, c its unit,
 *   a_rs  += (etaOutput * (c * c)) * (sum over the samples in order, their patches with this weight in order, of e_i
 *   sigma(h_rq))
 * after the filter's own step.
 *
 * What a puller and a schedule say stands in e_i: y_i is the label that this step sees, and with weights
 *   e_i    = (y_i * slope(y_i f_i)) * ((stepPerSample * factor) * weight_i)
 * (without them stepPerSample * factor), samples of weight 0 left out. Another rule than descent, and weight decay,
 * take
 *   dC, dP = dC G (sums over k in order), db, da
 * as pulls on the blocks C, P, b, a, and 0 as the pull on s, which begins at 1, each number by itself as
 * steps/stepper.ts says: heavy ball, for one,
 *   v_C = beta * v_C + dC;  C += factor * v_C;  v_P = beta * v_P + dP;  P += factor * v_P;  ...
 * with stepPerSample alone in e_i. P stays <w_r, v_k> of w_r = s w_r(0) + sum_k C_rk v_k, since all of it is linear.
 */
import { product, productTransposed } from '../core/linear-algebra.ts';
import { activate, activationSlope } from '../network/activation.ts';
import { lossSlope } from '../network/loss.ts';
import { addRows } from './add-rows.ts';
import { checkProblem, refusesOutOfSpan } from './check.ts';
import { continued } from './checkpoint.ts';
import type { Engine, Problem, Run, SpanView } from './engine.ts';
import { outputsAt } from './outputs-at.ts';
import { normInSpan } from './span-norm.ts';
import { allSamples, type Pull } from './steps/puller.ts';
import { descent } from './steps/rule.ts';
import { constant } from './steps/schedule.ts';
import { climbOf, Stepper, type Block } from './steps/stepper.ts';

/** A run whose arrays may be written to by an engine that makes some of its steps in another way. */
export interface GramRun extends Run {
  /** the anchors' Gram matrix G, K x K */
  readonly anchorGram: Float64Array;
}

/** An engine whose runs show their Gram matrix. */
interface GramEngine extends Engine {
  start(problem: Problem): GramRun;
}

/** Gradient descent on the anchors' Gram matrix: the same numbers at a cost that does not depend on d. */
export const gram: GramEngine = { id: 'gram', refuses: refusesOutOfSpan, start };

function start(problem: Problem): GramRun {
  checkProblem(problem, gram);
  const { sample, network, init, loss, stepPerSample, etaOutput = 1, rule = descent, puller = allSamples } = problem;
  const { decay, schedule = constant } = problem;
  const { n, anchors: K, targets } = sample;
  const eta = problem.stepSize ?? n * stepPerSample;
  const nextPull = puller.start(sample.labels);
  const { start: termStart, anchor: termAnchor, coefficient: termCoefficient, perSample } = sample.patches;
  const { filters: R, activation, trainsOutput } = network;
  const a = trainsOutput ? network.outputWeights.slice() : network.outputWeights;
  const outputColumns = a.length / R;
  const shared = outputColumns === 1;
  const outputRate = etaOutput * (network.outputUnit * network.outputUnit);
  const { used } = sample.frame;
  const Q = n * perSample;
  const G = productTransposed(sample.vectors, K, sample.vectors, K, used);
  const P = productTransposed(headOfWeights(problem), R, sample.vectors, K, used);
  const C = new Float64Array(R * K);
  const bias = init.bias.slice();
  const startScale = new Float64Array([1]);
  const H = new Float64Array(R * Q);
  const outputs = new Float64Array(n);
  const partial = [new Float64Array(n), new Float64Array(n)] as const;
  const error = new Float64Array(n);
  const changes = new Float64Array(K);
  const rowsOfG = new Int32Array(K);
  // Descent adds the pull on a filter before it takes that on the next; what else there is gathers them first.
  const gathers = !rule.isPull || decay !== undefined;
  const dC = new Float64Array(gathers ? R * K : K);
  const dP = new Float64Array(gathers ? R * K : K);
  const db = new Float64Array(R);
  const da = new Float64Array(a.length);
  const ds = new Float64Array(1);
  const blocks: Block[] = [
    { state: C, pull: dC, rate: eta },
    { state: P, pull: dP, rate: eta, image: true },
    ...(network.bias ? [{ state: bias, pull: db, rate: eta }] : []),
    ...(trainsOutput ? [{ state: a, pull: da, rate: eta * etaOutput }] : []),
    ...(decay ? [{ state: startScale, pull: ds, rate: eta }] : []),
  ];
  const stepper = gathers ? new Stepper(rule, decay, blocks) : undefined;
  const norm = stepper ? normInSpan(problem, { dC, dP, db, da, P, startScale }, eta) : () => 0;
  const above = rule.ascent && {
    P: P.slice(),
    bias: bias.slice(),
    a: a.slice(),
    H: H.slice(),
    outputs: outputs.slice(),
  };
  const linear = activation.kind === 'piecewise-linear';
  const leak = linear ? activation.leak : 0;
  let t = 0;

  const view: SpanView = {
    outputs,
    preactivations: H,
    outputWeights: a,
    bias,
    coefficients: C,
    get startScale() {
      return startScale[0]!;
    },
    products: () => P,
    weights: () => weightsAfter(problem, C, product, startScale[0]!),
    outputsAt: (points) => outputsAt(problem, { weights: view.weights(), bias, outputWeights: a }, points),
  };

  /** Pre-activations h and outputs f at products p, biases and output weights. */
  function forward(p: Float64Array, biases: Float64Array, out: Float64Array, h: Float64Array, f: Float64Array): void {
    partial[0].fill(0);
    partial[1].fill(0);
    for (let r = 0; r < R; r++) {
      const sum = partial[r & 1]!;
      const first = r * outputColumns;
      const weight = out[first]!;
      const b = biases[r]!;
      const row = r * K;
      let q = 0;
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let end = q + perSample; q < end; q++) {
          let x = 0;
          for (let u = termStart[q]!; u < termStart[q + 1]!; u++) x += termCoefficient[u]! * p[row + termAnchor[u]!]!;
          x += b;
          h[r * Q + q] = x;
          const value = linear ? (x > 0 ? x : leak * x) : activate(activation, x);
          s += shared ? value : out[first + q - i * perSample]! * value;
        }
        sum[i]! += shared ? weight * s : s;
      }
    }
    for (let i = 0; i < n; i++) f[i] = partial[0][i]! + partial[1][i]!;
  }

  /** e at outputs f. */
  function errors({ labels, weights }: Pull, each: number, f: Float64Array): void {
    for (let i = 0; i < n; i++)
      error[i] =
        weights?.[i] === 0
          ? 0
          : labels[i]! * lossSlope(loss, labels[i]! * f[i]!, targets?.[i]) * (weights ? each * weights[i]! : each);
  }

  /** The pull on filter r at pre-activations h and output weights: dC from place `at` on, db_r, da_r. */
  function pull(r: number, at: number, weights: Float64Array | undefined, out: Float64Array, h: Float64Array): void {
    const first = r * outputColumns;
    const weight = out[first]!;
    let sum = 0;
    dC.fill(0, at, at + K);
    da.fill(0, first, first + outputColumns);
    let q = 0;
    for (let i = 0; i < n; i++) {
      if (weights?.[i] === 0) {
        q += perSample;
        continue;
      }
      const ofShared = error[i]! * weight;
      for (let end = q + perSample; q < end; q++) {
        const x = h[r * Q + q]!;
        const column = shared ? 0 : q - i * perSample;
        if (trainsOutput)
          da[first + column]! += error[i]! * (linear ? (x > 0 ? x : leak * x) : activate(activation, x));
        const e = shared ? ofShared : error[i]! * out[first + column]!;
        const change = e * (linear ? (x > 0 ? 1 : leak) : activationSlope(activation, x));
        sum += change;
        for (let u = termStart[q]!; u < termStart[q + 1]!; u++)
          dC[at + termAnchor[u]!]! += termCoefficient[u]! * change;
      }
    }
    db[r] = network.bias ? sum : 0;
    for (let s = first; s < first + outputColumns; s++) da[s]! *= outputRate;
  }

  /** dP = dC G of the filter whose dC begins at `at`; says whether dC is 0. */
  function image(at: number): boolean {
    let changed = 0;
    for (let k = 0; k < K; k++) {
      const change = dC[at + k]!;
      if (change === 0) continue; // adding 0 * G changes no bit
      changes[changed] = change;
      rowsOfG[changed++] = k * K;
    }
    addRows(dP, at, changes, G, rowsOfG, changed, K);
    return changed === 0;
  }

  /** A step of descent, filter by filter. */
  function descend(weights: Float64Array | undefined): boolean {
    let moved = false;
    for (let r = 0; r < R; r++) {
      const row = r * K;
      pull(r, 0, weights, a, H);
      if (!image(0)) {
        moved = true;
        for (let k = 0; k < K; k++) if (dC[k] !== 0) C[row + k]! += dC[k]!;
        for (let l = 0; l < K; l++) P[row + l]! += dP[l]!;
      }
      if (db[r] !== 0) {
        moved = true;
        bias[r]! += db[r]!;
      }
      if (!trainsOutput) continue;
      for (let s = r * outputColumns; s < (r + 1) * outputColumns; s++) {
        if (da[s] === 0) continue;
        moved = true;
        a[s]! += da[s]!;
      }
    }
    return moved;
  }

  /** The pulls on all filters. */
  function gather(weights: Float64Array | undefined, out: Float64Array, h: Float64Array): void {
    for (let r = 0; r < R; r++) {
      pull(r, r * K, weights, out, h);
      image(r * K);
    }
  }

  /** Pulls at weights up the gradient, in place of those at the present ones. */
  function gatherAbove(by: Pull, up: NonNullable<typeof above>): void {
    const length = norm();
    const climb = (to: Float64Array, from: Float64Array, change: Float64Array, rate: number): void => {
      const share = climbOf(rule.ascent!, length, rate);
      for (let k = 0; k < to.length; k++) to[k] = from[k]! + share * change[k]!;
    };
    climb(up.P, P, dP, eta);
    climb(up.bias, bias, db, eta);
    climb(up.a, a, da, eta * etaOutput);
    forward(up.P, up.bias, up.a, up.H, up.outputs);
    errors(by, stepPerSample, up.outputs);
    gather(by.weights, up.a, up.H);
  }

  function update(): boolean {
    const factor = schedule(t++);
    if (factor === 0) return false;
    const by = nextPull();
    errors(by, rule.isPull ? stepPerSample * factor : stepPerSample, outputs);
    let moved: boolean;
    if (stepper) {
      gather(by.weights, a, H);
      if (above) gatherAbove(by, above);
      ds[0] = 0;
      moved = stepper.step(factor, norm);
    } else moved = descend(by.weights);
    return moved || puller.redraws; // another draw may move what this one does not
  }

  const memory = stepper ? stepper.memory() : [];
  return {
    view,
    forward: () => forward(P, bias, a, H, outputs),
    update,
    anchorGram: G,
    ...continued(memory && [C, P, bias, a, startScale, ...memory], (steps) => {
      for (t = 0; t < steps; t++) nextPull();
    }),
  };
}

/** The initial weights' coordinates on the axes that anchors use, R x frame.used: all that <w_r(0), v_k> needs. */
export function headOfWeights({ sample, network, init }: Problem): Float64Array {
  const { used } = sample.frame;
  const head = new Float64Array(network.filters * used);
  for (let r = 0; r < network.filters; r++)
    for (let k = 0; k < used; k++) head[r * used + k] = init.rows[r * init.columns + k]!;
  return head;
}

/**
 * The weights' coordinates in the frame, R x columns: those at the start times their scale, moved along the anchors by
 * C (R x K).
 */
export function weightsAfter(
  { sample, network, init }: Problem,
  C: Float64Array,
  by: typeof product,
  startScale = 1,
): { rows: Float64Array; columns: number } {
  const { columns } = init;
  const { used } = sample.frame;
  const moved = by(C, network.filters, sample.vectors, sample.anchors, used);
  const rows = startScale === 1 ? init.rows.slice() : init.rows.map((w) => startScale * w);
  for (let r = 0; r < network.filters; r++)
    for (let k = 0; k < used; k++) rows[r * columns + k]! += moved[r * used + k]!;
  return { rows, columns };
}
