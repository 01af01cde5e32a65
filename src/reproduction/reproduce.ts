/** Paper and records to table, figures and verdict; pure, so that the command and the page can both call it. */
import type { Results, Table } from '../experiments/table.ts';
import { agreement as agreementFigure } from '../figures/agreement.ts';
import type { Figure } from '../figures/figure.ts';
import type { PaperFigure, Variant } from '../papers/paper.ts';
import { agreement, compareCells, type CellComparison } from '../verification/agreement.ts';
import type { Comparison, Verdict } from '../verification/old-comparison.ts';
import { levelSets, type LevelSet } from '../verification/level-sets.ts';
import { readLevels } from '../verification/published-levels.ts';
import { levelSetFigure } from './level-set-figure.ts';
import { sweepFigures } from './sweep-figures.ts';

export interface Reproduction {
  readonly verdict: Verdict;
  readonly comparisons: readonly Comparison[];
  readonly levelSets: readonly LevelSet[];
  readonly against: CellComparison | null;
  readonly table: Table;
  readonly figures: readonly Figure[];
}

/** Levels whose sets the report gives; the figure's own level is drawn. */
const LEVELS = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4];

/**
 * @param coarse a smaller grid or fewer runs than the preset's: the verdict is at most `agrees in shape`
 * @param published a table of test errors over the preset's grid, for a comparison cell by cell
 */
export function reproduction(
  figure: PaperFigure,
  variant: Variant,
  results: Results,
  coarse: boolean,
  published?: readonly (readonly number[])[],
): Reproduction {
  const checked = agreement(results, variant.checks, coarse);
  const against = published ? compareCells(results, published, { z: 4.5, p: 0.001 }) : null;
  const comparisons = [...checked.comparisons, ...(against?.comparisons ?? [])];
  const sets =
    figure.level === undefined
      ? []
      : levelSets(
          results,
          [...new Set([figure.level, ...LEVELS])].sort((a, b) => a - b),
        );
  const table = results.table();
  const blocks = checked.comparisons.flatMap(({ id, ours, published: theirs, se, ok, at }) =>
    id.startsWith('test-error/') && ours !== null && theirs !== null && se !== null && at
      ? [{ x: Number(at.mu!.toPrecision(6)), d: Number(at.d!.toPrecision(6)), ours, published: theirs, se, ok }]
      : [],
  );
  const title = results.spec.name || figure.title;
  const check = variant.checks.find((one) => one.kind === 'level-sets');
  const read = check && readLevels(results, check);
  return {
    verdict: against?.comparisons.some(({ ok }) => !ok) ? 'not reproduced' : checked.verdict,
    comparisons,
    levelSets: sets,
    against,
    table,
    figures: [
      ...sweepFigures(results, table, {
        title,
        levelSets: sets,
        ...(figure.level !== undefined && { level: figure.level }),
        ...(figure.shows && { shows: figure.shows }),
      }),
      ...(blocks.length > 0
        ? [
            agreementFigure(blocks, {
              name: 'agreement',
              title: `${title}: block means, ours minus published`,
              subtitle: 'bars: ±2 standard errors of the difference',
              tolerance: 0.007,
              quantity: 'test error',
            }),
          ]
        : []),
      ...(check && read
        ? [
            levelSetFigure(read, check, {
              name: 'level-sets',
              title: `${title}: level sets, ours and published`,
              subtitle: 'points: ours, ±2 SE; lines: from the first to the last published place',
            }),
          ]
        : []),
    ],
  };
}
