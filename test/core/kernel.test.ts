/** The kernel's host, streams, functions and linear algebra against the TypeScript reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as fast from '../../src/core/kernel-algebra.ts';
import { fill, gaussianRows } from '../../src/core/kernel-random.ts';
import { kernel } from '../../src/core/kernel.ts';
import * as plain from '../../src/core/linear-algebra.ts';
import { philox, PURPOSES, Stream, type Purpose, type StreamKey } from '../../src/core/random.ts';
import { gaussianRows as plainRows } from '../../src/core/rows.ts';
import { exp, log, normalQuantile, normalTail } from '../../src/core/special.ts';

/** Known answers of Philox4x32-10 from Random123's kat_vectors: counter, key, output. */
const KNOWN: readonly (readonly (readonly number[])[])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

function kernelPhilox(c: readonly number[], k: readonly number[]): number[] {
  const host = kernel();
  host.freeScratch();
  const out = host.take(16);
  host.exports.philox(c[0]!, c[1]!, c[2]!, c[3]!, k[0]!, k[1]!, out);
  return Array.from(host.i32.subarray(out / 4, out / 4 + 4), (word) => word >>> 0);
}

test('Philox gives the known answers of Random123, in the kernel and in TypeScript', () => {
  for (const [counter, key, answer] of KNOWN) {
    assert.deepEqual(kernelPhilox(counter!, key!), answer);
    const out = new Uint32Array(4);
    philox(counter!, key!, out);
    assert.deepEqual([...out], answer);
  }
  assert.notDeepEqual(kernelPhilox([1, 0, 0, 0], [0, 0]), KNOWN[0]![2], 'negative control');
});

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const key = fc.record<StreamKey>({
  seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  cell: fc.tuple(word, word),
  replicate: word,
});
const purpose = fc.constantFrom(...(Object.keys(PURPOSES) as Purpose[]));
const index = fc.integer({ min: 0, max: 2 ** 22 - 1 });

test('streams: uniforms, normals and chis are those of the reference', () => {
  fc.assert(
    fc.property(
      key,
      purpose,
      index,
      fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 40 })),
      (key, purpose, index, freedom) => {
        for (const law of ['uniform', 'normal', { chi: freedom }] as const) {
          const stream = new Stream(key, purpose, index);
          const expected = Float64Array.from({ length: 60 }, () =>
            law === 'uniform' ? stream.uniform() : law === 'normal' ? stream.normal() : stream.chi(freedom),
          );
          assert.deepEqual(fill(law, key, purpose, index, 60), expected);
        }
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

test('a long stretch of normals passes through the wedges and the tail', () => {
  const one: StreamKey = { seed: 5, cell: [1, 2], replicate: 3 };
  const ours = fill('normal', one, 'test', 0, 300_000);
  const stream = new Stream(one, 'test', 0);
  assert.ok(ours.every((x) => Object.is(x, stream.normal())));
  assert.ok(ours.some((x) => Math.abs(x) > 3.6541528853610088));
  const other = new Stream({ ...one, replicate: 4 }, 'test', 0);
  assert.ok(!ours.slice(0, 10).every((x) => Object.is(x, other.normal())), 'negative control');
});

test('Gaussian rows in an adapted frame, cut off where d runs out', () => {
  fc.assert(
    fc.property(
      key,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 20 }),
      fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(1e9)),
      fc.constantFrom(0, 0.01, 1),
      (key, rows, taken, ambient, scale) => {
        const first = Math.min(taken, ambient);
        const law = {
          rows,
          columns: Math.min(ambient, first + rows),
          ambient,
          first,
          scale,
          normals: 'init/weights',
          chis: 'init/chi',
        } as const;
        assert.deepEqual(gaussianRows(law, key), plainRows(law, key));
      },
    ),
    { numRuns: 300, seed: 2 },
  );
});

test('exp, log, normal tail and quantile: the bits of the reference', () => {
  const { exports } = kernel();
  const same = (ours: number, expected: number, of: string): void =>
    assert.ok(Object.is(ours, expected), `${of}: ${ours}, ${expected}`);
  const special = [
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    1e-310,
    2.2250738585072014e-308,
    709.78,
    709.79,
    -708.5,
    -745.1,
    -745.2,
    1.7976931348623157e308,
    0.46875,
    4,
    -4,
    38.6,
  ];
  const check = (x: number): void => {
    same(exports.exp(x), exp(x), `exp(${x})`);
    same(exports.log(x), log(x), `log(${x})`);
    same(exports.normalTail(x), normalTail(x), `tail(${x})`);
  };
  special.forEach(check);
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.double({ min: -750, max: 750 }), fc.double({ min: -9, max: 9 })), check),
    { numRuns: 3000, seed: 3 },
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true }), (u) =>
      same(exports.normalQuantile(u), normalQuantile(u), `quantile(${u})`),
    ),
    { numRuns: 3000, seed: 4 },
  );
});

