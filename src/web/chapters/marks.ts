/** Published numbers of a variant's checks that can be laid over its map. */
import type { Check, Where } from '../../verification/check.ts';
import { EXCESS_LIMIT } from '../../verification/excess.ts';
import type { PageState } from '../state/page-state.ts';
import type { AxisOf, Described } from '../worker/wire.ts';
import type { MapMark } from './chapter.ts';

export function marksOf(checks: readonly Check[], { show }: PageState, { x, y, flip }: Described): MapMark[] {
  const out: MapMark[] = [];
  const add = (mark: MapMark): void => {
    const known = out.some((one) => JSON.stringify([one.x, one.y]) === JSON.stringify([mark.x, mark.y]));
    if (!known) out.push(mark);
  };
  for (const check of checks) {
    if (check.kind === 'block-means' && check.observable === show) {
      const { rowPath, columnPath, rowIntervals, columnIntervals, values } = check.blocks;
      if (rowPath !== y.path || columnPath !== x.path) continue;
      rowIntervals.forEach((row, j) =>
        columnIntervals.forEach((column, i) =>
          add({ kind: 'value', x: column, y: row, value: values[j]![i]!, label: 'published means of blocks of cells' }),
        ),
      );
    }
    if (check.kind === 'level-sets' && show === 'testError') {
      const { grid, levels, groups, rowsInGroup } = check;
      const found = levels.find(({ level }) => Math.abs(level - flip - EXCESS_LIMIT) < 1e-9);
      if (!found || grid.rowPath !== y.path || grid.columnPath !== x.path) continue;
      // The published rows stand a tenth of a group apart, and a group is at its middle.
      const step = (grid.rowIntervals[1]![0] - grid.rowIntervals[0]![0]) / 2 / rowsInGroup;
      const low = grid.rowIntervals[0]![0];
      const middle = (group: number): number => low + step * (group * rowsInGroup + (rowsInGroup - 1) / 2);
      for (const [place, group] of [
        [found.first, 0],
        [found.last, groups - 1],
      ] as const)
        add({
          kind: 'level',
          x: [place, place],
          y: [middle(group), middle(group)],
          value: found.level,
          label: `published map at ${found.level}, first and last rows`,
        });
    }
    if (check.kind === 'mean' && check.published && check.of === show && check.where) {
      const [right, up] = [spanOf(x, check.where), spanOf(y, check.where)];
      const other = Object.keys(check.where).filter((key) => !namesOf(x).includes(key) && !namesOf(y).includes(key));
      if ((right || up) && other.length === 0)
        add({
          kind: 'value',
          x: right ?? [x.from, x.to],
          y: up ?? [y.from, y.to],
          value: check.published.value,
          label: 'published means',
        });
    }
  }
  return out;
}

const namesOf = ({ name, path }: AxisOf): readonly string[] => [name, path, path.split('.').at(-1)!];

/** Ends along an axis; undefined: everywhere on it. */
function spanOf(axis: AxisOf, where: Where): readonly [number, number] | undefined {
  const said = namesOf(axis)
    .map((name) => where[name])
    .find((one) => one !== undefined);
  if (typeof said === 'number') return [said, said];
  return Array.isArray(said) ? (said as unknown as readonly [number, number]) : undefined;
}
