/** The step rules by name: how each is made, and what of a spec's room `training` it reads. */
import { momentum } from '../dynamics/steps/momentum.ts';
import { descent, type StepRule } from '../dynamics/steps/rule.ts';
import type { ChoiceOf, OwnId } from '../notation.ts';

/** What all rules together read. */
export interface RuleParameters {
  /** beta of heavy ball */
  readonly momentum: number;
}
export const RULE_PARAMETERS = ['momentum'] as const satisfies readonly (keyof RuleParameters)[];

interface Rule {
  make(parameters: RuleParameters): StepRule;
  readonly reads: readonly (keyof RuleParameters)[];
}

/** Compiles only while every `training.rule` of notation has its rule, and no rule lacks its name there. */
export const RULES: Readonly<Record<ChoiceOf<'rule'>, Rule>> = {
  descent: { reads: [], make: () => descent },
  momentum: { reads: ['momentum'], make: ({ momentum: beta }) => momentum(beta) },
};

export type RuleId = ChoiceOf<'rule'> | OwnId;

/** The rules that read a parameter. */
export const rulesReading = (parameter: keyof RuleParameters): readonly RuleId[] =>
  (Object.keys(RULES) as ChoiceOf<'rule'>[]).filter((id) => RULES[id].reads.includes(parameter));
