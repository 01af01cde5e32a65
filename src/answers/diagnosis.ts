/** What `diagnose` answers, as plain data: what the data is like, what theory predicts, what was measured, the regimes. */
import type { Word } from '../core/verdict.ts';
import { sampleGeometry, type SampleGeometry } from '../diagnosis/geometry.ts';
import { Measured, type Mean } from '../diagnosis/measured.ts';
import { CLASSIFIERS, type Classifier, type DiagnosisPlan } from '../diagnosis/plan.ts';
import { predictedOf, sizesOf, type PredictedCell, type PredictedRegime } from '../diagnosis/predicted.ts';
import { INTERPOLATORS, regimeOf, type RegimeVerdict } from '../diagnosis/rule.ts';
import { twoClassStatistics, type TwoClassStatistics } from '../diagnosis/statistics.ts';
import { productTransposed } from '../core/kernel-algebra.ts';
import type { Frame } from '../experiments/frame.ts';
import type { Setting } from '../notation.ts';
import type { Regime } from '../theory/assess.ts';
import type { Constants } from '../theory/statement.ts';

/** What is known before any run. */
export interface DiagnosisBasis {
  readonly plan: DiagnosisPlan;
  readonly statistics: TwoClassStatistics;
  /** of as many points as the largest training sample has, or as are described */
  readonly geometry: SampleGeometry;
  readonly geometryPoints: number;
}

/** Errors at one number of training points and one label noise; intervals at 95 %, each. */
export interface MeasuredCell {
  /** number of training points */
  readonly n: number;
  /** label noise */
  readonly p: number;
  /** clean test error by classifier */
  readonly error: Readonly<Record<Classifier, Mean>>;
  /** error on noisy labels beyond p + (1 - 2p) e_ref by classifier, e_ref that of the clean-label fit of the same draw */
  readonly excess: Readonly<Record<Classifier, Mean>>;
  /** of the network, mean; null where all runs diverged */
  readonly trainError: number | null;
  /** runs of the network that fit every label */
  readonly fitted: number;
  /** runs that diverged */
  readonly diverged: number;
  /** runs that no network can fit: equal points have opposite labels */
  readonly impossible: number;
  /** runs that were made */
  readonly runs: number;
}

/** A theorem's word on noise with the same traces as the data's. */
export interface PredictedTheorem {
  /** of the statement: `kou-2023/theorem-4.2` */
  readonly id: string;
  /** undecided: on neither side, or on both */
  readonly regime: Regime;
  /** borders with both sides; absent: the paper proves no such side */
  readonly borders: readonly {
    readonly side: 'benign' | 'harmful';
    readonly formula: string;
    readonly ratio: number;
  }[];
  /** values of the constants that the paper leaves open, as `benign theory` takes them */
  readonly constants: Constants;
  /** conditions with the factor by which they hold; below 1 they fail; null where a side is not known here */
  readonly assumptions: readonly {
    readonly formula: string;
    readonly factor: number;
    readonly holds: boolean | null;
  }[];
  /** choices that its model makes otherwise */
  readonly departures: readonly string[];
}

/** A verdict for the draws from the data set, and beside it for the law behind the data. */
export interface DiagnosisVerdict extends RegimeVerdict {
  /** null where the data set is too small for two draws without a common point */
  readonly forLaw: Pick<RegimeVerdict, 'regime' | 'why'> | null;
}

/** All of it. */
export interface DiagnosisAnswer {
  /** which points, and what was made of them */
  readonly data: {
    /** SHA-256 of points and labels */
    readonly content: string;
    /** labels of the class +1, then those of -1 */
    readonly classes: string;
    /** points of the classes +1 and -1 */
    readonly points: readonly [number, number];
    /** coordinates of a point */
    readonly dimension: number;
    /** what is taken off every point */
    readonly centring: 'none' | 'mean';
    /** what every number is divided by */
    readonly divisor: number;
    /** root mean square of ‖x‖ after that */
    readonly norm: number;
    /** largest eigenvalue behind the step size */
    readonly lambda: number;
    /** points for the test error of a draw */
    readonly heldOut: number;
    /** of the points that are described, those that equal an earlier one */
    readonly copies: number;
    /** draws without a common point that there is room for */
    readonly blocks: number;
  };
  /** moments, norm and effective dimensions with 95 % intervals, in the units after scaling */
  readonly statistics: TwoClassStatistics;
  /** overlap and hard margin of so many points */
  readonly geometry: SampleGeometry & { readonly points: number };
  /** n outermost, p innermost */
  readonly predicted: readonly PredictedCell[];
  /** isotropic noise with the same tr Sigma and tr Sigma², at the largest n and p */
  readonly setting: Setting;
  /** what they say of such noise */
  readonly theorems: readonly PredictedTheorem[];
  /** n outermost, p innermost */
  readonly measured: readonly MeasuredCell[];
  /** of the classifiers that fit noise */
  readonly verdicts: readonly DiagnosisVerdict[];
  /** runs that it rests on */
  readonly runs: number;
}

