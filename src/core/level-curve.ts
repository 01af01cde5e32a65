/**
 * The curve that a search fits near a level: mean = floor + (1 - 2 floor) Phi(-exp(u + steepness (x - place))), with u
 * such that the mean at `place` is the level. The error of a linear rule has this form in x = log of the signal: Phi(-c
 * mu^s) has steepness s. What is known of each run before it is made enters as a control of mean zero. Least squares;
 * standard errors from the runs' own residuals (sandwich), so that the noise may differ from place to place.
 */
import { solvePositiveDefinite } from './linear-algebra.ts';
import { exp, log, normalQuantile, normalTail } from './special.ts';

export interface CurveRun {
  readonly value: number;
  /** known before the run, of mean zero over runs; 0 where nothing is known */
  readonly control: number;
}

/** One abscissa with its runs. */
export interface CurvePoint {
  readonly k: number;
  readonly x: number;
  readonly runs: readonly CurveRun[];
}

export interface Target {
  /** in (floor, 1/2) */
  readonly level: number;
  /** what the curve falls to; it comes from 1/2 */
  readonly floor: number;
}

export interface Curve {
  /** where it crosses the level */
  readonly place: number;
  /** > 0 */
  readonly steepness: number;
}

export interface LevelCrossing {
  readonly x: number;
  /** jackknife, widened for skewness */
  readonly se: number;
  /** the standard error that all runs would have in common: what a search is measured by */
  readonly plain: number;
  /**
   * degrees of freedom of the spread behind `se`; no whole number where the runs have heavier tails than normal ones
   */
  readonly freedom: number;
  /** standard error of the logarithm of the slope */
  readonly slopeSe: number;
}

const INVERSE_SQRT_2PI = 0.3989422804014327;
const ROUNDS = 30;
/** Windows that are tried before one is kept. */
const WINDOWS = 6;
const FACTOR = 3;
/** A step of the fit that changes nothing any more. */
const SMALL = 1e-8;
/** Weight of a run where the curve is flat, at most, against one at the level. */
const HEAVIEST = 3;
/** What a run's residual is divided by at least, where the fit hangs on that run alone. */
const LEFT = 0.2;

/** The curve's argument at the level. */
const argumentAt = ({ level, floor }: Target): number => log(-normalQuantile((level - floor) / (1 - 2 * floor)));

/** Mean and its derivative by the argument. */
function meanAt(u: number, floor: number): { mean: number; slope: number } {
  const z = exp(Math.min(u, 4));
  return {
    mean: floor + (1 - 2 * floor) * normalTail(z),
    slope: -(1 - 2 * floor) * INVERSE_SQRT_2PI * exp(-0.5 * z * z) * z,
  };
}

/** The best of some curves through all points, whose crossing lies in the bracket. */
export function roughCurve(
  points: readonly CurvePoint[],
  target: Target,
  [low, high]: readonly [number, number],
): Curve {
  const range = points.at(-1)!.x - points[0]!.x;
  const level = argumentAt(target);
  const means = points.map(({ x, runs }) => ({
    x,
    count: runs.length,
    mean: runs.reduce((sum, { value }) => sum + value, 0) / runs.length,
  }));
  let best: Curve = { place: (low + high) / 2, steepness: 1 / range };
  let least = Infinity;
  for (let steepness = 0.5 / range; steepness < 400 / range; steepness *= 1.4142135623730951) {
    for (let part = 0; part <= 8; part++) {
      const place = low + (part / 8) * (high - low);
      const squares = means.reduce(
        (sum, { x, count, mean }) =>
          sum + count * (mean - meanAt(level + steepness * (x - place), target.floor).mean) ** 2,
        0,
      );
      if (squares < least) [least, best] = [squares, { place, steepness }];
    }
  }
  return best;
}

/**
 * Fits in a window about the place, which follows the fit; its width stays, or runs at its ends would come and go with
 * the slope. A fit that leaves its start far behind is none, and the start stays.
 */
