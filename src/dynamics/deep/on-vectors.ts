/** The filters of a deep network by their coordinates: the judge of those in the span, and the way for rules out of it. */
import { dotRows, productTransposed } from '../../core/linear-algebra.ts';
import { patchVector } from '../../data/sample.ts';
import type { Problem } from '../engine.ts';
import { squareOf } from '../steps/stepper.ts';
import type { FirstLayer } from './first-layer.ts';

/** @param trained whether the filters move */
export function onVectors({ sample, network, init }: Problem, eta: number, trained: boolean): FirstLayer {
  const { n, anchors: K, vectors, frame, patches } = sample;
  const R = network.filters;
  const { columns } = init;
  const Q = n * patches.perSample;
  const inputs = new Float64Array(Q * columns);
  for (let q = 0; q < Q; q++)
    inputs.set(patchVector(sample, Math.floor(q / patches.perSample), q % patches.perSample), q * columns);
  const W = init.rows.slice();
  const pull = new Float64Array(W.length);
  return {
    blocks: trained ? [{ state: W, pull, rate: eta }] : [],
    state: W,
    pull,
    products(out) {
      for (let r = 0; r < R; r++)
        for (let q = 0; q < Q; q++) out[r * Q + q] = dotRows(W, r * columns, inputs, q * columns, columns);
    },
    gather(changes) {
      pull.fill(0);
      for (let r = 0; r < R; r++)
        for (let q = 0; q < Q; q++) {
          const change = changes[r * Q + q]!;
          if (change === 0) continue;
          for (let k = 0; k < columns; k++) pull[r * columns + k]! += change * inputs[q * columns + k]!;
        }
    },
    square: () => squareOf(pull),
    weights: () => ({ rows: W, columns }),
    anchorProducts() {
      const padded = new Float64Array(K * columns);
      for (let k = 0; k < K; k++) padded.set(vectors.subarray(k * frame.used, (k + 1) * frame.used), k * columns);
      return productTransposed(W, R, padded, K, columns);
    },
  };
}
