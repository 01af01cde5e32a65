import assert from 'node:assert/strict';
import { test } from 'node:test';
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import { philox, Stream, type Purpose, type StreamKey } from '../../src/core/random.ts';
import { normalCdf, normalTail } from '../../src/core/special.ts';
import { twoSidedP } from '../../src/core/statistics.ts';
import { key } from '../helpers/problems.ts';
import { holdsInLaw, ksAgainst } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL, ZIGGURAT } from '../tolerances.ts';

const hex = (text: string): number[] => text.split(' ').map((word) => Number.parseInt(word, 16));

test('philox4x32-10 gives the known answers of Random123 (kat_vectors)', () => {
  const answers = [
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const;
  for (const [counter, words, expected] of answers) {
    const out = new Uint32Array(4);
    philox(hex(counter), hex(words), out);
    assert.deepEqual([...out], hex(expected));
  }
});

// ---- an independent program in big integers ----

const M32 = 0xffffffffn;
const M64 = 0xffffffffffffffffn;

function bigPhilox(counter: bigint[], words: bigint[]): bigint[] {
  let [a, b, c, d] = counter;
  let [k0, k1] = words;
  for (let round = 0; round < 10; round++) {
    const left = 0xd2511f53n * a;
    const right = 0xcd9e8d57n * c;
    [a, b, c, d] = [(right >> 32n) ^ b ^ k0, right & M32, (left >> 32n) ^ d ^ k1, left & M32];
    k0 = (k0 + 0x9e3779b9n) & M32;
    k1 = (k1 + 0xbb67ae85n) & M32;
  }
  return [a, b, c, d];
}

function* bigXoshiro(s: bigint[]): Generator<bigint> {
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & M64;
  for (;;) {
    yield (rotate((s[0] + s[3]) & M64, 23n) + s[0]) & M64;
    const t = (s[1] << 17n) & M64;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45n);
  }
}

/** The stream as the format fixes it: purpose numbers, places of index and replicate in the counter. */
function bigStream(streams: StreamKey, purpose: number, index: number): Generator<bigint> {
  const words = [BigInt(streams.seed) & M32, BigInt(streams.seed) >> 32n];
  const state = [0n, 1n].flatMap((half) => {
    const block = bigPhilox(
      [
        BigInt(streams.cell[0]),
        BigInt(streams.cell[1]),
        BigInt(streams.replicate),
        (BigInt(purpose) << 24n) | (BigInt(index) << 2n) | half,
      ],
      words,
    );
    return [(block[0] << 32n) | block[1], (block[2] << 32n) | block[3]];
  });
  return bigXoshiro(state);
}

test('the big-integer xoshiro256++ gives the reference implementation’s numbers from state 1, 2, 3, 4', () => {
  // as in the tests of rand_xoshiro, which took them from xoshiro256plusplus.c
  const expected = [
    41943041n,
    58720359n,
    3588806011781223n,
    3591011842654386n,
    9228616714210784205n,
    9973669472204895162n,
    14011001112246962877n,
    12406186145184390807n,
    15849039046786891736n,
    10450023813501588000n,
  ];
  const numbers = bigXoshiro([1n, 2n, 3n, 4n]);
  assert.deepEqual(
    expected.map(() => numbers.next().value),
    expected,
  );
});

test('a stream is xoshiro256++ from a Philox state, for every purpose', () => {
  const purposes: Record<Purpose, number> = {
    'data/labels': 1,
    'data/rows': 25,
    'data/border': 26,
    'data/targets': 30,
    'data/flips': 2,
    'data/noise': 3,
    'data/chi': 4,
    'init/weights': 5,
    'init/chi': 6,
    'init/bias': 7,
    test: 8,
    'init/signs': 16,
    'data/scale': 20,
    'data/clusters': 21,
    'train/labels': 22,
    'train/batches': 24,
    'data/own': 23,
  };
  const streams: StreamKey = { seed: 2 ** 53 - 1 - 2 ** 33, cell: [0x89abcdef, 0xfedcba98], replicate: 0xffffffff };
  for (const [purpose, number] of Object.entries(purposes) as [Purpose, number][]) {
    for (const index of [0, 1, 2 ** 22 - 1]) {
      const stream = new Stream(streams, purpose, index);
      const judge = bigStream(streams, number, index);
      for (let draw = 0; draw < 500; draw++) {
        const [high, low] = stream.bits();
        assert.equal((BigInt(high) << 32n) | BigInt(low), judge.next().value);
      }
    }
  }
});

test('uniforms are the top 53 bits, integers their share', () => {
  const [a, b, c] = [0, 1, 2].map(() => new Stream(key(3), 'test'));
  for (let draw = 0; draw < 1000; draw++) {
    const [high, low] = a.bits();
    const u = b.uniform();
    assert.equal(u, Number(((BigInt(high) << 32n) | BigInt(low)) >> 11n) / 2 ** 53);
    assert.equal(c.integer(2 ** 32), high);
  }
});

test('the same name gives the same numbers; another seed, cell, replicate, purpose or index gives others', () => {
  const base: StreamKey = { seed: 7, cell: [1, 2], replicate: 3 };
  const first = (streams: StreamKey, purpose: Purpose = 'data/noise', index = 4): string =>
    new Stream(streams, purpose, index).bits().join();
  assert.equal(first(base), first({ ...base }));
  const all = [
    first(base),
    first({ ...base, seed: 8 }),
    first({ ...base, seed: 7 + 2 ** 32 }),
    first({ ...base, cell: [2, 2] }),
    first({ ...base, cell: [1, 3] }),
    first({ ...base, cell: [2, 1] }),
    first({ ...base, replicate: 4 }),
    first(base, 'data/chi'),
    first(base, 'data/noise', 5),
  ];
  assert.equal(new Set(all).size, all.length);
});

