/** Plain Monte Carlo in the kernel: `samplePoints` of points.ts, bit by bit. */
import { constants, layout, sizes } from '../core/kernel.layout.ts';
import { kernel, LARGEST } from '../core/kernel.ts';
import { takeName } from '../core/kernel-random.ts';
import { takeStruct } from '../core/kernel-struct.ts';
import { PURPOSES, type StreamKey } from '../core/random.ts';
import type { FreshOutput } from './fresh-output.ts';
import { outputLengths, writeOutput } from './kernel-output.ts';

const { PointSampling } = layout;
const { POINTS } = constants;
/**
 * Points in one call: a few milliseconds at most for usual networks, so that the engine can put faster code in place
 * between calls.
 */
const CALL = 4096;

/** Over the points, of the shares of atoms that are wrong and that are exactly 0. */
export interface PointSums {
  readonly wrong: number;
  readonly wrongSquares: number;
  readonly zero: number;
  readonly zeroSquares: number;
  readonly products: number;
}

/** Undefined for the smoothed activation, and for what the kernel's memory does not hold. */
export function pointSums(output: FreshOutput, points: number, key: StreamKey): PointSums | undefined {
  const { filters, rank, activation, groups } = output;
  if (activation.kind === 'smoothed-leaky' || activation.kind === 'own' || filters * (rank + groups.length) > LARGEST)
    return undefined;
  const host = kernel();
  host.freeScratch();
  const name = takeName(key);
  const sampling = takeStruct(PointSampling, sizes.PointSampling, {
    z: POINTS * rank,
    noise: 2 * POINTS * groups.length,
    wrong: POINTS,
    zero: POINTS,
    ...outputLengths(output),
  });
  const linear = activation.kind === 'piecewise-linear';
  writeOutput(sampling, output, linear ? activation.leak : 0);
  sampling.set(PointSampling.power, linear ? 0 : activation.power);
  host.exports.startPoints(name, PURPOSES.test);
  for (let done = 0; done < points; done += CALL) host.exports.samplePoints(sampling.at, Math.min(CALL, points - done));
  return {
    wrong: sampling.get(PointSampling.sum),
    wrongSquares: sampling.get(PointSampling.squares),
    zero: sampling.get(PointSampling.zeroSum),
    zeroSquares: sampling.get(PointSampling.zeroSquares),
    products: sampling.get(PointSampling.products),
  };
}
