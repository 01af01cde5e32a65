// The documentation as a part of the page, page/docs/: reads the repository and writes what src/web/site makes of it.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
const LISTED = ['LICENSE', 'CITATION.cff'];
const FOLDERS = ['docs', 'validation', 'bench', 'examples', 'python'].filter((name) => existsSync(join(root, name)));
/** What the documentation is made of. */
export const SITE_SOURCES = [...PAGES, ...LISTED, ...FOLDERS, 'scripts/site.mjs'].filter((name) =>
  existsSync(join(root, name)),
);
/** Endings of files that are copied where a page has them or leads to them. */
const COPIED = ['.png', '.svg', '.csv', '.gz'];
/** Of examples and specs that become pages. */
const SHOWN = ['.yaml', '.ts', '.mjs', '.py', '.toml'];
const MADE = ['node_modules', 'dist', 'build', '__pycache__'];

function filesOf(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return MADE.includes(entry.name) || entry.name.startsWith('.') ? [] : filesOf(path);
      return [path];
    });
}

const isPage = (path) => path.endsWith('.md');
/** Programs of the validation and of Python are the repository's; its specs, and all examples, are shown. */
const isShown = (path) => SHOWN.includes(extname(path)) && (path.startsWith('examples/') || extname(path) === '.yaml');

const allFiles = () => [
  ...[...PAGES, ...LISTED].filter((name) => existsSync(join(root, name))),
  ...FOLDERS.flatMap(filesOf),
];

/** For chapters: pages about a paper. */
export async function siteAbout() {
  const { pagesAbout } = await import(pathToFileURL(join(root, 'dist', 'src', 'web', 'site', 'about.js')).href);
  const statements = readFileSync(join(root, 'docs', 'statements.md'), 'utf8');
  const paths = allFiles().filter(isPage);
  return (paper) => pagesAbout(paper, paths, statements);
}

/** Width and height of a PNG, or of an SVG that says them in pixels. */
function sizeOf(path) {
  const file = join(root, path);
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  if (path.endsWith('.png')) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const [, width, height] = /^[^]*?<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(bytes.toString('utf8')) ?? [];
  return width === undefined ? undefined : { width: Math.round(Number(width)), height: Math.round(Number(height)) };
}

/**
 * @param {string} page the page's folder, whose assets are there
 * @param {{ style: string, reader: string, search: string }} assets
 */
export async function writeSite(page, assets) {
  const made = (name) => import(pathToFileURL(join(root, 'dist', 'src', name)).href);
  const { siteOf } = await made('web/site/site.js');
  const { PAPERS } = await made('papers/index.js');
  const all = allFiles();
  const texts = all.filter((path) => isPage(path) || isShown(path) || LISTED.includes(path));
  const { texts: pages, copies } = siteOf(
    {
      texts: new Map(texts.map((path) => [path, readFileSync(join(root, path), 'utf8')])),
      files: new Set(all.filter((path) => COPIED.includes(extname(path)))),
      exists: (path) => existsSync(join(root, path)),
      sizeOf,
      chapters: PAPERS.map(({ id }) => id),
    },
    assets,
  );
  const put = (place) => {
    const file = join(page, 'docs', ...place.split('/'));
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  for (const [place, text] of pages) writeFileSync(put(place), text);
  for (const [path, place] of copies) cpSync(join(root, path), put(place));
}
