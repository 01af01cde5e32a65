/** The page in headless Chromium: built once, given by a plain file server from a path of its own. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import sirv from 'sirv';
import { milliseconds, root } from './benign.ts';
import { CHROMIUM, noBrowser } from './browser.ts';

export { noBrowser };

/** Milliseconds after which nothing is expected any more, on a machine where others work. */
export const PATIENCE = 120_000;

/** A setting whose map and verdict take a moment. */
export const SMALL = 'grid=8&mapRuns=1&runs=10';

export interface Site {
  /** where the page is */
  readonly url: string;
  /** What is sent in the place of a file, by its path; undefined: the file. */
  instead: ((path: string) => string | undefined) | undefined;
  close(): void;
}

/**
 * Builds the page when that is due, and serves it from some path, without any header but types.
 *
 * @param compressed from a copy in gzip, as most file servers do
 */
export async function site(compressed = false): Promise<Site> {
  const { freshWeb } = (await import(pathToFileURL(join(root, 'scripts', 'web.mjs')).href)) as {
    freshWeb: () => Promise<string | null>;
  };
  const failure = await freshWeb();
  if (failure) throw new Error(failure);
  const path = '/some/where';
  const folder = compressed ? inGzip() : join(root, 'page');
  const files = sirv(folder, { dev: true, gzip: compressed });
  const server: Server = createServer((request, response) => {
    const missing = (): void => void response.writeHead(404).end();
    if (!request.url!.startsWith(`${path}/`)) return missing();
    request.url = request.url!.slice(path.length);
    const other = made.instead?.(request.url);
    if (other !== undefined) return void response.setHeader('content-type', 'text/javascript').end(other);
    files(request, response, missing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: Site = {
    instead: undefined,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
      if (compressed) rmSync(folder, { recursive: true });
    },
  };
  return made;
}

/** A copy of the page with every file in gzip beside it. */
function inGzip(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benign-page-'));
  cpSync(join(root, 'page'), folder, { recursive: true });
  for (const one of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (one.isFile()) {
      const file = join(one.parentPath, one.name);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
    }
  return folder;
}

/** The file of the page whose name, which changes with what is in it, begins so. */
export function pageFile(begin: string): string {
  const folder = join(root, 'page', 'assets');
  return join(
    folder,
    readdirSync(folder).find((name) => name.startsWith(begin))!,
  );
}

/** Keeps what workers tell the page: in `seen.maps` parts of maps, in `seen.runs` runs that were played. */
const TAP = `(() => {
  const seen = (globalThis.seen = { maps: [], runs: [] });
  const listen = MessagePort.prototype.addEventListener;
  MessagePort.prototype.addEventListener = function (kind, ...rest) {
    if (kind === 'message')
      listen.call(this, kind, ({ data }) => {
        const said = data?.argumentList?.[0]?.value;
        if (said?.lines && said.values) seen.maps.push(said);
        if (data?.value?.value?.record) seen.runs.push(data.value.value);
      });
    return listen.call(this, kind, ...rest);
  };
})()`;

/** What came of a page that is to be looked at. */
export interface Opened {
  readonly page: Page;
  readonly url: string;
  /** errors that nobody caught, and what the console says of errors */
  readonly errors: readonly string[];
  /** addresses that the page has asked for; those of its workers' workers are not told */
  readonly asked: readonly string[];
  /** Loads the page anew with this behind #. */
  go(hash: string): Promise<void>;
}

/** One browser and one server for the tests of a file. */
export class Visitors {
  private readonly browser: Browser;
  readonly site: Site;

  private constructor(browser: Browser, where: Site) {
    this.browser = browser;
    this.site = where;
  }

  /** @param proxy takes what is asked of any other machine */
  static async come(proxy?: string): Promise<Visitors> {
    const where = await site();
    const args = ['--disable-gpu', '--disable-dev-shm-usage'];
    const taken = proxy === undefined ? {} : { proxy: { server: proxy, bypass: '127.0.0.1' } };
    return new Visitors(await chromium.launch({ executablePath: CHROMIUM, args, ...taken }), where);
  }

  /** @param before what is done with the page before anything is loaded */
  async visit(
    hash: string,
    work: (opened: Opened) => Promise<void>,
    { before, ...options }: BrowserContextOptions & { before?: (page: Page) => Promise<unknown> } = {},
  ): Promise<void> {
    const context = await this.browser.newContext({
      viewport: { width: 1360, height: 900 },
      // Files as they are sent now, not those of a visit before.
      serviceWorkers: 'block',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    try {
      await context.addInitScript({ content: TAP });
      const page = await context.newPage();
      const errors: string[] = [];
      const asked: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      context.on('request', (request) => asked.push(request.url()));
      await before?.(page);
      const { url } = this.site;
      const go = async (to: string): Promise<void> => {
        // Another part behind # alone loads nothing.
        await page.goto('about:blank');
        await page.goto(to === '' ? url : `${url}#${to}`);
      };
      await go(hash);
      await work({ page, url, errors, asked, go });
    } finally {
      await context.close();
    }
  }

  async leave(): Promise<void> {
    await this.browser.close();
    this.site.close();
  }
}

/** Waits until an expression is true in the page, whose policy forbids Playwright's own way to evaluate text. */
export async function holds(page: Page, expression: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while ((await page.evaluate(expression)) !== true) {
    if (performance.now() > end) throw new Error(`in vain: ${expression}`);
    await milliseconds(50);
  }
}

/** The finest map is there. */
export const mapped = (page: Page): Promise<void> => holds(page, `seen.maps.at(-1)?.complete === true`);

/** A run is there that was computed, with its filters. */
export const ran = (page: Page): Promise<void> =>
  page.getByTestId('record').waitFor({ state: 'attached', timeout: PATIENCE });

/** A text of those that the page hands over. */
export const textOf = async (page: Page, label: string): Promise<string> =>
  (await page.getByTestId(label).textContent({ timeout: PATIENCE })) ?? '';
