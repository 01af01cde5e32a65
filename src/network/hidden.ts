/**
 * Hidden layers above the filters: a network of depth L >= 3.
 *
 *   x_1 = sigma(W_1 x^(s) + b_1) for each patch s, W_1 the filters
 *   x_l = sigma(W_l x_(l-1) + b_l),  l = 2..L-1
 *   f   = scale * sum_u j_u v_u x_(L-1),u
 *
 * The sum or mean over patches is taken of x_1 (`pool: first`), or of x_(L-1) (`pool: last`: all hidden layers then see
 * every patch by itself). The output layer counts as layer L; its signs, classes and scale are those of a two-layer
 * network, over the k units of layer L-1: 1/m is 2/k, and +1 goes to the first k/2 of them (rounded up).
 */
import { Stream, type StreamKey } from '../core/random.ts';

/** The layers between the filters and the output. */
export interface HiddenLayers {
  /** units of layers 1, ..., L-1: the filters first; two or more */
  readonly widths: readonly number[];
  /** after which activation the patches are pooled: that of layer 1 or of layer L-1 */
  readonly pool: 'first' | 'last';
  /** what the sum over the patches is multiplied by, > 0: 1, or one over their number */
  readonly share: number;
  /** layers of 1, ..., L-1 that are not trained */
  readonly frozen: readonly number[];
}

/** A hidden layer before the first step. */
export interface LayerWeights {
  /** units x units of the layer below */
  readonly weights: Float64Array;
  /** length units; zeros without biases */
  readonly bias: Float64Array;
}

/** What a spec says about them; all of it counts at depth 3 or more only. */
export interface HiddenParameters {
  /** L, the output layer counted, >= 2 */
  readonly depth?: number;
  /** units of each of the layers 2, ..., L-1; 0: as many as filters */
  readonly width?: number;
  /** the same one by one, `40,20`; none: `width` for all */
  readonly widths?: string;
  readonly pool?: 'first' | 'last';
  /** standard deviation of a hidden weight times sqrt(fan-in) */
  readonly gain?: number;
  readonly hiddenInit?: 'gaussian' | 'identity';
  /** layers that are not trained, `1,3`; none */
  readonly frozen?: string;
}

/** The numbers of a list such as `40,20`; none of `none`. */
export const numbersIn = (list: string): number[] => (list === 'none' ? [] : list.split(',').map(Number));

/** Units of the layers 1, ..., L-1 of a network with so many filters. */
export function widthsOf({ depth = 2, width = 0, widths = 'none' }: HiddenParameters, filters: number): number[] {
  const listed = numbersIn(widths);
  const each = width === 0 ? filters : width;
  return [filters, ...(listed.length > 0 ? listed : Array.from({ length: depth - 2 }, () => each))];
}

/** The hidden layers that a spec asks for; undefined at depth 2. */
export function hiddenLayers(
  parameters: HiddenParameters & { readonly pooling: 'sum' | 'mean' },
  filters: number,
  perSample: number,
): HiddenLayers | undefined {
  const { depth = 2, pool = 'first', frozen = 'none', pooling } = parameters;
  if (depth === 2) return undefined;
  return {
    widths: widthsOf(parameters, filters),
    pool,
    share: pooling === 'mean' ? 1 / perSample : 1,
    frozen: numbersIn(frozen),
  };
}

/** The law of the hidden weights before the first step. */
export interface HiddenInit {
  /** gaussian: N(0, gain^2 / fan-in), row by row; identity: the unit matrix, for layers of equal width */
  readonly law: 'gaussian' | 'identity';
  readonly gain: number;
}

/** Streams of purpose `init/weights` beyond those of filters, of which there are 2e5 at the most: one a layer. */
const HIDDEN_STREAMS = 2 ** 21;

/**
 * Layers 2, ..., L-1 before the first step, biases 0.
 *
 * @param key names their streams: no other draw moves
 * @throws RangeError for an identity between layers of other widths
 */
export function drawHidden({ law, gain }: HiddenInit, { widths }: HiddenLayers, key: StreamKey): LayerWeights[] {
  return widths.slice(1).map((units, at) => {
    const below = widths[at]!;
    const weights = new Float64Array(units * below);
    if (law === 'identity') {
      if (units !== below)
        throw new RangeError(`hidden.widths: must be equal for identity weights, got ${below} and ${units}`);
      for (let u = 0; u < units; u++) weights[u * below + u] = 1;
    } else {
      const stream = new Stream(key, 'init/weights', HIDDEN_STREAMS + at + 2);
      const scale = gain / Math.sqrt(below);
      for (let k = 0; k < weights.length; k++) weights[k] = scale * stream.normal();
    }
    return { weights, bias: new Float64Array(units) };
  });
}

/** Refuses hidden layers that do not fit together. @throws RangeError with one sentence that names the place */
export function checkHidden({ widths, share, frozen }: HiddenLayers, filters: number): void {
  const refuse = (place: string, allowed: string, came: unknown): never => {
    throw new RangeError(`network.hidden.${place}: must be ${allowed}, got ${String(came)}`);
  };
  if (widths.length < 2) refuse('widths', 'two or more', `[${widths.join(', ')}]`);
  if (widths[0] !== filters) refuse('widths[0]', `filters = ${filters}`, widths[0]);
  const odd = widths.find((units) => !(Number.isInteger(units) && units >= 1));
  if (odd !== undefined) refuse('widths', 'integers >= 1', odd);
  if (!(share > 0)) refuse('share', '> 0', share);
  const strange = frozen.find((layer) => !(Number.isInteger(layer) && layer >= 1 && layer <= widths.length));
  if (strange !== undefined) refuse('frozen', `layers, integers in [1, ${widths.length}]`, strange);
}
