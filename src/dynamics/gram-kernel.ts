/**
 * The engine `gram` in WebAssembly: the plain algorithm of gram.ts with the same order of arithmetic, so the same bits.
 *
 * The whole training loop with its stop rules runs inside the kernel (assembly/gram.ts), in chunks of a few
 * milliseconds: V8 does not replace a running WebAssembly frame, so one long call would stay in the baseline compiler.
 */
import { kernel, LARGEST, type Exports, type Kernel, type Owner } from '../core/kernel.ts';
import { product, productTransposed } from '../core/kernel-algebra.ts';
import type { Engine, Problem, Run, View } from './engine.ts';
import { gram, headOfWeights } from './gram.ts';
import { stepLabels } from './label-noise.ts';
import { DIVERGENCE_FACTOR, type Halt, type StopParameters } from './stop.ts';

/**
 * Takes the reference for smoothed activations, for powers under a trained output layer, for more anchors than linear memory holds, and where
 * a skipped zero term would show: beyond the floating-point range.
 */
export const gramKernel: Engine = {
  id: 'gram',
  start(problem) {
    const { kind } = problem.network.activation;
    if (kind === 'smoothed-leaky' || (kind === 'power' && problem.network.trainsOutput)) return gram.start(problem);
    const { vectors, anchors, frame, n, patches } = problem.sample;
    const R = problem.network.filters + 3;
    if (2 * anchors * anchors + R * (5 * anchors + n * patches.perSample) > LARGEST) return gram.start(problem);
    const G = productTransposed(vectors, anchors, vectors, anchors, frame.used);
    if (!allFinite(G) || hasNegativeZero(problem.init.bias)) return gram.start(problem);
    const run = new KernelRun(problem, G);
    return problem.labelNoise ? stepByStep(run) : run;
  },
};

/** Without `advance`: the labels of each step come from outside the kernel. */
const stepByStep = (run: KernelRun): Run => ({ view: run.view, forward: () => run.forward(), update: () => run.update(), end: () => run.end() });

function allFinite(x: Float64Array): boolean {
  let none = 0;
  for (let i = 0; i < x.length; i++) none += x[i]! - x[i]!; // NaN as soon as one is not finite
  return none === 0;
}

function hasNegativeZero(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (Object.is(x[i], -0)) return true;
  return false;
}

/** Slots of the header in assembly/training.ts, masked.ts and both-layers.ts: 32-bit words, then f64, then the addresses of the arrays. */
const WORD = { n: 0, perSample: 1, filters: 2, anchors: 3, terms: 4, single: 5, loss: 6, rule: 7, bias: 8, begun: 9, wrong: 10, convex: 11, relu: 12, masked: 13, power: 14, outputColumns: 54 } as const;
const NUMBER = { leak: 8, stepPerSample: 9, epsilon: 10, maxSteps: 11, divergenceFactor: 12, t: 13, threshold: 14, blownUpSince: 15, outputRate: 26 } as const;
const ADDRESS = {
  labels: 32, outputs: 33, weights: 36, biases: 37, products: 38, coefficients: 39, preactivations: 40,
  termStart: 45, termAnchor: 46, termCoefficient: 47, anchorStart: 48, anchorPatch: 49, anchorCoefficient: 50, signs: 51, weightSigns: 52, signPairs: 58,
} as const;
const HEADER = 256;

/** The kernel's functions for fixed and for trained output layers, and for powers of the ReLU. */
const FIXED = (exports: Exports): Functions => exports;
const TRAINED = ({ layOutBothLayers, forwardBothLayers, updateBothLayers, advanceBothLayers }: Exports): Functions => ({ layOut: layOutBothLayers, forward: forwardBothLayers, update: updateBothLayers, advance: advanceBothLayers });
const POWER = ({ layOut, forwardPower, updatePower, advancePower }: Exports): Functions => ({ layOut, forward: forwardPower, update: updatePower, advance: advancePower });
type Functions = Pick<Exports, 'layOut' | 'forward' | 'update' | 'advance'>;

const RULES: readonly StopParameters['stop'][] = ['steps', 'loss', 'zero-error', 'zero-loss'];
const WHY: readonly Halt['why'][] = ['time', 'not-finite', 'met', 'step-limit', 'still'];

