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
 * after the filter's own step. Under label noise y_i in e_i is the label that this step sees. Under another step rule
 * the movement that it makes of dC, of the bias's and of the output weights' change stands for them.
 */
import { product, productTransposed } from '../core/linear-algebra.ts';
import { activate, activationSlope } from '../network/activation.ts';
import { lossSlope } from '../network/loss.ts';
import { checkProblem, refusesOutOfSpan } from './check.ts';
import type { Engine, Problem, Run, SpanView } from './engine.ts';
import { outputsAt } from './outputs-at.ts';
import { allSamples } from './steps/puller.ts';
import { descent } from './steps/rule.ts';

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
  const { n, anchors: K } = sample;
  const nextLabels = puller.start(sample.labels);
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
  const H = new Float64Array(R * Q);
  const outputs = new Float64Array(n);
  const partial = [new Float64Array(n), new Float64Array(n)] as const;
  const error = new Float64Array(n);
  const dC = new Float64Array(K);
  const dP = new Float64Array(K);
  const changes = new Float64Array(K);
  const rowsOfG = new Int32Array(K);
  const da = new Float64Array(outputColumns);
  const db = new Float64Array(1);
  // Descent needs nobody who turns pulls into movements.
  const movers = rule.isPull
    ? undefined
    : Array.from({ length: R }, () => [rule.start(K), rule.start(1), rule.start(outputColumns)] as const);
  const linear = activation.kind === 'piecewise-linear';
  const leak = linear ? activation.leak : 0;

  const view: SpanView = {
    outputs,
    preactivations: H,
    outputWeights: a,
    bias,
    coefficients: C,
    products: () => P,
    weights: () => weightsAfter(problem, C, product),
    outputsAt: (points) => outputsAt(problem, { weights: view.weights(), bias, outputWeights: a }, points),
  };

  function forward(): void {
    partial[0].fill(0);
    partial[1].fill(0);
    for (let r = 0; r < R; r++) {
      const sum = partial[r & 1]!;
      const first = r * outputColumns;
      const weight = a[first]!;
      const b = bias[r]!;
      const row = r * K;
      let q = 0;
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let end = q + perSample; q < end; q++) {
          let h = 0;
          for (let t = termStart[q]!; t < termStart[q + 1]!; t++) h += termCoefficient[t]! * P[row + termAnchor[t]!]!;
          h += b;
          H[r * Q + q] = h;
          const value = linear ? (h > 0 ? h : leak * h) : activate(activation, h);
          s += shared ? value : a[first + q - i * perSample]! * value;
        }
        sum[i]! += shared ? weight * s : s;
      }
    }
    for (let i = 0; i < n; i++) outputs[i] = partial[0][i]! + partial[1][i]!;
  }

  function update(): boolean {
    const labels = nextLabels();
    for (let i = 0; i < n; i++) error[i] = labels[i]! * lossSlope(loss, labels[i]! * outputs[i]!) * stepPerSample;
    let moved = puller.redraws; // another draw may move what this one does not
    for (let r = 0; r < R; r++) {
      const first = r * outputColumns;
      const weight = a[first]!;
      const row = r * K;
      db[0] = 0;
      dC.fill(0);
      da.fill(0);
      let q = 0;
      for (let i = 0; i < n; i++) {
        const ofShared = error[i]! * weight;
        for (let end = q + perSample; q < end; q++) {
          const h = H[r * Q + q]!;
          const column = shared ? 0 : q - i * perSample;
          if (trainsOutput) da[column]! += error[i]! * (linear ? (h > 0 ? h : leak * h) : activate(activation, h));
          const e = shared ? ofShared : error[i]! * a[first + column]!;
          const change = e * (linear ? (h > 0 ? 1 : leak) : activationSlope(activation, h));
          db[0]! += change;
          for (let t = termStart[q]!; t < termStart[q + 1]!; t++) dC[termAnchor[t]!]! += termCoefficient[t]! * change;
        }
      }
      for (let s = 0; s < outputColumns; s++) da[s]! *= outputRate;
      movers?.[r]!.forEach((mover, block) => mover.move([dC, db, da][block]!));
      let changed = 0;
      for (let k = 0; k < K; k++) {
        const change = dC[k]!;
        if (change === 0) continue; // adding 0 * G changes no bit
        C[row + k]! += change;
        changes[changed] = change;
        rowsOfG[changed++] = k * K;
      }
      if (changed > 0) {
        moved = true;
        addRows(dP, changes, G, rowsOfG, changed, K);
        for (let l = 0; l < K; l++) P[row + l]! += dP[l]!;
      }
      if (network.bias && db[0] !== 0) {
        moved = true;
        bias[r]! += db[0]!;
      }
      if (trainsOutput) {
        for (let s = 0; s < outputColumns; s++) {
          const change = da[s]!;
          if (change === 0) continue;
          moved = true;
          a[first + s]! += change;
        }
      }
    }
    return moved;
  }

  return { view, forward, update, anchorGram: G };
}

/** The initial weights' coordinates on the axes that anchors use, R x frame.used: all that <w_r(0), v_k> needs. */
export function headOfWeights({ sample, network, init }: Problem): Float64Array {
  const { used } = sample.frame;
  const head = new Float64Array(network.filters * used);
  for (let r = 0; r < network.filters; r++)
    for (let k = 0; k < used; k++) head[r * used + k] = init.rows[r * init.columns + k]!;
  return head;
}

/** The weights' coordinates in the frame, R x columns: those at the start, moved along the anchors by C (R x K). */
export function weightsAfter(
  { sample, network, init }: Problem,
  C: Float64Array,
  by: typeof product,
): { rows: Float64Array; columns: number } {
  const { columns } = init;
  const { used } = sample.frame;
  const moved = by(C, network.filters, sample.vectors, sample.anchors, used);
  const rows = init.rows.slice();
  for (let r = 0; r < network.filters; r++)
    for (let k = 0; k < used; k++) rows[r * columns + k]! += moved[r * used + k]!;
  return { rows, columns };
}

/**
 * out_l = sum over j in order of factor_j G[row_j + l]. Four rows go through the registers at a time, which keeps the
 * order of the sum: ((out + f0 g0) + f1 g1) + ...
 */
function addRows(
  out: Float64Array,
  factors: Float64Array,
  G: Float64Array,
  rows: Int32Array,
  count: number,
  length: number,
): void {
  out.fill(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const f0 = factors[j]!;
    const f1 = factors[j + 1]!;
    const f2 = factors[j + 2]!;
    const f3 = factors[j + 3]!;
    const r0 = rows[j]!;
    const r1 = rows[j + 1]!;
    const r2 = rows[j + 2]!;
    const r3 = rows[j + 3]!;
    for (let l = 0; l < length; l++)
      out[l] = out[l]! + f0 * G[r0 + l]! + f1 * G[r1 + l]! + f2 * G[r2 + l]! + f3 * G[r3 + l]!;
  }
  for (; j < count; j++) {
    const factor = factors[j]!;
    const row = rows[j]!;
    for (let l = 0; l < length; l++) out[l]! += factor * G[row + l]!;
  }
}
