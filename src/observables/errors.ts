/** The error on fresh points, and what rests on it. */
import { log } from '../core/special.ts';
import type { Fresh } from '../data/sample.ts';
import type { LayeredView, TwoLayerView } from '../dynamics/engine.ts';
import { mixedErrors, ofClass } from './class-errors.ts';
import { deepTestError } from './deep-error.ts';
import { observable, oncePerState, type State } from './observable.ts';
import { endings } from './outcome.ts';
import { excessOf, testError, type TestError } from './test-error.ts';
import { cleanOf, flippedOf } from './training.ts';

const errorOn = ({ view, run: { problem, test, key } }: State<LayeredView>, fresh: Fresh): TestError =>
  view.stack
    ? deepTestError(view, view.stack, { ...problem, sample: { ...problem.sample, fresh } }, test, key)
    : testError(view as TwoLayerView, problem.network.activation, problem.sample.anchors, fresh, test, key);

/** Of points of one class; undefined where there are none, or no law of them. */
const classErrorOf = (label: 1 | -1): ((state: State<LayeredView>) => TestError | undefined) =>
  oncePerState((state: State<LayeredView>) => {
    const { fresh } = state.run.problem.sample;
    const own = fresh.kind === 'law' ? ofClass(fresh, label) : undefined;
    return own && errorOn(state, own);
  });
const plusErrorOf = classErrorOf(1);
const minusErrorOf = classErrorOf(-1);

/** With standard errors; NaN throughout when a weight has left the floating-point range. */
export const testErrorOf = oncePerState((state: State<LayeredView>) => {
  const { fresh } = state.run.problem.sample;
  return fresh.kind === 'law' && fresh.leaning?.by === 'class'
    ? mixedErrors(fresh, (label) => (label === 1 ? plusErrorOf : minusErrorOf)(state))
    : errorOn(state, fresh);
});

const endingsOf = oncePerState((state: State<LayeredView>) =>
  endings(cleanOf(state).error, flippedOf(state).error, testErrorOf(state).clean),
);

const NEEDS = ['layers', 'test-error'] as const;
/** Of the error against true labels: held-out points have observed ones. */
const LAW = [...NEEDS, 'fresh-law'] as const;
/** Of labels that are fitted as signs. */
const ENDINGS = [...LAW, 'class-labels'] as const;

export const ERRORS = {
  testError: observable(NEEDS, (state) => testErrorOf(state).noisy),
  testErrorClean: observable(NEEDS, (state) => testErrorOf(state).clean),
  excess: observable(LAW, (state) => excessOf(testErrorOf(state), state.run.flip)),
  testErrorPlus: observable(LAW, (state) => plusErrorOf(state)?.clean ?? NaN),
  testErrorMinus: observable(LAW, (state) => minusErrorOf(state)?.clean ?? NaN),
  zeroOutput: observable(NEEDS, (state) => testErrorOf(state).zero),
  benign: observable(ENDINGS, (state) => endingsOf(state).benign),
  harmful: observable(ENDINGS, (state) => endingsOf(state).harmful),
  nonOverfitting: observable(ENDINGS, (state) => endingsOf(state).nonOverfitting),
  errorExponent: observable(LAW, (state) => -log(testErrorOf(state).clean)),
} as const;
