/** What is packed comes with the licences of the code inside; what is installed with it is allowed by its licence. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import satisfies from 'spdx-satisfies';
import { root } from '../helpers/benign.ts';

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly licenseText: string | null;
}
const { LICENCES, textOf } = (await import(pathToFileURL(join(root, 'scripts', 'licences.mjs')).href)) as {
  LICENCES: string;
  textOf: (packages: readonly Packed[]) => string;
};
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');
const manifest = (name: string): { version: string; license: string; dependencies?: Record<string, string> } =>
  JSON.parse(read('node_modules', name, 'package.json')) as ReturnType<typeof manifest>;

/** Licences of what is installed beside benign-lab: all of them may be used and passed on with a program under MIT. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'BSL-1.0', 'ISC', 'MIT', 'MPL-2.0', 'Unlicense'];
/** MPL-2.0 asks for the source of its own files where they are passed on: installed beside us, never bundled. */
/** OFL-1.1: a font goes with any program, under its own licence. */
const BUNDLED = [...ALLOWED.filter((id) => id !== 'MPL-2.0'), 'OFL-1.1'];
/** Licences that have no SPDX expression in their package, and how their text begins: the Bitstream Vera licence. */
const READ = new Map([['dejavu-fonts-ttf', 'Fonts are (c) Bitstream']]);

test('every production dependency has an allowed licence', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; license?: string }>;
  };
  const refused: string[] = [];
  let seen = 0;
  for (const [path, { dev, license }] of Object.entries(packages)) {
    if (path === '' || dev) continue;
    seen++;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const begins = READ.get(name);
    if (begins !== undefined) assert.ok(read('node_modules', name, 'LICENSE').startsWith(begins), name);
    else if (license === undefined || !satisfies(license, ALLOWED)) refused.push(`${name}: ${license}`);
  }
  assert.deepEqual(refused, []);
  assert.ok(seen > 300, `${seen} packages`);
});

test('a licence that is not on the list is refused (negative control)', () => {
  for (const license of ['GPL-3.0-only', 'Apache-2.0 AND GPL-3.0-only']) assert.ok(!satisfies(license, ALLOWED));
  assert.ok(satisfies('GPL-3.0-only OR MIT', ALLOWED));
});

/** Parts of the file: names with versions, an empty line, a text. */
function packedLicences(): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of read('page', LICENCES)
    .split(/\n-{80}\n\n/)
    .slice(1)) {
    const end = part.indexOf('\n\n');
    for (const line of part.slice(0, end).split('\n')) found.set(line, part.slice(end + 2));
  }
  return found;
}

/** Packages that the compiled modules of the page and of its workers import, by whatever way. */
function imported(): ReadonlySet<string> {
  const web = join(root, 'dist', 'src', 'web');
  const workers = readdirSync(web, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('-worker.js'));
  assert.ok(workers.length >= 2, workers.join());
  const seen = new Set<string>();
  const packages = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    const { module } = parseSync(file, text);
    const names = [
      ...module.staticImports.map((one) => one.moduleRequest.value),
      ...module.staticExports.flatMap((one) => one.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
      ...module.dynamicImports.map((one) => text.slice(one.moduleRequest.start + 1, one.moduleRequest.end - 1)),
    ];
    for (const name of names)
      if (name.startsWith('.')) walk(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)![0]);
  };
  for (const file of ['main.js', 'service-worker.js', ...workers]) walk(join(web, file));
  return packages;
}

/** Packages whose code is in what they make, or inside the files of others. */
const UNSEEN = ['assemblyscript', 'rolldown', 'vite', 'buffer', 'delaunator', 'robust-predicates', 'is-any-array'];

/** Imported beside what the page calls, and shaken off by the bundler; a sentence of it that would be in the page. */
const SHAKEN = new Map([['hyparquet-writer', 'cannot determine type']]);

/** Dependencies of bundled packages that are commands, types or the tools' own: nothing of them is in the bundle. */
const NOT_INSIDE = new Set(
  '@types/estree commander iconv-lite json-stringify-pretty-compact rw tslib vega-typings yargs'.split(' '),
);
const TOOLS = new Set(['assemblyscript', 'rolldown', 'vite']);

test('the page names every package it bundles, with the text of its licence', async () => {
  const { freshWeb } = (await import(pathToFileURL(join(root, 'scripts', 'web.mjs')).href)) as {
    freshWeb: () => Promise<string | null>;
  };
  assert.equal(await freshWeb(), null);
  const packed = packedLicences();
  const names = new Set([...packed.keys()].map((line) => line.split(' ')[0]!));
  const needed = imported();
  assert.ok(needed.size > 12, [...needed].join(', '));
  for (const name of [...needed, ...UNSEEN]) if (!SHAKEN.has(name)) assert.ok(names.has(name), `${name} is not named`);
  for (const file of readdirSync(join(root, 'page', 'assets')))
    for (const [name, words] of SHAKEN)
      assert.ok(names.has(name) || !read('page', 'assets', file).includes(words), `${name} is in ${file}`);
  for (const [line, text] of packed) {
    const [, name, license] = /^(\S+) \d+\.\d+\.\d+ \((.+)\)$/.exec(line) ?? [];
    assert.ok(name !== undefined && satisfies(license!, BUNDLED), line);
    assert.ok(text.length > 300 && /licen[cs]e|permission|copyright|terms/i.test(text), `${line}: ${text}`);
  }
  // What a package carries inside its own files is seen by no bundler: a new one must be looked at.
  const unnamed: string[] = [];
  for (const name of names) {
    if (TOOLS.has(name) || name.startsWith('@stdlib/')) continue;
    for (const other of Object.keys(manifest(name).dependencies ?? {}))
      if (!names.has(other) && !NOT_INSIDE.has(other)) unnamed.push(`${name}: ${other}`);
  }
  assert.deepEqual(unnamed, [], 'is it inlined (scripts/licences.mjs), or not inside?');
});

test('the package has the file', () => {
  const { files } = JSON.parse(read('package.json')) as { files: readonly string[] };
  assert.ok(files.includes('page') && !files.some((one) => /^!page(?!\/docs\/reproductions)/.test(one)));
});

test('packages that share a text are named above one copy of it; one without a text stops the build', () => {
  const one = { name: 'one', version: '1.0.0', license: 'MIT', licenseText: 'MIT\r\nwords\n' };
  const text = textOf([one, { ...one, name: 'two', licenseText: 'MIT\nwords' }]);
  assert.equal(text.split('words').length, 2);
  assert.match(text, /\none 1\.0\.0 \(MIT\)\ntwo 1\.0\.0 \(MIT\)\n\nMIT\nwords\n/);
  assert.throws(() => textOf([{ ...one, licenseText: null }]), /^Error: one 1\.0\.0 comes without the text/);
});
