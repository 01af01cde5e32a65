/** The page of commands names every option that the commands have, and none that they have not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SHARED, USES } from '../../src/cli/uses.ts';
import { root } from '../helpers/benign.ts';
import { staying } from '../helpers/warm.ts';

const names = Object.keys(USES);
const read = (page: string): string => readFileSync(join(root, 'docs', page), 'utf8');
/** Options in a text: `--max-time`. */
const optionsIn = (text: string): string[] => [...text.matchAll(/--[a-z][a-z-]*/g)].map(([one]) => one);

const has = new Map(
  names.map((name) => {
    const { code, stdout, stderr } = staying([name, '--help']);
    assert.equal(code, 0, stderr);
    // A line of options begins with them; what they do may name others.
    const own = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, one]) => one!);
    return [name, new Set(own.filter((one) => one !== '--help'))];
  }),
);
/** In the table of the page and below it. */
const SHARED_OPTIONS = [...SHARED, 'data'].map((name) => `--${name}`);
/** Commands whose options have a page of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  theory: 'theory.md',
  boundary: 'boundary.md',
  verify: 'verify.md',
  diagnose: 'diagnosis.md',
};
const sections = new Map(
  read('commands.md')
    .split(/^## /m)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
);

for (const name of names) {
  test(`${name}: its options are described, and no other`, () => {
    const options = has.get(name)!;
    assert.ok(options.size > 0);
    const section = sections.get(name);
    assert.ok(section, `docs/commands.md has no section ${name}`);
    const described = new Set(optionsIn(section + (name in ELSEWHERE ? read(ELSEWHERE[name]!) : '')));
    for (const one of options)
      assert.ok(SHARED_OPTIONS.includes(one) || described.has(one), `${name} ${one} is not described`);
    for (const [, cell] of section.matchAll(/^\| ([^|]*--[^|]*) \|/gm))
      for (const one of optionsIn(cell!)) assert.ok(options.has(one), `${name} has no ${one}`);
  });
}

test('every option on the page is one of a command', () => {
  const all = new Set(['--help', ...[...has.values()].flatMap((one) => [...one])]);
  const code = [...read('commands.md').matchAll(/`[^`\n]+`|^npx benign .*$/gm)].map(([one]) => one.split(/\s#/)[0]!);
  for (const one of code.flatMap(optionsIn)) assert.ok(all.has(one), `no command has ${one}`);
});
