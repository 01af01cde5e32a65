/** Lines of a store that are passed over: why, how many, and where the first one stands. */
import type { RunRecord } from './record.ts';
import type { Spec } from './spec.ts';

/** Why a line counts as no run, in the words of a count: "2 of another seed". */
export const REASONS = {
  torn: 'not ended (torn by a kill, or still being written)',
  empty: 'empty',
  foreign: 'no record',
  format: 'of another format',
  form: 'not of the form of a record',
  range: 'with a number out of its range',
  id: 'with an id that is not that of its cell',
  contradiction: 'with numbers that contradict each other',
  rewritten: 'not written as benign-lab writes a record',
  cell: 'of a cell that the spec does not have',
  seed: 'of another seed',
  runs: "beyond the spec's runs",
  twice: 'of a run that is there with other numbers (the first one counts)',
} as const;

export type Reason = keyof typeof REASONS;

/** Why a record is none of a spec's; undefined when it is one. @param known whether the spec has its cell */
export function foreignTo(spec: Spec, { seed, replicate }: RunRecord, known: boolean): Reason | undefined {
  if (seed !== spec.seed) return 'seed';
  return known ? (replicate < spec.runs ? undefined : 'runs') : 'cell';
}

/** A line that is no run. */
export interface Fault {
  readonly reason: Reason;
  /** what is wrong in particular; absent where the reason says it */
  readonly says?: string;
}

/** What reading a store came upon. */
export class PassedOver {
  /** lines read, those that count included */
  lines = 0;
  private readonly found = new Map<Reason, { count: number; readonly first: string }>();

  /** @param where file and line */
  add({ reason, says }: Fault, where: string): void {
    const known = this.found.get(reason);
    if (known) known.count++;
    else this.found.set(reason, { count: 1, first: says === undefined ? where : `${where}, ${says}` });
  }

  /** Lines that do not count. */
  get count(): number {
    return [...this.found.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** By reason, in the order in which they were met. */
  get reasons(): { readonly reason: Reason; readonly count: number; readonly first: string }[] {
    return [...this.found].map(([reason, found]) => ({ reason, ...found }));
  }

  /** The same in words. */
  get words(): string[] {
    return this.reasons.map(
      ({ reason, count, first }) => `${count} ${REASONS[reason]} (${count > 1 ? 'the first ' : ''}${first})`,
    );
  }
}
