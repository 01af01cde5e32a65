/**
 * What a draw is like before the first step: the quantities that the papers' "good events" bound with probability 1 -
 * delta. Extremes are over all noises of all samples, each in units of its own sigma_p.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { lawOf, noiseRows, rolesOf } from '../data/sample.ts';
import type { Problem } from '../dynamics/engine.ts';
import { activate } from '../network/activation.ts';
import { fieldsOf, oncePerRun, type RunContext } from './observable.ts';

export interface GoodEvent {
  /** least and largest |xi_i|^2 / (sigma_p^2 d) */
  readonly noiseNormMin: number;
  readonly noiseNormMax: number;
  /** largest |<xi, xi'>| / (sigma_p sigma_p' d^{1/2}) over two noises; 0 for one sample with one */
  readonly noiseOverlap: number;
  /** largest |<mu, xi_i>| / (sigma_p |mu|); NaN without a signal */
  readonly signalOverlap: number;
  /**
   * largest |<w_r(0), mu>| / |mu| and largest |<w_r(0), xi_i>| / (sigma_p d^{1/2}); NaN without a signal, without noise
   */
  readonly initialSignal: number;
  readonly initialNoise: number;
  /**
   * least share over noisy patches of the filters with j_r = y_i that are active there (Kou et al. 2023: at least 0.4)
   */
  readonly ownFiltersMin: number;
  /**
   * least share over filters of the noisy patches, n with one a sample, with y_i = j_r on which they are active (same:
   * at least 1/8)
   */
  readonly ownSamplesMin: number;
  /** largest |f(x_i)| */
  readonly initialOutput: number;
}

export function goodEvent(problem: Problem): GoodEvent {
  const { sample } = problem;
  const { used } = sample.frame;
  const [signalRow] = rolesOf(sample).signal;
  const mu = sample.vectors.slice(signalRow! * used, (signalRow! + 1) * used);
  const noises: Noises = {
    mu,
    signal: Math.sqrt(dotRows(mu, 0, mu, 0, used)),
    rows: noiseRows(sample),
    sigmas: lawOf(sample).noisy.map(({ sigma }) => sigma),
  };
  return { ...ofSample(problem, noises), ...ofProducts(problem, noises), ...ofActivations(problem, noises) };
}

interface Noises {
  readonly mu: Float64Array;
  /** |mu| */
  readonly signal: number;
  /** n P rows, P a sample */
  readonly rows: Float64Array;
  /** of the P noisy patches */
  readonly sigmas: readonly number[];
}

/** Of the noises, with each other and with the signal. */
function ofSample({ sample }: Problem, { mu, signal, rows, sigmas }: Noises) {
  const { used, ambient: d } = sample.frame;
  const P = sigmas.length;
  const product = (i: number, k: number): number => sigmas[i % P]! * sigmas[k % P]!;
  let [normMin, normMax, overlap, signalOverlap] = [Infinity, 0, 0, 0];
  for (let i = 0; i < sample.n * P; i++) {
    const norm = dotRows(rows, i * used, rows, i * used, used) / (product(i, i) * d);
    normMin = Math.min(normMin, norm);
    normMax = Math.max(normMax, norm);
    const along = Math.abs(dotRows(rows, i * used, mu, 0, used));
    signalOverlap = Math.max(signalOverlap, along / (sigmas[i % P]! * signal));
    for (let k = 0; k < i; k++) {
      const inner = Math.abs(dotRows(rows, i * used, rows, k * used, used));
      overlap = Math.max(overlap, inner / (product(i, k) * Math.sqrt(d)));
    }
  }
  return { noiseNormMin: normMin, noiseNormMax: normMax, noiseOverlap: overlap, signalOverlap };
}

/** Of the initial filters with signal and noises. */
function ofProducts({ sample, network, init }: Problem, { mu, signal, rows, sigmas }: Noises) {
  const { used, ambient: d } = sample.frame;
  const P = sigmas.length;
  let [initialSignal, initialNoise] = [0, 0];
  for (let r = 0; r < network.filters; r++) {
    const w = r * init.columns;
    initialSignal = Math.max(initialSignal, Math.abs(dotRows(init.rows, w, mu, 0, used)) / signal);
    for (let i = 0; i < sample.n * P; i++) {
      const inner = Math.abs(dotRows(init.rows, w, rows, i * used, used));
      initialNoise = Math.max(initialNoise, inner / (sigmas[i % P]! * Math.sqrt(d)));
    }
  }
  return { initialSignal, initialNoise };
}

/** Of what is active at the start, and the outputs. */
function ofActivations({ sample, network, init }: Problem, { sigmas }: Noises) {
  const { n, vectors, frame, labels, patches } = sample;
  const { noisy } = rolesOf(sample);
  const { filters: R, classes, outputWeights, activation } = network;
  const P = sigmas.length;
  const perNoise = new Float64Array(n * P);
  const perFilter = new Float64Array(R);
  const outputs = new Float64Array(n);
  const V = outputWeights.length / R;
  for (let r = 0; r < R; r++) {
    const onAnchors = Float64Array.from({ length: sample.anchors }, (_, k) =>
      dotRows(init.rows, r * init.columns, vectors, k * frame.used, frame.used),
    );
    for (let i = 0; i < n; i++) {
      for (let s = 0; s < patches.perSample; s++) {
        const q = i * patches.perSample + s;
        let h = init.bias[r]!;
        for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++)
          h += patches.coefficient[t]! * onAnchors[patches.anchor[t]!]!;
        outputs[i]! += outputWeights[r * V + (V === 1 ? 0 : s)]! * activate(activation, h);
        const p = noisy.indexOf(s);
        if (p >= 0 && h > 0 && labels[i] === classes[r]) {
          perNoise[i * P + p]!++;
          perFilter[r]!++;
        }
      }
    }
  }
  const own = labels.map((y) => classes.filter((j) => j === y).length);
  return {
    ownFiltersMin: perNoise.reduce((least, count, at) => Math.min(least, count / own[Math.floor(at / P)]!), Infinity),
    ownSamplesMin: perFilter.reduce((least, count) => Math.min(least, count / (n * P)), Infinity),
    initialOutput: outputs.reduce((most, f) => Math.max(most, Math.abs(f)), 0),
  };
}

const goodEventOf = oncePerRun(({ problem }: RunContext) => goodEvent(problem));

export const GOOD_EVENT = {
  ...fieldsOf(
    ['noiseNormMin', 'noiseNormMax', 'noiseOverlap', 'signalOverlap', 'initialSignal', 'initialNoise'],
    ['signal-role', 'fresh-law'],
    ({ run }) => goodEventOf(run),
  ),
  ...fieldsOf(['ownFiltersMin', 'ownSamplesMin', 'initialOutput'], ['depth-2', 'signal-role', 'fresh-law'], ({ run }) =>
    goodEventOf(run),
  ),
} as const;
