/**
 * Gradient flow of a network with kinks: the limit of descent for small steps. Where both sides of a kink push towards
 * it the solution slides along it (Filippov), and descent goes to and fro across it by a step: an integrator with an
 * error control stalls there, and no method that does not follow the kinks is of higher order than 1. So descent is
 * made at eta, eta/2, eta/4, ... over the same time until the training outputs stay as they are.
 */
import type { Engine, Problem, TwoLayerView, View } from './engine.ts';

/** Halvings of the step size after which the limit counts as not reached. */
export const MOST_HALVINGS = 12;
/** Steps of one run at the most, whatever is asked: beyond them the limit counts as not reached too. */
export const MOST_FLOW_STEPS = 1e9;

/** The problem in steps of eta/2^halvings. */
export const withHalvedSteps = (problem: Problem, halvings: number): Problem => ({
  ...problem,
  stepPerSample: problem.stepPerSample / 2 ** halvings,
  ...(problem.stepSize !== undefined && { stepSize: problem.stepSize / 2 ** halvings }),
});

/** max |f - g| over max(1, max |f|), over the training points; NaN where an output is no number. */
export function outputsApart(f: Float64Array, g: Float64Array): number {
  let [apart, size] = [0, 1];
  for (let i = 0; i < f.length; i++) {
    const difference = Math.abs(f[i]! - g[i]!);
    if (Number.isNaN(difference)) return NaN;
    apart = Math.max(apart, difference);
    size = Math.max(size, Math.abs(f[i]!));
  }
  return apart / size;
}

/** Steps over which sliding is looked for. */
const LOOK = 256;

/**
 * Share of the pairs (filter, patch) that slide along their kink at a state: whose pre-activation changes its sign at
 * least twice in the 256 steps of descent that follow. A pair that crosses its kink changes it once, whatever the step
 * size. One that slides goes to and fro: how many steps it spends on either side is the ratio of two pushes, which does
 * not depend on the step size. So the share stays as the step size is halved. Pairs that come back later than in 256
 * steps are missed: those that one side pushes hundreds of times harder than the other.
 *
 * @param start of an engine
 * @param problem whose step size is that of the state's run
 */
export function slidingShare(start: Engine['start'], problem: Problem, view: View & TwoLayerView): number {
  const { rows, columns } = view.weights();
  const run = start({
    ...problem,
    network: { ...problem.network, outputWeights: view.outputWeights.slice() },
    init: { columns, rows: rows.slice(), bias: view.bias.slice() },
  });
  const changes = new Uint8Array(view.preactivations.length);
  let before: Float64Array | undefined;
  for (let t = 0; t <= LOOK; t++) {
    run.forward();
    const now = run.view.preactivations;
    if (before)
      for (let q = 0; q < now.length; q++) if (now[q]! > 0 !== before[q]! > 0 && changes[q]! < 2) changes[q]!++;
    before = now.slice();
    if (!run.update()) break;
  }
  run.end?.();
  return changes.reduce((count, one) => count + Number(one === 2), 0) / changes.length;
}
