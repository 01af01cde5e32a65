/**
 * Test error where the noise is not Gaussian: plain Monte Carlo, the signal's values and the label flip still exact.
 */
import { COORDINATE_LAWS, subsetsOf, tScale, type CoordinateLaw } from '../core/noise-laws.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { arrayTimesPower2 } from '../core/scale.ts';
import type { FreshLaw, OtherNoise } from '../data/sample.ts';
import type { TwoLayerView } from '../dynamics/engine.ts';
import type { ErrorEstimate } from './error-estimate.ts';
import { heardFilters, type FreshOutput } from './fresh-output.ts';
import { countPoints } from './points.ts';

/**
 * @param points noise vectors, each seen with every signal atom
 * @throws RangeError for Gaussian noise
 */
export function sampleOtherNoise(
  view: TwoLayerView,
  fresh: FreshLaw,
  output: FreshOutput,
  points: number,
  key: StreamKey,
): ErrorEstimate {
  return countPoints(output, points, otherDraws(view, fresh, output, new Stream(key, 'test')));
}

/**
 * Writes the noise's products with the filters for one point after the other.
 *
 * @throws RangeError for Gaussian noise
 */
export function otherDraws(
  view: TwoLayerView,
  fresh: FreshLaw,
  output: FreshOutput,
  stream: Stream,
): (g: Float64Array) => void {
  if (!fresh.noise) throw new RangeError('the noise is Gaussian');
  return fresh.noise.law === 'student-t'
    ? heavyTailed(output, fresh.noise.nu, stream)
    : coordinateWise(view, fresh, output, fresh.noise, stream);
}

/** <w_r, xi> of a multivariate t: the Gaussian products times one random scale a noisy patch, free of d. */
function heavyTailed({ filters, rank, l, blocks }: FreshOutput, nu: number, stream: Stream): (g: Float64Array) => void {
  const z = new Float64Array(rank);
  const scales = new Float64Array(filters);
  return (g) => {
    let [row, column] = [0, 0];
    for (const block of blocks ?? [{ filters, rank }]) {
      scales.fill(tScale(nu, stream), row, (row += block.filters));
      for (const end = column + block.rank; column < end; column++) z[column] = stream.normal();
    }
    for (let r = 0; r < filters; r++) {
      let sum = 0;
      for (let k = 0; k < Math.min(rank, r + 1); k++) sum += l[r * rank + k]! * z[k]!;
      g[r] = scales[r]! * sum;
    }
  };
}

/** <w_r, xi> coordinate by coordinate; the frame is the standard basis. */
function coordinateWise(
  view: TwoLayerView,
  { noisy }: FreshLaw,
  { units }: FreshOutput,
  { law, sparsity }: OtherNoise,
  stream: Stream,
): (g: Float64Array) => void {
  const { rows: all, columns } = view.weights();
  const rows = arrayTimesPower2(all, -units!.heights);
  const heard = noisy.map(({ patch }) => heardFilters(view, patch));
  if (law === 'sparse') {
    const supports = noisy.map(({ projectedAxes }) =>
      subsetsOf(
        Array.from({ length: columns }, (_, k) => k).filter((k) => !projectedAxes.includes(k)),
        sparsity!,
      ),
    );
    const xi = new Float64Array(sparsity!);
    return (g) => {
      let at = 0;
      noisy.forEach(({ sigma }, p) => {
        const support = supports[p]!(stream);
        for (let k = 0; k < xi.length; k++) xi[k] = sigma * stream.normal();
        for (const r of heard[p]!) {
          let sum = 0;
          for (let k = 0; k < xi.length; k++) sum += rows[r * columns + support[k]!]! * xi[k]!;
          g[at++] = sum;
        }
      });
    };
  }
  const xi = new Float64Array(columns);
  const coordinate = COORDINATE_LAWS[law as CoordinateLaw];
  return (g) => {
    let at = 0;
    noisy.forEach(({ sigma, projectedAxes }, p) => {
      for (let k = 0; k < columns; k++) xi[k] = sigma * coordinate(stream);
      for (const axis of projectedAxes) xi[axis] = 0;
      for (const r of heard[p]!) {
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += rows[r * columns + k]! * xi[k]!;
        g[at++] = sum;
      }
    });
  };
}
