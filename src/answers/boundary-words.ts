/** What a search for level sets found, in lines. */
import type { LawFit } from '../reproduction/boundary-laws.ts';
import type { Crossing, LevelSetFit } from '../reproduction/boundary-report.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import type { SearchReport } from './boundary.ts';

const SAYS = {
  found: 'found',
  above: 'where the error stays above the level',
  below: 'where it stays below',
  limit: 'not finished after the most runs',
  'not-monotone': 'where the error is not monotone and crosses elsewhere',
} as const;

export function boundaryLines(search: Boundary, report: SearchReport): string[] {
  const { crossings, fits, errors, look, runs, lookRuns, runsNow, wallSeconds } = report;
  const places = new Map<Crossing['state'], number>();
  for (const { state } of crossings) places.set(state, (places.get(state) ?? 0) + 1);
  return [
    `${crossings.length} crossings sought: ${[...places].map(([state, count]) => `${count} ${SAYS[state]}`).join(', ')}`,
    ...crossings.filter(({ again }) => again.length > 0).map((one) => againSentence(search, one)),
    ...fits.flatMap((fit) => [levelSentence(search, fit), ...fit.laws.map((law) => `  ${lawSentence(law)}`)]),
    `look ${look} at this folder: ${errors.tests} intervals and tests share ${errors.spent.toPrecision(3)} of α = ${errors.alpha}, each of coverage ${(1 - errors.spent / errors.tests).toFixed(5)}`,
    `${runs} runs and ${lookRuns} of a look over the whole range, ${runsNow} made now in ${wallSeconds.toFixed(1)} s`,
  ];
}

const ranged = ({ value, low, high }: { value: number; low: number; high: number }): string =>
  `${value.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}]`;

function againSentence({ along, over }: Boundary, one: Crossing): string {
  const where = [
    `${over.name} = ${one.over}`,
    ...Object.entries(one.series).map(([name, value]) => `${name} = ${value}`),
    `level ${one.level}`,
  ].join(', ');
  const others = one.again
    .map(({ low, high }) => `between ${low.toPrecision(3)} and ${high.toPrecision(3)}`)
    .join(', ');
  return one.state === 'not-monotone'
    ? `not monotone at ${where}: crossings ${others}, none of them followed`
    : `not monotone at ${where}: the first crossing is followed, another lies at ${along.name} ${others}`;
}

function levelSentence(search: Boundary, { level, series, exponent, line, local }: LevelSetFit): string {
  const where = [`level ${level}`, ...Object.entries(series).map(([name, value]) => `${name} = ${value}`)].join(', ');
  const symbols = `${search.along.name}* ~ ${search.over.name}^`;
  if (local.length === 0) return `${where}: fewer than two crossings, no slope`;
  const slopes = `local slopes ${local.map((one) => ranged(one.exponent)).join(', ')}`;
  if (!exponent || !line) return `${where}: fewer than five crossings, no verdict on a line; ${slopes}`;
  const fit = `χ² = ${line.value.toPrecision(3)} on ${line.freedom}, p = ${line.p.toPrecision(2)}`;
  return line.rejected
    ? `${where}: no power law over this range (${fit}); ${slopes}`
    : `${where}: ${symbols}${ranged(exponent)} (${fit})`;
}

function lawSentence({ formula, exponent, verdict, why, test, needed, kappa }: LawFit): string {
  const constant = `κ = ${ranged(kappa.largest)} at ${kappa.largest.over}`;
  if (verdict === 'not-applicable') return `${formula} = κ: not applicable (${why}); ${constant}`;
  if (!test) return `${formula} = κ: exponent ${exponent.toFixed(3)}: undecided, fewer than two crossings; ${constant}`;
  const how = test.by === 'line' ? 'on the line' : `from ${test.from} to ${test.to}: ${ranged(test.exponent)}`;
  const more = needed ? `, about ${needed.runs} runs (--precision ${needed.precision}) would decide` : '';
  return `${formula} = κ: exponent ${exponent.toFixed(3)} ± ${Number(test.margin.value.toPrecision(3))}: ${verdict} ${how}${more}; ${constant}`;
}
