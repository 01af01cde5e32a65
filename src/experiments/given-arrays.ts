/** Arrays that a user gives of a network: shapes checked, and the training sample that they describe. */
import { dotRows } from '../core/linear-algebra.ts';
import { hasOwnCoordinates } from '../core/noise-laws.ts';
import type { NumericArray } from '../data/readers/npy.ts';
import { withRealLabels } from '../data/real-labels.ts';
import { singleTermPatches, type Sample } from '../data/sample.ts';
import { messages, UserError } from '../errors.ts';
import type { Arrays } from './arrays.ts';
import type { Cell } from './cell.ts';
import { modelOf } from './models.ts';
import { hasRealLabels } from './real-labels.ts';

/** How far a patch may be from ±mu, relative: rounding of 32-bit data. */
const ALIKE = 1e-5;

/** An array of a shape; null: any size. @throws UserError */
export function maybe(arrays: Arrays, name: string, shape: readonly (number | null)[]): NumericArray | undefined {
  const array = arrays.get(name);
  if (!array) return undefined;
  const fits =
    array.shape.length === shape.length && shape.every((size, k) => size === null || size === array.shape[k]);
  if (!fits)
    throw new UserError(messages.arrayShape(name, array.shape, `(${shape.map((size) => size ?? 'any').join(', ')})`));
  const at = array.values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new UserError(messages.arrayNumber(name, at, array.values[at]!));
  return array;
}

/** The same, which must be there. @throws UserError */
export function need(arrays: Arrays, name: string, shape: readonly (number | null)[]): NumericArray {
  const array = maybe(arrays, name, shape);
  if (!array) throw new UserError(messages.arrayMissing(name, [...arrays.keys()]));
  return array;
}

/** Reflects rows so that the signal lies along the first coordinate, as in our frames. */
export function turnOf(arrays: Arrays, columns: number, mu: number): (rows: Float64Array) => Float64Array {
  const given = maybe(arrays, 'mu', [columns]);
  if (!given) return (rows) => rows;
  const norm = Math.sqrt(dotRows(given.values, 0, given.values, 0, columns));
  if (Math.abs(norm - mu) > ALIKE * Math.max(norm, mu)) throw new UserError(messages.otherSignal(norm, mu));
  if (norm === 0) return (rows) => rows;
  const u = given.values.map((x, k) => x / norm - (k === 0 ? 1 : 0));
  const square = dotRows(u, 0, u, 0, columns);
  if (square === 0) return (rows) => rows;
  return (rows) => {
    const out = rows.slice();
    for (let row = 0; row < rows.length; row += columns) {
      const factor = (2 * dotRows(rows, row, u, 0, columns)) / square;
      for (let k = 0; k < columns; k++) out[row + k]! -= factor * u[k]!;
    }
    return out;
  };
}

