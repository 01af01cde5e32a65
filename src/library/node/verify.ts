/** Lemmas about trajectories, held against runs, for programs: as `benign verify` does, without a folder. */
import type { PageReport } from '../../answers/verify.ts';
import { messages, UserError } from '../../errors.ts';
import type { Spec } from '../../experiments/spec.ts';
import type { Lab } from '../../lab/lab.ts';
import type { RunOptions, RunReport } from '../../sweeps/runs.ts';
import type { Constants } from '../../theory/statement.ts';
import { checkCount } from '../count.ts';
import { sweep } from '../sweep.ts';
import { drawing, type Drawing } from './figures.ts';

/** Which lemmas, and who makes the runs. */
export interface VerifyOptions extends RunOptions {
  /** by id or by paper: `kou-2023/lemma-c.3`, `kou-2023`; default: all */
  readonly lemmas?: readonly string[];
  /** values > 0 of the lemmas' constants, by name; default: their presets */
  readonly constants?: Constants;
  /** steps between entries of a series, >= 1; default: 200 entries a run */
  readonly every?: number;
  /**
   * lemmas also where their assumptions are not met, and under other step rules than plain descent: `outside` says so,
   * and the page's verdict leaves them out; false when absent
   */
  readonly outside?: boolean;
}

/** What the runs say of the lemmas; all but the figure's methods is plain data. */
export interface Verification extends RunReport, PageReport {
  /** the spec with the observables that the lemmas read */
  readonly spec: Spec;
  /** number of runs that were read, those of the store included */
  readonly runs: number;
  /** the lemmas over one of the runs; null where none of them moves */
  readonly figure: Drawing | null;
}

/**
 * Makes the runs of a spec that the store lacks, with the series that the lemmas read, and says of each lemma whether
 * it holds on them, with the interval of the rate of runs that break it and the rate that is excluded. A run of the
 * store that was made without these series says nothing.
 *
 * @param lab the spec's
 * @throws UserError for a lemma or a constant that is not there, for cells that no lemma is about, for an `every` out
 *   of its range, when the work was interrupted before the first run, and as `sweep` does
 */
export async function verify(lab: Lab, spec: Spec, options: VerifyOptions): Promise<Verification> {
  const { lemmas = [], constants = {}, every, outside, ...making } = options;
  checkCount('every', every);
  lab.check(spec);
  const { checkedLemmaConstants, lemmasNamed, withNeeds } = await import('../../answers/lemma-choice.ts');
  const { lemmaReport, LemmaRuns } = await import('../../answers/verify.ts');
  const wanted = lemmasNamed(lemmas, 'lemmas');
  const chosen = checkedLemmaConstants(constants, wanted);
  const asked = withNeeds(spec, wanted, every, outside);
  const { made, failed, interrupted } = await sweep(lab, asked, making);
  const read = new LemmaRuns(asked, wanted, chosen, outside);
  making.store.read((record) => read.take(record));
  const answer = read.answer();
  if (!answer) throw new UserError(messages.noRunMade());
  return {
    made,
    failed,
    interrupted,
    ...lemmaReport(answer, wanted),
    spec: asked,
    runs: answer.runs,
    figure: answer.figure && drawing(answer.figure),
  };
}
