/**
 * One whole run in one call, where a run is so short that handing arrays to and fro costs as much as its steps: the
 * signal-noise model in its d-free frame, ReLU, a fixed output layer, full-batch descent, line sampling. Every number
 * is that of src/experiments/run.ts, made by the kernels that serve it too, in the same order. What is rare is left
 * to it: see `Whole`.
 */
import { factorLQ, product, transpose } from './algebra';
import { Atom } from './fresh-output';
import { LineSampling } from './line-sampling';
import { direct, sampleDirected } from './lines';
import { at8, beginAt, get, set, take } from './memory';
import { packGram } from './product';
import { gaussianRows, startStream, StreamName, uniform } from './random';
import { normalTail } from './special';
import { Ending, meanLoss, StopRule } from './stop';
import { advance } from './train';
import { Form, layOutPlain, Masked } from './training';

/** The host fills it (src/experiments/whole-run.ts). K = n + 1 anchors, the signal first; R filters, an even number. */
@unmanaged
export class WholeRun {
  n: i32;
  filters: i32;
  /** frame axes of the anchors: min(d, 1 + n) */
  used: i32;
  /** frame axes of the weights: min(d, used + R) */
  columns: i32;
  /** the noise has nothing along the signal */
  projected: i32;
  /** the filters have a bias */
  bias: i32;
  /** it is drawn; else it starts at 0 */
  drawnBias: i32;
  /** a Loss */
  loss: i32;
  /** a StopRule */
  rule: i32;
  lines: i32;
  shifts: i32;
  /** numbers of the streams' purposes */
  labelStream: i32;
  flipStream: i32;
  noiseStream: i32;
  chiStream: i32;
  weightStream: i32;
  weightChiStream: i32;
  biasStream: i32;
  testStream: i32;
  d: f64;
  mu: f64;
  sigmaP: f64;
  flip: f64;
  /** standard deviation of an initial weight */
  sigma0: f64;
  /** largest initial bias */
  bound: f64;
  stepPerSample: f64;
  epsilon: f64;
  maxSteps: f64;
  divergenceFactor: f64;
  /** what a network's output is counted in, and which lines may miss a kink: src/observables/fresh-output.ts, unmet.ts */
  mostAbove: f64;
  largestFixed: f64;
  sure: f64;
  // results
  steps: f64;
  testError: f64;
  testErrorSe: f64;
  trainLoss: f64;
  trainError: f64;
  marginMin: f64;
  marginMax: f64;
  gamma: f64;
  rhoBar: f64;
  rhoUnder: f64;
  flipped: f64;
  // addresses, by `layOutWhole`
  /** StreamName */
  name: usize;
  /** a_r, f64, R; the same over a power of two, the largest in [1, 2); the classes +-1 */
  outputWeights: usize;
  scaledWeights: usize;
  classes: usize;
  /** generating vector of the lattice, f64, R */
  generator: usize;
  trueLabels: usize;
  /** K x used */
  vectors: usize;
  /** weights and biases before the first step, R x columns and R; the weights are later those behind the last */
  weights: usize;
  biases: usize;
  /** the first `used` columns of the weights, R x used; later C, R x K */
  head: usize;
  /** the vectors by columns, used x (K padded to even); later by rows, K x (used padded to even) */
  padded: usize;
  /** the Gram matrix, K x (K padded to even); later the weights' movement, R x (used padded to even) */
  gram: usize;
  /** what is to be factored, columns x R; scratch of columns and R f64 */
  work: usize;
  reflection: usize;
  factors: usize;
  /** Masked */
  training: usize;
  /** LineSampling */
  sampling: usize;
}

/** Whether the results are there. */
export const enum Whole {
  /** not one of the cases below */
  DONE,
  /**
   * not every label is fitted at the end, a number is far from 1, f = 0 has a probability, or lines may have missed a
   * kink: src/experiments/run.ts says what then
   */
  RARE,
}

// @ts-ignore: decorator
@inline
function even(count: i32): i32 {
  return (count + 1) & ~1;
}

