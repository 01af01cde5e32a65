/** For every lemma an input that must make it fail: a record of a run that keeps it, with one column made wrong. */
import type { Cell } from '../src/experiments/cell.ts';
import type { RunRecord } from '../src/experiments/record.ts';
import { runCell } from '../src/experiments/run.ts';
import type { SymbolId } from '../src/notation.ts';
import type { Lemma } from '../src/verification/lemma.ts';
import { check, needs } from '../src/verification/verify.ts';
import { FAMILIES, isOrder, randomCell, type Family } from './lemma-settings.ts';

interface Fault {
  readonly says: string;
  readonly of: (x: number, last: boolean) => number;
  /** the error of the number goes with it */
  readonly scales?: boolean;
}

/** Ways to make a column wrong, the mildest first. */
const FAULTS: readonly Fault[] = [
  ...[10, 1000].flatMap((factor) => [
    { says: `times ${factor}`, of: (x: number) => x * factor, scales: true },
    { says: `over ${factor}`, of: (x: number) => x / factor, scales: true },
    { says: `times ${factor} in the last entry`, of: (x: number, last: boolean) => (last ? x * factor : x) },
  ]),
  { says: 'plus 1', of: (x) => x + 1 },
  { says: 'minus 1', of: (x) => x - 1 },
  { says: 'with the other sign', of: (x) => -x },
  { says: 'times 1000000', of: (x) => x * 1e6, scales: true },
];

export interface Planted {
  /** `rhoBarMax times 10` */
  readonly name: string;
  readonly cell: Cell;
  /** holds */
  readonly honest: RunRecord;
  /** violated, the assumptions still met */
  readonly faulty: RunRecord;
}

/** Settings that are tried. */
const TRIES = 10;

/** The mildest fault of one column that the lemma notices; undefined for a lemma that notices none. */
export function planted(lemma: Lemma, seed: number): Planted | undefined {
  const family = (Object.keys(FAMILIES) as Family[]).find((one) => !isOrder(one) && FAMILIES[one](lemma.id));
  if (!family) return undefined;
  for (let at = 0; at < TRIES; at++) {
    const cell = randomCell(family, at, seed);
    const honest = runCell(cell, seed, 0, { ...needs([lemma]), every: 10 });
    if (check(lemma, cell, honest).verdict !== 'holds') continue;
    for (const fault of FAULTS) {
      for (const id of [...lemma.series, ...(lemma.values ?? [])]) {
        const faulty = withFault(honest, id, fault);
        if (check(lemma, cell, faulty).verdict === 'violated')
          return { name: `${id} ${fault.says}`, cell, honest, faulty };
      }
    }
  }
  return undefined;
}

function withFault(record: RunRecord, id: SymbolId, { of, scales }: Fault): RunRecord {
  const column = record.series?.[id];
  const value = record.values[id];
  const error = id === 'testErrorClean' && scales ? record.values.testErrorCleanSe : undefined;
  return {
    ...record,
    ...(column && {
      series: { ...record.series, [id]: column.map((x, k) => (x === null ? null : of(x, k === column.length - 1))) },
    }),
    ...(value !== undefined && {
      values: {
        ...record.values,
        [id]: of(value, true),
        ...(error !== undefined && { testErrorCleanSe: of(error, true) }),
      },
    }),
  };
}
