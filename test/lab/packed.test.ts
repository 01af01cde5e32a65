/** Examples as their reader meets them: a packed install in an empty, compiled TypeScript project. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inFolder, root } from '../helpers/benign.ts';
import { compiled } from '../helpers/own-lab.ts';

/** The packed package in `folder/node_modules`, with the clone's dependencies beside it. */
async function install(folder: string): Promise<void> {
  const { stripped } = (await import(pathToFileURL(join(root, 'scripts', 'pack.mjs')).href)) as {
    stripped: (text: string) => string;
  };
  // A clone of what npm packs, so that nothing of the real one is touched; its package.json is as prepack leaves it.
  const clone = join(folder, 'clone');
  mkdirSync(join(clone, 'dist'), { recursive: true });
  const whole = readFileSync(join(root, 'package.json'), 'utf8');
  writeFileSync(join(clone, 'package.json'), stripped(whole));
  for (const name of ['bin', 'dist/src', 'CITATION.cff', 'README.md', 'LICENSE'])
    cpSync(join(root, name), join(clone, name), { recursive: true });
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--offline', '--pack-destination', folder], {
    cwd: clone,
    encoding: 'utf8',
  });
  assert.equal(packed.status, 0, packed.stderr);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'benign-lab'), { recursive: true });
  const archive = join(folder, packed.stdout.trim());
  assert.equal(
    spawnSync('tar', ['-xzf', archive, '-C', join(modules, 'benign-lab'), '--strip-components=1']).status,
    0,
  );
  // What is compiled here is the reader's project, not the clone.
  rmSync(clone, { recursive: true });
  const { dependencies } = JSON.parse(whole) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const scope = name.startsWith('@') ? name.split('/')[0] : undefined;
    if (scope) mkdirSync(join(modules, scope), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
}

test('11-answers.ts, my-lab.ts and my-sweep.ts, from a packed install, compiled, on two threads; the same from the command line, of this copy alone', async () => {
  await inFolder(async (folder) => {
    await install(folder);
    cpSync(join(root, 'examples', '11-answers.ts'), join(folder, 'answers.ts'));
    compiled(folder);
    const answers = spawnSync(process.execPath, ['answers.js'], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual([answers.status, answers.stderr], [0, '']);
    for (const line of [
      /^cao-2022: samples, dimension$/m,
      /^kou-2023 predicts: undecided, benign from mu = 8\.41 on$/m,
      /^kou-2023\/decomposition: holds, on 4 runs/m,
      /^free-of-d: holds \(guard\), ours 1\./m,
      /^cao-2022\/dimension power-3: holds$/m,
    ])
      assert.match(answers.stdout, line);
    assert.match(readFileSync(join(folder, 'dimension.svg'), 'utf8'), /^<svg [^]*<\/svg>\s*$/);

    const program = spawnSync(process.execPath, ['my-sweep.js'], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual([program.status, program.stdout, program.stderr], [0, '', '']);
    const picture = readFileSync(join(folder, 'spread.svg'), 'utf8');
    assert.match(picture, /^<svg [^]*<\/svg>\s*$/);
    for (const word of ['max − min yf', '‖μ‖, norm of the signal', 'd, dimension of one patch', '>1000<', '>8<'])
      assert.ok(picture.includes(word), word);

    const benign = (...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['node_modules/benign-lab/bin/benign.mjs', ...args],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      assert.equal(status, 0, stderr);
      return stdout;
    };
    benign('sweep', 'two-noises.yaml', '--lab', 'my-lab.js', '--out', 'out', '--workers', '2');
    assert.ok(existsSync(join(folder, 'out', 'lab.json')));
    const rows = benign('table', 'out', '--rows', 'runs').trim().split('\n');
    assert.equal(rows.length, 1 + 2 * 4 * 10);
    assert.ok(rows[0]!.split(',').includes('mine/spread'), rows[0]);

    // The clone's command is another copy of the program than the one that my-lab.js imports.
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'bin', 'benign.mjs'), 'sweep', 'two-noises.yaml', '--lab', 'my-lab.js', '--out', 'other'],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.deepEqual(
      [status, stderr],
      [
        1,
        "benign: my-lab.js: imports another copy of benign-lab than this command's: call the command of that copy (npx benign there)\n",
      ],
    );
    assert.ok(!existsSync(join(folder, 'other')));
  });
});
