/**
 * Two-layer networks with filters shared over patches:
 *
 *   f(x) = scale * sum_r j_r * pool_s v_rs sigma(<w_r, x^(s)> + b_r),  j_r = +1 for r < m, -1 for m <= r < 2m
 *
 * with `pool` the sum or the mean over the patches. Kou et al. 2023, section 3, have v = 1 and fixed; Xu, Gu 2023,
 * section 2, random signs j_r; a trained v is that of Shang et al. 2024, reconstructed (their formula was not at hand).
 */
import { columnParts, freeIn, type FrameParts } from '../core/frame-parts.ts';
import { gaussianRows } from '../core/kernel-random.ts';
import { hasNaN } from '../core/linear-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import type { Activation, OwnActivation } from './activation.ts';
import {
  checkHidden,
  drawHidden,
  hiddenLayers,
  type HiddenInit,
  type HiddenLayers,
  type HiddenParameters,
  type LayerWeights,
} from './hidden.ts';

/** A network before its first step, without its weights. */
export interface Network {
  readonly activation: Activation;
  /** filters in all, 2m */
  readonly filters: number;
  /** layers between the filters and the output (hidden.ts); absent: a two-layer network */
  readonly hidden?: HiddenLayers;
  /**
   * output weights a_rs = j_r * outputUnit * v_rs before the first step: length R, one for all patches of a filter, or
   * R x patches, one for each patch; above hidden layers one for each unit of the last of them
   */
  readonly outputWeights: Float64Array;
  /**
   * output scale times the share of the pooling (above hidden layers, which have that share, without it): what multiplies
   * j_r v_rs, > 0; never trained
   */
  readonly outputUnit: number;
  /** whether v is trained beside the filters */
  readonly trainsOutput: boolean;
  /** class j_r = +-1 that filter r speaks for; above hidden layers unit r of the last of them */
  readonly classes: Float64Array;
  readonly bias: boolean;
}

/** What a spec says about the network. */
export interface NetworkParameters extends HiddenParameters {
  readonly activation: 'relu' | 'leaky-relu' | 'relu-power' | 'smoothed-leaky-relu';
  /** a user's, in place of these */
  readonly own?: OwnActivation;
  /** slope of the (smoothed) leaky ReLU on the negative side, in [0, 1) */
  readonly leak: number;
  /** power of relu-power: integer >= 2 */
  readonly power: number;
  /** H of the smoothed leaky ReLU, > 0; 1 when absent */
  readonly smoothing?: number;
  /** filters per class */
  readonly m: number;
  readonly pooling: 'sum' | 'mean';
  readonly outputScale: '1/m' | '1/sqrt(m)' | '1';
  readonly bias: boolean;
  /** signs j_r: +1 for the first m filters and -1 for the others (the default), Rademacher, or all alike */
  readonly outputSigns?: 'half' | 'random' | 'negative' | 'positive';
  /** fixed (the default); one trained v a filter, shared over its patches; or one a filter and patch */
  readonly output?: 'fixed' | 'trained' | 'trained-per-patch';
  /** v before the first step, > 0; 1 when absent */
  readonly v0?: number;
}

/**
 * A network from what a spec says, without its weights.
 *
 * @param patchesPerSample how many patches the pooling runs over
 * @param key gives random signs
 * @throws RangeError for random signs without a key
 */
export function buildNetwork(parameters: NetworkParameters, patchesPerSample: number, key?: StreamKey): Network {
  const { m, output = 'fixed', v0 = 1 } = parameters;
  const hidden = hiddenLayers(parameters, 2 * m, patchesPerSample);
  const units = hidden ? hidden.widths.at(-1)! : 2 * m;
  const half = units / 2;
  const scale = parameters.outputScale === '1' ? 1 : parameters.outputScale === '1/m' ? 1 / half : 1 / Math.sqrt(half);
  const weight = parameters.pooling === 'mean' && !hidden ? scale / patchesPerSample : scale;
  const classes = outputSigns(parameters.outputSigns ?? 'half', units, key);
  const columns = output === 'trained-per-patch' ? patchesPerSample : 1;
  return {
    activation: parameters.own ?? activationOf(parameters),
    filters: 2 * m,
    ...(hidden && { hidden }),
    outputWeights:
      columns === 1
        ? classes.map((j) => j * weight * v0)
        : Float64Array.from({ length: units * columns }, (_, at) => classes[Math.floor(at / columns)]! * weight * v0),
    outputUnit: weight,
    trainsOutput: output !== 'fixed',
    classes,
    bias: parameters.bias,
  };
}

