/** Stop rules: what the training loop looks at after every forward pass, and what it leaves with. */

export interface StopParameters {
  /**
   * steps: exactly maxSteps; loss: mean training loss <= epsilon; zero-error: every observed label fitted; zero-loss:
   * loss exactly 0. Real labels are for the first two
   */
  readonly stop: 'steps' | 'loss' | 'zero-error' | 'zero-loss';
  /** level of the rule `loss`, and of fitted real labels, > 0 */
  readonly epsilon: number;
  /** cap on the number of steps under every rule */
  readonly maxSteps: number;
}

/** Where the training loop stands when it hands control back. */
export interface Halt {
  /**
   * time: the step asked for; not-finite: an output left the floating-point range; met: the rule holds; step-limit: the
   * cap; still: no weight moved
   */
  readonly why: 'time' | 'not-finite' | 'met' | 'step-limit' | 'still';
  /** gradient steps made; the view shows this time */
  readonly t: number;
  /** training labels whose sign is not fitted at this time; f = 0 counts */
  readonly wrong: number;
  /** first step of the present stretch of blown-up loss, -1 outside one */
  readonly blownUpSince: number;
}

/** A mean loss this many times above max(1, loss at the start) counts as blown up. */
export const DIVERGENCE_FACTOR = 10;
