/** A network's output on a fresh point in linear memory, as src/observables/fresh-output.ts has it. */

/** The host fills it (src/observables/kernel-output.ts). */
@unmanaged
export class FreshOutput {
  filters: i32;
  rank: i32;
  groups: i32;
  atoms: i32;
  /** of a piecewise-linear activation */
  leak: f64;
  /** f64, filters x rank, lower trapezoidal */
  l: usize;
  /** f64, filters */
  weights: usize;
  /** f64, groups x filters */
  offsets: usize;
  /** an Atom each */
  atomTable: usize;
}

@unmanaged
export class Atom {
  probability: f64;
  label: f64;
  fixed: f64;
  group: f64;
}
