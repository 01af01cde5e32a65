import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benign, inFolder } from '../helpers/benign.ts';

test('a reproduction with more runs in the same folder is a further look and spends less of alpha', () =>
  inFolder((parent) => {
    const folder = join(parent, 'out');
    const judged = (...options: string[]) => {
      benign(['reproduce', 'cao-2022/dimension', '--quick', '--out', folder, ...options]);
      return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
        look: number;
        spent: number;
        looks: { runs: number }[];
      };
    };
    const first = judged('--runs', '2');
    assert.equal(first.look, 1);
    assert.deepEqual(judged('--runs', '2').look, 1, 'the same runs are the same look');
    const second = judged('--runs', '3');
    assert.equal(second.look, 2);
    assert.equal((first.spent / second.spent).toFixed(9), '4.000000000');
    assert.equal(second.looks.length, 2);
    assert.equal(judged('--look', '5', '--runs', '3').look, 5);
  }));
