/**
 * Parts of one's own on the shelves of this thread: what a lab puts there (src/lab/). A declaration is plain data, enough
 * to read specs and records and to label tables and figures; the functions that a run needs come beside it. Shelves only
 * grow, and an id has one meaning: a run stays a function of its cell, which names its parts with their versions.
 */
import type { StreamKey } from '../core/random.ts';
import type { Sample } from '../data/sample.ts';
import type { Engine, SpanView } from '../dynamics/engine.ts';
import type { StepRule } from '../dynamics/steps/rule.ts';
import { messages, UserError } from '../errors.ts';
import type { OwnActivation } from '../network/activation.ts';
import type { OwnLoss } from '../network/loss.ts';
import { declareChoice, declareSymbol, type OwnId, type Range } from '../notation.ts';
import { observable, type Need, type Observable, type SampleNeed, type State } from '../observables/observable.ts';
import { CONDITIONAL, valueAt, versionOf, type Cell } from './cell.ts';
import { ENGINES } from './engines.ts';
import type { DataParameters, Particular } from './data-model.ts';
import { MODELS } from './models.ts';
import { RULES } from './rules.ts';
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
  const { id, kind } = one;
  const known = declarations.get(id);
  if (known) {
    if (JSON.stringify(known) !== JSON.stringify(one)) throw new UserError(messages.partTaken(id));
    return;
  }
  try {
    putOn(one);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(messages.partRefused(id, error.message));
    throw error;
  }
  declarations.set(id, one);
  versionOf.set(id, one.version);
  if (kind === 'observable')
    addObservable(
      id,
      observable(one.needs ?? [], (state) => of(id, 'observable')(state as State<SpanView>)),
    );
}

function putOn(one: Declaration): void {
  const { id, kind, meaning } = one;
  if (kind === 'observable') {
    declareSymbol(id, {
      kind: 'measured',
      glyph: one.glyph ?? id,
      meaning,
      ...(one.range && { range: rangeOf(one.range) }),
    });
    return;
  }
  const { path, room } = CHOSEN[kind];
  for (const [key, parameter] of Object.entries(one.parameters ?? {})) {
    const { glyph, integer, default: standard, range } = parameter;
    declareSymbol(`${id}.${key}`, {
      kind: 'number',
      path: `${room}.${key}`,
      glyph,
      meaning: parameter.meaning,
      range: rangeOf(range, integer),
      default: standard,
      named: true,
    });
    const used = (cell: Cell): boolean => valueAt(cell, path) === id;
    CONDITIONAL.push({ path: `${room}.${key}`, used, needs: `${path}: ${id}` });
  }
  declareChoice(path, id);
  if (kind === 'data-model') {
    const { reads = ['mu', 'sigmaP'], signals = 1, lacks, leastDimension = 1 } = one;
    MODELS[id] = {
      draw: (data, key) => of(id, 'data-model')(data as DataParameters & OwnValues, key),
      reads,
      scales: ({ mu, sigmaP }) => ({ mu, sigmaP }),
      signals,
      ...(lacks && { lacks }),
      leastDimension,
    };
  }
  if (kind === 'rule')
    RULES[id] = {
      make: (training) => of(id, 'rule')(valuesOf(id, training as unknown as Readonly<Record<string, unknown>>)),
      reads: [],
      inSpan: one.inSpan ?? true,
    };
  if (kind === 'engine')
    ENGINES[id] = {
      id,
      refuses: (asked) => (functions.has(id) ? of(id, 'engine').refuses(asked) : []),
      offers: (asked) => (functions.has(id) ? (of(id, 'engine').offers?.(asked) ?? 'span') : 'span'),
      start: (problem) => of(id, 'engine').start(problem),
    };
}

/** Gives a declared part what it computes; the first functions stay. */
export function equip<Kind extends PartKind>(id: OwnId, compute: Functions[Kind]): void {
  if (!functions.has(id)) functions.set(id, compute);
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
