/** A figure is plain data: a Vega-Lite specification with its numbers inside. One look for all of them. */
import type { Field } from '../experiments/frame.ts';
import { textWidth, typeset, wrap, wrapItems } from './text.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export interface Figure {
  /** file name without its ending */
  readonly name: string;
  /** Vega-Lite 6, data inline: opens in Jupyter, Altair and the Vega editor as it is */
  readonly spec: JsonObject;
  /** what is plotted, as a table; absent: the specification alone has it */
  readonly numbers?: Numbers;
  /** why there is no picture: what was asked for cannot be drawn of these runs */
  readonly fails?: string;
}

/** One row a point. */
export interface Numbers {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Field[])[];
}

/** What the caller says about a figure. `^{}` and `_` of the notation table are set as superscripts and subscripts. */
export interface Caption {
  readonly name: string;
  readonly title: string;
  /** n, m, runs, seed, median SE ...; broken into lines where it is too long */
  readonly subtitle?: string;
}

export const INK = '#111111';
export const PAPER = '#ffffff';
/** Grey belongs to no scale in use: it says "no number here". */
export const GREY = { diverged: '#9a9a9a', noValue: '#c4c4c4', noRun: '#ececec' } as const;
/** Okabe and Ito's colours, told apart under the common colour-vision deficiencies. */
export const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'] as const;
/** Line dashes, solid first: the second way to tell series apart. */
export const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [7, 2, 2, 2],
  [12, 3],
  [4, 4],
  [1, 3],
] as const;

/** A legend of strokes, for lines. */
export const STROKES: JsonObject = {
  title: null,
  symbolType: 'stroke',
  symbolSize: 300,
  symbolStrokeWidth: 2,
  symbolOpacity: 1,
};

/** A word in the margin to the right of a plot. */
export const marginWord = (text: string): JsonObject => ({
  type: 'text',
  align: 'left',
  baseline: 'middle',
  dx: 5,
  fontSize: 11,
  color: INK,
  text,
});

const SIZES = { title: 14, subtitle: 11, axisTitle: 12, label: 11 } as const;

/** Colours and dashes are seven; a figure with more series cannot be read. */
export const MAX_SERIES = COLOURS.length;

/** More lines of a title than these are left out: a name may have hundreds of characters, and the spec holds it whole. */
const MAX_TITLE_LINES = 4;
const LINE = 1.2;

/**
 * The figure around a body (layers or concatenated panels).
 *
 * @param width px over which title and subtitle may run
 */
export function figure(caption: Caption, width: number, body: JsonObject): Figure {
  const title = titleLines(typeset(printable(caption.title)), (line) => textWidth(line, SIZES.title, true), width);
  const subtitle = (caption.subtitle ?? '')
    .split('\n')
    .flatMap((part) => wrapItems(typeset(printable(part)), width, (line) => textWidth(line, SIZES.subtitle)));
  return {
    name: caption.name,
    spec: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description: typeset(printable(caption.title)),
      title: { text: title, ...(caption.subtitle && { subtitle }) },
      ...body,
      config: CONFIG,
    },
  };
}

/** The beginning and the end of a title that is too long: the end says what is drawn. */
function titleLines(text: string, measure: (line: string) => number, width: number): string[] {
  const all = wrap(text, width, measure);
  if (all.length <= MAX_TITLE_LINES) return all;
  let end = '';
  for (const word of text.split(' ').reverse()) {
    if (measure(`… ${word} ${end}`) > width) break;
    end = end === '' ? word : `${word} ${end}`;
  }
  return [...all.slice(0, MAX_TITLE_LINES - 1), `… ${end}`];
}

/** Without control characters, which are no XML, and what would turn the direction or the line of the text around it. */
const printable = (text: string): string =>
  text
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\uFFFE\uFFFF]/gu, ' ')
    .trim();

/** The figure with one more line below its subtitle. */
export function withRemark({ spec, ...figure }: Figure, remark: string): Figure {
  const title = spec['title'] as { text: Json; subtitle?: readonly Json[] };
  return { ...figure, spec: { ...spec, title: { ...title, subtitle: [...(title.subtitle ?? []), remark] } } };
}

/**
 * The figure that carries where it comes from: Vega-Lite's `usermeta`, the metadata of the SVG, a text chunk of the PNG.
 *
 * @param source a spec file as text, with nothing of a machine in it
 */
export const withSource = ({ spec, ...figure }: Figure, source: string): Figure => ({
  ...figure,
  spec: { ...spec, usermeta: { spec: source } },
});

/** What `withSource` put there; undefined without it. */
export const sourceOf = ({ spec }: Figure): string | undefined =>
  (spec['usermeta'] as { readonly spec?: string } | undefined)?.spec;

const CONFIG: JsonObject = {
  font: 'DejaVu Sans, Verdana, sans-serif',
  background: PAPER,
  padding: 10,
  // One accessible description for the whole picture instead of one for each of thousands of cells.
  mark: { aria: false },
  axis: {
    aria: false,
    grid: false,
    labelColor: INK,
    titleColor: INK,
    domainColor: INK,
    tickColor: INK,
    gridColor: '#e4e4e4',
    labelFontSize: SIZES.label,
    titleFontSize: SIZES.axisTitle,
    titleFontWeight: 'normal',
    titlePadding: 8,
    titleLimit: 0,
    labelLimit: 0,
    labelOverlap: true,
    labelFlush: false,
  },
  legend: {
    aria: false,
    labelColor: INK,
    titleColor: INK,
    labelFontSize: SIZES.label,
    titleFontSize: SIZES.label,
    titleFontWeight: 'normal',
    titleLimit: 0,
    labelLimit: 0,
    gradientThickness: 14,
    rowPadding: 4,
    layout: { bottom: { anchor: 'start', direction: 'vertical' } },
  },
  title: {
    aria: false,
    anchor: 'start',
    frame: 'bounds',
    color: INK,
    subtitleColor: '#444444',
    fontSize: SIZES.title,
    subtitleFontSize: SIZES.subtitle,
    fontWeight: 'bold',
    lineHeight: SIZES.title * LINE,
    subtitleLineHeight: SIZES.subtitle * LINE,
    subtitlePadding: 5,
    offset: 12,
    limit: 0,
  },
  header: { labelFontSize: SIZES.label, titleFontSize: SIZES.label },
  view: { stroke: null },
};
