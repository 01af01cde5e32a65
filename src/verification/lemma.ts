/** A lemma about a trajectory, as a check over the record of one run. */
import type { RunRecord } from '../experiments/record.ts';
import type { Setting, SymbolId } from '../notation.ts';
import type { Condition, Constants, Provenance } from '../theory/statement.ts';

/** A run as a lemma sees it. Numbers that the record lacks are NaN. */
export interface Trajectory {
  readonly setting: Setting;
  readonly outcome: RunRecord['outcome'];
  /** steps of the entries of the series */
  readonly times: readonly number[];
  /** one number an entry */
  readonly series: (id: SymbolId) => readonly number[];
  /** of the last state */
  readonly value: (id: SymbolId) => number;
}

/** A condition of the theory (its only home) as a run can be held against it. */
export interface Assumption extends Pick<Condition, 'id' | 'relation'> {
  readonly condition: Condition;
  /** the condition's, with the signs of a lemma: `d ≥ C n² log(nm/δ)` */
  readonly formula: string;
  /** symbols whose first entry in the record it reads, beside the setting */
  readonly measured: readonly SymbolId[];
  readonly lhs: (run: Trajectory, constants: Constants) => number;
  readonly rhs: (run: Trajectory, constants: Constants) => number;
}

/** @param measured symbols of the condition that the setting lacks: they are read from the start of the run */
export function assume(condition: Condition, ...measured: readonly SymbolId[]): Assumption {
  const at = (run: Trajectory): Setting =>
    measured.length === 0
      ? run.setting
      : { ...run.setting, ...Object.fromEntries(measured.map((id) => [id, run.series(id)[0] ?? NaN])) };
  return {
    condition,
    id: condition.id,
    formula: condition.formula.replaceAll('>=', '≥').replaceAll('<=', '≤'),
    relation: condition.relation,
    measured,
    lhs: (run, constants) => condition.lhs(at(run), constants),
    rhs: (run, constants) => condition.rhs(at(run), constants),
  };
}

/** An interval for the lemma's quantity; an end that is absent is open. */
export interface Limits {
  readonly least?: number;
  readonly most?: number;
}

export interface LemmaConstant {
  readonly meaning: string;
  readonly preset: number;
  /** the statement has another one; ours is as tight as pilots allowed */
  readonly tightened?: true;
}

export interface Lemma {
  /**
   * of the statement on the theory shelf, and the part of it that is checked where it has several:
   * `xu-gu-2023/lemma-4.4/upper`
   */
  readonly id: string;
  /** in words of ours */
  readonly says: string;
  /** the quantity's glyphs, for figures */
  readonly quantityLabel: string;
  readonly formula: string;
  /** `Lemma 4.3` */
  readonly source: string;
  readonly provenance: Provenance;
  /**
   * exact: no exception where the assumptions hold; probable: fails with probability at most delta (a constant of that
   * name); order: holds with some constant, which theory leaves free: ours is chosen, the run's own is measured
   */
  readonly kind: 'exact' | 'probable' | 'order';
  /** parameters (by path) that the lemma is about, with their values */
  readonly about: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly constants: Readonly<Record<string, LemmaConstant>>;
  readonly assumptions: readonly Assumption[];
  /** observables over time, and of the last state, that the check reads */
  readonly series: readonly SymbolId[];
  readonly values?: readonly SymbolId[];
  /** one number for each entry of the series, or a single one for the whole run; NaN where there is nothing to say */
  readonly quantity: (run: Trajectory, constants: Constants) => readonly number[];
  /**
   * Where the quantity is an estimate: how far the truth may lie from each of its numbers. A run violates the lemma when
   * all of that lies beyond the limits and keeps it when none does.
   */
  readonly halfWidth?: (run: Trajectory, constants: Constants) => readonly number[];
  readonly limits: (run: Trajectory, constants: Constants) => Limits;
}

/** A lemma's constants: its presets, and what was chosen instead of those it has. */
export const constantsOf = ({ constants }: Lemma, instead: Constants = {}): Constants =>
  Object.fromEntries(Object.entries(constants).map(([id, { preset }]) => [id, instead[id] ?? preset]));

/** Failure probability in the assumptions and of probable lemmas. */
export const DELTA = { meaning: 'failure probability', preset: 0.1 } as const;
/** The constant of the assumptions: the papers want it "sufficiently large". */
export const C = { meaning: 'constant of the assumptions', preset: 1 } as const;
/** Rounding of coefficients and bounds of order one over some hundred steps. */
export const ROUNDING = 1e-9;
