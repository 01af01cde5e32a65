/** A quantity beside its bound: both are seen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsFigure, type BoundedSeries } from '../../src/figures/bounds.ts';
import type { JsonObject } from '../../src/figures/figure.ts';
import { drawn, words } from './sweeps.ts';

interface Layer {
  readonly data: { readonly values: readonly Record<string, number>[] };
  readonly encoding: { readonly y: { readonly scale: { readonly type: string; readonly domain: [number, number] } } };
}

async function panel(one: Partial<BoundedSeries>): Promise<{ layers: Layer[]; said: string[] }> {
  const figure = boundsFigure([{ title: 'a lemma', label: 'q', steps: [0, 1, 2], values: [0, 1, 2], ...one }], {
    name: 'lemmas',
    title: 'lemmas',
  });
  const [first] = figure.spec['vconcat'] as JsonObject[];
  return { layers: first!['layer'] as unknown as Layer[], said: words(await drawn(figure)) };
}

test('the bound is always inside the plot, whatever lies between it and the values', async () => {
  for (const [one, scale] of [
    [{ values: [1e-17, 0, 3e-17], most: 1e-10 }, 'log'],
    [{ values: [1, 2, 3], most: 5 }, 'linear'],
    [{ values: [1, 2, 3], least: 1e-6 }, 'linear'],
    [{ values: [0.5, 1, 2], least: -1e5 }, 'symlog'],
    [{ values: [-1e-9, 0, 1e-9], least: -1, most: 1 }, 'symlog'],
    [{ values: [0, 0, 0], most: 1e-10 }, 'linear'],
    [{ values: [NaN, 2, 3], least: 1, most: 20 }, 'linear'],
  ] as const) {
    const { layers, said } = await panel(one);
    const [value, bound] = layers as [Layer, Layer];
    const { type, domain } = value.encoding.y.scale;
    assert.equal(type, scale, JSON.stringify(one));
    assert.deepEqual(bound.encoding.y.scale, value.encoding.y.scale);
    for (const { end } of bound.data.values) assert.ok(end! >= domain[0] && end! <= domain[1], JSON.stringify(one));
    assert.ok(said.filter((word) => /^[−\d]/.test(word)).length >= 4, 'two labels on each axis');
  }
});

test('a scale that is not linear is said', async () => {
  const { said } = await panel({ values: [1e-17, 0, 3e-17], most: 1e-10 });
  assert.ok(
    said.some((word) => word.includes('at most 10⁻¹⁰ (log scale, 0 at the foot)')),
    said.join(' | '),
  );
});