test('neighbouring streams look independent', (t) => {
  const count = 100_000;
  const firsts = Float64Array.from({ length: count }, (_, index) => new Stream(key(5), 'data/noise', index).normal());
  const replicates = Float64Array.from({ length: count }, (_, replicate) =>
    new Stream(key(5, replicate), 'test').normal(),
  );
  const correlation = (x: Float64Array): number =>
    twoSidedP(x.subarray(1).reduce((sum, value, i) => sum + value * x[i], 0) / Math.sqrt(count - 1));
  holdsInLaw(t, {
    'first normals over indices': ksAgainst(firsts, normalCdf),
    'first normals over replicates': ksAgainst(replicates, normalCdf),
    'correlation of neighbours in index': correlation(firsts),
    'correlation of neighbours in replicate': correlation(replicates),
  });
});

/** Doornik's ziggurat on raw bits, from the published R and V for 256 layers (Marsaglia, Tsang 2000). */
function bigNormals(bits: Generator<bigint>): () => number {
  const [R, V] = [3.6541528853610088, 0.00492867323399];
  const f = (x: number): number => Math.exp(-0.5 * x * x);
  const X = [V / f(R), R];
  while (X.length < 256) X.push(Math.sqrt(-2 * Math.log(V / X.at(-1)! + f(X.at(-1)!))));
  X.push(0);
  const next = (): bigint => bits.next().value as bigint;
  const uniform = (): number => Number(next() >> 11n) / 2 ** 53;
  return () => {
    for (;;) {
      const word = next();
      const layer = Number(word & 255n);
      const sign = word & 256n ? -1 : 1;
      const x = (Number(word >> 11n) / 2 ** 53) * X[layer];
      if (x < X[layer + 1]) return sign * x;
      if (layer > 0) {
        if (f(X[layer]) + uniform() * (f(X[layer + 1]) - f(X[layer])) < f(x)) return sign * x;
        continue;
      }
      for (;;) {
        const a = -Math.log(1 - uniform()) / R;
        const b = -Math.log(1 - uniform());
        if (2 * b >= a * a) return sign * (R + a);
      }
    }
  };
}

test('normals are a 256-layer ziggurat on the stream’s bits', () => {
  const stream = new Stream(key(17), 'test', 3);
  const judge = bigNormals(bigStream(key(17), 8, 3));
  let beyond = 0;
  for (let draw = 0; draw < 100_000; draw++) {
    const [ours, theirs] = [stream.normal(), judge()];
    assert.ok(Math.abs(ours - theirs) <= ZIGGURAT, `draw ${draw}: ${ours} instead of ${theirs}`);
    if (Math.abs(ours) > 3.6541528853610088) beyond++;
  }
  assert.ok(beyond > 5); // the tail's own branch was taken
});

test('normals: moments up to 4, Kolmogorov-Smirnov, and the tail beyond the ziggurat', (t) => {
  const R = 3.6541528853610088;
  const count = 4_000_000;
  const stream = new Stream(key(11), 'test');
  const x = Float64Array.from({ length: count }, () => stream.normal());
  const sums = [0, 0, 0, 0];
  for (const value of x) {
    let power = 1;
    for (let k = 0; k < 4; k++) sums[k] += power *= value;
  }
  const moments = [0, 1, 0, 3];
  const variances = [1, 2, 15, 96]; // of z, z^2, z^3, z^4
  const beyond = x.filter((value) => Math.abs(value) > R);
  const tail = 2 * normalTail(R);
  holdsInLaw(t, {
    ...Object.fromEntries(
      sums.map((sum, k) => [
        `moment ${k + 1}`,
        twoSidedP((sum / count - moments[k]) / Math.sqrt(variances[k] / count)),
      ]),
    ),
    'Kolmogorov-Smirnov': ksAgainst(x, normalCdf),
    'tail frequency': twoSidedP((beyond.length - count * tail) / Math.sqrt(count * tail * (1 - tail))),
    'law in the tail': ksAgainst(beyond.map(Math.abs), (value) => 1 - normalTail(value) / normalTail(R)),
    'side in the tail': twoSidedP(
      (2 * beyond.filter((value) => value > 0).length - beyond.length) / Math.sqrt(beyond.length),
    ),
  });
  // negative control: normals that are 1 % too wide
  assert.ok(
    ksAgainst(
      x.map((value) => 1.01 * value),
      normalCdf,
    ) < NEGATIVE_CONTROL,
  );
});

test('chi: its square has the chi-square law for k = 1, 2, 3, 100, and the right mean and spread at k = 1e9', (t) => {
  const count = 100_000;
  const squares = (k: number): Float64Array => {
    const stream = new Stream(key(13), 'data/chi', k % 1000);
    return Float64Array.from({ length: count }, () => stream.chi(k) ** 2);
  };
  const family: Record<string, number> = {};
  for (const k of [1, 2, 3, 100]) family[`k = ${k}`] = ksAgainst(squares(k), (x) => chiSquareCdf(x, k));
  const k = 1e9;
  const scaled = squares(k).map((x) => (x - k) / Math.sqrt(2 * k)); // standard normal up to a skewness of 1e-4
  family['mean at 1e9'] = twoSidedP(scaled.reduce((sum, x) => sum + x, 0) / Math.sqrt(count));
  family['variance at 1e9'] = twoSidedP(scaled.reduce((sum, x) => sum + x * x - 1, 0) / Math.sqrt(2 * count));
  holdsInLaw(t, family);
  // negative control: one degree of freedom too many
  assert.ok(ksAgainst(squares(101), (x) => chiSquareCdf(x, 100)) < NEGATIVE_CONTROL);
});
