/** A cell: every parameter of a run but its seed and replicate; its canonical form and its id. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { hasOwnCoordinates } from '../core/noise-laws.ts';
import { multiplicity, signalPlace, spectrumOf } from '../core/spectrum.ts';
import { messages, UserError } from '../errors.ts';
import { numbersIn, widthsOf } from '../network/hidden.ts';
import type { InitParameters, NetworkParameters } from '../network/two-layer.ts';
import { MOST_FLOW_STEPS } from '../dynamics/flow.ts';
import type { Asked, Tier } from '../dynamics/engine.ts';
import type { StopParameters } from '../dynamics/stop.ts';
import type { TestErrorParameters } from '../observables/estimator.ts';
import {
  CELL_PARAMETERS,
  describeRange,
  inRange,
  ofNotation,
  PARAMETERS,
  type NumberParameter,
  type OwnId,
} from '../notation.ts';
import { PARTICULARS, type DataParameters, type Particular } from './data-model.ts';
import { isCounted, isLeaning, LEANING_LAWS } from '../core/flip-laws.ts';
import { ENGINES, type EngineId } from './engines.ts';
import { flipsThatCannotBe, leansOnNoise } from './leaning.ts';
import { LAYOUTS, modelOf, noisesOf, readersOf, type ModelId } from './models.ts';
import { hasRealLabels, realLabelNeeds, realLabelsThatCannotBe, takesRealLabels } from './real-labels.ts';
import { RULE_PARAMETERS, type RuleParameters } from './rule-entry.ts';
import { RULES, rulesReading, rulesThatChooseDecay, type RuleId } from './rules.ts';
import { standardEngine } from './standard-engine.ts';

/**
 * Every parameter of a run but its seed and replicate, defaults filled in. What each means, its unit and range stand in
 * notation under its path (`data.n`).
 */
export interface Cell {
  /** the data model and its numbers */
  readonly data: { readonly model: ModelId; readonly sigmaY: number } & DataParameters;
  /** the network, and the law of its initial weights */
  readonly network: Required<Omit<NetworkParameters, 'own' | 'activation'>> & {
    readonly activation: NetworkParameters['activation'] | OwnId;
    readonly init: InitParameters['law'];
    readonly sigma0: number;
    readonly sigma0Unit: 'absolute' | '1/(sigmaP*sqrt(d))';
    readonly v0Unit: 'absolute' | 'v*';
  };
  /** the loss, the step size and when to stop */
  readonly training: StopParameters &
    RuleParameters & {
      readonly loss: 'logistic' | 'hinge' | 'squared' | OwnId;
      readonly reduction: 'mean' | 'sum';
      readonly eta: number;
      readonly etaUnit:
        | 'absolute'
        | 'n*m/(sigmaP^2*d)'
        | '(1-momentum)*n*m/(sigmaP^2*d)'
        | 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)';
      readonly etaOutput: number;
      readonly labelNoise: number;
      readonly labelNoiseLaw: 'turns' | 'gaussian' | 'uniform';
      readonly labelMean: number;
      readonly labelSd: number;
      readonly labelLow: number;
      readonly labelHigh: number;
      readonly rule: RuleId;
      /** 0: all samples */
      readonly batch: number;
      readonly replacement: boolean;
      readonly weightDecay: number;
      readonly decay: 'coupled' | 'decoupled';
      readonly schedule: 'constant' | 'warm-up' | 'step' | 'cosine';
      readonly scheduleSteps: number;
      readonly scheduleFactor: number;
    };
  /** how the test error is estimated */
  readonly test: TestErrorParameters;
  readonly engine: EngineId;
  readonly coupling: 'independent' | 'common';
}

/** What a parameter can be. */
export type Value = number | string | boolean;
/** Values by path, `data.d` and so on. */
export type Values = ReadonlyMap<string, Value>;

/** What a parameter that not every model reads needs, in words. */
function neededBy(key: Particular): string {
  const readers = readersOf(key).join(' or ');
  const layouts = LAYOUTS[key]?.join(' or ');
  if (layouts === undefined) return `data.model: ${readers}`;
  return readers === 'dataset' ? `data.layout: ${layouts}` : `data.model: ${readers} (layout: ${layouts})`;
}

/** Whether the noise has one of these spectra. */
function spectral(...spectra: Cell['data']['spectrum'][]): (cell: Cell) => boolean {
  return ({ data }) => shapesNoise(data) && spectra.includes(data.spectrum);
}

