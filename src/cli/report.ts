/** report.json and report.md of a reproduction. */
import { join } from 'node:path';
import { assumptionLines, departures } from '../reproduction/assumptions.ts';
import type { Reproduction } from '../reproduction/reproduce.ts';
import type { Computed } from './compute.ts';
import { writeWhole } from './files.ts';
import type { Preset } from './preset.ts';
import { versions } from './versions.ts';

export function writeReport(
  folder: string,
  preset: Preset,
  computed: Computed,
  made: Reproduction,
  context: { workers: number; coarse: boolean; command: string; figures: string[] },
): object {
  const { paper, figure, variant } = preset;
  const { results, report: sweepReport, wallSeconds } = computed;
  const { science, ...programs } = versions();
  const report = {
    v: 1,
    paper: paper.id,
    figure: figure.id,
    variant: variant.id,
    says: variant.says,
    control: variant.control === true,
    verdict: made.verdict,
    coarse: context.coarse,
    comparisons: made.comparisons,
    wallSeconds: Number(wallSeconds.toFixed(3)),
    runs: results.count,
    runsNow: sweepReport.made,
    failed: sweepReport.failed.length,
    workers: context.workers,
    science,
    versions: programs,
    seed: results.spec.seed,
    command: context.command,
    levelSets: made.levelSets,
    ...(made.against && { against: { ...made.against, comparisons: undefined } }),
    deviations: variant.deviations,
    assumptions: assumptionLines(departures(results.spec, paper.id)),
    figures: context.figures,
  };
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeWhole(join(folder, 'report.md'), markdown(preset, computed, made, context));
  return report;
}

function markdown(
  { paper, figure, variant }: Preset,
  { results, wallSeconds, report }: Computed,
  made: Reproduction,
  context: { workers: number; coarse: boolean; command: string; figures: string[] },
): string {
  const number = (value: number | null): string =>
    value === null ? '' : Math.abs(value) >= 0.01 && Math.abs(value) < 1000 ? value.toFixed(4) : value.toExponential(2);
  const failed = made.comparisons.filter(({ ok }) => !ok).length;
  const set = made.levelSets.find(({ level }) => level === figure.level);
  return [
    `# ${paper.title}: ${figure.title}`,
    '',
    `**${made.verdict}**: ${made.comparisons.length - failed} of ${made.comparisons.length} checks hold${context.coarse ? ' (a coarse run: fewer cells or runs than the full preset)' : ''}.`,
    '',
    `Variant \`${variant.id}\`: ${variant.says}. ${results.count} runs, seed ${results.spec.seed}; ${report.made} of them made now, in ${wallSeconds.toFixed(1)} s on ${context.workers} worker${context.workers === 1 ? '' : 's'}.`,
    '',
    '```',
    context.command,
    '```',
    '',
    ...context.figures.map((name) => `![${name}](figures/${name}.svg)\n`),
    ...(set?.slope
      ? [
          `Level ${set.level} of the test error: log-log slope of ‖μ‖* against d ${set.slope.value.toFixed(3)} ± ${set.slope.se.toFixed(3)} (the theory's asymptotic value is 0.25); κ = ${set.kappa!.value.toPrecision(3)} ± ${set.kappa!.se.toPrecision(1)}.`,
          '',
        ]
      : []),
    '## Checks',
    '',
    '| check | ours | SE | published | z | holds | |',
    '|---|---|---|---|---|---|---|',
    ...made.comparisons.map(
      ({ id, ours, se, published, z, ok, says }) =>
        `| ${id} | ${number(ours)} | ${number(se)} | ${number(published)} | ${z === undefined ? '' : z.toFixed(2)} | ${ok ? 'yes' : '**no**'} | ${says.replaceAll('|', '\\|')} |`,
    ),
    '',
    '## Known deviations',
    '',
    ...variant.deviations.map((one) => `- ${one}`),
    '',
    "## The paper's assumptions",
    '',
    ...assumptionLines(departures(results.spec, paper.id)),
    '',
    'SE is the standard error of the difference ours − published; all numbers are in `report.json`, the map in `table.csv`.',
    '',
    `${paper.authors.join(', ')}. ${paper.title}. ${paper.venue}.${paper.arxiv ? ` arXiv ${paper.arxiv}.` : ''}`,
    '',
  ].join('\n');
}
