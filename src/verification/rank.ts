/** One published run among ours, by its rank: nothing is assumed of the law of a run, which may have several modes. */
import { wordOf, type Interval } from '../core/verdict.ts';
import { inCell, overRuns, type Frame } from '../experiments/frame.ts';
import type { Claim, Comparison } from './check.ts';
import { cellsAt } from './estimates.ts';
import { noted, unjudged, type Unknown } from './judge.ts';

/**
 * Were the published number one run more of ours, each of the N + 1 ranks would be as likely as every other. Ties count
 * against either side. It fails where the two-sided p is at most alpha, which takes at least 2/alpha - 1 runs; it never
 * holds, since one run says nothing of a law but where it cannot lie.
 *
 * @param alpha of this verdict
 */
export function rank(frame: Frame, one: Claim & { kind: 'rank' }, alpha: number): Comparison {
  const { of, where, published } = one;
  const margin = { low: published, high: published };
  const cells = cellsAt(frame, where);
  const unknown = (note: Unknown): Comparison => ({ ...unjudged(one, note, margin), published });
  if (cells.length === 0) return unknown({ note: 'no such cell in this grid', notApplicable: true });
  if (cells.length > 1) return unknown({ note: `one cell is needed, there are ${cells.length}` });
  const runs = Float64Array.from(inCell(frame, overRuns(frame, of), cells[0]!)).sort();
  if (runs.length === 0) return unknown({ note: 'no run to test it on' });
  const place = placeAmong(runs, published);
  const interval = rankInterval(runs, alpha);
  const verdict = interval && wordOf(interval, margin) === 'fails' ? 'fails' : 'undecided';
  const needed = runsToTell(place, runs.length, alpha);
  return {
    id: one.id,
    says: noted(
      one.says,
      `published ${published}, one run: ${place.atMost} of our ${runs.length} are at most as large, ${place.atLeast} at least, two-sided rank p = ${place.p.toPrecision(2)}; ours: their median`,
      verdict === 'fails'
        ? undefined
        : `not told apart, which says little: ${runs.length < leastRuns(alpha) ? `with fewer than ${leastRuns(alpha)} runs no number would be` : `all between ${interval!.low.toPrecision(3)} and ${interval!.high.toPrecision(3)} would not be`}`,
    ),
    basis: one.basis ?? 'guard',
    ours: median(runs),
    se: null,
    published,
    interval: interval ?? null,
    margin,
    verdict,
    power: { finds: null, ...(verdict === 'undecided' && { runs: needed }) },
  };
}

/** Where a number lies among runs. */
interface Place {
  readonly atMost: number;
  readonly atLeast: number;
  /** two-sided, at most 1 */
  readonly p: number;
}

/** @param runs in increasing order */
export function placeAmong(runs: Float64Array, value: number): Place {
  const atMost = runs.filter((x) => x <= value).length;
  const atLeast = runs.filter((x) => x >= value).length;
  return { atMost, atLeast, p: Math.min(1, (2 * (1 + Math.min(atMost, atLeast))) / (runs.length + 1)) };
}

/**
 * Where one more run lies with probability 1 - alpha at least, from one of our runs to another; undefined of so few that
 * there is no such interval.
 *
 * @param runs in increasing order
 */
export function rankInterval(runs: Float64Array, alpha: number): Interval | undefined {
  const k = Math.floor((alpha * (runs.length + 1)) / 2 + ROUNDING);
  return k === 0 ? undefined : { low: runs[k - 1]!, high: runs[runs.length - k]! };
}

/** Of a whole number of runs in a product. */
const ROUNDING = 1e-9;

/** The least number of runs with which any number fails. */
const leastRuns = (alpha: number): number => Math.ceil(2 / alpha - 1 - ROUNDING);

/** Runs with which it fails if as large a share of them lies beyond it; null where it never does. */
function runsToTell({ atMost, atLeast }: Place, runs: number, alpha: number): number | null {
  const beyond = Math.min(atMost, atLeast);
  if (beyond === 0) return leastRuns(alpha);
  return (2 * beyond) / runs < alpha ? Math.ceil(2 / (alpha - (2 * beyond) / runs) - 1) : null;
}

function median(runs: Float64Array): number {
  const half = runs.length >> 1;
  return runs.length % 2 === 1 ? runs[half]! : (runs[half - 1]! + runs[half]!) / 2;
}
