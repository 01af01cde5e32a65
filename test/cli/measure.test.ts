/** `benign run --save-arrays` and `benign measure`, as a user calls them. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';
import { ENGINES } from '../tolerances.ts';

const SPEC = 'data: {n: 6, d: 50, mu: 3, flip: 0.1}\nnetwork: {m: 2}\ntraining: {eta: 1, maxSteps: 30}\nruns: 1\n';
type Values = Readonly<Record<string, number>>;

test('a run as arrays, measured again; what does not fit', () =>
  inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const arrays = join(folder, 'network.npz');
    const made = warm(['run', file, '--out', join(folder, 'run'), '--save-arrays', arrays, '--json']);
    assert.ok([0, 4].includes(made.code!), made.stderr);
    const { values } = JSON.parse(made.stdout) as { values: Values };
    const measured = warm(['measure', arrays, file, '--json']);
    assert.equal(measured.code, 0, measured.stderr);
    const again = JSON.parse(measured.stdout) as { values: Values; outOfSpan: number; without: string[] };
    for (const [id, value] of Object.entries(values))
      if (!id.startsWith('testError'))
        assert.ok(Math.abs(again.values[id]! - value) <= ENGINES * Math.max(1, value), id);
    // The lines have streams of their own there: two estimates of the same error.
    const off = Math.abs(again.values['testErrorClean']! - values['testErrorClean']!);
    assert.ok(off <= 5 * Math.hypot(again.values['testErrorCleanSe']!, values['testErrorCleanSe']!) + ENGINES);
    assert.deepEqual(again.without, []);
    assert.match(warm(['measure', arrays, file]).stdout, /clean test error .*\n(.*\n)*.*out of the span/);
    for (const [args, sentence] of [
      [[arrays, file, '--set', 'm=3'], 'array W: must have the shape (6, any), got (4, '],
      [[join(folder, 'none.npz'), file], 'none.npz'],
      [[file, file], 'is no .npz archive'],
      [[arrays, file, '--workers', '2'], 'no meaning for benign measure'],
    ] as [string[], string][]) {
      const { code, stdout, stderr } = warm(['measure', ...args]);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(sentence), stderr);
    }
    const nowhere = join(folder, 'no', 'such', 'network.npz');
    const refused = warm(['run', file, '--out', join(folder, 'run'), '--save-arrays', nowhere]);
    assert.ok(refused.code === 1 || existsSync(nowhere), refused.stderr);
  }));
