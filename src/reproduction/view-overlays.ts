/** What stands beside the measured points of a view: other classifiers, closed forms, bounds and laws of theorems. */
import { exp, log } from '../core/special.ts';
import { numberText } from '../core/number-text.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import { settingOf } from '../experiments/setting.ts';
import type { Axis } from '../experiments/spec.ts';
import { estimate, type Estimate } from '../figures/estimate.ts';
import type { Contour, TheoryCurve } from '../figures/heat-map.ts';
import { roleOf } from '../figures/role.ts';
import type { Row } from '../figures/view-cells.ts';
import { PARAMETERS, SYMBOLS, type Setting, type SymbolId } from '../notation.ts';
import { assess, assumptions, constantsOf, mismatches } from '../theory/assess.ts';
import { STATEMENTS } from '../theory/index.ts';
import { PREDICTIONS } from '../theory/predictions.ts';
import type { Bound, Statement } from '../theory/statement.ts';
import { logControl, TRANSITION_LAWS } from '../theory/transition-laws.ts';
import { BASELINES } from './baseline-figure.ts';

/** A line beside measured ones. */
export interface Beside {
  readonly label: string;
  /** null where it has no number at the cell */
  readonly at: (row: Row) => Estimate | null;
}

const chosenBy = (cell: Cell) => (path: string) => valueAt(cell, path);

/** Baselines that the records of all rows have, and closed forms for them. */
export function baselinesOf(rows: readonly Row[]): Beside[] {
  const frames = [...new Set(rows.map(({ frame }) => frame))];
  const named = BASELINES.filter((id) => frames.every(({ runs }) => id in runs.values));
  const measured = named.map((id): Beside => {
    const role = roleOf(id, frames, id);
    return {
      label: SYMBOLS[id].glyph.replace('error of ', ''),
      at: ({ frame, at }) => estimate(role, frame, at),
    };
  });
  const forms = PREDICTIONS.filter(
    ({ of, about }) =>
      named.some((id) => id === of) &&
      rows.every(({ frame, at }) => mismatches(about, chosenBy(frame.cells[at]!)).length === 0),
  );
  return [
    ...measured,
    ...forms.map(({ title, formula, value }): Beside => ({
      label: `${title}: ${formula}`,
      at: ({ frame, at }) => number(value(settingOf(frame.cells[at]!))),
    })),
  ];
}

const number = (y: number): Estimate | null => (Number.isFinite(y) ? { y, runs: 0 } : null);

/**
 * Which of the statements that bound a quantity assume what some rows leave, each in a sentence: a bound outside its
 * assumptions is none.
 */
export function assumptionNotes(rows: readonly Row[], of: SymbolId | undefined): string[] {
  const bounding = speaking(rows).filter(({ bounds }) => bounds.some((bound) => isDrawn(bound, of)));
  if (bounding.length === 0) return [];
  const told = rows.map(({ frame, at }) => {
    const cell = frame.cells[at]!;
    return assess(settingOf(cell), chosenBy(cell), {}).told;
  });
  return bounding.flatMap((one) => {
    const outside = told.filter((all) => {
      const own = all.find(({ statement }) => statement.id === one.id)!;
      return own.departures.length > 0 || assumptions(own, all).some(({ holds }) => holds === false);
    }).length;
    return outside > 0
      ? [`${outside} of ${rows.length} cells leave the assumptions of ${sourceOf(one)} (constants as in benign theory)`]
      : [];
  });
}

/** Bounds on a quantity by the statements that are about all rows. */
export function boundsOf(rows: readonly Row[], of: SymbolId | undefined): Beside[] {
  return speaking(rows).flatMap((one) =>
    one.bounds
      .filter((bound) => isDrawn(bound, of))
      .map((bound): Beside => {
        const constants = constantsOf(one, {});
        return {
          label: `${bound.side === 'upper' ? 'at most' : 'at least'} ${bound.formula} (${sourceOf(one)}${constantWords(one, bound)})`,
          at({ frame, at }) {
            const setting = settingOf(frame.cells[at]!);
            const { where } = bound;
            if (where) {
              const [lhs, rhs] = [where.lhs(setting, constants), where.rhs(setting, constants)];
              if (!(where.relation === '>=' ? lhs >= rhs : lhs <= rhs)) return null;
            }
            return number(bound.value(setting, constants));
          },
        };
      }),
  );
}

