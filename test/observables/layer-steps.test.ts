/** The layer identity: kept by descent to rounding, broken by what is not homogeneous or no plain step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { runCell, streamKey } from '../../src/experiments/run.ts';
import { SMALL_CELL } from '../helpers/deep.ts';
import { LAYER_IDENTITY } from '../tolerances.ts';

const BASE = { ...SMALL_CELL, 'network.output': 'trained', 'test.points': 100 };
function identityOf(more: Readonly<Record<string, Value>>): number {
  const cell = buildCell(new Map(Object.entries({ ...BASE, ...more })));
  const wanted = { series: [], values: ['layerIdentity'] as const, every: 1 };
  return runCell(cell, 1, 0, wanted, streamKey(cell, 1, 0)).values['layerIdentity'] ?? NaN;
}

test('descent keeps it at every depth, loss, batch and noise of the labels, in the span and by coordinates', () => {
  for (const depth of [2, 3, 5])
    for (const more of [
      {},
      { 'training.loss': 'hinge' },
      { 'training.loss': 'squared', 'training.eta': 0.1 },
      { 'training.batch': 3, 'training.labelNoise': 0.2 },
      { 'network.activation': 'leaky-relu', 'network.leak': 0.2 },
      ...(depth > 2 ? [{ 'network.pool': 'last' }, { engine: 'direct', 'data.draw': 'explicit' }] : []),
    ]) {
      const off = identityOf({ 'network.depth': depth, ...more });
      assert.ok(off >= 0 && off <= LAYER_IDENTITY, `${depth} layers, ${JSON.stringify(more)}: ${off}`);
    }
});

test('momentum, powers and biases above the filters do not', () => {
  for (const more of [
    { 'training.rule': 'momentum' },
    { 'network.activation': 'relu-power', 'network.power': 2 },
    { 'network.bias': true },
  ])
    assert.ok(identityOf({ 'network.depth': 4, ...more }) > 1e3 * LAYER_IDENTITY, JSON.stringify(more));
});

test('only trained neighbours count; without any there is no number', () => {
  const frozen = { 'network.depth': 4, 'network.frozen': '2' };
  assert.ok(identityOf(frozen) <= LAYER_IDENTITY);
  assert.ok(Number.isNaN(identityOf({ ...frozen, 'network.output': 'fixed', 'network.frozen': '2' })));
  assert.ok(Number.isNaN(identityOf({ 'network.output': 'fixed' })));
  assert.ok(identityOf({ 'network.depth': 3, 'network.output': 'fixed' }) <= LAYER_IDENTITY);
});
