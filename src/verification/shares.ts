/** Claims about all runs, or a share of them. */
import { exp, log } from '../core/special.ts';
import {
  POWER,
  rateNotExcluded,
  reach,
  runsForShare,
  shareInterval,
  type Interval,
  type Word,
} from '../core/verdict.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';
import type { Claim, Comparison } from './check.ts';
import { CellMeans, cellsAt } from './estimates.ts';
import { judged, noted, unjudged, type Unknown } from './judge.ts';
import { runsInBounds, statement } from './statement-claim.ts';

/** How many runs keep a claim. */
interface Count {
  readonly good: number;
  readonly runs: number;
  /** as many independent runs say as much: fewer, where cells share their draws */
  readonly independent: number;
  readonly note?: string;
}

export function every(frame: Frame, one: Claim & { kind: 'every' }, alpha: number): Comparison {
  const { of, where, atMost = Infinity, atLeast = -Infinity } = one;
  const observed = overRuns(frame, of);
  const chosen = cellsAt(frame, where);
  const cells = chosen.filter((at) => inCell(frame, observed, at).length > 0);
  const values = cells.flatMap((at) => inCell(frame, observed, at));
  const within = (value: number): boolean => value <= atMost && value >= atLeast;
  if (chosen.length === 0) return share(one, { note: 'no such cell in this grid', notApplicable: true }, alpha);
  if (values.length === 0) return share(one, { note: 'no run to test it on' }, alpha);
  const keeps = CellMeans.of(
    frame,
    cells,
    observed.map((value) => (Number.isNaN(value) ? NaN : Number(within(value)))),
  )!;
  // a map has too many runs to be spread into arguments
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return share(
    one,
    {
      ...counted(values.filter(within).length, values.length, keeps, alpha),
      note: `from ${low.toPrecision(3)} to ${high.toPrecision(3)}`,
    },
    alpha,
  );
}

export function same(frame: Frame, one: Claim & { kind: 'same' }, alpha: number): Comparison {
  const [left, right] = [cellsAt(frame, one.a), cellsAt(frame, one.b)];
  if (left.length === 0 || right.length === 0)
    return share(one, { note: 'no such cell in this grid', notApplicable: true }, alpha);
  if (left.length !== right.length)
    throw new RangeError(`check ${one.id}: a and b must be as many cells, got ${left.length} and ${right.length}`);
  const { start, replicate } = frame.runs;
  const observed = overRuns(frame, one.of);
  const apart = new Float64Array(observed.length).fill(NaN);
  left.forEach((cell, at) => {
    const other = right[at]!;
    const rows = new Map<number, number>();
    for (let row = start[other]!; row < start[other + 1]!; row++) rows.set(replicate[row]!, row);
    for (let row = start[cell]!; row < start[cell + 1]!; row++) {
      const twin = rows.get(replicate[row]!);
      if (twin === undefined) continue;
      const [x, y] = [observed[row]!, observed[twin]!];
      if (Number.isNaN(x) && Number.isNaN(y)) continue;
      const gap = x === y ? 0 : Math.abs(x - y);
      apart[row] = Number.isNaN(gap) ? Infinity : gap;
    }
  });
  const cells = left.filter((cell) => inCell(frame, apart, cell).length > 0);
  const gaps = cells.flatMap((cell) => inCell(frame, apart, cell));
  if (gaps.length === 0) return share(one, { note: 'no run to test it on' }, alpha);
  const keeps = CellMeans.of(
    frame,
    cells,
    apart.map((gap) => (Number.isNaN(gap) ? NaN : Number(gap <= one.within))),
  )!;
  return share(
    one,
    {
      ...counted(gaps.filter((gap) => gap <= one.within).length, gaps.length, keeps, alpha),
      note: `at most ${gaps.reduce((a, b) => Math.max(a, b)).toPrecision(3)} apart`,
    },
    alpha,
  );
}

