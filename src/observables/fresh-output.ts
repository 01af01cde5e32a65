/** The law of the network's output on a fresh point, reduced to as many coordinates as there are filters. */
import { factorLQ } from '../core/kernel-algebra.ts';
import type { FreshAtom, FreshLaw } from '../data/sample.ts';
import type { View } from '../dynamics/engine.ts';
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
}

/**
 * Where filters have an output weight for each patch, an atom's fixed patches are the patches 0, 1, ... and the noisy
 * one is the last.
 */
export function freshOutput(view: View, activation: Activation, anchors: number, fresh: FreshLaw): FreshOutput {
  const { rows, columns } = view.weights();
  const { bias } = view;
  const filters = bias.length;
  const outputColumns = view.outputWeights.length / filters;
  const outputWeights =
    outputColumns === 1
      ? view.outputWeights
      : Float64Array.from(bias, (_, r) => view.outputWeights[(r + 1) * outputColumns - 1]!);
  const products = view.products();
  const kept: number[] = [];
  for (let k = 0; k < columns; k++) if (!fresh.projectedAxes.includes(k)) kept.push(k);
  const width = kept.length;
  const reduced = new Float64Array(filters * width);
  for (let r = 0; r < filters; r++)
    for (let at = 0; at < width; at++) reduced[r * width + at] = fresh.sigma * rows[r * columns + kept[at]!]!;
  const { l, rank } = factorLQ(reduced, filters, width);

  const combine = (r: number, terms: FreshAtom['offset']): number => {
    let sum = 0;
    for (const term of terms) sum += term[1] * products[r * anchors + term[0]]!;
    return sum;
  };
  const groups: Float64Array[] = [];
  const names: string[] = [];
  const atoms = fresh.atoms.map((atom): OutputAtom => {
    const partial: [number, number] = [0, 0]; // even and odd filters, as everywhere
    for (let r = 0; r < filters; r++) {
      let s = 0;
      atom.fixed.forEach(
        (patch, at) =>
          (s +=
            view.outputWeights[r * outputColumns + (at % outputColumns)]! *
            activate(activation, combine(r, patch) + bias[r]!)),
      );
      partial[r & 1]! += s;
    }
    const name = atom.offset.join(' ');
    let group = names.indexOf(name);
    if (group < 0) {
      group = names.push(name) - 1;
      groups.push(bias.map((b, r) => b + combine(r, atom.offset)));
    }
    return { probability: atom.probability, label: atom.label, fixed: partial[0] + partial[1], group };
  });
  return { activation, outputWeights, filters, rank, l, atoms, groups };
}
