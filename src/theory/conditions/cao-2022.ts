/**
 * Conditions of Cao, Chen, Belkin, Gu 2022, each once. Nobody of this project has read the text: Condition 4.2 stands
 * here as commonly cited, its logarithms as C; only the threshold n SNR^q is quoted in our sources.
 */
import { log } from '../../core/special.ts';
import { atLeast, atMost } from '../statement.ts';

type S = Readonly<Record<'n' | 'd' | 'mu' | 'sigmaP' | 'power', number>>;
const RECALLED = { provenance: 'recalled' } as const;
const SECONDHAND = { provenance: 'secondhand' } as const;

/** n SNR^q, SNR = ‖μ‖/(sigma_p √d): the control parameter. */
const signalPower = (s: S): number => s.n * (s.mu / (s.sigmaP * Math.sqrt(s.d))) ** s.power;
export const STRONG = atLeast('strong-signal', 'n SNR^q >= C1', signalPower, (_, c) => c.C1, SECONDHAND);
export const WEAK = atMost('weak-signal', 'n SNR^q <= C3', signalPower, (_, c) => c.C3, SECONDHAND);

/** The scale of both bounds on σ_0. */
const scale = (s: S): number => Math.min(1 / (s.sigmaP * Math.sqrt(s.d)), 1 / s.mu);

export const CONDITION_4_2 = [
  atLeast(
    'dimension',
    'd >= C m^{max(2, 4/(q−2))} n^{max(4, (2q−2)/(q−2))}',
    (s) => s.d,
    (s, c) => c.C * s.m ** Math.max(2, 4 / (s.power - 2)) * s.n ** Math.max(4, (2 * s.power - 2) / (s.power - 2)),
    {
      ...RECALLED,
      instead: [{ formula: 'd >= C m²', provenance: 'secondhand', why: 'as much of it as our sources quote' }],
    },
  ),
  atLeast(
    'width',
    'm >= C log d',
    (s) => s.m,
    (s, c) => c.C * log(s.d),
    RECALLED,
  ),
  atLeast(
    'samples',
    'n >= C log d',
    (s) => s.n,
    (s, c) => c.C * log(s.d),
    RECALLED,
  ),
  atMost(
    'step-size',
    'η <= min{‖μ‖⁻², σ_p⁻² d⁻¹}/C',
    (s) => s.eta,
    (s, c) => Math.min(1 / s.mu ** 2, 1 / (s.sigmaP ** 2 * s.d)) / c.C,
    RECALLED,
  ),
  atLeast(
    'initial-scale-least',
    'σ_0 >= C n d^{−1/2} min{(σ_p√d)⁻¹, ‖μ‖⁻¹}',
    (s) => s.sigma0,
    (s, c) => ((c.C * s.n) / Math.sqrt(s.d)) * scale(s),
    RECALLED,
  ),
  atMost(
    'initial-scale',
    'σ_0 <= m^{−2/(q−2)} n^{−max(1, 1/(q−2))} min{(σ_p√d)⁻¹, ‖μ‖⁻¹}/C',
    (s) => s.sigma0,
    (s, c) => (s.m ** (-2 / (s.power - 2)) * s.n ** -Math.max(1, 1 / (s.power - 2)) * scale(s)) / c.C,
    RECALLED,
  ),
];