/** Whether a spectrum can count: of Gaussian noise, or of Student's. */
const shapesNoise = (data: Cell['data']): boolean =>
  !modelOf(data).given && (data.noise === 'gaussian' || data.noise === 'student-t');

/**
 * Parameters that only count beside another choice. A cell that does not use one holds its default, so that it changes
 * neither id nor draws. A spec that sets one in vain is refused, and told what it `needs`: its author surely means
 * something else.
 */
export const CONDITIONAL: {
  readonly path: string;
  readonly used: (cell: Cell) => boolean;
  readonly needs: string;
}[] = [
  ...PARTICULARS.map((key) => ({
    path: `data.${key}`,
    used: ({ data }: Cell) =>
      modelOf(data).reads.includes(key) && (!modelOf(data).given || (LAYOUTS[key]?.includes(data.layout) ?? true)),
    needs: neededBy(key),
  })),
  ...(['projected', 'noise', 'draw'] as const).map((key) => ({
    path: `data.${key}`,
    used: ({ data }: Cell) => !modelOf(data).given,
    needs: 'data.model: another one than dataset',
  })),
  {
    path: 'test.estimator',
    used: ({ data }) => !modelOf(data).given,
    needs: 'data.model: another one than dataset, whose held-out points are counted',
  },
  { path: 'data.nu', used: ({ data }) => data.noise === 'student-t', needs: 'data.noise: student-t' },
  { path: 'data.sparsity', used: ({ data }) => data.noise === 'sparse', needs: 'data.noise: sparse' },
  {
    path: 'data.spectrum',
    used: ({ data }) => shapesNoise(data),
    needs: 'data.noise: gaussian or student-t, and data.model: another one than dataset',
  },
  { path: 'data.exponent', used: spectral('power', 'octaves'), needs: 'data.spectrum: power or octaves' },
  { path: 'data.spikes', used: spectral('spiked'), needs: 'data.spectrum: spiked' },
  { path: 'data.spikeSize', used: spectral('spiked'), needs: 'data.spectrum: spiked' },
  { path: 'data.eigenvalues', used: spectral('list'), needs: 'data.spectrum: list' },
  {
    path: 'data.signalGroup',
    used: spectral('power', 'octaves', 'spiked', 'list'),
    needs: 'data.spectrum: power, octaves, spiked or list',
  },
  {
    path: 'data.flips',
    used: ({ data }) => isCounted(data.flipLaw),
    needs: 'data.flipLaw: exact or adversarial',
  },
  {
    path: 'data.flipTilt',
    used: ({ data }) => isLeaning(data.flipLaw),
    needs: `data.flipLaw: ${LEANING_LAWS.join(' or ')}`,
  },
  { path: 'data.sigmaY', used: takesRealLabels, needs: realLabelNeeds() },
  { path: 'data.adversary', used: ({ data }) => data.flipLaw === 'adversarial', needs: 'data.flipLaw: adversarial' },
  {
    path: 'network.leak',
    used: ({ network }) => network.activation === 'leaky-relu' || network.activation === 'smoothed-leaky-relu',
    needs: 'network.activation: leaky-relu or smoothed-leaky-relu',
  },
  {
    path: 'network.power',
    used: ({ network }) => network.activation === 'relu-power',
    needs: 'network.activation: relu-power',
  },
  {
    path: 'network.smoothing',
    used: ({ network }) => network.activation === 'smoothed-leaky-relu',
    needs: 'network.activation: smoothed-leaky-relu',
  },
  {
    path: 'network.sigma0',
    used: ({ network }) => network.init === 'gaussian',
    needs: 'network.init: gaussian',
  },
  {
    path: 'network.sigma0Unit',
    used: ({ network }) => network.init === 'gaussian',
    needs: 'network.init: gaussian',
  },
  ...(['pool', 'widths', 'hiddenInit', 'frozen'] as const).map((key) => ({
    path: `network.${key}`,
    used: ({ network }: Cell) => network.depth > 2,
    needs: 'network.depth: 3 or more',
  })),
  {
    path: 'network.width',
    used: ({ network }) => network.depth > 2 && network.widths === 'none',
    needs: 'network.depth: 3 or more, and network.widths: none',
  },
  {
    path: 'network.gain',
    used: ({ network }) => network.depth > 2 && network.hiddenInit === 'gaussian',
    needs: 'network.depth: 3 or more, and network.hiddenInit: gaussian',
  },
  {
    path: 'training.etaOutput',
    used: ({ network }) => network.output !== 'fixed',
    needs: 'network.output: trained or trained-per-patch',
  },
  ...RULE_PARAMETERS.map((key) => ({
    path: `training.${key}`,
    used: ({ training }: Cell) => RULES[training.rule].reads.includes(key),
    needs: `training.rule: ${rulesReading(key).join(' or ')}`,
  })),
  {
    path: 'training.labelNoise',
    used: ({ training }) => training.labelNoiseLaw === 'turns',
    needs: 'training.labelNoiseLaw: turns',
  },
  ...(['labelMean', 'labelSd'] as const).map((key) => ({
    path: `training.${key}`,
    used: ({ training }: Cell) => training.labelNoiseLaw === 'gaussian',
    needs: 'training.labelNoiseLaw: gaussian',
  })),
  ...(['labelLow', 'labelHigh'] as const).map((key) => ({
    path: `training.${key}`,
    used: ({ training }: Cell) => training.labelNoiseLaw === 'uniform',
    needs: 'training.labelNoiseLaw: uniform',
  })),
  {
    path: 'training.replacement',
    used: ({ training }) => training.batch > 0,
    needs: 'training.batch: 1 or more',
  },
  {
    path: 'training.decay',
    used: ({ training }) => training.weightDecay > 0 && RULES[training.rule].decays === 'either',
    needs: `training.weightDecay above 0, and training.rule: ${rulesThatChooseDecay().join(' or ')}`,
  },
  {
    path: 'training.scheduleSteps',
    used: ({ training }) => training.schedule !== 'constant',
    needs: 'training.schedule: warm-up, step or cosine',
  },
  {
    path: 'training.scheduleFactor',
    used: ({ training }) => training.schedule === 'step',
    needs: 'training.schedule: step',
  },
  {
    path: 'training.epsilon',
    used: (cell) => cell.training.stop === 'loss' || (takesRealLabels(cell) && hasRealLabels(cell)),
    needs: 'training.stop: loss, or data.sigmaY above 0',
  },
  ...(['lines', 'shifts'] as const).map((key) => ({
    path: `test.${key}`,
    used: ({ data, test }: Cell) => test.estimator === 'lines' && !modelOf(data).given,
    needs: 'test.estimator: lines',
  })),
  { path: 'test.precision', used: ({ test }) => test.estimator === 'auto', needs: 'test.estimator: auto' },
  { path: 'test.points', used: ({ test }) => test.estimator === 'points', needs: 'test.estimator: points' },
];

