/**
 * Parts of one's own on the shelves of this thread: what a lab puts there (src/lab/). A declaration is plain data,
 * enough to read specs and records and to label tables and figures; the functions that a run needs come beside it.
 * Shelves only grow, and an id has one meaning: a run stays a function of its cell, which names its parts with their
 * versions.
 */
import type { StreamKey } from '../core/random.ts';
import { checkSample, type Sample } from '../data/sample.ts';
import type { Engine, SpanView } from '../dynamics/engine.ts';
import type { StepRule } from '../dynamics/steps/rule.ts';
import { messages, UserError } from '../errors.ts';
import type { OwnActivation } from '../network/activation.ts';
import type { OwnLoss } from '../network/loss.ts';
import { declareChoice, declareSymbol, describeRange, PARAMETERS, type OwnId, type Range } from '../notation.ts';
import { observable, type Need, type Observable, type SampleNeed, type State } from '../observables/observable.ts';
import { CONDITIONAL, valueAt, versionOf, type Cell } from './cell.ts';
import { ENGINES } from './engines.ts';
import type { DataParameters, Particular } from './data-model.ts';
import { MODELS } from './models.ts';
import { RULES } from './rules.ts';
import { within } from './record-check.ts';
import { addObservable } from './series.ts';
import type { Spec } from './spec.ts';

/** A number that a spec sets for a part of one's own. */
export interface OwnParameter {
  readonly glyph: string;
  readonly meaning: string;
  /** least and largest value, both allowed; Infinity is open */
  readonly range: readonly [number, number];
  readonly integer?: boolean;
  readonly default: number;
}

export type PartKind = 'data-model' | 'observable' | 'activation' | 'loss' | 'rule' | 'engine';

/** What is known of a part without its functions: JSON. */
export interface Declaration {
  readonly kind: PartKind;
  /** with a slash: `mine/two-noises` */
  readonly id: OwnId;
  /** an integer >= 1; raised when the part computes other numbers, so that its cells get other ids */
  readonly version: number;
  readonly meaning: string;
  /** observables: as it stands on axes and in tables */
  readonly glyph?: string;
  /** observables: what of the setting they need */
  readonly needs?: readonly Need[];
  /** observables: where every value lies; any finite number when absent */
  readonly range?: readonly [number, number];
  /** by the key in the part's room of a spec: data, network or training */
  readonly parameters?: Readonly<Record<string, OwnParameter>>;
  /** rules: whether the steps stay in the span; true when absent */
  readonly inSpan?: boolean;
  /** data models: which of the standard models' particular parameters they read */
  readonly reads?: readonly Particular[];
  /** data models: number of signals */
  readonly signals?: 1 | 2;
  /** data models: what their samples do not have and an observable may need */
  readonly lacks?: readonly SampleNeed[];
  /** data models: least d */
  readonly leastDimension?: number;
}

/** Of the parameters of a part, by key. */
export type OwnValues = Readonly<Record<string, number>>;

/** What a part computes, by kind. */
export interface Functions {
  readonly 'data-model': (data: DataParameters & OwnValues, key: StreamKey) => Sample;
  readonly observable: Observable['of'];
  readonly activation: (values: OwnValues) => OwnActivation;
  readonly loss: (values: OwnValues) => OwnLoss;
  readonly rule: (values: OwnValues) => StepRule;
  readonly engine: Engine;
}

/** Where a spec chooses a part, and the room of its parameters. */
const CHOSEN: Readonly<Record<Exclude<PartKind, 'observable'>, { readonly path: string; readonly room: string }>> = {
  'data-model': { path: 'data.model', room: 'data' },
  activation: { path: 'network.activation', room: 'network' },
  loss: { path: 'training.loss', room: 'training' },
  rule: { path: 'training.rule', room: 'training' },
  engine: { path: 'engine', room: '' },
};

/** Paths at which a spec chooses a part. */
export const CHOICES: readonly string[] = Object.values(CHOSEN).map(({ path }) => path);

const declarations = new Map<OwnId, Declaration>();
const functions = new Map<OwnId, Functions[PartKind]>();

/** The parts of one's own that a spec asks for. */
export function partsOf({ values, axes, record }: Spec): readonly OwnId[] {
  const chosen = CHOICES.flatMap((path) => [
    values.get(path) ?? '',
    ...axes.flatMap((axis) => (axis.path === path ? axis.values : [])),
  ]);
  return [...new Set([...chosen.map(String), ...record.series, ...record.values])].filter(isOwn);
}

/** The parts of one's own that a run asks for. @param record names of observables */
export const partsOfRun = (cell: Cell, record: readonly string[]): readonly OwnId[] =>
  [...CHOICES.map((path) => String(valueAt(cell, path))), ...record].filter(isOwn);

/** Every declaration of this thread as text, by id: what two threads that mean the same part agree on. */
export const declared = (): ReadonlyMap<string, string> =>
  new Map([...declarations].map(([id, one]) => [id, JSON.stringify(one)]));

/** What was declared under an id. */
export const declarationOf = (id: string): Declaration | undefined => declarations.get(id as OwnId);

const rangeOf = ([min, max]: readonly [number, number], integer = false): Range => ({
  min,
  max,
  ...(min === -Infinity && { openMin: true }),
  ...(max === Infinity && { openMax: true }),
  ...(integer && { integer: true }),
});

/**
 * Puts a part on the shelves, without what it computes.
 *
 * @throws UserError when the id is taken by a part that says something else, or a parameter's key by another parameter
 */
