/** Where things are: a file of the repository by its path, on the site, and from one page to another. */

/** `docs/` is the root of the site; what lies elsewhere in the repository keeps its path. */
export const placeOf = (path: string, kind: 'page' | 'listing' | 'folder' | 'file'): string => {
  const place = path.replace(/^docs\//, '');
  if (kind === 'page') return place.replace(/\.md$/, '.html');
  if (kind === 'listing') return `${place}.html`;
  return kind === 'folder' ? `${place}/index.html` : place;
};

/** @returns the path of a link in the repository, and what stands behind it from # on */
export function pathOf(from: string, href: string): readonly [path: string, anchor: string] {
  const { pathname, hash } = new URL(href, `file:///${from}`);
  return [decodeURIComponent(pathname).replace(/^\//, '').replace(/\/$/, ''), hash];
}

/** A relative address; both are places on the site. */
export function between(from: string, to: string): string {
  const [here, there] = [from.split('/').slice(0, -1), to.split('/')];
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  return [...here.slice(common).map(() => '..'), ...there.slice(common)].join('/');
}

/** From a page to the folder of the site. */
export const up = (from: string): string => '../'.repeat(from.split('/').length - 1);
