/**
 * Two-layer networks with filters shared over patches:
 *
 *   f(x) = scale * sum_r j_r * pool_s sigma(<w_r, x^(s)> + b_r),  j_r = +1 for r < m, -1 for m <= r < 2m
 *
 * with `pool` the sum or the mean over the patches. Kou et al. 2023, section 3.
 */
import { gaussianRows } from '../core/kernel-random.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import type { Activation } from './activation.ts';

export interface Network {
  readonly activation: Activation;
  /** filters in all, 2m */
  readonly filters: number;
  /** output weight of each filter; the output scale and the mean over patches are multiplied in */
  readonly outputWeights: Float64Array;
  /** class j_r = +-1 that filter r speaks for */
  readonly classes: Float64Array;
  readonly bias: boolean;
}

export interface NetworkParameters {
  readonly activation: 'relu' | 'leaky-relu' | 'relu-power';
  /** slope of the leaky ReLU on the negative side, in [0, 1) */
  readonly leak: number;
  /** power of relu-power: integer >= 2 */
  readonly power: number;
  /** filters per class */
  readonly m: number;
  readonly pooling: 'sum' | 'mean';
  readonly outputScale: '1/m' | '1/sqrt(m)' | '1';
  readonly bias: boolean;
}

/** @param patchesPerSample how many patches the pooling runs over */
export function buildNetwork(parameters: NetworkParameters, patchesPerSample: number): Network {
  const { m } = parameters;
  const scale = parameters.outputScale === '1' ? 1 : parameters.outputScale === '1/m' ? 1 / m : 1 / Math.sqrt(m);
  const weight = parameters.pooling === 'mean' ? scale / patchesPerSample : scale;
  const classes = new Float64Array(2 * m).fill(1).fill(-1, m);
  const activation: Activation =
    parameters.activation === 'relu-power'
      ? { kind: 'power', power: parameters.power }
      : { kind: 'piecewise-linear', leak: parameters.activation === 'leaky-relu' ? parameters.leak : 0 };
  return { activation, filters: 2 * m, outputWeights: classes.map((j) => j * weight), classes, bias: parameters.bias };
}

/** Weights before the first step, as coordinates in the sample's frame. */
export interface InitialWeights {
  /** columns: frame axes in use, those of the anchors first */
  readonly columns: number;
  /** filters x columns */
  readonly rows: Float64Array;
  /** length filters; zeros without a bias */
  readonly bias: Float64Array;
}

export interface InitParameters {
  /**
   * gaussian: N(0, sigma0^2), bias 0; pytorch: U(-1/sqrt(d), 1/sqrt(d)) for weights and bias, explicit
   * vectors only; pytorch-gaussian: the Gaussian of the same variance 1/(3d), bias still uniform
   */
  readonly law: 'gaussian' | 'pytorch' | 'pytorch-gaussian';
  /** standard deviation of one weight under `gaussian` */
  readonly sigma0: number;
}

/**
 * Draws the initial weights in a frame of which `frame.used` axes are taken by the anchors.
 *
 * Explicit frame (used = ambient): d coordinates a row. Otherwise Bartlett's triangle goes on: on
 * the axes in use every coordinate is normal; filter r then has r normals on the axes that the
 * filters before it claimed, and chi(d - used - r) on one of its own, until d runs out.
 *
 * @throws RangeError for `pytorch` on a frame that is not explicit: the uniform law is not rotation invariant
 */
export function drawInitialWeights(
  parameters: InitParameters,
  network: Network,
  frame: { readonly ambient: number; readonly used: number },
  key: StreamKey,
): InitialWeights {
  const { ambient: d, used } = frame;
  const { filters } = network;
  const columns = Math.min(d, used + filters);
  if (parameters.law === 'pytorch' && used !== d) throw new RangeError('the uniform initialisation needs explicit vectors');
  const bound = 1 / Math.sqrt(d);
  const sigma = parameters.law === 'gaussian' ? parameters.sigma0 : bound / Math.sqrt(3);
  const rows =
    parameters.law === 'pytorch'
      ? uniformRows(filters, d, bound, key)
      : gaussianRows({ rows: filters, columns, ambient: d, first: used, scale: sigma, normals: 'init/weights', chis: 'init/chi' }, key);
  const bias = new Float64Array(filters);
  if (network.bias && parameters.law !== 'gaussian') {
    const stream = new Stream(key, 'init/bias');
    for (let r = 0; r < filters; r++) bias[r] = bound * (2 * stream.uniform() - 1);
  }
  return { columns, rows, bias };
}

function uniformRows(filters: number, d: number, bound: number, key: StreamKey): Float64Array {
  const rows = new Float64Array(filters * d);
  for (let r = 0; r < filters; r++) {
    const stream = new Stream(key, 'init/weights', r);
    for (let k = 0; k < d; k++) rows[r * d + k] = bound * (2 * stream.uniform() - 1);
  }
  return rows;
}
