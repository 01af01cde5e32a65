/**
 * Bounds on the clean test error of one network that its weights alone give: for Gaussian noise, one noisy patch and a
 * piecewise-linear activation. No constant is left free; where a paper leaves one, the proof was done again with it.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { arrayTimesPower2, exponentOf, largestOf, timesPower2 } from '../core/scale.ts';
import { exp, normalTail } from '../core/special.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';
import { combine } from './linear-classifier.ts';
import { observable, oncePerState, type State } from './observable.ts';

const INV_SQRT_2PI = 0.3989422804014327;

export interface FreshMargin {
  /** E[y f(x)] over fresh points and true labels */
  readonly mean: number;
  /**
   * sum over the signal's values of P exp(-E[y f]^2 / (2 sigma_p^2 L^2)), L = sum_r |a_r| |w_r| (Xu, Gu 2023,
   * Proposition 4.5 with beta = 2, for each value of the signal): an upper bound on the clean test error
   */
  readonly concentration: number;
  /**
   * The same from the outputs A without noise: |f - f_0| <= sum_r |a_r <w_r, xi>| <= (2m)^{1/2} |(a_r <w_r, xi>)_r|,
   * whose norm concentrates around sigma_p |Z|_F: exp(-u^2/2), u = A / ((2m)^{1/2} sigma_p |Z|_F) - 1, 1 where u < 0.
   * The alignment bound of Karhadkar et al. 2024, Lemma D.2, with an explicit constant (ours); Z has the rows a_r w_r
   * without the directions that carry no noise
   */
  readonly alignment: number;
  /**
   * (1/2) Phi(-M), M the margin of the linear classifier sum_r a_r w_r over its noise: a lower bound where x and -x
   * with opposite labels have the same law and there is no bias, for f(x) - f(-x) is (1 + leak) times that classifier
   * (Karhadkar et al. 2024, proof of Lemma D.4)
   */
  readonly floor: number;
  /**
   * |Z|_F, and the norm of the linear classifier's noise part sum_r a_r z_r (Karhadkar et al. 2024, section 4: their
   * a_r are +-1)
   */
  readonly noisePart: number;
  readonly noisePartLinear: number;
}

const NONE: FreshMargin = {
  mean: NaN,
  concentration: NaN,
  alignment: NaN,
  floor: NaN,
  noisePart: NaN,
  noisePartLinear: NaN,
};

export function freshMargin(view: TwoLayerView, { sample, network }: Problem): FreshMargin {
  const { fresh, frame } = sample;
  const { activation, filters: R } = network;
  if (activation.kind !== 'piecewise-linear' || fresh.noise) return NONE;
  const { leak } = activation;
  const { rows: allRows, columns } = view.weights();
  // In units in which no square leaves the floating-point range: bounds do not depend on them, outputs are put back.
  const unit = exponentOf(largestOf(allRows));
  const rows = arrayTimesPower2(allRows, -unit);
  const bias = arrayTimesPower2(view.bias, -unit);
  const outputUnit = exponentOf(largestOf(view.outputWeights));
  const outputWeights = arrayTimesPower2(view.outputWeights, -outputUnit);
  const back = (x: number): number => timesPower2(x, unit + outputUnit);
  const V = outputWeights.length / R;
  const last = (r: number): number => outputWeights[(r + 1) * V - 1]!;

  // What noise sees of a filter: |z_r|, and z of the linear classifier.
  const noisy = (at: number): boolean => at >= frame.ambient || !fresh.projectedAxes.includes(at);
  const norms = new Float64Array(R);
  const linear = new Float64Array(columns);
  let lipschitz = 0;
  let frobenius = 0;
  for (let r = 0; r < R; r++) {
    let square = 0;
    for (let k = 0; k < columns; k++) {
      if (!noisy(k)) continue;
      const w = rows[r * columns + k]!;
      square += w * w;
      linear[k]! += last(r) * w;
    }
    norms[r] = Math.sqrt(square);
    lipschitz += Math.abs(last(r)) * norms[r]!;
    frobenius += last(r) ** 2 * square;
  }
  const sigma = fresh.sigma;
  const spread = sigma * lipschitz;
  const deviation = sigma * Math.sqrt(R * frobenius);
  const noisePartLinear = Math.sqrt(dotRows(linear, 0, linear, 0, columns));
  const along = sigma * noisePartLinear;

  let mean = 0;
  let concentration = 0;
  let alignment = 0;
  let linearMargin = NaN;
  for (const { probability, label, fixed, offset } of fresh.atoms) {
    const still = fixed.map((terms) => combine(sample, terms));
    const shift = combine(sample, offset);
    let quiet = 0; // y f without noise
    let expected = 0; // E[y f]
    let odd = 0; // y times the linear classifier
    for (let r = 0; r < R; r++) {
      still.forEach((x, s) => {
        const h = dotRows(rows, r * columns, x, 0, frame.used);
        const a = outputWeights[r * V + (V === 1 ? 0 : s)]!;
        const part = label * a * activateLinear(h + bias[r]!, leak);
        quiet += part;
        expected += part;
        odd += label * a * h;
      });
      const h = dotRows(rows, r * columns, shift, 0, frame.used);
      quiet += label * last(r) * activateLinear(h + bias[r]!, leak);
      expected += label * last(r) * meanActivation(h + bias[r]!, sigma * norms[r]!, leak);
      odd += label * last(r) * h;
    }
    mean += probability * expected;
    concentration += probability * (expected > 0 ? exp(-(expected * expected) / (2 * spread * spread)) : 1);
    const u = quiet / deviation - 1;
    alignment += probability * (u > 0 ? exp((-u * u) / 2) : 1);
    linearMargin = odd;
  }
  const symmetric = fresh.atoms.length === 2 && fresh.atoms[0]!.label === -fresh.atoms[1]!.label && !network.bias;
  return {
    mean: back(mean),
    concentration,
    alignment,
    floor: symmetric && along > 0 ? normalTail(linearMargin / along) / 2 : NaN,
    noisePart: back(Math.sqrt(frobenius)),
    noisePartLinear: back(noisePartLinear),
  };
}

const activateLinear = (h: number, leak: number): number => (h > 0 ? h : leak * h);

/** E sigma(h) for h ~ N(a, tau^2) and the leaky ReLU: leak a + (1 - leak)(a Phi(a/tau) + tau phi(a/tau)). */
function meanActivation(a: number, tau: number, leak: number): number {
  if (tau === 0) return activateLinear(a, leak);
  const z = a / tau;
  return leak * a + (1 - leak) * (a * normalTail(-z) + tau * INV_SQRT_2PI * exp((-z * z) / 2));
}

const freshOf = oncePerState(({ view, run }: State<TwoLayerView>) => freshMargin(view, run.problem));

/** What `freshMargin` needs. */
export const NEEDS_FRESH_MARGIN = ['two-layer', 'piecewise-linear', 'gaussian-noise'] as const;
const ofFresh = (of: (margin: FreshMargin) => number) => observable(NEEDS_FRESH_MARGIN, (state) => of(freshOf(state)));

export const CERTIFICATES = {
  meanMargin: ofFresh(({ mean }) => mean),
  concentrationBound: ofFresh(({ concentration }) => concentration),
  alignmentBound: ofFresh(({ alignment }) => alignment),
  errorFloor: ofFresh(({ floor }) => floor),
  noisePart: ofFresh(({ noisePart }) => noisePart),
  noisePartLinear: ofFresh(({ noisePartLinear }) => noisePartLinear),
} as const;
