/**
 * Where the theorems put the transition: control parameters, products of powers, each constant along a level set up to
 * one free kappa.
 */
import { log } from '../core/special.ts';
import type { Setting, SymbolId } from '../notation.ts';
import { STATEMENTS } from './index.ts';
import type { Provenance } from './statement.ts';

export type Powers = Readonly<Partial<Record<SymbolId, number>>>;

export interface TransitionLaw {
  readonly id: string;
  /** `S = n‖μ‖⁴/(σ_p⁴d)` */
  readonly formula: string;
  readonly source: string;
  readonly provenance: Provenance;
  /** parameters (by path) that it is about, with their values */
  readonly about: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly powers: (setting: Setting) => Powers;
  /** it bounds the error on one side only: it does not say where the error crosses a level */
  readonly bound?: true;
}

const S: Powers = { n: 1, mu: 4, sigmaP: -4, d: -1 };
const piecewise = ['relu', 'leaky-relu', 'smoothed-leaky-relu'];

/** A law is known as well as the statement that it is of. */
const asKnown = (id: string): Provenance => STATEMENTS.find((one) => one.id === id)!.provenance;

export const TRANSITION_LAWS: readonly TransitionLaw[] = [
  {
    id: 'kou-2023/theorem-4.2',
    formula: 'n‖μ‖⁴/(σ_p⁴ d)',
    source: 'Kou et al. 2023, Theorem 4.2',
    provenance: asKnown('kou-2023/theorem-4.2'),
    about: { 'data.model': ['signal-noise'], 'network.activation': piecewise, 'network.output': ['fixed', 'trained'] },
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
  {
    id: 'shang-2024/small-v0',
    formula: 'n‖μ‖⁴/(σ_p⁴ d) · (v_0/v*)⁴',
    source: 'Shang et al. 2024, small v_0',
    provenance: 'reconstructed',
    about: { 'data.model': ['signal-noise'], 'network.output': ['trained-per-patch'], 'network.v0Unit': ['v*'] },
    powers: () => ({ ...S, v0: 4 }),
  },
  {
    id: 'shang-2024/small-v0',
    formula: 'm² v_0⁴ ‖μ‖⁴/σ_p²',
    source: 'Shang et al. 2024, small v_0',
    provenance: 'reconstructed',
    about: { 'data.model': ['signal-noise'], 'network.output': ['trained-per-patch'], 'network.v0Unit': ['absolute'] },
    powers: () => ({ m: 2, v0: 4, mu: 4, sigmaP: -2 }),
  },
  {
    id: 'cao-2022',
    formula: 'n SNR^q = n (‖μ‖/(σ_p √d))^q',
    source: 'Cao et al. 2022',
    provenance: asKnown('cao-2022/transition'),
    about: { 'data.model': ['signal-noise'], 'network.activation': ['relu-power'], 'network.output': ['fixed'] },
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

/** log of the control parameter. */
export function logControl(law: TransitionLaw, setting: Setting): number {
  return logProduct(law.powers(setting), setting);
}

/** log of a product of powers; NaN when the setting lacks a symbol. */
export const logProduct = (powers: Powers, setting: Setting): number =>
  Object.entries(powers).reduce((sum, [id, power]) => sum + power * log(setting[id as SymbolId] ?? NaN), 0);

/**
 * The exponent of `over` in the level set of `along`.
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
