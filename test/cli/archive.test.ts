/** `benign archive`: whole, the same every time, and a result folder again when it is unpacked. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC =
  'data: {n: 4, mu: 2, flip: 0.1}\nnetwork: {m: 1}\ntraining: {maxSteps: 5}\naxes: {data.d: [20, 40]}\nruns: 3\n';

test('an archive holds the folder with its sums; unpacked it is a result folder whose runs are made again', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const made = join(folder, 'made');
    assert.equal(warm(['sweep', join(folder, 'spec.yaml'), '--out', made]).code, 0);
    const { code, stdout, stderr } = warm(['archive', made, '--json']);
    assert.equal(code, 0, stderr);
    const { archive, files } = JSON.parse(stdout) as { archive: string; files: number };
    assert.equal(archive, `${made}.zip`);
    const first = readFileSync(archive);
    // However the folder is named, and wherever the archive goes: into the folder too, where it is no part of itself.
    for (const [place, target] of [
      [`${made}/`, join(folder, 'again.zip')],
      ['./made', join(made, 'inside.zip')],
      ['made/../made', join(made, 'inside.zip')],
    ] as const) {
      assert.equal(warm(['archive', place, '--out', target], folder).code, 0);
      assert.deepEqual(readFileSync(target), first, place);
    }
    rmSync(join(made, 'inside.zip'));

    const entries = Object.entries(unzipSync(first));
    assert.equal(entries.length, files);
    for (const [path, content] of entries) {
      const file = join(folder, 'unpacked', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const back = join(folder, 'unpacked', 'made');
    const sums = spawnSync('sha256sum', ['-c', 'SHA256SUMS', '--quiet'], { cwd: back, encoding: 'utf8' });
    assert.equal(sums.status, 0, sums.stdout);
    assert.equal(warm(['archive', back, '--out', join(folder, 'back.zip')]).code, 0);
    assert.deepEqual(readFileSync(join(folder, 'back.zip')), first);
    const readme = readFileSync(join(back, 'README.txt'), 'utf8');
    assert.ok(readme.includes(`benign sweep ${join(folder, 'spec.yaml')}`), readme);
    assert.equal(warm(['doctor', back, '--all']).code, 0);
    assert.equal(warm(['table', back]).stdout, warm(['table', made]).stdout);
  }));

test('what archive refuses', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    const made = join(folder, 'made');
    warm(['sweep', join(folder, 'spec.yaml'), '--out', made]);
    const mine = join(folder, 'mine.txt');
    writeFileSync(mine, 'mine');
    for (const [args, sentence] of [
      [[join(folder, 'nothing')], 'holds no results'],
      [[made, '--out', mine], 'mine.txt: is there and does not look like'],
      [[made, '--out', join(folder, 'no', 'such.zip')], 'such.zip'],
    ] as [string[], string][]) {
      const { code, stderr } = warm(['archive', ...args]);
      assert.equal(code, 1);
      assert.ok(stderr.includes(sentence) && stderr.trim().split('\n').length === 1, stderr);
    }
    assert.equal(readFileSync(mine, 'utf8'), 'mine');
    assert.ok(!existsSync(`${made}.zip`));
  }));
