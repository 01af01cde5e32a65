/**
 * Test error where the probability of a flip depends on the noise of the point: plain Monte Carlo of the clean error and,
 * at the same points, of the excess E[(1 - 2p(x)) 1{y f <= 0} + p(x) 1{f = 0}]. The mean of p(x) is p, exactly, and the
 * signal's values and the flip itself are never sampled.
 *
 * What of the noise the filters do not hear is drawn as one number: the length of the rest, chi of as many degrees of
 * freedom as the ambient space has axes beside them, or the rest along the signal. So it costs nothing in d.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { factorRows } from '../core/kernel-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { exponentOf, timesPower2 } from '../core/scale.ts';
import type { Estimate } from '../core/statistics.ts';
import { leaningFlip, marginLean, normLean } from '../core/flip-laws.ts';
import type { FreshLaw, Leaning } from '../data/sample.ts';
import type { TwoLayerView } from '../dynamics/engine.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import type { TestErrorParameters } from './estimator.ts';
import { heardFilters, type FreshOutput } from './fresh-output.ts';
import { countPoints, samplePoints, type Weighing } from './points.ts';

type OnNoise = Exclude<Leaning, { readonly by: 'class' }>;
type OnNoiseLaw = FreshLaw & { readonly leaning: OnNoise };

export const leansOnNoise = (fresh: FreshLaw): fresh is OnNoiseLaw =>
  fresh.leaning !== undefined && fresh.leaning.by !== 'class';

/** @throws RangeError for another estimator than `points` */
export function onlyPoints({ leaning: { by } }: OnNoiseLaw, estimator: TestErrorParameters['estimator']): void {
  if (estimator !== 'points') throw new RangeError(`flips that lean by ${by} are counted by points, not ${estimator}`);
}

/** @throws RangeError for another estimator than `points` */
export function leaningError(
  view: TwoLayerView,
  fresh: OnNoiseLaw,
  output: FreshOutput,
  { estimator, points }: TestErrorParameters,
  key: StreamKey,
): ErrorEstimate {
  onlyPoints(fresh, estimator);
  // No noise is heard: whatever it is, f is the same, and so is the mean of p(x).
  if (output.l.every((x) => x === 0)) return samplePoints(output, 2, key);
  const { draw, weigh } = leaningDraws(view, fresh, output, new Stream(key, 'test'));
  return countPoints(output, points, draw, weigh);
}

/**
 * Draws the noise's products with the filters and returns what the flip of the point depends on, which `weigh` makes a
 * probability of: the lean of its length, or u along the signal.
 */
export function leaningDraws(
  view: TwoLayerView,
  { leaning, flip, noisy }: OnNoiseLaw,
  output: FreshOutput,
  stream: Stream,
): { readonly draw: (g: Float64Array) => number; readonly weigh: Weighing } {
  const { filters } = output;
  const { l, rank } = leaning.by === 'norm' ? output : withAxis(view, noisy[0]!, leaning.axis, output);
  const z = new Float64Array(rank);
  const product = (r: number): number => dotRows(l, r * rank, z, 0, Math.min(rank, r + 1));
  const draw = (g: Float64Array): number => {
    for (let k = 0; k < rank; k++) z[k] = stream.normal();
    for (let r = 0; r < filters; r++) g[r] = product(r);
    if (leaning.by === 'margin') return product(filters);
    const others = leaning.freedom - rank;
    const far = others > 0 ? stream.chi(others) : 0;
    return normLean(leaning.freedom, dotRows(z, 0, z, 0, rank) + far * far);
  };
  const lean = (label: number, seen: number): number => (leaning.by === 'margin' ? marginLean(label * seen) : seen);
  return { draw, weigh: new Excess((label, seen) => leaningFlip(flip, leaning.tilt, lean(label, seen))) };
}

/** The factor of `FreshOutput` with one row more: the noise along a frame axis, in units of sigma. */
function withAxis(
  view: TwoLayerView,
  { patch, sigma, projectedAxes }: FreshLaw['noisy'][number],
  axis: number,
  { filters, units }: FreshOutput,
): { readonly l: Float64Array; readonly rank: number } {
  const { rows, columns } = view.weights();
  const kept = Array.from({ length: columns }, (_, k) => k).filter((k) => !projectedAxes.includes(k));
  const own = exponentOf(sigma);
  const mantissa = timesPower2(sigma, -own);
  const all = new Float64Array((filters + 1) * kept.length);
  heardFilters(view, patch).forEach((r, at) =>
    kept.forEach(
      (k, to) => (all[at * kept.length + to] = mantissa * timesPower2(rows[r * columns + k]!, own - units!.heights)),
    ),
  );
  all[filters * kept.length + kept.indexOf(axis)] = 1;
  return factorRows(all, filters + 1, kept.length);
}

/** (1 - 2p(x)) 1{y f <= 0} + p(x) 1{f = 0}, summed over the atoms of each point. */
class Excess implements Weighing {
  private readonly flip: (label: number, seen: number) => number;
  private point = 0;
  private sum = 0;
  private squares = 0;
  private points = 0;

  constructor(flip: (label: number, seen: number) => number) {
    this.flip = flip;
  }

  see({ label, probability }: Parameters<Weighing['see']>[0], f: number, seen: number): void {
    if (label * f > 0) return;
    const p = this.flip(label, seen);
    this.point += probability * (1 - 2 * p + (f === 0 ? p : 0));
  }

  next(): void {
    this.sum += this.point;
    this.squares += this.point * this.point;
    this.points++;
    this.point = 0;
  }

  estimate(): Estimate {
    const mean = this.sum / this.points;
    return { mean, se: Math.sqrt(Math.max(0, this.squares / this.points - mean * mean) / (this.points - 1)) };
  }
}
