/**
 * The cells of validation/bits.ts, and a part of their records under V8's baseline compilers. The other Nodes and
 * Chromium: validation/browser-bits.mjs.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { cellId, valueAt } from '../../src/experiments/cell.ts';
import { CELL_PARAMETERS } from '../../src/notation.ts';
import { bitCells, bitRecords, CELLS, sha256Of } from '../../validation/bits.ts';

const STRIDE = 5;

test('a hundred different cells, every choice of the notation among them', () => {
  const cells = bitCells();
  assert.equal(new Set(cells.map(cellId)).size, CELLS);
  for (const [path, { entry }] of CELL_PARAMETERS) {
    if (entry.kind !== 'choice') continue;
    for (const choice of entry.choices)
      assert.ok(
        cells.some((cell) => valueAt(cell, path) === choice),
        `no cell has ${path}: ${choice}`,
      );
  }
});

test('code that the optimising compilers never saw gives the same bits', () => {
  const program = `import { bitRecords, sha256Of } from ${JSON.stringify(new URL('../../validation/bits.js', import.meta.url).href)}; process.stdout.write(sha256Of(bitRecords(${STRIDE})));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-opt', '--liftoff-only', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  assert.equal(stdout, sha256Of(bitRecords(STRIDE)), stderr);
});

test('another seed is seen (negative control)', () => {
  assert.notEqual(sha256Of(bitRecords(STRIDE, 18)), sha256Of(bitRecords(STRIDE)));
});
