/** What follows from the level sets: widths of the transition, the constants of Kou et al., Theorem 4.2. */
import { log } from '../../src/core/special.ts';
import { fitLine } from '../../src/core/statistics.ts';
import type { BoundaryReport, Crossing } from '../../src/reproduction/boundary-report.ts';
import type { Boundary } from '../../src/sweeps/boundary.ts';
import { fitConstant, type Interval } from '../../src/verification/level-fits.ts';
import { DEPTHS, type Study } from './studies.ts';

export const CONFIDENCE = 0.95;

export interface Made extends BoundaryReport {
  readonly study: Study;
  readonly boundary: Boundary;
  readonly runs: number;
  readonly seconds: number;
}

const Z = 1.959964;
const about = (value: number, se: number): Interval => ({ value, se, low: value - Z * se, high: value + Z * se });

/** Crossings of one level, by `over`. */
const crossingsAt = (made: readonly Made[], id: string, level: number): Crossing[] =>
  made.find(({ study }) => study.id === id)!.crossings.filter((one) => one.level === level && one.state === 'found');

export interface Width {
  readonly over: number;
  readonly width: Interval;
}

/** Width of the transition: log S at clean error .05 minus log S at .35; S goes with ‖mu‖⁴. */
export function widths(made: readonly Made[], id: string): Width[] {
  return crossingsAt(made, id, 0.05).flatMap((low) =>
    crossingsAt(made, id, 0.35)
      .filter(({ over }) => over === low.over)
      .map((high) => ({
        over: low.over,
        width: about(4 * (log(low.along!) - log(high.along!)), 4 * Math.hypot(low.se!, high.se!)),
      })),
  );
}

/** Change of the width with log `over`. */
export function trend(rows: readonly Width[]): Interval {
  const { slope, slopeSe } = fitLine(
    rows.map(({ over }) => log(over)),
    rows.map(({ width }) => width.value),
    rows.map(({ width }) => width.se),
  );
  return about(slope, slopeSe);
}

export interface Depth {
  /** clean error */
  readonly level: number;
  /** S there, over the sizes from 10^4 on */
  readonly s: Interval;
  /** with which p + exp(-S/C_2) is met with equality */
  readonly c2: Interval;
}

export const FLIP = 0.1;

/** S = n factor⁴ where ‖mu‖ = factor d^(1/4). */
export function depths(made: readonly Made[]): Depth[] {
  return DEPTHS.map((level) => {
    const s = fitConstant(
      crossingsAt(made, 'kou-d', level)
        .filter(({ over }) => over >= 1e4)
        .map(({ along, se }) => ({ value: log(20) + 4 * log(along!), se: 4 * se! })),
      CONFIDENCE,
    )!;
    const bound = -log((1 - 2 * FLIP) * level);
    return { level, s, c2: { value: s.value / bound, se: s.se / bound, low: s.low / bound, high: s.high / bound } };
  });
}

/** Up to this S the bound with a C_2 says nothing: a clean error is at most 1/2. */
export const trivialUpTo = (c2: number): number => c2 * log(2 / (1 - 2 * FLIP));
