/**
 * Proves, step by step, that no pre-activation has changed its sign, and finds the ones that have.
 *
 * Let l_i = |e_i| be the samples' loss derivatives and L_i what they were when the watch was last set. "Automatic
 * balance of coefficient updates" (Kou et al. 2023) says that their ratios hardly move. So the watch asks before each
 * step for
 *
 *   |l_i - lambda L_i| <= SPREAD lambda L_i  for every i,   lambda = sum_i l_i / sum_i L_i,
 *
 * and runs a clock tau, the sum of the lambdas. On that condition h_rp moves in one step by lambda (g_rp +- SPREAD
 * |a_r| A_p),
 *
 *   g_rp = a_r sum_q M_rq Gamma_pq E_q,   A_p = sum_q |Gamma_pq| |E|_q,
 *
 * E_q and |E|_q the sums of the errors y_i L_i and of L_i over the samples that hold patch q; A takes every slope for
 * 1, so that it serves all filters and outlives changes of the pattern. Only a unit's own slope is taken for what it
 * is: where the unit is off, the term q = p has the leak as a factor.
 *
 * A unit near its kink changes its sign again and again. Once it has done so, M_rq is put at (1 + leak) / 2 in g, and
 * what either slope may add to that goes into a slack B_rp = sum over those q of |a_r E_q Gamma_pq| (1 - leak) / 2,
 * until the watch is set anew. Hence a pre-activation at distance m from zero keeps its sign until the clock has run by
 * m / speed, speed = g towards zero + B + SPREAD |a_r| A. Only those whose time is up are looked at, exactly. When a
 * filter's g changes, its margins are brought up to date by what their speeds allowed and its speeds computed again;
 * when the condition fails, so are all, with new L. Which pre-activations are looked at depends on the run's numbers
 * alone.
 *
 * SPREAD is a power of two within [SHARPEST, WIDEST] that follows the run: when the condition fails, and the looks in
 * vain since the watch was set have cost less than FEW times what setting costs, it is doubled; more than MANY times,
 * halved. Beyond TOO_MANY times the watch is set anew at once, SPREAD halved. A share ROUNDING of A and of the margin
 * covers rounding: a sign that is missed all the same belongs to a value within rounding of zero.
 *
 * Order of arithmetic: lambda's sums over even and odd i, added last; E, |E|: holders in order; A, g: q in order,
 * factors 0 of g skipped, factor (a_r M_rq) E_q; margins m - (tau - since) speed, `since` for each filter. Filters and
 * patches are looked at in order, and a filter's changes of sign are made in order once all of its looks are done.
 */
import type { FrozenPhase } from './frozen-phase.ts';

/**
 * Range and start of SPREAD, how far a derivative may leave its share: small, and bounds are sharp; large, and they
 * last.
 */
const SHARPEST = 2 ** -8;
const WIDEST = 2 ** -1;
export const AT_START = 2 ** -3;
/** Looks in vain, in units of the cost of setting the watch. */
const FEW = 0.5;
const MANY = 2;
const TOO_MANY = 4;
const ROUNDING = 1e-9;

export class SignWatch {
  /** multiply-adds spent so far, looks included */
  work = 0;
  /** how often the watch was set, and how many pre-activations were computed */
  sets = 0;
  looks = 0;

  private readonly phase: FrozenPhase;
  private readonly a: Float64Array;
  private readonly labels: Float64Array;
  private readonly leak: number;
  /** speeds are multiplied by this: 1, or less in a test that shows what a wrong bound does */
  private readonly trust: number;
  private spread = AT_START;
  /** looks since the watch was set that found no change, and what setting it costs */
  private inVain = 0;
  private costOfSetting = 0;
  /** L_i and their sum */
  private readonly reference: Float64Array;
  private referenceSum = NaN;
  private clock = 0;
  /** when the first of all, and the first of each filter, must be looked at */
  private next = 0;
  private readonly nextOfRow: Float64Array;
  /** at the clock's `since` of its filter, |h_rp| was at least `margin`; R x D */
  private readonly margin: Float64Array;
  private readonly since: Float64Array;
  private readonly speed: Float64Array;
  /** when h_rp must be looked at */
  private readonly due: Float64Array;
  /** g and B, R x D */
  private readonly drift: Float64Array;
  private readonly slack: Float64Array;
  /** the sign has changed since the watch was set, R x D */
  private readonly isLoose: Uint8Array;
  /** A_p of active units and of others, length D */
  private readonly reach: Float64Array;
  private readonly reachOff: Float64Array;
  /** E_q and |E|_q, length D */
  private readonly errors: Float64Array;
  private readonly sizes: Float64Array;
  /** patches of one filter that changed their sign, and what it sees there */
  private readonly changed: Int32Array;
  private readonly value: Float64Array;