const ESTIMATOR = 'test.estimator';
const STEPS = 'training.maxSteps';

/** training.maxEpochs in steps, where it is given. @throws UserError when there are too many */
function stepsOfEpochs(values: Values): number | undefined {
  const epochs = Number(values.get('training.maxEpochs') ?? 0);
  const n = Number(values.get('data.n'));
  if (epochs === 0 || !(n > 0)) return undefined;
  const batch = Number(values.get('training.batch') ?? 0);
  const steps = epochs * (batch > 0 ? Math.ceil(n / batch) : 1);
  const { range } = PARAMETERS.get(STEPS)!.entry as NumberParameter;
  if (!inRange(steps, range)) throw new UserError(messages.epochsBeyond(epochs, steps, describeRange(range)));
  return steps;
}

/**
 * Student noise and deep networks were for points alone at first: they stay the default there (and at depth cost less
 * where errors are common), and the estimator is written out in ids. So it is where flips lean on the noise, of which
 * lines know nothing.
 */
export const pointsAtFirst = (values: Values): boolean =>
  values.get('data.noise') === 'student-t' ||
  Number(values.get('network.depth') ?? 2) > 2 ||
  leansOnNoise(values.get('data.flipLaw'));

const dataIn = (values: Values): Parameters<typeof standardEngine>[0] => ({
  model: values.get('data.model'),
  n: values.get('data.n'),
  d: values.get('data.d'),
});

/**
 * The cell with the given values and defaults for the rest.
 *
 * @throws UserError when values without default are missing or values contradict each other: all of it, one a line
 */
