/** Every kernel has a twin in TypeScript and a test that holds their bits equal: the table in docs/architecture.md. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codes } from '../../src/core/kernel.layout.ts';
import { kernel } from '../../src/core/kernel.ts';
import { root } from '../helpers/benign.ts';

/** What the module exports beside kernels: its memory, and where that is free. */
const NO_KERNELS = ['memory', 'heapBase'];

const HEAD = '| kernel | called by | twin | held equal by |\n| --- | --- | --- | --- |\n';

interface Row {
  readonly kernels: readonly string[];
  /** none where only other kernels call */
  readonly host: readonly string[];
  readonly twin: string;
  readonly held: string;
}

const inCode = (cell: string): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, text]) => text!);

function readTable(page: string): Row[] {
  const [, table] = page.split(HEAD);
  assert.ok(table, 'the table is there');
  return table
    .slice(0, table.indexOf('\n\n'))
    .split('\n')
    .map((line) => {
      const [kernels, host, twin, held] = line.split('|').slice(1, 5).map(inCode);
      return { kernels: kernels!, host: host!.map((file) => `src/${file}`), twin: `src/${twin![0]}`, held: held![0]! };
    });
}

/** What is wrong with the table, in words. */
function faults(rows: readonly Row[], kernels: readonly string[]): string[] {
  const named = rows.flatMap((row) => row.kernels);
  const imports = (held: string, twin: string): boolean =>
    new RegExp(`from '(\\.\\./)+${twin.replaceAll('.', '\\.')}'`).test(readFileSync(join(root, held), 'utf8'));
  return [
    ...kernels.filter((name) => !named.includes(name)).map((name) => `${name} has no twin`),
    ...named.filter((name) => !kernels.includes(name)).map((name) => `${name} is no kernel`),
    ...rows.flatMap(({ host, twin, held }) => [
      ...[...host, twin, held].filter((file) => !existsSync(join(root, file))).map((file) => `${file} does not exist`),
      ...(existsSync(join(root, held)) && !imports(held, twin) ? [`${held} does not import ${twin}`] : []),
    ]),
  ];
}

const kernels = [
  ...Object.keys(kernel().exports).filter((name) => !NO_KERNELS.includes(name)),
  ...Object.keys(codes.Form).map((form) => `Form.${form}`),
];

test('docs/architecture.md names the twin of every kernel and of every form, and the test that holds them equal', () => {
  const rows = readTable(readFileSync(join(root, 'docs', 'architecture.md'), 'utf8'));
  assert.ok(kernels.length > 30, 'the module has told its exports');
  assert.deepEqual(faults(rows, kernels), []);
  // Negative controls.
  assert.deepEqual(faults(rows, [...kernels, 'newKernel']), ['newKernel has no twin']);
  assert.deepEqual(
    faults(
      rows,
      kernels.filter((name) => name !== 'chi'),
    ),
    ['chi is no kernel'],
  );
  const [first, ...others] = rows;
  assert.deepEqual(faults([{ ...first!, held: 'test/gone.test.ts' }, ...others], kernels), [
    'test/gone.test.ts does not exist',
  ]);
  assert.deepEqual(faults([{ ...first!, twin: 'src/core/scale.ts' }, ...others], kernels), [
    `${first!.held} does not import src/core/scale.ts`,
  ]);
});
