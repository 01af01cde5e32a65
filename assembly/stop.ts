/** The stop rules of src/dynamics/train.ts. */
import { get } from './memory';
import { softplusOfMinus } from './special';
import { Training } from './training';

// Why a chunk ended; src/dynamics/kernel-loop.ts has the same list.
export const GOING = 0;
const NOT_FINITE = 1;
const MET = 2;
const STEP_LIMIT = 3;
export const STILL = 4;

function meanLoss(s: Training): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < s.n; i++) {
    const z = get(s.labels, i) * get(s.outputs, i);
    sum += s.loss == 1 ? (z < 1 ? 1 - z : 0) : softplusOfMinus(z);
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
  if (!finite || !(shortfall - shortfall == 0)) return NOT_FINITE;
  if (s.t == 0) s.threshold = s.divergenceFactor * Math.max(1, meanLoss(s));
  if (!(shortfall > s.threshold)) s.blownUpSince = -1;
  else if (s.blownUpSince < 0) s.blownUpSince = s.t;
  const rule = s.rule;
  const met =
    rule == 0
      ? s.t == s.maxSteps
      : rule == 1
        ? meanLoss(s) <= s.epsilon
        : rule == 2
          ? wrong == 0
          : wrong == 0 && meanLoss(s) == 0;
  return met ? MET : s.t == s.maxSteps ? STEP_LIMIT : GOING;
}
