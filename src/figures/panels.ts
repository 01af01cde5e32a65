/**
 * The cells of a sweep, sorted into panels: two (or one) axes within a panel, one panel for each combination of
 * the others.
 */
import type { Axis } from '../experiments/spec.ts';
import { fields, type CellFrame, type Field } from '../experiments/frame.ts';
import { numberText } from '../core/number-text.ts';
import { SYMBOLS, type SymbolEntry } from '../notation.ts';
import { typeset } from './text.ts';

export interface Panel {
  /** values of the axes that do not vary within the panel, by symbol */
  readonly fixed: Readonly<Record<string, Field>>;
  /** `n = 20, m = 10`; '' when nothing is fixed */
  readonly heading: string;
  /** indices, in the order of the frame */
  readonly cells: readonly number[];
}

/** A field as it stands in headings and legends. */
export const valueText = (value: Field): string => (typeof value === 'number' ? numberText(value) : String(value));

/** One panel for each combination of the axes not in `inside`, in the order of the cells. */
export function panels(frame: CellFrame, inside: readonly Axis[]): Panel[] {
  const outside = frame.spec.axes
    .filter((axis) => !inside.includes(axis))
    .map(({ id, name, glyph }) => ({
      name,
      glyph: glyph ?? (SYMBOLS[id] as SymbolEntry).glyph,
      values: fields(frame, name),
    }));
  const found = new Map<string, Panel & { cells: number[] }>();
  for (const at of fields(frame, 'runs').keys()) {
    const heading = outside.map(({ glyph, values }) => typeset(`${glyph} = ${valueText(values[at]!)}`)).join(', ');
    let panel = found.get(heading);
    if (!panel) {
      const fixed = Object.fromEntries(outside.map(({ name, values }) => [name, values[at]!]));
      found.set(heading, (panel = { fixed, heading, cells: [] }));
    }
    panel.cells.push(at);
  }
  return [...found.values()];
}

/** What stands where a mean would be. */
export type Missing = 'diverged' | 'no run' | 'no value';

/** What is said of a mean from which diverged runs are missing. */
export const SOME_DIVERGED = 'some runs diverged (mean of the others)';

/** The number of a column, or why there is none. */
export function valueOf({ columns }: CellFrame, name: string, at: number): number | Missing {
  const value = columns[name]?.[at];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const runs = columns['runs']?.[at];
  if (runs === 0) return 'no run';
  return columns['diverged']?.[at] === runs ? 'diverged' : 'no value';
}

/** Whether runs are missing from a mean because they diverged. */
export const someDiverged = ({ columns }: CellFrame, at: number): boolean => Number(columns['diverged']?.[at]) > 0;

/** Six significant digits: more than any picture shows. */
export const brief = (x: number): number => Number(x.toPrecision(6));
