/**
 * The filters of a deep network in the span of the anchors, whatever d: the state is C and P as in gram.ts, with its
 * order of arithmetic,
 *
 *   <w_r, x_q> = sum over the terms of patch q of coefficient * P_rk
 *   dC_rk      = sum over the terms at anchor k, samples in order, of coefficient * change_rq;   dP = dC G
 *
 * and under weight decay s, which weights of the start are left.
 */
import { product, productTransposed } from '../../core/linear-algebra.ts';
import { addRows } from '../add-rows.ts';
import type { Problem } from '../engine.ts';
import { headOfWeights, weightsAfter } from '../gram.ts';
import { squareInSpan } from '../span-norm.ts';
import type { Block } from '../steps/stepper.ts';
import type { FirstLayer } from './first-layer.ts';

/** @param trained whether the filters move */
export function inSpan(problem: Problem, eta: number, trained: boolean): FirstLayer {
  const { sample, network, decay } = problem;
  const { n, anchors: K, vectors, frame, patches } = sample;
  const { start, anchor, coefficient, perSample } = patches;
  const R = network.filters;
  const Q = n * perSample;
  const G = productTransposed(vectors, K, vectors, K, frame.used);
  const P = productTransposed(headOfWeights(problem), R, vectors, K, frame.used);
  const C = new Float64Array(R * K);
  const [dC, dP] = [new Float64Array(R * K), new Float64Array(R * K)];
  const startScale = new Float64Array([1]);
  const blocks: Block[] = [
    { state: C, pull: dC, rate: eta },
    { state: P, pull: dP, rate: eta, image: true },
    ...(decay ? [{ state: startScale, pull: new Float64Array(1), rate: eta }] : []),
  ];
  const factors = new Float64Array(K);
  const rows = new Int32Array(K);
  return {
    blocks: trained ? blocks : [],
    state: P,
    pull: dP,
    products(out) {
      for (let r = 0; r < R; r++)
        for (let q = 0; q < Q; q++) {
          let x = 0;
          for (let t = start[q]!; t < start[q + 1]!; t++) x += coefficient[t]! * P[r * K + anchor[t]!]!;
          out[r * Q + q] = x;
        }
    },
    gather(changes) {
      dC.fill(0);
      for (let r = 0; r < R; r++) {
        const row = r * K;
        for (let q = 0; q < Q; q++) {
          const change = changes[r * Q + q]!;
          if (change === 0) continue;
          for (let t = start[q]!; t < start[q + 1]!; t++) dC[row + anchor[t]!]! += coefficient[t]! * change;
        }
        let moved = 0;
        for (let k = 0; k < K; k++) {
          if (dC[row + k] === 0) continue; // adding 0 * G changes no bit
          factors[moved] = dC[row + k]!;
          rows[moved++] = k * K;
        }
        addRows(dP, row, factors, G, rows, moved, K);
      }
    },
    square: squareInSpan(problem, { dC, dP, P, startScale }, eta),
    weights: () => weightsAfter(problem, C, product, startScale[0]!),
    anchorProducts: () => P,
  };
}
