/**
 * The rule on errors whose truth is known: each word, what noise does to it, how often it is wrong, and how often the
 * interval for the law behind a data set holds the truth.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stream } from '../../src/core/random.ts';
import { normalTail } from '../../src/core/special.ts';
import { binomialInterval } from '../../src/core/statistics.ts';
import { ALPHA } from '../../src/core/verdict.ts';
import { shuffleHead } from '../../src/core/shuffle.ts';
import { Measured } from '../../src/diagnosis/measured.ts';
import { CLASSIFIERS, type DiagnosisPlan } from '../../src/diagnosis/plan.ts';
import { regimeOf, TOLERANCE } from '../../src/diagnosis/rule.ts';
import type { Frame } from '../../src/experiments/frame.ts';
import { key } from '../helpers/problems.ts';
import { COVERED, FALSE_ALARM } from '../tolerances.ts';

const LADDER = [40, 80, 160, 320];
const FLIPS = [0, 0.1, 0.2, 0.3];
type Errors = (i: number, j: number, run: number) => number;

const planOf = (more: Partial<DiagnosisPlan> = {}): DiagnosisPlan =>
  ({ ladder: LADDER, flips: FLIPS, heldOut: 1000, there: [6000, 6000], ...more }) as DiagnosisPlan;

/** A frame whose every classifier has these errors; the network fits all labels unless told. */
function measured(errors: Errors, runs: number, plan = planOf(), trainError: Errors = () => 0): Measured {
  const cells = plan.ladder.length * plan.flips.length;
  const column = (of: Errors): Float64Array =>
    Float64Array.from({ length: cells * runs }, (_, row) => {
      const cell = Math.floor(row / runs);
      return of(Math.floor(cell / plan.flips.length), cell % plan.flips.length, row % runs);
    });
  const values = Object.fromEntries(Object.values(CLASSIFIERS).map((id) => [id, column(errors)]));
  return new Measured(plan, {
    spec: { runs },
    runs: {
      start: Uint32Array.from({ length: cells + 1 }, (_, cell) => cell * runs),
      replicate: Uint32Array.from({ length: cells * runs }, (_, row) => row % runs),
      outcome: new Uint8Array(cells * runs),
      steps: new Float64Array(cells * runs),
      values: { ...values, trainError: column(trainError) },
    },
  } as unknown as Frame);
}

/** Errors e_ref + spoilt(n, p) with independent noise of a standard deviation from run to run. */
function noisy(reference: number, spoilt: (n: number, p: number) => number, sd: number, seed: number): Errors {
  const stream = new Stream(key(seed), 'test');
  const held = new Map<string, number>();
  return (i, j, run) => {
    const name = `${i},${j},${run}`;
    if (!held.has(name)) held.set(name, reference + spoilt(LADDER[i]!, FLIPS[j]!) + sd * stream.normal());
    return held.get(name)!;
  };
}

/** Truths, by what they do to clean points. */
const TRUTHS = {
  benign: (n: number, p: number) => (0.4 * p) / n ** 0.6,
  // The nearest neighbour on points whose own error is .05.
  tempered: (_: number, p: number) => p * (1 - 2 * 0.05) * 0.7,
  harmful: (_: number, p: number) => 1.3 * p,
} as const;

test('each regime is found where it is the truth, and more noise only opens the word', () => {
  let seed = 900;
  for (const [truth, spoilt] of Object.entries(TRUTHS)) {
    for (const [sd, runs] of [
      [0.005, 16],
      [0.02, 200],
    ] as const) {
      const found = regimeOf(measured(noisy(0.05, spoilt, sd, seed++), runs), 'network');
      assert.equal(found.regime, truth, `${truth}, sd ${sd}: ${found.why}`);
      assert.equal(found.claims.filter(({ word }) => word === 'holds').length, 1, truth);
    }
    for (const sd of [0.05, 0.1, 0.2]) {
      const found = regimeOf(measured(noisy(0.05, spoilt, sd, seed++), 6), 'network').regime;
      assert.ok(found === truth || found === 'undecided', `${truth}, sd ${sd}: ${found}`);
    }
  }
});

test('harmful also near chance, and where more data make it worse; tempered needs both trends', () => {
  const word = (spoilt: (n: number, p: number) => number, reference = 0.05): string =>
    regimeOf(measured(noisy(reference, spoilt, 0.004, 950), 20), 'network').regime;
  assert.equal(
    word((_, p) => (p > 0 ? 0.24 : 0), 0.25),
    'harmful',
    'near chance',
  );
  assert.equal(
    word((n, p) => p * (0.2 + 0.1 * Math.log2(n / 40))),
    'undecided',
    'grows by .02 a doubling at most',
  );
  assert.equal(
    word((n, p) => p * (0.1 + 0.2 * Math.log2(n / 40))),
    'harmful',
    'grows by .04 a doubling',
  );
  assert.equal(
    word((n, p) => (p * 0.9 * 40) / n + 0.15 * p),
    'undecided',
    'it vanishes with n',
  );
  assert.equal(
    word((_, p) => (p > 0 ? 0.06 : 0)),
    'undecided',
    'it does not rise with p',
  );
});