export function declare(one: Declaration): void {
  const { id } = one;
  const known = declarations.get(id);
  if (known) {
    if (JSON.stringify(known) !== JSON.stringify(one)) throw new UserError(messages.partTaken(id));
    return;
  }
  for (const key of Object.keys(one.parameters ?? {})) {
    const path = parameterPath(one, key);
    if (PARAMETERS.has(path)) throw new UserError(messages.partKeyTaken(id, path));
  }
  putOn(one);
  declarations.set(id, one);
  versionOf.set(id, one.version);
}

/** Where a spec sets a parameter of a part. */
const parameterPath = ({ kind }: Declaration, key: string): string =>
  `${CHOSEN[kind as keyof typeof CHOSEN].room}.${key}`;

function putOn(one: Declaration): void {
  const { id, kind, meaning } = one;
  if (kind === 'observable') {
    declareSymbol(id, {
      kind: 'measured',
      glyph: one.glyph ?? id,
      meaning,
      ...(one.range && { range: rangeOf(one.range) }),
    });
    addObservable(
      id,
      observable(one.needs ?? [], (state) => numberOf(one, state as State<SpanView>)),
    );
    return;
  }
  const { path } = CHOSEN[kind];
  for (const [key, parameter] of Object.entries(one.parameters ?? {})) {
    const { glyph, integer, default: standard, range } = parameter;
    declareSymbol(`${id}.${key}`, {
      kind: 'number',
      path: parameterPath(one, key),
      glyph,
      meaning: parameter.meaning,
      range: rangeOf(range, integer),
      default: standard,
      named: true,
    });
    const used = (cell: Cell): boolean => valueAt(cell, path) === id;
    CONDITIONAL.push({ path: parameterPath(one, key), used, needs: `${path}: ${id}` });
  }
  declareChoice(path, id);
  if (kind === 'data-model') {
    const { reads = ['mu', 'sigmaP'], signals = 1, lacks, leastDimension = 1 } = one;
    MODELS[id] = {
      draw: (data, key) => sampleOf(id, data, key),
      reads,
      scales: ({ mu, sigmaP }) => ({
        mu: reads.includes('mu') ? mu : NaN,
        sigmaP: reads.includes('sigmaP') ? sigmaP : NaN,
      }),
      signals: () => signals,
      ...(lacks && { lacks }),
      leastDimension,
    };
  }
  if (kind === 'rule')
    RULES[id] = {
      make: (training) => of(id, 'rule')(valuesOf(id, training as unknown as Readonly<Record<string, unknown>>)),
      reads: [],
      inSpan: one.inSpan ?? true,
      linear: one.inSpan ?? true,
      decays: 'either',
      science: RULES.momentum.science!,
    };
  if (kind === 'engine')
    ENGINES[id] = {
      id,
      refuses: (asked) => (functions.has(id) ? of(id, 'engine').refuses(asked) : []),
      offers: (asked) => (functions.has(id) ? (of(id, 'engine').offers?.(asked) ?? 'span') : 'span'),
      start: (problem) => of(id, 'engine').start(problem),
    };
}

/** Errors of a part's functions with its name. */
function named<T>(id: OwnId, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new Error(`${id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** What an observable says of a state. A number that a folder's reader would pass over ends the run. */
function numberOf({ id, range }: Declaration, state: State<SpanView>): number {
  const compute = of(id, 'observable');
  const value: unknown = named(id, () => compute(state));
  if (typeof value !== 'number') throw new Error(messages.mustBe(id, 'a number (NaN where there is none)', value));
  const allowed = range && rangeOf(range);
  if (Number.isFinite(value) && !within(value, allowed))
    throw new Error(messages.mustBe(id, describeRange(allowed!), value));
  return value;
}

/** A sample that fits the cell. */
function sampleOf(id: OwnId, data: DataParameters, key: StreamKey): Sample {
  const draw = of(id, 'data-model');
  return named(id, () => {
    const sample = draw(data as DataParameters & OwnValues, key) as Sample | undefined;
    if (typeof sample !== 'object')
      throw new Error(messages.mustBe('draw', 'a function that returns a sample', sample));
    checkSample(sample);
    if (sample.n !== data.n) throw new Error(messages.mustBe('sample.n', `data.n = ${data.n}`, sample.n));
    const { ambient } = sample.frame;
    if (ambient !== data.d) throw new Error(messages.mustBe('sample.frame.ambient', `data.d = ${data.d}`, ambient));
    return sample;
  });
}

/**
 * Gives a declared part what it computes.
 *
 * @throws UserError when it computes something else already
 */
export function equip<Kind extends PartKind>(id: OwnId, compute: Functions[Kind]): void {
  const known = functions.get(id);
  if (known && known !== compute) throw new UserError(messages.partTaken(id));
  functions.set(id, compute);
}

/** @throws UserError where the part is declared only, for a reader of its records */
export function of<Kind extends PartKind>(id: OwnId, kind: Kind): Functions[Kind] {
  const found = functions.get(id);
  if (!found || declarations.get(id)?.kind !== kind) throw new UserError(messages.partWithoutModule(id));
  return found as Functions[Kind];
}

/** The parameters of a part in a cell. */
export function valuesOf(id: OwnId, room: Readonly<Record<string, unknown>>): OwnValues {
  return Object.fromEntries(
    Object.keys(declarations.get(id)?.parameters ?? {}).map((key) => [key, room[key] as number]),
  );
}

/** Whether the name of a part or symbol is that of one's own. */
export const isOwn = (id: string): id is OwnId => id.includes('/');
