/** Karhadkar et al. 2024 (hinge loss, leaky ReLU) and, reconstructed, Shang et al. 2024 (both layers trained). */
import { ROUNDING, type Assumption, type Lemma, type Trajectory } from '../lemma.ts';

const MODEL = { 'data.model': ['unit-norm-mixture'], 'network.activation': ['leaky-relu'], 'network.output': ['fixed'], 'network.outputScale': ['1'], 'network.bias': [false], 'training.loss': ['hinge'], 'training.reduction': ['sum'] } as const;
const of = ({ setting }: Trajectory) => setting as { n: number; d: number; m: number; mu: number; sigmaP: number; sigma0: number; eta: number; leak: number; v0: number };
/** of the sum of the losses */
const eta = (run: Trajectory): number => of(run).eta;
/** max |x_i|², from the longest noise (which is orthogonal to the signal) */
const square = (run: Trajectory): number => of(run).mu ** 2 + of(run).sigmaP ** 2 * of(run).d * run.series('noiseNormMax')[0]!;

/** Assumption 1, the initial norms by that of all filters together; and the separability of Theorem 3.1. */
const STEP: Assumption = { id: 'step', formula: 'η ≤ 1/(m n max‖x_i‖²)', relation: '<=', lhs: eta, rhs: (run) => 1 / (of(run).m * of(run).n * square(run)) };
const START: Assumption = { id: 'start', formula: '‖W^{(0)}‖_F ≤ √α/(m max‖x_i‖)', relation: '<=', lhs: (run) => run.series('weightNorm')[0]!, rhs: (run) => Math.sqrt(of(run).leak / square(run)) / of(run).m };
const SEPARABLE: Assumption = { id: 'separable', formula: '‖w*‖ < ∞', relation: '<=', lhs: (run) => run.series('maxMarginNorm')[0]!, rhs: () => 1e12 };

const shared = { kind: 'exact', about: MODEL, constants: {} } as const;

