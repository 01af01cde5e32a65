/** Runs gradient descent to a stop rule and names how it ended. */
import { contradiction, type Sample } from '../data/sample.ts';
import { lossOf, type Loss } from '../network/loss.ts';
import type { Run, View } from './engine.ts';

export interface StopParameters {
  /** steps: exactly maxSteps; loss: mean training loss <= epsilon; zero-error: every observed label fitted; zero-loss: loss exactly 0 */
  readonly stop: 'steps' | 'loss' | 'zero-error' | 'zero-loss';
  /** level of the rule `loss`, > 0 */
  readonly epsilon: number;
  /** cap on the number of steps under every rule */
  readonly maxSteps: number;
}

/**
 * interpolated: every observed training label is fitted at the end (and the stop rule is met);
 * step-limit: the cap came first; diverged: the loss blew up or left the floating-point range;
 * stalled: no weight can move any more; cannot-interpolate: equal inputs carry opposite labels.
 */
export type Outcome = 'interpolated' | 'step-limit' | 'diverged' | 'stalled' | 'cannot-interpolate';

export interface Ending {
  readonly outcome: Outcome;
  /** gradient steps made; for a diverged run the first step of its last stretch of blown-up loss */
  readonly steps: number;
}

/** A mean loss this many times above max(1, loss at the start) counts as blown up. */
export const DIVERGENCE_FACTOR = 10;

/**
 * Steps until the rule holds or the cap is reached; `observe(t, view)` is called at every time t, after `forward`.
 * On return the view shows the last state.
 */
export function train(run: Run, sample: Sample, loss: Loss, rule: StopParameters, observe?: (t: number, view: View) => void): Ending {
  const { view } = run;
  const { labels, n } = sample;
  let threshold = Infinity;
  let blownUpSince = -1;
  for (let t = 0; ; t++) {
    run.forward();
    observe?.(t, view);
    let wrong = 0;
    let shortfall = 0; // mean of max(0, -margin): the loss to within log 2 (logistic) or 1 (hinge), without a logarithm
    for (let i = 0; i < n; i++) {
      const margin = labels[i]! * view.outputs[i]!;
      if (!(margin > 0)) {
        wrong++;
        shortfall -= margin;
      }
    }
    shortfall /= n;
    if (!Number.isFinite(shortfall) || !view.outputs.every(Number.isFinite)) return { outcome: 'diverged', steps: t };
    if (t === 0) threshold = DIVERGENCE_FACTOR * Math.max(1, meanLoss(view, sample, loss));
    if (shortfall > threshold) blownUpSince = blownUpSince < 0 ? t : blownUpSince;
    else blownUpSince = -1;

    const met =
      rule.stop === 'steps' ? t === rule.maxSteps
      : rule.stop === 'zero-error' ? wrong === 0
      : rule.stop === 'zero-loss' ? wrong === 0 && meanLoss(view, sample, loss) === 0
      : meanLoss(view, sample, loss) <= rule.epsilon;
    if (met && wrong === 0) return { outcome: 'interpolated', steps: t };
    if (met || t === rule.maxSteps) return { outcome: unfinished(wrong), steps: blownUpSince >= 0 ? blownUpSince : t };
    if (!run.update()) return { outcome: wrong === 0 && rule.stop === 'steps' ? 'interpolated' : wrong > 0 && contradiction(sample) ? 'cannot-interpolate' : 'stalled', steps: t };
  }

  function unfinished(wrong: number): Outcome {
    if (blownUpSince >= 0) return 'diverged';
    return wrong > 0 && contradiction(sample) ? 'cannot-interpolate' : 'step-limit';
  }
}

/** Mean of the loss over the training sample. */
export function meanLoss(view: View, sample: Sample, loss: Loss): number {
  let sum = 0;
  for (let i = 0; i < sample.n; i++) sum += lossOf(loss, sample.labels[i]! * view.outputs[i]!);
  return sum / sample.n;
}
