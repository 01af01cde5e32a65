/** Products of rows without gaps with the weights, and pulls along them, in the kernel's large product, bit by bit. */
import { allFinite } from '../core/kernel-algebra.ts';
import { kernel, LARGEST, type Owner } from '../core/kernel.ts';
import type { RowKernel } from './row-kernel.ts';

const four = (count: number): number => (count + 3) & ~3;
const line = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The rows of one run in the kernel's memory, whose block it owns; what a call needs beside them is scratch. */
export class DenseKernel implements RowKernel {
  readonly rowStep = 1;
  readonly filterStep: number;
  readonly size: number;
  private readonly owner: Owner = {};
  private readonly filters: number;
  private readonly columns: number;
  private readonly rows: number;
  /** address of the rows */
  private readonly at: number;

  /**
   * @param inputs rows x columns, finite
   * @param filters rows of the weights
   */
  constructor(inputs: Float64Array, rows: number, filters: number, columns: number) {
    this.filters = filters;
    this.columns = columns;
    this.rows = rows;
    this.filterStep = rows;
    this.size = filters * rows;
    const host = kernel();
    this.at = host.base;
    host.claim(this.owner, line(8 * inputs.length));
    host.f64.set(inputs, this.at / 8);
  }

  products(weights: Float64Array, out: Float64Array): boolean {
    if (!allFinite(weights)) return false;
    const { filters, rows, columns } = this;
    const host = this.hold();
    const a = host.take(8 * filters * columns);
    const scratch = host.take(host.exports.largeScratch(rows));
    const to = host.take(8 * four(filters) * four(rows));
    host.f64.set(weights, a / 8);
    const [kStep, jStep] = [8, 8 * columns];
    host.exports.largeProduct(a, filters, columns, this.at, kStep, jStep, rows, false, false, scratch, to);
    for (let r = 0; r < filters; r++) {
      const from = to / 8 + r * four(rows);
      out.set(host.f64.subarray(from, from + rows), r * rows);
    }
    return true;
  }

  addPulls(pulls: Float64Array, changes: Float64Array, which: readonly number[]): boolean {
    if (!allFinite(pulls)) return false;
    const { filters, rows, columns } = this;
    const host = this.hold();
    const width = four(columns);
    const some = 2 * which.length < rows;
    const inner = some ? which.length : rows; // a change of 0 changes no bit
    const a = host.take(8 * filters * inner);
    const b = some ? host.take(8 * columns * inner) : this.at;
    const scratch = host.take(host.exports.largeScratch(columns));
    const to = host.take(8 * four(filters) * width);
    const { f64 } = host;
    if (some) {
      which.forEach((q, at) => {
        const from = this.at / 8 + q * columns;
        f64.copyWithin(b / 8 + at * columns, from, from + columns);
      });
      for (let r = 0, next = a / 8; r < filters; r++) for (const q of which) f64[next++] = changes[r * rows + q]!;
    } else f64.set(changes, a / 8);
    f64.fill(0, to / 8, to / 8 + four(filters) * width);
    for (let r = 0; r < filters; r++) f64.set(pulls.subarray(r * columns, (r + 1) * columns), to / 8 + r * width);
    const [kStep, jStep] = [8 * columns, 8];
    host.exports.largeProduct(a, filters, inner, b, kStep, jStep, columns, false, true, scratch, to);
    for (let r = 0; r < filters; r++) {
      const from = to / 8 + r * width;
      pulls.set(f64.subarray(from, from + columns), r * columns);
    }
    return true;
  }

  end(): void {
    kernel().release(this.owner);
  }

  private hold(): ReturnType<typeof kernel> {
    const host = kernel();
    host.hold(this.owner);
    host.freeScratch();
    return host;
  }
}

/** Multiplications of all rows with all filters from which on the copies of the weights pay. */
const WORTH = 50_000;

/** Undefined where it is not worth while, too large, a number is not finite, or a weight starts at -0, which adding 0 would change. */
export function denseKernel(
  inputs: Float64Array,
  rows: number,
  weights: Float64Array,
  filters: number,
  columns: number,
): DenseKernel | undefined {
  if (rows * columns * filters < WORTH) return undefined;
  const scratch = kernel().exports.largeScratch(Math.max(rows, columns)) / 8;
  if (1.5 * rows * columns + 4 * filters * (rows + columns) + scratch > LARGEST) return undefined;
  if (!allFinite(inputs) || weights.some((w) => Object.is(w, -0))) return undefined;
  return new DenseKernel(inputs, rows, filters, columns);
}
