/**
 * Kou, Chen, Chen, Gu 2023: lemmas about the coefficients of the signal-noise decomposition. Their wording was not at
 * hand: as commonly cited, or derived from the update.
 */
import { ONE_NOISE, PLAIN_DESCENT, TWO_LAYERS, TWO_PATCHES } from '../../theory/statement.ts';
import { log } from '../../core/special.ts';
import {
  ACTIVE_FILTERS,
  ACTIVE_SAMPLES,
  CONDITION_4_1,
  logT as logHorizon,
  NORMS,
  OVERLAPS,
} from '../../theory/conditions/kou-2023.ts';
import { assume, C, DELTA, ROUNDING, type Assumption, type Lemma, type Trajectory } from '../lemma.ts';

const MODEL = {
  ...TWO_LAYERS,
  'data.model': ['signal-noise'],
  'data.noise': ['gaussian'],
  'data.spectrum': ['flat'],
  ...TWO_PATCHES,
  'network.activation': ['relu'],
  'network.output': ['fixed'],
  'network.outputScale': ['1/m'],
  'network.outputSigns': ['half'],
  'network.pooling': ['sum'],
  'network.bias': [false],
  'network.init': ['gaussian'],
  'training.loss': ['logistic'],
  'training.reduction': ['mean'],
  ...PLAIN_DESCENT,
} as const;

/** Symbols of a setting that every such cell has. */
const of = ({ setting }: Trajectory) =>
  setting as Readonly<Record<'n' | 'd' | 'm' | 'mu' | 'sigmaP' | 'sigma0' | 'eta' | 'maxSteps', number>>;
const logT = (run: Trajectory): number => logHorizon(of(run));

/** Condition 4.1 with T* = the number of steps. */
export const CONDITION: readonly Assumption[] = CONDITION_4_1.map((one) => assume(one));

const shared = {
  provenance: 'recalled',
  about: MODEL,
  assumptions: CONDITION,
  constants: { C, delta: DELTA },
} as const;
/** What follows from the update alone, whatever the constants. */
const algebra = { kind: 'exact', provenance: 'inferred', assumptions: [] } as const;
const updates = {
  ...TWO_LAYERS,
  ...PLAIN_DESCENT,
  'network.output': ['fixed'],
  'network.activation': ['relu', 'leaky-relu'],
} as const;
/** n SNR² */
const nSnr = (run: Trajectory): number => (of(run).n * of(run).mu ** 2) / (of(run).sigmaP ** 2 * of(run).d);
/** A step in units of nm/(σ_p²d). */
const pace = (run: Trajectory): number => (of(run).eta * of(run).sigmaP ** 2 * of(run).d) / (of(run).n * of(run).m);
const one = (run: Trajectory, id: Parameters<Trajectory['value']>[0]): number[] => [run.series(id)[0] ?? NaN];

/** The step at which every noise that was active at the start is learnt; NaN where none is. */
const learntStep = (run: Trajectory): number => run.series('learntStep').find((step) => !Number.isNaN(step)) ?? NaN;
/** The first entry from there on; -1 where there is none. */
const learntAt = (run: Trajectory): number => run.times.findIndex((t) => t >= learntStep(run));
/** By how much later than T1 an entry may be that stands for it. */
const LATE = 1.25;

/** C of d ≥ C log(4n/δ). */
const OF_NORMS = { meaning: 'constant of the assumption', preset: 24 } as const;

