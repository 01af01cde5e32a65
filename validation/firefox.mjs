// The page in Firefox, by WebDriver BiDi: what holds of its main points, and has a record there the command line's bits?
//
//   npm run build && node validation/firefox.mjs
//
// Debian's Firefox ESR, or the one that BENIGN_FIREFOX names. Exit code 3: something fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { launcher, root } from '../dist/test/helpers/benign.js';
import { SMALL, site } from '../dist/test/helpers/page.js';

const firefox = process.env.BENIGN_FIREFOX ?? '/usr/bin/firefox-esr';
if (!existsSync(firefox)) {
  process.stderr.write(`there is no ${firefox}; BENIGN_FIREFOX names another Firefox\n`);
  process.exit(1);
}
const PATIENCE = 120_000;
const where = await site();
const browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true });
const rows = [];

/** One point: a sentence, and what must be true of the page. */
async function point(words, hash, work) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  let why = '';
  try {
    await page.goto(`${where.url}#${hash}`);
    await work(page);
    // What the policy refuses is an error for Firefox.
    const [error] = errors.filter((one) => !/Content-Security-Policy/.test(one));
    if (error) why = error;
  } catch (error) {
    why = error.message.split('\n')[0];
  }
  await page.close();
  rows.push([words, why === '' ? 'holds' : `**fails**: ${why}`]);
  process.stderr.write(`${rows.at(-1).join(': ')}\n`);
}

