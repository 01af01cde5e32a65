/**
 * Who pulls in a step, towards which label, and with which weight: the contract of pullers. A pull is a sample's loss
 * derivative at the present outputs; how pulls become a step is the step rule's (rule.ts). Pullers compose: batches
 * (batches.ts) take the labels of another puller.
 */
export interface Puller {
  /** probability with which a sample pulls towards the other label, in [0, 1]; NaN where labels get other factors */
  readonly turned: number;
  /** whether the next step may pull where this one does not, at the same weights */
  readonly redraws: boolean;
  /** whether its pulls have weights */
  readonly weighs: boolean;
  /** no label times its weight is larger, in absolute value, than this, >= 1 */
  readonly largest: number;
  /** For one run: the pull of one step after the other. Draws depend on no engine. */
  start(labels: Float64Array): () => Pull;
}

/** Of one step; the arrays may be the same every time. */
export interface Pull {
  /** what stands for the label y_i in the loss, l(y_i f_i), length n: any number */
  readonly labels: Float64Array;
  /** what the step of each sample is multiplied by, >= 0, length n; 1 for all when absent */
  readonly weights?: Float64Array;
}

/** Every sample, towards its observed label. */
export const allSamples: Puller = {
  turned: 0,
  redraws: false,
  weighs: false,
  largest: 1,
  start: (labels) => {
    const pull = { labels };
    return () => pull;
  },
};
