/** Figures as files: SVG, PNG and the Vega-Lite specification. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { renderAsync } from '@resvg/resvg-js';
import type { Figure } from '../figure.ts';
import { renderSvg } from '../render.ts';

const require = createRequire(import.meta.url);

/** DejaVu Sans, regular and bold: without a font file all text vanishes from a PNG without an error. */
const fontFiles = (): string[] =>
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => require.resolve(`dejavu-fonts-ttf/ttf/${file}`));

/** PNG of an SVG, two pixels to a px. The same on every machine: system fonts are not looked at. */
export async function svgToPng(svg: string): Promise<Buffer> {
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: 2 },
  });
  return image.asPng();
}

/**
 * Writes NAME.svg, NAME.png and NAME.vl.json into the folder, each whole or not at all.
 *
 * @returns the file names
 */
export async function writeFigure(folder: string, figure: Figure): Promise<string[]> {
  const svg = await renderSvg(figure);
  await mkdir(folder, { recursive: true });
  const files: [string, string | Buffer][] = [
    [`${figure.name}.svg`, svg],
    [`${figure.name}.png`, await svgToPng(svg)],
    [`${figure.name}.vl.json`, `${JSON.stringify(figure.spec)}\n`],
  ];
  for (const [name, content] of files) await writeWhole(join(folder, name), content);
  return files.map(([name]) => name);
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
