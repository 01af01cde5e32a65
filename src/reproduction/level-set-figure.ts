/** Level sets of ours and the published ones in one plane. */
import type { Caption, Figure } from '../figures/figure.ts';
import { levelLines } from '../figures/level-lines.ts';
import { halfOf, LEVEL } from '../figures/spread.ts';
import { axisLabel, PARAMETERS } from '../notation.ts';
import type { Check } from '../verification/check.ts';
import type { ReadLevel } from '../verification/published-levels.ts';

/** Points with bars: ours as such a map would show them, with its noise; a line from the first to the last published place. @throws RangeError for no place */
export function levelSetFigure(
  read: readonly ReadLevel[],
  { grid }: Check & { kind: 'level-sets' },
  caption: Caption,
): Figure {
  const lines = read.map(({ published, places, slope }) => {
    const known = places.filter(({ column }) => !Number.isNaN(column));
    const [from, to] = [places[0]!.row, places.at(-1)!.row];
    return {
      label: `error ${published.level}: slope ${slope.value.toFixed(3)} ± ${halfOf(slope.se).toFixed(3)} (${LEVEL}), published ${published.slope.toFixed(3)}`,
      points: known.map(({ row, column, se }) => ({
        x: row,
        y: column,
        low: Math.max(column - halfOf(se), column / 2),
        high: column + halfOf(se),
      })),
      theory: [
        { x: from, y: published.first },
        { x: to, y: published.last },
      ],
    };
  });
  return levelLines(lines, {
    ...caption,
    xLabel: axisLabel(PARAMETERS.get(grid.rowPath)!.id),
    yLabel: axisLabel(PARAMETERS.get(grid.columnPath)!.id),
  });
}
