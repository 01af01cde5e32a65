/**
 * George, Murray, Swartworth, Needell 2023: shallow ReLU networks with the hinge loss. Known from its abstract and from
 * citations.
 */
import { log } from '../core/special.ts';
import { atLeast, DELTA, EVEN_CLASSES, free, PLAIN_DESCENT, statementsOf, type Statement } from './statement.ts';

const model = {
  about: {
    'data.model': ['mixture', 'unit-norm-mixture'],
    'network.activation': ['relu', 'leaky-relu'],
    'network.output': ['fixed'],
    'training.loss': ['hinge'],
  },
  assumes: { 'data.spectrum': ['flat'], ...EVEN_CLASSES, 'network.bias': [false], ...PLAIN_DESCENT },
} as const;

export const george2023: readonly Statement[] = statementsOf('george-2023', model, {
  'three-outcomes': {
    kind: 'theorem',
    title: 'Benign, overfitting, or not overfitting',
    source: 'main theorems',
    provenance: 'secondhand',
    says: 'By the clean margin a run ends in one of three ways: all fitted and right on fresh points; all fitted and wrong with constant probability; or clean points fitted, wrong labels not, and right on fresh points.',
    formula: 'three outcomes for nearly orthogonal data, d >= C n² log n',
    constants: { C: free('a constant'), ...DELTA },
    conditions: [
      atLeast(
        'near-orthogonality',
        'd >= C n² log n',
        (s) => s.d,
        (s, c) => c.C * s.n ** 2 * log(s.n),
      ),
    ],
  },
  'two-phases': {
    kind: 'lemma',
    title: 'Clean points first',
    source: 'two phases',
    provenance: 'secondhand',
    says: 'First the clean points come near zero loss; then they hover there while wrong labels are fitted or given up.',
    formula: 'loss of clean samples → 0 before loss of flipped samples',
  },
});
