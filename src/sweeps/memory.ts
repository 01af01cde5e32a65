/** A store in memory: for a page, and for programs that want numbers and no folder. */
import { readLine } from '../experiments/record-read.ts';
import { recordsOf, type Store } from './store.ts';

/** A store whose records can be read as lines. */
export interface Memory extends Store {
  /** of the records, without line ends, as they came */
  readonly lines: readonly string[];
}

/**
 * A store in memory: for a page, and for programs that want numbers and no folder.
 *
 * @param lines records that it holds from the start, without line ends
 */
export function memory(lines: readonly string[] = []): Memory {
  const held = [...lines];
  return {
    lines: held,
    read: (see) => recordsOf((hand) => held.forEach((line, at) => hand(readLine(line), `line ${at + 1}`)), see).passed,
    open: () => ({
      append(more) {
        for (const line of more.split('\n').slice(0, -1)) held.push(line);
      },
      close() {},
    }),
  };
}
