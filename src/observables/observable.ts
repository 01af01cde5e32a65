/**
 * The contract of an observable: one number of a state of a run, and what it needs of the setting. Quantities that
 * several observables share are computed once a state, or once a run, when the first of them is asked for.
 */
import type { StreamKey } from '../core/random.ts';
import type { Problem, View } from '../dynamics/engine.ts';
import type { TestErrorParameters } from './estimator.ts';

/**
 * What an observable may need:
 *
 * - fixed-output, piecewise-linear, one-signal, gaussian-noise: a setting without it gives no number;
 * - test-error: the network has one; a diverged run has none;
 * - every-step: it watches the run from step to step;
 * - entries: it is about the steps between two entries of a series, so that a last state alone has none.
 */
export type Need =
  | 'fixed-output'
  | 'piecewise-linear'
  | 'one-signal'
  | 'gaussian-noise'
  | 'test-error'
  | 'every-step'
  | 'entries';

/** What belongs to a run and not to one of its states. */
export interface RunContext {
  readonly problem: Problem;
  /** key of the run's random streams */
  readonly key: StreamKey;
  readonly test: TestErrorParameters;
  /** probability p with which labels are flipped, as the setting has it: 0 where the number of flips is exact */
  readonly flip: number;
  /** the linearised run at the end of its own training */
  linearised(): View;
}

/** One state of a run. */
export interface State {
  readonly run: RunContext;
  readonly view: View;
  /** what a watch says of the steps up to this state; undefined when nobody watched */
  watched<T>(watch: Watch<T>): T | undefined;
}

/** Sees every state of a run in order, the start first, and sums up what happened. */
export interface Watcher<T> {
  /** @param t the step of the state */
  see(t: number, view: View): void;
  /** the numbers since the last call, at the state seen last */
  take(view: View): T;
}

/** Starts watching a run. Observables that name the same function share one watcher. */
export type Watch<T> = (run: RunContext) => Watcher<T>;

export interface Observable {
  readonly needs: readonly Need[];
  /** the number at a state; not finite where there is none */
  of(state: State): number;
  /** what it watches from step to step, with the need `every-step` */
  readonly watch?: Watch<unknown>;
}

export const observable = (needs: readonly Need[], of: Observable['of']): Observable => ({ needs, of });

/** Observables that are fields of one quantity. */
export function fieldsOf<Id extends string>(
  ids: readonly Id[],
  needs: readonly Need[],
  of: (state: State) => Readonly<Record<NoInfer<Id>, number>>,
): Readonly<Record<Id, Observable>> {
  return record(ids, (id) => ({ needs, of: (state) => of(state)[id] }));
}

/** Observables that are fields of what a watch says; NaN where nobody watched. */
export function fieldsOfWatch<Id extends string>(
  ids: readonly Id[],
  needs: readonly Need[],
  watch: Watch<Readonly<Record<NoInfer<Id>, number>>>,
): Readonly<Record<Id, Observable>> {
  return record(ids, (id) => ({
    needs: ['every-step', ...needs],
    of: (state) => state.watched(watch)?.[id] ?? NaN,
    watch,
  }));
}

const record = <Id extends string>(
  ids: readonly Id[],
  make: (id: Id) => Observable,
): Readonly<Record<Id, Observable>> => Object.fromEntries(ids.map((id) => [id, make(id)])) as Record<Id, Observable>;

/** Computed when it is first asked for, and kept as long as its owner. */
function kept<Owner extends object, T>(compute: (owner: Owner) => T): (owner: Owner) => T {
  const known = new WeakMap<Owner, { readonly value: T }>();
  return (owner) => {
    let one = known.get(owner);
    if (!one) known.set(owner, (one = { value: compute(owner) }));
    return one.value;
  };
}

export const oncePerState = <T>(compute: (state: State) => T): ((state: State) => T) => kept(compute);
export const oncePerRun = <T>(compute: (run: RunContext) => T): ((run: RunContext) => T) => kept(compute);
