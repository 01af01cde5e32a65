/** Tables for a paper: means with their intervals in Markdown or LaTeX (booktabs). */
import { numberText } from '../core/number-text.ts';
import { intervalColumns, type Field, type Frame } from '../experiments/frame.ts';
import type { Table } from '../experiments/table.ts';
import { halfOf, LEVEL } from '../figures/spread.ts';
import { typeset } from '../figures/text.ts';
import { SYMBOLS, type SymbolEntry, type SymbolId } from '../notation.ts';

export type PrintedFormat = 'latex' | 'markdown';

/** A field of a printed table. */
type Printed =
  | string
  | { readonly mean: string; readonly half: string; readonly power?: number }
  | { readonly mean: string; readonly low: string; readonly high: string };

interface PrintedTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Printed[])[];
  readonly note: string;
}

/** One row a cell: the axes, runs, and every mean with its interval. */
export function printedCells(frame: Frame, format: PrintedFormat): string {
  const { spec, columns } = frame;
  const of = spec.precision?.of;
  const means = Object.keys(columns).filter((name) => `${name}Se` in columns);
  const shown = [...spec.axes.map(({ name }) => name), 'runs', ...means, 'fitted'];
  const glyphs = new Map(spec.axes.map(({ name, glyph }) => [name, glyph]));
  const heads = shown.map((name) => glyphs.get(name) ?? glyphOf(name));
  const rows = frame.cells.map((_, at) => shown.map((name) => printedField(frame, name, at, of)));
  const interval = of === undefined ? `${LEVEL} interval` : `${LEVEL} interval; of ${glyphOf(of)} at all looks`;
  return write({ heads, rows, note: `mean ± ${interval} over runs` }, format);
}

/** Any other table, field by field. */
export const printedTable = ({ columns, rows }: Table, format: PrintedFormat): string =>
  write({ heads: columns.map(glyphOf), rows: rows.map((row) => row.map(plain)), note: '' }, format);

const glyphOf = (name: string): string =>
  (SYMBOLS as Readonly<Record<string, SymbolEntry>>)[name as SymbolId]?.glyph ?? name;

const plain = (field: Field): string =>
  field === null ? '' : typeof field === 'number' ? numberText(field) : String(field);

function printedField({ columns }: Frame, name: string, at: number, of: string | undefined): Printed {
  const value = columns[name]?.[at] ?? null;
  if (typeof value !== 'number') return plain(value);
  const [low, high] = intervalColumns(name).map((column) => columns[column]?.[at]);
  if (name === of && typeof low === 'number' && typeof high === 'number') {
    const digits = decimals((high - low) / 2);
    return { mean: fixed(value, digits), low: fixed(low, digits), high: fixed(high, digits) };
  }
  const se = columns[`${name}Se`]?.[at];
  if (typeof se !== 'number') return numberText(Number(value.toPrecision(4)));
  const runs = Number(columns['runs']![at]) - Number(columns['diverged']?.[at] ?? 0);
  const half = halfOf(se, Math.max(1, runs - 1));
  if (half === 0) return { mean: numberText(Number(value.toPrecision(4))), half: '0' };
  const digits = decimals(half);
  // What is far from 1 is written with a power of ten, mean and interval alike.
  const power = Math.floor(Math.log10(Math.max(Math.abs(value), half)));
  if (power < -3 || power > 4) {
    const unit = Number(`1e${power}`);
    const places = Math.max(0, digits + power);
    return { mean: fixed(value / unit, places), half: fixed(half / unit, places), power };
  }
  return { mean: fixed(value, digits), half: fixed(half, digits) };
}

/** Places behind the point at which an uncertainty has two digits. */
const decimals = (half: number): number => (half > 0 ? Math.max(0, 1 - Math.floor(Math.log10(half))) : 4);
const fixed = (value: number, places: number): string => value.toFixed(Math.min(places, 20));

function write({ heads, rows, note }: PrintedTable, format: PrintedFormat): string {
  return format === 'latex' ? latex({ heads, rows, note }) : markdown({ heads, rows, note });
}

