// THIRD-PARTY-LICENSES.txt of the page and of the wheel: the packages whose code is in them and in the kernel, with
// licences and notices.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import license from 'rollup-plugin-license';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const LICENCES = 'THIRD-PARTY-LICENSES.txt';

/** What of its compiler is in the kernel. */
const KERNEL = { name: 'assemblyscript', files: ['LICENSE', 'NOTICE'] };
/**
 * The font of formulas, and packages that put code of their own into what they make; `until` is where the part about
 * their own code ends.
 */
const TOOLS = [
  { name: '@fontsource/stix-two-math', files: ['LICENSE'] },
  KERNEL,
  { name: 'rolldown', files: ['LICENSE'] },
  { name: 'vite', files: ['LICENSE.md'], until: '# Licenses of bundled dependencies' },
];

/** What packages carry inside their own files, where no bundler sees it. */
const INLINED = {
  'csv-parse': ['buffer', 'base64-js', 'ieee754'],
  'd3-delaunay': ['delaunator', 'robust-predicates'],
  'ml-matrix': ['is-any-array', 'ml-array-max', 'ml-array-min', 'ml-array-rescale'],
};

function installed({ name, files = ['LICENSE'], until }) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const [licenseText, noticeText] = files.map((file) => readFileSync(join(folder, file), 'utf8').split(until)[0]);
  return { name, version, license, licenseText, noticeText };
}

/** Every bundle of one build, the page's and its workers', is seen by a plugin; the text is that of all of them. */
export function collector() {
  const found = new Map();
  const add = (one) => found.set(`${one.name}@${one.version}`, one);
  for (const one of TOOLS) add(installed(one));
  return {
    plugin: () =>
      license({
        cwd: root,
        sourcemap: false,
        // Private ones are folders inside a package, such as preact/jsx-runtime.
        thirdParty: { multipleVersions: true, output: (packages) => packages.forEach(add) },
      }),
    text: () => {
      const all = [...found.values()];
      const inside = all.flatMap(({ name }) => INLINED[name] ?? []);
      return textOf([...all, ...inside.map((name) => installed({ name }))]);
    },
  };
}

/** Native files are packages of their own, one a platform, under the licence of what they belong to. */
const OF_PLATFORM = /-(linux|darwin|win32)-[\w-]+$/;

/** The packages that files of `folder/node_modules` belong to, and what is in the kernel. */
export function packagesOf(folder, files) {
  const names = new Set(files.map((file) => /^node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file)?.[1]));
  names.delete(undefined);
  const inside = [...names].flatMap((name) => INLINED[name] ?? []);
  return [
    installed(KERNEL),
    ...[...names].map((name) => named(join(folder, 'node_modules'), name.split('\\').join('/'))),
    ...inside.filter((name) => !names.has(name)).map((name) => installed({ name })),
  ];
}

/** A package with the texts that it carries. One that only says MIT has the words of that licence with its author. */
function named(modules, name) {
  const about = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
  const { version, license, repository, author } = about;
  const folders = [name, name.replace(OF_PLATFORM, '')].map((one) => join(modules, one)).filter(existsSync);
  const texts = (pattern) =>
    folders
      .map((folder) =>
        readdirSync(folder)
          .filter((file) => pattern.test(file))
          .map((file) => join(folder, file)),
      )
      .find((found) => found.length > 0)
      ?.map((file) => readFileSync(file, 'utf8'))
      .join('\n\n');
  // Its source is to be named where files under this licence are passed on.
  const source = /MPL/.test(license) ? `; source: ${repository?.url ?? repository}` : '';
  const words = () =>
    license === 'MIT' && author
      ? readFileSync(join(root, 'LICENSE'), 'utf8').replace(/^Copyright .*$/m, `Copyright (c) ${author.name ?? author}`)
      : undefined;
  return {
    name,
    version,
    license: `${license}${source}`,
    licenseText: texts(/^(licen[cs]e|copying)/i) ?? words(),
    noticeText: texts(/^notice/i),
  };
}

/** One text for all packages that share it, so that a hundred copies of one licence are one. */
export function textOf(packages, head = HEAD) {
  const byText = new Map();
  for (const { name, version, license, licenseText, noticeText } of packages) {
    if (!licenseText?.trim()) throw new Error(`${name} ${version} comes without the text of its licence`);
    const text = [licenseText, noticeText].flatMap((one) => one?.trim().replaceAll('\r\n', '\n') || []).join('\n\n');
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.sort().join('\n')}\n\n${text}\n`).sort();
  return [head, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}

const HEAD =
  'Code of these packages is in the page (page/) or in the kernel of benign-lab, each under its own licence.\n';
