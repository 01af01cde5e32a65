/**
 * Descent of deep networks in WebAssembly, filters in the span of the anchors: the same order of arithmetic as run.ts
 * with in-span.ts, so the same bits.
 */
import { codes, layout } from '../../core/kernel.layout.ts';
import { LARGEST } from '../../core/kernel.ts';
import { allFinite, productTransposed } from '../../core/kernel-algebra.ts';
import type { LayeredView, Problem, Run } from '../engine.ts';
import { headOfWeights } from '../gram.ts';
import { PulledLoop } from '../pulled-loop.ts';
import { descent } from '../steps/rule.ts';
import { termsByAnchor } from '../terms-by-anchor.ts';
import { DeepKernelView } from './deep-kernel-view.ts';
import { arraysOf, headerSize, inLayer, ofShape, write, type DeepArrays } from './deep-memory.ts';
import { columnsOf, type StackShape } from './stack.ts';

const { Form } = codes;
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
    const { hidden, outputUnit } = network;
    const { widths } = shape;
    const R = network.filters;
    const P = productTransposed(headOfWeights(this.problem), R, sample.vectors, K, sample.frame.used);
    const host = this.claimWithTables(Form.DEEP, headerSize(shape), [
      [Deep.isPull, 1],
      [Deep.trains, 1],
      [Deep.anchors, K],
      [Deep.terms, patches.anchor.length],
      [Deep.bias, Number(network.bias)],
      [Deep.single, Number(patches.start.every((start, q) => start === q))],
      [Deep.trainsOutput, Number(network.trainsOutput)],
      [Deep.outputRate, etaOutput * (outputUnit * outputUnit)],
      ...ofShape(shape, columns),
      ...widths.map((_, at) => [inLayer(DeepLayer.trained, at), Number(!hidden!.frozen.includes(at + 1))] as const),
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
