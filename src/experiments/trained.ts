/**
 * Networks as arrays: those of a run of ours, and those that were trained elsewhere, which are measured as a run is.
 *
 * Arrays have the shapes that a PyTorch or NumPy program has: W (filters x columns), b and a (filters), X (n x patches
 * x columns), y (n). Columns are coordinates in an orthonormal frame: all d of them, or the first few where the rest of
 * every vector is 0 (isotropic noise does not mind which frame).
 */
import type { StreamKey } from '../core/random.ts';
import { dotRows, solvePositiveDefinite } from '../core/linear-algebra.ts';
import type { NumericArray } from '../data/readers/npy.ts';
import { patchRows, singleTermPatches, type Sample } from '../data/sample.ts';
import { offersOf } from '../dynamics/check.ts';
import type { Problem, SpanView } from '../dynamics/engine.ts';
import { outputsAt } from '../dynamics/outputs-at.ts';
import { buildNetwork } from '../network/two-layer.ts';
import { messages, UserError } from '../errors.ts';
import type { BySymbol, SymbolId } from '../notation.ts';
import { observableOf } from './series.ts';
import { arrayBytes, ARRAYS, ArraySeries, MOST_ARRAY_BYTES } from './arrays.ts';
import type { Cell } from './cell.ts';
import { ENGINES } from './engines.ts';
import { Measurement, runContext } from './measurement.ts';
import { modelOf } from './models.ts';
import { drawProblem, lossOf, networkOf, streamKey } from './run.ts';
import { trainCell } from './train-cell.ts';
import { stepPerSample } from './units.ts';

export type Arrays = ReadonlyMap<string, NumericArray>;

/** @throws UserError */
function needsTwoLayers({ network: { depth } }: Cell): void {
  if (depth > 2) throw new UserError(messages.arraysOfTwoLayers('network.depth', depth));
}

const matrix = (values: Float64Array, ...shape: number[]): NumericArray => ({ shape, values });

/**
 * A run's network and data: `W`, `b`, `a`, `W0`, `b0`, `X`, `y`, `y_true`, `outputs`, `coefficients`, `anchors`, `mu`,
 * `startScale`.
 *
 * @param every steps between two states, >= 1, of those that arrays.ts names, over time; absent: none
 * @throws UserError where they would be too large, and for a network of more than two layers
 */
export function arraysOf(cell: Cell, seed: number, replicate: number, every?: number): Arrays {
  needsTwoLayers(cell);
  if (cell.data.spectrum !== 'flat') throw new UserError(messages.arraysWithSpectrum());
  const problem = drawProblem(cell, streamKey(cell, seed, replicate));
  const plan = every === undefined ? undefined : { names: ARRAYS, every };
  if (plan && arrayBytes(cell, plan) > MOST_ARRAY_BYTES)
    throw new UserError(messages.arraysTooLarge(arrayBytes(cell, plan), MOST_ARRAY_BYTES));
  const inSpan = offersOf(problem, ENGINES[cell.engine]) === 'span';
  const series = plan && new ArraySeries(plan, problem, inSpan);
  const { view, run } = trainCell(cell, problem, series && ((t, now) => series.see(t, now)), every);
  const { sample, network, init } = problem;
  const { used } = sample.frame;
  const R = network.filters;
  const { rows, columns } = view.weights();
  const wide = (narrow: Float64Array, count: number): Float64Array => {
    const out = new Float64Array(count * columns);
    for (let r = 0; r < count; r++) out.set(narrow.subarray(r * used, (r + 1) * used), r * columns);
    return out;
  };
  const each = view.outputWeights.length / R;
  const { n, patches, anchors } = sample;
  const signal = sample.roles?.signal.length === 1 ? sample.roles.signal[0] : undefined;
  const vectors = wide(sample.vectors, anchors);
  const arrays = new Map([
    ['W', matrix(rows.slice(), R, columns)],
    ['b', matrix(view.bias.slice(), R)],
    ['a', each === 1 ? matrix(view.outputWeights.slice(), R) : matrix(view.outputWeights.slice(), R, each)],
    ['W0', matrix(init.rows.slice(), R, columns)],
    ['b0', matrix(init.bias.slice(), R)],
    ['X', matrix(wide(patchRows(sample), n * patches.perSample), n, patches.perSample, columns)],
    ['y', matrix(sample.labels.slice(), n)],
    ['y_true', matrix(sample.trueLabels.slice(), n)],
    ['outputs', matrix(view.outputs.slice(), n)],
    ['anchors', matrix(vectors, anchors, columns)],
  ]);
  for (const [name, array] of series?.finish(view) ?? []) arrays.set(name, array);
  if (inSpan) arrays.set('coefficients', matrix(view.coefficients.slice(), R, anchors));
  if (problem.decay) arrays.set('startScale', matrix(Float64Array.of(view.startScale), 1));
  if (signal !== undefined) arrays.set('mu', matrix(vectors.slice(signal * columns, (signal + 1) * columns), columns));
  run.end?.();
  return arrays;
}

