/** Files and folders of the repository that pages lead to, as pages. */
import { escapeHtml } from '../text/html.ts';

export const fileBody = (path: string, text: string): string =>
  `<h1 id="top"><code>${escapeHtml(path)}</code></h1>\n<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`;

/** @param names with the place of each, or none, and its first line of words */
export function folderBody(
  path: string,
  names: readonly { readonly name: string; readonly to: string | undefined; readonly says: string }[],
): string {
  const item = ({ name, to, says }: (typeof names)[number]): string => {
    const shown = `<code>${escapeHtml(name)}</code>`;
    const linked = to === undefined ? shown : `<a href="${escapeHtml(to)}">${shown}</a>`;
    return `<li>${linked}${says === '' ? '' : `: ${escapeHtml(says)}`}</li>`;
  };
  return `<h1 id="top"><code>${escapeHtml(path)}/</code></h1>\n<ul>${names.map(item).join('\n')}</ul>\n`;
}

/** The comment that a file begins with. */
export function saysOf(text: string): string {
  const line = text.split('\n', 1)[0]!;
  return /^(?:#|\/\/|\/\*\*)\s*(.*?)\s*(?:\*\/)?$/.exec(line)?.[1] ?? '';
}
