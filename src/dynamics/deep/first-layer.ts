/** The contract of the first layer of a deep network: the filters, by their vectors or in the span of the anchors. */
import type { Block } from '../steps/stepper.ts';

/** Filters in training, without their biases. */
export interface FirstLayer {
  /** what moves in a step: `state` with `pull`, and what else must be told of it; none where the filters are frozen */
  readonly blocks: readonly Block[];
  /** what products with patches follow from */
  readonly state: Float64Array;
  /** the pull on it */
  readonly pull: Float64Array;
  /** <w_r, x_q> at the present state, R x Q */
  products(out: Float64Array): void;
  /** Writes the pulls. @param changes minus the step size times the gradient by the pre-activations, R x Q */
  gather(changes: Float64Array): void;
  /** |pull|^2 over all filters */
  square(): number;
  /** coordinates of the filters in the frame, R x columns */
  weights(): { readonly rows: Float64Array; readonly columns: number };
  /** <w_r, v_k>, R x K */
  anchorProducts(): Float64Array;
}
