/**
 * The engine `gram` in WebAssembly: the plain algorithm of gram.ts with the same order of arithmetic, so the same bits.
 */
import { LARGEST } from '../core/kernel.ts';
import { allFinite, productTransposed } from '../core/kernel-algebra.ts';
import { checkProblem, refusesNothing } from './check.ts';
import type { Engine, Problem, Run } from './engine.ts';
import { gram, headOfWeights } from './gram.ts';
import { GramKernelView, outputStride, type Shown } from './gram-kernel-view.ts';
import { FORM, KernelLoop } from './kernel-loop.ts';
import { allSamples } from './steps/puller.ts';
import { descent } from './steps/rule.ts';

/**
 * Takes the reference for other step rules than descent, for smoothed activations, for powers under a trained output layer, for more anchors than linear
 * memory holds, and where a skipped zero term would show: beyond the floating-point range.
 */
export const gramKernel: Engine = {
  id: 'gram',
  refuses: refusesNothing,
  start(problem) {
    checkProblem(problem, gramKernel);
    const { rule = descent, puller = allSamples } = problem;
    if (!rule.isPull) return gram.start(problem);
    const { kind } = problem.network.activation;
    if (kind === 'smoothed-leaky' || (kind === 'power' && problem.network.trainsOutput)) return gram.start(problem);
    const { vectors, anchors, frame, n, patches } = problem.sample;
    const R = problem.network.filters + 3;
    if (2 * anchors * anchors + R * (5 * anchors + n * patches.perSample) > LARGEST) return gram.start(problem);
    const G = productTransposed(vectors, anchors, vectors, anchors, frame.used);
    if (!allFinite(G) || hasNegativeZero(problem.init.bias)) return gram.start(problem);
    const run = new KernelRun(problem, G);
    return puller.redraws ? stepByStep(run) : run;
  },
};

/** Without `advance`: the labels of each step come from outside the kernel. */
const stepByStep = (run: KernelRun): Run => ({
  view: run.view,
  forward: () => run.forward(),
  update: () => run.update(),
  end: () => run.end(),
});

function hasNegativeZero(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (Object.is(x[i], -0)) return true;
  return false;
}

/**
 * Slots of the header in assembly/training.ts, masked.ts and both-layers.ts: 32-bit words, then f64, then the addresses
 * of the arrays.
 */
const WORD = {
  anchors: 3,
  terms: 4,
  single: 5,
  bias: 8,
  convex: 11,
  relu: 12,
  form: 13,
  power: 14,
  outputColumns: 54,
} as const;
const NUMBER = { outputRate: 26 } as const;
const ADDRESS = {
  labels: 32,
  outputs: 33,
  weights: 36,
  biases: 37,
  products: 38,
  coefficients: 39,
  preactivations: 40,
  termStart: 45,
  termAnchor: 46,
  termCoefficient: 47,
  anchorStart: 48,
  anchorPatch: 49,
  anchorCoefficient: 50,
  signs: 51,
  weightSigns: 52,
  signPairs: 58,
} as const;
const HEADER = 256;

class KernelRun extends KernelLoop {
  readonly view: GramKernelView;
  private readonly redraws: boolean;
  private readonly nextLabels: () => Float64Array;

  constructor(problem: Problem, G: Float64Array) {
    const { n, anchors: K, patches, labels } = problem.sample;
    super(problem, (problem.network.filters * (K * K + 20 * n * patches.perSample + 20)) / 2);
    const { puller = allSamples } = problem;
    this.redraws = puller.redraws;
    this.nextLabels = puller.start(labels);
    this.load(G);
    this.view = new GramKernelView(problem, (name) => this.read(name));
  }

  override forward(): void {
    const host = this.host();
    host.exports.forward(host.base);
    this.view.moved();
  }

  override update(): boolean {
    const host = this.host();
    if (this.redraws) host.f64.set(this.nextLabels(), this.at(ADDRESS.labels));
    const moved = host.exports.update(host.base) !== 0;
    this.view.moved();
    return moved || this.redraws;
  }

  private read(name: Shown): { f64: Float64Array; at: number } {
    const host = this.host();
    // The shorter way leaves them out until they are asked for.
    if (name === 'preactivations' && this.word(WORD.form) === FORM.masked) host.exports.forwardByDefinition(host.base);
    return { f64: host.f64, at: this.at(ADDRESS[name]) };
  }

  private load(G: Float64Array): void {
    const { sample, network, init, stepPerSample, etaOutput = 1 } = this.problem;
    const { n, anchors: K, patches } = sample;
    const R = network.filters;
    const P = productTransposed(headOfWeights(this.problem), R, sample.vectors, K, sample.frame.used);
    const outputColumns = network.outputWeights.length / R;
    const { activation } = network;
    const leak = activation.kind === 'piecewise-linear' ? activation.leak : 0;
    const power = activation.kind === 'power' ? activation.power : 0;
    // No sum of all changes of a step can overflow.
    const relu = leak === 0 && network.outputWeights.every((a) => Number.isFinite(2 * n * stepPerSample * a));
    const masked =
      relu &&
      power === 0 &&
      !network.trainsOutput &&
      commonAndOwn(sample) &&
      network.outputWeights.every((a) => Math.abs(a) === Math.abs(network.outputWeights[0]!));
    const host = this.claim(
      masked ? FORM.masked : network.trainsOutput ? FORM.bothLayers : FORM.plain,
      HEADER,
      [
        [WORD.anchors, K],
        [WORD.terms, patches.anchor.length],
        [WORD.single, Number(patches.start.every((start, q) => start === q))],
        [WORD.bias, Number(network.bias)],
        [WORD.convex, Number(leak >= 0 && leak < 1)],
        [WORD.relu, Number(relu)],
        [WORD.power, power],
        ...(network.trainsOutput ? [[WORD.outputColumns, outputColumns] as const] : []),
      ],
      network.trainsOutput ? [[NUMBER.outputRate, etaOutput * (network.outputUnit * network.outputUnit)]] : [],
    );
    const packed = host.take(8 * K * K);
    const { f64, i32 } = host;
    const address = (name: keyof typeof ADDRESS): number => i32[host.base / 4 + ADDRESS[name]]!;

    const padded = outputStride(network);
    if (network.trainsOutput)
      network.outputWeights.forEach(
        (a, at) => (f64[address('weights') / 8 + (at % outputColumns) * padded + Math.floor(at / outputColumns)] = a),
      );
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
      return;
    }
    const byAnchor = transpose(patches, K);
    i32.set(byAnchor.start, address('anchorStart') / 4);
    i32.set(byAnchor.patch, address('anchorPatch') / 4);
    f64.set(byAnchor.coefficient, address('anchorCoefficient') / 8);
  }
}

/**
 * Every sample is anchor 0 times +-1 in its first patch and anchor 1 + i in its second, or has only the patch of anchor
 * 1 + i.
 */
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
function transpose(
  { start, anchor, coefficient }: Problem['sample']['patches'],
  anchors: number,
): { start: Int32Array; patch: Int32Array; coefficient: Float64Array } {
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
