/** The error on fresh points, and what rests on it. */
import { log } from '../core/special.ts';
import type { LayeredView, TwoLayerView } from '../dynamics/engine.ts';
import { deepTestError } from './deep-error.ts';
import { observable, oncePerState, type State } from './observable.ts';
import { endings } from './outcome.ts';
import { excessOf, testError } from './test-error.ts';
import { cleanOf, flippedOf } from './training.ts';

/** With standard errors; NaN throughout when a weight has left the floating-point range. */
export const testErrorOf = oncePerState(({ view, run: { problem, test, key } }: State<LayeredView>) =>
  view.stack
    ? deepTestError(view, view.stack, problem, test, key)
    : testError(
        view as TwoLayerView,
        problem.network.activation,
        problem.sample.anchors,
        problem.sample.fresh,
        test,
        key,
      ),
);

const endingsOf = oncePerState((state: State<LayeredView>) =>
  endings(cleanOf(state).error, flippedOf(state).error, testErrorOf(state).clean),
);

const NEEDS = ['layers', 'test-error'] as const;
/** Of the error against true labels: held-out points have observed ones. */
const LAW = [...NEEDS, 'fresh-law'] as const;

export const ERRORS = {
  testError: observable(NEEDS, (state) => testErrorOf(state).noisy),
  testErrorClean: observable(NEEDS, (state) => testErrorOf(state).clean),
  excess: observable(LAW, (state) => excessOf(testErrorOf(state), state.run.flip)),
  zeroOutput: observable(NEEDS, (state) => testErrorOf(state).zero),
  benign: observable(LAW, (state) => endingsOf(state).benign),
  harmful: observable(LAW, (state) => endingsOf(state).harmful),
  nonOverfitting: observable(LAW, (state) => endingsOf(state).nonOverfitting),
  errorExponent: observable(LAW, (state) => -log(testErrorOf(state).clean)),
} as const;