/** What is known of a network that was trained elsewhere. */
export interface Measured {
  /** numbers that it has, as those of a record */
  readonly values: Readonly<BySymbol<number>>;
  /** |W - W0 - its part in the span of the signal and the noises| / |W - W0|; null without W0 and X */
  readonly outOfSpan: number | null;
  /** what could not be measured, and which array is missing */
  readonly without: readonly string[];
}

/** Beyond this part out of the span, relative, its coefficients mean nothing: 32-bit training leaves 1e-6 or less. */
export const IN_SPAN = 1e-3;
/** How far a patch may be from ±mu, relative: rounding of 32-bit data. */
const ALIKE = 1e-5;

/**
 * A network that was trained elsewhere on the signal-noise model, measured as a run of this cell is.
 *
 * @param arrays `W` (2m x columns) and, where they are known, `b` (2m), `a` (2m: output weights with sign and scale),
 *   `X` (n x 2 x columns), `y` (n), `W0`, `b0`, `mu` (columns; along the first coordinate when absent)
 * @param more observables beside the usual ones
 * @throws UserError for arrays that do not fit the cell or each other, and for a cell of more than two layers
 */
export function measureArrays(
  cell: Cell,
  arrays: Arrays,
  more: readonly SymbolId[],
  key: StreamKey = streamKey(cell, 0, 0),
): Measured {
  if (cell.data.model !== 'signal-noise') throw new UserError(messages.measuresOnly('signal-noise', cell.data.model));
  needsTwoLayers(cell);
  const drawn = buildNetwork(networkOf(cell), 2, key);
  const R = drawn.filters;
  const weights = need(arrays, 'W', [R, null]);
  const columns = weights.shape[1]!;
  if (columns > cell.data.d)
    throw new UserError(messages.arrayShape('W', weights.shape, `(${R}, at most d = ${cell.data.d})`));
  const turn = turnOf(arrays, columns, cell.data.mu);
  const W = turn(weights.values);
  const bias = maybe(arrays, 'b', [R])?.values ?? new Float64Array(R);
  if (!cell.network.bias && bias.some((b) => b !== 0)) throw new UserError(messages.biasWithout());
  const outputWeights = maybe(arrays, 'a', [R])?.values ?? drawn.outputWeights;
  const network = {
    ...drawn,
    outputWeights,
    classes: outputWeights.map((a) => (a < 0 ? -1 : 1)),
  };
  const without: string[] = [];
  const sample = sampleOf(cell, arrays, columns, turn, without);
  const W0 = sample.known ? maybe(arrays, 'W0', [R, columns]) : undefined;
  if (sample.known && !W0) without.push('coefficients (W0: the weights before the first step)');
  const init = {
    columns,
    rows: W0 ? turn(W0.values) : new Float64Array(R * columns),
    bias: maybe(arrays, 'b0', [R])?.values ?? new Float64Array(R),
  };
  const span = W0 ? spanOf(W, init.rows, sample.sample, R) : undefined;
  if (span && span.out > IN_SPAN)
    without.push(
      `coefficients (${(100 * span.out).toPrecision(2)} % of the movement lies out of the span of signal and noises)`,
    );
  if (W0 && !span) without.push('coefficients (signal and noises are not independent)');
  const problem: Problem = {
    sample: sample.sample,
    network,
    init,
    loss: lossOf(cell.training),
    stepPerSample: stepPerSample(cell),
  };
  const view = viewOf(problem, W, bias, span?.coefficients ?? new Float64Array(R * sample.sample.anchors));
  const inSpan = span !== undefined && span.out <= IN_SPAN;
  const context = { ...runContext(cell, problem, key), offers: inSpan ? ('span' as const) : ('two-layer' as const) };
  const measurement = new Measurement(context, view);
  const wanted = more.filter((id) => sample.known || ofFresh(id));
  const values = { ...measurement.final('interpolated', wanted) };
  // Without training points what is said of them is of a stand-in.
  if (!sample.known) for (const id of Object.keys(values) as SymbolId[]) if (!ofFresh(id)) delete values[id];
  return { values, outOfSpan: span?.out ?? null, without };
}

