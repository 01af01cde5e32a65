/** What a spec fixes, in words: read off the notation, so that a new parameter is named without a line here. */
import { numberText } from '../core/number-text.ts';
import { isCounted } from '../core/flip-laws.ts';
import { CELL_PARAMETERS, PARAMETERS, SYMBOLS, type SymbolEntry } from '../notation.ts';
import { CONDITIONAL, valueAt, type Cell, type Value } from './cell.ts';
import { scaledGlyph } from './scale.ts';
import type { Spec } from './spec.ts';

/**
 * `‖μ‖ = 5`, `σ = leaky-relu`, ...: every parameter that does not vary over the cells, is in use, and has no default,
 * another value than its default, or is declared as `named`; an axis of one value is one of them. In the order of the
 * notation, for `typeset`.
 *
 * @param all cells of the spec
 * @param free paths of parameters that vary without an axis of their own, as along a search
 */
export function fixedWords(spec: Spec, all: readonly Cell[], free: readonly string[] = []): string[] {
  const varying = new Set([...free, ...spec.axes.filter(({ values }) => values.length > 1).map(({ path }) => path)]);
  return [...CELL_PARAMETERS].flatMap(([path, { id, entry }]) => {
    if (varying.has(path) || id.endsWith('Unit')) return [];
    const conditional = CONDITIONAL.find((one) => one.path === path);
    const using = conditional ? all.filter((cell) => conditional.used(cell)) : all;
    const [first] = using;
    if (!first) return [];
    const value = valueAt(first, path);
    const unit = unitOf(path, id, using, varying);
    const powers = spec.scale.get(path);
    if (using.some((cell) => valueAt(cell, path) !== value)) {
      if (!powers) return [];
      const written = spec.values.get(path) ?? spec.axes.find((axis) => axis.path === path)?.values[0] ?? entry.default;
      return [`${scaledGlyph(path, powers)} = ${valueWord(written!)}${unit}`];
    }
    // Beside wrong training labels of another law p speaks of test labels only: a 0 would read as no label noise.
    if (id === 'flip' && value === 0 && all.some(({ data }) => isCounted(data.flipLaw))) return [];
    const fixed = spec.axes.some((axis) => axis.path === path);
    if (entry.default !== undefined && !entry.named && !fixed && value === entry.default && unit === '') return [];
    const after = entry.kind === 'number' && entry.unit ? ` ${entry.unit}` : '';
    return [`${entry.glyph} = ${valueWord(value)}${unit}${after}`];
  });
}

/** Characters of a text, of which a picture's caption has no room for more. */
const LONGEST = 20;

function valueWord(value: Value): string {
  const text = typeof value === 'number' ? numberText(value) : String(value);
  return text.length > LONGEST ? `${text.slice(0, 12)}…` : text;
}

/** ` n·m/(σ_p²·d)`, `/(σ_p·√d)` behind a number in a unit; '' for an absolute one, and where the unit itself varies. */
function unitOf(path: string, id: string, using: readonly Cell[], varying: ReadonlySet<string>): string {
  const unit = PARAMETERS.get(`${path}Unit`);
  if (!unit || !(`${id}Unit` in SYMBOLS) || varying.has(`${path}Unit`)) return '';
  const value = String(valueAt(using[0]!, `${path}Unit`));
  return value === unit.entry.default
    ? ''
    : unitWord(value)
        .replace(/^(?!1\/)/, ' ')
        .replace(/^1\//, '/');
}

/** `n*m/(sigmaP^2*d)` as `n·m/(σ_p²·d)`. */
export const unitWord = (unit: string): string =>
  unit
    .replace(/sqrt\((\w+)\)/g, '√$1')
    .replace(/[A-Za-z]\w*/g, (name) => (SYMBOLS as Readonly<Record<string, SymbolEntry>>)[name]?.glyph ?? name)
    .replace(/\*(?=[\p{L}√])/gu, '·')
    .replaceAll('^2', '²');

/**
 * How many runs a cell really has: `10 runs a cell`, `68 to 75 of 400 runs a cell`; beside a precision what they are
 * for.
 *
 * @param counts runs that are there, by cell
 */
export function runsWords({ runs, precision }: Spec, counts: readonly number[]): string {
  const [least, most] = counts.reduce<[number, number]>(
    ([low, high], count) => [Math.min(low, count), Math.max(high, count)],
    [Infinity, 0],
  );
  const span = least < most ? `${least} to ${most}` : String(most);
  const noun = (count: number): string => (count === 1 ? 'run' : 'runs');
  if (precision)
    return `${span} ${noun(most)} a cell, ${runs} at most, for ± ${precision.halfWidth} in the mean ${SYMBOLS[precision.of].glyph}`;
  return least === runs && most === runs ? `${runs} ${noun(runs)} a cell` : `${span} of ${runs} ${noun(runs)} a cell`;
}