  constructor(phase: FrozenPhase, outputWeights: Float64Array, labels: Float64Array, leak: number, trust = 1) {
    const D = phase.patches.count;
    const size = phase.slopes.length;
    this.phase = phase;
    this.a = outputWeights;
    this.labels = labels;
    this.leak = leak;
    this.trust = trust;
    this.reference = new Float64Array(labels.length);
    this.nextOfRow = new Float64Array(outputWeights.length);
    this.since = new Float64Array(outputWeights.length);
    this.margin = new Float64Array(size);
    this.speed = new Float64Array(size);
    this.due = new Float64Array(size);
    this.drift = new Float64Array(size);
    this.slack = new Float64Array(size);
    this.isLoose = new Uint8Array(size);
    this.reach = new Float64Array(D);
    this.reachOff = new Float64Array(D);
    this.errors = new Float64Array(D);
    this.sizes = new Float64Array(D);
    this.changed = new Int32Array(D);
    this.value = new Float64Array(D);
  }

  /** Starts from these pre-activations (R x D), with no knowledge of the errors yet. */
  begin(preactivations: Float64Array): void {
    preactivations.forEach((h, at) => (this.margin[at] = h > 0 ? h : -h));
    this.since.fill(0);
    this.speed.fill(0);
    this.clock = 0;
    this.referenceSum = NaN; // no step fits: the first one sets the watch
  }

  /** Before a step with derivatives l (times the step size): from here on the bounds hold for it. */
  admit(l: Float64Array): void {
    const lambda = sumOf(l) / this.referenceSum;
    this.work += l.length;
    const inVain = ((4 * this.reach.length + 60) * this.inVain) / this.costOfSetting;
    if (!this.fits(l, lambda))
      this.set(l, inVain < FEW ? 2 * this.spread : inVain > MANY ? this.spread / 2 : this.spread);
    else if (inVain > TOO_MANY) this.set(l, this.spread / 2);
    else {
      this.clock += lambda;
      return;
    }
    this.clock = 1;
  }

  private fits(l: Float64Array, lambda: number): boolean {
    const { reference } = this;
    const width = this.spread * lambda;
    for (let i = 0; i < l.length; i++) {
      const expected = reference[i]!;
      if (!(Math.abs(l[i]! - lambda * expected) <= width * expected)) return false; // so is NaN
    }
    return true;
  }

  /** After the step that was admitted: must some pre-activation be looked at? */
  get ringing(): boolean {
    return this.clock >= this.next;
  }

  /**
   * Looks at every pre-activation whose time is up, and tells the phase of those with a new sign. @returns how many
   * there were
   */
  look(): number {
    const { phase, nextOfRow, since, margin, speed, due, clock, changed, value } = this;
    const { slopes } = phase;
    const D = phase.patches.count;
    let all = 0;
    for (let r = 0; r < nextOfRow.length; r++) {
      if (!(clock >= nextOfRow[r]!)) continue;
      const row = r * D;
      let count = 0;
      let first = Infinity;
      for (let p = 0, at = row; p < D; p++, at++) {
        if (clock >= due[at]!) {
          const h = phase.preactivation(r, p);
          this.looks++;
          this.inVain++;
          this.work += 4 * D + 60;
          if (h > 0 !== (slopes[at] === 1)) {
            changed[count] = p;
            value[count++] = h;
          }
          const m = h > 0 ? h : -h;
          margin[at] = m + (clock - since[r]!) * speed[at]!;
          due[at] = whenDue(clock, m, speed[at]!);
        }
        if (due[at]! < first) first = due[at]!;
      }
      nextOfRow[r] = first;
      this.work += D;
      if (count === 0) continue;
      let isNew = false;
      for (let k = 0; k < count; k++) {
        const p = changed[k]!;
        if (this.isLoose[row + p] === 0) {
          this.loosen(r, p);
          isNew = true;
        }
        phase.flip(r, p, value[k]!);
      }
      if (isNew) this.predict(r);
      else for (let k = 0; k < count; k++) this.turn(r, changed[k]!, value[k]!);
      all += count;
      this.inVain -= count;
    }
    this.close();
    return all;
  }

