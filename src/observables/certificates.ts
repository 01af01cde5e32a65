/**
 * Bounds on the clean test error of one network that its weights alone give: for Gaussian noise and a piecewise-linear
 * activation. No constant is left free; where a paper leaves one, the proof was done again with it.
 */
import { dotRows, rootOfSquares } from '../core/linear-algebra.ts';
import { arrayTimesPower2, exponentOf, largestOf, timesPower2 } from '../core/scale.ts';
import { exp, normalTail } from '../core/special.ts';
import { lawOf, rootsByColumn, type FreshLaw, type NoisyPatch, type Sample } from '../data/sample.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';
import { combine } from './linear-classifier.ts';
import { observable, oncePerState, type State } from './observable.ts';

const INV_SQRT_2PI = 0.3989422804014327;

export interface FreshMargin {
  /** E[y f(x)] over fresh points and true labels */
  readonly mean: number;
  /**
   * sum over the signal's values of P exp(-E[y f]^2 / (2 sigma_p^2 L^2)), L = sum_r |a_r| |w_r| (Xu, Gu 2023,
   * Proposition 4.5 with beta = 2, for each value of the signal): an upper bound on the clean test error. With several
   * noisy patches sigma_p^2 L^2 is summed over them: f is Lipschitz in all noises together
   */
  readonly concentration: number;
  /**
   * The same from the outputs A without noise: |f - f_0| <= sum_r |a_r <w_r, xi>| <= (2m)^{1/2} |(a_r <w_r, xi>)_r|,
   * whose norm concentrates around sigma_p |Z|_F: exp(-u^2/2), u = A / ((2m)^{1/2} sigma_p |Z|_F) - 1, 1 where u < 0.
   * The alignment bound of Karhadkar et al. 2024, Lemma D.2, with an explicit constant (ours); Z has the rows a_r w_r
   * without the directions that carry no noise. With P noisy patches each filter has a row a patch, so that 2m P
   * stands for 2m, and sigma_p^2 |Z|_F^2 is summed over the patches
   */
  readonly alignment: number;
  /**
   * (1/2) Phi(-M), M the margin of the linear classifier sum_r a_r w_r over its noise (of all noisy patches): a lower
   * bound where x and -x with opposite labels have the same law and there is no bias, for f(x) - f(-x) is (1 + leak)
   * times that classifier (Karhadkar et al. 2024, proof of Lemma D.4)
   */
  readonly floor: number;
  /**
   * |Z|_F, and the norm of the linear classifier's noise part sum_r a_r z_r (Karhadkar et al. 2024, section 4: their
   * a_r are +-1); over several noisy patches the root of the sum of squares
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

/** @throws RangeError for a sample of held-out points */
export function freshMargin(view: TwoLayerView, { sample, network }: Problem): FreshMargin {
  const { frame } = sample;
  const fresh = lawOf(sample);
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
  const weightAt = (r: number, s: number): number => outputWeights[r * V + (V === 1 ? 0 : s)]!;
  const heard = fresh.noisy.map((one) => ({
    ...one,
    ...noisePart(rows, columns, R, one, (r) => weightAt(r, one.patch)),
  }));
  const noiseAt = Array.from({ length: sample.patches.perSample }, (_, s) => heard.find(({ patch }) => patch === s));
  const spread = rootOfSquares(heard.map(({ sigma, lipschitz }) => sigma * lipschitz));
  const deviation = rootOfSquares(heard.map(({ sigma, frobenius }) => sigma * Math.sqrt(R * heard.length * frobenius)));
  const along = rootOfSquares(heard.map(({ sigma, linear }) => sigma * linear));

  let mean = 0;
  let concentration = 0;
  let alignment = 0;
  let linearMargin = NaN;
  for (const { probability, label, patches } of fresh.atoms) {
    let quiet = 0; // y f without noise
    let expected = 0; // E[y f]
    let odd = 0; // y times the linear classifier
    const points = patches.map((terms) => combine(sample, terms));
    for (let r = 0; r < R; r++) {
      points.forEach((x, s) => {
        const h = dotRows(rows, r * columns, x, 0, frame.used);
        const a = weightAt(r, s);
        const noise = noiseAt[s];
        quiet += label * a * activateLinear(h + bias[r]!, leak);
        expected +=
          label *
          a *
          (noise
            ? meanActivation(h + bias[r]!, noise.sigma * noise.norms[r]!, leak)
            : activateLinear(h + bias[r]!, leak));
        odd += label * a * h;
      });
    }
    mean += probability * expected;
    concentration += probability * (expected > 0 ? exp(-(expected * expected) / (2 * spread * spread)) : 1);
    const u = quiet / deviation - 1;
    alignment += probability * (u > 0 ? exp((-u * u) / 2) : 1);
    linearMargin = odd;
  }
  return {
    mean: back(mean),
    concentration,
    alignment,
    floor: antipodal(sample, fresh) && !network.bias && along > 0 ? normalTail(linearMargin / along) / 2 : NaN,
    noisePart: back(Math.sqrt(heard.reduce((sum, { frobenius }) => sum + frobenius, 0))),
    noisePartLinear: back(rootOfSquares(heard.map(({ linear }) => linear))),
  };
}

/** What the noise of one patch sees of the filters, of w Lambda^{1/2} with a spectrum: the lengths |z_r|, and what they and the output weights make. */
function noisePart(
  rows: Float64Array,
  columns: number,
  filters: number,
  noise: NoisyPatch,
  weightOf: (r: number) => number,
): { norms: Float64Array; lipschitz: number; frobenius: number; linear: number } {
  const { projectedAxes } = noise;
  const roots = rootsByColumn(noise, columns, filters);
  const norms = new Float64Array(filters);
  const linear = new Float64Array(columns);
  let lipschitz = 0;
  let frobenius = 0;
  for (let r = 0; r < filters; r++) {
    const a = weightOf(r);
    let square = 0;
    for (let k = 0; k < columns; k++) {
      if (projectedAxes.includes(k)) continue;
      const w = (roots?.[k] ?? 1) * rows[r * columns + k]!;
      square += w * w;
      linear[k]! += a * w;
    }
    norms[r] = Math.sqrt(square);
    lipschitz += Math.abs(a) * norms[r]!;
    frobenius += a ** 2 * square;
  }
  return { norms, lipschitz, frobenius, linear: Math.sqrt(dotRows(linear, 0, linear, 0, columns)) };
}

/** Whether x and -x with opposite labels have the same law: two atoms, each the other's opposite. */
function antipodal(sample: Sample, { atoms: [one, other, ...more] }: FreshLaw): boolean {
  if (!one || !other || more.length > 0 || one.label !== -other.label || one.probability !== other.probability)
    return false;
  return one.patches.every((terms, s) => {
    const opposite = combine(sample, other.patches[s]!);
    return combine(sample, terms).every((x, k) => x === -opposite[k]!);
  });
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
export const NEEDS_FRESH_MARGIN = ['two-layer', 'fresh-law', 'piecewise-linear', 'gaussian-noise'] as const;
const ofFresh = (of: (margin: FreshMargin) => number) => observable(NEEDS_FRESH_MARGIN, (state) => of(freshOf(state)));

export const CERTIFICATES = {
  meanMargin: ofFresh(({ mean }) => mean),
  concentrationBound: ofFresh(({ concentration }) => concentration),
  alignmentBound: ofFresh(({ alignment }) => alignment),
  errorFloor: ofFresh(({ floor }) => floor),
  noisePart: ofFresh(({ noisePart }) => noisePart),
  noisePartLinear: ofFresh(({ noisePartLinear }) => noisePartLinear),
} as const;
