/**
 * What the steps so far, weighted by the loss's slopes, have made of the signal (Xu, Gu 2023).
 *
 * Rates are over natural units, so that one number serves every model and output scale. With Xu and Gu 2023's
 * f = m^{-1/2} sum_j a_j sigma and sigma_p = 1 they are theirs: eta |a|^2 sigma_p^2 d / n = alpha p / n.
 */
import { dotRows } from '../core/linear-algebra.ts';
import type { SpanView } from '../dynamics/engine.ts';
import { lossSlope } from '../network/loss.ts';
import { freshMargin, NEEDS_FRESH_MARGIN } from './certificates.ts';
import { fieldsOfWatch, type RunContext, type Watcher } from './observable.ts';
import { Extremes, outputSquare } from './steps.ts';

interface SignalSteps {
  /** sum over the steps so far of sum_i g_i, g_i = -l'_i: for the hinge, of the number of samples inside the margin */
  readonly slopeSum: number;
  /**
   * least j_r <w_r - w_r(0), mu> over eta |a_r| |mu|^2 times the sum over steps of mean g, over filters, now (Lemma
   * 4.7, mean over fresh points)
   */
  readonly signalGrowth: number;
  /** E[y f] over eta |a|^2 |mu|^2 times the sum over steps of mean g, now (Lemma 4.8) */
  readonly meanMarginGrowth: number;
}

function signal({ problem }: RunContext): Watcher<SignalSteps> {
  const { sample, network, loss, stepPerSample } = problem;
  const { anchors: K, roles, vectors, frame } = sample;
  const { filters: R, classes } = network;
  const [k] = roles?.signal ?? [];
  const square =
    roles?.signal.length === 1 ? dotRows(vectors, k! * frame.used, vectors, k! * frame.used, frame.used) : NaN;
  const unit = stepPerSample * square;
  let start: Float64Array | undefined;
  /** sum over steps of sum_i g_i, up to the state seen last, and that state's own */
  let sum = 0;
  let slopes = 0;
  const towardsSignal = (view: SpanView): Float64Array | undefined => {
    if (k === undefined) return undefined;
    const products = view.products();
    return classes.map((j, r) => j * products[r * K + k]!);
  };
  return {
    see(_, view) {
      sum += slopes;
      slopes = view.outputs.reduce(
        (total, f, i) => total + lossSlope(loss, sample.labels[i]! * f, sample.targets?.[i]),
        0,
      );
      start ??= towardsSignal(view);
    },
    take(view) {
      const least = new Extremes();
      const V = network.outputWeights.length / R;
      if (sum > 0 && square > 0)
        towardsSignal(view)?.forEach((now, r) =>
          least.add((now - start![r]!) / (unit * Math.abs(network.outputWeights[r * V]!) * sum)),
        );
      return {
        slopeSum: sum,
        signalGrowth: least.take().least,
        meanMarginGrowth:
          sum > 0 && square > 0 && sample.fresh.kind === 'law'
            ? freshMargin(view, problem).mean / (unit * outputSquare(problem) * sum)
            : NaN,
      };
    },
  };
}

export const SIGNAL_STEPS = {
  ...fieldsOfWatch(['slopeSum'], ['span', 'entries'], signal),
  ...fieldsOfWatch(['signalGrowth'], ['span', 'entries', 'signal-role', 'one-signal'], signal),
  ...fieldsOfWatch(
    ['meanMarginGrowth'],
    ['span', 'entries', 'signal-role', 'one-signal', ...NEEDS_FRESH_MARGIN],
    signal,
  ),
} as const;
