/** A chapter's Markdown to parts: formulas as MathML, blocks ```figure, links that set a figure. */
import { Marked, type RendererObject, type Tokens } from 'marked';
import { escapeHtml } from '../text/html.ts';
import { FORMULAS, LINE_FORMULA } from '../text/formulas.ts';

/** A part of a text: HTML, or what a block ```figure holds. */
export type Piece =
  | { readonly kind: 'text'; readonly html: string }
  | { readonly kind: 'figure'; readonly text: string };

/** What a link `set:…` becomes. @returns attributes, escaped already */
export type WordOf = (target: string, words: string) => string;

function renderer(wordOf: WordOf): RendererObject {
  const refuse = ({ raw }: Tokens.Generic): never => {
    throw new RangeError(`a chapter holds text, formulas and figures, got ${raw.slice(0, 60)}`);
  };
  return {
    html: refuse,
    image: refuse,
    // Headings of a chapter stand below its title, which is of the second level.
    heading({ tokens, depth }) {
      return `<h${depth + 1}>${this.parser.parseInline(tokens)}</h${depth + 1}>\n`;
    },
    // A word that sets is no <button>, which would not break over lines as text does.
    link({ href, tokens, text }) {
      const words = this.parser.parseInline(tokens);
      if (href.startsWith('set:'))
        return `<span class="set" role="button" tabindex="0" ${wordOf(href.slice(4), text)}>${words}</span>`;
      if (!/^(https:\/\/|#)/.test(href)) throw new RangeError(`a link must begin with set:, https: or #, got ${href}`);
      return `<a href="${escapeHtml(href)}"${href.startsWith('#') ? '' : ' rel="noreferrer"'}>${words}</a>`;
    },
  };
}

export function piecesOf(markdown: string, wordOf: WordOf): Piece[] {
  const marked = new Marked({ extensions: [...FORMULAS], renderer: renderer(wordOf) });
  const out: Piece[] = [];
  let texts: Tokens.Generic[] = [];
  const flush = (): void => {
    const html = marked.parser(texts as Parameters<typeof marked.parser>[0]).trim();
    if (html !== '') out.push({ kind: 'text', html });
    texts = [];
  };
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'code' && token.lang === 'figure') {
      flush();
      out.push({ kind: 'figure', text: token.text as string });
    } else texts.push(token);
  }
  flush();
  return out;
}

/** Of one line of text. */
export const inlineOf = (markdown: string, wordOf: WordOf): string =>
  new Marked({ extensions: [LINE_FORMULA], renderer: renderer(wordOf) }).parseInline(markdown, { async: false });
