/** The page's pictures: interpreted expressions draw what compiled ones do; map and run are the command line's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pngOf } from '../../src/figures/node/write.ts';
import { sourceOf, type Figure } from '../../src/figures/figure.ts';
import { renderSvg } from '../../src/figures/render.ts';
import { memory } from '../../src/sweeps/memory.ts';
import { sweep } from '../../src/sweeps/sweep.ts';
import { here } from '../../src/sweeps/web/here.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import * as interpreted from '../../src/web/draw/vega.ts';
import { withText } from '../../src/web/draw/png-text.ts';
import { FIRST, type PageState } from '../../src/web/state/page-state.ts';
import { mapPicture, runPicture } from '../../src/web/worker/pictures.ts';
import { mapSpec } from '../../src/web/worker/spec-of.ts';

const SMALL: PageState = { ...FIRST, grid: 4, mapRuns: 2, runs: 3 };

/** Without names of clips and gradients, which count up from picture to picture. */
async function svgBy(vega: typeof interpreted, { spec }: Figure): Promise<string> {
  const { compile } = await import('vega-lite');
  const view = new vega.View(vega.parse(compile(spec as never).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg.replace(/(clip|gradient_)\d+/g, '$1');
}

async function mapStore(state: PageState) {
  const store = memory();
  await sweep(mapSpec(state).spec, { pool: here(), store });
  return store;
}

void test('interpreted expressions draw what compiled ones do', async () => {
  const vega = (await import('vega')) as unknown as typeof interpreted;
  const map = mapPicture(SMALL, await mapStore(SMALL)).figure;
  const run = runPicture(SMALL, 'in words').figure;
  for (const figure of [map, run]) assert.equal(await svgBy(interpreted, figure), await svgBy(vega, figure));
});

void test('a map carries the spec that makes it again, and the numbers of its cells', async () => {
  const { figure, csv } = mapPicture(SMALL, await mapStore(SMALL));
  const spec = parseSpec(sourceOf(figure)!, 'the picture');
  assert.deepEqual(
    spec.axes.map(({ path, values }) => [path, values.length]),
    [
      ['data.d', 4],
      ['data.mu', 4],
    ],
  );
  const again = await sweep(spec, { pool: here(), store: memory() });
  const lines = csv!.trimEnd().split('\n');
  assert.equal(lines.length, 17);
  const at = lines[0]!.split(',').indexOf('testError');
  assert.deepEqual(
    lines.slice(1).map((line) => Number(line.split(',')[at])),
    again.results.frame().columns['testError'],
  );
});

void test('shares of benign runs are a map too; one under way is no picture', async () => {
  const state: PageState = { ...SMALL, show: 'benign' };
  const { figure } = mapPicture(state, await mapStore(state));
  assert.match(JSON.stringify(figure.spec), /share of benign runs/);
  assert.throws(() => mapPicture(state, memory()), /still being computed: 0 of 32 runs/);
});

void test('a run has its series as a table, and its spec', () => {
  const { figure, csv } = runPicture({ ...SMALL, replicate: 2 }, 'benign overfitting');
  assert.match(csv!, /^step,trainLoss,trainError,testError,/);
  assert.match(JSON.stringify(figure.spec), /run 3 of 3 /);
  assert.match(JSON.stringify(figure.spec), /benign overfitting/);
  assert.equal(parseSpec(sourceOf(figure)!, 'the picture').runs, 3);
});

void test('a PNG carries the spec as the command line writes it', async () => {
  const { figure } = runPicture(SMALL, undefined);
  const svg = await renderSvg(figure);
  const { spec, ...rest } = figure;
  const { usermeta: _, ...bare } = spec;
  const png = await pngOf({ ...rest, spec: bare }, svg);
  const ours = withText(new Uint8Array(png), 'benign-lab.spec', sourceOf(figure)!);
  assert.deepEqual(ours, new Uint8Array(await pngOf(figure, svg)));
});
