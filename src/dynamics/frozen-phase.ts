/**
 * Gradient descent on what the patches contribute to the outputs, while the activation pattern is known.
 *
 * Patch p contributes g_p = sum_r a_r sigma(h_rp) to every sample that holds it. With slopes M_rp of filter r on the
 * distinct patches p fixed, a step with errors E_p (summed over the holders of p) moves g by K E,
 *
 *   K_pq = Gamma_pq * sum_r a_r^2 M_rp M_rq,   Gamma_pq = <x_p, x_q> (+ 1 with a bias),
 *
 * which is the kernel of the network's gradients: D x D, whatever the width. Patterns settle early: Kou et al. 2023
 * prove it along the way to their bounds (as do Cao et al. 2022 and Frei et al. 2022), so most steps are of this kind.
 * When a sign changes, only that filter's share of one row and one column of K changes.
 *
 * The weights follow from the accumulated errors: filter r has moved by a_r * sum_p u_rp x_p with u_rp = c_rp + M_rp
 * S_p, where S_p sums the errors E_p since the run's start and c_rp is set at sign changes so that u is continuous.
 * Nothing is stored per step; any pre-activation can be had at any time in O(D). Where signs change all the time, dense
 * steps move all pre-activations instead, and K is left behind.
 *
 * Order of arithmetic (part of the record format; products and sums rounded one by one):
 *
 *   step     g_p  = ((g_p + K_0p E_0) + K_1p E_1) + ...          S_p += E_p
 *   h_rp     = h_rp(0) + a_r ((s_0 + s_2) + (s_1 + s_3)),   s_j = sum over q = j mod 4 of Gamma_pq (c_rq + M_rq S_q)
 *   sign of h_rp changes to slope M':  g_p += (a_r (M' - M)) h;  c_rp -= (M' - M) S_p;
 *              w_q = (a_r a_r (M' - M)) (Gamma_pq M_rq), at q = p with M replaced by M + (M' - M) / 2;  K_pq += w_q;
 *              then K_qp += w_q
 *   K        when it is made: Gamma_pq * (sum over r of (a_r a_r M_rp) M_rq)
 *   dense step   S_p += E_p;  h_rp += sum over q in order of ((a_r E_q) M_rq) Gamma_qp, those other than 0;  slopes and
 *   c as above;
 *              g_p = sum over r in order of a_r sigma(h_rp)
 */
import type { Network } from '../network/two-layer.ts';
import type { DistinctPatches } from './distinct-patches.ts';

/** Where a run starts, see patch-space.ts. */
export interface PhaseStart {
  readonly patches: DistinctPatches;
  /** D x D */
  readonly gamma: Float64Array;
  /** h_rp(0), R x D */
  readonly atStart: Float64Array;
}

export class FrozenPhase {
  readonly patches: DistinctPatches;
  readonly gamma: Float64Array;
  /** sigma'(h_rp), R x D */
  readonly slopes: Float64Array;
  /** g_p, length D */
  readonly contributions: Float64Array;
  /** h_rp at the run's start and, where dense steps are made, now: R x D */
  readonly atStart: Float64Array;
  readonly present: Float64Array;
  /** what was spent on steps and changes of sign, in multiply-adds: weighed against the dense step */
  work = 0;

  private readonly filters: number;
  private readonly a: Float64Array;
  private readonly leak: number;
  /** K, D x D, symmetric */
  private readonly kernel: Float64Array;
  /** S_p, length D */
  private readonly sums: Float64Array;
  /** c_rp, R x D */
  private readonly shifts: Float64Array;
  /** number of filters with a slope other than 0 on each distinct patch, length D */
  private readonly live: Int32Array;
  private readonly row: Float64Array;

  constructor({ patches, gamma, atStart }: PhaseStart, network: Network, leak: number) {
    const D = patches.count;
    this.patches = patches;
    this.gamma = gamma;
    this.filters = network.filters;
    this.a = network.outputWeights;
    this.leak = leak;
    this.atStart = atStart;
    this.present = atStart.slice();
    this.slopes = atStart.map((h) => (h > 0 ? 1 : leak));
    this.shifts = new Float64Array(atStart.length);
    this.sums = new Float64Array(D);
    this.kernel = new Float64Array(D * D);
    this.live = new Int32Array(D);
    this.row = new Float64Array(D);
    this.slopes.forEach((slope, at) => {
      if (slope !== 0) this.live[at % D]!++;
    });
    this.contributions = new Float64Array(D);
    this.contribute();
  }

  /** g from the present pre-activations. */
  private contribute(): void {
    const { filters: R, contributions: g, present, a, leak } = this;
    g.fill(0);
    for (let r = 0, at = 0; r < R; r++) {
      for (let p = 0; p < g.length; p++, at++) {
        const low = leak * present[at]!;
        g[p]! += a[r]! * (present[at]! < low ? low : present[at]!);
      }
    }
  }

