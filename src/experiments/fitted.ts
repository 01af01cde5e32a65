/** Which runs fit their training labels: as signs when none is wrong; real ones when the training loss is at most epsilon. */
import type { Cell } from './cell.ts';
import { inCell, overRuns, type Frame } from './frame.ts';
import { hasRealLabels } from './real-labels.ts';
import { OUTCOMES, type RunRecord } from './record.ts';

export const fitsLabels = (cell: Cell, { outcome, values }: Pick<RunRecord, 'outcome' | 'values'>): boolean =>
  hasRealLabels(cell) ? outcome === 'interpolated' : values.trainError === 0;

/** How many runs of a cell do. */
export function fittedIn(frame: Pick<Frame, 'cells' | 'runs'>, at: number): number {
  const { start, outcome } = frame.runs;
  return hasRealLabels(frame.cells[at]!)
    ? outcome.subarray(start[at]!, start[at + 1]!).filter((ended) => OUTCOMES[ended] === 'interpolated').length
    : inCell(frame, overRuns(frame, 'trainError'), at).filter((error) => error === 0).length;
}

/** What is fitted, in words. */
export const everyLabel = (cell: Cell): string =>
  hasRealLabels(cell) ? `every real label to a training loss of ${cell.training.epsilon}` : 'every training label';
