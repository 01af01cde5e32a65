/** How means move along an axis: a power law, or one direction. */
import { log } from '../core/special.ts';
import { fitSlope, independentPoints, type Points, type SlopeFit } from '../core/slopes.ts';
import type { Frame } from '../experiments/frame.ts';
import type { Claim, Comparison } from './check.ts';
import { alongAxis, CellMeans, type Derived } from './estimates.ts';
import { allWithin, judged, unjudged, type Part } from './judge.ts';

/** Fewer points than this make no line: misfit could not be seen. */
const LEAST_POINTS = 5;

interface Profile {
  readonly x: readonly number[];
  /** means at each x, as the statistic makes them */
  readonly derived: Derived;
  readonly runs: number;
  readonly common: boolean;
}

/** Means along an axis, turned by `of` (log for a power law); null while a value lacks a run, or `of` has no number. */
function profile(
  frame: Frame,
  { of, along, where }: Pick<Claim & { kind: 'trend' }, 'of' | 'along' | 'where'>,
  turned: (mean: number) => number,
  keep: (x: number) => boolean,
): Profile | null {
  const line = alongAxis(frame, along, where).filter(({ x, cells }) => keep(x) && cells.length > 0);
  const all = line.flatMap(({ cells }) => cells);
  const means = CellMeans.of(frame, all, of);
  const derived = means?.derive((values) => {
    let next = 0;
    return line.map(({ cells }) => {
      let sum = 0;
      for (let i = 0; i < cells.length; i++) sum += values[next++]!;
      return turned(sum / cells.length);
    });
  });
  if (!derived) return null;
  return {
    x: line.map(({ x }) => x),
    derived,
    runs: means!.runs,
    common: frame.cells[all[0]!]!.coupling === 'common',
  };
}

export function slope(frame: Frame, one: Claim & { kind: 'slope' }, whole: number): Comparison {
  // Half for the question whether there is a line, half for what is held then.
  const alpha = whole / 2;
  const [low, high] = one.between;
  const bounds = { low, high };
  const found = profile(
    frame,
    one,
    (mean) => (mean > 0 ? log(mean) : NaN),
    (x) => x > 0,
  );
  if (!found || found.x.length < 2)
    return unjudged(one, { note: 'no run to test it on, or a mean that is not positive' }, bounds);
  const line = lineOf(found, alpha);
  if (typeof line !== 'string')
    return judged(
      one,
      { ...line.slope, runs: found.runs, note: `${found.x.length} points, ${lineSays(line)}` },
      bounds,
      alpha,
    );
  const local = found.x.slice(1).map((to, i): Part => {
    const step = log(to) - log(found.x[i]!);
    const a = found.x.map((_, at) => (at === i + 1 ? 1 / step : at === i ? -1 / step : 0));
    return { ...found.derived.combine(a), runs: found.runs, name: `from ${found.x[i]} to ${to}` };
  });
  return allWithin(one, local, bounds, alpha, { note: `${line}: each local slope is held against the bounds` });
}

/** The line through the points, or why there is none. */
function lineOf(found: Profile, alpha: number): SlopeFit | string {
  if (found.x.length < LEAST_POINTS) return `${found.x.length} points are no line`;
  if (found.x.some((_, i) => !(found.derived.at(i).se > 0))) return 'a point without spread';
  const fit = fitSlope(pointsOf(found));
  return fit.chiSquare && fit.chiSquare.p < alpha ? `no power law over this range, ${lineSays(fit)}` : fit;
}

const lineSays = ({ chiSquare }: SlopeFit): string =>
  chiSquare
    ? `line: χ² = ${chiSquare.value.toPrecision(3)} on ${chiSquare.freedom}, p ${chiSquare.p < 1e-9 ? '< 1e-9' : `= ${chiSquare.p.toPrecision(2)}`}`
    : 'line untested: too few replicates';

/** The logarithms of the profile as points of a line. */
function pointsOf({ x, derived, common }: Profile): Points {
  const logs = x.map(log);
  return common
    ? { x: logs, y: derived.values, influences: derived.influences, freedom: derived.influences.length - 1 }
    : independentPoints(
        logs,
        logs.map((_, i) => derived.at(i)),
      );
}

/**
 * All of them: the whole change goes the claimed way, and each step goes back by no more than a share of it. Each is a
 * difference of means that must not be negative.
 */
export function trend(frame: Frame, one: Claim & { kind: 'trend' }, alpha: number): Comparison {
  const bounds = { low: 0, high: Infinity };
  const found = profile(
    frame,
    one,
    (mean) => mean,
    () => true,
  );
  if (!found || found.x.length < 2) return unjudged(one, { note: 'no run to test it on' }, bounds);
  const { back = 0.1 } = one;
  const last = found.x.length - 1;
  const sign = one.direction === 'rises' ? 1 : -1;
  const change = (from: number, to: number, weight: number): number[] =>
    found.x.map((_, i) => sign * weight * ((i === to ? 1 : 0) - (i === from ? 1 : 0)));
  const whole = change(0, last, 1);
  const step = (from: number): number[] => {
    const own = change(from, from + 1, 1);
    return whole.map((all, i) => own[i]! + back * all);
  };
  const part = (name: string, a: readonly number[]): Part => ({ ...found.derived.combine(a), runs: found.runs, name });
  const all = part(`from ${found.x[0]} to ${found.x[last]}`, whole);
  if (all.value === 0 && all.se === 0) return unjudged(one, { note: 'nothing moves' }, bounds);
  return allWithin(
    one,
    [
      all,
      ...(last > 1
        ? found.x
            .slice(1)
            .map((to, from) => part(`step from ${found.x[from]} to ${to}, and ${back} of the whole change`, step(from)))
        : []),
    ],
    bounds,
    alpha,
    { note: `${found.x.length} points` },
  );
}