/** Lays out the arrays behind the header, whose sizes are set; returns the first free address. */
export function layOutWhole(s: WholeRun): usize {
  const n = s.n;
  const R = s.filters;
  const K = n + 1;
  const used = s.used;
  beginAt(changetype<usize>(s) + offsetof<WholeRun>());
  // The headers first: the host has made room for them.
  const sampling = changetype<LineSampling>(take(offsetof<LineSampling>()));
  const t = changetype<Masked>(take(offsetof<Masked>()));
  s.sampling = changetype<usize>(sampling);
  s.training = changetype<usize>(t);
  s.name = take(offsetof<StreamName>());
  s.outputWeights = take(<usize>R << 3);
  s.scaledWeights = take(<usize>R << 3);
  s.classes = take(<usize>R << 3);
  s.generator = take(<usize>R << 3);
  s.trueLabels = take(<usize>n << 3);
  s.vectors = take(<usize>(K * used) << 3);
  s.weights = take(<usize>(R * s.columns) << 3);
  s.biases = take(<usize>R << 3);
  s.head = take(<usize>(R * max(used, K)) << 3);
  s.padded = take(<usize>max(used * even(K), K * even(used)) << 3);
  s.gram = take(<usize>max(K * even(K), R * even(used)) << 3);
  s.work = take(<usize>(s.columns * R) << 3);
  s.reflection = take(<usize>s.columns << 3);
  s.factors = take(<usize>R << 3);

  const rank = min(R, s.columns);
  const segments = <usize>(R + 2) << 3;
  sampling.l = take(<usize>(R * rank) << 3);
  sampling.offsets = take(<usize>R << 3);
  sampling.atomTable = take(2 * offsetof<Atom>());
  sampling.means = take(<usize>s.shifts << 3);
  sampling.zeros = take(<usize>s.shifts << 3);
  sampling.direction = take(<usize>rank << 3);
  sampling.slopes = take(<usize>R << 3);
  sampling.shift = take(<usize>rank << 3);
  sampling.z = take(<usize>rank << 5);
  sampling.heights = take(<usize>R << 5);
  sampling.line = take(<usize>R << 3);
  sampling.kinks = take(segments);
  sampling.order = take(segments);
  sampling.kinksBeside = take(segments);
  sampling.orderBeside = take(segments);
  sampling.segmentHeights = take(segments);
  sampling.segmentSlopes = take(segments);
  sampling.segmentEnds = take(segments);
  sampling.residues = take(<usize>rank << 3);
  sampling.tails = take((<usize>(4 * rank) << 4) + 16);
  sampling.turns = take(<usize>R << 5);

  memory.fill(s.training, 0, offsetof<Masked>());
  t.n = n;
  t.perSample = 2;
  t.filters = R;
  t.form = Form.MASKED;
  t.anchors = K;
  t.terms = 2 * n;
  return layOutPlain(t, take(0) - s.training);
}

// ---- draws: src/data/signal-noise.ts, src/network/two-layer.ts ----

function drawSample(s: WholeRun): void {
  const name = changetype<StreamName>(s.name);
  const n = s.n;
  const used = s.used;
  memory.fill(s.vectors, 0, <usize>used << 3);
  set(s.vectors, 0, s.mu);
  gaussianRows(name, s.noiseStream, s.chiStream, n, 1, s.d, s.sigmaP, used, at8(s.vectors, used));
  if (s.projected) for (let i = 1; i <= n; i++) set(s.vectors, i * used, 0);
  const t = changetype<Masked>(s.training);
  const labels = t.labels;
  memory.fill(labels, 0, t.outputs - labels); // what pads them too
  startStream(name, s.labelStream, 0);
  for (let i = 0; i < n; i++) set(s.trueLabels, i, uniform() < 0.5 ? 1 : -1);
  startStream(name, s.flipStream, 0);
  let flipped = 0;
  for (let i = 0; i < n; i++) {
    const flips = uniform() < s.flip;
    set(labels, i, flips ? -get(s.trueLabels, i) : get(s.trueLabels, i));
    flipped += <i32>flips;
  }
  s.flipped = <f64>flipped;
}

function drawWeights(s: WholeRun): void {
  const name = changetype<StreamName>(s.name);
  gaussianRows(name, s.weightStream, s.weightChiStream, s.filters, <f64>s.used, s.d, s.sigma0, s.columns, s.weights);
  memory.fill(s.biases, 0, <usize>s.filters << 3);
  if (!s.drawnBias) return;
  startStream(name, s.biasStream, 0);
  for (let r = 0; r < s.filters; r++) set(s.biases, r, s.bound * (2 * uniform() - 1));
}

