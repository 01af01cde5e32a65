/** What many runs say about each lemma, in three words, and what they leave open. */
import { ConfidenceSequence } from '../core/confidence-sequence.ts';
import { log } from '../core/special.ts';
import { quantile, regress } from '../core/statistics.ts';
import {
  ALPHA,
  intervalOf,
  rateNotExcluded,
  runsForShare,
  shareInterval,
  wordOf,
  type Interval,
  type Word,
} from '../core/verdict.ts';
import type { Setting, SymbolId } from '../notation.ts';
import type { Constants } from '../theory/statement.ts';
import { constantsOf, type Lemma } from './lemma.ts';
import type { LemmaOutcome } from './verify.ts';

export interface Slope {
  readonly of: SymbolId;
  readonly slope: number;
  readonly se: number;
  readonly freedom: number;
  /** Student's t, of coverage 1 - ALPHA / (slopes of the page) */
  readonly interval: Interval;
}

/**
 * The smallest constant (`most`), or the largest (`least`), with which a run would just keep the lemma, over runs that
 * meet the assumptions. Measured, so a guard and no test.
 */
export interface ConstantSummary {
  readonly side: 'least' | 'most';
  readonly chosen: number;
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
  /**
   * d log constant / d log symbol, the others fixed; absent where the runs do not vary enough, share their draws, or a
   * constant is not positive
   */
  readonly slopes?: readonly Slope[];
}

/** Why no run speaks. */
export type Silence = 'about other models' | 'assumptions not met' | 'no series' | 'nothing to say';

export interface LemmaSummary {
  readonly lemma: string;
  readonly kind: Lemma['kind'];
  /** guard: a constant is ours, chosen after looking: of kind `order`, or tighter than the statement's */
  readonly basis: 'test' | 'guard';
  /** on: no run breaks it (exact, and what allows no exceptions); the rate of runs that break it is at most delta */
  readonly verdict: Word | 'not-applicable';
  /** only where it is not applicable */
  readonly why?: Silence;
  readonly runs: number;
  /** runs that meet the assumptions and have something to say */
  readonly met: number;
  readonly violated: number;
  /** runs whose own numbers are too uncertain to tell */
  readonly unclear: number;
  /** independent draws among those that speak: runs, or replicates where cells share their draws */
  readonly draws: number;
  /** interval of the rate of violation, of coverage 1 - ALPHA / verdicts; absent where no run speaks */
  readonly rate?: Interval;
  /** where no run violates it: a rate above this one is excluded, one-sided at ALPHA / verdicts */
  readonly excluded?: number;
  /** failure probability that the lemma allows; 0 for exact ones */
  readonly delta: number;
  /** only where undecided: runs that would tell with probability .9; null where no number of runs would */
  readonly needed?: number | null;
  readonly constants: readonly ConstantSummary[];
  /** the first violation: run and step */
  readonly first?: { readonly run: string; readonly step: number; readonly by: number };
  /** runs that speak although they do not meet the assumptions, as it was asked for; absent where there is none */
  readonly outside?: number;
  /** what runs do not meet, with how many: these do not count, or are outside */
  readonly unmet: Readonly<Record<string, number>>;
  readonly missing: readonly SymbolId[];
}

export interface OneRun {
  /** `<cell id>-<replicate>` */
  readonly run: string;
  readonly setting: Setting;
  readonly outcome: LemmaOutcome;
}

export interface Summary {
  /** chance of any wrong word, and of any slope's interval that misses */
  readonly alpha: number;
  /** lemmas that some run speaks to: each gets alpha / verdicts */
  readonly verdicts: number;
  /** slopes of constants: each gets alpha / slopes */
  readonly slopes: number;
  readonly lemmas: readonly LemmaSummary[];
}

/** A lemma with its runs. */
export interface Judged {
  readonly lemma: Lemma;
  readonly runs: readonly OneRun[];
  /**
   * symbols whose log-slope is wanted, all in one regression: the runs should draw them, and what else varies,
   * independently of each other in natural units
   */
  readonly slopes?: readonly SymbolId[];
  /** instead of the lemma's presets, as they were when the runs were checked */
  readonly constants?: Constants;
}

