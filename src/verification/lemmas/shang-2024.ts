/**
 * Shang, Meng, Cao, Zou 2024: both layers trained. Reconstructed, to the order of magnitude: every constant is ours.
 */
import { PLAIN_DESCENT, TWO_LAYERS, TWO_PATCHES } from '../../theory/statement.ts';
import { log } from '../../core/special.ts';
import { FAR_ABOVE, FAR_BELOW, NO_SIGNAL, SLOW, THIN } from '../../theory/conditions/shang-2024.ts';
import { thresholdOutput } from '../../theory/shang-law.ts';
import { assume, DELTA, type Lemma, type Trajectory } from '../lemma.ts';

const MODEL = {
  ...TWO_LAYERS,
  'data.model': ['signal-noise'],
  'data.noise': ['gaussian'],
  'data.spectrum': ['flat'],
  ...TWO_PATCHES,
  'network.activation': ['relu'],
  'network.output': ['trained-per-patch'],
  'network.outputScale': ['1'],
  'network.outputSigns': ['half'],
  'network.pooling': ['sum'],
  'network.bias': [false],
  'training.etaOutput': [1],
  'training.loss': ['logistic'],
  'training.reduction': ['mean'],
  ...PLAIN_DESCENT,
} as const;
const of = ({ setting }: Trajectory) =>
  setting as { n: number; d: number; m: number; mu: number; sigmaP: number; eta: number; v0: number };
const threshold = (run: Trajectory): number => thresholdOutput(of(run));

/** C of "far below" and "far above" v*. */
const FAR = { meaning: 'how many times v_0 lies below or above v*', preset: 4 } as const;
const SMALL = [assume(FAR_BELOW), assume(THIN, 'wNorm'), assume(NO_SIGNAL)];
const LARGE = [assume(FAR_ABOVE), assume(THIN, 'wNorm')];

/** Loss at which the sample counts as fitted: the growing phase is over. */
const FITTED = 0.2;
const fittedAt = (run: Trajectory): number => run.series('trainLoss').findIndex((loss) => loss <= FITTED);
/** Only the entries from there on. */
const onceFitted = (run: Trajectory, values: readonly number[]): number[] => {
  const at = fittedAt(run);
  return at < 0 ? [] : values.map((value, k) => (k < at ? NaN : value));
};
/**
 * Steps to there over a unit; a run that ends earlier has broken the bound once it is longer than that, and says
 * nothing before.
 */
function timeToFit(run: Trajectory, unit: number, most: number): number[] {
  const at = fittedAt(run);
  const time = run.times[at < 0 ? run.times.length - 1 : at]! / unit;
  return at < 0 && !(time > most) ? [] : [time];
}

const shared = { kind: 'order', provenance: 'reconstructed', about: MODEL } as const;
const within = {
  delta: DELTA,
  C: FAR,
  factor: { meaning: 'the ratio lies within this factor of 1', preset: 2 },
} as const;

