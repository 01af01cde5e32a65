/** Every observable that a record may keep, by its name, in the order of the documentation. */
import { ACTIVATION_STEPS } from './activation-steps.ts';
import { BAYES } from './bayes.ts';
import { CERTIFICATES } from './certificates.ts';
import { COEFFICIENT_STEPS } from './coefficient-steps.ts';
import { DECOMPOSITION } from './decomposition.ts';
import { DEPTH } from './depth.ts';
import { LAYER_STEPS } from './layer-steps.ts';
import { ERRORS } from './errors.ts';
import { FLOW } from './flow.ts';
import { GOOD_EVENT } from './good-event.ts';
import { LAYERS } from './layers.ts';
import { LAZINESS } from './laziness.ts';
import { LAZY_ERRORS } from './lazy-error.ts';
import { LIMIT } from './limit.ts';
import { AVERAGING } from './linear-classifier.ts';
import { MARGIN_STEPS } from './margin-steps.ts';
import { MAX_MARGIN } from './max-margin.ts';
import { MINIMUM_NORM } from './minimum-norm.ts';
import { NEAREST_MEAN } from './nearest-mean.ts';
import { NOISE_MATRIX } from './noise-matrix.ts';
import { RISK } from './risk.ts';
import { SIGNAL_STEPS } from './signal-steps.ts';
import { SIZES } from './sizes.ts';
import { STAGES } from './stages.ts';
import { TRAINING } from './training.ts';
import { UNDYING } from './undying.ts';
import { WEIGHT_STEPS } from './weight-steps.ts';

export const SHELF = {
  ...TRAINING,
  ...ERRORS,
  ...RISK,
  ...DECOMPOSITION,
  ...LAYERS,
  ...DEPTH,
  ...LAYER_STEPS,
  ...MAX_MARGIN,
  ...AVERAGING,
  ...MINIMUM_NORM,
  ...NEAREST_MEAN,
  ...BAYES,
  ...LIMIT,
  ...LAZINESS,
  ...LAZY_ERRORS,
  ...CERTIFICATES,
  ...GOOD_EVENT,
  ...NOISE_MATRIX,
  ...STAGES,
  ...COEFFICIENT_STEPS,
  ...ACTIVATION_STEPS,
  ...MARGIN_STEPS,
  ...WEIGHT_STEPS,
  ...SIGNAL_STEPS,
  ...UNDYING,
  ...SIZES,
  ...FLOW,
} as const;
