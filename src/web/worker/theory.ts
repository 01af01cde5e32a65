/** What theorems and lemmas say of the page's setting. */
import { lemmasNamed, withNeeds } from '../../answers/lemma-choice.ts';
import { theoryAnswer } from '../../answers/theory.ts';
import { theoryReport } from '../../answers/theory-report.ts';
import { lemmaReport, LemmaRuns } from '../../answers/verify.ts';
import type { RunRecord } from '../../experiments/record.ts';
import { memory } from '../../sweeps/memory.ts';
import type { Pool } from '../../sweeps/pool.ts';
import { sweep } from '../../sweeps/sweep.ts';
import type { PageState } from '../state/page-state.ts';
import { settingSpec } from './spec-of.ts';
import type { LemmaLights, TheoryTold } from './wire.ts';

/** @throws UserError */
export function theoryOf(state: PageState): TheoryTold {
  const spec = settingSpec(state);
  const { statements, regimes, elsewhere } = theoryReport(
    theoryAnswer(spec, {}, () => undefined),
    spec.name,
  );
  return { statements, regimes, elsewhere: elsewhere.length };
}

/** Runs that the lights rest on. */
const RUNS = 10;
/** Entries of a series. */
const ENTRIES = 100;

/** Every lemma held against some runs, also outside its assumptions, which is said. @throws UserError */
export async function lemmasOf(state: PageState, pool: Pool, signal: AbortSignal): Promise<LemmaLights> {
  const wanted = lemmasNamed([], 'lemmas');
  const setting = settingSpec({ ...state, runs: RUNS });
  const every = Math.max(1, Math.ceil(Number(setting.values.get('training.maxSteps') ?? 100) / ENTRIES));
  const spec = withNeeds(setting, wanted, every, true);
  const store = memory();
  await sweep(spec, { pool, store, signal });
  const read = new LemmaRuns(spec, wanted, {}, true);
  for (const line of store.lines) read.take(JSON.parse(line) as RunRecord);
  const answer = read.answer();
  if (!answer) return { runs: 0, lemmas: [] };
  const report = lemmaReport(answer, wanted);
  return {
    runs: answer.runs,
    lemmas: report.lemmas.flatMap((one, at) => {
      if (one.verdict === 'not-applicable') return [];
      const { formula, says } = wanted[at]!;
      const { lemma, verdict, source, asKnown, met, violated, outside = 0, unmet } = one;
      return [
        { id: lemma, verdict, formula, says, source, asKnown, met, violated, outside, unmet: Object.keys(unmet) },
      ];
    }),
  };
}
