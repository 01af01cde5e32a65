/** The lines over a map: where theory puts the border, where the runs cross a level, and the law through these places. */
import type { Frame } from '../../experiments/frame.ts';
import type { Axis } from '../../experiments/spec.ts';
import { levelContour, theoryLines } from '../../reproduction/map-lines.ts';
import { isPlain, lawCurves } from '../../reproduction/view-overlays.ts';
import { STATEMENTS } from '../../theory/index.ts';
import { mismatches } from '../../theory/assess.ts';
import { valueAt } from '../../experiments/cell.ts';
import { EXCESS_LIMIT } from '../../verification/excess.ts';
import type { PageState } from '../state/page-state.ts';
import type { MapLine } from './wire.ts';

/** @param frame of a complete map */
export function linesOver(frame: Frame, { show }: PageState): MapLine[] {
  const [up, right] = frame.spec.axes as [Axis, Axis];
  const cell = frame.cells[0]!;
  const about = STATEMENTS.filter(
    ({ regimes, about }) => regimes && mismatches(about, (path) => valueAt(cell, path)).length === 0,
  );
  const theory = about
    .flatMap(({ id }) => theoryLines(frame, { value: 'testError', theory: [{ statement: id, label: id }] }, up, right))
    .map(({ label, points }) => ({
      label,
      points: points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
    }))
    .filter(({ points }) => points.length > 1);
  const out: MapLine[] = theory.map(({ label, points }) => ({ kind: 'theory', label, points }));
  if (show !== 'testError' && show !== 'testErrorClean') return out;
  const level = Number(((show === 'testError' ? cell.data.flip : 0) + EXCESS_LIMIT).toPrecision(6));
  const contours = levelContour(frame, { value: show, contour: level }, up, right, true).filter(
    ({ points }) => points.length > 0,
  );
  out.push(...contours.map(({ label, points }): MapLine => ({ kind: 'measured', label, points })));
  if (contours.length > 0 && isPlain(up) && isPlain(right)) {
    const rows = frame.cells.map((_, at) => ({ frame, at, position: new Map() }));
    out.push(
      ...lawCurves(rows as Parameters<typeof lawCurves>[0], [up, right], contours).map(
        ({ label, points }): MapLine => ({ kind: 'law', label, points }),
      ),
    );
  }
  return out;
}
