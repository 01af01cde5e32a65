/**
 * P(f = 0) by itself: the chance that no filter is active, of the atoms that only the noise can make speak. Lines meet
 * that region now and then, which makes their estimates skewed; here every point counts, because the coordinates are
 * drawn one after the other from what the filters so far leave of them (separation of variables: Genz, J. Comput.
 * Graph. Stat. 1, 1992), and the product of the shares left is the estimate.
 */
import { latticeGenerator } from '../core/lattice.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { normalQuantile, normalTail } from '../core/special.ts';
import { chiTailQuantile } from '../core/student.ts';
import { neverSilent } from '../network/activation.ts';
import type { FreshOutput } from './fresh-output.ts';
import { intervalProbability } from './line-errors.ts';
import type { LineSize } from './parallel-lines.ts';
import { quietMass } from './silence.ts';

/** Streams of purpose `test` behind those of the lines. */
const SILENT_STREAM = 1024;
/**
 * Independent lattices in one mean. In one coordinate the error of a single one is uniform rather than normal, and
 * Student's intervals from 8 shifts then cover .939 instead of .944.
 */
const COPIES = 2;
/** A point costs as much as some lines, and tells more about f = 0 than they do. */
const LINES_A_POINT = 2;
const LEAST = 5.551115123125783e-17;

/** Estimates from independent shifts; undefined where f = 0 has no probability. */
export function silentShares(output: FreshOutput, { lines, shifts }: LineSize, key: StreamKey): number[] | undefined {
  const { rank, activation, groups, noise } = output;
  const mass = quietMass(output);
  if (!mass || neverSilent(activation)) return undefined;
  // Student noise is normal noise over an independent scale, which needs a coordinate of its own.
  const first = noise ? 1 : 0;
  const points = Math.ceil(lines / (COPIES * LINES_A_POINT));
  const generator = latticeGenerator(points, rank + first);
  const offset = new Float64Array(rank + first);
  const x = new Float64Array(rank + first);
  const z = new Float64Array(rank);
  return Array.from({ length: shifts }, (_, shift) => {
    const stream = new Stream(key, 'test', SILENT_STREAM + shift);
    let sum = 0;
    for (let i = 0; i < COPIES * points; i++) {
      if (i % points === 0) for (let k = 0; k < offset.length; k++) offset[k] = stream.uniform();
      for (let k = 0; k < x.length; k++) {
        const place = ((i * generator[k]!) % points) / points + offset[k]!;
        x[k] = Math.max(place < 1 ? place : place - 1, LEAST);
      }
      const scale = noise ? chiTailQuantile(noise.nu, x[0]!) / Math.sqrt(noise.nu - 2) : 1;
      for (let group = 0; group < mass.length; group++)
        if (mass[group]! > 0) sum += mass[group]! * silence(output, groups[group]!, scale, x, first, z);
    }
    return sum / (COPIES * points);
  });
}

/** Product of the shares that L z <= -scale * shift leaves, z drawn with the uniform numbers x from x[first] on. */
function silence(
  { filters, rank, l }: FreshOutput,
  shift: Float64Array,
  scale: number,
  x: Float64Array,
  first: number,
  z: Float64Array,
): number {
  let probability = 1;
  // Filter k is the first to see coordinate k, and alone.
  for (let k = 0; k < rank - 1; k++) {
    let room = -scale * shift[k]!;
    for (let j = 0; j < k; j++) room -= l[k * rank + j]! * z[j]!;
    const slope = l[k * rank + k]!;
    if (slope === 0) {
      if (room < 0) return 0;
      z[k] = normalQuantile(x[first + k]!);
      continue;
    }
    const share = normalTail(slope > 0 ? -room / slope : room / slope);
    probability *= share;
    if (!(probability > 0)) return 0;
    const inner = normalQuantile(Math.max(Number.MIN_VALUE, share * x[first + k]!));
    z[k] = slope > 0 ? inner : -inner;
  }
  // The last coordinate has all filters that are left.
  let low = -Infinity;
  let high = Infinity;
  const last = Math.max(0, rank - 1);
  for (let r = last; r < filters; r++) {
    let room = -scale * shift[r]!;
    for (let j = 0; j < last; j++) room -= l[r * rank + j]! * z[j]!;
    const slope = rank > 0 ? l[r * rank + last]! : 0;
    if (slope > 0) high = Math.min(high, room / slope);
    else if (slope < 0) low = Math.max(low, room / slope);
    else if (room < 0) return 0;
  }
  return low < high ? probability * intervalProbability(low, high) : 0;
}
