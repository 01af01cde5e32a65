/** Pictures of a sweep, for programs: with the caption and the source that the command line's have. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { messages, UserError } from '../../errors.ts';
import type { Frame } from '../../experiments/frame.ts';
import { curve as curveFigure, type CurveOptions } from '../../figures/curve.ts';
import type { Caption, Figure } from '../../figures/figure.ts';
import { heatMap as heatMapFigure, type HeatMapOptions } from '../../figures/heat-map.ts';
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

/**
 * The map of one column over the first two numeric axes, one panel for each combination of the others.
 *
 * @param options value: a column of the frame, such as `testError` or an observable of one's own
 * @throws RangeError when there is no such column, fewer than two numeric axes, or too many panels
 */
export const heatMap = (frame: Frame, options: Free<HeatMapOptions>): Drawing =>
  drawing(frame, heatMapFigure(frame, { ...captionOf(frame, options), ...options }));

/**
 * The curve of one column along a numeric axis, a line for each combination of the others; bands are 95 % intervals.
 *
 * @param options value: a column of the frame; along: the axis, by its column
 * @throws RangeError when there is no such column or axis, or too many lines
 */
export const curve = (frame: Frame, options: Free<CurveOptions>): Drawing =>
  drawing(frame, curveFigure(frame, { ...captionOf(frame, options), ...options }));

const captionOf = (frame: Frame, { value }: { readonly value: string }): Caption => ({
  name: value.replace(/\W+/g, '-'),
  title: `${frame.spec.name ? `${frame.spec.name}: ` : ''}${quantityLabel(value)}`,
  subtitle: sweepCaption(frame, value),
});

function drawing(frame: Frame, plain: Figure): Drawing {
  const figure = sourced(plain, frame.spec, frame.science);
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
