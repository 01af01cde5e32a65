/** Which science version a record has: the common one, but where the arithmetic of its step rule has changed since. */
import { SCIENCE, type RunRecord } from './record.ts';
import { RULES, type RuleId } from './rules.ts';
import { unversioned } from './cell.ts';

/** The version that a run under a rule has today. */
export const scienceOf = (rule: RuleId): number => RULES[rule]?.science ?? SCIENCE;

/** The version that a record's cell would have today. */
export function scienceToday({ cell }: Pick<RunRecord, 'cell'>): number {
  const { rule } = (cell['training'] ?? {}) as { readonly rule?: string };
  return rule === undefined ? SCIENCE : scienceOf(unversioned(rule) as RuleId);
}
