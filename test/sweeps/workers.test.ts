/** The same records, bit for bit, for any number of workers. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder, storedLines } from '../helpers/benign.ts';
import { warm } from '../helpers/warm.ts';

const SPEC = `data: {n: 10, flip: 0.1, projected: false}
network: {m: 4, bias: true, init: pytorch-gaussian, outputScale: '1'}
axes:
  data.d: [50, 500, 1e6]
  data.mu: {from: 0, to: 8, step: 2}
runs: 7
seed: 5
record: {series: [trainLoss, gamma], every: 50}
`;

test('1, 2 and 5 workers give the same records and the same table', async () => {
  await inFolder((folder) => {
    const file = join(folder, 'spec.yaml');
    writeFileSync(file, SPEC);
    const outcomes = [1, 2, 5].map((workers) => {
      const out = join(folder, `w${workers}`);
      const answer = warm(['sweep', file, '--out', out, '--workers', String(workers), '--json']);
      assert.equal(answer.code, 0, answer.stderr);
      assert.deepEqual((JSON.parse(answer.stdout) as { runs: number }).runs, 105);
      return { lines: storedLines(out).sort(), table: readFileSync(join(out, 'table.csv'), 'utf8') };
    });
    assert.equal(outcomes[0]!.lines.length, 105);
    for (const other of outcomes.slice(1)) assert.deepEqual(other, outcomes[0]);
    assert.equal(
      new Set(outcomes[0]!.lines.map((line) => (JSON.parse(line) as { run: string }).run)).size,
      105,
      'no run twice',
    );
  });
});