test('what cannot be said: nothing to spoil, no fit of the noise, one n, one p, a single run', () => {
  const say = (plan: DiagnosisPlan, reference = 0.05, runs = 16, missed = 0): ReturnType<typeof regimeOf> =>
    regimeOf(
      measured(noisy(reference, TRUTHS.tempered, 0.004, 960), runs, plan, () => missed),
      'network',
    );
  assert.equal(say(planOf(), 0.45).regime, 'not applicable');
  assert.match(
    say(planOf(), 0.05, 16, 0.2).why,
    /^the network does not fit the noise at n = 320, p = 0: it misses 20 %/,
  );
  assert.equal(say(planOf({ ladder: [320] })).regime, 'undecided');
  assert.equal(say(planOf({ flips: [0, 0.2] })).regime, 'undecided');
  assert.equal(say(planOf(), 0.05, 1).regime, 'undecided');
  const lost = measured((i, j, run) => (i === 3 && j === 2 && run < 3 ? NaN : 0.1), 16);
  assert.match(
    regimeOf(lost, 'max-margin').why,
    /^no linear classifier fits the labels at n = 320, p = 0.2 in 3 of 16/,
  );
  assert.match(
    regimeOf(
      measured(() => 0.1, 16, planOf({ there: [700, 700] })),
      'network',
      'law',
    ).regime,
    /undecided/,
  );
});

test('errors that are all alike have an interval as wide as held-out points leave it', () => {
  const mean = measured(() => 0, 10).excess('network', 3, 1, 0.01);
  const half = 0.8 * (1 - 0.01 ** (1 / 10_000));
  assert.ok(Math.abs(mean.interval!.high - half) < 1e-12 && Math.abs(mean.interval!.low + half) < 1e-12);
  assert.equal(
    regimeOf(
      measured(() => 0, 10),
      'network',
    ).regime,
    'benign',
  );
  assert.equal(
    regimeOf(
      measured(() => 0, 10, planOf({ there: [60, 60] })),
      'network',
    ).regime,
    'undecided',
  );
});

test('on a border a wrong word comes no more often than it may', () => {
  // The excess is the tolerance exactly at every p: benign is wrong as soon as it is 1e-9 more, tempered as soon as less.
  const spoilt = (_: number, p: number): number => (p > 0 ? TOLERANCE / (1 - 2 * p) : 0);
  const sets = 400;
  let wrong = 0;
  for (let set = 0; set < sets; set++) {
    const { regime } = regimeOf(measured(noisy(0.1, spoilt, 0.03, 1000 + set), 8), 'network');
    wrong += Number(regime !== 'undecided');
  }
  assert.ok(
    wrong / sets <= binomialInterval(Math.round(ALPHA * sets), sets, 1 - FALSE_ALARM)[1],
    `${wrong} of ${sets}`,
  );
});

test('the interval for the law behind a data set holds the truth, and that over draws does not', () => {
  // A run's error is the share above 1 among 30 of 120 points: four draws without a common point. The plan says so of
  // 2000 held-out points, so that no interval is as wide as these leave it.
  const plan = planOf({ there: [4100, 4100], ladder: [16], flips: [0, 0.1], heldOut: 2000 });
  const [runs, sets, truth] = [10, 400, normalTail(1)];
  let [law, draws] = [0, 0];
  for (let set = 0; set < sets; set++) {
    const stream = new Stream(key(2000 + set), 'test');
    const points = Float64Array.from({ length: 120 }, () => Number(stream.normal() > 1));
    const errors = Array.from({ length: runs }, () => {
      const some = shuffleHead(Int32Array.from(points.keys()), 30, stream);
      return some.reduce((sum, at) => sum + points[at]! / 30, 0);
    });
    const of = measured((_, __, run) => errors[run]!, runs, plan);
    assert.equal(of.blocks, 4);
    const mean = of.error('network', 0, 0, 0.05);
    law += Number(mean.law!.low <= truth && truth <= mean.law!.high);
    draws += Number(mean.interval!.low <= truth && truth <= mean.interval!.high);
  }
  assert.ok(law / sets >= COVERED, `law: ${law / sets}`);
  assert.ok(draws / sets < COVERED, `negative control: ${draws / sets}`);
});
