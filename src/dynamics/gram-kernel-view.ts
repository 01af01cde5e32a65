/** What a run of gram-kernel.ts shows. */
import { copyRows, product } from '../core/kernel-algebra.ts';
import type { Points, Problem, SpanView } from './engine.ts';
import { weightsAfter } from './gram.ts';
import { outputsAt } from './outputs-at.ts';

/** Arrays of the kernel that a view copies. */
export type Shown = 'outputs' | 'weights' | 'biases' | 'products' | 'coefficients' | 'preactivations';

/** Output weights lie column by column, each padded to a multiple of four filters. */
export const outputStride = ({ filters }: Problem['network']): number => (filters + 3) & ~3;

/** Copies of the kernel's state, each made when it is asked for; the arrays stay the same objects. */
export class GramKernelView implements SpanView {
  private readonly problem: Problem;
  private readonly read: (name: Shown) => { f64: Float64Array; at: number };
  private readonly scale: () => number;
  private readonly copies = new Map<Shown, { array: Float64Array; fresh: boolean }>();

  constructor(problem: Problem, read: GramKernelView['read'], scale: () => number) {
    this.problem = problem;
    this.read = read;
    this.scale = scale;
  }

  /** What was copied is out of date. */
  moved(): void {
    for (const copy of this.copies.values()) copy.fresh = false;
  }

  get startScale(): number {
    return this.scale();
  }

  get outputs(): Float64Array {
    return this.copy('outputs', this.problem.sample.n, (out, f64, at) => out.set(f64.subarray(at, at + out.length)));
  }

  get outputWeights(): Float64Array {
    const { network } = this.problem;
    if (!network.trainsOutput) return network.outputWeights;
    const columns = network.outputWeights.length / network.filters;
    const stride = outputStride(network);
    return this.copy('weights', network.outputWeights.length, (out, f64, from) => {
      for (let at = 0; at < out.length; at++) out[at] = f64[from + (at % columns) * stride + Math.floor(at / columns)]!;
    });
  }

  get bias(): Float64Array {
    return this.copy('biases', this.problem.network.filters, (out, f64, at) =>
      out.set(f64.subarray(at, at + out.length)),
    );
  }

  get coefficients(): Float64Array {
    return this.pairs('coefficients', this.problem.sample.anchors);
  }

  get preactivations(): Float64Array {
    return this.pairs('preactivations', this.problem.sample.n * this.problem.sample.patches.perSample);
  }

  products(): Float64Array {
    const K = this.problem.sample.anchors;
    const stride = K + (K & 1);
    const R = this.problem.network.filters;
    return this.copy('products', R * K, (out, f64, at) => copyRows(f64, at, stride, R, K, out));
  }

  weights(): { rows: Float64Array; columns: number } {
    return weightsAfter(this.problem, this.coefficients, product, this.startScale);
  }

  outputsAt(points: Points): Float64Array {
    const { bias, outputWeights } = this;
    return outputsAt(this.problem, { weights: this.weights(), bias, outputWeights }, points);
  }

  /** An R x width array that the kernel keeps by pairs of filters. */
  private pairs(name: 'coefficients' | 'preactivations', width: number): Float64Array {
    const R = this.problem.network.filters;
    return this.copy(name, R * width, (out, f64, at) => {
      for (let r = 0; r < R; r++) {
        const from = at + (r >> 1) * 2 * width + (r & 1);
        for (let k = 0; k < width; k++) out[r * width + k] = f64[from + 2 * k]!;
      }
    });
  }

  private copy(
    name: Shown,
    length: number,
    fill: (out: Float64Array, f64: Float64Array, at: number) => void,
  ): Float64Array {
    let copy = this.copies.get(name);
    if (!copy) this.copies.set(name, (copy = { array: new Float64Array(length), fresh: false }));
    if (!copy.fresh) {
      const { f64, at } = this.read(name);
      fill(copy.array, f64, at);
      copy.fresh = true;
    }
    return copy.array;
  }
}
