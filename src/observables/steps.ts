/** Parts of the observables that watch a run from step to step, for the lemmas that speak of a trajectory. */
import { dotRows, rootOfSquares } from '../core/linear-algebra.ts';
import { rolesOf, type FreshLaw } from '../data/sample.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';

/** Extremes that are NaN while nothing was seen. */
export class Extremes {
  least = Infinity;
  most = -Infinity;

  add(value: number): void {
    if (!(value >= this.least)) this.least = value;
    if (!(value <= this.most)) this.most = value;
  }

  take(): { least: number; most: number } {
    const { least, most } = this;
    this.least = Infinity;
    this.most = -Infinity;
    return { least: least === Infinity ? NaN : least, most: most === -Infinity ? NaN : most };
  }
}

/** The pairs of a filter and a noisy patch of a sample with y_i = j_r that are active: indices (r n + i) P + p. */
export function ownActive(view: TwoLayerView, { sample, network: { filters, classes } }: Problem): number[] {
  const { preactivations } = view;
  const out: number[] = [];
  const { n, labels, patches } = sample;
  const { noisy } = rolesOf(sample);
  const P = noisy.length;
  for (let r = 0; r < filters; r++) {
    for (let i = 0; i < n; i++) {
      if (labels[i] !== classes[r]) continue;
      noisy.forEach((s, p) => {
        if (preactivations[(r * n + i) * patches.perSample + s]! > 0) out.push((r * n + i) * P + p);
      });
    }
  }
  return out;
}

/** Standard deviation of one coordinate of a sample's noise, over its noisy patches together. */
export const noiseScale = ({ noisy }: FreshLaw): number => rootOfSquares(noisy.map(({ sigma }) => sigma));

/** sum_r a_r^2 of the output weights at the start; for weights a filter and patch, their mean over the patches. */
export const outputSquare = ({ network: { outputWeights, filters } }: Problem): number =>
  (dotRows(outputWeights, 0, outputWeights, 0, outputWeights.length) * filters) / outputWeights.length;
