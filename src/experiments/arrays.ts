/** Arrays of a run's states that are kept beside its record, over time or of the last state alone. */
import type { NumericArray } from '../data/readers/npy.ts';
import type { Problem, SpanView } from '../dynamics/engine.ts';
import type { Cell } from './cell.ts';

/**
 * What can be kept, T states, R filters, n samples, K anchors:
 *
 * - weights: `W_t`, T x R x columns in the frame of the run, with `b_t`, T x R, and `a_t`, T x R (x patches), the output
 *   weights with sign and scale
 * - coefficients: `coefficients_t`, T x R x K, in w_r = s w_r(0) + sum_k C_rk v_k, with `startScale_t`, T, the s of weight
 *   decay; none where steps leave the span
 * - margins: `margins_t`, T x n, y_i f(x_i) at the observed labels
 *
 * and `step`, T, beside them.
 */
export const ARRAYS = ['weights', 'coefficients', 'margins'] as const;
export type ArrayName = (typeof ARRAYS)[number];

/** Which arrays of each run are kept. */
export interface ArrayPlan {
  readonly names: readonly ArrayName[];
  /** steps between two states, the start first; 0: the last state alone, which is always kept */
  readonly every: number;
}

/** What has been collected so far, as plain data. */
export interface ArraysState {
  readonly steps: readonly number[];
  readonly last: number;
  readonly shapes: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly pieces: readonly (readonly [name: string, rows: readonly Float64Array[]])[];
}

/** Bytes of one run's arrays, at the most: one file has to hold them. */
export const MOST_ARRAY_BYTES = 2e9;

/** What they take of a run, at the most. */
export function arrayBytes({ data: { n, d }, network: { m }, training }: Cell, { names, every }: ArrayPlan): number {
  const [R, anchors] = [2 * m, 2 * n + 2];
  const each = { weights: R * (Math.min(d, anchors + R) + 3), coefficients: R * anchors, margins: n };
  const states = every > 0 ? Math.floor(training.maxSteps / every) + 2 : 1;
  return 8 * states * names.reduce((sum, name) => sum + each[name], 0);
}

/** Collects them. */
export class ArraySeries {
  private readonly plan: ArrayPlan;
  private readonly problem: Problem;
  private readonly inSpan: boolean;
  private steps: number[] = [];
  private last = -1;
  private readonly pieces = new Map<string, Float64Array[]>();
  /** shape of one state's */
  private readonly shapes = new Map<string, readonly number[]>();

  constructor(plan: ArrayPlan, problem: Problem, inSpan: boolean) {
    this.plan = plan;
    this.problem = problem;
    this.inSpan = inSpan;
  }

  see(t: number, view: SpanView): void {
    if (t < this.last) {
      this.steps = []; // gradient flow begins anew, in finer steps
      this.pieces.clear();
    }
    this.last = t;
    if (this.plan.every > 0 && t % this.plan.every === 0) this.push(t, view);
  }

  /** With the last state. */
  finish(view: SpanView): ReadonlyMap<string, NumericArray> {
    if (this.steps.at(-1) !== this.last) this.push(this.last, view);
    const T = this.steps.length;
    const out = new Map<string, NumericArray>([['step', { shape: [T], values: Float64Array.from(this.steps) }]]);
    for (const [name, rows] of this.pieces) {
      const shape = this.shapes.get(name)!;
      const values = new Float64Array(T * rows[0]!.length);
      rows.forEach((row, at) => values.set(row, at * row.length));
      out.set(name, { shape: [T, ...shape], values });
    }
    return out;
  }

  get state(): ArraysState {
    return { steps: this.steps, last: this.last, pieces: [...this.pieces], shapes: [...this.shapes] };
  }

  set state({ steps, last, pieces, shapes }: ArraysState) {
    this.steps = [...steps];
    this.last = last;
    for (const [name, rows] of pieces) this.pieces.set(name, [...rows]);
    for (const [name, shape] of shapes) this.shapes.set(name, shape);
  }

  private push(t: number, view: SpanView): void {
    const { network, sample } = this.problem;
    const R = network.filters;
    const put = (name: string, row: Float64Array, ...shape: number[]): void => {
      this.shapes.set(name, shape);
      const rows = this.pieces.get(name);
      if (rows) rows.push(row);
      else this.pieces.set(name, [row]);
    };
    this.steps.push(t);
    for (const name of this.plan.names)
      if (name === 'weights') {
        const { rows, columns } = view.weights();
        const each = view.outputWeights.length / R;
        put('W_t', rows.slice(), R, columns);
        put('b_t', view.bias.slice(), R);
        put('a_t', view.outputWeights.slice(), ...(each === 1 ? [R] : [R, each]));
      } else if (name === 'margins')
        put(
          'margins_t',
          view.outputs.map((f, i) => sample.labels[i]! * f),
          sample.n,
        );
      else if (this.inSpan) {
        put('coefficients_t', view.coefficients.slice(), R, sample.anchors);
        if (this.problem.decay) put('startScale_t', Float64Array.of(view.startScale));
      }
  }
}
