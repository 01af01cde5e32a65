/** Which science version a record has: the common one, but where the arithmetic of its step rule has changed since. */
import { SCIENCE, type RunRecord } from './record.ts';
import { RULES, type RuleId } from './rules.ts';
import { unversioned } from './cell.ts';
import { PARAMETERS } from '../notation.ts';
import type { Spec } from './spec.ts';

/** The version that a run under a rule has today. */
export const scienceOf = (rule: RuleId): number => RULES[rule]?.science ?? SCIENCE;

/** The versions that records of a spec have today. */
export function sciencesOf({ values, axes }: Spec): ReadonlySet<number> {
  const rules = axes.find(({ path }) => path === RULE)?.values ?? [
    values.get(RULE) ?? PARAMETERS.get(RULE)!.entry.default,
  ];
  return new Set(rules.map((rule) => scienceOf(rule as RuleId)));
}
const RULE = 'training.rule';

/** The version that a record's cell would have today. */
export function scienceToday({ cell }: Pick<RunRecord, 'cell'>): number {
  const { rule } = (cell['training'] ?? {}) as { readonly rule?: string };
  return rule === undefined ? SCIENCE : scienceOf(unversioned(rule) as RuleId);
}
