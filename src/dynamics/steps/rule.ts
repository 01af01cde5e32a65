/**
 * How a pull becomes a step: the contract of step rules. The pull is minus the step size times the gradient, for the
 * numbers of one block (a filter's coefficients, its bias, its output weights); a rule that is linear in the pulls, with
 * factors that are the same for all numbers, keeps the weights in the span of their start and the anchors.
 */
export interface StepRule {
  /** `training.rule` of a spec */
  readonly id: string;
  /** whether the weights stay in the span */
  readonly inSpan: boolean;
  /** the step is the pull itself: nothing is remembered, and engines may add pulls as they come */
  readonly isPull: boolean;
  /** For one block of `size` numbers of one run. */
  start(size: number): Mover;
}

/** Turns the pulls on a block into its movement, in place, step by step. */
export interface Mover {
  /** @returns false when nothing moves and, while the pulls stay 0, nothing ever will */
  move(pull: Float64Array): boolean;
}

/** Gradient descent. */
export const descent: StepRule = {
  id: 'descent',
  inSpan: true,
  isPull: true,
  start: () => ({ move: (pull) => pull.some((x) => x !== 0) }),
};
