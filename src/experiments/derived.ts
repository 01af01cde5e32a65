/** What follows from a cell's numbers alone and has a name of its own. */
import { controlParameter, signalToNoise } from '../core/control-parameter.ts';
import { isCounted, meanFlip } from '../core/flip-laws.ts';
import type { MeasuredId } from '../notation.ts';
import { signalAndNoise, type Cell } from './cell.ts';
import { OF_COVARIANCE, sumsOf } from './covariance.ts';
import { modelOf, noisesOf } from './models.ts';
import { hasRealLabels } from './real-labels.ts';

/** Derived quantities by symbol; null where the cell has no signal or no noise. */
export const DERIVED = {
  S: (cell) => finite(controlParameter(given(cell))),
  SNR: (cell) => finite(signalToNoise(given(cell))),
  noiseTrace: (cell) => finite(covariance(cell).noiseTrace),
  noiseTraceSquare: (cell) => finite(covariance(cell).noiseTraceSquare),
  noiseNorm: (cell) => finite(covariance(cell).noiseNorm),
  traceS: (cell) => finite((cell.data.n * signalAndNoise(cell).mu ** 4) / covariance(cell).noiseTraceSquare),
  normS(cell) {
    const { noiseNorm, noiseTrace } = covariance(cell);
    return finite((cell.data.n * signalAndNoise(cell).mu ** 4) / (noiseNorm * noiseTrace));
  },
  averagingArgument: (cell) => finite(averagingArgument(cell)),
  noisyPatches: ({ data }) => (modelOf(data).reads.includes('patches') ? noisesOf(data) : null),
} as const satisfies Partial<Record<MeasuredId, (cell: Cell) => number | null>>;

export type DerivedId = keyof typeof DERIVED;

const hasSpectrum = ({ data }: Cell): boolean => data.spectrum !== 'flat';
const hasPatches = ({ data }: Cell): boolean => noisesOf(data) > 1;
const ofSpectrum = (ids: readonly DerivedId[]): [DerivedId, (cell: Cell) => boolean][] =>
  ids.map((id) => [id, hasSpectrum]);

/** Those that say something beside S, n, d, ... only where some cell is like this. */
export const ONLY_WHERE: ReadonlyMap<string, (cell: Cell) => boolean> = new Map<string, (cell: Cell) => boolean>([
  ...ofSpectrum([...OF_COVARIANCE, 'traceS', 'normS']),
  ['averagingArgument', (cell) => hasSpectrum(cell) || hasPatches(cell) || cell.data.signals > 1],
  ['noisyPatches', hasPatches],
]);

/**
 * x with clean error Phi(-x) of the averaging classifier sum_i y_i x_i, up to what its own draw adds: its signal is
 * (1 - 2k/n) n mu and its noise N(0, n Sigma), whose length in the norm of Sigma is close to its mean where tr(Sigma⁴) is
 * far below tr(Sigma²)². Several noisy patches are seen as their sum, of covariance (P - 1) Sigma in training and on
 * fresh points. Of K signals one is shown in n_k ~ Bin(n, 1/K) points, which adds the variance of (1 - 2k/n) n_k mu. NaN
 * where no form is known.
 */
function averagingArgument(cell: Cell): number {
  const { n, flips, flipLaw, projected, signals: K } = cell.data;
  const { averaging } = modelOf(cell.data);
  // Flips by the margin tell of the noise along the signal, which then no longer averages out.
  if (averaging === undefined || flipLaw === 'by-margin' || hasRealLabels(cell)) return NaN;
  const { mu } = signalAndNoise(cell);
  const { noiseTraceSquare, atSignal } = covariance(cell);
  const kept = 1 - 2 * (isCounted(flipLaw) ? flips / n : meanFlip(cell.data));
  const along = averaging === 'sum' && !projected ? atSignal : 0;
  const ofNoise = (noisesOf(cell.data) ** 2 * noiseTraceSquare) / n;
  const ofShares = K > 1 ? ((kept * mu * mu) ** 2 * (K - 1)) / (K * K * n) : 0;
  return (kept * mu * mu) / K / Math.sqrt(ofNoise + kept * kept * mu * mu * along + ofShares);
}

const covariance = (cell: Cell) => sumsOf(cell.data, signalAndNoise(cell).sigmaP);

const given = (cell: Cell) => ({ ...signalAndNoise(cell), n: cell.data.n, d: cell.data.d });

/** No noise makes either infinite; a model of one's own may have neither scale. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
