/** A page of the site as HTML: head, bar, text, contents. It reads without a script. */
import { escapeHtml } from '../text/html.ts';
import type { Entry, Group } from './contents.ts';
import type { Heading } from './markdown.ts';
import { between, placeOf, up } from './places.ts';

/** Files that the build has named by their content, from the folder of the whole page. */
export interface Assets {
  readonly style: string;
  /** the script of every page */
  readonly reader: string;
  /** the script of the search */
  readonly search: string;
}

export interface Framed {
  /** place on the site */
  readonly place: string;
  readonly title: string;
  readonly body: string;
  readonly headings?: readonly Heading[];
  /** path of its Markdown, where it stands in the contents */
  readonly path?: string;
  readonly scripts?: readonly string[];
}

/** As the laboratory has it, without the kernel; no style and no script stands in a page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

const BAR: readonly (readonly [words: string, place: string])[] = [
  ['Lab', '../index.html'],
  ['Chapters', '../index.html#room=papers'],
  ['Docs', 'index.html'],
  ['Gallery', 'gallery.html'],
  ['API', 'api.html'],
  ['Search', 'search.html'],
];

/** Headings beyond which only those of the second level are listed. */
const LONG = 40;

export function framed(page: Framed, groups: readonly Group[], assets: Assets): string {
  const { place, title, body, headings = [], scripts = [] } = page;
  const root = up(place);
  const script = (file: string): string => `<script type="module" src="${root}../${file}"></script>`;
  const listed = listOf(headings, title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · benign-lab</title>
<link rel="icon" href="${root}../icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${root}../${assets.style}">
${[assets.reader, ...scripts].map(script).join('\n')}
</head>
<body data-root="${root}">
<a class="skip" href="#text">to the text</a>
<header class="bar"><nav aria-label="Site">
<span class="home">benign-lab</span>
${BAR.map(([words, to]) => `<a${words === 'Search' ? ' class="find"' : ''} href="${root}${to}"${to === place ? ' aria-current="page"' : ''}>${words}</a>`).join('\n')}
<a class="to-contents" href="#contents">Contents</a>
</nav></header>
<div class="columns">
<main id="text" tabindex="-1">
${listed === '' ? body : withList(body, listed)}
${turnOf(page, groups)}</main>
${listed === '' ? '' : `<nav class="toc" aria-label="On this page"><b>On this page</b>${listed}</nav>`}
<nav class="contents" id="contents" aria-label="Documentation">
${groups.map((group) => groupHtml(group, page)).join('\n')}
</nav>
</div>
<footer><p>benign-lab: exact runs whose cost does not depend on the dimension. Nothing leaves this page.</p></footer>
</body>
</html>
`;
}

/** On a narrow screen the list of the page's headings stands below its title. */
const withList = (body: string, listed: string): string =>
  body.replace(
    '</h1>\n',
    () => `</h1>\n<details class="toc-narrow"><summary>On this page</summary>${listed}</details>\n`,
  );

function listOf(headings: readonly Heading[], title: string): string {
  const deep = headings.filter(({ depth }) => depth === 2 || depth === 3);
  const shown = deep.length > LONG ? deep.filter(({ depth }) => depth === 2) : deep;
  if (shown.length < 2) return '';
  const item = ({ depth, id, words }: Heading): string =>
    `<li class="d${depth}"><a href="#${id}">${escapeHtml(words.replace(`${title} `, ''))}</a></li>`;
  return `<ul>${shown.map(item).join('')}</ul>`;
}

/** Pages of a folder are listed on those of the folder and on the page of its name. */
function groupHtml({ title, entries }: Group, { place, path = '' }: Framed): string {
  const folderOf = (one: string): string | undefined =>
    entries.map((entry) => entry.path.replace(/(\/README)?\.md$/, '/')).find((folder) => one.startsWith(folder));
  const open = folderOf(path) ?? path.replace(/(\/README)?\.md$/, '/');
  const shown = entries.filter((entry) => {
    const folder = folderOf(entry.path);
    return folder === undefined || folder === open || `${folder}README.md` === entry.path;
  });
  const item = (entry: Entry): string => {
    const inner = folderOf(entry.path) !== undefined && !entry.path.endsWith('README.md');
    const to = between(place, placeOf(entry.path, 'page'));
    return `<li${inner ? ' class="inner"' : ''}><a href="${to}"${entry.path === path ? ' aria-current="page"' : ''}>${escapeHtml(entry.title)}</a></li>`;
  };
  return `<b>${title}</b><ul>${shown.map(item).join('')}</ul>`;
}

function turnOf({ place, path }: Framed, groups: readonly Group[]): string {
  const all = groups.flatMap(({ entries }) => entries);
  const at = all.findIndex((entry) => entry.path === path);
  if (at < 0) return '';
  const link = (entry: Entry | undefined, rel: string, words: string): string =>
    entry
      ? `<a rel="${rel}" href="${between(place, placeOf(entry.path, 'page'))}"><small>${words}</small> ${escapeHtml(entry.title)}</a>`
      : '<span></span>';
  return `<nav class="turn" aria-label="Previous and next">${link(all[at - 1], 'prev', 'before')}${link(all[at + 1], 'next', 'next')}</nav>\n`;
}
