/**
 * Standard deviation of one run within a cell, block by block of the published Kou map: the numbers behind `runSd` in
 * src/papers/kou-2023.ts.
 *
 *   benign reproduce kou-2023 --quick --runs 250 --out DIR && node dist/validation/run-sd.js DIR
 */
import { inCell, overRuns } from '../src/experiments/frame.ts';
import { loadResults } from '../src/cli/folder.ts';
import { meanAndSe } from '../src/core/statistics.ts';
import { kou2023 } from '../src/papers/kou-2023.ts';

const frame = loadResults(process.argv[2]!).frame();
const check = kou2023.figures[0]!.variants[0]!.checks.find((one) => one.kind === 'block-means');
if (check?.kind !== 'block-means') throw new Error('the preset has no block means');
const errors = overRuns(frame, 'testError');
for (const [dLow, dHigh] of check.blocks.rowIntervals) {
  const row = check.blocks.columnIntervals.map(([muLow, muHigh]) => {
    const variances = frame.cells.flatMap((cell, at) => {
      const { d, mu } = cell.data;
      if (d < dLow || d > dHigh || mu < muLow || mu > muHigh) return [];
      const values = inCell(frame, errors, at);
      return [meanAndSe(values).se ** 2 * values.length];
    });
    return Math.sqrt(meanAndSe(variances).mean).toFixed(4);
  });
  process.stdout.write(`    [${row.join(', ')}],\n`);
}