// ---- training: src/dynamics/gram-kernel.ts ----

/** A copy of the first `kept` numbers of each row. */
function copyHeads(from: usize, rows: i32, columns: i32, kept: i32, to: usize): void {
  for (let r = 0; r < rows; r++) memory.copy(at8(to, r * kept), at8(from, r * columns), <usize>kept << 3);
}

/** NaN or infinite as soon as one of the numbers is, and else 0. */
function strayOf(from: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += get(from, i) - get(from, i);
  return sum;
}

/** Fills the run's arrays but its labels. Returns whether the Gram matrix is finite. */
function start(s: WholeRun, end: usize): bool {
  const t = changetype<Masked>(s.training);
  const n = s.n;
  const R = s.filters;
  const K = n + 1;
  const used = s.used;
  const stride = even(K);
  t.loss = s.loss;
  t.rule = s.rule;
  t.bias = s.bias;
  t.single = 1;
  t.convex = 1;
  t.relu = 1;
  t.stepPerSample = s.stepPerSample;
  t.epsilon = s.epsilon;
  t.maxSteps = s.maxSteps;
  t.divergenceFactor = s.divergenceFactor;
  t.blownUpSince = -1;
  memory.fill(t.outputs, 0, end - t.outputs); // the labels lie before it
  memory.copy(t.weights, s.outputWeights, <usize>R << 3);
  memory.copy(t.biases, s.biases, <usize>R << 3);
  transpose(s.vectors, K, used, s.padded, stride);
  product(s.vectors, K, used, s.padded, stride, s.gram);
  copyHeads(s.gram, K, stride, K, s.gram); // a row moves to where rows before it were
  if (strayOf(s.gram, K * K) != 0) return false;
  packGram(t, s.gram);
  copyHeads(s.weights, R, s.columns, used, s.head);
  product(s.head, R, used, s.padded, stride, t.products);
  for (let i = 0; i < n; i++) {
    const sign = get(s.trueLabels, i);
    const q = <usize>i << 3; // of its first patch, an i32
    store<i32>(t.termStart + q, 2 * i);
    store<i32>(t.termStart + q, 2 * i + 1, 4);
    store<i32>(t.termAnchor + q, 0);
    store<i32>(t.termAnchor + q, 1 + i, 4);
    set(t.termCoefficient, 2 * i, sign);
    set(t.termCoefficient, 2 * i + 1, 1);
    set(t.signs, i, sign);
    const pair = t.signPairs + (<usize>(i >> 1) << 2);
    if (sign < 0) store<i32>(pair, load<i32>(pair) + (16 << (i & 1)));
  }
  store<i32>(t.termStart + (<usize>n << 3), 2 * n);
  for (let r = 0; r < R; r++) set(t.weightSigns, r, get(s.outputWeights, r) > 0 ? 1 : -1);
  return true;
}

// ---- measurement ----

/** Of a normal number > 0; the others are rare. */
// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 52) - 1023;
}

// @ts-ignore: decorator
@inline
function power2(k: i32): f64 {
  return reinterpret<f64>((<i64>k + 1023) << 52);
}

function largestOf(from: usize, count: i32): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(get(from, i)));
  return largest;
}

/** Neither 0 nor so small or large that another unit would have to be looked for. */
// @ts-ignore: decorator
@inline
function moderate(x: f64): bool {
  return x > 1e-100 && x < 1e100;
}

/** Moves the weights along the anchors by C, which is then dense at `head`: src/dynamics/gram.ts. */
function moveWeights(s: WholeRun): void {
  const t = changetype<Masked>(s.training);
  const R = s.filters;
  const K = s.n + 1;
  const used = s.used;
  const stride = even(used);
  for (let r = 0; r < R; r++) {
    const from = t.coefficients + (<usize>((r >> 1) * 2 * K + (r & 1)) << 3);
    for (let k = 0; k < K; k++) set(s.head, r * K + k, load<f64>(from + (<usize>k << 4)));
  }
  for (let k = 0; k < K; k++) {
    memory.copy(at8(s.padded, k * stride), at8(s.vectors, k * used), <usize>used << 3);
    if (stride != used) set(s.padded, k * stride + used, 0);
  }
  product(s.head, R, K, s.padded, stride, s.gram);
  for (let r = 0; r < R; r++) {
    const row = at8(s.weights, r * s.columns);
    const moved = at8(s.gram, r * stride);
    for (let k = 0; k < used; k++) set(row, k, get(row, k) + get(moved, k));
  }
}

