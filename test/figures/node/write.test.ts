import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Resvg } from '@resvg/resvg-js';
import type { JsonObject } from '../../../src/figures/figure.ts';
import { withSource } from '../../../src/figures/figure.ts';
import { heatMap } from '../../../src/figures/heat-map.ts';
import { MOST_PX, whyNotDrawable } from '../../../src/figures/node/drawable.ts';
import { svgToPng, UndrawableError, writeFigure } from '../../../src/figures/node/write.ts';
import { renderSvg } from '../../../src/figures/render.ts';
import { typeset } from '../../../src/figures/text.ts';
import { symbolEntries } from '../../../src/notation.ts';
import { grid, sweep } from '../sweeps.ts';

const frame = sweep(grid);
const figure = heatMap(frame, { name: 'test-error', title: 'Test error', value: 'testError' });

/** Pixels darker than mid-grey. */
function dark(pixels: Buffer): number {
  let count = 0;
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at]! + pixels[at + 1]! + pixels[at + 2]! < 380) count++;
  return count;
}

test('four files, whole, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  try {
    const inside = join(folder, 'figures');
    assert.deepEqual((await writeFigure(inside, figure)).files, [
      'test-error.svg',
      'test-error.png',
      'test-error.vl.json',
      'test-error.pdf',
    ]);
    const pdf = await readFile(join(inside, 'test-error.pdf'));
    await writeFigure(inside, figure); // over the old ones
    assert.deepEqual((await readdir(inside)).sort(), [
      'test-error.pdf',
      'test-error.png',
      'test-error.svg',
      'test-error.vl.json',
    ]);
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.ok(pdf.equals(await readFile(join(inside, 'test-error.pdf'))), 'no date, no chance');
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

test('what would end the program in resvg is refused before, with the reason', async () => {
  const svg = (width: unknown, height: unknown, inside = ''): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inside}</svg>`;
  assert.equal(whyNotDrawable(svg(640, 480, '<path d="M0,1e3L-4.5,2"/><text x="3">NaN Infinity 1e99</text>')), '');
  for (const [bad, why] of [
    [svg(0, 480), /0 × 480 px/],
    [svg(640, MOST_PX + 1), /640 × 10001 px/],
    [svg('NaN', 480), /NaN × 480 px/],
    [svg(1e17, 480), /100000000000000000 × 480 px/],
    [svg(640, 480, '<path d="M0,NaNL4,2"/>'), /d = NaN/],
    [svg(640, 480, '<g transform="translate(Infinity,0)"/>'), /transform = Infinity/],
    [svg(640, 480, '<rect width="5" height="-1e38"/>'), /height = -1e38/],
    ['', /NaN × NaN px/],
  ] as const) {
    assert.match(whyNotDrawable(bad), why);
    await assert.rejects(svgToPng(bad), UndrawableError);
  }
});

test('a figure that cannot be drawn is an error of its own kind and leaves the folder as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  try {
    for (const spec of [{ nonsense: true }, { ...figure.spec, height: 1e5 }])
      await assert.rejects(writeFigure(folder, { name: 'bad', spec }), UndrawableError);
    assert.deepEqual(await readdir(folder), []);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('two figures drawn at once do not disturb each other', async () => {
  const alone = await renderSvg(figure);
  const together = await Promise.all([renderSvg(figure), renderSvg(figure)]);
  assert.deepEqual(together, [alone, alone]);
});

test('the spec travels in all three files, as UTF-8, and the bytes are the same twice', async () => {
  const source = '# spec\nname: ‖μ‖ < 5 & "φ"\ndata: {n: 10}\n';
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  try {
    const carrying = withSource(figure, source);
    await writeFigure(join(folder, 'a'), carrying);
    await writeFigure(join(folder, 'b'), carrying);
    const [svg, png, json] = await Promise.all(
      ['svg', 'png', 'vl.json'].map((kind) => readFile(join(folder, 'a', `test-error.${kind}`))),
    );
    assert.equal(
      svg!.toString().match(/<metadata>([^]*?)<\/metadata>/)?.[1],
      source.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    );
    assert.equal((JSON.parse(json!.toString()) as { usermeta: { spec: string } }).usermeta.spec, source);
    assert.deepEqual(textsOf(png!), [['benign-lab.spec', source]]);
    for (const kind of ['svg', 'png', 'vl.json'])
      assert.deepEqual(
        await readFile(join(folder, 'a', `test-error.${kind}`)),
        await readFile(join(folder, 'b', `test-error.${kind}`)),
      );
    assert.ok(new Resvg(svg!.toString()).width > 0, 'still a picture');
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Keyword and text of each iTXt chunk; every chunk's checksum is held against its bytes. */
function textsOf(png: Buffer): [string, string][] {
  const texts: [string, string][] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(body));
    if (body.toString('latin1', 0, 4) === 'iTXt') {
      const [keyword, rest] = [body.toString('latin1', 4, body.indexOf(0)), body.subarray(body.indexOf(0) + 3)];
      texts.push([keyword, rest.subarray(rest.indexOf(0, rest.indexOf(0) + 1) + 1).toString('utf8')]);
    }
    at += 12 + length;
  }
  return texts;
}

test('characters that the font lacks are named; every glyph of the notation is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  try {
    const named = heatMap(frame, { name: 'named', title: 'ρ̄ 漢 🚀 ﬁ é', value: 'testError' });
    assert.deepEqual((await writeFigure(folder, named)).lacking, ['漢', '🚀']);
    const glyphs = symbolEntries()
      .map(([, { glyph }]) => typeset(glyph))
      .join(' ');
    const all = heatMap(frame, { name: 'all', title: glyphs, subtitle: glyphs, value: 'testError' });
    assert.deepEqual((await writeFigure(folder, all)).lacking, []);
  } finally {
    await rm(folder, { recursive: true });
  }
});
