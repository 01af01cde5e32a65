/** Holds runs against the bounds of a statement, each run with its own numbers. */
import { valueAt } from '../experiments/cell.ts';
import { overRuns, type Frame } from '../experiments/frame.ts';
import { settingOf } from '../experiments/setting.ts';
import type { Setting, BySymbol, SymbolId } from '../notation.ts';
import { constantsOf, mismatches } from '../theory/assess.ts';
import { STATEMENTS } from '../theory/index.ts';
import type { Bound, Condition, Constants, Statement } from '../theory/statement.ts';

export interface RunsInBounds {
  readonly runs: number;
  /** runs of the statement's model, with no departure, that meet its conditions */
  readonly inside: number;
  /** of those, the runs within every bound */
  readonly good: number;
  /** as many of the runs inside as are independent of each other: replicates, where cells share their draws */
  readonly independent: number;
  /**
   * by bound: the largest measured / bound for upper ones, the smallest for lower ones, over the runs inside; NaN where
   * the bound is 0
   */
  readonly tightest: Readonly<Record<string, number>>;
}

/** @throws RangeError for an unknown statement */
export function statement(id: string): Statement {
  const found = STATEMENTS.find((one) => one.id === id);
  if (!found) throw new RangeError(`no statement ${id}`);
  return found;
}

/**
 * Every finished run of the cells. A condition or bound that lacks a number does not hold: name what it needs under
 * record.values.
 *
 * @param constants instead of the statement's own and of those that it stands on
 */
export function runsInBounds(
  frame: Frame,
  cells: readonly number[],
  one: Statement,
  constants: Constants = {},
): RunsInBounds {
  const chosen = constantsOf(one, constants);
  const conditions = [one, ...one.under.map(statement)].map((other) => ({
    conditions: other.conditions,
    constants: constantsOf(other, constants),
  }));
  const tightest = Object.fromEntries(one.bounds.map(({ id }) => [id, NaN]));
  const replicates = new Set<number>();
  let runs = 0;
  let inside = 0;
  let good = 0;
  const { start, replicate } = frame.runs;
  const observed = [...(Object.keys(frame.runs.values) as SymbolId[]), 'steps' as const].map(
    (id) => [id, overRuns(frame, id)] as const,
  );
  for (const at of cells) {
    const cell = frame.cells[at]!;
    const own = settingOf(cell);
    const about = mismatches({ ...one.about, ...one.assumes }, (path) => valueAt(cell, path)).length === 0;
    for (let row = start[at]!; row < start[at + 1]!; row++) {
      runs++;
      const setting: BySymbol<number> = { ...own };
      for (const [id, column] of observed) if (!Number.isNaN(column[row])) setting[id] = column[row]!;
      if (
        !about ||
        !conditions.every((some) => some.conditions.every((condition) => holds(condition, setting, some.constants)))
      )
        continue;
      inside++;
      replicates.add(replicate[row]!);
      let all = true;
      for (const bound of one.bounds) {
        if (bound.where && !holds(bound.where, setting, chosen)) continue;
        const ours = setting[bound.of] ?? NaN;
        const value = bound.value(setting, chosen);
        if (!(bound.side === 'upper' ? ours <= value : ours >= value)) all = false;
        if (value !== 0) tightest[bound.id] = tighter(bound, tightest[bound.id]!, ours / value);
      }
      if (all) good++;
    }
  }
  const common = frame.cells[cells[0] ?? 0]?.coupling === 'common';
  return { runs, inside, good, independent: common ? replicates.size : inside, tightest };
}

const tighter = ({ side }: Bound, known: number, ratio: number): number =>
  Number.isNaN(known) ? ratio : side === 'upper' ? Math.max(known, ratio) : Math.min(known, ratio);

function holds({ lhs, rhs, relation }: Condition, setting: Setting, constants: Constants): boolean {
  const [left, right] = [lhs(setting, constants), rhs(setting, constants)];
  return relation === '<=' ? left <= right : left >= right;
}