/**
 * All lemmas of one page together: an interval of each that speaks has coverage 1 - ALPHA / (how many speak), so that
 * any wrong word is said with a probability of at most ALPHA, whatever depends on what.
 *
 * @param sharedDraws replicates of different cells see the same draws (`coupling: common`): what is independent then is
 *   a replicate, with the share of its runs that violate
 */
export function summarise(judged: readonly Judged[], sharedDraws = false): Summary {
  const verdicts = judged.filter(({ runs }) => runs.some(({ outcome }) => speaks(outcome))).length;
  const slopes = judged.reduce((count, { runs, slopes: of = [] }) => {
    const limits = runs.find(({ outcome }) => speaks(outcome))?.outcome.limits ?? {};
    return count + of.length * Object.values(limits).filter((limit) => limit !== undefined).length;
  }, 0);
  const each = { verdict: ALPHA / Math.max(1, verdicts), slope: ALPHA / Math.max(1, slopes) };
  return { alpha: ALPHA, verdicts, slopes, lemmas: judged.map((one) => summaryOf(one, each, sharedDraws)) };
}

/** What each interval may miss. */
interface Alphas {
  readonly verdict: number;
  readonly slope: number;
}

const speaks = ({ verdict }: LemmaOutcome): boolean =>
  verdict === 'holds' || verdict === 'violated' || verdict === 'unclear';

function summaryOf(
  { lemma, runs, slopes = [], constants = {} }: Judged,
  { verdict: alpha, slope }: Alphas,
  shared: boolean,
): LemmaSummary {
  const spoken = runs.filter(({ outcome }) => speaks(outcome));
  const broken = spoken.filter(({ outcome }) => outcome.verdict === 'violated');
  const unclear = spoken.filter(({ outcome }) => outcome.verdict === 'unclear').length;
  const delta = lemma.kind === 'exact' ? 0 : (constantsOf(lemma, constants)['delta'] ?? 0);
  const unmet: Record<string, number> = {};
  for (const { outcome } of runs) for (const why of outcome.unmet) unmet[why] = (unmet[why] ?? 0) + 1;
  const first = broken[0];
  const outside = spoken.filter(({ outcome }) => outcome.unmet.length > 0).length;
  const draws = shared ? byReplicate(spoken).length : spoken.length;
  const rate = spoken.length > 0 ? rateOf(spoken, delta, alpha, shared) : undefined;
  const verdict: LemmaSummary['verdict'] =
    rate === undefined
      ? 'not-applicable'
      : delta > 0
        ? wordOf(rate, { low: 0, high: delta })
        : broken.length > 0
          ? 'fails'
          : unclear > 0
            ? 'undecided'
            : 'holds';
  return {
    lemma: lemma.id,
    kind: lemma.kind,
    basis:
      lemma.kind === 'order' || Object.values(lemma.constants).some(({ tightened }) => tightened) ? 'guard' : 'test',
    verdict,
    ...(verdict === 'not-applicable' && { why: silenceOf(runs) }),
    runs: runs.length,
    met: spoken.length,
    violated: broken.length,
    unclear,
    draws,
    ...(rate && { rate }),
    ...(draws > 0 && broken.length + unclear === 0 && { excluded: rateNotExcluded(draws, alpha) }),
    delta,
    ...(verdict === 'undecided' && { needed: neededFor(broken.length, unclear, spoken.length, draws, delta, alpha) }),
    constants: (['least', 'most'] as const).flatMap((side) => constantOf(side, spoken, shared ? [] : slopes, slope)),
    ...(first && { first: { run: first.run, step: first.outcome.step!, by: first.outcome.by! } }),
    ...(outside > 0 && { outside }),
    unmet,
    missing: [...new Set(runs.flatMap(({ outcome }) => outcome.missing))],
  };
}

function silenceOf(runs: readonly OneRun[]): Silence {
  const some = (verdict: LemmaOutcome['verdict']): boolean => runs.some(({ outcome }) => outcome.verdict === verdict);
  if (some('no series')) return 'no series';
  if (some('nothing to say')) return 'nothing to say';
  return runs.every(({ outcome }) => outcome.elsewhere) ? 'about other models' : 'assumptions not met';
}

