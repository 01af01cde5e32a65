/** Samples of a data set: which points are drawn, what becomes of them, and the name of their content. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { contentOf, offer, pointsOf } from '../../src/data/content.ts';
import { drawDataset, type DatasetParameters } from '../../src/data/dataset.ts';
import type { LabelledPoints } from '../../src/data/readers/labelled.ts';
import { checkSample, patchRows, patchVector, type HeldOut, type Sample } from '../../src/data/sample.ts';
import { binomialQuantile } from '../../src/core/statistics.ts';
import { averagingError } from '../../src/observables/linear-classifier.ts';
import { maxMarginError, sampleMaxMargin } from '../../src/observables/max-margin.ts';
import { CONTENT, IMAGES } from '../helpers/data-set.ts';
import { key, worstDifference } from '../helpers/problems.ts';
import { FALSE_ALARM, ROUNDING } from '../tolerances.ts';

const BASE: DatasetParameters = {
  content: CONTENT,
  classes: '0/1',
  n: 20,
  d: 27,
  rows: 'stratified',
  heldOut: 16,
  divisor: 1,
  centring: 'none',
  layout: 'vector',
  side: 3,
  border: 1,
  sigmaP: 2,
  flip: 0,
  flipLaw: 'probability',
  flips: 0,
  adversary: 'largest-norm',
};
const drawn = (changes: Partial<DatasetParameters> = {}, seed = 1): Sample => {
  const sample = drawDataset({ ...BASE, ...changes }, key(seed));
  checkSample(sample);
  return sample;
};
const heldOut = ({ fresh }: Sample): HeldOut => fresh as HeldOut;
/** Rows as texts, so that they can be looked for. */
const rowsOf = (rows: Float64Array, size: number): string[] =>
  Array.from({ length: rows.length / size }, (_, i) => rows.subarray(i * size, (i + 1) * size).join());
const POINTS = rowsOf(IMAGES.values as Float64Array, 27);
const placesOf = (rows: Float64Array): number[] => rowsOf(rows, 27).map((row) => POINTS.indexOf(row));

test('the content is the SHA-256 of the bytes that the docstring names, and of nothing else', () => {
  const bytes = (points: LabelledPoints): Buffer =>
    Buffer.concat([
      Buffer.from(
        `${JSON.stringify({ shape: points.shape, count: points.count, dtype: points.dtype, classNames: points.classNames ?? [] })}\n`,
      ),
      Buffer.from(points.values.buffer, points.values.byteOffset, points.values.byteLength),
      Buffer.from(points.labels.buffer),
    ]);
  const small: LabelledPoints = {
    shape: [2],
    count: 2,
    dtype: 'u1',
    values: Uint8Array.of(1, 2, 3, 255),
    labels: Float64Array.of(0, 1),
    classNames: ['cat', 'dog'],
  };
  for (const points of [IMAGES, small])
    assert.equal(contentOf(points), createHash('sha256').update(bytes(points)).digest('hex'));
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.set(small.values);
  assert.equal(contentOf({ ...small, values: shared }), contentOf(small));
  const others: LabelledPoints[] = [
    { ...small, shape: [1, 2] },
    { ...small, dtype: 'b1' },
    { ...small, labels: Float64Array.of(1, 0) },
    { ...small, classNames: ['dog', 'cat'] },
    { ...small, values: Uint8Array.of(1, 2, 3, 254) },
    { ...small, values: Float64Array.of(1, 2, 3, 255) },
  ];
  assert.equal(new Set([small, ...others].map((one) => contentOf(one))).size, 7);
  assert.equal(offer(IMAGES), CONTENT);
  assert.equal(pointsOf(CONTENT), IMAGES);
});

test('stratified: as many of each class, with their labels; more points are those before and others', () => {
  const sample = drawn();
  const places = placesOf(patchRows(sample));
  assert.equal(new Set(places).size, 20);
  places.forEach((place, i) => assert.equal(sample.trueLabels[i], IMAGES.labels[place] === 0 ? 1 : -1));
  assert.equal(
    sample.trueLabels.reduce((sum, y) => sum + y, 0),
    0,
  );
  assert.equal(
    drawn({ n: 21 }).trueLabels.reduce((sum, y) => sum + y, 0),
    1,
  );
  const held = placesOf(heldOut(sample).rows);
  assert.deepEqual(
    [...heldOut(sample).labels],
    held.map((place) => (IMAGES.labels[place] === 0 ? 1 : -1)),
  );
  assert.ok(held.every((place) => !places.includes(place)));
  const more = drawn({ n: 64 });
  assert.deepEqual(placesOf(patchRows(more)).slice(0, 20), places);
  assert.deepEqual(placesOf(heldOut(more).rows), held);
  assert.deepEqual(
    [...placesOf(patchRows(more)), ...held].sort((a, b) => a - b),
    POINTS.map((_, at) => at),
    'all 80 points, each once',
  );
  assert.notDeepEqual(placesOf(patchRows(drawn({}, 2))), places);
  assert.deepEqual([...drawn({ classes: '1/0' }).trueLabels].slice(0, 2), [1, -1]);
});

