/** The stop rules of src/dynamics/train.ts. */
import { get } from './memory';
import { softplusOfMinus } from './special';
import { Loss, Training } from './training';

export const enum StopRule {
  STEPS,
  LOSS,
  ZERO_ERROR,
  ZERO_LOSS,
}

/** Why a chunk ended. */
export const enum Ending {
  GOING,
  NOT_FINITE,
  MET,
  STEP_LIMIT,
  STILL,
}

/** Mean of the loss over the training sample. */
export function meanLoss(s: Training): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < s.n; i++) {
    const z = get(s.labels, i) * get(s.outputs, i);
    sum += s.loss == Loss.HINGE ? (z < 1 ? 1 - z : 0) : softplusOfMinus(z);
  }
  return sum / <f64>s.n;
}

/** What the rules say at the present outputs, all of which are finite or not. */
export function verdict(s: Training, finite: bool): i32 {
  const n = s.n;
  let wrong = 0;
  let shortfall: f64 = 0;
  for (let i = 0; i < n; i++) {
    const margin = get(s.labels, i) * get(s.outputs, i);
    if (!(margin > 0)) {
      wrong++;
      shortfall -= margin;
    }
  }
  shortfall /= <f64>n;
  s.wrong = wrong;
  if (!finite || !(shortfall - shortfall == 0)) return Ending.NOT_FINITE;
  if (s.t == 0) s.threshold = s.divergenceFactor * Math.max(1, meanLoss(s));
  if (!(shortfall > s.threshold)) s.blownUpSince = -1;
  else if (s.blownUpSince < 0) s.blownUpSince = s.t;
  const rule = s.rule;
  const met =
    rule == StopRule.STEPS
      ? s.t == s.maxSteps
      : rule == StopRule.LOSS
        ? meanLoss(s) <= s.epsilon
        : rule == StopRule.ZERO_ERROR
          ? wrong == 0
          : wrong == 0 && meanLoss(s) == 0;
  return met ? Ending.MET : s.t == s.maxSteps ? Ending.STEP_LIMIT : Ending.GOING;
}