  /** K at the present pattern. */
  buildKernel(): void {
    const { filters: R, a, slopes, gamma, kernel } = this;
    const { count: D } = this.patches;
    kernel.fill(0);
    for (let p = 0; p < D; p++) {
      for (let r = 0; r < R; r++) {
        const factor = a[r]! * a[r]! * slopes[r * D + p]!;
        if (factor === 0) continue; // adding 0 changes no bit
        for (let q = 0; q < D; q++) kernel[p * D + q]! += factor * slopes[r * D + q]!;
      }
      for (let q = 0; q < D; q++) kernel[p * D + q]! *= gamma[p * D + q]!;
    }
    this.work += (R * D * D) / 2;
  }

  /** One step with these errors, at the present pattern. */
  step(E: Float64Array): void {
    const { kernel, contributions: g, sums } = this;
    const D = g.length;
    for (let q = 0; q < D; q++) for (let p = 0, at = q * D; p < D; p++, at++) g[p]! += kernel[at]! * E[q]!;
    for (let p = 0; p < D; p++) sums[p]! += E[p]!;
    this.work += D * D;
  }

  /** Every pre-activation, for dense steps. */
  thaw(): void {
    const { present } = this;
    const { count: D } = this.patches;
    for (let at = 0; at < present.length; at++) present[at] = this.preactivation(Math.floor(at / D), at % D);
  }

  /** One step that moves every pre-activation. */
  denseStep(E: Float64Array): void {
    const { filters: R, a, slopes, gamma, present, sums } = this;
    const { count: D } = this.patches;
    const moved = this.row;
    for (let p = 0; p < D; p++) sums[p]! += E[p]!;
    for (let r = 0; r < R; r++) {
      moved.fill(0);
      for (let q = 0; q < D; q++) {
        const factor = a[r]! * E[q]! * slopes[r * D + q]!;
        if (factor === 0) continue;
        for (let p = 0; p < D; p++) moved[p]! += factor * gamma[q * D + p]!;
      }
      for (let p = 0, at = r * D; p < D; p++, at++) {
        present[at]! += moved[p]!;
        if (present[at]! > 0 !== (slopes[at] === 1)) this.turn(r, p, present[at]!);
      }
    }
    this.contribute();
  }

  /** h_rp now, exactly. */
  preactivation(r: number, p: number): number {
    const { gamma, shifts, slopes, sums } = this;
    const D = this.patches.count;
    const row = r * D;
    const s = [0, 0, 0, 0];
    for (let q = 0; q < D; q++) s[q & 3]! += gamma[p * D + q]! * (shifts[row + q]! + slopes[row + q]! * sums[q]!);
    return this.atStart[row + p]! + this.a[r]! * (s[0]! + s[2]! + (s[1]! + s[3]!));
  }

  /** Filter r has moved by sum_p of this times x_p, R x D. */
  moved(): Float64Array {
    const { shifts, slopes, sums, a } = this;
    const D = this.patches.count;
    return slopes.map((slope, at) => a[Math.floor(at / D)]! * (shifts[at]! + slope * sums[at % D]!));
  }

  /** Some patch with an error is one on which some filter has a slope. */
  moves(E: Float64Array): boolean {
    for (let p = 0; p < E.length; p++) if (E[p] !== 0 && this.live[p]! > 0) return true;
    return false;
  }

  /** Filter r has changed its sign on patch p and sees h there now: its slope, and c. @returns the slope's change */
  private turn(r: number, p: number, h: number): number {
    const { slopes, shifts, sums, live, leak } = this;
    const at = r * this.patches.count + p;
    const before = slopes[at]!;
    const after = h > 0 ? 1 : leak;
    const change = after - before;
    slopes[at] = after;
    shifts[at]! -= change * sums[p]!;
    if (before === 0) live[p]!++;
    if (after === 0) live[p]!--;
    return change;
  }

  /** The same in a frozen phase: g and K too. */
  flip(r: number, p: number, h: number): void {
    const { a, slopes, gamma, kernel, contributions, row: w } = this;
    const D = this.patches.count;
    const row = r * D;
    const before = slopes[row + p]!;
    const change = this.turn(r, p, h);
    const after = slopes[row + p]!;
    contributions[p]! += a[r]! * change * h;
    const factor = a[r]! * a[r]! * change;
    slopes[row + p] = before + change / 2; // the square's change is 2 (M + change / 2) change, seen from both sides
    for (let q = 0; q < D; q++) w[q] = factor * (gamma[p * D + q]! * slopes[row + q]!);
    slopes[row + p] = after;
    for (let q = 0; q < D; q++) kernel[p * D + q]! += w[q]!;
    for (let q = 0; q < D; q++) kernel[q * D + p]! += w[q]!;
    this.work += 6 * D + 100;
  }
}
