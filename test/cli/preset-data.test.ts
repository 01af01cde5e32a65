/** Presets that need files: without them one sentence and nothing written, with them runs, and judged again without. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { here, lab, memory, reproduce } from '../../src/index.ts';
import { PAPERS } from '../../src/papers/index.ts';
import { CIFAR_10, UNKNOWN } from '../../src/papers/data-sets.ts';
import { benign, inFolder, storedLines } from '../helpers/benign.ts';

const FASHION = process.env['BENIGN_FASHION_MNIST'] ?? '/usr/share/datasets/fashion-mnist';
const noFashion =
  !existsSync(FASHION) && `there is no ${FASHION} (Debian: dataset-fashion-mnist); BENIGN_FASHION_MNIST names another`;

const needy = PAPERS.flatMap((paper) =>
  paper.figures.flatMap((figure) =>
    figure.variants.flatMap(({ id, needs, spec }) =>
      needs ? [{ name: `${paper.id}/${figure.id}`, id, needs, spec }] : [],
    ),
  ),
);

/** As if a package's folder were not there. */
async function withoutPlaces<T>(work: () => T | Promise<T>): Promise<T> {
  const before = process.env['BENIGN_FASHION_MNIST'];
  process.env['BENIGN_FASHION_MNIST'] = '/nowhere';
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['BENIGN_FASHION_MNIST'];
    else process.env['BENIGN_FASHION_MNIST'] = before;
  }
}

/** Synthetic, of the form of CIFAR-10's binary version: what can be tested where nobody has the files. */
function writeBatch(folder: string): void {
  mkdirSync(folder);
  const batch = new Uint8Array(400 * 3073).map((_, at) =>
    at % 3073 === 0 ? Math.floor(at / 3073) % 2 : ((at * at * 7919 + at * 104729) % 1009) % 256,
  );
  writeFileSync(join(folder, 'data_batch_1.bin'), batch);
}

test('the specs of presets with data name its content, its dimension and no folder', () => {
  assert.ok(needy.length >= 7);
  for (const { name, needs, spec } of needy) {
    const { files, data } = spec as { files: { points: string }; data: { model: string; content: string; d?: number } };
    assert.equal(files.points, needs.points, name);
    assert.ok(!files.points.includes('/'));
    assert.deepEqual([data.model, data.content], ['dataset', needs.content ?? UNKNOWN], name);
  }
});

test('without its files a preset says in one sentence what it needs, and nothing is written', () =>
  withoutPlaces(() =>
    inFolder(async (folder) => {
      for (const { name, id, needs } of needy) {
        const out = join(folder, 'out');
        const { code, stdout, stderr } = benign(['reproduce', name, '--variant', id, '--out', out]);
        assert.deepEqual([code, stdout, existsSync(out)], [1, '', false], name);
        assert.match(stderr, /^benign: not run: [^\n]+, see docs\/real-data\.md: name their folder with --data\n$/);
        assert.ok(stderr.includes(`${name} needs ${needs.points} (${needs.says}`));
        await assert.rejects(
          () => reproduce(lab, name, { variant: id, pool: here(), store: memory() }),
          ({ name: kind, message }: Error) => kind === 'UserError' && stderr === `benign: ${message}\n`,
        );
      }
      // A file of that name that holds other data.
      const idx = (...shape: number[]): Uint8Array => {
        const head = [0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n])];
        return Uint8Array.from([...head, ...new Uint8Array(shape.reduce((a, b) => a * b))]);
      };
      writeFileSync(join(folder, 't10k-images-idx3-ubyte'), idx(2, 28, 28));
      writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idx(2));
      const other = benign(['reproduce', 'huang-2025/mnist', '--data', folder, '--out', join(folder, 'out')]);
      assert.equal(other.code, 1);
      assert.match(other.stderr, /t10k-images-idx3-ubyte holds other data; name their folder with --data\n$/);
    }),
  ));

test('CIFAR-10 by path alone: a synthetic batch runs, its content stands in the records, which are judged without it', () =>
  inFolder(async (folder) => {
    const batches = join(folder, CIFAR_10.points);
    writeBatch(batches);
    const out = join(folder, 'out');
    const call = ['reproduce', 'huang-2025/cifar', '--quick', '--runs', '1', '--workers', '1', '--out', out];
    const made = benign([...call, '--data', folder]);
    assert.equal(made.code, 4, made.stderr);
    const lines = storedLines(out);
    assert.equal(lines.length, 4);
    const contents = new Set(
      lines.map((line) => (JSON.parse(line) as { cell: { data: { content: string } } }).cell.data.content),
    );
    assert.equal(contents.size, 1);
    assert.match([...contents][0]!, /^(?!0{64})[0-9a-f]{64}$/);
    // Neither the folder's spec nor a picture says where the files lay.
    for (const file of ['spec.yaml', ...readdirSync(join(out, 'figures')).map((one) => join('figures', one))])
      assert.ok(!readFileSync(join(out, file), 'latin1').includes(batches), file);
    const again = benign(call);
    assert.equal(again.code, 4, again.stderr);
    assert.deepEqual(storedLines(out), lines);
    const more = benign([...call, '--runs', '2']);
    assert.equal(more.code, 1);
    assert.match(more.stderr, /^benign: not run: huang-2025\/cifar needs/);

    const store = memory();
    const run = { pool: here(), store, quick: true, runs: 1, data: [batches] };
    const { spec, runs } = await reproduce(lab, 'huang-2025/cifar', run);
    assert.deepEqual([spec.values.get('data.content'), runs], [[...contents][0], 4]);
  }));

test('real/transition on the Fashion-MNIST of a package: found unasked, run, drawn', { skip: noFashion }, () =>
  inFolder((folder) => {
    const out = join(folder, 'out');
    const { code, stderr } = benign(['reproduce', 'real/transition', '--quick', '--runs', '2', '--out', out]);
    assert.ok([0, 3, 4].includes(code!), stderr);
    assert.equal(storedLines(out).length, 16);
    assert.ok(existsSync(join(out, 'figures', 'divisor.svg')));
    const again = benign(['doctor', out, '--sample', '1']);
    assert.equal(again.code, 0, again.stdout + again.stderr);
  }),
);
