/**
 * The curve that a search fits near a level: mean = floor + (1 - 2 floor) Phi(-exp(u + steepness (x - place))), with u such that the mean at
 * `place` is the level. The error of a linear rule has this form in x = log of the signal: Phi(-c mu^s) has steepness s. What is known of
 * each run before it is made enters as a control of mean zero. Least squares; standard errors from the runs' own residuals (sandwich), so
 * that the noise may differ from place to place.
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
  /** jackknife */
  readonly se: number;
  /** the standard error that all runs would have in common: what a search is measured by */
  readonly plain: number;
  /** degrees of freedom of the spread behind `se` */
  readonly freedom: number;
  /** standard error of the logarithm of the slope */
  readonly slopeSe: number;
}

const INVERSE_SQRT_2PI = 0.3989422804014327;
const ROUNDS = 30;
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
  return { mean: floor + (1 - 2 * floor) * normalTail(z), slope: -(1 - 2 * floor) * INVERSE_SQRT_2PI * exp(-0.5 * z * z) * z };
}

/** The best of some curves through all points, whose crossing lies in the bracket. */
export function roughCurve(points: readonly CurvePoint[], target: Target, [low, high]: readonly [number, number]): Curve {
  const range = points.at(-1)!.x - points[0]!.x;
  const level = argumentAt(target);
  let best: Curve = { place: (low + high) / 2, steepness: 1 / range };
  let least = Infinity;
  for (let steepness = 0.5 / range; steepness < 400 / range; steepness *= 1.4142135623730951) {
    for (let part = 0; part <= 8; part++) {
      const place = low + (part / 8) * (high - low);
      const squares = points.reduce((sum, { x, runs }) => {
        const { mean } = meanAt(level + steepness * (x - place), target.floor);
        return sum + runs.reduce((own, { value }) => own + (value - mean) ** 2, 0);
      }, 0);
      if (squares < least) [least, best] = [squares, { place, steepness }];
    }
  }
  return best;
}

/** Fits in a window that follows the fit; the window of the last round is kept. */
export function crossingNear(points: readonly CurvePoint[], target: Target, start: Curve, windowOf: (curve: Curve) => readonly [number, number]): { curve: Curve; crossing: LevelCrossing | null; count: number } {
  let curve = start;
  let seen = '';
  for (let round = 0; ; round++) {
    const [from, to] = windowOf(curve);
    const inside = points.filter(({ k }) => k >= from && k <= to);
    const count = inside.reduce((sum, { runs }) => sum + runs.length, 0);
    const found = fitCurve(inside, target, curve);
    const moved = found && Math.abs(found.curve.place - curve.place) * curve.steepness < 1 && found.curve.steepness < 3 * start.steepness && found.curve.steepness > start.steepness / 3 ? found : null;
    if (!moved) return { curve, crossing: null, count };
    const now = `${from},${to}`;
    if (now === seen || round >= 6) return { curve: moved.curve, crossing: moved.crossing, count };
    seen = now;
    curve = moved.curve;
  }
}

interface State {
  readonly place: number;
  readonly logSteepness: number;
  /** of the control */
  readonly beta: number;
}

/** Runs before the control's coefficient is fitted. */
const CONTROLLED = 8;

/** Gauss-Newton in place, log steepness and the control's coefficient; null when the runs cannot tell them. */
function fitCurve(points: readonly CurvePoint[], target: Target, start: Curve): { curve: Curve; crossing: LevelCrossing } | null {
  const level = argumentAt(target);
  const runs = points.flatMap(({ x, runs: own }) => own.map((run) => ({ x, ...run })));
  const controls = runs.map(({ control }) => control);
  const controlled = runs.length >= CONTROLLED && Math.max(...controls) > Math.min(...controls);
  const size = controlled ? 3 : 2;
  const freedom = runs.length - size;
  if (freedom < 1 || points.length < 2) return null;
  const atLevel = meanAt(level, target.floor).slope;
  // What differs from run to run moves the curve's argument: where the curve is flatter, runs differ less.
  const weights = runs.map(({ x }) => Math.min(HEAVIEST, atLevel / meanAt(level + start.steepness * (x - start.place), target.floor).slope));
  const linear = ({ place, logSteepness, beta }: State): { rows: number[][]; residuals: number[]; squares: number } => {
    const steepness = exp(logSteepness);
    let squares = 0;
    const rows: number[][] = [];
    const residuals = runs.map(({ x, value, control }, i) => {
      const w = weights[i]!;
      const { mean, slope } = meanAt(level + steepness * (x - place), target.floor);
      const gain = controlled ? (slope / atLevel) * control : 0;
      rows.push([-slope * steepness * w, slope * steepness * (x - place) * w, gain * w].slice(0, size));
      const residual = w * (value - mean - beta * gain);
      squares += residual * residual;
      return residual;
    });
    return { rows, residuals, squares };
  };
  let now: State = { place: start.place, logSteepness: log(start.steepness), beta: 0 };
  let here = linear(now);
  for (let round = 0; round < ROUNDS; round++) {
    const inverse = inverseOf(here.rows, size);
    if (!inverse) return null;
    const right = sumOf(here.rows, here.residuals, size);
    const [place, logSteepness, beta] = inverse.map((row) => row.reduce((sum, value, a) => sum + value * right[a]!, 0)) as [number, number, number?];
    if (Math.abs(place) * exp(now.logSteepness) < SMALL && Math.abs(logSteepness) < SMALL) break;
    let [next, there] = [now, here];
    for (let part = 1; part > 1e-3; part /= 2) {
      next = { place: now.place + part * place, logSteepness: now.logSteepness + part * Math.max(-1, Math.min(1, logSteepness)), beta: now.beta + part * (beta ?? 0) };
      there = linear(next);
      if (there.squares < here.squares) break;
    }
    if (!(there.squares < here.squares)) break;
    [now, here] = [next, there];
  }
  const inverse = inverseOf(here.rows, size);
  if (!inverse) return null;
  // The stated error is the jackknife's (HC3; MacKinnon & White, J. Econometrics 29, 1985): it holds for noise that differs from run to run.
  const variance = [0, 0];
  here.rows.forEach((row, i) => {
    const influence = inverse.map((one) => one.reduce((sum, value, a) => sum + value * row[a]!, 0));
    const leverage = row.reduce((sum, value, a) => sum + value * influence[a]!, 0);
    const square = (here.residuals[i]! / Math.max(LEFT, 1 - leverage)) ** 2;
    for (const a of [0, 1]) variance[a]! += square * influence[a]! ** 2;
  });
  const plain = Math.sqrt((here.squares / freedom) * inverse[0]![0]!);
  return { curve: { place: now.place, steepness: exp(now.logSteepness) }, crossing: { x: now.place, se: Math.sqrt(variance[0]!), plain, freedom, slopeSe: Math.sqrt(variance[1]!) } };
}

const sumOf = (rows: readonly number[][], weights: readonly number[], size: number): number[] => Array.from({ length: size }, (_, a) => rows.reduce((sum, row, i) => sum + row[a]! * weights[i]!, 0));

/** Inverse of the rows' normal matrix; null when it has none. */
function inverseOf(rows: readonly number[][], size: number): Float64Array[] | null {
  const normal = new Float64Array(size * size);
  for (const row of rows) for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) normal[a * size + b]! += row[a]! * row[b]!;
  try {
    return Array.from({ length: size }, (_, a) => solvePositiveDefinite(normal, size, Float64Array.from({ length: size }, (_unused, b) => (a === b ? 1 : 0))));
  } catch {
    return null;
  }
}
