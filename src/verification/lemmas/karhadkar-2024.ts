/** Karhadkar et al. 2024: hinge loss, leaky ReLU. Explicit constants are ours where `provenance` is `inferred`. */
import { PLAIN_DESCENT, TWO_LAYERS } from '../../theory/statement.ts';
import { REGULAR, RUN_START, RUN_STEP, SEPARABLE, spread, WIDE } from '../../theory/conditions/karhadkar-2024.ts';
import { assume, DELTA, ROUNDING, type Lemma, type Trajectory } from '../lemma.ts';

const MODEL = {
  ...TWO_LAYERS,
  'data.model': ['unit-norm-mixture'],
  'network.activation': ['leaky-relu'],
  'network.output': ['fixed'],
  'network.outputScale': ['1'],
  'network.bias': [false],
  'training.loss': ['hinge'],
  'training.reduction': ['sum'],
  ...PLAIN_DESCENT,
} as const;
const of = ({ setting }: Trajectory) =>
  setting as Readonly<Record<'n' | 'd' | 'm' | 'mu' | 'sigmaP' | 'sigma0' | 'eta' | 'leak' | 'v0', number>>;
/** of the sum of the losses */
const eta = (run: Trajectory): number => of(run).eta;
/** Assumption 1 with the run's own norms; and the separability of Theorem 3.1. */
const STEP = assume(RUN_STEP, 'inputMax');
const START = assume(RUN_START, 'startMax', 'inputMin');
const FITTED = assume(SEPARABLE, 'maxMarginNorm');

const shared = { kind: 'exact', about: MODEL, constants: {} } as const;
/** What speaks of the sample alone, whatever is trained on it; the noise is orthogonal to the signal. */
const SAMPLE = { 'data.model': ['unit-norm-mixture'], 'data.projected': [true] } as const;
/**
 * The interpolators and ‖w*‖ come from two solvers, each right to the condition number of the Gram matrix times a
 * rounding.
 */
const SOLVED = 1e-6;
/** √n + √(2 log(2/δ)) */
const deviation = (run: Trajectory, c: Readonly<Record<string, number>>): number =>
  spread(of(run), { delta: c['delta']! });
const spectrum = {
  kind: 'probable',
  provenance: 'inferred',
  about: { ...SAMPLE, 'data.noise': ['gaussian'], 'data.spectrum': ['flat'] },
  constants: { delta: DELTA },
} as const;
/** σ_1(N)/σ_n(N) */
const condition = (run: Trajectory): number => run.series('noiseSingularMax')[0]! / run.series('noiseSingularMin')[0]!;

