/** Computes the first view beforehand: a coarse map of the first preset, and the first run of each of its cells. */
import { outcomeSentence } from '../../errors.ts';
import { cellId, runId } from '../../experiments/cell.ts';
import { Results } from '../../experiments/results.ts';
import { runCell } from '../../experiments/run.ts';
import { numbers } from '../../experiments/frame.ts';
import type { SymbolId } from '../../notation.ts';
import { FIRST } from '../state/page-state.ts';
import { linesOver } from '../worker/map-lines.ts';
import { describe, mapSpec } from '../worker/spec-of.ts';
import type { Hero } from '../worker/wire.ts';

/** Cells along a side; runs in each. */
const CELLS = 16;
const RUNS = 10;
const IDS: readonly SymbolId[] = ['trainLoss', 'trainError', 'testError', 'marginMin', 'marginMax'];
/** Steps between two entries of a run. */
const EVERY = 5;

const digits = (x: number | null): number | null => (x === null ? null : Number(x.toPrecision(3)));

export function heroOf(): Hero {
  const state = { ...FIRST, grid: CELLS, mapRuns: RUNS };
  const { spec, x, y } = mapSpec(state);
  const results = new Results(spec);
  const plan = { series: IDS, values: [], every: EVERY };
  let steps: readonly number[] = [];
  const columns = results.cells.map((cell): number[][] => {
    let first: number[][] = [];
    for (let replicate = 0; replicate < RUNS; replicate++) {
      const record = runCell(cell, spec.seed, replicate, replicate === 0 ? plan : undefined);
      results.take(record);
      if (replicate > 0) continue;
      steps = (record.series as { step: number[] }).step;
      first = IDS.map((id) => record.series![id]!.map((value) => digits(value) ?? 0));
    }
    return first;
  });
  const frame = results.frame();
  const cell = frame.cells[0]!;
  return {
    described: describe(FIRST),
    map: {
      x: x.values,
      y: y.values,
      values: numbers(frame, 'testError').map(digits),
      se: numbers(frame, 'testErrorSe').map(digits),
      runs: RUNS,
      stride: 1,
      done: frame.count,
      total: frame.count,
      complete: true,
      lines: linesOver(frame, FIRST).map((line) => ({
        ...line,
        points: line.points.map((point) => ({
          x: digits(point.x)!,
          y: digits(point.y)!,
          ...(point.se !== undefined && { se: digits(point.se)! }),
        })),
      })),
    },
    ids: IDS,
    steps,
    columns,
    names: frame.cells.map((one) => runId(cellId(one), 0)),
    sentence: outcomeSentence('interpolated', cell.training.maxSteps, cell.training),
  };
}