const is = (holds, why) => {
  if (!holds) throw new Error(why);
};
/** Waits until the body of a function is true in the page; its policy forbids to evaluate text there. */
async function until(page, body, ...args) {
  for (const end = performance.now() + PATIENCE; !(await page.evaluate(body, ...args));) {
    is(performance.now() < end, `in vain: ${body}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const text = (page, selector) => page.evaluate((one) => document.querySelector(one)?.textContent ?? '', selector);
const live = (page) => until(page, () => / cells, /.test(document.querySelector('.progress')?.textContent ?? ''));
const ran = (page) => until(page, () => document.querySelector('[data-testid=record]') !== null);
const button = (page, name) => page.locator(`::-p-xpath(//button[normalize-space()="${name}"])`).click();
const step = async (page) => Number(/^t = (\d+)/.exec(await text(page, '.player output'))?.[1]);

/** Records of the command line for a spec. */
function records(yaml) {
  const folder = mkdtempSync(join(tmpdir(), 'benign-firefox-'));
  try {
    writeFileSync(join(folder, 'setting.yaml'), yaml);
    const { status, stderr } = spawnSync(process.execPath, [launcher, 'sweep', 'setting.yaml', '--out', 'out'], {
      cwd: folder,
      encoding: 'utf8',
    });
    is(status === 0, stderr);
    const parts = join(folder, 'out', 'records');
    return readdirSync(parts)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(join(parts, name), 'utf8').trim().split('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await point('the first view is there', SMALL, async (page) => {
  await page.locator('[role=application]').wait();
  is((await text(page, 'h1')).length > 5, 'no heading');
});
await point('a live map of 48 × 48 cells, 4 runs each', '', async (page) => {
  const begun = performance.now();
  await live(page);
  is(/48 × 48 cells, 4 runs each/.test(await text(page, '.progress')), await text(page, '.progress'));
  process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
});
for (const setting of [
  '',
  'data.mu=3&data.d=300&replicate=2&seed=11',
  'preset=kou-2023/heat-map/as-coded&data.mu=2&replicate=1',
])
  await point(
    `the record is the command line's, bit for bit: ${setting === '' ? 'the first setting' : `\`${setting}\``}`,
    `grid=4&mapRuns=1&runs=5&${setting}`,
    async (page) => {
      await ran(page);
      const line = await text(page, '[data-testid=record]');
      const yaml = await text(page, '[data-testid="Spec of the setting"]');
      is(records(yaml).includes(line), `the command line has no ${line}`);
    },
  );
await point('rewind, step, scrub, play and pause', SMALL, async (page) => {
  await ran(page);
  const end = await step(page);
  const last = await text(page, '.plot-loss [id$=-says]');
  await button(page, 'rewind');
  await until(page, () => /^t = 0\b/.test(document.querySelector('.player output').textContent));
  const first = await text(page, '.plot-loss [id$=-says]');
  is(first !== last, 'the beginning is the end');
  await button(page, '+ step');
  is((await step(page)) === 1, 'no step');
  await button(page, 'play');
  await until(page, () => Number(/\d+/.exec(document.querySelector('.player output').textContent)[0]) > 3);
  await button(page, 'pause');
  const paused = await step(page);
  await new Promise((resolve) => setTimeout(resolve, 500));
  is((await step(page)) === paused && paused < end, 'it goes on');
  await button(page, 'rewind');
  await until(page, () => /^t = 0\b/.test(document.querySelector('.player output').textContent));
  is((await text(page, '.plot-loss [id$=-says]')) === first, 'another start');
});
await point('the crosshair moves by keys, the address with it', SMALL, async (page) => {
  await live(page);
  await page.focus('[role=application]');
  await page.keyboard.press('ArrowRight');
  await until(page, () => /data\.mu=/.test(location.hash));
  await page.keyboard.press('ArrowUp');
  await until(page, () => /data\.d=/.test(location.hash));
});
await point(
  'an address restores what it says',
  `data.mu=3&vs.data.mu=8&show=trainLoss&${SMALL}&time=eta&at=7`,
  async (page) => {
    await ran(page);
    is(
      (await text(page, '[data-testid="Address of this view"]')) === page.url(),
      await text(page, '[data-testid="Address of this view"]'),
    );
    await until(page, () => document.querySelector('.player output').textContent.startsWith('t = 7, ηt = '));
    await until(page, () => document.querySelectorAll('.verdict').length === 2);
  },
);
await point('nonsense is a sentence, and the page works', `${SMALL}&nosuch=1&grid=1e9&%FF`, async (page) => {
  await until(page, () => /nosuch=1: is no parameter/.test(document.querySelector('.said').textContent));
  await ran(page);
});
await point('the policy refuses what lies elsewhere', SMALL, async (page) => {
  await ran(page);
  const asked = await page.evaluate(() =>
    fetch('http://127.0.0.1:1/').then(
      () => '',
      (error) => String(error),
    ),
  );
  is(asked !== '', 'it was fetched');
  const broken = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), {
          once: true,
        });
        fetch('http://elsewhere.example/').catch(() => {});
        setTimeout(() => resolve('nothing'), 3000);
      }),
  );
  is(/connect-src|default-src/.test(broken), broken);
});
for (const room of ['papers', 'data'])
  await point(`the room \`${room}\``, `room=${room}`, async (page) => {
    await until(
      page,
      (name) => document.querySelector(`nav a[href$="room=${name}"]`)?.getAttribute('aria-current') === 'page',
      room,
    );
    await until(page, () => document.querySelector('#page h2, #page h3') !== null);
  });

const version = await browser.version();
await browser.close();

/** Workers that start workers hung Firefox in one of 6 to 20 fresh loads: 60 in a row would then be rare (p < .05). */
const LOADS = 60;
let came = 0;
for (let at = 0; at < LOADS; at++) {
  const fresh = await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true });
  try {
    const page = await fresh.newPage();
    await page.goto(`${where.url}#grid=16&mapRuns=1&runs=5`);
    for (const end = performance.now() + 30_000; performance.now() < end;) {
      if (/ cells, /.test(await text(page, '.progress'))) {
        came++;
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await fresh.close();
  }
}
rows.push([
  `a live map in each of ${LOADS} fresh browsers, within 30 s`,
  came === LOADS ? 'holds' : `**fails**: in ${LOADS - came} it never came`,
]);
process.stderr.write(`${rows.at(-1).join(': ')}\n`);
where.close();
const { version: driver } = JSON.parse(readFileSync(join(root, 'node_modules/puppeteer-core/package.json'), 'utf8'));
const failed = rows.filter(([, word]) => word !== 'holds');
const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim();
process.stdout.write(`# The page in Firefox

Made by \`npm run build && node validation/firefox.mjs\`: headless, by WebDriver BiDi. The tests of the page, which say more, run in Chromium.

| point | |
| --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}

${version.replace('/', ' ')}, Puppeteer ${driver}, Node ${process.versions.node}; commit ${commit}; ${new Date().toISOString().slice(0, 10)}. ${rows.length - failed.length} of ${rows.length} hold.
`);
process.exit(failed.length === 0 ? 0 : 3);
