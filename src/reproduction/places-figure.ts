/** Level sets of a sweep, as the control parameter on them: what decides where the error crosses a level lies flat. */
import { exp } from '../core/special.ts';
import type { Frame } from '../experiments/frame.ts';
import type { Axis } from '../experiments/spec.ts';
import type { Caption, Figure } from '../figures/figure.ts';
import { levelLines } from '../figures/level-lines.ts';
import { panels } from '../figures/panels.ts';
import { halfOf, LEVEL } from '../figures/spread.ts';
import { axisLabel, SYMBOLS, type Powers, type SymbolEntry, type SymbolId } from '../notation.ts';
import type { Where } from '../verification/check.ts';
import { levelPlaces } from '../verification/collapse.ts';
import { productGlyph } from './collapse-figure.ts';

export interface PlacesOptions extends Caption {
  readonly value: SymbolId;
  /** axis (its column's name) that the lines run along */
  readonly along: string;
  readonly against: Powers;
  readonly level: number;
  /** axis (its column's name) that the level sets run over */
  readonly over: string;
}

/** @throws RangeError for other axes, or more level sets than can be told apart */
export function placesFigure(frame: Frame, { value, along, against, level, over, ...caption }: PlacesOptions): Figure {
  const [inner, outer] = [along, over].map((name) => {
    const axis = frame.spec.axes.find((one) => one.name === name);
    if (!axis) throw new RangeError(`the sweep has no axis ${name}`);
    return axis;
  }) as [Axis, Axis];
  let missing = 0;
  const lines = panels(frame, [inner, outer]).map(({ fixed, heading }) => ({
    label: heading || `${glyphOf(value)} = ${level}`,
    points: (outer.values as number[]).flatMap((x) => {
      const found = levelPlaces(frame, {
        of: value,
        along,
        against,
        level,
        over,
        where: { ...fixed, [over]: x } as Where,
      });
      if (!found) {
        missing++;
        return [];
      }
      const { value: place, se, freedom } = found.places.combine([0, 1]);
      const half = halfOf(se, freedom);
      return [{ x, y: exp(place), low: exp(place - half), high: exp(place + half) }];
    }),
    theory: [],
  }));
  const says = [
    caption.subtitle,
    `bars: ${LEVEL} interval`,
    missing > 0 ? `${missing} lines do not surely cross the level` : '',
  ];
  return levelLines(lines, {
    ...caption,
    subtitle: says.filter(Boolean).join(', '),
    xLabel: outer.glyph ?? axisLabel(outer.id),
    whereEmpty: { x: outer.values as number[], y: inner.values as number[] },
    yLabel: `${productGlyph(against)} where ${glyphOf(value)} is ${level}`,
  });
}

const glyphOf = (id: SymbolId): string => (SYMBOLS[id] as SymbolEntry).glyph;
