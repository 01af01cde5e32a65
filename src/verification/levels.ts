/** Where falling errors cross a level, at different cells, and how these places compare. */
import { errorCrossing } from '../core/error-crossing.ts';
import { fallingRegression } from '../core/contours.ts';
import { log } from '../core/special.ts';
import type { Frame } from '../experiments/frame.ts';
import type { SymbolId } from '../notation.ts';
import type { Claim, Where } from './check.ts';
import { alongAxis, CellMeans, type Derived } from './estimates.ts';
import type { Found, Unknown } from './judge.ts';

const MISSED: Unknown = { note: 'the level is not crossed, or not surely' };

const ALIKE: Unknown = { note: 'at each column around the level all runs are alike: more columns are needed' };

/** How many points on either side of a crossing enter its line. */
const REACH = 2;

interface LevelOf {
  readonly of: SymbolId;
  readonly along: string;
  readonly level: number;
}

/** Logarithms of the places at which the means cross the level, one for each `where`. */
function crossings(
  frame: Frame,
  { of, along, level }: LevelOf,
  wheres: readonly Where[],
): { derived: Derived; runs: number } | null {
  const lines = wheres.map((where) =>
    alongAxis(frame, along, where).filter(({ x, cells }) => x > 0 && cells.length > 0),
  );
  if (lines.some((line) => line.length < 3)) return null;
  const means = CellMeans.of(
    frame,
    lines.flatMap((line) => line.flatMap(({ cells }) => cells)),
    of,
  );
  const derived = means?.derive((all) => {
    let next = 0;
    const found = lines.map((line) => {
      const y = line.map(({ cells }) => {
        let sum = 0;
        for (let i = 0; i < cells.length; i++) sum += all[next++]!;
        return sum / cells.length;
      });
      const x = line.map((point) => log(point.x));
      return level < 0.5 ? errorCrossing(x, y, level, REACH) : shareCrossing(x, y, level);
    });
    return found.some(Number.isNaN) ? null : found;
  });
  return derived ? { derived, runs: means!.runs } : null;
}

/**
 * A share of runs falls from 1, not as an error does: by the chord of the falling regression. Its bias is a part of the
 * columns' step. NaN when it stays on one side of the level.
 */
function shareCrossing(x: readonly number[], y: readonly number[], level: number): number {
  const falling = fallingRegression(
    y,
    y.map(() => 1),
  );
  const right = falling.findIndex((value) => value <= level);
  if (right <= 0) return NaN;
  const [a, b] = [falling[right - 1]!, falling[right]!];
  return x[right - 1]! + ((x[right]! - x[right - 1]!) * (a - level)) / (a - b);
}

export function levelRatio(frame: Frame, one: Claim & { kind: 'level-ratio' }): Found | Unknown {
  const found = crossings(frame, one, one.b ? [one.a, one.b] : [one.a]);
  if (!found) return MISSED;
  const ratio = found.derived.combine(one.b ? [1, -1] : [1]);
  // Between columns of which each has runs of one kind only, a crossing is known to the step and no better.
  return ratio.se > 0 ? { ...ratio, runs: found.runs, inLog: true } : ALIKE;
}

/**
 * (log a - log b)/(log c - log d). Its interval is Fieller's in first order: the standard error is that of the numerator
 * less the ratio times the denominator.
 */
export function levelShift(frame: Frame, one: Claim & { kind: 'level-shift' }): Found | Unknown {
  const found = crossings(frame, one, [one.a, one.b, one.c, one.d]);
  if (!found) return MISSED;
  const whole = found.derived.combine([0, 0, 1, -1]);
  const moved = found.derived.combine([1, -1, 0, 0]);
  const value = moved.value / whole.value;
  const rest = found.derived.combine([1, -1, -value, value]);
  return { ...rest, value, se: rest.se / Math.abs(whole.value), runs: found.runs };
}
