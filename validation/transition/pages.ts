/** The texts of docs/constants.md and validation/exponents.md: every number in them is computed. */
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { SCIENCE } from '../../src/experiments/record.ts';
import { ALPHA } from '../../src/core/verdict.ts';
import type { LawFit } from '../../src/reproduction/boundary-laws.ts';
import type { LevelSetFit } from '../../src/reproduction/boundary-report.ts';
import type { Estimated } from '../../src/verification/level-fits.ts';
import { assumptionsSection } from './assumptions.ts';
import type { Cost } from './cost.ts';
import { depths, each, FLIP, quantiles, trend, trivialUpTo, WIDTH_MARGIN, widths, type Made } from './derived.ts';
import type { Picture } from './pictures.ts';
import type { Scaling } from './scaling.ts';
import type { Study } from './studies.ts';

export function shown(one: Estimated | null, digits = 3): string {
  return one === null
    ? ''
    : `${one.value.toPrecision(digits)} [${one.low.toPrecision(digits)}, ${one.high.toPrecision(digits)}]`;
}

/** The laws that a study is held against. */
export function chosen({ laws }: Study, fit: LevelSetFit): LevelSetFit['laws'] {
  return fit.laws.filter(({ id }) => laws === undefined || laws.includes(id));
}

/** The exponent of the symbol itself, where a factor in front of a power was searched. */
const raw = ({ factor = 0 }: Study, one: Estimated | null): Estimated | null =>
  one && { ...one, value: one.value + factor, low: one.low + factor, high: one.high + factor };
const count = (one: number): string => one.toLocaleString('en');
/** A size: a count, or a parameter that may be tiny. */
const size = (one: number): string => (one >= 1 ? count(one) : String(Number(one.toPrecision(3))));

function madeBy(made: readonly Made[]): string {
  const seconds = made.reduce((sum, one) => sum + one.seconds, 0);
  const runs = made.reduce((sum, one) => sum + one.runs, 0);
  return `${made.length} searches, ${count(runs)} runs, ${(seconds / 60).toFixed(1)} minutes on ${availableParallelism()} threads (${cpus()[0]!.model.trim()}, Node ${process.version}), science version ${SCIENCE}; \`npm run constants\` makes them again.`;
}

interface Row {
  readonly study: Study;
  readonly fit: LevelSetFit;
  readonly law: LawFit;
}

const rowsOf = (made: readonly Made[]): Row[] =>
  made.flatMap(({ study, fits }) => fits.flatMap((fit) => chosen(study, fit).map((law) => ({ study, fit, law }))));

const p = (value: number): string => (value < 1e-12 ? 'p < 1e-12' : `p = ${value.toPrecision(2)}`);
const bare = (law: LawFit): string => law.id.replace(/^.*\//, '');

/** Whether a line fits: χ² on its degrees of freedom, p. */
export const lineOf = ({ line }: LevelSetFit): string =>
  line === null ? 'fewer than five sizes' : `${line.value.toPrecision(3)} on ${line.freedom}, ${p(line.p)}`;

/** What is said of the exponent over the whole range. */
const rangeOf = (study: Study, fit: LevelSetFit): string =>
  fit.line === null ? '' : fit.line.rejected ? '**no power law over this range**' : shown(raw(study, fit.exponent));

const wordOf = ({ verdict, why, needed }: LawFit): string =>
  verdict === 'not-applicable'
    ? `not applicable: ${why}`
    : `${verdict === 'fails' ? '**fails**' : verdict}${needed ? ` (about ${count(Number(needed.runs.toPrecision(2)))} runs)` : ''}`;

function exponents(rows: readonly Row[]): string[] {
  return [
    '| search | level | line: χ², p | exponent | theory | tested | verdict | finds | κ, smallest to largest size |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ study, fit, law }) => {
      const { test } = law;
      const theory = `${(law.exponent + (study.factor ?? 0)).toFixed(3)}${test ? ` ± ${Number(test.margin.value.toPrecision(2))}` : ''} (${law.id})`;
      const tested =
        test === null
          ? ''
          : test.by === 'line'
            ? 'the line'
            : `${size(test.from)} to ${size(test.to)}: ${shown(raw(study, test.exponent))}`;
      return `| ${study.id} | ${fit.level} | ${lineOf(fit)} | ${rangeOf(study, fit)} | ${theory} | ${tested} | ${wordOf(law)} | ${test ? test.detects.toPrecision(2) : ''} | ${law.kappa.smallest.value.toPrecision(3)} to ${shown(law.kappa.largest)} |`;
    }),
  ];
}

