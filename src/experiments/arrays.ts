/** Arrays of a run's states that are kept beside its record, over time or of the last state alone. */
import type { NumericArray } from '../data/readers/npy.ts';
import type { LayeredView, Problem, ShownLayer, SpanView } from '../dynamics/engine.ts';
import { widthsOf } from '../network/hidden.ts';
import { freeWidth, vectorsOf, type Cell } from './cell.ts';

export type Arrays = ReadonlyMap<string, NumericArray>;

/**
 * What can be kept, T states, R filters, n samples, K anchors:
 *
 * - weights: `W_t`, T x R x columns in the frame of the run, with `b_t`, T x R, and `a_t`, T x R (x patches), the output
 *   weights with sign and scale; of deep networks also `W2_t`, T x units x units of the layer below, `b2_t`, T x units,
 *   and so on up to layer L-1, and `a_t` of the units of that layer
 * - coefficients: `coefficients_t`, T x R x K, in w_r = s w_r(0) + sum_k C_rk v_k, with `startScale_t`, T, the s of weight
 *   decay; none where steps leave the span, and of deep networks
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
export function arrayBytes({ data, network, training }: Cell, { names, every }: ArrayPlan): number {
  const { n } = data;
  const [R, anchors] = [2 * network.m, vectorsOf(data) + n];
  const above = widthsOf(network, R).reduce(
    (sum, units, at, all) => sum + (at > 0 ? units * (all[at - 1]! + 2) : 0),
    0,
  );
  const each = {
    weights: R * (freeWidth(data, anchors + R) + 3) + above,
    coefficients: network.depth > 2 ? 0 : R * anchors,
    margins: n,
  };
  const states = every > 0 ? Math.floor(training.maxSteps / every) + 2 : 1;
  return 8 * states * names.reduce((sum, name) => sum + each[name], 0);
}

/** The name of a layer's array: `W`, `b` of the filters, `W2`, `b2` of layer 2; at the start `W0` and `W2_0`. */
export const arrayName = (letter: 'W' | 'b', layer: number, when: '' | '0' | '_t' = ''): string =>
  layer === 1 ? `${letter}${when}` : `${letter}${layer}${when === '0' ? '_0' : when}`;

type Layer = Pick<ShownLayer, 'weights' | 'bias'>;

function layerArrays(layers: readonly Layer[], when: '' | '0' | '_t'): [name: string, array: NumericArray][] {
  return layers.flatMap(({ weights, bias }, at) => {
    const values = weights().slice();
    const units = bias.length;
    return [
      [arrayName('W', at + 1, when), { shape: [units, values.length / units], values }],
      [arrayName('b', at + 1, when), { shape: [units], values: bias.slice() }],
    ];
  });
}

function outputArray(outputWeights: Float64Array, { network: { classes } }: Problem): NumericArray {
  const each = outputWeights.length / classes.length;
  return { shape: each === 1 ? [classes.length] : [classes.length, each], values: outputWeights.slice() };
}

/** Copies of a state's weights: `W`, `b`, of deep networks `W2`, `b2`, ..., and `a`. */
export function weightArrays(view: SpanView, problem: Problem, when: '' | '_t' = ''): [string, NumericArray][] {
  const { stack } = view as LayeredView;
  const layers = stack?.layers ?? [{ weights: () => view.weights().rows, bias: view.bias }];
  return [...layerArrays(layers, when), [`a${when}`, outputArray(stack?.outputWeights ?? view.outputWeights, problem)]];
}

/** Those before the first step: `W0`, `b0`, of deep networks `W2_0`, `b2_0`, ..., and of a trained output `a0`. */
export function startArrays(problem: Problem): [string, NumericArray][] {
  const { init, network } = problem;
  const layers = [{ weights: init.rows, bias: init.bias }, ...(init.hidden ?? [])];
  return [
    ...layerArrays(
      layers.map(({ weights, bias }) => ({ weights: () => weights, bias })),
      '0',
    ),
    ...(network.trainsOutput ? [['a0', outputArray(network.outputWeights, problem)] as [string, NumericArray]] : []),
  ];
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
  finish(view: SpanView): Arrays {
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
    const put = (name: string, row: Float64Array, ...shape: number[]): void => {
      this.shapes.set(name, shape);
      const rows = this.pieces.get(name);
      if (rows) rows.push(row);
      else this.pieces.set(name, [row]);
    };
    this.steps.push(t);
    for (const name of this.plan.names)
      if (name === 'weights')
        for (const [id, { shape, values }] of weightArrays(view, this.problem, '_t')) put(id, values, ...shape);
      else if (name === 'margins')
        put(
          'margins_t',
          view.outputs.map((f, i) => sample.labels[i]! * f),
          sample.n,
        );
      else if (this.inSpan) {
        put('coefficients_t', view.coefficients.slice(), network.filters, sample.anchors);
        if (this.problem.decay) put('startScale_t', Float64Array.of(view.startScale));
      }
  }
}
