/** `benign reproduce PAPER[/FIGURE]`: a paper's figure, held against the published numbers. */
import { join } from 'node:path';
import { ALPHA } from '../core/verdict.ts';
import { messages, UserError } from '../errors.ts';
import { looked } from '../reproduction/looks.ts';
import { reproduction } from '../reproduction/reproduce.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { readText } from './files.ts';
import { looksIn } from './looks.ts';
import { defaultWorkers } from './options.ts';
import { writeFigures, writeTables } from './outputs.ts';
import { tableOf } from '../experiments/table.ts';
import { findPreset, presetSpec, type Preset } from './preset.ts';
import { countsSay, judgingSays, numbersSay, verdictSays, writeReport } from './report.ts';

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
  const spec = presetSpec(preset, options);
  const published =
    options.against === undefined ? undefined : readPublished(options.against, preset, options.quick === true);
  const folder =
    options.out ??
    join(
      'out',
      `${paper.id}-${figure.id}-${variant.id}${options.quick ? '-quick' : ''}${options.seed === undefined ? '' : `-seed${options.seed}`}`,
    );
  const { verdicts } = options;
  const command = `benign reproduce ${paper.id}/${figure.id} --variant ${variant.id}${options.quick ? ' --quick' : ''}${options.runs === undefined ? '' : ` --runs ${options.runs}`}${options.seed === undefined ? '' : ` --seed ${options.seed}`}${options.look === undefined ? '' : ` --look ${options.look}`}${verdicts === undefined ? '' : ` --verdicts ${verdicts}`}`;
  const workers = options.workers ?? defaultWorkers();
  const call = { command: 'reproduce', figure: `${paper.id}/${figure.id}`, variant: variant.id } as const;
  const computed = await compute(spec, folder, workers, command, call);
  if (computed.interruptedBy !== null) return computed.interruptedBy;

  const full = presetSpec(preset, {});
  // The folder may hold more runs than were asked for.
  const held = computed.results.spec;
  const coarse = options.quick === true || held.runs < full.runs;
  // The same runs are the look that they were; more of them, in a folder that was judged before, are a further one.
  const looks = looked(
    looksIn(join(folder, 'report.json'), ALPHA),
    { runs: computed.results.count, question: 'checks' },
    ALPHA,
  );
  const look = Math.max(options.look ?? 1, looks.at(-1)!.look);
  const judging = { look, ...(verdicts !== undefined && { verdicts }) };
  const frame = computed.results.frame();
  const made = reproduction(figure, variant, frame, judging, published);
  writeTables(folder, held, tableOf(frame));
  const figures = await writeFigures(folder, made.figures);
  const report = writeReport(folder, preset, computed, made, {
    workers,
    coarse,
    command,
    figures,
    looks,
  });

  if (options.json) printJson(report);
  else {
    say(
      `${paper.id}/${figure.id} ${variant.id}: ${verdictSays(made)} (${computed.results.count} runs, ${computed.wallSeconds.toFixed(1)} s)`,
    );
    say(`  ${countsSay(made)}; ${judgingSays(made)}`);
    const notable = made.comparisons.filter(({ verdict }) => verdict === 'fails' || verdict === 'undecided');
    for (const one of notable.sort((a, b) => Number(b.verdict === 'fails') - Number(a.verdict === 'fails')).slice(0, 5))
      say(`  ${one.verdict} (${one.basis}): ${one.id}: ${numbersSay(one)}`);
    if (notable.length > 5) say(`  ... and ${notable.length - 5} more, all in ${join(folder, 'report.md')}`);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', `${figures[0]}.png`)}`);
    say(`report:  ${join(folder, 'report.md')}`);
  }
  if (computed.report.failed.length > 0) return EXIT.someFailed;
  if (made.verdict === 'fails') {
    note(
      variant.control
        ? `as it should be: ${variant.id} is the negative control (exit code 3)`
        : 'a check fails: exit code 3',
    );
    return EXIT.checkFailed;
  }
  if (made.verdict === 'undecided') {
    note(
      `${variant.control ? `${variant.id} is a negative control and was not found out` : 'none fails, but not every check is decided'}: exit code 4`,
    );
    return EXIT.undecided;
  }
  return EXIT.ok;
}

/**
 * A table of numbers, rows x columns of the preset's grid: commas, semicolons or white space between them. A first row
 * or column of labels (the axes' values, or text) is passed over when the size says that it is there.
 *
 * @throws UserError
 */
function readPublished(file: string, { figure, variant }: Preset, quick: boolean): number[][] {
  if (!figure.table) throw new UserError(messages.noComparison(figure.id));
  if (variant.id === 'in-theory' || quick)
    throw new UserError(messages.noComparison(quick ? 'a quick run (another grid)' : variant.id));
  const { rows, columns } = figure.table;
  const lines = readText(file)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[,;\t]|\s+(?=\S)/).map((field) => field.trim()));
  const labelled = lines.length === rows + 1 ? lines.slice(1) : lines;
  const table = labelled.map((line) => (line.length === columns + 1 ? line.slice(1) : line));
  const expected = `${rows} x ${columns}`;
  const widths = new Set(table.map((line) => line.length));
  if (table.length !== rows || widths.size !== 1 || !widths.has(columns)) {
    throw new UserError(
      messages.againstShape(
        file,
        expected,
        `${table.length} rows of ${[...widths].slice(0, 3).join(' or ') || 'no'} columns`,
      ),
    );
  }
  return table.map((line, row) =>
    line.map((field, column) => {
      const value = Number(field);
      if (field === '' || !(value >= 0 && value <= 1))
        throw new UserError(
          messages.againstShape(
            file,
            `${expected} test errors in [0, 1]`,
            `${JSON.stringify(field)} in row ${row + 1}, column ${column + 1}`,
          ),
        );
      return value;
    }),
  );
}
