/**
 * Whether an SVG can be handed to resvg: a picture without a size, or too large, ends the whole program there, and no
 * error can be caught.
 */

/** px of a side. The largest picture of ours, a map of many panels, has a tenth of it. */
export const MOST_PX = 10_000;
/** A clipped line may well leave the picture; what lies near the end of single precision (3e38) does not. */
const FARTHEST = 1e30;

/** What keeps a picture from being drawn, in one clause; '' where nothing does. */
export function whyNotDrawable(svg: string): string {
  const [start = ''] = /<svg[^>]*>/.exec(svg) ?? [];
  const side = (name: string): number => Number(new RegExp(`\\s${name}="([^"]*)"`).exec(start)?.[1] ?? NaN);
  const [width, height] = [side('width'), side('height')];
  if (!(width > 0 && height > 0 && width <= MOST_PX && height <= MOST_PX))
    return `it would be ${width} × ${height} px, each side must lie above 0 and reach at most ${MOST_PX} px`;
  // Places alone: words stand between tags, and no name of ours holds a number of this kind.
  for (const [, name, text] of svg.matchAll(/\s(d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height|viewBox)="([^"]*)"/g))
    for (const [written] of text!.matchAll(/NaN|Infinity|undefined|-?[\d.]+(?:e[-+]?\d+)?/g))
      if (!(Math.abs(Number(written)) <= FARTHEST)) return `a mark of it lies at ${name} = ${written} px`;
  return '';
}
