/** After its first visit the page needs no network: all of it is there, the kernel too, and computes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mapped, noBrowser, ran, SMALL, Visitors } from '../helpers/page.ts';

let visitors: Visitors;
before(async () => {
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

/** As the page does it itself a few seconds after the first map. */
const KEPT = `navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready).then(() => true)`;

test('a visitor who comes again while the server is gone has a live map and run', { skip: noBrowser }, async () => {
  const other = await Visitors.come();
  try {
    // Negative control: without what keeps it the page is gone with its server.
    await other.visit(SMALL, async ({ page }) => {
      await mapped(page);
      other.site.close();
      await assert.rejects(page.reload());
    });
  } finally {
    await other.leave();
  }
  const work = async ({ page }: Parameters<Parameters<Visitors['visit']>[1]>[0]): Promise<void> => {
    await mapped(page);
    const cells = `[...seen.maps.at(-1).values]`;
    const first = await page.evaluate(cells);
    assert.equal(await page.evaluate(KEPT), true);
    visitors.site.close();
    await page.reload();
    await mapped(page);
    await ran(page);
    assert.deepEqual(await page.evaluate(cells), first);
  };
  await visitors.visit(SMALL, work, { serviceWorkers: 'allow' });
});
