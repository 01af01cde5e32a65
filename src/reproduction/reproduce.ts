/** Paper and records to table, figures and verdict; pure, so that the command and the page can both call it. */
import type { Frame } from '../experiments/frame.ts';
import { agreement as agreementFigure } from '../figures/agreement.ts';
import type { Figure } from '../figures/figure.ts';
import type { PaperFigure, Variant } from '../papers/paper.ts';
import { agreement, type Agreement, type Judging } from '../verification/agreement.ts';
import { CELL_VERDICTS, compareCells, type CellTable } from '../verification/cell-table.ts';
import type { Check, Margin } from '../verification/check.ts';
import { levelSets, type LevelSet } from '../verification/level-sets.ts';
import { readLevels } from '../verification/published-levels.ts';
import { LEVEL } from '../figures/spread.ts';
import { sourced, sweepCaption } from './caption.ts';
import { levelSetFigure } from './level-set-figure.ts';
import { sweepFigures } from './sweep-figures.ts';

export interface Reproduction extends Agreement {
  readonly levelSets: readonly LevelSet[];
  readonly against: CellTable | null;
  readonly figures: readonly Figure[];
}

/** Levels whose sets the report gives; the figure's own level is drawn. */
const LEVELS = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4];

/** A variant that borrows a check is not to be told from itself. */
function withoutItself(check: Check, id: string): Check {
  if (!check.alternatives || !(id in check.alternatives)) return check;
  const { [id]: _, ...alternatives } = check.alternatives;
  return { ...check, alternatives };
}

/** Of a table of test errors given from outside. */
const TABLE_MARGIN: Margin = { within: 0.007, because: 'the margin of the published block means' };

/**
 * @param judging how wrong the words may be, and on which page they stand
 * @param published a table of test errors over the preset's grid, for a comparison cell by cell
 */
export function reproduction(
  figure: PaperFigure,
  variant: Variant,
  frame: Frame,
  judging: Judging = {},
  published?: readonly (readonly number[])[],
): Reproduction {
  const checks = variant.checks.map((check) => withoutItself(check, variant.id));
  let against: CellTable | null = null;
  const checked = agreement(
    frame,
    checks,
    judging,
    published && {
      verdicts: CELL_VERDICTS,
      make: (alpha) => (against = compareCells(frame, published, TABLE_MARGIN, alpha)).comparisons,
    },
  );
  const sets =
    figure.level === undefined
      ? []
      : levelSets(
          frame,
          [...new Set([figure.level, ...LEVELS])].sort((a, b) => a - b),
        );
  const blockMeans = variant.checks.find((one) => one.kind === 'block-means');
  const blocks = checked.comparisons
    .filter(({ id }) => blockMeans !== undefined && id === `${blockMeans.id}/blocks`)
    .flatMap(({ details = [] }) => details)
    .flatMap(({ ours, published: theirs, se, verdict, at }) =>
      at
        ? [
            {
              x: Number(at.mu!.toPrecision(6)),
              d: Number(at.d!.toPrecision(6)),
              ours,
              published: theirs,
              se,
              beyond: verdict === 'fails',
            },
          ]
        : [],
    );
  const title = frame.spec.name || figure.title;
  const check = checks.find((one) => one.kind === 'level-sets');
  const read = check && readLevels(frame, check);
  return {
    ...checked,
    levelSets: sets,
    against,
    figures: [
      ...sweepFigures(frame, {
        title,
        levelSets: sets,
        ...(figure.level !== undefined && { level: figure.level }),
        ...(figure.shows && { shows: figure.shows }),
      }),
      ...(blocks.length > 0
        ? [
            sourced(
              agreementFigure(blocks, {
                name: 'agreement',
                title: `${title}: block means, ours minus published`,
                subtitle: `bars: ${LEVEL} intervals of the difference\n${sweepCaption(frame)}`,
                margin: blockMeans!.margin.within,
                quantity: 'test error',
              }),
              frame.spec,
              frame.science,
            ),
          ]
        : []),
      ...(check && read
        ? [
            sourced(
              levelSetFigure(read, check, {
                name: 'level-sets',
                title: `${title}: level sets, ours and published`,
                subtitle: `points: ours as the published map would show them, bars: ${LEVEL} of one reading; lines: from the first to the last published place\n${sweepCaption(frame)}`,
              }),
              frame.spec,
              frame.science,
            ),
          ]
        : []),
    ],
  };
}
