/**
 * The rows of a sweep's table, sorted into panels: two (or one) axes within a panel, one panel for each combination of
 * the others.
 */
import type { Axis, Spec } from '../experiments/spec.ts';
import type { Field, Table } from '../experiments/table.ts';
import { numberText } from '../core/number-text.ts';
import { SYMBOLS, type SymbolEntry } from '../notation.ts';
import { typeset } from './text.ts';

export interface Panel {
  /** values of the axes that do not vary within the panel, by symbol */
  readonly fixed: Readonly<Record<string, Field>>;
  /** `n = 20, m = 10`; '' when nothing is fixed */
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** A field as it stands in headings and legends. */
export const valueText = (value: Field): string => (typeof value === 'number' ? numberText(value) : String(value));

/** A row of a table, by column. */
export type Row = Readonly<Record<string, Field>>;

/** One panel for each combination of the axes not in `inside`, in the order of the table. */
export function panels(spec: Spec, table: Table, inside: readonly Axis[]): Panel[] {
  const outside = spec.axes.filter((axis) => !inside.includes(axis));
  const found = new Map<string, { fixed: Record<string, Field>; heading: string; rows: Row[] }>();
  for (const fields of table.rows) {
    const row = Object.fromEntries(table.columns.map((column, i) => [column, fields[i]!]));
    const heading = outside
      .map(({ id, name, glyph }) =>
        typeset(`${glyph ?? (SYMBOLS[id] as SymbolEntry).glyph} = ${valueText(row[name]!)}`),
      )
      .join(', ');
    let panel = found.get(heading);
    if (!panel)
      found.set(
        heading,
        (panel = { fixed: Object.fromEntries(outside.map(({ name }) => [name, row[name]!])), heading, rows: [] }),
      );
    panel.rows.push(row);
  }
  return [...found.values()];
}

/** What stands where a mean would be. */
export type Missing = 'diverged' | 'no run' | 'no value';

/** What is said of a mean from which diverged runs are missing. */
export const SOME_DIVERGED = 'some runs diverged (mean of the others)';

/** The number of a column, or why there is none. */
export function valueOf(row: Row, column: string): number | Missing {
  const value = row[column];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (row['runs'] === 0) return 'no run';
  return row['diverged'] === row['runs'] ? 'diverged' : 'no value';
}

/** Six significant digits: more than any picture shows. */
export const brief = (x: number): number => Number(x.toPrecision(6));
