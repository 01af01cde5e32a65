/** What a shell would read differently on another system: scripts and doors start programs, never a shell. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../helpers/benign.ts';

const FOLDERS = ['scripts', 'src', 'bin'];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(mjs|ts|tsx)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

test('no file starts a shell, nor a launcher that is one on Windows', () => {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /\bshell: *(true|['"`])|\b(exec|execSync)\(['"`]/, file);
    assert.doesNotMatch(text, /\b(spawn|spawnSync|execFile|execFileSync)\(['"`](npm|npx|sh|bash)['"`]/, file);
  }
});

test('every script of package.json is node, npm or a program of a dependency, without pipes and variables', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [name, command] of Object.entries(scripts))
    for (const part of command.split(' && '))
      assert.match(part, /^(node|npm|tsc|oxlint|oxfmt)( [\w./:-]+)*$/, `${name}: ${part}`);
});

test('npm is found without a shell', async () => {
  const { npm } = (await import(pathToFileURL(join(root, 'scripts', 'npm.mjs')).href)) as {
    npm: (args: readonly string[], options: { encoding: 'utf8' }) => { status: number; stdout: string };
  };
  const { status, stdout } = npm(['--version'], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+/);
});