export function buildCell(values: Values): Cell {
  const cell: Record<string, Value | Record<string, Value>> = {};
  const missing: string[] = [];
  const steps = stepsOfEpochs(values);
  for (const [path, { entry }] of CELL_PARAMETERS) {
    const value =
      (path === 'engine' ? (values.get(path) ?? standardEngine(dataIn(values))) : undefined) ??
      (path === STEPS ? steps : undefined) ??
      values.get(path) ??
      (path === ESTIMATOR && pointsAtFirst(values) ? 'points' : entry.default);
    if (value === undefined) {
      missing.push(path);
      continue;
    }
    const [room, key] = places().get(path)!;
    if (key === undefined) cell[room] = value;
    else ((cell[room] ??= {}) as Record<string, Value>)[key] = value;
  }
  const built = cell as unknown as Cell;
  const unused = CONDITIONAL.filter(({ used }) => !used(built)).map(({ path }) => path);
  const needed = missing.filter((path) => !unused.includes(path)).map(missingSentence);
  if (needed.length > 0) throw new UserError(needed.join('\n'));
  const wrong = contradictions(built);
  if (wrong.length > 0) throw new UserError(wrong.join('\n'));
  for (const path of unused) {
    const [room, key] = path.split('.') as [string, string];
    const inner = cell[room] as Record<string, Value>;
    const standard = PARAMETERS.get(path)!.entry.default;
    if (standard === undefined) delete inner[key];
    else inner[key] = standard;
  }
  return built;
}

/**
 * A cell with other numbers, at rooms and keys that it has and uses: what `buildCell` makes of them, in a tenth of the
 * time, where no choice changes. The rooms without any are the cell's own.
 *
 * @throws UserError when the numbers contradict others
 */
export function withNumbers(cell: Cell, at: readonly Place[], numbers: readonly number[]): Cell {
  const rooms = { ...cell } as unknown as Record<string, Record<string, Value>>;
  const own = cell as unknown as typeof rooms;
  at.forEach(([room, key], one) => {
    if (rooms[room] === own[room]) rooms[room] = { ...own[room] };
    rooms[room]![key!] = numbers[one]!;
  });
  const built = rooms as unknown as Cell;
  const wrong = contradictions(built);
  if (wrong.length > 0) throw new UserError(wrong.join('\n'));
  return built;
}

/** Says that a parameter without default is missing. */
export function missingSentence(path: string): string {
  const { entry } = PARAMETERS.get(path)!;
  const allowed = entry.kind === 'number' ? describeRange(entry.range) : entry.kind === 'text' ? entry.form : '';
  return messages.missing(path, entry.meaning, allowed);
}

/** What an engine asks of a cell, by the parameters that say it. */
const ASKED: Readonly<Record<keyof Asked, string>> = {
  activation: 'network.activation',
  deep: 'network.depth',
  trainsOutput: 'network.output',
  loss: 'training.loss',
  turnsLabels: 'training.labelNoise',
  scalesLabels: 'training.labelNoiseLaw',
  weighs: 'training.batch',
  decays: 'training.weightDecay',
  schedules: 'training.schedule',
  rule: 'training.rule',
  inSpan: 'training.rule',
};

const isStandardLoss = (loss: string): loss is 'logistic' | 'hinge' => loss === 'logistic' || loss === 'hinge';

/** What a cell asks of an engine. */
const askedBy = ({ network, training }: Cell): Asked => ({
  activation: network.activation === 'relu' || network.activation === 'leaky-relu' ? 'piecewise-linear' : 'other',
  deep: network.depth > 2,
  trainsOutput: network.output !== 'fixed',
  loss: isStandardLoss(training.loss) ? training.loss : 'other',
  turnsLabels: training.labelNoiseLaw === 'turns' && training.labelNoise > 0,
  scalesLabels: training.labelNoiseLaw !== 'turns',
  weighs: training.batch > 0,
  decays: training.weightDecay > 0,
  schedules: training.schedule !== 'constant',
  rule: training.rule,
  inSpan: RULES[training.rule].inSpan,
});

/** The tier of the views of a cell's runs. */
export const tierOf = (cell: Cell): Tier => ENGINES[cell.engine].offers?.(askedBy(cell)) ?? 'span';

