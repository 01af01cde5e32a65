/** Runs gradient descent to a stop rule and names how it ended. */
import { beat } from '../core/heartbeat.ts';
import type { Sample } from '../data/sample.ts';
import { contradiction } from './contradiction.ts';
import { meanLossOf, type Loss } from '../network/loss.ts';
import type { Keeper, TrainState } from './checkpoint.ts';
import type { Run, SpanView, TwoLayerView } from './engine.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

/**
 * interpolated: every observed training label is fitted at the end (and the stop rule is met), of real labels: the mean
 * loss is at most epsilon; step-limit: the cap came first; diverged: the loss blew up or left the floating-point range; stalled: no weight can move any more;
 * cannot-interpolate: equal inputs carry opposite labels; unresolved: gradient flow whose outputs still changed when
 * the halvings of its steps were used up.
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
 *
 * @param keeper of states to go on from, where the run can be continued
 */
export function train(
  run: Run,
  sample: Sample,
  loss: Loss,
  rule: StopParameters,
  observe?: (t: number, view: SpanView) => void,
  every = 1,
  keeper?: Keeper,
): Ending {
  const from = run.resume ? keeper?.from : undefined;
  // A keeper may say it once.
  let wanted = false;
  const due = keeper && run.state ? (): boolean => (wanted ||= keeper.due()) : undefined;
  const loop = run.advance ? undefined : new Plainly(run, sample, loss, rule, from);
  const advance = (until: number): Halt => (loop ? loop.advance(until, due) : run.advance!(rule, until, due));
  if (from) run.resume!(from.engine, from.t);
  let until = observe ? 0 : rule.maxSteps;
  let observed = -1;
  const next = (t: number): number => Math.min(t + every, rule.maxSteps);
  if (from) {
    observed = from.observed;
    if (observe) until = next(observed);
  }
  for (;;) {
    const halt = advance(until);
    const there = halt.why !== 'time' || halt.t === until;
    if (observe && there && halt.t !== observed) observe((observed = halt.t), run.view);
    if (halt.why !== 'time')
      return ending(halt, rule, sample, fits(halt, run.view, sample, loss, rule), tellsPatches(run.view));
    if (due?.()) {
      wanted = false;
      keeper!.keep({ t: halt.t, observed, threshold: NaN, blownUpSince: -1, ...loop?.own, engine: run.state!() });
    }
    if (there) until = next(halt.t);
  }
}

/** Whether a network has an output weight for each patch, as far as its view shows. */
const tellsPatches = ({ outputWeights, bias }: Partial<TwoLayerView>): boolean =>
  outputWeights !== undefined && bias !== undefined && outputWeights.length > bias.length;

/** Whether the labels are fitted: their signs, or real ones by the loss, whose sign does not say it. */
const fits = ({ wrong }: Halt, view: SpanView, sample: Sample, loss: Loss, { epsilon }: StopParameters): boolean =>
  sample.targets ? meanLoss(view, sample, loss) <= epsilon : wrong === 0;

/** The one place that names endings. `ordered`: the network has an output weight for each patch. */
function ending(
  { why, t, blownUpSince }: Halt,
  rule: StopParameters,
  sample: Sample,
  fitted: boolean,
  ordered: boolean,
): Ending {
  if (why === 'not-finite') return { outcome: 'diverged', steps: t };
  if (fitted && (why === 'met' || (why === 'still' && rule.stop === 'steps')))
    return { outcome: 'interpolated', steps: t };
  if (why !== 'still' && blownUpSince >= 0) return { outcome: 'diverged', steps: blownUpSince };
  if (!fitted && contradiction(sample, ordered)) return { outcome: 'cannot-interpolate', steps: t };
  return { outcome: why === 'still' ? 'stalled' : 'step-limit', steps: t };
}

/** The training loop by single steps: the reference for every engine that advances by itself. */
class Plainly {
  private readonly run: Run;
  private readonly sample: Sample;
  private readonly loss: Loss;
  private readonly rule: StopParameters;
  private t = 0;
  private threshold = Infinity;
  private blownUpSince = -1;
  private wrong = 0;
  private begun = false;

  constructor(run: Run, sample: Sample, loss: Loss, rule: StopParameters, from?: TrainState) {
    this.run = run;
    this.sample = sample;
    this.loss = loss;
    this.rule = rule;
    if (from) ({ t: this.t, threshold: this.threshold, blownUpSince: this.blownUpSince } = from);
  }

  /** What a state of the run must have of the loop. */
  get own(): Pick<TrainState, 'threshold' | 'blownUpSince'> {
    return { threshold: this.threshold, blownUpSince: this.blownUpSince };
  }

  advance(until: number, due?: () => boolean): Halt {
    const { run } = this;
    const halt = (why: Halt['why']): Halt => ({ why, t: this.t, wrong: this.wrong, blownUpSince: this.blownUpSince });
    if (!this.begun) {
      this.begun = true;
      run.forward();
      const why = this.check();
      if (why) return halt(why);
    }
    while (this.t < until) {
      if (!run.update()) return halt('still');
      this.t++;
      beat(this.t);
      run.forward();
      const why = this.check();
      if (why) return halt(why);
      if (due?.()) break;
    }
    return halt('time');
  }

  /** What there is to say after a forward pass: undefined when the run goes on. */
  private check(): Halt['why'] | undefined {
    const { sample, loss, rule, t } = this;
    const { labels, targets, n } = sample;
    const { view } = this.run;
    this.wrong = 0;
    let shortfall = 0; // mean of max(0, -margin): the loss to within log 2 (logistic) or 1 (hinge), without a logarithm
    for (let i = 0; i < n; i++) {
      // A real label y t is on the other side where its target is negative.
      const margin = (targets && targets[i]! < 0 ? -labels[i]! : labels[i]!) * view.outputs[i]!;
      if (!(margin > 0)) {
        this.wrong++;
        shortfall -= margin;
      }
    }
    shortfall /= n;
    if (!Number.isFinite(shortfall) || !view.outputs.every(Number.isFinite)) return 'not-finite';
    if (t === 0) this.threshold = DIVERGENCE_FACTOR * Math.max(1, meanLoss(view, sample, loss));
    if (shortfall > this.threshold) this.blownUpSince = this.blownUpSince < 0 ? t : this.blownUpSince;
    else this.blownUpSince = -1;
    const met =
      rule.stop === 'steps'
        ? t === rule.maxSteps
        : rule.stop === 'zero-error'
          ? this.wrong === 0
          : rule.stop === 'zero-loss'
            ? this.wrong === 0 && meanLoss(view, sample, loss) === 0
            : meanLoss(view, sample, loss) <= rule.epsilon;
    return met ? 'met' : t === rule.maxSteps ? 'step-limit' : undefined;
  }
}

/** Mean of the loss over the training sample. */
export const meanLoss = (view: SpanView, sample: Sample, loss: Loss): number =>
  meanLossOf(loss, sample.labels, view.outputs, sample.targets);
