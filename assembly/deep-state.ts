/** A run of a deep network in linear memory: what it holds, and where. */
import { at8, take } from './memory';
import { beginLayOut, Training } from './training';

/**
 * A layer of units: the filters first. Columns are patches, and samples above the pooling; their units lie side by side,
 * rows `step` bytes apart, with a 0 behind an odd number of them.
 */
@unmanaged
export class DeepLayer {
  units: i32;
  columns: i32;
  trained: i32;
  /** patches are pooled after its activation */
  pooled: i32;
  /** bytes from column to column */
  step: usize;
  // addresses
  /** units x units below, rows as long as a column of the layer below; none for the filters */
  weights: usize;
  /** f64, units */
  biases: usize;
  /** h, columns */
  preactivations: usize;
  /** what the layer above sees: sigma(h), or what is pooled of it, samples */
  values: usize;
  /** the derivative by h, columns */
  slopes: usize;
  /** by what is pooled, samples */
  pooledSlopes: usize;
}

/** How sigma is made: see src/network/activation.ts. */
export const enum Shape {
  PIECEWISE,
  POWER,
  SMOOTHED,
}

/** `filters`, `weights` (of the output) and `labels` are those of every run. K anchors, T terms. */
@unmanaged
export class Deep extends Training {
  anchors: i32;
  terms: i32;
  /** number of layers of units, L - 1 */
  depth: i32;
  bias: i32;
  /** every patch has exactly one term */
  single: i32;
  /** of this step: D is 0 where a unit is silent, and leaving that out changes no bit */
  skips: i32;
  /** 0: for passes up from given pre-activations of the filters */
  trains: i32;
  trainsOutput: i32;
  /** a Shape, with the power or the smoothing; the leak is that of every run */
  shape: i32;
  power: i32;
  smoothing: f64;
  share: f64;
  /** etaOutput * (unit * unit) */
  outputRate: f64;
  // addresses
  /** the headers of the layers */
  layers: usize;
  /** <w_r, v_k>, C and a step's dC: K rows of filters */
  products: usize;
  coefficients: usize;
  pulls: usize;
  /** one row's factors that are not 0, entries of 16 bytes */
  list: usize;
  /** K x K */
  gram: usize;
  /** patches by rows and by anchor, as in training.ts; patches by anchor by their index */
  termStart: usize;
  termAnchor: usize;
  termCoefficient: usize;
  anchorStart: usize;
  anchorPatch: usize;
  anchorCoefficient: usize;
}

// @ts-ignore: decorator
@inline
export function layerOf(s: Deep, at: i32): DeepLayer {
  return changetype<DeepLayer>(s.layers + <usize>at * offsetof<DeepLayer>());
}

/** The 0 behind an odd number of units. */
export function close(rows: usize, step: usize, units: i32, count: i32): void {
  if (!(units & 1)) return;
  for (let at = at8(rows, units); count > 0; count--) {
    store<f64>(at, 0);
    at += step;
  }
}

/** Bytes of a column; lines that are apart by a power of two would meet in the same places of the first-level cache. */
function stepOf(units: i32): usize {
  const step = <usize>((units + 1) & ~1) << 3;
  return units >= 32 && (step & 255) == 0 ? step + 64 : step;
}

/** Lays out the arrays behind a header and those of its layers, whose sizes are set; returns the first free address. */
export function layOutDeep(s: Deep): usize {
  const K = <usize>s.anchors;
  const n = <usize>s.n;
  const Q = n * <usize>s.perSample;
  const T = <usize>s.terms;
  const layers = changetype<usize>(s) + offsetof<Deep>();
  s.layers = layers;
  beginLayOut(s, offsetof<Deep>() + <usize>s.depth * offsetof<DeepLayer>());
  let below: usize = 0;
  let longest = 0;
  for (let at = 0; at < s.depth; at++) {
    const layer = layerOf(s, at);
    const columns = <usize>layer.columns;
    longest = max(longest, max(layer.units, layer.columns));
    const step = stepOf(layer.units);
    layer.step = step;
    layer.weights = take(<usize>((layer.units + 1) & ~1) * below);
    layer.biases = take(step);
    layer.preactivations = take(columns * step);
    layer.values = take((layer.pooled ? n : columns) * step);
    if (s.trains) {
      layer.slopes = take(columns * step);
      layer.pooledSlopes = layer.pooled ? take(n * step) : 0;
    }
    below = step;
  }
  s.weights = take(below);
  if (!s.trains) return take(0);
  const filters = layerOf(s, 0).step;
  s.products = take(K * filters);
  s.coefficients = take(K * filters);
  s.pulls = take(K * filters);
  s.list = take(<usize>(longest + 1) << 4);
  s.gram = take(K * K * 8);
  s.termStart = take((Q + 1) * 4);
  s.termAnchor = take(T * 4);
  s.termCoefficient = take(T * 8);
  s.anchorStart = take((K + 1) * 4);
  s.anchorPatch = take(T * 4);
  s.anchorCoefficient = take(T * 8);
  return take(0);
}
