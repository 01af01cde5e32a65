/** What follows from the level sets: widths of the transition, the constants of Kou et al., Theorem 4.2. */
import { readFileSync } from 'node:fs';
import { log } from '../../src/core/special.ts';
import { combine, independentPoints } from '../../src/core/slopes.ts';
import { ALPHA, wordOf, type Word } from '../../src/core/verdict.ts';
import type { BoundaryReport, Crossing } from '../../src/reproduction/boundary-report.ts';
import type { Boundary } from '../../src/sweeps/boundary.ts';
import { estimated, geometricMean, type Estimated } from '../../src/verification/level-fits.ts';
import { DEPTHS, type Study } from './studies.ts';

export interface Made extends BoundaryReport {
  readonly study: Study;
  readonly boundary: Boundary;
  readonly runs: number;
  readonly seconds: number;
}

/** Coverage of each interval of the page is 1 - this. */
export const each = (made: readonly Made[]): number => ALPHA / made[0]!.errors.tests;

/** Crossings of one level, by `over`. */
const crossingsAt = (made: readonly Made[], id: string, level: number): Crossing[] =>
  made.find(({ study }) => study.id === id)!.crossings.filter((one) => one.level === level && one.state === 'found');

export interface Width {
  readonly over: number;
  readonly width: Estimated;
}

/**
 * Width of the transition: log S at clean error .05 minus log S at .35; S goes with ‖mu‖⁴. The runs that either crossing
 * rests on lie about it, far from the other's.
 */
export function widths(made: readonly Made[], id: string): Width[] {
  const [lows, highs] = [crossingsAt(made, id, 0.05), crossingsAt(made, id, 0.35)];
  return lows.flatMap((low) =>
    highs
      .filter(({ over }) => over === low.over)
      .map((high) => ({
        over: low.over,
        width: estimated(
          combine(
            independentPoints(
              [0, 1],
              [low, high].map(({ along, se, freedom }) => ({ value: log(along!), se: se!, freedom: freedom! })),
            ),
            [4, -4],
          ),
          each(made),
        ),
      })),
  );
}

/** Verdicts on widths: over d and over n. */
export const WIDTH_TESTS = 2;
/** A change of the width for e times the size that counts as none: as an exponent of S. */
export const WIDTH_MARGIN = 0.02;

/** Change of the width for e times the size, from the smallest to the largest; no line is assumed. */
export function trend(made: readonly Made[], rows: readonly Width[]): Estimated & { readonly word: Word } {
  const ends = [rows[0]!, rows.at(-1)!];
  const step = log(ends[1]!.over) - log(ends[0]!.over);
  const change = estimated(
    combine(
      independentPoints(
        [0, 1],
        ends.map(({ width }) => width),
      ),
      [-1 / step, 1 / step],
    ),
    each(made),
  );
  return { ...change, word: wordOf(change, { low: -WIDTH_MARGIN, high: WIDTH_MARGIN }) };
}

export interface Depth {
  /** mean clean error over draws */
  readonly level: number;
  /** S there: geometric mean over the sizes from 10^4 on */
  readonly s: Estimated;
  /** with which p + exp(-S/C_2) is met with equality by the mean */
  readonly c2: Estimated;
}

export const FLIP = 0.1;
/** -log of the excess that the bound allows at a clean error. */
const allowed = (clean: number): number => -log((1 - 2 * FLIP) * clean);

/** S = n factor⁴ where ‖mu‖ = factor d^(1/4). */
export function depths(made: readonly Made[]): Depth[] {
  return DEPTHS.map((level) => {
    const s = geometricMean(
      crossingsAt(made, 'kou-d', level)
        .filter(({ over }) => over >= 1e4)
        .map(({ along, se, freedom }) => ({ value: log(20) + 4 * log(along!), se: 4 * se!, freedom: freedom! })),
      each(made),
    )!;
    const bound = allowed(level);
    return {
      level,
      s,
      c2: { ...s, value: s.value / bound, se: s.se / bound, low: s.low / bound, high: s.high / bound },
    };
  });
}

/** The record of the same design on quantiles over draws: its constants, and C_2 at each S. */
export interface Quantiles {
  /** as printed there, with intervals: C_2 by the slope and C_3, at exactly two flips and at p = .1 */
  readonly c2: readonly [string, string];
  readonly c3: readonly [string, string];
  /** at exactly two flips */
  readonly rows: readonly {
    readonly s: number;
    readonly quantile: number;
    readonly mean: number;
    readonly c2: number;
    readonly c2OfMean: number;
  }[];
}

/** @throws Error when the record has another form */
export function quantiles(file: string): Quantiles {
  const tables = readFileSync(file, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) =>
      section
        .split('\n')
        .filter((line) => /^\| ?[\d.]/.test(line))
        .map((line) =>
          line
            .split('|')
            .slice(1, -1)
            .map((one) => one.trim()),
        ),
    );
  const firsts = tables.map(([first]) => first!);
  if (firsts.length !== 2 || firsts.some((first) => first[0] !== '1e-10 to 0.01'))
    throw new Error(`${file} has another form`);
  return {
    c2: [firsts[0]![1]!, firsts[1]![1]!],
    c3: [firsts[0]![4]!, firsts[1]![4]!],
    rows: tables[0]!
      .filter(([, ...cells]) => cells.length === 5)
      .map((cells) => {
        const [s, quantile, mean] = [cells[0]!, cells[2]!, cells[3]!].map((one) => Number.parseFloat(one)) as [
          number,
          number,
          number,
        ];
        return { s, quantile, mean, c2: s / allowed(quantile), c2OfMean: s / allowed(mean) };
      }),
  };
}

/** Up to this S the bound with a C_2 says nothing: a clean error is at most 1/2. */
export const trivialUpTo = (c2: number): number => c2 * log(2 / (1 - 2 * FLIP));
