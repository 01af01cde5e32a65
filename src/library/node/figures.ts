/** Pictures of a sweep, for programs: with the caption and the source that the command line's have. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { toCsv } from '../../answers/tables.ts';
import { messages, UserError } from '../../errors.ts';
import type { Frame } from '../../experiments/frame.ts';
import { asView, type PlotViewInput } from '../../experiments/view.ts';
import { sourceOf, type Caption, type Figure } from '../../figures/figure.ts';
import { KINDS, type Kind, type KindOptions } from '../../figures/kinds.ts';
import { quantityLabel } from '../../figures/quantity.ts';
import { sourced, sweepCaption } from '../../reproduction/caption.ts';
import { viewFigure } from '../../reproduction/view-figure.ts';

/** A figure that can be written to a file. */
export interface Drawing extends Figure {
  /** as SVG text */
  svg(): Promise<string>;
  /**
   * Writes it; folders on the way are made.
   *
   * @param file ends in .svg, .png, .pdf (where Typst is installed), .vl.json, or .csv: the plotted numbers, of a `plot`
   * @throws UserError for another ending, or one that this figure or machine does not have; Error when it cannot be
   *   drawn or written
   */
  write(file: string): Promise<void>;
}

type Free<Options extends Caption> = Omit<Options, keyof Caption> & Partial<Caption>;
type Draw<K extends Kind> = (frame: Frame, options: Free<Parameters<(typeof KINDS)[K]>[1]>) => Drawing;

/**
 * Every kind of figure that shows one column of a sweep, by name; `heatMap` and `curve` are two of them.
 *
 * @throws RangeError when there is no such column or axis, or more panels or lines than can be read
 */
export const figures = Object.fromEntries(
  Object.entries(KINDS).map(([kind, draw]) => [
    kind,
    (frame: Frame, options: Free<KindOptions>) =>
      drawing(sourced(draw(frame, { ...captionOf(frame, options), ...options }), frame.spec, frame.science)),
  ]),
) as unknown as { readonly [K in Kind]: Draw<K> };

/**
 * The map of one column over the first two numeric axes, one panel for each combination of the others.
 *
 * @param options value: a column of the frame, such as `testError` or an observable of one's own
 * @throws RangeError when there is no such column, fewer than two numeric axes, or too many panels
 */
export const heatMap: Draw<'map'> = figures.map;

/**
 * The curve of one column along a numeric axis, a line for each combination of the others; bands are 95 % intervals.
 *
 * @param options value: a column of the frame; along: the axis, by its column
 * @throws RangeError when there is no such column or axis, or too many lines
 */
export const curve: Draw<'curve'> = figures.curve;

/**
 * Any quantity against any other: curves of means with 95 % intervals, one line a value of what the cells differ in; or a
 * map, where `y` is a parameter. Roles are columns, parameters, `S`, `SNR`, or formulas such as `n*mu^4/(sigmaP^4*d)`.
 *
 * @param frames of one sweep or several, which then stand in one picture
 * @param view what plays which role, as in a spec under `figures`
 * @param names of the frames, for those that differ in no parameter and no seed
 * @throws UserError for names that no frame has, conditions that no cell meets, and more lines than can be told apart
 */
export const plot = (
  frames: Frame | readonly Frame[],
  view: PlotViewInput = {},
  names: readonly string[] = [],
): Drawing => drawing(viewFigure(Array.isArray(frames) ? frames : [frames as Frame], asView(view), { names }));

const captionOf = (frame: Frame, { value }: { readonly value: string }): Caption => ({
  name: value.replace(/\W+/g, '-'),
  title: `${frame.spec.name ? `${frame.spec.name}: ` : ''}${quantityLabel(value)}`,
  subtitle: sweepCaption(frame, value),
});

/** A figure that carries its source already. */
export function drawing(figure: Figure): Drawing {
  const svg = async (): Promise<string> => (await import('../../figures/render.ts')).renderSvg(figure);
  return {
    ...figure,
    svg,
    async write(file) {
      const content = await contentOf(file, figure, svg);
      await mkdir(dirname(resolve(file)), { recursive: true });
      await writeFile(file, content);
    },
  };
}

async function contentOf(file: string, figure: Figure, svg: () => Promise<string>): Promise<string | Uint8Array> {
  if (file.endsWith('.vl.json')) return `${JSON.stringify(figure.spec)}\n`;
  switch (extname(file)) {
    case '.svg':
      return svg();
    case '.png':
      return (await import('../../figures/node/write.ts')).pngOf(figure, await svg());
    case '.pdf': {
      const pdf = await (await import('../../figures/node/pdf.ts')).svgToPdf(await svg(), sourceOf(figure));
      if (!pdf) throw new UserError(messages.noPdf(file));
      return pdf;
    }
    case '.csv':
      if (!figure.numbers) throw new UserError(messages.noNumbers(file));
      return toCsv(figure.numbers);
    default:
      throw new UserError(messages.figureEnding(file));
  }
}
