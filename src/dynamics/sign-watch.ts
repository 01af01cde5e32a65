/**
 * Proves, step by step, that no pre-activation has changed its sign, and finds the ones that have.
 *
 * Let l_i = |e_i| be the samples' loss derivatives and L_i what they were when the watch was last set. "Automatic balance
 * of coefficient updates" (Kou et al. 2023) says that their ratios hardly move. So the watch asks before each step for
 *
 *   |l_i - lambda L_i| <= SPREAD lambda L_i  for every i,   lambda = sum_i l_i / sum_i L_i,
 *
 * and runs a clock tau, the sum of the lambdas. On that condition h_rp moves in one step by lambda (g_rp +- SPREAD |a_r| A_p),
 *
 *   g_rp = a_r sum_q M_rq Gamma_pq E_q,   A_p = sum_q |Gamma_pq| |E|_q,
 *
 * E_q and |E|_q the sums of the errors y_i L_i and of L_i over the samples that hold patch q; A takes every slope for 1, so
 * that it serves all filters and outlives changes of the pattern. Hence a pre-activation at distance m from zero keeps its
 * sign until the clock has run by m / speed, speed = g towards zero + SPREAD |a_r| A. Only those whose time is up are
 * looked at, exactly. When a filter's pattern changes, its margins are brought up to date by what their speeds allowed and
 * its speeds computed again; when the condition fails, so are all, with new L. Which pre-activations are looked at depends
 * on the run's numbers alone. SPREAD is a power of two that follows the run: doubled when the condition fails; halved, and the watch
 * set anew, once the looks in vain have cost twice what setting costs; within [SHARPEST, WIDEST]. A share ROUNDING of A and of the margin covers rounding: a sign that is missed all the same
 * belongs to a value within rounding of zero.
 *
 * Order of arithmetic: lambda's sums over even and odd i, added last; E, |E|: holders in order; A, g: q in order, slopes 0
 * skipped, factor (a_r M_rq) E_q; margins m - (tau - since) speed. Filters and patches are looked at in order, and a
 * filter's changes of sign are made in order once all of its looks are done.
 */
import type { FrozenPhase } from './frozen-phase.ts';

/** Range and start of SPREAD, how far a derivative may leave its share: small, and bounds are sharp; large, and they last. */
const SHARPEST = 2 ** -8;
const WIDEST = 2 ** -1;
const AT_START = 2 ** -2;
const ROUNDING = 1e-9;

const NOTHING = new Float64Array(0);
const NO_PLACES = new Int32Array(0);

export class SignWatch {
  /** multiply-adds spent so far, looks included */
  work = 0;
  /** how often the watch was set, and how many pre-activations were computed */
  sets = 0;
  looks = 0;

  private readonly phase: FrozenPhase;
  private readonly a: Float64Array;
  private readonly labels: Float64Array;
  /** SPREAD */
  spread = AT_START;
  /** looks since the watch was set that found no change, and what setting it costs */
  inVain = 0;
  costOfSetting = 0;
  /** speeds are multiplied by this: 1, or less in a test that shows what a wrong bound does */
  private readonly trust: number;
  /** L_i and their sum */
  private reference = NOTHING;
  private referenceSum = NaN;
  private clock = 0;
  /** when the first of all, and the first of each filter, must be looked at */
  private next = 0;
  private nextOfRow = NOTHING;
  /** at the clock's `since`, |h_rp| was at least `margin`; R x D */
  private margin = NOTHING;
  private since = NOTHING;
  private speed = NOTHING;
  /** when h_rp must be looked at */
  private due = NOTHING;
  private g = NOTHING;
  /** A_p, length D */
  private reach = NOTHING;
  /** E_q and |E|_q, length D */
  private errors = NOTHING;
  private sizes = NOTHING;
  /** patches of one filter that changed their sign, and what it sees there */
  private changed = NO_PLACES;
  private value = NOTHING;

  constructor(phase: FrozenPhase, outputWeights: Float64Array, labels: Float64Array, trust = 1) {
    this.phase = phase;
    this.a = outputWeights;
    this.labels = labels;
    this.trust = trust;
  }

  /** Arrays come with the first phase that is watched from here: the kernel has its own. */
  private allocate(): void {
    const D = this.phase.patches.count;
    const size = this.phase.slopes.length;
    this.reference = new Float64Array(this.labels.length);
    this.nextOfRow = new Float64Array(this.a.length);
    this.margin = new Float64Array(size);
    this.since = new Float64Array(size);
    this.speed = new Float64Array(size);
    this.due = new Float64Array(size);
    this.g = new Float64Array(size);
    this.reach = new Float64Array(D);
    this.errors = new Float64Array(D);
    this.sizes = new Float64Array(D);
    this.changed = new Int32Array(D);
    this.value = new Float64Array(D);
  }