/** Everything in a cell that cannot be together. */
function contradictions(cell: Cell): string[] {
  const { data, network, training, test, engine } = cell;
  const wrong: string[] = [];
  const refuse = (sentence: string): void => void wrong.push(sentence);
  if (data.flips > data.n) refuse(messages.flipsBeyondSample(data.flips, data.n));
  const explicit = isExplicit(data);
  if (network.init === 'pytorch' && !explicit) refuse(messages.uniformNeedsExplicit());
  const { leastDimension } = modelOf(data);
  if (data.d < leastDimension) refuse(messages.modelNeedsDimension(data.model, leastDimension, data.d));
  if (data.signals >= data.d) refuse(messages.signalsBeyond(data.signals, data.d));
  if (hasOwnCoordinates(data.noise) && data.draw !== 'explicit') refuse(messages.noiseNeedsExplicit(data.noise));
  if (data.noise === 'sparse') {
    const axes = data.d - (data.projected ? modelOf(data).signals(data) : 0);
    if (data.sparsity! > axes) refuse(messages.sparsityBeyond(data.sparsity!, axes));
  }
  for (const sentence of spectraThatCannotBe(cell)) refuse(sentence);
  const own = training.rule.includes('/');
  const coordinatewise = !RULES[training.rule].inSpan && (!explicit || (engine === 'gram' && !own));
  if (coordinatewise) refuse(messages.ruleNeedsExplicit(training.rule, own));
  for (const sentence of flipsThatCannotBe(data, test.estimator)) refuse(sentence);
  for (const sentence of realLabelsThatCannotBe(cell)) refuse(sentence);
  for (const sentence of stepsThatCannotBe(cell)) refuse(sentence);
  for (const sentence of layersThatCannotBe(cell)) refuse(sentence);
  // Several scales make no mixture of normals along a line.
  const others = data.noise === 'student-t' && data.patches === 2 ? ['points', 'lines'] : ['points'];
  if (data.noise !== 'gaussian' && !others.includes(test.estimator))
    refuse(messages.noiseNeedsPoints(data.noise, test.estimator, others));
  if (test.estimator !== 'points' && (network.activation === 'smoothed-leaky-relu' || network.activation.includes('/')))
    refuse(messages.linesNeedPieces(test.estimator, network.activation));
  const refusals = ENGINES[engine].refuses(askedBy(cell));
  for (const { of, needs, use } of refusals) {
    if (of === 'inSpan' && coordinatewise && !own) continue;
    refuse(messages.engineNeeds(engine, needs, `${ASKED[of]}: ${valueAt(cell, ASKED[of])}`, use));
  }
  const inUnits = ['network.sigma0Unit', 'network.v0Unit', 'training.etaUnit'].filter(
    (path) => valueAt(cell, path) !== 'absolute',
  );
  for (const path of inUnits) {
    if (data.sigmaP === 0) refuse(messages.unitNeedsNoise(path));
    if (Number.isNaN(signalAndNoise(cell).sigmaP)) refuse(messages.unitNeedsScale(path, data.model));
  }
  const [needs, free] = [explicit, false].map((whole) => bytesOfVectors(cell, whole)) as [number, number];
  if (needs > MOST_BYTES) {
    const rows = vectorsOf(data) > 2 * network.m ? 'data.n' : 'network.m';
    const [path, advice] =
      !explicit || modelOf(data).given
        ? [rows, `lower ${rows}`]
        : free > MOST_BYTES
          ? [rows, `lower ${rows}`]
          : RULES[training.rule].inSpan
            ? ['data.draw', 'use data.draw: d-free, or lower data.d']
            : ['data.d', 'lower data.d'];
    refuse(messages.tooLarge(path, needs / 1e9, advice));
  }
  return wrong;
}

/** Eigenvalues of the noise that cannot be, or not with such a draw. */
function* spectraThatCannotBe({ data }: Cell): Generator<string> {
  const { spectrum, d, draw, spikes, signalGroup = 0 } = data;
  if (spectrum === 'flat' || !shapesNoise(data)) return;
  if (spectrum === 'power' && draw !== 'explicit') yield messages.powerLawNeedsExplicit();
  if (spectrum === 'list' && data.eigenvalues === 'none') return yield messages.listNeedsEigenvalues();
  if (spectrum === 'spiked' && spikes! >= d) return yield messages.spikesBeyond(spikes!, d);
  // A power law has d groups of one.
  const groups = spectrum === 'power' ? undefined : spectrumOf(data, d);
  if (groups && (multiplicity(groups) !== d || !Array.from(groups.counts).every((count) => count > 0)))
    return yield messages.eigenvaluesOf(data.eigenvalues!, multiplicity(groups), d);
  const count = groups?.counts.length ?? d;
  if (signalGroup > count) return yield messages.groupBeyond(signalGroup, count);
  const room = groups?.counts[signalPlace(data, count)] ?? 1;
  const signals = modelOf(data).signals(data);
  if (room < signals) yield messages.groupTooSmall(signals, room);
}

