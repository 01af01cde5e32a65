import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';
import { ROUNDING } from '../tolerances.ts';

const SPEC = 'data: {n: 8, d: 200, mu: 3, flip: 0.2}\nnetwork: {m: 2}\ntraining: {maxSteps: 5}\n';

test('benign variance: shares of seven components that sum to 1; the same numbers every time', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const args = ['variance', file, '--blocks', '10', '--log'];
    const { code, stdout } = warm([...args, '--json']);
    assert.equal(code, 0);
    const { components, blocks } = JSON.parse(stdout) as {
      components: { of: string[]; share: number }[];
      blocks: number;
    };
    assert.deepEqual([components.length, blocks], [7, 10]);
    assert.ok(Math.abs(components.reduce((sum, { share }) => sum + share, 0) - 1) <= ROUNDING);
    assert.equal(warm([...args, '--json']).stdout, stdout);
    const words = warm(args).stdout;
    for (const word of ['ln(testErrorClean)', 'flips alone', 'data and init together'])
      assert.ok(words.includes(word), word);
    // without flips and steps an error of the training sample is the initialisation's and the data's
    assert.match(warm([...args, '--set', 'flip=0']).stdout, / 0\.00 {3}flips alone/);
  }));

test('what it refuses', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, `${SPEC}axes: {data.mu: [1, 2]}\n`);
    for (const [args, sentence] of [
      [[], 'axes'],
      [['--set', 'mu=1', '--of', 'nothing'], '--of must be an observable, got "nothing", '],
      [['--set', 'mu=1', '--of', 'maxMarginErr'], 'did you mean maxMarginError?'],
      [
        '--set mu=10 --set flip=0 --set eta=1 --set maxSteps=200 --of trainError --blocks 3'.split(' '),
        'has the same value in all runs',
      ],
      [['--set', 'mu=1', '--blocks', '1'], '--blocks: must be an integer >= 2'],
      [
        ['--set', 'mu=0', '--of', 'trainError', '--log', '--set', 'maxSteps=2000', '--blocks', '3'],
        'fewer than two of 3 blocks',
      ],
    ] as [string[], string][]) {
      const { code, stdout, stderr } = warm(['variance', file, ...args]);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(sentence), stderr);
    }
  }));
