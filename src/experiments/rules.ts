/** The step rules by name: how each is made from a cell's training parameters, and which of them it reads. */
import { adam, adamw } from '../dynamics/steps/adam.ts';
import { momentum, nesterov } from '../dynamics/steps/momentum.ts';
import { normalised } from '../dynamics/steps/normalised.ts';
import { descent } from '../dynamics/steps/rule.ts';
import { sam } from '../dynamics/steps/sam.ts';
import { sign } from '../dynamics/steps/sign.ts';
import type { ChoiceOf, OwnId } from '../notation.ts';
import type { RuleEntry, RuleParameters } from './rule-entry.ts';

const ADAM = ['beta1', 'beta2', 'adamEpsilon'] as const;

const STANDARD = {
  descent: { make: () => descent, reads: [], inSpan: true, linear: true, decays: 'alike' },
  momentum: {
    make: (training) => momentum(training.momentum),
    reads: ['momentum'],
    inSpan: true,
    linear: true,
    decays: 'either',
    science: 4,
  },
  nesterov: {
    make: (training) => nesterov(training.momentum),
    reads: ['momentum'],
    inSpan: true,
    linear: true,
    decays: 'either',
  },
  normalised: { make: () => normalised, reads: [], inSpan: true, linear: false, decays: 'either' },
  sam: {
    make: ({ radius, ascent }) => sam({ radius, unnormalised: ascent === 'unnormalised' }),
    reads: ['radius', 'ascent'],
    inSpan: true,
    linear: false,
    decays: 'alike',
  },
  sign: { make: () => sign, reads: [], inSpan: false, linear: false, decays: 'either' },
  adam: { make: adam, reads: ADAM, inSpan: false, linear: false, decays: 'coupled' },
  adamw: { make: adamw, reads: ADAM, inSpan: false, linear: false, decays: 'decoupled' },
  flow: { make: () => descent, reads: ['flowTolerance'], inSpan: true, linear: false, decays: 'alike' },
} as const satisfies Readonly<Record<ChoiceOf<'rule'>, RuleEntry>>;

export type RuleId = keyof typeof STANDARD | OwnId;

/** Every rule of this thread; compiles only while the notation names the standard ones. */
export const RULES: Record<keyof typeof STANDARD, RuleEntry> & Record<OwnId, RuleEntry> = { ...STANDARD };

/** The standard rules that read a parameter. */
export const rulesReading = (parameter: keyof RuleParameters): readonly RuleId[] =>
  (Object.keys(STANDARD) as (keyof typeof STANDARD)[]).filter((id) => RULES[id].reads.includes(parameter));

/** The standard rules beside which decay can be of either kind. */
export const rulesThatChooseDecay = (): readonly RuleId[] =>
  (Object.keys(STANDARD) as (keyof typeof STANDARD)[]).filter((id) => RULES[id].decays === 'either');
