/** What the page computes, and what the library and the command line compute of the texts that it hands over. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { MapPart } from '../../src/web/worker/wire.ts';
import { here, lab, memory, parseSpec, sweep, type RunRecord } from '../../src/index.ts';
import { numbers } from '../../src/experiments/frame.ts';
import { typeset } from '../../src/figures/text.ts';
import { benign, inFolder, storedLines } from '../helpers/benign.ts';
import { mapped, noBrowser, ran, textOf, Visitors } from '../helpers/page.ts';

let visitors: Visitors;
before(async () => {
  if (!noBrowser) visitors = await Visitors.come();
});
after(() => visitors?.leave());

test('the cells of a map are those of the library, to the bit', { skip: noBrowser }, async () => {
  await visitors.visit('grid=9&mapRuns=3&runs=10&data.n=12', async ({ page }) => {
    await mapped(page);
    const { x, y, values, se, runs } = (await page.evaluate(
      `(({ x, y, values, se, runs }) => ({ x, y, values: [...values], se: [...se], runs: [...runs] }))(seen.maps.at(-1))`,
    )) as Record<keyof Pick<MapPart, 'x' | 'y' | 'values' | 'se' | 'runs'>, number[]>;
    await ran(page);
    const spec = parseSpec(await textOf(page, 'Spec of the map'), 'map.yaml');
    assert.deepEqual(
      spec.axes.map((axis) => axis.values),
      [y, x],
    );
    const frame = (await sweep(lab, spec, { pool: here(), store: memory() })).frame();
    const of = (name: string): number[] => numbers(frame, name).map((value) => value ?? NaN);
    assert.equal(values.length, 81);
    assert.deepEqual(values, of('testError'));
    assert.deepEqual(se, of('testErrorSe'));
    assert.deepEqual(
      runs,
      Array.from({ length: 81 }, () => 3),
    );
    // Another seed gives other numbers: they are not equal for want of runs.
    const other = await sweep(lab, { ...spec, seed: spec.seed + 1 }, { pool: here(), store: memory() });
    assert.notDeepEqual(values, numbers(other.frame(), 'testError'));
  });
});

test('the record of the run that plays is that of the command line, to the bit', { skip: noBrowser }, async () => {
  const settings = ['', 'preset=kou-2023/heat-map/as-coded&data.mu=2&training.eta=0.3&network.m=7&seed=11&replicate=2'];
  for (const setting of settings)
    await visitors.visit(`grid=4&mapRuns=1&runs=5&${setting}`, async ({ page }) => {
      await ran(page);
      const line = await textOf(page, 'record');
      const yaml = await textOf(page, 'Spec of the setting');
      const { run, values } = JSON.parse(line) as RunRecord;
      assert.equal(await page.locator('section.run code').textContent(), run);
      await inFolder((folder) => {
        writeFileSync(join(folder, 'setting.yaml'), yaml);
        const { code, stderr } = benign(['sweep', 'setting.yaml', '--out', 'out', '--workers', '1'], folder);
        assert.equal(code, 0, stderr);
        const lines = storedLines(join(folder, 'out'));
        assert.equal(lines.length, 5);
        assert.ok(lines.includes(line), `${line}\nis none of\n${lines.join('\n')}`);
        assert.equal(lines.filter((one) => (JSON.parse(one) as RunRecord).run === run).length, 1);
      });
      // What the curves end with is what the record has, and what is drawn is that run.
      const [end, steps] = (await page.evaluate(
        `(({ ids, columns, steps }) => [Object.fromEntries(ids.map((id, k) => [id, columns[k].at(-1)])), steps.at(-1)])(seen.runs.at(-1))`,
      )) as [Record<string, number>, number];
      assert.equal(steps, (JSON.parse(line) as RunRecord).steps);
      for (const id of ['trainLoss', 'trainError', 'testError', 'marginMin', 'marginMax'] as const)
        assert.equal(end[id], values[id], id);
    });
});

test('the command that the page hands over ends with the verdict of the page', { skip: noBrowser }, async () => {
  await visitors.visit('grid=4&mapRuns=1&runs=60&data.mu=9', async ({ page }) => {
    await ran(page);
    const command = await textOf(page, 'Command that gives the same bits');
    const [, yaml] =
      /^cat > setting\.yaml <<'SPEC'\n([^]*)\nSPEC\nnpx benign run setting\.yaml\s*$/.exec(command) ?? [];
    assert.ok(yaml, command);
    const { verdict } = await inFolder((folder) => {
      writeFileSync(join(folder, 'setting.yaml'), yaml);
      const { code, stdout, stderr } = benign(['run', 'setting.yaml', '--json'], folder);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as { verdict: { kind: string; sentence: string } };
    });
    assert.equal(verdict.kind, 'benign');
    assert.match(verdict.sentence, /\d/);
    await page.locator('.verdict p', { hasText: typeset(verdict.sentence) }).waitFor();
    assert.match((await page.locator('.verdict h2').textContent())!, /^Benign$/);
  });
});