/** An identity between two measured errors is no prediction of either. */
const isDrawn = (bound: Bound, of: SymbolId | undefined): boolean =>
  bound.of === of && !bound.formula.includes('clean error');

const speaking = (rows: readonly Row[]): Statement[] =>
  STATEMENTS.filter(({ about }) =>
    rows.every(({ frame, at }) => mismatches(about, chosenBy(frame.cells[at]!)).length === 0),
  );

const sourceOf = ({ paper, source }: Statement): string => `${paper}, ${source}`;

/** `; C2 = 17.9, our fit`: the constants that a bound and its condition name. */
function constantWords(one: Statement, { formula, where }: Bound): string {
  const text = `${formula} ${where?.formula ?? ''}`;
  const named = Object.entries(one.constants).filter(
    ([name]) => name !== 'delta' && new RegExp(`${name}(?!\\d)`).test(text.replaceAll('_', '')),
  );
  return named
    .map(
      ([name, { preset, fitted }]) =>
        `; ${name} = ${numberText(fitted ?? preset)}${fitted === undefined ? ', free' : ', our fit'}`,
    )
    .join('');
}

/** Points of a law's curve. */
const FINE = 121;

/**
 * The law of a transition through measured crossings of a level: the papers leave its constant free, so it is the
 * geometric mean over the crossings.
 *
 * @param axes of the map, upwards and to the right, in the units of a cell
 * @param contours crossings of one level, by panel
 */
export function lawCurves(
  rows: readonly Row[],
  [up, right]: readonly [Axis, Axis],
  contours: readonly Contour[],
): TheoryCurve[] {
  const law = TRANSITION_LAWS.find(
    ({ about, bound }) =>
      bound !== true && rows.every(({ frame: of, at }) => mismatches(about, chosenBy(of.cells[at]!)).length === 0),
  );
  if (!law) return [];
  return contours.flatMap(({ points, where = {}, label }): TheoryCurve[] => {
    const first = rows.find((row) => Object.entries(where).every(([id, value]) => row.position.get(id) === value));
    if (!first || points.length === 0) return [];
    const setting = settingOf(first.frame.cells[first.at]!);
    const at = (x: number, y: number): number => logControl(law, { ...setting, [up.id]: y, [right.id]: x } as Setting);
    const controls = points.map(({ x, y }) => at(x, y));
    const kappa = controls.reduce((sum, one) => sum + one, 0) / controls.length;
    if (!Number.isFinite(kappa)) return [];
    const [low, high] = ends(right);
    const curve = heights(up).flatMap((y) => {
      const x = crossing((place) => at(place, y) - kappa, low, high);
      return x === null ? [] : [{ x, y }];
    });
    const level = /[\d.]+/.exec(label)?.[0] ?? '';
    return [
      {
        label: `${law.formula} = ${numberText(Number(exp(kappa).toPrecision(3)))}: ${law.source}, its free constant through the measured ${level}`,
        points: curve,
        where,
      },
    ];
  });
}

const ends = ({ values }: Axis): [number, number] => {
  const numbers = values as number[];
  return [Math.min(...numbers) / 2, Math.max(...numbers) * 2];
};

function heights(axis: Axis): number[] {
  const numbers = axis.values as number[];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  // Half a cell beyond the outermost rows; what lies off the map is cut.
  const [from, to] = low > 0 ? [low / 1.5, high * 1.5] : [low, high];
  return Array.from({ length: FINE }, (_, i) =>
    low > 0 ? from * exp((i / (FINE - 1)) * log(to / from)) : from + (i / (FINE - 1)) * (to - from),
  );
}

/** Where a monotone function is 0 between two positive numbers, on their logarithms; null where it is not. */
function crossing(f: (x: number) => number, low: number, high: number): number | null {
  let [a, b] = [log(low > 0 ? low : high * 1e-6), log(high)];
  const atLow = f(exp(a));
  if (!(atLow * f(exp(b)) < 0)) return null;
  for (let step = 0; step < 60; step++) {
    const middle = (a + b) / 2;
    if (f(exp(middle)) * atLow > 0) a = middle;
    else b = middle;
  }
  return exp((a + b) / 2);
}

/** Parameters that stand on an axis as a cell has them: no factors, no units. */
export const isPlain = ({ path, id, name }: Axis): boolean => name === id && PARAMETERS.get(path)?.id === id;
