/** Lines over a map: what a statement says of the axis to the right, and where the measured rows cross a level. */
import { fallingCrossing } from '../core/contours.ts';
import { exp, log } from '../core/special.ts';
import { valueAt } from '../experiments/cell.ts';
import { fields, numbers, type CellFrame, type Frame } from '../experiments/frame.ts';
import { settingOf } from '../experiments/setting.ts';
import type { Axis } from '../experiments/spec.ts';
import type { Contour, TheoryCurve } from '../figures/heat-map.ts';
import { LEVEL } from '../figures/spread.ts';
import type { Setting, SymbolId } from '../notation.ts';
import type { Show } from '../papers/paper.ts';
import { constantsOf, mismatches } from '../theory/assess.ts';
import { criticalValues } from '../theory/critical.ts';
import { statement } from '../verification/statement-claim.ts';

/** Points of a theory line. */
const POINTS = 121;
/** Columns on either side of a crossing that its line rests on. */
const REACH = 2;

/** Cells that share the axes beyond the first two, in the order of the spec. */
interface PanelOf {
  readonly fixed: Readonly<Partial<Record<SymbolId, number | string | boolean>>>;
  /** its cells by value of the axis upwards */
  readonly rows: ReadonlyMap<number, readonly number[]>;
}

function panelsOf(frame: CellFrame, up: Axis, right: Axis): PanelOf[] {
  const others = frame.spec.axes
    .filter((axis) => axis !== up && axis !== right)
    .map(({ id, name }) => ({ id, values: fields(frame, name) }));
  const panels = new Map<string, { fixed: PanelOf['fixed']; rows: Map<number, number[]> }>();
  for (const [at, value] of (numbers(frame, up.name) as number[]).entries()) {
    const fixed = Object.fromEntries(others.map(({ id, values }) => [id, values[at]]));
    const key = JSON.stringify(fixed);
    const panel = panels.get(key) ?? { fixed: fixed as PanelOf['fixed'], rows: new Map<number, number[]>() };
    panels.set(key, panel);
    panel.rows.set(value, [...(panel.rows.get(value) ?? []), at]);
  }
  return [...panels.values()];
}

/**
 * For each panel whose cells a statement is about, its lines: its bounds on either axis where they hold, and the borders
 * of its regimes.
 *
 * @param inverted whether the axis upwards is drawn by its reciprocal
 */
export function theoryLines(
  frame: Frame,
  { theory = [] }: Show,
  up: Axis,
  right: Axis,
  inverted = false,
): TheoryCurve[] {
  return theory.flatMap(({ statement: id, constants: given = {}, label }) => {
    const one = statement(id);
    const constants = constantsOf(one, given);
    const borders = [one.regimes?.benign, one.regimes?.harmful].filter((border) => border !== undefined);
    return panelsOf(frame, up, right).flatMap(({ fixed, rows }): TheoryCurve[] => {
      const members = [...rows.values()].flat();
      const first = members[0]!;
      const cell = frame.cells[first]!;
      if (mismatches(one.about, (path) => valueAt(cell, path)).length > 0) return [];
      const setting = settingOf(cell);
      const written = (at: number, axis: Axis): number => fields(frame, axis.name)[at] as number;
      // Axes may be in units of other numbers; within a panel these do not vary.
      const unitOf = (axis: Axis): number => setting[axis.id]! / written(first, axis);
      const bounds = (of: Axis, there: Setting): number[] =>
        one.bounds
          .filter((bound) => bound.of === of.id && (!bound.where || meets(bound.where, there, constants)))
          .map(({ value }) => value(there, constants));
      const along = (axis: Axis): number[] => {
        const values = members.map((at) => written(at, axis));
        const [low, high] = [Math.min(...values), Math.max(...values)];
        return Array.from({ length: POINTS }, (_, i) => low * exp((i / (POINTS - 1)) * log(high / low)));
      };
      const points = [
        ...along(up).flatMap((y) => {
          const there = { ...setting, [up.id]: y * unitOf(up) };
          const found = [
            ...bounds(right, there),
            ...borders.flatMap((border) => criticalValues(border, there, constants, right.id)),
          ];
          return found.map((x) => ({ x: x / unitOf(right), y }));
        }),
        ...along(right).flatMap((x) =>
          bounds(up, { ...setting, [right.id]: x * unitOf(right) }).map((y) => ({ x, y: y / unitOf(up) })),
        ),
      ];
      return [{ label, points: inverted ? points.map(({ x, y }) => ({ x, y: 1 / y })) : points, where: fixed }];
    });
  });
}

const meets = (
  { lhs, rhs, relation }: { lhs: Side; rhs: Side; relation: '<=' | '>=' },
  setting: Setting,
  constants: Readonly<Record<string, number>>,
): boolean => {
  const [left, right] = [lhs(setting, constants), rhs(setting, constants)];
  return relation === '<=' ? left <= right : left >= right;
};
type Side = (setting: Setting, constants: Readonly<Record<string, number>>) => number;

/**
 * Where the means of each row fall through the level, on the logarithm of the axis to the right.
 *
 * @param either whether rows that rise through it count as well
 */
export function levelContour(
  frame: Frame,
  { value, contour }: Pick<Show, 'value' | 'contour'>,
  up: Axis,
  right: Axis,
  either = false,
): Contour[] {
  if (contour === undefined) return [];
  const x = numbers(frame, right.name) as number[];
  const mean = numbers(frame, value);
  const se = frame.columns[`${value}Se`] ?? [];
  return panelsOf(frame, up, right).map(({ fixed, rows }) => ({
    label: `measured: ${contour} (${LEVEL} interval)`,
    where: fixed,
    points: [...rows].flatMap(([y, members]) => {
      const line = members.filter((at) => mean[at] !== null).sort((a, b) => x[a]! - x[b]!);
      if (line.length < 3) return [];
      const falls = !either || mean[line[0]!]! >= mean[line.at(-1)!]!;
      if (!falls) line.reverse();
      const place = (at: number): number => (falls ? log(x[at]!) : -log(x[at]!));
      const found = fallingCrossing(
        line.map(place),
        line.map((at) => mean[at]!),
        line.map((at) => Number(se[at] ?? 0)),
        contour,
        REACH,
      );
      const crossed = found && exp(falls ? found.x : -found.x);
      return found && crossed ? [{ x: crossed, y, se: crossed * found.se }] : [];
    }),
  }));
}
