/**
 * `benign boundary`: end to end, the same for any number of workers and after an interruption, and against a dense
 * grid.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { spentOnLook } from '../../src/core/verdict.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { runCell } from '../../src/experiments/run.ts';
import { boundaryFigure } from '../../src/reproduction/boundary-figure.ts';
import type { LawFit } from '../../src/reproduction/boundary-laws.ts';
import { boundaryReport, type BoundaryReport, type LevelSetFit } from '../../src/reproduction/boundary-report.ts';
import { Boundary } from '../../src/sweeps/boundary.ts';
import type { BoundaryOptions } from '../../src/sweeps/boundary/places.ts';
import { logControl, TRANSITION_LAWS } from '../../src/theory/transition-laws.ts';
import { benignUntil, inFolder, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';
import { BOUNDARY_SCALING, DRAWN_DIGITS, NEWTON, ROUNDING } from '../tolerances.ts';

const SPEC = {
  data: { n: 12, d: 200 },
  network: { m: 4, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.05, maxSteps: 3000 },
  test: { lines: 2, shifts: 4 },
  seed: 11,
} as const;

/** Searches in this thread. */
function searched(
  spec: Record<string, unknown>,
  options: Partial<BoundaryOptions>,
): { search: Boundary; report: BoundaryReport } {
  const read = specFrom(spec, 'test');
  const search = new Boundary(read, {
    along: 'data.mu',
    over: 'data.d',
    of: 'testErrorClean',
    levels: [0.2],
    seOfLog: 0.03,
    ...options,
  });
  for (let jobs = search.next(); jobs.length > 0; jobs = search.next())
    for (const { cell, replicate } of jobs) search.add(runCell(cell, read.seed, replicate));
  return { search, report: boundaryReport(search, {}) };
}

test('‖mu‖* follows sigma_p: every local slope within its error of 1, and the law is decided with enough runs', () => {
  const { report } = searched(
    { ...SPEC, axes: { 'data.sigmaP': [0.5, 1, 2, 4, 8], 'data.mu': [0.2, 160] } },
    { over: 'data.sigmaP', levels: [0.2], seOfLog: 0.01 },
  );
  const [{ exponent, line, local, laws }] = report.fits as [LevelSetFit];
  assert.ok(Math.abs(exponent!.value - 1) < BOUNDARY_SCALING * exponent!.se, JSON.stringify(exponent));
  assert.ok(!line!.rejected && local.length === 4);
  const [law] = laws as [LawFit];
  assert.equal(law.exponent, 1);
  assert.deepEqual([report.errors.tests, law.test!.by], [3, 'line']);
  assert.ok(law.verdict !== 'fails');
  // Negative control: an exponent a tenth away is far outside.
  assert.ok(Math.abs(exponent!.value - 0.9) > BOUNDARY_SCALING * exponent!.se);
});

test('what a law says nothing about gets no word: the flips', () => {
  const { report } = searched(
    { ...SPEC, data: { n: 12, d: 2000, flipLaw: 'exact' }, axes: { 'data.flips': [1, 2], 'data.mu': [0.5, 60] } },
    { over: 'data.flips', seOfLog: 0.05 },
  );
  assert.deepEqual(
    report.fits[0]!.laws.map(({ verdict, why }) => [verdict, why]),
    [['not-applicable', 'its constants may depend on flips']],
  );
  assert.equal(report.verdict, null);
});

test('bounds on one side get no word', () => {
  const { report } = searched(
    {
      data: { model: 'unit-norm-mixture', n: 10 },
      network: { activation: 'leaky-relu', leak: 0.1, m: 4, outputScale: '1', sigma0: 0.01 },
      training: { loss: 'hinge', reduction: 'sum', eta: 0.01, stop: 'zero-loss', maxSteps: 20000 },
      test: { lines: 4, shifts: 4 },
      scale: { 'network.sigma0': { d: -0.5 } },
      axes: { 'data.d': [200, 1000], 'data.share': [0.001, 0.9] },
      seed: 3,
    },
    { along: 'data.share', seOfLog: 0.05 },
  );
  assert.deepEqual(
    report.fits[0]!.laws.map(({ id, verdict, test: tested }) => [id, verdict === 'not-applicable', tested === null]),
    [
      ['karhadkar-2024/benign', true, true],
      ['karhadkar-2024/harmful', true, true],
      ['karhadkar-2024/between', false, false],
    ],
  );
});

