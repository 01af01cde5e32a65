/** The module of the worker that draws figures: Vega is large and takes its time, and the page goes on meanwhile. */
import * as Comlink from 'comlink';
import type { Figure } from '../../figures/figure.ts';
import { renderSvg } from '../../figures/render.ts';
import { toldLater } from '../worker/told.ts';
import type { Told } from '../worker/wire.ts';

/** What it answers. */
export interface Draws {
  svg(figure: Figure): Promise<Told<string>>;
}

const draws: Draws = {
  svg: (figure) =>
    toldLater(async () => {
      if (figure.fails !== undefined) throw new RangeError(figure.fails);
      return renderSvg(figure);
    }),
};

Comlink.expose(draws);
