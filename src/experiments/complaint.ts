/** Something wrong at one place of a spec. */
export interface Complaint {
  readonly path: readonly string[];
  readonly sentence: string;
  /** the key itself is wrong, not its value */
  readonly atKey?: boolean;
}
