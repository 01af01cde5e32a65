/** Paints cells into a canvas. */
import { amountColour, type Rgb } from './colours.ts';
import { bordersOf, type Scale } from './scale.ts';

export interface Cells {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** rows upwards */
  readonly values: ArrayLike<number>;
}

/** A share of the colour scale from a value. */
export type Shade = (value: number) => number;

/** Cells with a number in its colour; the others stay as they are. */
export function paintCells(
  context: CanvasRenderingContext2D,
  { x, y, values }: Cells,
  [right, up]: readonly [Scale, Scale],
  shade: Shade,
  colour: (share: number) => Rgb = amountColour,
): void {
  const { width, height } = context.canvas;
  const columns = bordersOf(x, right).map((share) => Math.round(share * width));
  const rows = bordersOf(y, up).map((share) => Math.round((1 - share) * height));
  for (let j = 0; j < y.length; j++)
    for (let i = 0; i < x.length; i++) {
      const value = values[j * x.length + i]!;
      if (Number.isNaN(value)) continue;
      const [r, g, b] = colour(shade(value));
      context.fillStyle = `rgb(${r} ${g} ${b})`;
      context.fillRect(columns[i]!, rows[j + 1]!, columns[i + 1]! - columns[i]!, rows[j]! - rows[j + 1]!);
    }
}
