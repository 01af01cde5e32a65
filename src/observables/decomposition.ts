/**
 * The signal-noise decomposition of Kou et al. 2023 (definition in section 5; Cao et al. 2022):
 *
 *   w_jr(t) = w_jr(0) + j gamma_jr |mu|^-2 mu + sum_i rho_jri |xi_i|^-2 xi_i
 *
 * With P noisy patches a sample has P noises, and the sum is over all of them (ours).
 * rho-bar = rho where y_i = j (never decreases), rho-underbar = rho where y_i = -j (never increases).
 * Under weight decay s w_jr(0) stands for the start, the same s for all filters.
 * The coefficients are the run's own state: nothing is projected or fitted. A mixture's anchors are whole inputs x_i =
 * c v + xi_i: their coefficients count for the noise and, times c, for the signal.
 */
import { dotRows } from '../core/linear-algebra.ts';
import type { SpanView, TwoLayerView } from '../dynamics/engine.ts';
import { rolesOf, type Sample } from '../data/sample.ts';
import type { InitialWeights, Network } from '../network/two-layer.ts';
import { fieldsOf, observable, oncePerState, type State } from './observable.ts';

/** The coefficients of the signal-noise decomposition. */
export interface SignalNoiseCoefficients {
  /**
   * gamma per filter, length R; for several signals (XOR, where a filter follows either sign) the sum of the absolute
   * values
   */
  readonly gamma: Float64Array;
  /** rho per filter and noise, R x (n P), in the order of `roles.noise` */
  readonly rho: Float64Array;
}

/**
 * The coefficients of the signal-noise decomposition (Kou et al. 2023, section 5; Cao et al. 2022) of a state: the
 * run's own numbers, nothing is projected or fitted.
 *
 * @returns both 0 at the start
 * @throws RangeError for a sample without roles
 */
export function coefficients(view: SpanView, sample: Sample, network: Network): SignalNoiseCoefficients {
  const { anchors: K, vectors } = sample;
  const roles = rolesOf(sample);
  const { used } = sample.frame;
  const square = (k: number): number => dotRows(vectors, k * used, vectors, k * used, used);
  const signalSquares = roles.signal.map(square);
  const noiseSquares = roles.carried
    ? roles.carried.map(([s, c], j) => noiseSquare(sample, roles.noise[j]!, roles.signal[s]!, c))
    : roles.noise.map(square);
  const C = view.coefficients;
  const gamma = new Float64Array(network.filters);
  const N = roles.noise.length;
  const rho = new Float64Array(network.filters * N);
  for (let r = 0; r < network.filters; r++) {
    const parts = roles.signal.map((k) => C[r * K + k]!);
    roles.carried?.forEach(([s, c], j) => (parts[s]! += c * C[r * K + roles.noise[j]!]!));
    if (parts.length === 1) gamma[r]! += network.classes[r]! * parts[0]! * signalSquares[0]!;
    else parts.forEach((part, s) => (gamma[r]! += Math.abs(part) * signalSquares[s]!));
    for (let j = 0; j < N; j++) rho[r * N + j] = C[r * K + roles.noise[j]!]! * noiseSquares[j]!;
  }
  return { gamma, rho };
}

/** |x - c v|² of the input at anchor k and the signal at anchor s. */
function noiseSquare({ vectors, frame: { used } }: Sample, k: number, s: number, c: number): number {
  let sum = 0;
  for (let a = 0; a < used; a++) sum += (vectors[k * used + a]! - c * vectors[s * used + a]!) ** 2;
  return sum;
}

export interface CoefficientSummary {
  /** mean over filters of gamma */
  gamma: number;
  /** mean over filters and the noises of samples with y_i = j of rho-bar */
  rhoBar: number;
  /** mean over filters and the noises of samples with y_i = -j of rho-underbar */
  rhoUnder: number;
  /** sum over filters of gamma over the sum of all rho-bar: the time-invariant coefficient ratio; 0 while both are 0 */
  ratio: number;
}