export const KOU_2023: readonly Lemma[] = [
  {
    ...algebra,
    id: 'kou-2023/decomposition',
    says: 'every filter is its start plus its signal and noise coefficients times their directions',
    source: 'section 5, definition',
    formula: 'w = w(0) + jγ‖μ‖^{-2}μ + Σρ_i‖ξ_i‖^{-2}ξ_i',
    quantityLabel: 'distance from the decomposition',
    about: {},
    constants: {},
    series: ['decompositionResidual'],
    quantity: (run) => run.series('decompositionResidual'),
    limits: () => ({ most: ROUNDING }),
  },
  {
    ...algebra,
    id: 'kou-2023/monotone-coefficients/rho-bar',
    says: 'noise coefficients of own samples never decrease',
    source: 'coefficient updates',
    formula: 'ρ̄^{(t+1)} ≥ ρ̄^{(t)}',
    quantityLabel: 'fall of ρ̄ in a step',
    about: updates,
    constants: {},
    series: ['rhoBarDrop'],
    quantity: (run) => run.series('rhoBarDrop'),
    limits: () => ({ most: ROUNDING }),
  },
  {
    ...algebra,
    id: 'kou-2023/monotone-coefficients/rho-under',
    says: 'noise coefficients of other samples never increase',
    source: 'coefficient updates',
    formula: 'ρ̲^{(t+1)} ≤ ρ̲^{(t)}',
    quantityLabel: 'rise of ρ̲ in a step',
    about: updates,
    constants: {},
    series: ['rhoUnderRise'],
    quantity: (run) => run.series('rhoUnderRise'),
    limits: () => ({ most: ROUNDING }),
  },
  {
    ...shared,
    id: 'kou-2023/growing-activation-sets',
    kind: 'probable',
    says: 'a filter that is active on an own sample at the start stays so',
    source: 'key technique 2',
    formula: 'S_i^{(0)} ⊆ S_i^{(t)}',
    quantityLabel: 'pairs put out since the start',
    series: ['activationLost'],
    quantity: (run) => run.series('activationLost'),
    limits: () => ({ most: 0 }),
  },
  {
    ...shared,
    id: 'kou-2023/balanced-derivatives',
    kind: 'order',
    provenance: 'secondhand',
    says: 'the loss derivatives of all samples stay within a constant of each other',
    source: 'key technique 2',
    formula: 'ℓ′_i/ℓ′_k ≤ C_5',
    quantityLabel: 'max ℓ′/min ℓ′',
    constants: { ...shared.constants, C5: { meaning: 'largest ratio', preset: 20 } },
    series: ['derivativeRatio'],
    quantity: (run) => run.series('derivativeRatio'),
    limits: (_, c) => ({ most: c['C5']! }),
  },
  {
    ...shared,
    id: 'kou-2023/time-invariant-ratio',
    kind: 'order',
    says: 'signal over noise coefficients is SNR², at every time',
    source: 'key technique 1',
    formula: 'Σγ/Σρ̄ = Θ(SNR²)',
    quantityLabel: '(Σγ/Σρ̄)/SNR²',
    constants: {
      ...shared.constants,
      low: { meaning: 'least ratio over SNR²', preset: 0.05 },
      high: { meaning: 'largest ratio over SNR²', preset: 20 },
    },
    series: ['ratio'],
    quantity: (run) =>
      run
        .series('ratio')
        .map((ratio, at) => (run.times[at] === 0 ? NaN : (ratio * of(run).sigmaP ** 2 * of(run).d) / of(run).mu ** 2)),
    limits: (_, c) => ({ least: c['low']!, most: c['high']! }),
  },
  {
    ...shared,
    id: 'kou-2023/coefficient-bounds/rho-bar',
    kind: 'probable',
    says: 'no noise coefficient exceeds 4 log T*',
    source: 'coefficient bounds',
    formula: 'ρ̄ ≤ 4 log T*',
    quantityLabel: 'max ρ̄/(4 log T*)',
    series: ['rhoBarMax'],
    quantity: (run) => run.series('rhoBarMax').map((rho) => rho / (4 * logT(run))),
    limits: () => ({ most: 1 }),
  },
  {
    ...shared,
    id: 'kou-2023/coefficient-bounds/rho-under',
    kind: 'probable',
    says: 'noise coefficients of other samples stay small',
    source: 'coefficient bounds',
    formula: 'ρ̲ ≥ −β − 16 √(log(4n²/δ)/d) n 4 log T*, β = 2 max(|⟨w(0),μ⟩|, |⟨w(0),ξ⟩|)',
    quantityLabel: 'min ρ̲ over its bound',
    series: ['rhoUnderMin', 'initialSignal', 'initialNoise'],
    quantity: (run, c) => {
      const { n, d, mu, sigmaP } = of(run);
      const beta =
        2 * Math.max(mu * one(run, 'initialSignal')[0]!, sigmaP * Math.sqrt(d) * one(run, 'initialNoise')[0]!);
      const bound = beta + 64 * n * Math.sqrt(log((4 * n * n) / c['delta']!) / d) * logT(run);
      return run.series('rhoUnderMin').map((rho) => -rho / bound);
    },
    limits: () => ({ most: 1 }),
  },
  {
    ...shared,
    id: 'kou-2023/coefficient-bounds/gamma',
    kind: 'probable',
    says: 'no filter moves against its signal',
    source: 'coefficient bounds',
    formula: 'γ ≥ 0',
    quantityLabel: 'min γ over ‖μ‖²/(σ_p²d)',
    series: ['gammaMin'],
    quantity: (run) =>
      run.series('gammaMin').map((gamma) => (gamma * of(run).sigmaP ** 2 * of(run).d) / of(run).mu ** 2),
    limits: () => ({ least: -ROUNDING }),
  },
  {
    ...shared,
    id: 'kou-2023/coefficient-bounds/gamma-upper',
    kind: 'order',
    says: 'no signal coefficient exceeds the order n SNR² log T*',
    source: 'coefficient bounds',
    formula: 'γ ≤ C′ n SNR² log T*',
    quantityLabel: 'max γ/(n SNR² log T*)',
    constants: { ...shared.constants, high: { meaning: 'C′ of the bound', preset: 1 } },
    series: ['gammaMax'],
    quantity: (run) => run.series('gammaMax').map((gamma) => gamma / (nSnr(run) * logT(run))),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    ...shared,
    id: 'kou-2023/first-stage/time',
    kind: 'order',
    says: 'after a constant times nm/(ησ_p²d) steps every noise coefficient on a filter that began active is at least 2',
    source: 'two stages, T1',
    formula: 'ρ̄_{j,r,i} ≥ 2 at T1 = C_1 η^{-1} m n σ_p^{-2} d^{-1} where ⟨w_{j,r}(0), ξ_i⟩ > 0',
    quantityLabel: 'T1 ησ_p²d/(nm)',
    constants: { ...shared.constants, C1: { meaning: 'of T1', preset: 12 } },
    series: ['learntStep', 'rhoBarLearnt'],
    // Without a pair that began active there is nothing to learn. A run that ends before C1 units says nothing either;
    // one that goes on beyond them, its noises not learnt, has broken the bound by as much.
    quantity: (run, c) => {
      const t = learntStep(run) * pace(run);
      const whole = run.times.at(-1)! * pace(run);
      return Number.isNaN(run.series('rhoBarLearnt')[0]!)
        ? []
        : Number.isNaN(t)
          ? whole > c['C1']!
            ? [whole]
            : []
          : [t];
    },
    limits: (_, c) => ({ most: c['C1']! }),
  },
  {
    ...shared,
    id: 'kou-2023/first-stage/signal',
    kind: 'order',
    says: 'at the end of the first stage every signal coefficient is of the order n SNR²',
    source: 'two stages, T1',
    formula: 'γ_{j,r} = Θ(n SNR²) at T1',
    quantityLabel: 'γ(T1)/(n SNR²)',
    constants: {
      ...shared.constants,
      low: { meaning: 'least γ over n SNR²', preset: 0.02 },
      high: { meaning: 'largest γ over n SNR²', preset: 4 },
    },
    series: ['learntStep', 'gammaMin', 'gammaMax'],
    // At the entry after T1, unless that is much later.
    quantity: (run) => {
      const at = learntAt(run);
      return at < 0 || run.times[at]! > Math.max(LATE * learntStep(run), learntStep(run) + 1)
        ? []
        : (['gammaMin', 'gammaMax'] as const).map((id) => run.series(id)[at]! / nSnr(run));
    },
    limits: (_, c) => ({ least: c['low']!, most: c['high']! }),
  },
  {
    ...shared,
    id: 'kou-2023/second-stage',
    kind: 'probable',
    says: 'from T1 on a loss ε is reached within the squared distance to a reference over 2ηε steps',
    source: 'two stages, W*',
    formula: 't − T1 ≤ ‖W(T1) − W*‖²/(2ηε), W* = W(0) + 5 log(2/ε) Σ_i 1(j = y_i) ξ_i/‖ξ_i‖², ε = L(t)',
    quantityLabel: '(t − T1) 2ηL(t)/‖W(T1) − W*‖²',
    series: ['learntStep', 'trainLoss', 'wChange', 'weightNorm', 'towardsReference', 'referenceNorm'],
    // From the entry after T1 on: what the argument uses of T1, ρ̄ ≥ 2, holds from then on.
    quantity: (run) => {
      const at = learntAt(run);
      if (at < 0) return [];
      const way = run.series('wChange')[at]! * run.series('weightNorm')[0]!;
      const along = run.series('towardsReference')[at]!;
      const square = run.series('referenceNorm')[at]! ** 2;
      return run.series('trainLoss').map((loss, k) => {
        const multiple = 5 * log(2 / loss);
        return k <= at
          ? NaN
          : ((run.times[k]! - run.times[at]!) * 2 * of(run).eta * loss) /
              (way * way + square * multiple * (multiple - 2 * along));
      });
    },
    limits: () => ({ most: 1 }),
  },
  {
    ...shared,
    id: 'kou-2023/good-event/noise-norms',
    kind: 'probable',
    says: 'training noises are about equally long',
    source: 'good event',
    formula: 'σ_p²d/2 ≤ ‖ξ_i‖² ≤ 3σ_p²d/2',
    quantityLabel: '‖ξ_i‖²/(σ_p²d)',
    about: { 'data.noise': ['gaussian'], 'data.spectrum': ['flat'], ...ONE_NOISE },
    constants: { delta: DELTA, C: OF_NORMS },
    assumptions: [assume(NORMS)],
    series: ['noiseNormMin', 'noiseNormMax'],
    quantity: (run) => [run.series('noiseNormMin')[0]!, run.series('noiseNormMax')[0]!],
    limits: () => ({ least: 0.5, most: 1.5 }),
  },
  {
    ...shared,
    id: 'kou-2023/good-event/noise-overlap',
    kind: 'probable',
    says: 'training noises are nearly orthogonal',
    source: 'good event',
    formula: '|⟨ξ_i, ξ_k⟩| ≤ 2σ_p² √(d log(4n²/δ))',
    quantityLabel: 'max |⟨ξ_i, ξ_k⟩|/(σ_p²√(d log(4n²/δ)))',
    about: { 'data.noise': ['gaussian'], 'data.spectrum': ['flat'], ...ONE_NOISE },
    constants: { delta: DELTA, high: { meaning: 'constant of the bound', preset: 2 } },
    assumptions: [assume(OVERLAPS)],
    series: ['noiseOverlap'],
    quantity: (run, c) => one(run, 'noiseOverlap').map((x) => x / Math.sqrt(log((4 * of(run).n ** 2) / c['delta']!))),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    ...shared,
    id: 'kou-2023/good-event/initial-signal',
    kind: 'probable',
    says: 'initial filters hardly see the signal',
    source: 'good event',
    formula: '|⟨w(0), μ⟩| ≤ √(2 log(8m/δ)) σ_0‖μ‖',
    quantityLabel: 'max |⟨w(0), μ⟩|/(σ_0‖μ‖√log(8m/δ))',
    about: { 'network.init': ['gaussian'], 'data.signals': [1] },
    constants: { delta: DELTA, high: { meaning: 'constant of the bound', preset: Math.SQRT2 } },
    assumptions: [],
    series: ['initialSignal'],
    quantity: (run, c) =>
      one(run, 'initialSignal').map((x) => x / (of(run).sigma0 * Math.sqrt(log((8 * of(run).m) / c['delta']!)))),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    ...shared,
    id: 'kou-2023/good-event/initial-noise',
    kind: 'probable',
    says: 'initial filters hardly see the training noise',
    source: 'good event',
    formula: '|⟨w(0), ξ_i⟩| ≤ 2√log(8mn/δ) σ_0σ_p√d',
    quantityLabel: 'max |⟨w(0), ξ_i⟩|/(σ_0σ_p√(d log(8mn/δ)))',
    about: { 'network.init': ['gaussian'], 'data.noise': ['gaussian'], 'data.spectrum': ['flat'], ...ONE_NOISE },
    constants: { delta: DELTA, C: OF_NORMS, high: { meaning: 'constant of the bound', preset: 2 } },
    assumptions: [assume(NORMS)],
    series: ['initialNoise'],
    quantity: (run, c) =>
      one(run, 'initialNoise').map(
        (x) => x / (of(run).sigma0 * Math.sqrt(log((8 * of(run).m * of(run).n) / c['delta']!))),
      ),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    ...shared,
    id: 'kou-2023/growing-activation-sets/initial-filters',
    kind: 'probable',
    says: 'every sample starts with at least 0.4 m active own filters',
    source: 'key technique 2',
    formula: '|S_i^{(0)}| ≥ 0.4 m',
    quantityLabel: 'min |S_i^{(0)}|/m',
    about: {
      ...TWO_LAYERS,
      'network.init': ['gaussian'],
      'network.bias': [false],
      'network.outputSigns': ['half'],
      'data.model': ['signal-noise'],
      'data.patches': [2],
    },
    constants: { delta: DELTA },
    assumptions: [assume(ACTIVE_FILTERS)],
    series: ['ownFiltersMin'],
    quantity: (run) => one(run, 'ownFiltersMin'),
    limits: () => ({ least: 0.4 }),
  },
  {
    ...shared,
    id: 'kou-2023/growing-activation-sets/initial-samples',
    kind: 'probable',
    says: 'every filter starts active on at least n/8 own samples',
    source: 'key technique 2',
    formula: '|S_{j,r}^{(0)}| ≥ n/8',
    quantityLabel: 'min |S_{j,r}^{(0)}|/n',
    about: {
      ...TWO_LAYERS,
      'network.init': ['gaussian'],
      'network.bias': [false],
      'data.model': ['signal-noise'],
      ...TWO_PATCHES,
    },
    constants: { delta: DELTA },
    assumptions: [assume(ACTIVE_SAMPLES)],
    series: ['ownSamplesMin'],
    quantity: (run) => one(run, 'ownSamplesMin'),
    limits: () => ({ least: 0.125 }),
  },
];
