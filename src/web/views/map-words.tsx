/** A map in words and numbers. */
import type { JSX } from 'preact';
import { typeset } from '../../figures/text.ts';
import { bordersOf, scaleBetween } from '../draw/scale.ts';
import type { PageState } from '../state/page-state.ts';
import { short, SHOWN_WORDS } from '../text/words.ts';
import type { Described, MapPart } from '../worker/wire.ts';

/** The map in words. */
export function wordsOf({ show }: PageState, described: Described, part: MapPart | undefined): string {
  const { x, y } = described;
  const range = `${typeset(x.glyph)} from ${short(x.from)} to ${short(x.to)} to the right, ${typeset(y.glyph)} from ${short(y.from)} to ${short(y.to)} upwards`;
  if (!part) return `A map of the ${SHOWN_WORDS[show]}: ${range}. Nothing is computed yet.`;
  const known = [...part.values].filter((value) => !Number.isNaN(value));
  const here = cellAt(part, described)?.value ?? NaN;
  const measured = part.lines.find(({ kind }) => kind === 'measured')?.points ?? [];
  const crossing =
    measured.length > 1
      ? ` The level is crossed at ${typeset(x.glyph)} = ${short(measured[0]!.x)} for ${typeset(y.glyph)} = ${short(measured[0]!.y)} and at ${short(measured.at(-1)!.x)} for ${short(measured.at(-1)!.y)}.`
      : '';
  return `A map of the ${SHOWN_WORDS[show]}: ${range}. It lies between ${short(Math.min(...known))} and ${short(Math.max(...known))}; at the setting it is ${short(here)}.${crossing}`;
}

interface CellOfMap {
  /** middle of the cell */
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly se: number;
  readonly runs: number;
}

/** What the map has at the setting. */
function cellAt(part: MapPart, { x, y, point }: Described): CellOfMap | undefined {
  const along = (values: readonly number[], { from, to, log }: Described['x'], at: number): number => {
    const scale = scaleBetween(from, to, log);
    const borders = bordersOf(values, scale);
    const share = scale.place(at);
    return values.findIndex((_, i) => share >= borders[i]! && share <= borders[i + 1]!);
  };
  const [i, j] = [along(part.x, x, point.x), along(part.y, y, point.y)];
  if (i < 0 || j < 0) return undefined;
  const at = j * part.x.length + i;
  return { x: part.x[i]!, y: part.y[j]!, value: part.values[at]!, se: part.se[at]!, runs: part.runs[at]! };
}

/** Of fewer runs a standard error says little: errors are nearly all or nothing. */
const ENOUGH = 10;

interface HereProps {
  readonly state: PageState;
  readonly described: Described;
  readonly part: MapPart | undefined;
}

/** The cell under the crosshair, in numbers. */
export function Here({ state, part, described }: HereProps): JSX.Element | null {
  const cell = part && cellAt(part, described);
  if (!part) return null;
  if (!cell) return <p class="here">The setting lies off the map.</p>;
  if (Number.isNaN(cell.value)) return null;
  const { x, y } = described;
  const se = Number.isFinite(cell.se) && cell.runs >= ENOUGH ? `, SE ${short(cell.se, 2)}` : '';
  return (
    <p class="here">
      Cell at {typeset(x.glyph)} = {short(cell.x)}, {typeset(y.glyph)} = {short(cell.y)}: {SHOWN_WORDS[state.show]}{' '}
      <b>{short(cell.value)}</b> (mean of {cell.runs} {cell.runs === 1 ? 'run' : 'runs'}
      {se})
    </p>
  );
}