/** Parameters of the steps that cannot be together. */
function* stepsThatCannotBe({ data, training }: Cell): Generator<string> {
  const { batch, replacement, labelNoiseLaw, labelLow, labelHigh, rule, schedule, labelNoise, maxSteps } = training;
  if (batch > data.n && !replacement) yield messages.batchBeyondSample(batch, data.n);
  if (labelNoiseLaw === 'uniform' && labelLow >= labelHigh) yield messages.labelRange(labelLow, labelHigh);
  if (rule !== 'flow') return;
  if (batch > 0) yield messages.flowIsPlain('training.batch: 0');
  if (labelNoiseLaw !== 'turns' || labelNoise > 0) yield messages.flowIsPlain('no label noise');
  if (schedule !== 'constant') yield messages.flowIsPlain('training.schedule: constant');
  // Without room for one halving no run could be resolved.
  if (2 * maxSteps > MOST_FLOW_STEPS) yield messages.flowTooLong(maxSteps, MOST_FLOW_STEPS / 2);
}

/** Layers that cannot be together; those of a two-layer network always can. */
function* layersThatCannotBe({ data, network, test, engine }: Cell): Generator<string> {
  const { depth, widths, hiddenInit, frozen, m } = network;
  if (depth === 2) return;
  const listed = numbersIn(widths);
  if (listed.length > 0 && listed.length !== depth - 2) yield messages.widthsOfDepth(widths, depth - 2, depth);
  else if (hiddenInit === 'identity' && widthsOf(network, 2 * m).some((units) => units !== 2 * m))
    yield messages.identityNeedsWidth(2 * m);
  const beyond = numbersIn(frozen).find((layer) => layer >= depth);
  if (beyond !== undefined) yield messages.frozenBeyond(frozen, beyond, depth);
  if (network.output === 'trained-per-patch') yield messages.depthNeeds('network.output: fixed or trained');
  // Its v* is of two layers.
  if (network.v0Unit !== 'absolute') yield messages.depthNeeds('network.v0Unit: absolute');
  if (engine.includes('/')) yield messages.depthNeeds('engine: gram or direct');
  if (test.estimator === 'auto' && !modelOf(data).given) yield messages.depthNeeds('test.estimator: points or lines');
  if (test.estimator === 'lines' && network.activation === 'relu-power')
    yield messages.deepLinesNeedPieces(network.activation);
}

/** Largest size of the vectors of a run. */
const MOST_BYTES = 4e9;

/** Whether its points are those of a data set, so that its test error is counted on held-out ones. */
export const isGiven = ({ data }: Pick<Cell, 'data'>): boolean => modelOf(data).given === true;

/** Anchors of a run's sample: signals (as many as two are counted always) and noises. */
export const vectorsOf = (data: Cell['data']): number => Math.max(2, data.signals) + data.n * noisesOf(data);

/** Whether vectors are held coordinate by coordinate: as the cell asks, and where the points are given. */
export const isExplicit = (data: Cell['data']): boolean => data.draw === 'explicit' || modelOf(data).given === true;

/** Coordinates of a d-free draw, where the vectors have so many directions at most in each group of eigenvalues. */
export function freeWidth(data: Cell['data'], directions: number): number {
  const grouped = data.spectrum !== 'flat' && data.spectrum !== 'power';
  const groups = grouped ? spectrumOf(data, data.d).counts : [data.d];
  return Array.from(groups).reduce((sum, count) => sum + Math.min(count, directions), 0);
}

/** What the anchors, the filters and their products with the noises take, roughly. */
export function bytesOfVectors(
  { data, network, engine }: Pick<Cell, 'data' | 'network' | 'engine'>,
  explicit: boolean = isExplicit(data),
): number {
  const { d } = data;
  const { m } = network;
  const vectors = vectorsOf(data);
  const width = explicit ? d : freeWidth(data, vectors + 2 * m);
  // The direct engine has no products, and copies of its own of the points.
  const widths = widthsOf(network, 2 * m);
  // Weights, pulls, what a rule remembers.
  const above = widths.slice(1).reduce((sum, units, at) => sum + 3 * units * widths[at]!, 0);
  const products = vectors - Math.max(2, data.signals);
  return 8 * ((vectors + 2 * m) * (modelOf(data).given && engine === 'direct' ? 3 * width : width + products) + above);
}

