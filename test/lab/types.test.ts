/** What the types allow: this file compiles only while each line that is marked does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activation, dataModel, drawSignalNoise, engine, loss, observable, rule, type Part } from '../../src/index.ts';

const rho = { glyph: 'ρ', meaning: 'a share', range: [0, 1], default: 0.5 } as const;
const ones = { glyph: 'g', meaning: 'm' } as const;

test('an observable sees what it needs, a part its parameters, an id has a slash', () => {
  const parts = (): Part[] => [
    observable({
      ...ones,
      id: 'types/span',
      needs: ['span'],
      of: ({ view }) => view.coefficients[0]! + view.products()[0]!,
    }),
    observable({ ...ones, id: 'types/two-layer', needs: ['two-layer'], of: ({ view }) => view.bias[0]! }),
    observable({
      ...ones,
      id: 'types/plain',
      needs: [],
      of: ({ view, sample, run }) => view.outputs[0]! + sample.n + run.flip,
    }),
    // @ts-expect-error coefficients are of the span
    observable({ ...ones, id: 'types/no-span', needs: [], of: ({ view }) => view.coefficients[0]! }),
    observable({
      ...ones,
      id: 'types/less',
      needs: ['two-layer', 'fixed-output'],
      // @ts-expect-error coefficients are of the span
      of: ({ view }) => view.coefficients[0]!,
    }),
    // @ts-expect-error an observable of one's own sees one state
    observable({ ...ones, id: 'types/entries', needs: [], of: ({ watched }) => Number(watched) }),
    // @ts-expect-error a number
    observable({ ...ones, id: 'types/text', needs: [], of: () => '3' }),
    dataModel({
      id: 'types/model',
      parameters: { rho },
      draw: (data, key) => drawSignalNoise({ ...data, mu: data.rho + data.mu }, key),
    }),
    dataModel({
      id: 'types/model-key',
      parameters: { rho },
      // @ts-expect-error no such parameter
      draw: (data, key) => drawSignalNoise({ ...data, mu: data.tau }, key),
    }),
    // @ts-expect-error none was declared
    dataModel({ id: 'types/model-none', draw: (data, key) => drawSignalNoise({ ...data, mu: data.rho }, key) }),
    // @ts-expect-error a sample
    dataModel({ id: 'types/model-sample', draw: () => ({ n: 3 }) }),
    activation({
      id: 'types/activation',
      parameters: { rho },
      value: (h, values) => h * values.rho,
      slope: (_, values) => values.rho,
    }),
    // @ts-expect-error no such parameter
    activation({ id: 'types/activation-key', parameters: { rho }, value: (h, { tau }) => h * tau, slope: () => 1 }),
    loss({
      id: 'types/loss',
      parameters: { rho },
      value: (z, values) => Math.exp(-values.rho * z),
      slope: (z, values) => values.rho * Math.exp(-values.rho * z),
    }),
    rule({
      id: 'types/rule',
      parameters: { rho },
      start: (_, values) => ({ move: (pull) => pull[0]! * values.rho !== 0 }),
    }),
    // @ts-expect-error says whether it moves
    rule({ id: 'types/rule-void', start: () => ({ move: () => {} }) }),
    // @ts-expect-error both
    engine({ id: 'types/engine', refuses: () => [] }),
  ];
  assert.throws(parts, /types\/engine: start: must be a function/);
  // @ts-expect-error no slash
  assert.throws(() => observable({ ...ones, id: 'spread', needs: [], of: () => 1 }));
  assert.throws(() =>
    activation({
      id: 'types/default',
      // @ts-expect-error no default
      parameters: { rho: { glyph: 'ρ', meaning: 'm', range: [0, 1] } },
      value: (h) => h,
      slope: () => 1,
    }),
  );
  // @ts-expect-error a need of those who watch
  assert.throws(() => observable({ ...ones, id: 'types/every-step', needs: ['every-step'], of: () => 1 }));
});
