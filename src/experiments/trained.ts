/**
 * Networks that were trained elsewhere, measured as a run is.
 *
 * Arrays have the shapes that a PyTorch or NumPy program has: W (filters x columns), b and a (filters), X (n x patches
 * x columns), y (n). Columns are coordinates in an orthonormal frame: all d of them, or the first few where the rest of
 * every vector is 0 (isotropic noise does not mind which frame).
 */
import type { StreamKey } from '../core/random.ts';
import { dotRows, solvePositiveDefinite } from '../core/linear-algebra.ts';
import { patchRows, type Sample } from '../data/sample.ts';
import { deepDirect } from '../dynamics/deep/engines.ts';
import type { Problem, SpanView, Tier } from '../dynamics/engine.ts';
import { outputsAt } from '../dynamics/outputs-at.ts';
import type { LayerWeights } from '../network/hidden.ts';
import { buildNetwork, type InitialWeights, type Network } from '../network/two-layer.ts';
import { messages, UserError } from '../errors.ts';
import type { BySymbol, SymbolId } from '../notation.ts';
import { observableOf } from './series.ts';
import { arrayName, type Arrays } from './arrays.ts';
import type { Cell } from './cell.ts';
import { maybe, need, sampleOf, turnOf } from './given-arrays.ts';
import { Measurement, runContext } from './measurement.ts';
import { lossOf, networkOf, streamKey } from './run.ts';
import { stepPerSample } from './units.ts';

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

/**
 * A network that was trained elsewhere on the signal-noise model, measured as a run of this cell is.
 *
 * @param arrays `W` (2m x columns) and, where they are known, `b` (2m), `a` (2m: output weights with sign and scale),
 *   `X` (n x 2 x columns), `y` (n), `W0`, `b0`, `a0`, `mu` (columns; along the first coordinate when absent). Of a deep
 *   network also `W2` (units x units of the layer below), ..., which must be there, `b2`, `W2_0`, `b2_0`, ..., and `a` of
 *   the units of the last hidden layer
 * @param more observables beside the usual ones
 * @throws UserError for arrays that do not fit the cell or each other
 */
export function measureArrays(
  cell: Cell,
  arrays: Arrays,
  more: readonly SymbolId[],
  key: StreamKey = streamKey(cell, 0, 0),
): Measured {
  if (cell.data.model !== 'signal-noise') throw new UserError(messages.measuresOnly('signal-noise', cell.data.model));
  const { spectrum, patches, signals } = cell.data;
  if (spectrum !== 'flat') throw new UserError(messages.measuresFlatSpectra());
  if (patches !== 2) throw new UserError(messages.measuresTwoPatches('data.patches', 2, patches));
  if (signals !== 1) throw new UserError(messages.measuresTwoPatches('data.signals', 1, signals));
  const deep = cell.network.depth > 2;
  const drawn = buildNetwork(networkOf(cell), 2, key);
  const R = drawn.filters;
  const weights = need(arrays, 'W', [R, null]);
  const columns = weights.shape[1]!;
  if (columns > cell.data.d)
    throw new UserError(messages.arrayShape('W', weights.shape, `(${R}, at most d = ${cell.data.d})`));
  const turn = turnOf(arrays, columns, cell.data.mu);
  const units = drawn.hidden?.widths.at(-1) ?? R;
  const now = {
    columns,
    rows: turn(weights.values),
    bias: biasOf(cell, arrays, 'b', R),
    hidden: hiddenNow(cell, arrays, drawn),
    outputWeights: maybe(arrays, 'a', [units])?.values ?? drawn.outputWeights,
  };
  const startOutput = maybe(arrays, 'a0', [units])?.values;
  const outputWeights = startOutput ?? now.outputWeights;
  const network = { ...drawn, outputWeights, classes: outputWeights.map((a) => (a < 0 ? -1 : 1)) };
  const without: string[] = [];
  const sample = sampleOf(cell, arrays, columns, turn, without);
  const W0 = sample.known ? maybe(arrays, 'W0', [R, columns]) : undefined;
  const hidden = hiddenAtStart(arrays, drawn);
  if (sample.known && !deep && !W0) without.push('coefficients (W0: the weights before the first step)');
  const init: InitialWeights = {
    columns,
    rows: W0 ? turn(W0.values) : new Float64Array(R * columns),
    bias: maybe(arrays, 'b0', [R])?.values ?? new Float64Array(R),
    ...(deep && { hidden }),
  };
  const span = W0 ? spanOf(now.rows, init.rows, sample.sample, R) : undefined;
  if (!deep && span && span.out > IN_SPAN)
    without.push(
      `coefficients (${(100 * span.out).toPrecision(2)} % of the movement lies out of the span of signal and noises)`,
    );
  if (!deep && W0 && !span) without.push('coefficients (signal and noises are not independent)');
  const problem: Problem = {
    sample: sample.sample,
    network,
    init,
    loss: lossOf(cell.training),
    stepPerSample: stepPerSample(cell),
    etaOutput: cell.training.etaOutput,
  };
  const view = deep
    ? deepView(problem, now)
    : viewOf(problem, now, span?.coefficients ?? new Float64Array(R * sample.sample.anchors));
  const offers: Tier = deep ? 'layers' : span !== undefined && span.out <= IN_SPAN ? 'span' : 'two-layer';
  const measurement = new Measurement({ ...runContext(cell, problem, key), offers }, view);
  const wanted = more.filter((id) => sample.known || withoutPoints(id));
  const values = { ...measurement.final('interpolated', wanted) };
  // Without training points what is said of them is of a stand-in.
  if (!sample.known) for (const id of Object.keys(values) as SymbolId[]) if (!withoutPoints(id)) delete values[id];
  if (!W0) delete values.startMax;
  if (sample.known && deep)
    for (let layer = 1; layer < cell.network.depth; layer++) {
      const name = arrayName('W', layer, '0');
      if (!arrays.has(name) && more.includes(changeOf(layer)))
        without.push(`${changeOf(layer)} (${name}: the weights before the first step)`);
    }
  if (drawn.trainsOutput && !startOutput) {
    const ofStart = (['vChange', 'balanceDrift', changeOf(cell.network.depth)] as const).filter((id) => id in values);
    for (const id of ofStart) delete values[id];
    if (ofStart.length > 0) without.push(`${ofStart.join(', ')} (a0: the output weights before the first step)`);
  }
  return { values, outOfSpan: span?.out ?? null, without };
}

