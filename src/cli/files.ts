/** Reading and writing files: whole or not at all, and one sentence when it cannot be done. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** Writes to a temporary file, then renames: a reader never sees half a file. @throws UserError */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    drop(temporary);
    throw notWritten(file, error);
  }
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
