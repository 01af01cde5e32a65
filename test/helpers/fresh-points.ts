/** Fresh points in all their coordinates: the judge of everything that is said of them in fewer. */
import type { Stream } from '../../src/core/random.ts';
import { lawOf, type FreshAtom, type Sample } from '../../src/data/sample.ts';

export interface FreshPoint {
  /** of each patch, its coordinates */
  readonly inputs: readonly Float64Array[];
  /** the true one */
  readonly label: number;
}

/** An atom's patches without their noise. @param columns coordinates of a patch, those in use when not said */
export function withoutNoise(sample: Sample, atom: FreshAtom, columns = sample.frame.used): FreshPoint {
  const { frame, vectors } = sample;
  const inputs = atom.patches.map((terms) => {
    const x = new Float64Array(columns);
    for (const [anchor, c] of terms) for (let k = 0; k < frame.used; k++) x[k] += c * vectors[anchor * frame.used + k];
    return x;
  });
  return { inputs, label: atom.label };
}

/** One fresh point with Gaussian noise. @param columns as above */
export function freshPoint(sample: Sample, stream: Stream, columns = sample.frame.used): FreshPoint {
  const { atoms, noisy } = lawOf(sample);
  let u = stream.uniform();
  const point = withoutNoise(sample, atoms.find(({ probability }) => (u -= probability) < 0) ?? atoms.at(-1)!, columns);
  for (const { patch, sigma, projectedAxes } of noisy)
    for (let k = 0; k < columns; k++) if (!projectedAxes.includes(k)) point.inputs[patch][k] += sigma * stream.normal();
  return point;
}

/** Patches one after the other. */
export function inARow(inputs: readonly Float64Array[]): Float64Array {
  const row = new Float64Array(inputs.reduce((sum, x) => sum + x.length, 0));
  let at = 0;
  for (const x of inputs) {
    row.set(x, at);
    at += x.length;
  }
  return row;
}
