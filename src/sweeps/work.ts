/** What a worker does with a batch, wherever it runs: a task becomes a line. */
import { listen } from '../core/heartbeat.ts';
import { keepId, type Cell } from '../experiments/cell.ts';
import { numbersOf, recordLine, type RunRecord } from '../experiments/record.ts';
import { runCell, type Keeping } from '../experiments/run.ts';
import { scienceOf } from '../experiments/science.ts';
import type { RecordPlan } from '../experiments/spec.ts';
import { varianceBlock, type Observed } from '../experiments/variance-split.ts';

/** One run; its line is the record. */
export interface RunTask {
  /** of the cell */
  readonly id: string;
  readonly cell: Cell;
  readonly replicate: number;
}

/** Eight runs of a variance split; their line holds the values, null where a run diverged. */
export interface BlockTask {
  readonly block: number;
  readonly cell: Cell;
  readonly of: Observed;
}

export type Task = RunTask | BlockTask;

/** Plain data: it crosses to a thread or a worker. */
export interface Batch {
  readonly tasks: readonly Task[];
  readonly seed: number;
  /** what runs keep besides their final values */
  readonly record: RecordPlan;
  /** final values that are handed over beside the lines of runs */
  readonly kept?: RecordPlan['values'] | undefined;
}

export interface BatchResult {
  /** in the order of the tasks, each with its line end: one string is cheap to hand over */
  readonly lines: string;
  /**
   * where a batch of runs names what is `kept`: of each line the numbers (`numbersOf`), so that it need not be parsed; a
   * pool may leave them out
   */
  readonly numbers?: Float64Array;
  /** tasks without a line: their places in the batch, and why */
  readonly failed: readonly { readonly at: number; readonly why: string }[];
  /** runs of which a state was kept on the way; absent: none */
  readonly states?: readonly string[];
}

/** Records hold final values alone. */
export const FINAL: RecordPlan = { series: [], values: [], every: 1 };

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
  keepId(copy, id);
  known.set(id, copy);
  return copy;
}

const runOf = ({ id, cell, replicate }: RunTask, { seed, record }: Batch, keeping: Keeping): RunRecord =>
  runCell(same(id, cell), seed, replicate, record, undefined, keeping);

const blockLine = ({ block, cell, of }: BlockTask, seed: number): string =>
  JSON.stringify({ block, science: scienceOf(cell.training.rule), values: varianceBlock(cell, seed, block, of) });

/**
 * Does a batch.
 *
 * @param told the steps of the run in work, and 0 behind each task
 * @param keeping who keeps states of long runs, and arrays; `begin` before each task
 */
export function work(
  batch: Batch,
  told?: (step: number) => void,
  keeping: Keeping & { begin?(): void; readonly kept?: readonly string[] } = {},
): BatchResult {
  listen(told);
  const { tasks, seed, kept } = batch;
  const failed: { at: number; why: string }[] = [];
  let lines = '';
  const numbers = kept && new Float64Array(tasks.length * (2 + kept.length));
  let made = 0;
  tasks.forEach((task, at) => {
    keeping.begin?.();
    try {
      if ('id' in task) {
        const record = runOf(task, batch, keeping);
        lines += `${recordLine(record)}\n`;
        if (numbers) numbersOf(record, kept!, numbers, made * (2 + kept!.length));
      } else lines += `${blockLine(task, seed)}\n`;
      made++;
    } catch (error) {
      failed.push({ at, why: error instanceof Error ? error.message : String(error) });
    }
    told?.(0);
  });
  listen(undefined);
  const states = keeping.kept ?? [];
  return { lines, failed, ...(numbers && { numbers }), ...(states.length > 0 && { states }) };
}

/** The cap on the steps of the longest run of a batch. */
export const mostSteps = ({ tasks }: Batch): number => Math.max(...tasks.map(({ cell }) => cell.training.maxSteps));
