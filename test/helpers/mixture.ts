/** Labelled points of a Gaussian mixture: y mu e_1 + N(0, I_d), labels 0 and 1 in turn. */
import { Stream } from '../../src/core/random.ts';
import type { LabelledPoints } from '../../src/data/readers/labelled.ts';
import { key } from './problems.ts';

export function mixture(count: number, d: number, mu: number, seed: number): LabelledPoints {
  const stream = new Stream(key(seed), 'test');
  const labels = Float64Array.from({ length: count }, (_, i) => i % 2);
  const values = Float64Array.from(
    { length: count * d },
    (_, at) => stream.normal() + (at % d === 0 ? (labels[at / d] === 0 ? mu : -mu) : 0),
  );
  return { shape: [d], count, values, dtype: 'f8', labels };
}
