/** Carries out claims about observables over the cells of a sweep. */
import { fallingCrossing, type Crossing } from '../core/contours.ts';
import { log } from '../core/special.ts';
import { fitLine, meanAndSe, type Estimate } from '../core/statistics.ts';
import type { Results } from '../experiments/table.ts';
import type { SymbolId } from '../notation.ts';
import type { Claim, Where } from './check.ts';
import type { Comparison } from './old-comparison.ts';
import { collapse, levelSlope } from './collapse.ts';
import { cellsAt, estimate, NONE, profile, quotient, type Verdict } from './estimates.ts';
import { runsInBounds, statement } from './statement-claim.ts';

/**
 * The claim as a comparison; `ok` is false when no run speaks to it. @param coarse bounds on means are then held within
 * 3 standard errors
 */
export function claim(results: Results, one: Claim, coarse: boolean): Comparison {
  const { note, ...verdict } = judge(results, one, coarse);
  return { id: one.id, ...verdict, says: note === undefined ? one.says : `${one.says} (${note})` };
}

/** Whether a claim about a mean is about a place that the grid does not have, as coarse ones may. */
export const offGrid = (results: Results, one: Claim): boolean =>
  one.kind === 'mean' && cellsAt(results, one.where).length === 0;

function judge(results: Results, one: Claim, coarse: boolean): Verdict {
  switch (one.kind) {
    case 'mean':
      return mean(results, one, coarse);
    case 'every':
      return every(results, one);
    case 'statement':
      return inBounds(results, one);
    case 'paired':
      return paired(results, one);
    case 'ratio': {
      const [a, b] = [
        estimate(results, cellsAt(results, one.a), one.of),
        estimate(results, cellsAt(results, one.b), one.of),
      ];
      return a && b && b.mean !== 0 ? within(quotient(a, b), one) : NONE;
    }
    case 'slope':
      return slope(results, one);
    case 'trend':
      return trend(results, one);
    case 'level-ratio': {
      const [a, b] = [crossing(results, one, one.a), crossing(results, one, one.b)];
      return a && b
        ? within(quotient({ mean: a.x, se: a.se }, { mean: b.x, se: b.se }), one)
        : { ...NONE, note: 'the level is not crossed' };
    }
    case 'level-shift':
      return levelShift(results, one);
    case 'collapse':
      return collapse(results, one, coarse);
    case 'fitted':
    case 'excess':
      throw new RangeError('carried out by agreement');
    case 'level-slope':
      return levelSlope(results, one, coarse);
  }
}

/** Within bounds to within `slack` standard errors. */
function within(
  { mean: ours, se }: Estimate,
  { atMost, atLeast }: { readonly atMost?: number; readonly atLeast?: number },
  slack = 2,
): Verdict {
  const ok =
    (atMost === undefined || ours - slack * se <= atMost) && (atLeast === undefined || ours + slack * se >= atLeast);
  return { ours, se, published: null, tolerance: atMost ?? atLeast ?? 0, ok };
}

function mean(
  results: Results,
  { of, where, published: theirPoint, ...bounds }: Claim & { kind: 'mean' },
  coarse: boolean,
): Verdict {
  const cells = cellsAt(results, where);
  const ours = estimate(results, cells, of);
  if (!ours) return NONE;
  if (theirPoint === undefined) return within(ours, bounds, coarse ? 3 : 0);
  const { value: published, se: publishedSe = 0, trials: publishedTrials } = theirPoint;
  const limit = 3;
  const variances = cells.map((at) => results.over(at, of)).map((runs) => meanAndSe(runs).se ** 2 * runs.length);
  const theirs =
    publishedSe + (publishedTrials === undefined ? 0 : Math.sqrt(meanAndSe(variances).mean / publishedTrials));
  const se = Math.sqrt(ours.se ** 2 + theirs ** 2);
  const z = (ours.mean - published) / se;
  return { ours: ours.mean, se, published, tolerance: limit, ok: Math.abs(z) <= limit, z };
}

function every(
  results: Results,
  { of, where, atMost = Infinity, atLeast = -Infinity, share = 1 }: Claim & { kind: 'every' },
): Verdict {
  const values = cellsAt(results, where).flatMap((at) => results.over(at, of));
  if (values.length === 0) return NONE;
  const good = values.filter((value) => value <= atMost && value >= atLeast).length / values.length;
  return {
    ours: good,
    se: Math.sqrt((good * (1 - good)) / values.length),
    published: null,
    tolerance: share,
    ok: good >= share,
    note: `${values.length} runs, from ${Math.min(...values).toPrecision(3)} to ${Math.max(...values).toPrecision(3)}`,
  };
}

