/** `benign archive DIR`: a result folder as one file that can be kept beside a paper. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { messages, systemReason, UserError } from '../errors.ts';
import { presetNamed } from '../reproduction/preset.ts';
import { note, printJson, say } from './context.ts';
import { isThere } from './files.ts';
import { openFolder } from './folder.ts';
import { versions } from './versions.ts';

/** The same time for every file: equal folders have equal archives. */
const TIME = '1980-01-01T00:00:00';
const CHUNK = 1 << 20;
/** Packed already. */
const PACKED = /\.(png|parquet|npz|pdf)$/;
/** What belongs to processes at work, and not to the results. */
const PASSING = /\.tmp-\d+$|^arrays\/.*\.npz\.[\d-]+$|^(claims|checkpoints)\//;
const SUMS = 'SHA256SUMS';
const README = 'README.txt';
/** Where the plain ZIP format ends; fflate writes no other. */
const MOST_BYTES = 2 ** 32 - 1;

export function archive(folder: string, options: { out?: string; json?: boolean }): void {
  const spec = openFolder(folder);
  const name = basename(resolve(folder));
  const target = options.out ?? `${resolve(folder)}.zip`;
  if (isThere(target) && !target.endsWith('.zip')) throw new UserError(messages.noTable(target, ['.zip']));
  // An archive that was unpacked is packed again without its own two files; none holds itself.
  const files = filesIn(folder).filter(
    (file) => !PASSING.test(file) && ![SUMS, README].includes(file) && resolve(folder, file) !== resolve(target),
  );
  const size = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  if (size > MOST_BYTES) throw new UserError(messages.archiveTooLarge(folder, size / 1e9));
  const read = readme(folder, name, spec.name);
  const temporary = `${target}.tmp-${process.pid}`;
  try {
    const out = openSync(temporary, 'w');
    try {
      write(out, name, folder, files, read);
    } finally {
      closeSync(out);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof UserError) throw error;
    throw new UserError(messages.system(target, systemReason(error), (error as NodeJS.ErrnoException).code ?? ''));
  }
  const bytes = statSync(target).size;
  if (options.json) return printJson({ v: 1, archive: target, files: files.length + 2, bytes });
  say(`${target}: ${files.length + 2} files, ${(bytes / 1e6).toFixed(1)} MB`);
  note(`sha256sum -c ${SUMS} in the unpacked folder checks it; README.txt says how it was made`);
}

/** By their paths, in order. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

function write(out: number, name: string, folder: string, files: readonly string[], read: string): void {
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    for (let at = 0; at < chunk.length;) at += writeSync(out, chunk, at);
  });
  const sums: string[] = [];
  const add = (file: string, content: Iterable<Uint8Array>): void => {
    const path = `${name}/${file}`;
    const entry = PACKED.test(file) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    entry.mtime = TIME;
    zip.add(entry);
    const sum = createHash('sha256');
    for (const chunk of content) {
      sum.update(chunk);
      entry.push(chunk);
    }
    entry.push(new Uint8Array(), true);
    sums.push(`${sum.digest('hex')}  ${file}\n`);
  };
  const text = (of: string): Uint8Array[] => [new TextEncoder().encode(of)];
  for (const file of files) add(file, chunksOf(join(folder, file)));
  add(README, text(read));
  add(SUMS, text(sums.join('')));
  zip.end();
}

function* chunksOf(file: string): Generator<Uint8Array> {
  const from = openSync(file, 'r');
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK);
      const length = readSync(from, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(from);
  }
}

/** How it was made, by what, and whom to cite. */
function readme(folder: string, name: string, presetName: string): string {
  const [, command] = /^# (benign .*)$/m.exec(readFileSync(join(folder, 'spec.yaml'), 'utf8')) ?? [];
  const preset = presetNamed(presetName);
  const made = Object.entries(versions()).map(([what, version]) => `  ${what} ${version}`);
  return [
    `${name}: results of benign-lab`,
    '',
    'Made, and made again to the same bits, by',
    `  ${command ?? 'a command that its spec.yaml does not name'}`,
    '(the spec that it was given is spec.yaml here).',
    '',
    'spec.yaml is the experiment, records/ has a line of JSON for each run, table.csv and table.parquet are made of them,',
    'figures/ has pictures and, as .vl.json, the numbers in them. benign doctor checks the records; benign table and',
    'benign figure make the rest again.',
    '',
    'Packed by',
    ...made,
    '',
    ...(preset ? ['Please cite the paper', preset.paper.bibtex, ''] : []),
    preset
      ? 'and benign-lab (CITATION.cff of its repository).'
      : 'Please cite benign-lab (CITATION.cff of its repository).',
    '',
  ].join('\n');
}