  /** Takes the present derivatives as the reference. */
  private set(l: Float64Array, spread: number): void {
    const { phase, reference, labels, errors, sizes, since, margin, speed, reach, drift, a } = this;
    const { gamma, slopes } = phase;
    const { count: D, start, holder } = phase.patches;
    const R = a.length;
    if (this.sets > 0) this.spread = Math.min(WIDEST, Math.max(SHARPEST, spread));
    this.sets++;
    this.inVain = 0;
    const before = this.work;
    for (let at = 0; at < margin.length; at++) margin[at]! -= (this.clock - since[Math.floor(at / D)]!) * speed[at]!;
    since.fill(0);
    this.clock = 0;
    reference.set(l);
    this.referenceSum = sumOf(l);
    for (let q = 0; q < D; q++) {
      let error = 0;
      let size = 0;
      for (let at = start[q]!; at < start[q + 1]!; at++) {
        const i = holder[at]!;
        error += labels[i]! * l[i]!;
        size += l[i]!;
      }
      errors[q] = error;
      sizes[q] = size;
    }
    reach.fill(0);
    for (let q = 0; q < D; q++) for (let p = 0; p < D; p++) reach[p]! += Math.abs(gamma[q * D + p]!) * sizes[q]!;
    for (let p = 0; p < D; p++)
      this.reachOff[p] = reach[p]! - (1 - this.leak) * (Math.abs(gamma[p * D + p]!) * sizes[p]!);
    drift.fill(0);
    this.slack.fill(0);
    this.isLoose.fill(0);
    for (let r = 0; r < R; r++) {
      for (let q = 0; q < D; q++) {
        const factor = a[r]! * slopes[r * D + q]! * errors[q]!;
        if (factor === 0) continue;
        for (let p = 0; p < D; p++) drift[r * D + p]! += factor * gamma[q * D + p]!;
      }
      this.predict(r);
    }
    this.work += (R * D * D) / 2;
    this.close();
    this.costOfSetting = this.work - before;
  }

  /** Filter r's slope on patch q, which is about to change, may from now on be either. */
  private loosen(r: number, q: number): void {
    const { phase, drift, slack, leak, errors } = this;
    const { gamma, slopes } = phase;
    const D = phase.patches.count;
    this.isLoose[r * D + q] = 1;
    const factor = this.a[r]! * ((1 + leak) / 2 - slopes[r * D + q]!) * errors[q]!;
    const size = Math.abs(factor);
    for (let p = 0, at = r * D, from = q * D; p < D; p++, at++, from++) {
      const change = gamma[from]!;
      drift[at]! += factor * change;
      slack[at]! += size * Math.abs(change);
    }
    this.work += 2 * D;
  }

  /** Speed of h_rp towards zero, at most. */
  private speedOf(r: number, p: number): number {
    const at = r * this.phase.patches.count + p;
    const isOn = this.phase.slopes[at] === 1;
    const g = this.drift[at]!;
    const width = (this.spread + ROUNDING) * Math.abs(this.a[r]!);
    return this.trust * ((isOn ? -g : g) + this.slack[at]! + width * (isOn ? this.reach[p]! : this.reachOff[p]!));
  }

  /** Brings filter r's margins up to date at the speeds that held so far; new speeds and times. */
  private predict(r: number): void {
    const { phase, since, margin, speed, due, clock } = this;
    const D = phase.patches.count;
    let first = Infinity;
    for (let p = 0, at = r * D; p < D; p++, at++) {
      const m = margin[at]! - (clock - since[r]!) * speed[at]!;
      const v = this.speedOf(r, p);
      const time = whenDue(clock, m, v);
      margin[at] = m;
      speed[at] = v;
      due[at] = time;
      if (time < first) first = time;
    }
    since[r] = clock;
    this.nextOfRow[r] = first;
    this.work += 12 * D;
  }

  /** The same for one pre-activation, h now, whose filter keeps its speeds. */
  private turn(r: number, p: number, h: number): void {
    const { since, margin, speed, due, clock } = this;
    const at = r * this.phase.patches.count + p;
    const m = h > 0 ? h : -h;
    const v = this.speedOf(r, p);
    const time = whenDue(clock, m, v);
    margin[at] = m + (clock - since[r]!) * v;
    speed[at] = v;
    due[at] = time;
    if (time < this.nextOfRow[r]!) this.nextOfRow[r] = time;
  }

  private close(): void {
    let first = Infinity;
    for (const time of this.nextOfRow) if (time < first) first = time;
    this.next = first;
    this.work += this.a.length;
  }
}

const whenDue = (now: number, margin: number, speed: number): number =>
  speed > 0 ? now + (margin * (1 - ROUNDING)) / speed : Infinity;

/** Even and odd entries apart, added last. */
function sumOf(x: Float64Array): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 2 <= x.length; i += 2) {
    even += x[i]!;
    odd += x[i + 1]!;
  }
  if (i < x.length) even += x[i]!;
  return even + odd;
}
