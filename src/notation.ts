/**
 * Every symbol, once: name, glyph, meaning, range, unit, default, and the letter each paper uses.
 *
 * Flags, spec checks, axis labels and the table in docs/notation.md are all read from here.
 */

/** A set of numbers; open ends are excluded. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly openMin?: boolean;
  readonly openMax?: boolean;
  readonly integer?: boolean;
}

interface SymbolBase {
  readonly glyph: string;
  readonly meaning: string;
  /** '' for pure numbers */
  readonly unit?: string;
  /** the letter in a paper, where it differs from the glyph */
  readonly letters?: Readonly<Record<string, string>>;
}

/** A number that a spec sets. */
export interface NumberParameter extends SymbolBase {
  readonly kind: 'number';
  /** where it stands in a spec */
  readonly path: string;
  readonly range: Range;
  /** absent: the spec must give it */
  readonly default?: number;
  /** figures name it also at its default; those without a default they always name */
  readonly named?: true;
}

/** A choice that a spec makes. */
export interface ChoiceParameter extends SymbolBase {
  readonly kind: 'choice';
  readonly path: string;
  readonly choices: readonly (string | boolean)[];
  /** further words that a spec may write, which mean something else there (spec-read.ts) */
  readonly aliases?: readonly string[];
  readonly default: string | boolean;
  /** figures name it also at its default */
  readonly named?: true;
}

/** A text that a spec gives. */
export interface TextParameter extends SymbolBase {
  readonly kind: 'text';
  readonly path: string;
  /** what the whole of it matches */
  readonly pattern: RegExp;
  /** the same in words: `64 hexadecimal digits` */
  readonly form: string;
  /** absent: the spec must give it */
  readonly default?: string;
  /** figures name it also at its default */
  readonly named?: true;
}

/** What a spec sets. */
export type Parameter = NumberParameter | ChoiceParameter | TextParameter;

/** A number that a run or a table gives. */
export interface Measured extends SymbolBase {
  readonly kind: 'measured';
  /** where every value lies, but for rounding; absent: any finite number */
  readonly range?: Range;
}

export type SymbolEntry = Parameter | Measured;

const positive: Range = { min: 0, max: Infinity, openMin: true, openMax: true };
const nonNegative: Range = { min: 0, max: Infinity, openMax: true };
const share: Range = { min: 0, max: 1 };
const count = (min: number, max = 1e9): Range => ({ min, max, integer: true });

/** What a run or a table gives: any finite number; one that is not negative; a share. */
const measured = (
  glyph: string,
  meaning: string,
  more: Omit<Measured, 'kind' | 'glyph' | 'meaning'> = {},
): Measured => ({
  kind: 'measured',
  glyph,
  meaning,
  ...more,
});
const amount: typeof measured = (glyph, meaning, more) => measured(glyph, meaning, { range: nonNegative, ...more });
const fraction: typeof measured = (glyph, meaning, more) => measured(glyph, meaning, { range: share, ...more });

