/** Pictures of a sweep, for programs: with the caption and the source that the command line's have. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { messages, UserError } from '../../errors.ts';
import type { Frame } from '../../experiments/frame.ts';
import type { Caption, Figure } from '../../figures/figure.ts';
import { KINDS, type Kind, type KindOptions } from '../../figures/kinds.ts';
import { quantityLabel } from '../../figures/quantity.ts';
import { sourced, sweepCaption } from '../../reproduction/caption.ts';

/** A figure that can be written to a file. */
export interface Drawing extends Figure {
  /** as SVG text */
  svg(): Promise<string>;
  /**
   * Writes it; folders on the way are made.
   *
   * @param file ends in .svg, .png or .vl.json
   * @throws UserError for another ending; Error when it cannot be drawn or written
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
    default:
      throw new UserError(messages.figureEnding(file));
  }
}
