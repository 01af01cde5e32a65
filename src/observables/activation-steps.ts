/** Which activations a run puts out. */
import type { TwoLayerView } from '../dynamics/engine.ts';
import { fieldsOfWatch, type RunContext, type Watcher } from './observable.ts';
import { ownActive } from './steps.ts';

interface ActivationSteps {
  /**
   * largest fraction, over the states seen, of the pairs (filter, noisy patch) with y_i = j_r that were active at the
   * start and are not now
   */
  readonly activationLost: number;
  /** largest fraction of the active such pairs that one step puts out (Xu, Gu 2023, Lemma 4.3) */
  readonly activationLostStep: number;
}

function activations({ problem }: RunContext): Watcher<ActivationSteps, TwoLayerView> {
  let first: readonly number[] | undefined;
  let before: readonly number[] = [];
  let lost = 0;
  let lostStep = 0;
  const missing = (old: readonly number[], now: ReadonlySet<number>): number =>
    old.length === 0 ? 0 : old.filter((pair) => !now.has(pair)).length / old.length;
  return {
    see(_, view) {
      const pairs = ownActive(view, problem);
      const now = new Set(pairs);
      first ??= pairs;
      lost = Math.max(lost, missing(first, now));
      lostStep = Math.max(lostStep, missing(before, now));
      before = pairs;
    },
    take() {
      const out = { activationLost: lost, activationLostStep: lostStep };
      lost = lostStep = 0;
      return out;
    },
  };
}

export const ACTIVATION_STEPS = fieldsOfWatch(
  ['activationLost', 'activationLostStep'],
  ['two-layer', 'signal-role', 'entries'],
  activations,
);