test('the figure draws the law that is asked for, and names it', () => {
  const spec = {
    ...SPEC,
    data: { n: 12, d: 1e6 },
    network: {
      m: 4,
      output: 'trained-per-patch',
      outputScale: '1',
      v0Unit: 'v*',
      sigma0: 1e-6,
      sigma0Unit: '1/(sigmaP*sqrt(d))',
    },
    training: { eta: 1, etaUnit: 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)', stop: 'loss', epsilon: 0.05, maxSteps: 20000 },
    axes: { 'network.v0': [0.1, 0.2, 0.4], 'data.mu': [1, 3000] },
  };
  const { search, report } = searched(spec, { over: 'network.v0' });
  const caption = { title: 'level sets', subtitle: 'runs' };
  /** d log along / d log over of the drawn line, and the words beside it */
  const drawn = (law?: string): { slope: number; subtitle: string } => {
    const { spec: vega } = boundaryFigure(search, report, caption, law)!;
    const line = (vega['layer'] as unknown as { data: { values: { x: number; y: number }[] } }[])[0]!.data.values;
    return {
      slope: line.length < 2 ? NaN : Math.log(line[1]!.y / line[0]!.y) / Math.log(line[1]!.x / line[0]!.x),
      subtitle: String((vega['title'] as { subtitle: string[] }).subtitle),
    };
  };
  const [large, small, none] = [drawn('shang-2024/large-v0'), drawn('shang-2024/small-v0'), drawn('no/law')];
  assert.ok(
    Math.abs(large.slope) < DRAWN_DIGITS && small.slope > -1 && small.slope < -0.5,
    `${large.slope} ${small.slope}`,
  );
  // Below v* the law is no power law: its curve keeps its own control parameter, and its exponent is the local one.
  const law = TRANSITION_LAWS.find(
    ({ id, about }) => id === 'shang-2024/small-v0' && about['network.v0Unit']!.includes('v*'),
  )!;
  const { curve, exponent, kappa, test: tested } = report.fits[0]!.laws.find(({ id }) => id === law.id)!;
  const at = ({ over, along }: { over: number; along: number }) => ({
    n: 12,
    d: 1e6,
    m: 4,
    sigmaP: 1,
    mu: along,
    v0: over,
  });
  for (const place of curve)
    assert.ok(Math.abs(logControl(law, at(place)) - Math.log(kappa.largest.value)) < NEWTON, JSON.stringify(place));
  assert.equal(tested!.by, 'largest sizes');
  const [before, last] = curve.slice(-2) as [{ over: number; along: number }, { over: number; along: number }];
  const chord = Math.log(last.along / before.along) / Math.log(last.over / before.over);
  assert.ok(Math.abs(exponent - chord) < NEWTON, `${exponent} ${chord}`);
  assert.ok(large.subtitle.includes('shang-2024/large-v0') && small.subtitle.includes('shang-2024/small-v0'));
  assert.ok(Number.isNaN(none.slope) && !none.subtitle.includes('lines:'));
});

test('an error that rises along the axis is searched as well, and a scaled axis too', () => {
  const { report } = searched(
    { ...SPEC, data: { n: 12, mu: 4 }, axes: { 'data.mu': [3, 4, 5], 'data.d': [50, 100000] } },
    { along: 'data.d', over: 'data.mu' },
  );
  const found = report.crossings.map(({ state, along }) => (state === 'found' ? along! : NaN));
  assert.ok(found[0]! < found[1]! && found[1]! < found[2]!, found.join());
  assert.equal(report.fits[0]!.laws[0]!.exponent, 4);
  const scaled = searched(
    { ...SPEC, axes: { 'data.d': [100, 1000, 10000], 'data.mu': [0.3, 5] }, scale: { 'data.mu': { d: 0.25 } } },
    {},
  );
  assert.ok(Math.abs(scaled.report.fits[0]!.laws[0]!.exponent) < ROUNDING);
  for (const { exponent } of scaled.report.fits[0]!.local) assert.ok(Math.abs(exponent.value) < 0.1);
});

test('a level that is not crossed is said to be above or below, and costs little', () => {
  const { search, report } = searched(
    { ...SPEC, axes: { 'data.d': [100, 1e8], 'data.mu': [0.5, 5] } },
    { levels: [0.2, 0.45] },
  );
  const states = report.crossings.map(({ over, level, state }) => [over, level, state]);
  assert.deepEqual(states[0], [100, 0.2, 'found']);
  assert.deepEqual(states[2], [1e8, 0.2, 'above']);
  assert.ok(search.runs < 2000, String(search.runs));
});

/** Far beyond the transition (large n mu²/d) the error rises again: mu* is crossed twice at level .15. */
const RISES_AGAIN = {
  data: { n: 20, d: 100, flip: 0.1 },
  network: { m: 10, sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.05, maxSteps: 2000 },
  seed: 7,
};

