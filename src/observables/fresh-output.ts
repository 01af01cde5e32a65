/** The law of the network's output on a fresh point, reduced to as many coordinates as there are filters. */
import { factorRows } from '../core/kernel-algebra.ts';
import { arrayTimesPower2, exponentOf, largestOf, timesPower2 } from '../core/scale.ts';
import { rootsByColumn, type FreshLaw, type NoisyPatch, type OtherNoise, type Terms } from '../data/sample.ts';
import type { TwoLayerView } from '../dynamics/engine.ts';
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

/** The filters of one noisy patch and the coordinates of z that they see. */
export interface NoiseBlock {
  readonly filters: number;
  readonly rank: number;
}

/**
 * f = fixed(atom) + sum_r a_r sigma(g_r + shift_r), g = L z with z standard normal of length `rank`; shift = bias plus
 * what the atom has in the noisy patch, the same for all atoms of a group.
 *
 * Each noisy patch has noise of its own: a filter counts once a noisy patch, with its output weight there, the filters
 * of one patch after those of the other; L is block diagonal.
 */
export interface FreshOutput {
  readonly activation: Activation;
  readonly outputWeights: Float64Array;
  /** over all noisy patches */
  readonly filters: number;
  readonly rank: number;
  /** filters x rank, lower trapezoidal */
  readonly l: Float64Array;
  /** one a noisy patch, which add up to filters and rank; absent: one */
  readonly blocks?: readonly NoiseBlock[];
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
export const MOST_ABOVE = 250;
/** What an output of the patches without noise counts as at most: it decides long before. */
export const LARGEST_FIXED = 1e300;

/**
 * The output in units of its own: the largest row of L and the largest output weight lie in [1, 2). All activations are
 * homogeneous (the smoothed one when its H is scaled along), so the sign of f is the same, and so is every bit of an
 * estimate, whatever power of two the weights are multiplied by. Filters of output weight 0 are left out.
 *
 * NaN somewhere when a weight has left the floating-point range.
 */
export function freshOutput(view: TwoLayerView, activation: Activation, anchors: number, fresh: FreshLaw): FreshOutput {
  const { rows, columns } = view.weights();
  const allProducts = view.products();
  const each = view.outputWeights.length / view.bias.length;
  const heard = fresh.noisy.map(({ patch }) => heardFilters(view, patch));
  const weightsOf = (weights: Float64Array): Float64Array => {
    const all = new Float64Array(heard.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const [p, { patch }] of fresh.noisy.entries())
      for (const r of heard[p]!) all[at++] = weights[outputAt(each, r, patch)]!;
    return all;
  };
  const outputUnit = exponentOf(largestOf(weightsOf(view.outputWeights)));
  const outputWeights = arrayTimesPower2(view.outputWeights, -outputUnit);

  const reduced = fresh.noisy.map((noise, p) => seenBy(noise, rows, columns, view.bias.length, heard[p]!));
  const unit = heightUnit(reduced, allProducts, view.bias, activation, fresh.noisy);
  const factors = fresh.noisy.map(({ sigma }, p) => {
    const own = exponentOf(sigma);
    const mantissa = timesPower2(sigma, -own);
    const noisy = arrayTimesPower2(reduced[p]!, own - unit);
    if (mantissa !== 1) for (let at = 0; at < noisy.length; at++) noisy[at] = mantissa * noisy[at]!;
    const filters = heard[p]!.length;
    const { l, rank } = factorRows(noisy, filters, filters > 0 ? noisy.length / filters : 0);
    return { filters, rank, l };
  });

  const products = arrayTimesPower2(allProducts, -unit);
  const bias = arrayTimesPower2(view.bias, -unit);
  const combine = (r: number, terms: Terms): number => {
    let sum = 0;
    for (const term of terms) sum += term[1] * products[r * anchors + term[0]]!;
    return sum;
  };
  const scaled = scaledActivation(activation, unit);
  const isNoisy = new Set(fresh.noisy.map(({ patch }) => patch));
  const groups: Float64Array[] = [];
  const names: string[] = [];
  const atoms = fresh.atoms.map((atom): OutputAtom => {
    const partial: [number, number] = [0, 0]; // even and odd filters, as everywhere
    const quiet = [...atom.patches.entries()].filter(([s]) => !isNoisy.has(s));
    for (let r = 0; r < bias.length; r++) {
      let sum = 0;
      for (const [s, terms] of quiet)
        sum += outputWeights[outputAt(each, r, s)]! * activate(scaled, combine(r, terms) + bias[r]!);
      partial[r & 1]! += sum;
    }
    const name = fresh.noisy.map(({ patch }) => atom.patches[patch]!.join(' ')).join(' and ');
    let group = names.indexOf(name);
    if (group < 0) {
      group = names.push(name) - 1;
      const shifts = new Float64Array(heard.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const [p, { patch }] of fresh.noisy.entries())
        for (const r of heard[p]!) shifts[at++] = bias[r]! + combine(r, atom.patches[patch]!);
      groups.push(shifts);
    }
    const fixed = Math.min(LARGEST_FIXED, Math.max(-LARGEST_FIXED, partial[0] + partial[1]));
    return { probability: atom.probability, label: atom.label, fixed, group };
  });
  return {
    activation: scaled,
    outputWeights: weightsOf(outputWeights),
    ...blockDiagonal(factors),
    atoms,
    groups,
    ...(fresh.noise && { noise: fresh.noise }),
    units: { heights: unit, outputs: outputUnit + unit * degree(activation) },
  };
}

/** Place of a filter's output weight in a patch. @param each output weights a filter: one, or one a patch */
const outputAt = (each: number, r: number, patch: number): number => r * each + (each === 1 ? 0 : patch);

/** Those whose output weight of a patch is not 0. */
export function heardFilters({ bias: { length: filters }, outputWeights }: TwoLayerView, patch: number): number[] {
  const each = outputWeights.length / filters;
  const heard: number[] = [];
  for (let r = 0; r < filters; r++) if (outputWeights[outputAt(each, r, patch)] !== 0) heard.push(r);
  return heard;
}

/** Rows of W Lambda^{1/2} without the columns that have no noise. @param filters in all */
function seenBy(
  noise: NoisyPatch,
  rows: Float64Array,
  columns: number,
  filters: number,
  heard: readonly number[],
): Float64Array {
  const roots = rootsByColumn(noise, columns, filters);
  const shaped = roots ? rows.map((weight, at) => weight * roots[at % columns]!) : rows;
  return withoutAxes(shaped, columns, heard, noise.projectedAxes);
}

/** Some rows of a matrix without some of its columns. */
function withoutAxes(
  matrix: Float64Array,
  columns: number,
  rows: readonly number[],
  axes: readonly number[],
): Float64Array {
  const kept = new Int32Array(columns);
  let width = 0;
  for (let k = 0; k < columns; k++) if (!axes.includes(k)) kept[width++] = k;
  const out = new Float64Array(rows.length * width);
  let to = 0;
  for (const row of rows) {
    const from = row * columns;
    for (let column = 0; column < width; column++) out[to++] = matrix[from + kept[column]!]!;
  }
  return out;
}

/** A block has at most as many coordinates as filters, so that the whole is lower trapezoidal as the blocks are. */
function blockDiagonal(
  factors: readonly (NoiseBlock & { readonly l: Float64Array })[],
): Pick<FreshOutput, 'filters' | 'rank' | 'l' | 'blocks'> {
  const blocks = factors.map(({ filters, rank }) => ({ filters, rank }));
  if (factors.length === 1) {
    const [{ filters, rank, l }] = factors as [(typeof factors)[0]];
    return { filters, rank, l, blocks };
  }
  const filters = blocks.reduce((sum, block) => sum + block.filters, 0);
  const rank = blocks.reduce((sum, block) => sum + block.rank, 0);
  const l = new Float64Array(filters * rank);
  let [row, column] = [0, 0];
  for (const factor of factors) {
    for (let r = 0; r < factor.filters; r++, row++)
      l.set(factor.l.subarray(r * factor.rank, (r + 1) * factor.rank), row * rank + column);
    column += factor.rank;
  }
  return { filters, rank, l, blocks };
}

/** Of homogeneity. */
export const degree = (activation: Activation): number => (activation.kind === 'power' ? activation.power : 1);

/**
 * The power of two that heights are counted in: that of the noises' largest row, or where nothing is noisy of the
 * largest product with an anchor or bias.
 */
function heightUnit(
  rows: readonly Float64Array[],
  products: Float64Array,
  bias: Float64Array,
  activation: Activation,
  noisy: FreshLaw['noisy'],
): number {
  const still = Math.max(largestOf(products), largestOf(bias));
  const above = exponentOf(still) - Math.floor(MOST_ABOVE / degree(activation));
  const units = noisy.flatMap(({ sigma }, p) => {
    const noise = sigma === 0 ? 0 : largestOf(rows[p]!);
    return noise === 0 ? [] : [{ noise, unit: exponentOf(noise) + exponentOf(sigma) }];
  });
  if (units.length === 0) return exponentOf(still);
  const unit = Math.max(...units.map((one) => one.unit));
  return still > 0 && units.every(({ noise }) => noise > 0) ? Math.max(unit, above) : unit;
}

/** sigma' with sigma(2^unit h) = 2^(unit degree) sigma'(h): another one only where the activation has a length. */
function scaledActivation(activation: Activation, unit: number): Activation {
  switch (activation.kind) {
    case 'piecewise-linear':
    case 'power':
      return activation;
    case 'smoothed-leaky':
      return { ...activation, smoothing: timesPower2(activation.smoothing, unit) };
    case 'own':
      return {
        kind: 'own',
        value: (h) => timesPower2(activation.value(timesPower2(h, unit)), -unit),
        slope: (h) => activation.slope(timesPower2(h, unit)),
      };
  }
}
