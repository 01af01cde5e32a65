/**
 * The engine `gram` in WebAssembly: the plain algorithm of gram.ts with the same order of arithmetic, so the same bits.
 */
import { codes, layout, sizes } from '../core/kernel.layout.ts';
import { LARGEST } from '../core/kernel.ts';
import { allFinite, productTransposed } from '../core/kernel-algebra.ts';
import { checkProblem, refusesOutOfSpan } from './check.ts';
import type { EngineState } from './checkpoint.ts';
import type { Engine, Problem, Run } from './engine.ts';
import { gram, headOfWeights } from './gram.ts';
import { GramKernelView, outputStride, type Shown } from './gram-kernel-view.ts';
import { KernelLoop } from './kernel-loop.ts';
import { allSamples, type Pull } from './steps/puller.ts';
import { descent } from './steps/rule.ts';

/**
 * Takes the reference for other step rules than descent, for batches, label factors, decay and schedules, for smoothed activations, for users' activations and losses,
 * for powers under a trained output layer, for more anchors than linear memory holds, and where a skipped zero term
 * would show: beyond the floating-point range.
 */
export const gramKernel: Engine = {
  id: 'gram',
  refuses: refusesOutOfSpan,
  start(problem) {
    checkProblem(problem, gramKernel);
    const { rule = descent, puller = allSamples } = problem;
    if (!rule.isPull || problem.decay || problem.schedule) return gram.start(problem);
    if (puller.weighs || Number.isNaN(puller.turned)) return gram.start(problem);
    const { kind } = problem.network.activation;
    if (kind === 'smoothed-leaky' || kind === 'own' || typeof problem.loss !== 'string') return gram.start(problem);
    if (kind === 'power' && problem.network.trainsOutput) return gram.start(problem);
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
  state: () => run.state(),
  resume: (state, t) => run.resume(state, t),
  end: () => run.end(),
});

function hasNegativeZero(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (Object.is(x[i], -0)) return true;
  return false;
}

const { Form } = codes;
const { Plain, Masked, BothLayers } = layout;

class KernelRun extends KernelLoop {
  readonly view: GramKernelView;
  private readonly redraws: boolean;
  private readonly nextPull: () => Pull;

  constructor(problem: Problem, G: Float64Array) {
    const { n, anchors: K, patches, labels } = problem.sample;
    super(problem, (problem.network.filters * (K * K + 20 * n * patches.perSample + 20)) / 2);
    const { puller = allSamples } = problem;
    this.redraws = puller.redraws;
    this.nextPull = puller.start(labels);
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
    if (this.redraws) host.f64.set(this.nextPull().labels, this.header.array(Plain.labels));
    const moved = host.exports.update(host.base) !== 0;
    this.view.moved();
    return moved || this.redraws;
  }

  override resume(state: EngineState, t: number): void {
    super.resume(state, t);
    if (this.redraws) for (let step = 0; step < t; step++) this.nextPull();
  }

  protected given(): { readonly at: number; readonly length: number } {
    const K = this.problem.sample.anchors;
    return this.range(this.header.array(Plain.gram), K * (K + (K & 1)));
  }

  private read(name: Shown): { f64: Float64Array; at: number } {
    const host = this.host();
    // The shorter way leaves them out until they are asked for.
    if (name === 'preactivations' && this.header.get(Plain.form) === Form.MASKED)
      host.exports.forwardByDefinition(host.base);
    return { f64: host.f64, at: this.header.array(Plain[name]) };
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
    const common = [
      [Plain.anchors, K],
      [Plain.terms, patches.anchor.length],
      [Plain.single, Number(patches.start.every((start, q) => start === q))],
      [Plain.bias, Number(network.bias)],
      [Plain.convex, Number(leak >= 0 && leak < 1)],
      [Plain.relu, Number(relu)],
      [Plain.power, power],
    ] as const;
    const outputRate = etaOutput * (network.outputUnit * network.outputUnit);
    const host = masked
      ? this.claim(Form.MASKED, sizes.Masked, common)
      : network.trainsOutput
        ? this.claim(Form.BOTH_LAYERS, sizes.BothLayers, [
            ...common,
            [BothLayers.outputColumns, outputColumns],
            [BothLayers.outputRate, outputRate],
          ])
        : this.claim(Form.PLAIN, sizes.Plain, common);
    const packed = host.take(8 * K * K);
    const { f64, i32 } = host;
    const { header } = this;

    const padded = outputStride(network);
    const weights = header.array(Plain.weights);
    if (network.trainsOutput)
      network.outputWeights.forEach(
        (a, at) => (f64[weights + (at % outputColumns) * padded + Math.floor(at / outputColumns)] = a),
      );
    f64.set(init.bias, header.array(Plain.biases));
    const stride = K + (K & 1);
    const products = header.array(Plain.products);
    for (let r = 0; r < R; r++) for (let k = 0; k < K; k++) f64[products + r * stride + k] = P[r * K + k]!;
    f64.set(G, packed / 8);
    host.exports.packGram(host.base, packed);

    i32.set(patches.start, 2 * header.array(Plain.termStart));
    i32.set(patches.anchor, 2 * header.array(Plain.termAnchor));
    f64.set(patches.coefficient, header.array(Plain.termCoefficient));
    if (masked) {
      const signs = header.array(Masked.signs);
      const pairs = 2 * header.array(Masked.signPairs);
      const weightSigns = header.array(Masked.weightSigns);
      for (let i = 0; patches.perSample === 2 && i < n; i++) {
        const sign = patches.coefficient[2 * i]!;
        f64[signs + i] = sign;
        if (sign < 0) i32[pairs + (i >> 1)]! += 16 << (i & 1);
      }
      for (let r = 0; r < R; r++) f64[weightSigns + r] = network.outputWeights[r]! > 0 ? 1 : -1;
      return;
    }
    const byAnchor = transpose(patches, K);
    i32.set(byAnchor.start, 2 * header.array(Plain.anchorStart));
    i32.set(byAnchor.patch, 2 * header.array(Plain.anchorPatch));
    f64.set(byAnchor.coefficient, header.array(Plain.anchorCoefficient));
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
