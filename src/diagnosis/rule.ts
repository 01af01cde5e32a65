/**
 * Benign, tempered or harmful: the rule, in the words of Mallinar et al. 2022 (as commonly cited), where they name what
 * the excess of an interpolating fit tends to: nothing; a part of the noise; as much as chance. A ladder of n that ends
 * says nothing of a limit; the rule is about what it shows.
 *
 * Let e(n, p) be the mean clean test error after a fit to labels that are wrong with probability p, and X(n, p) = (1 - 2p)
 * (e(n, p) - e(n, 0)) the excess of its error on noisy labels over p + (1 - 2p) e(n, 0). N_0, ..., N_1, N are the n of the
 * ladder, P the largest p; a mean over p is one over the p > 0.
 *
 * - applicable: e(N, 0) <= .3, so that there is something to spoil; and the runs fit the noise, or nothing is said
 * - benign: X(N, p) <= .02 for every p; and the clean error does not grow: the mean over p of e(N, p) - e(N_1, p) <= .02
 * - harmful: the mean over p of X(N, p) >= that of p (1 - 2p) (as many clean points are spoilt as labels were wrong: what
 *   the nearest neighbour tends to, Cover and Hart 1967, as commonly cited); or e(N, P) >= .45, near chance; or more
 *   data make it worse: the mean over p of e(N, p) - e(N_1, p) >= .02
 * - tempered: none of these three; X(N, P) >= .02; a trend in p, e(N, P) is above e(N, p) of the least p > 0; and in n, the
 *   mean over p of X(N, p) is at least half of that of X(N_0, p): it does not vanish
 *
 * Each of these is an interval for a contrast of means held against a bound; all of them together are wrong with a
 * probability of at most ALPHA (Bonferroni). A claim holds, fails or stays open; noise only opens it.
 */
import { ALPHA, together, wordOf, type Bounds, type Interval, type Word } from '../core/verdict.ts';
import { excessOf, type Contrast, type Mean, type Measured } from './measured.ts';
import type { Classifier } from './plan.ts';

/** Excess and growth up to this much are none. */
export const TOLERANCE = 0.02;
/** A clean error from here on is near chance. */
export const NEAR_CHANCE = 0.45;
/** Clean-label fits that are wrong more often have nothing to spoil. */
export const MOST_REFERENCE = 0.3;
/** Share of training labels that a fit of the noise may miss: at p = .1 a tenth of the wrong ones. */
export const MOST_UNFIT = 0.01;
/** Classifiers that can fit noise; the others are there to be compared with. */
export const INTERPOLATORS = ['network', 'max-margin'] as const satisfies readonly Classifier[];
export type Interpolator = (typeof INTERPOLATORS)[number];

export type Regime = 'benign' | 'tempered' | 'harmful';

/** One contrast held against its bounds. */
export interface Look {
  /** what it is of: `excess at n = 320, p = 0.1` */
  readonly says: string;
  readonly mean: Mean;
  readonly bounds: Bounds;
  /** undecided also where there is no interval: with a single run, or room for one draw only */
  readonly word: Word;
}

/** A regime as a claim: what it rests on. */
export interface RegimeClaim {
  readonly regime: Regime;
  readonly word: Word;
  /** the contrasts that it asks for */
  readonly looks: readonly Look[];
}

/** The regime of one classifier, and everything it rests on. */
export interface RegimeVerdict {
  readonly of: Interpolator;
  readonly regime: Regime | 'undecided' | 'not applicable';
  /** one sentence */
  readonly why: string;
  /** benign, tempered, harmful: at most one of them holds */
  readonly claims: readonly RegimeClaim[];
  /** whether there is something to spoil: the clean-label fit's error is low enough */
  readonly reference: Look;
  /** what each interval may miss */
  readonly alpha: number;
}

/** Looks of a verdict: the excess at each p, and six more. */
const looksOf = (flips: number): number => flips - 1 + 6;

type Which = 'interval' | 'law';

const percent = (p: number): string => `p = ${p}`;

/**
 * The regime of one classifier.
 *
 * @param which over draws from the data set, or for the law behind it
 */
