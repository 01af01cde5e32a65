/** Plain Monte Carlo in the kernel: `samplePoints` of points.ts, bit by bit. */
import { kernel, LARGEST } from '../core/kernel.ts';
import { writeName } from '../core/kernel-random.ts';
import { PURPOSES, type StreamKey } from '../core/random.ts';
import type { FreshOutput } from './fresh-output.ts';

/** As in assembly/points.ts. */
const HEADER = 128;
const BLOCK = 8;
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
  const { filters, rank, l, outputWeights, activation, groups, atoms } = output;
  if (activation.kind === 'smoothed-leaky' || filters * (rank + groups.length) > LARGEST) return undefined;
  const host = kernel();
  host.freeScratch();
  const header = host.take(HEADER);
  const name = host.take(20);
  // In the order of the fields in assembly/points.ts.
  const lengths = [
    filters * rank,
    filters,
    groups.length * filters,
    4 * atoms.length,
    BLOCK * rank,
    2 * BLOCK * groups.length,
    BLOCK,
    BLOCK,
  ];
  const addresses = lengths.map((length) => host.take(8 * length));
  const { i32, f64 } = host;
  const linear = activation.kind === 'piecewise-linear';
  i32.set([filters, rank, groups.length, atoms.length, linear ? 0 : activation.power, 0], header / 4);
  f64.set([0, 0, 0, 0, 0, linear ? activation.leak : 0], header / 8 + 3);
  i32.set(addresses, header / 4 + 18);
  writeName(key, i32, name / 4);
  const [atL, atWeights, atOffsets, atAtoms] = addresses.map((address) => address / 8) as [
    number,
    number,
    number,
    number,
  ];
  f64.set(l, atL);
  f64.set(outputWeights, atWeights);
  groups.forEach((offset, group) => f64.set(offset, atOffsets + group * filters));
  atoms.forEach((atom, at) => f64.set([atom.probability, atom.label, atom.fixed, atom.group], atAtoms + 4 * at));
  host.exports.startPoints(name, PURPOSES.test);
  for (let done = 0; done < points; done += CALL) host.exports.samplePoints(header, Math.min(CALL, points - done));
  const [wrong, wrongSquares, zero, zeroSquares, products] = f64.subarray(
    header / 8 + 3,
    header / 8 + 8,
  ) as unknown as [number, number, number, number, number];
  return { wrong, wrongSquares, zero, zeroSquares, products };
}
