/** The glossary's terms: anchors, and links to them from where a term first occurs on a page. */
import GithubSlugger from 'github-slugger';
import { Marked } from 'marked';
import { FORMULAS } from '../text/formulas.ts';
import { escapeHtml } from '../text/html.ts';
import { wordsOf } from './words.ts';

export interface Term {
  /** anchor of its heading */
  readonly id: string;
  /** under which it is found in a text */
  readonly names: readonly string[];
  readonly meaning: string;
}

/** Words that pages use as everybody does. */
const ORDINARY = [
  'explicit',
  'fitted',
  'floor',
  'guard',
  'lines',
  'look',
  'shifts',
  'test',
  'cell',
  'balance',
  'verdict',
];

/** Of headings of the third level, with what stands below them. */
export function termsOf(glossary: string): Term[] {
  const slugger = new GithubSlugger();
  const tokens = new Marked({ extensions: [...FORMULAS] }).lexer(glossary).filter(({ type }) => type !== 'space');
  return tokens.flatMap((token, at): Term[] => {
    if (token.type !== 'heading') return [];
    const words = wordsOf(token.tokens);
    // Of every heading: the slugger counts those that are alike.
    const id = slugger.slug(words);
    const below = tokens[at + 1];
    return token['depth'] === 3 && below?.type === 'paragraph' ? [termOf(id, words, wordsOf(below.tokens))] : [];
  });
}

const termOf = (id: string, words: string, meaning: string): Term => ({
  id,
  names: words.split(', ').filter((one) => /^[\p{L}\d -]{3,}$/u.test(one) && !ORDINARY.includes(one)),
  meaning,
});

/** Elements whose text is left alone. */
const LEFT = /^<(\/?)(a|h[1-6]|code|pre|math|th|em)\b/;
/** Letters of a title: what stands there must be read at a glance. */
const SHORT = 220;

/** @param html of our own making: no < and no > but those of tags */
export function linkTerms(html: string, terms: readonly Term[], glossary: string): string {
  const byName = new Map(terms.flatMap((term) => term.names.map((name) => [name.toLowerCase(), term] as const)));
  if (byName.size === 0) return html;
  const names = [...byName.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_./-])(${names.join('|')})((?:e?s)?)(?![\\p{L}\\p{N}_/-])`, 'giu');
  const seen = new Set<Term>();
  let inside = 0;
  return html.replace(/<[^>]*>|[^<]+/g, (part) => {
    const [, closes, name] = LEFT.exec(part) ?? [];
    if (name !== undefined) inside += closes === '/' ? -1 : 1;
    // A page that leads to a term itself needs no second link.
    if (part.startsWith('<a ')) for (const term of terms) if (part.includes(`"${glossary}#${term.id}"`)) seen.add(term);
    if (part.startsWith('<') || inside > 0) return part;
    return part.replace(pattern, (whole, word: string, ...[, at]: [string, number]) => {
      // A title, as of a paper, is no sentence about the term.
      if (/^\p{Lu}/u.test(word) && /^ \p{Lu}/u.test(part.slice(at + whole.length))) return whole;
      const term = byName.get(word.toLowerCase())!;
      if (seen.has(term)) return whole;
      seen.add(term);
      return `<a class="term" href="${glossary}#${term.id}" title="${escapeHtml(shortened(term.meaning))}">${whole}</a>`;
    });
  });
}

function shortened(words: string): string {
  const plain = words.replace(/ \([^()]*\)\.?$/, '');
  return plain.length <= SHORT ? plain : `${plain.slice(0, plain.lastIndexOf(' ', SHORT))} …`;
}
