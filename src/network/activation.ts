/** Activations of the hidden layer: positively homogeneous, zero at zero. */

export type Activation =
  /** h for h > 0, leak * h otherwise; leak = 0 is the ReLU. Slope at h = 0: leak, as PyTorch has it */
  | { readonly kind: 'piecewise-linear'; readonly leak: number }
  /** max(0, h)^power, integer power >= 2 (Cao et al. 2022) */
  | { readonly kind: 'power'; readonly power: number };

/** sigma(h). */
export function activate(activation: Activation, h: number): number {
  if (activation.kind === 'piecewise-linear') return h > 0 ? h : activation.leak * h;
  return h > 0 ? integerPower(h, activation.power) : 0;
}

/** sigma'(h). */
export function activationSlope(activation: Activation, h: number): number {
  if (activation.kind === 'piecewise-linear') return h > 0 ? 1 : activation.leak;
  return h > 0 ? activation.power * integerPower(h, activation.power - 1) : 0;
}

/** x^k by repeated multiplication: the same bits everywhere, unlike `Math.pow`. */
function integerPower(x: number, k: number): number {
  let value = x;
  for (let i = 1; i < k; i++) value *= x;
  return value;
}
