/**
 * Gradient descent under the hinge loss that touches only what changed since the step before.
 *
 * The hinge's derivative is 0 or 1, so the increment of every coefficient is piecewise constant in time: it changes where a
 * sample enters or leaves the margin set {y f < 1}, or where a pre-activation changes its sign. This engine keeps the
 * increments dC of the coefficients and dP = dC G of the products, corrects them at those places, and adds dP to P at every
 * step. It is the algorithm of gram.ts, step for step. Where more changed in a filter than stayed, and after REFRESH
 * corrections of a filter, its dP is computed from scratch, so that rounding errors do not add up.
 *
 * Equal patches are kept once (distinct-patches.ts): D distinct patches p, z_rp the increment of w_r along x_p.
 * Order of arithmetic (part of the record format; products and sums rounded one by one):
 *
 *   h_rp, s_ri, f_i, e_i   as in gram.ts
 *   E_p    = sum over the holders of p in order of e_i
 *   z_rp   = (a_r E_p) sigma'(h_rp)
 *   where z_rp changed, p in order: delta = z_rp - its value before; db_r += delta; d_k += coefficient * delta over p's terms
 *   the touched k in order of first touch: C_rk += dC_rk * (steps since C_rk was last brought up to date); dC_rk += d_k
 *   dP_rl += sum over the touched k in that order of d_k G_kl, added one by one
 *   from scratch: the same with every z_rp as its own delta and db_r, dC_r, dP_r set to 0 before
 *   P_rl += dP_rl; b_r += db_r
 *
 * Any activation of slope constant between sign changes; a fixed output layer.
 */
import { product } from '../core/linear-algebra.ts';
import { lossSlope } from '../network/loss.ts';
import { distinctPatches } from './distinct-patches.ts';
import type { Engine, Problem, Run, View } from './engine.ts';
import { gram } from './gram.ts';

/** Corrections of a filter's dP after which it is computed from scratch. */
const REFRESH = 256;

export interface IncrementalCounters {
  steps: number;
  /** z_rp that changed */
  touched: number;
  /** rows of G added to dP, and filters computed from scratch */
  rows: number;
  scratch: number;
}

export interface IncrementalRun extends Run {
  readonly counters: Readonly<IncrementalCounters>;
}

interface IncrementalEngine extends Engine {
  start(problem: Problem): IncrementalRun;
}

export const incremental: IncrementalEngine = { id: 'gram-incremental', start };

