/**
 * Test error where the noise is not Gaussian: plain Monte Carlo, the signal's values and the label flip still exact.
 */
import { productCoordinate, tScale } from '../core/noise-laws.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import type { Estimate } from '../core/statistics.ts';
import type { FreshLaw } from '../data/sample.ts';
import type { View } from '../dynamics/engine.ts';
import { activate } from '../network/activation.ts';
import type { FreshOutput } from './fresh-output.ts';

/**
 * @param points noise vectors, each seen with every signal atom
 * @throws RangeError for Gaussian noise
 */
export function sampleOtherNoise(
  view: View,
  fresh: FreshLaw,
  output: FreshOutput,
  points: number,
  key: StreamKey,
): Estimate {
  if (!fresh.noise) throw new RangeError('the noise is Gaussian');
  const { filters, outputWeights, activation, groups, atoms } = output;
  const stream = new Stream(key, 'test');
  const products =
    fresh.noise.law === 'student-t'
      ? heavyTailed(output, fresh.noise.nu, stream)
      : coordinateWise(view, fresh, fresh.noise.law, stream);
  const g = new Float64Array(filters);
  const noise = new Float64Array(2 * groups.length); // per group: even and odd filters
  let sum = 0;
  let squares = 0;
  for (let t = 0; t < points; t++) {
    products(g);
    noise.fill(0);
    for (let r = 0; r < filters; r++) {
      for (let group = 0; group < groups.length; group++)
        noise[2 * group + (r & 1)]! += outputWeights[r]! * activate(activation, g[r]! + groups[group]![r]!);
    }
    let wrong = 0;
    for (const atom of atoms)
      if (!(atom.label * (atom.fixed + (noise[2 * atom.group]! + noise[2 * atom.group + 1]!)) > 0))
        wrong += atom.probability;
    sum += wrong;
    squares += wrong * wrong;
  }
  const mean = sum / points;
  return { mean, se: Math.sqrt(Math.max(0, squares / points - mean * mean) / (points - 1)) };
}

/** <w_r, xi> of a multivariate t: the Gaussian products times one random scale, free of d. */
function heavyTailed({ filters, rank, l }: FreshOutput, nu: number, stream: Stream): (g: Float64Array) => void {
  const z = new Float64Array(rank);
  return (g) => {
    const scale = tScale(nu, stream);
    for (let k = 0; k < rank; k++) z[k] = stream.normal();
    for (let r = 0; r < filters; r++) {
      let sum = 0;
      for (let k = 0; k < Math.min(rank, r + 1); k++) sum += l[r * rank + k]! * z[k]!;
      g[r] = scale * sum;
    }
  };
}

/** <w_r, xi> coordinate by coordinate; the frame is the standard basis. */
function coordinateWise(
  view: View,
  { sigma, projectedAxes }: FreshLaw,
  law: 'rademacher' | 'uniform',
  stream: Stream,
): (g: Float64Array) => void {
  const { rows, columns } = view.weights();
  const xi = new Float64Array(columns);
  return (g) => {
    for (let k = 0; k < columns; k++) xi[k] = sigma * productCoordinate(law, stream);
    for (const axis of projectedAxes) xi[axis] = 0;
    for (let r = 0; r < g.length; r++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += rows[r * columns + k]! * xi[k]!;
      g[r] = sum;
    }
  };
}
