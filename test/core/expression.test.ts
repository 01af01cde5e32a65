/** Formulas: the algebra of school, and nothing that could run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExpression } from '../../src/core/expression.ts';
import { UserError } from '../../src/errors.ts';
import { ROUNDING } from '../tolerances.ts';

const NAMES: Readonly<Record<string, number>> = { n: 20, d: 400, mu: 3, sigmaP: 0.5, '‖μ‖': 3, 'data.d': 400 };
const value = (text: string): number => parseExpression(text, 'here').value((name) => NAMES[name] ?? NaN);

test('powers before signs before products before sums; powers from the right', () => {
  for (const [text, expected] of [
    ['n*mu^4/(sigmaP^4*d)', (20 * 81) / (0.0625 * 400)],
    ['d/n', 20],
    ['data.d / n', 20],
    ['‖μ‖^2', 9],
    ['-mu^2', -9],
    ['(-mu)^2', 9],
    ['2^-1', 0.5],
    ['2^-mu^2', 2 ** -9],
    ['2^3^2', 512],
    ['2*-mu', -6],
    ['d/-n', -20],
    ['1 - 2 - 3', -4],
    ['8/4/2', 1],
    ['+n', 20],
    ['1e3 + .5', 1000.5],
    ['abs(-n) + min(mu, n, 2) + max(1, mu)', 25],
    ['mu**2', 9],
  ] as const)
    assert.equal(value(text), expected, text);
  for (const [text, expected] of [
    ['sqrt(d)', 20],
    ['d^(1/2)', 20],
    ['log(d)', Math.log(400)],
    ['log10(d)', Math.log10(400)],
  ] as const)
    assert.ok(Math.abs(value(text) - expected) <= ROUNDING * expected, text);
  assert.ok(Number.isNaN(value('log(-n)')) && Number.isNaN(value('missing + 1')));
});

test('names are those that stand in it; a name alone is told from a formula', () => {
  assert.deepEqual(parseExpression('n*mu + data.d - n', '').names, ['n', 'mu', 'data.d']);
  assert.equal(parseExpression(' data.d ', '').name, 'data.d');
  assert.equal(parseExpression('d/n', '').name, undefined);
});

test('what is no formula is one sentence', () => {
  for (const text of [
    '',
    'n*',
    '*n',
    'd^^2',
    '(n',
    'n d',
    'n; d',
    'sin(d)',
    'sqrt(n, d)',
    'min()',
    'n ? 1 : 2',
    'n == 3',
    'n && d',
    '!n',
    '~n',
    'n % 3',
    '"text"',
    'true',
    'null',
    '[n]',
    'n[0]',
    'data["d"]',
    'process.exit()',
    'constructor.constructor("return 1")()',
    'this.n',
    '`n`',
    'n = 3',
    'n => n',
    'toString()',
    '1e999',
  ])
    assert.throws(
      () => value(text),
      (error: unknown) =>
        error instanceof UserError && error.message.startsWith('here: ') && !error.message.includes('\n'),
      text,
    );
});

test('any formula of numbers is what JavaScript makes of it', () => {
  const leaf = fc.double({ min: 0.1, max: 9, noNaN: true }).map((x) => x.toFixed(3));
  const formula = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([a, b, c]) => `(${a} - ${b} * ${c})`),
      tie('tree').map((a) => `(-${a})`),
    ),
  })).tree;
  fc.assert(
    fc.property(formula, (text) => {
      const expected = Number(new Function(`return ${text}`)());
      assert.ok(Object.is(value(text), expected) || value(text) === expected, text);
    }),
    { seed: 14, numRuns: 300 },
  );
});
