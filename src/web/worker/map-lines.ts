/** The lines over a map: where theory puts the border, where the runs cross a level, and the law through these places. */
import { log } from '../../core/special.ts';
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
    .flatMap(({ label, points }) => branchesOf(points, right).map((branch) => ({ label, points: branch })))
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

/** A step of this share of the axis from one height to the next is no line. */
const JUMP = 0.25;

/** Places at one height are of different lines: the borders of the benign and of the harmful side. */
function branchesOf(points: MapLine['points'], { values }: Axis): MapLine['points'][] {
  const [low, high] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
  const place = (x: number): number => (low > 0 ? log(x / low) / log(high / low) : (x - low) / (high - low));
  const branches: { readonly x: number; readonly y: number }[][] = [];
  const last: (typeof branches)[number][] = [];
  const taken = new Map<number, number>();
  for (const point of [...points].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const at = taken.get(point.y) ?? 0;
    taken.set(point.y, at + 1);
    const before = last[at]?.at(-1);
    // One of them ends, and the other one takes its place.
    if (!before || !(Math.abs(place(point.x) - place(before.x)) < JUMP)) branches.push((last[at] = []));
    last[at]!.push(point);
  }
  return branches;
}
