/**
 * Gradient descent under the hinge loss that touches only what changed since the step before.
 *
 * The hinge's derivative is 0 or 1, so the increment of every pre-activation is piecewise constant in time: it changes
 * where a sample enters or leaves the margin set {y f < 1}, or where a pre-activation changes its sign. This engine
 * keeps the pre-activations h on the distinct patches (patch-space.ts) and their increments dh, corrects dh at those
 * places, and adds it to h at every step. It is the algorithm of gram.ts, step for step. Where more changed in a filter
 * than stayed, and after REFRESH corrections of a filter, its dh is computed from scratch, so that rounding errors do
 * not add up.
 *
 * z_rp is the increment of w_r along the distinct patch p, U_rp their sum. Order of arithmetic (part of the record
 * format; products and sums rounded one by one; Gamma as in patch-space.ts):
 *
 *   e_i    = y_i * stepPerSample where y_i f_i < 1, else 0;   E_p = sum over the holders of p in order of e_i
 *   z_rp   = (a_r E_p) sigma'(h_rp) where E_p or the sign of h_rp has changed: first all p with another E_p in order,
 *   then
 *            those of a filter with another sign in order; delta = z_rp - its value before
 *            U_rp += (its value before) * (steps since U_rp was last brought up to date)
 *   dh_rp += delta_q Gamma_qp over the changed q in that order, one by one
 *   from scratch: the same from dh_rp = 0 with every z_rq other than 0, in order, as its own delta
 *   h_rp  += dh_rp
 *   g_p    = sum over r in order of a_r sigma(h_rp);   f_i = sum over the patches of sample i of g_p
 *
 * Any activation of slope constant between sign changes and at most 1; a fixed output layer.
 */
import { product, productTransposed } from '../core/linear-algebra.ts';
import { checkProblem, refusesAllButPatterns } from './check.ts';
import type { Engine, Problem, Run } from './engine.ts';
import { PatchSpace } from './patch-space.ts';

/** Corrections of a filter's dh after which it is computed from scratch. */
export const REFRESH = 256;

export interface IncrementalCounters {
  steps: number;
  /** z_rp that changed */
  touched: number;
  /** rows of Gamma added to dh, and filters computed from scratch */
  rows: number;
  scratch: number;
}

export interface IncrementalRun extends Run {
  readonly counters: Readonly<IncrementalCounters>;
}

interface IncrementalEngine extends Engine {
  start(problem: Problem): IncrementalRun;
}

/** Increments are piecewise constant for the hinge loss alone. */
export const incremental: IncrementalEngine = {
  id: 'gram-incremental',
  refuses: refusesAllButPatterns('hinge', 'gram-frozen'),
  start,
};

