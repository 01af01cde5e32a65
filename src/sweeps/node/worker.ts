/** What a worker thread does: runs a batch and returns the records' lines. */
import type { Cell } from '../../experiments/cell.ts';
import { recordLine } from '../../experiments/record.ts';
import { runCell } from '../../experiments/run.ts';
import type { RecordPlan } from '../../experiments/spec.ts';

export interface Batch {
  readonly jobs: readonly { readonly cell: Cell; readonly replicate: number }[];
  readonly seed: number;
  readonly record: RecordPlan;
}

/** A record's line, or why there is none. */
export type BatchResult = readonly ({ readonly line: string } | { readonly failed: string })[];

export default function runBatch({ jobs, seed, record }: Batch): BatchResult {
  return jobs.map(({ cell, replicate }) => {
    try {
      return { line: recordLine(runCell(cell, seed, replicate, record)) };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  });
}
