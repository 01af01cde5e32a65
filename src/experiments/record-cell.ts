/** From a record back to its cell. */
import { UserError } from '../errors.ts';
import { CELL_PARAMETERS } from '../notation.ts';
import { buildCell, cellId, unversioned, type Cell, type Value } from './cell.ts';
import type { RunRecord } from './record.ts';

/** The cell that a record's own form makes today, if it has the record's id; else what is wrong. */
export function cellOfRecord({ run, cell: form }: RunRecord): Cell | string {
  const id = run.slice(0, 16);
  const values = new Map<string, Value>();
  for (const [room, inner] of Object.entries(form)) {
    const entries = typeof inner === 'object' && inner !== null ? Object.entries(inner) : [['', inner]];
    for (const [key, value] of entries as [string, Value][]) {
      const path = key === '' ? room : `${room}.${key}`;
      const entry = CELL_PARAMETERS.get(path)?.entry;
      if (!entry) return `its cell has a parameter ${path} that this program does not know`;
      const plain = unversioned(value);
      if (entry.kind === 'choice' && !entry.choices.includes(plain as string | boolean))
        return `its cell has ${path}: ${String(value)}, which this program does not know`;
      if (entry.kind === 'text' && !(typeof plain === 'string' && entry.pattern.test(plain)))
        return `its cell has ${path}: ${String(value)}, which must be ${entry.form}`;
      values.set(path, plain);
    }
  }
  try {
    const cell = buildCell(values);
    const made = cellId(cell);
    return made === id ? cell : `its cell has the id ${made} today, not ${id}`;
  } catch (error) {
    if (error instanceof UserError) return `its cell cannot be made: ${error.message}`;
    throw error;
  }
}