export const KARHADKAR_2024: readonly Lemma[] = [
  {
    ...shared, id: 'karhadkar-2024/theorem-3.1/norm-growth', provenance: 'read', says: 'a step adds at most 4η|F| to ‖W‖²', source: 'proof of Theorem 3.1', formula: '‖W^{(t+1)}‖² − ‖W^{(t)}‖² ≤ 4η|F^{(t)}|', quantityLabel: 'Δ‖W‖²/(η|F|)',
    assumptions: [STEP], series: ['normGrowth', 'noiseNormMax'], quantity: (run) => run.series('normGrowth'), limits: () => ({ most: 4 + ROUNDING }),
  },
  {
    ...shared, id: 'karhadkar-2024/theorem-3.1/alignment-growth', provenance: 'read', says: 'a step adds at least 2ηmα|F| to the alignment with w*', source: 'proof of Theorem 3.1', formula: 'F^{(t+1)} − F^{(t)} ≥ 2ηmα|F^{(t)}|, F = Σ(−1)^j⟨w_j, w*⟩', quantityLabel: 'ΔF/(2ηmα|F|)',
    assumptions: [SEPARABLE], series: ['alignmentGrowth', 'maxMarginNorm'], quantity: (run) => run.series('alignmentGrowth').map((x) => x / of(run).leak), limits: () => ({ least: 1 - 1e-6 }),
  },
  {
    ...shared, id: 'karhadkar-2024/theorem-3.1-explicit/time', provenance: 'inferred', says: 'the samples inside the margin, summed over time, stay below an explicit number', source: 'Theorem 3.1, constants of ours', formula: 'Σ_t|F^{(t)}| ≤ 4‖w*‖²/(ηα²m)', quantityLabel: 'Σ|F|ηα²m/(4‖w*‖²)',
    assumptions: [STEP, START, SEPARABLE], series: ['slopeSum', 'maxMarginNorm', 'weightNorm', 'noiseNormMax'],
    quantity: (run) => run.series('slopeSum').map((sum) => (sum * eta(run) * of(run).leak ** 2 * of(run).m) / (4 * run.series('maxMarginNorm')[0]! ** 2)), limits: () => ({ most: 1 }),
  },
  {
    ...shared, id: 'karhadkar-2024/theorem-3.1-explicit/norm', provenance: 'inferred', says: 'the weights stay within a multiple of the max-margin norm', source: 'Theorem 3.1, constants of ours', formula: '‖W‖_F ≤ √18 ‖w*‖/(α√m)', quantityLabel: '‖W‖_F α√m/(√18 ‖w*‖)',
    assumptions: [STEP, START, SEPARABLE], series: ['weightNorm', 'maxMarginNorm', 'noiseNormMax'],
    quantity: (run) => run.series('weightNorm').map((norm) => (norm * of(run).leak * Math.sqrt(of(run).m)) / (Math.sqrt(18) * run.series('maxMarginNorm')[0]!)), limits: () => ({ most: 1 }),
  },
  {
    ...shared, id: 'karhadkar-2024/lemma-d.2', provenance: 'inferred', says: 'the test error is at most what the alignment says', source: 'Lemma D.2, constants of ours', formula: 'err ≤ exp(−u²/2), u = √(γd/((1−γ)2m)) A_min/‖Z‖_F − 1', quantityLabel: '(err − 4 SE)/bound',
    about: { 'data.noise': ['gaussian'], 'network.activation': ['relu', 'leaky-relu'] }, assumptions: [], series: [], values: ['alignmentBound', 'testErrorClean', 'testErrorCleanSe'],
    quantity: (run) => [(run.value('testErrorClean') - 4 * run.value('testErrorCleanSe')) / run.value('alignmentBound')], limits: () => ({ most: 1 }),
  },
  {
    ...shared, id: 'karhadkar-2024/lemma-d.4', provenance: 'inferred', says: 'the test error is at least half that of the linear classifier Σ a_j w_j', source: 'proof of Lemma D.4', formula: 'err ≥ ½Φ(−√(γd/(1−γ)) A_lin/‖z_lin‖)', quantityLabel: '(err + 4 SE)/bound',
    about: { 'data.noise': ['gaussian'], 'network.activation': ['relu', 'leaky-relu'], 'network.bias': [false] }, assumptions: [], series: [], values: ['errorFloor', 'testErrorClean', 'testErrorCleanSe'],
    quantity: (run) => [(run.value('testErrorClean') + 4 * run.value('testErrorCleanSe')) / run.value('errorFloor')], limits: () => ({ least: 1 }),
  },
  {
    ...shared, id: 'karhadkar-2024/theorem-3.1/margin-factor', kind: 'order', provenance: 'read', says: 'the network maximises the margin up to a constant', source: 'Theorem 3.1', formula: '‖W‖_F √(2m)/‖w*‖ = O(1/α)', quantityLabel: '‖W‖_F √(2m) α/‖w*‖',
    constants: { high: { meaning: 'largest factor', preset: 6 } }, assumptions: [STEP, START, SEPARABLE], series: ['marginFactor', 'maxMarginNorm', 'weightNorm', 'noiseNormMax'],
    quantity: (run) => run.series('marginFactor').map((factor) => factor * of(run).leak), limits: (_, c) => ({ most: c['high']! }),
  },
];

/** The loss as the record shows it falls at every entry: what the proof by gradient descent's energy needs. */
const FALLS: Assumption = {
  id: 'falls', formula: 'L^{(t+1)} ≤ L^{(t)}', relation: '<=', rhs: () => 0,
  lhs: (run) => run.series('trainLoss').reduce((worst, loss, at, losses) => (at === 0 ? worst : Math.max(worst, (loss - losses[at - 1]!) / losses[0]!)), 0),
};

export const SHANG_2024: readonly Lemma[] = [
  {
    id: 'shang-2024/invariant', kind: 'exact', provenance: 'reconstructed', says: 'the difference of the layers\' squared norms moves by at most 2η L(0): gradient flow keeps it', source: 'invariant of gradient flow, at a finite step',
    formula: '|Δ(‖w‖² − ‖v‖²)| ≤ η² Σ_t ‖∇L‖² ≤ 2η L(0)', quantityLabel: 'max |Δ(‖w‖² − ‖v‖²)|/(η L(0))',
    about: { 'network.output': ['trained', 'trained-per-patch'], 'network.outputScale': ['1'], 'network.pooling': ['sum'], 'network.activation': ['relu', 'leaky-relu'], 'training.etaOutput': [1], 'training.loss': ['logistic'], 'training.reduction': ['mean'] },
    constants: {}, assumptions: [FALLS], series: ['balanceDrift', 'trainLoss'],
    quantity: (run) => run.series('balanceDrift').map((drift) => drift / (of(run).eta * run.series('trainLoss')[0]!)), limits: () => ({ most: 2 }),
  },
];
