/**
 * The contract of an observable: one number of a state of a run, and what it needs of the setting. Quantities that
 * several observables share are computed once a state, or once a run, when the first of them is asked for.
 */
import type { StreamKey } from '../core/random.ts';
import type { Sample } from '../data/sample.ts';
import {
  TIERS,
  type LayeredView,
  type Problem,
  type SpanView,
  type Tier,
  type TwoLayerView,
  type View,
} from '../dynamics/engine.ts';
import type { TestErrorParameters } from './estimator.ts';

/**
 * What an observable may need:
 *
 * - fixed-output, piecewise-linear, one-signal, gaussian-noise: a setting without it gives no number;
 * - signal-role (which anchors are signals and which noises), fresh-law (not held-out points), one-noisy-patch (in that
 *   law): a sample without it gives no number, NaN (`lacks`);
 * - class-labels: a sample with real labels gives no number; pure-noise: nor one whose fresh noisy patches hold signal;
 * - squared-loss, no-bias: a setting without it gives no number;
 * - layers, two-layer, span: the tier of the view (dynamics/engine.ts); an engine that offers less gives no number;
 * - depth-2: a two-layer network, whatever the view shows; layer-3 to layer-10: one with so many layers, the output's
 *   counted; a network without gives no number;
 * - turned-labels (label noise of factors -1 and 1, or none), linear-steps (a rule that is linear in the pulls, without
 *   decay), whole-start (no weight decay), flow (a run of gradient flow): steps of another kind give no number;
 * - test-error: the network has one; a diverged run has none;
 * - every-step: it watches the run from step to step;
 * - entries: it is about the steps between two entries of a series, so that a last state alone has none.
 */
export type Need =
  | 'fixed-output'
  | 'piecewise-linear'
  | 'one-signal'
  | 'gaussian-noise'
  | 'signal-role'
  | 'fresh-law'
  | 'one-noisy-patch'
  | 'class-labels'
  | 'pure-noise'
  | 'squared-loss'
  | 'no-bias'
  | 'layers'
  | 'two-layer'
  | 'span'
  | 'depth-2'
  | LayerNeed
  | 'turned-labels'
  | 'linear-steps'
  | 'whole-start'
  | 'flow'
  | 'test-error'
  | 'every-step'
  | 'entries';

/** Most layers of a network, the output's counted. */
export const MOST_LAYERS = 10;
/** Layers of networks that have more than two. */
type Upper = 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;
export type LayerNumber = 1 | 2 | Upper;
type LayerNeed = `layer-${Upper}`;

/** The need of something of a layer: none of the two that every network has. */
export const needOfLayer = (layer: LayerNumber): readonly LayerNeed[] => (layer > 2 ? [`layer-${layer as Upper}`] : []);

/** Layers of a network, the output's counted. */
export const depthOf = ({ network }: Problem): number => (network.hidden ? network.hidden.widths.length + 1 : 2);

/** What needs say of the number of layers: the least and the most. */
function depthsOf(needs: readonly Need[]): readonly [least: number, most: number] {
  const layers = needs.flatMap((need) => (need.startsWith('layer-') ? [Number(need.slice(6))] : []));
  return [Math.max(2, ...layers), needs.includes('depth-2') ? 2 : MOST_LAYERS];
}

/** Needs that a sample meets or not, whatever the network. */
const OF_SAMPLE = {
  'signal-role': ({ roles }) => roles !== undefined,
  'fresh-law': ({ fresh }) => fresh.kind === 'law',
  'one-noisy-patch': ({ fresh }) => fresh.kind === 'law' && fresh.noisy.length === 1,
  'class-labels': ({ targets }) => targets === undefined,
  'pure-noise': ({ fresh }) =>
    fresh.kind === 'law' &&
    fresh.atoms.every(({ patches }) => fresh.noisy.every(({ patch }) => patches[patch]!.length === 0)),
} as const satisfies Readonly<Partial<Record<Need, (sample: Sample) => boolean>>>;
export type SampleNeed = keyof typeof OF_SAMPLE;
export const SAMPLE_NEEDS = Object.keys(OF_SAMPLE) as readonly SampleNeed[];

const ofSample = (needs: readonly Need[]): readonly SampleNeed[] => SAMPLE_NEEDS.filter((need) => needs.includes(need));

/** The highest tier of the view that is needed. */
export const tierNeeded = (needs: readonly Need[]): Tier =>
  needs.includes('span')
    ? 'span'
    : needs.includes('two-layer')
      ? 'two-layer'
      : needs.includes('layers')
        ? 'layers'
        : 'view';

/** Whether a view of one tier shows what another one does. */
export const shows = (offered: Tier, needed: Tier): boolean => TIERS.indexOf(offered) >= TIERS.indexOf(needed);

/** Whether a run is without something that is needed: of its sample, its layers, or the view that its engine offers. */
export function lacks({ problem, offers }: Pick<RunContext, 'problem' | 'offers'>, needs: readonly Need[]): boolean {
  const [least, most] = depthsOf(needs);
  const depth = depthOf(problem);
  return (
    !shows(offers, tierNeeded(needs)) ||
    depth < least ||
    depth > most ||
    ofSample(needs).some((need) => !OF_SAMPLE[need](problem.sample))
  );
}

