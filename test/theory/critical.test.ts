import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SymbolId } from '../../src/notation.ts';
import { controlParameter } from '../../src/core/control-parameter.ts';
import { criticalSignal, criticalValues, moved } from '../../src/theory/critical.ts';
import { criticalSignal as shangSignal, leastGrowthRatio } from '../../src/theory/shang-law.ts';
import { BISECTION } from '../tolerances.ts';
import { find } from '../helpers/statement.ts';

const setting = { n: 20, d: 1000, m: 10, mu: 6, sigmaP: 2, v0: 0.05 };
const close = (came: number | undefined, expected: number, what: string): void =>
  assert.ok(
    came !== undefined && Math.abs(came - expected) <= BISECTION * expected,
    `${what}: ${came} against ${expected}`,
  );

test('bisection finds the closed forms of Kou et al., whatever the symbol', () => {
  const border = find('kou-2023/theorem-4.2').regimes!.benign!;
  const solve = (id: SymbolId): number[] => criticalValues(border, setting, { C1: 5 }, id);
  const { n, d, mu, sigmaP } = setting;
  const closed = {
    mu: criticalSignal(setting, 5),
    d: (n * mu ** 4) / (5 * sigmaP ** 4),
    n: (5 * sigmaP ** 4 * d) / mu ** 4,
    sigmaP: mu * (n / (5 * d)) ** 0.25,
  };
  for (const [id, value] of Object.entries(closed)) {
    assert.equal(solve(id as SymbolId).length, 1);
    close(solve(id as SymbolId)[0], value, id);
  }
  close(controlParameter({ ...setting, mu: closed.mu }), 5, 'S on the border');
  assert.deepEqual(solve('m'), [], 'm does not enter');
  assert.deepEqual(criticalValues(border, setting, { C1: 1e80 }, 'd'), [], 'beyond the range of d');
  assert.deepEqual(criticalValues(border, setting, {}, 'mu'), [], 'no constant, no border');
});

test('the other side of the border is another regime (negative control)', () => {
  const { benign } = find('kou-2023/theorem-4.2').regimes!;
  const [mu] = criticalValues(benign!, setting, { C1: 5 }, 'mu');
  const holds = (at: number): boolean =>
    benign!.lhs({ ...setting, mu: at }, { C1: 5 }) >= benign!.rhs({ ...setting, mu: at }, { C1: 5 });
  assert.ok(holds(mu! * (1 + 1e-9)) && !holds(mu! * (1 - 1e-9)));
});

test('a bent border: the critical signal of Shang et al. is flat above v* and rises below', () => {
  const border = find('shang-2024/transition').regimes!.benign!;
  const given = { C1: 5, delta: 0.1 };
  const at = (v0: number): number => criticalValues(border, { ...setting, v0 }, given, 'mu')[0]!;
  close(at(0.01), shangSignal({ ...setting, v0: 0.01 }, 5, leastGrowthRatio(20, 0.1)), 'its own bisection');
  assert.ok(at(0.01) > at(0.02) && at(0.01) < 2 * at(0.02), 'rises below v*, by less than 1/v_0');
  close(at(1), at(2), 'flat');
  close(at(1), criticalSignal(setting, 5), 'the law of Kou et al.');
  const flat = criticalValues(border, { ...setting, mu: 20 }, given, 'v0');
  assert.equal(flat.length, 1);
  close(at(flat[0]!), 20, 'back again');
  assert.deepEqual(criticalValues(border, { ...setting, mu: 1 }, given, 'v0'), [], 'too weak whatever v_0');
});

test('a share stays below 1, and symbols can keep their ratio', () => {
  const { benign, harmful } = find('karhadkar-2024/transition').regimes!;
  const here = { n: 100, d: 200, flips: 10, share: 0.05, leak: 0.1 };
  close(criticalValues(benign!, here, { kappa1: 2 }, 'share')[0], 0.2, 'kappa/k');
  close(criticalValues(harmful!, here, { kappa2: 1 }, 'share')[0], 5e-6, 'kappa alpha^3/d');
  assert.deepEqual(criticalValues(benign!, here, { kappa1: 50 }, 'share'), [], 'would need a share of 5');
  assert.deepEqual(moved(here, 'n', 50, ['d', 'flips']), { n: 50, d: 100, flips: 5, share: 0.05, leak: 0.1 });
  close(criticalValues(benign!, here, { kappa1: 2 }, 'n', ['d', 'flips'])[0], 400, 'k = n/10 = kappa/share');
  assert.deepEqual(criticalValues(benign!, here, { kappa1: 2 }, 'n'), [], 'n alone does not enter');
});
