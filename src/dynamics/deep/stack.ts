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
const pooledAfter = ({ pool, widths }: StackShape, at: number): boolean =>
  at === (pool === 'first' ? 0 : widths.length - 1);

/** Columns of the layers 1, ..., L-1 for so many samples. */
const columnsOf = ({ widths, pool, perSample }: StackShape, samples: number): number[] =>
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
      multiply(hidden[at - 1]!, units, widths[at - 1]!, pass.inputs[at - 1]!, columns[at]!, h, biases[at - 1]!);
    const x = pass.inputs[at]!;
    if (pooledAfter(shape, at)) pool(activation, h, x, perSample, share);
    else applied(activation, h, x);
  }
  const last = widths.length - 1;
  multiply(output, 1, widths[last]!, pass.inputs[last]!, pass.samples, pass.outputs, NONE);
}

const NONE = new Float64Array(1);

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

/** out = A B + b, A rows x inner, B inner x columns, in two interleaved partial sums. */
function multiply(
  a: Float64Array,
  rows: number,
  inner: number,
  b: Float64Array,
  columns: number,
  out: Float64Array,
  bias: Float64Array,
): void {
  const odd = new Float64Array(columns);
  for (let j = 0; j < rows; j++) {
    const to = j * columns;
    out.fill(0, to, to + columns);
    odd.fill(0);
    let u = 0;
    for (; u + 1 < inner; u += 2) {
      const [even, other] = [a[j * inner + u]!, a[j * inner + u + 1]!];
      const from = u * columns;
      for (let c = 0; c < columns; c++) {
        out[to + c] = out[to + c]! + even * b[from + c]!;
        odd[c] = odd[c]! + other * b[from + columns + c]!;
      }
    }
    if (u < inner) {
      const even = a[j * inner + u]!;
      for (let c = 0; c < columns; c++) out[to + c] = out[to + c]! + even * b[u * columns + c]!;
    }
    const offset = bias[j]!;
    for (let c = 0; c < columns; c++) out[to + c] = out[to + c]! + odd[c]! + offset;
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

/** From the errors of the samples to the pulls, which it writes. */
export function passDown(
  shape: StackShape,
  weights: StackWeights,
  pass: Pass,
  error: Float64Array,
  pulls: StackPulls,
): void {
  const { activation, widths, share, perSample } = shape;
  const n = pass.samples;
  const columns = columnsOf(shape, n);
  const last = widths.length - 1;
  if (pulls.output) {
    const x = pass.inputs[last]!;
    for (let u = 0; u < widths[last]!; u++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += error[i]! * x[u * n + i]!;
      pulls.output[u] = pulls.outputRate * sum;
    }
  }
  let lowest = pulls.first ? 0 : 1;
  while (lowest > 0 && lowest <= last && !pulls.hidden[lowest - 1] && !pulls.biases[lowest - 1]) lowest++;
  if (lowest > last) return;
  let g = new Float64Array(widths[last]! * n);
  for (let u = 0; u < widths[last]!; u++) for (let i = 0; i < n; i++) g[u * n + i] = error[i]! * weights.output[u]!;
  for (let at = last; at >= lowest; at--) {
    const units = widths[at]!;
    if (pooledAfter(shape, at)) g = spread(g, perSample, share);
    const h = pass.preactivations[at]!;
    for (let k = 0; k < g.length; k++) g[k] = g[k]! * activationSlope(activation, h[k]!);
    if (at === 0) {
      pulls.first!.set(g);
      return;
    }
    const below = widths[at - 1]!;
    const N = columns[at]!;
    const x = pass.inputs[at - 1]!;
    const pullW = pulls.hidden[at - 1];
    const pullB = pulls.biases[at - 1];
    for (let j = 0; j < units; j++) {
      if (pullW)
        for (let u = 0; u < below; u++) {
          let sum = 0;
          for (let c = 0; c < N; c++) sum += g[j * N + c]! * x[u * N + c]!;
          pullW[j * below + u] = sum;
        }
      if (pullB) {
        let sum = 0;
        for (let c = 0; c < N; c++) sum += g[j * N + c]!;
        pullB[j] = sum;
      }
    }
    if (at > lowest) g = multiplyTransposed(weights.hidden[at - 1]!, units, below, g, N);
  }
}

/** Each column's share for all patches of its sample. */
function spread(g: Float64Array, perSample: number, share: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(g.length * perSample);
  for (let k = 0, q = 0; k < g.length; k++) for (const end = q + perSample; q < end; q++) out[q] = share * g[k]!;
  return out;
}

/** Aᵀ B, A rows x inner, B rows x columns, in two interleaved partial sums over the rows. */
function multiplyTransposed(
  a: Float64Array,
  rows: number,
  inner: number,
  b: Float64Array,
  columns: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(inner * columns);
  const odd = new Float64Array(columns);
  for (let u = 0; u < inner; u++) {
    const to = u * columns;
    odd.fill(0);
    let j = 0;
    for (; j + 1 < rows; j += 2) {
      const [even, other] = [a[j * inner + u]!, a[(j + 1) * inner + u]!];
      const from = j * columns;
      for (let c = 0; c < columns; c++) {
        out[to + c] = out[to + c]! + even * b[from + c]!;
        odd[c] = odd[c]! + other * b[from + columns + c]!;
      }
    }
    if (j < rows) {
      const even = a[j * inner + u]!;
      for (let c = 0; c < columns; c++) out[to + c] = out[to + c]! + even * b[j * columns + c]!;
    }
    for (let c = 0; c < columns; c++) out[to + c] = out[to + c]! + odd[c]!;
  }
  return out;
}
