/** What a theorem or lemma of the shelf is, as data, and the short forms in which the papers' files write it. */
import { SYMBOLS, type Setting, type SymbolId } from '../notation.ts';

/** How well we know what the source says; the product never prints `recalled` as if it were quoted. */
export type Provenance = 'read' | 'secondhand' | 'recalled' | 'inferred' | 'reconstructed' | 'ours';

/** The words that go with a statement wherever it is shown. */
export const PROVENANCE: Readonly<Record<Provenance, string>> = {
  read: 'as the paper states',
  secondhand: 'as quoted in our sources',
  recalled: 'as commonly cited',
  inferred: 'inferred: derived from what the paper states',
  reconstructed: "reconstructed: the paper's own formula was not at hand",
  ours: 'the number is ours',
};

/** Names of free constants, with a value for each. */
export type Constants = Readonly<Record<string, number>>;

/** What is known of a condition beyond its sides. */
export interface Known {
  /** how well this number is known; absent: as well as the statement that it stands in */
  readonly provenance?: Provenance;
  /** other numbers for the same thing, of another source or for another use: kept, not used */
  readonly instead?: readonly { readonly formula: string; readonly provenance: Provenance; readonly why: string }[];
  /**
   * `law`: outside it runs follow another law, not the same one less exactly. These are the bounds on the initial scale
   * with explicit powers: what the start adds to a fresh output outlives training. A level-set study outside one of
   * them is refused (docs/theory.md)
   */
  readonly changes?: 'law';
}

/** lhs relation rhs; both sides are numbers once the constants are chosen. */
export interface Condition extends Known {
  readonly id: string;
  /** `d >= C n² log(nm/δ) (log T*)²` */
  readonly formula: string;
  readonly relation: '>=' | '<=';
  /** sides; NaN where the setting or the constants lack a symbol */
  readonly lhs: (setting: Setting, constants: Constants) => number;
  readonly rhs: (setting: Setting, constants: Constants) => number;
}

/** A bound on one measured quantity. */
export interface Bound extends Pick<Known, 'provenance'> {
  readonly id: string;
  readonly of: SymbolId;
  readonly side: 'upper' | 'lower';
  readonly formula: string;
  /** NaN where the setting or the constants lack a symbol */
  readonly value: (setting: Setting, constants: Constants) => number;
  /** the bound holds only where this does, beyond the theorem's own conditions: `n‖μ‖⁴ >= C_1 σ_p⁴ d` */
  readonly where?: Condition;
}

/** Where a paper puts the benign and the harmful side of its transition. */
export interface Regimes {
  /** absent: the paper proves no such side */
  readonly benign?: Condition;
  readonly harmful?: Condition;
  /** symbols of the map: to the right and upwards */
  readonly map: {
    readonly x: SymbolId;
    readonly y: SymbolId;
    /** symbols that keep their ratio to y along the map: k/n and d/n where y is n */
    readonly with?: readonly SymbolId[];
  };
}

export type Choice = string | number | boolean;
/** The values of a choice under which something speaks: those listed, or the numbers above or up to one. */
export type Allowed = readonly Choice[] | { readonly above: number } | { readonly atMost: number };
/** Choices of a spec by path. */
export type Choices = Readonly<Record<string, Allowed>>;

const isList = (allowed: Allowed): allowed is readonly Choice[] => Array.isArray(allowed);
export function allows(allowed: Allowed, value: Choice | undefined): boolean {
  if (isList(allowed)) return value !== undefined && allowed.includes(value);
  return typeof value === 'number' && ('above' in allowed ? value > allowed.above : value <= allowed.atMost);
}
/** `1/m or 1`, `above 0` */
export function allowedText(allowed: Allowed): string {
  if (isList(allowed)) return allowed.length > 3 ? `${allowed.slice(0, 3).join(', ')}, ...` : allowed.join(' or ');
  return 'above' in allowed ? `above ${allowed.above}` : `at most ${allowed.atMost}`;
}

/** A theorem, corollary, lemma or assumption of a paper, as data. */
export interface Statement {
  /** `kou-2023/theorem-4.2` */
  readonly id: string;
  /** id of its paper */
  readonly paper: string;
  /** what the paper calls it; what it asks of a setting is an assumption */
  readonly kind: 'assumption' | 'theorem' | 'corollary' | 'proposition' | 'lemma';
  /** a few words for lists */
  readonly title: string;
  /** in words of ours */
  readonly says: string;
  /** what it says, in symbols */
  readonly formula: string;
  /** `Theorem 4.2` */
  readonly source: string;
  readonly provenance: Provenance;
  /**
   * choices without which it does not speak of a setting: { 'data.model': ['signal-noise'], 'training.loss':
   * ['logistic'] }
   */
  readonly about: Choices;
  /** further choices of the paper's model; a setting that makes others is told, with the departure named */
  readonly assumes: Choices;
  /**
   * free constants: meaning and the value used when nobody says otherwise; `fitted` is what a measurement of ours gives
   */
  readonly constants: Readonly<
    Record<string, { readonly meaning: string; readonly preset: number; readonly fitted?: number }>
  >;
  /** statements whose conditions are assumed as well, by id */
  readonly under: readonly string[];
  /** what it asks of a setting beside those */
  readonly conditions: readonly Condition[];
  /** what it says about measured numbers */
  readonly bounds: readonly Bound[];
  readonly regimes?: Regimes;
}

// ---- short forms ----

