/** What a theorem or lemma of the shelf is, as data. */
import type { Setting, SymbolId } from '../notation.ts';

/** How well we know what the source says; the product never prints `recalled` as if it were quoted. */
export type Provenance = 'read' | 'secondhand' | 'recalled' | 'inferred' | 'reconstructed';

/** Names of free constants, with a value for each. */
export type Constants = Readonly<Record<string, number>>;

/** lhs relation rhs; both sides are numbers once the constants are chosen. */
export interface Condition {
  readonly id: string;
  /** `d >= C n² log(nm/δ) (log T*)²` */
  readonly formula: string;
  readonly relation: '>=' | '<=';
  /** sides; NaN where the setting lacks a symbol */
  readonly lhs: (setting: Setting, constants: Constants) => number;
  readonly rhs: (setting: Setting, constants: Constants) => number;
}

/** A bound on one measured quantity. */
export interface Bound {
  readonly id: string;
  readonly of: SymbolId;
  readonly side: 'upper' | 'lower';
  readonly formula: string;
  readonly value: (setting: Setting, constants: Constants) => number;
  /** the bound holds only where this does, beyond the theorem's own conditions: `n‖μ‖⁴ >= C_1 σ_p⁴ d` */
  readonly where?: Condition;
}

export interface Statement {
  /** `kou-2023/theorem-4.2` */
  readonly id: string;
  readonly paper: string;
  readonly kind: 'theorem' | 'lemma' | 'proposition' | 'corollary';
  readonly title: string;
  /** in words of ours */
  readonly says: string;
  readonly formula: string;
  /** `Theorem 4.2` */
  readonly source: string;
  readonly provenance: Provenance;
  /** parameters (by path) that the statement is about, with their values: { 'data.model': ['signal-noise'], 'training.loss': ['logistic'] } */
  readonly about: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** free constants: meaning and the value used when nobody says otherwise; `fitted` is what our measurement gives (docs/constants.md) */
  readonly constants: Readonly<Record<string, { readonly meaning: string; readonly preset: number; readonly fitted?: number }>>;
  readonly conditions: readonly Condition[];
  readonly bounds: readonly Bound[];
  /** series that a check of it over a run needs; absent for statements that no trajectory can test */
  readonly needs?: readonly SymbolId[];
}
