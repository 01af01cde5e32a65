/** The law of the network's output on a fresh point, reduced to as many coordinates as there are filters. */
import { factorRows } from '../core/kernel-algebra.ts';
import { arrayTimesPower2, exponentOf, largestOf, timesPower2 } from '../core/scale.ts';
import type { FreshAtom, FreshLaw, OtherNoise } from '../data/sample.ts';
import type { SpanView } from '../dynamics/engine.ts';
import { activate, type Activation } from '../network/activation.ts';

/** One signal atom, seen by the network. */
export interface OutputAtom {
  readonly probability: number;
  readonly label: number;
  /** output of the patches without noise */
  readonly fixed: number;
  /** index into `groups` */
  readonly group: number;
}

/**
 * f = fixed(atom) + sum_r a_r sigma(g_r + shift_r), g = L z with z standard normal of length `rank`;
 * shift = bias plus the atom's offset, the same for all atoms of a group; a_r is the output weight of the noisy patch.
 */
export interface FreshOutput {
  readonly activation: Activation;
  readonly outputWeights: Float64Array;
  readonly filters: number;
  readonly rank: number;
  /** filters x rank, lower trapezoidal */
  readonly l: Float64Array;
  readonly atoms: readonly OutputAtom[];
  /** shift per filter, one array per group */
  readonly groups: readonly Float64Array[];
  /** the noise, where it is not Gaussian */
  readonly noise?: OtherNoise;
  /**
   * heights (L and the shifts) and outputs are those of the network over 2^heights and 2^outputs; no sign of f depends
   * on it. Absent: 0
   */
  readonly units?: { readonly heights: number; readonly outputs: number };
}

/** Shifts may be so many powers of two above the noise, over the degree of the activation. */
const MOST_ABOVE = 250;
/** What an output of the patches without noise counts as at most: it decides long before. */
const LARGEST_FIXED = 1e300;

/**
 * The output in units of its own: the largest row of L and the largest output weight lie in [1, 2). All activations are
 * homogeneous (the smoothed one when its H is scaled along), so the sign of f is the same, and so is every bit of an
 * estimate, whatever power of two the weights are multiplied by. Filters of output weight 0 are left out.
 *
 * Where filters have an output weight for each patch, an atom's fixed patches are the patches 0, 1, ... and the noisy
 * one is the last. NaN somewhere when a weight has left the floating-point range.
 */
export function freshOutput(view: SpanView, activation: Activation, anchors: number, fresh: FreshLaw): FreshOutput {
  const { rows, columns } = view.weights();
  const allProducts = view.products();
  const patches = view.outputWeights.length / view.bias.length;
  const heard = heardFilters(view);
  const outputUnit = exponentOf(largestOf(heard.map((r) => view.outputWeights[(r + 1) * patches - 1]!)));
  const outputWeights = arrayTimesPower2(view.outputWeights, -outputUnit);

  const kept: number[] = [];
  for (let k = 0; k < columns; k++) if (!fresh.projectedAxes.includes(k)) kept.push(k);
  const width = kept.length;
  const reduced = new Float64Array(heard.length * width);
  for (let at = 0; at < heard.length; at++)
    for (let column = 0; column < width; column++)
      reduced[at * width + column] = rows[heard[at]! * columns + kept[column]!]!;
  const { unit, sigma } = heightUnit(reduced, allProducts, view.bias, activation, fresh.sigma);
  const noisy = arrayTimesPower2(reduced, exponentOf(fresh.sigma) - unit);
  for (let at = 0; at < noisy.length; at++) noisy[at] = sigma * noisy[at]!;
  const { l, rank } = factorRows(noisy, heard.length, width);

  const products = arrayTimesPower2(allProducts, -unit);
  const bias = arrayTimesPower2(view.bias, -unit);
  const combine = (r: number, terms: FreshAtom['offset']): number => {
    let sum = 0;
    for (const term of terms) sum += term[1] * products[r * anchors + term[0]]!;
    return sum;
  };
  const scaled = scaledActivation(activation, unit);
  const groups: Float64Array[] = [];
  const names: string[] = [];
  const atoms = fresh.atoms.map((atom): OutputAtom => {
    const partial: [number, number] = [0, 0]; // even and odd filters, as everywhere
    for (let r = 0; r < bias.length; r++) {
      let s = 0;
      atom.fixed.forEach(
        (patch, at) =>
          (s += outputWeights[r * patches + (at % patches)]! * activate(scaled, combine(r, patch) + bias[r]!)),
      );
      partial[r & 1]! += s;
    }
    const name = atom.offset.join(' ');
    let group = names.indexOf(name);
    if (group < 0) {
      group = names.push(name) - 1;
      const shift = new Float64Array(heard.length);
      heard.forEach((r, at) => (shift[at] = bias[r]! + combine(r, atom.offset)));
      groups.push(shift);
    }
    const fixed = Math.min(LARGEST_FIXED, Math.max(-LARGEST_FIXED, partial[0] + partial[1]));
    return { probability: atom.probability, label: atom.label, fixed, group };
  });
  return {
    activation: scaled,
    outputWeights: Float64Array.from(heard, (r) => outputWeights[(r + 1) * patches - 1]!),
    filters: heard.length,
    rank,
    l,
    atoms,
    groups,
    ...(fresh.noise && { noise: fresh.noise }),
    units: { heights: unit, outputs: outputUnit + unit * degree(activation) },
  };
}

/** Those whose output weight of the noisy patch is not 0. */
export function heardFilters({ bias, outputWeights }: SpanView): number[] {
  const patches = outputWeights.length / bias.length;
  const heard: number[] = [];
  for (let r = 0; r < bias.length; r++) if (outputWeights[(r + 1) * patches - 1] !== 0) heard.push(r);
  return heard;
}

/** Of homogeneity. */
export const degree = (activation: Activation): number => (activation.kind === 'power' ? activation.power : 1);

/**
 * The power of two that heights are counted in: that of the noise's largest row, or where nothing is noisy of the
 * largest product with an anchor or bias; and the noise's scale without its own.
 */
function heightUnit(
  rows: Float64Array,
  products: Float64Array,
  bias: Float64Array,
  activation: Activation,
  sigma: number,
): { unit: number; sigma: number } {
  const own = exponentOf(sigma);
  const noise = sigma === 0 ? 0 : largestOf(rows);
  const still = Math.max(largestOf(products), largestOf(bias));
  const above = exponentOf(still) - Math.floor(MOST_ABOVE / degree(activation));
  const unit = noise === 0 ? exponentOf(still) : exponentOf(noise) + own;
  return { unit: noise > 0 && still > 0 ? Math.max(unit, above) : unit, sigma: timesPower2(sigma, -own) };
}

/** sigma' with sigma(2^unit h) = 2^(unit degree) sigma'(h): another one only where the activation has a length. */
const scaledActivation = (activation: Activation, unit: number): Activation =>
  activation.kind === 'smoothed-leaky'
    ? { ...activation, smoothing: timesPower2(activation.smoothing, unit) }
    : activation;
