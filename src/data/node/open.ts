/** Opens files of labelled points by their path. Nothing is fetched, and nothing is written. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messages, systemReason, UserError } from '../../errors.ts';
import type { DataChoice } from '../readers/choice.ts';
import { formatOf, readLabelled, unpacked, type DataFile } from '../readers/format.ts';
import type { LabelledPoints } from '../readers/labelled.ts';

/** Node reads no larger file at once. */
const LARGEST = 2 ** 31 - 1;

export interface Opened {
  readonly points: LabelledPoints;
  /** paths of all files that were read */
  readonly files: readonly string[];
}

/**
 * Labelled points of a file, or of the batches of CIFAR-10 in a folder (data_batch_1.bin and on, then test_batch.bin).
 *
 * @param labels path of the file of labels; left out, those of IDX images are looked for beside them, by the name with
 *   `labels` for `images`
 * @throws UserError for what is not there, cannot be read, or is malformed
 */
export function openLabelled(path: string, labels?: string, choice: DataChoice = {}): Opened {
  if (kindOf(path) === 'folder') {
    const batches = batchesIn(path);
    if (labels !== undefined) throw new UserError(messages.badData(path, 'the batches of a folder have their labels'));
    const read = readLabelled(batches.map(fileAt), undefined, { ...choice, format: 'cifar-10' });
    return { points: read, files: batches };
  }
  const file = unpacked(fileAt(path));
  const beside = labels ?? labelsBeside(file, path, choice);
  const points = readLabelled([file], beside === undefined ? undefined : fileAt(beside), choice);
  return { points, files: beside === undefined ? [path] : [path, beside] };
}

/**
 * The bytes of a regular file: a pipe or a device might never end.
 *
 * @throws UserError for what is none, cannot be read, or is larger than 2 GiB
 */
export function fileAt(path: string): DataFile {
  if (kindOf(path) === 'folder') throw new UserError(messages.badData(path, 'is a folder, and a file is wanted'));
  return { name: path, bytes: tried(path, () => readFileSync(path)) };
}

function kindOf(path: string): 'file' | 'folder' {
  const info = tried(path, () => statSync(path));
  if (info.isDirectory()) return 'folder';
  if (!info.isFile()) throw new UserError(messages.badData(path, 'is no regular file'));
  if (info.size > LARGEST)
    throw new UserError(messages.badData(path, `has ${info.size} bytes, at most ${LARGEST} are read`));
  return 'file';
}

function tried<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') throw new UserError(messages.unreadable(path, 'there is no such file'));
    throw new UserError(messages.system(path, systemReason(error), code));
  }
}

/** Those of training by their numbers, then that of the test. */
function batchesIn(folder: string): string[] {
  const names = tried(folder, () => readdirSync(folder));
  const number = (name: string): number => Number(/^data_batch_(\d{1,3})\.bin(\.gz)?$/.exec(name)?.[1] ?? NaN);
  const training = names.filter((name) => number(name) >= 0).sort((a, b) => number(a) - number(b));
  const test = names.filter((name) => /^test_batch\.bin(\.gz)?$/.test(name)).sort();
  if (training.length + test.length === 0)
    throw new UserError(
      messages.badData(
        folder,
        'has no batch of CIFAR-10 (data_batch_1.bin, test_batch.bin); other data is named by its file',
      ),
    );
  return [...training, ...test].map((name) => join(folder, name));
}

/** train-labels-idx1-ubyte.gz for train-images-idx3-ubyte.gz, packed as it may be. */
function labelsBeside(file: DataFile, path: string, { format }: DataChoice): string | undefined {
  const name = basename(path);
  if ((format ?? formatOf(file)) !== 'idx' || !name.includes('images')) return undefined;
  const plain = name.replace('images', 'labels').replace('idx3', 'idx1').replace(/\.gz$/, '');
  const there = new Set(tried(path, () => readdirSync(dirname(path))));
  const found = [plain, `${plain}.gz`].find((one) => there.has(one));
  return found === undefined ? undefined : join(dirname(path), found);
}
