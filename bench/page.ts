/** Claim: the page is light, readable at once and computes while it stays quick to the touch; also on a phone's terms. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type CDPSession } from 'playwright-core';
import { CHROMIUM, noBrowser } from '../test/helpers/browser.ts';
import { site } from '../test/helpers/page.ts';
import { main, note, ROOT, spread, table, type Claim, type Options } from './claim.ts';

/** Bounds that issue and reader want. */
const GOALS = { firstLoad: 70_000, longestTask: 50, readable: 2000 } as const;
const PAGE = join(ROOT, 'page');

/** As Lighthouse has its slow 4G, and a phone of the middle class. */
const PHONE = { latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };
const PHONE_CPU = 4;

/** Long tasks and paints, from the beginning on. */
const WATCH = `(() => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => { for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, duration]); }).observe({ type: 'longtask', buffered: true });
  globalThis.times = {};
  const look = () => {
    const canvas = document.querySelector('.map-layers canvas');
    if (canvas && canvas.width > 0 && !times.map) times.map = performance.now();
    const said = document.querySelector('.progress')?.textContent ?? '';
    if (/computing: [1-9]/.test(said) && !times.coarse) times.coarse = performance.now();
    if (/ cells, /.test(said) && !times.whole) times.whole = performance.now();
    if (document.querySelector('.verdict.benign, .verdict.harmful') && !times.verdict) times.verdict = performance.now();
    if (times.whole === undefined) requestAnimationFrame(look);
  };
  addEventListener('DOMContentLoaded', look);
})()`;

interface Seen {
  readonly paint: number;
  readonly map: number;
  readonly coarse: number;
  readonly whole: number;
  readonly verdict: number;
  readonly longest: number;
  readonly longestWhileComputing: number;
}

async function visit(browser: Browser, url: string, phone: boolean): Promise<Seen> {
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1360, height: 900 },
  });
  try {
    await context.addInitScript({ content: WATCH });
    const page = await context.newPage();
    page.setDefaultTimeout(600_000);
    if (phone) {
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', { offline: false, ...PHONE });
      await session.send('Emulation.setCPUThrottlingRate', { rate: PHONE_CPU });
    }
    await page.goto(url);
    await page.locator('.progress', { hasText: / cells, / }).waitFor();
    return (await page.evaluate(`(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
      const longest = (from) => Math.max(0, ...tasks.filter(([at]) => at >= from).map(([, duration]) => duration));
      return { ...times, verdict: times.verdict ?? NaN, paint, longest: longest(0), longestWhileComputing: longest(times.coarse ?? 0) };
    })()`)) as Seen;
  } finally {
    await context.close();
  }
}

/** What the page itself holds, without workers, in MB, after garbage was collected. */
async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN) / 1e6;
}

/** Memory of the browser's processes that draw pages, in MB (what they share, by shares): workers and kernels are in it. */
function ofProcesses(browserPid: number): number {
  const children = new Map<number, number[]>();
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const name of processes) {
    try {
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))![1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // it has ended meanwhile
    }
  }
  const family = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(family)];
  let bytes = 0;
  for (const pid of family(browserPid)) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      bytes += 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]);
    } catch {
      // the same
    }
  }
  return bytes / 1e6;
}

/** Use for some minutes: the crosshair moves, runs play, maps are zoomed, quantities and rooms change. */
async function use(
  browser: Browser,
  url: string,
  minutes: number,
): Promise<readonly (readonly [string, string, string])[]> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const pid = processInfo.find(({ type }) => type === 'browser')!.id;
  await page.goto(url);
  await page.locator('.progress', { hasText: / cells, / }).waitFor();
  const out: [string, string, string][] = [];
  const keep = async (words: string): Promise<void> => {
    out.push([words, (await heap(session)).toFixed(1), ofProcesses(pid).toFixed(0)]);
    note(`page: ${out.at(-1)!.join(', ')}`);
  };
  await keep('the first map is there');
  const begun = performance.now();
  const passed = (): number => (performance.now() - begun) / 60_000;
  const map = page.getByRole('application', { name: /^Map/ });
  for (let turn = 0; passed() < minutes; turn++) {
    for (const key of [
      'ArrowLeft',
      'ArrowUp',
      'Shift+ArrowRight',
      'ArrowDown',
      '+',
      'Alt+ArrowRight',
      '-',
      'Alt+ArrowLeft',
    ])
      await map.press(key);
    await page.getByRole('button', { name: 'play', exact: true }).click();
    await page.waitForTimeout(1500);
    await page
      .getByRole('combobox', { name: 'colour', exact: true })
      .selectOption(['testError', 'marginMin', 'trainLoss', 'benign'][turn % 4]!);
    await page.waitForTimeout(1500);
    if (turn === 10 || (turn > 0 && turn % 40 === 0)) await keep(`${passed().toFixed(1)} minutes of use`);
  }
  await keep(`${passed().toFixed(1)} minutes of use`);
  await context.close();
  return out;
}

