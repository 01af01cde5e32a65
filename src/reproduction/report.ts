/** What `reproduce` answers: the report as data, as Markdown, and its verdict and comparisons in one line each. */
import { ALPHA, intervalOf } from '../core/verdict.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Comparison } from '../verification/check.ts';
import type { LevelSet } from '../verification/level-sets.ts';
import type { Look } from './looks.ts';
import type { Preset } from './preset.ts';
import type { Reproduction } from './reproduce.ts';

/** Runs behind a reproduction, and how they were made. */
export interface Made {
  readonly spec: Spec;
  readonly runs: number;
  readonly runsNow: number;
  readonly failed: number;
  readonly wallSeconds: number;
  readonly workers: number;
  /** fewer cells or runs than the full preset */
  readonly coarse: boolean;
  readonly command: string;
  /** names */
  readonly figures: readonly string[];
  /** what the runs' cells leave of the paper's assumptions, in lines */
  readonly assumptions: readonly string[];
}

/** report.json. */
export function reproductionReport(
  { paper, figure, variant }: Preset,
  made: Reproduction,
  how: Made,
  looks: readonly Look[],
  { science, ...programs }: { readonly science: number },
) {
  return {
    v: 2,
    paper: paper.id,
    figure: figure.id,
    variant: variant.id,
    says: variant.says,
    control: variant.control === true,
    verdict: made.verdict,
    byBasis: made.byBasis,
    untold: made.untold,
    coarse: how.coarse,
    alpha: made.alpha,
    look: made.look,
    looks,
    spent: made.spent,
    verdicts: made.verdicts,
    comparisons: made.comparisons,
    wallSeconds: Number(how.wallSeconds.toFixed(3)),
    runs: how.runs,
    runsNow: how.runsNow,
    failed: how.failed,
    workers: how.workers,
    science,
    versions: programs,
    seed: how.spec.seed,
    command: how.command,
    levelSets: made.levelSets,
    ...(made.against && { against: { ...made.against, comparisons: undefined } }),
    deviations: variant.deviations,
    assumptions: how.assumptions,
    figures: how.figures,
  };
}

/** Comparisons that the lines name. */
const NAMED = 5;

/** The verdict, and the comparisons that fail or are undecided. @param report where all of them are */
export function reproductionLines(
  { paper, figure, variant }: Preset,
  made: Reproduction,
  { runs, wallSeconds }: Made,
  report: string,
): string[] {
  const of = (word: 'fails' | 'undecided'): Comparison[] => made.comparisons.filter(({ verdict }) => verdict === word);
  const notable = [...of('fails'), ...of('undecided')];
  return [
    `${paper.id}/${figure.id} ${variant.id}: ${verdictSays(made)} (${runs} runs, ${wallSeconds.toFixed(1)} s)`,
    `  ${countsSay(made)}; ${judgingSays(made)}`,
    ...notable.slice(0, NAMED).map((one) => `  ${one.verdict} (${one.basis}): ${one.id}: ${numbersSay(one)}`),
    ...(notable.length > NAMED ? [`  ... and ${notable.length - NAMED} more, all in ${report}`] : []),
  ];
}

const BASES = ['test', 'guard'] as const;

/** `holds (test), undecided (guard)`, and what it leaves open */
function verdictSays({ byBasis, untold }: Pick<Reproduction, 'byBasis' | 'untold'>): string {
  const words = BASES.flatMap((basis) => (byBasis[basis] === null ? [] : [`${byBasis[basis]} (${basis})`]));
  return `${words.join(', ') || 'undecided: no check'}${untold.length > 0 ? `; cannot be told from ${untold.join(', ')}` : ''}`;
}

/** `tests: 3 hold; guards: 5 hold, 1 undecided` */
function countsSay({ comparisons }: Pick<Reproduction, 'comparisons'>): string {
  return BASES.flatMap((basis) => {
    const some = comparisons.filter((one) => one.basis === basis);
    if (some.length === 0) return [];
    const counts = (
      [
        ['holds', 'hold'],
        ['fails', 'fail'],
        ['undecided', 'undecided'],
        ['not-applicable', 'not applicable'],
      ] as const
    ).flatMap(([word, said]) => {
      const count = some.filter(({ verdict }) => verdict === word).length;
      return count > 0 ? [`${count} ${said}`] : [];
    });
    return [`${basis}s: ${counts.join(', ')}`];
  }).join('; ');
}

/** `chance of any wrong word at most .05 over 5 verdicts; look 1 spends .0304 of it` */
const judgingSays = ({ alpha, look, spent, verdicts }: Reproduction): string =>
  `chance of any wrong word among ${verdicts} verdict${verdicts === 1 ? '' : 's'} at most ${alpha}, of which look ${look} spends ${spent.toPrecision(3)}`;

