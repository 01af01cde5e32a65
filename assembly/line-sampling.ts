/** What line sampling keeps in linear memory. */
import { FreshOutput } from './fresh-output';

/** The host fills it (src/observables/lines-kernel.ts). */
@unmanaged
export class LineSampling extends FreshOutput {
  lines: i32;
  shifts: i32;
  /** number of the purpose `test` */
  purpose: i32;
  /** number of watched filters */
  watched: i32;
  /** StreamName of the run */
  name: usize;
  /** f64, rank: generating vector of the lattice */
  generator: usize;
  /** f64, shifts: the results, for each shift the mean over its lines of P(y f <= 0) and of P(f = 0) */
  means: usize;
  zeros: usize;
  /** f64, groups: P of the atoms that only the noise can make speak; 0 when there are none */
  quiet: usize;
  /** i32, watched */
  watchedFilters: usize;
  /** f64 x 2, watched: a result, the filter's least and largest height across the lines */
  reached: usize;
  // scratch
  /** f64, rank */
  direction: usize;
  /** f64, filters */
  slopes: usize;
  /** f64, rank */
  shift: usize;
  /** fours of lines, rank */
  z: usize;
  /** fours of lines, filters */
  heights: usize;
  /** f64, filters: heights of one line in one group */
  line: usize;
  /** f64, filters: kinks in order; i32, filters: whose they are; both twice, for merging */
  kinks: usize;
  order: usize;
  kinksBeside: usize;
  orderBeside: usize;
  /** f64, filters + 2: of each segment between kinks, (1 - leak) times the active height, the slope, the right end */
  segmentHeights: usize;
  segmentSlopes: usize;
  segmentEnds: usize;
  /** f64, rank: the lattice's next coordinates, times the number of lines */
  residues: usize;
  /** coordinates whose quantile lies in a tail: f64 number, i32 address; 4 rank + 1 entries of 16 bytes */
  tails: usize;
  /**
   * what filter r adds when t passes its kink: to the count of active ones (+-1), to the height's factor, to the slope;
   * f64 x 4, filters
   */
  turns: usize;
}
