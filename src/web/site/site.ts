/** The documentation as a static site: a pure function of the repository's files. */
import type { Tokens } from 'marked';
import { contentsOf, type Entry, type Group } from './contents.ts';
import { framed, type Assets } from './frame.ts';
import { linkTerms, termsOf } from './glossary.ts';
import { fileBody, folderBody, saysOf } from './listing.ts';
import { textOf, type Text } from './markdown.ts';
import { between, pathOf, placeOf } from './places.ts';
import { frontBody, searchBody } from './rooms.ts';
import { searchFileOf } from './search-index.ts';
import type { Found } from './search-terms.ts';
import { wordsOf } from './words.ts';

/** The files that the site is made of, by their paths in the repository. */
export interface Repository {
  /** texts that become pages */
  readonly texts: ReadonlyMap<string, string>;
  /** what is copied: pictures and tables */
  readonly files: ReadonlySet<string>;
  readonly exists: (path: string) => boolean;
  /** pixels of a picture */
  readonly sizeOf: (path: string) => { readonly width: number; readonly height: number } | undefined;
  /** papers that have a chapter */
  readonly chapters: readonly string[];
}

export interface Site {
  /** HTML and the file of the search, by place */
  readonly texts: ReadonlyMap<string, string>;
  /** what is to be copied: place by path */
  readonly copies: ReadonlyMap<string, string>;
}

const GLOSSARY = 'docs/glossary.md';
/** Pages that are lists of names, or no prose: no terms are linked. */
const PLAIN = [GLOSSARY, 'docs/api.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];

export function siteOf(repository: Repository, assets: Assets): Site {
  const { texts, files } = repository;
  const pages = new Map<string, Text>();
  const places = placesOf(texts.keys());
  const copies = new Map<string, string>();
  const led = new Set<string>();
  const copied = (path: string): string => {
    copies.set(path, placeOf(path, 'file'));
    return copies.get(path)!;
  };
  for (const [path, text] of texts) {
    if (!path.endsWith('.md')) continue;
    const here = places.get(path)!;
    pages.set(
      path,
      textOf(text, {
        linkOf: (href) => {
          if (/^(https?:|mailto:|#)/.test(href)) return href;
          const [to, anchor] = pathOf(path, href);
          led.add(to);
          const place = places.get(to) ?? (files.has(to) ? copied(to) : undefined);
          if (place !== undefined) return between(here, place) + anchor;
          return repository.exists(to) ? undefined : href;
        },
        pictureOf: (href) => {
          const [to] = pathOf(path, href);
          return { src: files.has(to) ? between(here, copied(to)) : href, ...repository.sizeOf(to) };
        },
        rowOf: keyOf,
      }),
    );
  }
  const entries = [...pages].map(([path, { title }]): Entry => ({
    path,
    title: path === 'README.md' ? 'Overview' : title,
  }));
  const groups = contentsOf(entries);
  const terms = texts.has(GLOSSARY) ? termsOf(texts.get(GLOSSARY)!) : [];
  const out = new Map<string, string>();
  const put = (place: string, title: string, body: string, more: object = {}): void => {
    if (out.has(place)) throw new RangeError(`two pages of the site would be ${place}`);
    out.set(place, framed({ place, title, body, ...more }, groups, assets));
  };
  for (const [path, { title, html, headings }] of pages) {
    const place = places.get(path)!;
    const linked = PLAIN.includes(path) ? html : linkTerms(html, terms, between(place, placeOf(GLOSSARY, 'page')));
    put(place, title, withChapter(linked, path, place, repository.chapters), { headings, path });
  }
  for (const [path, place] of places) {
    if (pages.has(path) || ![...led].some((to) => path === to || path.startsWith(`${to}/`))) continue;
    const text = texts.get(path);
    put(place, path, text === undefined ? folderBody(path, namesIn(path, places, texts)) : fileBody(path, text));
  }
  put('index.html', 'Documentation', frontBody(groups, pages));
  put('search.html', 'Search', searchBody(), { scripts: [assets.search] });
  out.set('search.json', JSON.stringify(searchFileOf(sectionsOf(groups, pages))));
  return { texts: out, copies };
}

/** A row that is about one name of the code or of a command. */
const keyOf = ({ tokens }: Tokens.TableCell): string | undefined =>
  tokens.length === 1 && tokens[0]!.type === 'codespan' ? `row-${wordsOf(tokens)}` : undefined;

/** Of texts, and of the folders of those that are no Markdown. */
function placesOf(paths: Iterable<string>): Map<string, string> {
  const out = new Map<string, string>();
  for (const path of paths) {
    out.set(path, placeOf(path, path.endsWith('.md') ? 'page' : 'listing'));
    if (path.endsWith('.md')) continue;
    const parts = path.split('/');
    for (let depth = parts.length - 1; depth > 0; depth--) {
      const folder = parts.slice(0, depth).join('/');
      out.set(folder, placeOf(folder, 'folder'));
    }
  }
  return out;
}

const namesIn = (
  folder: string,
  places: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): { name: string; to: string | undefined; says: string }[] =>
  [...places]
    .filter(([path]) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
    .map(([path, place]) => ({
      name: path.slice(folder.length + 1),
      to: between(places.get(folder)!, place),
      says: saysOf(texts.get(path) ?? ''),
    }));

/** A page about a paper leads to its chapter, whose figures are live. */
function withChapter(html: string, path: string, place: string, chapters: readonly string[]): string {
  const paper = /([^/]+)\.md$/.exec(path)![1]!;
  if (!chapters.includes(paper)) return html;
  const to = between(place, `../index.html#room=papers&paper=${paper}`);
  return html.replace(
    '</h1>\n',
    () => `</h1>\n<p class="live"><a href="${to}">Its chapter, with live figures</a></p>\n`,
  );
}

/** In the order of the contents. */
const sectionsOf = (groups: readonly Group[], pages: ReadonlyMap<string, Text>): Found[] =>
  groups
    .flatMap(({ entries }) => entries)
    .flatMap(({ path }) => {
      const parent = pages.get(path.replace(/\/[^/]*$/, '.md'));
      return pages.get(path)!.sections.map(({ id, path: heads, text }) => ({
        place: placeOf(path, 'page'),
        anchor: id,
        path: parent ? [parent.title, ...heads] : heads,
        text,
      }));
    });
