/** The neural tangent kernel of the first layer on the training sample (Jacot, Gabriel, Hongler 2018). */
import { productTransposed } from '../core/kernel-algebra.ts';
import { activationSlope } from './activation.ts';
import type { Network } from './two-layer.ts';

/**
 * K_ij = <grad f(x_i), grad f(x_j)>, gradients by first-layer weights and, where the network has one, bias:
 *
 *   K_ij = sum over patches P of i and Q of j of (<x_i^P, x_j^Q> + [bias]) sum_r a_r^2 sigma'(h_r,iP) sigma'(h_r,jQ)
 *
 * @param preactivations filters x patches
 * @param patchGram inner products of all patches, patches x patches
 * @returns n x n
 */
export function tangentKernel(
  network: Network,
  preactivations: Float64Array,
  patchGram: Float64Array,
  perSample: number,
): Float64Array {
  const { filters: R, outputWeights: a, activation } = network;
  const Q = preactivations.length / R;
  const n = Q / perSample;
  const gradients = new Float64Array(Q * R); // of f by the pre-activations
  for (let q = 0; q < Q; q++)
    for (let r = 0; r < R; r++) gradients[q * R + r] = a[r]! * activationSlope(activation, preactivations[r * Q + q]!);
  const shared = productTransposed(gradients, Q, gradients, Q, R);
  const one = network.bias ? 1 : 0;
  const K = new Float64Array(n * n);
  for (let p = 0; p < Q; p++) {
    const row = Math.floor(p / perSample) * n;
    for (let q = 0; q < Q; q++)
      K[row + Math.floor(q / perSample)]! += (patchGram[p * Q + q]! + one) * shared[p * Q + q]!;
  }
  return K;
}
