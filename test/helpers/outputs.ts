/** Noise outputs of any shape, for the estimators of the test error. */
import { Stream } from '../../src/core/random.ts';
import { arrayTimesPower2, timesPower2 } from '../../src/core/scale.ts';
import { degree, type FreshOutput } from '../../src/observables/fresh-output.ts';

/** The output in the units of the network itself, which is exact. */
export function inNetworkUnits(output: FreshOutput): FreshOutput {
  const { heights, outputs } = output.units!;
  return {
    ...output,
    units: { heights: 0, outputs: 0 },
    l: arrayTimesPower2(output.l, heights),
    groups: output.groups.map((shifts) => arrayTimesPower2(shifts, heights)),
    outputWeights: arrayTimesPower2(output.outputWeights, outputs - heights * degree(output.activation)),
    atoms: output.atoms.map((atom) => ({ ...atom, fixed: timesPower2(atom.fixed, outputs) })),
  };
}

export interface OutputShape {
  readonly filters: number;
  readonly columns: number;
  readonly groups: number;
  readonly atoms: number;
  readonly leak: number;
  /** above 1: of max(0, h)^power */
  readonly power?: number;
  readonly seed: number;
  /** share of numbers that are 0 */
  readonly zeros: number;
}

export const outputKey = { seed: 1, cell: [2, 3] as const, replicate: 4 };

export function anyOutput({ filters, columns, groups, atoms, leak, power = 1, seed, zeros }: OutputShape): FreshOutput {
  const stream = new Stream({ ...outputKey, seed }, 'test');
  const rank = Math.min(filters, columns);
  const number = (): number => (stream.uniform() < zeros ? 0 : stream.normal());
  return {
    activation: power > 1 ? { kind: 'power', power } : { kind: 'piecewise-linear', leak },
    outputWeights: Float64Array.from({ length: filters }, number),
    filters,
    rank,
    l: Float64Array.from({ length: filters * rank }, (_, at) => (at % rank <= Math.floor(at / rank) ? number() : 0)),
    atoms: Array.from({ length: atoms }, (_, at) => ({
      probability: 1 / atoms,
      label: at % 2 ? -1 : 1,
      fixed: number(),
      group: stream.integer(groups),
    })),
    groups: Array.from({ length: groups }, () => Float64Array.from({ length: filters }, number)),
  };
}
