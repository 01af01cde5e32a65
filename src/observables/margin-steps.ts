/**
 * How margins and losses move from step to step (Xu, Gu 2023).
 *
 * Rates are over natural units, so that one number serves every model and output scale. With Xu and Gu 2023's
 * f = m^{-1/2} sum_j a_j sigma and sigma_p = 1 they are theirs: eta |a|^2 sigma_p^2 d / n = alpha p / n. Over several
 * noisy patches sigma_p^2 is added up.
 */
import { lawOf } from '../data/sample.ts';
import type { View } from '../dynamics/engine.ts';
import { lossOf, lossSlope } from '../network/loss.ts';
import { fieldsOfWatch, type RunContext, type Watcher } from './observable.ts';
import { Extremes, noiseScale, outputSquare } from './steps.ts';

interface MarginSteps {
  /**
   * least and largest (y f)' - y f over eta |a|^2 sigma_p^2 d g_i / n, g_i = -l'_i, over samples and steps (Lemma 4.4)
   */
  readonly growthMin: number;
  readonly growthMax: number;
  /** least and largest fall of a sample's loss over eta |a|^2 sigma_p^2 d g_i^2 / n (Lemma 4.5) */
  readonly decrementMin: number;
  readonly decrementMax: number;
  /** largest l_i t eta |a|^2 sigma_p^2 d / n, over samples and states (Lemma 4.5: l_i of order 1/t) */
  readonly lossTime: number;
}

function marginSteps({ problem }: RunContext): Watcher<MarginSteps, View> {
  const { sample, loss, stepPerSample } = problem;
  const unit = stepPerSample * outputSquare(problem) * noiseScale(lawOf(sample)) ** 2 * sample.frame.ambient;
  const { targets } = sample;
  const growth = new Extremes();
  const decrement = new Extremes();
  let lossTime = 0;
  let before: Float64Array | undefined;
  return {
    see(t, view) {
      const now = view.outputs.map((f, i) => sample.labels[i]! * f);
      now.forEach((margin, i) => {
        lossTime = Math.max(lossTime, lossOf(loss, margin, targets?.[i]) * t * unit);
        if (!before) return;
        const g = lossSlope(loss, before[i]!, targets?.[i]);
        if (g === 0) return;
        growth.add((margin - before[i]!) / (unit * g));
        const fall = lossOf(loss, before[i]!, targets?.[i]) - lossOf(loss, margin, targets?.[i]);
        decrement.add(fall / (unit * g * g));
      });
      before = now;
    },
    take() {
      const [a, b] = [growth.take(), decrement.take()];
      const out = { growthMin: a.least, growthMax: a.most, decrementMin: b.least, decrementMax: b.most, lossTime };
      lossTime = 0;
      return out;
    },
  };
}

export const MARGIN_STEPS = fieldsOfWatch(
  ['growthMin', 'growthMax', 'decrementMin', 'decrementMax', 'lossTime'],
  ['depth-2', 'entries', 'fresh-law'],
  marginSteps,
);
