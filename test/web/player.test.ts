/** The run that plays, and the crosshair that chooses it: by buttons, keys and pointer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { holds, mapped, noBrowser, ran, SMALL, Visitors } from '../helpers/page.ts';

let visitors: Visitors;
before(async () => {
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

const OUTPUT = `document.querySelector('.player output').textContent`;
const step = async (page: Page): Promise<number> =>
  Number(/^t = (\d+)/.exec((await page.locator('.player output').textContent())!)![1]);
const at = (page: Page, t: number): Promise<void> => holds(page, `/^t = ${t}\\b/.test(${OUTPUT})`);
/** What the plots say of the step that is shown. */
const said = async (page: Page): Promise<string[]> => page.locator('.plots [id$=-says]').allTextContents();

test('play, pause, step, rewind to the same start, scrub', { skip: noBrowser }, async () => {
  await visitors.visit(SMALL, async ({ page, errors }) => {
    await ran(page);
    const button = (name: string) => page.getByRole('group', { name: 'Playing the run' }).getByRole('button', { name });
    const end = await step(page);
    assert.equal(end, 100);
    const last = await said(page);
    await button('rewind').click();
    await at(page, 0);
    const start = await said(page);
    assert.notDeepEqual(start, last);
    assert.ok(await button('− step').isDisabled());
    await button('+ step').click();
    await at(page, 1);
    const one = await said(page);
    assert.notDeepEqual(one, start);
    await button('play').click();
    await button('pause').waitFor();
    await holds(page, `Number(/\\d+/.exec(${OUTPUT})[0]) > 3`);
    await button('pause').click();
    await button('play').waitFor();
    const paused = await step(page);
    await page.waitForURL(new RegExp(`[#&]at=${paused}(&|$)`));
    await page.waitForTimeout(300);
    assert.equal(await step(page), paused);
    await button('− step').click();
    await at(page, paused - 1);
    // The same start, the same course.
    await button('rewind').click();
    await at(page, 0);
    assert.deepEqual(await said(page), start);
    await page.getByRole('slider', { name: 'step' }).fill('1');
    assert.deepEqual(await said(page), one);
    await page.getByRole('slider', { name: 'step' }).press('End');
    await at(page, end);
    assert.deepEqual(await said(page), last);
    // Played to its end it stops there, and begins anew.
    await page.getByRole('slider', { name: 'step' }).fill(String(end - 2));
    await button('play').click();
    await at(page, end);
    await button('play').waitFor();
    await page.getByRole('combobox', { name: 'time', exact: true }).selectOption('eta');
    await holds(page, `/ηt = /.test(${OUTPUT})`);
    assert.deepEqual(errors, []);
  });
});

test('a run that comes again is the same one, step by step', { skip: noBrowser }, async () => {
  const course = `(({ steps, columns }) => [steps, ...columns.map((one) => [...one])])(seen.runs.at(-1))`;
  await visitors.visit(SMALL, async ({ page, go }) => {
    await ran(page);
    const first = await page.evaluate(course);
    await go(`${SMALL}&replicate=1`);
    await ran(page);
    assert.notDeepEqual(await page.evaluate(course), first);
    await go(SMALL);
    await ran(page);
    assert.deepEqual(await page.evaluate(course), first);
  });
});

test('slow motion shows who pulls and what moves in the step', { skip: noBrowser }, async () => {
  await visitors.visit(`${SMALL}&at=3`, async ({ page }) => {
    await ran(page);
    await page.getByText('Slow motion of the step from 3').click();
    const slow = page.locator('.slow');
    await slow.getByText('Move.').waitFor();
    const words = (await slow.textContent())!;
    for (const part of [
      /Forward\. /,
      /Pull\. .*sample \d+/,
      /Active filters\. .* of 20/,
      /largest turn .* signal is \d/,
    ])
      assert.match(words, part);
    assert.match((await page.locator('.picture.filters [id$=-says]').first().textContent())!, /20 filters at step 3/);
  });
});

test('the crosshair moves by keys and by pointer, the address with it', { skip: noBrowser }, async () => {
  await visitors.visit(SMALL, async ({ page, url, errors }) => {
    await mapped(page);
    const map = page.getByRole('application', { name: /^Map/ });
    const run = page.locator('section.run code');
    const seen: string[] = [];
    const moved = async (act: () => Promise<unknown>): Promise<void> => {
      const before = page.url();
      const name = await map.getAttribute('aria-label');
      await act();
      await page.waitForURL((to) => to.href !== before);
      await holds(page, `document.querySelector('.map-touch').ariaLabel !== ${JSON.stringify(name)}`);
      assert.ok(page.url().startsWith(url));
      await holds(page, `seen.runs.at(-1)?.record.run === document.querySelector('section.run code').textContent`);
      seen.push((await run.textContent())!);
    };
    await moved(() => map.press('ArrowRight'));
    assert.match(page.url(), /[#&]data\.mu=/);
    await moved(() => map.press('ArrowUp'));
    assert.match(page.url(), /[#&]data\.d=/);
    const box = (await map.boundingBox())!;
    await moved(() => page.mouse.click(box.x + 0.1 * box.width, box.y + 0.9 * box.height));
    // Of eight cells along each side the second.
    assert.match(page.url(), /[#&]data\.mu=1\.414&data\.d=241(&|$)/);
    await moved(async () => {
      await page.mouse.move(box.x + 0.2 * box.width, box.y + 0.5 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.4 * box.height, { steps: 5 });
      await page.mouse.up();
    });
    assert.equal(new Set(seen).size, 4);
    // What is played is the first run of the cell under the crosshair; the address comes a moment later.
    const mu = `new URLSearchParams(location.hash.slice(1)).get('data.mu')`;
    await holds(page, `seen.runs.at(-1).record.cell.data.mu === Number(${mu}) && Number(${mu}) > 7`);
    // Zoom and pan are of the axes.
    await map.press('+');
    await page.waitForURL(/[#&]x=data\.mu:[\d.]+\.\.[\d.]+/);
    const zoomed = page.url();
    await map.press('Alt+ArrowLeft');
    await page.waitForURL((to) => to.href !== zoomed);
    await mapped(page);
    // The knob is another way to the same place.
    const knob = page.locator('.main-knob input[type=range]');
    await moved(() => knob.fill('100'));
    assert.deepEqual(errors, []);
  });
});