function inBounds(
  results: Results,
  { statement: id, where, share = 1, constants }: Claim & { kind: 'statement' },
): Verdict {
  const { runs, inside, good, tightest } = runsInBounds(results, cellsAt(results, where), statement(id), constants);
  if (inside === 0) return { ...NONE, note: `none of ${runs} runs meets the conditions` };
  const ours = good / inside;
  const tight = Object.entries(tightest).flatMap(([bound, ratio]) =>
    Number.isNaN(ratio) ? [] : [`${bound}: ${ratio.toPrecision(2)} of its bound`],
  );
  return {
    ours,
    se: Math.sqrt((ours * (1 - ours)) / inside),
    published: null,
    tolerance: share,
    ok: ours >= share,
    note: [`${inside} of ${runs} runs meet the conditions`, ...tight].join(', '),
  };
}

function paired(results: Results, { of, a, b, above, below }: Claim & { kind: 'paired' }): Verdict {
  const [left, right] = [cellsAt(results, a), cellsAt(results, b)];
  if (left.length === 0 || left.length !== right.length) return NONE;
  const differences: number[] = [];
  left.forEach((at, k) => {
    for (let replicate = 0; replicate < results.spec.runs; replicate++) {
      if (!results.has(at, replicate) || !results.has(right[k]!, replicate)) continue;
      const difference = results.at(at, replicate, of) - results.at(right[k]!, replicate, of);
      if (!Number.isNaN(difference)) differences.push(difference);
    }
  });
  if (differences.length < 2) return NONE;
  const { mean: ours, se } = meanAndSe(differences);
  const ok = (above === undefined || ours - 1.96 * se > above) && (below === undefined || ours + 1.96 * se < below);
  return { ours, se, published: null, tolerance: above ?? below ?? 0, ok, note: `${differences.length} pairs` };
}

function slope(results: Results, { of, along, where, between: [low, high] }: Claim & { kind: 'slope' }): Verdict {
  const points = profile(results, of, along, where).filter(({ x, y }) => x > 0 && y.mean > 0);
  if (points.length < 3) return NONE;
  // a floor keeps one run's exactness from drowning the others
  const fit = fitLine(
    points.map(({ x }) => log(x)),
    points.map(({ y }) => log(y.mean)),
    points.map(({ y }) => Math.max(y.se / y.mean, 1e-6)),
  );
  return {
    ours: fit.slope,
    se: fit.slopeSe,
    published: null,
    tolerance: high,
    ok: fit.slope + 2 * fit.slopeSe >= low && fit.slope - 2 * fit.slopeSe <= high,
    note: `${points.length} points, allowed ${low} to ${high}`,
  };
}

function trend(results: Results, { of, along, where, direction }: Claim & { kind: 'trend' }): Verdict {
  const points = profile(results, of, along, where).map(({ y }) => y);
  if (points.length < 2) return NONE;
  const sign = direction === 'rises' ? 1 : -1;
  const step = (from: Estimate, to: Estimate): Estimate => ({
    mean: sign * (to.mean - from.mean),
    se: Math.sqrt(from.se ** 2 + to.se ** 2),
  });
  const whole = step(points[0]!, points.at(-1)!);
  const back = points.slice(1).filter((to, i) => {
    const { mean: change, se } = step(points[i]!, to);
    return change < -4 * se;
  }).length;
  return {
    ours: sign * whole.mean,
    se: whole.se,
    published: null,
    tolerance: 3,
    ok: whole.mean > 3 * whole.se && back === 0,
    z: whole.se > 0 ? whole.mean / whole.se : 0,
    note: `${points.length} points, ${back} steps the other way`,
  };
}

interface LevelOf {
  readonly of: SymbolId;
  readonly along: string;
  readonly level: number;
}

function crossing(results: Results, { of, along, level }: LevelOf, where: Where): Crossing | null {
  const points = profile(results, of, along, where);
  return points.length < 3
    ? null
    : fallingCrossing(
        points.map(({ x }) => x),
        points.map(({ y }) => y.mean),
        points.map(({ y }) => y.se),
        level,
        2,
      );
}

function levelShift(results: Results, one: Claim & { kind: 'level-shift' }): Verdict {
  const places = [one.a, one.b, one.c, one.d].map((where) => crossing(results, one, where));
  if (!places.every((place) => place !== null)) return { ...NONE, note: 'the level is not crossed' };
  const [a, b, c, d] = places as [Crossing, Crossing, Crossing, Crossing];
  const move = (to: Crossing, from: Crossing): Estimate => ({
    mean: log(to.x / from.x),
    se: Math.sqrt((to.se / to.x) ** 2 + (from.se / from.x) ** 2),
  });
  return within(quotient(move(a, b), move(c, d)), one);
}
