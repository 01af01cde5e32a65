/** Blocks of eight runs for a variance split. */
import type { Cell } from '../experiments/cell.ts';
import type { Observed } from '../experiments/variance-split.ts';
import type { Pool, Watched } from './pool.ts';
import { carryOut } from './schedule.ts';
import { FINAL } from './work.ts';

export interface BlockOptions extends Watched {
  readonly pool: Pool;
  readonly cell: Cell;
  readonly seed: number;
  readonly of: Observed;
}

/**
 * Makes blocks, until all are made or the signal comes. They come in any order.
 *
 * @param numbers which; of each one `made` is told its values, NaN where a run diverged
 * @throws Error when one cannot be made
 */
export async function computeBlocks(
  numbers: readonly number[],
  { cell, of, ...options }: BlockOptions,
  made: (block: number, values: readonly number[]) => void,
): Promise<void> {
  const tasks = numbers.map((block) => ({ block, cell, of }));
  await carryOut(tasks, {
    ...options,
    record: FINAL,
    made(at, line, why) {
      if (line === undefined) throw new Error(why);
      const { values } = JSON.parse(line) as { values: readonly (number | null)[] };
      made(
        numbers[at]!,
        values.map((value) => value ?? NaN),
      );
    },
  });
}
