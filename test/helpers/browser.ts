/** Programs in a page of headless Chromium, which is given this clone's dist/ and its dependencies. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { root } from './benign.ts';

/** Debian's, or the one that BENIGN_CHROMIUM names. */
export const CHROMIUM = process.env['BENIGN_CHROMIUM'] ?? '/usr/bin/chromium';
/** Why a test needs to be skipped; false where there is a browser. */
export const noBrowser = !existsSync(CHROMIUM) && `there is no ${CHROMIUM}; BENIGN_CHROMIUM names another Chromium`;

/** Dependencies by the names that our files import. Names are looked up here: a worker knows no import map. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@noble/hashes/': '@noble/hashes/',
  zod: 'zod/index.js',
  yaml: 'yaml/browser/index.js',
  'fastest-levenshtein': 'fastest-levenshtein/esm/mod.js',
  jsep: 'jsep/dist/jsep.js',
  fflate: 'fflate/esm/browser.js',
  'csv-parse/browser/esm/sync': 'csv-parse/dist/esm/sync.js',
};
const resolved = (script: string): string =>
  script.replace(/(\bfrom '|\bimport\(')([^'./][^']*)/g, (whole, before: string, name: string) => {
    const known = Object.keys(PACKAGES).find((one) => name === one || (one.endsWith('/') && name.startsWith(one)));
    return known === undefined ? whole : `${before}/node_modules/${PACKAGES[known]}${name.slice(known.length)}`;
  });

const SCRIPTS = ['.js', '.mjs'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-sync',
];
/** Milliseconds after which nothing is expected any more. */
const PATIENCE = 180_000;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

/**
 * Runs the body of an async function in a page and gives what it returns.
 *
 * @param body imports from '/dist/...'; what else the page may fetch lies under node_modules/ and test/golden/
 * @throws Error with what the page threw, or when it gives no answer
 */
export async function inBrowser(body: string): Promise<unknown> {
  const page = `<!doctype html><script type="module">
    const answer = await (async () => { ${resolved(body)} })().then((value) => ({ value }), (error) => ({ error: String(error?.stack ?? error) }));
    await fetch('/answer', { method: 'POST', body: JSON.stringify(answer) });
  </script>`;
  const profile = mkdtempSync(join(tmpdir(), 'benign-browser-'));
  let told: (answer: string) => void;
  const answer = new Promise<string>((resolve) => (told = resolve));
  const server = createServer((request, response) => {
    const path = normalize(request.url!.split('?')[0]!);
    const file = join(root, path);
    if (path === '/') response.setHeader('content-type', 'text/html').end(page);
    else if (path === '/answer') void textOf(request).then((text) => (response.end(), told(text)));
    else if (!/^\/(dist|node_modules|test\/golden)\//.test(path) || !existsSync(file)) response.writeHead(404).end();
    else if (!SCRIPTS.includes(extname(file))) response.setHeader('content-type', 'text/plain').end(readFileSync(file));
    else response.setHeader('content-type', 'text/javascript').end(resolved(readFileSync(file, 'utf8')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // In a group of its own: its helpers outlive it by a moment, and write into the profile.
  const browser = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${profile}`, address], {
    stdio: 'ignore',
    detached: true,
  });
  const kill = (): void => {
    try {
      process.kill(-browser.pid!, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // all of them are gone
    }
  };
  const gone = new Promise<void>((resolve) => browser.on('exit', resolve).on('error', resolve));
  const limit = setTimeout(kill, PATIENCE);
  process.once('exit', kill);
  try {
    const text = await Promise.race([answer, gone]);
    if (text === undefined) throw new Error(`${CHROMIUM} gave no answer`);
    const { value, error } = JSON.parse(text) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  } finally {
    clearTimeout(limit);
    if (browser.pid !== undefined) kill();
    await gone;
    process.off('exit', kill);
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
