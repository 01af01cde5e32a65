/** Line sampling in the kernel: `plainSums` of lines.ts, bit by bit. */
import { layout, sizes } from '../core/kernel.layout.ts';
import { kernel } from '../core/kernel.ts';
import { takeName } from '../core/kernel-random.ts';
import { takeStruct, type Pointer } from '../core/kernel-struct.ts';
import { latticeGenerator } from '../core/lattice.ts';
import { PURPOSES, type StreamKey } from '../core/random.ts';
import type { FreshOutput } from './fresh-output.ts';
import { outputLengths, writeOutput } from './kernel-output.ts';
import type { LineSize, LineSums } from './parallel-lines.ts';
import { quietMass } from './silence.ts';

const { LineSampling } = layout;

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
  const { filters, rank, l, outputWeights, activation, groups } = output;
  if (activation.kind !== 'piecewise-linear') return undefined;
  if (!moderate(l) || !groups.every(moderate) || !moderate(outputWeights)) return undefined;
  const quiet = quietMass(output);
  // A leaky filter is silent nowhere but where it has no height at all.
  if (quiet && activation.leak !== 0 && l.every((x) => x === 0)) return undefined;
  const listens = quiet !== undefined && activation.leak === 0;
  const host = kernel();
  host.freeScratch();
  const name = takeName(key);
  const segments = filters + 2;
  const sampling = takeStruct(LineSampling, sizes.LineSampling, {
    name: undefined,
    generator: rank,
    means: shifts,
    zeros: shifts,
    quiet: listens ? groups.length : undefined,
    watchedFilters: Math.ceil(watched.length / 2),
    reached: 2 * watched.length,
    direction: rank,
    slopes: filters,
    shift: rank,
    z: 4 * rank,
    heights: 4 * filters,
    line: filters,
    kinks: segments,
    order: segments,
    kinksBeside: segments,
    orderBeside: segments,
    segmentHeights: segments,
    segmentSlopes: segments,
    segmentEnds: segments,
    residues: rank,
    tails: 8 * rank + 2,
    turns: 4 * filters,
    ...outputLengths(output),
  });
  writeOutput(sampling, output, activation.leak);
  sampling.set(LineSampling.lines, lines);
  sampling.set(LineSampling.shifts, shifts);
  sampling.set(LineSampling.purpose, PURPOSES.test);
  sampling.set(LineSampling.watched, watched.length);
  sampling.point(LineSampling.name, name);
  const { i32, f64 } = host;
  f64.set(latticeGenerator(lines, rank, weights).slice(0, rank), sampling.array(LineSampling.generator));
  if (listens) f64.set(quiet, sampling.array(LineSampling.quiet));
  i32.set(watched, 2 * sampling.array(LineSampling.watchedFilters));
  host.exports.sampleLines(sampling.at);
  const numbers = (array: Pointer, length: number): Float64Array =>
    f64.slice(sampling.array(array), sampling.array(array) + length);
  return {
    wrong: Array.from(numbers(LineSampling.means, shifts)),
    zero: Array.from(numbers(LineSampling.zeros, shifts)),
    reached: numbers(LineSampling.reached, 2 * watched.length),
  };
}
