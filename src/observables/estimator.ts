/** How the test error of one network is estimated. */

export interface TestErrorParameters {
  /** lines: line sampling; points: plain Monte Carlo, the judge; auto: to the wanted precision, however rare */
  readonly estimator: 'lines' | 'points' | 'auto';
  /** lines per random shift, >= 1 */
  readonly lines: number;
  /** independent random shifts, >= 2 */
  readonly shifts: number;
  /** points of plain Monte Carlo, >= 2 */
  readonly points: number;
  /** wanted relative standard error of the clean error (estimator: auto), > 0 */
  readonly precision: number;
}
