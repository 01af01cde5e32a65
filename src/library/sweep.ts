/** Sweeps and searches for level sets, for programs. */
import { UserError } from '../errors.ts';
import type { Frame } from '../experiments/frame.ts';
import type { Results } from '../experiments/results.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Lab } from '../lab/lab.ts';
import type { BoundaryOptions } from '../sweeps/boundary/places.ts';
import type { BoundaryPoint } from '../sweeps/boundary/points.ts';
import { Boundary } from '../sweeps/boundary.ts';
import type { RunOptions, RunReport } from '../sweeps/runs.ts';
import { searchBoundary } from '../sweeps/search.ts';
import { sweep as makeSweep } from '../sweeps/sweep.ts';

/** What came of a sweep. */
export interface Sweep extends RunReport {
  /** the runs of the store included */
  readonly results: Results;
  /** the results as plain columns, one row a cell and one row a run: what figures and checks read */
  frame(): Frame;
}

/**
 * Makes every run of a spec that the store lacks. The records depend on the spec alone: not on the pool, nor on what was
 * there before.
 *
 * @param lab the spec's: it has the parts of one's own that the spec asks for
 * @throws UserError for a spec with parts that the lab or the pool's workers do not have, and when the store is broken or
 *   full (everything acknowledged is kept), and when no run at all could be made
 */
export async function sweep(lab: Lab, spec: Spec, options: RunOptions): Promise<Sweep> {
  lab.check(spec);
  const report = await makeSweep(spec, options);
  const [first] = report.failed;
  if (first && report.results.count === 0) throw new UserError(`run ${first.run} failed: ${first.why}`);
  return { ...report, frame: () => report.results.frame() };
}

/** What came of a search for level sets. */
export interface Search extends RunReport {
  /** where every row crosses every level, rows outermost */
  readonly points: readonly BoundaryPoint[];
}

/**
 * Level sets of the error by adaptive sampling: for each value of `over` the value of `along` at which the mean error is
 * each of the levels.
 *
 * @param lab the spec's
 * @throws UserError for axes that cannot be searched, and as `sweep` does
 */
export async function boundary(lab: Lab, spec: Spec, search: BoundaryOptions, options: RunOptions): Promise<Search> {
  lab.check(spec);
  const found = new Boundary(spec, search);
  const report = await searchBoundary(found, options);
  return { ...report, points: found.points() };
}