test('an error that crosses its level twice: the first crossing is followed, and the other is named', () => {
  const options = { over: 'network.m', of: 'testError', levels: [0.15], precision: 0.05 } as const;
  const over = { 'network.m': [10, 12] };
  const whole = searched({ ...RISES_AGAIN, axes: { ...over, 'data.mu': [0.5, 80] } }, options);
  // Negative control: over a range that ends before the error rises, the look says nothing.
  const before = searched({ ...RISES_AGAIN, axes: { ...over, 'data.mu': [0.5, 10] } }, options);
  for (const [at, one] of whole.report.crossings.entries()) {
    const plain = before.report.crossings[at]!;
    assert.deepEqual([one.state, plain.state, plain.again], ['found', 'found', []], JSON.stringify([one, plain]));
    const error = Math.hypot(one.se!, plain.se!);
    assert.ok(Math.abs(Math.log(one.along! / plain.along!)) < BOUNDARY_SCALING * error, `${one.along} ${plain.along}`);
    assert.equal(one.again.length, 1);
    const [{ low, high }] = one.again as [{ low: number; high: number }];
    assert.ok(low > 8 && high < 81 && low < high, JSON.stringify(one.again));
  }
  assert.ok(whole.search.lookRuns > before.search.lookRuns);
});

test('a cap on the runs ends a search before it is sure, and says so; more runs go on where it was', () => {
  const spec = { ...SPEC, axes: { 'data.d': [100, 10000], 'data.mu': [0.5, 50] } };
  const { search, report } = searched(spec, { maxRuns: 60 });
  assert.ok(search.reachedCap && search.runs + search.lookRuns <= 60);
  assert.deepEqual(
    report.crossings.map(({ state }) => state),
    ['limit', 'limit'],
  );
  const free = searched(spec, {});
  assert.ok(!free.search.reachedCap && free.search.lookRuns > 0);
  assert.deepEqual(searched(spec, { maxRuns: 20_000 }).report, free.report);
});

const YAML = `${Object.entries({ ...SPEC, data: { n: 12 } })
  .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  .join('\n')}
axes:
  data.d: [100, 1000, 10000]
  data.mu: [0.5, 50]
`;

const EXIT = { holds: 0, fails: 3, undecided: 4 } as const;
const verdictOf = (json: string): keyof typeof EXIT => (JSON.parse(json) as { verdict: keyof typeof EXIT }).verdict;

test('1 and 3 workers, an interrupted search and a finer one after a coarse one make the same runs', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, YAML);
    const command = (out: string, workers: number, precision = '0.05'): string[] => [
      'boundary',
      file,
      '--along',
      'mu',
      '--over',
      'd',
      '--level',
      '0.15',
      '--level',
      '0.3',
      '--of',
      'testErrorClean',
      '--precision',
      precision,
      '--workers',
      String(workers),
      '--out',
      join(folder, out),
      '--json',
    ];
    const outcomes = [1, 3].map((workers) => {
      const answer = warm(command(`w${workers}`, workers));
      assert.equal(answer.code, EXIT[verdictOf(answer.stdout)], answer.stderr);
      const { fits, crossings, runs, lookRuns, runsNow } = JSON.parse(answer.stdout) as BoundaryReport & {
        runs: number;
        lookRuns: number;
        runsNow: number;
      };
      assert.equal(runs + lookRuns, runsNow);
      return {
        fits,
        crossings,
        runs,
        lookRuns,
        lines: storedLines(join(folder, `w${workers}`)).sort(),
        table: readFileSync(join(folder, `w${workers}`, 'level-sets.csv'), 'utf8'),
      };
    });
    assert.deepEqual(outcomes[1], outcomes[0]);
    assert.equal(outcomes[0]!.lines.length, outcomes[0]!.runs + outcomes[0]!.lookRuns);
    assert.ok(outcomes[0]!.crossings.every(({ state }) => state === 'found'));

    await benignUntil(command('cut', 2), 'SIGTERM', 900);
    const resumed = warm(command('cut', 2));
    assert.equal(resumed.code, EXIT[verdictOf(resumed.stdout)], resumed.stderr);
    assert.deepEqual((JSON.parse(resumed.stdout) as BoundaryReport).crossings, outcomes[0]!.crossings);
    const again = JSON.parse(warm(command('cut', 2)).stdout) as { runsNow: number; look: number };
    assert.deepEqual([again.runsNow, again.look], [0, 1], 'nothing new was looked at');

    const finer = JSON.parse(warm(command('w1', 2, '0.03')).stdout) as BoundaryReport & {
      v: number;
      runs: number;
      runsNow: number;
      look: number;
    };
    assert.deepEqual([finer.v, finer.look], [2, 2]);
    assert.equal(finer.errors.spent, spentOnLook(0.05, 2));
    assert.ok(finer.runsNow < finer.runs, 'runs of the coarse search are used again');
  });
});
