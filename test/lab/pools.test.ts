/** Sweeps with parts of one's own: the same lines from every pool, and what programs do with them. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Cell } from '../../src/experiments/cell.ts';
import { cells } from '../../src/experiments/spec.ts';
import {
  boundary,
  curve,
  dataModel,
  drawSignalNoise,
  heatMap,
  here,
  lab,
  memory,
  sweep,
  threads,
  UserError,
} from '../../src/index.ts';
import { inFolder } from '../helpers/benign.ts';
import twins from '../helpers/own-parts.ts';

const MODULE = new URL('../helpers/own-parts.js', import.meta.url);
const INDEX = new URL('../../src/index.js', import.meta.url).href;
const any = (value: unknown): never => value as never;

const spec = twins.spec({
  data: { n: 8, mu: 1, flip: 0.1 },
  network: { m: 3, activation: 'mine/swollen' },
  training: { eta: 0.1, maxSteps: 30, loss: 'mine/bent', rule: 'twin/heavy-ball' },
  test: { estimator: 'points', points: 200 },
  axes: { 'data.model': ['signal-noise', 'twin/signal-noise'], 'network.s': [0, 1], 'data.d': [20, 40] },
  runs: 3,
  record: { series: ['twin/spread', 'trainLoss'], values: ['twin/spread', 'gamma'], every: 10 },
});

test('the same lines from the own thread, from one and from two', async () => {
  const lines: string[][] = [];
  for (const pool of [here(), threads(1, MODULE), threads(2, MODULE.href)]) {
    const store = memory();
    const { made, failed, frame } = await sweep(twins, spec, { pool, store });
    assert.deepEqual([made, failed], [24, []]);
    assert.equal(frame().complete, true);
    lines.push([...store.lines].sort());
    const again = await sweep(twins, spec, { pool: here(), store });
    assert.equal(again.made, 0, 'the store is taken up');
  }
  assert.deepEqual(lines[1], lines[0]);
  assert.deepEqual(lines[2], lines[0]);
  const records = lines[0]!.map(
    (line) => JSON.parse(line) as { values: Record<string, number>; series: Record<string, number[]> },
  );
  for (const { values, series } of records) {
    assert.ok(values['twin/spread']! > 0);
    assert.deepEqual(
      [series['twin/spread']!.at(-1), series['twin/spread']!.length],
      [values['twin/spread'], series['step']!.length],
    );
  }
});

test('an axis over standard and own models: what one reads alone is set for it alone, and pictures take all of it', async () => {
  const mixed = twins.spec({
    data: { n: 8, mu: 1, d: 20, rho: 0.25 },
    network: { m: 2 },
    training: { maxSteps: 5 },
    axes: { 'data.model': ['signal-noise', 'twin/signal-noise'] },
    runs: 1,
  });
  const { results } = await sweep(twins, mixed, { pool: here(), store: memory() });
  const [standard, own] = results.cells as unknown as { data: Record<string, unknown> }[];
  assert.deepEqual([standard!.data['rho'], own!.data['rho']], [0.5, 0.25]);

  const over = twins.spec({
    data: { model: 'twin/signal-noise', n: 8, d: 20 },
    network: { m: 2 },
    training: { maxSteps: 5 },
    axes: { 'data.rho': [0.25, 1, 4], 'data.mu': [1, 2] },
    runs: 2,
    record: { values: ['twin/spread'] },
  });
  const { frame } = await sweep(twins, over, { pool: here(), store: memory() });
  await inFolder(async (folder) => {
    const map = join(folder, 'deep', 'map.svg');
    await heatMap(frame(), { value: 'twin/spread' }).write(map);
    const words = readFileSync(map, 'utf8');
    for (const word of ['max − min yf', 'ρ, nothing that it reads', '0.25']) assert.ok(words.includes(word), word);
    for (const name of ['curve.svg', 'curve.png', 'curve.vl.json'])
      await curve(frame(), { value: 'twin/spread', along: 'twin/signal-noise.rho' }).write(join(folder, name));
    assert.ok(readFileSync(join(folder, 'curve.svg'), 'utf8').includes('ρ, nothing that it reads'));
    await assert.rejects(
      heatMap(frame(), { value: 'twin/spread' }).write('map.gif'),
      (error) =>
        error instanceof UserError && error.message === 'map.gif: must end in .svg, .png, .pdf, .csv or .vl.json',
    );
  });
});

test('power laws over an own parameter, and of it', () => {
  const law = (scale: object): ReturnType<typeof twins.spec> =>
    twins.spec({
      data: { model: 'twin/signal-noise', n: 8, mu: 1, d: 20, rho: 2 },
      network: { m: 2 },
      scale: any(scale),
    });
  const cellOf = (scale: object): Cell => [...cells(law(scale))][0]!;
  assert.equal((cellOf({ 'data.rho': { n: -1 } }).data as unknown as { rho: number }).rho, 2 / 8);
  assert.equal(cellOf({ 'data.d': { 'twin/signal-noise.rho': 1 } }).data.d, 2 * 20);
  assert.throws(() => law({ 'data.rho': { rho: 1 } }), /scale\.data\.rho\.rho: is no number that a spec sets/);
});

test('a search for level sets with an own model', async () => {
  const searched = twins.spec({
    data: { model: 'twin/signal-noise', n: 8, flip: 0.1 },
    network: { m: 3 },
    training: { maxSteps: 50 },
    axes: { 'data.d': [20, 40], 'data.mu': [0.1, 10] },
    runs: 4,
  });
  const options = {
    along: 'data.mu',
    over: 'data.d',
    of: 'testError',
    levels: [0.3],
    seOfLog: 0.3,
    maxRuns: 200,
  } as const;
  const made = async (pool: ReturnType<typeof here>): Promise<unknown> => {
    const { points, failed } = await boundary(twins, searched, options, { pool, store: memory() });
    assert.deepEqual([points.length, failed], [2, []]);
    return points;
  };
  assert.deepEqual(await made(here()), await made(threads(2, MODULE)));
});

test('a pool without the parts says so, in one sentence', async () => {
  const failing = async (module?: URL | string, mine = spec): Promise<string> => {
    try {
      await sweep(twins, mine, { pool: threads(1, module), store: memory() });
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error.message;
    }
    return 'none';
  };
  assert.match(
    await failing(),
    /^twin\/signal-noise, mine\/swollen, .*: threads need the module that makes it: threads\(count, new URL\(/,
  );
  assert.equal(
    await failing(
      undefined,
      lab.spec({ data: { n: 4, d: 9, mu: 1 }, network: { m: 1 }, training: { maxSteps: 2 }, runs: 1 }),
    ),
    'none',
  );
  for (const came of ['./my-lab.js', '/home/me/my-lab.js', 'https://example.org/my-lab.js'])
    assert.match(
      await failing(came),
      /^threads: the module must be a file: address, such as new URL\('\.\/my-lab\.js', import\.meta\.url\), got /,
    );
  await inFolder(async (folder) => {
    const module = (name: string, text: string): URL => {
      writeFileSync(join(folder, name), text);
      return pathToFileURL(join(folder, name));
    };
    assert.match(
      await failing(module('gone.js', '')),
      /^.*: not in the lab of file:.*gone\.js, which the threads import, or otherwise declared there$/,
    );
    assert.match(
      await failing(new URL('file:///nowhere/my-lab.js')),
      /^file:\/\/\/nowhere\/my-lab\.js: cannot be loaded: Cannot find module/,
    );
    assert.match(
      await failing(module('throws.mjs', "throw new Error('not today');")),
      /throws\.mjs: cannot be loaded: not today$/,
    );
    // The same id, declared otherwise: its numbers would be another part's.
    const other = module(
      'other.mjs',
      `import { lab, dataModel, drawSignalNoise } from '${INDEX}';
       export default lab.with(dataModel({ id: 'mine/apart', version: 2, draw: drawSignalNoise }));`,
    );
    const apart = lab.with(dataModel({ id: 'mine/apart', draw: drawSignalNoise }));
    const asked = apart.spec({ data: { model: 'mine/apart', n: 4, d: 9, mu: 1 }, network: { m: 1 }, runs: 1 });
    await assert.rejects(
      sweep(apart, asked, { pool: threads(1, other), store: memory() }),
      /^UserError: mine\/apart: not in the lab of file:/,
    );
  });
  await assert.rejects(
    sweep(lab, spec, { pool: here(), store: memory() }),
    /^UserError: twin\/signal-noise: this lab has no such part$/,
  );
});