test('every point of a class is drawn as often as every other; as is, from both together', () => {
  for (const rows of ['stratified', 'as-is'] as const) {
    const [draws, times] = [400, new Map<number, number>()];
    let positive = 0;
    for (let seed = 0; seed < draws; seed++) {
      const sample = drawn({ rows }, seed);
      for (const place of placesOf(patchRows(sample))) times.set(place, (times.get(place) ?? 0) + 1);
      positive += sample.trueLabels.filter((y) => y > 0).length;
    }
    // Each of 80 points is drawn with probability 1/4; 160 checks beside those of the other rows.
    const [low, high] = [FALSE_ALARM / 640, 1 - FALSE_ALARM / 640].map((level) =>
      binomialQuantile(draws, 0.25, level),
    ) as [number, number];
    for (let place = 0; place < 80; place++)
      assert.ok(times.get(place)! >= low && times.get(place)! <= high, `${rows}: point ${place}, ${times.get(place)}`);
    if (rows === 'stratified') assert.equal(positive, 10 * draws);
    else assert.notEqual(positive, 10 * draws);
  }
});

test('divisor and the mean of the training points; held-out points are moved by the same', () => {
  const [plain, moved] = [drawn(), drawn({ divisor: 4, centring: 'mean' })];
  const mean = new Float64Array(27);
  for (let i = 0; i < 20; i++) patchVector(plain, i, 0).forEach((x, k) => (mean[k]! += x / 80));
  for (let i = 0; i < 20; i++)
    assert.ok(
      worstDifference(
        patchVector(moved, i, 0),
        patchVector(plain, i, 0).map((x, k) => x / 4 - mean[k]!),
      ) < ROUNDING,
    );
  assert.ok(
    worstDifference(
      heldOut(moved).rows,
      heldOut(plain).rows.map((x, at) => x / 4 - mean[at % 27]!),
    ) < ROUNDING,
  );
});

test('squares of an image, its border with noise, and a patch of noise', () => {
  const point = patchVector(drawn(), 0, 0);
  const squares = drawn({ layout: 'squares', side: 1, d: 3 });
  assert.equal(squares.patches.perSample, 9);
  // Channels first: the square of pixel (y, x) has that pixel of each channel.
  for (let pixel = 0; pixel < 9; pixel++)
    assert.deepEqual([...patchVector(squares, 0, pixel)], [point[pixel], point[9 + pixel], point[18 + pixel]]);
  assert.deepEqual([...patchVector(drawn({ layout: 'squares', side: 3 }), 0, 0)], [...point]);
  const bordered = drawn({ layout: 'noisy-border' });
  const quiet = drawn({ layout: 'noisy-border', sigmaP: 0 });
  const [middle, border, still] = [patchVector(bordered, 0, 0), patchVector(bordered, 0, 1), patchVector(quiet, 0, 1)];
  point.forEach((x, k) => {
    const isMiddle = k % 9 === 4;
    assert.equal(middle[k], isMiddle ? x : 0);
    assert.equal(still[k], isMiddle ? 0 : x);
    if (isMiddle) assert.equal(border[k], 0);
    else assert.notEqual(border[k], x);
  });
  const apart = drawn({ layout: 'noise-patch', n: 64 });
  let [sum, squared, count] = [0, 0, 0];
  for (let i = 0; i < 64; i++)
    for (const x of patchVector(apart, i, 1)) [sum, squared, count] = [sum + x, squared + x * x, count + 1];
  assert.deepEqual([...patchVector(apart, 0, 0)], [...point]);
  // Of N(0, 4): mean and mean square of 1,728 numbers, within 4.5 of their standard errors.
  assert.ok(Math.abs(sum / count) < (4.5 * 2) / Math.sqrt(count));
  assert.ok(Math.abs(squared / count - 4) < (4.5 * 4 * Math.SQRT2) / Math.sqrt(count));
  // The noise of a point belongs to it, whatever n is.
  assert.deepEqual([...patchVector(drawn({ layout: 'noise-patch' }), 3, 1)], [...patchVector(apart, 3, 1)]);
});

