/** What many runs say about each lemma. */
import { log } from '../core/special.ts';
import { binomialInterval, quantile, regress } from '../core/statistics.ts';
import type { Setting, SymbolId } from '../notation.ts';
import type { Constants } from '../theory/statement.ts';
import { constantsOf, type Lemma } from './lemma.ts';
import type { LemmaOutcome, Verdict } from './verify.ts';

export interface Slope {
  readonly of: SymbolId;
  readonly slope: number;
  /** 95 % interval */
  readonly interval: readonly [number, number];
}

/**
 * The smallest constant (`most`), or the largest (`least`), with which a run would just keep the lemma, over runs that
 * meet the assumptions.
 */
export interface ConstantSummary {
  readonly side: 'least' | 'most';
  readonly chosen: number;
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
  /**
   * d log constant / d log symbol, the others fixed; absent where the runs do not vary enough, or a constant is not
   * positive
   */
  readonly slopes?: readonly Slope[];
}

export interface LemmaSummary {
  readonly lemma: string;
  readonly kind: Lemma['kind'];
  readonly verdict: Verdict;
  readonly runs: number;
  /** runs that meet the assumptions and have something to say */
  readonly met: number;
  readonly violated: number;
  /** Clopper-Pearson, 95 %, of the rate of violation; absent where no run meets the assumptions */
  readonly rate?: readonly [number, number];
  /** failure probability that the lemma allows */
  readonly delta: number;
  readonly constants: readonly ConstantSummary[];
  /** the first violation: run and step */
  readonly first?: { readonly run: string; readonly step: number; readonly by: number };
  /** why runs do not count, with how many */
  readonly unmet: Readonly<Record<string, number>>;
  readonly missing: readonly SymbolId[];
}

export interface OneRun {
  readonly run: string;
  readonly setting: Setting;
  readonly outcome: LemmaOutcome;
}

const Z95 = 1.959963984540054;

/**
 * Violated: an exact lemma by one run, the others when even the lower end of the interval of the violation rate is
 * above delta.
 *
 * @param slopes symbols whose log-slope is wanted, all in one regression: the runs should draw them, and what else
 *   varies, independently of each other in natural units
 * @param constants instead of the lemma's presets, as they were when the runs were checked
 */
export function summarise(
  lemma: Lemma,
  runs: readonly OneRun[],
  slopes: readonly SymbolId[] = [],
  constants: Constants = {},
): LemmaSummary {
  const spoken = runs.filter(({ outcome }) => outcome.verdict === 'holds' || outcome.verdict === 'violated');
  const broken = spoken.filter(({ outcome }) => outcome.verdict === 'violated');
  const delta = lemma.kind === 'exact' ? 0 : (constantsOf(lemma, constants)['delta'] ?? 0);
  const rate = spoken.length > 0 ? binomialInterval(broken.length, spoken.length) : undefined;
  const unmet: Record<string, number> = {};
  for (const { outcome } of runs) for (const why of outcome.unmet) unmet[why] = (unmet[why] ?? 0) + 1;
  const missing = [...new Set(runs.flatMap(({ outcome }) => outcome.missing))];
  const failed = broken.length > 0 && (delta === 0 || rate![0] > delta);
  const first = broken[0];
  return {
    lemma: lemma.id,
    kind: lemma.kind,
    verdict:
      spoken.length > 0
        ? failed
          ? 'violated'
          : 'holds'
        : runs.some(({ outcome }) => outcome.verdict === 'no series')
          ? 'no series'
          : runs.some(({ outcome }) => outcome.verdict === 'nothing to say')
            ? 'nothing to say'
            : 'assumptions not met',
    runs: runs.length,
    met: spoken.length,
    violated: broken.length,
    ...(rate && { rate }),
    delta,
    constants: (['least', 'most'] as const).flatMap((side) => constantOf(side, spoken, slopes)),
    ...(first && { first: { run: first.run, step: first.outcome.step!, by: first.outcome.by! } }),
    unmet,
    missing,
  };
}

function constantOf(side: 'least' | 'most', runs: readonly OneRun[], slopes: readonly SymbolId[]): ConstantSummary[] {
  const chosen = runs[0]?.outcome.limits?.[side];
  if (chosen === undefined) return [];
  const constants = runs.map(({ outcome }) => outcome[side]!);
  const rows = runs.map(({ setting }) => slopes.map((id) => log(setting[id] ?? NaN)));
  const varied =
    slopes.length > 0 &&
    constants.every((one) => one > 0) &&
    slopes.every(
      (_, c) => rows.every((row) => Number.isFinite(row[c]!)) && new Set(rows.map((row) => row[c])).size > 2,
    ) &&
    runs.length > 2 * slopes.length;
  const fit = varied ? regress(rows, constants.map(log)) : undefined;
  return [
    {
      side,
      chosen,
      smallest: quantile(constants, 0),
      median: quantile(constants, 0.5),
      largest: quantile(constants, 1),
      ...(fit && {
        slopes: slopes.map((of, c) => ({
          of,
          slope: fit.slopes[c]!,
          interval: [fit.slopes[c]! - Z95 * fit.se[c]!, fit.slopes[c]! + Z95 * fit.se[c]!] as const,
        })),
      }),
    },
  ];
}