/** For each paper, search and law: the word at each level, and where there is no power law. */
function summary(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ study }) => study.paper))].flatMap((paper) => {
    const own = rows.filter(({ study, law }) => study.paper === paper && law.why !== 'a bound on one side');
    const sets = [...new Set(own.map(({ study, law }) => `${study.id} ${law.id}`))];
    return [
      `* **${paper}.** ${sets.map((set) => sentence(own.filter(({ study, law }) => `${study.id} ${law.id}` === set))).join(' ')}`,
    ];
  });
}

function sentence(rows: readonly Row[]): string {
  const { study, law } = rows[0]!;
  const at = (own: readonly Row[]): string =>
    own.length === rows.length ? 'at every level' : `at ${own.map(({ fit }) => fit.level).join(', ')}`;
  const words = (['holds', 'fails', 'undecided', 'not-applicable'] as const).flatMap((word) => {
    const own = rows.filter((row) => row.law.verdict === word);
    return own.length > 0 ? [`${word.replace('-', ' ')} ${at(own)}`] : [];
  });
  const bent = rows.filter(({ fit }) => fit.line?.rejected);
  const lines = bent.length > 0 ? `; no power law over this range ${at(bent)}` : '';
  return `\`${study.id}\`${study.control ? ' (control)' : ''}, ${bare(law)}: ${words.join(', ')}${lines}.`;
}

const picture = ({ name, says }: Picture): string => `[![${says}](constants/${name}.svg)](constants/${name}.csv)`;

function constants(made: readonly Made[], pictures: readonly Picture[]): string[] {
  const depth = depths(made);
  const largest = depth.reduce((best, one) => (one.c2.value > best.c2.value ? one : best));
  const smallest = depth.reduce((best, one) => (one.s.value < best.s.value ? one : best));
  const c3 = depth.find(({ level }) => level === 0.125)!.s;
  const record = quantiles(join('validation', 'exponential-bound.md'));
  const [low, high] = [record.rows[0]!, record.rows.at(-1)!];
  return [
    `Theorem 4.2 (as commonly cited) holds with probability 1 − δ over draws: its constants are those of **quantiles** over draws. The level sets above are those of **means**, whose constants are others. Side by side, n = 20, m = 10, p = ${FLIP}, δ = 0.1; quantiles at d = 10⁶ from [the record](../validation/exponential-bound.md) (its intervals: 95 %), means over d = 10⁴ to 10⁸ with exactly two flips:`,
    '',
    '| | quantiles, exactly two flips | quantiles, p = 0.1 | means, exactly two flips |',
    '| --- | --- | --- | --- |',
    `| C_2 | ${record.c2[0]} | ${record.c2[1]} | ${shown(largest.c2)} at mean clean error ${largest.level}, and growing |`,
    `| C_3 | ${record.c3[0]} | ${record.c3[1]} | ${shown(c3)} |`,
    '',
    `C_2: the error is at most p + exp(−S/C_2), held against the (1 − δ)-quantile. C_3: the largest S with error ≥ p + 0.1, that is clean error ≥ 0.1/(1 − 2p) = 0.125, held against the δ-quantile. For quantiles C_2 is read off the slope of log error against S, from 10⁻² to 10⁻¹⁰; for means no slope can be read.`,
    '',
    `**How C_2 drifts with S.** The C_2 that meets the bound with equality at one S, at exactly two flips, for the 0.9-quantile and for the mean of the same 300 draws:`,
    '',
    '| S | 0.9-quantile of the clean error | its C_2 | mean | its C_2 |',
    '| --- | --- | --- | --- | --- |',
    ...record.rows
      .filter((_, i) => i % 4 === 0)
      .map(
        ({ s, quantile, mean, c2, c2OfMean }) =>
          `| ${s} | ${quantile} | ${c2.toPrecision(3)} | ${mean} | ${c2OfMean.toPrecision(3)} |`,
      ),
    '',
    `Both rise with S: that of the quantile from ${low.c2.toPrecision(2)} to ${high.c2.toPrecision(3)}, towards the ${record.c2[0].split(' ')[0]} of the slope; that of the mean from ${low.c2OfMean.toPrecision(2)} to ${high.c2OfMean.toPrecision(3)} at S = ${high.s} without end in sight, since one draw in hundreds makes the mean. So no C_2 of means is a constant: each stands for the errors it was read at.`,
    '',
    'The means of the level sets, S = n‖μ‖⁴/(σ_p⁴ d) as geometric mean over the sizes:',
    '',
    '| mean clean error | S | C_2 of the mean | says nothing up to S |',
    '| --- | --- | --- | --- |',
    ...depth.map(
      ({ level, s, c2 }) => `| ${level} | ${shown(s)} | ${shown(c2)} | ${trivialUpTo(c2.value).toPrecision(3)} |`,
    ),
    '',
    ...pictures.filter(({ name }) => name === 'c2').map(picture),
    '',
    `* With the largest of these C_2 the mean keeps the bound at every S of the table; up to S = C_2 log(2/(1 − 2p)) the bound says nothing, since a clean error is at most 1/2. (The averaging classifier Φ(−(1 − 2k/n)√S) would end at 2/(1 − 2k/n)² = 3.13.)`,
    `* **C_1 cannot be seen**, in means or in quantiles. It is the S from which on the bound holds, and C_2(S) rises with S, for means from ${smallest.c2.value.toPrecision(3)} at S = ${smallest.s.value.toPrecision(3)} to ${largest.c2.value.toPrecision(3)} at S = ${largest.s.value.toPrecision(3)}: whatever C_2 is given, small S keep the bound and large ones break it. Where the bound holds at all large S, C_1 = 0 will do; a C_2 smaller than the last one fails from some S on, and no C_1 helps.`,
  ];
}

