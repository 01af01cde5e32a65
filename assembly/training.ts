import { beginAt, take } from './memory';

/**
 * The header of every training run in linear memory; each algorithm has one of its own that begins with this. The build
 * tells the host where the fields lie (src/core/kernel.layout.ts).
 *
 * n samples, Q = n * perSample patches; R filters. Memory behind the header holds the arrays.
 */
@unmanaged
export class Training {
  n: i32;
  perSample: i32;
  filters: i32;
  /** a Loss */
  loss: i32;
  /** a StopRule */
  rule: i32;
  /** a Form: which algorithm */
  form: i32;
  /** 0 before the first forward pass */
  begun: i32;
  wrong: i32;
  leak: f64;
  stepPerSample: f64;
  epsilon: f64;
  maxSteps: f64;
  divergenceFactor: f64;
  t: f64;
  threshold: f64;
  blownUpSince: f64;
  /** the rule moves by the pull itself: the schedule's factor is in the step size */
  isPull: i32;
  /** the next step may pull where this one does not */
  redraws: i32;
  /** rows of the tables below */
  tableRows: i32;
  /** the step of their first row */
  tableFrom: f64;
  /** step size on one sample's loss in this step */
  each: f64;
  // addresses
  /** f64, n (padded with zeros to a multiple of four) */
  labels: usize;
  /** f64, n */
  outputs: usize;
  /** (y_i slope(y_i f_i)) * stepPerSample, f64, n */
  error: usize;
  /** a_r, f64, R */
  weights: usize;
  /** a row of n f64, padded as `labels`, for each of the next steps: the labels it sees, its weights; 0: none */
  tableLabels: usize;
  tableWeights: usize;
  /** f64 for each of the next steps, of the schedule; 0: none */
  tableFactors: usize;
  /** of this step: a row of labels; one of weights, or 0 */
  seen: usize;
  weighed: usize;
}

/**
 * The plain algorithm. T terms; filters padded with idle ones to a multiple of four; K anchors, padded with zero
 * columns to V = ceil(K / 2) vectors of two. "Pairs" are two neighbouring filters, the even one in lane 0 and the odd
 * one in lane 1: exactly the two partial sums of the record format.
 */
@unmanaged
export class Plain extends Training {
  anchors: i32;
  terms: i32;
  /** every patch has exactly one term */
  single: i32;
  bias: i32;
  /** 0 <= leak < 1: sigma(h) is the larger of h and leak h */
  convex: i32;
  /** leak = 0, and no step can overflow: an inactive unit changes nothing */
  relu: i32;
  /** of max(0, h)^power; 0 for piecewise-linear activations */
  power: i32;
  /** the rule remembers: see moving.ts */
  remembers: i32;
  /** weights decay */
  decays: i32;
  /** of the heavy ball */
  beta: f64;
  /** step size on the whole loss; lambda of decay */
  rate: f64;
  lambda: f64;
  /** of this step: what movements are multiplied by, and what is kept of the weights */
  after: f64;
  kept: f64;
  /** s in w_r = s w_r(0) + sum_k C_rk v_k, and its velocity times beta */
  startScale: f64;
  // from an array to the velocities times beta behind it, in bytes
  productsMemory: usize;
  coefficientsMemory: usize;
  biasesMemory: usize;
  // addresses
  /**
   * where the product is made block by block (see product.ts), the sums so far: R rows of V vectors, then R pairs of
   * i32
   */
  sums: usize;
  /** even and odd partial sums of f_i, pairs, n (in masked.ts the even ones of two samples, then their odd ones) */
  partial: usize;
  /** b_r, f64, R */
  biases: usize;
  /** <w_r, v_k>, R rows of 2 V */
  products: usize;
  /** C, pairs, R/2 x K */
  coefficients: usize;
  /** h, pairs, R/2 x Q */
  preactivations: usize;
  /** changes of two pairs, Q x 2 vectors */
  changes: usize;
  /** the anchors' Gram matrix in column tiles, see `tiles` */
  gram: usize;
  /** the nonzero dC_rk of each filter, R x (K + 1) entries of 16 bytes: f64 value, i32 k */
  lists: usize;
  /** where each list ends, R i32 */
  listEnds: usize;
  /**
   * rows of each tile from the first to the last that is not all 0, V pairs of i32 (first, behind the last), then R pairs of
   * i32 for the parts of the lists; 0 where every row counts
   */
  ranges: usize;
  /** patches by rows: start i32 Q + 1, anchor i32 T, coefficient f64 T */
  termStart: usize;
  termAnchor: usize;
  termCoefficient: usize;
  /**
   * patches by anchor, in the order of the samples: start i32 K + 1, patch i32 T (as 32 times its index), coefficient
   * f64 T
   */
  anchorStart: usize;
  anchorPatch: usize;
  anchorCoefficient: usize;
}

