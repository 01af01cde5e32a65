/** The nearest-mean classifier: against distances to the means, wherever the origin lies, and where there are none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe, twoSidedP } from '../../src/core/statistics.ts';
import { drawDataset } from '../../src/data/dataset.ts';
import { patchRows, type HeldOut, type Sample } from '../../src/data/sample.ts';
import { averagingError } from '../../src/observables/linear-classifier.ts';
import { nearestMeanError } from '../../src/observables/nearest-mean.ts';
import { CONTENT } from '../helpers/data-set.ts';
import { freshPoint, inARow } from '../helpers/fresh-points.ts';
import { antipodal, onePatchSample } from '../helpers/one-patch.ts';
import { explicitSample, key, makeProblem } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { NEGATIVE_CONTROL } from '../tolerances.ts';

const POINTS = 40_000;
type Rows = readonly Float64Array[];

const meanOf = (rows: Rows): Float64Array =>
  rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
const distance = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0);

/** Whether a point with a label is nearer to the other label's mean, from the distances themselves. */
function judge(sample: Sample): (x: Float64Array, label: number) => boolean {
  const inputs = patchRows(sample);
  const size = inputs.length / sample.n;
  const rows = (label: number): Rows =>
    Array.from({ length: sample.n }, (_, i) => inputs.subarray(i * size, (i + 1) * size)).filter(
      (_, i) => sample.labels[i] === label,
    );
  const [positive, negative] = [meanOf(rows(1)), meanOf(rows(-1))];
  return (x, label) => !(label * (distance(x, negative) - distance(x, positive)) > 0);
}

test('its error is that of fresh points by their distances to the means', (t) => {
  const samples: Readonly<Record<string, Sample>> = {
    'two patches': makeProblem({ data: { n: 15, d: 20, mu: 1, projected: false, draw: 'explicit' } }, key(801)).sample,
    'projected, flips': makeProblem(
      { data: { n: 15, d: 40, mu: 1.5, draw: 'explicit', flipLaw: 'exact', flips: 3 } },
      key(802),
    ).sample,
    'one patch': onePatchSample({ n: 13, d: 20, atoms: antipodal(1.5), sigma: 0.8, flips: 2 }, 803),
  };
  const family: Record<string, number> = {};
  let seed = 810;
  for (const [name, sample] of Object.entries(samples)) {
    const wrong = judge(sample);
    const stream = new Stream(key(seed++), 'test');
    const { mean, se } = meanAndSe(
      Array.from({ length: POINTS }, () => {
        const { inputs, label } = freshPoint(sample, stream);
        return Number(wrong(inARow(inputs), label));
      }),
    );
    const exact = nearestMeanError(sample)!;
    assert.ok(exact > 1e-3 && exact < 0.5, `${name}: ${exact}`);
    family[name] = twoSidedP((mean - exact) / se);
    if (name === 'one patch') assert.ok(twoSidedP((mean - 1.2 * exact) / se) < NEGATIVE_CONTROL);
  }
  holdsInLaw(t, family);
});

test('on held-out points it counts, and a shift of all points changes nothing, as it does for averaging', () => {
  const sample = drawDataset(
    {
      content: CONTENT,
      classes: '0/1',
      d: 27,
      n: 13,
      heldOut: 40,
      rows: 'as-is',
      divisor: 1,
      centring: 'none',
      layout: 'vector',
      side: 3,
      border: 1,
      sigmaP: 0,
      flip: 0.2,
      flipLaw: 'probability',
      flips: 0,
      adversary: 'aligned',
    },
    key(826),
  );
  const fresh = sample.fresh as HeldOut;
  const wrong = judge(sample);
  let count = 0;
  for (let i = 0; i < fresh.count; i++)
    count += Number(wrong(fresh.rows.subarray(27 * i, 27 * (i + 1)), fresh.labels[i]!));
  assert.equal(nearestMeanError(sample), count / fresh.count);
  const moved: Sample = {
    ...sample,
    vectors: sample.vectors.map((x, at) => x + ((at % 27) - 13) / 2),
    fresh: { ...fresh, rows: fresh.rows.map((x, at) => x + ((at % 27) - 13) / 2) },
  };
  assert.equal(nearestMeanError(moved), nearestMeanError(sample));
  assert.notEqual(averagingError(moved), averagingError(sample));
});

test('labels that are all alike have one mean alone', () => {
  const alike = explicitSample(
    [1, 0],
    [
      [0, 1],
      [0, -2],
    ],
    [1, 1],
    [1, 1],
  );
  assert.equal(nearestMeanError(alike), undefined);
});
