/**
 * What level-set studies, families of lemmas and examples leave of the papers' assumptions; as src/papers/leaves.ts, and
 * written by the same test. Studies: what some row misses wherever its level sets are. Families: over their first
 * settings. Examples: of each paper that speaks of them.
 */
type Leaves = Readonly<Record<string, Readonly<Record<string, number>>>>;

export const STUDY_LEAVES: Leaves = {
  'kou-d': {
    'kou-2023/condition-4.1/dimension-samples': 3000,
    'kou-2023/condition-4.1/step-size': 220,
    'kou-2023/good-event/dimension': 1.6,
  },
  'kou-d-outside': {
    'kou-2023/condition-4.1/dimension-samples': 3,
    'kou-2023/condition-4.1/initial-scale': 710,
    'kou-2023/condition-4.1/step-size': 690,
  },
  'kou-n': { 'kou-2023/condition-4.1/step-size': 47, 'kou-2023/condition-4.1/dimension-samples': 24 },
  'kou-m': {
    'kou-2023/condition-4.1/dimension-samples': 3.8,
    'kou-2023/condition-4.1/width': 1.1,
    'kou-2023/condition-4.1/step-size': 80,
  },
  'kou-k': { 'kou-2023/condition-4.1/dimension-samples': 13, 'kou-2023/condition-4.1/step-size': 10 },
  'kou-d-mu': { 'kou-2023/condition-4.1/step-size': 10 },
  'kou-n-mu': { 'kou-2023/condition-4.1/step-size': 10 },
  'xu-gu-d': {
    'xu-gu-2023/conditions/6c': 2.1,
    'xu-gu-2023/conditions/6e': 4000000000,
    'xu-gu-2023/theorem-3.1-proof/6e-proof': 2,
  },
  'xu-gu-n': { 'xu-gu-2023/conditions/6e': 320000000, 'xu-gu-2023/theorem-3.1-proof/6e-proof': 2 },
  'shang-large-d': { 'shang-2024/start/dimension': 4 },
  'shang-large-v0': {},
  'shang-small-v0': {},
  'shang-tiny-v0': {},
  'karhadkar-n': {
    'karhadkar-2024/theorem-3.2/signal': 5,
    'karhadkar-2024/corollary-3.2.1/wrong-labels': 10,
    'karhadkar-2024/theorem-3.3/wrong-labels': 6.2,
  },
  'karhadkar-d': { 'karhadkar-2024/corollary-3.2.1/wrong-labels': 10, 'karhadkar-2024/theorem-3.3/wrong-labels': 3.1 },
  'karhadkar-d-outside': {
    'karhadkar-2024/assumption-1/initial-norm': 51,
    'karhadkar-2024/corollary-3.2.1/wrong-labels': 10,
    'karhadkar-2024/theorem-3.3/wrong-labels': 3.1,
  },
  'cao-d': {
    'cao-2022/condition-4.2/dimension': 16000000,
    'cao-2022/condition-4.2/step-size': 60,
    'cao-2022/condition-4.2/initial-scale': 600,
    'cao-2022/condition-4.2/width': 1.4,
  },
  'cao-n': {
    'cao-2022/condition-4.2/dimension': 66000000,
    'cao-2022/condition-4.2/width': 1.2,
    'cao-2022/condition-4.2/samples': 1.2,
    'cao-2022/condition-4.2/step-size': 480,
    'cao-2022/condition-4.2/initial-scale': 4800,
  },
};

