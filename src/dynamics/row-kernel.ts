/** Patches of one run in the kernel's memory: what the direct engine asks of them, with the bits of its own sums. */
export interface RowKernel {
  /** of changes: that of filter r on row q is at q * rowStep + r * filterStep */
  readonly rowStep: number;
  readonly filterStep: number;
  /** length of changes */
  readonly size: number;
  /**
   * out: filters x rows, the products of the weights, filters x columns, with every row.
   *
   * @returns whether it was done: not where a weight is not finite and the sums would show it
   */
  products(weights: Float64Array, out: Float64Array): boolean;
  /**
   * Adds changes times rows to the pulls, filters x columns, for the rows of `which` in their order.
   *
   * @param changes finite; 0 for the other rows
   * @returns whether it was done, as for `products`
   */
  addPulls(pulls: Float64Array, changes: Float64Array, which: readonly number[]): boolean;
  /** Nobody asks it again. */
  end(): void;
}
