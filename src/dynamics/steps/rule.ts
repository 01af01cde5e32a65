/**
 * How a pull becomes a step: the contract of step rules. The pull is minus the step size times the gradient, for the
 * numbers of one block (coefficients, biases, output weights); a rule that is linear in the pulls, with factors that
 * are the same for all numbers, keeps the weights in the span of their start and the anchors. So does one that reads
 * beside the pulls only the norm of the whole gradient, which inner products in the span give.
 */
export interface StepRule {
  /** `training.rule` of a spec */
  readonly id: string;
  /** whether the weights stay in the span */
  readonly inSpan: boolean;
  /** the step is the pull itself: nothing is remembered, and engines may add pulls as they come */
  readonly isPull: boolean;
  /** its movement is v in v = beta v + pull: engines may form it themselves */
  readonly beta?: number;
  /** pulls are divided by the norm of the gradient over all trained numbers before they are handed to the movers */
  readonly normalised?: true;
  /** the pulls are those at weights that were moved up the gradient */
  readonly ascent?: Ascent;
  /**
   * For one block of `size` numbers of one run.
   *
   * @param rate step size of these numbers, > 0: the gradient is minus the pull over the rate
   */
  start(size: number, rate: number): Mover;
}

/** How far weights are moved up the gradient g of the loss (of the step's own samples) before pulls are taken. */
export interface Ascent {
  /** rho >= 0: by rho g/|g|, |g| over all trained numbers; not at all where g = 0 */
  readonly radius: number;
  /** by rho g instead */
  readonly unnormalised: boolean;
}

/** Turns the pulls on a block into its movement, in place, step by step. */
export interface Mover {
  /** @returns false when nothing moves and, while the pulls stay 0, nothing ever will */
  move(pull: Float64Array): boolean;
  /** what it remembers, live: a run whose movers all show it can be continued from a copy; empty: nothing */
  readonly memory?: readonly Float64Array[];
}

/** Whether a block moves, of rules that remember nothing. */
export const movesNow = (pull: Float64Array): boolean => pull.some((x) => x !== 0);

/** Gradient descent. */
export const descent: StepRule = {
  id: 'descent',
  inSpan: true,
  isPull: true,
  start: () => ({ move: movesNow, memory: [] }),
};
