/** The documentation beside the laboratory: nothing leads nowhere, formulas are whole, the search finds, offline too. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { askerOf } from '../../src/web/site/asking.ts';
import { excerptOf } from '../../src/web/site/excerpt.ts';
import { linkTerms, termsOf } from '../../src/web/site/glossary.ts';
import type { SearchFile } from '../../src/web/site/search-terms.ts';
import { root } from '../helpers/benign.ts';
import { holds, noBrowser, Visitors } from '../helpers/page.ts';

const DOCS = join(root, 'page', 'docs');
let visitors: Visitors;
/** HTML by place. */
const pages = new Map<string, string>();

const placesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();

before(async () => {
  const { freshWeb } = (await import(pathToFileURL(join(root, 'scripts', 'web.mjs')).href)) as {
    freshWeb: () => Promise<string | null>;
  };
  assert.equal(await freshWeb(), null);
  for (const place of placesIn(DOCS).filter((one) => one.endsWith('.html')))
    pages.set(place, readFileSync(join(DOCS, ...place.split('/')), 'utf8'));
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

const unescaped = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
const idsOf = (html: string): string[] => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);

// ---- without a browser ----

test('every link, anchor, picture, script and style of every page leads somewhere', () => {
  let count = 0;
  for (const [place, html] of pages) {
    const ids = idsOf(html);
    assert.equal(new Set(ids).size, ids.length, `${place} has an anchor twice`);
    for (const [, to] of html.replace(/<pre[^]*?<\/pre>/g, '').matchAll(/ (?:href|src)="([^"]*)"/g)) {
      if (/^(https?|mailto):/.test(to!)) continue;
      count++;
      const [path, anchor] = unescaped(to!).split('#') as [string, string?];
      const file = path === '' ? join(DOCS, place) : join(DOCS, dirname(place), path);
      const where = `${place}: ${to}`;
      assert.ok(!to!.startsWith('/') && existsSync(file) && file.startsWith(join(root, 'page')), where);
      const target = relative(DOCS, file).split(sep).join('/');
      const paper = /^room=papers&paper=(.+)$/.exec(anchor ?? '')?.[1];
      if (paper !== undefined) assert.ok(existsSync(join(root, 'page', 'chapters', `${paper}.json`)), where);
      else if (anchor !== undefined && target !== '../index.html')
        assert.ok(idsOf(pages.get(target) ?? '').includes(decodeURIComponent(anchor)), `${where}: no such anchor`);
    }
  }
  assert.ok(pages.size > 60 && count > 5000, `${pages.size} pages, ${count} links`);
});

