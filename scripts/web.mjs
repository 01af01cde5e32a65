// npm run build:web: the page as a static folder, page/, with the documentation. Compiles the program, computes the
// first view, bundles.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, newest, withLock } from './build.mjs';
import { collector, LICENCES } from './licences.mjs';
import { SITE_SOURCES, siteAbout, writeSite } from './site.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'page');
const MATH_FONT = 'node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2';
/** What the page is made of. */
const SOURCES = ['src', 'assembly', 'scripts/web.mjs', 'scripts/licences.mjs', 'package-lock.json', ...SITE_SOURCES];

/**
 * Builds the page when it is missing or older than its sources, once however many ask. Returns null, or one sentence
 * saying what went wrong.
 * @param {() => void} begun called before it is built
 */
export async function freshWeb(begun = () => {}) {
  const index = join(page, 'index.html');
  const stale = () =>
    !existsSync(index) || SOURCES.some((source) => newest(join(root, source)) > statSync(index).mtimeMs);
  if (!stale()) return null;
  begun();
  return withLock(async () => (stale() ? buildWeb() : null), join(root, '.benign-web.lock'));
}

/** Writes a file whose name says its content: no cache hands out another one. */
function named(folder, name, ending, content) {
  const file = `assets/${name}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}.${ending}`;
  mkdirSync(join(folder, 'public', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'public', file), content);
  return file;
}

/** Tells the service worker which files there are, and of which version. Pictures of pages are kept when they are seen. */
function writeFiles(folder) {
  const worker = join(folder, 'sw.js');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'sw.js')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  const ofDocs = (file) => file.startsWith('docs/');
  const list = (chosen) => JSON.stringify(chosen.map((file) => (file === 'index.html' ? './' : `./${file}`)));
  writeFileSync(
    worker,
    readFileSync(worker, 'utf8')
      .replaceAll('PAGE_FILES', list(files.filter((file) => !ofDocs(file))))
      .replaceAll('DOCS_FILES', list(files.filter((file) => ofDocs(file) && !/\.(png|svg)$/.test(file))))
      .replaceAll('PAGE_VERSION', JSON.stringify(hash.digest('hex').slice(0, 16))),
  );
}

/** Vega as `web/draw/vega.ts` has it, for the file that draws figures. */
const interpreted = (made) => ({
  name: 'interpreted-vega',
  enforce: 'pre',
  resolveId: (id, importer = '') =>
    id === 'vega' && /[\\/]figures[\\/]render\.js$/.test(importer) ? join(made, 'draw', 'vega.js') : null,
});

/** @returns null, or one sentence saying what went wrong */
export async function buildWeb({ out = page } = {}) {
  const failure = await build();
  if (failure) return failure;
  const begun = new Date();
  const made = join(root, 'dist', 'src', 'web');
  const from = join(root, `dist.page.${process.pid}`);
  const target = `${from}.out`;
  rmSync(from, { recursive: true, force: true });
  mkdirSync(join(from, 'public'), { recursive: true });
  try {
    const { WASM } = await import(pathToFileURL(join(root, 'dist/src/core/kernel.wasm.js')).href);
    const kernel = named(from, 'kernel', 'wasm', Buffer.from(WASM, 'base64'));
    const { heroOf } = await import(pathToFileURL(join(made, 'hero', 'hero.js')).href);
    const hero = named(from, 'hero', 'json', JSON.stringify(heroOf()));
    for (const file of ['icon.svg', 'manifest.webmanifest'])
      cpSync(join(root, 'src/web', file), join(from, 'public', file));
    const { chaptersOf, namesOf } = await import(pathToFileURL(join(made, 'chapters', 'all.js')).href);
    const texts = join(root, 'src/web/chapters/texts');
    const chapters = chaptersOf(
      Object.fromEntries(
        readdirSync(texts).map((file) => [file.replace(/\.md$/, ''), readFileSync(join(texts, file), 'utf8')]),
      ),
    );
    const folder = join(from, 'public', 'chapters');
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.json'), JSON.stringify(namesOf(chapters)));
    const about = await siteAbout();
    for (const chapter of chapters)
      writeFileSync(join(folder, `${chapter.id}.json`), JSON.stringify({ ...chapter, pages: about(chapter.id) }));
    const css = (file) => readFileSync(join(root, file), 'utf8');
    const font = named(from, 'math', 'woff2', readFileSync(join(root, MATH_FONT)));
    // Formulas look alike on every machine: browsers bring no font for them.
    const fontFace = (url) =>
      `@font-face{font-family:'STIX Two Math';font-display:swap;src:url('${url}') format('woff2')}`;
    const styles = readdirSync(join(root, 'src/web/styles'))
      .sort()
      .map((file) => `src/web/styles/${file}`);
    const sheets = ['node_modules/uplot/dist/uPlot.min.css', ...styles];
    writeFileSync(join(from, 'page.css'), [fontFace(`/${font}`), ...sheets.map(css)].join('\n'));
    const style = named(
      from,
      'site',
      'css',
      [fontFace(basename(font)), ...['src/web/styles/0-base.css', 'src/web/site/site.css'].map(css)].join('\n'),
    );
    const html = readFileSync(join(root, 'src/web/index.html'), 'utf8');
    writeFileSync(
      join(from, 'index.html'),
      html.replace('main.js', '../dist/src/web/main.js').replace('hero.json', hero),
    );
    const none = join(from, 'no-kernel.js');
    // The page has the kernel as a file of its own.
    writeFileSync(none, "export const WASM = '';\n");
    const { build: bundle } = await import('vite');
    const licences = collector();
    const { output } = await bundle({
      root: from,
      configFile: false,
      base: './',
      logLevel: 'warn',
      publicDir: join(from, 'public'),
      resolve: { alias: [{ find: /^.*\/kernel\.wasm\.js$/, replacement: none }] },
      define: { KERNEL_FILE: JSON.stringify(kernel), HERO_FILE: JSON.stringify(hero) },
      plugins: [interpreted(made), licences.plugin()],
      worker: {
        format: 'es',
        plugins: () => [interpreted(made), licences.plugin()],
        rolldownOptions: { checks: { pluginTimings: false } },
      },
      build: {
        outDir: target,
        emptyOutDir: true,
        target: 'es2022',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: {
          checks: { pluginTimings: false },
          input: {
            index: join(from, 'index.html'),
            sw: join(made, 'service-worker.js'),
            reader: join(made, 'site', 'reader.js'),
            search: join(made, 'site', 'search-page.js'),
          },
          output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
        },
      },
    });
    const script = (name) => output.find((one) => one.isEntry && one.name === name).fileName;
    await writeSite(target, { style, reader: script('reader'), search: script('search') });
    writeFiles(target);
    // Nothing that a visit without a network needs: behind the list of what is kept.
    writeFileSync(join(target, LICENCES), licences.text());
    // What changes from now on makes it out of date.
    utimesSync(join(target, 'index.html'), begun, begun);
    rmSync(out, { recursive: true, force: true });
    renameSync(target, out);
    return null;
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return 'the dependencies are not installed: run npm ci first';
    return `the page cannot be built: ${error.message}`;
  } finally {
    rmSync(from, { recursive: true, force: true });
    rmSync(target, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failure = await buildWeb();
  if (failure) {
    process.stderr.write(`${failure}\n`);
    process.exit(1);
  }
}
