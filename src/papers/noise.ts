/**
 * Beyond the theory: noise and labels that the theorems do not speak of. Settings and bounds are ours; docs/beyond.md says
 * what was found.
 */
import { flips } from './noise-flips.ts';
import { labels } from './noise-labels.ts';
import { points } from './noise-points.ts';
import { spectra } from './noise-spectra.ts';
import { student } from './noise-student.ts';
import type { Paper } from './paper.ts';

export const noise: Paper = {
  id: 'noise',
  title: 'Beyond the theory: other noise, other labels',
  authors: ['benign-lab'],
  year: 2026,
  venue: 'no paper: a question that Kou et al. 2023 close with',
  bibtex: `@misc{benignlabnoise,
  title = {Benign overfitting under noise that the theorems do not speak of},
  author = {{benign-lab}},
  year = {2026},
  note = {docs/beyond.md of benign-lab}
}`,
  figures: [...spectra, student, ...points, flips, labels],
};