export const FAMILY_LEAVES: Leaves = {
  kou: {},
  'kou-stages': {},
  'xu-gu': { 'xu-gu-2023/conditions/6e': 2300000 },
  karhadkar: {
    'karhadkar-2024/theorem-3.2/signal': 97,
    'karhadkar-2024/theorem-3.3/wrong-labels': Infinity,
    'karhadkar-2024/corollary-3.2.1/wrong-labels': 12,
  },
  'both-layers': { 'shang-2024/start/width': 50, 'shang-2024/start/dimension': 6.7, 'shang-2024/start/thin': 24 },
  'small-start': { 'shang-2024/start/width': 19 },
  'large-start': { 'shang-2024/start/width': 17 },
  wide: {
    'kou-2023/condition-4.1/signal': 1.2,
    'kou-2023/condition-4.1/initial-scale': 4600,
    'kou-2023/condition-4.1/step-size': 23000,
    'kou-2023/condition-4.1/samples': 2,
    'kou-2023/condition-4.1/dimension-samples': 49,
    'kou-2023/good-event/dimension': 4.6,
    'kou-2023/condition-4.1/dimension-signal': 1.4,
  },
  many: {
    'kou-2023/condition-4.1/dimension-samples': 4800,
    'kou-2023/condition-4.1/signal': 1.9,
    'kou-2023/condition-4.1/initial-scale': 660,
    'kou-2023/condition-4.1/step-size': 440,
    'kou-2023/condition-4.1/width': 3.9,
    'kou-2023/condition-4.1/dimension-signal': 8.5,
    'kou-2023/good-event/dimension': 2.1,
  },
  'kou-orders': { 'kou-2023/condition-4.1/step-size': 2.8 },
  'kou-orders-wide': { 'kou-2023/condition-4.1/step-size': 11 },
  'kou-orders-widest': { 'kou-2023/condition-4.1/step-size': 32 },
  'xu-gu-orders': { 'xu-gu-2023/conditions/6e': 260000000 },
  'xu-gu-orders-wide': { 'xu-gu-2023/conditions/6e': 2700000000 },
  'xu-gu-orders-widest': { 'xu-gu-2023/conditions/6e': 24000000000 },
  'karhadkar-orders': { 'karhadkar-2024/theorem-3.2/signal': 5, 'karhadkar-2024/theorem-3.3/wrong-labels': 2.2 },
  'karhadkar-orders-wide': { 'karhadkar-2024/theorem-3.2/signal': 2.5, 'karhadkar-2024/theorem-3.3/wrong-labels': 1.1 },
  'shang-orders': {},
  'shang-orders-wide': {},
};

export const EXAMPLE_LEAVES: Leaves = {
  '01-first-run': {
    'kou-2023/condition-4.1/dimension-signal': 3.8,
    'kou-2023/condition-4.1/dimension-samples': 85,
    'kou-2023/condition-4.1/initial-scale': 2.2,
    'kou-2023/condition-4.1/step-size': 5,
  },
  '02-sweep': {
    'kou-2023/condition-4.1/dimension-samples': 640,
    'kou-2023/condition-4.1/signal': 5.3,
    'kou-2023/condition-4.1/step-size': 500,
    'kou-2023/good-event/dimension': 1.6,
    'kou-2023/condition-4.1/dimension-signal': 92,
    'kou-2023/condition-4.1/initial-scale': 22,
    'han-2025/regime/at-most': 2,
    'han-2025/regime/at-least': 50,
  },
  '03-label-noise': {
    'kou-2023/condition-4.1/dimension-signal': 2.3,
    'kou-2023/condition-4.1/dimension-samples': 64,
    'kou-2023/condition-4.1/initial-scale': 2.2,
    'kou-2023/condition-4.1/step-size': 50,
    'kou-2023/condition-4.1/label-noise': 1.6,
  },
  '05-million-dimensions': { 'kou-2023/condition-4.1/step-size': 690, 'han-2025/regime/at-least': 13000 },
  '06-adversarial-flips': {
    'kou-2023/condition-4.1/dimension-signal': 2.3,
    'kou-2023/condition-4.1/dimension-samples': 64,
    'kou-2023/condition-4.1/initial-scale': 2.2,
    'kou-2023/condition-4.1/step-size': 50,
    'kou-2023/condition-4.1/label-noise': 1.2,
  },
  '07-boundary': {
    'kou-2023/condition-4.1/dimension-samples': 22,
    'kou-2023/condition-4.1/signal': 1.3,
    'kou-2023/condition-4.1/step-size': 220,
    'kou-2023/condition-4.1/dimension-signal': 680,
    'han-2025/regime/at-least': 130000,
    'han-2025/regime/at-most': 8,
  },
  '08-precision': {
    'kou-2023/condition-4.1/dimension-samples': 64,
    'kou-2023/condition-4.1/signal': 5.3,
    'kou-2023/condition-4.1/initial-scale': 2.2,
    'kou-2023/condition-4.1/step-size': 50,
    'kou-2023/condition-4.1/dimension-signal': 7.5,
    'han-2025/regime/at-least': 5,
  },
  '09-limit': {},
  '13-own-claim': {
    'kou-2023/condition-4.1/dimension-samples': 220,
    'kou-2023/condition-4.1/signal': 5.3,
    'kou-2023/condition-4.1/step-size': 10,
    'kou-2023/condition-4.1/dimension-signal': 6.1,
    'han-2025/regime/at-least': 5,
  },
};
