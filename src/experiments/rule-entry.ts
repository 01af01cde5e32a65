/** The contract of a step rule's entry: how it is made from a cell's training parameters, and which of them it reads. */
import type { StepRule } from '../dynamics/steps/rule.ts';

/** Parameters that one rule reads and another does not. */
export interface RuleParameters {
  /** beta of the heavy ball */
  readonly momentum: number;
}

export const RULE_PARAMETERS = ['momentum'] as const satisfies readonly (keyof RuleParameters)[];

export interface RuleEntry {
  readonly make: (training: RuleParameters) => StepRule;
  readonly reads: readonly (keyof RuleParameters)[];
  /** whether its steps stay in the span of the start and the anchors */
  readonly inSpan: boolean;
}
