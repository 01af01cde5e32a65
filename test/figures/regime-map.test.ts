import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/figures/figure.ts';
import { regimeMap } from '../../src/figures/regime-map.ts';
import type { Setting } from '../../src/notation.ts';
import { tell } from '../../src/theory/assess.ts';
import { criticalSignal } from '../../src/theory/critical.ts';
import { find } from '../helpers/statement.ts';
import { DRAWN } from '../tolerances.ts';
import { drawn, words } from './sweeps.ts';

const setting: Setting = { n: 20, d: 1000, mu: 6, sigmaP: 1, flip: 0.1 };
const map = (here: Setting, given = {}) =>
  regimeMap(
    tell(find('kou-2023/theorem-4.2'), here, () => undefined, given),
    here,
    { name: 'map', title: 'Regimes' },
  );
const rows = (spec: JsonObject, layer: number): Record<string, number | string>[] =>
  ((spec['layer'] as JsonObject[])[layer]!['data'] as { values: Record<string, number | string>[] }).values;

test('bars, borders and the point agree with the theory', async () => {
  const figure = map(setting);
  const bars = rows(figure.spec, 0);
  for (const { x, x2, y, y2, regime } of bars as unknown as {
    x: number;
    x2: number;
    y: number;
    y2: number;
    regime: string;
  }[]) {
    const S = (20 * Math.sqrt(x * x2) ** 4) / Math.sqrt(y * y2);
    assert.equal(regime, S >= 100 ? 'benign' : S <= 0.64 ? 'harmful' : 'undecided', `S = ${S}`);
  }
  assert.equal(bars.length, 3 * 90, 'three regimes in each of 90 rows');
  for (const [layer, kappa] of [
    [1, 100],
    [2, 0.64],
  ] as const) {
    const line = rows(figure.spec, layer) as unknown as { x: number; y: number }[];
    assert.ok(line.length > 50);
    for (const { x, y } of line)
      assert.ok(Math.abs(criticalSignal({ n: 20, d: y, sigmaP: 1 }, kappa) / x - 1) < DRAWN, `${x} ${y}`);
  }
  assert.deepEqual(rows(figure.spec, 3), [{ x: 6, y: 1000, label: 'this setting' }]);
  const svg = await drawn(figure);
  assert.equal(
    svg.match(/<path [^>]*fill="#ffffff" stroke="#111111"/g)?.length,
    2,
    'the point, and its sign in the legend',
  );
  const said = words(svg);
  for (const word of ['benign', 'harmful', 'undecided', 'this setting', 'benign: n‖μ‖⁴ &gt;= C1 σₚ⁴ d'])
    assert.ok(said.includes(word), `${word} in ${said.join(' | ')}`);
});

test('the map follows the constants; a signal of 0 has no place on it', () => {
  assert.notDeepEqual(rows(map(setting, { C1: 10 }).spec, 0), rows(map(setting).spec, 0));
  assert.equal((map({ ...setting, mu: 0 }).spec['layer'] as unknown[]).length, 3);
});

test('what cannot be drawn is refused', () => {
  assert.throws(
    () =>
      regimeMap(
        tell(find('kou-2023/decomposition'), setting, () => undefined, {}),
        setting,
        { name: 'map', title: 'x' },
      ),
    /has no regimes/,
  );
  assert.throws(() => map({ n: 20 }), /the setting has no mu or no d/);
});
