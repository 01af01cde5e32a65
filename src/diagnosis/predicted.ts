/**
 * What theory says of a data set before any run: the control parameter of signal against noise, the error of averaging
 * that follows from it, and each theorem's regime with the assumptions that hold or fail. Images are no draw of the
 * theorems' models; a prediction here is what they would say of a mixture with these moments.
 */
import { normalTail } from '../core/special.ts';
import { wordOf, type Word } from '../core/verdict.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import { settingOf } from '../experiments/setting.ts';
import { cellAt } from '../experiments/spec.ts';
import type { Setting } from '../notation.ts';
import { assumptions, mismatches, tell, type Judged, type Told } from '../theory/assess.ts';
import { STATEMENTS } from '../theory/index.ts';
import type { Statement } from '../theory/statement.ts';
import type { DiagnosisPlan } from './plan.ts';
import type { Estimated, TwoClassStatistics } from './statistics.ts';

/** Statements about fixed or trained two-layer networks on one signal direction that predict a regime. */
const REGIMES = [
  'kou-2023/theorem-4.2',
  'xu-gu-2023/theorem-3.1',
  'frei-2022/theorem',
  'karhadkar-2024/transition',
  'shang-2024/transition',
] as const;

/** At one number of training points and one label noise. */
export interface PredictedCell {
  /** training points */
  readonly n: number;
  /** label noise, in [0, 0.5) */
  readonly p: number;
  /** S = n' ‖mu‖⁴ / (tr Sigma² + n' muᵀ Sigma mu), n' = n (1 - 2p)² */
  readonly control: Estimated;
  /** on "S >= 1": holds, benign side; fails, harmful side. The theorems' constants are open: 1 is ours */
  readonly side: Word;
  /** Phi(-sqrt S), clean error of averaging for points about the middle of the class means and Gaussian noise */
  readonly averaging: Estimated;
}

/** A theorem's word. */
export interface PredictedRegime {
  readonly told: Told;
  /** its own conditions and those that it stands on */
  readonly assumptions: readonly Judged[];
  /** choices that its model makes otherwise, data first */
  readonly departures: readonly string[];
}

export interface Predicted {
  /** n outermost, p innermost, as the cells of the sweep */
  readonly cells: readonly PredictedCell[];
  /** of isotropic noise with the same tr Sigma and tr Sigma², at the largest n and p */
  readonly setting: Setting;
  readonly regimes: readonly PredictedRegime[];
}

/** Numbers of training points that act like n with labels that are wrong with probability p, n outermost. */
export const sizesOf = ({ ladder, flips }: Pick<DiagnosisPlan, 'ladder' | 'flips'>): number[] =>
  ladder.flatMap((n) => flips.map((p) => n * (1 - 2 * p) ** 2));

/** @param statistics with `controls` for `sizesOf` the plan */
export function predictedOf(plan: DiagnosisPlan, statistics: TwoClassStatistics): Predicted {
  const { ladder, flips, spec } = plan;
  const cells = ladder.flatMap((n, i) =>
    flips.map((p, j): PredictedCell => {
      const control = statistics.controls[i * flips.length + j]!;
      const error = (s: number): number => normalTail(Math.sqrt(s));
      return {
        n,
        p,
        control,
        side: wordOf(control, SIDE),
        averaging: { value: error(control.value), low: error(control.high), high: error(control.low) },
      };
    }),
  );
  const cell = cellAt(spec, ladder.length * flips.length - 1);
  const setting = alikeOf(cell, statistics);
  return { cells, setting, regimes: regimesOf(cell, setting) };
}

const SIDE = { low: 1, high: Infinity } as const;

/**
 * The setting of isotropic noise in d' dimensions with standard deviation sigma' that has the same traces: sigma'² d' = tr
 * Sigma and sigma'⁴ d' = tr Sigma².
 */
function alikeOf(cell: Cell, { signal, trace, traceSquare, effectiveSquare }: TwoClassStatistics): Setting {
  const mu2 = Math.max(0, signal.value);
  return {
    ...settingOf(cell),
    mu: Math.sqrt(mu2),
    d: effectiveSquare.value,
    sigmaP: Math.sqrt(Math.max(0, traceSquare.value) / trace.value),
    share: mu2 / (mu2 + trace.value),
  };
}

/** A way in which a paper writes the same network: its output scale, and whether losses are summed. */
export interface Written {
  readonly outputScale: '1/m' | '1/sqrt(m)' | '1';
  readonly reduction: 'mean' | 'sum';
}

/**
 * The setting of the same network, trained by the same steps, as a paper writes it. Outputs of (1/m) sum_r j_r σ(<w_r, x>)
 * are those of filters f w_r with output weights 1/(m f): f = sqrt(2/m) for weights of 1/sqrt(2m), which is v_0 = sqrt(1/2)
 * over sqrt(m), and f = 1/m for weights of 1. The start is multiplied by f, the step by f², and divided by n where losses
 * are summed.
 */
export function carriedOver(setting: Setting, { outputScale, reduction }: Written): Setting {
  const { m, n, v0, sigma0, eta } = setting as Required<Pick<Setting, 'm' | 'n' | 'v0' | 'sigma0' | 'eta'>>;
  const f = outputScale === '1/m' ? 1 : outputScale === '1' ? 1 / m : Math.sqrt(2 / m);
  return {
    ...setting,
    v0: outputScale === '1/sqrt(m)' ? v0 * Math.SQRT1_2 : v0,
    sigma0: sigma0 * f,
    eta: (eta * f * f) / (reduction === 'sum' ? n : 1),
  };
}

/** How a statement's model writes it; as it is here where it does not say otherwise. */
function writtenBy({ about, assumes }: Statement): Written {
  const one = <C extends string>(path: string, here: C): C => {
    const allowed = assumes[path] ?? about[path];
    return Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(here) ? (allowed[0] as C) : here;
  };
  return {
    outputScale: one<Written['outputScale']>('network.outputScale', '1/m'),
    reduction: one<Written['reduction']>('training.reduction', 'mean'),
  };
}

/** Choices of a law of points, of which a data set makes none. */
const OF_NO_MODEL = ['data.projected', 'data.noise'] as const;

function regimesOf(cell: Cell, setting: Setting): PredictedRegime[] {
  return REGIMES.map((id) => {
    const statement = STATEMENTS.find((one) => one.id === id)!;
    const written = writtenBy(statement);
    const at = carriedOver(setting, written);
    const carried: Readonly<Record<string, string | number>> = {
      'network.outputScale': written.outputScale,
      'network.v0': at.v0!,
      'training.reduction': written.reduction,
    };
    const chosen = (path: string): string | number | boolean | undefined =>
      carried[path] ?? (valueAt(cell, path) as string | number | boolean | undefined);
    const all = STATEMENTS.filter(({ paper }) => paper === statement.paper).map((one) => tell(one, at, chosen, {}));
    const told = all.find((one) => one.statement === statement)!;
    return {
      told,
      assumptions: assumptions(told, all),
      departures: [...mismatches(statement.about, chosen), ...told.departures].filter(
        (words) => !OF_NO_MODEL.some((path) => words.startsWith(path)),
      ),
    };
  });
}