function sharpness(made: readonly Made[], pictures: readonly Picture[]): string[] {
  const sharp = (['kou-d', 'kou-n'] as const).map((id) => ({
    id,
    rows: widths(made, id),
    change: trend(made, widths(made, id)),
  }));
  const [d, n] = sharp as [(typeof sharp)[number], (typeof sharp)[number]];
  return [
    'Width of the transition: log S at clean error .05 minus log S at .35.',
    '',
    ...pictures.filter(({ name }) => name === 'width').map(picture),
    '',
    ...sharp.flatMap(({ id, rows, change }) => [
      `| ${id.slice(4)} | width |`,
      '| --- | --- |',
      ...rows.map(({ over, width }) => `| ${count(over)} | ${shown(width)} |`),
      '',
      `Change of the width for e times the ${id.slice(4)}, from the first to the last: ${shown(change, 2)}.`,
      '',
    ]),
    `"The width does not change" means by at most ± ${WIDTH_MARGIN} for e times the size. Over d: **${d.change.word}**${d.change.word === 'holds' ? '. At fixed n the error is a slope in log S, the same for every d, not a step' : ''}. Over n: **${n.change.word}**${n.change.word === 'fails' ? `: from ${n.rows[0]!.width.value.toFixed(2)} at n = ${n.rows[0]!.over} to ${n.rows.at(-1)!.width.value.toFixed(2)} at n = ${n.rows.at(-1)!.over}. Runs differ less from each other there, but a single run's error Φ(−√S…) is itself a slope` : ''}.`,
  ];
}

function costTable(costs: readonly Cost[]): string[] {
  const ratios = costs.filter(({ lines }) => lines === 16).map(({ grid, search }) => grid / search);
  return [
    "Runs for a given standard error of log ‖μ‖*, n = 20, d = 10⁴, over 0.1 ≤ ‖μ‖ ≤ 9.9; those of the search are means over searches of other seeds, with two standard errors. The grid has the columns of the published map (steps of 0.1) and as many runs a cell as the same precision needs; all levels share its runs. It is read in two ways: by a straight line through eight columns, as maps are drawn here and as this comparison always was; and by the search's own curve in a window as wide as the search's. The second uses more of its columns, and is what a grid could give at best: it is the fairer one to the grid. The grid's runs are known to a tenth or so (300 a column, of a skewed law).",
    '',
    "Lines: 4 shifts of so many lines estimate a run's test error (`test.lines`). With 4 the estimator makes most of the spread at error 0.35; 16 take the same time, and the searches above have them. The search as it was before needed about a hundred runs at least.",
    '',
    '| lines | precision | levels | search | grid by lines | ratio | grid by curve | ratio |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...costs.map(
      ({ lines, precision, levels, search, searchSe, grid, gridByCurve }) =>
        `| ${lines} | ${precision} | ${levels.join(', ')} | ${search.toFixed(1)} ± ${(2 * searchSe).toFixed(1)} | ${grid.toFixed(0)} | ${(grid / search).toFixed(1)} | ${gridByCurve.toFixed(0)} | ${(gridByCurve / search).toFixed(1)} |`,
    ),
    '',
    `With 16 lines the grid that is read by lines costs ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)} times as much. Eight of 99 columns would give 12.4 at most without knowing anything of a run beforehand; the rest comes from what the labels say ([boundary](boundary.md)).`,
  ];
}

/** The K of the page and what it guards. */
function guarded(made: readonly Made[]): string {
  const { tests } = made[0]!.errors;
  return `K = ${tests} intervals and tests stand behind the words of this page, counted before a run was made: for each level set with five sizes or more the test of the line, its slope and the slope at the largest sizes; else the last alone; and two for the widths. Each has coverage 1 − α/K = ${(1 - each(made)).toFixed(5)}, α = ${ALPHA}: the chance that any word is wrong is at most α, whatever depends on what. All intervals of the text are of this coverage; bars in the pictures are 95 % each.`;
}

