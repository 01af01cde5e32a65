/** Series that meet stand a little apart, so that none hides another. */

/** Share of the plot's height within which two points cover each other. */
export const OVERLAP = 0.02;
/** px between neighbours that are set apart. */
const APART = 4;

/** What is said under the title where series are shifted. */
export const SHIFTED = 'series that meet stand a little apart sideways';

/** The mark's property; nothing where nothing is shifted. */
export const shiftedBy = (px: number): { readonly xOffset?: number } => (px === 0 ? {} : { xOffset: px });

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Shift of each series in px; 0 for all where no two of them meet.
 *
 * @param series points on the scale of the plot
 * @param near distance in y within which two points of one x meet
 */
export function dodge(series: readonly (readonly Place[])[], near: number): number[] {
  const byX = new Map<number, number[]>();
  for (const points of series) for (const { x, y } of points) byX.set(x, [...(byX.get(x) ?? []), y]);
  const meet = [...byX.values()].some((ys) => {
    const sorted = [...ys].sort((a, b) => a - b);
    return sorted.some((y, i) => i > 0 && y - sorted[i - 1]! <= near);
  });
  return series.map((_, at) => (meet ? APART * (at - (series.length - 1) / 2) : 0));
}