/** The law of the output on a fresh point: src/observables/fresh-output.ts. Returns whether nothing is rare. */
function hear(s: WholeRun): bool {
  const t = changetype<Masked>(s.training);
  const sampling = changetype<LineSampling>(s.sampling);
  const R = s.filters;
  const first = s.projected ? 1 : 0;
  const width = s.columns - first;
  const rank = min(R, width);
  let noise: f64 = 0;
  for (let r = 0; r < R; r++) {
    const row = largestOf(at8(s.weights, r * s.columns + first), width);
    if (!moderate(row)) return false;
    noise = Math.max(noise, row);
  }
  const K = s.n + 1;
  let still = largestOf(t.biases, R);
  for (let r = 0; r < R; r++) still = Math.max(still, largestOf(at8(t.products, r * even(K)), K));
  if (!moderate(still)) return false;
  const own = exponentOf(s.sigmaP);
  const unit = max(exponentOf(noise) + own, exponentOf(still) - <i32>s.mostAbove);

  // L, whose rows have no other units as the weights' are moderate.
  const factor = power2(own - unit);
  const mantissa = s.sigmaP * power2(-own);
  for (let r = 0; r < R; r++) {
    const row = at8(s.weights, r * s.columns + first);
    for (let k = 0; k < width; k++) {
      const x = get(row, k) * factor;
      set(s.work, k * R + r, mantissa != 1 ? mantissa * x : x);
    }
  }
  factorLQ(s.work, R, width, R, s.reflection, s.factors);
  for (let r = 0; r < R; r++)
    for (let j = 0; j < rank; j++) set(sampling.l, r * rank + j, j <= r ? get(s.work, j * R + r) : 0);

  const scale = power2(-unit);
  for (let at = 0; at < 2; at++) {
    const label: f64 = at == 0 ? 1 : -1;
    let evens: f64 = 0;
    let odds: f64 = 0;
    for (let r = 0; r < R; r++) {
      const h = label * (get(t.products, r * even(K)) * scale) + get(t.biases, r) * scale;
      const value = get(s.scaledWeights, r) * (h > 0 ? h : 0);
      if (r & 1) odds += value;
      else evens += value;
    }
    const fixed = Math.min(s.largestFixed, Math.max(-s.largestFixed, evens + odds));
    if (fixed == 0 || fixed != fixed) return false;
    const atom = changetype<Atom>(sampling.atomTable + <usize>at * offsetof<Atom>());
    atom.probability = 0.5;
    atom.label = label;
    atom.fixed = fixed;
    atom.group = 0;
  }
  for (let r = 0; r < R; r++) set(sampling.offsets, r, get(t.biases, r) * scale + 0);
  sampling.filters = R;
  sampling.rank = rank;
  sampling.groups = 1;
  sampling.atoms = 2;
  sampling.leak = 0;
  sampling.weights = s.scaledWeights;
  sampling.lines = s.lines;
  sampling.shifts = s.shifts;
  sampling.purpose = s.testStream;
  sampling.watched = 0;
  sampling.name = s.name;
  sampling.generator = s.generator;
  sampling.quiet = 0;
  direct(sampling);
  return largestOf(sampling.offsets, R) < 1e100 && !mayMiss(s, sampling);
}

/** Whether some side of a kink is so unlikely that lines may miss it: `watchedSides` of src/observables/unmet.ts. */
function mayMiss(s: WholeRun, sampling: LineSampling): bool {
  const lines = <f64>(s.lines * s.shifts);
  const rank = sampling.rank;
  for (let r = 0; r < s.filters; r++) {
    const shift = get(sampling.offsets, r);
    if (shift == 0) continue;
    let square: f64 = 0;
    for (let k = 0; k < min(rank, r + 1); k++) square += get(sampling.l, r * rank + k) * get(sampling.l, r * rank + k);
    const slope = get(sampling.slopes, r);
    const across = Math.max(0, 1 - (slope * slope) / square);
    if (!(across > 0)) continue;
    const k = Math.abs(shift) / Math.sqrt(square);
    if (normalTail(k) > 0 && lines * normalTail(Math.sqrt(across) * k) < s.sure) return true;
  }
  return false;
}