test('a noise patch with more coordinates than the point: zeros behind the point, the same noise and more of it', () => {
  const [own, wide] = [drawn({ layout: 'noise-patch' }), drawn({ layout: 'noise-patch', d: 40 })];
  for (const i of [0, 7]) {
    assert.deepEqual([...patchVector(wide, i, 0)], [...patchVector(own, i, 0), ...new Float64Array(13)]);
    assert.deepEqual(patchVector(wide, i, 1).slice(0, 27), patchVector(own, i, 1));
  }
  assert.equal(heldOut(wide).columns, 40);
  const draws = (layout: 'noise-patch' | 'vector', d: number) => () => drawn({ layout, d });
  assert.throws(draws('noise-patch', 26), /data\.d: must be at least 27, the dimension .* got 26/);
  assert.throws(draws('vector', 28), /data\.d: must be 27, the dimension .* got 28/);
});

test('flips of every law; of held-out points the probability is told and their labels are true', () => {
  const exact = drawn({ flipLaw: 'exact', flips: 5 });
  assert.equal(exact.labels.filter((y, i) => y !== exact.trueLabels[i]).length, 5);
  const longest = drawn({ flipLaw: 'adversarial', flips: 3 });
  const norms = Array.from({ length: 20 }, (_, i) => patchVector(longest, i, 0).reduce((sum, x) => sum + x * x, 0));
  const least = [...norms].sort((a, b) => b - a)[2]!;
  norms.forEach((norm, i) => assert.equal(longest.labels[i] !== longest.trueLabels[i], norm >= least));
  const random = drawn({ flip: 0.4 });
  assert.ok(random.labels.some((y, i) => y !== random.trueLabels[i]));
  assert.equal(heldOut(random).flip, 0.4);
  assert.deepEqual(heldOut(random).labels, heldOut(drawn()).labels);
});

test('the averaging and the max-margin classifier are counted on held-out points, as a plain program counts them', () => {
  for (const layout of ['vector', 'noise-patch'] as const) {
    const sample = drawn({ layout, n: 12, flip: 0.2 });
    const { rows, count, labels } = heldOut(sample);
    const size = sample.patches.perSample * 27;
    const inputs = patchRows(sample);
    const share = (c: (i: number) => number): number => {
      let wrong = 0;
      for (let t = 0; t < count; t++) {
        let f = 0;
        for (let i = 0; i < 12; i++)
          for (let k = 0; k < size; k++) f += c(i) * inputs[i * size + k]! * rows[t * size + k]!;
        wrong += f * labels[t]! > 0 ? 0 : 1;
      }
      return wrong / count;
    };
    assert.equal(
      averagingError(sample),
      share((i) => sample.labels[i]!),
    );
    const solution = sampleMaxMargin(sample);
    assert.ok(solution.kind === 'separable');
    assert.equal(
      maxMarginError(sample, solution),
      share((i) => solution.alpha[i]! * sample.labels[i]!),
    );
  }
});

test('what cannot be drawn is refused in a sentence', () => {
  const cases: [Partial<DatasetParameters>, RegExp][] = [
    [{ content: 'f'.repeat(64) }, /^data\.content: no data set of content ffffffffffff\.\.\. is open here/],
    [{ classes: '0/2' }, /^data\.classes: no point has the label "2"; there are 0, 1$/],
    [{ classes: '0/0,1' }, /^data\.classes: the label "0" stands twice/],
    [{ n: 66 }, /^data\.n: 33 training and 8 held-out points of class 0 are asked for, and the data has 40/],
    [{ n: 65, rows: 'as-is' }, /^data\.n: 65 training and 16 held-out points are asked for, and the data has 80/],
    [{ d: 28 }, /^data\.d: must be 27/],
    [{ layout: 'squares', side: 2 }, /^data\.side: must divide/],
    [{ layout: 'noisy-border', border: 2 }, /^data\.border: must leave a middle, below 1\.5/],
  ];
  for (const [changes, message] of cases)
    assert.throws(() => drawDataset({ ...BASE, ...changes }, key(1)), { name: 'UserError', message });
  const flat = offer({ ...IMAGES, shape: [27] });
  assert.throws(() => drawDataset({ ...BASE, content: flat, layout: 'squares' }, key(1)), {
    message: /^data\.layout: squares is for images/,
  });
});
