/** Line sampling in the kernel: `plainSums` of lines.ts, bit by bit. */
import { kernel } from '../core/kernel.ts';
import { writeName } from '../core/kernel-random.ts';
import { latticeGenerator } from '../core/lattice.ts';
import { PURPOSES, type StreamKey } from '../core/random.ts';
import type { FreshOutput } from './fresh-output.ts';
import type { LineSize, LineSums } from './parallel-lines.ts';
import { quietMass } from './silence.ts';

const HEADER = 192;
/** Place of the quiet masses among the addresses; an address of 0 says that there are none. */
const QUIET = 7;

/** No sum or product of a few of them leaves the floating-point range, so that no kink is NaN. */
function moderate(array: Float64Array): boolean {
  for (let i = 0; i < array.length; i++) if (!(Math.abs(array[i]!) < 1e100)) return false;
  return true;
}

/**
 * Undefined where only the reference will do: numbers beyond the floating-point range, and a leaky network that is 0
 * everywhere.
 *
 * @param watched filters, in order
 */
export function lineSums(
  output: FreshOutput,
  { lines, shifts, weights }: LineSize,
  watched: readonly number[],
  key: StreamKey,
): LineSums | undefined {
  const { filters, rank, l, outputWeights, activation, groups, atoms } = output;
  if (activation.kind !== 'piecewise-linear') return undefined;
  if (!moderate(l) || !groups.every(moderate) || !moderate(outputWeights)) return undefined;
  const quiet = quietMass(output);
  // A leaky filter is silent nowhere but where it has no height at all.
  if (quiet && activation.leak !== 0 && l.every((x) => x === 0)) return undefined;
  const listens = quiet !== undefined && activation.leak === 0;
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
    shifts, // given, and the results
    shifts,
    listens ? groups.length : 0,
    Math.ceil(watched.length / 2),
    2 * watched.length,
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
  i32.set([filters, rank, lines, shifts, groups.length, atoms.length, PURPOSES.test, watched.length], header / 4);
  f64[header / 8 + 4] = activation.leak;
  i32[header / 4 + 10] = name;
  i32.set(addresses, header / 4 + 11);
  writeName(key, i32, name / 4);
  const [atL, atWeights, atOffsets, atAtoms, atGenerator, atMeans, atZeros, atQuiet, atWatched, atReached] =
    addresses.map((address) => address / 8) as [
      number,
      number,
      number,
      number,
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
  if (listens) f64.set(quiet, atQuiet);
  else i32[header / 4 + 11 + QUIET] = 0;
  i32.set(watched, 2 * atWatched);
  host.exports.sampleLines(header);
  return {
    wrong: Array.from(f64.subarray(atMeans, atMeans + shifts)),
    zero: Array.from(f64.subarray(atZeros, atZeros + shifts)),
    reached: f64.slice(atReached, atReached + 2 * watched.length),
  };
}
