/** A figure as SVG text. */
import type { View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { sourceOf, type Figure } from './figure.ts';
import { textWidth } from './text.ts';

/** What Vega offers beyond its type declarations: a measure of one's own instead of a canvas. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number; readonly fontWeight?: unknown }, text: string) => number;
}

/**
 * Vega compiles and draws; the same figure gives the same text.
 *
 * @param warn receives what Vega complains about; silent when absent
 */
export async function renderSvg(figure: Figure, warn: (sentence: string) => void = () => {}): Promise<string> {
  // Vega takes a third of a second to load: only who draws waits for it.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  textMetrics.width = (item, text) => textWidth(text, item.fontSize ?? 11, item.fontWeight === 'bold');

  const logger = vega.logger(vega.Warn, undefined, (_method, _level, input) => warn(input.map(String).join(' ')));
  const { spec: compiled } = compile(figure.spec as unknown as TopLevelSpec, { logger: logger as never });
  const view: View = new vega.View(vega.parse(compiled), { renderer: 'none', logger });
  try {
    return withMetadata(tidy(await view.toSVG()), sourceOf(figure));
  } finally {
    view.finalize();
  }
}

/**
 * Cells without hairlines between them, and names of clips and gradients that do not count up from figure to figure.
 */
function tidy(svg: string): string {
  const names = new Map<string, string>();
  return svg
    .replaceAll('<g class="mark-rect role-mark', '<g shape-rendering="crispEdges" class="mark-rect role-mark')
    .replace(/(id="|url\(#)(clip|gradient_)(\d+)/g, (_, before: string, kind: string, number: string) => {
      const name = `${kind}${number}`;
      if (!names.has(name)) names.set(name, `${kind}${names.size + 1}`);
      return `${before}${names.get(name)!}`;
    });
}

/** The spec inside the picture, as text. */
function withMetadata(svg: string, source: string | undefined): string {
  if (source === undefined) return svg;
  const escaped = source.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return svg.replace(/<svg[^>]*>/, (start) => `${start}<metadata>${escaped}</metadata>`);
}
