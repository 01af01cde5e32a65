/**
 * Gradient descent on the outputs alone, while the activation pattern is known.
 *
 * With slopes M_rp of filter r on the distinct patch p fixed, a step moves the outputs by K e,
 *
 *   K_ij = sum over the patches p of sample i and q of sample j of (<x_p, x_q> + 1 with a bias) * sum_r a_r^2 M_rp M_rq,
 *
 * which is the kernel of the network's gradients: n x n, whatever the width. Patterns settle early: Kou et al. 2023 prove
 * it along the way to their bounds (as do Cao et al. 2022 and Frei et al. 2022), so most steps are of this kind.
 * When a sign changes, only that filter's part of K changes, by an outer product.
 *
 * The weights follow from the accumulated errors: filter r has moved by a_r * sum_p u_rp x_p with
 * u_rp = c_rp + M_rp S_p, where S_p sums the errors of the samples holding p and c_rp is set at sign changes so that u is
 * continuous. Nothing is stored per step; any pre-activation can be had at any time in O(D).
 *
 * Order of arithmetic (part of the record format; products and sums rounded one by one):
 *
 *   step     f_i  = ((f_i + K_0i e_0) + K_1i e_1) + ...          S_i += e_i
 *   S_p      = sum over the holders of p, in order, of S_i
 *   h_rp     = h_rp(start) + a_r ((sum over even q of t_q) + (sum over odd q of t_q)),  t_q = Gamma_pq (c_rq + M_rq S_q)
 *   sign of h_rp changes to slope M':  f_i += (a_r (M' - M)) h for every holder i;  c_rp += (M - M') S_p;
 *              v_q = (a_r a_r (M' - M)) (Gamma_pq M_rq), at q = p with M replaced by M + (M' - M) / 2;
 *              for every holder i, in order, and every j: w_j = sum over the patches q of j of v_q;  K_ij += w_j;  K_ji += w_j
 *   K        at the start: L_pq = sum over r of (a_r a_r M_rp) M_rq, then sums over the patches of i, of j, of Gamma_pq L_pq
 */
import type { Sample } from '../data/sample.ts';
import type { Network } from '../network/two-layer.ts';
import { distinctPatches, patchGram, type DistinctPatches } from './distinct-patches.ts';

export class FrozenPhase {
  readonly patches: DistinctPatches;
  /** <x_p, x_q> (+ 1 with a bias), D x D */
  readonly gamma: Float64Array;
  /** sigma'(h_rp), R x D */
  readonly slopes: Float64Array;
  /** f(x_i), length n: the array that was given, kept up to date */
  readonly outputs: Float64Array;
  /** number of filters with a slope other than 0 on each distinct patch, length D */
  readonly live: Int32Array;
  /** multiply-adds spent on steps and changes of sign so far: what the engine weighs against the plain step */
  work = 0;

  private readonly n: number;
  private readonly perSample: number;
  private readonly filters: number;
  private readonly a: Float64Array;
  private readonly leak: number;
  /** K, n x n, symmetric */
  readonly kernel: Float64Array;
  /** S_i, length n */
  readonly sums: Float64Array;
  /** S_p, length D; valid when `summed` */
  private readonly patchSums: Float64Array;
  private summed = false;
  /** c_rp, R x D */
  readonly shifts: Float64Array;
  /** h_rp when the phase began, R x D */
  readonly atStart: Float64Array;
  /** v_q and w_j of a change of sign */
  private readonly column: Float64Array;
  private readonly seen: Float64Array;

  constructor(sample: Sample, network: Network, leak: number, G: Float64Array, outputs: Float64Array) {
    this.n = sample.n;
    this.perSample = sample.patches.perSample;
    this.filters = network.filters;
    this.a = network.outputWeights;
    this.leak = leak;
    this.outputs = outputs;
    this.patches = distinctPatches(sample);
    this.gamma = patchGram(sample.anchors, this.patches, G, network.bias);
    const D = this.patches.count;
    this.kernel = new Float64Array(this.n * this.n);
    this.sums = new Float64Array(this.n);
    this.patchSums = new Float64Array(D);
    this.slopes = new Float64Array(this.filters * D);
    this.shifts = new Float64Array(this.filters * D);
    this.atStart = new Float64Array(this.filters * D);
    this.live = new Int32Array(D);
    this.column = new Float64Array(D);
    this.seen = new Float64Array(this.n);
  }

  /** Begins at the state whose pre-activations (R x Q) these are; `outputs` must be theirs. */
  begin(preactivations: Float64Array): void {
    const { filters: R, atStart, slopes, leak, live } = this;
    const { count: D, example, of } = this.patches;
    live.fill(0);
    for (let r = 0; r < R; r++) {
      for (let p = 0; p < D; p++) {
        const h = preactivations[r * of.length + example[p]!]!;
        atStart[r * D + p] = h;
        const slope = h > 0 ? 1 : leak;
        slopes[r * D + p] = slope;
        if (slope !== 0) live[p]!++;
      }
    }
    this.shifts.fill(0);
    this.sums.fill(0);
    this.summed = false;
    this.buildKernel();
  }

  /** What the kernel has made of slopes, shifts c, sums S and outputs, each in its own length. */
  restore(slopes: Float64Array, shifts: Float64Array, sums: Float64Array, outputs: Float64Array): void {
    this.slopes.set(slopes);
    this.shifts.set(shifts);
    this.sums.set(sums);
    this.outputs.set(outputs);
    this.summed = false;
  }

