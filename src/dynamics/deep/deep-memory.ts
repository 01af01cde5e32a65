/** The memory of assembly/deep-state.ts as the host sees it. */
import { codes, layout, sizes } from '../../core/kernel.layout.ts';
import { Struct, type Pointer, type Scalar } from '../../core/kernel-struct.ts';
import { pooledAfter, type StackShape } from './stack.ts';

const { Shape } = codes;
const { Deep, DeepLayer } = layout;

/** Rows of numbers in linear memory: as many as `columns`, of so many units each. */
export interface Rows {
  readonly at: number;
  readonly columns: number;
  readonly units: number;
  /** numbers from row to row */
  readonly stride: number;
}

/** One layer's arrays. */
export interface LayerArrays {
  readonly weights: Rows;
  readonly biases: Rows;
  readonly preactivations: Rows;
}

/** Where a run's numbers lie, as indices among the kernel's f64. */
export interface DeepArrays {
  readonly layers: readonly LayerArrays[];
  readonly outputs: Rows;
  readonly outputWeights: Rows;
  /** K x filters */
  readonly products: Rows;
  readonly coefficients: Rows;
}

/** Bytes of a run's header with those of its layers. */
export const headerSize = ({ widths }: StackShape): number => sizes.Deep + widths.length * sizes.DeepLayer;

/** What the headers say of the layers. */
export const ofShape = (shape: StackShape, columns: readonly number[]): readonly (readonly [Scalar, number])[] => {
  const { activation, widths, share } = shape;
  const { kind } = activation;
  return [
    [Deep.depth, widths.length],
    [
      Deep.shape,
      { 'piecewise-linear': Shape.PIECEWISE, power: Shape.POWER, 'smoothed-leaky': Shape.SMOOTHED, own: NaN }[kind],
    ],
    [Deep.leak, 'leak' in activation ? activation.leak : 0],
    [Deep.power, kind === 'power' ? activation.power : 0],
    [Deep.smoothing, kind === 'smoothed-leaky' ? activation.smoothing : 0],
    [Deep.share, share],
    ...widths.flatMap((units, at) => [
      [inLayer(DeepLayer.units, at), units] as const,
      [inLayer(DeepLayer.columns, at), columns[at]!] as const,
      [inLayer(DeepLayer.pooled, at), Number(pooledAfter(shape, at))] as const,
    ]),
  ];
};

/** A field of the header of layer `at`, which lies behind that of the run. */
export const inLayer = ({ i32 }: { readonly i32: number }, at: number): Scalar => ({
  i32: (sizes.Deep + at * sizes.DeepLayer) / 4 + i32,
});

/** Where the arrays lie that a header has been laid out for. */
export function arraysOf(
  header: Struct,
  widths: readonly number[],
  columns: readonly number[],
  { n, anchors: K }: { readonly n: number; readonly anchors: number },
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
export function write(f64: Float64Array, { at, columns, units, stride }: Rows, numbers: Float64Array): void {
  for (let c = 0; c < columns; c++) f64.set(numbers.subarray(c * units, (c + 1) * units), at + c * stride);
}
