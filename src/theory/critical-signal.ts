/** The critical curve of Kou et al. 2023. */
import { exp, log } from '../core/special.ts';

/**
 * ‖μ‖ at which n ‖μ‖⁴ = kappa sigma_p⁴ d: the curve between the benign and the harmful region of Kou et al. 2023, Theorem 4.2, whose
 * constants C_1 and C_3 leave kappa free.
 *
 * @param sigmaP noise standard deviation per coordinate, > 0
 * @param kappa > 0
 */
export function criticalSignal({ n, d, sigmaP }: { readonly n: number; readonly d: number; readonly sigmaP: number }, kappa: number): number {
  return sigmaP * exp(0.25 * log((kappa * d) / n));
}

/** The control parameter S = n ‖μ‖⁴ / (sigma_p⁴ d) of the same theorem. */
export function controlParameter({ n, d, sigmaP, mu }: { readonly n: number; readonly d: number; readonly sigmaP: number; readonly mu: number }): number {
  return (n * (mu / sigmaP) ** 4) / d;
}
