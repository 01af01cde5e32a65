/** Fresh points in all their coordinates: the judge of everything that is said of them in fewer. */
import type { Stream } from '../../src/core/random.ts';
import type { FreshAtom, Sample } from '../../src/data/sample.ts';

export interface FreshPoint {
  /** of each patch, its coordinates */
  readonly inputs: readonly Float64Array[];
  /** the true one */
  readonly label: number;
  readonly atom: FreshAtom;
}

/**
 * One fresh point with Gaussian noise.
 *
 * @param columns coordinates of a patch, those of the frame in use when not said
 */
export function freshPoint({ fresh, frame, vectors }: Sample, stream: Stream, columns = frame.used): FreshPoint {
  let u = stream.uniform();
  const atom = fresh.atoms.find(({ probability }) => (u -= probability) < 0) ?? fresh.atoms.at(-1)!;
  const inputs = atom.patches.map((terms) => {
    const x = new Float64Array(columns);
    for (const [anchor, c] of terms) for (let k = 0; k < frame.used; k++) x[k] += c * vectors[anchor * frame.used + k];
    return x;
  });
  for (const { patch, sigma, projectedAxes } of fresh.noisy)
    for (let k = 0; k < columns; k++) if (!projectedAxes.includes(k)) inputs[patch][k] += sigma * stream.normal();
  return { inputs, label: atom.label, atom };
}

/** Patches one after the other. */
export function inARow(inputs: readonly Float64Array[]): Float64Array {
  return Float64Array.from(inputs.flatMap((x) => [...x]));
}
