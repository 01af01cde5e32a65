/** The pages that are no file of the repository: the front of the documentation, and the search. */
import { escapeHtml } from '../text/html.ts';
import type { Entry, Group } from './contents.ts';
import type { Text } from './markdown.ts';
import { placeOf } from './places.ts';

/** Of pages whose first paragraph does not say what they are. */
const SAYS: Readonly<Record<string, string>> = {
  'README.md': 'What it is for, how to begin, and what it can do, command by command.',
  'docs/commands.md': 'Every command with its options, what it prints and how it exits.',
  'docs/page.md': 'The laboratory in a browser: map, run, theory, chapters, your own data.',
  'CONTRIBUTING.md': 'Layout, laws, tests, releases, and how to add something.',
  'CHANGELOG.md': 'What changed, numbers first.',
};
/** Letters: what is longer ends behind a sentence. */
const LONG = 170;

export function frontBody(groups: readonly Group[], pages: ReadonlyMap<string, Text>): string {
  const item = ({ path, title }: Entry): string => {
    const says = SAYS[path] ?? firstOf(pages.get(path)!.lead);
    return `<li><a href="${placeOf(path, 'page')}">${escapeHtml(title)}</a><span>${escapeHtml(says)}</span></li>`;
  };
  const outer = (entries: readonly Entry[]): Entry[] =>
    entries.filter(({ path }) => path.split('/').length < 3 && !/^(validation|bench)\/(?!README)/.test(path));
  const sections = groups.map(
    ({ title, says, entries }) =>
      `<section>\n<h2>${title}</h2>\n<p>${says}</p>\n<ul>${outer(entries).map(item).join('\n')}</ul>\n</section>`,
  );
  return `<h1 id="top">Documentation</h1>
<p class="lead">Begin with the first hour, or <a href="search.html">search</a>. <a href="../index.html">The laboratory</a> computes in your browser; <a href="../index.html#room=papers">chapters</a> have the papers' figures live.</p>
<div class="front">${sections.join('\n')}</div>
`;
}

/** The first sentence, or as many as there is room for. */
function firstOf(words: string): string {
  const sentences = words.match(/[^]*?[.:?](?= |$)/g) ?? [words];
  let out = sentences[0]!;
  for (const sentence of sentences.slice(1)) {
    if (out.length + sentence.length > LONG) break;
    out += sentence;
  }
  return out.replace(/:$/, '.').replace(/^(?!benign )\p{Ll}/u, (first) => first.toUpperCase());
}

export const searchBody = (): string => `<h1 id="top">Search</h1>
<div role="search" class="search">
<label for="query">Words, symbols or keys of specs</label>
<input id="query" type="search" autocomplete="off" spellcheck="false" placeholder="sigma_0, data.mu, level set">
<p id="found" role="status">The search needs JavaScript, and a page that comes from a server; <a href="index.html">the list of contents</a> needs neither.</p>
<ol id="results"></ol>
</div>
`;
