/** Data sets of a command: the files that a spec names. What opens them is loaded where a spec has any. */
import { dirname } from 'node:path';
import { offered } from '../data/content.ts';
import { checkDataset } from '../data/dataset.ts';
import { messages, UserError } from '../errors.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { assignments } from './assignments.ts';
import { readText } from './files.ts';
import { openFolder } from './folder.ts';

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

/** The spec of a result folder that makes runs again, its data set at hand. @throws UserError */
export async function specIn(folder: string): Promise<Spec> {
  const spec = openFolder(folder);
  await openData(spec);
  return spec;
}

/** Cells that are looked at before the first draw; of those behind them the runs say what is wrong. */
const MOST_CHECKED = 10_000;

/**
 * Before the first draw of a spec's cells.
 *
 * @throws UserError where its data set is not at hand or has changed, and for what does not fit it
 */
export async function openData(spec: Spec): Promise<void> {
  const { values, axes, files } = spec;
  const contents = [
    values.get('data.content'),
    ...axes.flatMap((axis) => (axis.path === 'data.content' ? axis.values : [])),
  ];
  for (const content of contents) {
    if (content === undefined || offered().has(String(content))) continue;
    if (!files) throw new UserError(messages.dataNotOpen(String(content)));
    if ((await import('../data/node/given.ts')).foundInPlace(files.points, String(content))) continue;
    const { beside } = await import('./open-data.ts');
    const found = beside('.')(files).content;
    if (found !== content) throw new UserError(messages.filesChanged(files.points, found, String(content)));
  }
  if (contents.every((content) => content === undefined)) return;
  let left = MOST_CHECKED;
  for (const { data } of cells(spec)) {
    if (data.model === 'dataset') checkDataset(data);
    if (--left === 0) return;
  }
}