export const SHANG_2024: readonly Lemma[] = [
  {
    ...shared,
    id: 'shang-2024/balanced-ratio/layers',
    says: 'from a small start filters and output weights reach equal norms',
    source: 'two phases',
    formula: '‖w‖/‖v‖ = Θ(1) once the sample is fitted',
    quantityLabel: '‖w‖/‖v‖',
    constants: within,
    assumptions: SMALL,
    series: ['layerRatio', 'trainLoss', 'wNorm'],
    quantity: (run) => onceFitted(run, run.series('layerRatio')),
    limits: (_, c) => ({ least: 1 / c['factor']!, most: c['factor']! }),
  },
  {
    ...shared,
    id: 'shang-2024/balanced-ratio/response',
    says: 'from a small start the response to a training noise over its output weight is of the order σ_p √(d/n)',
    source: 'two phases',
    formula: '⟨w,ξ_i⟩/v_2 = Θ(σ_p √(d/n)) once the sample is fitted',
    quantityLabel: '⟨w,ξ⟩/(v_2 σ_p √(d/n))',
    constants: within,
    assumptions: SMALL,
    series: ['responseRatio', 'trainLoss', 'wNorm'],
    quantity: (run) => onceFitted(run, run.series('responseRatio')),
    limits: (_, c) => ({ least: 1 / c['factor']!, most: c['factor']! }),
  },
  {
    ...shared,
    id: 'shang-2024/balanced-ratio/kept',
    says: 'both layers then grow together and keep their ratio',
    source: 'abstract; two phases',
    formula: '‖w‖/‖v‖ stays within a constant factor of its value when the sample is first fitted',
    quantityLabel: '‖w‖/‖v‖ over its value at the fit',
    constants: { delta: DELTA, C: FAR, factor: { meaning: 'the ratio lies within this factor of 1', preset: 1.25 } },
    assumptions: SMALL,
    series: ['layerRatio', 'trainLoss', 'wNorm'],
    quantity: (run) => {
      const ratio = run.series('layerRatio');
      return onceFitted(run, ratio).map((value) => value / ratio[fittedAt(run)]!);
    },
    limits: (_, c) => ({ least: 1 / c['factor']!, most: c['factor']! }),
  },
  {
    ...shared,
    id: 'shang-2024/threshold-output/still',
    says: 'from a large start the output layer hardly moves',
    source: 'abstract; phase diagram',
    formula: '‖V − V_0‖/‖V_0‖ ≤ C′ (v*/v_0)⁴',
    quantityLabel: '(v_0/v*)⁴ ‖V − V_0‖/‖V_0‖',
    constants: { delta: DELTA, C: FAR, high: { meaning: 'C′ of the bound', preset: 10 } },
    assumptions: LARGE,
    series: ['vChange', 'wNorm'],
    quantity: (run) => run.series('vChange').map((change) => change * (of(run).v0 / threshold(run)) ** 4),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    ...shared,
    id: 'shang-2024/time/small-start',
    says: 'from a small start the sample is fitted after an exponential phase',
    source: 'two phases',
    formula: 'T ≤ C′ (√n/(ησ_p√d)) log(v*/v_0)',
    quantityLabel: 'T ησ_p√d/(√n log(v*/v_0))',
    constants: { delta: DELTA, C: FAR, high: { meaning: 'C′ of the bound', preset: 10 } },
    assumptions: SMALL,
    series: ['trainLoss', 'wNorm'],
    quantity: (run, c) =>
      timeToFit(
        run,
        (Math.sqrt(of(run).n / of(run).d) * log(threshold(run) / of(run).v0)) / (of(run).eta * of(run).sigmaP),
        c['high']!,
      ),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    ...shared,
    id: 'shang-2024/time/large-start',
    says: 'from a large start the sample is fitted at the rate of a fixed output layer',
    source: 'two phases',
    formula: 'T ≤ C′ n/(ησ_p²d v_0²m)',
    quantityLabel: 'T ησ_p²d v_0²m/n',
    constants: { delta: DELTA, C: FAR, high: { meaning: 'C′ of the bound', preset: 40 } },
    assumptions: LARGE,
    series: ['trainLoss', 'wNorm'],
    quantity: (run, c) =>
      timeToFit(
        run,
        of(run).n / (of(run).eta * of(run).sigmaP ** 2 * of(run).d * of(run).v0 ** 2 * of(run).m),
        c['high']!,
      ),
    limits: (_, c) => ({ most: c['high']! }),
  },
  {
    id: 'shang-2024/invariant',
    kind: 'order',
    provenance: 'reconstructed',
    says: "the difference of the layers' squared norms moves by the order of η L(0) at most: gradient flow keeps it",
    source: 'invariant of gradient flow, at a finite step',
    formula: '|Δ(‖w‖² − ‖v‖²)| ≤ η² Σ_t ‖∇L‖² ≤ C η L(0)',
    quantityLabel: 'max |Δ(‖w‖² − ‖v‖²)|/(η L(0))',
    about: {
      ...TWO_LAYERS,
      'network.output': ['trained', 'trained-per-patch'],
      'network.outputScale': ['1'],
      'network.pooling': ['sum'],
      'network.activation': ['relu', 'leaky-relu'],
      'training.etaOutput': [1],
      'training.loss': ['logistic'],
      'training.reduction': ['mean'],
      ...PLAIN_DESCENT,
    },
    constants: {
      delta: DELTA,
      high: { meaning: 'C of the bound: 2 where each step gains half of what its gradient promises', preset: 2 },
    },
    assumptions: [assume(SLOW)],
    series: ['balanceDrift', 'trainLoss'],
    quantity: (run) => run.series('balanceDrift').map((drift) => drift / (of(run).eta * run.series('trainLoss')[0]!)),
    limits: (_, c) => ({ most: c['high']! }),
  },
];