export const KARHADKAR_2024: readonly Lemma[] = [
  {
    ...shared,
    id: 'karhadkar-2024/theorem-3.1/norm-growth',
    provenance: 'read',
    says: 'a step adds at most 4η|F| to ‖W‖²',
    source: 'proof of Theorem 3.1',
    formula: '‖W^{(t+1)}‖² − ‖W^{(t)}‖² ≤ 4η|F^{(t)}|',
    quantityLabel: 'Δ‖W‖²/(η|F|)',
    assumptions: [STEP],
    series: ['normGrowth', 'inputMax'],
    quantity: (run) => run.series('normGrowth'),
    limits: () => ({ most: 4 + ROUNDING }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/theorem-3.1/alignment-growth',
    provenance: 'read',
    says: 'a step adds at least 2ηmα|F| to the alignment with w*',
    source: 'proof of Theorem 3.1',
    formula: 'F^{(t+1)} − F^{(t)} ≥ 2ηmα|F^{(t)}|, F = Σ(−1)^j⟨w_j, w*⟩',
    quantityLabel: 'ΔF/(2ηmα|F|)',
    assumptions: [FITTED],
    series: ['alignmentGrowth', 'maxMarginNorm'],
    quantity: (run) => run.series('alignmentGrowth').map((x) => x / of(run).leak),
    limits: () => ({ least: 1 - 1e-6 }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/theorem-3.1-explicit/time',
    provenance: 'inferred',
    says: 'the samples inside the margin, summed over time, stay below an explicit number',
    source: 'Theorem 3.1, constants of ours',
    formula: 'Σ_t|F^{(t)}| ≤ 4‖w*‖²/(ηα²m)',
    quantityLabel: 'Σ|F|ηα²m/(4‖w*‖²)',
    assumptions: [STEP, START, FITTED],
    series: ['slopeSum', 'maxMarginNorm', 'startMax', 'inputMin', 'inputMax'],
    quantity: (run) =>
      run
        .series('slopeSum')
        .map((sum) => (sum * eta(run) * of(run).leak ** 2 * of(run).m) / (4 * run.series('maxMarginNorm')[0]! ** 2)),
    limits: () => ({ most: 1 }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/theorem-3.1-explicit/norm',
    provenance: 'inferred',
    says: 'the weights stay within a multiple of the max-margin norm',
    source: 'Theorem 3.1, constants of ours',
    formula: '‖W‖_F ≤ √18 ‖w*‖/(α√m)',
    quantityLabel: '‖W‖_F α√m/(√18 ‖w*‖)',
    assumptions: [STEP, START, FITTED],
    series: ['weightNorm', 'maxMarginNorm', 'startMax', 'inputMin', 'inputMax'],
    quantity: (run) =>
      run
        .series('weightNorm')
        .map(
          (norm) => (norm * of(run).leak * Math.sqrt(of(run).m)) / (Math.sqrt(18) * run.series('maxMarginNorm')[0]!),
        ),
    limits: () => ({ most: 1 }),
  },
  {
    ...spectrum,
    id: 'karhadkar-2024/lemma-4.1/least',
    says: 'the noises are far from depending on each other',
    source: 'Lemma 4.1, constants of Davidson and Szarek',
    formula: 'σ_n(N) ≥ √(1 − 1/d) − √(n/d) − √(2 log(2/δ)/d)',
    quantityLabel: 'σ_n(N)',
    assumptions: [assume(WIDE)],
    series: ['noiseSingularMin'],
    quantity: (run) => run.series('noiseSingularMin').slice(0, 1),
    limits: (run, c) => ({ least: (Math.sqrt(of(run).d - 1) - deviation(run, c)) / Math.sqrt(of(run).d) }),
  },
  {
    ...spectrum,
    id: 'karhadkar-2024/lemma-4.1/largest',
    says: 'no combination of the noises is much longer than one',
    source: 'Lemma 4.1, constants of Davidson and Szarek',
    formula: 'σ_1(N) ≤ √(1 − 1/d) + √(n/d) + √(2 log(2/δ)/d)',
    quantityLabel: 'σ_1(N)',
    assumptions: [],
    series: ['noiseSingularMax'],
    quantity: (run) => run.series('noiseSingularMax').slice(0, 1),
    limits: (run, c) => ({ most: (Math.sqrt(of(run).d - 1) + deviation(run, c)) / Math.sqrt(of(run).d) }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/lemma-b.3',
    provenance: 'read',
    about: SAMPLE,
    says: "the max-margin classifier is no longer than the interpolator made of the signal and the wrong labels' noises",
    source: 'Lemma B.3',
    formula: '‖w*‖ ≤ ‖γ^{-1/2}v + 2(1−γ)^{-1/2}N†u‖',
    quantityLabel: "‖w*‖ over the interpolator's norm",
    assumptions: [],
    series: ['maxMarginNorm', 'interpolatorSignal'],
    quantity: (run) => [run.series('maxMarginNorm')[0]! / run.series('interpolatorSignal')[0]!],
    limits: () => ({ most: 1 + SOLVED }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/lemma-b.4',
    provenance: 'read',
    about: SAMPLE,
    says: 'the max-margin classifier is no longer than the interpolator made of the noises alone',
    source: 'Lemma B.4',
    formula: '‖w*‖ ≤ ‖(1−γ)^{-1/2}N†ŷ‖',
    quantityLabel: "‖w*‖ over the interpolator's norm",
    assumptions: [],
    series: ['maxMarginNorm', 'interpolatorNoise'],
    quantity: (run) => [run.series('maxMarginNorm')[0]! / run.series('interpolatorNoise')[0]!],
    limits: () => ({ most: 1 + SOLVED }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/lemma-d.1',
    about: { ...MODEL, ...SAMPLE },
    provenance: 'inferred',
    says: "the signed sum of the filters' noise parts is nearly as long as all of them together",
    source: 'Lemma D.1, constant of ours',
    formula: '‖Z‖² − 2λ√(2m)‖Z‖ − 2mλ² ≤ (κ²/(2αm))(‖z_lin‖ + 2mλ)², κ = σ_1(N)/σ_n(N), λ = max‖w_r(0)‖',
    quantityLabel: 'left side over right side',
    // From c_j ≥ α c_k entrywise and c ≥ 0: |sum_j c_j|² ≥ 2mα sum_j |c_j|², and |c_j N| lies between the extreme
    // singular values times |c_j|.
    assumptions: [assume(REGULAR, 'noiseSingularMin')],
    series: ['noisePart', 'noisePartLinear', 'startMax', 'noiseSingularMin', 'noiseSingularMax'],
    quantity: (run) => {
      const { m, leak } = of(run);
      const lambda = run.series('startMax')[0]!;
      const linear = run.series('noisePartLinear');
      return run
        .series('noisePart')
        .map(
          (Z, k) =>
            (2 * m * leak * (Z * Z - 2 * lambda * Math.sqrt(2 * m) * Z - 2 * m * lambda ** 2)) /
            (condition(run) * (linear[k]! + 2 * m * lambda)) ** 2,
        );
    },
    limits: () => ({ most: 1 + ROUNDING }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/lemma-d.2',
    provenance: 'inferred',
    says: 'the test error is at most what the alignment says',
    source: 'Lemma D.2, constants of ours',
    formula: 'err ≤ exp(−u²/2), u = √(γd/((1−γ)2m)) A_min/‖Z‖_F − 1',
    quantityLabel: 'err/bound',
    about: {
      ...TWO_LAYERS,
      'data.noise': ['gaussian'],
      'data.spectrum': ['flat'],
      'network.activation': ['relu', 'leaky-relu'],
    },
    assumptions: [],
    series: [],
    values: ['alignmentBound', 'testErrorClean', 'testErrorCleanSe'],
    quantity: (run) => [run.value('testErrorClean') / run.value('alignmentBound')],
    halfWidth: (run) => [(4 * run.value('testErrorCleanSe')) / run.value('alignmentBound')],
    limits: () => ({ most: 1 }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/lemma-d.4',
    provenance: 'inferred',
    says: 'the test error is at least half that of the linear classifier Σ a_j w_j',
    source: 'proof of Lemma D.4',
    formula: 'err ≥ ½Φ(−√(γd/(1−γ)) A_lin/‖z_lin‖)',
    quantityLabel: 'err/bound',
    about: {
      ...TWO_LAYERS,
      'data.noise': ['gaussian'],
      'data.spectrum': ['flat'],
      'network.activation': ['relu', 'leaky-relu'],
      'network.bias': [false],
    },
    assumptions: [],
    series: [],
    values: ['errorFloor', 'testErrorClean', 'testErrorCleanSe'],
    quantity: (run) => [run.value('testErrorClean') / run.value('errorFloor')],
    halfWidth: (run) => [(4 * run.value('testErrorCleanSe')) / run.value('errorFloor')],
    limits: () => ({ least: 1 }),
  },
  {
    ...shared,
    id: 'karhadkar-2024/theorem-3.1/margin-factor',
    kind: 'order',
    provenance: 'read',
    says: 'the network maximises the margin up to a constant',
    source: 'Theorem 3.1',
    formula: '‖W‖_F √(2m)/‖w*‖ = O(1/α)',
    quantityLabel: '‖W‖_F √(2m) α/‖w*‖',
    constants: { high: { meaning: 'largest factor', preset: 6 } },
    assumptions: [STEP, START, FITTED],
    series: ['marginFactor', 'maxMarginNorm', 'startMax', 'inputMin', 'inputMax'],
    quantity: (run) => run.series('marginFactor').map((factor) => factor * of(run).leak),
    limits: (_, c) => ({ most: c['high']! }),
  },
];
