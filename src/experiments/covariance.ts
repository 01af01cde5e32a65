/** Traces and norm of the noise covariance Sigma = sigma_p² diag(lambda), before the noise is projected. */
import { spectrumSums, type SpectrumParameters } from '../core/spectrum.ts';
import { PARAMETERS } from '../notation.ts';
import type { Value } from './cell.ts';
import type { DataParameters } from './data-model.ts';
import { modelOf, type ModelId } from './models.ts';

/** By symbol. */
export const OF_COVARIANCE = ['noiseTrace', 'noiseTraceSquare', 'noiseNorm'] as const;
type OfCovariance = (typeof OF_COVARIANCE)[number];

export const isOfCovariance = (id: string): id is OfCovariance => (OF_COVARIANCE as readonly string[]).includes(id);

interface Sums extends Readonly<Record<OfCovariance, number>> {
  /** eigenvalue of Sigma at the signals */
  readonly atSignal: number;
}

export function sumsOf(data: SpectrumParameters & { readonly d: number }, sigmaP: number): Sums {
  const variance = sigmaP * sigmaP;
  const { trace, traceSquare, largest, atSignal } = spectrumSums(data, data.d);
  return {
    noiseTrace: variance * trace,
    noiseTraceSquare: variance * variance * traceSquare,
    noiseNorm: variance * largest,
    atSignal: variance * atSignal,
  };
}

/** What a spectrum, and the scale of the noise, are made of. */
const READ = ['d', 'spectrum', 'exponent', 'spikes', 'spikeSize', 'eigenvalues', 'model', 'sigmaP', 'share'] as const;

/** From the values of a cell that is not built yet; undefined where they do not give it. */
export function covarianceOf(id: OfCovariance, valueAt: (path: string) => Value | undefined): number | undefined {
  const data = Object.fromEntries(READ.map((key) => [key, valueAt(`data.${key}`) ?? defaultOf(key)]));
  if (typeof data['d'] !== 'number' || (data['spectrum'] === 'list' && data['eigenvalues'] === 'none'))
    return undefined;
  const known = data as unknown as DataParameters & { readonly model: ModelId };
  const found = sumsOf(known, modelOf(known).scales(known).sigmaP)[id];
  return Number.isFinite(found) && found > 0 ? found : undefined;
}

const defaultOf = (key: (typeof READ)[number]): Value | undefined => PARAMETERS.get(`data.${key}`)!.entry.default;
