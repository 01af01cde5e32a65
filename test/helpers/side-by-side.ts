/** Two engines side by side on the same draws: how far they part, and whether on a kink. */
import type { Problem, Run } from '../../src/dynamics/engine.ts';
import { ENGINES, NEAR_KINK } from '../tolerances.ts';
import { worstDifference } from './problems.ts';

export interface Comparison {
  /** Infinity when a sign differs far from zero, or one of them stands still */
  readonly worst: number;
  /** how often a pre-activation was seen to have changed its sign: what makes the run more than a linear recursion */
  readonly flips: number;
  /** time at which a value on a kink went two ways, from where on both are right; or null */
  readonly cutShort: number | null;
}

interface Pace {
  readonly steps: number;
  /** outputs are compared after every step, everything else after every so many */
  readonly every: number;
  /** but signs after every so many */
  readonly signs?: number;
  /** false: one of them says that it moved also where its changes cancel */
  readonly sumsUp?: boolean;
}

export function compare(
  judge: Run,
  fast: Run,
  { sample: { labels }, loss }: Problem,
  { steps, every, signs = every, sumsUp = true }: Pace,
): Comparison {
  let worst = 0;
  let flips = 0;
  let before: Float64Array | undefined;
  const see = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
    worst = Math.max(worst, worstDifference(a, b)); // NaN stays
  };
  /** How far from the kink the farthest of two values on its either sides lies; -1 when there are none. */
  const parted = (a: ArrayLike<number>, b: ArrayLike<number>, distance: (x: number, i: number) => number): number => {
    let farthest = -1;
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [distance(a[i], i), distance(b[i], i)];
      if (x > 0 !== y > 0) farthest = Math.max(farthest, Math.abs(x), Math.abs(y));
    }
    return farthest;
  };
  for (let t = 0; ; t++) {
    judge.forward();
    fast.forward();
    const [a, b] = [judge.view, fast.view];
    see(b.outputs, a.outputs);
    const kink = loss === 'hinge' ? parted(a.outputs, b.outputs, (f, i) => 1 - labels[i] * f) : -1;
    if (kink >= 0 && kink <= NEAR_KINK) return { worst, flips, cutShort: t };
    if (t % signs === 0 || !(worst <= ENGINES)) {
      const masks = parted(a.preactivations, b.preactivations, (h) => h);
      // a sign that went two ways near zero makes the outputs differ from the next step on
      if (masks >= 0)
        return masks <= NEAR_KINK ? { worst, flips, cutShort: t } : { worst: Infinity, flips, cutShort: null };
      if (before) for (let q = 0; q < before.length; q++) if (before[q] > 0 !== a.preactivations[q] > 0) flips++;
      before = a.preactivations.slice();
    }
    if (t % every === 0) {
      see(b.preactivations, a.preactivations);
      see(b.coefficients, a.coefficients);
      see(b.bias, a.bias);
      see(b.outputWeights, a.outputWeights);
      see(b.products(), a.products());
      see(b.weights().rows, a.weights().rows);
    }
    if (t === steps || !Number.isFinite(worst)) return { worst, flips, cutShort: null };
    if (fast.update() !== judge.update() && sumsUp) return { worst: Infinity, flips, cutShort: null };
  }
}
