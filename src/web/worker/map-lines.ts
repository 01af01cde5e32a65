/** The lines over a map: where theory puts the border, where the runs cross a level, and the law through these places. */
import { fields, type Field, type Frame } from '../../experiments/frame.ts';
import type { Axis } from '../../experiments/spec.ts';
import type { TheoryCurve } from '../../figures/heat-map.ts';
import { levelContour, theoryLines } from '../../reproduction/map-lines.ts';
import { isPlain, lawCurves } from '../../reproduction/view-overlays.ts';
import { STATEMENTS } from '../../theory/index.ts';
import { mismatches } from '../../theory/assess.ts';
import { valueAt } from '../../experiments/cell.ts';
import { EXCESS_LIMIT } from '../../verification/excess.ts';
import type { PageState } from '../state/page-state.ts';
import type { MapLine } from './wire.ts';

/** Theory speaks of numbers above 0: without the cells that have none on an axis. */
function positive(frame: Frame): Frame {
  const [up, right] = frame.spec.axes.map(({ name }) => fields(frame, name)) as [readonly Field[], readonly Field[]];
  const there = frame.cells.flatMap((_, at) => (Number(up[at]) > 0 && Number(right[at]) > 0 ? [at] : []));
  return {
    ...frame,
    cells: there.map((at) => frame.cells[at]!),
    columns: Object.fromEntries(
      Object.entries(frame.columns).map(([name, column]) => [name, there.map((at) => column[at]!)]),
    ),
  };
}

type Point = TheoryCurve['points'][number];

/** The borders of one statement, each a line of its own: they come together, by height, in the order of their sides. */
function bordersOf<S>(points: readonly Point[], sides: readonly S[]): { readonly side: S; readonly line: Point[] }[] {
  const rows = new Map<number, Point[]>();
  for (const point of points)
    if (Number.isFinite(point.x) && Number.isFinite(point.y)) rows.set(point.y, [...(rows.get(point.y) ?? []), point]);
  return sides
    .map((side, at) => ({ side, line: [...rows.values()].flatMap((row) => (row[at] ? [row[at]] : [])) }))
    .filter(({ line }) => line.length > 1);
}

/** @param frame of a complete map */
export function linesOver(frame: Frame, { show }: PageState): MapLine[] {
  const inside = positive(frame);
  const [up, right] = frame.spec.axes as [Axis, Axis];
  const cell = frame.cells[0]!;
  const about = STATEMENTS.filter(
    ({ regimes, about }) => regimes && mismatches(about, (path) => valueAt(cell, path)).length === 0,
  );
  const out = about.flatMap(({ id, regimes }) => {
    const sides = (['benign', 'harmful'] as const).filter((side) => regimes![side]);
    return theoryLines(inside, { value: 'testError', theory: [{ statement: id, label: id }] }, up, right).flatMap(
      ({ points }) =>
        bordersOf(points, sides).map(({ side, line }): MapLine => ({
          kind: 'theory',
          label: `${side} border of ${id}`,
          points: line,
        })),
    );
  });
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
