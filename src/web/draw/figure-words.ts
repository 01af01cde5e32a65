/** What a figure says of itself. */
import type { Figure } from '../../figures/figure.ts';

interface Title {
  readonly text?: readonly string[];
  readonly subtitle?: readonly string[];
}

export function titleOf({ name, spec }: Figure): { readonly title: string; readonly subtitle: string } {
  const { text, subtitle = [] } = (spec['title'] ?? {}) as Title;
  const title = typeof spec['description'] === 'string' ? spec['description'] : (text ?? [name]).join(' ');
  return { title, subtitle: subtitle.join(' ') };
}
