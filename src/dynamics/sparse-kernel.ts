/** Products of sparse rows with the weights, and pulls along them, in the kernel: sparse-rows.ts, bit by bit. */
import { allFinite } from '../core/kernel-algebra.ts';
import { kernel, LARGEST, type Owner } from '../core/kernel.ts';
import type { RowKernel } from './row-kernel.ts';
import type { SparseRow } from './sparse-rows.ts';

/** Multiplications of all rows with all filters from which on the copies of the weights pay. */
const WORTH = 50_000;
const line = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The sparse rows of one run in the kernel's memory, whose block it owns. */
export class SparseKernel implements RowKernel {
  readonly rowStep: number;
  readonly filterStep = 1;
  readonly size: number;
  /** filters, an even number: the last one may be none */
  private readonly stride: number;
  private readonly owner: Owner = {};
  private readonly filters: number;
  private readonly columns: number;
  private readonly rows: number;
  /** addresses from the block's beginning on: of the rows, of what is filled for a call, of its results */
  private readonly start: number;
  private readonly at: number;
  private readonly values: number;
  private readonly which: number;
  private readonly plain: number;
  private readonly transposed: number;
  private readonly byRow: number;
  private readonly byFilter: number;

  /**
   * @param filters rows of the weights
   * @param columns of the weights
   */
  constructor(sparse: readonly SparseRow[], filters: number, columns: number) {
    const terms = sparse.reduce((sum, { at }) => sum + at.length, 0);
    this.filters = filters;
    this.columns = columns;
    this.rows = sparse.length;
    this.stride = this.rowStep = filters + (filters & 1);
    this.size = sparse.length * this.stride;
    const { stride, rows } = this;
    const host = kernel();
    let next = host.base;
    const take = (bytes: number): number => {
      const here = next;
      next += line(bytes);
      return here;
    };
    this.start = take(4 * (rows + 1));
    this.at = take(4 * terms);
    this.values = take(8 * terms);
    this.which = take(4 * rows);
    this.plain = take(8 * stride * columns);
    this.transposed = take(8 * stride * columns);
    this.byRow = take(8 * rows * stride);
    this.byFilter = take(8 * rows * stride);
    host.claim(this.owner, next - host.base);
    const { i32, f64 } = host;
    let term = 0;
    sparse.forEach(({ at, values }, q) => {
      i32[this.start / 4 + q] = term;
      i32.set(at, this.at / 4 + term);
      f64.set(values, this.values / 8 + term);
      term += at.length;
    });
    i32[this.start / 4 + rows] = term;
  }

  products(weights: Float64Array, out: Float64Array): true {
    const { filters, rows, stride, byRow, byFilter } = this;
    const { exports, f64 } = this.holdWith(weights);
    exports.sparseProducts(this.transposed, stride, this.start, this.at, this.values, rows, byRow);
    exports.transpose(byRow, rows, stride, byFilter, rows);
    out.set(f64.subarray(byFilter / 8, byFilter / 8 + filters * rows));
    return true;
  }

  addPulls(pulls: Float64Array, changes: Float64Array, which: readonly number[]): true {
    const { filters, columns, stride, byRow, plain } = this;
    const { exports, f64, i32 } = this.holdWith(pulls);
    f64.set(changes, byRow / 8);
    i32.set(which, this.which / 4);
    exports.sparsePulls(this.transposed, stride, this.start, this.at, this.values, byRow, this.which, which.length);
    exports.transpose(this.transposed, columns, stride, plain, columns);
    pulls.set(f64.subarray(plain / 8, plain / 8 + filters * columns));
    return true;
  }

  end(): void {
    kernel().release(this.owner);
  }

  /** The kernel with these numbers, filters x columns, transposed in its memory. */
  private holdWith(numbers: Float64Array): ReturnType<typeof kernel> {
    const host = kernel();
    host.hold(this.owner);
    host.f64.set(numbers, this.plain / 8);
    host.exports.transpose(this.plain, this.filters, this.columns, this.transposed, this.stride);
    return host;
  }
}

/** Undefined where it is not worth while, too large, or a number is not finite: a product that is left out would show. */
export function sparseKernel(
  sparse: readonly (SparseRow | undefined)[],
  filters: number,
  columns: number,
): SparseKernel | undefined {
  const all = sparse.filter((row) => row !== undefined);
  if (all.length < sparse.length) return undefined;
  const terms = all.reduce((sum, { at }) => sum + at.length, 0);
  if (terms * filters < WORTH) return undefined;
  if (2 * terms + (filters + 1) * 2 * (columns + all.length) > LARGEST) return undefined;
  return all.every(({ values }) => allFinite(values)) ? new SparseKernel(all, filters, columns) : undefined;
}
