/** For everybody: what axe finds, names of controls and pictures, the keyboard. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { mapped, noBrowser, ran, SMALL, Visitors } from '../helpers/page.ts';

let visitors: Visitors;
before(async () => {
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The rules that are broken, seriously at least, with the elements. */
const found = async (page: Page): Promise<unknown> => {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map((one) => one.html.slice(0, 160))]))`,
  );
};
/** Both colour schemes and both widths, each once: what a scheme breaks it breaks at any width. */
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1360, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;
const OPEN_ALL = `document.querySelectorAll('details').forEach((one) => { one.open = true; })`;

test('axe finds nothing serious, in light and dark, on a desktop and on a phone', { skip: noBrowser }, async () => {
  for (const look of LOOKS)
    await visitors.visit(
      `${SMALL}&vs.data.mu=3`,
      async ({ page }) => {
        await mapped(page);
        await ran(page);
        await page.evaluate(OPEN_ALL);
        await page.getByText('Forward.').first().waitFor();
        assert.deepEqual(await found(page), [], JSON.stringify(look));
        // The page is as wide as the screen, and no wider.
        const [wide, screen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
        assert.ok(wide! <= screen!, `${wide} px wide on ${screen}`);
        for (const room of ['Papers', 'Your data']) {
          await page.getByRole('link', { name: room, exact: true }).click();
          await page.waitForURL(/#.*room=/);
          assert.deepEqual(await found(page), [], `${room}, ${JSON.stringify(look)}`);
        }
        if (look !== LOOKS[0]) return;
        // A picture without words and a grey on grey are found.
        await page.evaluate(
          `document.querySelector('main').insertAdjacentHTML('beforeend', '<img src="icon.svg"><p class="faint">x</p><button></button>')`,
        );
        assert.match(JSON.stringify(await found(page)), /image-alt.*button-name|button-name.*image-alt/);
      },
      { ...look, bypassCSP: true },
    );
});

test('every control has a name, and the keyboard reaches all of them', { skip: noBrowser }, async () => {
  await visitors.visit(SMALL, async ({ page }) => {
    await mapped(page);
    await ran(page);
    await page.evaluate(OPEN_ALL);
    const wanted = (await page.evaluate(`(() => {
      let count = 0;
      for (const one of document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex="0"]'))
        if (!one.disabled && one.checkVisibility()) one.dataset.reach = String(count++);
      return count;
    })()`)) as number;
    assert.ok(wanted > 40);
    await page.evaluate(`document.activeElement.blur(); scrollTo(0, 0)`);
    const reached = new Set<string>();
    for (let i = 0; i < wanted + 20 && reached.size < wanted; i++) {
      await page.keyboard.press('Tab');
      const at = (await page.evaluate(`document.activeElement.dataset.reach ?? ''`)) as string;
      if (at !== '') reached.add(at);
    }
    const missed = await page.evaluate(
      `((reached) => [...document.querySelectorAll('[data-reach]')].filter((one) => !reached.includes(one.dataset.reach)).map((one) => one.outerHTML.slice(0, 120)))(${JSON.stringify([...reached])})`,
    );
    assert.deepEqual(missed, []);
    // What the browser tells of each of them to a reader of screens.
    const tree = await page.locator('body').ariaSnapshot();
    const nameless = tree
      .split('\n')
      .filter((line) => /- (button|link|combobox|textbox|slider|checkbox|application)( \[.*\])?:?\s*$/.test(line));
    assert.deepEqual(nameless, []);
    for (const name of ['Map', 'Playing the run', 'Rooms']) assert.ok(tree.includes(name), name);
  });
});

test('every picture says in words what it shows', { skip: noBrowser }, async () => {
  await visitors.visit(SMALL, async ({ page }) => {
    await mapped(page);
    await ran(page);
    const words = (await page.evaluate(
      `[...document.querySelectorAll('figure')].map((one) => [document.getElementById(one.getAttribute('aria-labelledby'))?.textContent, document.getElementById(one.getAttribute('aria-describedby'))?.textContent])`,
    )) as [string, string][];
    assert.ok(words.length >= 6);
    for (const [title, says] of words) {
      assert.ok(title.length > 5, says);
      assert.match(says, /\d/, title);
      assert.doesNotMatch(says, /NaN|undefined|null|Infinity/, title);
    }
    assert.equal(new Set(words.map(([, says]) => says)).size, words.length);
    // What has no words of its own is drawn for the eye alone.
    const bare = `[...document.querySelectorAll('main canvas, main svg')].filter((one) => !one.closest('[aria-hidden=true]') && !(one.getAttribute('role') === 'img' && one.getAttribute('aria-label'))).map((one) => one.outerHTML.slice(0, 120))`;
    assert.deepEqual(await page.evaluate(bare), []);
  });
});
