/** Reading and writing files: whole or not at all, and one sentence when it cannot be done. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { messages, UserError } from '../errors.ts';

/** @throws UserError */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(messages.unreadable(file, code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : message));
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
    throw new UserError(messages.diskFull(file, (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'the disk is full' : (error as Error).message));
  }
}
