/** Figures as SVG and PNG in the page: the worker that draws them is started when the first one is asked for. */
import * as Comlink from 'comlink';
import { UserError } from '../../errors.ts';
import { sourceOf, type Figure } from '../../figures/figure.ts';
import { hire } from '../worker/hire.ts';
import type { Draws } from './draw-worker.ts';
import { withText } from './png-text.ts';

/** As the command line's pictures have it. */
const SOURCE = 'benign-lab.spec';
const DENSITY = 2;

let worker: { readonly draws: Comlink.Remote<Draws>; readonly dead: Promise<never> } | undefined;

function drawer(): NonNullable<typeof worker> {
  if (worker) return worker;
  const made = hire('draw');
  const dead = new Promise<never>((_, reject) =>
    made.addEventListener('error', ({ message }) => {
      made.terminate();
      worker = undefined;
      reject(new UserError(`The worker that draws ended (${message || 'without a word'}); ask once more.`));
    }),
  );
  dead.catch(() => {});
  return (worker = { draws: Comlink.wrap<Draws>(made), dead });
}

/** The figure as SVG text, its source in it. @throws UserError where it cannot be drawn */
export async function svgOf(figure: Figure): Promise<string> {
  const { draws, dead } = drawer();
  const told = await Promise.race([draws.svg(figure), dead]);
  if ('error' in told) throw new UserError(told.error);
  return told.value;
}

/** The same as PNG, two pixels to a px. @throws UserError */
export async function pngOf(figure: Figure): Promise<Blob> {
  const svg = new Blob([await svgOf(figure)], { type: 'image/svg+xml' });
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = DENSITY * image.naturalWidth;
    canvas.height = DENSITY * image.naturalHeight;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!png) throw new UserError('This browser cannot write the picture as PNG; its SVG can be had.');
    const source = sourceOf(figure);
    const bytes = new Uint8Array(await png.arrayBuffer());
    return source === undefined ? png : new Blob([withText(bytes, SOURCE, source)], { type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
}