/** Bytes of script in gzip: of the entry and what it imports at once; of all of the main thread; of workers; the kernel. */
function weights(): readonly (readonly [string, number])[] {
  const gz = (file: string): number => gzipSync(readFileSync(join(PAGE, file)), { level: 9 }).length;
  const html = readFileSync(join(PAGE, 'index.html'), 'utf8');
  const first = new Set<string>();
  const read = (file: string): void => {
    if (first.has(file)) return;
    first.add(file);
    const text = readFileSync(join(PAGE, file), 'utf8');
    for (const [, name] of text.matchAll(/(?:^|;|\})(?:import|export)\s*(?:[^"';]*?from)?\s*["']\.\/([^"']+\.js)["']/g))
      read(join('assets', name!));
  };
  for (const [, file] of html.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)) read(file!);
  const sum = (files: readonly string[]): number => files.reduce((total, file) => total + gz(file), 0);
  const assets = readdirSync(join(PAGE, 'assets')).map((name) => join('assets', name));
  const begin = (...names: string[]): string[] =>
    assets.filter((file) => names.some((name) => basename(file).startsWith(name)));
  return [
    ['the document', gz('index.html')],
    ['style', sum(assets.filter((file) => file.endsWith('.css')))],
    ['script of the first load', sum([...first])],
    ['what was computed beforehand', sum(begin('hero-'))],
    ['the kernel', sum(begin('kernel-'))],
    ['all scripts, of every room and worker', sum(assets.filter((file) => file.endsWith('.js')))],
  ];
}

export async function page({ quick }: Options): Promise<Claim> {
  if (noBrowser) throw new Error(noBrowser);
  const where = await site(true);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--disable-gpu', '--disable-dev-shm-usage'],
  });
  const version = browser.version();
  const repeats = quick ? 1 : 5;
  const seen: Record<'desktop' | 'phone', Seen[]> = { desktop: [], phone: [] };
  let memory: Awaited<ReturnType<typeof use>>;
  try {
    for (let at = 0; at < repeats; at++)
      for (const kind of ['desktop', 'phone'] as const) {
        seen[kind].push(await visit(browser, where.url, kind === 'phone'));
        note(`page: ${kind} ${JSON.stringify(seen[kind].at(-1))}`);
      }
    memory = await use(browser, where.url, quick ? 0.2 : 10);
  } finally {
    await browser.close();
    where.close();
  }
  const weight = weights();
  const first = weight.find(([words]) => words === 'script of the first load')![1];
  const row = (words: string, of: (one: Seen) => number): string[] => [
    words,
    ...(['desktop', 'phone'] as const).map((kind) => spread(seen[kind].map(of), 0)),
  ];
  const worst = (kind: 'desktop' | 'phone', of: (one: Seen) => number): number => Math.max(...seen[kind].map(of));
  const bounds = [
    [`script of the first load ≤ ${GOALS.firstLoad / 1000} kB`, first <= GOALS.firstLoad],
    [
      `longest task while computing ≤ ${GOALS.longestTask} ms`,
      worst('desktop', (one) => one.longestWhileComputing) <= GOALS.longestTask,
    ],
    [
      `readable on the phone's terms in ${GOALS.readable / 1000} s`,
      worst('phone', (one) => one.paint) <= GOALS.readable,
    ],
  ] as const;
  return {
    title: 'The page',
    holds: bounds.every(([, holds]) => holds),
    versions: [`Chromium ${version}`],
    text: [
      table(
        ['loaded', 'kB in gzip'],
        weight.map(([words, bytes]) => [words, (bytes / 1000).toFixed(1)]),
      ),
      table(
        ['ms from the start of the navigation', 'desktop', "on a phone's terms"],
        [
          row('first contentful paint', (one) => one.paint),
          row('the map that was computed beforehand is drawn', (one) => one.map),
          row('the first coarse live map', (one) => one.coarse),
          row('48 × 48 cells, 4 runs each', (one) => one.whole),
          row('longest task of the main thread', (one) => one.longest),
          row('longest task once a live map is there', (one) => one.longestWhileComputing),
        ],
      ),
      table(
        ['memory', "page's own heap, MB", 'processes with workers and kernels, MB'],
        memory.map((one) => [...one]),
      ),
      `Headless Chromium, from a file server of this machine that compresses, with an empty cache: medians (min–max) over ${repeats} visits. On a phone's terms: processor four times slower (the main thread; workers are not slowed by Chromium), 1.6 Mbit/s down, 150 ms. Use: crosshair, zoom, play and quantities, without a pause. Tasks shorter than 50 ms are not told by the browser and count as 0. Bounds: ${bounds.map(([words, holds]) => `${words}: ${holds ? 'holds' : '**fails**'}`).join('; ')}.`,
    ].join('\n\n'),
  };
}

await main(import.meta.url, page);
