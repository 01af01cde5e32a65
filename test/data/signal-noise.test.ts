import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lawOf, patchVector } from '../../src/data/sample.ts';
import { contradiction } from '../../src/dynamics/contradiction.ts';
import { drawSignalNoise, type SignalNoiseParameters } from '../../src/data/signal-noise.ts';
import { anchorsOf, DATA, key } from '../helpers/problems.ts';

const draw = (changes: Partial<SignalNoiseParameters>, seed = 1) => drawSignalNoise({ ...DATA, ...changes }, key(seed));

test('shapes and parts: the signal first, then one noise a sample, two patches each', () => {
  for (const [choice, d, used] of [
    ['d-free', 30, 9],
    ['d-free', 9, 9],
    ['d-free', 5, 5],
    ['explicit', 30, 30],
    ['d-free', 1e12, 9],
  ] as const) {
    const sample = draw({ draw: choice, d });
    assert.deepEqual(sample.frame, { ambient: d, used });
    assert.equal(sample.anchors, 9);
    assert.equal(sample.vectors.length, 9 * used);
    assert.deepEqual(sample.roles, { signal: [0], noisy: [1], noise: [1, 2, 3, 4, 5, 6, 7, 8] });
    const [signal, ...noises] = anchorsOf(sample);
    assert.deepEqual([...signal], [2, ...new Array<number>(used - 1).fill(0)]);
    for (let i = 0; i < 8; i++) {
      assert.deepEqual(
        patchVector(sample, i, 0),
        signal.map((x) => sample.trueLabels[i] * x + 0),
      );
      assert.deepEqual(patchVector(sample, i, 1), noises[i]);
    }
  }
});

test('the law of a fresh point: two atoms, the noise scale, the flip', () => {
  const fresh = lawOf(draw({ sigmaP: 0.7, flip: 0.2 }));
  assert.deepEqual(fresh.noisy, [{ patch: 1, sigma: 0.7, projectedAxes: [0] }]);
  assert.equal(fresh.flip, 0.2);
  assert.deepEqual(fresh.atoms, [
    { probability: 0.5, label: 1, patches: [[[0, 1]], []] },
    { probability: 0.5, label: -1, patches: [[[0, -1]], []] },
  ]);
  assert.deepEqual(lawOf(draw({ projected: false })).noisy[0].projectedAxes, []);
});

test('projected noise is orthogonal to the signal, also at mu = 0; raw noise is the same but for that coordinate', () => {
  for (const choice of ['d-free', 'explicit'] as const) {
    for (const mu of [0, 3]) {
      const projected = anchorsOf(draw({ draw: choice, mu }));
      const raw = anchorsOf(draw({ draw: choice, mu, projected: false }));
      for (let k = 1; k < projected.length; k++) {
        assert.equal(projected[k][0], 0);
        assert.notEqual(raw[k][0], 0);
        assert.deepEqual(raw[k].slice(1), projected[k].slice(1));
      }
    }
  }
});

test('draws are nested: the first rows and labels stay when n grows, the noise scales with sigmaP', () => {
  for (const choice of ['d-free', 'explicit'] as const) {
    const law = { flip: 0.3, draw: choice, d: 40 };
    const small = draw({ ...law, n: 6 });
    const large = draw({ ...law, n: 20 });
    assert.deepEqual(large.labels.slice(0, 6), small.labels);
    assert.deepEqual(large.trueLabels.slice(0, 6), small.trueLabels);
    const rows = anchorsOf(large);
    anchorsOf(small).forEach((row, k) => assert.deepEqual(rows[k].slice(0, row.length), row));
    const wide = anchorsOf(draw({ ...law, n: 6, sigmaP: 4 })); // a power of 2: exact
    anchorsOf(small)
      .slice(1)
      .forEach((row, i) =>
        assert.deepEqual(
          wide[i + 1],
          row.map((x) => 4 * x),
        ),
      );
  }
});

test('another replicate or seed draws other noise; the same key the same', () => {
  const rows = (seed: number, replicate: number): string => drawSignalNoise(DATA, key(seed, replicate)).vectors.join();
  assert.equal(rows(1, 0), rows(1, 0));
  assert.equal(new Set([rows(1, 0), rows(1, 1), rows(2, 0)]).size, 3);
});

test('a contradiction is two equal inputs with opposite labels, and nothing else', () => {
  assert.equal(contradiction(draw({ flip: 0.4, n: 50 })), null); // distinct noises
  assert.equal(contradiction(draw({ sigmaP: 0 })), null); // equal inputs, equal labels
  const flipped = draw({ sigmaP: 0, flipLaw: 'exact', flips: 1, n: 20 });
  const pair = contradiction(flipped);
  assert.ok(pair);
  const [i, j] = pair;
  assert.equal(flipped.trueLabels[i], flipped.trueLabels[j]);
  assert.notEqual(flipped.labels[i], flipped.labels[j]);
  const noSignal = draw({ sigmaP: 0, mu: 0, n: 20 }); // every input is 0: even the -0 of a negative label
  assert.ok(contradiction(noSignal));
});
