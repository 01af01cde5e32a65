/** Undying activations: once active on a sample of its own sign, a unit stays active there (Xu, Gu 2023, Lemma 4.3). */
import type { Sample } from '../data/sample.ts';
import type { TwoLayerView } from '../dynamics/engine.ts';
import { fieldsOfWatch, type RunContext } from './observable.ts';

/**
 * Counts violations of A(t) ∩ T ⊆ A(t + 1) ∩ T over a run, A(t) the pairs (patch q, filter r) with <w_r, x_q> + b_r >
 * 0, T those whose sample's observed label is the sign of the filter's output weight. It must see every step, in order,
 * from the start.
 */
export class DeathWatch {
  private readonly sample: Sample;
  private active: Uint8Array | undefined;
  private deaths = 0;

  constructor(sample: Sample) {
    this.sample = sample;
  }

  /** violations so far, each (patch, filter, step) once */
  get count(): number {
    return this.deaths;
  }

  see({ preactivations, outputWeights, bias }: TwoLayerView): void {
    const {
      n,
      labels,
      patches: { perSample },
    } = this.sample;
    const Q = n * perSample;
    const R = bias.length;
    const weightsEach = outputWeights.length / R;
    const now = new Uint8Array(R * Q);
    for (let r = 0; r < R; r++) {
      for (let q = 0; q < Q; q++) {
        const at = r * Q + q;
        if (preactivations[at]! > 0) now[at] = 1;
        else if (
          this.active?.[at] === 1 &&
          labels[Math.floor(q / perSample)]! * outputWeights[r * weightsEach + (q % weightsEach)]! > 0
        )
          this.deaths++;
      }
    }
    this.active = now;
  }
}

const deaths = ({ problem }: RunContext) => {
  const watch = new DeathWatch(problem.sample);
  return { see: (_: number, view: TwoLayerView): void => watch.see(view), take: () => ({ died: watch.count }) };
};

export const UNDYING = fieldsOfWatch(['died'], ['two-layer'], deaths);