export function regimeOf(measured: Measured, of: Interpolator, which: Which = 'interval'): RegimeVerdict {
  const { ladder, flips } = measured.plan;
  const alpha = ALPHA / (INTERPOLATORS.length * looksOf(flips.length));
  const [last, worst] = [ladder.length - 1, flips.length - 1];
  const noises = flips.map((_, j) => j).slice(1);
  const look = (says: string, contrast: Contrast, bounds: Bounds): Look => {
    const mean = measured.contrast(of, contrast, alpha);
    const interval: Interval | null = mean[which];
    return { says, mean, bounds, word: interval ? wordOf(interval, bounds) : 'undecided' };
  };
  const N = ladder[last]!;
  const overP = (of: (j: number) => Contrast): Contrast =>
    noises.flatMap((j) => of(j).map(([i, at, weight]) => [i, at, weight / noises.length] as const));
  const sized = (j: number, bounds: Bounds): Look =>
    look(`excess at n = ${N}, ${percent(flips[j]!)}`, excessOf(flips, last, j), bounds);
  const growth = (bounds: Bounds): Look[] =>
    last === 0
      ? []
      : [
          look(
            `clean error at n = ${N} less that at n = ${ladder[last - 1]}, mean over p`,
            overP((j) => [
              [last, j, 1],
              [last - 1, j, -1],
            ]),
            bounds,
          ),
        ];
  const spoilt = noises.reduce((sum, j) => sum + (flips[j]! * (1 - 2 * flips[j]!)) / noises.length, 0);

  const reference = look(`clean error of the clean-label fit, n = ${N}`, [[last, 0, 1]], atMost(MOST_REFERENCE));
  const benign = [...noises.map((j) => sized(j, atMost(TOLERANCE))), ...growth(atMost(TOLERANCE))];
  const harmful = [
    look(
      `excess at n = ${N}, mean over p`,
      overP((j) => excessOf(flips, last, j)),
      atLeast(spoilt),
    ),
    look(`clean error at n = ${N}, ${percent(flips[worst]!)}`, [[last, worst, 1]], atLeast(NEAR_CHANCE)),
    ...growth(atLeast(TOLERANCE)),
  ];
  const trends = [
    sized(worst, atLeast(TOLERANCE)),
    ...(worst > 1
      ? [
          look(
            `clean error at ${percent(flips[worst]!)} less that at ${percent(flips[1]!)}, n = ${N}`,
            [
              [last, worst, 1],
              [last, 1, -1],
            ],
            atLeast(0),
          ),
        ]
      : []),
    ...(last > 0
      ? [
          look(
            `excess at n = ${N} less half of that at n = ${ladder[0]}, mean over p`,
            overP((j) => [...excessOf(flips, last, j), ...excessOf(flips, 0, j, -0.5)]),
            atLeast(0),
          ),
        ]
      : []),
  ];
  const isHarmful = anyOf(harmful);
  const benignWord = together(words(benign));
  const claims: RegimeClaim[] = [
    { regime: 'benign', word: last > 0 ? benignWord : NOT_HELD[benignWord], looks: benign },
    {
      regime: 'tempered',
      word: together([...words(trends), NOT[isHarmful], ...(last > 0 && worst > 1 ? [] : (['undecided'] as const))]),
      looks: trends,
    },
    { regime: 'harmful', word: isHarmful, looks: harmful },
  ];
  return { of, alpha, claims, reference, ...concluded(measured, of, reference, claims) };
}

const atMost = (high: number): Bounds => ({ low: -Infinity, high });
const atLeast = (low: number): Bounds => ({ low, high: Infinity });
const words = (looks: readonly Look[]): Word[] => looks.map(({ word }) => word);
const NOT: Readonly<Record<Word, Word>> = { holds: 'fails', fails: 'holds', undecided: 'undecided' };
const anyOf = (looks: readonly Look[]): Word => NOT[together(words(looks).map((word) => NOT[word]))];
/** One n alone can refute a claim about growth, not establish it. */
const NOT_HELD: Readonly<Record<Word, Word>> = { holds: 'undecided', fails: 'fails', undecided: 'undecided' };

/** The word on the claims, and the sentence that says why. */
function concluded(
  measured: Measured,
  of: Interpolator,
  reference: Look,
  claims: readonly RegimeClaim[],
): Pick<RegimeVerdict, 'regime' | 'why'> {
  if (reference.word === 'fails')
    return {
      regime: 'not applicable',
      why: `the clean-label fit is wrong on more than ${MOST_REFERENCE} of the points: there is nothing to spoil`,
    };
  const unfit = whyUnfit(measured, of);
  if (unfit !== undefined) return { regime: 'undecided', why: unfit };
  if (reference.word === 'undecided')
    return {
      regime: 'undecided',
      why: `whether the clean-label fit is wrong on at most ${MOST_REFERENCE} of the points is open`,
    };
  const held = claims.find(({ word }) => word === 'holds');
  if (held) return { regime: held.regime, why: held.regime === 'harmful' ? whyHarmful(held) : SAYS[held.regime] };
  const open = claims.filter(({ word }) => word === 'undecided').map(({ regime }) => regime);
  return {
    regime: 'undecided',
    why:
      open.length === 0
        ? 'none of the three: the excess is above the tolerance somewhere, and falls with n, or does not rise with p'
        : `${open.join(' or ')}: the intervals leave ${open.length === 1 ? 'it' : 'them'} open; more runs (--runs) narrow them`,
  };
}

const SAYS: Readonly<Record<Exclude<Regime, 'harmful'>, string>> = {
  benign: `at the largest n the excess is at most ${TOLERANCE} at every p, and the clean error grows by at most as much over the last doubling of n`,
  tempered: `the excess is above ${TOLERANCE} and does not vanish with n, the clean error rises with p, and the excess stays below that of the nearest neighbour`,
};

/** Of the looks at "harmful", in their order. */
const HARMS = [
  'as many clean points are spoilt as labels were wrong',
  'the clean error is near chance',
  'more data make it worse',
] as const;
const whyHarmful = ({ looks }: RegimeClaim): string => HARMS.filter((_, at) => looks[at]?.word === 'holds').join('; ');

/** Why what the rule reads is not a fit of the noise; undefined where it is. */
function whyUnfit(measured: Measured, of: Interpolator): string | undefined {
  const { ladder, flips } = measured.plan;
  for (const i of [...ladder.keys()].reverse())
    for (const j of flips.keys()) {
      const where = `n = ${ladder[i]}, ${percent(flips[j]!)}`;
      const { diverged, impossible, runs } = measured.counts(i, j);
      if (of === 'network') {
        if (diverged > 0) return `${diverged} of ${runs} runs diverged at ${where}`;
        const missed = measured.trainError(i, j);
        if (!(missed <= MOST_UNFIT) && impossible > 0)
          return `no network fits the noise at ${where} in ${impossible} of ${runs} runs: equal points have opposite labels`;
        if (!(missed <= MOST_UNFIT))
          return `the network does not fit the noise at ${where}: it misses ${(100 * missed).toPrecision(2)} % of the training labels (more with --steps or --m)`;
        continue;
      }
      const there = measured.error(of, i, j, 0.5).runs;
      if (there < runs) return `no linear classifier fits the labels at ${where} in ${runs - there} of ${runs} runs`;
    }
  return undefined;
}