export function crossingNear(
  points: readonly CurvePoint[],
  target: Target,
  start: Curve,
  windowOf: (place: number) => readonly [number, number],
): { curve: Curve; crossing: LevelCrossing | null; count: number } {
  let curve = start;
  let seen = '';
  for (let round = 0; ; round++) {
    const inside = pointsIn(points, windowOf(curve.place));
    const found = fitCurve(inside, target, curve);
    if (!found || !stays(found.curve, curve, start))
      return { curve: start, crossing: null, count: countOf(pointsIn(points, windowOf(start.place))) };
    const now = inside.map(({ k }) => k).join();
    if (now === seen || round >= WINDOWS) return { ...found, count: countOf(inside) };
    seen = now;
    curve = found.curve;
  }
}

const pointsIn = (points: readonly CurvePoint[], [from, to]: readonly [number, number]): CurvePoint[] =>
  points.filter(({ k }) => k >= from && k <= to);
const countOf = (points: readonly CurvePoint[]): number => points.reduce((sum, { runs }) => sum + runs.length, 0);

/** The place within one unit of the argument of where it was, the steepness within a factor of that of the start. */
const stays = (now: Curve, before: Curve, start: Curve): boolean =>
  Math.abs(now.place - before.place) * before.steepness < 1 &&
  now.steepness < FACTOR * start.steepness &&
  now.steepness * FACTOR > start.steepness;

/** Derivatives by place, log steepness and the control's coefficient. */
type Row = readonly [number, number, number];

interface State {
  readonly place: number;
  readonly logSteepness: number;
  /** of the control */
  readonly beta: number;
}

/** Runs before the control's coefficient is fitted. */
const CONTROLLED = 8;

/** What is fitted: runs at their places, each with a weight, and whether a control's coefficient is fitted too. */
interface Fit {
  readonly points: readonly CurvePoint[];
  /** of the runs at each point */
  readonly weights: readonly number[];
  readonly floor: number;
  /** the curve's argument at the level, and its mean's derivative there */
  readonly level: number;
  readonly atLevel: number;
  readonly count: number;
  readonly size: 2 | 3;
}

function fitOf(points: readonly CurvePoint[], target: Target, start: Curve): Fit {
  const { floor } = target;
  const level = argumentAt(target);
  const count = countOf(points);
  const first = points[0]?.runs[0]?.control;
  const size = count >= CONTROLLED && points.some(({ runs }) => runs.some(({ control }) => control !== first)) ? 3 : 2;
  const atLevel = meanAt(level, floor).slope;
  // What differs from run to run moves the curve's argument: where the curve is flatter, runs differ less.
  const weights = points.map(({ x }) =>
    Math.min(HEAVIEST, atLevel / meanAt(level + start.steepness * (x - start.place), floor).slope),
  );
  return { points, weights, floor, level, atLevel, count, size };
}

/** Each run's weighted derivatives and residual. */
function linear(
  { points, weights, floor, level, atLevel, size }: Fit,
  { place, logSteepness, beta }: State,
  see: (row: Row, residual: number) => void,
): void {
  const steepness = exp(logSteepness);
  const row: [number, number, number] = [0, 0, 0];
  points.forEach(({ x, runs }, p) => {
    const w = weights[p]!;
    const { mean, slope } = meanAt(level + steepness * (x - place), floor);
    row[0] = -w * slope * steepness;
    row[1] = w * slope * steepness * (x - place);
    for (const { value, control } of runs) {
      row[2] = size === 3 ? (w * slope * control) / atLevel : 0;
      see(row, w * (value - mean) - beta * row[2]);
    }
  });
}

function squaresAt(fit: Fit, state: State): number {
  let squares = 0;
  linear(fit, state, (_, residual) => void (squares += residual * residual));
  return squares;
}

/** The inverse of the normal equations' matrix at a state, and their solution; null where the runs cannot tell. */
function newtonStep(
  fit: Fit,
  state: State,
): { readonly inverse: readonly Float64Array[]; readonly step: readonly [number, number, number?] } | null {
  const { size } = fit;
  const right = [0, 0, 0];
  const normal = new Float64Array(size * size);
  linear(fit, state, (row, residual) => {
    for (let a = 0; a < size; a++) {
      right[a]! += row[a]! * residual;
      for (let b = 0; b < size; b++) normal[a * size + b]! += row[a]! * row[b]!;
    }
  });
  const inverse = inverseOf(normal, size);
  if (!inverse) return null;
  const step = inverse.map((one) => one.reduce((sum, value, a) => sum + value * right[a]!, 0));
  return { inverse, step: step as [number, number, number?] };
}

