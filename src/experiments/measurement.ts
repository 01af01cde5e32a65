/** Observables of one run by name: what belongs to the run, who watches its steps, and its states. */
import type { StreamKey } from '../core/random.ts';
import { meanFlip } from '../core/flip-laws.ts';
import { linearised } from '../dynamics/lazy.ts';
import { allFinite } from '../core/kernel-algebra.ts';
import { offersOf } from '../dynamics/check.ts';
import type { Problem, SpanView, View } from '../dynamics/engine.ts';
import { train, type Outcome } from '../dynamics/train.ts';
import type { BySymbol, SymbolId } from '../notation.ts';
import { testErrorOf } from '../observables/errors.ts';
import { FLOW } from '../observables/flow.ts';
import { layersOf } from '../observables/layers.ts';
import {
  lacks,
  type FlowReport,
  type RunContext,
  type State,
  type Watch,
  type Watcher,
} from '../observables/observable.ts';
import type { Cell } from './cell.ts';
import { ENGINES } from './engines.ts';
import type { RunRecord } from './record.ts';
import { observableOf } from './series.ts';

/** What belongs to a run of a cell. @param flow of gradient flow */
export function runContext(cell: Cell, problem: Problem, key: StreamKey, flow?: FlowReport): RunContext {
  let linear: SpanView | undefined;
  return {
    kept: new Map(),
    problem,
    offers: offersOf(problem, ENGINES[cell.engine]),
    key,
    test: cell.test,
    flip: meanFlip(cell.data),
    ...(flow && { flow }),
    linearised() {
      if (!linear) {
        const run = linearised(problem);
        train(run, problem.sample, problem.loss, cell.training);
        linear = run.view;
      }
      return linear;
    },
  };
}

/** Those who see every step of a run, one for each quantity that the wanted observables watch. */
export class Watching {
  private readonly watchers: ReadonlyMap<Watch<unknown>, Watcher<unknown>>;

  constructor(run: RunContext, wanted: readonly SymbolId[]) {
    const watches = wanted.flatMap((id) => {
      const { needs = [], watch } = observableOf(id) ?? {};
      return watch && !lacks(run, needs) ? [watch] : [];
    });
    this.watchers = new Map([...new Set(watches)].map((watch) => [watch, watch(run)]));
  }

  get any(): boolean {
    return this.watchers.size > 0;
  }

  see(t: number, view: SpanView): void {
    for (const watcher of this.watchers.values()) watcher.see(t, view);
  }

  /** A watcher's numbers since they were last asked for, at a state. */
  take<T>(watch: Watch<T>, view: SpanView): T | undefined {
    return this.watchers.get(watch)?.take(view) as T | undefined;
  }
}

/** Kept of every run, whatever its end. */
const USUAL = ['trainLoss', 'trainError', 'marginMin', 'marginMax', 'gamma', 'rhoBar', 'rhoUnder'] as const;

/** Whether its test error can be estimated: a law is heard through the weights, held-out points through outputs. */
const estimates = ({ problem, offers }: RunContext): boolean =>
  problem.sample.fresh.kind === 'points' || offers !== 'view';

/** Observables of one state. */
export class Measurement {
  /** of the tier that the run offers: `observable` keeps to it */
  private readonly state: State<SpanView>;

  /** @param watching who has seen the steps up to this state */
  constructor(run: RunContext, view: View, watching?: Watching) {
    const shown = view as SpanView;
    const taken = new Map<Watch<unknown>, unknown>();
    this.state = {
      kept: new Map(),
      run,
      view: shown,
      watched<T>(watch: Watch<T>): T | undefined {
        if (!taken.has(watch)) taken.set(watch, watching?.take(watch, shown));
        return taken.get(watch) as T | undefined;
      },
    };
  }

  /** Whether all weights are numbers: without them there is no test error. */
  get inRange(): boolean {
    return estimates(this.state.run)
      ? !Number.isNaN(testErrorOf(this.state).clean)
      : allFinite(this.state.view.outputs);
  }

  /** @throws RangeError for a symbol that is no observable */
  of(id: SymbolId): number {
    const one = observableOf(id);
    if (!one) throw new RangeError(`${id} is not an observable`);
    return one.of(this.state);
  }

  /**
   * A diverged run has no test error: its numbers would mean nothing.
   *
   * @param more observables beside the usual ones
   */
  final(outcome: Outcome, more: readonly SymbolId[]): RunRecord['values'] {
    const { state } = this;
    const { sample, network } = state.run.problem;
    const values: BySymbol<number> = {};
    const put = (id: SymbolId, value: number): void => {
      if (Number.isFinite(value)) values[id] = value;
    };
    if (outcome !== 'diverged' && estimates(state.run)) {
      const error = testErrorOf(state);
      put('testError', error.noisy);
      put('testErrorSe', error.noisySe);
      put('testErrorClean', error.clean);
      put('testErrorCleanSe', error.cleanSe);
      if (error.zero > 0) put('zeroOutput', error.zero);
    }
    for (const id of USUAL) put(id, this.of(id));
    if (state.run.flow) for (const id of Object.keys(FLOW) as (keyof typeof FLOW)[]) put(id, this.of(id));
    if (network.trainsOutput && state.run.offers === 'span')
      for (const [id, value] of Object.entries(layersOf(state))) put(id as SymbolId, value);
    put(
      'flipped',
      sample.labels.reduce((count, y, i) => count + (y === sample.trueLabels[i] ? 0 : 1), 0),
    );
    for (const id of more)
      if (!(id in values) && !(outcome === 'diverged' && observableOf(id)?.needs.includes('test-error')))
        put(id, this.of(id));
    return values;
  }
}