/** What each interval that is shown may miss. */
export const SHOWN = 0.05;

/** Describes the data of a plan; a few seconds. */
export function diagnosisBasis(plan: DiagnosisPlan): DiagnosisBasis {
  const { n, vectors, labels, frame } = plan.sample;
  const d = frame.used;
  const gram = (points: number): Float64Array => productTransposed(vectors, points, vectors, points, d);
  const statistics = twoClassStatistics(gram(n), labels, SHOWN, sizesOf(plan));
  const geometryPoints = Math.min(n, plan.ladder.at(-1)!);
  const geometry = sampleGeometry(gram(geometryPoints), labels.subarray(0, geometryPoints));
  return { plan, statistics, geometry, geometryPoints };
}

/** @param frame of the plan's spec */
export function diagnosisAnswer(
  { plan, statistics, geometry, geometryPoints }: DiagnosisBasis,
  frame: Frame,
): DiagnosisAnswer {
  const measured = new Measured({ ...plan, spec: frame.spec }, frame);
  const { cells, setting, regimes } = predictedOf(plan, statistics);
  const { content, classes, there, centring, divisor, norm, lambda, heldOut, sample, ladder, flips } = plan;
  const each = <T>(of: (name: Classifier) => T): Record<Classifier, T> =>
    Object.fromEntries((Object.keys(CLASSIFIERS) as Classifier[]).map((name) => [name, of(name)])) as Record<
      Classifier,
      T
    >;
  return {
    data: {
      content,
      classes,
      points: there,
      dimension: sample.frame.used,
      centring,
      divisor,
      norm,
      lambda,
      heldOut,
      copies: copiesIn(sample.vectors, sample.frame.used),
      blocks: measured.blocks,
    },
    statistics,
    geometry: { ...geometry, points: geometryPoints },
    predicted: cells,
    setting,
    theorems: regimes.map(theorem),
    measured: ladder.flatMap((n, i) =>
      flips.map((p, j): MeasuredCell => {
        const trainError = measured.trainError(i, j);
        return {
          n,
          p,
          error: each((name) => measured.error(name, i, j, SHOWN)),
          excess: each((name) => measured.excess(name, i, j, SHOWN)),
          trainError: Number.isNaN(trainError) ? null : trainError,
          ...measured.counts(i, j),
        };
      }),
    ),
    verdicts: INTERPOLATORS.map((of): DiagnosisVerdict => {
      const { regime, why } = regimeOf(measured, of, 'law');
      return { ...regimeOf(measured, of), forLaw: measured.blocks < 2 ? null : { regime, why } };
    }),
    runs: frame.count,
  };
}

/** Rows that equal an earlier one. */
function copiesIn(rows: Float64Array, columns: number): number {
  const count = rows.length / columns;
  const one = (at: number): string => rows.subarray(at * columns, (at + 1) * columns).join();
  return count - new Set(Array.from({ length: count }, (_, at) => one(at))).size;
}

const theorem = ({ told, assumptions, departures }: PredictedRegime): PredictedTheorem => ({
  id: told.statement.id,
  regime: told.prediction!.regime,
  borders: (['benign', 'harmful'] as const).flatMap((side) => {
    const border = told.prediction![side];
    return border ? [{ side, formula: border.formula, ratio: border.ratio }] : [];
  }),
  constants: told.constants,
  assumptions: assumptions.map(({ formula, factor, holds }) => ({ formula, factor, holds })),
  departures,
});

/** What a control parameter's place beside 1 is called. */
export const SIDES: Readonly<Record<Word, string>> = {
  holds: 'benign side',
  fails: 'harmful side',
  undecided: 'between',
};
