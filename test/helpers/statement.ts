import { STATEMENTS } from '../../src/theory/index.ts';
import type { Statement } from '../../src/theory/statement.ts';

/** The statement with this id. @throws RangeError */
export function find(id: string): Statement {
  const found = STATEMENTS.find((one) => one.id === id);
  if (!found) throw new RangeError(`no statement ${id}`);
  return found;
}
