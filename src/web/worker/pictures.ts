/** The map and the run as figures: by the functions of the command line, with their spec in them, and their numbers. */
import { meanFlip } from '../../core/flip-laws.ts';
import { withSeries } from '../../answers/run.ts';
import { toCsv } from '../../answers/tables.ts';
import { messages, UserError } from '../../errors.ts';
import { inCell, overRuns, type Field, type Frame } from '../../experiments/frame.ts';
import type { RunRecord } from '../../experiments/record.ts';
import { Results } from '../../experiments/results.ts';
import { runCell } from '../../experiments/run.ts';
import { rowsOf } from '../../experiments/table.ts';
import { hasRealLabels } from '../../experiments/real-labels.ts';
import { heatMap, type Contour } from '../../figures/heat-map.ts';
import { runFigure, sourced, sweepCaption } from '../../reproduction/caption.ts';
import type { Store } from '../../sweeps/store.ts';
import type { PageState } from '../state/page-state.ts';
import { SHOWN_WORDS } from '../text/words.ts';
import { linesOver } from './map-lines.ts';
import { benignShare } from './shares.ts';
import { cellOf, mapSpec, settingSpec } from './spec-of.ts';
import type { MapLine, Picture } from './wire.ts';

/**
 * The map as it is shown, with its lines.
 *
 * @param store holds its runs
 * @throws UserError while runs are missing
 */
export function mapPicture(state: PageState, store: Store | undefined): Picture {
  const { spec } = mapSpec(state);
  const results = new Results(spec);
  store?.read((record) => results.take(record));
  if (!results.complete) throw new UserError(messages.mapUnderWay(results.count, results.expected));
  const frame = results.frame();
  const { show, log } = state;
  const lines = linesOver(frame, state);
  const drawn = heatMap(show === 'benign' ? withShare(frame) : frame, {
    name: `map-${show}`,
    title: `${state.preset}: ${SHOWN_WORDS[show]}`,
    subtitle: sweepCaption(frame, show === 'benign' ? undefined : show),
    value: show,
    log,
    ...(show === 'benign' && { domain: [0, 1] as const }),
    theory: lines.filter(({ kind }) => kind !== 'measured'),
    contours: lines.filter(({ kind }) => kind === 'measured').map(contour),
  });
  return { figure: sourced(drawn, spec, frame.science), csv: toCsv(rowsOf(frame)) };
}

const contour = ({ label, points }: MapLine): Contour => ({
  label,
  points: points.map(({ x, y, se = 0 }) => ({ x, y, se })),
});

const withShare = (frame: Frame): Frame => ({ ...frame, columns: { ...frame.columns, benign: benignShares(frame) } });

function benignShares(frame: Frame): Field[] {
  const error = overRuns(frame, 'testError');
  const missed = overRuns(frame, 'trainError');
  return frame.cells.map(
    (cell, at) =>
      (hasRealLabels(cell)
        ? undefined
        : benignShare(inCell(frame, error, at), inCell(frame, missed, at), meanFlip(cell.data))) ?? null,
  );
}

/**
 * The run that is played, over time, as `benign run` draws the first one.
 *
 * @param says the word on the setting
 * @throws UserError where nothing of it can be drawn
 */
export function runPicture(state: PageState, says: string | undefined): Picture {
  const asked = settingSpec(state);
  const cell = cellOf(asked);
  const spec = withSeries(asked, cell);
  const record = runCell(cell, spec.seed, state.replicate, spec.record);
  const figure = runFigure(spec, record, says);
  if (!figure) throw new UserError(messages.noTrajectory());
  return { figure, csv: seriesCsv(record) };
}

/** One row an entry: the step and every series. */
function seriesCsv({ series = {} }: RunRecord): string {
  const columns = Object.keys(series) as (keyof typeof series)[];
  const rows = (series.step ?? []).map((_, at) => columns.map((id) => series[id]![at] ?? null));
  return toCsv({ columns, rows });
}
