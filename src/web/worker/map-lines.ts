/** The lines over a map: where theory puts the border, where the runs cross a level, and the law through these places. */
import { meanFlip } from '../../core/flip-laws.ts';
import { fields, type Field, type Frame } from '../../experiments/frame.ts';
import { settingOf } from '../../experiments/setting.ts';
import type { Axis } from '../../experiments/spec.ts';
import type { TheoryCurve } from '../../figures/heat-map.ts';
import { levelContour, theoryLines } from '../../reproduction/map-lines.ts';
import { isPlain, lawCurves } from '../../reproduction/view-overlays.ts';
import type { Setting } from '../../notation.ts';
import { STATEMENTS } from '../../theory/index.ts';
import { constantsOf, mismatches } from '../../theory/assess.ts';
import type { Statement } from '../../theory/statement.ts';
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
type Side = 'benign' | 'harmful';

/** Rounding of two sides of a condition, relative. */
const SAME = 1e-6;
/** Rounding of a whole number in units of another, relative. */
const ROUNDED = 0.01;

/**
 * The borders of one statement, each a line of its own: a place is of the side whose condition it meets exactly.
 *
 * @param settingAt the setting at a place of the map
 */
function bordersOf(
  points: readonly Point[],
  statement: Statement,
  settingAt: (point: Point) => Setting,
): { readonly side: Side; readonly line: Point[] }[] {
  const values = constantsOf(statement, {});
  const { regimes } = statement;
  const sides = (['benign', 'harmful'] as const).filter((side) => regimes![side]);
  const far = (side: Side, at: Setting): number => {
    const { lhs, rhs } = regimes![side]!;
    return Math.abs(lhs(at, values) / rhs(at, values) - 1);
  };
  const lines = new Map(sides.map((side) => [side, [] as Point[]]));
  for (const point of points) {
    if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) continue;
    const at = settingAt(point);
    const distance = Math.min(...sides.map((side) => far(side, at)));
    // Where both borders are one, its places come twice.
    const near = sides.filter((side) => far(side, at) - distance < SAME);
    const side = near.sort((one, other) => lines.get(one)!.length - lines.get(other)!.length)[0];
    if (side) lines.get(side)!.push(point);
  }
  return [...lines].map(([side, line]) => ({ side, line })).filter(({ line }) => line.length > 1);
}

/** All lines at once. @param frame of a complete map */
export const linesOver = (frame: Frame, state: PageState): MapLine[] => [
  ...theoryTasks(frame).flatMap((make) => make()),
  ...measuredLines(frame, state),
];

/**
 * What theorems say of a map, each a task of its own: to solve for a border takes a moment, in which others may ask.
 *
 * @param frame of a map, whose runs do not count
 */
export function theoryTasks(frame: Frame): (() => MapLine[])[] {
  const inside = positive(frame);
  const [up, right] = frame.spec.axes as [Axis, Axis];
  const cell = frame.cells[0]!;
  const about = STATEMENTS.filter(
    ({ regimes, about }) => regimes && mismatches(about, (path) => valueAt(cell, path)).length === 0,
  );
  const first = inside.cells[0];
  const setting = first && settingOf(first);
  // Axes may be in units of other numbers. Where these vary over the map, lines would be of one row alone.
  const unitIn = ({ id, name }: Axis, at: number): number =>
    settingOf(inside.cells[at]!)[id]! / Number(fields(inside, name)[at]);
  const unitOf = (axis: Axis): number => unitIn(axis, 0);
  const steady = [up, right].every((axis) =>
    inside.cells.every((_, at) => !(Math.abs(unitIn(axis, at) / unitOf(axis) - 1) > ROUNDED)),
  );
  const settingAt = ({ x, y }: Point): Setting => ({
    ...setting!,
    [right.id]: x * unitOf(right),
    [up.id]: y * unitOf(up),
  });
  if (!first || !steady) return [];
  return about.map((statement) => () => {
    const { id } = statement;
    return theoryLines(inside, { value: 'testError', theory: [{ statement: id, label: id }] }, up, right).flatMap(
      ({ points }) =>
        bordersOf(points, statement, settingAt).map(({ side, line }): MapLine => ({
          kind: 'theory',
          label: `${side} border of ${id}${constantsIn(statement, statement.regimes![side]!.formula)}`,
          points: line,
        })),
    );
  });
}

/** `, C1 = 100, ours`: the constants of a formula, which papers leave free. */
function constantsIn(statement: Statement, formula: string): string {
  const values = constantsOf(statement, {});
  const named = Object.entries(values).filter(
    ([name]) => name !== 'delta' && new RegExp(`${name}(?![0-9])`).test(formula.replaceAll('_', '')),
  );
  return named
    .map(([name, value]) => {
      const measured = statement.constants[name]!.fitted === value;
      return `, ${name} = ${Number(value.toPrecision(3))} (${measured ? 'measured by us' : 'free, chosen by us'})`;
    })
    .join('');
}

/** Where the rows cross the level of harm, and the law through these places. @param frame of a complete map */
export function measuredLines(frame: Frame, { show }: PageState): MapLine[] {
  const [up, right] = frame.spec.axes as [Axis, Axis];
  const cell = frame.cells[0]!;
  const out: MapLine[] = [];
  if (show !== 'testError' && show !== 'testErrorClean') return out;
  const level = Number(((show === 'testError' ? meanFlip(cell.data) : 0) + EXCESS_LIMIT).toPrecision(6));
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
