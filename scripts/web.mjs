// npm run build:web: the page as a static folder, page/. Compiles the program, computes the first view, bundles.
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Vega as `web/draw/vega.ts` has it, for the file that draws figures. */
const interpreted = (made) => ({
  name: 'interpreted-vega',
  enforce: 'pre',
  resolveId: (id, importer = '') =>
    id === 'vega' && /[\\/]figures[\\/]render\.js$/.test(importer) ? join(made, 'draw', 'vega.js') : null,
});

/** @returns null, or one sentence saying what went wrong */
export async function buildWeb({ out = join(root, 'page') } = {}) {
  const failure = await build();
  if (failure) return failure;
  const made = join(root, 'dist', 'src', 'web');
  const from = join(root, `dist.page.${process.pid}`);
  const target = `${from}.out`;
  rmSync(from, { recursive: true, force: true });
  mkdirSync(join(from, 'public'), { recursive: true });
  try {
    const { WASM } = await import(pathToFileURL(join(root, 'dist/src/core/kernel.wasm.js')).href);
    writeFileSync(join(from, 'public', 'kernel.wasm'), Buffer.from(WASM, 'base64'));
    const { heroOf } = await import(pathToFileURL(join(made, 'hero', 'hero.js')).href);
    writeFileSync(join(from, 'public', 'hero.json'), JSON.stringify(heroOf()));
    cpSync(join(root, 'src/web/icon.svg'), join(from, 'public', 'icon.svg'));
    const css = (file) => readFileSync(join(root, file), 'utf8');
    const styles = readdirSync(join(root, 'src/web/styles'))
      .sort()
      .map((file) => `src/web/styles/${file}`);
    const sheets = ['node_modules/uplot/dist/uPlot.min.css', ...styles];
    writeFileSync(join(from, 'page.css'), sheets.map(css).join('\n'));
    const html = readFileSync(join(root, 'src/web/index.html'), 'utf8');
    writeFileSync(join(from, 'index.html'), html.replace('main.js', '../dist/src/web/main.js'));
    const none = join(from, 'no-kernel.js');
    // The page has the kernel as a file of its own.
    writeFileSync(none, "export const WASM = '';\n");
    const { build: bundle } = await import('vite');
    await bundle({
      root: from,
      configFile: false,
      base: './',
      logLevel: 'warn',
      publicDir: join(from, 'public'),
      resolve: { alias: [{ find: /^\.\/kernel\.wasm\.js$/, replacement: none }] },
      plugins: [interpreted(made)],
      worker: { format: 'es', plugins: () => [interpreted(made)] },
      build: {
        outDir: target,
        emptyOutDir: true,
        target: 'es2022',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    });
    rmSync(out, { recursive: true, force: true });
    renameSync(target, out);
    return null;
  } catch (error) {
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