/**
 * Runs of cells that share their draws count as many independent ones as have the variance of their mean, fewer by what
 * Student's t takes off for few replicates (Korn and Graubard, Survey Methodology 24, 1998); as many as there are
 * replicates where nothing tells.
 */
function counted(good: number, runs: number, keeps: CellMeans, alpha: number): Count {
  if (keeps.independent === runs) return { good, runs, independent: runs };
  const { se, freedom } = keeps.overall();
  const rate = good / runs;
  const fewer = (reach(alpha) / reach(alpha, freedom)) ** 2;
  const effective = se > 0 ? (fewer * rate * (1 - rate)) / (se * se) : keeps.independent;
  return { good, runs, independent: Math.max(1, Math.min(runs, Math.floor(effective))) };
}

export function inBounds(frame: Frame, one: Claim & { kind: 'statement' }, alpha: number): Comparison {
  const { runs, inside, good, tightest, independent } = runsInBounds(
    frame,
    cellsAt(frame, one.where),
    statement(one.statement),
    one.constants,
  );
  if (runs === 0) return share(one, { note: 'no run to test it on' }, alpha);
  if (inside === 0)
    return share(one, { note: `none of ${runs} runs meets the conditions`, notApplicable: true }, alpha);
  const tight = Object.entries(tightest).flatMap(([bound, ratio]) =>
    Number.isNaN(ratio) ? [] : [`${bound}: ${ratio.toPrecision(2)} of its bound`],
  );
  return share(
    one,
    {
      good,
      runs: inside,
      independent,
      note: [`${inside} of ${runs} runs meet the conditions`, ...tight].join(', '),
    },
    alpha,
  );
}

/**
 * A share of the runs by Clopper and Pearson. Share 1 speaks of no exception: one refutes it; while there is none it
 * holds, and says which rate of exceptions so many runs exclude.
 */
function share(
  one: Claim & { kind: 'every' | 'statement' | 'same' },
  count: Count | Unknown,
  alpha: number,
): Comparison {
  const least = one.kind === 'same' ? 1 : (one.share ?? 1);
  const margin = { low: least, high: 1 };
  if (!('good' in count)) return unjudged(one, count, margin);
  const { good, runs, independent, note } = count;
  const value = good / runs;
  const kept = Math.floor(value * independent);
  const interval = shareInterval(kept, independent, alpha);
  if (least < 1) {
    const judgement = judged(
      one,
      {
        value,
        se: Math.sqrt((value * (1 - value)) / independent),
        runs,
        interval,
        note: `${good} of ${runs} runs${independent < runs ? `, worth ${independent} independent ones` : ''}; ${note}`,
      },
      margin,
      alpha,
    );
    if (judgement.verdict !== 'undecided') return judgement;
    const needed = runsForShare(independent - kept, independent, 1 - least, alpha);
    const total = Number.isFinite(needed) ? Math.ceil((needed * runs) / independent) : null;
    return { ...judgement, power: { ...judgement.power, runs: total } };
  }
  return {
    ...exact(one, value, interval, value === 1 ? 'holds' : 'fails', independent),
    says: noted(
      one.says,
      value === 1
        ? `none of ${runs} runs is an exception${independent < runs ? `, ${independent} independent ones` : ''}: a rate above ${rateNotExcluded(independent, alpha).toPrecision(2)} is excluded`
        : `${runs - good} of ${runs} runs are exceptions`,
      note,
    ),
  };
}

/** Found with probability POWER: a rate of exceptions of which so many runs show one. */
const exact = (
  one: Claim,
  ours: number,
  interval: Interval,
  verdict: Word,
  independent: number,
): Omit<Comparison, 'says'> => ({
  id: one.id,
  basis: one.basis ?? 'guard',
  ours,
  se: null,
  published: null,
  interval,
  margin: { low: 1, high: 1 },
  verdict,
  power: { finds: 1 - exp(log(1 - POWER) / independent) },
});
