/**
 * The engine `gram` in WebAssembly: the plain algorithm of gram.ts with the same order of arithmetic, so the same bits.
 */
import { codes, layout, sizes } from '../core/kernel.layout.ts';
import { LARGEST } from '../core/kernel.ts';
import { allFinite, productTransposed } from '../core/kernel-algebra.ts';
import { checkProblem, refusesOutOfSpan } from './check.ts';
import type { Engine, Problem } from './engine.ts';
import { gram, headOfWeights } from './gram.ts';
import { GramKernelView, outputStride, type Shown } from './gram-kernel-view.ts';
import { PulledLoop } from './pulled-loop.ts';
import { termsByAnchor } from './terms-by-anchor.ts';
import { allSamples } from './steps/puller.ts';
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

const { Form } = codes;
const { Plain, Masked, BothLayers } = layout;

class KernelRun extends PulledLoop {
  readonly view: GramKernelView;

  constructor(problem: Problem, G: Float64Array) {
    const { n, anchors: K, patches } = problem.sample;
    super(problem, (problem.network.filters * (K * K + 20 * n * patches.perSample + 20)) / 2);
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
    const { sample, network, init, stepPerSample, etaOutput = 1, rule = descent, decay } = this.problem;
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
      [Plain.remembers, Number(rule.beta !== undefined)],
      [Plain.beta, rule.beta ?? 0],
      [Plain.decays, Number(decay !== undefined)],
      [Plain.rate, eta],
      [Plain.lambda, decay?.lambda ?? 0],
      [Plain.startScale, 1],
      [Plain.after, 1],
      [Plain.kept, 1],
    ] as const;
    const outputRate = etaOutput * (network.outputUnit * network.outputUnit);
    const host = masked
      ? this.claimWithTables(Form.MASKED, sizes.Masked, common)
      : network.trainsOutput
        ? this.claimWithTables(Form.BOTH_LAYERS, sizes.BothLayers, [
            ...common,
            [BothLayers.outputColumns, outputColumns],
            [BothLayers.outputRate, outputRate],
            [BothLayers.rateOutput, eta * etaOutput],
            [BothLayers.outputKept, 1],
          ])
        : this.claimWithTables(Form.PLAIN, sizes.Plain, common);
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
    const byAnchor = termsByAnchor(patches, K);
    i32.set(byAnchor.start, 2 * header.array(Plain.anchorStart));
    i32.set(
      byAnchor.patch.map((q) => 32 * q),
      2 * header.array(Plain.anchorPatch),
    );
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
