import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberText, powerText } from '../../src/core/number-text.ts';

test('powers of ten where a number is long, integers exact', () => {
  for (const [value, text] of [
    [0, '0'],
    [-3, '−3'],
    [0.3, '0.3'],
    [1 / 3, '0.333333'],
    [1000, '1000'],
    [1e4, '10^{4}'],
    [20000, '20000'],
    [1e9, '10^{9}'],
    [2.5e9, '2.5·10^{9}'],
    [1000001, '1000001'],
    [1e-7, '10^{-7}'],
    [-2e-5, '−2·10^{-5}'],
    [1e300, '10^{300}'],
  ] as const)
    assert.equal(numberText(value), text);
  assert.equal(powerText(123456, 2), '1.2·10^{5}');
});