/** Of fresh points alone. */
const ofFresh = (id: SymbolId): boolean =>
  id.startsWith('testError') || id === 'zeroOutput' || observableOf(id)?.needs.includes('test-error') === true;

/** An array of a shape; null: any size. @throws UserError */
function maybe(arrays: Arrays, name: string, shape: readonly (number | null)[]): NumericArray | undefined {
  const array = arrays.get(name);
  if (!array) return undefined;
  const fits =
    array.shape.length === shape.length && shape.every((size, k) => size === null || size === array.shape[k]);
  if (!fits)
    throw new UserError(messages.arrayShape(name, array.shape, `(${shape.map((size) => size ?? 'any').join(', ')})`));
  const at = array.values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new UserError(messages.arrayNumber(name, at, array.values[at]!));
  return array;
}

function need(arrays: Arrays, name: string, shape: readonly (number | null)[]): NumericArray {
  const array = maybe(arrays, name, shape);
  if (!array) throw new UserError(messages.arrayMissing(name, [...arrays.keys()]));
  return array;
}

/** Reflects rows so that the signal lies along the first coordinate, as in our frames. */
function turnOf(arrays: Arrays, columns: number, mu: number): (rows: Float64Array) => Float64Array {
  const given = maybe(arrays, 'mu', [columns]);
  if (!given) return (rows) => rows;
  const norm = Math.sqrt(dotRows(given.values, 0, given.values, 0, columns));
  if (Math.abs(norm - mu) > ALIKE * Math.max(norm, mu)) throw new UserError(messages.otherSignal(norm, mu));
  if (norm === 0) return (rows) => rows;
  const u = given.values.map((x, k) => x / norm - (k === 0 ? 1 : 0));
  const square = dotRows(u, 0, u, 0, columns);
  if (square === 0) return (rows) => rows;
  return (rows) => {
    const out = rows.slice();
    for (let row = 0; row < rows.length; row += columns) {
      const factor = (2 * dotRows(rows, row, u, 0, columns)) / square;
      for (let k = 0; k < columns; k++) out[row + k]! -= factor * u[k]!;
    }
    return out;
  };
}

/** The training sample, or a stand-in of one point where X and y are not given. */
function sampleOf(
  cell: Cell,
  arrays: Arrays,
  columns: number,
  turn: (rows: Float64Array) => Float64Array,
  without: string[],
): { readonly sample: Sample; readonly known: boolean } {
  const { mu, d, n } = cell.data;
  const X = maybe(arrays, 'X', [n, 2, columns]);
  const y = maybe(arrays, 'y', [n]);
  const known = X !== undefined && y !== undefined;
  if (!known) without.push('training loss, margins, coefficients (X and y: the training points and their labels)');
  const count = known ? n : 1;
  const rows = known ? turn(X.values) : new Float64Array(2 * columns);
  if (!known) rows[0] = mu;
  const labels = known ? y.values : new Float64Array([1]);
  const strange = labels.findIndex((label) => label !== 1 && label !== -1);
  if (strange >= 0) throw new UserError(messages.arrayLabel('y', strange, labels[strange]!));
  const vectors = new Float64Array((count + 1) * columns);
  vectors[0] = mu;
  const trueLabels = new Float64Array(count);
  const [anchor, coefficient] = [new Int32Array(2 * count), new Float64Array(2 * count).fill(1)];
  for (let i = 0; i < count; i++) {
    const sides = [0, 1].map((s) => signOf(rows, (2 * i + s) * columns, columns, mu));
    const at = sides.findIndex((sign) => sign !== 0);
    if (at < 0) throw new UserError(messages.noSignalPatch(i));
    vectors.set(rows.subarray((2 * i + 1 - at) * columns, (2 * i + 2 - at) * columns), (1 + i) * columns);
    trueLabels[i] = sides[at]!;
    anchor[2 * i + 1] = 1 + i;
    coefficient[2 * i] = sides[at]!;
  }
  const told = known ? maybe(arrays, 'y_true', [n]) : undefined;
  const other = told ? told.values.findIndex((label, i) => label !== trueLabels[i]) : -1;
  if (other >= 0) throw new UserError(messages.otherTrueLabel(other, told!.values[other]!, trueLabels[other]!));
  if (known) checkNoise(cell, vectors, count, columns);
  const law = modelOf(cell.data).draw(
    { ...cell.data, n: 1, d: Math.max(2, Math.min(d, 4)) },
    { seed: 0, cell: [0, 0], replicate: 0 },
  );
  return {
    known,
    sample: {
      n: count,
      frame: { ambient: d, used: columns },
      anchors: count + 1,
      vectors,
      patches: singleTermPatches(2, anchor, coefficient),
      labels,
      trueLabels,
      fresh: law.fresh,
      roles: { signal: [0], noisy: [1], noise: Array.from({ length: count }, (_, i) => 1 + i) },
    },
  };
}

