/** Runs gradient descent to a stop rule and names how it ended. */
import { beat } from '../core/heartbeat.ts';
import type { Sample } from '../data/sample.ts';
import { contradiction } from './contradiction.ts';
import { meanLossOf, type Loss } from '../network/loss.ts';
import type { Run, SpanView, TwoLayerView } from './engine.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

/**
 * interpolated: every observed training label is fitted at the end (and the stop rule is met);
 * step-limit: the cap came first; diverged: the loss blew up or left the floating-point range;
 * stalled: no weight can move any more; cannot-interpolate: equal inputs carry opposite labels; unresolved: gradient flow
 * whose outputs still changed when the halvings of its steps were used up.
 */
export type Outcome = 'interpolated' | 'step-limit' | 'diverged' | 'stalled' | 'cannot-interpolate' | 'unresolved';

/** How a run ended, and when. */
export interface Ending {
  readonly outcome: Outcome;
  /** gradient steps made; for a diverged run the first step of its last stretch of blown-up loss */
  readonly steps: number;
}

/**
 * Steps until the rule holds or the cap is reached; `observe(t, view)` is called, after `forward`, at every multiple of
 * `every` and at the end. On return the view shows the last state.
 */
export function train(
  run: Run,
  sample: Sample,
  loss: Loss,
  rule: StopParameters,
  observe?: (t: number, view: SpanView) => void,
  every = 1,
): Ending {
  const advance = run.advance ? (until: number): Halt => run.advance!(rule, until) : plainly(run, sample, loss, rule);
  let until = observe ? 0 : rule.maxSteps;
  let observed = -1;
  for (;;) {
    const halt = advance(until);
    if (observe && halt.t !== observed) observe((observed = halt.t), run.view);
    if (halt.why !== 'time') return ending(halt, rule, sample, tellsPatches(run.view));
    until = Math.min(halt.t + every, rule.maxSteps);
  }
}

/** Whether a network has an output weight for each patch, as far as its view shows. */
const tellsPatches = ({ outputWeights, bias }: Partial<TwoLayerView>): boolean =>
  outputWeights !== undefined && bias !== undefined && outputWeights.length > bias.length;

/** The one place that names endings. `ordered`: the network has an output weight for each patch. */
function ending({ why, t, wrong, blownUpSince }: Halt, rule: StopParameters, sample: Sample, ordered: boolean): Ending {
  if (why === 'not-finite') return { outcome: 'diverged', steps: t };
  if (wrong === 0 && (why === 'met' || (why === 'still' && rule.stop === 'steps')))
    return { outcome: 'interpolated', steps: t };
  if (why !== 'still' && blownUpSince >= 0) return { outcome: 'diverged', steps: blownUpSince };
  if (wrong > 0 && contradiction(sample, ordered)) return { outcome: 'cannot-interpolate', steps: t };
  return { outcome: why === 'still' ? 'stalled' : 'step-limit', steps: t };
}

/** The training loop by single steps: the reference for every engine that advances by itself. */
function plainly(run: Run, sample: Sample, loss: Loss, rule: StopParameters): (until: number) => Halt {
  const { view } = run;
  const { labels, n } = sample;
  let t = 0;
  let threshold = Infinity;
  let blownUpSince = -1;
  let wrong = 0;

  /** What there is to say after a forward pass: undefined when the run goes on. */
  function check(): Halt['why'] | undefined {
    wrong = 0;
    let shortfall = 0; // mean of max(0, -margin): the loss to within log 2 (logistic) or 1 (hinge), without a logarithm
    for (let i = 0; i < n; i++) {
      const margin = labels[i]! * view.outputs[i]!;
      if (!(margin > 0)) {
        wrong++;
        shortfall -= margin;
      }
    }
    shortfall /= n;
    if (!Number.isFinite(shortfall) || !view.outputs.every(Number.isFinite)) return 'not-finite';
    if (t === 0) threshold = DIVERGENCE_FACTOR * Math.max(1, meanLoss(view, sample, loss));
    if (shortfall > threshold) blownUpSince = blownUpSince < 0 ? t : blownUpSince;
    else blownUpSince = -1;
    const met =
      rule.stop === 'steps'
        ? t === rule.maxSteps
        : rule.stop === 'zero-error'
          ? wrong === 0
          : rule.stop === 'zero-loss'
            ? wrong === 0 && meanLoss(view, sample, loss) === 0
            : meanLoss(view, sample, loss) <= rule.epsilon;
    return met ? 'met' : t === rule.maxSteps ? 'step-limit' : undefined;
  }

  let begun = false;
  return (until) => {
    const halt = (why: Halt['why']): Halt => ({ why, t, wrong, blownUpSince });
    if (!begun) {
      begun = true;
      run.forward();
      const why = check();
      if (why) return halt(why);
    }
    while (t < until) {
      if (!run.update()) return halt('still');
      t++;
      beat(t);
      run.forward();
      const why = check();
      if (why) return halt(why);
    }
    return halt('time');
  };
}

/** Mean of the loss over the training sample. */
export const meanLoss = (view: SpanView, sample: Sample, loss: Loss): number =>
  meanLossOf(loss, sample.labels, view.outputs);
