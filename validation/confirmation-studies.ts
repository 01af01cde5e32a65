/**
 * Statements that are to be confirmed with fresh seeds: bounds named before the runs, none moved after. A statement that
 * changes gets a new id; one that failed stays in the ledger.
 */
import { findPreset } from '../src/reproduction/preset.ts';
import type { Bounds } from '../src/core/verdict.ts';
import type { Limits } from '../src/verification/check.ts';
import { BEYOND } from './confirmation-beyond.ts';
import { DEPTH } from './confirmation-depth.ts';
import { NOISE } from './confirmation-noise.ts';
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

/** The bounds of a preset's check. */
function ownBounds(preset: string, variant: string, id: string): Bounds {
  const check = findPreset(preset, variant).variant.checks.find((one) => one.id === id) as Limits | undefined;
  if (!check) throw new Error(`${preset} ${variant} has no check ${id}`);
  return { low: check.atLeast ?? -Infinity, high: check.atMost ?? Infinity };
}

export const CONFIRMATIONS: readonly Study[] = [
  exponent('kou-d', [1e6, 1e8], [0.1, 2], 0.25),
  exponent('karhadkar-d', [163840, 2621440], [2e-5, 0.01], -0.5),
  {
    kind: 'check',
    id: 'kou-2023/blocks',
    says: "the block means of the test error are Kou et al.'s published ones",
    bounds: { low: 0, high: 0.007 },
    because: 'the margin of the preset, for the root mean square over blocks: a fifteenth of the floor p = .1',
    preset: 'kou-2023/heat-map',
    variant: 'as-plotted',
    check: 'test-error',
    comparison: 'test-error/blocks',
    quick: true,
    runs: 3,
  },
  {
    kind: 'check',
    id: 'shang-2024/half-harmful',
    says: 'd = 10¹², v_0 = 10⁻⁶ v*: ‖μ‖ at which half of the runs are harmful, over that at v_0 = v*, is what the law says',
    bounds: ownBounds('shang-2024/regimes', 'd-1e12', 'half-harmful/0.000001'),
    because: "the factor 1.15 of the preset about the law's place, written down before the preset's seed was run",
    preset: 'shang-2024/regimes',
    variant: 'd-1e12',
    check: 'half-harmful/0.000001',
    quick: true,
    runs: 20,
  },
  {
    kind: 'check',
    id: 'han-2025/degrades',
    says: 'the clean test error rises from the first stage to the second (n SNR² = 1, d/n = 10)',
    bounds: { low: 0, high: Infinity },
    because: 'the abstract: fitting the noise degrades generalisation',
    preset: 'han-2025/two-stages',
    variant: 'ours',
    check: 'stage-2/degrades',
    quick: true,
    runs: 6,
  },
  {
    kind: 'lemmas',
    id: 'kou/gamma',
    says: 'no filter moves against its signal (γ ≥ 0), but for a tenth of the draws',
    bounds: { low: 0, high: 0.1 },
    because: 'δ of the lemma',
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
  ...BEYOND,
  ...DEPTH,
  ...NOISE,
];
