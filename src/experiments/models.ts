/** The data models by name: how each draws a sample, and what of a cell it reads. */
import { drawDataset } from '../data/dataset.ts';
import { drawFeatureNoise } from '../data/feature-noise.ts';
import type { LeaningLaw } from '../core/flip-laws.ts';
import { drawMixture, drawUnitNormMixture } from '../data/mixture.ts';
import { drawSignalNoise } from '../data/signal-noise.ts';
import { drawXor } from '../data/xor.ts';
import type { ChoiceOf, OwnId } from '../notation.ts';
import type { DataModel, DataParameters, Particular } from './data-model.ts';

const scales = ({ mu, sigmaP }: DataParameters): { readonly mu: number; readonly sigmaP: number } => ({ mu, sigmaP });
/** Its points have the margin ‖mu‖ all of them. */
const leans = ['by-class', 'by-norm'] as const;
const one = (): number => 1;
const oneSignal = { reads: ['mu', 'sigmaP', 'positive'], scales, signals: one, leastDimension: 1, leans } as const;
const xor = {
  reads: ['mu', 'sigmaP', 'cosine', 'positive'],
  scales,
  signals: () => 2,
  leastDimension: 3,
  leans,
} as const;
const mixture = { ...oneSignal, leans: [...leans, 'by-margin'], lacks: ['pure-noise'] } as const;

/** Layouts of a data set beside which a parameter counts; all where none is named. */
export const LAYOUTS: Readonly<Partial<Record<Particular, readonly DataParameters['layout'][]>>> = {
  sigmaP: ['noisy-border', 'noise-patch'],
  side: ['squares'],
  border: ['noisy-border'],
};

/** Compiles only while every `data.model` of notation has its model, and no model lacks its name there. */
const STANDARD = {
  'signal-noise': {
    ...oneSignal,
    draw: drawSignalNoise,
    reads: [...oneSignal.reads, 'patches', 'signals'],
    signals: ({ signals }) => signals,
    averaging: 'apart',
    tells: true,
  },
  mixture: { ...mixture, draw: drawMixture, averaging: 'sum' },
  'unit-norm-mixture': {
    ...mixture,
    draw: drawUnitNormMixture,
    averaging: 'sum',
    reads: ['share', 'positive'],
    scales: ({ share, d }) => ({ mu: Math.sqrt(share), sigmaP: Math.sqrt((1 - share) / d) }),
  },
  'feature-noise': {
    ...oneSignal,
    draw: drawFeatureNoise,
    reads: ['mu', 'sigmaP', 'featureNoise', 'labels', 'positive'],
    lacks: ['pure-noise'],
    tells: true,
  },
  xor: { ...xor, draw: (data, key) => drawXor(data, 2, key), tells: true },
  'xor-mixture': { ...xor, lacks: ['pure-noise'], draw: (data, key) => drawXor(data, 1, key) },
  dataset: {
    draw: drawDataset,
    reads: ['content', 'classes', 'rows', 'heldOut', 'divisor', 'centring', 'layout', 'side', 'border', 'sigmaP'],
    scales: ({ layout, sigmaP }) => ({ mu: NaN, sigmaP: LAYOUTS.sigmaP!.includes(layout) ? sigmaP : NaN }),
    signals: one,
    lacks: ['signal-role', 'fresh-law', 'one-noisy-patch', 'pure-noise'],
    leastDimension: 1,
    given: true,
  },
} as const satisfies Readonly<Record<ChoiceOf<'model'>, DataModel>>;

export type ModelId = ChoiceOf<'model'> | OwnId;

/** Every data model of this thread. */
export const MODELS: Record<ChoiceOf<'model'>, DataModel> & Record<OwnId, DataModel> = { ...STANDARD };

/** The models that can have flips of a law that leans. */
export const leaningModels = (law: LeaningLaw): readonly ModelId[] =>
  (Object.keys(MODELS) as ModelId[]).filter((id) => MODELS[id].leans?.includes(law));

/** Noises of a training point. */
export const noisesOf = ({ patches }: Pick<DataParameters, 'patches'>): number => patches - 1;

export const modelOf = ({ model }: { readonly model: ModelId }): DataModel => MODELS[model];

/** The models whose labels can be real. */
export const tellingModels = (): readonly ModelId[] =>
  (Object.keys(MODELS) as ModelId[]).filter((id) => MODELS[id].tells);

/** The models that read a parameter. */
export const readersOf = (parameter: Particular): readonly ModelId[] =>
  (Object.keys(MODELS) as ModelId[]).filter((id) => MODELS[id].reads.includes(parameter));