/** Multiplications and additions in one call of the kernel: a few milliseconds. */
const CHUNK = 2e7;

class KernelRun implements Run {
  readonly view: KernelView;
  private readonly owner: Owner = {};
  private readonly problem: Problem;
  private readonly chunk: number;
  private readonly call: Functions;
  private readonly nextLabels: () => Float64Array;
  private rule: StopParameters | undefined;

  constructor(problem: Problem, G: Float64Array) {
    this.problem = problem;
    this.nextLabels = stepLabels(problem.sample.labels, problem.labelNoise);
    const { n, anchors: K, patches } = problem.sample;
    const R = problem.network.filters;
    this.chunk = Math.max(1, Math.floor(CHUNK / (R * (K * K + 20 * n * patches.perSample + 20))));
    this.call = (problem.network.activation.kind === 'power' ? POWER : problem.network.trainsOutput ? TRAINED : FIXED)(kernel().exports);
    this.load(kernel(), G);
    this.view = new KernelView(problem, (name) => this.read(name));
  }

  forward(): void {
    const host = kernel();
    host.hold(this.owner);
    this.call.forward(host.base);
    this.view.moved();
  }

  update(): boolean {
    const host = kernel();
    host.hold(this.owner);
    const { labelNoise } = this.problem;
    if (labelNoise) {
      const { f64, at } = this.read('labels');
      f64.set(this.nextLabels(), at);
    }
    const moved = this.call.update(host.base) !== 0;
    this.view.moved();
    return moved || labelNoise !== undefined;
  }

  advance(rule: StopParameters, until: number): Halt {
    const host = kernel();
    host.hold(this.owner);
    const numbers = host.base / 8;
    if (!this.rule) {
      this.rule = rule;
      host.i32[host.base / 4 + WORD.rule] = RULES.indexOf(rule.stop);
      host.f64[numbers + NUMBER.epsilon] = rule.epsilon;
      host.f64[numbers + NUMBER.maxSteps] = rule.maxSteps;
    }
    let code: number;
    do code = this.call.advance(host.base, Math.min(until, host.f64[numbers + NUMBER.t]! + this.chunk));
    while (code === 0 && host.f64[numbers + NUMBER.t]! < until);
    this.view.moved();
    return {
      why: WHY[code]!,
      t: host.f64[numbers + NUMBER.t]!,
      wrong: host.i32[host.base / 4 + WORD.wrong]!,
      blownUpSince: host.f64[numbers + NUMBER.blownUpSince]!,
    };
  }

  end(): void {
    kernel().release(this.owner);
  }

  /** Where an array of this run lies, as an index into the kernel's f64. */
  private read(name: keyof typeof ADDRESS): { f64: Float64Array; at: number } {
    const host = kernel();
    host.hold(this.owner);
    // The shorter way leaves them out until they are asked for.
    if (name === 'preactivations' && host.i32[host.base / 4 + WORD.masked]) host.exports.forwardByDefinition(host.base);
    return { f64: host.f64, at: host.i32[host.base / 4 + ADDRESS[name]]! / 8 };
  }

