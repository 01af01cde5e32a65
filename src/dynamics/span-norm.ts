/** The norm of the whole gradient from what a run in the span holds, whatever d. */
import type { Problem } from './engine.ts';
import { descent } from './steps/rule.ts';
import { gradientNorm, squareOf } from './steps/stepper.ts';

/**
 * |g| from pulls in the span. With coupled decay the pull on a filter is q w(0) + sum_k dC_k v_k, q the pull on s, and dP
 * its products with the anchors, so that
 *
 *   |pull|^2 = q^2 |w(0)|^2 + q sum_k dC_k <w(0), v_k> + sum_k dC_k dP_k
 */
export function normInSpan(
  problem: Problem,
  { dC, dP, db, da, P, startScale }: Readonly<Record<'dC' | 'dP' | 'db' | 'da' | 'P' | 'startScale', Float64Array>>,
  eta: number,
): () => number {
  const { network, etaOutput = 1 } = problem;
  const ofFilters = squareInSpan(problem, { dC, dP, P, startScale }, eta);
  return () =>
    gradientNorm(
      { filters: ofFilters(), biases: squareOf(db), outputs: network.trainsOutput ? squareOf(da) : 0 },
      eta,
      etaOutput,
      network.outputUnit,
    );
}

/** Of the pulls on the filters: |pull|^2. */
export function squareInSpan(
  problem: Problem,
  { dC, dP, P, startScale }: Readonly<Record<'dC' | 'dP' | 'P' | 'startScale', Float64Array>>,
  eta: number,
): () => number {
  const { init, rule = descent, decay } = problem;
  const coupled = rule.normalised && decay?.coupled ? decay.lambda : 0;
  const products = coupled > 0 ? P.slice() : undefined;
  const square = squareOf(init.rows);
  return () => {
    let filters = 0;
    for (let k = 0; k < dC.length; k++) filters += dC[k]! * dP[k]!;
    if (products) {
      const q = -(eta * coupled) * startScale[0]!;
      let mixed = 0;
      for (let k = 0; k < dC.length; k++) mixed += dC[k]! * products[k]!;
      filters += q * (q * square + mixed);
    }
    return Math.max(0, filters);
  };
}
