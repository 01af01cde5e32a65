/** Workers that die: they are replaced, which is said, and what they had in work comes all the same. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { holds, mapped, noBrowser, pageFile, ran, SMALL, Visitors } from '../helpers/page.ts';

let visitors: Visitors;
before(async () => {
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

/** The first workers with this name die at their first message, in the midst of their work; those after them live. */
async function dying(name: string, times: number, work: () => Promise<void>): Promise<void> {
  let left = times;
  const ask = `(() => { const asked = new XMLHttpRequest(); asked.open('GET', new URL('../die', location.href), false); asked.send(); return asked.responseText; })()`;
  visitors.site.instead = (path) => {
    if (path === '/die') return left-- > 0 ? 'yes' : 'no';
    if (!path.startsWith('/assets/role-')) return undefined;
    return `if (self.name === ${JSON.stringify(name)}) self.addEventListener('message', () => { if (${ask} === 'yes') throw new Error('struck down'); }, { once: true });\n${readFileSync(pageFile('role-'), 'utf8')}`;
  };
  try {
    await work();
    assert.ok(left < 0, 'those after them have worked');
  } finally {
    visitors.site.instead = undefined;
  }
}

const SAID = '[role=status], [role=alert]';

test(
  'one that makes runs dies in the midst of a map: the map comes whole, with the same numbers',
  { skip: noBrowser },
  async () => {
    const cells = `[...seen.maps.at(-1).values]`;
    let whole: unknown;
    await visitors.visit(SMALL, async ({ page }) => {
      await mapped(page);
      whole = await page.evaluate(cells);
      assert.equal(await page.locator(SAID, { hasText: 'struck down' }).count(), 0);
    });
    await dying('runs', 2, () =>
      visitors.visit(SMALL, async ({ page }) => {
        const said = page.locator(SAID, { hasText: /A worker ended \(.*struck down\) and was replaced\./ });
        await said.first().waitFor();
        await mapped(page);
        assert.deepEqual(await page.evaluate(cells), whole);
      }),
    );
  },
);

test('the one that plays and the one that knows the laboratory are started anew', { skip: noBrowser }, async () => {
  for (const name of ['player', 'lab'])
    await dying(name, 1, () =>
      visitors.visit(SMALL, async ({ page }) => {
        const words = /A worker of the laboratory ended \(.*struck down\); it is started anew\./;
        await page.locator(SAID, { hasText: words }).first().waitFor();
        // The next question is answered, if not this one.
        await page.getByRole('application', { name: /^Map/ }).press('Shift+ArrowLeft');
        await ran(page);
        await holds(page, `seen.runs.at(-1)?.record.run === document.querySelector('section.run code').textContent`);
        await mapped(page);
      }),
    );
});

test('scripts of workers that never come are said', { skip: noBrowser }, async () => {
  visitors.site.instead = (path) => (path.startsWith('/assets/lab-worker-') ? 'no script' : undefined);
  await visitors.visit(SMALL, async ({ page }) => {
    const said = page.locator(SAID, { hasText: /worker of the laboratory ended|laboratory cannot/ });
    await said.first().waitFor();
    // What was computed beforehand stays.
    await page.getByRole('slider', { name: 'step' }).fill('20');
  });
  visitors.site.instead = undefined;
});
