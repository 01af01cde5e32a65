/** A chapter that is written by hand: one Markdown file, whose figures and words name presets and parameters. */
import { PARAMETERS } from '../../notation.ts';
import type { Paper } from '../../papers/paper.ts';
import { findPreset } from '../../reproduction/preset.ts';
import { describe } from '../worker/spec-of.ts';
import type { Chapter, ChapterFigure, ChapterPart, FigureView } from './chapter.ts';
import { sharedBy, variantOf } from './figures.ts';
import { nameOf } from './generated.ts';
import { stateOf } from './live.ts';
import { escapeHtml } from '../text/html.ts';
import { inlineOf, piecesOf, type WordOf } from './markdown.ts';

const VIEWS: readonly FigureView[] = ['map', 'run', 'both'];

/** @throws RangeError for words, figures or formulas that make no sense */
export function writtenChapter(paper: Paper, markdown: string): Chapter {
  // Words come before and after their figure, so the figures are read first.
  const figures = new Map<string, ChapterFigure>();
  for (const piece of piecesOf(markdown, () => '')) {
    if (piece.kind !== 'figure') continue;
    const figure = figureOf(piece.text, () => '');
    if (figures.has(figure.id)) throw new RangeError(`two figures are called ${figure.id}`);
    figures.set(figure.id, figure);
  }
  const wordOf: WordOf = (target) => attributesOf(target, figures);
  const parts = piecesOf(markdown, wordOf).map((piece): ChapterPart =>
    piece.kind === 'text' ? piece : { kind: 'figure', figure: figureOf(piece.text, wordOf) },
  );
  return {
    ...nameOf(paper, true),
    figures: figures.size,
    ...(paper.arxiv && { arxiv: paper.arxiv }),
    parts,
  };
}

/** Lines `key: value`: figure, preset, view, state, title, caption. */
function figureOf(text: string, wordOf: WordOf): ChapterFigure {
  const said: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, key, value] = /^(\w+): (.+)$/.exec(line) ?? [];
    if (!key || !value || !['figure', 'preset', 'view', 'state', 'title', 'caption'].includes(key))
      throw new RangeError(`a figure has lines figure, preset, view, state, title, caption, got ${line}`);
    said[key] = value;
  }
  const { figure: id = '', preset = '', title = '', caption = '', state = '' } = said;
  const view = VIEWS.find((one) => one === said['view']);
  if (!/^[\w-]+$/.test(id) || !view || title === '' || caption === '')
    throw new RangeError(`figure ${id}: needs figure, preset, view (${VIEWS.join(', ')}), title and caption`);
  const parts = preset.split('/');
  const named = findPreset(parts.slice(0, 2).join('/'), parts[2]);
  const others = named.figure.variants.filter((one) => one.id !== named.variant.id);
  return {
    id,
    title,
    caption: inlineOf(caption, wordOf),
    view,
    variants: [
      variantOf(named, view, `preset=${preset}${state && `&${state}`}`),
      ...others.map((variant) => variantOf({ ...named, variant }, view, sharedBy(variant, named.variant, state))),
    ],
  };
}

/** `map?data.mu=2&data.d=x10`: the figure, and what of its state changes; x10 is ten times what the preset has. */
function attributesOf(target: string, figures: ReadonlyMap<string, ChapterFigure>): string {
  const [id = '', wanted = ''] = target.split('?');
  const figure = figures.get(id);
  if (!figure) throw new RangeError(`set:${target}: there is no figure ${id}`);
  const { hash = '' } = figure.variants[0]!;
  const { knobs } = describe(stateOf(hash));
  const change = wanted
    .split('&')
    .map((piece) => {
      const [path = '', value = ''] = piece.split('=');
      const [, factor] = /^x([\d.e+-]+)$/.exec(value) ?? [];
      if (factor === undefined) return piece;
      const standard = Number(knobs.find((knob) => knob.path === path)?.standard);
      const entry = PARAMETERS.get(path)?.entry;
      const made = Number((standard * Number(factor)).toPrecision(6));
      return `${path}=${entry?.kind === 'number' && entry.range.integer ? Math.round(made) : made}`;
    })
    .join('&');
  const before = stateOf(hash);
  const after = stateOf(hash, change);
  if (JSON.stringify(before) === JSON.stringify(after)) throw new RangeError(`set:${target}: changes nothing`);
  describe(after);
  return `data-figure="${id}" data-set="${escapeHtml(change)}" aria-pressed="false"`;
}