/** @throws RangeError for an activation, an output layer or a loss whose increments are not piecewise constant */
function start(problem: Problem): IncrementalRun {
  const { sample, network, init, loss, stepPerSample } = problem;
  const { activation, outputWeights: a, filters: R } = network;
  if (activation.kind !== 'piecewise-linear') throw new RangeError('increments need a piecewise-linear activation');
  if (network.trainsOutput) throw new RangeError('increments need a fixed output layer');
  if (loss !== 'hinge') throw new RangeError('increments need the hinge loss');
  const { leak } = activation;
  const { n, anchors: K, labels, patches } = sample;
  const { perSample } = patches;
  const plain = gram.start(problem); // for its arrays: no step is made by it
  const G = plain.anchorGram;
  const P = plain.view.products();
  const { coefficients: C, bias, outputs } = plain.view;
  const { count: D, of, termStart, termAnchor, termCoefficient, start: holderStart, holder } = distinctPatches(sample);

  const H = new Float64Array(R * D);
  const z = new Float64Array(R * D);
  const dC = new Float64Array(R * K);
  const dP = new Float64Array(R * K);
  const db = new Float64Array(R);
  /** step at which C_rk was last brought up to date */
  const updated = new Int32Array(R * K);
  /** number of z_rp other than 0, and corrections since dP_r was computed from scratch */
  const nonZero = new Int32Array(R);
  const corrections = new Int32Array(R);
  const errors = new Float64Array(D);
  const errorsBefore = new Float64Array(D);
  /** distinct patches whose error is or was not 0: only there can z change */
  const loud = new Int32Array(D);
  const activated = new Float64Array(D);
  const partial = [new Float64Array(n), new Float64Array(n)] as const;
  const delta = new Float64Array(K);
  const touchedAnchor = new Int32Array(K);
  const isTouched = new Uint8Array(K);
  const counters: IncrementalCounters = { steps: 0, touched: 0, rows: 0, scratch: 0 };

  function forward(): void {
    shown = undefined;
    partial[0].fill(0);
    partial[1].fill(0);
    for (let r = 0; r < R; r++) {
      see(r);
      pool(partial[r & 1]!, a[r]!);
    }
    for (let i = 0; i < n; i++) outputs[i] = partial[0][i]! + partial[1][i]!;
  }

  // The loops below name their arrays again: V8 then keeps them in registers.

  /** Pre-activations of filter r. */
  function see(r: number): void {
    const [products, into, after, starts, anchors, coefficients] = [P, H, activated, termStart, termAnchor, termCoefficient];
    const b = bias[r]!;
    const row = r * K;
    const slope = leak;
    for (let p = 0, at = r * D; p < D; p++, at++) {
      let h = 0;
      for (let t = starts[p]!; t < starts[p + 1]!; t++) h += coefficients[t]! * products[row + anchors[t]!]!;
      h += b;
      into[at] = h;
      after[p] = Math.max(h, slope * h); // leak < 1; signs are as good as random, and a branch would be mispredicted
    }
  }

  /** Adds weight * sum over a sample's patches of sigma(h) to every sample's sum. */
  function pool(sum: Float64Array, weight: number): void {
    const [after, patchOf] = [activated, of];
    const count = perSample;
    for (let i = 0, q = 0; i < sum.length; i++) {
      let s = 0;
      for (let end = q + count; q < end; q++) s += after[patchOf[q]!]!;
      sum[i]! += weight * s;
    }
  }

  function update(): boolean {
    let louds = 0;
    for (let p = 0; p < D; p++) {
      let error = 0;
      for (let at = holderStart[p]!; at < holderStart[p + 1]!; at++) {
        const i = holder[at]!;
        error += labels[i]! * lossSlope(loss, labels[i]! * outputs[i]!) * stepPerSample;
      }
      errors[p] = error;
      if (error !== 0 || errorsBefore[p] !== 0) loud[louds++] = p;
      errorsBefore[p] = error;
    }
    let moved = false;
    for (let r = 0; r < R; r++) {
      correct(r, louds);
      if (nonZero[r] === 0) continue;
      moved = true;
      addTo(P, dP, r * K, (r + 1) * K);
      if (network.bias) bias[r]! += db[r]!;
    }
    counters.steps++;
    return moved;
  }

  /** Brings z, dC, dP and db of filter r up to date. */
  function correct(r: number, louds: number): void {
    const [places, size, preactivations, before] = [loud, errors, H, z];
    const weight = a[r]!;
    const row = r * D;
    const slope = leak;
    let count = 0;
    let changed = 0;
    let active = 0;
    for (let k = 0; k < louds; k++) {
      const p = places[k]!;
      const at = row + p;
      const now = weight * size[p]! * (preactivations[at]! > 0 ? 1 : slope);
      if (now !== 0) active++;
      const change = now - before[at]!;
      if (change === 0) continue;
      changed++;
      count = touch(p, change, count, r);
      before[at] = now;
    }
    nonZero[r] = active;
    if (changed === 0) return;
    counters.touched += changed;
    for (let k = 0; k < count; k++) {
      // until now C_rk grew by dC_rk a step
      const at = r * K + touchedAnchor[k]!;
      C[at]! += dC[at]! * (counters.steps - updated[at]!);
      updated[at] = counters.steps;
    }
    if (changed < active && ++corrections[r]! < REFRESH) {
      add(r, count);
      return;
    }
    release(count);
    scratch(r, louds);
  }

  /** Notes delta along patch p; returns the number of touched anchors. */
  function touch(p: number, change: number, count: number, r: number): number {
    db[r]! += change;
    for (let t = termStart[p]!; t < termStart[p + 1]!; t++) {
      const k = termAnchor[t]!;
      if (isTouched[k] === 0) {
        isTouched[k] = 1;
        touchedAnchor[count++] = k;
        delta[k] = 0;
      }
      delta[k]! += termCoefficient[t]! * change;
    }
    return count;
  }

  function release(count: number): void {
    for (let k = 0; k < count; k++) isTouched[touchedAnchor[k]!] = 0;
  }

  /** Adds the noted deltas to dC and dP of filter r. */
  function add(r: number, count: number): void {
    const row = r * K;
    let j = 0;
    for (; j + 2 <= count; j += 2) {
      const k0 = touchedAnchor[j]!;
      const k1 = touchedAnchor[j + 1]!;
      dC[row + k0]! += delta[k0]!;
      dC[row + k1]! += delta[k1]!;
      addTwoRows(dP, row, delta[k0]!, k0 * K, delta[k1]!, k1 * K, G, K);
    }
    if (j < count) {
      const k = touchedAnchor[j]!;
      dC[row + k]! += delta[k]!;
      addRow(dP, row, delta[k]!, k * K, G, K);
    }
    counters.rows += count;
    release(count);
  }

  /** dC, dP and db of filter r from its z. */
  function scratch(r: number, louds: number): void {
    const row = r * K;
    for (let at = row; at < row + K; at++) {
      if (dC[at] === 0) continue;
      C[at]! += dC[at]! * (counters.steps - updated[at]!);
      updated[at] = counters.steps;
      dC[at] = 0;
    }
    dP.fill(0, row, row + K);
    db[r] = 0;
    let count = 0;
    for (let k = 0; k < louds; k++) {
      const p = loud[k]!;
      if (z[r * D + p] !== 0) count = touch(p, z[r * D + p]!, count, r);
    }
    for (let k = 0; k < count; k++) updated[row + touchedAnchor[k]!] = counters.steps;
    add(r, count);
    corrections[r] = 0;
    counters.scratch++;
  }

  let shown: { readonly preactivations: Float64Array; readonly coefficients: Float64Array } | undefined;

  function show(): { readonly preactivations: Float64Array; readonly coefficients: Float64Array } {
    if (shown) return shown;
    const Q = of.length;
    const preactivations = new Float64Array(R * Q);
    for (let r = 0; r < R; r++) for (let q = 0; q < Q; q++) preactivations[r * Q + q] = H[r * D + of[q]!]!;
    return (shown = { preactivations, coefficients: C.map((c, at) => c + dC[at]! * (counters.steps - updated[at]!)) });
  }

  const view: View = {
    outputs,
    outputWeights: a,
    bias,
    get preactivations() {
      return show().preactivations;
    },
    get coefficients() {
      return show().coefficients;
    },
    products: () => P,
    weights() {
      const { columns } = init;
      const { used } = sample.frame;
      const moved = product(show().coefficients, R, sample.vectors, K, used);
      const rows = init.rows.slice();
      for (let r = 0; r < R; r++) for (let k = 0; k < used; k++) rows[r * columns + k]! += moved[r * used + k]!;
      return { rows, columns };
    },
  };

  return { view, forward, update, counters };
}

/** x += y between two indices. */
function addTo(x: Float64Array, y: Float64Array, from: number, to: number): void {
  for (let at = from; at < to; at++) x[at]! += y[at]!;
}

/** x += factor * a row of G. */
function addRow(x: Float64Array, at: number, factor: number, row: number, G: Float64Array, length: number): void {
  for (let end = at + length; at < end; at++, row++) x[at]! += factor * G[row]!;
}

/** x += f0 * a row of G, then f1 * another. */
function addTwoRows(x: Float64Array, at: number, f0: number, row0: number, f1: number, row1: number, G: Float64Array, length: number): void {
  for (let end = at + length; at < end; at++, row0++, row1++) x[at] = x[at]! + f0 * G[row0]! + f1 * G[row1]!;
}
