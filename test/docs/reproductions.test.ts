/** The pages of verdicts: the index counts what the pages of its papers say, and they show the pictures beside them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../helpers/benign.ts';

const docs = join(root, 'docs');
const read = (...path: string[]): string => readFileSync(join(docs, ...path), 'utf8');
const number = (text: string): number => Number(text.replaceAll(',', ''));

for (const base of ['reproductions', 'reproductions-depth', 'reproductions-noise']) {
  const index = read(`${base}.md`);
  const files = readdirSync(join(docs, base));
  const papers = files.filter((name) => name.endsWith('.md'));
  const texts = papers.map((name) => read(base, name));

  test(`${base}: verdicts, variants and runs add up to those of its first lines`, () => {
    const checks = texts.flatMap((text) => [...text.matchAll(/^\| .* \| (?:test|guard) \| /gm)]);
    assert.equal(checks.length, Number(/ K = (\d+) verdicts/.exec(index)![1]));
    const rows = [...index.matchAll(/^\| \S+ \| \[.*\| ([\d,]+) \| [\d.]+ \|$/gm)];
    const [, variants, runs] = /: (\d+) variants, ([\d,]+) runs/.exec(index)!;
    assert.equal(rows.length, Number(variants));
    assert.equal(
      rows.reduce((sum, [, one]) => sum + number(one!), 0),
      number(runs!),
    );
    assert.equal(texts.flatMap((text) => [...text.matchAll(/^## /gm)]).length, rows.length);
  });

  test(`${base}: every page of a paper is of the same making as the index, and every picture is on one`, () => {
    const [head] = index.split('\n');
    for (const [k, text] of texts.entries()) assert.equal(text.split('\n')[0], head, papers[k]);
    for (const picture of files.filter((name) => name.endsWith('.png')))
      assert.ok(
        texts.some((text) => text.includes(`](${picture})`)),
        picture,
      );
  });
}

test('a paper is told by counts without its controls, and what fails is named', async () => {
  const { texts } = (await import(pathToFileURL(join(root, 'scripts', 'reproduction-pages.mjs')).href)) as {
    texts: (page: Readonly<Record<string, unknown>>) => Map<string, string>;
  };
  const entry = (variant: string, control: boolean, ...verdicts: string[]) => ({
    paper: { id: 'a-2020', title: 'On A?' },
    figure: 'one',
    variant,
    control,
    runs: 1000,
    checks: verdicts.map((verdict, k) => ({ id: `check-${k}`, basis: 'test', verdict })),
    note: control ? ' (control)' : '',
    cells: 'holds (1 of 1) |  | 1,000 | 0.1',
    section: ['', 'Words.', ''],
  });
  const pages = texts({
    base: 'pages',
    head: '<!-- made -->',
    title: 'Pages',
    intro: ['Intro.'],
    entries: [entry('b.1', false, 'holds', 'fails'), entry('c', true, 'fails')],
    notRun: '',
  });
  assert.deepEqual([...pages.keys()], ['pages.md', 'pages/a-2020.md']);
  const index = pages.get('pages.md')!;
  assert.ok(
    index.includes(
      '[On A?](pages/a-2020.md): 2 variants, 2,000 runs; without the controls tests 1 hold, 1 fail; guards none. What fails: `check-1` (test) of one b.1.',
    ),
    index,
  );
  assert.ok(index.includes('[b.1](pages/a-2020.md#a-2020-one-b1) |'), index);
  assert.ok(pages.get('pages/a-2020.md')!.includes('\n## a-2020 one b.1\n\nWords.\n'));
});
