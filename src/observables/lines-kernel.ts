/** Line sampling in the kernel: `sampleLines` of test-error.ts, bit by bit. */
import { kernel } from '../core/kernel.ts';
import { writeName } from '../core/kernel-random.ts';
import { latticeGenerator, type LatticeWeights } from '../core/lattice.ts';
import { PURPOSES, type StreamKey } from '../core/random.ts';
import type { FreshOutput } from './fresh-output.ts';

const HEADER = 192;

/** No sum or product of a few of them leaves the floating-point range, so that no kink is NaN. */
function moderate(array: Float64Array): boolean {
  for (let i = 0; i < array.length; i++) if (!(Math.abs(array[i]!) < 1e100)) return false;
  return true;
}

/**
 * The error's estimate from each random shift; undefined where only the reference will do: numbers beyond the
 * floating-point range.
 */
export function lineMeans(
  output: FreshOutput,
  { lines, shifts, weights }: { readonly lines: number; readonly shifts: number; readonly weights?: LatticeWeights },
  key: StreamKey,
): number[] | undefined {
  const { filters, rank, l, outputWeights, activation, groups, atoms } = output;
  if (activation.kind !== 'piecewise-linear') return undefined;
  if (!moderate(l) || !groups.every(moderate) || !moderate(outputWeights)) return undefined;
  const host = kernel();
  host.freeScratch();
  const header = host.take(HEADER);
  const name = host.take(20);
  // In the order of the fields in assembly/line-sampling.ts.
  const lengths = [
    filters * rank,
    filters,
    groups.length * filters,
    4 * atoms.length,
    rank,
    shifts, // given, and the result
    rank,
    filters,
    rank,
    4 * rank,
    4 * filters,
    filters,
    filters + 2,
    filters + 2,
    filters + 2,
    filters + 2,
    filters + 2,
    filters + 2,
    filters + 2,
    rank,
    8 * rank + 2,
    4 * filters, // scratch
  ];
  const addresses = lengths.map((length) => host.take(8 * length));
  const { i32, f64 } = host;
  i32.set([filters, rank, lines, shifts, groups.length, atoms.length, PURPOSES.test, 0], header / 4);
  f64[header / 8 + 4] = activation.leak;
  i32[header / 4 + 10] = name;
  i32.set(addresses, header / 4 + 11);
  writeName(key, i32, name / 4);
  const [atL, atWeights, atOffsets, atAtoms, atGenerator, atMeans] = addresses.map((address) => address / 8) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  f64.set(l, atL);
  f64.set(outputWeights, atWeights);
  groups.forEach((offset, group) => f64.set(offset, atOffsets + group * filters));
  atoms.forEach((atom, at) => f64.set([atom.probability, atom.label, atom.fixed, atom.group], atAtoms + 4 * at));
  const generator = latticeGenerator(lines, rank, weights);
  for (let k = 0; k < rank; k++) f64[atGenerator + k] = generator[k]!;
  host.exports.sampleLines(header);
  return Array.from(f64.subarray(atMeans, atMeans + shifts));
}
