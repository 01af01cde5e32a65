/** The contract of data models: how one draws a sample, and what of a cell it reads. */
import type { StreamKey } from '../core/random.ts';
import type { SpectrumParameters } from '../core/spectrum.ts';
import type { DatasetParameters } from '../data/dataset.ts';
import type { FeatureNoiseParameters } from '../data/feature-noise.ts';
import type { LeaningLaw } from '../core/flip-laws.ts';
import type { UnitNormMixtureParameters } from '../data/mixture.ts';
import type { Sample } from '../data/sample.ts';
import type { SignalNoiseParameters } from '../data/signal-noise.ts';
import type { XorParameters } from '../data/xor.ts';
import type { SampleNeed } from '../observables/observable.ts';

/** What all models together read. */
export interface DataParameters
  extends XorParameters, UnitNormMixtureParameters, FeatureNoiseParameters, DatasetParameters {
  /** patches of a point */
  readonly patches: SignalNoiseParameters['patches'] & number;
  /** orthogonal signals */
  readonly signals: SignalNoiseParameters['signals'] & number;
  /** probability of the class +1 */
  readonly positive: number;
  /** eigenvalues of the noise covariance over sigma_p² */
  readonly spectrum: SpectrumParameters['spectrum'];
}

/** Parameters that one model reads and another does not. */
export const PARTICULARS = [
  'mu',
  'sigmaP',
  'share',
  'cosine',
  'featureNoise',
  'labels',
  'patches',
  'signals',
  'positive',
  'content',
  'classes',
  'rows',
  'heldOut',
  'divisor',
  'centring',
  'layout',
  'side',
  'border',
] as const;
export type Particular = (typeof PARTICULARS)[number];

export interface DataModel {
  draw(data: DataParameters, key: StreamKey): Sample;
  readonly reads: readonly Particular[];
  /** its points are given and not drawn: of no law, so that neither noise nor test estimator can be chosen */
  readonly given?: true;
  /** signal norm and standard deviation of the noise, whatever the model calls them; NaN where there is none */
  scales(data: DataParameters): { readonly mu: number; readonly sigmaP: number };
  /** number of signals, orthogonal or not */
  signals(data: DataParameters): number;
  /** what its samples do not have and an observable may need; absent: nothing */
  readonly lacks?: readonly SampleNeed[];
  /** laws of flips that lean which its samples can have (core/flip-laws.ts); absent: none */
  readonly leans?: readonly LeaningLaw[];
  /** coordinates without noise tell the label where mu > 0, so that labels can be real (real-labels.ts) */
  readonly tells?: true;
  /**
   * where the averaging classifier sum_i y_i x_i has signal and noise: in patches apart, or in one sum, so that a fresh
   * noise is seen along the signal; absent: its error has no closed form
   */
  readonly averaging?: 'apart' | 'sum';
  /** least d */
  readonly leastDimension: number;
}