function activationOf({ activation, leak, power, smoothing = 1 }: NetworkParameters): Activation {
  switch (activation) {
    case 'relu':
      return { kind: 'piecewise-linear', leak: 0 };
    case 'leaky-relu':
      return { kind: 'piecewise-linear', leak };
    case 'relu-power':
      return { kind: 'power', power };
    case 'smoothed-leaky-relu':
      return { kind: 'smoothed-leaky', leak, smoothing };
  }
}

/** j_r of the 2m filters, or of the units of the last hidden layer. */
function outputSigns(
  law: NetworkParameters['outputSigns'] & string,
  units: number,
  key: StreamKey | undefined,
): Float64Array {
  const signs = new Float64Array(units);
  switch (law) {
    case 'half':
      return signs.fill(1).fill(-1, Math.ceil(units / 2));
    case 'negative':
      return signs.fill(-1);
    case 'positive':
      return signs.fill(1);
    case 'random': {
      if (!key) throw new RangeError('random signs need a key');
      const stream = new Stream(key, 'init/signs');
      return signs.map(() => (stream.uniform() < 0.5 ? 1 : -1));
    }
  }
}

/** Weights before the first step, as coordinates in the sample's frame. */
export interface InitialWeights {
  /** columns: frame axes in use, those of the anchors first */
  readonly columns: number;
  /** filters x columns */
  readonly rows: Float64Array;
  /** length filters; zeros without a bias */
  readonly bias: Float64Array;
  /** layers 2, ..., L-1 of a network that has them */
  readonly hidden?: readonly LayerWeights[];
}

/** The law of the initial weights. */
export interface InitParameters {
  /**
   * gaussian: N(0, sigma0^2), bias 0; pytorch: U(-1/sqrt(d), 1/sqrt(d)) for weights and bias, explicit
   * vectors only; pytorch-gaussian: the Gaussian of the same variance 1/(3d), bias still uniform
   */
  readonly law: 'gaussian' | 'pytorch' | 'pytorch-gaussian';
  /** standard deviation of one weight under `gaussian` */
  readonly sigma0: number;
  /** of the layers above the filters */
  readonly hidden?: HiddenInit;
}

/**
 * Draws the initial weights in a frame of which `frame.used` axes are taken by the anchors.
 *
 * Explicit frame (used = ambient): d coordinates a row. Otherwise Bartlett's triangle goes on: on
 * the axes in use every coordinate is normal; filter r then has r normals on the axes that the
 * filters before it claimed, and chi(d - used - r) on one of its own, until d runs out. In a frame of parts each part
 * has such a triangle.
 *
 * @throws RangeError for `pytorch` on a frame that is not explicit: the uniform law is not rotation invariant
 */
export function drawInitialWeights(
  parameters: InitParameters,
  network: Network,
  frame: { readonly ambient: number; readonly used: number; readonly parts?: FrameParts },
  key: StreamKey,
): InitialWeights {
  const { ambient: d, used, parts } = frame;
  const { filters } = network;
  const columns = parts ? columnParts(parts, filters).length : Math.min(d, used + filters);
  if (parameters.law === 'pytorch' && used !== d)
    throw new RangeError('the uniform initialisation needs explicit vectors');
  const { sigma, bound } = initialSizes(parameters, d);
  const rows =
    parameters.law === 'pytorch'
      ? uniformRows(filters, d, bound, key)
      : parts && used < d
        ? rowsInParts(parts, filters, columns, sigma, key)
        : gaussianRows(
            {
              rows: filters,
              columns,
              ambient: d,
              first: used,
              scale: sigma,
              normals: 'init/weights',
              chis: 'init/chi',
            },
            key,
          );
  const bias = new Float64Array(filters);
  if (network.bias && bound > 0) {
    const stream = new Stream(key, 'init/bias');
    for (let r = 0; r < filters; r++) bias[r] = bound * (2 * stream.uniform() - 1);
  }
  if (!network.hidden) return { columns, rows, bias };
  const { hidden = { law: 'gaussian', gain: Math.SQRT2 } } = parameters;
  return { columns, rows, bias, hidden: drawHidden(hidden, network.hidden, key) };
}

