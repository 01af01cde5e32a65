/** Figures as files: SVG, PNG, PDF and the Vega-Lite specification. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { renderAsync } from '@resvg/resvg-js';
import { sourceOf, type Figure } from '../figure.ts';
import { renderSvg } from '../render.ts';
import { whyNotDrawable } from './drawable.ts';
import { charactersOf, missingGlyphs } from './glyphs.ts';
import { svgToPdf } from './pdf.ts';
import { withText } from './png-text.ts';

const require = createRequire(import.meta.url);

/** DejaVu Sans, regular and bold: without a font file all text vanishes from a PNG without an error. */
const fontFiles = (): string[] =>
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => require.resolve(`dejavu-fonts-ttf/ttf/${file}`));

/** Keyword of the PNG's text chunk. */
const SOURCE = 'benign-lab.spec';
/** Of the font, read once. */
let ranges: ReturnType<typeof charactersOf> | undefined;

/** Why a figure has no picture: the sentence says it. The folder is as it was. */
export class UndrawableError extends Error {}

/**
 * PNG of an SVG, two pixels to a px. The same on every machine: system fonts are not looked at.
 *
 * @throws UndrawableError for a size or a place that is no number of pixels
 */
export async function svgToPng(svg: string): Promise<Buffer> {
  const why = whyNotDrawable(svg);
  if (why !== '') throw new UndrawableError(why);
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: 2 },
  });
  return image.asPng();
}

/**
 * Writes NAME.svg, NAME.png, NAME.vl.json and, where Typst is installed, NAME.pdf into the folder, each whole or not at
 * all; the figure's source stands in all of them.
 *
 * @returns the file names, and the characters for which the font has no glyph
 * @throws UndrawableError where the figure cannot be drawn, whatever the reason
 */
export async function writeFigure(
  folder: string,
  figure: Figure,
): Promise<{ readonly files: string[]; readonly lacking: string[] }> {
  const { svg, png, pdf } = await rendered(figure);
  await mkdir(folder, { recursive: true });
  const files: [string, string | Buffer][] = [
    [`${figure.name}.svg`, svg],
    [`${figure.name}.png`, png],
    [`${figure.name}.vl.json`, `${JSON.stringify(figure.spec)}\n`],
    ...(pdf ? [[`${figure.name}.pdf`, pdf] as [string, Buffer]] : []),
  ];
  for (const [name, content] of files) await writeWhole(join(folder, name), content);
  ranges ??= charactersOf(fontFiles()[0]!);
  return { files: files.map(([name]) => name), lacking: missingGlyphs(svg, ranges) };
}

/** The PNG of a figure, its source in it. @throws UndrawableError as `svgToPng` does */
export async function pngOf(figure: Figure, svg: string): Promise<Buffer> {
  const png = await svgToPng(svg);
  const source = sourceOf(figure);
  return source === undefined ? png : withText(png, SOURCE, source);
}

async function rendered(
  figure: Figure,
): Promise<{ readonly svg: string; readonly png: Buffer; readonly pdf: Buffer | undefined }> {
  try {
    const svg = await renderSvg(figure);
    return { svg, png: await pngOf(figure, svg), pdf: await svgToPdf(svg, sourceOf(figure)) };
  } catch (error) {
    if (error instanceof UndrawableError) throw error;
    throw new UndrawableError((error as Error).message, { cause: error });
  }
}

async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
