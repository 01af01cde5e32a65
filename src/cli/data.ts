/** Data sets of a command: the files that a spec names. What opens them is loaded where a spec has any. */
import { dirname } from 'node:path';
import { offered } from '../data/content.ts';
import { messages, UserError } from '../errors.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import type { Spec } from '../experiments/spec.ts';
import { assignments } from './assignments.ts';
import { readText } from './files.ts';

/** The spec of a command, its data set at hand. @param set `--set` @throws UserError */
export async function specAt(file: string, set: readonly string[] = []): Promise<Spec> {
  const text = readText(file);
  const changes = assignments(set);
  if (!/dataset|\bfiles\b/.test(text + set.join())) return parseSpec(text, file, changes);
  const { beside } = await import('./open-data.ts');
  const spec = parseSpec(text, file, changes, beside(dirname(file)));
  await openData(spec);
  return spec;
}

/** Before the first draw of a spec's cells. @throws UserError where its data set is not at hand, or has changed */
export async function openData({ values, axes, files }: Spec): Promise<void> {
  const contents = [
    values.get('data.content'),
    ...axes.flatMap((axis) => (axis.path === 'data.content' ? axis.values : [])),
  ];
  for (const content of contents) {
    if (content === undefined || offered().has(String(content))) continue;
    if (!files) throw new UserError(messages.dataNotOpen(String(content)));
    const { beside } = await import('./open-data.ts');
    const found = beside('.')(files).content;
    if (found !== content) throw new UserError(messages.filesChanged(files.points, found, String(content)));
  }
}
