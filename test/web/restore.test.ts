/** An address restores what it was taken from; nonsense is a sentence, and a page that works. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readHash, writeHash } from '../../src/web/state/hash.ts';
import { FIRST, SHOWN, TIMES, type PageState } from '../../src/web/state/page-state.ts';
import { describe } from '../../src/web/worker/spec-of.ts';
import { holds, noBrowser, SMALL, textOf, Visitors } from '../helpers/page.ts';

let visitors: Visitors;
before(async () => {
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

/** Settings that take a moment. */
const few = fc.constantFrom(1, 2, 3);
const state: fc.Arbitrary<PageState> = fc
  .record(
    {
      preset: fc.constantFrom(FIRST.preset, 'kou-2023/heat-map/as-coded', 'cao-2022/dimension'),
      set: fc.record(
        {
          'data.mu': fc.constantFrom(0.5, 2, 7.25),
          'data.d': fc.constantFrom(100, 1234, 1e9),
          'data.n': fc.constantFrom(8, 12),
          'data.flip': fc.constantFrom(0, 0.2),
          'training.eta': fc.constantFrom(0.05, 0.5),
          'network.m': fc.constantFrom(3, 5),
          seed: fc.constantFrom(1, 77),
        },
        { requiredKeys: [] },
      ),
      other: fc.constantFrom({}, { 'data.mu': 1.5 }, { 'data.mu': 4, 'data.flip': 0.05 }),
      x: fc.constantFrom({ path: 'data.mu', from: 1, to: 9, log: true }, { path: 'network.m' }),
      y: fc.constantFrom({ path: 'data.d', from: 100, to: 1e9, log: true }, { path: 'data.flip', from: 0, to: 0.4 }),
      show: fc.constantFrom(...SHOWN),
      log: fc.boolean(),
      grid: fc.constantFrom(4, 5),
      mapRuns: few,
      runs: few,
      replicate: few,
      time: fc.constantFrom(...TIMES),
      at: fc.constantFrom(0, 7),
    },
    { requiredKeys: ['set', 'grid', 'mapRuns', 'runs'] },
  )
  .map((made) => ({ ...FIRST, ...made, set: { ...made.set } }) as PageState);

test('an address restores the whole state', { skip: noBrowser }, async () => {
  const states = fc.sample(state, { seed: 8, numRuns: 6 });
  await visitors.visit(SMALL, async ({ page, url, errors, go }) => {
    const choice = (name: string) => page.getByRole('combobox', { name, exact: true });
    const shown = async (one: PageState): Promise<void> => {
      const hash = writeHash(one);
      // Nobody passes the address on as it came: this one is written from the state that was read.
      assert.equal(await textOf(page, 'Address of this view'), `${url}#${hash}`);
      const { run, x, y } = describe(one);
      await holds(page, `document.querySelector('section.run code').textContent === ${JSON.stringify(run)}`);
      await page.evaluate(`document.querySelectorAll('.map-options details').forEach((part) => { part.open = true; })`);
      assert.equal(await choice('colour').inputValue(), one.show);
      assert.equal(await choice('to the right').inputValue(), x.path);
      assert.equal(await choice('upwards').inputValue(), y.path);
      assert.equal(await page.getByRole('checkbox', { name: 'logarithmic', exact: true }).first().isChecked(), x.log);
      assert.equal(await page.getByLabel('logarithmic colours').isChecked(), one.log);
      assert.equal(await choice('time').inputValue(), one.time);
      assert.equal(await page.locator('.verdict').count(), one.other ? 2 : 1);
      // A step beyond the run's end is its end.
      if (one.at !== undefined)
        await holds(
          page,
          `(([, t, last]) => Number(t) === Math.min(${one.at}, last) && Number(last) > 0)(/^t = (\\d+).* of (\\d+)/.exec(document.querySelector('.player output').textContent))`,
        );
      assert.equal((await page.locator('.said').textContent())!.trim(), '');
      assert.deepEqual(errors, [], hash);
    };
    let anew = true;
    for (const one of states) {
      // Half of them by a page of their own, half in one that is open.
      if (anew) await go(writeHash(one));
      else {
        await page.evaluate(`location.hash = ${JSON.stringify(writeHash(one))}`);
        await page
          .getByTestId('Address of this view')
          .filter({ hasText: `#${writeHash(one)}` })
          .waitFor({ state: 'attached' });
      }
      anew = !anew;
      await shown(one);
    }
    // And it survives a reload, with what was done since.
    await choice('colour').selectOption('trainError');
    await page.locator('.main-knob input[type=range]').press('ArrowRight');
    await page.waitForURL(/show=trainError/);
    const left = readHash(new URL(page.url()).hash).state;
    await page.reload();
    await shown(left);
    assert.equal(left.show, 'trainError');
    assert.deepEqual(errors, []);
  });
});

/** What comes, and a word of what is said. */
const NONSENSE: readonly (readonly [hash: string, sentence: RegExp])[] = [
  ['nosuch=1', /#nosuch=1: is no parameter and no word of the page/],
  ['hasOwnProperty=1', /#hasOwnProperty=1: is no parameter/],
  ['data.mu=-5', /data\.mu.*must be >= 0/],
  ['data.d=1e999', /#data\.d=1e999: must be an integer/],
  ['%FF%00%80=&&&=x&%', /must have the form key=value/],
  ['x=data.mu:5..1', /must go from a number to a larger one/],
  ['room=cellar', /must be one of lab, papers, data/],
  ['a'.repeat(100_000), /#a+…: must have the form key=value/],
  ['a&'.repeat(50_000), /And 49995 more\./],
  ['preset=nosuch/x/y', /unknown paper "nosuch", allowed: kou-2023/],
  ['preset=kou-2023/heat-map/nosuch', /has no variant "nosuch", allowed: as-plotted/],
  ['preset=huang-2025/mnist', /needs .*which a page does not have/],
  ['x=data.mu&y=data.mu', /both axes of the map are data\.mu/],
  ['data.n=100000&network.m=100000', /more than the 4 GB allowed; lower network\.m/],
];

test('nonsense in an address is a sentence, and the page works', { skip: noBrowser }, async () => {
  await visitors.visit(SMALL, async ({ page, errors, go }) => {
    for (const [hash, sentence] of NONSENSE) {
      await go(`${SMALL}&${hash}`);
      await page.locator('[role=status], [role=alert]').filter({ hasText: sentence }).first().waitFor();
      // The way back needs no other address.
      await page.evaluate(`location.hash = ${JSON.stringify(SMALL)}`);
      await page.getByRole('application', { name: /^Map/ }).waitFor();
      await holds(page, `seen.runs.length > 0`);
      assert.equal((await page.locator('.said').textContent())!.trim(), '', hash.slice(0, 60));
    }
    assert.deepEqual(errors, []);
  });
});
