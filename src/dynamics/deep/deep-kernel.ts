/**
 * Descent of deep networks in WebAssembly, filters in the span of the anchors: the same order of arithmetic as run.ts
 * with in-span.ts, so the same bits.
 */
import { codes, layout, sizes } from '../../core/kernel.layout.ts';
import { LARGEST } from '../../core/kernel.ts';
import { allFinite, productTransposed } from '../../core/kernel-algebra.ts';
import { Struct, type Pointer, type Scalar } from '../../core/kernel-struct.ts';
import type { LayeredView, Problem, Run } from '../engine.ts';
import { headOfWeights } from '../gram.ts';
import { PulledLoop } from '../pulled-loop.ts';
import { descent } from '../steps/rule.ts';
import { termsByAnchor } from '../terms-by-anchor.ts';
import { DeepKernelView, type DeepArrays, type Rows } from './deep-kernel-view.ts';
import { columnsOf, pooledAfter, type StackShape } from './stack.ts';

const { Form, Shape } = codes;
const { Deep, DeepLayer } = layout;

/**
 * The run in the kernel; undefined for rules other than descent, weight decay, losses other than logistic and hinge,
 * users' activations, more numbers than linear memory holds, and where a skipped zero term would show: beyond the
 * floating-point range.
 */
export function startInKernel(problem: Problem): Run<LayeredView> | undefined {
  const { sample, network, loss, rule = descent, decay } = problem;
  const { hidden, activation } = network;
  if (!hidden || !rule.isPull || decay || (loss !== 'logistic' && loss !== 'hinge') || activation.kind === 'own')
    return undefined;
  const { vectors, anchors: K, frame } = sample;
  const Q = sample.n * sample.patches.perSample;
  const { widths } = hidden;
  const numbers = widths.reduce((sum, units, at) => sum + (units + 9) * (4 * Q + (widths[at - 1] ?? 3 * K) + 9), K * K);
  if (numbers > LARGEST) return undefined;
  const G = productTransposed(vectors, K, vectors, K, frame.used);
  return allFinite(G) ? new DeepKernelRun(problem, G) : undefined;
}

class DeepKernelRun extends PulledLoop<LayeredView> {
  readonly view: DeepKernelView;

  constructor(problem: Problem, G: Float64Array) {
    const { sample, network } = problem;
    const { patches } = sample;
    const { widths, pool, share } = network.hidden!;
    const shape: StackShape = { activation: network.activation, widths, pool, share, perSample: patches.perSample };
    const columns = columnsOf(shape, sample.n);
    const work = widths.reduce(
      (sum, units, at) => sum + units * columns[at]! * (at === 0 ? 20 : 3 * widths[at - 1]! + 20),
      widths[0]! * sample.anchors ** 2,
    );
    super(problem, work / 2);
    const arrays = this.load(shape, columns, G);
    this.view = new DeepKernelView(problem, shape, arrays, () => this.host().f64);
  }

  protected given(): { readonly at: number; readonly length: number } {
    return this.range(this.header.array(Deep.gram), this.problem.sample.anchors ** 2);
  }

