/**
 * The contract of a step rule's entry: how it is made from a cell's training parameters, and which of them it reads.
 */
import type { StepRule } from '../dynamics/steps/rule.ts';

/** Parameters that one rule reads and another does not. */
export interface RuleParameters {
  /** beta of the heavy ball and of Nesterov */
  readonly momentum: number;
  /** rho of sharpness-aware steps */
  readonly radius: number;
  readonly ascent: 'normalised' | 'unnormalised';
  readonly beta1: number;
  readonly beta2: number;
  readonly adamEpsilon: number;
  readonly flowTolerance: number;
}

export const RULE_PARAMETERS = [
  'momentum',
  'radius',
  'ascent',
  'beta1',
  'beta2',
  'adamEpsilon',
  'flowTolerance',
] as const satisfies readonly (keyof RuleParameters)[];

export interface RuleEntry {
  readonly make: (training: RuleParameters) => StepRule;
  readonly reads: readonly (keyof RuleParameters)[];
  /** whether its steps stay in the span of the start and the anchors */
  readonly inSpan: boolean;
  /**
   * whether a run is one of steps that are linear in the pulls: not where they ask for a norm, nor in a limit of runs
   */
  readonly linear: boolean;
  /**
   * how weights decay beside it: as `training.decay` says (either), in one way only, or in both ways alike, where the
   * step is the pull itself
   */
  readonly decays: 'either' | 'coupled' | 'decoupled' | 'alike';
  /** of its records, where it is not the common one (record.ts) */
  readonly science?: number;
}
