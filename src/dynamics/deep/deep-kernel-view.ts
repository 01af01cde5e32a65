/** What a run of deep-kernel.ts shows. */
import { product } from '../../core/kernel-algebra.ts';
import type { LayeredView, Points, Problem, ShownLayer, StackView } from '../engine.ts';
import { weightsAfter } from '../gram.ts';
import type { DeepArrays, Rows } from './deep-memory.ts';
import { outputsAtPoints } from './outputs-at.ts';
import { outputsOf } from './outputs-of.ts';
import type { StackShape } from './stack.ts';

/** Copies of the kernel's state, each made when it is asked for; the arrays stay the same objects. */
export class DeepKernelView implements LayeredView {
  readonly stack: StackView;
  private readonly problem: Problem;
  private readonly memory: () => Float64Array;
  private readonly copies: { fresh: boolean }[] = [];
  private readonly ofOutputs: () => Float64Array;

  constructor(problem: Problem, shape: StackShape, arrays: DeepArrays, memory: () => Float64Array) {
    this.problem = problem;
    this.memory = memory;
    this.ofOutputs = this.copyOf(arrays.outputs, false);
    const layers = arrays.layers.map((layer) => ({
      weights: this.copyOf(layer.weights, false),
      biases: this.copyOf(layer.biases, false),
      preactivations: this.copyOf(layer.preactivations, true),
    }));
    const outputWeights = this.copyOf(arrays.outputWeights, false);
    const coefficients = this.copyOf(arrays.coefficients, true);
    const filters = (): Float64Array => weightsAfter(problem, coefficients(), product, 1).rows;
    this.stack = {
      layers: layers.map(({ weights, biases, preactivations }, at): ShownLayer => ({
        weights: at === 0 ? filters : weights,
        get bias() {
          return biases();
        },
        get preactivations() {
          return preactivations();
        },
      })),
      get outputWeights() {
        return outputWeights();
      },
      products: this.copyOf(arrays.products, true),
      outputsOf(preactivations, points) {
        const above = layers.slice(1);
        return outputsOf(
          shape,
          {
            hidden: above.map(({ weights }) => weights()),
            biases: above.map(({ biases }) => biases()),
            output: outputWeights(),
          },
          preactivations,
          points,
        );
      },
    };
  }

  get outputs(): Float64Array {
    return this.ofOutputs();
  }

  outputsAt(points: Points): Float64Array {
    const { stack, problem } = this;
    const [first] = stack.layers;
    const filters = { rows: first!.weights(), columns: problem.init.columns };
    return outputsAtPoints(filters, first!.bias, problem.sample.patches.perSample, stack, points);
  }

  /** What was copied is out of date. */
  moved(): void {
    for (const copy of this.copies) copy.fresh = false;
  }

  /** @param turned units x columns */
  private copyOf({ at, columns, units, stride }: Rows, turned: boolean): () => Float64Array {
    const array = new Float64Array(units * columns);
    const copy = { fresh: false };
    this.copies.push(copy);
    return () => {
      if (copy.fresh) return array;
      copy.fresh = true;
      const f64 = this.memory();
      for (let c = 0; c < columns; c++) {
        const from = at + c * stride;
        if (!turned) array.set(f64.subarray(from, from + units), c * units);
        else for (let u = 0; u < units; u++) array[u * columns + c] = f64[from + u]!;
      }
      return array;
    };
  }
}