  private load(host: Kernel, G: Float64Array): void {
    const { sample, network, init, loss, stepPerSample, etaOutput = 1 } = this.problem;
    const { n, anchors: K, patches, labels } = sample;
    const R = network.filters;
    const terms = patches.anchor.length;
    const single = patches.start.every((start, q) => start === q);
    const P = productTransposed(headOfWeights(this.problem), R, sample.vectors, K, sample.frame.used);
    // The header first: the kernel says how much room its arrays take.
    host.claim(this.owner, HEADER);
    const base = host.base / 4;
    let { f64, i32 } = host;
    i32.fill(0, base, base + HEADER / 4);
    const outputColumns = network.outputWeights.length / R;
    const { activation } = network;
    const leak = activation.kind === 'piecewise-linear' ? activation.leak : 0;
    const power = activation.kind === 'power' ? activation.power : 0;
    // No sum of all changes of a step can overflow.
    const relu = leak === 0 && network.outputWeights.every((a) => Number.isFinite(2 * n * stepPerSample * a));
    const masked = relu && power === 0 && !network.trainsOutput && commonAndOwn(sample) && network.outputWeights.every((a) => Math.abs(a) === Math.abs(network.outputWeights[0]!));
    i32[base + WORD.n] = n;
    i32[base + WORD.perSample] = patches.perSample;
    i32[base + WORD.filters] = R;
    i32[base + WORD.anchors] = K;
    i32[base + WORD.terms] = terms;
    i32[base + WORD.single] = Number(single);
    i32[base + WORD.loss] = Number(loss === 'hinge');
    i32[base + WORD.bias] = Number(network.bias);
    i32[base + WORD.convex] = Number(leak >= 0 && leak < 1);
    i32[base + WORD.relu] = Number(relu);
    i32[base + WORD.masked] = Number(masked);
    i32[base + WORD.power] = power;
    const numbers = host.base / 8;
    f64[numbers + NUMBER.leak] = leak;
    f64[numbers + NUMBER.stepPerSample] = stepPerSample;
    f64[numbers + NUMBER.divergenceFactor] = DIVERGENCE_FACTOR;
    f64[numbers + NUMBER.t] = 0;
    f64[numbers + NUMBER.blownUpSince] = -1;
    if (network.trainsOutput) {
      i32[base + WORD.outputColumns] = outputColumns;
      f64[numbers + NUMBER.outputRate] = etaOutput * (network.outputUnit * network.outputUnit);
    }
    const end = this.call.layOut(host.base);
    host.extend(this.owner, end - host.base);
    host.freeScratch();
    const packed = host.take(8 * K * K);
    ({ f64, i32 } = host);
    f64.fill(0, (host.base + HEADER) / 8, Math.ceil(end / 8));
    const address = (name: keyof typeof ADDRESS): number => i32[base + ADDRESS[name]]!;

    f64.set(labels, address('labels') / 8);
    const padded = outputStride(network);
    network.outputWeights.forEach((a, at) => (f64[address('weights') / 8 + (at % outputColumns) * padded + Math.floor(at / outputColumns)] = a));
    f64.set(init.bias, address('biases') / 8);
    const stride = K + (K & 1);
    const products = address('products') / 8;
    for (let r = 0; r < R; r++) for (let k = 0; k < K; k++) f64[products + r * stride + k] = P[r * K + k]!;
    f64.set(G, packed / 8);
    host.exports.packGram(host.base, packed);

    i32.set(patches.start, address('termStart') / 4);
    i32.set(patches.anchor, address('termAnchor') / 4);
    f64.set(patches.coefficient, address('termCoefficient') / 8);
    if (masked) {
      const signs = address('signs') / 8;
      const pairs = address('signPairs') / 4;
      const weightSigns = address('weightSigns') / 8;
      for (let i = 0; patches.perSample === 2 && i < n; i++) {
        const sign = patches.coefficient[2 * i]!;
        f64[signs + i] = sign;
        if (sign < 0) i32[pairs + (i >> 1)]! += 16 << (i & 1);
      }
      for (let r = 0; r < R; r++) f64[weightSigns + r] = network.outputWeights[r]! > 0 ? 1 : -1;
    }
    if (masked) return;
    const byAnchor = transpose(patches, K);
    i32.set(byAnchor.start, address('anchorStart') / 4);
    i32.set(byAnchor.patch, address('anchorPatch') / 4);
    f64.set(byAnchor.coefficient, address('anchorCoefficient') / 8);
  }
}

/** Output weights lie column by column, each padded to a multiple of four filters. */
const outputStride = ({ filters }: Problem['network']): number => (filters + 3) & ~3;

/** Every sample is anchor 0 times +-1 in its first patch and anchor 1 + i in its second, or has only the patch of anchor 1 + i. */
function commonAndOwn({ n, anchors, patches: { perSample, start, anchor, coefficient } }: Problem['sample']): boolean {
  if (perSample > 2 || anchors !== n + 1 || anchor.length !== perSample * n) return false;
  if (!start.every((first, q) => first === q)) return false;
  for (let i = 0; i < n; i++) {
    const own = perSample * (i + 1) - 1;
    if (anchor[own] !== 1 + i || coefficient[own] !== 1) return false;
    if (perSample === 2 && (anchor[2 * i] !== 0 || Math.abs(coefficient[2 * i]!) !== 1)) return false;
  }
  return true;
}

