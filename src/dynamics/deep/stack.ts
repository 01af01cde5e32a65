/**
 * What stands above the filters: one pass up, from the first layer's pre-activations to the outputs, and one down, from
 * the samples' errors to the pulls on every layer. N columns: a layer sees every patch by itself below the pooling, and
 * every sample once above it. The order of arithmetic is part of the record format, x_l = sigma(h_l):
 *
 *   h_l,jc = (sum over even u of W_ju x_uc) + (sum over odd u of W_ju x_uc) + b_j, x of the layer below
 *   pooled = share * (sum over the patches of a sample in order)
 *   f_i    = (sum over even u of a_u x_ui) + (sum over odd u of a_u x_ui)
 *
 * and down, e_i the error of sample i (the slope of its loss times its label and the step size per sample):
 *
 *   g_ui   = e_i a_u;                 da_u = (etaOutput * (c * c)) * (sum over i in order of e_i x_ui)
 *   g_uq   = share * g_ui             where patches are pooled
 *   D_l    = g sigma'(h_l);           dW_ju = sum over the columns in order of D_jc x_uc;   db_j likewise of D_jc
 *   g_uc   = (sum over even j of W_ju D_jc) + (sum over odd j of W_ju D_jc), for the layer below
 *
 * with products and sums rounded one by one. Layers that are not trained pull nothing, and the pass ends at the lowest
 * one that is.
 */
import { activate, activationSlope, type Activation } from '../../network/activation.ts';
import { columnsIn, outerProduct, product, rowsIn } from './products.ts';

/** The network above the filters. */
export interface StackShape {
  readonly activation: Activation;
  /** units of layers 1, ..., L-1 */
  readonly widths: readonly number[];
  readonly pool: 'first' | 'last';
  readonly share: number;
  readonly perSample: number;
}

/** Weights of layers 2, ..., L-1 and of the output. */
export interface StackWeights {
  /** units x units below, one a layer */
  readonly hidden: readonly Float64Array[];
  /** one a layer, length units */
  readonly biases: readonly Float64Array[];
  /** a_u, length units of layer L-1 */
  readonly output: Float64Array;
}

/** What a pass up leaves, of so many samples. */
export interface Pass {
  readonly samples: number;
  /** h_l of layers 1, ..., L-1, units x columns; the first is what the pass begins with */
  readonly preactivations: readonly Float64Array[];
  /** what layers 2, ..., L see, units x columns of that layer */
  readonly inputs: readonly Float64Array[];
  readonly outputs: Float64Array;
}

/** Whether layer `at` + 1 is pooled after its activation. */
export const pooledAfter = ({ pool, widths }: StackShape, at: number): boolean =>
  at === (pool === 'first' ? 0 : widths.length - 1);

/** Columns of the layers 1, ..., L-1 for so many samples. */
export const columnsOf = ({ widths, pool, perSample }: StackShape, samples: number): number[] =>
  widths.map((_, at) => (at === 0 || pool === 'last' ? samples * perSample : samples));

export function emptyPass(shape: StackShape, samples: number, first?: Float64Array): Pass {
  const columns = columnsOf(shape, samples);
  return {
    samples,
    preactivations: shape.widths.map((units, at) =>
      at === 0 && first ? first : new Float64Array(units * columns[at]!),
    ),
    inputs: shape.widths.map(
      (units, at) => new Float64Array(units * (pooledAfter(shape, at) ? samples : columns[at]!)),
    ),
    outputs: new Float64Array(samples),
  };
}

/** From the first layer's pre-activations in the pass to its outputs. */
export function passUp(shape: StackShape, { hidden, biases, output }: StackWeights, pass: Pass): void {
  const { activation, widths, share, perSample } = shape;
  const columns = columnsOf(shape, pass.samples);
  for (let at = 0; at < widths.length; at++) {
    const units = widths[at]!;
    const h = pass.preactivations[at]!;
    if (at > 0)
      product(rowsIn(hidden[at - 1]!, widths[at - 1]!), units, pass.inputs[at - 1]!, columns[at]!, h, biases[at - 1]);
    const x = pass.inputs[at]!;
    if (pooledAfter(shape, at)) pool(activation, h, x, perSample, share);
    else applied(activation, h, x);
  }
  const last = widths.length - 1;
  product(rowsIn(output, widths[last]!), 1, pass.inputs[last]!, pass.samples, pass.outputs);
}

/** x = sigma(h) */
function applied(activation: Activation, h: Float64Array, x: Float64Array): void {
  if (activation.kind === 'piecewise-linear') {
    const { leak } = activation;
    for (let k = 0; k < h.length; k++) x[k] = h[k]! > 0 ? h[k]! : leak * h[k]!;
  } else for (let k = 0; k < h.length; k++) x[k] = activate(activation, h[k]!);
}