/** The free constants of the shelf. */
const FREE = [
  'delta',
  'C',
  'C1',
  'C2',
  'C3',
  'C4',
  'a',
  'beta',
  'slope',
  'kappa1',
  'kappa2',
  'mA2',
  'C_T',
  'C_W',
  'C_S',
  'C_l',
  'C_L',
] as const;
type Numbers<Name extends string> = Readonly<Record<Name, number>>;
type Side = (s: Numbers<SymbolId>, c: Numbers<(typeof FREE)[number]>) => number;

/** Every name as a number: NaN where it is lacking. */
function completing<Name extends string>(names: readonly Name[]) {
  const none = Object.fromEntries(names.map((name) => [name, NaN])) as Numbers<Name>;
  const made = new WeakMap<object, Numbers<Name>>();
  return (known: Readonly<Partial<Record<string, number>>>): Numbers<Name> => {
    let all = made.get(known);
    if (!all) made.set(known, (all = Object.assign(Object.create(none), known) as Numbers<Name>));
    return all;
  };
}
const allSymbols = completing(Object.keys(SYMBOLS) as SymbolId[]);
const allConstants = completing(FREE);
const evaluable =
  (side: Side) =>
  (setting: Setting, constants: Constants): number =>
    side(allSymbols(setting), allConstants(constants));

/** lhs >= rhs */
export const atLeast = (id: string, formula: string, lhs: Side, rhs: Side, known: Known = {}): Condition => ({
  id,
  formula,
  relation: '>=',
  lhs: evaluable(lhs),
  rhs: evaluable(rhs),
  ...known,
});
/** lhs <= rhs */
export const atMost = (id: string, formula: string, lhs: Side, rhs: Side, known: Known = {}): Condition => ({
  id,
  formula,
  relation: '<=',
  lhs: evaluable(lhs),
  rhs: evaluable(rhs),
  ...known,
});
/** of <= value */
export const upper = (id: string, of: SymbolId, formula: string, value: Side, where?: Condition): Bound => ({
  id,
  of,
  side: 'upper',
  formula,
  value: evaluable(value),
  ...(where && { where }),
});
/** of >= value */
export const lower = (id: string, of: SymbolId, formula: string, value: Side, where?: Condition): Bound => ({
  id,
  of,
  side: 'lower',
  formula,
  value: evaluable(value),
  ...(where && { where }),
});

/** The bound, known otherwise than its statement. */
export const knownAs = (provenance: Provenance, bound: Bound): Bound => ({ ...bound, provenance });

type Own = Omit<Statement, 'id' | 'paper' | 'about' | 'assumes' | 'constants' | 'under' | 'conditions' | 'bounds'> &
  Partial<Pick<Statement, 'about' | 'assumes' | 'constants' | 'under' | 'conditions' | 'bounds'>>;

/** All networks on the shelf have two layers. */
export const TWO_LAYERS = { 'network.depth': [2] } as const;

/** What is about a network at all is about one of two layers. */
const ofTwoLayers = (about: Choices): Choices =>
  Object.keys(about).some((path) => path.startsWith('network.')) ? { ...TWO_LAYERS, ...about } : about;

/** The statements of one paper: `about` and `assumes` are those of its model where an entry says nothing else. */
export function statementsOf(
  paper: string,
  model: Pick<Statement, 'about' | 'assumes'>,
  entries: Readonly<Record<string, Own>>,
): Statement[] {
  return Object.entries(entries).map(([name, entry]) => ({
    constants: {},
    under: [],
    conditions: [],
    bounds: [],
    ...model,
    ...entry,
    about: ofTwoLayers(entry.about ?? model.about),
    id: `${paper}/${name}`,
    paper,
  }));
}

/** The failure probability, a constant of nearly every statement. */
export const DELTA = { delta: { meaning: 'failure probability δ', preset: 0.1 } } as const;
/**
 * The papers' models train by plain gradient descent on all labels as they are, each 1 or -1, in every step, without
 * weight decay.
 */
export const PLAIN_DESCENT = {
  'data.sigmaY': [0],
  'training.labelNoise': [0],
  'training.labelNoiseLaw': ['turns'],
  'training.rule': ['descent'],
  'training.batch': [0],
  'training.weightDecay': [0],
  'training.schedule': ['constant'],
} as const;
/** Both classes of the papers' models are equally likely. */
export const EVEN_CLASSES = { 'data.positive': [0.5] } as const;
/** Their points have two patches, one with the one signal and one with noise. */
export const ONE_NOISE = { 'data.patches': [2], 'data.signals': [1] } as const;
/** Both. */
export const TWO_PATCHES = { ...ONE_NOISE, ...EVEN_CLASSES } as const;
/**
 * The network that the papers on the two-patch CNN share: f = F_+1 - F_-1, each (1/m) Σ over the filters of its class.
 */
export const TWO_PATCH_CNN = {
  'network.outputScale': ['1/m'],
  'network.outputSigns': ['half'],
  'network.pooling': ['sum'],
  'network.bias': [false],
  'network.v0': [1],
  'network.init': ['gaussian'],
  'training.reduction': ['mean'],
} as const;
/** v_0 of the papers that write f = (2m)^{-1/2} Σ a_j σ over all 2m filters, in an output scale of 1/sqrt(m). */
export const ALL_FILTERS = { 'network.outputScale': ['1/sqrt(m)'], 'network.v0': [Math.SQRT1_2] } as const;
/** A constant of which the source says only that it exists. */
export const free = (meaning: string, preset = 1) => ({ meaning, preset });
