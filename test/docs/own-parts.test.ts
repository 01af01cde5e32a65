/** The page on parts of one's own: its code is the example's, the rest compiles and runs, and its table is whole. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { here, lab, memory, sweep, type Lab } from '../../src/index.ts';
import { USES } from '../../src/cli/uses.ts';
import { inFolder, root } from '../helpers/benign.ts';
import { compiledExample, EXAMPLE } from '../helpers/own-lab.ts';

const page = readFileSync(join(root, 'docs', 'own-parts.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

test('what it shows of the example stands there', () => {
  const files = readdirSync(EXAMPLE).map((name) => readFileSync(join(EXAMPLE, name), 'utf8'));
  const shown = [...blocks('ts'), ...blocks('yaml')].filter((text) => !/^(\/\/|#) more\./.test(text));
  assert.equal(shown.length, 3);
  for (const text of shown)
    assert.ok(
      files.some((file) => file.includes(text)),
      text,
    );
});

test('the other parts compile, and their spec runs', async () => {
  const program = blocks('ts').find((text) => text.startsWith('// more.ts'))!;
  const spec = blocks('yaml').find((text) => text.startsWith('# more.yaml'))!;
  await inFolder(async (folder) => {
    writeFileSync(join(folder, 'more.ts'), program);
    compiledExample(folder);
    const { default: mine } = (await import(pathToFileURL(join(folder, 'more.js')).href)) as { default: Lab };
    assert.equal(mine.parts.length, 5);
    const { results, failed, frame } = await sweep(mine, mine.spec(spec), { pool: here(), store: memory() });
    assert.deepEqual([failed, results.count, frame().complete], [[], results.expected, true]);
    assert.ok(frame().columns['fitted']!.every((share) => share === 1));
    assert.throws(() => lab.spec(spec), /this lab has no such part/);
  });
});

test('the command of the page compiles the example in a clone, as it stands', () => {
  const line = blocks('sh')[0]!
    .split('\n')
    .find((one) => one.startsWith('npx tsc'))!;
  const [, ...args] = line.split(' ');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const files = readdirSync(EXAMPLE)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(EXAMPLE, name));
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...args.slice(1, -1), '--noEmit', ...files], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
});

test('the commands that it says take --lab are those that do', () => {
  const sentence = /^(.*) take it, and `doctor` of a folder\./m.exec(page)![1]!;
  const said = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort();
  const taking = Object.entries(USES).flatMap(([name, { lab: use }]) =>
    'help' in use && name !== 'doctor' ? [name] : [],
  );
  assert.deepEqual(said, taking.sort());
});