test('every page is reached from the front', () => {
  const reached = new Set(['index.html']);
  for (const place of reached)
    for (const [, to] of pages.get(place)!.matchAll(/ href="([^"#:]+\.html)/g)) {
      const target = relative(DOCS, join(DOCS, dirname(place), to!))
        .split(sep)
        .join('/');
      if (pages.has(target)) reached.add(target);
    }
  assert.deepEqual(
    [...pages.keys()].filter((place) => !reached.has(place)),
    [],
  );
});

test('every formula is MathML, and well-formed; no page has TeX, scripts or styles of its own', () => {
  let count = 0;
  for (const [place, html] of pages) {
    for (const [formula] of html.matchAll(/<math[^]*?<\/math>/g)) {
      count++;
      const open: string[] = [];
      for (const [, closes, name, alone] of formula.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g))
        if (closes) assert.equal(open.pop(), name, `${place}: ${formula}`);
        else if (!alone) open.push(name!);
      assert.deepEqual(open, [], `${place}: ${formula}`);
      assert.doesNotMatch(formula, /merror|katex-error| style=/, place);
    }
    const prose = html
      .replace(/<(code|math|pre)\b[^]*?<\/\1>/g, '')
      .replace(/ (?:title|content|href|alt)="[^"]*"/g, '');
    assert.doesNotMatch(prose, /\$|\\[a-z]{2}|\\\\|\]\(|```/, place);
    assert.doesNotMatch(
      html.replace(/<(code|pre)\b[^]*?<\/\1>/g, ''),
      / style=| on[a-z]+=|<style|<script>|="[^"]*undefined|\[object/,
      place,
    );
  }
  assert.ok(count > 1000, `${count} formulas`);
});

test('the same tree gives the same bytes', async () => {
  const { writeSite } = (await import(pathToFileURL(join(root, 'scripts', 'site.mjs')).href)) as {
    writeSite: (page: string, assets: Readonly<Record<string, string>>) => Promise<void>;
  };
  const asset = (pattern: RegExp): string => pattern.exec(pages.get('search.html')!)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'benign-site-'));
  try {
    await writeSite(folder, {
      style: asset(/\.\.\/(assets\/site-[^"]+)/),
      reader: asset(/\.\.\/(assets\/reader-[^"]+)/),
      search: asset(/\.\.\/(assets\/search-[^"]+)/),
    });
    const made = placesIn(join(folder, 'docs'));
    assert.deepEqual(made, placesIn(DOCS));
    for (const place of made)
      assert.ok(readFileSync(join(folder, 'docs', place)).equals(readFileSync(join(DOCS, place))), place);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Words, and the place that is among the first three. */
const QUESTIONS = [
  ['sigma_0', 'notation.html#row-networksigma0'],
  ['σ_p', 'notation.html#row-datasigmap'],
  ['data.mu', 'notation.html#row-datamu'],
  ['testErrorClean', 'observables.html#row-testerrorclean'],
  ['testErorClean', 'observables.html#row-testerrorclean'],
  ['level set', 'glossary.html'],
  ['glosary', 'glossary.html'],
  ['runToPrecision', 'api.html#runtoprecision'],
  ['SNR', 'glossary.html'],
  ['slurm', 'clusters.html'],
] as const;

test('the search finds words, symbols and keys, also with a letter wrong', () => {
  const ask = askerOf(JSON.parse(readFileSync(join(DOCS, 'search.json'), 'utf8')) as SearchFile);
  const places = (query: string): string[] =>
    ask(query).map(({ found: { place, anchor } }) => place + (anchor === '' ? '' : `#${anchor}`));
  for (const [query, wanted] of QUESTIONS) {
    const first = places(query).slice(0, 3);
    assert.ok(
      first.some((one) => one === wanted || one.startsWith(`${wanted}#`)),
      `${query}: ${first.join(', ')}`,
    );
  }
  assert.deepEqual(places('qqxyzzy'), []);
  for (const place of new Set(['the', 'a', 'run', 'of'].flatMap(places))) {
    const [page, anchor] = place.split('#') as [string, string?];
    if (anchor !== undefined) assert.ok(idsOf(pages.get(page)!).includes(anchor), place);
  }
});

test('an excerpt is about what was asked for, and marks it', () => {
  const text = `${'before it '.repeat(60)}the level set of sigma_0 lies here ${'and after '.repeat(60)}`;
  const pieces = excerptOf(text, ['level', 'set', 'sigma0']);
  assert.deepEqual(
    pieces.filter(({ found }) => found).map((one) => one.text),
    ['level', 'set', 'sigma_0'],
  );
  const whole = pieces.map((one) => one.text).join('');
  assert.ok(whole.length < 300 && whole.startsWith('… ') && whole.endsWith(' …'), whole);
});

test('a term is linked where it first occurs: not in headings, links and code, nor within words', () => {
  const terms = termsOf('# Glossary\n\n### patch\n\na part\n\n### level set\n\nwhere\n\n### look\n\neach time\n');
  assert.deepEqual(
    terms.map(({ names }) => names),
    [['patch'], ['level set'], []],
  );
  assert.deepEqual(termsOf('# Glossary\n\n### level set\n\nWhere it falls.\n'), [
    { id: 'level-set', names: ['level set'], meaning: 'Where it falls.' },
  ]);
  const led = '<p><a href="g.html#patch">a part</a> is a patch</p>';
  assert.equal(linkTerms(led, terms, 'g.html'), led);
  const html =
    '<h2>patch</h2><p><code>patch</code> dispatch <a href="#">patch</a> patch-wise noise/patches "Patch Models" ' +
    'Patches, patch</p>';
  assert.equal(
    linkTerms(html, terms, 'g.html'),
    html.replace('Patches,', '<a class="term" href="g.html#patch" title="a part">Patches</a>,'),
  );
});

// ---- in a browser ----

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test('axe finds nothing serious, in light and dark', { skip: noBrowser }, async () => {
  for (const look of [
    { colorScheme: 'light', viewport: { width: 1360, height: 900 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  ] as const)
    await visitors.visit(
      '',
      async ({ page, url }) => {
        for (const place of ['model.html', 'search.html?q=level+set']) {
          await page.goto(`${url}docs/${place}`);
          if (place.startsWith('search')) await page.locator('#results li').first().waitFor();
          await page.evaluate(AXE);
          const found = await page.evaluate(
            `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map((one) => one.html.slice(0, 160))]))`,
          );
          assert.deepEqual(found, [], `${place}, ${look.colorScheme}`);
        }
      },
      { ...look, bypassCSP: true },
    );
});

test('no page is wider than a phone, and none asks anybody else', { skip: noBrowser }, async () => {
  await visitors.visit(
    '',
    async ({ page, url, asked, errors }) => {
      for (const place of pages.keys()) {
        await page.goto(`${url}docs/${place}`, { waitUntil: 'domcontentloaded' });
        const [wide, screen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
        assert.ok(wide! <= screen!, `${place}: ${wide} px wide on ${screen}`);
      }
      assert.deepEqual(
        asked.filter((one) => !/^(blob|data):/.test(one) && !one.startsWith(url) && one !== 'about:blank'),
        [],
      );
      assert.deepEqual(errors, []);
    },
    { viewport: { width: 390, height: 844 } },
  );
});

test('a picture that is not packed is told in a sentence', { skip: noBrowser }, async () => {
  await visitors.visit(
    '',
    async ({ page, url }) => {
      await page.goto(`${url}docs/gallery.html`);
      const said = page.locator('.missing').first();
      await said.waitFor();
      assert.match((await said.textContent())!, /^.+: the picture kou-2023-[\w-]+\.svg is not here\./);
    },
    { before: (page) => page.route(/gallery\/.*\.svg$/, (route) => route.fulfill({ status: 404 })) },
  );
});

test('after one visit the search and the pages are there without a network', { skip: noBrowser }, async () => {
  const own = await Visitors.come();
  try {
    await own.visit(
      '',
      async ({ page, url }) => {
        await page.goto(`${url}docs/model.html`);
        const kept = `Promise.all(['index.html', 'verify.html', 'search.json'].map((one) => caches.match(new URL(one, document.baseURI)))).then((all) => all.every(Boolean))`;
        await holds(page, kept);
        own.site.close();
        await page.goto(`${url}docs/search.html?q=testErorClean`);
        const first = page.locator('#results a').first();
        await first.waitFor();
        assert.equal(await first.textContent(), 'testErrorClean');
        // By keys alone: words, then down to the result, then into its page.
        await page.locator('#query').fill('slurm');
        await page.locator('#results a', { hasText: /slurm/i }).first().waitFor();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.waitForURL(/docs\/(?!search)[\w/-]+\.html/);
        assert.match((await page.locator('main').textContent())!, /slurm/i);
        await page.keyboard.press('/');
        await page.waitForURL(/search\.html/);
        await page.goto(`${url}docs/`);
        assert.equal(await page.locator('h1').textContent(), 'Documentation');
        await page.getByRole('link', { name: 'Lab', exact: true }).click();
        await page.getByRole('application', { name: /^Map/ }).waitFor();
      },
      { serviceWorkers: 'allow' },
    );
  } finally {
    await own.leave();
  }
});
