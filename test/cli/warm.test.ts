/** A command line that stays in its process answers as one that is started. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder } from '../helpers/benign.ts';
import { staying } from '../helpers/warm.ts';

const SPEC = `data: {n: 10, d: 100, flip: 0.1}
network: {m: 3}
training: {maxSteps: 30}
axes: {data.mu: [1, 2]}
runs: 2
`;

/** Each of them once more at the end: what a call leaves in the process changes no later one. */
const CALLS: readonly (readonly string[])[] = [
  ['--version'],
  ['papers', '--json'],
  ['reprduce'],
  ['run', 'nosuch.yaml'],
  ['sweep', 'spec.yaml', '--workers', 'x'],
  ['sweep', 'spec.yaml', '--dry-run', '--replicates', '5..2'],
  ['sweep', 'spec.yaml', '--set', 'flip=0.7', '--out', 'none'],
  ['table', 'made'],
  ['table', 'torn'],
  ['figure', 'made'],
  ['theory', 'spec.yaml', '--set', 'mu=1', '--json'],
];

test('exit codes, standard output and standard error are the same', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'spec.yaml'), SPEC);
    for (const [name, answer] of [
      ['made', benign(['sweep', 'spec.yaml', '--out', 'made'], folder)],
      ['torn', staying(['sweep', 'spec.yaml', '--out', 'torn'], folder)],
    ] as const)
      assert.equal(answer.code, 0, `${name}: ${answer.stderr}`);
    for (const name of ['spec.yaml', 'table.csv', 'table.parquet', 'figures/test-error.svg', 'figures/test-error.png'])
      assert.deepEqual(readFileSync(join(folder, 'made', name)), readFileSync(join(folder, 'torn', name)), name);
    assert.deepEqual(readdirSync(join(folder, 'made')), readdirSync(join(folder, 'torn')));
    const part = join(folder, 'torn', 'records', 'part-0001.jsonl');
    writeFileSync(part, readFileSync(part, 'utf8').replace('"outcome"', '"outcame"'));
    const started = CALLS.map((args) => benign(args, folder));
    for (const time of ['first', 'second'])
      CALLS.forEach((args, at) =>
        assert.deepEqual(staying(args, folder), started[at], `${args.join(' ')}, ${time} time`),
      );
    // What is said once a command is said by each of them.
    assert.match(started[CALLS.findIndex(([, name]) => name === 'torn')]!.stderr, /passed over/);
  }));

test('what would stay in the process is refused there', () => {
  assert.throws(() => staying(['schema', '--lab', 'mine.mjs']), /stays in the process/);
});
