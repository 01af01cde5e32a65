/**
 * Statements that are to be confirmed with fresh seeds: bounds named before the runs, none moved after. A statement that
 * changes gets a new id; one that failed stays in the ledger.
 */
import type { Bounds } from '../src/core/verdict.ts';
import type { Study } from './confirmation/study.ts';
import { STUDIES } from './transition/studies.ts';

/** A level set between two sizes: protocol and units of the study of constants.md. */
function exponent(
  of: string,
  sizes: readonly [number, number],
  searched: readonly [number, number],
  theory: number,
): Study {
  const { spec, along, over, factor } = STUDIES.find(({ id }) => id === of)!;
  const axes = { ...(spec['axes'] as Record<string, unknown>), [over]: sizes, [along]: searched };
  const bounds: Bounds = { low: theory - 0.02, high: theory + 0.02 };
  return {
    kind: 'exponent',
    id: `${of}/exponent`,
    says: `the level set .2 of ${of} has the exponent ${theory} between ${sizes.join(' and ')}`,
    bounds,
    because: 'the theorem, with the equivalence margin .02 of every exponent',
    spec: { ...spec, axes },
    along,
    over,
    level: 0.2,
    precision: 0.02,
    ...(factor !== undefined && { factor }),
  };
}

export const CONFIRMATIONS: readonly Study[] = [
  exponent('kou-d', [1e6, 1e8], [0.1, 2], 0.25),
  exponent('karhadkar-d', [163840, 2621440], [2e-5, 0.01], -0.5),
  {
    kind: 'lemmas',
    id: 'kou/gamma',
    says: 'no filter moves against its signal (γ ≥ 0), but for a tenth of the draws',
    bounds: { low: 0, high: 0.1 },
    because: 'δ of the lemma; the rate was .042 of 1,000 settings when it was looked at',
    family: 'kou',
    lemmas: ['kou-2023/coefficient-bounds/gamma'],
    settings: 60,
  },
  {
    kind: 'lemmas',
    id: 'karhadkar/exact',
    says: 'every exact lemma of Karhadkar et al. holds, in all but one setting of a hundred',
    bounds: { low: 0, high: 0.01 },
    because: 'they allow no exception; .01 is what so many settings can tell',
    family: 'karhadkar',
    lemmas: [
      'karhadkar-2024/theorem-3.1/norm-growth',
      'karhadkar-2024/theorem-3.1/alignment-growth',
      'karhadkar-2024/theorem-3.1-explicit/time',
      'karhadkar-2024/theorem-3.1-explicit/norm',
      'karhadkar-2024/lemma-b.3',
      'karhadkar-2024/lemma-b.4',
      'karhadkar-2024/lemma-d.1',
      'karhadkar-2024/lemma-d.2',
      'karhadkar-2024/lemma-d.4',
    ],
    settings: 80,
  },
];
