/** Opens data sets: files beside a spec, or where `--data` says that they are. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { offer } from '../data/content.ts';
import { givenAs, shared } from '../data/node/given.ts';
import { openLabelled } from '../data/node/open.ts';
import type { DataFiles, OpenFiles } from '../experiments/spec-files.ts';

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
    const moved = existsSync(path) ? undefined : givenAs(path);
    if (moved) return { content: moved.content, shape: moved.points.shape, files: { points: moved.path } };
    const points = shared(openLabelled(path, labels, choice).points);
    return { content: offer(points), shape: points.shape, files };
  };
