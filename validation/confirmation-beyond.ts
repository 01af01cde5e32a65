/** What docs/beyond.md says of other step rules, to be confirmed with fresh seeds: each with runs and a check of its own. */
import type { Check, Limits } from '../src/verification/check.ts';
import type { ClaimStudy } from './confirmation/study.ts';

export const MU = 'mu*n^0.25/d^0.25';
/** The network of the presets `optimizers`, `kou-2023/step-size`, `chen-2023-sam` and, at depth 2, `depth`. */
const setting = {
  data: { n: 20, flip: 0.1 },
  network: { m: 10, sigma0: 0.001, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  scale: { 'data.mu': { d: 0.25, n: -0.25 } },
  coupling: 'common',
};
const ETA_UNIT = '(1-momentum)*n*m/(sigmaP^2*d)';
const toLoss = { etaUnit: ETA_UNIT, stop: 'loss', epsilon: 0.01, maxSteps: 300000 };
const place = { kind: 'level-ratio', of: 'testErrorClean', along: MU, level: 0.05 } as const;
/** For η t = 50 instead. */
const fixedTime = { etaUnit: ETA_UNIT, maxSteps: 50 };
const byTime = { ...setting.scale, 'training.maxSteps': { eta: -1 } };
const later = { ...place, level: 0.2 } as const;
const DECAY = 'weightDecay*n*m/(sigmaP^2*d)';
const EQUAL = { atLeast: 0.95, atMost: 1.05 };
const D = [1000, 10000, 100000];

type Unnamed<C = Check> = C extends Check ? Omit<C, 'id' | 'says'> : never;

/** Its check has the study's name and words, and the study the check's bounds. */
export function study(
  id: string,
  says: string,
  because: string,
  spec: Record<string, unknown>,
  check: Unnamed,
  runs: number,
): ClaimStudy {
  const { atLeast, atMost } = check as Limits;
  const share = 'share' in check ? check.share : undefined;
  const above = 'above' in check ? check.above : undefined;
  const below = 'below' in check ? check.below : undefined;
  return {
    kind: 'claim',
    id,
    says,
    bounds:
      share === undefined
        ? { low: above ?? atLeast ?? -Infinity, high: below ?? atMost ?? Infinity }
        : { low: share, high: 1 },
    because,
    spec: { ...setting, ...spec },
    check: { ...check, id, says } as Check,
    runs,
  };
}

/** SAM with a radius of 7/√d, as chen-2023-sam/transition. */
const sharpnessAware = (d: number): ClaimStudy =>
  study(
    `beyond/sam-${d}`,
    `SAM at ‖μ‖ = 1, d = ${d}: after 1,000 steps the clean error is below .001`,
    'read off 30 runs of chen-2023-sam/transition (1.1e-4 at d = 100,000), nine times as much',
    {
      training: { rule: 'sam', radius: 7, eta: 0.3, etaUnit: 'n*m/(sigmaP^2*d)', maxSteps: 1000 },
      scale: { 'training.radius': { d: -0.5 } },
      axes: { 'data.d': [d], 'data.mu': [1] },
    },
    { kind: 'mean', of: 'testErrorClean', atMost: 0.001 },
    10,
  );

export const BEYOND: readonly ClaimStudy[] = [
  study(
    'beyond/heavy-ball-place',
    'heavy ball, η = .03 natural units, loss .01: ‖μ‖* at a clean error of .05 is that of descent to 5 %',
    'the margin of optimizers/transition, whose own seed gave .992',
    {
      training: { ...toLoss, eta: 0.03 },
      axes: { 'training.rule': ['descent', 'momentum'], 'data.d': D, 'data.mu': [1, 1.3, 1.6, 1.9] },
    },
    { ...place, a: { rule: 'momentum' }, b: { rule: 'descent' }, ...EQUAL },
    6,
  ),
  study(
    'beyond/batches-err-less',
    'descent at ‖μ‖ = (d/n)^{1/4}, d = 10,000, η = .3 natural units, loss .01 or 300,000 steps: with batches of 4 of 20 the clean error is smaller than with all samples',
    'the sign of a difference that was .058 in optimizers/transition',
    { training: { ...toLoss, eta: 0.3 }, axes: { 'training.batch': [0, 4], 'data.d': [10000], 'data.mu': [1] } },
    { kind: 'paired', of: 'testErrorClean', a: { batch: 0 }, b: { batch: 4 }, above: 0 },
    20,
  ),
  study(
    'beyond/batches-unfitted',
    'descent in batches of 4 of 20 at ‖μ‖ = (d/n)^{1/4}, d = 10,000, η = .1 natural units: at least three runs of a hundred have a label unfitted after 300,000 steps',
    '6 of 60 runs of optimizers/transition are unfitted here; with none of 400 it fails',
    { training: { ...toLoss, eta: 0.1 }, axes: { 'training.batch': [4], 'data.d': [10000], 'data.mu': [1] } },
    { kind: 'every', of: 'trainError', atLeast: 0.04, share: 0.03 },
    40,
  ),
  ...D.map(sharpnessAware),
  study(
    'beyond/sign-exponent',
    'sign descent, steps of .2/d, loss .01: from d = 100 to 1,600 ‖μ‖* at a clean error of .2 grows faster than d^{3/8}, which is half-way between d^{1/4} and d^{1/2}',
    'the check not-descent/sign of optimizers/transition, whose own seed gave 3.75',
    {
      data: { ...setting.data, draw: 'explicit' },
      engine: 'direct',
      training: { rule: 'sign', eta: 0.2, stop: 'loss', epsilon: 0.01, maxSteps: 3000 },
      scale: { 'training.eta': { d: -1 } },
      coupling: 'independent',
      axes: { 'data.d': [100, 1600], 'data.mu': [2, 4, 8, 16, 32] },
    },
    {
      kind: 'level-ratio',
      of: 'testErrorClean',
      along: 'mu',
      level: 0.2,
      a: { d: 1600 },
      b: { d: 100 },
      atLeast: 2.83,
    },
    3,
  ),
  study(
    'beyond/step-size',
    'descent, loss .01: from η = .001 to .1 natural units ‖μ‖* at a clean error of .05 moves by less than 5 %',
    'the margin of kou-2023/step-size, whose own seed gave 1.028',
    {
      training: { eta: 0.1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.01, maxSteps: 2000000 },
      axes: { 'training.eta': [0.001, 0.1], 'data.d': [1000, 100000], 'data.mu': [1.3, 1.6, 1.9] },
    },
    { ...place, a: { eta: 0.1 }, b: { eta: 0.001 }, ...EQUAL },
    8,
  ),
  study(
    'beyond/label-noise-helps',
    'labels turned with probability .3 in each step, η = .03, η t = 50 natural units, d = 10,000: ‖μ‖* at a clean error of .2 is at most .8 of that of descent',
    'the bound of optimizers/transition fixed-time; 40 runs with another seed gave .66',
    {
      training: { ...fixedTime, eta: 0.03 },
      scale: byTime,
      axes: { 'training.labelNoise': [0, 0.3], 'data.d': [10000], 'data.mu': [0.35, 0.5, 0.7, 0.95, 1.3] },
    },
    { ...later, a: { labelNoise: 0.3 }, b: { labelNoise: 0 }, atLeast: 0, atMost: 0.8 },
    6,
  ),
  study(
    'beyond/label-noise-limit',
    'labels turned with probability .1 in each step, η = .001, η t = 50 natural units, d = 10,000: ‖μ‖* at a clean error of .2 is that of descent to 5 %',
    'the margin of optimizers/transition; 20 runs with another seed gave .981',
    {
      training: { ...fixedTime, eta: 0.001 },
      scale: byTime,
      axes: { 'training.labelNoise': [0, 0.1], 'data.d': [10000], 'data.mu': [0.5, 0.7, 0.95, 1.3] },
    },
    { ...later, a: { labelNoise: 0.1 }, b: { labelNoise: 0 }, ...EQUAL },
    8,
  ),
  study(
    'beyond/decay-place',
    'weight decay .1 σ_p² d/(n m), η = .03, η t = 50 natural units, d = 10,000: ‖μ‖* at a clean error of .2 is that of descent without decay to 5 %',
    'the margin of optimizers/transition; 20 runs with another seed gave 1.02',
    {
      training: { ...fixedTime, eta: 0.03 },
      scale: { ...byTime, 'training.weightDecay': { sigmaP: 2, d: 1, n: -1, m: -1 } },
      axes: { 'training.weightDecay': [0, 0.1], 'data.d': [10000], 'data.mu': [0.5, 0.7, 0.95, 1.3] },
    },
    { ...later, a: { [DECAY]: 0.1 }, b: { [DECAY]: 0 }, ...EQUAL },
    10,
  ),
];
