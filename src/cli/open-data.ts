/** Opens data sets: files beside a spec, and `--data PATH`. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { offer } from '../data/content.ts';
import { openLabelled } from '../data/node/open.ts';
import type { LabelledPoints } from '../data/readers/labelled.ts';
import { UserError } from '../errors.ts';
import type { DataFiles, OpenFiles } from '../experiments/spec-files.ts';

/** In memory that threads share: handed on without a copy. */
function shared(points: LabelledPoints): LabelledPoints {
  const { values } = points;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const held = values instanceof Uint8Array ? new Uint8Array(buffer) : new Float64Array(buffer);
  held.set(values);
  return { ...points, values: held };
}

/** What opens files whose paths are written beside a folder. */
export const beside =
  (folder: string): OpenFiles =>
  (written) => {
    const files: DataFiles = {
      ...written,
      points: resolve(folder, written.points),
      ...(written.labels !== undefined && { labels: resolve(folder, written.labels) }),
    };
    const { points: path, labels, ...choice } = files;
    const moved = existsSync(path) ? undefined : movedTo(path);
    if (moved) return { content: moved.content, shape: moved.points.shape, files: { points: moved.path } };
    const points = shared(openLabelled(path, labels, choice).points);
    return { content: offer(points), shape: points.shape, files };
  };

/** What `--data` named, by file. */
interface Given {
  readonly path: string;
  readonly content: string;
  readonly points: LabelledPoints;
}
const given: Given[] = [];

function give(path: string): void {
  const points = shared(openLabelled(path).points);
  given.push({ path: resolve(path), content: offer(points), points });
}

/** The file of that name, or the only one. */
const movedTo = (path: string): Given | undefined =>
  given.find((one) => basename(one.path) === basename(path)) ?? (given.length === 1 ? given[0] : undefined);

/**
 * Offers what `--data` names: a file (IDX labels are found beside their images), a folder with the batches of CIFAR-10,
 * or a folder of such files.
 *
 * @throws UserError for what is not there; and for a file that is no data
 */
export function useData(path: string): void {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder || readdirSync(path).some((name) => /^(data|test)_batch/.test(name))) return give(path);
  for (const name of readdirSync(path).sort())
    try {
      give(join(path, name));
    } catch (error) {
      // Other files may lie there: labels, which are read with their images, among them.
      if (!(error instanceof UserError)) throw error;
    }
}
