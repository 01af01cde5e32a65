/** The figures of a grid of cells, as its command drew them: of a preset, of a sweep, of one run over time. */
import { messages } from '../errors.ts';
import type { Frame } from '../experiments/frame.ts';
import type { RunRecord } from '../experiments/record.ts';
import type { Figure } from '../figures/figure.ts';
import { runFigure } from '../reproduction/caption.ts';
import { presetNamed } from '../reproduction/preset.ts';
import { reproduction } from '../reproduction/reproduce.ts';
import { sweepFigures, whyNoFigure } from '../reproduction/sweep-figures.ts';

export interface GridFigures {
  readonly figures: readonly Figure[];
  /** why there is none */
  readonly why: string;
}

/**
 * @param first the first run that keeps a series, asked for where there are no axes
 * @param says what the runs came to, under the run's title
 * @param runs the frame has its runs: what a paper is held against is computed of them
 */
export function gridFigures(frame: Frame, first: () => RunRecord | undefined, says?: string, runs = true): GridFigures {
  const { spec } = frame;
  const preset = runs ? presetNamed(spec.name) : undefined;
  const figures = preset ? reproduction(preset.figure, preset.variant, frame).figures : [];
  // A spec may have a preset's name and one cell alone: then it is a run.
  if (figures.length > 0 || (preset && spec.axes.length > 0)) return { figures, why: 'no figure' };
  if (spec.axes.length > 0)
    return { figures: sweepFigures(frame, { title: spec.name || 'sweep' }), why: whyNoFigure(spec) };
  const record = first();
  const one = record && runFigure(spec, record, says);
  return {
    figures: one ? [one] : [],
    why: record ? messages.noTrajectory() : 'the runs keep no series; name some under record.series',
  };
}