function start(problem: Problem): IncrementalRun {
  checkProblem(problem, incremental);
  const { sample, network, stepPerSample } = problem;
  const { leak } = network.activation as { leak: number };
  const { outputWeights: a, filters: R } = network;
  const { n, labels } = sample;
  const { perSample } = sample.patches;
  const space = new PatchSpace(problem, { product, productTransposed });
  const { gamma } = space;
  const { count: D, of, start: holderStart, holder } = space.patches;

  const H = space.atStart.slice();
  const dH = new Float64Array(R * D);
  const z = new Float64Array(R * D);
  const U = new Float64Array(R * D);
  /** step at which U_rp was last brought up to date */
  const updated = new Int32Array(R * D);
  const outputs = new Float64Array(n);
  const e = new Float64Array(n);
  const E = new Float64Array(D);
  const isStale = new Uint8Array(D);
  /** each filter's changed z: the change, its patch, and how many; a new dh begins at 0 */
  const delta = new Float64Array(R * D);
  const place = new Int32Array(R * D);
  const count = new Int32Array(R);
  const isFresh = new Uint8Array(R);
  /** patches on which the last step changed the sign of filter r, and how many */
  const turned = new Int32Array(R * D);
  const turns = new Int32Array(R);
  /** number of z_rp other than 0, and corrections since dh_r was computed from scratch */
  const nonZero = new Int32Array(R);
  const corrections = new Int32Array(R);
  const g = new Float64Array(D);
  const counters: IncrementalCounters = { steps: 0, touched: 0, rows: 0, scratch: 0 };
  /** update was called, forward not yet */
  let pending = false;

  function forward(): void {
    if (pending) move();
    pending = false;
    g.fill(0);
    for (let r = 0; r < R; r++) pool(g, H, r * D, a[r]!, leak);
    for (let i = 0, q = 0; i < n; i++) {
      let f = 0;
      for (let end = q + perSample; q < end; q++) f += g[of[q]!]!;
      outputs[i] = f;
    }
    view.moved();
  }

  /** dh and h at the new z, and the signs that h changes. */
  function move(): void {
    for (let r = 0; r < R; r++) {
      const row = r * D;
      if (isFresh[r] === 1) dH.fill(0, row, row + D);
      for (let k = row; k < row + count[r]!; k++) addRow(dH, row, delta[k]!, gamma, place[k]! * D, D);
      let turn = row;
      for (let at = row; at < row + D; at++) {
        const before = H[at]!;
        const h = before + dH[at]!;
        H[at] = h;
        if (h > 0 !== before > 0) turned[turn++] = at - row;
      }
      turns[r] = turn - row;
      counters.rows += count[r]!;
    }
    counters.steps++;
  }

  function update(): boolean {
    pending = true;
    count.fill(0);
    isFresh.fill(0);
    updateErrors();
    for (let r = 0; r < R; r++) for (let k = r * D; k < r * D + turns[r]!; k++) renew(r, turned[k]!);
    let moved = false;
    for (let r = 0; r < R; r++) {
      if (nonZero[r]! > 0) moved = true;
      if (count[r] === 0) continue;
      counters.touched += count[r]!;
      if (count[r]! >= nonZero[r]! || ++corrections[r]! >= REFRESH) restart(r);
    }
    return moved;
  }

  function updateErrors(): void {
    isStale.fill(0);
    for (let i = 0; i < n; i++) {
      const error = labels[i]! * outputs[i]! < 1 ? labels[i]! * stepPerSample : 0;
      if (error === e[i]) continue;
      e[i] = error;
      for (let q = i * perSample; q < (i + 1) * perSample; q++) isStale[of[q]!] = 1;
    }
    for (let p = 0; p < D; p++) {
      if (isStale[p] === 0) continue;
      let sum = 0;
      for (let at = holderStart[p]!; at < holderStart[p + 1]!; at++) sum += e[holder[at]!]!;
      if (sum === E[p]) continue;
      E[p] = sum;
      for (let r = 0; r < R; r++) renew(r, p);
    }
  }

  /** z_rp at the present error and sign. */
  function renew(r: number, p: number): void {
    const at = r * D + p;
    const before = z[at]!;
    const now = a[r]! * E[p]! * (H[at]! > 0 ? 1 : leak);
    const change = now - before;
    if (change === 0) return;
    // until now U_rp grew by z_rp a step
    U[at]! += before * (counters.steps - updated[at]!);
    updated[at] = counters.steps;
    z[at] = now;
    if (before === 0) nonZero[r]!++;
    if (now === 0) nonZero[r]!--;
    const k = r * D + count[r]!++;
    delta[k] = change;
    place[k] = p;
  }

  /** Every z_rp other than 0 as a change from 0. */
  function restart(r: number): void {
    let k = r * D;
    for (let p = 0; p < D; p++) {
      if (z[r * D + p] === 0) continue;
      delta[k] = z[r * D + p]!;
      place[k++] = p;
    }
    count[r] = k - r * D;
    isFresh[r] = 1;
    corrections[r] = 0;
    counters.scratch++;
  }

  const view = space.view(() => ({
    outputs,
    preactivations: H,
    moved: U.map((u, at) => u + z[at]! * (counters.steps - updated[at]!)),
  }));

  return { view, forward, update, counters };
}

/** x += factor * a row of Gamma. */
function addRow(x: Float64Array, at: number, factor: number, gamma: Float64Array, row: number, length: number): void {
  for (let end = at + length; at < end; at++, row++) x[at]! += factor * gamma[row]!;
}

/**
 * sum += weight * sigma(h), the larger of h and leak h; signs are as good as random, and a branch would be
 * mispredicted.
 */
function pool(sum: Float64Array, h: Float64Array, at: number, weight: number, leak: number): void {
  for (let p = 0; p < sum.length; p++, at++) {
    const low = leak * h[at]!;
    sum[p]! += weight * (h[at]! < low ? low : h[at]!);
  }
}
