/**
 * Runs that a wanted precision takes, by a confidence sequence that is looked at after 20 runs and then after every
 * tenth more. The numbers of precision.md.
 *
 *   npm run build && node dist/validation/precision.js
 */
import { readFileSync } from 'node:fs';
import { buildCell, type Value } from '../src/experiments/cell.ts';
import { parseSpec } from '../src/experiments/spec-text.ts';
import { runToPrecision } from '../src/sweeps/run-to-precision.ts';
import { controlParameter } from '../src/core/control-parameter.ts';

const FILE = 'validation/exponential-bound.yaml';
const spec = parseSpec(readFileSync(FILE, 'utf8'), FILE);
const MIN_RUNS = 20;

process.stdout.write(
  '| S | half-width | runs | mean clean error | 95 % interval, at all times at once |\n|---|---|---|---|---|\n',
);
for (const mu of [8, 16, 28, 40]) {
  const cell = buildCell(
    new Map<string, Value>([
      ...spec.values,
      ['data.flipLaw', 'probability'],
      ['data.mu', mu],
      ['test.estimator', 'lines'],
    ]),
  );
  for (const halfWidth of [0.05, 0.02]) {
    const { runs, mean, interval, why } = runToPrecision(cell, spec.seed, {
      of: 'testErrorClean',
      halfWidth,
      confidence: 0.95,
      minRuns: MIN_RUNS,
      maxRuns: 2000,
    });
    process.stdout.write(
      `| ${controlParameter(cell.data).toPrecision(3)} | ${halfWidth} | ${runs}${why === 'max-runs' ? ' (the cap)' : ''} | ${mean!.toFixed(4)} | ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)} |\n`,
    );
  }
}