  /** Starts from these pre-activations (R x Q), with no knowledge of the errors yet. */
  begin(preactivations: Float64Array): void {
    if (this.margin.length === 0) this.allocate();
    const { count: D, example, of } = this.phase.patches;
    for (let at = 0; at < this.margin.length; at++) {
      const h = preactivations[Math.floor(at / D) * of.length + example[at % D]!]!;
      this.margin[at] = h > 0 ? h : -h;
    }
    this.since.fill(0);
    this.speed.fill(0);
    this.clock = 0;
    this.referenceSum = NaN; // no step fits: the first one sets the watch
  }

  /** Before a step with derivatives l (times the step size): from here on the bounds hold for it. */
  admit(l: Float64Array): void {
    const lambda = sumOf(l) / this.referenceSum;
    this.work += l.length;
    if (!this.fits(l, lambda)) this.set(l, 2 * this.spread);
    else if (4 * l.length * this.inVain > 2 * this.costOfSetting) this.set(l, this.spread / 2);
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

  /** Looks at every pre-activation whose time is up, and tells the phase of those with a new sign. @returns how many there were */
  look(): number {
    const { phase, nextOfRow, margin, since, speed, due, clock, changed, value } = this;
    const { slopes } = phase;
    const D = phase.patches.count;
    let all = 0;
    const before = this.looks;
    for (let r = 0; r < nextOfRow.length; r++) {
      if (!(clock >= nextOfRow[r]!)) continue;
      const row = r * D;
      let count = 0;
      let first = Infinity;
      for (let p = 0; p < D; p++) {
        const at = row + p;
        if (clock >= due[at]!) {
          const h = phase.preactivation(r, p);
          this.looks++;
          this.inVain++;
          margin[at] = h > 0 ? h : -h;
          since[at] = clock;
          due[at] = whenDue(clock, margin[at]!, speed[at]!);
          if (h > 0 !== (slopes[at] === 1)) {
            changed[count] = p;
            value[count++] = h;
          }
        }
        if (due[at]! < first) first = due[at]!;
      }
      nextOfRow[r] = first;
      if (count === 0) continue;
      for (let k = 0; k < count; k++) this.turn(r, changed[k]!, phase.flip(r, changed[k]!, value[k]!));
      this.predict(r);
      all += count;
      this.inVain -= count;
    }
    this.work += nextOfRow.length + phase.patches.of.length + 4 * D * (this.looks - before);
    this.close();
    return all;
  }

  /** Takes the present derivatives as the reference. */
  private set(l: Float64Array, spread: number): void {
    const { phase, reference, labels, errors, sizes, nextOfRow, since, margin, speed, reach } = this;
    const { gamma } = phase;
    const { count: D, start, holder } = phase.patches;
    if (this.sets > 0) this.spread = Math.min(WIDEST, Math.max(SHARPEST, spread));
    this.sets++;
    this.inVain = 0;
    const before = this.work;
    for (let at = 0; at < margin.length; at++) margin[at]! -= (this.clock - since[at]!) * speed[at]!;
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
    this.g.fill(0);
    for (let r = 0; r < nextOfRow.length; r++) {
      for (let q = 0; q < D; q++) if (phase.slopes[r * D + q] !== 0) this.turn(r, q, phase.slopes[r * D + q]!);
      this.predict(r);
    }
    this.close();
    this.costOfSetting = this.work - before;
  }

  /** Filter r's slope on patch q has changed by so much: its g. */
  private turn(r: number, q: number, change: number): void {
    const { phase, g } = this;
    const { gamma } = phase;
    const D = phase.patches.count;
    const factor = this.a[r]! * change * this.errors[q]!;
    for (let p = 0, at = r * D, from = q * D; p < D; p++, at++, from++) g[at]! += factor * gamma[from]!;
    this.work += D;
  }

  /** Brings filter r's margins up to date at the speeds that held so far; new speeds and times from its g. */
  private predict(r: number): void {
    const { phase, g, reach, margin, since, speed, due, clock } = this;
    const { slopes } = phase;
    const D = phase.patches.count;
    const width = (this.spread + ROUNDING) * Math.abs(this.a[r]!);
    let first = Infinity;
    for (let p = 0, at = r * D; p < D; p++, at++) {
      const m = margin[at]! - (clock - since[at]!) * speed[at]!;
      const v = this.trust * ((slopes[at] === 1 ? -g[at]! : g[at]!) + width * reach[p]!);
      const time = whenDue(clock, m, v);
      margin[at] = m;
      since[at] = clock;
      speed[at] = v;
      due[at] = time;
      if (time < first) first = time;
    }
    this.nextOfRow[r] = first;
    this.work += 6 * D;
  }

  private close(): void {
    let first = Infinity;
    for (const time of this.nextOfRow) if (time < first) first = time;
    this.next = first;
  }
}

const whenDue = (now: number, margin: number, speed: number): number => (speed > 0 ? now + (margin * (1 - ROUNDING)) / speed : Infinity);

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
