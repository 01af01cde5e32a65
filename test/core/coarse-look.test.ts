/** A look over the whole range of a search: on curves whose shape is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besides, lookAt, shapeOf, type LookPlace } from '../../src/core/coarse-look.ts';
import { searchStep } from '../../src/core/level-search.ts';
import { Stream } from '../../src/core/random.ts';
import { LOOK_ALARMS } from '../tolerances.ts';

const X = Array.from({ length: 65 }, (_, k) => (k - 32) / 8);
const TARGET = { level: 0.15, range: { low: 0.1, high: 0.9 } };

/** Runs are the floor but for rare bad draws that bring the mean to the curve: as skewed as errors are. */
function world(seed: number, curve: (x: number) => number): { runs: number[][]; more: (k: number, n: number) => void } {
  const stream = new Stream({ seed, cell: [3, 1], replicate: 0 }, 'test');
  const runs = X.map((): number[] => []);
  const more = (k: number, n: number): void => {
    for (let i = 0; i < n; i++) runs[k]!.push(stream.uniform() < (curve(X[k]!) - 0.1) / 0.4 ? 0.5 : 0.1);
  };
  return { runs, more };
}

/** A search as `Boundary` makes it, then the look. */
function looked(seed: number, curve: (x: number) => number): { places: LookPlace[]; made: number } {
  const { runs, more } = world(seed, curve);
  const at = (k: number): { value: number; control: number }[] => runs[k]!.map((value) => ({ value, control: 0 }));
  let step = searchStep(X, at, { level: TARGET.level, floor: 0.1 }, 0.3);
  for (let round = 0; step.state === 'search' && round < 200; round++) {
    for (const [k, n] of step.more) more(k, n);
    step = searchStep(X, at, { level: TARGET.level, floor: 0.1 }, 0.3);
  }
  const before = runs.flat().length;
  for (;;) {
    const places = lookAt(X, false, step, TARGET, (k) => runs[k]!);
    const wanted = places.filter((one) => one.more > 0);
    if (wanted.length === 0) return { places, made: runs.flat().length - before };
    for (const { k, more: n } of wanted) more(k, n);
  }
}

const falling = (x: number): number => 0.1 + 0.38 / (1 + Math.exp(3 * x));
/** Falls, and rises again at the far end. */
const valley = (x: number): number => falling(x) + (x > 2 ? 0.25 : 0);

test('a monotone curve raises no alarm, and costs a few runs', () => {
  let alarms = 0;
  let made = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const seen = looked(seed, falling);
    if (seen.places.some(({ wrong }) => wrong)) alarms++;
    made += seen.made;
  }
  assert.ok(alarms <= LOOK_ALARMS, `${alarms} alarms`);
  assert.ok(made / 100 < 60, `${made / 100} runs a look`);
});

test('a curve that rises again is found out nearly always, with the places of both crossings', () => {
  let found = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { places } = looked(seed, valley);
    if (!places.some(({ wrong }) => wrong)) continue;
    found++;
    const { rises } = shapeOf(places);
    assert.ok(
      rises.some(([from, to]) => X[from]! <= 2 && X[to]! > 2),
      JSON.stringify(rises.map((ends) => ends.map((k) => X[k]))),
    );
  }
  assert.ok(found >= 38, `${found} of 40`);
});

test('falls and rises from the sides of places, and the stretch of the first fall', () => {
  const shape = (text: string): ReturnType<typeof shapeOf> =>
    shapeOf([...text].map((one, at) => ({ k: 10 * at, side: one === 'A' ? 1 : one === 'B' ? -1 : 0 })));
  assert.deepEqual(shape('AABBA'), { falls: [[10, 20]], rises: [[30, 40]], first: [0, 30] });
  assert.deepEqual(shape('AA-BA'), { falls: [[10, 30]], rises: [[30, 40]], first: [0, 30] });
  assert.deepEqual(shape('BAABBAAB'), {
    falls: [
      [20, 30],
      [60, 70],
    ],
    rises: [
      [0, 10],
      [40, 50],
    ],
    first: [10, 40],
  });
  assert.deepEqual(shape('BBA'), { falls: [], rises: [[10, 20]], first: null });
  assert.deepEqual(besides(shape('AABBA'), true), [[30, 40]]);
  assert.deepEqual(besides(shape('AABBA'), false), [
    [10, 20],
    [30, 40],
  ]);
});