/** Layers of the deepest network, the output's counted. */
export const MOST_LAYERS = 10;
type Layer = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;
type BelowOutput = Exclude<Layer, 10>;
const LAYERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const satisfies readonly Layer[];
const BELOW_OUTPUT = LAYERS.slice(0, -1) as readonly BelowOutput[];
const below = (layer: number): string => [...String(layer)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');

/** A measured symbol for each layer: `layerNorm1`, `layerNorm2`, ... */
const ofLayers = <Name extends string, L extends Layer>(
  name: Name,
  layers: readonly L[],
  entry: (layer: L) => Measured,
): Readonly<Record<`${Name}${L}`, Measured>> =>
  Object.fromEntries(layers.map((layer) => [`${name}${layer}`, entry(layer)])) as Record<`${Name}${L}`, Measured>;

const STANDARD = {
  // ---- data
  model: {
    kind: 'choice',
    path: 'data.model',
    glyph: 'model',
    meaning: 'data model',
    choices: ['signal-noise', 'feature-noise', 'mixture', 'unit-norm-mixture', 'xor', 'xor-mixture', 'dataset'],
    default: 'signal-noise',
    named: true,
  },
  n: { kind: 'number', path: 'data.n', glyph: 'n', meaning: 'number of training points', range: count(1, 100000) },
  d: {
    kind: 'number',
    path: 'data.d',
    glyph: 'd',
    meaning: 'dimension of one patch',
    range: count(2, 1e12),
    letters: { 'xu-gu-2023': 'p' },
  },
  mu: { kind: 'number', path: 'data.mu', glyph: '‖μ‖', meaning: 'norm of the signal', range: nonNegative },
  share: {
    kind: 'number',
    path: 'data.share',
    glyph: 'γₛ',
    meaning: 'share of the signal in the squared norm of an input (model: unit-norm-mixture)',
    range: { min: 0, max: 1, openMax: true },
    default: 0.1,
    named: true,
    letters: { 'karhadkar-2024': 'γ' },
  },
  cosine: {
    kind: 'number',
    path: 'data.cosine',
    glyph: 'cos θ',
    meaning: 'cosine of the angle between the two signals (models: xor, xor-mixture)',
    range: { min: 0, max: 1, openMax: true },
    default: 0,
    named: true,
  },
  featureNoise: {
    kind: 'number',
    path: 'data.featureNoise',
    glyph: 'α_f',
    meaning: 'feature noise: the noise patch also carries -α_f times the signal of the point (model: feature-noise)',
    range: nonNegative,
    default: 0,
    named: true,
    letters: { 'tang-2025': 'α' },
  },
  patches: {
    kind: 'number',
    path: 'data.patches',
    glyph: 'P',
    meaning:
      'patches of a point: one with the signal, each of the others with a noise of its own (model: signal-noise)',
    range: count(2, 1000),
    default: 2,
  },
  signals: {
    kind: 'number',
    path: 'data.signals',
    glyph: 'K',
    meaning: 'orthogonal signals of norm ‖μ‖, of which a point shows one, each equally likely (model: signal-noise)',
    range: count(1, 1000),
    default: 1,
  },
  positive: {
    kind: 'number',
    path: 'data.positive',
    glyph: 'π₊',
    meaning: 'probability that a true label is +1 (all models but dataset)',
    range: { min: 0, max: 1, openMin: true, openMax: true },
    default: 0.5,
  },
  labels: {
    kind: 'choice',
    path: 'data.labels',
    glyph: 'labels',
    meaning:
      'true training labels: each +1 with probability π₊, or π₊ n of them (rounded) in random order (model: feature-noise)',
    choices: ['random', 'balanced'],
    default: 'random',
  },
  sigmaP: {
    kind: 'number',
    path: 'data.sigmaP',
    glyph: 'σ_p',
    meaning: 'noise standard deviation per coordinate',
    range: nonNegative,
    default: 1,
  },
  content: {
    kind: 'text',
    path: 'data.content',
    glyph: 'content',
    meaning: 'SHA-256 of the points and labels (model: dataset)',
    pattern: /^[0-9a-f]{64}$/,
    form: '64 hexadecimal digits; left out beside files:',
  },
  classes: {
    kind: 'text',
    path: 'data.classes',
    glyph: 'classes',
    meaning: 'labels of the class +1, then those of the class −1 (model: dataset)',
    pattern: /^[\w.+-]+(,[\w.+-]+)*\/[\w.+-]+(,[\w.+-]+)*$/,
    form: 'two classes such as 0/1, or two groups of them such as 0,2/1,3',
    named: true,
  },
  rows: {
    kind: 'choice',
    path: 'data.rows',
    glyph: 'rows',
    meaning: 'how training and held-out points are drawn: as many of each class, or from both together',
    choices: ['stratified', 'as-is'],
    default: 'stratified',
    named: true,
  },
  heldOut: {
    kind: 'number',
    path: 'data.heldOut',
    glyph: 'held out',
    meaning: 'points that are kept for the test error (model: dataset)',
    range: count(1, 1e6),
    default: 1000,
    named: true,
  },
  divisor: {
    kind: 'number',
    path: 'data.divisor',
    glyph: 'divisor',
    meaning: 'what every number of a data set is divided by (model: dataset)',
    range: positive,
    default: 1,
    named: true,
  },
  centring: {
    kind: 'choice',
    path: 'data.centring',
    glyph: 'centring',
    meaning: 'what is taken off every point: nothing, or the mean of the training points (model: dataset)',
    choices: ['none', 'mean'],
    default: 'none',
    named: true,
  },
  layout: {
    kind: 'choice',
    path: 'data.layout',
    glyph: 'layout',
    meaning:
      'patches of a point: one vector, squares of an image, middle and noisy border, or itself and a patch of noise',
    choices: ['vector', 'squares', 'noisy-border', 'noise-patch'],
    default: 'vector',
    named: true,
  },
  side: {
    kind: 'number',
    path: 'data.side',
    glyph: 'side',
    meaning: 'side of a square patch (layout: squares)',
    range: count(1, 10000),
    default: 7,
    unit: 'pixels',
    named: true,
  },
  border: {
    kind: 'number',
    path: 'data.border',
    glyph: 'border',
    meaning: 'width of the noisy border (layout: noisy-border)',
    range: count(1, 10000),
    default: 5,
    unit: 'pixels',
    named: true,
  },
  projected: {
    kind: 'choice',
    path: 'data.projected',
    glyph: 'projected',
    meaning: 'noise projected orthogonally to the signal',
    choices: [true, false],
    default: true,
  },
  noise: {
    kind: 'choice',
    path: 'data.noise',
    glyph: 'noise',
    meaning:
      'law of the noise, of covariance σ_p² I: Gaussian, multivariate t, or independent coordinates; sparse: N(0, σ_p²) in s random coordinates, 0 in the others',
    choices: ['gaussian', 'student-t', 'rademacher', 'uniform', 'sparse'],
    default: 'gaussian',
  },
  sparsity: {
    kind: 'number',
    path: 'data.sparsity',
    glyph: 's',
    meaning: 'coordinates of a noise that are not 0 (noise: sparse)',
    range: count(1),
    default: 1,
    named: true,
  },
  nu: {
    kind: 'number',
    path: 'data.nu',
    glyph: 'ν',
    meaning: 'degrees of freedom (noise: student-t)',
    range: count(3, 1000),
    default: 5,
    named: true,
  },
  spectrum: {
    kind: 'choice',
    path: 'data.spectrum',
    glyph: 'spectrum',
    meaning:
      'eigenvalues λ of the noise covariance σ_p² diag(λ): all 1, λ_k ∝ k^(-a) (power, or octaves: k rounded down to a power of 2), some larger than the others (spiked), each with mean 1; or those of a list, as given (noise: gaussian, student-t)',
    choices: ['flat', 'power', 'octaves', 'spiked', 'list'],
    default: 'flat',
  },
  exponent: {
    kind: 'number',
    path: 'data.exponent',
    glyph: 'a_λ',
    meaning: 'a of eigenvalues λ_k ∝ k^(-a), k = 1, …, d (spectrum: power, octaves)',
    range: nonNegative,
    default: 1,
    named: true,
  },
  spikes: {
    kind: 'number',
    path: 'data.spikes',
    glyph: 'spikes',
    meaning: 'number of large eigenvalues (spectrum: spiked)',
    range: count(1),
    default: 1,
    named: true,
  },
  spikeSize: {
    kind: 'number',
    path: 'data.spikeSize',
    glyph: 'spike size',
    meaning: 'a large eigenvalue over one of the others (spectrum: spiked)',
    range: { ...positive, max: 1e12, openMax: false },
    default: 10,
    named: true,
  },
  eigenvalues: {
    kind: 'text',
    path: 'data.eigenvalues',
    glyph: 'eigenvalues',
    meaning: 'λ with their multiplicities, which add up to d; * is the rest (spectrum: list)',
    pattern: /^(none|\d+(\.\d+)?(e[+-]?\d+)?x([1-9]\d{0,12}|\*)(,\d+(\.\d+)?(e[+-]?\d+)?x([1-9]\d{0,12}|\*))*)$/,
    default: 'none',
    form: 'groups of eigenvalue x multiplicity such as 4x10,1x990 or 4x10,1x*, or none',
    named: true,
  },
  signalGroup: {
    kind: 'number',
    path: 'data.signalGroup',
    glyph: 'signal group',
    meaning:
      'group of equal eigenvalues whose eigenspace holds the signal, numbered from 1 in the order of the spectrum; 0: the last (spectrum: power, octaves, spiked, list)',
    range: count(0),
    default: 0,
    named: true,
  },
  flip: {
    kind: 'number',
    path: 'data.flip',
    glyph: 'p',
    meaning:
      'label flip probability, of training labels (flipLaw: probability) and of test labels; the mean one of both under the laws by-class (of two equally likely classes), by-norm and by-margin',
    range: { min: 0, max: 0.5, openMax: true },
    default: 0,
    named: true,
    letters: { 'xu-gu-2023': 'η', 'frei-2022': 'η' },
  },
  flipLaw: {
    kind: 'choice',
    path: 'data.flipLaw',
    glyph: 'flip law',
    meaning:
      'how training labels are flipped: each with probability p, exactly k of them, k by an adversary, or each with p (1 + s e), e by its class, the length of its noise or its margin, and test labels likewise',
    choices: ['probability', 'exact', 'adversarial', 'by-class', 'by-norm', 'by-margin'],
    default: 'probability',
  },
  flipTilt: {
    kind: 'number',
    path: 'data.flipTilt',
    glyph: 's_p',
    meaning:
      'tilt of the flip law, s: probabilities from p(1 − s) to p(1 + s); above 0 the class +1, long noises or small margins are flipped more (flipLaw: by-class, by-norm, by-margin)',
    range: { min: -1, max: 1 },
    default: 0.5,
    named: true,
  },
  flips: {
    kind: 'number',
    path: 'data.flips',
    glyph: 'k',
    meaning: 'number of flipped training labels (flipLaw: exact, adversarial)',
    range: count(0, 100000),
    default: 0,
    named: true,
  },
  sigmaY: {
    kind: 'number',
    path: 'data.sigmaY',
    glyph: 'σ_y',
    meaning:
      'standard deviation of real labels: a training point is told y + σ_y ε, ε standard normal, y = ±1 its true label (loss: squared)',
    range: { min: 0, max: 1e6 },
    default: 0,
  },
  adversary: {
    kind: 'choice',
    path: 'data.adversary',
    glyph: 'adversary',
    meaning: 'how the adversary picks the flipped labels',
    choices: ['largest-norm', 'one-class', 'aligned'],
    default: 'largest-norm',
    named: true,
  },
  draw: {
    kind: 'choice',
    path: 'data.draw',
    glyph: 'draw',
    meaning: 'vectors drawn in law (cost free of d) or coordinate by coordinate',
    choices: ['d-free', 'explicit'],
    default: 'd-free',
  },
  // ---- network
  activation: {
    kind: 'choice',
    path: 'network.activation',
    glyph: 'σ',
    meaning: 'activation',
    choices: ['relu', 'leaky-relu', 'relu-power', 'smoothed-leaky-relu'],
    default: 'relu',
    named: true,
  },
  leak: {
    kind: 'number',
    path: 'network.leak',
    glyph: 'α',
    meaning: 'slope of the leaky ReLU on the negative side, smoothed or not',
    range: { min: 0, max: 1, openMax: true },
    default: 0.1,
    named: true,
    letters: { 'frei-2022': 'γ' },
  },
  power: {
    kind: 'number',
    path: 'network.power',
    glyph: 'q',
    meaning: 'power of relu-power',
    range: count(2, 10),
    default: 3,
    named: true,
  },
  smoothing: {
    kind: 'number',
    path: 'network.smoothing',
    glyph: 'H',
    meaning: 'rounding of the kink, over |h| <= 1/H (activation: smoothed-leaky-relu)',
    range: positive,
    default: 1,
    named: true,
  },
  m: {
    kind: 'number',
    path: 'network.m',
    glyph: 'm',
    meaning: 'filters per class (2m in all)',
    range: count(1, 100000),
  },
  depth: {
    kind: 'number',
    path: 'network.depth',
    glyph: 'L',
    meaning: 'number of layers: filters over the patches, L − 2 hidden layers, and the output layer',
    range: count(2, MOST_LAYERS),
    default: 2,
  },
  width: {
    kind: 'number',
    path: 'network.width',
    glyph: 'width',
    meaning: 'units of each layer between the filters and the output (depth: 3 or more); 0: as many as filters, 2m',
    range: count(0, 10000),
    default: 0,
    named: true,
  },
  widths: {
    kind: 'text',
    path: 'network.widths',
    glyph: 'widths',
    meaning: 'units of the layers 2, …, L − 1, where they are not all alike (depth: 3 or more)',
    pattern: /^(none|[1-9]\d{0,4}(,[1-9]\d{0,4})*)$/,
    form: 'one number a layer such as 40,20, or none',
    default: 'none',
    named: true,
  },
  pool: {
    kind: 'choice',
    path: 'network.pool',
    glyph: 'pooled after',
    meaning:
      'where patches are pooled: after the activation of the filters, or of the last hidden layer, all below it then seeing each patch by itself (depth: 3 or more)',
    choices: ['first', 'last'],
    default: 'first',
    named: true,
  },
  hiddenInit: {
    kind: 'choice',
    path: 'network.hiddenInit',
    glyph: 'hidden initialisation',
    meaning: 'initial weights of the layers 2, …, L − 1: Gaussian, or the unit matrix (depth: 3 or more)',
    choices: ['gaussian', 'identity'],
    default: 'gaussian',
    named: true,
  },
  gain: {
    kind: 'number',
    path: 'network.gain',
    glyph: 'gain',
    meaning:
      'standard deviation of an initial weight of the layers 2, …, L − 1 times √(units of the layer below) (hiddenInit: gaussian)',
    range: nonNegative,
    default: Math.SQRT2,
    named: true,
  },
  frozen: {
    kind: 'text',
    path: 'network.frozen',
    glyph: 'frozen',
    meaning: 'layers of 1, …, L − 1 that are not trained (depth: 3 or more); the output layer has network.output',
    pattern: /^(none|[1-9](,[1-9])*)$/,
    form: 'one number a layer such as 2 or 1,3, or none',
    default: 'none',
    named: true,
  },
  pooling: {
    kind: 'choice',
    path: 'network.pooling',
    glyph: 'pooling',
    meaning: 'sum or mean over the patches',
    choices: ['sum', 'mean'],
    default: 'sum',
  },
  outputScale: {
    kind: 'choice',
    path: 'network.outputScale',
    glyph: 'output scale',
    meaning: 'factor of the output layer',
    choices: ['1/m', '1/sqrt(m)', '1'],
    default: '1/m',
  },
  outputSigns: {
    kind: 'choice',
    path: 'network.outputSigns',
    glyph: 'j_r',
    meaning: 'signs of the output weights: +1 for m filters and -1 for m, Rademacher, or all alike',
    choices: ['half', 'random', 'negative', 'positive'],
    default: 'half',
    letters: { 'xu-gu-2023': 'a_j' },
  },
  output: {
    kind: 'choice',
    path: 'network.output',
    glyph: 'output layer',
    meaning: 'output weights v fixed, one trained a filter, or one trained a filter and patch',
    choices: ['fixed', 'trained', 'trained-per-patch'],
    default: 'fixed',
  },
  v0: {
    kind: 'number',
    path: 'network.v0',
    glyph: 'v_0',
    meaning: 'output weight before the first step (times its sign, the output scale and the pooling)',
    range: positive,
    default: 1,
  },
  v0Unit: {
    kind: 'choice',
    path: 'network.v0Unit',
    glyph: 'unit of v_0',
    meaning: 'absolute, or in units of v* = n^(1/4) m^(-1/2) σ_p^(-1/2) d^(-1/4)',
    choices: ['absolute', 'v*'],
    default: 'absolute',
  },
  bias: {
    kind: 'choice',
    path: 'network.bias',
    glyph: 'bias',
    meaning: 'one trained bias per filter',
    choices: [true, false],
    default: false,
  },
  init: {
    kind: 'choice',
    path: 'network.init',
    glyph: 'initialisation',
    meaning: 'law of the initial weights',
    choices: ['gaussian', 'pytorch', 'pytorch-gaussian'],
    default: 'gaussian',
  },
  sigma0: {
    kind: 'number',
    path: 'network.sigma0',
    glyph: 'σ_0',
    meaning: 'standard deviation of an initial weight (init: gaussian)',
    range: nonNegative,
    default: 0.01,
    named: true,
    letters: { 'xu-gu-2023': 'ω_init' },
  },
  sigma0Unit: {
    kind: 'choice',
    path: 'network.sigma0Unit',
    glyph: 'unit of σ_0',
    meaning: 'absolute, or in units of 1/(σ_p √d)',
    choices: ['absolute', '1/(sigmaP*sqrt(d))'],
    default: 'absolute',
  },
  // ---- training
  loss: {
    kind: 'choice',
    path: 'training.loss',
    glyph: 'ℓ',
    meaning: 'loss of a margin z: log(1 + e^−z), max(0, 1 − z), or (1 − z)², which is (y − f)², also of real labels y',
    choices: ['logistic', 'hinge', 'squared'],
    default: 'logistic',
    named: true,
  },
  reduction: {
    kind: 'choice',
    path: 'training.reduction',
    glyph: 'reduction',
    meaning: 'training objective: mean or sum of the losses',
    choices: ['mean', 'sum'],
    default: 'mean',
  },
  eta: {
    kind: 'number',
    path: 'training.eta',
    glyph: 'η',
    meaning: 'step size',
    range: positive,
    default: 0.1,
    named: true,
    letters: { 'xu-gu-2023': 'α', 'frei-2022': 'α' },
  },
  etaUnit: {
    kind: 'choice',
    path: 'training.etaUnit',
    glyph: 'unit of η',
    meaning:
      'absolute, or in units of n m/(σ_p² d), of that times 1 - β for rules with momentum, or of n/(4 σ_p² d m max(v_0, v*)²)',
    choices: ['absolute', 'n*m/(sigmaP^2*d)', '(1-momentum)*n*m/(sigmaP^2*d)', 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)'],
    default: 'absolute',
  },
  etaOutput: {
    kind: 'number',
    path: 'training.etaOutput',
    glyph: 'η_v/η',
    meaning: 'step size of a trained output layer over that of the filters',
    range: positive,
    default: 1,
    named: true,
  },
  labelNoise: {
    kind: 'number',
    path: 'training.labelNoise',
    glyph: 'p_t',
    meaning: 'label noise: probability that a label is turned in one step (labelNoiseLaw: turns)',
    range: { min: 0, max: 0.5, openMax: true },
    default: 0,
    letters: { 'huang-2025': 'p' },
  },
  labelNoiseLaw: {
    kind: 'choice',
    path: 'training.labelNoiseLaw',
    glyph: 'law of label noise',
    meaning: 'factors of the labels inside the loss, drawn anew in each step: -1 or 1, N(mean, sd²), or uniform',
    choices: ['turns', 'gaussian', 'uniform'],
    default: 'turns',
  },
  labelMean: {
    kind: 'number',
    path: 'training.labelMean',
    glyph: 'mean of ε',
    meaning: 'mean of a Gaussian label factor',
    range: { min: -Infinity, max: Infinity, openMin: true, openMax: true },
    default: 1,
    named: true,
  },
  labelSd: {
    kind: 'number',
    path: 'training.labelSd',
    glyph: 'sd of ε',
    meaning: 'standard deviation of a Gaussian label factor',
    range: positive,
    default: 1,
    named: true,
  },
  labelLow: {
    kind: 'number',
    path: 'training.labelLow',
    glyph: 'least ε',
    meaning: 'least value of a uniform label factor',
    range: { min: -Infinity, max: Infinity, openMin: true, openMax: true },
    default: -1,
    named: true,
  },
  labelHigh: {
    kind: 'number',
    path: 'training.labelHigh',
    glyph: 'largest ε',
    meaning: 'largest value of a uniform label factor',
    range: { min: -Infinity, max: Infinity, openMin: true, openMax: true },
    default: 2,
    named: true,
  },
  rule: {
    kind: 'choice',
    path: 'training.rule',
    glyph: 'step rule',
    meaning:
      'how a gradient becomes a step: gradient descent, heavy ball (momentum), Nesterov, normalised descent, sharpness-aware (sam), sign descent, Adam, AdamW, or gradient flow',
    choices: ['descent', 'momentum', 'nesterov', 'normalised', 'sam', 'sign', 'adam', 'adamw', 'flow'],
    aliases: ['sgd'],
    default: 'descent',
  },
  momentum: {
    kind: 'number',
    path: 'training.momentum',
    glyph: 'β',
    meaning: 'heavy ball and Nesterov: share of the velocity that each step keeps',
    range: { min: 0, max: 1, openMax: true },
    default: 0.9,
    named: true,
  },
  radius: {
    kind: 'number',
    path: 'training.radius',
    glyph: 'ρ_SAM',
    meaning: 'sharpness-aware: how far up the gradient the gradient is taken',
    range: nonNegative,
    default: 0.05,
    named: true,
    letters: { 'chen-2023': 'τ' },
  },
  ascent: {
    kind: 'choice',
    path: 'training.ascent',
    glyph: 'way up',
    meaning: 'sharpness-aware: up by ρ g/‖g‖, or by ρ g',
    choices: ['normalised', 'unnormalised'],
    default: 'normalised',
  },
  beta1: {
    kind: 'number',
    path: 'training.beta1',
    glyph: 'β_1',
    meaning: 'Adam: share of the first moment that each step keeps',
    range: { min: 0, max: 1, openMax: true },
    default: 0.9,
    named: true,
  },
  beta2: {
    kind: 'number',
    path: 'training.beta2',
    glyph: 'β_2',
    meaning: 'Adam: share of the second moment that each step keeps',
    range: { min: 0, max: 1, openMax: true },
    default: 0.999,
    named: true,
  },
  adamEpsilon: {
    kind: 'number',
    path: 'training.adamEpsilon',
    glyph: 'ε_A',
    meaning: 'Adam: added to the root of the corrected second moment',
    range: positive,
    default: 1e-8,
    named: true,
  },
  flowTolerance: {
    kind: 'number',
    path: 'training.flowTolerance',
    glyph: 'flow tolerance',
    meaning: 'gradient flow: change of the training outputs, over max(1, max |f|), at which halving η ends',
    range: positive,
    default: 1e-3,
    named: true,
  },
  batch: {
    kind: 'number',
    path: 'training.batch',
    glyph: 'B',
    meaning: 'samples that pull in one step; 0: all (rule: sgd is descent with a batch)',
    range: count(0, 100000),
    default: 0,
  },
  replacement: {
    kind: 'choice',
    path: 'training.replacement',
    glyph: 'replacement',
    meaning: 'batches drawn with replacement, or epoch by epoch through all samples',
    choices: [true, false],
    default: false,
  },
  weightDecay: {
    kind: 'number',
    path: 'training.weightDecay',
    glyph: 'λ',
    meaning: 'weight decay of all that is trained',
    range: nonNegative,
    default: 0,
  },
  decay: {
    kind: 'choice',
    path: 'training.decay',
    glyph: 'decay',
    meaning: 'weight decay in the gradient that the rule sees, or beside its step',
    choices: ['coupled', 'decoupled'],
    default: 'coupled',
  },
  schedule: {
    kind: 'choice',
    path: 'training.schedule',
    glyph: 'schedule',
    meaning: 'step size over time: constant, rising to η (warm-up), dropping (step), or half a cosine down to 0',
    choices: ['constant', 'warm-up', 'step', 'cosine'],
    default: 'constant',
  },
  scheduleSteps: {
    kind: 'number',
    path: 'training.scheduleSteps',
    glyph: 'T_s',
    meaning: 'steps of the warm-up, between two drops, or of the cosine',
    unit: 'steps',
    range: count(1),
    default: 100,
    named: true,
  },
  scheduleFactor: {
    kind: 'number',
    path: 'training.scheduleFactor',
    glyph: 'drop',
    meaning: 'what each drop multiplies the step size by (schedule: step)',
    range: { min: 0, max: 1, openMin: true },
    default: 0.1,
    named: true,
  },
  stop: {
    kind: 'choice',
    path: 'training.stop',
    glyph: 'stop rule',
    meaning: 'when training ends',
    choices: ['steps', 'loss', 'zero-error', 'zero-loss'],
    default: 'steps',
    named: true,
  },
  epsilon: {
    kind: 'number',
    path: 'training.epsilon',
    glyph: 'ε',
    meaning: 'mean training loss at which training ends (stop: loss)',
    range: positive,
    default: 0.01,
    named: true,
  },
  maxSteps: {
    kind: 'number',
    path: 'training.maxSteps',
    glyph: 'T',
    meaning: 'number of gradient steps (stop: steps), or their cap',
    unit: 'steps',
    range: count(0, 1e9),
    default: 100,
    named: true,
  },
  maxEpochs: {
    kind: 'number',
    path: 'training.maxEpochs',
    glyph: 'epochs',
    meaning: 'maxSteps in epochs of ⌈n/B⌉ steps each, in its place; 0: maxSteps as it stands',
    unit: 'epochs',
    range: count(0, 1e9),
    default: 0,
  },
  // ---- test error
  estimator: {
    kind: 'choice',
    path: 'test.estimator',
    glyph: 'estimator',
    meaning:
      'line sampling, plain Monte Carlo (the default with noise: student-t, and flipLaw: by-norm or by-margin), or whatever reaches the wanted precision',
    choices: ['lines', 'points', 'auto'],
    default: 'lines',
  },
  lines: {
    kind: 'number',
    path: 'test.lines',
    glyph: 'lines',
    meaning: 'lines per random shift',
    range: count(1, 4096),
    default: 8,
  },
  shifts: {
    kind: 'number',
    path: 'test.shifts',
    glyph: 'shifts',
    meaning: 'independent random shifts',
    range: count(2, 1024),
    default: 8,
  },
  points: {
    kind: 'number',
    path: 'test.points',
    glyph: 'points',
    meaning: 'test points of plain Monte Carlo',
    range: count(2, 1e9),
    default: 1000,
    named: true,
  },
  precision: {
    kind: 'number',
    path: 'test.precision',
    glyph: 'precision',
    meaning: 'wanted standard error of the clean test error over its value (estimator: auto)',
    range: { min: 1e-4, max: 1 },
    default: 0.05,
  },
  // ---- the experiment
  engine: {
    kind: 'choice',
    path: 'engine',
    glyph: 'engine',
    meaning:
      'gradient descent in the span of the anchors (gram; gram-frozen and gram-incremental make the same steps with fewer operations), or on the vectors themselves (direct; of a data set standard where n > 3 d or n > 4000)',
    choices: ['gram', 'direct', 'gram-frozen', 'gram-incremental'],
    default: 'gram',
  },
  coupling: {
    kind: 'choice',
    path: 'coupling',
    glyph: 'coupling',
    meaning: 'whether cells draw independently or share their draws',
    choices: ['independent', 'common'],
    default: 'independent',
  },
  runs: {
    kind: 'number',
    path: 'runs',
    glyph: 'runs',
    meaning: 'independent runs a cell; beside precision the most that a cell gets',
    range: count(1, 1e9),
    default: 10,
  },
  of: {
    kind: 'choice',
    path: 'precision.of',
    glyph: 'of',
    meaning: 'error whose mean over runs is to be known',
    choices: ['testError', 'testErrorClean', 'trainError'],
    default: 'testError',
  },
  halfWidth: {
    kind: 'number',
    path: 'precision.halfWidth',
    glyph: 'h',
    meaning: 'wanted half-width of the interval for the mean',
    range: { min: 0, max: 0.5, openMin: true, openMax: true },
  },
  confidence: {
    kind: 'number',
    path: 'precision.confidence',
    glyph: '1 − α',
    meaning: 'confidence of the interval, at all looks at once',
    range: { min: 0, max: 1, openMin: true, openMax: true },
    default: 0.95,
  },
  minRuns: {
    kind: 'number',
    path: 'precision.minRuns',
    glyph: 'least runs',
    meaning: 'runs with a value that a cell has in any case',
    range: count(1),
    default: 20,
  },
  seed: {
    kind: 'number',
    path: 'seed',
    glyph: 'seed',
    meaning: 'seed of every random stream',
    range: count(0, Number.MAX_SAFE_INTEGER),
    default: 1,
  },
  // ---- measured
  testError: fraction('test error', 'error on fresh points against observed labels (floor p)'),
  testErrorSe: amount(
    'SE of test error',
    'standard error of the test error: of the mean over runs in a cell, of the estimator in one run',
  ),
  testErrorClean: fraction('clean test error', 'error on fresh points against true labels (floor 0)'),
  testErrorCleanSe: amount('SE of clean test error', 'standard error of the clean test error'),
  excessRisk: amount('excess risk', 'E[(f(x) − y)²] over fresh points, y = ±1 the true label (loss: squared)'),
  risk: amount(
    'risk',
    'expected squared loss of a fresh point with an observed label: the excess risk and, of real labels, σ_y²',
  ),
  testErrorPlus: fraction('e₊', 'clean test error on fresh points of the class +1'),
  testErrorMinus: fraction('e₋', 'clean test error on fresh points of the class −1'),
  excess: measured('excess error', 'test error against observed labels less its floor p'),
  zeroOutput: fraction(
    'P(f = 0)',
    'probability that the output is exactly 0 on a fresh point, which is wrong for either label; in a record where it is not 0',
  ),
  benign: fraction('benign', 'every training label fitted and clean test error at most .1: share of runs'),
  harmful: fraction('harmful', 'every training label fitted and clean test error above .1: share of runs', {
    letters: { 'george-2023': 'overfitting' },
  }),
  nonOverfitting: fraction(
    'non-overfitting',
    'clean training labels fitted, a flipped one not, clean test error at most .1: share of runs',
  ),
  testErrorCleanMedian: fraction(
    'median of clean test error',
    'median over the runs of a cell of the clean test error',
  ),
  testErrorCleanQ90: fraction(
    '0.9-quantile of clean test error',
    '0.9-quantile over the runs of a cell of the clean test error: nine runs in ten do better',
  ),
  errorExponent: amount('−log error', 'minus the logarithm of the clean test error of a run'),
  trainLoss: amount('training loss', 'mean loss over the training points'),
  lossMax: amount('max ℓ_i', 'largest loss of a training point'),
  trainLossSe: amount('SE of training loss', 'standard error of the training loss over the runs of a cell'),
  trainError: fraction(
    'training error',
    'fraction of observed training labels not fitted; of real ones those whose sign the output does not have',
  ),
  noisyLoss: amount(
    'loss under label noise',
    'mean training loss expected over the labels that a step sees (training.labelNoise)',
  ),
  trainLossClean: amount('loss of clean samples', 'mean loss over the training points whose label was not flipped'),
  trainLossFlipped: amount('loss of flipped samples', 'mean loss over the training points whose label was flipped'),
  trainErrorClean: fraction('training error of clean samples', 'fraction of unflipped training labels not fitted'),
  trainErrorFlipped: fraction(
    'training error of flipped samples',
    'fraction of flipped training labels not fitted: 1 when each is classified by its true label',
  ),
  marginMin: measured('min y f', 'smallest margin y_i f(x_i)'),
  marginMax: measured('max y f', 'largest margin y_i f(x_i)'),
  derivativeRatio: amount('max ℓ′/min ℓ′', 'largest ratio of two loss derivatives'),
  gamma: measured('γ', 'signal coefficient, mean over filters'),
  rhoBar: measured('ρ̄', 'noise coefficient where y_i = j, mean over filters and samples'),
  rhoUnder: measured('ρ̲', 'noise coefficient where y_i = −j, mean over filters and samples'),
  ratio: measured('Σγ/Σρ̄', 'signal over noise coefficients, summed over filters and samples'),
  activeFraction: fraction('active fraction', 'fraction of positive pre-activations'),
  vSignal: amount('v_1', 'output weight on the signal patch, mean of |v| over filters'),
  vNoise: amount('v_2', 'output weight on the noise patch, mean of |v| over filters'),
  wNorm: amount('‖w‖', 'norm of a filter, mean over filters'),
  layerRatio: amount('‖w‖/‖v‖', 'norm of a filter over the norm of its output weights, mean over filters'),
  balanceDrift: amount('Δ(‖w‖² − ‖v‖²)', 'largest change since the start, over filters, of what gradient flow keeps'),
  vChange: amount('‖V−V_0‖/‖V_0‖', 'relative change of the output weights since the start'),
  wChange: amount('‖W−W_0‖/‖W_0‖', 'relative change of the filters since the start'),
  noiseResponse: measured(
    '⟨w,ξ⟩/v_2',
    'response to a training noise over its output weight, mean over active pairs with y_i = j',
  ),
  responseRatio: measured(
    '⟨w,ξ⟩/(v_2 σ_p √(d/n))',
    'response to a training noise over its output weight, in units of σ_p √(d/n)',
  ),
  ...ofLayers('layerNorm', LAYERS, (l) =>
    amount(`‖W${below(l)}‖`, `Frobenius norm of layer ${l}, biases left out; of the output layer that of v`),
  ),
  ...ofLayers('layerGap', BELOW_OUTPUT, (l) =>
    measured(
      `‖W${below(l)}‖² − ‖W${below(l + 1)}‖²`,
      `squared norm of layer ${l} less that of layer ${l + 1}: gradient flow keeps it between trained layers without biases`,
    ),
  ),
  ...ofLayers('layerChange', LAYERS, (l) =>
    amount(`‖ΔW${below(l)}‖/‖W${below(l)}‖`, `relative change of layer ${l} since the start, in Frobenius norms`),
  ),
  ...ofLayers('layerActive', BELOW_OUTPUT, (l) =>
    fraction(
      `active${below(l)}`,
      `share of the pairs (unit of layer ${l}, what it sees of a sample) with a positive pre-activation`,
    ),
  ),
  layerIdentity: amount(
    'layer identity',
    'how far steps are from Δ(‖W_l‖² − ‖W_{l+1}‖²) = ‖ΔW_l‖² − ‖ΔW_{l+1}‖² over ‖W_l‖² + ‖W_{l+1}‖², the largest over all steps and trained neighbours: 0 up to rounding under descent',
  ),
  weightNorm: amount('‖W‖_F', 'Frobenius norm of the first layer'),
  normalizedMargin: measured('min y f/‖W‖_F', 'smallest margin over the norm of the first layer'),
  kktTurn: measured(
    '1 − cos(W, −∇L)',
    'how far the first layer points away from its own descent direction: 0 at a KKT direction of the network’s max-margin problem',
  ),
  kktSlackness: measured(
    'KKT slackness',
    'mean margin under the loss’s slopes over the least margin, less 1: 0 where only the least margins pull',
  ),
  limitGap: measured(
    '1 − margin/limit',
    'share that the normalised margin lacks of the largest that the present activation patterns allow: tends to 0 while they last',
  ),
  limitTurn: measured(
    '1 − cos(W, W*)',
    'how far the first layer points away from the max-margin solution W* of the present activation patterns',
  ),
  limitBroken: fraction(
    'patterns that W* breaks',
    'fraction of the pre-activations on whose other side of 0 the solution W* lies: 0 where it is a KKT point',
  ),
  maxMarginNorm: amount('‖w*‖', 'norm of the max-margin linear classifier with margins 1'),
  marginFactor: measured('M̂', '‖W‖_F √(2m)/‖w*‖: how nearly the network maximises the margin'),
  maxMarginError: fraction('error of max-margin', 'exact clean test error of the max-margin linear classifier'),
  averagingError: fraction(
    'error of averaging',
    'exact clean test error of the averaging classifier Σ y_i x_i (noisy patches of one law summed)',
  ),
  minimumNormError: fraction(
    'error of minimum norm',
    'exact clean test error of the least-squares solution of least norm on the observed labels',
  ),
  nearestMeanError: fraction(
    'error of nearest mean',
    'exact clean test error of the classifier by the nearer mean of the training points of each observed label',
  ),
  bayesError: fraction('Bayes error', 'least clean test error of any rule'),
  bayesErrorNoisy: fraction('noisy Bayes error', 'least test error of any rule against observed labels'),
  movement: amount('‖ΔW‖/‖W(0)‖', 'relative movement of the first layer'),
  kernelChange: amount('‖ΔK‖/‖K(0)‖', 'relative change of the tangent kernel'),
  died: measured(
    'deaths',
    'units that go inactive from one step to the next on a sample of their own sign (y_i = j_r), summed over the steps',
    { range: count(0) },
  ),
  inputMin: amount('min ‖x_i‖', 'smallest norm of a training input'),
  inputMax: amount('max ‖x_i‖', 'largest norm of a training input'),
  startMax: amount('max ‖w_r(0)‖', 'largest norm of an initial filter'),
  patternChange: fraction('changed patterns', 'fraction of pre-activations on the other side of 0 than at the start'),
  lazyError: fraction(
    'error of the linearisation',
    'clean test error of the network linearised at its start and trained alike',
  ),
  lazyDifference: measured('linearisation − network', 'difference of the two clean test errors on common points'),
  // ---- measured, for the lemmas over trajectories; "the entry" is that of a series, and covers all steps since the
  // one before
  decompositionResidual: amount(
    '‖w − Σ‖',
    'distance of a filter from its signal-noise decomposition, relative, largest over filters',
  ),
  gammaMin: measured('min γ', 'least signal coefficient over filters'),
  gammaMax: measured('max γ', 'largest signal coefficient over filters'),
  rhoBarLearnt: measured(
    'min ρ̄ (active)',
    'least ρ̄ over the pairs (filter, sample) with y_i = j that were active at the start',
  ),
  towardsReference: measured(
    '⟨W−W_0, V⟩/‖V‖²',
    'way made along V, V_r = Σ_i 1(y_i = j) ξ_i/‖ξ_i‖², as a multiple of V',
  ),
  referenceNorm: amount('‖V‖_F', 'norm of V, V_r = Σ_i 1(y_i = j) ξ_i/‖ξ_i‖²'),
  rhoBarMax: measured('max ρ̄', 'largest noise coefficient where y_i = j'),
  rhoUnderMin: measured('min ρ̲', 'least noise coefficient where y_i = −j'),
  rhoBarDrop: amount('fall of ρ̄', 'largest fall of a ρ̄ in one step since the last entry'),
  rhoUnderRise: amount('rise of ρ̲', 'largest rise of a ρ̲ in one step since the last entry'),
  learntStep: amount(
    'T_1',
    'first step at which every ρ̄ whose pair (filter, sample) was active at the start is at least 2',
    { unit: 'steps' },
  ),
  activationLost: fraction(
    'put out since 0',
    'fraction of the pairs (filter, sample) with y_i = j active at the start that are not active, largest since the last entry',
  ),
  activationLostStep: fraction(
    'put out',
    'fraction of the active pairs (filter, sample) with y_i = j that one step puts out, largest since the last entry',
  ),
  growthMin: measured(
    'min Δ(yf)/g',
    'least growth of a margin in one step over η‖a‖²σ_p²d g_i/n, since the last entry',
  ),
  growthMax: measured(
    'max Δ(yf)/g',
    'largest growth of a margin in one step over η‖a‖²σ_p²d g_i/n, since the last entry',
  ),
  decrementMin: measured(
    'min −Δℓ/g²',
    'least fall of a sample’s loss in one step over η‖a‖²σ_p²d g_i²/n, since the last entry',
  ),
  decrementMax: measured(
    'max −Δℓ/g²',
    'largest fall of a sample’s loss in one step over η‖a‖²σ_p²d g_i²/n, since the last entry',
  ),
  lossTime: amount('max ℓ_i t', 'largest loss of a sample times t η‖a‖²σ_p²d/n, since the last entry'),
  stepLength: amount(
    'max ‖Δw‖',
    'largest movement of a filter in one step over η|a|σ_p(d/n)^{1/2} times the mean loss derivative, since the last entry',
  ),
  normGrowth: measured(
    'max Δ‖W‖²',
    'largest growth of ‖W‖_F² in one step over the step size times the sum of the loss derivatives, since the last entry',
  ),
  alignmentGrowth: measured(
    'min ΔF',
    'least growth of F = Σ j⟨w, w*⟩ in one step over 2m times the step size times the sum of the loss derivatives, since the last entry',
  ),
  slopeSum: amount(
    'Σ|F^{(t)}|',
    'sum over the steps so far of the loss derivatives; for the hinge, of the number of samples inside the margin',
  ),
  signalGrowth: measured(
    'min j⟨Δw, μ⟩',
    'least growth since the start of a filter along the signal over η|a|‖μ‖² times the sum over steps of the mean loss derivative',
  ),
  meanMarginGrowth: measured(
    'E[yf]/ΣĜ',
    'mean margin on fresh points over η‖a‖²‖μ‖² times the sum over steps of the mean loss derivative',
  ),
  meanMargin: measured('E[yf]', 'mean margin y f(x) on fresh points, true labels'),
  concentrationBound: amount(
    'concentration bound',
    'upper bound on the clean test error from the mean margin and Σ|a|‖w‖',
  ),
  alignmentBound: amount(
    'alignment bound',
    'upper bound on the clean test error from the outputs without noise and ‖Z‖_F',
  ),
  errorFloor: amount('alignment floor', 'lower bound on the clean test error from the linear classifier Σ a_r w_r'),
  noisePart: amount('‖Z‖_F', 'norm of what the noise sees of the filters, times their output weights'),
  noisePartLinear: amount('‖z_lin‖', 'norm of what the noise sees of the linear classifier Σ a_r w_r'),
  noiseSingularMin: amount('σ_n(N)', 'least singular value of the n × d matrix of the training noises over σ_p√d'),
  noiseSingularMax: amount('σ_1(N)', 'largest singular value of the n × d matrix of the training noises over σ_p√d'),
  interpolatorSignal: amount(
    '‖μ/‖μ‖² + 2N†u‖',
    'norm of the interpolator made of the signal and the noises of the wrong labels',
  ),
  interpolatorNoise: amount('‖N†y‖', 'norm of the interpolator made of the noises alone'),
  noiseNormMin: amount('min ‖ξ‖²', 'least squared norm of a training noise over σ_p²d'),
  noiseNormMax: amount('max ‖ξ‖²', 'largest squared norm of a training noise over σ_p²d'),
  noiseOverlap: amount('max |⟨ξ_i, ξ_k⟩|', 'largest inner product of two training noises over σ_p²d^{1/2}'),
  signalOverlap: amount('max |⟨μ, ξ⟩|', 'largest inner product of signal and training noise over σ_p‖μ‖'),
  initialSignal: amount('max |⟨w_0, μ⟩|', 'largest product of an initial filter with the signal over ‖μ‖'),
  initialNoise: amount('max |⟨w_0, ξ⟩|', 'largest product of an initial filter with a training noise over σ_p d^{1/2}'),
  ownFiltersMin: fraction(
    'min |S_i|',
    'least share, over samples, of the filters with j = y_i active on their noise at the start',
  ),
  ownSamplesMin: fraction(
    'min |S_jr|',
    'least share, over filters, of the samples with y_i = j on whose noise they are active at the start',
  ),
  initialOutput: amount('max |f_0|', 'largest output on the training sample before the first step'),
  flowHalvings: measured('halvings', 'how often gradient flow halved η until the outputs stayed', { range: count(0) }),
  flowDifference: amount(
    'flow difference',
    'change of the training outputs by the last halving of η, over max(1, max |f|)',
  ),
  slidingShare: fraction(
    'sliding',
    'share of the pairs (filter, patch) that go to and fro across their kink in the 256 steps that follow (rule: flow)',
  ),
  flipped: measured('flipped', 'number of training labels that are wrong', { range: count(0) }),
  step: measured('t', 'time', { range: count(0), unit: 'steps' }),
  steps: measured('steps', 'gradient steps made', { range: count(0), unit: 'steps' }),
  fitted: fraction(
    'fitted',
    'fraction of runs that fit every training label; real ones when the training loss is at most ε',
  ),
  diverged: measured('diverged', 'number of runs that diverged; they enter no mean', { range: count(0) }),
  S: amount('n‖μ‖⁴/(σ_p⁴d)', 'control parameter of the transition'),
  SNR: amount('‖μ‖/(σ_p√d)', 'signal-to-noise ratio'),
  noiseTrace: amount('tr(Σ)', 'trace of the noise covariance Σ = σ_p² diag(λ) before projection'),
  noiseTraceSquare: amount('tr(Σ²)', 'trace of the square of the noise covariance Σ before projection'),
  noisyPatches: measured('P − 1', 'noises of a point (model: signal-noise)', { range: count(1) }),
  noiseNorm: amount('‖Σ‖', 'largest eigenvalue of the noise covariance Σ before projection'),
  traceS: amount('n‖μ‖⁴/tr(Σ²)', 'control parameter by the trace of Σ²: S where the spectrum is flat'),
  normS: amount('n‖μ‖⁴/(‖Σ‖ tr(Σ))', 'control parameter by norm and trace of Σ: S where the spectrum is flat'),
  averagingArgument: measured(
    'averaging argument',
    'argument x of the averaging classifier’s clean error Φ(−x), x = (1 − 2k/n)‖μ‖²/√(tr(Σ²)/n + (1 − 2k/n)² μᵀΣμ), k the wrong training labels, or their mean; without the second term of the root where signal and noise are apart, with (P − 1)² tr(Σ²) for several noises, and for K signals as docs/model.md has it',
  ),
  kappa: measured('κ', 'free constant of the critical curve ‖μ‖ = (κσ_p⁴d/n)^{1/4}'),
} as const satisfies Record<string, SymbolEntry>;

export type StandardId = keyof typeof STANDARD;
/** Of a symbol that a lab has put beside the standard ones (`declareSymbol`): `mine/spread`. */
export type OwnId = `${string}/${string}`;
/** What a spec may choose at a parameter of notation: the shelves have an entry for each. */
export type ChoiceOf<Id extends StandardId> = (typeof STANDARD)[Id] extends { readonly choices: readonly (infer C)[] }
  ? C
  : never;
/** A symbol of notation, or one of a part of one's own. */
export type SymbolId = StandardId | OwnId;

/** Something of some symbols. */
export type BySymbol<T> = { [id in StandardId]?: T } & { [id in OwnId]: T };

/**
 * Every symbol by id: glyph and meaning, and of a parameter its path, range, unit and default; the standard ones and
 * those that labs of this thread have declared.
 */
export const SYMBOLS: typeof STANDARD & Readonly<Record<OwnId, SymbolEntry>> = STANDARD;

/** Symbols that are measured and not set. */
export type MeasuredId = {
  [id in StandardId]: (typeof STANDARD)[id]['kind'] extends 'measured' ? id : never;
}[StandardId];

/** A point in parameter space, as theory sees it. */
export type Setting = BySymbol<number>;

/** A glyph as a factor of a product: `(P − 1)`. */
export function factorGlyph(id: SymbolId): string {
  const { glyph } = SYMBOLS[id] as SymbolEntry;
  return /^[^(]* [−+] /.test(glyph) ? `(${glyph})` : glyph;
}

/** A product of powers: the exponent of each symbol. */
export type Powers = Readonly<BySymbol<number>>;

/** All symbols as plain entries. */
export const symbolEntries = (): [SymbolId, SymbolEntry][] => Object.entries(SYMBOLS) as [SymbolId, SymbolEntry][];

type Parameters = Map<string, { readonly id: SymbolId; readonly entry: Parameter }>;
const parameters: Parameters = new Map(
  symbolEntries().flatMap(([id, entry]) => (entry.kind === 'measured' ? [] : [[entry.path, { id, entry }]])),
);
const cellParameters: Parameters = new Map(
  [...parameters].filter(
    ([path]) => !['runs', 'seed', 'training.maxEpochs'].includes(path) && !path.startsWith('precision.'),
  ),
);

/** The parameters that a spec can set, by path. */
export const PARAMETERS: ReadonlyMap<string, { id: SymbolId; entry: Parameter }> = parameters;

/** Those of them that make a cell: the others say how often each is run, or its steps in other words. */
export const CELL_PARAMETERS: typeof PARAMETERS = cellParameters;

/** Symbols and choices that were declared. */
let declared = 0;

/** Puts a symbol beside the standard ones. @throws RangeError where its id or its path is taken by another */
export function declareSymbol(id: OwnId, entry: SymbolEntry): void {
  if (Object.hasOwn(SYMBOLS, id)) throw new RangeError(`the symbol ${id} is there already`);
  if (entry.kind !== 'measured') {
    if (PARAMETERS.has(entry.path)) throw new RangeError(`${entry.path}: this parameter is there already`);
    parameters.set(entry.path, { id, entry });
    cellParameters.set(entry.path, { id, entry });
  }
  (SYMBOLS as Record<string, SymbolEntry>)[id] = entry;
  declared++;
}

/** Puts a choice beside the standard ones of a parameter such as `data.model`. @param path of a choice */
export function declareChoice(path: string, id: OwnId): void {
  (PARAMETERS.get(path)!.entry as { choices: readonly (string | boolean)[] }).choices = [
    ...(PARAMETERS.get(path)!.entry as ChoiceParameter).choices,
    id,
  ];
  declared++;
}

/** What follows from the notation: computed when it is asked for, and anew once the notation has grown. */
export function ofNotation<T>(compute: () => T): () => T {
  let [known, at]: [T | undefined, number] = [undefined, -1];
  return () => {
    if (at !== declared) [known, at] = [compute(), declared];
    return known as T;
  };
}

/**
 * A path from a path, a symbol's name or its letter (`data.flip`, `flip` or `p`), or the last part of a path where one
 * alone has it; undefined when there is none.
 */
export function parameterPath(name: string): string | undefined {
  if (PARAMETERS.has(name)) return name;
  const named = [...PARAMETERS].filter(([path]) => path.endsWith(`.${name}`));
  const entry =
    (SYMBOLS as Record<string, SymbolEntry>)[name] ??
    (named.length === 1 ? named[0]![1].entry : undefined) ??
    symbolEntries()
      .map(([, one]) => one)
      .find((one) => one.kind === 'number' && one.glyph === name);
  return entry && entry.kind !== 'measured' ? entry.path : undefined;
}

/** Title of an axis: glyph and the first words of the meaning, up to the first bracket, comma or colon. */
export function axisLabel(id: SymbolId): string {
  const { glyph, meaning, unit } = SYMBOLS[id] as SymbolEntry;
  const short = meaning.split(/ \(|[,:;]/)[0]!;
  const bracket = unit ? ` [${unit}]` : '';
  return glyph === short || short.startsWith(`${glyph} `) ? `${glyph}${bracket}` : `${glyph}, ${short}${bracket}`;
}

/** A range in words: `in [0, 0.5)`, `an integer >= 1`. */
export function describeRange({ min, max, openMin, openMax, integer }: Range): string {
  const start = integer ? 'an integer ' : '';
  if (max === Infinity) return `${start}${openMin ? '> ' : '>= '}${min}`;
  return `${start}in ${openMin ? '(' : '['}${min}, ${max}${openMax ? ')' : ']'}`;
}

export function inRange(value: number, { min, max, openMin, openMax, integer }: Range): boolean {
  if (!Number.isFinite(value) || (integer && !Number.isInteger(value))) return false;
  return (openMin ? value > min : value >= min) && (openMax ? value < max : value <= max);
}
