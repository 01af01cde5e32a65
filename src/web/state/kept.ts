/** What of one's own data stays in this browser until it is forgotten: the files, what was asked, the runs made. */
import { del, get, set } from 'idb-keyval';
import type { Dropped } from '../worker/drop.ts';

/** What was dropped and asked, as the room of data has it. */
export interface Kept {
  readonly files: readonly Dropped<Blob>[];
  readonly asked: Readonly<Record<string, unknown>>;
}

const FILES = 'benign-lab/files';
const ASKED = 'benign-lab/asked';
const RUNS = 'benign-lab/runs';
/** Records that are kept. */
const MOST_LINES = 100_000;

interface Runs {
  readonly of: string;
  readonly lines: readonly string[];
}

/** A browser may keep nothing, in private windows for one: then a reload begins anew. */
async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

export async function kept(): Promise<Kept | undefined> {
  const files = await tried(() => get<Kept['files']>(FILES));
  return files && { files, asked: (await tried(() => get<Kept['asked']>(ASKED))) ?? {} };
}

/** @returns whether they are kept */
export const keepFiles = async (files: Kept['files']): Promise<boolean> =>
  (await tried(async () => {
    await set(ASKED, {});
    await set(FILES, files);
    return true;
  })) === true;

export const keepAsked = (asked: Kept['asked']): void => void tried(() => set(ASKED, asked));

export async function forget(): Promise<void> {
  for (const key of [FILES, ASKED, RUNS]) await tried(() => del(key));
}

/** @param of content of the data set */
export const keepRuns = (of: string, lines: readonly string[]): void =>
  void tried(() => set(RUNS, { of, lines: lines.slice(0, MOST_LINES) } satisfies Runs));

export async function keptRuns(of: string): Promise<readonly string[]> {
  const runs = await tried(() => get<Runs>(RUNS));
  return runs?.of === of ? runs.lines : [];
}
