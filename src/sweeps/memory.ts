/** A store in memory: for a page, and for programs that want numbers and no folder. */
import { readLine } from '../experiments/record-check.ts';
import { recordsOf, type Store } from './store.ts';

export interface Memory extends Store {
  /** of the records, without line ends, as they came */
  readonly lines: readonly string[];
}

/** @param lines that it holds from the start */
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
