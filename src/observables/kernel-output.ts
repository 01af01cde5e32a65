/** A network's output on a fresh point in the kernel's memory: FreshOutput in assembly/fresh-output.ts. */
import { layout, sizes } from '../core/kernel.layout.ts';
import { kernel } from '../core/kernel.ts';
import { Struct } from '../core/kernel-struct.ts';
import type { FreshOutput } from './fresh-output.ts';

const { FreshOutput: Fields, Atom } = layout;

/** Numbers in its arrays; to be spread last, as V8 is slow to add properties to an object that begins with others. */
export const outputLengths = ({ filters, rank, groups, atoms }: FreshOutput) => ({
  l: filters * rank,
  weights: filters,
  offsets: groups.length * filters,
  atomTable: (atoms.length * sizes.Atom) / 8,
});

/** @param leak of the activation, where it has one */
export function writeOutput(struct: Struct, output: FreshOutput, leak: number): void {
  const { filters, rank, l, outputWeights, groups, atoms } = output;
  const { f64 } = kernel();
  struct.set(Fields.filters, filters);
  struct.set(Fields.rank, rank);
  struct.set(Fields.groups, groups.length);
  struct.set(Fields.atoms, atoms.length);
  struct.set(Fields.leak, leak);
  f64.set(l, struct.array(Fields.l));
  f64.set(outputWeights, struct.array(Fields.weights));
  groups.forEach((offset, group) => f64.set(offset, struct.array(Fields.offsets) + group * filters));
  atoms.forEach((atom, at) => {
    const row = new Struct(struct.address(Fields.atomTable) + at * sizes.Atom);
    row.set(Atom.probability, atom.probability);
    row.set(Atom.label, atom.label);
    row.set(Atom.fixed, atom.fixed);
    row.set(Atom.group, atom.group);
  });
}
