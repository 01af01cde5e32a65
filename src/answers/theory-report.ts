/** What theory says of a setting as plain data: theory.json, and what a program gets. */
import type { Setting } from '../notation.ts';
import { assumptions, type Critical, type Evaluated, type Judged, type Regime, type Told } from '../theory/assess.ts';
import { PROVENANCE, type Constants, type Provenance, type Statement } from '../theory/statement.ts';
import type { TheoryAnswer } from './theory.ts';

/** A condition with both sides at the setting; a number that is none, or infinite, is null. */
export interface JudgedReport extends Omit<Judged, 'lhs' | 'rhs' | 'ratio' | 'factor'> {
  /** left side */
  readonly lhs: number | null;
  /** right side */
  readonly rhs: number | null;
  /** lhs/rhs */
  readonly ratio: number | null;
  /** by what factor it holds: lhs/rhs for >=, rhs/lhs for <=; below 1 it fails */
  readonly factor: number | null;
}

/** A bound on a measured quantity at the setting. */
export interface BoundReport extends Omit<Evaluated, 'value' | 'where'> {
  /** null where the setting lacks a symbol, or it is infinite */
  readonly value: number | null;
  /** the condition that it needs beyond those of the statement */
  readonly where?: JudgedReport;
}

/** A statement that speaks of the setting. */
export interface StatementReport extends Pick<
  Statement,
  'id' | 'paper' | 'kind' | 'title' | 'says' | 'formula' | 'source' | 'provenance' | 'under'
> {
  /** how well we know what the source says, in words */
  readonly asKnown: string;
  /** choices that the paper's model makes otherwise: `data.projected is false here, not true` */
  readonly departures: readonly string[];
  /** its free constants with the values that were used */
  readonly constants: Constants;
  /** names of those that a measurement of ours gave */
  readonly fitted: readonly string[];
  /** what it asks of the setting */
  readonly conditions: readonly JudgedReport[];
  /** what it says about measured numbers */
  readonly bounds: readonly BoundReport[];
}

/** The regime that a statement predicts, and where it ends. */
export interface RegimeReport {
  /** of the statement */
  readonly id: string;
  /** its paper's id */
  readonly paper: string;
  /** how well we know what the source says */
  readonly provenance: Provenance;
  /** the same in words */
  readonly says: string;
  /** undecided: on neither side, or on both */
  readonly regime: Regime;
  /** how many of the conditions that the statement stands on hold, `of` those that are known */
  readonly assumptions: { readonly hold: number; readonly of: number };
  /** the border of the benign side; null: the paper proves no such side */
  readonly benign: JudgedReport | null;
  /** that of the harmful side */
  readonly harmful: JudgedReport | null;
  /** values of one symbol on either border, the others as they stand */
  readonly critical: Critical;
}

/** As theory.json has it. */
export interface TheoryReport {
  readonly v: 1;
  readonly spec: string;
  readonly firstCellOfAxes: string | null;
  readonly setting: Setting;
  readonly given: Constants;
  readonly regimes: readonly RegimeReport[];
  readonly statements: readonly StatementReport[];
  readonly elsewhere: readonly { readonly id: string; readonly reason: string }[];
}

/** @param spec its name */
export function theoryReport(
  { fixed, setting, given, told, untold, borders }: TheoryAnswer,
  spec: string,
): TheoryReport {
  return {
    v: 1,
    spec,
    firstCellOfAxes: fixed === '' ? null : fixed,
    setting,
    given,
    regimes: borders.map(({ told: one, critical: values }) => {
      const assumed = assumptions(one, told);
      return {
        id: one.statement.id,
        paper: one.statement.paper,
        provenance: one.statement.provenance,
        says: PROVENANCE[one.statement.provenance],
        regime: one.prediction!.regime,
        assumptions: { hold: assumed.filter(({ holds }) => holds).length, of: assumed.length },
        benign: one.prediction!.benign ? judgedJson(one.prediction!.benign) : null,
        harmful: one.prediction!.harmful ? judgedJson(one.prediction!.harmful) : null,
        critical: values,
      };
    }),
    statements: told.map(statementJson),
    elsewhere: untold.map(({ statement, reason }) => ({ id: statement.id, reason })),
  };
}

function statementJson({ statement, constants, departures, conditions, bounds }: Told): StatementReport {
  const { id, paper, kind, title, says, formula, source, provenance, under } = statement;
  return {
    id,
    paper,
    kind,
    title,
    says,
    formula,
    source,
    provenance,
    asKnown: PROVENANCE[provenance],
    under,
    departures,
    constants,
    fitted: Object.keys(constants).filter((name) => statement.constants[name]!.fitted === constants[name]),
    conditions: conditions.map(judgedJson),
    bounds: bounds.map(({ value, where, ...rest }) => ({
      ...rest,
      value: finite(value),
      ...(where && { where: judgedJson(where) }),
    })),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const judgedJson = ({ lhs, rhs, ratio, factor, ...rest }: Judged): JudgedReport => ({
  ...rest,
  lhs: finite(lhs),
  rhs: finite(rhs),
  ratio: finite(ratio),
  factor: finite(factor),
});

/** A condition that a setting leaves. */
export interface Left {
  /** `kou-2023/condition-4.1/step-size`, of the first statement that has it */
  readonly id: string;
  /** as the statement has it */
  readonly formula: string;
  /** by what factor it is missed, > 1; null: by any, for a side is 0 or infinite */
  readonly factor: number | null;
  /** how well the condition is known: as the paper states, as commonly cited, ... */
  readonly asKnown: string;
}

/** Conditions that the setting leaves, those of several statements once. */
export function leftBy(statements: readonly StatementReport[]): Left[] {
  const seen = new Set<string>();
  return statements.flatMap(({ id, provenance, conditions }) =>
    conditions.flatMap((one) => {
      const key = JSON.stringify([one.id, one.formula, one.lhs, one.rhs]);
      if (one.holds !== false || seen.has(key)) return [];
      seen.add(key);
      const factor = one.factor === null || one.factor === 0 ? null : 1 / one.factor;
      return [
        { id: `${id}/${one.id}`, formula: one.formula, factor, asKnown: PROVENANCE[one.provenance ?? provenance] },
      ];
    }),
  );
}