  private load(shape: StackShape, columns: readonly number[], G: Float64Array): DeepArrays {
    const { sample, network, init, etaOutput = 1 } = this.problem;
    const { anchors: K, patches } = sample;
    const { activation, hidden, outputUnit } = network;
    const { widths } = shape;
    const R = network.filters;
    const P = productTransposed(headOfWeights(this.problem), R, sample.vectors, K, sample.frame.used);
    const host = this.claimWithTables(Form.DEEP, sizes.Deep + widths.length * sizes.DeepLayer, [
      [Deep.isPull, 1],
      [Deep.anchors, K],
      [Deep.terms, patches.anchor.length],
      [Deep.depth, widths.length],
      [Deep.bias, Number(network.bias)],
      [Deep.single, Number(patches.start.every((start, q) => start === q))],
      [Deep.trainsOutput, Number(network.trainsOutput)],
      [
        Deep.shape,
        { 'piecewise-linear': Shape.PIECEWISE, power: Shape.POWER, 'smoothed-leaky': Shape.SMOOTHED, own: -1 }[
          activation.kind
        ],
      ],
      [Deep.leak, 'leak' in activation ? activation.leak : 0],
      [Deep.power, activation.kind === 'power' ? activation.power : 0],
      [Deep.smoothing, activation.kind === 'smoothed-leaky' ? activation.smoothing : 0],
      [Deep.share, shape.share],
      [Deep.outputRate, etaOutput * (outputUnit * outputUnit)],
      ...widths.flatMap((units, at) => [
        [inLayer(DeepLayer.units, at), units] as const,
        [inLayer(DeepLayer.columns, at), columns[at]!] as const,
        [inLayer(DeepLayer.trained, at), Number(!hidden!.frozen.includes(at + 1))] as const,
        [inLayer(DeepLayer.pooled, at), Number(pooledAfter(shape, at))] as const,
      ]),
    ]);
    const arrays = arraysOf(this.header, widths, columns, sample);
    const { f64, i32 } = host;
    const { header } = this;
    const { layers } = arrays;
    write(f64, layers[0]!.biases, init.bias);
    init.hidden!.forEach(({ weights, bias }, at) => {
      write(f64, layers[at + 1]!.weights, weights);
      write(f64, layers[at + 1]!.biases, bias);
    });
    write(f64, arrays.outputWeights, network.outputWeights);
    const { products } = arrays;
    for (let r = 0; r < R; r++) for (let k = 0; k < K; k++) f64[products.at + k * products.stride + r] = P[r * K + k]!;
    f64.set(G, header.array(Deep.gram));
    i32.set(patches.start, 2 * header.array(Deep.termStart));
    i32.set(patches.anchor, 2 * header.array(Deep.termAnchor));
    f64.set(patches.coefficient, header.array(Deep.termCoefficient));
    const byAnchor = termsByAnchor(patches, K);
    i32.set(byAnchor.start, 2 * header.array(Deep.anchorStart));
    i32.set(byAnchor.patch, 2 * header.array(Deep.anchorPatch));
    f64.set(byAnchor.coefficient, header.array(Deep.anchorCoefficient));
    return arrays;
  }
}

/** A field of the header of layer `at`, which lies behind that of the run. */
const inLayer = ({ i32 }: { readonly i32: number }, at: number): Scalar => ({
  i32: (sizes.Deep + at * sizes.DeepLayer) / 4 + i32,
});

function arraysOf(
  header: Struct,
  widths: readonly number[],
  columns: readonly number[],
  { n, anchors: K }: Problem['sample'],
): DeepArrays {
  const headers = widths.map((_, at) => new Struct(header.at + sizes.Deep + at * sizes.DeepLayer));
  const strides = headers.map((layer) => layer.address(DeepLayer.step) / 8);
  const rows = (from: Struct, field: Pointer, count: number, units: number, stride = units): Rows => ({
    at: from.array(field),
    columns: count,
    units,
    stride,
  });
  const last = widths.length - 1;
  return {
    layers: headers.map((layer, at) => ({
      weights:
        at === 0
          ? rows(header, Deep.products, 0, 0)
          : rows(layer, DeepLayer.weights, widths[at]!, widths[at - 1]!, strides[at - 1]!),
      biases: rows(layer, DeepLayer.biases, 1, widths[at]!),
      preactivations: rows(layer, DeepLayer.preactivations, columns[at]!, widths[at]!, strides[at]!),
    })),
    outputs: rows(header, Deep.outputs, 1, n),
    outputWeights: rows(header, Deep.weights, 1, widths[last]!),
    products: rows(header, Deep.products, K, widths[0]!, strides[0]!),
    coefficients: rows(header, Deep.coefficients, K, widths[0]!, strides[0]!),
  };
}

/** Numbers in order into rows. */
function write(f64: Float64Array, { at, columns, units, stride }: Rows, numbers: Float64Array): void {
  for (let c = 0; c < columns; c++) f64.set(numbers.subarray(c * units, (c + 1) * units), at + c * stride);
}