function scalingSentence({ factors, runs, largest }: Scaling): string {
  return `σ_p is not fitted: ‖μ‖* in units of σ_p is the same for every σ_p by scaling, an invariance. ${runs} runs with common draws at σ_p = ${factors.join(', ')} and ‖μ‖/σ_p fixed have the same clean error each, to a relative difference of ${largest === 0 ? '0' : largest.toExponential(0)}.`;
}

/** @param head the line that says by what the page was made */
export function constantsPage(
  head: string,
  made: readonly Made[],
  costs: readonly Cost[],
  scaling: Scaling,
  pictures: readonly Picture[],
): string {
  const rows = rowsOf(made);
  const controls = made.flatMap(({ study }) =>
    study.control ? [`\`${study.id}\` is a control: ${study.control}.`] : [],
  );
  return [
    head,
    '# Constants and exponents',
    '',
    `${madeBy(made)} What the searches are and how they work: [boundary](boundary.md). Errors are clean test errors, means over runs. Behind each picture stands its data.`,
    '',
    guarded(made),
    '',
    '## Exponents',
    '',
    "Slope of log along* against log over on the level set. **Line**: whether the sizes lie on a straight line at all, by χ²; where p < α/K there is no power law over this range, and the theory is tested at the largest sizes, by the last local slope. All local slopes stand in [the record](../validation/exponents.md). **Verdict**: by equivalence, with a margin named beforehand: ± .02 on an exponent of ‖μ‖* or γ* (for exponents beyond 1 in size the same .02 on the law read the other way). *holds*: the interval lies within the margin; *fails*: it lies wholly beyond; *undecided*: neither, with the runs of the search that would decide if the truth is what was measured. **Finds**: the deviation from the theory that is found with probability .9. **κ**: the theorem's control parameter on the level set, at the smallest and at the largest size.",
    '',
    ...exponents(rows),
    '',
    ...made.map(({ study }) => `* \`${study.id}\`: ${study.title}.`),
    '',
    'In words:',
    '',
    ...summary(rows),
    '',
    `What is reconstructed (Shang et al.), as commonly cited (Kou et al., Cao et al.) or inferred stands in \`src/theory/transition-laws.ts\`. ${controls.join(' ')} \`kou-n\` keeps k = n/10: at n = 10 that is one flip. \`kou-n-mu\` flips each label with p = 0.1, since n/10 is no whole number along n; there the problem is largest where ‖μ‖ is smallest. For Karhadkar et al. the benign bound (γk) and the harmful bound (γd) are bounds on one side each; the law between them (nγ²d) is ours. \`kou-k\` asks how the transition moves with the flips: κ grows with k, and the theorem says nothing of it, since its constants may depend on p. ${scalingSentence(scaling)}`,
    '',
    '## Level sets',
    '',
    ...pictures.filter(({ name }) => name !== 'c2' && name !== 'width').flatMap((one) => [picture(one), '']),
    '## Constants of Kou et al. 2023, Theorem 4.2',
    '',
    ...constants(made, pictures),
    '',
    '## Transition or slope?',
    '',
    ...sharpness(made, pictures),
    '',
    ...assumptionsSection(made),
    '## What a search costs',
    '',
    ...costTable(costs),
    '',
  ].join('\n');
}

/** @param head the line that says by what the page was made */
export function exponentsPage(head: string, made: readonly Made[]): string {
  return [
    head,
    '# Exponents of the transition',
    '',
    `${madeBy(made)} The summary is [docs/constants.md](../docs/constants.md); here the local slopes, from each size to the next: value ± standard error, and the interval of coverage 1 − α/K = ${(1 - each(made)).toFixed(5)}.`,
    '',
    ...made.flatMap(({ study, fits, runs, crossings }) => [
      `## ${study.id}`,
      '',
      `${study.title}. ${count(runs)} runs, precision ${study.precision} in log.`,
      '',
      ...fits.flatMap((fit) => [
        `Level ${fit.level}. ${fit.line === null ? 'Fewer than five sizes: no verdict on a line' : `Line: χ² = ${lineOf(fit)}${fit.line.rejected ? ': no power law over this range' : ''}`}.`,
        '',
        '| from | to | slope |',
        '| --- | --- | --- |',
        ...fit.local.map(({ from, to, exponent }) => {
          const one = raw(study, exponent)!;
          return `| ${from} | ${to} | ${one.value.toFixed(4)} ± ${one.se.toPrecision(2)} [${one.low.toPrecision(3)}, ${one.high.toPrecision(3)}] |`;
        }),
        '',
      ]),
      ...(crossings.every(({ state }) => state === 'found')
        ? []
        : [
            `Not crossed: ${crossings
              .filter(({ state }) => state !== 'found')
              .map(({ over, level, state }) => `${level} at ${over} (${state})`)
              .join(', ')}.`,
            '',
          ]),
    ]),
  ].join('\n');
}
