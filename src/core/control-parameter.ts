/** The two numbers of signal against noise that the field draws its results against. */

interface SignalAndNoise {
  readonly d: number;
  /** norm of the signal */
  readonly mu: number;
  /** standard deviation of the noise, a coordinate */
  readonly sigmaP: number;
}

/** The control parameter S = n ‖μ‖⁴ / (sigma_p⁴ d) of Kou et al. 2023, Theorem 4.2. */
export function controlParameter({ n, d, sigmaP, mu }: SignalAndNoise & { readonly n: number }): number {
  return (n * (mu / sigmaP) ** 4) / d;
}

/** SNR = ‖μ‖ / (sigma_p √d). */
export const signalToNoise = ({ d, sigmaP, mu }: SignalAndNoise): number => mu / (sigmaP * Math.sqrt(d));
