/** The step rules by name: how each is made from a cell's training parameters, and which of them it reads. */
import { momentum } from '../dynamics/steps/momentum.ts';
import { descent } from '../dynamics/steps/rule.ts';
import type { ChoiceOf, OwnId } from '../notation.ts';
import type { RuleEntry, RuleParameters } from './rule-entry.ts';

const STANDARD = {
  descent: { make: () => descent, reads: [], inSpan: true },
  momentum: { make: (training) => momentum(training.momentum), reads: ['momentum'], inSpan: true },
} as const satisfies Readonly<Record<ChoiceOf<'rule'>, RuleEntry>>;

export type RuleId = keyof typeof STANDARD | OwnId;

/** Every rule of this thread; compiles only while the notation names the standard ones. */
export const RULES: Record<keyof typeof STANDARD, RuleEntry> & Record<OwnId, RuleEntry> = { ...STANDARD };

/** The standard rules that read a parameter. */
export const rulesReading = (parameter: keyof RuleParameters): readonly RuleId[] =>
  (Object.keys(STANDARD) as (keyof typeof STANDARD)[]).filter((id) => RULES[id].reads.includes(parameter));
