import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Resvg } from '@resvg/resvg-js';
import { figure } from '../../src/figures/figure.ts';
import { textWidth, typeset, wrap, wrapItems } from '../../src/figures/text.ts';
import { logTicks, ticksAt } from '../../src/figures/ticks.ts';

test('subscripts and superscripts', () => {
  assert.equal(
    typeset('‖μ‖ = (κσ_p⁴d/n)^{1/4}, σ_0, y_i = −j, 10^{-3}, x^2'),
    '‖μ‖ = (κσₚ⁴d/n)¹ᐟ⁴, σ₀, yᵢ = −j, 10⁻³, x²',
  );
  assert.equal(typeset('file_name, ω_init, 2^{abc}, d^0.5, d^10'), 'file_name, ω_init, 2^{abc}, d^0.5, d¹⁰');
});

test('widths are those of the font', () => {
  const require = createRequire(import.meta.url);
  for (const [weight, file] of [
    ['normal', 'DejaVuSans.ttf'],
    ['bold', 'DejaVuSans-Bold.ttf'],
  ] as const) {
    for (const text of ['Hamburgefonstiv 0123456789', 'n = 20, m = 10; (median SE 0.0031)']) {
      const svg = (line: string): string =>
        `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="50"><text y="30" font-size="20" font-weight="${weight}" font-family="DejaVu Sans">${line}</text></svg>`;
      const options = {
        font: { loadSystemFonts: false, fontFiles: [require.resolve(`dejavu-fonts-ttf/ttf/${file}`)] },
      };
      // between two bars of equal shape: their side bearings drop out
      const box = (line: string): { readonly width: number } => new Resvg(svg(line), options).getBBox()!;
      const bars = box(`|${text}|`);
      const alone = box('||');
      assert.ok(Math.abs(bars.width - alone.width - textWidth(text, 20, weight === 'bold')) < 6, text);
    }
  }
});

test('lines are broken at spaces, and words that are longer than a line inside', () => {
  assert.deepEqual(
    wrap('one two three', 7, (line) => line.length),
    ['one two', 'three'],
  );
  assert.deepEqual(
    wrap('an incomprehensibility', 7, (line) => line.length),
    ['an', 'incompr', 'ehensib', 'ility'],
  );
});

test('ticks of logarithmic scales', () => {
  assert.deepEqual(logTicks(95, 1100).values, [100, 200, 500, 1000]);
  assert.deepEqual(logTicks(1e-7, 1e-1).values, [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]);
  assert.equal(ticksAt([1e-4, 5e-4]).labelExpr, '["10⁻⁴","5·10⁻⁴"][indexof([0.0001,0.0005], datum.value)]');
  assert.equal(ticksAt([-1, 0, 2.5]).labelExpr, '["−1","0","2.5"][indexof([-1,0,2.5], datum.value)]');
});

test('a list is broken between its items; a very long title keeps its beginning and its end', () => {
  const measure = (line: string): number => line.length;
  assert.deepEqual(wrapItems('n = 20, d = 1000, p = 0.1', 18, measure), ['n = 20, d = 1000,', 'p = 0.1']);
  assert.deepEqual(wrapItems('a; one sentence that is long', 12, measure), ['a; one', 'sentence', 'that is long']);
  const { spec } = figure({ name: 'x', title: `${'W'.repeat(500)}: clean test error` }, 300, {});
  const { text } = spec['title'] as { text: string[] };
  assert.equal(text.length, 4);
  assert.equal(text.at(-1), '… clean test error');
});
