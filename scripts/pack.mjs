// npm pack: the packed package.json names no script, since the package has none of their files. `before` (prepack)
// writes it without them and keeps the whole one; `after` (postpack) puts that back. Times are kept: a newer
// package.json would make the build look out of date.
import { copyFileSync, existsSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'package.json');
const kept = join(root, '.package.json.whole');

/** Puts the whole package.json back, where a pack that was cut short has left it. */
function restore() {
  if (existsSync(kept)) renameSync(kept, file);
}

/** A package.json without what only a clone can use. */
export function stripped(text) {
  const { scripts: _scripts, devDependencies: _devDependencies, ...rest } = JSON.parse(text);
  return `${JSON.stringify(rest, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  restore();
  if (process.argv[2] === 'before') {
    const { atime, mtime } = statSync(file);
    copyFileSync(file, kept);
    utimesSync(kept, atime, mtime);
    const temporary = `${file}.tmp-${process.pid}`;
    writeFileSync(temporary, stripped(readFileSync(file, 'utf8')));
    utimesSync(temporary, atime, mtime);
    renameSync(temporary, file);
  }
}
