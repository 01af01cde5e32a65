/** Reading and writing files: whole or not at all, and one sentence when it cannot be done. */
import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { messages, systemReason, UserError } from '../errors.ts';

/** The text of a file; `-` is standard input. @throws UserError */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UserError(
      messages.unreadable(
        file,
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : systemReason(error),
      ),
    );
  }
}

/** @throws UserError */
export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UserError(messages.notJson(file));
  }
}

/** A text may come in pieces. */
type Content = string | Uint8Array | Iterable<string>;

function put(file: string, content: Content): void {
  if (typeof content === 'string' || content instanceof Uint8Array) return writeFileSync(file, content);
  const descriptor = openSync(file, 'w');
  try {
    for (const piece of content) writeFileSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes to a temporary file, then renames: a reader never sees half a file. @throws UserError */
export function writeWhole(file: string, content: Content): void {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    put(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    drop(temporary);
    throw notWritten(file, error);
  }
}

/** Endings of files that a table may be written over. */
const TABLES = ['.csv', '.json', '.jsonl', '.parquet', '.npz'];

/**
 * The same for a file that the user names: links are followed, pipes and devices written into. What is no table, and
 * what a result folder rests on, is not written over.
 *
 * @throws UserError
 */
export function writeTo(file: string, content: Content): void {
  if (basename(dirname(resolve(file))) === 'records' && ofResults(resolve(file)))
    throw new UserError(messages.ofResults(file));
  if (!isThere(file)) {
    if (lstatSync(file, { throwIfNoEntry: false }))
      throw new UserError(messages.unwritable(file, 'it is a link that leads nowhere'));
    return writeWhole(file, content);
  }
  const target = realpathSync(file);
  if (!statSync(target).isFile()) {
    try {
      return put(target, content);
    } catch (error) {
      throw notWritten(file, error);
    }
  }
  if (ofResults(target)) throw new UserError(messages.ofResults(file));
  if (!TABLES.includes(extname(target).toLowerCase())) throw new UserError(messages.noTable(file, TABLES));
  writeWhole(target, content);
}

/** Whether a file is one that a result folder rests on: its spec, what it was asked, its records and reports. */
function ofResults(file: string): boolean {
  const folder = dirname(file);
  const isFolder = (path: string): boolean =>
    existsSync(join(path, 'spec.yaml')) && ['call.json', 'records'].some((name) => existsSync(join(path, name)));
  if (basename(folder) === 'records' && isFolder(dirname(folder))) return true;
  return isFolder(folder) && !/^(table|level-sets|components)\b/.test(basename(file)) && extname(file) !== '.csv';
}

/**
 * The same for a file that must not be there yet: of several processes that try at once exactly one succeeds.
 *
 * @returns false when the file is there already, whole; nothing is written then
 * @throws UserError
 */
export function writeNew(file: string, content: string): boolean {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    writeFileSync(temporary, content);
    try {
      linkSync(temporary, file); // a second name for the whole file: refused when the name is taken
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      // A file system without hard links: exclusive, though a reader may meet the file half written.
      writeFileSync(file, content, { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notWritten(file, error);
  } finally {
    drop(temporary);
  }
}

/** Milliseconds of waiting for one lock after which its process is gone: the work under it takes a few. */
const GONE = 5000;

/**
 * Does what of several processes only one may do at a time to a file, under a lock beside it.
 *
 * @param work that takes milliseconds
 * @throws UserError
 */
export function exclusively(file: string, work: () => void): void {
  const lock = `${file}.lock`;
  let [made, since] = [0, 0];
  while (!writeNew(lock, `${process.pid}\n`)) {
    // The disk's clock may not be ours: how long a lock has been there is told by the waiting.
    const now = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (now === undefined) continue;
    if (now !== made) [made, since] = [now, performance.now()];
    else if (performance.now() - since > GONE) drop(lock);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  try {
    work();
  } finally {
    drop(lock);
  }
}

/** Takes a temporary file away; in a folder that takes nothing there is none. */
function drop(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // What kept it from being written is said.
  }
}

/** Whether a file is there. @throws UserError when nobody may look */
export function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new UserError(messages.unreadable(file, systemReason(error)));
  }
}

const notWritten = (file: string, error: unknown): UserError =>
  new UserError(
    (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? messages.diskFull(file, 'the disk is full')
      : messages.unwritable(file, systemReason(error)),
  );

/**
 * Makes a folder and its parents. (`recursive: true` never returns on some file systems, /proc for one.) @throws
 * UserError
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    try {
      mkdirSync(path);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') break;
      if (code !== 'ENOENT' || dirname(path) === path || missing.includes(path))
        throw new UserError(messages.unwritable(folder, systemReason(error)));
      missing.push(path);
    }
  }
  for (const path of missing.reverse()) {
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new UserError(messages.unwritable(folder, systemReason(error)));
    }
  }
}
