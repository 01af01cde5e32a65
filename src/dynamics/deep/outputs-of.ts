/** Outputs of a deep network by what its filters give, in the kernel: bit by bit those of a pass up (stack.ts). */
import { codes, layout } from '../../core/kernel.layout.ts';
import { kernel, LARGEST } from '../../core/kernel.ts';
import { Struct } from '../../core/kernel-struct.ts';
import { arraysOf, headerSize, ofShape, write } from './deep-memory.ts';
import { columnsOf, emptyPass, passUp, type StackShape, type StackWeights } from './stack.ts';

const { Deep } = layout;

const even = (count: number): number => (count + 1) & ~1;

/**
 * f of points by the pre-activations of the filters, biases included, R x (points x patches per sample). By the
 * reference under users' activations, and where linear memory has no room.
 */
export function outputsOf(
  shape: StackShape,
  weights: StackWeights,
  preactivations: Float64Array,
  points: number,
): Float64Array {
  const { activation, widths } = shape;
  const columns = columnsOf(shape, points);
  const numbers = widths.reduce(
    (sum, units, at) => sum + (units + 9) * (2 * columns[at]! + (widths[at - 1] ?? 0) + 3),
    3 * points,
  );
  if (activation.kind === 'own' || numbers > LARGEST) {
    const pass = emptyPass(shape, points, preactivations);
    passUp(shape, weights, pass);
    return pass.outputs;
  }
  const host = kernel();
  host.freeScratch();
  const size = headerSize(shape);
  const header = new Struct(host.take(size));
  host.i32.fill(0, header.at / 4, (header.at + size) / 4);
  header.set(Deep.form, codes.Form.DEEP);
  header.set(Deep.n, points);
  header.set(Deep.perSample, shape.perSample);
  for (const [field, value] of ofShape(shape, columns)) header.set(field, value);
  const from = header.at + size;
  host.take(host.exports.layOut(header.at) - from);
  const { f64, exports } = host;
  const { layers, outputWeights, outputs } = arraysOf(header, widths, columns, { n: points, anchors: 0 });
  layers.forEach((layer, at) => {
    if (at === 0) return;
    // What is not written is the 0 behind odd rows and columns.
    f64.fill(0, layer.weights.at, layer.weights.at + even(widths[at]!) * layer.weights.stride);
    f64.fill(0, layer.biases.at, layer.biases.at + even(widths[at]!));
    write(f64, layer.weights, weights.hidden[at - 1]!);
    write(f64, layer.biases, weights.biases[at - 1]!);
  });
  f64.fill(0, outputWeights.at, outputWeights.at + even(outputWeights.units));
  write(f64, outputWeights, weights.output);
  const { at: to, stride } = layers[0]!.preactivations;
  const Q = columns[0]!;
  for (let r = 0; r < widths[0]!; r++)
    for (let q = 0, next = r * Q; q < Q; q++) f64[to + q * stride + r] = preactivations[next++]!;
  exports.forwardFromFilters(header.at);
  return f64.slice(outputs.at, outputs.at + points);
}
