/** The search: reads its file when the page is opened, and answers as one types. */
import { askerOf, type Answer } from './asking.ts';
import { excerptOf } from './excerpt.ts';
import type { SearchFile } from './search-terms.ts';

const MOST = 30;
const field = document.querySelector<HTMLInputElement>('#query')!;
const told = document.querySelector('#found')!;
const list = document.querySelector('#results')!;

async function open(): Promise<(query: string) => Answer[]> {
  const response = await fetch(new URL('search.json', document.baseURI));
  if (!response.ok) throw new Error(`its file cannot be read (${response.status})`);
  return askerOf((await response.json()) as SearchFile);
}

function item({ found: { place, anchor, path, text }, terms }: Answer): HTMLLIElement {
  const link = document.createElement('a');
  link.href = place + (anchor === '' ? '' : `#${anchor}`);
  link.textContent = path.at(-1)!;
  const where = document.createElement('small');
  where.textContent = path.slice(0, -1).join(' › ');
  const words = document.createElement('p');
  for (const { text: piece, found } of excerptOf(text, terms)) {
    const part = found ? document.createElement('mark') : document.createTextNode('');
    part.textContent = piece;
    words.append(part);
  }
  const out = document.createElement('li');
  out.append(where, link, words);
  return out;
}

function answer(ask: (query: string) => Answer[]): void {
  const query = field.value.trim();
  const address = new URL(location.href);
  if (query === '') address.searchParams.delete('q');
  else address.searchParams.set('q', query);
  history.replaceState(null, '', address);
  const all = query === '' ? [] : ask(query);
  list.replaceChildren(...all.slice(0, MOST).map(item));
  const count = all.length === 1 ? 'One section' : `${all.length} sections`;
  if (query === '') told.textContent = '';
  else if (all.length === 0) told.textContent = 'Nothing is found.';
  else told.textContent = all.length > MOST ? `${count}; the first ${MOST}:` : `${count}:`;
}

field.value = new URLSearchParams(location.search).get('q') ?? '';
field.focus();
told.textContent = 'The index is being read …';
open().then(
  (ask) => {
    answer(ask);
    field.addEventListener('input', () => answer(ask));
  },
  (error: unknown) => {
    told.textContent = `The search: ${(error as Error).message}.`;
  },
);

/** Arrows go through the results; Enter in the field opens the first one. */
document.querySelector('.search')!.addEventListener('keydown', (event) => {
  const { key } = event as KeyboardEvent;
  const links = [...list.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (key === 'Enter' && event.target === field) links[0]?.click();
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step === undefined || links.length === 0) return;
  event.preventDefault();
  const next = at + step;
  (next < 0 ? field : links[Math.min(next, links.length - 1)]!).focus();
});