/** Mean and standard error over the shifts: src/core/statistics.ts. Returns whether nothing is rare. */
function summarise(s: WholeRun, sampling: LineSampling): bool {
  const shifts = s.shifts;
  const largest = largestOf(sampling.means, shifts);
  if (largest != 0 && !moderate(largest)) return false;
  let sum: f64 = 0;
  for (let i = 0; i < shifts; i++) sum += get(sampling.means, i);
  const mean = sum / <f64>shifts;
  let squares: f64 = 0;
  for (let i = 0; i < shifts; i++) {
    const off = get(sampling.means, i) - mean;
    squares += off * off;
  }
  s.testError = mean;
  s.testErrorSe = shifts > 1 ? Math.sqrt(squares / <f64>(shifts * (shifts - 1))) : 0;
  return true;
}

/** |v_k|^2. */
function squareOf(s: WholeRun, k: i32): f64 {
  const row = at8(s.vectors, k * s.used);
  let sum: f64 = 0;
  for (let a = 0; a < s.used; a++) sum += get(row, a) * get(row, a);
  return sum;
}

/** The decomposition's means, from C at `head`: src/observables/decomposition.ts. */
function decompose(s: WholeRun): void {
  const n = s.n;
  const R = s.filters;
  const labels = changetype<Masked>(s.training).labels;
  const squares = s.padded;
  for (let k = 0; k <= n; k++) set(squares, k, squareOf(s, k));
  let gamma: f64 = 0;
  let bar: f64 = 0;
  let under: f64 = 0;
  let barCount = 0;
  for (let r = 0; r < R; r++) {
    const C = at8(s.head, r * (n + 1));
    const side = get(s.classes, r);
    gamma += side * get(C, 0) * get(squares, 0);
    for (let i = 0; i < n; i++) {
      const rho = get(C, 1 + i) * get(squares, 1 + i);
      if (get(labels, i) == side) {
        bar += rho;
        barCount++;
      } else under += rho;
    }
  }
  const underCount = R * n - barCount;
  s.gamma = gamma / <f64>R;
  s.rhoBar = barCount ? bar / <f64>barCount : 0;
  s.rhoUnder = underCount ? under / <f64>underCount : 0;
}

/** What the run shows on its sample: src/observables/training.ts. */
function onSample(s: WholeRun, t: Masked): void {
  s.trainLoss = meanLoss(t);
  s.trainError = <f64>t.wrong / <f64>s.n;
  let smallest: f64 = Infinity;
  let largest: f64 = -Infinity;
  for (let i = 0; i < s.n; i++) {
    const margin = get(t.labels, i) * get(t.outputs, i);
    if (margin < smallest) smallest = margin;
    if (margin > largest) largest = margin;
  }
  s.marginMin = smallest;
  s.marginMax = largest;
}

/** One run, from the name of its streams to its numbers. @param end behind the arrays @returns a Whole */
export function wholeRun(s: WholeRun, end: usize): i32 {
  const t = changetype<Masked>(s.training);
  const sampling = changetype<LineSampling>(s.sampling);
  drawSample(s);
  drawWeights(s);
  if (!start(s, end)) return Whole.RARE;
  const ending = advance(t, s.maxSteps);
  if (t.wrong > 0 || !(ending == Ending.MET || (ending == Ending.STILL && s.rule == StopRule.STEPS))) return Whole.RARE;
  moveWeights(s);
  if (!hear(s)) return Whole.RARE;
  sampleDirected(sampling);
  if (!summarise(s, sampling)) return Whole.RARE;
  onSample(s, t);
  decompose(s);
  s.steps = t.t;
  const finite =
    s.testError + s.testErrorSe + s.trainLoss + s.marginMin + s.marginMax + s.gamma + s.rhoBar + s.rhoUnder;
  return finite - finite == 0 ? Whole.DONE : Whole.RARE;
}