/** What masked.ts needs beside that. */
@unmanaged
export class Masked extends Plain {
  /** +-1, f64, n (padded to even) */
  signs: usize;
  /** the sign of a_r as +-1, f64, R */
  weightSigns: usize;
  /** e_i w, f64, n */
  shares: usize;
  /** bit i of word i / 64: e_i w is not 0; u64 */
  live: usize;
  /** the same for h > 0 in the own patch of sample i, words x R */
  masks: usize;
  /** all bits or none: h > 0 in a common patch of sign +, and of sign -; u64, 2 x R */
  signalMasks: usize;
  /** dC_r0 by what is active, f64 x 4 */
  common: usize;
  /** of two neighbouring samples: 16 times (sign of the first is -) + 32 times (sign of the second is -); i32, n / 2 */
  signPairs: usize;
  /** what two filters make of the common patch of two samples, by their signs; pairs of samples, 2 x 4 */
  commonUnits: usize;
  /** (e_i w) G_1+i in one tile, n rows of at most 6 vectors */
  rows: usize;
}

/**
 * The plain algorithm (gram.ts), its shorter way (masked.ts), with a trained output layer (both-layers.ts); steps that
 * touch what changed (incremental.ts), steps on the outputs (frozen.ts); deep networks (deep-up.ts, deep-down.ts).
 */
export const enum Form {
  PLAIN,
  MASKED,
  BOTH_LAYERS,
  INCREMENTAL,
  FROZEN,
  DEEP,
}

export const enum Loss {
  LOGISTIC,
  HINGE,
}

/**
 * More anchors than this: the product goes block by block over the anchors (see product.ts). Measured: blocks lose at
 * 1,000 and win at 2,000.
 */
const LARGEST_TILE: i32 = 1536;

/** Anchors in a block, a multiple of 64: 24 KB of a tile, which fit into a first-level cache. */
export const BLOCK: i32 = 256;

/** Lays out the arrays that every form has, behind a header of `size` bytes. */
export function beginLayOut(s: Training, size: usize): void {
  const n = <usize>((s.n + 3) & ~3);
  beginAt(changetype<usize>(s) + size);
  s.labels = take(n * 8);
  s.outputs = take(n * 8);
  s.error = take(n * 8);
  s.weights = take((<usize>((s.filters + 3) & ~3)) << 3);
  // The host has said which it wants.
  const rows = <usize>s.tableRows;
  if (s.tableLabels) s.tableLabels = take(rows * n * 8);
  if (s.tableWeights) s.tableWeights = take(rows * n * 8);
  if (s.tableFactors) s.tableFactors = take(rows * 8);
}

/**
 * Lays out the arrays of the plain algorithm behind a header of `size` bytes in which the run's sizes are set; returns
 * the first free address.
 */
export function layOutPlain(s: Plain, size: usize): usize {
  const n = <usize>((s.n + 1) & ~1);
  const R = <usize>((s.filters + 3) & ~3);
  const K = <usize>s.anchors;
  const V = (K + 1) >> 1;
  const Q = <usize>(s.n * s.perSample);
  const T = <usize>s.terms;
  const masked = s.form == Form.MASKED;
  beginLayOut(s, size);
  s.partial = take(n * 16);
  s.biases = take(R * 8);
  s.products = take(R * V * 16);
  s.coefficients = take(R * K * 8);
  if (s.remembers) {
    s.biasesMemory = take(R * 8) - s.biases;
    s.productsMemory = take(R * V * 16) - s.products;
    s.coefficientsMemory = take(R * K * 8) - s.coefficients;
  }
  s.preactivations = take(R * Q * 8);
  s.gram = take(K * V * 16);
  s.termStart = take((Q + 1) * 4);
  s.termAnchor = take(T * 4);
  s.termCoefficient = take(T * 8);
  s.sums = !masked && s.anchors > LARGEST_TILE ? take(R * V * 16 + R * 8) : 0;
  if (!masked) {
    s.changes = take(Q * 32);
    s.lists = take(R * (K + 1) * 16);
    s.listEnds = take(R * 4);
    s.ranges = !s.sums ? take((V + R) * 8) : 0;
    s.anchorStart = take((K + 1) * 4);
    s.anchorPatch = take(T * 4);
    s.anchorCoefficient = take(T * 8);
    return take(0);
  }
  const m = changetype<Masked>(s);
  const words = (n + 63) >> 6;
  m.signs = take(n * 8);
  m.weightSigns = take(R * 8);
  m.shares = take(n * 8);
  m.live = take(words * 8);
  m.masks = take(words * R * 8);
  m.signalMasks = take(R * 16);
  m.common = take(32);
  m.signPairs = take(n * 2);
  m.commonUnits = take(128);
  m.rows = take(n * 96);
  return take(0);
}