  private buildKernel(): void {
    const { filters: R, n, perSample, a, slopes, gamma, kernel } = this;
    const { count: D, of } = this.patches;
    const overlap = new Float64Array(D * D);
    for (let r = 0; r < R; r++) {
      const square = a[r]! * a[r]!;
      for (let p = 0; p < D; p++) {
        const factor = square * slopes[r * D + p]!;
        if (factor === 0) continue; // adding 0 changes no bit
        for (let q = 0; q < D; q++) overlap[p * D + q]! += factor * slopes[r * D + q]!;
        this.work += D;
      }
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let s = i * perSample; s < (i + 1) * perSample; s++) {
          for (let t = j * perSample; t < (j + 1) * perSample; t++) {
            const at = of[s]! * D + of[t]!;
            sum += gamma[at]! * overlap[at]!;
          }
        }
        kernel[i * n + j] = sum;
      }
    }
    this.work += n * n * perSample * perSample;
  }

  /** One step with these errors e_i = y_i * slope * step size, at the present pattern. */
  step(e: Float64Array): void {
    const { n, kernel, outputs: f, sums } = this;
    let j = 0;
    // four columns at a time, which keeps the order of the sum
    for (; j + 4 <= n; j += 4) {
      const e0 = e[j]!;
      const e1 = e[j + 1]!;
      const e2 = e[j + 2]!;
      const e3 = e[j + 3]!;
      const k0 = j * n;
      const k1 = k0 + n;
      const k2 = k1 + n;
      const k3 = k2 + n;
      for (let i = 0; i < n; i++) f[i] = f[i]! + kernel[k0 + i]! * e0 + kernel[k1 + i]! * e1 + kernel[k2 + i]! * e2 + kernel[k3 + i]! * e3;
    }
    for (; j < n; j++) {
      const ej = e[j]!;
      for (let i = 0; i < n; i++) f[i]! += kernel[j * n + i]! * ej;
    }
    for (let i = 0; i < n; i++) sums[i]! += e[i]!;
    this.summed = false;
    this.work += n * n;
  }

  /** h_rp now, exactly. */
  preactivation(r: number, p: number): number {
    const { gamma, shifts, slopes, patchSums } = this;
    const D = this.patches.count;
    this.sumPatches();
    const row = r * D;
    const column = p * D;
    let even = 0;
    let odd = 0;
    let q = 0;
    for (; q + 2 <= D; q += 2) {
      even += gamma[column + q]! * (shifts[row + q]! + slopes[row + q]! * patchSums[q]!);
      odd += gamma[column + q + 1]! * (shifts[row + q + 1]! + slopes[row + q + 1]! * patchSums[q + 1]!);
    }
    if (q < D) even += gamma[column + q]! * (shifts[row + q]! + slopes[row + q]! * patchSums[q]!);
    return this.atStart[row + p]! + this.a[r]! * (even + odd);
  }

  /** u_rp: filter r has moved by a_r * sum_p u_rp x_p since the phase began, R x D. */
  coefficients(): Float64Array {
    const { shifts, slopes, patchSums } = this;
    const D = this.patches.count;
    this.sumPatches();
    return slopes.map((slope, at) => shifts[at]! + slope * patchSums[at % D]!);
  }

  private sumPatches(): void {
    if (this.summed) return;
    const { sums, patchSums } = this;
    const { count: D, start, holder } = this.patches;
    for (let p = 0; p < D; p++) {
      let sum = 0;
      for (let at = start[p]!; at < start[p + 1]!; at++) sum += sums[holder[at]!]!;
      patchSums[p] = sum;
    }
    this.summed = true;
  }

  /**
   * Filter r has changed its sign on the distinct patch p and sees h there now.
   *
   * @returns the change of the slope
   */
  flip(r: number, p: number, h: number): number {
    const { a, slopes, shifts, patchSums, gamma, kernel, outputs: f, n, perSample, leak, live, column, seen } = this;
    const { count: D, of, start, holder } = this.patches;
    this.sumPatches();
    const row = r * D;
    const before = slopes[row + p]!;
    const after = h > 0 ? 1 : leak;
    const change = after - before;
    const jump = a[r]! * change * h;
    for (let at = start[p]!; at < start[p + 1]!; at++) f[holder[at]!]! += jump;
    shifts[row + p]! -= change * patchSums[p]!;
    const factor = a[r]! * a[r]! * change;
    slopes[row + p] = before + change / 2; // the square's change is 2 (M + change / 2) change, seen from both sides
    for (let q = 0; q < D; q++) column[q] = factor * (gamma[p * D + q]! * slopes[row + q]!);
    slopes[row + p] = after;
    if (before === 0) live[p]!++;
    if (after === 0) live[p]!--;
    for (let j = 0, q = 0; j < n; j++) {
      let sum = 0;
      for (let end = q + perSample; q < end; q++) sum += column[of[q]!]!;
      seen[j] = sum;
    }
    for (let at = start[p]!; at < start[p + 1]!; at++) {
      const i = holder[at]!;
      for (let j = 0, across = i * n, down = i; j < n; j++, across++, down += n) {
        kernel[across]! += seen[j]!;
        kernel[down]! += seen[j]!;
      }
      this.work += 2 * n;
    }
    this.work += D + n * perSample;
    return change;
  }
}