/** The runs of each replicate, replicates in order. */
function byReplicate(runs: readonly OneRun[]): OneRun[][] {
  const all = new Map<number, OneRun[]>();
  for (const one of runs) {
    const replicate = Number(one.run.slice(one.run.indexOf('-') + 1));
    all.set(replicate, [...(all.get(replicate) ?? []), one]);
  }
  return [...all].sort(([a], [b]) => a - b).map(([, some]) => some);
}

/** Half-width that a rate of exceptions is wanted to where none is allowed. */
const EXACT_AIM = 0.05;

/**
 * The interval of the rate of violation, a run that is unclear counted for the worse on either side: Clopper and
 * Pearson for independent runs, the confidence sequence of shares in [0, 1] for replicates.
 */
function rateOf(spoken: readonly OneRun[], delta: number, alpha: number, shared: boolean): Interval {
  const is = (one: OneRun, ...verdicts: readonly string[]): boolean => verdicts.includes(one.outcome.verdict);
  if (!shared) {
    const count = (...verdicts: readonly string[]): number => spoken.filter((one) => is(one, ...verdicts)).length;
    return {
      low: shareInterval(count('violated'), spoken.length, alpha).low,
      high: shareInterval(count('violated', 'unclear'), spoken.length, alpha).high,
    };
  }
  const seen = (...verdicts: readonly string[]): Interval => {
    const sequence = new ConfidenceSequence(1 - alpha, delta > 0 && delta < 0.5 ? delta : EXACT_AIM);
    for (const some of byReplicate(spoken))
      sequence.add(some.filter((one) => is(one, ...verdicts)).length / some.length);
    return sequence.look();
  };
  return { low: seen('violated').low, high: seen('violated', 'unclear').high };
}

/**
 * Null where more runs do not help: unclear ones of a lemma without exceptions, a rate that is just the allowed one.
 */
function neededFor(
  broken: number,
  unclear: number,
  met: number,
  draws: number,
  delta: number,
  alpha: number,
): number | null {
  if (delta === 0 || unclear > 0) return null;
  const needed = Math.ceil((runsForShare((broken * draws) / met, draws, delta, alpha) * met) / draws);
  return Number.isFinite(needed) ? Math.max(needed, met + 1) : null;
}

function constantOf(
  side: 'least' | 'most',
  runs: readonly OneRun[],
  slopes: readonly SymbolId[],
  alpha: number,
): ConstantSummary[] {
  const chosen = runs[0]?.outcome.limits?.[side];
  if (chosen === undefined) return [];
  const constants = runs.map(({ outcome }) => outcome[side]!);
  const fitted = slopesOf(runs, constants, slopes, alpha);
  return [
    {
      side,
      chosen,
      smallest: quantile(constants, 0),
      median: quantile(constants, 0.5),
      largest: quantile(constants, 1),
      ...(fitted && { slopes: fitted }),
    },
  ];
}

/** Undefined where the runs do not tell the slopes. */
function slopesOf(
  runs: readonly OneRun[],
  constants: readonly number[],
  slopes: readonly SymbolId[],
  alpha: number,
): Slope[] | undefined {
  const rows = runs.map(({ setting }) => slopes.map((id) => log(setting[id] ?? NaN)));
  const varied = slopes.every(
    (_, c) => rows.every((row) => Number.isFinite(row[c]!)) && new Set(rows.map((row) => row[c])).size > 2,
  );
  if (slopes.length === 0 || !varied || runs.length <= 2 * slopes.length || !constants.every((one) => one > 0))
    return undefined;
  try {
    const { slopes: values, se, freedom } = regress(rows, constants.map(log));
    if (!se.every(Number.isFinite)) return undefined;
    return slopes.map((of, c) => {
      const one = { value: values[c]!, se: se[c]!, freedom };
      return { of, slope: one.value, se: one.se, freedom, interval: intervalOf(one, alpha) };
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // symbols that do not vary apart from each other
    throw error;
  }
}
