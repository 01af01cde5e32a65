/** What files are that were dropped together: a data set, or the folders of results. */
import { messages, UserError } from '../../errors.ts';
import { formatOf, readLabelled, unpacked, type DataFile } from '../../data/readers/format.ts';
import type { DataChoice } from '../../data/readers/choice.ts';
import type { LabelledPoints } from '../../data/readers/labelled.ts';
import type { DataFiles } from '../../experiments/spec-files.ts';

/** A file as it was dropped. @typeParam F what holds its bytes */
export interface Dropped<F = Uint8Array> {
  /** with its folders, where a folder was dropped */
  readonly path: string;
  readonly file: F;
}

/** Of one results folder, or of a table that lies alone. */
export interface ResultFiles<F = Uint8Array> {
  readonly name: string;
  readonly spec?: Dropped<F>;
  readonly call?: Dropped<F>;
  readonly report?: Dropped<F>;
  /** in the order of their names */
  readonly records: readonly Dropped<F>[];
  readonly tables: readonly Dropped<F>[];
}

export interface Sorted<F = Uint8Array> {
  readonly data: readonly Dropped<F>[];
  readonly results: readonly ResultFiles<F>[];
}

export const nameOf = (path: string): string => path.split('/').at(-1)!;
/** The folder of a file of results: that of its records is the one above. */
const rootOf = (path: string): string => path.replace(/(^|\/)[^/]*$/, '').replace(/(^|\/)records$/, '');
const isTable = (path: string): boolean => /\.parquet$/i.test(path);
const isRecords = (path: string): boolean => /\.jsonl$/i.test(path);
const isSpec = (path: string): boolean => /\.ya?ml$/i.test(path);

/** By the names alone. @throws UserError for data and results together, and for nothing */
export function sortDropped<F>(all: readonly Dropped<F>[]): Sorted<F> {
  const there = all.filter(({ path }) => !nameOf(path).startsWith('.'));
  const roots = new Map<string, Dropped<F>[]>();
  for (const one of there)
    if (isTable(one.path) || isRecords(one.path) || isSpec(one.path))
      roots.set(rootOf(one.path), [...(roots.get(rootOf(one.path)) ?? []), one]);
  const results = [...roots].flatMap(([root, files]) => resultsIn(root, files, there));
  // Beside a spec or records everything else is what the commands have made of them.
  const apart = [...roots].flatMap(([root, files]) => (root !== '' || !files.every(tableAlone) ? [root] : []));
  const data = there.filter(
    ({ path }) =>
      !isTable(path) &&
      !isRecords(path) &&
      !isSpec(path) &&
      !apart.some((root) => root === '' || path.startsWith(`${root}/`)),
  );
  if (data.length > 0 && results.length > 0) throw new UserError(messages.dropMixed(data[0]!.path, results[0]!.name));
  if (data.length + results.length === 0) throw new UserError(messages.dropNothing());
  return { data, results };
}

const tableAlone = ({ path }: Dropped<unknown>): boolean => isTable(path);

function resultsIn<F>(root: string, files: readonly Dropped<F>[], all: readonly Dropped<F>[]): ResultFiles<F>[] {
  const byName = (a: Dropped<F>, b: Dropped<F>): number => (a.path < b.path ? -1 : 1);
  const records = files.filter(({ path }) => isRecords(path)).sort(byName);
  const tables = files.filter(({ path }) => isTable(path)).sort(byName);
  const specs = files.filter(({ path }) => isSpec(path));
  const spec = specs.find(({ path }) => nameOf(path) === 'spec.yaml') ?? specs[0];
  const beside = (file: string): Dropped<F> | undefined =>
    all.find(({ path }) => nameOf(path) === file && rootOf(path) === root);
  const [call, report] = [beside('call.json'), beside('report.json')];
  // Tables that lie alone are results of their own.
  if (!spec && records.length === 0 && root === '')
    return tables.map((table) => ({ name: nameOf(table.path), records: [], tables: [table] }));
  const name = root === '' ? nameOf((records[0] ?? tables[0] ?? spec!).path) : root;
  return [{ name, ...(spec && { spec }), ...(call && { call }), ...(report && { report }), records, tables }];
}

/** A data set, and where it came from as a spec says it. */
export interface ReadData {
  /** of the file of points */
  readonly name: string;
  readonly points: LabelledPoints;
  readonly files: DataFiles;
}

/**
 * The points and labels of files: one file, points and labels apart, or batches of CIFAR-10.
 *
 * @throws UserError as the readers do, and for more files than that
 */
export function readDropped(all: readonly Dropped[], choice: DataChoice = {}): ReadData {
  const files = all.map(({ path, file }): DataFile => ({ name: nameOf(path), bytes: file })).sort(inOrder);
  const [first, second] = files as [DataFile, DataFile | undefined];
  if (!second)
    return {
      name: first.name,
      points: readLabelled([first], undefined, choice),
      files: { points: first.name, ...choice },
    };
  if ((choice.format ?? formatOf(unpacked(first))) === 'cifar-10') {
    const folder = all[0]!.path.split('/').slice(0, -1).join('/') || first.name;
    return {
      name: folder,
      points: readLabelled(files, undefined, { ...choice, format: 'cifar-10' }),
      files: { points: folder, ...choice },
    };
  }
  if (files.length > 2) throw new UserError(messages.dropTooMany(files.length));
  const apart = (points: DataFile, labels: DataFile): ReadData => ({
    name: points.name,
    points: readLabelled([points], labels, choice),
    files: { points: points.name, ...(isBeside(points.name, labels.name) ? {} : { labels: labels.name }), ...choice },
  });
  const named = /label|target|(^|[^a-z])y([^a-z]|$)/i;
  if (named.test(first.name) !== named.test(second.name))
    return named.test(first.name) ? apart(second, first) : apart(first, second);
  try {
    return apart(first, second);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    try {
      return apart(second, first);
    } catch {
      throw error;
    }
  }
}

/** Whether labels are found by the name of their images, as `benign` finds them. */
const isBeside = (points: string, labels: string): boolean =>
  points.includes('images') &&
  labels.replace(/\.gz$/, '') === points.replace('images', 'labels').replace('idx3', 'idx1').replace(/\.gz$/, '');

/** Batches of CIFAR-10: those of training by their numbers, then that of the test. */
function inOrder(a: DataFile, b: DataFile): number {
  const place = ({ name }: DataFile): number => Number(/^data_batch_(\d+)/.exec(name)?.[1] ?? 1e9);
  return place(a) - place(b) || (a.name < b.name ? -1 : 1);
}
