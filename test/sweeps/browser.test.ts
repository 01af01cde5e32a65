/**
 * A sweep and a search for level sets in a page, in two module workers with a store in memory: the same records, byte
 * for byte, as those of the command line (threads, a folder) and of the caller's own thread.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { Boundary } from '../../src/sweeps/boundary.ts';
import type { BoundaryOptions } from '../../src/sweeps/boundary/places.ts';
import { memory } from '../../src/sweeps/memory.ts';
import { searchBoundary } from '../../src/sweeps/search.ts';
import { sweep } from '../../src/sweeps/sweep.ts';
import { here } from '../../src/sweeps/web/here.ts';
import { benign, inFolder, storedLines } from '../helpers/benign.ts';
import { inBrowser, noBrowser } from '../helpers/browser.ts';
import { CONTENT, IMAGES } from '../helpers/data-set.ts';

const SWEEP = {
  data: { n: 10, d: 100, flip: 0.1 },
  network: { m: 4 },
  training: { maxSteps: 200 },
  axes: { 'data.mu': [1, 3] },
  precision: { of: 'testErrorClean', halfWidth: 0.1, minRuns: 5 },
  runs: 60,
  seed: 5,
  record: { series: ['trainLoss', 'gamma'], every: 20 },
} as const;

const SEARCH = {
  data: { n: 12 },
  network: { m: 4, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.05, maxSteps: 3000 },
  test: { lines: 2, shifts: 4 },
  axes: { 'data.d': [100, 1000], 'data.mu': [0.5, 50] },
  seed: 11,
} as const;
const QUESTION: BoundaryOptions = {
  along: 'data.mu',
  over: 'data.d',
  of: 'testErrorClean',
  levels: [0.2],
  seOfLog: 0.1,
};

/** A data set, whose points a page hands to its workers. */
const OF_DATA = {
  data: { model: 'dataset', content: CONTENT, classes: '0/1', n: 16, d: 27, heldOut: 20, flip: 0.1, border: 1 },
  network: { m: 4 },
  training: { eta: 0.5, maxSteps: 100 },
  axes: { 'data.layout': ['noisy-border', 'noise-patch'] },
  runs: 6,
  seed: 5,
} as const;

const sorted = (lines: readonly string[]): string[] => [...lines].sort();

/** What the command line stores. */
const byCommand = (spec: object, command: string, ...options: readonly string[]): Promise<string[]> =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, JSON.stringify(spec));
    const out = join(folder, 'out');
    const { code, stderr } = benign([command, file, ...options, '--workers', '2', '--out', out]);
    assert.ok(code === 0 || code === 4, stderr); // a small search decides nothing
    return sorted(storedLines(out));
  });

const { along, over, of, levels, seOfLog: precision } = QUESTION;
const asked = Object.entries({ along, over, of, level: levels[0], precision });
const commanded = {
  swept: await byCommand(SWEEP, 'sweep'),
  searched: await byCommand(SEARCH, 'boundary', ...asked.flatMap(([option, value]) => [`--${option}`, String(value)])),
};

async function inThisThread(seed?: number): Promise<typeof commanded> {
  const [a, b] = [memory(), memory()];
  const change = seed === undefined ? {} : { seed };
  await sweep(specFrom({ ...SWEEP, ...change }, 'sweep'), { pool: here(), store: a });
  const search = new Boundary(specFrom({ ...SEARCH, ...change }, 'search'), QUESTION);
  await searchBoundary(search, { pool: here(), store: b });
  return { swept: sorted(a.lines), searched: sorted(b.lines) };
}

interface Page {
  readonly swept: readonly string[];
  readonly searched: readonly string[];
  readonly other: readonly string[];
  readonly ofData: readonly string[];
  readonly complete: boolean;
  readonly interrupted: boolean;
  /** what is said of a worker that dies, or whose script is none, and how many records there are */
  readonly dies: readonly [string, number];
  readonly unborn: readonly [string, number];
}

/** In module workers of a page. */
const IN_PAGE = `
  const { specFrom } = await import('/dist/src/experiments/spec-text.js');
  const { Boundary } = await import('/dist/src/sweeps/boundary.js');
  const { memory } = await import('/dist/src/sweeps/memory.js');
  const { searchBoundary } = await import('/dist/src/sweeps/search.js');
  const { sweep } = await import('/dist/src/sweeps/sweep.js');
  const { workers } = await import('/dist/src/sweeps/web/workers.js');
  const [a, b] = [memory(), memory()];
  const pool = workers(2);
  const swept = await sweep(specFrom(${JSON.stringify(SWEEP)}, 'sweep'), { pool, store: a });
  await searchBoundary(new Boundary(specFrom(${JSON.stringify(SEARCH)}, 'search'), ${JSON.stringify(QUESTION)}), { pool, store: b });
  const { offer } = await import('/dist/src/data/content.js');
  const points = ${JSON.stringify({ ...IMAGES, values: [...IMAGES.values], labels: [...IMAGES.labels] })};
  offer({ ...points, values: Float64Array.from(points.values), labels: Float64Array.from(points.labels) });
  const c = memory();
  await sweep(specFrom(${JSON.stringify(OF_DATA)}, 'data'), { pool: workers(2), store: c });
  const broken = async (text) => {
    const script = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const store = memory();
    const said = await sweep(specFrom(${JSON.stringify(SWEEP)}, 'sweep'), { pool: workers(2, () => new Worker(script)), store }).catch(String);
    return [said, store.lines.length];
  };
  const otherSeed = specFrom({ ...${JSON.stringify(SWEEP)}, seed: 6 }, 'sweep');
  const other = memory();
  await sweep(otherSeed, { pool, store: other });
  const controller = new AbortController();
  const stopped = await sweep(otherSeed, {
    pool, store: memory(), signal: controller.signal, progress: (done) => done > 0 && controller.abort(),
  });
  return {
    swept: [...a.lines].sort(),
    searched: [...b.lines].sort(),
    other: [...other.lines].sort(),
    ofData: [...c.lines].sort(),
    complete: swept.results.complete,
    dies: await broken('addEventListener("message", () => { throw new RangeError("out of everything"); });'),
    unborn: await broken('no script'),
    interrupted: stopped.interrupted,
  };`;

test("the caller's own thread and memory make the records of the command line", async () => {
  assert.ok(commanded.swept.length > 20 && commanded.searched.length > 20);
  assert.deepEqual(await inThisThread(), commanded);
  // Negative control: another seed.
  const other = await inThisThread(6);
  assert.notDeepEqual(other.swept, commanded.swept);
  assert.notDeepEqual(other.searched, commanded.searched);
});

test('two module workers in headless Chromium and memory make them too', { skip: noBrowser }, async () => {
  const { swept, searched, other, ofData, complete, interrupted, dies, unborn } = (await inBrowser(IN_PAGE)) as Page;
  assert.deepEqual({ swept, searched }, commanded);
  assert.notDeepEqual(other, commanded.swept, 'negative control: another seed');
  const inNode = memory();
  await sweep(specFrom(OF_DATA, 'data'), { pool: here(), store: inNode });
  assert.equal(ofData.length, 12);
  assert.deepEqual(ofData, sorted(inNode.lines));
  assert.ok(complete && interrupted);
  assert.match(dies[0], /^UserError: a worker of the page ended in the midst of its work \(.*out of everything\)/);
  assert.match(unborn[0], /^UserError: a worker of the page ended in the midst of its work/);
  assert.deepEqual([dies[1], unborn[1]], [0, 0]);
});
