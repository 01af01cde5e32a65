/** Carries out claims about observables over the cells of a sweep: which number, against which bounds. */
import { meanFlip } from '../core/flip-laws.ts';
import { log } from '../core/special.ts';
import { rateNotExcluded, type Bounds, type Uncertain } from '../core/verdict.ts';
import { signalAndNoise } from '../experiments/cell.ts';
import { overRuns, type Frame } from '../experiments/frame.ts';
import type { SymbolId } from '../notation.ts';
import { controlParameter } from '../core/control-parameter.ts';
import type { Claim, Comparison, Where } from './check.ts';
import { collapse, levelSlope } from './collapse.ts';
import { CellMeans, cellsAt } from './estimates.ts';
import { boundsOf, judged, unjudged, type Found, type Unknown } from './judge.ts';
import { levelRatio, levelShift } from './levels.ts';
import { rank } from './rank.ts';
import { every, inBounds, same } from './shares.ts';
import { slope, trend } from './trends.ts';

const NO_RUN: Unknown = { note: 'no run to test it on' };

/** The claim as a comparison. @param alpha of this verdict: its interval has coverage 1 - alpha */
export function claim(frame: Frame, one: Claim, alpha: number): Comparison {
  const places = placesOf(one).filter((place) => cellsAt(frame, place).length === 0);
  if (places.length > 0)
    return unjudged(one, { note: 'no such cell in this grid', notApplicable: true }, limitsOf(one));
  switch (one.kind) {
    case 'mean':
      return mean(frame, one, alpha);
    case 'excess':
      return judged(one, excess(frame, one, alpha), boundsOf(one), alpha);
    case 'rank':
      return rank(frame, one, alpha);
    case 'every':
      return every(frame, one, alpha);
    case 'same':
      return same(frame, one, alpha);
    case 'fitted':
      if (frame.cells.some(({ data }) => data.sigmaY > 0))
        return unjudged(one, { note: 'labels are real: claim trainLoss', notApplicable: true }, limitsOf(one));
      return every(frame, { ...one, kind: 'every', of: 'trainError', atMost: 0 }, alpha);
    case 'statement':
      return inBounds(frame, one, alpha);
    case 'paired': {
      const { above: low = -Infinity, below: high = Infinity } = one;
      return judged(one, difference(frame, one), { low, high }, alpha);
    }
    case 'ratio':
      return judged(one, ratio(frame, one), boundsOf(one), alpha);
    case 'slope':
      return slope(frame, one, alpha);
    case 'trend':
      return trend(frame, one, alpha);
    case 'level-ratio':
      return judged(one, levelRatio(frame, one), boundsOf(one), alpha);
    case 'level-shift':
      return judged(one, levelShift(frame, one), boundsOf(one), alpha);
    case 'collapse':
      return collapse(frame, one, alpha);
    case 'level-slope':
      return levelSlope(frame, one, alpha);
  }
}

/** The cells that a comparison of several places speaks of. */
function placesOf(one: Claim): readonly Where[] {
  switch (one.kind) {
    case 'paired':
    case 'same':
    case 'ratio':
      return [one.a, one.b];
    case 'level-ratio':
      return one.b ? [one.a, one.b] : [one.a];
    case 'level-shift':
      return [one.a, one.b, one.c, one.d];
    case 'slope':
    case 'trend':
    case 'collapse':
    case 'level-slope':
      return one.where ? [one.where] : [];
    default:
      return [];
  }
}

/** The bounds of such a comparison. */
function limitsOf(one: Claim): Bounds {
  switch (one.kind) {
    case 'ratio':
    case 'level-ratio':
    case 'level-shift':
    case 'collapse':
      return boundsOf(one);
    case 'paired':
      return { low: one.above ?? -Infinity, high: one.below ?? Infinity };
    case 'slope':
    case 'level-slope':
      return { low: one.between[0], high: one.between[1] };
    case 'trend':
      return { low: 0, high: Infinity };
    default:
      return { low: -Infinity, high: Infinity };
  }
}

/** Errors and shares of runs: a run's value lies in [0, 1], or a shift of it. */
const SHARES: ReadonlySet<SymbolId> = new Set<SymbolId>([
  'testError',
  'testErrorClean',
  'trainError',
  'trainErrorClean',
  'trainErrorFlipped',
  'maxMarginError',
  'averagingError',
  'minimumNormError',
  'lazyError',
  'benign',
  'harmful',
  'nonOverfitting',
]);

