/** What is there before anything is computed, and what the page never asks of anybody. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Hero } from '../../src/web/worker/wire.ts';
import { holds, mapped, noBrowser, pageFile, PATIENCE, ran, SMALL, Visitors } from '../helpers/page.ts';

/** What was asked of any other machine, but for what Chromium asks its maker. */
const sent: string[] = [];
const OWN = /^(https?:\/\/)?([\w-]+\.)*(google|googleapis|gvt1|gstatic)\.com\b/;
const proxy = createServer((request, response) => {
  if (!OWN.test(request.url!)) sent.push(request.url!);
  response.writeHead(404, { 'access-control-allow-origin': '*' }).end('nobody');
}).on('connect', ({ url }, socket) => {
  if (!OWN.test(url!)) sent.push(url!);
  // A browser that ends hangs up.
  socket.on('error', () => {});
  socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
});

let visitors: Visitors;
before(async () => {
  if (noBrowser) return;
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  visitors = await Visitors.come(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
});
after(async () => {
  await visitors?.leave();
  proxy.closeAllConnections();
  proxy.close();
});

/** Colours of a canvas that are not its background, as many as there are. */
const COLOURS = `(() => {
  const { width, height } = document.querySelector('.map-layers canvas');
  const data = document.querySelector('.map-layers canvas').getContext('2d').getImageData(0, 0, width, height).data;
  const found = new Set();
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return found.size;
})()`;
/** Marks of curves in the plots: pixels that are not empty. */
const DRAWN = `[...document.querySelectorAll('.plots canvas')].map((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
  return drawn;
})`;

test('map and run are there without the kernel, and follow the crosshair', { skip: noBrowser }, async () => {
  const never = { before: (page: Page) => page.route(/\.wasm$/, () => {}) };
  const hero = JSON.parse(readFileSync(pageFile('hero-'), 'utf8')) as Hero;
  await visitors.visit(
    '',
    async ({ page, errors }) => {
      const map = page.getByRole('application', { name: /^Map/ });
      await map.waitFor();
      assert.ok(((await page.evaluate(COLOURS)) as number) > 20);
      for (const drawn of (await page.evaluate(DRAWN)) as number[]) assert.ok(drawn > 500);
      const name = page.locator('section.run code');
      const [first] = await name.allTextContents();
      const says = page.locator('.plot-errors [id$=-says]');
      const before = await says.textContent();
      await map.press('Shift+ArrowLeft');
      await map.press('Shift+ArrowLeft');
      await page.waitForURL(/#data\.mu=/);
      const [second] = await name.allTextContents();
      assert.notEqual(second, first);
      assert.ok(hero.names.includes(second!));
      assert.notEqual(await says.textContent(), before);
      // Scrubbing needs nothing either.
      await page.getByRole('slider', { name: 'step' }).fill('20');
      assert.match((await page.locator('.player output').textContent())!, /^t = 20 of 100$/);
      assert.deepEqual(await page.evaluate('[seen.maps.length, seen.runs.length]'), [0, 0]);
      assert.deepEqual(errors, []);
    },
    never,
  );
});

test(
  'the page comes from any path, asks nobody else, and its policy would not let it',
  { skip: noBrowser },
  async () => {
    // Somebody else, who would be glad to answer.
    let calls = 0;
    const elsewhere = createServer((_, response) => {
      calls++;
      response.setHeader('access-control-allow-origin', '*').end('x');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    try {
      await visitors.visit(SMALL, async ({ page, url, asked, errors }) => {
        await mapped(page);
        await ran(page);
        for (const name of ['Papers', 'Your data', 'Laboratory'])
          await page.getByRole('link', { name, exact: true }).click();
        await page.getByText('Slow motion').click();
        await page.getByText('Forward.').waitFor();
        assert.ok(asked.length > 8);
        assert.deepEqual(
          asked.filter((one) => !/^(blob|data):/.test(one) && !one.startsWith(url) && one !== 'about:blank'),
          [],
        );
        assert.deepEqual(errors, []);
        const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
        assert.match(policy!, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
        assert.doesNotMatch(policy!, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|\*|https?:/);
        const refused = (program: string): Promise<unknown> =>
          page.evaluate(`(async () => { try { ${program}; return 'allowed'; } catch { return 'refused'; } })()`);
        assert.equal(await refused(`await fetch(${JSON.stringify(other)})`), 'refused');
        assert.equal(
          await refused(
            `const script = document.createElement('script'); script.textContent = 'globalThis.ran = true'; document.head.append(script); if (!globalThis.ran) throw 0`,
          ),
          'refused',
        );
        assert.equal(
          await refused(
            `await new Promise((resolve, reject) => { const made = new Image(); made.onload = resolve; made.onerror = reject; made.src = ${JSON.stringify(other)}; })`,
          ),
          'refused',
        );
        assert.equal(await refused(`await fetch('icon.svg')`), 'allowed');
        assert.equal(calls, 0);
      });
      // Without the policy the same is allowed, so that it is the policy that refuses.
      await visitors.visit(
        SMALL,
        async ({ page }) => {
          assert.equal(await page.evaluate(`fetch(${JSON.stringify(other)}).then((one) => one.text())`), 'x');
          assert.equal(calls, 1);
          await page.evaluate(`fetch('http://elsewhere.example/')`);
          assert.deepEqual(sent, ['http://elsewhere.example/']);
        },
        { bypassCSP: true },
      );
    } finally {
      elsewhere.closeAllConnections();
      elsewhere.close();
    }
  },
);

test('nothing moves on its own under prefers-reduced-motion', { skip: noBrowser }, async () => {
  const moving = `[...document.getAnimations()].length + [...document.querySelectorAll('*')].filter((one) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one);
    return parseFloat(transitionDuration) > 0.01 || animationName !== 'none' || scrollBehavior === 'smooth';
  }).length`;
  await visitors.visit(
    SMALL,
    async ({ page }) => {
      await ran(page);
      await holds(page, `(${moving}) === 0`);
    },
    { reducedMotion: 'reduce' },
  );
});

test('a page whose kernel or data cannot be read says so', { skip: noBrowser, timeout: PATIENCE }, async () => {
  await visitors.visit(
    '',
    async ({ page }) => {
      await page.getByRole('application', { name: /^Map/ }).waitFor();
      await page
        .locator('[role=status], [role=alert]', { hasText: /kernel cannot be read \(404\)/ })
        .first()
        .waitFor();
    },
    { before: (page) => page.route(/\.wasm$/, (route) => route.fulfill({ status: 404 })) },
  );
  // Without the first view there is the live one.
  await visitors.visit(SMALL, async ({ page }) => mapped(page), {
    before: (page) => page.route(/hero-[^/]*\.json$/, (route) => route.fulfill({ body: '{' })),
  });
});
