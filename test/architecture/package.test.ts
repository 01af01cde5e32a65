/** The packed package names no script, since it has none of their files; the clone keeps them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inFolder, root } from '../helpers/benign.ts';
import { STATED_SIZE } from '../tolerances.ts';

test('package.json is packed without scripts, and put back, also after a pack that was cut short', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'package.json');
    cpSync(join(root, 'package.json'), file, { preserveTimestamps: true });
    mkdirSync(join(folder, 'scripts'));
    cpSync(join(root, 'scripts', 'pack.mjs'), join(folder, 'scripts', 'pack.mjs'));
    const whole = readFileSync(file, 'utf8');
    const { mtimeMs } = statSync(file);
    const pack = (when: string): void => {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/pack.mjs', when], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.ok(Math.abs(statSync(file).mtimeMs - mtimeMs) < 2, 'the build does not look out of date');
    };
    for (let round = 0; round < 2; round++) {
      pack('before');
      const packed = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      assert.ok(!('scripts' in packed) && !('devDependencies' in packed));
      const { scripts: _scripts, devDependencies: _dev, ...rest } = JSON.parse(whole) as Record<string, unknown>;
      assert.deepEqual(packed, rest);
    }
    pack('after');
    assert.equal(readFileSync(file, 'utf8'), whole);
    pack('after');
    assert.equal(readFileSync(file, 'utf8'), whole);
  });
});

test('every script of the clone has its file', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [name, command] of Object.entries(scripts))
    for (const [, file] of command.matchAll(/node (scripts\/\S+)/g)) assert.ok(existsSync(join(root, file!)), name);
  for (const name of ['prepack', 'postpack']) assert.match(scripts[name]!, /scripts\/pack\.mjs/);
});

test('the size of the package is as docs/reproducibility.md says, to a tenth', async () => {
  const { freshWeb } = (await import(pathToFileURL(join(root, 'scripts', 'web.mjs')).href)) as {
    freshWeb: () => Promise<string | null>;
  };
  const { pack } = (await import(pathToFileURL(join(root, 'scripts', 'release.mjs')).href)) as {
    pack: (folder: string, ...more: readonly string[]) => { size: number; unpackedSize: number };
  };
  assert.equal(await freshWeb(), null);
  const { size, unpackedSize } = pack(root, '--dry-run', '--ignore-scripts', '--offline');
  const [, packed, unpacked] = /a file of ([\d.]+) MB, ([\d.]+) MB unpacked/.exec(
    readFileSync(join(root, 'docs', 'reproducibility.md'), 'utf8'),
  )!;
  for (const [stated, bytes] of [
    [packed, size],
    [unpacked, unpackedSize],
  ] as const)
    assert.ok(
      Math.abs(bytes / (Number(stated) * 1e6) - 1) <= STATED_SIZE,
      `stated ${stated} MB, measured ${bytes} bytes`,
    );
});
