/** One run as it is watched: numbers over time, and what its filters and samples do at some times. */
import { dotRows } from '../core/linear-algebra.ts';
import type { Problem, SpanView } from '../dynamics/engine.ts';
import type { Ending } from '../dynamics/train.ts';
import { lossSlope } from '../network/loss.ts';
import type { SymbolId } from '../notation.ts';
import type { Cell } from './cell.ts';
import { Measurement, runContext, Watching } from './measurement.ts';
import { drawProblem, streamKey } from './run.ts';
import { unmetNeed } from './series.ts';
import { trainCell } from './train-cell.ts';

/** What of a run stays the same. */
export interface Cast {
  /** samples */
  readonly n: number;
  /** filters, 2m */
  readonly filters: number;
  /** vectors that the filters are held against: signals, then the noise of every sample or, without roles, its patches */
  readonly directions: readonly { readonly kind: 'signal' | 'noise' | 'patch'; readonly of: number }[];
  /** class of each filter, +1 or -1: the sign of its output weight */
  readonly classes: Int8Array;
  /** observed and true labels, length n */
  readonly labels: Int8Array;
  readonly trueLabels: Int8Array;
}

/** What filters and samples do at one time. */
export interface Scene {
  readonly t: number;
  /** margins y_i f(x_i), observed labels, length n */
  readonly margins: Float64Array;
  /** minus the derivative of the loss at each margin: how hard a sample pulls, length n */
  readonly pulls: Float64Array;
  /** ‖w_r‖, length R */
  readonly norms: Float64Array;
  /** cosine of the angle between filter and direction, R x directions */
  readonly cosines: Float32Array;
  /** share of the patches of sample i on which filter r is active, R x n */
  readonly active: Float32Array;
}

/** A state of the run, as far as it is asked for. */
export interface Seen {
  readonly t: number;
  /** in the order in which they were asked for; NaN where there is none */
  readonly values: () => Float64Array;
  readonly scene: () => Scene;
}

/** Which states are seen. */
export interface Moments {
  readonly from: number;
  /** the run is followed no further */
  readonly to: number;
  /** steps between two of them, >= 1 */
  readonly every: number;
}

export class WatchedRun {
  readonly cast: Cast;
  /** those of the asked observables that the run has */
  readonly ids: readonly SymbolId[];
  private readonly problem: Problem;
  private readonly cell: Cell;
  private readonly key: ReturnType<typeof streamKey>;
  private readonly anchors: readonly number[];
  /** lengths of the anchors */
  private readonly lengths: Float64Array;

  /** @param ids observables of one state, none that watch every step */
  constructor(cell: Cell, seed: number, replicate: number, ids: readonly SymbolId[]) {
    this.cell = cell;
    this.key = streamKey(cell, seed, replicate);
    this.problem = drawProblem(cell, this.key);
    this.ids = ids.filter((id) => unmetNeed(id, cell) === undefined);
    const { sample, network } = this.problem;
    const { used } = sample.frame;
    this.lengths = Float64Array.from({ length: sample.anchors }, (_, k) =>
      Math.sqrt(dotRows(sample.vectors, k * used, sample.vectors, k * used, used)),
    );
    const { roles } = sample;
    const signals = roles?.signal ?? [];
    const others = roles?.noise ?? Array.from({ length: sample.anchors }, (_, k) => k);
    this.anchors = [...signals, ...others];
    const each = roles ? roles.noise.length / sample.n : others.length / sample.n;
    this.cast = {
      n: sample.n,
      filters: network.filters,
      directions: [
        ...signals.map((_, of) => ({ kind: 'signal' as const, of })),
        ...others.map((_, at) => ({
          kind: roles ? ('noise' as const) : ('patch' as const),
          of: Math.floor(at / each),
        })),
      ],
      // Filters under hidden layers speak for no class.
      classes: network.hidden ? new Int8Array(network.filters) : Int8Array.from(network.classes),
      labels: Int8Array.from(sample.labels),
      trueLabels: Int8Array.from(sample.trueLabels),
    };
  }

  /** Trains from the start, and shows every state of the moments and the last one; the same states every time. */
  follow({ from, to, every }: Moments, see: (seen: Seen) => void): Ending {
    const { cell, key } = this;
    const { maxSteps } = cell.training;
    const part: Cell = { ...cell, training: { ...cell.training, maxSteps: Math.min(to, maxSteps) } };
    const problem = drawProblem(cell, key);
    const context = runContext(cell, problem, key);
    const watching = new Watching(context, []);
    const show = (t: number, view: SpanView): void => {
      if (t < from) return;
      see({
        t,
        values: () => {
          const now = new Measurement(context, view, watching);
          return Float64Array.from(this.ids, (id) => now.of(id));
        },
        scene: () => this.scene(t, view),
      });
    };
    const { ending, run } = trainCell(part, problem, show, every);
    run.end?.();
    return ending;
  }

  private scene(t: number, view: SpanView): Scene {
    const { sample, network, loss } = this.problem;
    const { targets } = sample;
    const R = network.filters;
    const { n, anchors: K, patches } = sample;
    const { products, rows, preactivations } = filtersOf(view);
    const columns = rows.length / R;
    const norms = Float64Array.from({ length: R }, (_, r) =>
      Math.sqrt(dotRows(rows, r * columns, rows, r * columns, columns)),
    );
    const margins = Float64Array.from(sample.labels, (y, i) => y * view.outputs[i]!);
    const D = this.anchors.length;
    const cosines = new Float32Array(R * D);
    for (let r = 0; r < R; r++)
      this.anchors.forEach((k, at) => {
        const size = norms[r]! * this.lengths[k]!;
        cosines[r * D + at] = size > 0 ? products[r * K + k]! / size : 0;
      });
    const P = patches.perSample;
    const active = new Float32Array(R * n);
    for (let r = 0; r < R; r++)
      for (let i = 0; i < n; i++)
        for (let s = 0; s < P; s++) if (preactivations[(r * n + i) * P + s]! > 0) active[r * n + i]! += 1 / P;
    return { t, margins, pulls: margins.map((z, i) => lossSlope(loss, z, targets?.[i])), norms, cosines, active };
  }
}

/** What is drawn of the filters, whatever stands above them. */
function filtersOf(view: SpanView): Record<'products' | 'rows' | 'preactivations', Float64Array> {
  const { stack } = view;
  if (!stack) return { products: view.products(), rows: view.weights().rows, preactivations: view.preactivations };
  const { weights, preactivations } = stack.layers[0]!;
  return { products: stack.products(), rows: weights(), preactivations };
}
