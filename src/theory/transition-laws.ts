/**
 * Where the theorems put the transition: control parameters, each constant along a level set up to one free kappa.
 * Products of powers, but for one.
 */
import { log } from '../core/special.ts';
import type { Powers, Setting, SymbolId } from '../notation.ts';
import { STATEMENTS } from './index.ts';
import { localPowers, logExponent, thresholdOutput } from './shang-law.ts';
import { TWO_LAYERS, TWO_PATCHES, type Provenance } from './statement.ts';

export interface TransitionLaw {
  readonly id: string;
  /** `S = n‖μ‖⁴/(σ_p⁴d)` */
  readonly formula: string;
  readonly source: string;
  readonly provenance: Provenance;
  /** parameters (by path) that it is about, with their values */
  readonly about: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** of the control parameter; where it is no product of powers, the local ones: its gradient in the logarithms */
  readonly powers: (setting: Setting) => Powers;
  /** log of a control parameter that is no product of powers: there is no exponent over a range, only local ones */
  readonly logControl?: (setting: Setting) => number;
  /** it bounds the error on one side only: it does not say where the error crosses a level */
  readonly bound?: true;
}

const S: Powers = { n: 1, mu: 4, sigmaP: -4, d: -1 };
const piecewise = ['relu', 'leaky-relu', 'smoothed-leaky-relu'];

/** A law is known as well as the statement that it is of. */
const asKnown = (id: string): Provenance => STATEMENTS.find((one) => one.id === id)!.provenance;

const LAWS: readonly TransitionLaw[] = [
  {
    id: 'kou-2023/theorem-4.2',
    formula: 'n‖μ‖⁴/(σ_p⁴ d)',
    source: 'Kou et al. 2023, Theorem 4.2',
    provenance: asKnown('kou-2023/theorem-4.2'),
    about: {
      'data.model': ['signal-noise'],
      'network.activation': piecewise,
      'network.output': ['fixed', 'trained'],
    },
    powers: () => S,
  },
  {
    id: 'xu-gu-2023/theorem-3.1',
    formula: 'n‖μ‖⁴/(σ_p⁴ d)',
    source: 'Xu & Gu 2023, Theorem 3.1',
    provenance: asKnown('xu-gu-2023/theorem-3.1'),
    about: { 'data.model': ['mixture'], 'network.activation': piecewise, 'network.output': ['fixed'] },
    powers: () => S,
  },
  {
    id: 'meng-2024',
    formula: 'n‖μ‖⁴/(σ_p⁴ d)',
    source: 'Meng et al. 2024, classic regime',
    provenance: asKnown('meng-2024/classic-regime'),
    about: { 'data.model': ['xor'], 'network.activation': piecewise, 'network.output': ['fixed'] },
    powers: () => S,
  },
  {
    id: 'shang-2024/large-v0',
    formula: 'n‖μ‖⁴/(σ_p⁴ d)',
    source: 'Shang et al. 2024, large v_0',
    provenance: 'reconstructed',
    about: { 'data.model': ['signal-noise'], 'network.output': ['trained-per-patch'] },
    powers: () => S,
  },
  ...(['v*', 'absolute'] as const).map((unit): TransitionLaw => {
    const point = (setting: Setting) => {
      const s = setting as Required<Pick<Setting, 'n' | 'd' | 'm' | 'mu' | 'sigmaP' | 'v0'>>;
      return unit === 'v*' ? { ...s, v0: s.v0 * thresholdOutput(s) } : s;
    };
    return {
      id: 'shang-2024/small-v0',
      formula: 'n‖μ‖⁴/(σ_p⁴ d) · min(1, v_0/v*)⁴ (sinh(2crL)/sinh(2cr))²',
      source: 'Shang et al. 2024, small v_0',
      provenance: 'reconstructed',
      about: { 'data.model': ['signal-noise'], 'network.output': ['trained-per-patch'], 'network.v0Unit': [unit] },
      powers: (setting) => localPowers(point(setting), unit === 'absolute'),
      logControl: (setting) => logExponent(point(setting)),
    };
  }),
  {
    id: 'cao-2022',
    formula: 'n SNR^q = n (‖μ‖/(σ_p √d))^q',
    source: 'Cao et al. 2022',
    provenance: asKnown('cao-2022/transition'),
    about: {
      'data.model': ['signal-noise'],
      'network.activation': ['relu-power'],
      'network.output': ['fixed'],
    },
    powers: ({ power }) => ({ n: 1, mu: power!, sigmaP: -power!, d: -power! / 2 }),
  },
  {
    id: 'karhadkar-2024/benign',
    formula: 'γ k (k ∝ n)',
    source: 'Karhadkar et al. 2024, Theorem 3.2',
    provenance: asKnown('karhadkar-2024/theorem-3.2'),
    about: { 'data.model': ['unit-norm-mixture'] },
    powers: () => ({ share: 1, n: 1 }),
    bound: true,
  },
  {
    id: 'karhadkar-2024/harmful',
    formula: 'γ d/α³',
    source: 'Karhadkar et al. 2024, Theorem 3.4',
    provenance: asKnown('karhadkar-2024/theorem-3.4'),
    about: { 'data.model': ['unit-norm-mixture'] },
    powers: () => ({ share: 1, d: 1, leak: -3 }),
    bound: true,
  },
  {
    id: 'karhadkar-2024/between',
    formula: 'n γ² d',
    source: 'the law of Kou et al. in its terms',
    provenance: 'inferred',
    about: { 'data.model': ['unit-norm-mixture'] },
    powers: () => ({ n: 1, share: 2, d: 1 }),
  },
];

/**
 * All of them are laws of two layers, of isotropic noise, of points as the papers have them, and of labels that are 1
 * or -1.
 */
export const TRANSITION_LAWS: readonly TransitionLaw[] = LAWS.map((law) => ({
  ...law,
  about: { ...TWO_LAYERS, ...law.about, 'data.spectrum': ['flat'], 'data.sigmaY': [0], ...TWO_PATCHES },
}));

/** log of the control parameter. */
export function logControl(law: TransitionLaw, setting: Setting): number {
  return law.logControl ? law.logControl(setting) : logProduct(law.powers(setting), setting);
}

/** log of a product of powers; NaN when the setting lacks a symbol. */
export const logProduct = (powers: Powers, setting: Setting): number =>
  Object.entries(powers).reduce((sum, [id, power]) => sum + power * log(setting[id as SymbolId] ?? NaN), 0);

/**
 * The exponent of `over` in the level set of `along`: of a power law, whatever the setting; else the local one there.
 *
 * @param follows power laws by which other symbols follow: { d: { n: 1 } } for d = factor * n
 * @returns null when the law does not know `along`
 */
export function transitionExponent(
  law: TransitionLaw,
  setting: Setting,
  along: SymbolId,
  over: SymbolId,
  follows: Readonly<Partial<Record<SymbolId, Powers>>> = {},
): number | null {
  const total = new Map<string, number>();
  const expand = (id: string, power: number): void => {
    total.set(id, (total.get(id) ?? 0) + power);
    for (const [other, one] of Object.entries(follows[id as SymbolId] ?? {})) expand(other, power * one);
  };
  for (const [id, power] of Object.entries(law.powers(setting))) expand(id, power);
  const of = total.get(along) ?? 0;
  return of === 0 ? null : -(total.get(over) ?? 0) / of;
}
