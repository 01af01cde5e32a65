/** Generated pages say what the code says; those that take long were made by the code that is here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inFolder, root } from '../helpers/benign.ts';

test('the generated pages are up to date', () => {
  for (const script of ['docs.mjs', 'api.mjs']) {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', script), '--check'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  }
});

test('the pages of computed numbers were made by the presets, checks and figure code that are here', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'made-by.mjs'), '--check'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

test('the hash of a page moves with a bound or a figure, and not with comments, types, layout or a moved function', async () => {
  const { codeHash } = (await import(pathToFileURL(join(root, 'scripts', 'made-by.mjs')).href)) as {
    codeHash: (from: readonly string[]) => string;
  };
  await inFolder((folder) => {
    const hash = (files: Readonly<Record<string, string>>): string => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      return codeHash([join(folder, Object.keys(files)[0]!)]);
    };
    const check = "import { bound } from './bound.ts';\nexport const check = { id: 'a', within: bound };\n";
    const before = hash({ 'check.ts': check, 'bound.ts': 'export const bound = 0.02;\n' });
    assert.notEqual(hash({ 'check.ts': check, 'bound.ts': 'export const bound = 0.03;\n' }), before);
    assert.equal(
      hash({
        'check.ts':
          "// why\nexport const check = {\n  id: 'a',\n  within: bound };\nimport { bound } from './bound-2.ts';\n",
        'bound-2.ts': 'interface One { a: 1 }\n/** the margin */\nexport const bound = 0.02; // named beforehand\n',
      }),
      before,
    );
  });
});
