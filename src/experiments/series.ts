/** What a run can keep beside the usual values: observables over time, or of the last state. */
import type { SymbolId } from '../notation.ts';
import { GOOD_EVENT } from '../observables/good-event.ts';
import { NOISE_MATRIX } from '../observables/noise-matrix.ts';
import { STAGES } from '../observables/stages.ts';
import { TRACKED } from '../observables/trackers.ts';
import type { Cell } from './cell.ts';

/** The observables that can be kept over time. */
export const SERIES = [
  'trainLoss',
  'trainError',
  'testError',
  'testErrorClean',
  'marginMin',
  'marginMax',
  'derivativeRatio',
  'gamma',
  'rhoBar',
  'rhoUnder',
  'ratio',
  'activeFraction',
  'noisyLoss',
  'trainLossClean',
  'trainLossFlipped',
  'trainErrorClean',
  'trainErrorFlipped',
  'vSignal',
  'vNoise',
  'wNorm',
  'layerRatio',
  'balanceDrift',
  'vChange',
  'wChange',
  'noiseResponse',
  'responseRatio',
  'excess',
  'zeroOutput',
  'benign',
  'harmful',
  'nonOverfitting',
  'weightNorm',
  'normalizedMargin',
  'marginFactor',
  'maxMarginNorm',
  'maxMarginError',
  'averagingError',
  'bayesError',
  'limitGap',
  'limitTurn',
  'limitBroken',
  'kktTurn',
  'kktSlackness',
  'movement',
  'kernelChange',
  'patternChange',
  'lazyError',
  'lazyDifference',
  'decompositionResidual',
  'gammaMin',
  'gammaMax',
  'rhoBarMax',
  'rhoUnderMin',
  'meanMargin',
  'concentrationBound',
  'alignmentBound',
  'errorFloor',
  'noisePart',
  'noisePartLinear',
  ...GOOD_EVENT,
  ...NOISE_MATRIX,
  ...STAGES,
  ...TRACKED,
  'lossMax',
  'errorExponent',
  'died',
  'inputMin',
  'inputMax',
  'startMax',
] as const satisfies readonly SymbolId[];

/** Those that are defined for a fixed output layer: through the tangent kernel of the first one, or its norm alone. */
export const FIXED_OUTPUT = new Set<SymbolId>([
  'movement',
  'kernelChange',
  'patternChange',
  'lazyError',
  'lazyDifference',
  'marginFactor',
  'limitGap',
  'limitTurn',
  'limitBroken',
  'kktTurn',
  'kktSlackness',
]);

/** The observables that a cell has. */
export const observablesOf = ({ network }: Cell): SymbolId[] =>
  SERIES.filter((id) => network.output === 'fixed' || !FIXED_OUTPUT.has(id));

/** The last state alone cannot say what happened from step to step. */
export const STATES = SERIES.filter((id) => !(TRACKED as readonly string[]).includes(id));