test('several at a time: the same bits as one by one', () => {
  const host = kernel();
  host.freeScratch();
  const at = host.take(64);
  const inPlace = (f: (at: number) => void, x: readonly number[]): number[] => {
    host.f64.set(x, at / 8);
    f(at);
    return Array.from(host.f64.subarray(at / 8, at / 8 + x.length));
  };
  const { exp8, normalQuantile2 } = host.exports;
  const number = fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -720, max: 720 }) },
    { weight: 1, arbitrary: fc.double() },
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 8, maxLength: 8 }), (x) =>
      assert.deepEqual(inPlace(exp8, x), x.map(exp)),
    ),
    { numRuns: 2000, seed: 5 },
  );
  // From the least number that a lattice gives; far tails, where r > 5, among them.
  const least = 2 ** -54;
  const uniform = fc.oneof(
    fc.double({ min: least, max: 1 - 2 ** -53 }),
    fc.double({ min: least, max: 1e-9 }),
    fc.constantFrom(least, 2 ** -53, 0.075, 0.925, 1 - 2 ** -53, 0.5),
  );
  fc.assert(
    fc.property(uniform, uniform, (u, v) =>
      assert.deepEqual(inPlace(normalQuantile2, [u, v]), [normalQuantile(u), normalQuantile(v)]),
    ),
    { numRuns: 3000, seed: 6 },
  );
});

const matrix = (rows: number, columns: number, seed: number): Float64Array => {
  const stream = new Stream({ seed, cell: [0, 0], replicate: 0 }, 'test');
  // Many exact zeros and equal entries, so that special cases come up.
  return Float64Array.from({ length: rows * columns }, () => (stream.uniform() < 0.2 ? 0 : stream.normal()));
};

test('products and LQ factors: the bits of the reference', () => {
  const size = fc.integer({ min: 1, max: 23 });
  fc.assert(
    fc.property(size, size, size, fc.integer({ min: 0, max: 1e6 }), (rows, inner, columns, seed) => {
      const a = matrix(rows, inner, seed);
      assert.deepEqual(
        fast.product(a, rows, matrix(inner, columns, seed + 1), inner, columns),
        plain.product(a, rows, matrix(inner, columns, seed + 1), inner, columns),
      );
      assert.deepEqual(
        fast.productTransposed(a, rows, matrix(columns, inner, seed + 2), columns, inner),
        plain.productTransposed(a, rows, matrix(columns, inner, seed + 2), columns, inner),
      );
      assert.deepEqual(fast.factorLQ(a, rows, inner), plain.factorLQ(a, rows, inner));
      const zero = a.fill(0, 0, inner); // a row without length
      assert.deepEqual(fast.factorLQ(zero, rows, inner), plain.factorLQ(zero, rows, inner));
    }),
    { numRuns: 400, seed: 5 },
  );
});

test('large products, in blocks: the bits of the reference', () => {
  // More than one block of rows and of sums, and edges that fill no tile; triangles, whose zeros are left out.
  for (const [rows, inner, columns] of [
    [131, 257, 67],
    [66, 600, 70],
    [201, 130, 81],
    [3, 900, 801],
  ] as const) {
    assert.ok(rows * inner * columns >= 2 ** 21, 'large enough to go in blocks');
    for (const lower of [false, true]) {
      const cut = (x: Float64Array, width: number): Float64Array =>
        x.map((value, at) => (lower && at % width > Math.floor(at / width) ? 0 : value));
      const a = cut(matrix(rows, inner, 1), inner);
      const b = cut(matrix(inner, columns, 2), columns);
      const others = cut(matrix(columns, inner, 3), inner);
      assert.deepEqual(fast.product(a, rows, b, inner, columns), plain.product(a, rows, b, inner, columns));
      assert.deepEqual(
        fast.productTransposed(a, rows, others, columns, inner),
        plain.productTransposed(a, rows, others, columns, inner),
      );
      assert.deepEqual(
        fast.productTransposed(a, rows, a, rows, inner),
        plain.productTransposed(a, rows, a, rows, inner),
      );
      others[0] = Infinity; // times a left-out zero would be NaN
      a.fill(0, 0, inner);
      const ours = fast.productTransposed(a, rows, others, columns, inner);
      assert.deepEqual(ours, plain.productTransposed(a, rows, others, columns, inner));
      assert.ok(Number.isNaN(ours[0]));
    }
  }
});

test("memory: an owner's block outlives other owners and growth", () => {
  const host = kernel();
  const [one, two] = [{}, {}];
  host.claim(one, 800);
  host.f64.fill(1, host.base / 8, host.base / 8 + 100);
  host.claim(two, 80);
  host.f64.fill(2, host.base / 8, host.base / 8 + 10);
  const scratch = host.take(40e6);
  host.f64.fill(3, scratch / 8, scratch / 8 + 5e6);
  host.hold(one);
  assert.deepEqual(host.f64.slice(host.base / 8, host.base / 8 + 100), new Float64Array(100).fill(1));
  host.hold(two);
  assert.deepEqual(host.f64.slice(host.base / 8, host.base / 8 + 10), new Float64Array(10).fill(2));
  assert.throws(() => host.hold({}), RangeError);
});
