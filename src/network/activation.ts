/** Activations of the hidden layer: zero at zero. All but the smoothed one and users' are positively homogeneous. */

export type Activation =
  /** h for h > 0, leak * h otherwise; leak = 0 is the ReLU. Slope at h = 0: leak, as PyTorch has it */
  | { readonly kind: 'piecewise-linear'; readonly leak: number }
  /** max(0, h)^power, integer power >= 2 (Cao et al. 2022) */
  | { readonly kind: 'power'; readonly power: number }
  /**
   * the leaky ReLU with its kink rounded over |h| <= 1/H, H = `smoothing` > 0: slope `leak` below, 1 above, linear in
   * between (Frei, Chatterji, Bartlett 2022)
   */
  | { readonly kind: 'smoothed-leaky'; readonly leak: number; readonly smoothing: number }
  | OwnActivation;

/** A user's: sigma and its slope, sigma(0) = 0. */
export interface OwnActivation {
  readonly kind: 'own';
  readonly value: (h: number) => number;
  readonly slope: (h: number) => number;
}

/** Whether sigma(h) is 0 at h = 0 alone; of a user's it is taken to be. */
export const neverSilent = (activation: Activation): boolean =>
  activation.kind === 'own' || (activation.kind !== 'power' && activation.leak !== 0);

/** sigma(h). */
export function activate(activation: Activation, h: number): number {
  switch (activation.kind) {
    case 'piecewise-linear':
      return h > 0 ? h : activation.leak * h;
    case 'power':
      return h > 0 ? integerPower(h, activation.power) : 0;
    case 'smoothed-leaky': {
      const { leak, smoothing: H } = activation;
      const scaled = H * h;
      if (scaled >= 1) return h - (1 - leak) / (4 * H);
      if (scaled <= -1) return leak * h - (1 - leak) / (4 * H);
      return ((1 - leak) * scaled * h) / 4 + ((1 + leak) * h) / 2;
    }
    case 'own':
      return activation.value(h);
  }
}

/** sigma'(h). */
export function activationSlope(activation: Activation, h: number): number {
  switch (activation.kind) {
    case 'piecewise-linear':
      return h > 0 ? 1 : activation.leak;
    case 'power':
      return h > 0 ? activation.power * integerPower(h, activation.power - 1) : 0;
    case 'smoothed-leaky': {
      const { leak, smoothing } = activation;
      const scaled = smoothing * h;
      if (scaled >= 1) return 1;
      return scaled <= -1 ? leak : ((1 - leak) * scaled) / 2 + (1 + leak) / 2;
    }
    case 'own':
      return activation.slope(h);
  }
}

/** x^k by repeated multiplication: the same bits everywhere, unlike `Math.pow`. */
function integerPower(x: number, k: number): number {
  let value = x;
  for (let i = 1; i < k; i++) value *= x;
  return value;
}
