/** What a summary of lemmas says, in lines: one a lemma, then what they come to together. */
import { PROVENANCE } from '../theory/statement.ts';
import type { Lemma } from '../verification/lemma.ts';
import type { LemmaSummary, Summary } from '../verification/summary.ts';

const short = (x: number): string => String(Number(x.toPrecision(3)));

const percent = (share: number): string => `${short(100 * share)} %`;

export const counted = (summaries: readonly LemmaSummary[]): { holds: number; fails: number; undecided: number } => {
  const of = (word: LemmaSummary['verdict']): number =>
    summaries.filter(({ verdict, outside }) => verdict === word && !outside).length;
  return { holds: of('holds'), fails: of('fails'), undecided: of('undecided') };
};

/** @param all whether lemmas about other models are named too, and not only counted */
export function lemmaLines(
  { alpha, verdicts, lemmas }: Summary,
  wanted: readonly Lemma[],
  runs: number,
  all: boolean,
): string[] {
  const here = lemmas.filter(({ why }) => all || why !== 'about other models');
  const { holds, fails, undecided } = counted(lemmas);
  const outside = lemmas.filter((one) => one.outside).length;
  return [
    ...here.map((one) =>
      sentence(
        one,
        wanted.find(({ id }) => id === one.lemma)!,
      ),
    ),
    `${runs} ${runs === 1 ? 'run' : 'runs'}; ${holds} ${holds === 1 ? 'lemma holds' : 'lemmas hold'}, ${fails} fail, ${undecided} undecided, ${outside > 0 ? `${outside} held against runs outside their assumptions, ` : ''}${here.length - verdicts} not applicable, ${lemmas.length - here.length} about other models`,
    ...(verdicts > 0
      ? [
          `${verdicts} ${verdicts === 1 ? 'verdict' : 'verdicts'} together: any wrong one with a probability of at most ${alpha}, each interval of coverage 1 - ${alpha}/${verdicts}`,
        ]
      : []),
  ];
}

const SHOUTED = { holds: 'holds', fails: 'FAILS', undecided: 'undecided', 'not-applicable': '-' } as const;

/** One lemma in one line. */
function sentence(summary: LemmaSummary, { formula, source, provenance }: Lemma): string {
  const { lemma, verdict, constants, basis, first, outside = 0 } = summary;
  // Outside its assumptions a lemma promises nothing: it is no failure of its when runs are otherwise.
  const word = (outside ? verdict : SHOUTED[verdict]).padEnd(10);
  if (verdict === 'not-applicable') return `${word}${lemma}: ${silence(summary)}`;
  const measured = constants.map(({ side, chosen: limit, smallest, largest }) =>
    side === 'most'
      ? `at most ${short(limit)}, measured ${short(largest)}`
      : `at least ${short(limit)}, measured ${short(smallest)}`,
  );
  const what = [
    ...(first ? [`run ${first.run} at step ${first.step} by ${short(first.by)}`] : []),
    counts(summary),
    ...(outside > 0 ? [`OUTSIDE its assumptions in ${outside} runs: ${reasonsOf(summary).join('; ')}`] : []),
    [...measured, ...(basis === 'guard' ? ['a guard: the constant is chosen'] : [])].join(', '),
  ];
  return `${word}${lemma} (${source}, ${PROVENANCE[provenance]}): ${formula} (${what.join('; ')})`;
}

/** How many runs violate a lemma, what that leaves possible, and what would tell. */
function counts({ met, runs, violated, unclear, draws, rate, excluded, delta, needed, verdict }: LemmaSummary): string {
  const of = `${violated} of ${met} runs${draws < met ? ` (${draws} independent draws)` : ''} ${violated === 1 ? 'violates' : 'violate'} it`;
  const told = [
    `${of}${met < runs ? `, ${runs - met} do not count` : ''}`,
    ...(unclear > 0 ? [`${unclear} too uncertain to tell: more test lines or points would`] : []),
    ...(excluded !== undefined && delta === 0 ? [`a violation rate above ${percent(excluded)} is excluded`] : []),
    ...(delta > 0 ? [`rate in [${percent(rate!.low)}, ${percent(rate!.high)}], allowed ${percent(delta)}`] : []),
    ...(verdict === 'undecided' && needed != null ? [`about ${needed} runs would tell`] : []),
    ...(verdict === 'undecided' && needed === null && unclear === 0
      ? ['the rate seen is just the allowed one: no number of runs can be named']
      : []),
  ];
  return told.join(', ');
}

const reasonsOf = ({ unmet, runs }: LemmaSummary): string[] =>
  Object.entries(unmet).map(([reason, count]) => (count === runs ? reason : `${reason} (${count} of ${runs} runs)`));

function silence(summary: LemmaSummary): string {
  const { why, missing } = summary;
  const reasons = reasonsOf(summary);
  switch (why!) {
    case 'about other models':
      return `about other models: ${reasons.join('; ')}`;
    case 'assumptions not met':
      return `assumptions not met here: ${reasons.join('; ')}`;
    case 'no series':
      return `the records lack ${missing.join(', ')}`;
    case 'nothing to say':
      return 'the runs say nothing about it';
  }
}
