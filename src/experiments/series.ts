/** What a run can keep beside the usual values, over time or of its last state: the observables' shelf, by symbols. */
import { ofNotation, type MeasuredId, type OwnId, type SymbolId } from '../notation.ts';
import type { Tier } from '../dynamics/engine.ts';
import { shows, type Need, type Observable, type SampleNeed } from '../observables/observable.ts';
import { SHELF } from '../observables/shelf.ts';
import { tierOf, type Cell } from './cell.ts';
import { modelOf, noisesOf } from './models.ts';
import { hasRealLabels } from './real-labels.ts';
import { RULES } from './rules.ts';

/** Measured, and no observables: usual values of a record, columns of tables, quantities of theory. */
type Elsewhere =
  | 'testErrorSe'
  | 'testErrorCleanSe'
  | 'testErrorCleanMedian'
  | 'testErrorCleanQ90'
  | 'trainLossSe'
  | 'flipped'
  | 'step'
  | 'steps'
  | 'fitted'
  | 'diverged'
  | 'S'
  | 'SNR'
  | 'noiseTrace'
  | 'noiseTraceSquare'
  | 'noiseNorm'
  | 'traceS'
  | 'normS'
  | 'averagingArgument'
  | 'noisyPatches'
  | 'kappa';
export type ObservableId = Exclude<MeasuredId, Elsewhere>;

/** Compiles only while every measured symbol has its observable, and no observable lacks its symbol. */
export const OBSERVABLES: Readonly<Record<ObservableId, Observable>> &
  Readonly<Record<Exclude<keyof typeof SHELF, ObservableId>, never>> = SHELF;

/** The standard observables. */
export const SERIES = Object.keys(SHELF) as readonly ObservableId[];

/** The standard observables and those that a lab has put beside them. */
const all = new Map<string, Observable>(Object.entries(SHELF));

/** Puts an observable beside the standard ones; its symbol is declared. */
export const addObservable = (id: OwnId, one: Observable): void => void all.set(id, one);

/** The observable of this name; undefined for another symbol. */
export const observableOf = (id: SymbolId): Observable | undefined => all.get(id);

/** The observables that can be kept over time. */
export const series = ofNotation((): readonly SymbolId[] => [...all.keys()] as SymbolId[]);

/** The last state alone cannot say what happened between two entries of a series. */
export const states = ofNotation(() => series().filter((id) => !all.get(id)!.needs.includes('entries')));

interface CellNeed {
  readonly met: (cell: Cell) => boolean;
  readonly says: string;
}

/** A need that a data model's samples meet or not. */
const ofModel = (need: SampleNeed, says: string): CellNeed => ({
  met: ({ data }) => modelOf(data).lacks?.includes(need) !== true,
  says: `${says} (another data.model)`,
});

const ONE_NOISE = ofModel('one-noisy-patch', 'noise in one patch of a point');

/** A need that an engine's view meets or not. */
const ofTier = (tier: Tier, says: string): CellNeed => ({
  met: (cell) => shows(tierOf(cell), tier),
  says: `${says} (${tier === 'layers' ? 'another engine' : 'network.depth: 2; another engine or training.rule'})`,
});

/** What a cell must be for a need to be met, in code and in words; the other needs are met by every cell. */
const OF_CELL: Readonly<Partial<Record<Need, CellNeed>>> = {
  'fixed-output': {
    met: ({ network }) => network.output === 'fixed',
    says: 'a fixed output layer (network.output: fixed)',
  },
  'piecewise-linear': {
    met: ({ network }) => network.activation === 'relu' || network.activation === 'leaky-relu',
    says: 'a piecewise linear activation (network.activation: relu or leaky-relu)',
  },
  'one-signal': {
    met: ({ data }) => modelOf(data).signals(data) === 1,
    says: 'one signal (another data.model than xor and xor-mixture, data.signals: 1)',
  },
  layers: ofTier('layers', 'the layers of a network'),
  'two-layer': ofTier('two-layer', 'the weights of a two-layer network'),
  'depth-2': {
    met: ({ network }) => network.depth === 2,
    says: 'a two-layer network (network.depth: 2)',
  },
  ...Object.fromEntries(
    ([3, 4, 5, 6, 7, 8, 9, 10] as const).map((layer) => [
      `layer-${layer}`,
      { met: ({ network }: Cell) => network.depth >= layer, says: `network.depth: ${layer} or more` },
    ]),
  ),
  span: ofTier('span', 'weights in the span of their start and the anchors'),
  'turned-labels': {
    met: ({ training }) => training.labelNoiseLaw === 'turns',
    says: 'labels that are turned or not (training.labelNoiseLaw: turns)',
  },
  'linear-steps': {
    met: ({ training }) => RULES[training.rule].linear && training.weightDecay === 0,
    says: 'steps that are linear in the gradient, without decay (another training.rule, training.weightDecay: 0)',
  },
  'whole-start': {
    met: ({ training }) => training.weightDecay === 0,
    says: 'a start that does not decay (training.weightDecay: 0)',
  },
  flow: { met: ({ training }) => training.rule === 'flow', says: 'training.rule: flow' },
  'every-step': {
    met: ({ training }) => training.rule !== 'flow',
    says: 'steps of its own (another training.rule than flow)',
  },
  'signal-role': ofModel('signal-role', 'signals and noises of the training points'),
  'fresh-law': ofModel('fresh-law', 'the law of a fresh point'),
  'one-noisy-patch': {
    met: (cell) => ONE_NOISE.met(cell) && noisesOf(cell.data) === 1,
    says: `${ONE_NOISE.says.slice(0, -1)}, data.patches: 2)`,
  },
  'class-labels': { met: (cell) => !hasRealLabels(cell), says: 'labels that are classes (data.sigmaY: 0)' },
  'pure-noise': ofModel('pure-noise', 'noisy patches without signal'),
  'squared-loss': {
    met: ({ training }) => training.loss === 'squared',
    says: 'the squared loss (training.loss: squared)',
  },
  'no-bias': { met: ({ network }) => !network.bias, says: 'filters without bias (network.bias: false)' },
  'gaussian-noise': { met: ({ data }) => data.noise === 'gaussian', says: 'Gaussian noise (data.noise: gaussian)' },
};

/** What a setting must have for a need to be met; undefined for one that every setting meets. */
export const needInWords = (need: Need): string | undefined => OF_CELL[need]?.says;

/** The first thing that an observable needs and a cell is not, in words; undefined when the cell has it. */
export function unmetNeed(id: SymbolId, cell: Cell): string | undefined {
  const need = observableOf(id)?.needs.find((one) => OF_CELL[one]?.met(cell) === false);
  return need && OF_CELL[need]!.says;
}

/** The observables that a cell has. */
export const observablesOf = (cell: Cell): readonly SymbolId[] =>
  series().filter((id) => unmetNeed(id, cell) === undefined);
