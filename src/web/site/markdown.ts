/** A page in Markdown to HTML, its headings, and the sections that the search knows. */
import GithubSlugger from 'github-slugger';
import {
  Marked,
  type RendererObject,
  type Token,
  type RendererExtension,
  type TokenizerExtension,
  type Tokens,
} from 'marked';
import { BLOCK_FORMULA, LINE_FORMULA } from '../text/formulas.ts';
import { escapeHtml } from '../text/html.ts';
import { wordsOf, wordsOfTex } from './words.ts';

export interface Heading {
  readonly depth: number;
  /** anchor, as GitHub makes it */
  readonly id: string;
  readonly words: string;
}

export interface Section {
  /** anchor; empty: the top of the page */
  readonly id: string;
  /** words of the headings that it stands under, its own last */
  readonly path: readonly string[];
  readonly text: string;
}

export interface Text {
  /** words of the first heading */
  readonly title: string;
  /** words of the first paragraph that is no picture */
  readonly lead: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
}

export interface Places {
  /** where a link leads; undefined: to something that the site does not have */
  readonly linkOf: (href: string) => string | undefined;
  readonly pictureOf: (href: string) => { readonly src: string; readonly width?: number; readonly height?: number };
  /** anchor of a table's row by its first cell, where it is to be found as a section is */
  readonly rowOf: (first: Tokens.TableCell) => string | undefined;
}

/** The marks of HTML that pages may hold. */
const MARKS = /^<\/?(sub|sup|br|kbd)\s*\/?>$/;

/** Letters of a formula that a phone has no room for beside words: it has a line of its own there, and scrolls. */
const WIDE = 32;
const WIDE_FORMULA: TokenizerExtension & RendererExtension = {
  ...LINE_FORMULA,
  renderer(token) {
    const made = LINE_FORMULA.renderer.call(this, token);
    const fits = wordsOfTex(token['tex'] as string).length < WIDE;
    return fits ? made : `<span class="wide" tabindex="0" role="group" aria-label="formula">${made}</span>`;
  },
};

export function textOf(markdown: string, places: Places): Text {
  const marked = new Marked({ extensions: [WIDE_FORMULA, BLOCK_FORMULA] });
  const tokens = marked.lexer(markdown);
  const ids = new Map<Token, string>();
  const slugger = new GithubSlugger();
  for (const token of tokens) if (token.type === 'heading') ids.set(token, slugger.slug(wordsOf(token.tokens)));
  const rows = rowIdsOf(tokens, places.rowOf);
  marked.use({ renderer: renderer(ids, rows, places) });
  const html = marked.parser(tokens);
  const heads = tokens.filter((token): token is Tokens.Heading => token.type === 'heading');
  const headings = heads.map((head) => ({ depth: head.depth, id: ids.get(head)!, words: wordsOf(head.tokens) }));
  const lead = tokens.find((one) => one.type === 'paragraph' && one.tokens?.some(({ type }) => type !== 'image'));
  return {
    title: headings[0]?.words ?? '',
    lead: wordsOf(lead?.type === 'paragraph' ? lead.tokens : []),
    html,
    headings,
    sections: sectionsOf(tokens, ids, rows),
  };
}

type Row = readonly Tokens.TableCell[];

function rowIdsOf(tokens: readonly Token[], rowOf: Places['rowOf']): Map<Row, string> {
  const slugger = new GithubSlugger();
  const tables = tokens.filter((token): token is Tokens.Table => token.type === 'table');
  return new Map(
    tables
      .flatMap(({ rows }) => rows)
      .flatMap((row) => {
        const id = rowOf(row[0]!);
        return id === undefined ? [] : [[row, slugger.slug(id)] as const];
      }),
  );
}

/** A row with an anchor is a section of its own. */
function sectionsOf(
  tokens: readonly Token[],
  ids: ReadonlyMap<Token, string>,
  rows: ReadonlyMap<Row, string>,
): Section[] {
  const out: { id: string; path: string[]; texts: string[] }[] = [];
  const found: typeof out = [];
  let path: { depth: number; words: string }[] = [];
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { depth, tokens: inner } = token as Tokens.Heading;
      path = [...path.filter((one) => one.depth < depth), { depth, words: wordsOf(inner) }];
      out.push({ id: depth === 1 ? '' : ids.get(token)!, path: path.map(({ words }) => words), texts: [] });
    } else if (token.type === 'table') {
      const table = token as Tokens.Table;
      out.at(-1)?.texts.push(wordsOf([{ ...table, rows: table.rows.filter((row) => !rows.has(row)) } as Token]));
      for (const row of table.rows.filter((one) => rows.has(one))) {
        const [name, ...rest] = row.map((cell) => wordsOf(cell.tokens));
        found.push({ id: rows.get(row)!, path: [...path.map(({ words }) => words), name!], texts: [rest.join(' · ')] });
      }
    } else out.at(-1)?.texts.push(wordsOf([token]));
  }
  return [...out, ...found].map(({ texts, ...rest }) => ({
    ...rest,
    text: texts.join('\n').replace(/\s+/g, ' ').trim(),
  }));
}

function renderer(
  ids: ReadonlyMap<Token, string>,
  rowIds: ReadonlyMap<Row, string>,
  { linkOf, pictureOf }: Places,
): RendererObject {
  return {
    heading(token) {
      const { depth, tokens } = token;
      const id = ids.get(token) ?? '';
      const inner = this.parser.parseInline(tokens);
      const mark = depth === 1 ? '' : ` <a class="here" href="#${id}" aria-label="link to this section">#</a>`;
      return `<h${depth} id="${id}">${inner}${mark}</h${depth}>\n`;
    },
    link({ href, tokens, title }) {
      const words = this.parser.parseInline(tokens);
      const to = linkOf(href);
      if (to === undefined)
        return `<span class="elsewhere" title="in the repository: ${escapeHtml(href)}">${words}</span>`;
      const said = title ? ` title="${escapeHtml(title)}"` : '';
      return `<a href="${escapeHtml(to)}"${/^https?:/.test(to) ? ' rel="noreferrer"' : ''}${said}>${words}</a>`;
    },
    image({ href, text }) {
      const { src, width, height } = pictureOf(href);
      const size = width === undefined ? '' : ` width="${width}" height="${height}"`;
      return `<img src="${escapeHtml(src)}" alt="${escapeHtml(text)}"${size} loading="lazy" decoding="async">`;
    },
    code({ text }) {
      return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`;
    },
    html({ text }) {
      const left = text.replace(/<!--[^]*?-->/g, '').trim();
      return left === '' || MARKS.test(left) ? left : escapeHtml(text);
    },
    table({ header, rows }) {
      const cell = ({ tokens }: Tokens.TableCell): string => this.parser.parseInline(tokens);
      const head = header.map((one) => (one.text === '' ? '<td></td>' : `<th scope="col">${cell(one)}</th>`));
      const body = rows.map((row) => {
        const id = rowIds.get(row);
        return `<tr${id === undefined ? '' : ` id="${id}"`}>${row.map((one) => `<td>${cell(one)}</td>`).join('')}</tr>`;
      });
      return `<div class="scroll" tabindex="0" role="group" aria-label="table"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>\n`;
    },
  };
}
