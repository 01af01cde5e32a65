/** Eigenvalues of the noise covariance sigma_p² diag(lambda). */
import { exp, log } from './special.ts';

/** What names a spectrum. */
export interface SpectrumParameters {
  /**
   * flat: all 1; power: lambda_k proportional to k^-exponent; octaves: the same with k rounded down to a power of 2;
   * spiked: `spikes` of them are spikeSize times the others; in these their mean is 1. list: as given
   */
  readonly spectrum: 'flat' | 'power' | 'octaves' | 'spiked' | 'list';
  /** >= 0, of power and octaves */
  readonly exponent?: number;
  /** in [1, d), of spiked */
  readonly spikes?: number;
  /** > 0, of spiked */
  readonly spikeSize?: number;
  /** of list (none otherwise): `4x10,1x990`, eigenvalue x multiplicity; `*` for the rest of d, once */
  readonly eigenvalues?: string;
  /** number of the group of equal eigenvalues, from 1 on, that the signals lie in; 0 (or absent): the last */
  readonly signalGroup?: number;
}

/** Groups of equal eigenvalues. */
export interface Spectrum {
  readonly values: ArrayLike<number>;
  /** multiplicities, which add up to d unless a list is wrong */
  readonly counts: ArrayLike<number>;
}

/** The groups in order, d of them for a power law. A list need not add up to d: see `multiplicity`. */
export function spectrumOf(parameters: SpectrumParameters, d: number): Spectrum {
  switch (parameters.spectrum) {
    case 'flat':
      return { values: [1], counts: [d] };
    case 'power':
      return { values: powerLaw(d, parameters.exponent ?? 0), counts: new Float64Array(d).fill(1) };
    case 'octaves':
      return octaves(d, parameters.exponent ?? 0);
    case 'spiked': {
      const { spikes = 1, spikeSize = 1 } = parameters;
      const bulk = d / (spikes * spikeSize + (d - spikes));
      return { values: [spikeSize * bulk, bulk], counts: [spikes, d - spikes] };
    }
    case 'list': {
      const groups = (parameters.eigenvalues ?? '').split(',').map((group) => group.split('x') as [string, string]);
      const given = groups.reduce((sum, [, count]) => sum + (count === '*' ? 0 : Number(count)), 0);
      return {
        values: groups.map(([value]) => Number(value)),
        counts: groups.map(([, count]) => (count === '*' ? d - given : Number(count))),
      };
    }
  }
}

/** Sum of the multiplicities. */
export const multiplicity = ({ counts }: Spectrum): number => Array.from(counts).reduce((sum, count) => sum + count, 0);

/** Place of the group that the signals lie in. */
export const signalPlace = ({ signalGroup = 0 }: SpectrumParameters, groups: number): number =>
  signalGroup === 0 ? groups - 1 : signalGroup - 1;

/** k^-a, k = 1..d, over their mean. */
function powerLaw(d: number, a: number): Float64Array {
  const values = Float64Array.from({ length: d }, (_, k) => exp(-a * log(k + 1)));
  const mean = values.reduce((sum, value) => sum + value, 0) / d;
  for (let k = 0; k < d; k++) values[k]! /= mean;
  return values;
}

/** 2^(-a j) for 2^j <= k < 2^(j+1), k = 1..d, over their mean: log2 d groups, and with them a power law free of d. */
function octaves(d: number, a: number): Spectrum {
  const counts: number[] = [];
  for (let first = 1; first <= d; first *= 2) counts.push(Math.min(first, d - first + 1));
  const values = counts.map((_, j) => exp(-a * log(2 ** j)));
  const mean = values.reduce((sum, value, j) => sum + counts[j]! * value, 0) / d;
  return { values: values.map((value) => value / mean), counts };
}

/** What control parameters are made of, at sigma_p = 1. */
export interface SpectrumSums {
  /** tr diag(lambda) */
  readonly trace: number;
  /** tr diag(lambda)² */
  readonly traceSquare: number;
  /** the largest lambda */
  readonly largest: number;
  /** lambda of the signals' group */
  readonly atSignal: number;
}

/** A power law of a million eigenvalues is not summed for every cell that has it. */
const known = new Map<string, SpectrumSums>();
const MOST_KNOWN = 10000;

export function spectrumSums(parameters: SpectrumParameters, d: number): SpectrumSums {
  const { spectrum, exponent, spikes, spikeSize, eigenvalues, signalGroup } = parameters;
  const name = [d, spectrum, exponent, spikes, spikeSize, eigenvalues, signalGroup].join(' ');
  let sums = known.get(name);
  if (!sums) {
    if (known.size > MOST_KNOWN) known.clear();
    known.set(name, (sums = summed(parameters, d)));
  }
  return sums;
}

/** More coordinates than explicit vectors can have. */
const MOST_SUMMED = 1e8;

function summed(parameters: SpectrumParameters, d: number): SpectrumSums {
  if (parameters.spectrum === 'power' && d > MOST_SUMMED)
    return { trace: NaN, traceSquare: NaN, largest: NaN, atSignal: NaN };
  const { values, counts } = spectrumOf(parameters, d);
  let [trace, traceSquare, largest] = [0, 0, 0];
  for (let g = 0; g < values.length; g++) {
    trace += counts[g]! * values[g]!;
    traceSquare += counts[g]! * values[g]! * values[g]!;
    largest = Math.max(largest, values[g]!);
  }
  return { trace, traceSquare, largest, atSignal: values[signalPlace(parameters, values.length)] ?? NaN };
}
