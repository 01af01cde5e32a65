import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Resvg } from '@resvg/resvg-js';
import type { JsonObject } from '../../../src/figures/figure.ts';
import { heatMap } from '../../../src/figures/heat-map.ts';
import { svgToPng, writeFigure } from '../../../src/figures/node/write.ts';
import { renderSvg } from '../../../src/figures/render.ts';
import { grid, sweep } from '../sweeps.ts';

const { spec, table } = sweep(grid);
const figure = heatMap(spec, table, { name: 'test-error', title: 'Test error', value: 'testError' });

/** Pixels darker than mid-grey. */
function dark(pixels: Buffer): number {
  let count = 0;
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at]! + pixels[at + 1]! + pixels[at + 2]! < 380) count++;
  return count;
}

test('three files, whole, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  try {
    const inside = join(folder, 'figures');
    assert.deepEqual(await writeFigure(inside, figure), ['test-error.svg', 'test-error.png', 'test-error.vl.json']);
    await writeFigure(inside, figure); // over the old ones
    assert.deepEqual((await readdir(inside)).sort(), ['test-error.png', 'test-error.svg', 'test-error.vl.json']);
    const svg = await readFile(join(inside, 'test-error.svg'), 'utf8');
    const again = JSON.parse(await readFile(join(inside, 'test-error.vl.json'), 'utf8')) as JsonObject;
    assert.equal(await renderSvg({ name: 'again', spec: again }), svg);
    assert.equal((await readFile(join(inside, 'test-error.png'))).subarray(1, 4).toString(), 'PNG');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the picture has its words, at two pixels to a px', async () => {
  const svg = await renderSvg(figure);
  const wordless = new Resvg(svg, { font: { loadSystemFonts: false }, fitTo: { mode: 'zoom', value: 2 } }).render();
  const png = await svgToPng(svg);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.deepEqual([width, height], [wordless.width, wordless.height]);
  const picture = new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" href="data:image/png;base64,${png.toString('base64')}"/></svg>`,
  ).render();
  const more = dark(picture.pixels) - dark(wordless.pixels);
  assert.ok(more > 2000, `${more} dark pixels of text`);
});

test('two figures drawn at once do not disturb each other', async () => {
  const alone = await renderSvg(figure);
  const together = await Promise.all([renderSvg(figure), renderSvg(figure)]);
  assert.deepEqual(together, [alone, alone]);
});
