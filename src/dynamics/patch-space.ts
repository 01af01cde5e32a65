/**
 * A run in the space of its distinct patches: the state at its start, and a SpanView made of what the patches show.
 *
 * Filter r has moved by sum_p U_rp x_p, so its pre-activations on the distinct patches have moved by U Gamma, Gamma_pq
 * = <x_p, x_q> (+ 1 with a bias), and C, b and P follow from U when someone asks:
 *
 *   h_rp(0) = sum over the terms of p of coefficient * P_rk(0), then + b_r(0)
 *   C_rk    = sum over p in order, its terms at k, of coefficient * U_rp;   P = P(0) + C G;   b_r = b_r(0) + sum over p
 *   of U_rp
 */
import type { product, productTransposed } from '../core/linear-algebra.ts';
import { distinctPatches, patchGram, type DistinctPatches } from './distinct-patches.ts';
import type { Points, Problem, SpanView } from './engine.ts';
import { headOfWeights, weightsAfter } from './gram.ts';
import { outputsAt } from './outputs-at.ts';

/** Dense products: the reference's, or the same bits from the kernel. */
export interface Algebra {
  readonly product: typeof product;
  readonly productTransposed: typeof productTransposed;
}

/** What an engine keeps; D distinct patches. */
export interface PatchState {
  /** f(x_i), length n */
  readonly outputs: Float64Array;
  /** h_rp, R x D */
  readonly preactivations: Float64Array;
  /** U_rp, R x D */
  readonly moved: Float64Array;
}

export class PatchSpace {
  readonly patches: DistinctPatches;
  /** Gamma, D x D */
  readonly gamma: Float64Array;
  /** h_rp(0), R x D, no -0 among them */
  readonly atStart: Float64Array;
  private readonly problem: Problem;
  private readonly algebra: Algebra;
  /** the anchors' Gram matrix, K x K */
  private readonly G: Float64Array;
  /** <w_r(0), v_k>, R x K */
  private readonly products: Float64Array;

  constructor(problem: Problem, algebra: Algebra) {
    const { sample, network, init } = problem;
    const { vectors, anchors: K, frame } = sample;
    const { filters: R } = network;
    this.problem = problem;
    this.algebra = algebra;
    this.G = algebra.productTransposed(vectors, K, vectors, K, frame.used);
    this.products = algebra.productTransposed(headOfWeights(problem), R, vectors, K, frame.used);
    this.patches = distinctPatches(sample);
    this.gamma = patchGram(K, this.patches, this.G, network.bias);
    const { count: D, termStart, termAnchor, termCoefficient } = this.patches;
    this.atStart = new Float64Array(R * D);
    for (let r = 0; r < R; r++) {
      for (let p = 0; p < D; p++) {
        let h = 0;
        for (let t = termStart[p]!; t < termStart[p + 1]!; t++)
          h += termCoefficient[t]! * this.products[r * K + termAnchor[t]!]!;
        this.atStart[r * D + p] = h + init.bias[r]! + 0;
      }
    }
  }

  /** A view whose arrays are made when they are read; `moved` says that the state is another one. */
  view(read: () => PatchState): PatchView {
    return new PatchView(this.problem, this.patches, this.algebra, this.G, this.products, read);
  }
}

/** The arrays of a view that follow from the coefficients. */
interface Shown {
  readonly coefficients: Float64Array;
  readonly bias: Float64Array;
}

export class PatchView implements SpanView {
  readonly outputWeights: Float64Array;
  readonly startScale = 1;
  private readonly problem: Problem;
  private readonly patches: DistinctPatches;
  private readonly algebra: Algebra;
  private readonly G: Float64Array;
  private readonly atStart: Float64Array;
  private readonly read: () => PatchState;
  private state: PatchState | undefined;
  private shown: Shown | undefined;

  constructor(
    problem: Problem,
    patches: DistinctPatches,
    algebra: Algebra,
    G: Float64Array,
    products: Float64Array,
    read: () => PatchState,
  ) {
    this.problem = problem;
    this.patches = patches;
    this.algebra = algebra;
    this.G = G;
    this.atStart = products;
    this.read = read;
    this.outputWeights = problem.network.outputWeights;
  }

  /** What was shown is out of date. */
  moved(): void {
    this.state = undefined;
    this.shown = undefined;
  }

  private now(): PatchState {
    return (this.state ??= this.read());
  }

  get outputs(): Float64Array {
    return this.now().outputs;
  }

  get preactivations(): Float64Array {
    const { preactivations } = this.now();
    const { of, count: D } = this.patches;
    const Q = of.length;
    const each = new Float64Array(this.problem.network.filters * Q);
    for (let r = 0, at = 0; at < each.length; r++)
      for (let q = 0; q < Q; q++) each[at++] = preactivations[r * D + of[q]!]!;
    return each;
  }

  get coefficients(): Float64Array {
    return this.show().coefficients;
  }

  get bias(): Float64Array {
    return this.show().bias;
  }

  products(): Float64Array {
    const { filters: R } = this.problem.network;
    const { anchors: K } = this.problem.sample;
    const products = this.algebra.product(this.coefficients, R, this.G, K, K);
    for (let at = 0; at < products.length; at++) products[at]! += this.atStart[at]!;
    return products;
  }

  weights(): { rows: Float64Array; columns: number } {
    return weightsAfter(this.problem, this.coefficients, this.algebra.product);
  }

  outputsAt(points: Points): Float64Array {
    const { bias, outputWeights } = this;
    return outputsAt(this.problem, { weights: this.weights(), bias, outputWeights }, points);
  }

  private show(): Shown {
    if (this.shown) return this.shown;
    const { sample, network, init } = this.problem;
    const { filters: R } = network;
    const { anchors: K } = sample;
    const { count: D, termStart, termAnchor, termCoefficient } = this.patches;
    const { moved } = this.now();
    const coefficients = new Float64Array(R * K);
    const bias = init.bias.slice();
    for (let r = 0; r < R; r++) {
      let sum = 0;
      for (let p = 0; p < D; p++) {
        const change = moved[r * D + p]!;
        sum += change;
        for (let t = termStart[p]!; t < termStart[p + 1]!; t++)
          coefficients[r * K + termAnchor[t]!]! += termCoefficient[t]! * change;
      }
      if (network.bias) bias[r]! += sum;
    }
    return (this.shown = { coefficients, bias });
  }
}
