/** Formulas in Markdown, $…$ and $$…$$, as MathML. */
import katex from 'katex';
import type { RendererExtension, TokenizerExtension } from 'marked';

/** A sign behind a bracket, a comma or a relation: a browser that sees no row begin there sets it as a difference. */
const SIGN = /(<mo[^>]*>(?:[([|,;=<>≤≥∼≈∝∈→]|&[lg]t;)<\/mo>(?:<mspace[^>]*><\/mspace>)?)<mo>([−+±])<\/mo>/g;

/** @throws a ParseError of KaTeX, which names the place */
export function mathOf(tex: string, displayMode: boolean): string {
  const made = katex.renderToString(tex, { output: 'mathml', displayMode, throwOnError: true, strict: 'error' });
  // The source of the formula is for other programs; without it the file is half as long.
  return made
    .replace(/<annotation[^>]*>[^]*?<\/annotation>/g, '')
    .replace(/<\/?semantics>/g, '')
    .replace(SIGN, '$1<mo form="prefix">$2</mo>');
}

export const LINE_FORMULA = {
  name: 'tex',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const [raw, tex, behind] = /^\$([^$\n]+)\$([.,;:)]?)/.exec(source) ?? [];
    return raw === undefined ? undefined : { type: 'tex', raw, tex, behind };
  },
  // No line begins with the comma behind a formula.
  renderer: ({ tex, behind }) => {
    const made = mathOf(tex as string, false);
    return behind === '' ? made : `<span class="nowrap">${made}${behind}</span>`;
  },
} satisfies TokenizerExtension & RendererExtension;

export const BLOCK_FORMULA = {
  name: 'display',
  level: 'block',
  start: (source) => source.indexOf('$$'),
  tokenizer(source) {
    const [raw, tex] = /^\$\$\s*([^$]+?)\s*\$\$[ \t]*(?:\n|$)/.exec(source) ?? [];
    return raw === undefined ? undefined : { type: 'display', raw, tex };
  },
  renderer: ({ tex }) =>
    `<div class="display" tabindex="0" role="group" aria-label="formula">${mathOf(tex as string, true)}</div>\n`,
} satisfies TokenizerExtension & RendererExtension;

export const FORMULAS = [LINE_FORMULA, BLOCK_FORMULA] as const;
