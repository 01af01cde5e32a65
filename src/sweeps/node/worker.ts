/** What a worker thread does: runs a batch and returns the records' lines; or blocks of eight runs. */
import { listen } from '../../core/heartbeat.ts';
import type { Cell } from '../../experiments/cell.ts';
import { recordLine } from '../../experiments/record.ts';
import { runCell } from '../../experiments/run.ts';
import type { RecordPlan } from '../../experiments/spec.ts';
import { varianceBlock, type Observed } from '../../experiments/variance-split.ts';

export interface Batch {
  readonly jobs: readonly { readonly id: string; readonly cell: Cell; readonly replicate: number }[];
  readonly seed: number;
  readonly record: RecordPlan;
  /** shared, one number a lane: where the steps of the run in work are told at `lane` */
  readonly steps?: Float64Array;
  readonly lane?: number;
}

export interface BatchResult {
  /** the records in the order of the jobs, each with its line end: one string is cheap to hand over */
  readonly lines: string;
  /** jobs without a record: their places in the batch, and why */
  readonly failed: readonly { readonly at: number; readonly why: string }[];
}

/**
 * Cells seen, by id: a cell comes once a replicate, each time as another copy, and its own id and plain form cost as
 * much as 5 % of a short run.
 */
const known = new Map<string, Cell>();
/** About 10 MB. */
const MOST_KNOWN = 20_000;

function same(id: string, copy: Cell): Cell {
  const cell = known.get(id);
  if (cell) return cell;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(id, copy);
  return copy;
}

export interface BlockBatch {
  readonly cell: Cell;
  readonly seed: number;
  readonly of: Observed;
  readonly blocks: readonly number[];
  readonly steps?: Float64Array;
  readonly lane?: number;
}

/** @returns the values of each block, in order */
export function blocks({ cell, seed, of, blocks: wanted, steps, lane = 0 }: BlockBatch): number[][] {
  listen(steps && ((step) => void (steps[lane] = step)));
  const values = wanted.map((block) => varianceBlock(cell, seed, block, of));
  if (steps) steps[lane] = 0;
  return values;
}

export function runs({ jobs, seed, record, steps, lane = 0 }: Batch): BatchResult {
  listen(steps && ((step) => void (steps[lane] = step)));
  const failed: { at: number; why: string }[] = [];
  let lines = '';
  jobs.forEach(({ id, cell, replicate }, at) => {
    try {
      lines += `${recordLine(runCell(same(id, cell), seed, replicate, record))}\n`;
    } catch (error) {
      failed.push({ at, why: error instanceof Error ? error.message : String(error) });
    }
    if (steps) steps[lane] = 0;
  });
  return { lines, failed };
}
