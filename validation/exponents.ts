/**
 * The transition itself: exponents of level sets beside the theorems', constants, sharpness, and what a search costs
 * against a grid.
 *
 *     npm run constants          (goes on in out/constants; writes docs/constants.md, docs/constants/ and
 *     validation/exponents.md) node dist/validation/exponents.js ID          (one search only; writes no page)
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { specFrom, specToYaml } from '../src/experiments/spec-text.ts';
import { boundaryReport, boundaryTests } from '../src/reproduction/boundary-report.ts';
import { Boundary } from '../src/sweeps/boundary.ts';
import { folder as store } from '../src/sweeps/node/store.ts';
import { threads } from '../src/sweeps/node/threads.ts';
import { searchBoundary } from '../src/sweeps/search.ts';
import { refusal } from './transition/assumptions.ts';
import { costs, type Cost } from './transition/cost.ts';
import { WIDTH_TESTS, type Made } from './transition/derived.ts';
import { scalingExact } from './transition/scaling.ts';
import { chosen, constantsPage, exponentsPage, lineOf, shown } from './transition/pages.ts';
import { writePictures } from './transition/pictures.ts';
import { STUDIES } from './transition/studies.ts';

const searches = STUDIES.map((study) => {
  const { id, spec: input, along, over, levels, precision } = study;
  const spec = specFrom({ name: study.title, ...input }, id);
  return {
    study,
    spec,
    boundary: new Boundary(spec, { along, over, of: 'testErrorClean', levels, seOfLog: precision }),
  };
});
/** K: intervals and tests behind all words of the page, counted before a run is made. */
const tests = searches.reduce((sum, { boundary }) => sum + boundaryTests(boundary), WIDTH_TESTS);

async function make({ study, spec, boundary }: (typeof searches)[number]): Promise<Made> {
  const { id, largest } = study;
  const folder = join('out', 'constants', id);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'spec.yaml'), specToYaml(spec, id));
  const clock = join(folder, 'seconds.json');
  const before = existsSync(clock) ? (JSON.parse(readFileSync(clock, 'utf8')) as number) : 0;
  const started = performance.now();
  const { failed, made } = await searchBoundary(boundary, {
    pool: threads(availableParallelism()),
    store: store(folder),
  });
  if (failed.length > 0) throw new Error(`${id}: ${failed.length} runs failed: ${failed[0]!.why}`);
  // Of the calls that made runs: one that finds them all there takes none.
  const seconds = before + (made > 0 ? (performance.now() - started) / 1000 : 0);
  writeFileSync(clock, JSON.stringify(seconds));
  return {
    study,
    boundary,
    runs: boundary.runs,
    seconds,
    ...boundaryReport(boundary, { tests, ...(largest && { largest }) }),
  };
}

/** The line that says by what a page was made. */
function head(page: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts', 'made-by.mjs'), page], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** What searches and grids cost, made once for a folder as the searches are. */
function costsOnce(): readonly Cost[] {
  const file = join('out', 'constants', 'costs.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(costs()));
  return JSON.parse(readFileSync(file, 'utf8')) as Cost[];
}

const only = process.argv[2];
const refused = STUDIES.flatMap((study) => (only === undefined || only === study.id ? (refusal(study) ?? []) : []));
if (refused.length > 0) {
  process.stderr.write(`${refused.join('\n')}\n`);
  process.exit(1);
}
const made: Made[] = [];
for (const search of searches) {
  const { study } = search;
  if (only !== undefined && only !== study.id) continue;
  const one = await make(search);
  made.push(one);
  process.stderr.write(`${study.id}: ${one.runs} runs, ${one.seconds.toFixed(1)} s\n`);
  for (const fit of one.fits)
    process.stderr.write(
      `  ${fit.level}: ${lineOf(fit)} ${shown(fit.exponent)} ${chosen(study, fit)
        .map(
          ({ id: law, exponent, verdict, test }) => `${law} ${exponent.toFixed(3)} ${verdict} (${test?.by ?? 'bound'})`,
        )
        .join('; ')}\n`,
    );
  if (only !== undefined)
    for (const { over: at, level, state, along: value, se } of one.crossings)
      process.stderr.write(`  ${at} ${level}: ${state} ${value?.toPrecision(4)} ${se?.toPrecision(2)}\n`);
}
if (only === undefined) {
  const pictures = await writePictures(join('docs', 'constants'), made);
  const madeBy = head('docs/constants.md');
  writeFileSync(join('docs', 'constants.md'), constantsPage(madeBy, made, costsOnce(), scalingExact(), pictures));
  writeFileSync(join('validation', 'exponents.md'), exponentsPage(madeBy, made));
}