/** The tier of a view that needs ask for. */
export type ViewOf<N extends Need> = 'span' extends N
  ? SpanView
  : 'two-layer' extends N
    ? TwoLayerView
    : 'layers' extends N
      ? LayeredView
      : View;

/** Of a run that was made again in halved steps until its outputs stayed. */
export interface FlowReport {
  /** how often the step size was halved */
  readonly halvings: number;
  /** how far the last halving moved the training outputs, over max(1, max |f|) */
  readonly difference: number;
  /** share of the pairs (filter, patch) that slide along their kink at a state */
  readonly sliding: (view: TwoLayerView) => number;
}

/** What belongs to a run and not to one of its states. */
export interface RunContext {
  readonly problem: Problem;
  /** the tier of the run's view */
  readonly offers: Tier;
  /** key of the run's random streams */
  readonly key: StreamKey;
  readonly test: TestErrorParameters;
  /** probability p with which labels are flipped, as the setting has it: 0 where the number of flips is exact */
  readonly flip: number;
  /** of gradient flow */
  readonly flow?: FlowReport;
  /** the linearised run at the end of its own training */
  linearised(): SpanView;
  /** empty at first: what `oncePerRun` keeps */
  readonly kept: Kept;
}

/** One state of a run. */
export interface State<V extends View = View> {
  readonly run: RunContext;
  readonly view: V;
  /** what a watch says of the steps up to this state; undefined when nobody watched */
  watched<T>(watch: Watch<T>): T | undefined;
  /** empty at first: what `oncePerState` keeps */
  readonly kept: Kept;
}

/** Quantities that several observables share, by the function that computes them. */
export type Kept = Map<unknown, unknown>;

/** Sees every state of a run in order, the start first, and sums up what happened. */
export interface Watcher<T, V extends View = SpanView> {
  /** @param t the step of the state */
  see(t: number, view: V): void;
  /** the numbers since the last call, at the state seen last */
  take(view: V): T;
}

/** Starts watching a run. Observables that name the same function share one watcher. */
export type Watch<T, V extends View = SpanView> = (run: RunContext) => Watcher<T, V>;

export interface Observable {
  readonly needs: readonly Need[];
  /** the number at a state; not finite where there is none */
  of(state: State<View>): number;
  /** what it watches from step to step, with the need `every-step` */
  readonly watch?: Watch<unknown>;
}

/** @param of reads of the view only what the needs ask for: tsc keeps it */
export const observable = <const N extends readonly Need[]>(
  needs: N,
  of: (state: State<ViewOf<N[number]>>) => number,
): Observable => {
  const asked = ofSample(needs);
  const tier = tierNeeded(needs);
  const [least, most] = depthsOf(needs);
  return {
    needs,
    of: (state) => {
      const { problem, offers } = state.run;
      if (offers !== 'span' && !shows(offers, tier)) return NaN;
      const depth = depthOf(problem);
      if (depth < least || depth > most) return NaN;
      for (const need of asked) if (!OF_SAMPLE[need](problem.sample)) return NaN;
      return of(state as State<ViewOf<N[number]>>);
    },
  };
};

/** Observables that are fields of one quantity. */
export const fieldsOf = <Id extends string, const N extends readonly Need[]>(
  ids: readonly Id[],
  needs: N,
  of: (state: State<ViewOf<N[number]>>) => Readonly<Record<NoInfer<Id>, number>>,
): Readonly<Record<Id, Observable>> => record(ids, (id) => observable(needs, (state) => of(state)[id]));

/** Observables that are fields of what a watch says; NaN where nobody watched. */
export const fieldsOfWatch = <Id extends string, const N extends readonly Need[]>(
  ids: readonly Id[],
  needs: N,
  watch: Watch<Readonly<Record<NoInfer<Id>, number>>, ViewOf<N[number]>>,
): Readonly<Record<Id, Observable>> => {
  const shared = watch as Watch<Readonly<Record<Id, number>>>;
  return record(ids, (id) => ({
    ...observable(['every-step', ...needs], (state) => state.watched(shared)?.[id] ?? NaN),
    watch: shared,
  }));
};

const record = <Id extends string>(
  ids: readonly Id[],
  make: (id: Id) => Observable,
): Readonly<Record<Id, Observable>> => Object.fromEntries(ids.map((id) => [id, make(id)])) as Record<Id, Observable>;

/** Computed when it is first asked for, and kept as long as its owner. */
function kept<Owner extends { readonly kept: Kept }, T>(compute: (owner: Owner) => T): (owner: Owner) => T {
  return (owner) => {
    if (owner.kept.has(compute)) return owner.kept.get(compute) as T;
    const value = compute(owner);
    owner.kept.set(compute, value);
    return value;
  };
}

export const oncePerState = <T, V extends View = View>(compute: (state: State<V>) => T): ((state: State<V>) => T) =>
  kept(compute);
export const oncePerRun = <T>(compute: (run: RunContext) => T): ((run: RunContext) => T) => kept(compute);
