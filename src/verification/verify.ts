/** Holds the records of runs against lemmas. */
import { valueAt, type Cell } from '../experiments/cell.ts';
import type { RunRecord } from '../experiments/record.ts';
import { settingOf } from '../experiments/setting.ts';
import type { SymbolId } from '../notation.ts';
import { PLAIN_DESCENT, type Constants } from '../theory/statement.ts';
import { constantsOf, type Lemma, type Limits, type Trajectory } from './lemma.ts';

/** Of one run; `unclear`: its own numbers are too uncertain to tell. */
export type RunVerdict = 'holds' | 'violated' | 'unclear' | 'assumptions not met' | 'no series' | 'nothing to say';

export interface LemmaOutcome {
  readonly lemma: string;
  readonly verdict: RunVerdict;
  /** whether the bound itself holds, met assumptions or not; absent where no number speaks to it */
  readonly bound?: 'holds' | 'broken' | 'unclear';
  /** the first step at which the bound is broken, and by how much */
  readonly step?: number;
  readonly by?: number;
  /** least and largest value of the quantity over the run: the constants with which the lemma would just hold */
  readonly least?: number;
  readonly most?: number;
  readonly limits?: Limits;
  /** formulas of the assumptions that fail, and parameters the lemma is not about */
  readonly unmet: readonly string[];
  /** the cell is not what the lemma is about */
  readonly elsewhere?: boolean;
  /** observables that the record lacks */
  readonly missing: readonly SymbolId[];
}

/** A run as lemmas see it. */
export function trajectory(cell: Cell, record: RunRecord): Trajectory {
  const number = (x: number | null | undefined): number => x ?? NaN;
  const read = new Map<SymbolId, readonly number[]>();
  return {
    setting: settingOf(cell),
    outcome: record.outcome,
    times: (record.series?.step ?? []).map(number),
    series(id) {
      let column = read.get(id);
      if (!column) read.set(id, (column = (record.series?.[id] ?? []).map(number)));
      return column;
    },
    value: (id) => number(record.values[id]),
  };
}

/** The observables that lemmas read. */
export function needs(lemmas: readonly Lemma[]): { series: SymbolId[]; values: SymbolId[] } {
  return {
    series: [...new Set(lemmas.flatMap(({ series }) => series))],
    values: [...new Set(lemmas.flatMap(({ values = [] }) => values))],
  };
}

/**
 * Parameters that are not what the lemma is about, in words. Of a data model of one's own only speaks what holds for
 * every sample.
 */
export function notAbout(lemma: Lemma, cell: Cell): string[] {
  const { model } = cell.data;
  if (model.includes('/') && Object.keys(lemma.about).length > 0)
    return [`data.model is ${model}, of which it does not speak`];
  return departures(lemma, cell).map(({ says }) => says);
}

/** The same without how steps are made: what is left then keeps a lemma's numbers from meaning anything. */
export function meansNothingOf(lemma: Lemma, cell: Cell): string[] {
  const steps = new Set(departures(lemma, cell).flatMap(({ path, says }) => (path in PLAIN_DESCENT ? [says] : [])));
  return notAbout(lemma, cell).filter((says) => !steps.has(says));
}

const departures = (lemma: Lemma, cell: Cell): { readonly path: string; readonly says: string }[] =>
  Object.entries(lemma.about).flatMap(([path, allowed]) => {
    const value = valueAt(cell, path);
    return allowed.includes(value) ? [] : [{ path, says: `${path} is ${value}, not ${allowed.join(' or ')}` }];
  });

/**
 * One lemma over one run.
 *
 * @param constants instead of the lemma's presets
 * @param outside whether it is held against the run also where its assumptions are not met, and under other steps than
 *   those of plain descent: then `unmet` says what it is without
 */
export function check(
  lemma: Lemma,
  cell: Cell,
  record: RunRecord,
  constants: Constants = {},
  outside = false,
): LemmaOutcome {
  const missing = [
    ...lemma.series.filter((id) => !record.series?.[id]),
    ...(lemma.values ?? []).filter((id) => !(id in record.values)),
  ];
  const run = trajectory(cell, record);
  const chosen = constantsOf(lemma, constants);
  const about = notAbout(lemma, cell);
  // A diverged run has no test error, and its other numbers may not be finite: then nothing is missing, there is
  // nothing to say.
  if (missing.some((id) => lemma.series.includes(id)) || (missing.length > 0 && record.outcome !== 'diverged'))
    return about.length > 0
      ? { lemma: lemma.id, verdict: 'assumptions not met', unmet: about, elsewhere: true, missing }
      : { lemma: lemma.id, verdict: 'no series', unmet: [], missing };
  const unmet = [
    ...about,
    ...lemma.assumptions.flatMap(({ formula, relation, lhs, rhs }) => {
      const [left, right] = [lhs(run, chosen), rhs(run, chosen)];
      return (relation === '>=' ? left >= right : left <= right) ? [] : [formula];
    }),
  ];
  const quantity = lemma.quantity(run, chosen);
  const half = lemma.halfWidth?.(run, chosen) ?? [];
  const limits = lemma.limits(run, chosen);
  let [least, most, step, by, clear] = [Infinity, -Infinity, -1, 0, true];
  quantity.forEach((value, at) => {
    if (Number.isNaN(value) || Number.isNaN(limits.least) || Number.isNaN(limits.most)) return; // a bound that is no number says nothing
    least = Math.min(least, value);
    most = Math.max(most, value);
    const over = Math.max(value - (limits.most ?? Infinity), (limits.least ?? -Infinity) - value);
    const doubt = half[at] ?? 0;
    clear &&= !(over > -doubt) || over > doubt;
    if (!(over > doubt)) return;
    if (step < 0) step = quantity.length === run.times.length ? run.times[at]! : record.steps;
    by = Math.max(by, over);
  });
  const silent = most === -Infinity;
  const counts = unmet.length === 0 || (outside && meansNothingOf(lemma, cell).length === 0);
  const bound = step >= 0 ? 'violated' : clear ? 'holds' : 'unclear';
  return {
    lemma: lemma.id,
    verdict: !counts ? 'assumptions not met' : silent ? 'nothing to say' : bound,
    ...(!silent && { bound: bound === 'violated' ? ('broken' as const) : bound, least, most, limits }),
    ...(step >= 0 && { step, by }),
    unmet,
    ...(about.length > 0 && { elsewhere: true }),
    missing: [],
  };
}
