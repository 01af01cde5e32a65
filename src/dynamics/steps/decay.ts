/** Weight decay of everything that is trained: filters, biases and output weights v. */

export interface WeightDecay {
  /** lambda > 0 */
  readonly lambda: number;
  /**
   * coupled: lambda times the weights is added to the gradient before the rule sees it (`weight_decay` of PyTorch's SGD
   * and Adam); decoupled: the weights are multiplied by 1 - eta(t) lambda before the step is added, whose gradient was
   * taken before (AdamW). For a rule that moves by the pull itself the two are the same map.
   */
  readonly coupled: boolean;
}
