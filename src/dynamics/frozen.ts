/**
 * Gradient descent that follows the outputs alone while the activation pattern is known: O(n^2) a step.
 *
 * The algorithm is that of gram.ts, step for step; only where its numbers are kept differs. In a frozen phase
 * (frozen-phase.ts) a step is f += K e; a watch (sign-watch.ts) proves which pre-activations cannot have changed their sign
 * and looks at the others; a change of sign corrects f and K. Where that costs more than the plain step (signs change
 * all the time, or the errors' ratios do), the phase ends and plain steps are made for a while. Costs are counted in
 * multiply-adds, so which way a step is made is a function of the cell's numbers only.
 *
 * Needs a piecewise-linear activation, a fixed output layer, and the logistic loss: under the hinge loss the errors jump
 * and no bound lasts (see incremental.ts).
 *
 * Order of arithmetic: frozen-phase.ts and gram.ts, and where the phase ends
 *   dC_rk = sum over the patches p in order, their terms at anchor k, of coefficient * (a_r u_rp);  C_rk += dC_rk
 *   P_rl += sum over k in order of dC_rk G_kl;   b_r += sum over p of a_r u_rp
 */
import { product } from '../core/linear-algebra.ts';
import { lossSlope } from '../network/loss.ts';
import type { Engine, Problem, Run, View } from './engine.ts';
import { FrozenPhase } from './frozen-phase.ts';
import { gram } from './gram.ts';
import { SignWatch } from './sign-watch.ts';

/** Steps after which a phase's cost is weighed. */
export const WINDOW = 16;
/** A phase goes on while its window costs less than this share of as many plain steps. */
export const WORTH = 1;
/** Plain steps made after a phase that did not pay; doubled each time in a row, up to LONGEST_PAUSE. */
const PAUSE = 16;
const LONGEST_PAUSE = 4096;

/** How the steps of a run were made. */
export interface FrozenCounters {
  /** steps made on the outputs alone, and by the plain algorithm */
  frozen: number;
  plain: number;
  /** frozen phases begun; signs changed within them */
  phases: number;
  flips: number;
  /** how often the watch was set, and how many pre-activations it looked at */
  sets: number;
  looks: number;
}

export interface FrozenRun extends Run {
  readonly counters: Readonly<FrozenCounters>;
}

/** A frozen run that someone else may step within a phase: frozen-kernel.ts. */
export interface OpenFrozenRun extends FrozenRun {
  readonly counters: FrozenCounters;
  readonly phase: FrozenPhase;
  readonly watch: SignWatch;
  readonly inPhase: boolean;
  /** plain steps to make before the next phase */
  readonly pause: number;
  /** multiply-adds of a plain step */
  readonly plainWork: number;
  /** Begins a phase at the present state, watched from here or elsewhere; returns the work done before it. */
  begin(watched: boolean): number;
  /** Ends the phase because its last window cost too much; `paid`: an earlier one did not. */
  giveUp(paid: boolean): void;
  /** The phase was stepped: what the view has shown is out of date. */
  stepped(): void;
}

interface FrozenEngine extends Engine {
  start(problem: Problem): FrozenRun;
}

export const frozen: FrozenEngine = { id: 'gram-frozen', start: (problem) => startFrozen(problem) };

/**
 * @param trust see sign-watch.ts; another value than 1 is for the tests
 * @throws RangeError for an activation, an output layer or a loss that has no frozen phase
 */
