/**
 * What the two-stage argument of Kou et al. 2023 (as commonly cited) speaks of: how far the noise that a filter saw at
 * the start is learnt, and the direction V, V_r = sum_i 1(y_i = j_r) xi_i/|xi_i|^2, of the reference W* = W(0) + 5
 * log(2/epsilon) V. The sum is over all noises of a sample.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { noiseRows, patchRows, rolesOf } from '../data/sample.ts';
import type { Problem, SpanView } from '../dynamics/engine.ts';
import { coefficients } from './decomposition.ts';
import { fieldsOf, oncePerRun, oncePerState, type RunContext, type State } from './observable.ts';

export interface Stages {
  /**
   * least rho-bar over the pairs (filter, noisy patch) with y_i = j_r that were active at the start; NaN where there is
   * none
   */
  readonly rhoBarLearnt: number;
  /** <W - W(0), V> / |V|_F^2: the multiple of V that is nearest to the way made */
  readonly towardsReference: number;
  /** |V|_F; the same at every time */
  readonly referenceNorm: number;
}

/** Measures states of a run; the start is computed once. */
export function stages(problem: Problem): (view: SpanView) => Stages {
  const {
    sample,
    network: { filters: R, classes },
    init,
  } = problem;
  const {
    n,
    labels,
    frame: { used },
    patches: { perSample },
  } = sample;
  const { noisy } = rolesOf(sample);
  const P = noisy.length;
  const inputs = patchRows(sample);
  const noise = noiseRows(sample);
  const learnt: number[] = [];
  for (let r = 0; r < R; r++) {
    for (let i = 0; i < n; i++) {
      if (labels[i] !== classes[r]) continue;
      noisy.forEach((s, p) => {
        const h = dotRows(init.rows, r * init.columns, inputs, (i * perSample + s) * used, used) + init.bias[r]!;
        if (h > 0) learnt.push((r * n + i) * P + p);
      });
    }
  }
  /** V_r by the sign of the filter's class */
  const reference = (j: number): Float64Array => {
    const sum = new Float64Array(used);
    for (let at = 0; at < n * P; at++) {
      if (labels[Math.floor(at / P)] !== j) continue;
      const square = dotRows(noise, at * used, noise, at * used, used);
      for (let a = 0; a < used; a++) sum[a]! += noise[at * used + a]! / square;
    }
    return sum;
  };
  const V = new Map([1, -1].map((j) => [j, reference(j)]));
  const square = classes.reduce((sum, j) => sum + dotRows(V.get(j)!, 0, V.get(j)!, 0, used), 0);
  return (view) => {
    const { rho } = coefficients(view, sample, problem.network);
    const { rows, columns } = view.weights();
    let product = 0;
    for (let r = 0; r < R; r++) {
      const v = V.get(classes[r]!)!;
      product += dotRows(rows, r * columns, v, 0, used) - dotRows(init.rows, r * init.columns, v, 0, used);
    }
    return {
      rhoBarLearnt: learnt.length === 0 ? NaN : learnt.reduce((least, at) => Math.min(least, rho[at]!), Infinity),
      towardsReference: product / square,
      referenceNorm: Math.sqrt(square),
    };
  };
}

const measure = oncePerRun(({ problem }: RunContext) => stages(problem));
const stagesOf = oncePerState(({ view, run }: State<SpanView>) => measure(run)(view));

export const STAGES = fieldsOf(
  ['rhoBarLearnt', 'towardsReference', 'referenceNorm'],
  ['span', 'signal-role'],
  stagesOf,
);
