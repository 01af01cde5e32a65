/**
 * Step-size schedules: what the movement of step t = 0, 1, ... is multiplied by, in [0, 1]. As in PyTorch, buffers of
 * rules with a memory hold gradients, and what they make of them is multiplied. 0 says that all later steps are 0 too.
 */
export type Schedule = (t: number) => number;

/** The same step size at all times. */
export const constant: Schedule = () => 1;

/** Rises in equal steps to 1 at step `steps` - 1, and stays there. @param steps integer >= 1 */
export const warmUp =
  (steps: number): Schedule =>
  (t) =>
    t + 1 < steps ? (t + 1) / steps : 1;

/**
 * Multiplied by `factor` every so many steps (PyTorch's StepLR).
 *
 * @param steps integer >= 1
 * @param factor in (0, 1]
 */
export const stepwise = (steps: number, factor: number): Schedule => {
  let [last, value] = [0, 1];
  return (t) => {
    const drops = Math.floor(t / steps);
    // Products from the start, so that the number depends on t alone.
    if (drops < last) [last, value] = [0, 1];
    for (; last < drops; last++) value *= factor;
    return value;
  };
};

/** Half a cosine from 1 to 0 at step `steps` (PyTorch's CosineAnnealingLR up to there), 0 from then on. */
export const cosine =
  (steps: number): Schedule =>
  (t) =>
    t < steps ? (1 + cosineOfTurn(t / steps)) / 2 : 0;

/** cos(pi x) for x in [0, 1], the same bits everywhere: Taylor's series on a quarter of the turn, |pi x| <= pi/4. */
export function cosineOfTurn(x: number): number {
  if (x > 0.5) return -cosineOfTurn(1 - x);
  const reflected = x > 0.25;
  const angle = Math.PI * (reflected ? 0.5 - x : x);
  const square = angle * angle;
  // sin for the reflected half, cos for the other: sums of (-1)^k angle^(2k (+ 1))/(2k (+ 1))!, last terms below 1e-18
  let sum = 0;
  for (let k = 9; k >= 1; k--)
    sum = (-square / ((2 * k - 1 + Number(reflected)) * (2 * k + Number(reflected)))) * (1 + sum);
  return (reflected ? angle : 1) * (1 + sum);
}