/** Noises have the law that the spec says, as far as it shows: else the test error would be that of other points. */
function checkNoise({ data }: Cell, vectors: Float64Array, n: number, columns: number): void {
  let [squares, along] = [0, 0];
  for (let i = 1; i <= n; i++) {
    const square = dotRows(vectors, i * columns, vectors, i * columns, columns);
    squares += square;
    if (square > 0) along = Math.max(along, Math.abs(vectors[i * columns]!) / Math.sqrt(square));
  }
  // Noise of d coordinates has one of 1/sqrt(d) along the signal; rounding leaves 1e-7 of it.
  if (data.projected !== along < ALIKE && data.d > 1)
    throw new UserError(messages.otherProjection(along, data.projected));
  if (data.noise !== 'gaussian') return;
  const sigma = Math.sqrt(squares / (n * (data.d - (data.projected ? 1 : 0))));
  // The mean of n d squares is known to sqrt(2 / (n d)); a deviation of a root half as well.
  if (Math.abs(sigma / data.sigmaP - 1) > UNLIKELY * Math.sqrt(1 / (2 * n * data.d)))
    throw new UserError(messages.otherNoise(sigma, data.sigmaP));
}
/** Standard deviations: chance 2e-9. */
const UNLIKELY = 6;

/** +1 or -1 where the patch is plus or minus the signal, mu along the first coordinate; else 0. */
function signOf(rows: Float64Array, from: number, columns: number, mu: number): number {
  const sign = rows[from]! < 0 ? -1 : 1;
  let off = (rows[from]! - sign * mu) ** 2;
  for (let k = 1; k < columns; k++) off += rows[from + k]! ** 2;
  return Math.sqrt(off) <= ALIKE * mu ? sign : 0;
}

/** Least squares of the movement on the anchors; undefined where they are not independent. */
function spanOf(
  W: Float64Array,
  W0: Float64Array,
  { anchors: K, vectors, frame: { used } }: Sample,
  R: number,
): { readonly coefficients: Float64Array; readonly out: number } | undefined {
  const moved = W.map((w, at) => w - W0[at]!);
  const G = new Float64Array(K * K);
  for (let k = 0; k < K; k++)
    for (let l = 0; l < K; l++) G[k * K + l] = dotRows(vectors, k * used, vectors, l * used, used);
  const coefficients = new Float64Array(R * K);
  let [left, all] = [0, 0];
  for (let r = 0; r < R; r++) {
    const products = Float64Array.from({ length: K }, (_, k) => dotRows(moved, r * used, vectors, k * used, used));
    let C: Float64Array;
    try {
      C = solvePositiveDefinite(G, K, products);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    coefficients.set(C, r * K);
    const rest = moved.slice(r * used, (r + 1) * used);
    for (let k = 0; k < K; k++) for (let a = 0; a < used; a++) rest[a]! -= C[k]! * vectors[k * used + a]!;
    left += dotRows(rest, 0, rest, 0, used);
    all += dotRows(moved, r * used, moved, r * used, used);
  }
  return { coefficients, out: all === 0 ? 0 : Math.sqrt(left / all) };
}

function viewOf(problem: Problem, W: Float64Array, bias: Float64Array, coefficients: Float64Array): SpanView {
  const { sample, network } = problem;
  const { used: columns } = sample.frame;
  const R = network.filters;
  const rows = patchRows(sample);
  const Q = 2 * sample.n;
  const weights = { rows: W, columns };
  const dots = (other: Float64Array, count: number, plus: (r: number) => number): Float64Array =>
    Float64Array.from({ length: R * count }, (_, at) => {
      const r = Math.floor(at / count);
      return dotRows(W, r * columns, other, (at % count) * columns, columns) + plus(r);
    });
  const parts = { weights, bias, outputWeights: network.outputWeights };
  return {
    outputs: outputsAt(problem, parts, { rows, count: sample.n, columns }),
    preactivations: dots(rows, Q, (r) => bias[r]!),
    outputWeights: network.outputWeights,
    bias,
    coefficients,
    startScale: 1,
    weights: () => weights,
    products: () => dots(sample.vectors, sample.anchors, () => 0),
    outputsAt: (points) => outputsAt(problem, parts, points),
  };
}
