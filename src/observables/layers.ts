/**
 * How the two layers grow, filter by filter: the output weights v_rs against the filters w_r.
 *
 * With etaOutput = 1 and an activation homogeneous of degree q, gradient flow keeps |w_r|^2 + b_r^2 - q sum_s v_rs^2
 * for every filter (Du, Hu, Lee 2018, for any data); Shang et al. 2024 find a constant ratio |w| / |v| once both layers
 * grow. The letters of their model are reconstructed.
 */
import { lawOf, type Sample } from '../data/sample.ts';
import type { Problem, SpanView } from '../dynamics/engine.ts';
import type { Network } from '../network/two-layer.ts';
import { fieldsOf, observable, oncePerState, type State } from './observable.ts';

/** The two layers against each other, at one state. */
export interface LayerSummary {
  /** v_1: mean over filters of |v| on the patches without noise, on all where each has noise; NaN without roles */
  readonly vSignal: number;
  /** v_2: mean over filters of |v| on the noisy patches; equal to vSignal where patches share it; NaN without roles */
  readonly vNoise: number;
  /** mean over filters of |w_r| */
  readonly wNorm: number;
  /** mean over filters of |w_r| / (sum_s v_rs^2)^{1/2} */
  readonly layerRatio: number;
  /** largest change over filters of |w_r|^2 + b_r^2 - (q / etaOutput) sum_s v_rs^2 since the start */
  readonly balanceDrift: number;
  /** |V - V(0)| / |V(0)|, Frobenius norms over all filters */
  readonly vChange: number;
  /** |W - W(0)| / |W(0)|; Infinity from the first step on where W(0) = 0 */
  readonly wChange: number;
  /**
   * mean of <w_r, xi_i> / v_r2 over the pairs (filter, noisy patch) with y_i = j_r and a positive pre-activation; NaN
   * where there is none, and without roles
   */
  readonly noiseResponse: number;
}

/**
 * How the two layers have grown since the start: v against w, and the invariant of gradient flow (Du, Hu, Lee 2018).
 * Means are over all filters.
 */
export function layers(view: SpanView, { sample, network, init, etaOutput = 1 }: Problem): LayerSummary {
  const { filters: R } = network;
  const { rows, columns } = view.weights();
  const v = trainedWeights(view.outputWeights, network);
  const start = trainedWeights(network.outputWeights, network);
  const V = v.length / R;
  const degree = network.activation.kind === 'power' ? network.activation.power : 1;
  const squares = (x: Float64Array, r: number, width: number): number => distance(x, undefined, r * width, width);
  const invariant = (w: Float64Array, bias: Float64Array, out: Float64Array, r: number): number =>
    squares(w, r, columns) + bias[r]! ** 2 - (degree / etaOutput) * squares(out, r, V);
  const noisy = sample.roles?.noisy ?? [];
  const clean = Array.from({ length: sample.patches.perSample }, (_, s) => s).filter((s) => !noisy.includes(s));
  const signal = clean.length > 0 ? clean : noisy;
  const weightAt = (r: number, s: number): number => r * V + (V === 1 ? 0 : s);
  let vSignal = 0;
  let vNoise = 0;
  let wNorm = 0;
  let ratio = 0;
  let drift = 0;
  for (let r = 0; r < R; r++) {
    const norm = Math.sqrt(squares(rows, r, columns));
    for (const s of signal) vSignal += Math.abs(v[weightAt(r, s)]!);
    for (const s of noisy) vNoise += Math.abs(v[weightAt(r, s)]!);
    wNorm += norm;
    ratio += norm / Math.sqrt(squares(v, r, V));
    drift = Math.max(drift, Math.abs(invariant(rows, view.bias, v, r) - invariant(init.rows, init.bias, start, r)));
  }
  return {
    vSignal: sample.roles ? vSignal / (R * signal.length) : NaN,
    vNoise: vNoise / (R * noisy.length),
    wNorm: wNorm / R,
    layerRatio: ratio / R,
    balanceDrift: drift,
    vChange: relativeChange(v, start),
    wChange: relativeChange(rows, init.rows),
    noiseResponse: noiseResponse(view, v, sample, network),
  };
}

/** v_rs in a_rs = j_r * unit * v_rs, in the shape of the output weights. */
export function trainedWeights(outputWeights: Float64Array, { classes, outputUnit, filters }: Network): Float64Array {
  const columns = outputWeights.length / filters;
  return outputWeights.map((a, at) => (classes[Math.floor(at / columns)]! * a) / outputUnit);
}

function noiseResponse(
  view: SpanView,
  v: Float64Array,
  { n, anchors: K, roles, labels, patches }: Sample,
  { filters: R, classes }: Network,
): number {
  if (!roles) return NaN;
  const products = view.products();
  const { preactivations } = view;
  const V = v.length / R;
  const P = roles.noisy.length;
  let sum = 0;
  let pairs = 0;
  for (let r = 0; r < R; r++) {
    for (let i = 0; i < n; i++) {
      if (labels[i] !== classes[r]) continue;
      roles.noisy.forEach((s, p) => {
        if (!(preactivations[(r * n + i) * patches.perSample + s]! > 0)) return;
        sum += products[r * K + roles.noise[i * P + p]!]! / v[r * V + (V === 1 ? 0 : s)]!;
        pairs++;
      });
    }
  }
  return sum / pairs;
}

function relativeChange(now: Float64Array, start: Float64Array): number {
  const change = distance(now, start, 0, now.length);
  return change === 0 ? 0 : Math.sqrt(change / distance(start, undefined, 0, start.length));
}

/** Squared distance of two stretches, or of one from 0. */
function distance(x: Float64Array, y: Float64Array | undefined, from: number, length: number): number {
  let sum = 0;
  for (let k = from; k < from + length; k++) sum += (x[k]! - (y ? y[k]! : 0)) ** 2;
  return sum;
}

export const layersOf = oncePerState(({ view, run }: State<SpanView>) => layers(view, run.problem));

export const LAYERS = {
  ...fieldsOf(['vSignal', 'vNoise'], ['span', 'signal-role'], layersOf),
  ...fieldsOf(['wNorm', 'layerRatio', 'balanceDrift', 'vChange', 'wChange'], ['span'], layersOf),
  ...fieldsOf(['noiseResponse'], ['span', 'signal-role'], layersOf),
  responseRatio: observable(['span', 'signal-role', 'fresh-law', 'one-noisy-patch'], (state) => {
    const { sample } = state.run.problem;
    const { frame, n } = sample;
    return layersOf(state).noiseResponse / (lawOf(sample).noisy[0]!.sigma * Math.sqrt(frame.ambient / n));
  }),
} as const;