/** Signal norm and noise scale of a cell, whatever its model calls them. */
export const signalAndNoise = ({ data }: Cell): { readonly mu: number; readonly sigmaP: number } =>
  modelOf(data).scales(data);

/** JSON with sorted keys and defaults omitted: equal cells have equal text, whatever the spec spelled out. */
export function canonicalCell(cell: Cell): string {
  return JSON.stringify(withoutDefaults(cell));
}

/** Versions of the parts of one's own, by id. */
export const versionOf = new Map<string, number>();

/** `mine/two-noises@1` for the id of a part of one's own: another version makes other cells. */
export const versioned = <T>(value: T): T | string => {
  const version = typeof value === 'string' ? versionOf.get(value) : undefined;
  return version === undefined ? value : `${String(value)}@${version}`;
};

/** The id without its version, where it is that of this thread's part; the value as it came otherwise. */
export function unversioned(value: Value): Value {
  const [, id, version] = (typeof value === 'string' && /^(.*)@(\d+)$/.exec(value)) || [];
  return id !== undefined && versionOf.get(id) === Number(version) ? id : value;
}

/** Plain forms by cell, like the ids. */
const plain = new WeakMap<Cell, Readonly<Record<string, unknown>>>();

/** The cell as a plain object with sorted keys and defaults omitted. The same object every time: do not change it. */
export function withoutDefaults(cell: Cell): Readonly<Record<string, unknown>> {
  let form = plain.get(cell);
  if (!form) plain.set(cell, (form = omitDefaults(cell)));
  return form;
}

export type Place = readonly [room: string, key: string | undefined];

/** A cell's paths, split, by path. */
export const places = ofNotation(
  (): ReadonlyMap<string, Place> =>
    new Map([...CELL_PARAMETERS.keys()].sort().map((path) => [path, path.split('.') as unknown as Place])),
);

function omitDefaults(cell: Cell): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [path, [room, key]] of places()) {
    const value = valueAt(cell, path);
    const written =
      path === ESTIMATOR &&
      (cell.data.noise === 'student-t' ||
        (cell.network.depth > 2 && !isGiven(cell)) ||
        leansOnNoise(cell.data.flipLaw));
    const standard = path === 'engine' ? standardEngine(cell.data) : PARAMETERS.get(path)!.entry.default;
    if (!written && value === standard) continue;
    if (key === undefined) out[room] = versioned(value);
    else ((out[room] ??= {}) as Record<string, unknown>)[key] = versioned(value);
  }
  return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The value at a path such as `data.d`; undefined for what is none of a cell's. */
export function valueAt(cell: Cell, path: string): Value {
  const [room, key] = places().get(path) ?? [path];
  const inner = (cell as unknown as Record<string, unknown>)[room];
  return (key === undefined ? inner : (inner as Record<string, unknown>)[key]) as Value;
}

/** Ids by cell: the runs of a cell share the object, and a cell never changes. */
const ids = new WeakMap<Cell, string>();

/** The id of a copy of a cell whose id is known: to hash it again costs as much as a tenth of a short run. */
export const keepId = (copy: Cell, id: string): void => void ids.set(copy, id);

/** First 16 hex digits of the SHA-256 of the canonical form. */
export function cellId(cell: Cell): string {
  let id = ids.get(cell);
  if (id === undefined) ids.set(cell, (id = bytesToHex(sha256(utf8ToBytes(canonicalCell(cell)))).slice(0, 16)));
  return id;
}

/** `<cell id>-<replicate>`. */
export const runId = (cell: string, replicate: number): string => `${cell}-${replicate}`;

/**
 * Whether f = 0 can have positive probability: a leaky network's output is continuous once a weight is not 0. Of an
 * activation of one's own nothing is known.
 */
export const mayBeZero = ({ network: { activation, init, sigma0, v0 } }: Cell): boolean =>
  activation === 'relu' ||
  activation === 'relu-power' ||
  activation.includes('/') ||
  (init === 'gaussian' && sigma0 === 0) ||
  v0 === 0;