const changeOf = (layer: number): SymbolId => `layerChange${layer}` as SymbolId;

/** Of fresh points, or of the weights alone. */
const withoutPoints = (id: SymbolId): boolean =>
  id.startsWith('testError') ||
  id === 'zeroOutput' ||
  /^layer(Norm|Gap)\d/.test(id) ||
  observableOf(id)?.needs.includes('test-error') === true;

function biasOf(cell: Cell, arrays: Arrays, name: string, units: number): Float64Array {
  const bias = maybe(arrays, name, [units])?.values ?? new Float64Array(units);
  if (!cell.network.bias && bias.some((b) => b !== 0)) throw new UserError(messages.biasWithout(name));
  return bias;
}

/** Layers 2, ..., L-1 as they are; of a two-layer network none. */
const hiddenNow = (cell: Cell, arrays: Arrays, { hidden }: Network): LayerWeights[] =>
  (hidden?.widths ?? []).slice(1).map((units, at) => ({
    weights: need(arrays, arrayName('W', at + 2), [units, hidden!.widths[at]!]).values,
    bias: biasOf(cell, arrays, arrayName('b', at + 2), units),
  }));

/** The same before the first step; of a layer that is not known zeros, from which there is no relative change. */
const hiddenAtStart = (arrays: Arrays, { hidden }: Network): LayerWeights[] =>
  (hidden?.widths ?? []).slice(1).map((units, at) => {
    const below = hidden!.widths[at]!;
    return {
      weights: maybe(arrays, arrayName('W', at + 2, '0'), [units, below])?.values ?? new Float64Array(units * below),
      bias: maybe(arrays, arrayName('b', at + 2, '0'), [units])?.values ?? new Float64Array(units),
    };
  });

/** The weights of one state. */
type Now = InitialWeights & { readonly outputWeights: Float64Array };

/** The first state of a run that would start there. */
function deepView(problem: Problem, { outputWeights, ...init }: Now): SpanView {
  const run = deepDirect.start({ ...problem, init, network: { ...problem.network, outputWeights } });
  run.forward();
  return run.view;
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

function viewOf(problem: Problem, { rows: W, bias, outputWeights }: Now, coefficients: Float64Array): SpanView {
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
  const parts = { weights, bias, outputWeights };
  return {
    outputs: outputsAt(problem, parts, { rows, count: sample.n, columns }),
    preactivations: dots(rows, Q, (r) => bias[r]!),
    outputWeights,
    bias,
    coefficients,
    startScale: 1,
    weights: () => weights,
    products: () => dots(sample.vectors, sample.anchors, () => 0),
    outputsAt: (points) => outputsAt(problem, parts, points),
  };
}
