/** Labels flipped by class, by the length of the noise and by the margin: the laws as drawn, and what they leave alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiTail } from '../../src/core/chi-tail.ts';
import type { LeaningLaw } from '../../src/core/flip-laws.ts';
import { normalCdf } from '../../src/core/special.ts';
import { drawMixture, type MixtureParameters } from '../../src/data/mixture.ts';
import { lawOf, noiseRows, type Sample } from '../../src/data/sample.ts';
import { drawSignalNoise } from '../../src/data/signal-noise.ts';
import { drawXor } from '../../src/data/xor.ts';
import { DATA, key } from '../helpers/problems.ts';
import { holdsInLaw, ksAgainst, pearsonP } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL } from '../tolerances.ts';

const N = 50;
const RAW: MixtureParameters = { ...DATA, n: N, d: 80, sigmaP: 0.7, flip: 0.25, flipTilt: 0.8, projected: false };
const DRAWS = 400;

/** Q, uniform on [0, 1], of which e = 2Q - 1 is the lean, and whether the label is wrong; of every sample of every draw. */
function quantiles(
  draw: (parameters: MixtureParameters, key: Parameters<typeof drawMixture>[1]) => Sample,
  parameters: MixtureParameters,
): { q: number; wrong: boolean }[] {
  const { d, sigmaP, projected } = parameters;
  return Array.from({ length: DRAWS }, (_, replicate) => {
    const sample = draw(parameters, key(31, replicate));
    const { used } = sample.frame;
    const rows = noiseRows(sample);
    return Array.from({ length: N }, (__, i) => {
      const y = sample.trueLabels[i]!;
      const xi = rows.slice(i * used, (i + 1) * used).map((x) => x / sigmaP);
      const square = xi.reduce((sum, x) => sum + x * x, 0);
      const q =
        parameters.flipLaw === 'by-norm'
          ? 1 - chiTail(projected ? d - 1 : d, Math.sqrt(square))
          : parameters.flipLaw === 'by-margin'
            ? 1 - normalCdf(y * xi[0]!)
            : y > 0
              ? 1
              : 0;
      return { q, wrong: sample.labels[i] !== y };
    });
  }).flat();
}

/** p-value that wrong labels follow p (1 + s (2Q - 1)), in ten bins of Q. */
function followsP(found: readonly { q: number; wrong: boolean }[], p: number, tilt: number): number {
  const [wrong, right] = [new Array<number>(10).fill(0), new Array<number>(10).fill(0)];
  const [expectWrong, expectRight] = [new Array<number>(10).fill(0), new Array<number>(10).fill(0)];
  for (const one of found) {
    const bin = Math.min(9, Math.floor(10 * one.q));
    const chance = p * (1 + tilt * (2 * one.q - 1));
    (one.wrong ? wrong : right)[bin]!++;
    expectWrong[bin]! += chance;
    expectRight[bin]! += 1 - chance;
  }
  const there = wrong.flatMap((w, bin) => (w + right[bin]! > 0 ? [bin] : []));
  return pearsonP(
    there.flatMap((bin) => [wrong[bin]!, right[bin]!]),
    there.flatMap((bin) => [expectWrong[bin]!, expectRight[bin]!]),
  );
}

test('a label is wrong with probability p (1 + s e), free of d and coordinate by coordinate', (t) => {
  const family: Record<string, number> = {};
  for (const [name, draw, more] of [
    ['patches', drawSignalNoise, { projected: true }],
    ['mixture', drawMixture, {}],
    ['many axes', drawSignalNoise, { d: 100_000 }],
    ['explicit', drawMixture, { draw: 'explicit' }],
    ['few axes', drawMixture, { d: 3 }],
  ] as const)
    for (const flipLaw of ['by-class', 'by-norm', 'by-margin'] as const) {
      if (flipLaw === 'by-margin' && draw !== drawMixture) continue;
      const found = quantiles(draw, { ...RAW, ...more, flipLaw });
      family[`${name} ${flipLaw}`] = followsP(found, 0.25, 0.8);
      if (flipLaw !== 'by-class')
        family[`${name} ${flipLaw}: Q`] = ksAgainst(
          found.map(({ q }) => q),
          (q) => q,
        );
      // Negative controls: without a tilt, tilted the other way.
      for (const tilt of [0, -0.8]) assert.ok(followsP(found, 0.25, tilt) < NEGATIVE_CONTROL, `${name} ${flipLaw}`);
    }
  holdsInLaw(t, family);
});

test('only flips move: noises and true labels are those of the other laws, and without a tilt the flips too', () => {
  for (const draw of [
    drawSignalNoise,
    drawMixture,
    (parameters: MixtureParameters, streams: ReturnType<typeof key>) =>
      drawXor({ ...parameters, cosine: 0 }, 1, streams),
  ]) {
    const plain = draw({ ...RAW, flipLaw: 'probability' }, key(5));
    for (const flipLaw of ['by-class', 'by-norm', 'by-margin'] as const) {
      const leant = draw({ ...RAW, flipLaw }, key(5));
      assert.deepEqual([leant.vectors, leant.trueLabels], [plain.vectors, plain.trueLabels]);
      assert.notDeepEqual(leant.labels, plain.labels);
      assert.deepEqual(draw({ ...RAW, flipLaw, flipTilt: 0 }, key(5)).labels, plain.labels);
    }
  }
});

test('the law of a fresh point says what its flips lean on, with the axes that the noise has', () => {
  const leaningOf = (flipLaw: LeaningLaw, projected: boolean) =>
    lawOf(drawSignalNoise({ ...RAW, flipLaw, projected }, key(1))).leaning;
  assert.deepEqual(leaningOf('by-class', true), { by: 'class', tilt: 0.8 });
  assert.deepEqual(leaningOf('by-norm', true), { by: 'norm', tilt: 0.8, freedom: 79 });
  assert.deepEqual(leaningOf('by-norm', false), { by: 'norm', tilt: 0.8, freedom: 80 });
  assert.deepEqual(leaningOf('by-margin', false), { by: 'margin', tilt: 0.8, axis: 0 });
  assert.equal(lawOf(drawSignalNoise({ ...RAW, flipLaw: 'exact' }, key(1))).leaning, undefined);
});