/** x = share * the sum of sigma(h) over neighbours */
function pool(activation: Activation, h: Float64Array, x: Float64Array, perSample: number, share: number): void {
  for (let k = 0, q = 0; k < x.length; k++) {
    let sum = 0;
    for (const end = q + perSample; q < end; q++) sum += activate(activation, h[q]!);
    x[k] = share * sum;
  }
}

/** Where the pulls of a pass down go; what is absent is not trained. */
export interface StackPulls {
  readonly hidden: readonly (Float64Array | undefined)[];
  readonly biases: readonly (Float64Array | undefined)[];
  readonly output?: Float64Array | undefined;
  /** etaOutput times the square of the output unit */
  readonly outputRate: number;
  /** the changes of the first layer's pre-activations, R x patches; where it is trained */
  readonly first?: Float64Array | undefined;
}

/** Room for the derivatives by what the layers give, of one pass down. */
export interface Descent {
  /** by the pre-activations, units x columns */
  readonly layers: readonly Float64Array[];
  /** by what is pooled, units x samples */
  readonly pooled: Float64Array;
}

export function emptyDescent(shape: StackShape, samples: number): Descent {
  const { widths, pool } = shape;
  const columns = columnsOf(shape, samples);
  return {
    layers: widths.map((units, at) => new Float64Array(units * columns[at]!)),
    pooled: new Float64Array(widths[pool === 'first' ? 0 : widths.length - 1]! * samples),
  };
}

/** From the errors of the samples to the pulls, which it writes. */
export function passDown(
  shape: StackShape,
  weights: StackWeights,
  pass: Pass,
  error: Float64Array,
  pulls: StackPulls,
  { layers, pooled }: Descent,
): void {
  const { activation, widths, share, perSample } = shape;
  const n = pass.samples;
  const columns = columnsOf(shape, n);
  const last = widths.length - 1;
  if (pulls.output) pullOutput(pulls.output, pulls.outputRate, error, pass.inputs[last]!);
  let lowest = pulls.first ? 0 : 1;
  while (lowest > 0 && lowest <= last && !pulls.hidden[lowest - 1] && !pulls.biases[lowest - 1]) lowest++;
  if (lowest > last) return;
  const into = (at: number): Float64Array => (pooledAfter(shape, at) ? pooled : layers[at]!);
  weigh(into(last), error, weights.output);
  for (let at = last; ; at--) {
    const units = widths[at]!;
    const g = layers[at]!;
    if (pooledAfter(shape, at)) spread(pooled, perSample, share, g);
    timesSlope(activation, g, pass.preactivations[at]!);
    if (at === 0) {
      pulls.first!.set(g);
      return;
    }
    const below = widths[at - 1]!;
    const N = columns[at]!;
    const pullW = pulls.hidden[at - 1];
    const pullB = pulls.biases[at - 1];
    if (pullW) outerProduct(g, units, pass.inputs[at - 1]!, below, N, pullW);
    if (pullB) sumRows(g, N, pullB);
    if (at === lowest) return;
    product(columnsIn(weights.hidden[at - 1]!, units, below), below, g, N, into(at - 1));
  }
}

/** da_u = rate * (sum over i in order of e_i x_ui) */
function pullOutput(out: Float64Array, rate: number, error: Float64Array, x: Float64Array): void {
  const n = error.length;
  for (let u = 0; u < out.length; u++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += error[i]! * x[u * n + i]!;
    out[u] = rate * sum;
  }
}

/** g_ui = e_i a_u */
function weigh(g: Float64Array, error: Float64Array, output: Float64Array): void {
  const n = error.length;
  for (let u = 0; u < output.length; u++) for (let i = 0; i < n; i++) g[u * n + i] = error[i]! * output[u]!;
}

/** out_j = sum over the columns in order */
function sumRows(g: Float64Array, columns: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += g[j * columns + c]!;
    out[j] = sum;
  }
}

/** g = g sigma'(h) */
function timesSlope(activation: Activation, g: Float64Array, h: Float64Array): void {
  if (activation.kind === 'piecewise-linear') {
    const { leak } = activation;
    for (let k = 0; k < g.length; k++) g[k] = g[k]! * (h[k]! > 0 ? 1 : leak);
  } else for (let k = 0; k < g.length; k++) g[k] = g[k]! * activationSlope(activation, h[k]!);
}

/** Each column's share for all patches of its sample. */
function spread(g: Float64Array, perSample: number, share: number, out: Float64Array): void {
  for (let k = 0, q = 0; k < g.length; k++) for (const end = q + perSample; q < end; q++) out[q] = share * g[k]!;
}