function markdown({ heads, rows, note }: PrintedTable): string {
  const cell = (text: string): string => typeset(text).replace(/[|*]/g, '\\$&');
  const field = (one: Printed): string =>
    typeof one === 'string'
      ? cell(one)
      : 'half' in one
        ? one.power === undefined
          ? `${typeset(one.mean)} ± ${one.half}`
          : `(${one.mean} ± ${one.half})·${typeset(`10^{${one.power}}`)}`
        : `${one.mean} (${one.low} to ${one.high})`;
  const line = (fields: readonly string[]): string => `| ${fields.join(' | ')} |`;
  return [
    line(heads.map(cell)),
    line(heads.map(() => '---:')),
    ...rows.map((row) => line(row.map(field))),
    ...(note ? ['', `${note}.`] : []),
    '',
  ].join('\n');
}

function latex({ heads, rows, note }: PrintedTable): string {
  const field = (one: Printed): string =>
    typeof one === 'string'
      ? /^[−-]?\d/.test(one)
        ? `$${one.replace('−', '-').replaceAll('·', '\\cdot ')}$`
        : escaped(one)
      : 'half' in one
        ? one.power === undefined
          ? `$${one.mean} \\pm ${one.half}$`
          : `$(${one.mean} \\pm ${one.half}) \\cdot 10^{${one.power}}$`
        : `$${one.mean}$ ($${one.low}$ to $${one.high}$)`;
  const line = (fields: readonly string[]): string => `${fields.join(' & ')} \\\\`;
  return [
    '% \\usepackage{booktabs}',
    `\\begin{tabular}{${'r'.repeat(heads.length)}}`,
    '\\toprule',
    line(heads.map(headInLatex)),
    '\\midrule',
    ...rows.map((row) => line(row.map(field))),
    '\\bottomrule',
    '\\end{tabular}',
    ...(note ? [`% ${note}`] : []),
    '',
  ].join('\n');
}

const escaped = (text: string): string =>
  text
    .replace(/[#$%&_{}]/g, '\\$&')
    .replaceAll('~', '\\textasciitilde{}')
    .replaceAll('^', '\\textasciicircum{}');

/** Signs of the notation as LaTeX has them. */
const SIGNS: Readonly<Record<string, string>> = {
  '‖': '\\|',
  '−': '-',
  '·': '\\cdot ',
  '∞': '\\infty ',
  '√': '\\sqrt ',
  '⟨': '\\langle ',
  '⟩': '\\rangle ',
  '≤': '\\le ',
  '≥': '\\ge ',
  '′': "'",
  '∇': '\\nabla ',
  '†': '^\\dagger ',
  '×': '\\times ',
  α: '\\alpha ',
  β: '\\beta ',
  γ: '\\gamma ',
  δ: '\\delta ',
  ε: '\\varepsilon ',
  η: '\\eta ',
  θ: '\\theta ',
  κ: '\\kappa ',
  μ: '\\mu ',
  ν: '\\nu ',
  ξ: '\\xi ',
  ρ: '\\rho ',
  σ: '\\sigma ',
  Δ: '\\Delta ',
  Σ: '\\Sigma ',
  ℓ: '\\ell ',
  '¹': '^1',
  '²': '^2',
  '³': '^3',
  '⁴': '^4',
  ₛ: '_s',
};

/** A glyph in mathematics, a phrase in words. */
function headInLatex(head: string): string {
  const phrase = /^[\p{L}\d .,−'-]{3,}$/u.test(head) && !/\p{Script=Greek}/u.test(head);
  if (phrase) return escaped(head.replace('−', '-'));
  const body = head
    .replace(/(\p{L})̄/gu, '\\bar{$1}')
    .replace(/(\p{L})̲/gu, '\\underline{$1}')
    .replace(/[A-Za-z]{3,}( [A-Za-z]+)*/g, (words) =>
      /^(max|min|log|exp|cos)$/.test(words) ? `\\${words} ` : `\\text{${words}}`,
    )
    .replace(/\\\\(bar|underline)\{/g, '\\$1{')
    .replace(/[^\x20-\x7e]/gu, (sign) => SIGNS[sign] ?? sign);
  return `$${body.trim()}$`;
}
