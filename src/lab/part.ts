/**
 * Parts of one's own, each made by a function that says what it must be: data models, observables, activations, losses,
 * step rules and engines. A lab puts them on the shelves (lab.ts).
 */
import type { StreamKey } from '../core/random.ts';
import type { Sample } from '../data/sample.ts';
import type { Engine } from '../dynamics/engine.ts';
import type { Mover } from '../dynamics/steps/rule.ts';
import { messages, UserError } from '../errors.ts';
import type { DataParameters } from '../experiments/data-model.ts';
import { checkDeclaration } from '../experiments/own-form.ts';
import type { Declaration, Functions, OwnParameter, OwnValues, PartKind } from '../experiments/own.ts';
import type { OwnActivation } from '../network/activation.ts';
import type { OwnLoss } from '../network/loss.ts';
import type { OwnId } from '../notation.ts';
import type { Need, State, ViewOf } from '../observables/observable.ts';

/** A part: what is known of it without its functions, and these. */
export interface Part<Kind extends PartKind = PartKind> {
  readonly declaration: Declaration & { readonly kind: Kind };
  /** the functions of a run */
  readonly compute: Functions[Kind];
}

/** Numbers of a part that a spec sets, by key. */
export type Parameters = Readonly<Record<string, OwnParameter>>;
/** Of the parameters in a cell. */
export type ValuesOf<P extends Parameters> = { readonly [key in keyof P]: number };

interface Named {
  /** `mine/two-noises`: letters, digits and dashes on both sides of one slash */
  readonly id: OwnId;
  /** an integer >= 1, 1 when absent; raise it when the part computes other numbers, so that its cells get other ids */
  readonly version?: number;
  /** one line for tables and messages; the id when absent */
  readonly meaning?: string;
}

interface Parametrised<P extends Parameters> extends Named {
  /** numbers that a spec sets, by their key in the part's room; each has a default */
  readonly parameters?: P;
}

/** What `dataModel` takes. */
export interface DataModelDefinition<P extends Parameters> extends Parametrised<P> {
  /**
   * A training sample with its law of a fresh point, or its held-out points (`Sample`). All randomness comes from
   * streams of `key` (`new Stream(key, purpose, index)`).
   *
   * @param data the cell's room `data`: n, d, mu, sigmaP, flip and the others, and the part's own parameters
   */
  readonly draw: (data: DataParameters & ValuesOf<P>, key: StreamKey) => Sample;
  /** which of mu, sigmaP, share and cosine it reads: the others may not be set; mu and sigmaP when absent */
  readonly reads?: Declaration['reads'];
  /** number of signals, 1 when absent */
  readonly signals?: 1 | 2;
  /** what its samples do not have, and an observable may need; nothing when absent */
  readonly lacks?: Declaration['lacks'];
  /** least d, 1 when absent */
  readonly leastDimension?: number;
}

/**
 * A data model: `data.model: mine/...`. Its signal's norm is `mu`, its noise's standard deviation `sigmaP`.
 *
 * @throws UserError for an id, a version or a parameter that cannot be
 */
export function dataModel<const P extends Parameters = Readonly<Record<never, OwnParameter>>>(
  definition: DataModelDefinition<P>,
): Part<'data-model'> {
  const { draw, reads, signals, lacks, leastDimension } = definition;
  return part('data-model', definition, draw as unknown as Functions['data-model'], ['draw'], {
    ...(reads && { reads }),
    ...(signals && { signals }),
    ...(lacks && { lacks }),
    ...(leastDimension !== undefined && { leastDimension }),
  });
}

/** What an observable of one's own sees: a state of a run (`run`, `view`), and its training sample. */
export type Seen<N extends Need> = Omit<State<ViewOf<N>>, 'watched' | 'kept'> & { readonly sample: Sample };

/** What an observable of one's own may need of a setting: it sees one state, not the steps up to it. */
export type OwnNeed = Exclude<Need, 'every-step' | 'entries'>;

/** What `observable` takes. */
export interface ObservableDefinition<N extends readonly OwnNeed[]> extends Named {
  /** as it stands on axes and in tables */
  readonly glyph: string;
  /** one line for the table of symbols, messages and captions */
  readonly meaning: string;
  /** least and largest value; any finite number when absent */
  readonly range?: readonly [number, number];
  /** what of a setting it needs, and so what of the view it may read: a spec without is refused */
  readonly needs: N;
  /** the number at a state; not finite where there is none */
  readonly of: (seen: Seen<N[number]>) => number;
}

/**
 * An observable: a name for `record.values` and `record.series`.
 *
 * @throws UserError for an id or a version that cannot be
 */
