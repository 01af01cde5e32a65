/**
 * What the shelf says about one setting: which assumptions hold and by how much, the regime, the bounds, the critical
 * value.
 */
import type { Setting, SymbolId } from '../notation.ts';
import { criticalValues } from './critical.ts';
import { STATEMENTS } from './index.ts';
import {
  allowedText,
  allows,
  type Bound,
  type Choices,
  type Condition,
  type Constants,
  type Statement,
} from './statement.ts';

/** The value of a choice by path; undefined for a path that it does not know. */
export type Chosen = (path: string) => string | number | boolean | undefined;

/** A condition at a setting. */
export interface Judged extends Pick<Condition, 'id' | 'formula' | 'relation' | 'provenance' | 'instead'> {
  readonly lhs: number;
  readonly rhs: number;
  /** lhs/rhs */
  readonly ratio: number;
  /** by what factor it holds: lhs/rhs for >=, rhs/lhs for <=; below 1 it fails */
  readonly factor: number;
  /** null where a side is no number */
  readonly holds: boolean | null;
}

/** A bound at a setting. */
export interface Evaluated extends Pick<Bound, 'id' | 'of' | 'side' | 'formula' | 'provenance'> {
  /** NaN where the setting lacks a symbol */
  readonly value: number;
  /** the condition that it needs beyond those of the statement */
  readonly where?: Judged;
}

export type Regime = 'benign' | 'harmful' | 'undecided';

/** The regime that a paper's borders put a setting in. */
export interface Prediction {
  readonly regime: Regime;
  readonly benign?: Judged;
  readonly harmful?: Judged;
}

/** A statement told about a setting. */
export interface Told {
  readonly statement: Statement;
  readonly constants: Constants;
  /** choices that the paper's model makes otherwise: `data.projected is false here, not true` */
  readonly departures: readonly string[];
  /** what it assumes, with both sides at the setting */
  readonly conditions: readonly Judged[];
  /** its bounds as numbers */
  readonly bounds: readonly Evaluated[];
  readonly prediction?: Prediction;
}

/** A statement that is not about a setting, and why. */
export interface Untold {
  readonly statement: Statement;
  readonly reason: string;
}

/** A setting that satisfies both sides of a paper's border counts for neither. */
export function predict(
  regimes: NonNullable<Statement['regimes']>,
  setting: Setting,
  constants: Constants,
): Prediction {
  const benign = regimes.benign && judge(regimes.benign, setting, constants);
  const harmful = regimes.harmful && judge(regimes.harmful, setting, constants);
  const regime =
    benign?.holds === harmful?.holds
      ? 'undecided'
      : benign?.holds
        ? 'benign'
        : harmful?.holds
          ? 'harmful'
          : 'undecided';
  return { regime, ...(benign && { benign }), ...(harmful && { harmful }) };
}

export function judge(condition: Condition, setting: Setting, constants: Constants): Judged {
  const { id, formula, relation, provenance, instead } = condition;
  const lhs = condition.lhs(setting, constants);
  const rhs = condition.rhs(setting, constants);
  const known = !Number.isNaN(lhs) && !Number.isNaN(rhs);
  return {
    id,
    formula,
    relation,
    ...(provenance && { provenance }),
    ...(instead && { instead }),
    lhs,
    rhs,
    ratio: lhs / rhs,
    factor: relation === '>=' ? lhs / rhs : rhs / lhs,
    holds: known ? (relation === '>=' ? lhs >= rhs : lhs <= rhs) : null,
  };
}

/**
 * Values of constants: by name for all statements, `kou-2023.C1` for those of one paper, `kou-2023/theorem-4.2.C1` for
 * one statement; the narrowest counts.
 */
export function constantsOf(statement: Statement, given: Constants): Constants {
  return Object.fromEntries(
    Object.entries(statement.constants).map(([name, { preset, fitted }]) => [
      name,
      given[`${statement.id}.${name}`] ?? given[`${statement.paper}.${name}`] ?? given[name] ?? fitted ?? preset,
    ]),
  );
}

/** Every name that `constantsOf` looks at. */
export const constantNames = (): string[] => [
  ...new Set(
    STATEMENTS.flatMap(({ id, paper, constants }) =>
      Object.keys(constants).flatMap((name) => [name, `${paper}.${name}`, `${id}.${name}`]),
    ),
  ),
];

/**
 * What one statement says about a setting, whether or not it is about it.
 *
 * @param chosen the setting's choices by path: `data.model`
 * @param given values of free constants: `C1`, or `kou-2023.C1` for one paper's; the others take their presets
 */
export function tell(statement: Statement, setting: Setting, chosen: Chosen, given: Constants): Told {
  const constants = constantsOf(statement, given);
  return {
    statement,
    constants,
    departures: mismatches(statement.assumes, chosen),
    conditions: statement.conditions.map((one) => judge(one, setting, constants)),
    bounds: statement.bounds.map((bound) => ({
      id: bound.id,
      of: bound.of,
      side: bound.side,
      formula: bound.formula,
      ...(bound.provenance && { provenance: bound.provenance }),
      value: bound.value(setting, constants),
      ...(bound.where && { where: judge(bound.where, setting, constants) }),
    })),
    ...(statement.regimes && { prediction: predict(statement.regimes, setting, constants) }),
  };
}

/** All statements, sorted into those that speak of the setting and those that do not. */
export function assess(
  setting: Setting,
  chosen: Chosen,
  given: Constants,
): { readonly told: readonly Told[]; readonly untold: readonly Untold[] } {
  const told: Told[] = [];
  const untold: Untold[] = [];
  for (const statement of STATEMENTS) {
    const [reason] = mismatches(statement.about, chosen);
    if (reason === undefined) told.push(tell(statement, setting, chosen, given));
    else untold.push({ statement, reason });
  }
  return { told, untold };
}

/** `network.activation is leaky-relu here, not relu`: what a setting chooses otherwise. */
export function mismatches(wanted: Choices, chosen: Chosen): string[] {
  return Object.entries(wanted).flatMap(([path, allowed]) => {
    const value = chosen(path);
    return allows(allowed, value) ? [] : [`${path} is ${String(value)} here, not ${allowedText(allowed)}`];
  });
}

/** Values of one symbol on the benign and on the harmful border, the others as they stand. */
export interface Critical {
  readonly symbol: SymbolId;
  readonly benign: readonly number[];
  readonly harmful: readonly number[];
}

export function critical({ statement, constants }: Told, setting: Setting, symbol: SymbolId): Critical {
  const { benign, harmful } = statement.regimes!;
  const of = (condition: Condition | undefined): number[] =>
    condition ? criticalValues(condition, setting, constants, symbol) : [];
  return { symbol, benign: of(benign), harmful: of(harmful) };
}

/** A statement's own conditions and those of what it stands on, each statement once. */
export function assumptions(told: Told, all: readonly Told[]): Judged[] {
  const seen = new Set<string>();
  const visit = (one: Told): Judged[] => {
    if (seen.has(one.statement.id)) return [];
    seen.add(one.statement.id);
    return [
      ...one.conditions,
      ...one.statement.under.flatMap((id) => all.filter(({ statement }) => statement.id === id).flatMap(visit)),
    ];
  };
  return visit(told);
}