export function startFrozen(problem: Problem, trust?: number): OpenFrozenRun {
  const { sample, network, init, loss, stepPerSample } = problem;
  const { activation, outputWeights: a, filters: R } = network;
  if (activation.kind !== 'piecewise-linear') throw new RangeError('frozen patterns need a piecewise-linear activation');
  if (network.trainsOutput) throw new RangeError('frozen patterns need a fixed output layer');
  if (loss !== 'logistic') throw new RangeError('frozen patterns need the logistic loss');
  const { n, anchors: K, labels, patches } = sample;
  const plain = gram.start(problem);
  const { outputs: f } = plain.view;
  const l = new Float64Array(n);
  const e = new Float64Array(n);
  const plainWork = (R * K * K) / (activation.leak === 0 ? 2 : 1) + 4 * R * n * patches.perSample;
  const counters: FrozenCounters = { frozen: 0, plain: 0, phases: 0, flips: 0, sets: 0, looks: 0 };

  const phase = new FrozenPhase(sample, network, activation.leak, plain.anchorGram, f);
  const watch = new SignWatch(phase, a, labels, trust);
  let inPhase = false;
  /** update was called in a phase, forward not yet */
  let pending = false;
  let pause = 0;
  let nextPause = PAUSE;
  let stepsInWindow = 0;
  let workAtWindow = 0;

  function begin(watched: boolean): number {
    stepsInWindow = 0;
    workAtWindow = phase.work + watch.work;
    phase.begin(plain.view.preactivations);
    if (watched) watch.begin(plain.view.preactivations);
    inPhase = true;
    counters.phases++;
    return workAtWindow;
  }

  /** Writes the phase's movement into the plain run. */
  function end(): void {
    const moved = movement();
    const { coefficients, bias } = plain.view;
    const P = plain.view.products();
    const dP = product(moved.coefficients, R, plain.anchorGram, K, K);
    for (let at = 0; at < P.length; at++) {
      coefficients[at]! += moved.coefficients[at]!;
      P[at]! += dP[at]!;
    }
    if (network.bias) for (let r = 0; r < R; r++) bias[r]! += moved.bias[r]!;
    inPhase = false;
    plain.forward();
  }

  /** What the phase has added to the coefficients (R x K) and to the biases (R). */
  function movement(): { coefficients: Float64Array; bias: Float64Array } {
    const u = phase.coefficients();
    const { count: D, termStart, termAnchor, termCoefficient } = phase.patches;
    const coefficients = new Float64Array(R * K);
    const bias = new Float64Array(R);
    for (let r = 0; r < R; r++) {
      for (let p = 0; p < D; p++) {
        const change = a[r]! * u[r * D + p]!;
        bias[r]! += change;
        for (let t = termStart[p]!; t < termStart[p + 1]!; t++) coefficients[r * K + termAnchor[t]!]! += termCoefficient[t]! * change;
      }
    }
    return { coefficients, bias };
  }

  /** The arrays that a phase does not keep, computed when they are read. */
  interface Shown {
    readonly preactivations: Float64Array;
    readonly coefficients: Float64Array;
    readonly bias: Float64Array;
    readonly products: Float64Array;
  }
  let shown: Shown | undefined;

  function show(): Shown {
    if (shown) return shown;
    if (!inPhase) {
      const { preactivations, coefficients, bias } = plain.view;
      return { preactivations, coefficients, bias, products: plain.view.products() };
    }
    const { coefficients, bias } = movement();
    const products = product(coefficients, R, plain.anchorGram, K, K);
    const before = plain.view.products();
    for (let at = 0; at < R * K; at++) {
      coefficients[at]! += plain.view.coefficients[at]!;
      products[at]! += before[at]!;
    }
    for (let r = 0; r < R; r++) bias[r] = plain.view.bias[r]! + (network.bias ? bias[r]! : 0);
    const { of, count: D } = phase.patches;
    const each = Float64Array.from({ length: R * D }, (_, at) => phase.preactivation(Math.floor(at / D), at % D));
    const preactivations = new Float64Array(R * of.length);
    for (let r = 0; r < R; r++) for (let q = 0; q < of.length; q++) preactivations[r * of.length + q] = each[r * D + of[q]!]!;
    return (shown = { preactivations, coefficients, bias, products });
  }

  const view: View = {
    outputs: f,
    outputWeights: a,
    get preactivations() {
      return show().preactivations;
    },
    get coefficients() {
      return show().coefficients;
    },
    get bias() {
      return show().bias;
    },
    products: () => show().products,
    weights() {
      const { columns } = init;
      const { used } = sample.frame;
      const moved = product(show().coefficients, R, sample.vectors, K, used);
      const rows = init.rows.slice();
      for (let r = 0; r < R; r++) for (let k = 0; k < used; k++) rows[r * columns + k]! += moved[r * used + k]!;
      return { rows, columns };
    },
  };

  function forward(): void {
    if (!inPhase) return plain.forward();
    if (!pending) return;
    pending = false;
    shown = undefined;
    phase.step(e);
    counters.frozen++;
    if (watch.ringing) {
      counters.flips += watch.look();
      counters.looks = watch.looks;
    }
    if (++stepsInWindow === WINDOW) weigh();
  }

  /** Ends the phase when its last window cost too much. */
  function weigh(): void {
    const work = phase.work + watch.work;
    const pays = work - workAtWindow <= WORTH * WINDOW * plainWork;
    stepsInWindow = 0;
    workAtWindow = work;
    if (pays) nextPause = PAUSE;
    else giveUp(false);
  }

  function giveUp(paid: boolean): void {
    if (paid) nextPause = PAUSE;
    end();
    pause = nextPause;
    nextPause = Math.min(LONGEST_PAUSE, 2 * nextPause);
  }

  function update(): boolean {
    if (!inPhase) {
      if (pause > 0) {
        pause--;
        counters.plain++;
        return plain.update();
      }
      begin(true);
    }
    for (let i = 0; i < n; i++) {
      const y = labels[i]!;
      const size = lossSlope(loss, y * f[i]!) * stepPerSample;
      l[i] = size;
      e[i] = y * size;
    }
    watch.admit(l);
    counters.sets = watch.sets;
    pending = true;
    return moves();
  }

  /** Some sample with an error has a patch on which some filter has a slope. */
  function moves(): boolean {
    const { live, patches: { of } } = phase;
    for (let i = 0; i < n; i++) {
      if (e[i] === 0) continue;
      for (let q = i * patches.perSample; q < (i + 1) * patches.perSample; q++) if (live[of[q]!]! > 0) return true;
    }
    return false;
  }

  return {
    view,
    forward,
    update,
    counters,
    phase,
    watch,
    plainWork,
    get inPhase() {
      return inPhase;
    },
    get pause() {
      return pause;
    },
    begin,
    giveUp,
    stepped() {
      shown = undefined;
    },
  };
}
