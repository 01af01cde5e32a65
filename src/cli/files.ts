/** Reading and writing files: whole or not at all, and one sentence when it cannot be done. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messages, UserError } from '../errors.ts';

/** @throws UserError */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      messages.unreadable(
        file,
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : reason(error),
      ),
    );
  }
}

/** Writes to a temporary file, then renames: a reader never sees half a file. @throws UserError */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UserError(
      (error as NodeJS.ErrnoException).code === 'ENOSPC'
        ? messages.diskFull(file, 'the disk is full')
        : messages.unwritable(file, reason(error)),
    );
  }
}

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
        throw new UserError(messages.unwritable(folder, reason(error)));
      missing.push(path);
    }
  }
  for (const path of missing.reverse()) {
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new UserError(messages.unwritable(folder, reason(error)));
    }
  }
}

/** The system's reason in words. */
function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'there is no such folder',
    ENOTDIR: 'a part of the path is a file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a folder',
  };
  return words[code ?? ''] ?? message;
}