export function observable<const N extends readonly OwnNeed[]>(
  definition: ObservableDefinition<N>,
): Part<'observable'> {
  const { glyph, needs, range, of } = definition;
  const seeing: Functions['observable'] = ({ run, view }) =>
    of({ run, view, sample: run.problem.sample } as unknown as Seen<N[number]>);
  return part('observable', definition, seeing, ['of'], { glyph, needs, ...(range && { range }) });
}

/**
 * An activation: `network.activation: mine/...`, with sigma(0) = 0. Test errors are sampled by points
 * (`test.estimator: points`).
 *
 * @throws UserError for an id, a version or a parameter that cannot be
 */
export const activation = <const P extends Parameters = Readonly<Record<never, OwnParameter>>>(
  definition: Parametrised<P> & {
    /** sigma(h) */
    readonly value: (h: number, values: ValuesOf<P>) => number;
    /** sigma'(h); at a kink one of its slopes */
    readonly slope: (h: number, values: ValuesOf<P>) => number;
  },
): Part<'activation'> =>
  part(
    'activation',
    definition,
    (values: OwnValues): OwnActivation => ({
      kind: 'own',
      value: (h) => definition.value(h, values as ValuesOf<P>),
      slope: (h) => definition.slope(h, values as ValuesOf<P>),
    }),
    ['value', 'slope'],
  );

/**
 * A loss of a margin z = y f(x), >= 0 and falling: `training.loss: mine/...`.
 *
 * @throws UserError for an id, a version or a parameter that cannot be
 */
export const loss = <const P extends Parameters = Readonly<Record<never, OwnParameter>>>(
  definition: Parametrised<P> & {
    /** l(z) */
    readonly value: (z: number, values: ValuesOf<P>) => number;
    /** minus l'(z), >= 0 */
    readonly slope: (z: number, values: ValuesOf<P>) => number;
  },
): Part<'loss'> =>
  part(
    'loss',
    definition,
    (values: OwnValues): OwnLoss => ({
      value: (z) => definition.value(z, values as ValuesOf<P>),
      slope: (z) => definition.slope(z, values as ValuesOf<P>),
    }),
    ['value', 'slope'],
  );

/**
 * A step rule: `training.rule: mine/...`. One that is linear in the pulls, with factors that are the same for all
 * numbers, keeps the weights in the span of their start and the anchors. Another one says `inSpan: false`: it runs on
 * the engine `direct`, on explicit vectors (`data.draw: explicit`), and such runs have no coefficients.
 *
 * @throws UserError for an id, a version or a parameter that cannot be
 */
export const rule = <const P extends Parameters = Readonly<Record<never, OwnParameter>>>(
  definition: Parametrised<P> & {
    /** whether the steps stay in the span; true when absent */
    readonly inSpan?: boolean;
    /**
     * for one block of `size` numbers of one run: turns the pull on it (minus `rate` times the gradient) into its step,
     * before weight decay beside it and the schedule of the step size. In the span a run has a mover for coefficients
     * and one for their products with the anchors, which see the same steps
     */
    readonly start: (size: number, values: ValuesOf<P>, rate: number) => Mover;
  },
): Part<'rule'> =>
  part(
    'rule',
    definition,
    (values: OwnValues) => ({
      id: definition.id,
      inSpan: definition.inSpan ?? true,
      isPull: false,
      start: (size, rate) => definition.start(size, values as ValuesOf<P>, rate),
    }),
    ['start'],
    { ...(definition.inSpan !== undefined && { inSpan: definition.inSpan }) },
  );

/**
 * An engine: `engine: mine/...`. What it computes must be what `direct` computes, to 1e-10.
 *
 * @throws UserError for an id or a version that cannot be
 */
export const engine = (definition: Named & Pick<Engine, 'refuses' | 'offers' | 'start'>): Part<'engine'> =>
  part(
    'engine',
    definition,
    {
      id: definition.id,
      refuses: (asked) => definition.refuses(asked),
      offers: (asked) => definition.offers?.(asked) ?? 'span',
      start: (problem) => definition.start(problem),
    },
    ['refuses', 'start'],
  );

function part<Kind extends PartKind>(
  kind: Kind,
  definition: Parametrised<Parameters>,
  compute: Functions[Kind],
  needed: readonly string[],
  more: Partial<Declaration> = {},
): Part<Kind> {
  const { id, version = 1, meaning = id, parameters } = definition;
  const declaration = { ...more, kind, id, version, meaning, ...(parameters && { parameters }) };
  checkDeclaration(declaration);
  const given = definition as unknown as Readonly<Record<string, unknown>>;
  for (const key of needed)
    if (typeof given[key] !== 'function')
      throw new UserError(messages.partForm(`${kind} ${id}: ${key}`, 'a function', given[key]));
  return { declaration, compute };
}
