/** `benign reproduce PAPER[/FIGURE]`: a paper's figure, held against the published numbers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ALPHA } from '../core/verdict.ts';
import { messages, UserError } from '../errors.ts';
import { looked } from '../reproduction/looks.ts';
import { findPreset, presetSpec, type Preset } from '../reproduction/preset.ts';
import { readPublished } from '../reproduction/published-table.ts';
import { assumptionLines, departuresOf } from '../reproduction/assumptions.ts';
import { reportMarkdown, reproductionLines, reproductionReport } from '../reproduction/report.ts';
import { reproduction } from '../reproduction/reproduce.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import type { Spec } from '../experiments/spec.ts';
import { readText, writeWhole } from './files.ts';
import { loadResults } from './folder.ts';
import { looksIn } from './looks.ts';
import { defaultWorkers } from './options.ts';
import { writeFigures, writeTables } from './outputs.ts';
import { rowsOf } from '../experiments/table.ts';
import { versions } from './versions.ts';

export interface ReproduceOptions {
  variant?: string;
  quick?: boolean;
  runs?: number;
  workers?: number;
  seed?: number;
  look?: number;
  verdicts?: number;
  out?: string;
  against?: string;
  json?: boolean;
}

export async function reproduce(name: string, options: ReproduceOptions): Promise<number> {
  const preset = findPreset(name, options.variant);
  const { paper, figure, variant } = preset;
  const published =
    options.against === undefined ? undefined : publishedIn(options.against, preset, options.quick === true);
  const { quick, seed, verdicts } = options;
  const folder =
    options.out ??
    join(
      'out',
      `${paper.id}-${figure.id}-${variant.id}${quick ? '-quick' : ''}${seed === undefined ? '' : `-seed${seed}`}`,
    );
  const spec = await specOf(preset, options, folder);
  const workers = options.workers ?? defaultWorkers();
  const command = commandOf(preset, options);
  const call = { command: 'reproduce', figure: `${paper.id}/${figure.id}`, variant: variant.id } as const;
  const { results, report: made, wallSeconds, interruptedBy } = await compute(spec, folder, workers, command, call);
  if (interruptedBy !== null) return interruptedBy;

  // The folder may hold more runs than were asked for.
  const held = results.spec;
  const coarse = quick === true || held.runs < presetSpec(preset, {}).runs;
  // The same runs are the look that they were; more of them, in a folder that was judged before, are a further one.
  const before = looksIn(join(folder, 'report.json'), ALPHA);
  const looks = looked(before, { runs: results.count, question: 'checks' }, ALPHA);
  const look = Math.max(options.look ?? 1, looks.at(-1)!.look);
  const frame = results.frame();
  const judged = reproduction(figure, variant, frame, { look, ...(verdicts !== undefined && { verdicts }) }, published);
  writeTables(folder, held, rowsOf(frame));
  const figures = await writeFigures(folder, judged.figures);
  const how = {
    spec: held,
    runs: results.count,
    runsNow: made.made,
    failed: made.failed.length,
    wallSeconds,
    workers,
    coarse,
    command,
    figures,
    assumptions: assumptionLines(departuresOf(frame.cells, preset.paper.id)),
  };
  const report = reproductionReport(preset, judged, how, looks, versions());
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeWhole(join(folder, 'report.md'), reportMarkdown(preset, judged, how));
  if (options.json) printJson(report);
  else {
    for (const line of reproductionLines(preset, judged, how, join(folder, 'report.md'))) say(line);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', `${figures[0]}.png`)}`);
    say(`report:  ${join(folder, 'report.md')}`);
  }
  if (made.failed.length > 0) return EXIT.someFailed;
  switch (judged.verdict) {
    case 'holds':
      return EXIT.ok;
    case 'fails':
      note(
        variant.control
          ? `as it should be: ${variant.id} is the negative control (exit code 3)`
          : 'a check fails: exit code 3',
      );
      return EXIT.checkFailed;
    case 'undecided':
      note(
        `${variant.control ? `${variant.id} is a negative control and was not found out` : 'none fails, but not every check is decided'}: exit code 4`,
      );
      return EXIT.undecided;
  }
}

/**
 * The preset's spec with its data at hand; where all its runs are in the folder they are judged without.
 *
 * @throws UserError where it is not at hand
 */
async function specOf(preset: Preset, options: ReproduceOptions, folder: string): Promise<Spec> {
  const { paper, figure, variant } = preset;
  const bare = presetSpec(preset, options);
  if (!variant.needs) return bare;
  const { neededData } = await import('../data/node/given.ts');
  try {
    const content = neededData(`${paper.id}/${figure.id}`, variant.needs);
    return variant.needs.content === content ? bare : presetSpec(preset, { ...options, content });
  } catch (error) {
    if (!(error instanceof UserError) || !existsSync(join(folder, 'records'))) throw error;
    const { spec: held, complete } = loadResults(folder);
    if (!complete || held.runs < bare.runs) throw error;
    return presetSpec(preset, { ...options, content: String(held.values.get('data.content')) });
  }
}

function commandOf({ paper, figure, variant }: Preset, options: ReproduceOptions): string {
  const numbers = (['runs', 'seed', 'look', 'verdicts'] as const).map((one) =>
    options[one] === undefined ? '' : ` --${one} ${options[one]}`,
  );
  return `benign reproduce ${paper.id}/${figure.id} --variant ${variant.id}${options.quick ? ' --quick' : ''}${numbers.join('')}`;
}

/** @throws UserError where the preset has no table to hold it against */
function publishedIn(file: string, { figure, variant }: Preset, quick: boolean): number[][] {
  if (!figure.table) throw new UserError(messages.noComparison(figure.id));
  if (variant.id === 'in-theory' || quick)
    throw new UserError(messages.noComparison(quick ? 'a quick run (another grid)' : variant.id));
  return readPublished(readText(file), file, figure.table.rows, figure.table.columns);
}