/**
 * The mean over cells. Runs of a share that are all alike have no spread, and yet do not say that no other run is
 * different: the interval then reaches as far as the rate of such runs that so many exclude.
 */
function estimate(means: CellMeans, bounded: boolean, alpha: number): Found {
  const overall = means.overall();
  const found = { ...overall, runs: means.runs };
  const { same } = means;
  if (!bounded || same === null || overall.se > 0 || means.independent < 2) return found;
  const rate = rateNotExcluded(means.independent, alpha / 2);
  const [low, high] =
    same >= 0 && same <= 1 ? [same * (1 - rate), same + rate * (1 - same)] : [same - rate, same + rate];
  return {
    ...found,
    interval: { low, high },
    note: `all ${means.independent} runs alike; the interval is what so many do not exclude`,
  };
}

function mean(frame: Frame, one: Claim & { kind: 'mean' }, alpha: number): Comparison {
  const { of, where, published } = one;
  const cells = cellsAt(frame, where);
  const bounds: Bounds = published
    ? { low: published.value - published.within, high: published.value + published.within }
    : boundsOf(one);
  if (cells.length === 0) return unjudged(one, { note: 'no such cell in this grid', notApplicable: true }, bounds);
  const means = CellMeans.of(frame, cells, of);
  if (!means) return unjudged(one, NO_RUN, bounds);
  const ours = estimate(means, SHARES.has(of), alpha);
  if (!published) return judged(one, ours, bounds, alpha);
  const { value, se = 0, trials, within, because } = published;
  const fixed = se * se + (trials === undefined ? 0 : means.runVariance / trials);
  const found: Found = {
    value: ours.value,
    se: Math.sqrt(ours.se * ours.se + fixed),
    ...(ours.freedom !== undefined && { freedom: ours.freedom }),
    runs: ours.runs,
    fixed,
    published: value,
    note: `published ${value} ± ${Math.sqrt(fixed).toPrecision(2)}, equal within ${within}: ${because}`,
  };
  return judged(one, found, bounds, alpha);
}

function excess(frame: Frame, { S: [low, high] }: Claim & { kind: 'excess' }, alpha: number): Found | Unknown {
  const cells = frame.cells.flatMap((cell, at) => {
    const S = controlParameter({ ...cell.data, ...signalAndNoise(cell) });
    return S >= low && S <= high ? [at] : [];
  });
  if (cells.length === 0) return { note: 'no such cell in this grid', notApplicable: true };
  const over = overRuns(frame, 'testError').slice();
  for (const cell of cells)
    for (let row = frame.runs.start[cell]!; row < frame.runs.start[cell + 1]!; row++)
      over[row]! -= meanFlip(frame.cells[cell]!.data);
  const means = CellMeans.of(frame, cells, over);
  return means ? estimate(means, true, alpha) : NO_RUN;
}

/** Mean at a less mean at b: replicate by replicate where they share their draws. */
function difference(frame: Frame, { of, a, b }: Claim & { kind: 'paired' }): Found | Unknown {
  const two = pair(frame, of, cellsAt(frame, a), cellsAt(frame, b), ([left, right]) => left! - right!);
  return two ?? NO_RUN;
}

/** Logarithm of the mean at a over the mean at b. */
function ratio(frame: Frame, { of, a, b }: Claim & { kind: 'ratio' }): Found | Unknown {
  const two = pair(frame, of, cellsAt(frame, a), cellsAt(frame, b), ([left, right]) => log(left!) - log(right!));
  if (!two) return NO_RUN;
  return Number.isFinite(two.value) && two.se > 0
    ? { ...two, inLog: true }
    : { note: 'a ratio of numbers that are 0, or without spread' };
}

/** A function of the means over two sets of cells. */
function pair(
  frame: Frame,
  of: SymbolId,
  left: readonly number[],
  right: readonly number[],
  combine: (means: readonly [number, number]) => number,
): (Uncertain & { runs: number }) | null {
  if (left.length === 0 || right.length === 0) return null;
  const means = CellMeans.of(frame, [...left, ...right], of);
  if (!means) return null;
  const average = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const derived = means.derive((all) => [
    combine([average(all.slice(0, left.length)), average(all.slice(left.length))]),
  ]);
  return derived && { ...derived.at(0), runs: means.runs };
}
