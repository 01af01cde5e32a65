/**
 * Gradient descent that follows the outputs alone while the activation pattern is known: O(D^2) a step, D the distinct
 * patches.
 *
 * The algorithm is that of gram.ts, step for step; only where its numbers are kept differs. In a frozen phase
 * (frozen-phase.ts) a step is g += K E; a watch (sign-watch.ts) proves which pre-activations cannot have changed their
 * sign and looks at the others; a change of sign corrects g and K. Where that costs more than a dense step (signs
 * change all the time, or the errors' ratios do), the phase ends and dense steps are made for a while. Costs are
 * counted in multiply-adds, so which way a step is made is a function of the cell's numbers only.
 *
 * Needs a piecewise-linear activation, a fixed output layer, and the logistic loss: under the hinge loss the errors
 * jump and no bound lasts (see incremental.ts).
 *
 * Order of arithmetic (part of the record format): frozen-phase.ts, sign-watch.ts, patch-space.ts, and
 *   f_i = sum over the patches of sample i of g_p;   l_i = slope(y_i f_i) * stepPerSample;   e_i = y_i l_i
 *   E_p = sum over the holders of p in order of e_i
 */
import { product, productTransposed } from '../core/linear-algebra.ts';
import { lossSlope } from '../network/loss.ts';
import { checkProblem, refusesAllButPatterns } from './check.ts';
import type { Engine, Problem, Run } from './engine.ts';
import { FrozenPhase } from './frozen-phase.ts';
import { PatchSpace } from './patch-space.ts';
import { SignWatch } from './sign-watch.ts';

/** Steps after which a phase's cost is weighed. */
export const WINDOW = 16;
/** A phase goes on while its window costs at most as much as this many dense steps. */
export const WORTH = WINDOW;
/** Dense steps made after a phase that did not pay; doubled each time in a row, up to LONGEST_PAUSE. */
export const PAUSE = 16;
export const LONGEST_PAUSE = 4096;

/** How the steps of a run were made. */
export interface FrozenCounters {
  /** steps made on the outputs alone, and dense ones */
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

interface FrozenEngine extends Engine {
  start(problem: Problem): FrozenRun;
}

/** Under the hinge loss the errors jump: no bound lasts. */
export const frozen: FrozenEngine = {
  id: 'gram-frozen',
  refuses: refusesAllButPatterns('logistic', 'gram-incremental'),
  start: (problem) => startFrozen(problem),
};

/** Multiply-adds of a dense step on R filters and D patches. */
export const denseWork = (R: number, D: number, leak: number): number =>
  (R * D * D) / (leak === 0 ? 2 : 1) + 24 * R * D;

/**
 * @param trust see sign-watch.ts; another value than 1 is for the tests
 * @throws RangeError for an activation, an output layer or a loss that has no frozen phase
 */
export function startFrozen(problem: Problem, trust?: number): FrozenRun {
  checkProblem(problem, frozen);
  const { sample, network, stepPerSample } = problem;
  const { leak } = network.activation as { leak: number };
  const { n, labels } = sample;
  const { perSample } = sample.patches;
  const space = new PatchSpace(problem, { product, productTransposed });
  const phase = new FrozenPhase(space, network, leak);
  const watch = new SignWatch(phase, network.outputWeights, labels, leak, trust);
  const { count: D, of, start: holderStart, holder } = space.patches;
  const outputs = new Float64Array(n);
  const l = new Float64Array(n);
  const e = new Float64Array(n);
  const E = new Float64Array(D);
  const worth = WORTH * denseWork(network.filters, D, leak);
  const counters: FrozenCounters = { frozen: 0, plain: 0, phases: 0, flips: 0, sets: 0, looks: 0 };
  let inPhase = false;
  /** update was called, forward not yet */
  let pending = false;
  /** dense steps to make before the next phase */
  let pause = 0;
  let nextPause = PAUSE;
  let stepsInWindow = 0;
  let workAtWindow = 0;

  function forward(): void {
    if (pending) move();
    pending = false;
    for (let i = 0, q = 0; i < n; i++) {
      let f = 0;
      for (let end = q + perSample; q < end; q++) f += phase.contributions[of[q]!]!;
      outputs[i] = f;
    }
    view.moved();
  }

  function move(): void {
    if (!inPhase) {
      phase.denseStep(E);
      counters.plain++;
      return;
    }
    phase.step(E);
    counters.frozen++;
    if (watch.ringing) counters.flips += watch.look();
    counters.sets = watch.sets;
    counters.looks = watch.looks;
    if (++stepsInWindow === WINDOW) weigh();
  }

  /** Ends the phase when its last window cost too much. */
  function weigh(): void {
    const work = phase.work + watch.work;
    const pays = work - workAtWindow <= worth;
    stepsInWindow = 0;
    workAtWindow = work;
    if (pays) {
      nextPause = PAUSE;
      return;
    }
    inPhase = false;
    phase.thaw();
    pause = nextPause;
    nextPause = Math.min(LONGEST_PAUSE, 2 * nextPause);
  }

  function update(): boolean {
    if (!inPhase && pause-- === 0) begin();
    for (let i = 0; i < n; i++) {
      const y = labels[i]!;
      l[i] = lossSlope('logistic', y * outputs[i]!) * stepPerSample;
      e[i] = y * l[i]!;
    }
    for (let p = 0; p < D; p++) {
      let sum = 0;
      for (let at = holderStart[p]!; at < holderStart[p + 1]!; at++) sum += e[holder[at]!]!;
      E[p] = sum;
    }
    if (inPhase) watch.admit(l);
    pending = true;
    return phase.moves(E);
  }

  function begin(): void {
    stepsInWindow = 0;
    workAtWindow = phase.work + watch.work;
    phase.buildKernel();
    watch.begin(phase.present);
    inPhase = true;
    pause = 0;
    counters.phases++;
  }

  const view = space.view(() => {
    if (inPhase) phase.thaw();
    return { outputs, preactivations: phase.present, moved: phase.moved() };
  });

  return { view, forward, update, counters };
}
