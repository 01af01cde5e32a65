/** Holds runs against the bounds of a statement, each run with its own numbers. */
import { settingOf, valueAt, type Results } from '../experiments/table.ts';
import type { Setting, SymbolId } from '../notation.ts';
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
  results: Results,
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
  for (const at of cells) {
    const cell = results.cells[at]!;
    const about = mismatches({ ...one.about, ...one.assumes }, (path) => valueAt(cell, path)).length === 0;
    for (let replicate = 0; replicate < results.spec.runs; replicate++) {
      if (!results.has(at, replicate)) continue;
      runs++;
      const setting = settingAt(results, at, replicate);
      if (
        !about ||
        !conditions.every((some) => some.conditions.every((condition) => holds(condition, setting, some.constants)))
      )
        continue;
      inside++;
      replicates.add(replicate);
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
  const common = results.cells[cells[0] ?? 0]?.coupling === 'common';
  return { runs, inside, good, independent: common ? replicates.size : inside, tightest };
}

const tighter = ({ side }: Bound, known: number, ratio: number): number =>
  Number.isNaN(known) ? ratio : side === 'upper' ? Math.max(known, ratio) : Math.min(known, ratio);

function holds({ lhs, rhs, relation }: Condition, setting: Setting, constants: Constants): boolean {
  const [left, right] = [lhs(setting, constants), rhs(setting, constants)];
  return relation === '<=' ? left <= right : left >= right;
}

/** The numbers of a cell, units carried out, and what its run has measured. */
function settingAt(results: Results, at: number, replicate: number): Setting {
  const measured: Partial<Record<SymbolId, number>> = {};
  for (const id of [...results.kept, 'steps' as const]) {
    const value = results.at(at, replicate, id);
    if (!Number.isNaN(value)) measured[id] = value;
  }
  return { ...settingOf(results.cells[at]!), ...measured };
}
