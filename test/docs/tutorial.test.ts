/**
 * The pages for beginners: every command runs in the order of the page, what is shown of its output is all of it but
 * where `…` stands, pictures are those that the commands leave, and numbers in the prose are theirs.
 * TUTORIAL=write writes numbers of outputs and the pictures anew; words are the author's.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../../src/cli/context.ts';
import { root, type Answer } from '../helpers/benign.ts';
import { commandsOf, HELD } from '../helpers/pages.ts';
import { numbersOf, rewritten, roundedIn } from '../helpers/shown.ts';
import { warm } from '../helpers/warm.ts';

const WRITE = process.env['TUTORIAL'] === 'write';
const HOW = 'if it is right (look at it), write it with TUTORIAL=write npm test docs/tutorial';
/** More makes the repository heavy. */
const MAX_BYTES = 60_000;
const folder = join(root, 'docs', 'tutorial');

/** Where the commands of the pages leave the pictures that the pages show. */
const PICTURES: Readonly<Record<string, string>> = {
  benign: 'out/benign/figures/trajectories.svg',
  harmful: 'out/harmful/figures/trajectories.svg',
  draws: 'out/eight/figures/draws.svg',
  regimes: 'out/theory/figures/kou-2023-theorem-4.2.svg',
  map: 'out/map/figures/control.svg',
  'level-set': 'out/level-set/figures/level-sets.svg',
  lemmas: 'out/lemmas/figures/lemmas.svg',
  claim: 'out/claim/figures/compare.svg',
  'level-set-leaky': 'out/level-set-leaky/figures/level-sets.svg',
};

const place = mkdtempSync(join(tmpdir(), 'benign-tutorial-'));
cpSync(join(root, 'examples'), join(place, 'examples'), { recursive: true });
after(() => rmSync(place, { recursive: true, force: true }));

const outputOf = ({ code, stdout, stderr }: Answer): string => (code === EXIT.usage ? stderr : stdout);

/** Runs a page's commands; returns the page as it would be written, and all that the commands said. */
function played(page: string): { readonly page: string; readonly said: string } {
  let last: string | undefined;
  let said = '';
  const blocks = /^```(\w*)\n([\s\S]*?)^```$|^(?:\|.*\n)+\nmean ± .*$/gm;
  const text = page.replaceAll(blocks, (block: string, language: string | undefined, body: string) => {
    const shown = language === 'text' || language === undefined ? last : undefined;
    last = undefined;
    if (language === undefined) return rewritten(`${block}\n`, shown ?? '').trimEnd();
    if (shown !== undefined) return `\`\`\`text\n${rewritten(body, shown)}\`\`\``;
    const file = /^# (\S+\.yaml)\n/.exec(body)?.[1];
    if (language === 'yaml' && file) writeFileSync(join(place, file), body);
    if (language !== 'sh') return block;
    for (const { args, exit, line } of body.split('\n').flatMap(commandsOf)) {
      const answer = warm(args, place);
      assert.equal(answer.code, exit, `${line}\n${answer.stdout}${answer.stderr}`);
      last = outputOf(answer);
      said += last;
    }
    return block;
  });
  return { page: text, said };
}

const fenced = /^```[\s\S]*?^```$/gm;
const proseOf = (page: string): string => page.replaceAll(fenced, '').replaceAll(/\]\([^)]*\)/g, ']');

for (const name of HELD) {
  const file = join(root, 'docs', `${name}.md`);
  test(`docs/${name}.md shows what its commands say`, () => {
    const before = readFileSync(file, 'utf8');
    const { page, said } = played(before);
    if (WRITE) writeFileSync(file, page);
    else assert.equal(page, before, `docs/${name}.md differs: ${HOW}`);
    const known = numbersOf([said, ...(page.match(fenced) ?? [])].join('\n'));
    for (const number of proseOf(page).match(/(?<![\w.^{/-])-?\d+\.\d+(?![\w.])/g) ?? [])
      assert.ok(roundedIn(number, known), `docs/${name}.md: no command of the page says ${number}`);
  });
}

test('the pictures of the pages are those that their commands leave', () => {
  const pages = HELD.map((name) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8')).join('\n');
  const named = [...pages.matchAll(/!\[[^\]]*\]\(tutorial\/([\w-]+)\.svg\)/g)].map(([, name]) => name!);
  assert.deepEqual(named.toSorted(), Object.keys(PICTURES).sort());
  if (WRITE) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, path] of Object.entries(PICTURES)) {
    const svg = readFileSync(join(place, path), 'utf8');
    assert.ok(Buffer.byteLength(svg) < MAX_BYTES, `${name}.svg has ${Buffer.byteLength(svg)} bytes`);
    const kept = join(folder, `${name}.svg`);
    if (WRITE) writeFileSync(kept, svg);
    assert.ok(existsSync(kept) && readFileSync(kept, 'utf8') === svg, `docs/tutorial/${name}.svg differs: ${HOW}`);
  }
  const kept = readdirSync(folder).sort();
  assert.deepEqual(
    kept,
    Object.keys(PICTURES)
      .map((name) => `${name}.svg`)
      .sort(),
  );
});
