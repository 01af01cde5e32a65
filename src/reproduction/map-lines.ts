/** Lines over a map: what a statement says of the axis to the right, and where the measured rows cross a level. */
import { fallingCrossing } from '../core/contours.ts';
import { exp, log } from '../core/special.ts';
import type { Axis, Spec } from '../experiments/spec.ts';
import { settingOf, type Results, type Table } from '../experiments/table.ts';
import type { Contour, TheoryCurve } from '../figures/heat-map.ts';
import type { Setting, SymbolId } from '../notation.ts';
import type { Show } from '../papers/paper.ts';
import { constantsOf } from '../theory/assess.ts';
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

function panelsOf({ axes }: Spec, { columns, rows }: Table, up: Axis, right: Axis): PanelOf[] {
  const others = axes.filter((axis) => axis !== up && axis !== right);
  const column = (axis: Axis): number => columns.indexOf(axis.name);
  const panels = new Map<string, { fixed: PanelOf['fixed']; rows: Map<number, number[]> }>();
  rows.forEach((row, at) => {
    const fixed = Object.fromEntries(others.map((axis) => [axis.id, row[column(axis)]]));
    const key = JSON.stringify(fixed);
    const panel = panels.get(key) ?? { fixed: fixed as PanelOf['fixed'], rows: new Map<number, number[]>() };
    panels.set(key, panel);
    const value = row[column(up)] as number;
    panel.rows.set(value, [...(panel.rows.get(value) ?? []), at]);
  });
  return [...panels.values()];
}

/**
 * For each panel the lines of the statement: its bounds on the axis to the right where they hold, and the borders of its
 * regimes. The rows of the table are the cells of the results.
 */
export function theoryLines(
  results: Results,
  table: Table,
  { theory = [] }: Show,
  up: Axis,
  right: Axis,
): TheoryCurve[] {
  return theory.flatMap(({ statement: id, constants: given = {}, label }) => {
    const one = statement(id);
    const constants = constantsOf(one, given);
    const borders = [one.regimes?.benign, one.regimes?.harmful].filter((border) => border !== undefined);
    return panelsOf(results.spec, table, up, right).map(({ fixed, rows }): TheoryCurve => {
      const first = [...rows.values()][0]![0]!;
      const setting = settingOf(results.cells[first]!);
      // Axes may be in units of other numbers; within a panel these do not vary.
      const unitOf = (axis: Axis): number =>
        setting[axis.id]! / (table.rows[first]![table.columns.indexOf(axis.name)] as number);
      const at = (there: Setting): number[] => [
        ...one.bounds
          .filter(({ of, where }) => of === right.id && (!where || meets(where, there, constants)))
          .map(({ value }) => value(there, constants)),
        ...borders.flatMap((border) => criticalValues(border, there, constants, right.id)),
      ];
      const [low, high] = [Math.min(...rows.keys()), Math.max(...rows.keys())];
      const points = Array.from({ length: POINTS }, (_, i) => low * exp((i / (POINTS - 1)) * log(high / low))).flatMap(
        (y) => at({ ...setting, [up.id]: y * unitOf(up) }).map((x) => ({ x: x / unitOf(right), y })),
      );
      return { label, points, where: fixed };
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

/** Where the means of each row fall through the level, on the logarithm of the axis to the right. */
export function levelContour(
  results: Results,
  table: Table,
  { value, contour }: Show,
  up: Axis,
  right: Axis,
): Contour[] {
  if (contour === undefined) return [];
  const [x, mean, se] = [right.name, value, `${value}Se`].map((name) => table.columns.indexOf(name));
  return panelsOf(results.spec, table, up, right).map(({ fixed, rows }) => ({
    label: `measured: ${contour} (± 2 SE)`,
    where: fixed,
    points: [...rows].flatMap(([y, members]) => {
      const line = members
        .map((at) => table.rows[at]!)
        .filter((row) => typeof row[mean!] === 'number')
        .sort((a, b) => (a[x!] as number) - (b[x!] as number));
      if (line.length < 3) return [];
      const found = fallingCrossing(
        line.map((row) => log(row[x!] as number)),
        line.map((row) => row[mean!] as number),
        line.map((row) => (typeof row[se!] === 'number' ? (row[se!] as number) : 0)),
        contour,
        REACH,
      );
      return found ? [{ x: exp(found.x), y, se: exp(found.x) * found.se }] : [];
    }),
  }));
}
