/**
 * From the pulls on all that is trained to its movement, for engines that gather pulls first. One after the other:
 *
 *   coupled decay    pull_k  = pull_k - (rate * lambda) * state_k
 *   normalised       pull_k  = pull_k / |g|
 *   the rule         move_k  = what its mover makes of pull_k
 *   decoupled decay  state_k = state_k * (1 - (rate * factor) * lambda)
 *   then             state_k = state_k + factor * move_k
 *
 * with the schedule's factor of the step. Under plain descent the factor is in the pulls already, and in coupled
 * decay's rate. Blocks may be images of others under a linear map (products with the anchors beside coefficients):
 * decay and rules in the span are linear, so they stay images.
 */
import type { WeightDecay } from './decay.ts';
import type { Mover, StepRule } from './rule.ts';

/** Numbers that move together. */
export interface Block {
  readonly state: Float64Array;
  /** minus step size times gradient; after a step the movement */
  readonly pull: Float64Array;
  /** step size of these numbers, >= 0 */
  readonly rate: number;
  /** an image of other blocks: says nothing about standing still */
  readonly image?: true;
  /**
   * For numbers that are fixed multiples of the trained ones (a = unit * v), these multiples: a rule that is not linear
   * sees pulls on v. Not needed where it is.
   */
  readonly units?: Float64Array;
}

export class Stepper {
  private readonly rule: StepRule;
  private readonly decay: WeightDecay | undefined;
  private readonly blocks: readonly { readonly block: Block; readonly mover: Mover }[];

  constructor(rule: StepRule, decay: WeightDecay | undefined, blocks: readonly Block[]) {
    this.rule = rule;
    this.decay = decay;
    this.blocks = blocks.map((block) => ({ block, mover: rule.start(block.state.length, block.rate) }));
  }

  /** What all movers remember, live; undefined where one of them does not show it. */
  memory(): readonly Float64Array[] | undefined {
    const all = this.blocks.map(({ mover }) => mover.memory);
    return all.every((one) => one !== undefined) ? all.flat() : undefined;
  }

  /** Before the pulls of a step are gathered. */
  clear(): void {
    for (const { block } of this.blocks) block.pull.fill(0);
  }

  /**
   * @param factor of the schedule, > 0
   * @param norm of the gradient over all trained numbers, asked for once decay is in the pulls
   * @returns false when there was no pull and no movement, and none will be while there is no pull
   */
  step(factor: number, norm: () => number): boolean {
    const { rule, decay, blocks } = this;
    const [now, after] = rule.isPull ? [factor, 1] : [1, factor];
    if (decay?.coupled)
      for (const { block } of blocks) {
        const { pull, state } = block;
        const share = block.rate * now * decay.lambda;
        for (let k = 0; k < pull.length; k++) pull[k]! -= share * state[k]!;
      }
    if (rule.normalised) {
      const length = norm();
      for (const { block } of blocks)
        for (let k = 0; k < block.pull.length; k++) block.pull[k] = length > 0 ? block.pull[k]! / length : 0;
    }
    let moved = false;
    for (const { block, mover } of blocks) {
      const { state, pull, units } = block;
      const pulled = !block.image && anyMoves(pull);
      if (units) for (let k = 0; k < pull.length; k++) pull[k]! /= units[k]!;
      if ((mover.move(pull) || pulled) && !block.image) moved = true;
      if (units) for (let k = 0; k < pull.length; k++) pull[k]! *= units[k]!;
      if (decay && !decay.coupled) {
        const kept = 1 - block.rate * factor * decay.lambda;
        if (!block.image && anyMoves(state)) moved = true;
        for (let k = 0; k < state.length; k++) state[k]! *= kept;
      }
      for (let k = 0; k < state.length; k++) state[k]! += after * pull[k]!;
    }
    return moved;
  }
}

function anyMoves(x: Float64Array): boolean {
  for (let k = 0; k < x.length; k++) if (x[k] !== 0) return true;
  return false;
}

/** The trained numbers of a network, or the pulls on them, by their squared sizes. */
export interface Squares {
  /** sum over filters of |.|^2 */
  readonly filters: number;
  readonly biases: number;
  /** of output weights a = unit * v as they stand in the network */
  readonly outputs: number;
}

/**
 * |g| over all trained numbers, from the squares of the pulls, each minus a step size times a gradient.
 *
 * @param eta step size of filters and biases
 * @param etaOutput step size of v over that of the filters
 * @param unit a = +-unit * v
 */
export function gradientNorm(
  { filters, biases, outputs }: Squares,
  eta: number,
  etaOutput: number,
  unit: number,
): number {
  const ofOutput = eta * etaOutput * unit;
  return Math.sqrt((filters + biases) / (eta * eta) + outputs / (ofOutput * ofOutput));
}

/** Sum of squares. */
export function squareOf(x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k]! * x[k]!;
  return sum;
}

/**
 * What pulls are multiplied by to be the way up the gradient.
 *
 * @param norm of the gradient, 0 or more
 * @param rate step size of the pulls' block
 */
export const climbOf = (
  { radius, unnormalised }: { readonly radius: number; readonly unnormalised: boolean },
  norm: number,
  rate: number,
): number => (norm > 0 ? -(unnormalised ? radius : radius / norm) / rate : 0);
