/**
 * Who pulls in a step, and towards which label: the contract of pullers. A pull is a sample's loss derivative at the
 * present outputs; how pulls become a step is the step rule's (rule.ts).
 */
export interface Puller {
  /** probability with which a sample pulls towards the other label, in [0, 1] */
  readonly turned: number;
  /** whether the next step may pull where this one does not, at the same weights */
  readonly redraws: boolean;
  /**
   * For one run: the labels that one step after the other sees, an array of the length of `labels` that may be the same
   * every time.
   */
  start(labels: Float64Array): () => Float64Array;
}

/** Every sample, towards its observed label. */
export const allSamples: Puller = { turned: 0, redraws: false, start: (labels) => () => labels };