/** The training sample, or a stand-in of one point where X and y are not given. */
export function sampleOf(
  cell: Cell,
  arrays: Arrays,
  columns: number,
  turn: (rows: Float64Array) => Float64Array,
  without: string[],
): { readonly sample: Sample; readonly known: boolean } {
  const { mu, d, n } = cell.data;
  const X = maybe(arrays, 'X', [n, 2, columns]);
  const y = maybe(arrays, 'y', [n]);
  const known = X !== undefined && y !== undefined;
  const what = cell.network.depth > 2 ? 'training loss, margins' : 'training loss, margins, coefficients';
  if (!known) without.push(`${what} (X and y: the training points and their labels)`);
  const count = known ? n : 1;
  const rows = known ? turn(X.values) : new Float64Array(2 * columns);
  if (!known) rows[0] = mu;
  const real = hasRealLabels(cell);
  const given = known ? y.values : new Float64Array([1]);
  const strange = real ? -1 : given.findIndex((label) => label !== 1 && label !== -1);
  if (strange >= 0) throw new UserError(messages.arrayLabel('y', strange, given[strange]!));
  const vectors = new Float64Array((count + 1) * columns);
  vectors[0] = mu;
  const trueLabels = new Float64Array(count);
  const [anchor, coefficient] = [new Int32Array(2 * count), new Float64Array(2 * count).fill(1)];
  for (let i = 0; i < count; i++) {
    const sides = [0, 1].map((s) => signOf(rows, (2 * i + s) * columns, columns, mu));
    const at = sides.findIndex((sign) => sign !== 0);
    if (at < 0) throw new UserError(messages.noSignalPatch(i));
    vectors.set(rows.subarray((2 * i + 1 - at) * columns, (2 * i + 2 - at) * columns), (1 + i) * columns);
    trueLabels[i] = sides[at]!;
    anchor[2 * i + 1] = 1 + i;
    coefficient[2 * i] = sides[at]!;
  }
  const told = known ? maybe(arrays, 'y_true', [n]) : undefined;
  const other = told ? told.values.findIndex((label, i) => label !== trueLabels[i]) : -1;
  if (other >= 0) throw new UserError(messages.otherTrueLabel(other, told!.values[other]!, trueLabels[other]!));
  if (known) checkNoise(cell, vectors, count, columns);
  return {
    known,
    sample: {
      n: count,
      frame: { ambient: d, used: columns },
      anchors: count + 1,
      vectors,
      patches: singleTermPatches(2, anchor, coefficient),
      labels: real ? trueLabels.slice() : given,
      trueLabels,
      ...(real && { targets: given.map((label, i) => label * trueLabels[i]!) }),
      fresh: freshOf(cell),
      roles: { signal: [0], noisy: [1], noise: Array.from({ length: count }, (_, i) => 1 + i) },
    },
  };
}

/** The law of a fresh point, as a draw of one point has it: d-free where it can be, else of few coordinates. */
function freshOf({ data }: Cell): Sample['fresh'] {
  const small = hasOwnCoordinates(data.noise);
  const one = { ...data, n: 1, ...(small ? { d: Math.max(2, Math.min(data.d, 4)) } : { draw: 'd-free' as const }) };
  const key = { seed: 0, cell: [0, 0], replicate: 0 } as const;
  return withRealLabels(modelOf(data).draw(one, key), data.sigmaY, key).fresh;
}

/** Noises have the law that the spec says, as far as it shows: else the test error would be that of other points. */
function checkNoise({ data }: Cell, vectors: Float64Array, n: number, columns: number): void {
  let [squares, along] = [0, 0];
  for (let i = 1; i <= n; i++) {
    const square = dotRows(vectors, i * columns, vectors, i * columns, columns);
    squares += square;
    if (square > 0) along = Math.max(along, Math.abs(vectors[i * columns]!) / Math.sqrt(square));
  }
  // Noise of d coordinates has one of 1/sqrt(d) along the signal; rounding leaves 1e-7 of it.
  if (data.projected !== along < ALIKE && data.d > 1)
    throw new UserError(messages.otherProjection(along, data.projected));
  if (data.noise !== 'gaussian') return;
  const sigma = Math.sqrt(squares / (n * (data.d - (data.projected ? 1 : 0))));
  // The mean of n d squares is known to sqrt(2 / (n d)); a deviation of a root half as well.
  if (Math.abs(sigma / data.sigmaP - 1) > UNLIKELY * Math.sqrt(1 / (2 * n * data.d)))
    throw new UserError(messages.otherNoise(sigma, data.sigmaP));
}
/** Standard deviations: chance 2e-9. */
const UNLIKELY = 6;

/** +1 or -1 where the patch is plus or minus the signal, mu along the first coordinate; else 0. */
function signOf(rows: Float64Array, from: number, columns: number, mu: number): number {
  const sign = rows[from]! < 0 ? -1 : 1;
  let off = (rows[from]! - sign * mu) ** 2;
  for (let k = 1; k < columns; k++) off += rows[from + k]! ** 2;
  return Math.sqrt(off) <= ALIKE * mu ? sign : 0;
}
