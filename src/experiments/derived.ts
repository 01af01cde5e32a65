/** What follows from a cell's numbers alone and has a name of its own. */
import { controlParameter, signalToNoise } from '../core/control-parameter.ts';
import type { MeasuredId } from '../notation.ts';
import { spectrumSums } from '../core/spectrum.ts';
import { signalAndNoise, type Cell } from './cell.ts';

/** Derived quantities by symbol; null where the cell has no signal or no noise. */
export const DERIVED = {
  S: (cell) => finite(controlParameter(given(cell))),
  SNR: (cell) => finite(signalToNoise(given(cell))),
  noiseTrace: (cell) => finite(covarianceOf(cell).trace),
  noiseTraceSquare: (cell) => finite(covarianceOf(cell).traceSquare),
  noiseNorm: (cell) => finite(covarianceOf(cell).largest),
  traceS: (cell) => finite((cell.data.n * signalAndNoise(cell).mu ** 4) / covarianceOf(cell).traceSquare),
  normS(cell) {
    const { largest, trace } = covarianceOf(cell);
    return finite((cell.data.n * signalAndNoise(cell).mu ** 4) / (largest * trace));
  },
  averagingArgument: (cell) => finite(averagingArgument(cell)),
} as const satisfies Partial<Record<MeasuredId, (cell: Cell) => number | null>>;

export type DerivedId = keyof typeof DERIVED;

/** Those that say something beside S only where some cell's noise has a spectrum. */
export const OF_SPECTRUM: ReadonlySet<string> = new Set([
  'noiseTrace',
  'noiseTraceSquare',
  'noiseNorm',
  'traceS',
  'normS',
  'averagingArgument',
] satisfies DerivedId[]);

/** Traces and norm of Sigma = sigma_p² diag(lambda), before the noise is projected; lambda at the signal, 0 where it is. */
function covarianceOf(cell: Cell) {
  const { data } = cell;
  const variance = signalAndNoise(cell).sigmaP ** 2;
  const { trace, traceSquare, largest, atSignal } = spectrumSums(data, data.d);
  return {
    trace: variance * trace,
    traceSquare: variance * variance * traceSquare,
    largest: variance * largest,
    atSignal: data.projected ? 0 : variance * atSignal,
  };
}

/**
 * x with clean error Phi(-x) of the averaging classifier sum_i y_i x_i, up to the spread of ‖sum_i y_i xi_i‖: its signal is
 * (1 - 2k/n) n mu, its noise N(0, n Sigma), and a fresh noise is seen through both.
 */
function averagingArgument(cell: Cell): number {
  const { n, flip, flips, flipLaw } = cell.data;
  const { mu } = signalAndNoise(cell);
  const { traceSquare, atSignal } = covarianceOf(cell);
  const kept = 1 - (2 * (flipLaw === 'probability' ? n * flip : flips)) / n;
  return (kept * mu * mu) / Math.sqrt(traceSquare / n + kept * kept * mu * mu * atSignal);
}

const given = (cell: Cell) => ({ ...signalAndNoise(cell), n: cell.data.n, d: cell.data.d });

/** No noise makes either infinite; a model of one's own may have neither scale. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