const number = (value: number | null): string =>
  value === null
    ? ''
    : value === 0 || !Number.isFinite(value)
      ? String(value)
      : Math.abs(value) >= 0.01 && Math.abs(value) < 1000
        ? String(Number(value.toPrecision(4)))
        : value.toExponential(2);

const intervalSays = ({ interval }: Comparison): string =>
  interval === null ? '' : `[${number(interval.low)}, ${number(interval.high)}]`;

const marginSays = ({ margin: { low, high } }: Comparison): string =>
  low === -Infinity
    ? `≤ ${number(high)}`
    : high === Infinity
      ? `≥ ${number(low)}`
      : low === high
        ? number(low)
        : `${number(low)} to ${number(high)}`;

function powerSays({ power: { finds, runs, tells } }: Comparison): string {
  const told = Object.entries(tells ?? {}).map(([name, ok]) => `${ok ? 'told' : 'not told'} from ${name}`);
  return [
    ...(finds === null ? [] : [`finds ${number(finds)}`]),
    ...(runs === undefined
      ? []
      : [runs === null ? 'no number of our runs decides' : `${runs.toLocaleString('en')} runs would decide`]),
    ...told,
  ].join('; ');
}

/** A comparison in one line. */
const numbersSay = (one: Comparison): string =>
  [
    ...(one.ours === null ? [] : [number(one.ours) + (one.interval === null ? '' : `, interval ${intervalSays(one)}`)]),
    `wanted ${marginSays(one)}`,
    ...(powerSays(one) === '' ? [] : [powerSays(one)]),
    one.says,
  ].join('; ');

/** report.md. */
export function reportMarkdown({ paper, figure, variant }: Preset, made: Reproduction, how: Made): string {
  const set = made.levelSets.find(({ level }) => level === figure.level);
  const bold = (verdict: Comparison['verdict']): string => (verdict === 'fails' ? '**fails**' : verdict);
  return [
    `# ${paper.title}: ${figure.title}`,
    '',
    `**${verdictSays(made)}**. ${countsSay(made)}${how.coarse ? ' (a coarse run: fewer cells or runs than the full preset)' : ''}.`,
    '',
    `Variant \`${variant.id}\`: ${variant.says}. ${how.runs} runs, seed ${how.spec.seed}; ${how.runsNow} of them made now, in ${how.wallSeconds.toFixed(1)} s on ${how.workers} worker${how.workers === 1 ? '' : 's'}.`,
    '',
    '```',
    how.command,
    '```',
    '',
    ...how.figures.map((name) => `![${name}](figures/${name}.svg)\n`),
    ...(set?.slope ? [levelSays(set), ''] : []),
    '## Checks',
    '',
    `The ${judgingSays(made)}. A check holds when its interval lies within the margin, fails when it lies wholly beyond; *finds*: the deviation beyond the margin that is found with probability .9. A test has its bounds from elsewhere, a guard had them set after a look at such runs.`,
    '',
    '| check | basis | verdict | ours | interval | margin | published | power | |',
    '|---|---|---|---|---|---|---|---|---|',
    ...made.comparisons.map(
      (one) =>
        `| ${one.id} | ${one.basis} | ${bold(one.verdict)} | ${number(one.ours)} | ${intervalSays(one)} | ${marginSays(one)} | ${number(one.published)} | ${powerSays(one)} | ${one.says.replaceAll('|', '\\|')} |`,
    ),
    '',
    '## Known deviations',
    '',
    ...variant.deviations.map((one) => `- ${one}`),
    '',
    "## The paper's assumptions",
    '',
    ...how.assumptions,
    '',
    'All numbers, single blocks and levels among them, are in `report.json`, the map in `table.csv`.',
    '',
    `${paper.authors.join(', ')}. ${paper.title}. ${paper.venue}.${paper.arxiv ? ` arXiv ${paper.arxiv}.` : ''}`,
    '',
  ].join('\n');
}

/** The level set in one sentence: no slope where no straight line fits. */
function levelSays({ level, slope, kappa }: LevelSet): string {
  const ends = ({ low, high }: { low: number; high: number }): string =>
    `[${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
  const { p, ...known } = slope!;
  const line =
    p !== null && p < ALPHA
      ? `no power law over this range (a straight line has p = ${p.toPrecision(2)})`
      : `log-log slope of ‖μ‖* against d ${known.value.toFixed(3)} ${ends(intervalOf(known, ALPHA))}`;
  return `Level ${level} of the test error: ${line}; the theory's asymptotic slope is 0.25. κ = ${kappa!.value.toPrecision(3)} ${ends(intervalOf(kappa!, ALPHA))}. Intervals: 95 %.`;
}
