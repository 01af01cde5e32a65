/** How the coefficients of the signal-noise decomposition move from step to step (Kou et al. 2023). */
import { rolesOf } from '../data/sample.ts';
import { coefficients } from './decomposition.ts';
import { fieldsOfWatch, type RunContext, type Watcher } from './observable.ts';
import { ownActive } from './steps.ts';

interface CoefficientSteps {
  /** largest fall of a rho-bar in one step: 0 when they are monotone */
  readonly rhoBarDrop: number;
  /** largest rise of a rho-underbar in one step */
  readonly rhoUnderRise: number;
}

interface Learning {
  /**
   * first step at which every rho-bar whose pair (filter, noise) was active at the start is at least 2; NaN before,
   * and where no pair was (T1)
   */
  readonly learntStep: number;
}

function coefficientSteps({ problem: { sample, network } }: RunContext): Watcher<CoefficientSteps> {
  const { n, labels } = sample;
  const P = rolesOf(sample).noisy.length;
  let before: Float64Array | undefined;
  let drop = 0;
  let rise = 0;
  return {
    see(_, view) {
      const { rho } = coefficients(view, sample, network);
      before?.forEach((old, at) => {
        const change = rho[at]! - old;
        if (labels[Math.floor(at / P) % n] === network.classes[Math.floor(at / (n * P))])
          drop = Math.max(drop, -change);
        else rise = Math.max(rise, change);
      });
      before = rho;
    },
    take() {
      const out = { rhoBarDrop: drop, rhoUnderRise: rise };
      drop = rise = 0;
      return out;
    },
  };
}

/** A noise coefficient from which on a noise counts as learnt. */
const LEARNT = 2;

function learning({ problem }: RunContext): Watcher<Learning> {
  let pairs: readonly number[] | undefined;
  let step = NaN;
  return {
    see(t, view) {
      pairs ??= ownActive(view, problem);
      if (pairs.length === 0 || !Number.isNaN(step)) return;
      const { rho } = coefficients(view, problem.sample, problem.network);
      if (pairs.every((pair) => rho[pair]! >= LEARNT)) step = t;
    },
    take: () => ({ learntStep: step }),
  };
}

export const COEFFICIENT_STEPS = {
  ...fieldsOfWatch(['rhoBarDrop', 'rhoUnderRise'], ['span', 'signal-role', 'entries'], coefficientSteps),
  ...fieldsOfWatch(['learntStep'], ['span', 'signal-role', 'entries'], learning),
} as const;
