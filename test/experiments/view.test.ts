/** Views in a spec: read with places, kept, and no part of any run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { cellId } from '../../src/experiments/cell.ts';
import { specJsonSchema } from '../../src/experiments/spec-schema.ts';
import { changeSpec, parseSpec, specToYaml } from '../../src/experiments/spec-text.ts';
import { writeSpec } from '../../src/experiments/spec-write.ts';
import { cells } from '../../src/experiments/spec.ts';

const GRID = `data: {mu: 5}
network: {m: 4}
axes: {data.n: [10, 20], data.d: [50, 100]}
runs: 2
`;
const VIEWS = `figures:
  - {x: S, y: testErrorClean, color: n, log: [x, y], name: control}
  - {x: d/n, y: 'log10(trainLoss)', where: 'd>=60', log: x, show: quantiles}
  - {y: d, x: n, color: testError, level: .2, theory: true}
`;

test('views are read, kept in a folder’s spec, and lie outside of every cell', () => {
  const spec = parseSpec(GRID + VIEWS, 'a.yaml');
  assert.deepEqual(spec.figures, [
    { x: 'S', y: 'testErrorClean', color: 'n', log: ['x', 'y'], name: 'control' },
    { x: 'd/n', y: 'log10(trainLoss)', where: ['d>=60'], log: ['x'], show: 'quantiles' },
    { y: 'd', x: 'n', color: 'testError', level: [0.2], theory: true },
  ]);
  const plain = parseSpec(GRID, 'b.yaml');
  assert.deepEqual([...cells(spec)].map(cellId), [...cells(plain)].map(cellId));
  assert.deepEqual(writeSpec(spec), writeSpec(plain), 'what makes runs');
  assert.deepEqual(parseSpec(specToYaml(spec, 'kept'), 'kept').figures, spec.figures);
  assert.deepEqual(changeSpec(spec, { 'data.mu': 4 }, 'changed').figures, spec.figures);
  assert.equal(plain.figures, undefined);
});

test('what is wrong with a view has its place', () => {
  for (const [view, expected] of [
    ['{x: Sx}', /^a\.yaml:6:9 figures\.0\.x: Sx: "Sx" is no number here, did you mean S\?$/],
    ['{y: maxMarginError}', /figures\.0\.y: maxMarginError: the runs do not keep maxMarginError; name it under record/],
    ['{color: m^}', /figures\.0\.color: m\^: cannot be read as a formula/],
    ['{colour: m}', /figures\.0\.colour: unknown key, did you mean color\?/],
    ['{where: m is 10}', /figures\.0\.where: m is 10: must be a condition such as m=10/],
    ['{where: q9=10}', /figures\.0\.where: q9=10: "q9" is no number here/],
    ['{show: all}', /figures\.0\.show: must be one of means, quantiles, runs, got "all"/],
    ['{log: [x, z]}', /figures\.0\.log\.1: must be one of x, y, color, got "z"/],
    ['{level: high}', /figures\.0\.level\.0: must be a finite number, got the text "high"/],
    ['{theory: 3}', /figures\.0\.theory: must be true or false, got 3/],
    ['{name: ../a}', /figures\.0\.name: must be a file name of letters, digits, - and _, got "\.\.\/a"/],
    ['{x: 3}', /figures\.0\.x: must be a name or a formula, got 3/],
    ['{name: a}\n  - {name: a}', /figures\.1\.name: "a" is the name of figures\.0 already/],
    ['S', /figures\.0: must be a mapping, got the text "S"/],
  ] as const)
    assert.throws(
      () => parseSpec(`${GRID}figures:\n  - ${view}\n`, 'a.yaml'),
      (error: unknown) => error instanceof UserError && expected.test(error.message),
      view,
    );
  assert.throws(() => parseSpec(`${GRID}figures: S\n`, 'a.yaml'), /figures: must be a list of views, got the text "S"/);
});

test('editors know the form', () => {
  const { properties } = specJsonSchema() as {
    properties: { figures: { items: { properties: Record<string, unknown>; additionalProperties: boolean } } };
  };
  const { items } = properties.figures;
  assert.deepEqual(Object.keys(items.properties).slice(0, 6), ['name', 'title', 'x', 'y', 'color', 'facet']);
  assert.equal(items.additionalProperties, false);
  assert.deepEqual(items.properties['level'], {
    anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' } }],
    description: 'level sets of a map, lines across curves',
  });
});