/** As `gaussianRows`, part after part behind the axes in use. */
function rowsInParts(parts: FrameParts, filters: number, columns: number, sigma: number, key: StreamKey): Float64Array {
  const rows = new Float64Array(filters * columns);
  const free = freeIn(parts);
  for (let r = 0; r < filters; r++) {
    const normals = new Stream(key, 'init/weights', r);
    const chis = new Stream(key, 'init/chi', r);
    let to = r * columns;
    for (let k = 0; k < parts.of.length; k++) rows[to++] = sigma * normals.normal();
    for (const left of free) {
      const axes = Math.min(left, filters);
      const dense = Math.min(axes, r);
      for (let k = 0; k < dense; k++) rows[to + k] = sigma * normals.normal();
      if (dense < axes) rows[to + dense] = sigma * chis.chi(left - r);
      to += axes;
    }
  }
  return rows;
}

/** Standard deviation of a weight, and the largest bias: 0 where biases start at 0. */
export function initialSizes({ law, sigma0 }: InitParameters, d: number): { sigma: number; bound: number } {
  if (law === 'gaussian') return { sigma: sigma0, bound: 0 };
  const bound = 1 / Math.sqrt(d);
  return { sigma: bound / Math.sqrt(3), bound };
}

function uniformRows(filters: number, d: number, bound: number, key: StreamKey): Float64Array {
  const rows = new Float64Array(filters * d);
  for (let r = 0; r < filters; r++) {
    const stream = new Stream(key, 'init/weights', r);
    for (let k = 0; k < d; k++) rows[r * d + k] = bound * (2 * stream.uniform() - 1);
  }
  return rows;
}

/** Refuses a network that does not fit together. @throws RangeError with one sentence that names the place */
export function checkNetwork(network: Network): void {
  const { activation, filters, hidden, outputWeights, outputUnit, classes } = network;
  const refuse = (place: string, allowed: string, came: unknown): never => {
    throw new RangeError(`network.${place}: must be ${allowed}, got ${String(came)}`);
  };
  const leaks = (leak: number): void => {
    if (!(leak >= 0 && leak <= 1)) refuse('activation.leak', 'in [0, 1]', leak);
  };
  switch (activation.kind) {
    case 'piecewise-linear':
      leaks(activation.leak);
      break;
    case 'power':
      if (!(Number.isInteger(activation.power) && activation.power >= 2))
        refuse('activation.power', 'an integer >= 2', activation.power);
      break;
    case 'smoothed-leaky':
      leaks(activation.leak);
      if (!(activation.smoothing > 0)) refuse('activation.smoothing', '> 0', activation.smoothing);
      break;
    case 'own':
      if (activation.value(0) !== 0) refuse('activation.value(0)', '0', activation.value(0));
      break;
    default:
      refuse(
        'activation.kind',
        'one of piecewise-linear, power, smoothed-leaky, own',
        (activation as { readonly kind: unknown }).kind,
      );
  }
  if (!(Number.isInteger(filters) && filters >= 1)) refuse('filters', 'an integer >= 1', filters);
  if (hidden) checkHidden(hidden, filters);
  const units = hidden?.widths.at(-1) ?? filters;
  const columns = outputWeights.length / units;
  if (hidden && columns !== 1)
    refuse('outputWeights', `of length ${units}, one a unit of the last layer`, `length ${outputWeights.length}`);
  if (!(Number.isInteger(columns) && columns >= 1))
    refuse('outputWeights', `of length filters = ${filters}, or a multiple of it`, `length ${outputWeights.length}`);
  if (hasNaN(outputWeights)) refuse('outputWeights', 'numbers', NaN);
  if (!(outputUnit > 0)) refuse('outputUnit', '> 0', outputUnit);
  if (classes.length !== units)
    refuse('classes', hidden ? `of length ${units}` : `of length filters = ${filters}`, `length ${classes.length}`);
  const strange = classes.find((j) => j !== 1 && j !== -1);
  if (strange !== undefined) refuse('classes', '1 or -1', strange);
}