/** Terms by anchor; those of one anchor in the order of the patches. */
function transpose({ start, anchor, coefficient }: Problem['sample']['patches'], anchors: number): { start: Int32Array; patch: Int32Array; coefficient: Float64Array } {
  const first = new Int32Array(anchors + 1);
  for (const k of anchor) first[k + 1]!++;
  for (let k = 0; k < anchors; k++) first[k + 1]! += first[k]!;
  const free = first.slice();
  const patch = new Int32Array(anchor.length);
  const sorted = new Float64Array(anchor.length);
  for (let q = 0; q + 1 < start.length; q++) {
    for (let t = start[q]!; t < start[q + 1]!; t++) {
      const at = free[anchor[t]!]!++;
      patch[at] = 32 * q;
      sorted[at] = coefficient[t]!;
    }
  }
  return { start: first, patch, coefficient: sorted };
}

/** Copies of the kernel's state, each made when it is asked for; the arrays stay the same objects. */
class KernelView implements View {
  private readonly problem: Problem;
  private readonly read: (name: keyof typeof ADDRESS) => { f64: Float64Array; at: number };
  private readonly copies = new Map<string, { array: Float64Array; fresh: boolean }>();

  constructor(problem: Problem, read: KernelView['read']) {
    this.problem = problem;
    this.read = read;
  }

  /** What was copied is out of date. */
  moved(): void {
    for (const copy of this.copies.values()) copy.fresh = false;
  }

  get outputs(): Float64Array {
    return this.copy('outputs', this.problem.sample.n, (out, f64, at) => out.set(f64.subarray(at, at + out.length)));
  }

  get outputWeights(): Float64Array {
    const { network } = this.problem;
    if (!network.trainsOutput) return network.outputWeights;
    const columns = network.outputWeights.length / network.filters;
    const stride = outputStride(network);
    return this.copy('weights', network.outputWeights.length, (out, f64, from) => {
      for (let at = 0; at < out.length; at++) out[at] = f64[from + (at % columns) * stride + Math.floor(at / columns)]!;
    });
  }

  get bias(): Float64Array {
    return this.copy('biases', this.problem.network.filters, (out, f64, at) => out.set(f64.subarray(at, at + out.length)));
  }

  get coefficients(): Float64Array {
    return this.pairs('coefficients', this.problem.sample.anchors);
  }

  get preactivations(): Float64Array {
    return this.pairs('preactivations', this.problem.sample.n * this.problem.sample.patches.perSample);
  }

  products(): Float64Array {
    const K = this.problem.sample.anchors;
    const stride = K + (K & 1);
    return this.copy('products', this.problem.network.filters * K, (out, f64, at) => {
      for (let r = 0; r < this.problem.network.filters; r++) out.set(f64.subarray(at + r * stride, at + r * stride + K), r * K);
    });
  }

  weights(): { rows: Float64Array; columns: number } {
    const { sample, network, init } = this.problem;
    const { used } = sample.frame;
    const { columns } = init;
    const moved = product(this.coefficients, network.filters, sample.vectors, sample.anchors, used);
    const rows = init.rows.slice();
    for (let r = 0; r < network.filters; r++) for (let k = 0; k < used; k++) rows[r * columns + k]! += moved[r * used + k]!;
    return { rows, columns };
  }

  /** An R x width array that the kernel keeps by pairs of filters. */
  private pairs(name: 'coefficients' | 'preactivations', width: number): Float64Array {
    const R = this.problem.network.filters;
    return this.copy(name, R * width, (out, f64, at) => {
      for (let r = 0; r < R; r++) {
        const from = at + (r >> 1) * 2 * width + (r & 1);
        for (let k = 0; k < width; k++) out[r * width + k] = f64[from + 2 * k]!;
      }
    });
  }

  private copy(name: keyof typeof ADDRESS, length: number, fill: (out: Float64Array, f64: Float64Array, at: number) => void): Float64Array {
    let copy = this.copies.get(name);
    if (!copy) this.copies.set(name, (copy = { array: new Float64Array(length), fresh: false }));
    if (!copy.fresh) {
      const { f64, at } = this.read(name);
      fill(copy.array, f64, at);
      copy.fresh = true;
    }
    return copy.array;
  }
}