/** Gauss-Newton in place, log steepness and the control's coefficient; null when the runs cannot tell them. */
function fitCurve(
  points: readonly CurvePoint[],
  target: Target,
  start: Curve,
): { curve: Curve; crossing: LevelCrossing } | null {
  const fit = fitOf(points, target, start);
  if (fit.count <= fit.size || points.length < 2) return null;
  let now: State = { place: start.place, logSteepness: log(start.steepness), beta: 0 };
  let squares = squaresAt(fit, now);
  let inverse: readonly Float64Array[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const found = newtonStep(fit, now);
    if (!found) return null;
    inverse = found.inverse;
    const [place, logSteepness, beta = 0] = found.step;
    if (Math.abs(place) * exp(now.logSteepness) < SMALL && Math.abs(logSteepness) < SMALL) break;
    let [next, there] = [now, Infinity];
    for (let part = 1; part > 1e-3 && !(there < squares); part /= 2) {
      next = {
        place: now.place + part * place,
        logSteepness: now.logSteepness + part * Math.max(-1, Math.min(1, logSteepness)),
        beta: now.beta + part * beta,
      };
      there = squaresAt(fit, next);
    }
    if (!(there < squares)) break;
    [now, squares] = [next, there];
  }
  return {
    curve: { place: now.place, steepness: exp(now.logSteepness) },
    crossing: crossingAt(fit, now, squares, inverse),
  };
}

/**
 * The crossing with its errors. The stated one is the jackknife's (HC3; MacKinnon & White, J. Econometrics 29, 1985): it
 * holds for noise that differs from run to run. Where few runs make the mean it is too small just when the mean is:
 * Student's t of a skewed mean has variance 1 + 7/4 skewness² + ... (Gayen, Biometrika 36, 1949), the skewness being that
 * of the mean.
 */
function crossingAt(fit: Fit, state: State, squares: number, columns: readonly Float64Array[]): LevelCrossing {
  const { count, size } = fit;
  const freedom = count - size;
  const variance = [0, 0];
  let [second, third, fourth] = [0, 0, 0];
  linear(fit, state, (row, residual) => {
    const influence = [0, 0, 0];
    let leverage = 0;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) influence[a]! += columns[a]![b]! * row[b]!;
      leverage += influence[a]! * row[a]!;
    }
    second += (influence[0]! * residual) ** 2;
    third += (influence[0]! * residual) ** 3;
    fourth += residual ** 4;
    const square = (residual / Math.max(LEFT, 1 - leverage)) ** 2;
    for (const a of [0, 1]) variance[a]! += square * influence[a]! ** 2;
  });
  const skewness = second > 0 ? third / second ** 1.5 : 0;
  // A spread that few runs make is known as well as one of normal runs with fewer degrees of freedom (Satterthwaite): 2
  // N / (kurtosis - 1).
  const kurtosis = squares > 0 ? (count * fourth) / squares ** 2 : 0;
  return {
    x: state.place,
    se: Math.sqrt(variance[0]! * (1 + 1.75 * skewness * skewness)),
    plain: Math.sqrt((squares / freedom) * columns[0]![0]!),
    freedom: kurtosis > 1 ? Math.min(freedom, (2 * count) / (kurtosis - 1)) : freedom,
    slopeSe: Math.sqrt(variance[1]!),
  };
}

/** Inverse of a symmetric matrix; null when it is not positive definite. */
function inverseOf(normal: Float64Array, size: number): Float64Array[] | null {
  try {
    return Array.from({ length: size }, (_, a) =>
      solvePositiveDefinite(
        normal,
        size,
        Float64Array.from({ length: size }, (_unused, b) => (a === b ? 1 : 0)),
      ),
    );
  } catch {
    return null;
  }
}
