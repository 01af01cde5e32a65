/** Reproductions of papers, for programs: judged and drawn as `benign reproduce` does, without a folder. */
import { messages, UserError } from '../../errors.ts';
import type { Frame } from '../../experiments/frame.ts';
import { Results } from '../../experiments/results.ts';
import type { Spec } from '../../experiments/spec.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Preset } from '../../reproduction/preset.ts';
import type { RunOptions, RunReport } from '../../sweeps/runs.ts';
import type { Agreement } from '../../verification/agreement.ts';
import type { LevelSet } from '../../verification/level-sets.ts';
import { checkCount } from '../count.ts';
import { sweep } from '../sweep.ts';
import { drawing, type Drawing } from './figures.ts';

/** Which runs are made, and how wrong the words may be. */
export interface ReproduceOptions extends RunOptions {
  /** id of another variant than the figure's first */
  readonly variant?: string;
  /** a coarse map over the same range, in seconds */
  readonly quick?: boolean;
  /** runs a cell, >= 1; default: the preset's */
  readonly runs?: number;
  /** files or folders with the data of presets that need it; what was opened before is at hand too */
  readonly data?: readonly string[];
  /** seed of every random stream, >= 0; default: the preset's */
  readonly seed?: number;
  /**
   * which look at a store that grows this is, 1, 2, ...: the J-th may spend less of the chance of a wrong word; default
   * 1
   */
  readonly look?: number;
  /** verdicts, >= 1, on the page that this one goes to; default: those of this reproduction */
  readonly verdicts?: number;
}

/** What came of a reproduction: all but `frame` and the figures' methods is plain data. */
export interface Reproduced extends RunReport, Agreement {
  /** the paper's id */
  readonly paper: string;
  /** id of the figure */
  readonly figure: string;
  /** id of the variant */
  readonly variant: string;
  /** one sentence: what was run */
  readonly says: string;
  /** a negative control: that a check fails is what it is there for */
  readonly control: boolean;
  /** fewer cells or runs than the whole preset */
  readonly coarse: boolean;
  /** what was run */
  readonly spec: Spec;
  /** number of runs that it rests on, those of the store included */
  readonly runs: number;
  /** where the test error falls through each of some levels, for maps over d and the signal; [] for other figures */
  readonly levelSets: readonly LevelSet[];
  /** how it departs from the paper's text or code, known beforehand */
  readonly deviations: readonly string[];
  /**
   * conditions of the paper's statements that the cells leave, by id, each with the largest factor over the cells, to
   * two digits (C = 1, delta = 0.1)
   */
  readonly leaves: Readonly<Record<string, number>>;
  /** pictures with their captions and sources */
  readonly figures: readonly Drawing[];
  /** the results as plain columns */
  frame(): Frame;
}

/**
 * Makes the runs of a paper's figure that the store lacks, and holds them against the published numbers. Nothing is
 * written but by the store. With a signal that came too early what is there is judged, and `interrupted` says so.
 *
 * @param lab the standard one for papers of the shelf; for a preset of one's own a lab that has its parts
 * @param of `kou-2023/heat-map`; a paper's id alone is its first figure; or a preset of one's own: paper, figure and
 *   variant as data
 * @throws UserError for a name that is not on the shelf, for data that is not at hand, for numbers of runs, seeds and looks out of their range, and
 *   as `sweep` does; RangeError for a preset of one's own whose checks or pictures ask for what its spec does not have
 */
export async function reproduce(lab: Lab, of: string | Preset, options: ReproduceOptions): Promise<Reproduced> {
  const { variant: variantId, quick = false, runs, seed, look, verdicts, data = [], ...making } = options;
  checkCount('look', look);
  checkCount('verdicts', verdicts);
  if (typeof of !== 'string' && variantId !== undefined) throw new UserError(messages.variantTwice(variantId));
  const { findPreset, presetSpec } = await import('../../reproduction/preset.ts');
  const preset = typeof of === 'string' ? findPreset(of, variantId) : of;
  const { paper, figure, variant } = preset;
  const { needs } = preset.variant;
  const { giveData, neededData } = await import('../../data/node/given.ts');
  data.forEach(giveData);
  const asked = presetSpec(preset, {
    quick,
    ...(needs && { content: neededData(`${preset.paper.id}/${preset.figure.id}`, needs) }),
    ...(runs !== undefined && { runs }),
    ...(seed !== undefined && { seed }),
  });
  const { reproduction } = await import('../../reproduction/reproduce.ts');
  // What a preset of one's own asks in vain, a picture without its axis, is noticed before the runs are made.
  if (typeof of !== 'string') reproduction(figure, variant, new Results(asked).frame());
  const { results, ...report } = await sweep(lab, asked, making);
  const frame = report.frame();
  const { departuresOf, leavesOf } = await import('../../reproduction/assumptions.ts');
  const judging = { ...(look !== undefined && { look }), ...(verdicts !== undefined && { verdicts }) };
  const { against: _, figures, ...judged } = reproduction(figure, variant, frame, judging);
  return {
    ...report,
    ...judged,
    paper: paper.id,
    figure: figure.id,
    variant: variant.id,
    says: variant.says,
    control: variant.control === true,
    coarse: quick || asked.runs < presetSpec(preset, {}).runs,
    spec: asked,
    runs: results.count,
    deviations: variant.deviations,
    leaves: leavesOf(departuresOf(frame.cells, paper.id)),
    figures: figures.map(drawing),
  };
}
