/** Options that commands share: each command takes each of them, or says why it has no meaning there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { shared } from '../../src/cli/shared.ts';
import { SHARED, USES, type Use } from '../../src/cli/uses.ts';
import { UserError } from '../../src/errors.ts';
import { benign, root } from '../helpers/benign.ts';

const VALUE = {
  set: ['d=5', ['d=5']],
  seed: ['3', 3],
  workers: ['2', 2],
  out: ['x', 'x'],
  json: [undefined, true],
  lab: ['x.js', 'x.js'],
} as const;
const all = Object.entries(USES) as [string, Record<(typeof SHARED)[number], Use>][];

test('every command has every shared option, or a sentence', () => {
  for (const [name, uses] of all)
    for (const option of SHARED) {
      const use = uses[option];
      const command = shared(new Command(name))
        .exitOverride()
        .configureOutput({ writeErr: () => {} });
      const [text, value] = VALUE[option];
      const args = [`--${option}`, ...(text === undefined ? [] : [text])];
      const must = 'must' in uses.out && option !== 'out' ? ['--out', 'y'] : [];
      const parse = (): Command => command.parse([...args, ...must], { from: 'user' });
      if ('why' in use) {
        assert.throws(
          parse,
          (error) =>
            error instanceof UserError &&
            error.message === `--${option}: has no meaning for benign ${name}: ${use.why}`,
        );
        assert.ok(!command.helpInformation().includes(`--${option}`), `${name} --${option} is offered`);
      } else {
        assert.deepEqual((parse().opts() as Record<string, unknown>)[option], value, `${name} --${option}`);
        assert.ok(command.helpInformation().includes(`--${option}`), `${name} --${option}`);
      }
    }
});

test('a spec can be changed, spread over threads, kept and printed under every command that runs one', () => {
  for (const name of ['run', 'sweep', 'boundary', 'variance', 'verify'] as const)
    for (const option of SHARED) assert.ok('help' in USES[name][option], `${name} --${option}`);
  for (const name of ['figure', 'table', 'theory'] as const)
    for (const option of ['out', 'json'] as const) assert.ok('help' in USES[name][option], `${name} --${option}`);
});

test('the commands that there are share them, and the page of commands says the same', () => {
  const { stdout } = benign(['--help']);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!).filter((name) => name !== 'help');
  assert.deepEqual(
    listed,
    all.map(([name]) => name),
  );
  const main = readFileSync(join(root, 'src/cli/main.ts'), 'utf8');
  assert.deepEqual(
    [...main.matchAll(/shared\(program\.command\('(\w+)'\)\)/g)].map(([, name]) => name),
    listed,
  );
  const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');
  for (const [name, uses] of all) {
    const row = new RegExp(`^\\| \`${name}\` \\|(( [^|]*\\|){${SHARED.length}})$`, 'm').exec(page)?.[1];
    assert.deepEqual(
      row
        ?.split('|')
        .slice(0, -1)
        .map((cell) => cell.trim() !== ''),
      SHARED.map((option) => 'help' in uses[option]),
      name,
    );
  }
});
