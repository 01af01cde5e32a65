/** The pictures of results: as `benign figure` draws a folder, or one view of the runs of several. */
import { gridFigures, type GridFigures } from '../../answers/grid-figures.ts';
import { toCsv } from '../../answers/tables.ts';
import { messages, UserError } from '../../errors.ts';
import { asView, type PlotView, type PlotViewInput } from '../../experiments/view.ts';
import { withRemark } from '../../figures/figure.ts';
import { viewFigure } from '../../reproduction/view-figure.ts';
import { scienceRemark, type ReadResults } from './results-files.ts';
import type { Picture } from './wire.ts';

/** A view as a form has it: every field a text, '' where nothing is asked. */
export type ViewForm = {
  readonly [key in 'x' | 'y' | 'color' | 'facet' | 'where' | 'level' | 'show' | 'title']?: string;
} & { readonly [key in 'logX' | 'logY' | 'logColor' | 'theory' | 'baselines' | 'collapse']?: boolean };

/** @throws UserError for levels that are no numbers */
export function viewOf(form: ViewForm): PlotView {
  const { x, y, color, facet, where = '', level = '', show, title, logX, logY, logColor } = form;
  const { theory, baselines, collapse } = form;
  const levels = level
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  if (levels.some((one) => !Number.isFinite(one))) throw new UserError(messages.viewNumbers(level));
  const log = (['x', 'y', 'color'] as const).filter((_, at) => [logX, logY, logColor][at]);
  const conditions = where
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter(Boolean);
  return asView({
    ...Object.fromEntries(Object.entries({ x, y, color, facet, title }).filter(([, text]) => text?.trim())),
    ...(conditions.length > 0 && { where: conditions }),
    ...(levels.length > 0 && { level: levels }),
    ...(log.length > 0 && { log }),
    ...(show && show !== 'means' && { show: show as NonNullable<PlotView['show']> }),
    ...(theory && { theory }),
    ...(baselines && { baselines }),
    ...(collapse && { collapse }),
  } as PlotViewInput);
}

export interface DrawnResults {
  readonly pictures: readonly Picture[];
  /** why there is none, or not all of them */
  readonly notes: readonly string[];
}

/** @throws UserError for what cannot be drawn of these results */
export function drawResults(all: readonly ReadResults[], form: ViewForm): DrawnResults {
  const view = viewOf(form);
  const [one] = all as [ReadResults];
  const drawn =
    all.length > 1 || Object.keys(view).length > 0
      ? ofView(all, view)
      : gridFigures(one.frame, () => one.first, one.says, one.runs);
  const remarks = [...new Set(all.flatMap(({ frame }) => scienceRemark(frame) ?? []))];
  const figures = drawn.figures.filter(({ fails }) => fails === undefined);
  return {
    pictures: figures.map((figure) => ({
      figure: remarks.length > 0 ? withRemark(figure, remarks.join(', ')) : figure,
      ...(figure.numbers && { csv: toCsv(figure.numbers) }),
    })),
    notes: [
      ...drawn.figures.flatMap(({ name, fails }) => (fails === undefined ? [] : [messages.notDrawn(name, fails)])),
      ...(drawn.figures.length === 0 && drawn.why ? [`nothing to draw: ${drawn.why}`] : []),
    ],
  };
}

function ofView(all: readonly ReadResults[], view: PlotView): GridFigures {
  const bare = all.find(({ runs }) => !runs);
  if (bare && view.show && view.show !== 'means')
    throw new UserError(messages.needsRuns(bare.name, `show ${view.show}`));
  const names = all.map(({ name }) => name);
  return {
    figures: [
      viewFigure(
        all.map(({ frame }) => frame),
        view,
        { names },
      ),
    ],
    why: '',
  };
}