export function summariseCoefficients(
  { gamma, rho }: SignalNoiseCoefficients,
  sample: Sample,
  network: Network,
): CoefficientSummary {
  const { n, labels } = sample;
  const P = rolesOf(sample).noisy.length;
  const N = n * P;
  let gammaSum = 0;
  let bar = 0;
  let under = 0;
  let barCount = 0;
  let underCount = 0;
  for (let r = 0; r < network.filters; r++) {
    gammaSum += gamma[r]!;
    for (let j = 0; j < N; j++) {
      if (labels[Math.floor(j / P)] === network.classes[r]) {
        bar += rho[r * N + j]!;
        barCount++;
      } else {
        under += rho[r * N + j]!;
        underCount++;
      }
    }
  }
  return {
    gamma: gammaSum / network.filters,
    rhoBar: barCount ? bar / barCount : 0,
    rhoUnder: underCount ? under / underCount : 0,
    ratio: bar === 0 ? 0 : gammaSum / bar,
  };
}

export interface CoefficientExtremes {
  /** least and largest gamma_r; NaN for several signals */
  readonly gammaMin: number;
  readonly gammaMax: number;
  /** largest rho-bar and least rho-underbar; 0 where there is none */
  readonly rhoBarMax: number;
  readonly rhoUnderMin: number;
}

export function coefficientExtremes(
  { gamma, rho }: SignalNoiseCoefficients,
  sample: Sample,
  { classes }: Network,
): CoefficientExtremes {
  const { n, labels } = sample;
  const roles = rolesOf(sample);
  const P = roles.noisy.length;
  let [rhoBarMax, rhoUnderMin] = [0, 0];
  rho.forEach((value, at) => {
    if (labels[Math.floor(at / P) % n] === classes[Math.floor(at / (n * P))]) rhoBarMax = Math.max(rhoBarMax, value);
    else rhoUnderMin = Math.min(rhoUnderMin, value);
  });
  const one = roles.signal.length === 1;
  return { gammaMin: one ? Math.min(...gamma) : NaN, gammaMax: one ? Math.max(...gamma) : NaN, rhoBarMax, rhoUnderMin };
}

/**
 * max over filters of |w_r - (s w_r(0) + sum_k C_rk v_k)| / max(1, |w_r|), s what weight decay leaves of the start: 0
 * up to rounding when the decomposition holds.
 */
export function decompositionResidual(view: SpanView, sample: Sample, network: Network, init: InitialWeights): number {
  const { rows, columns } = view.weights();
  const { used } = sample.frame;
  let worst = 0;
  for (let r = 0; r < network.filters; r++) {
    const rebuilt = init.rows.slice(r * columns, (r + 1) * columns).map((w) => view.startScale * w);
    for (let k = 0; k < sample.anchors; k++) {
      const c = view.coefficients[r * sample.anchors + k]!;
      for (let a = 0; a < used; a++) rebuilt[a]! += c * sample.vectors[k * used + a]!;
    }
    let difference = 0;
    let square = 0;
    for (let a = 0; a < columns; a++) {
      difference += (rebuilt[a]! - rows[r * columns + a]!) ** 2;
      square += rows[r * columns + a]! ** 2;
    }
    worst = Math.max(worst, Math.sqrt(difference) / Math.max(1, Math.sqrt(square)));
  }
  return worst;
}

/** Fraction of (filter, patch) pairs with a positive pre-activation. */
export function activeFraction(view: TwoLayerView): number {
  let active = 0;
  for (const h of view.preactivations) if (h > 0) active++;
  return active / view.preactivations.length;
}

const coefficientsOf = oncePerState(({ view, run: { problem } }: State<SpanView>) =>
  coefficients(view, problem.sample, problem.network),
);
export const summaryOf = oncePerState((state: State<SpanView>) =>
  summariseCoefficients(coefficientsOf(state), state.run.problem.sample, state.run.problem.network),
);
const extremesOf = oncePerState((state: State<SpanView>) =>
  coefficientExtremes(coefficientsOf(state), state.run.problem.sample, state.run.problem.network),
);

export const DECOMPOSITION = {
  ...fieldsOf(['gamma', 'rhoBar', 'rhoUnder', 'ratio'], ['span', 'signal-role'], summaryOf),
  ...fieldsOf(['gammaMin', 'gammaMax'], ['span', 'signal-role', 'one-signal'], extremesOf),
  ...fieldsOf(['rhoBarMax', 'rhoUnderMin'], ['span', 'signal-role'], extremesOf),
  activeFraction: observable(['two-layer'], ({ view }) => activeFraction(view)),
  decompositionResidual: observable(['span'], ({ view, run: { problem } }) =>
    decompositionResidual(view, problem.sample, problem.network, problem.init),
  ),
} as const;
