/**
 * The engine `gram` in WebAssembly: the plain algorithm of gram.ts with the same order of arithmetic, so the same bits.
 */
import { codes, layout, sizes } from '../core/kernel.layout.ts';
import { kernel, LARGEST } from '../core/kernel.ts';
import { allFinite, productTransposed } from '../core/kernel-algebra.ts';
import { checkProblem, refusesOutOfSpan } from './check.ts';
import type { EngineState } from './checkpoint.ts';
import type { Engine, Problem } from './engine.ts';
import { gram, headOfWeights } from './gram.ts';
import { GramKernelView, outputStride, type Shown } from './gram-kernel-view.ts';
import { KernelLoop } from './kernel-loop.ts';
import { allSamples, type Pull } from './steps/puller.ts';
import { descent } from './steps/rule.ts';

/**
 * Takes the reference for rules that are neither descent nor heavy ball, for heavy ball under coupled decay, for
 * smoothed activations, for users' activations, for other losses than logistic and hinge, for powers under a trained output layer, for more anchors
 * than linear memory holds, and where a skipped zero term would show: beyond the floating-point range.
 */
export const gramKernel: Engine = {
  id: 'gram',
  refuses: refusesOutOfSpan,
  start(problem) {
    checkProblem(problem, gramKernel);
    const { rule = descent, decay } = problem;
    if (!rule.isPull && (rule.beta === undefined || decay?.coupled === true)) return gram.start(problem);
    if (decay?.coupled === true) return gram.start(problem);
    const { kind } = problem.network.activation;
    const ofKernel = problem.loss === 'logistic' || problem.loss === 'hinge';
    if (kind === 'smoothed-leaky' || kind === 'own' || !ofKernel) return gram.start(problem);
    if (kind === 'power' && (problem.network.trainsOutput || !staysFinite(problem))) return gram.start(problem);
    const { vectors, anchors, frame, n, patches } = problem.sample;
    const R = problem.network.filters + 3;
    if (3 * anchors * anchors + R * (7 * anchors + n * patches.perSample) > LARGEST) return gram.start(problem);
    const G = productTransposed(vectors, anchors, vectors, anchors, frame.used);
    if (!allFinite(G) || hasNegativeZero(problem.init.bias)) return gram.start(problem);
    return new KernelRun(problem, G);
  },
};

/** Whether no sum of all changes of a step can overflow: then what an inactive unit would add is 0, and may be left out. */
const staysFinite = ({ sample: { n }, network, stepPerSample, puller = allSamples }: Problem): boolean =>
  network.outputWeights.every((a) => Number.isFinite(2 * n * stepPerSample * puller.largest * a));

function hasNegativeZero(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (Object.is(x[i], -0)) return true;
  return false;
}

/** Steps whose pulls are drawn at a time. */
const TABLE_ROWS = 128;

const { Form } = codes;
const { Plain, Masked, BothLayers } = layout;

class KernelRun extends KernelLoop {
  readonly view: GramKernelView;
  private readonly nextPull: () => Pull;
  /** step up to which pulls were drawn; undefined where all steps are alike */
  private drawn: number | undefined;

  constructor(problem: Problem, G: Float64Array) {
    const { n, anchors: K, patches, labels } = problem.sample;
    super(problem, (problem.network.filters * (K * K + 20 * n * patches.perSample + 20)) / 2);
    const { puller = allSamples, schedule } = problem;
    this.nextPull = puller.start(labels);
    if (puller !== allSamples || schedule) this.drawn = 0;
    this.load(G);
    this.view = new GramKernelView(
      problem,
      (name) => this.read(name),
      () => {
        if (!problem.decay) return 1;
        this.host();
        return this.header.get(Plain.startScale);
      },
    );
  }

  override forward(): void {
    const host = this.host();
    host.exports.forward(host.base);
    this.view.moved();
  }

  override update(): boolean {
    const host = this.host();
    this.reach();
    const moved = host.exports.update(host.base) !== 0;
    this.header.set(Plain.t, this.time() + 1);
    this.view.moved();
    return moved;
  }

  override resume(state: EngineState, t: number): void {
    super.resume(state, t);
    if (this.drawn === undefined) return;
    this.drawn = this.header.get(Plain.tableFrom) + TABLE_ROWS;
    for (let step = 0; step < this.drawn; step++) this.nextPull();
  }

  /** The step up to which the kernel knows who pulls: where it has come there, the next ones are drawn. */
  protected override reach(): number {
    if (this.drawn === undefined) return Infinity;
    const t = this.time();
    if (t < this.drawn) return this.drawn;
    const { header } = this;
    const { f64 } = kernel();
    const { schedule } = this.problem;
    const stride = (this.problem.sample.n + 3) & ~3;
    const [toLabels, toWeights] = [header.array(Plain.tableLabels), header.array(Plain.tableWeights)];
    const toFactors = header.array(Plain.tableFactors);
    for (let row = 0; row < TABLE_ROWS; row++) {
      const { labels, weights } = this.nextPull();
      if (toLabels > 0) f64.set(labels, toLabels + row * stride);
      if (toWeights > 0) f64.set(weights!, toWeights + row * stride);
      if (toFactors > 0) f64[toFactors + row] = schedule!(t + row);
    }
    header.set(Plain.tableFrom, t);
    return (this.drawn = t + TABLE_ROWS);
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
    const { sample, network, init, stepPerSample, etaOutput = 1, rule = descent, puller = allSamples } = this.problem;
    const { decay, schedule } = this.problem;
    const { n, anchors: K, patches } = sample;
    const eta = this.problem.stepSize ?? n * stepPerSample;
    const R = network.filters;
    const P = productTransposed(headOfWeights(this.problem), R, sample.vectors, K, sample.frame.used);
    const outputColumns = network.outputWeights.length / R;
    const { activation } = network;
    const leak = activation.kind === 'piecewise-linear' ? activation.leak : 0;
    const power = activation.kind === 'power' ? activation.power : 0;
    const relu = leak === 0 && staysFinite(this.problem);
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
      [Plain.isPull, Number(rule.isPull)],
      [Plain.redraws, Number(puller.redraws)],
      [Plain.remembers, Number(rule.beta !== undefined)],
      [Plain.beta, rule.beta ?? 0],
      [Plain.decays, Number(decay !== undefined)],
      [Plain.rate, eta],
      [Plain.lambda, decay?.lambda ?? 0],
      [Plain.startScale, 1],
      [Plain.after, 1],
      [Plain.kept, 1],
      [Plain.tableRows, TABLE_ROWS],
    ] as const;
    const tables = [
      ...(puller.turned === 0 ? [] : [Plain.tableLabels]),
      ...(puller.weighs ? [Plain.tableWeights] : []),
      ...(schedule ? [Plain.tableFactors] : []),
    ];
    const outputRate = etaOutput * (network.outputUnit * network.outputUnit);
    const host = masked
      ? this.claim(Form.MASKED, sizes.Masked, common, tables)
      : network.trainsOutput
        ? this.claim(
            Form.BOTH_LAYERS,
            sizes.BothLayers,
            [
              ...common,
              [BothLayers.outputColumns, outputColumns],
              [BothLayers.outputRate, outputRate],
              [BothLayers.rateOutput, eta * etaOutput],
              [BothLayers.outputKept, 1],
            ],
            tables,
          )
        : this.claim(Form.PLAIN, sizes.Plain, common, tables);
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
