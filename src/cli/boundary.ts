/** `benign boundary SPEC.yaml --along SYMBOL --over SYMBOL`: the level sets of the error by adaptive sampling. */
import { join } from 'node:path';
import { boundaryLines } from '../answers/boundary-words.ts';
import { axisNamed, errorsOf, levelsSay, searchFigure, searchOf, searchReport } from '../answers/boundary.ts';
import { toCsv } from '../answers/tables.ts';
import type { Word } from '../core/verdict.ts';
import { messages, UserError } from '../errors.ts';
import { specAt } from './data.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { boundaryReport, boundaryTable } from '../reproduction/boundary-report.ts';
import { searchBoundary } from '../sweeps/search.ts';
import { answerOf, heldCall, joined, looksAt, REPORT, type BoundaryCall } from './boundary-call.ts';
import { noteCall } from './call.ts';
import { makeRuns, noteFailed, warnOfSize } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { writeWhole } from './files.ts';
import { prepareFolder } from './folder.ts';
import { defaultWorkers } from './options.ts';
import { writeFigures } from './outputs.ts';
import { progress } from './progress.ts';
import { noteInterrupted } from './under-way.ts';
import { versions } from './versions.ts';

export interface BoundaryCommandOptions {
  along: string;
  over: string;
  level: number[];
  of: 'testError' | 'testErrorClean';
  precision: number;
  confidence: number;
  maxRuns?: number;
  set: string[];
  workers?: number;
  out?: string;
  json?: boolean;
}

export async function boundary(file: string, options: BoundaryCommandOptions): Promise<number> {
  const spec = await specAt(file, options.set);
  if (spec.precision) throw new UserError(messages.boundaryOwnPrecision());
  const workers = options.workers ?? defaultWorkers();
  const asked = askedBy(spec, options);
  searchOf(spec, asked); // what is wrong with it comes before a folder is touched
  const folder = options.out ?? defaultFolder(file, options, asked);
  const held = heldCall(folder);
  const wanted = joined(folder, held, asked);
  const searched = searchOf(spec, wanted);
  // What a folder was asked stays there until there is more to tell.
  prepareFolder(folder, spec, commandOf(file, options, wanted), held ?? wanted);
  warnOfSize(cells(spec), workers);
  const started = performance.now();
  const bar = progress(spec.name || 'boundary', true);
  const { made, interruptedBy } = await makeRuns(folder, workers, bar, (how) => searchBoundary(searched, how));
  if (interruptedBy !== null) {
    noteInterrupted(`${searched.stored} runs`, folder);
    return interruptedBy;
  }
  noteFailed(made);
  const { call, search, kept } = answerOf(folder, held, wanted, searched);
  noteCall(folder, call);
  const looks = looksAt(folder, call, search);
  const report = boundaryReport(search, { ...errorsOf(call), spent: looks.at(-1)!.spent });
  writeWhole(join(folder, 'level-sets.csv'), toCsv(boundaryTable(search, report)));
  const drawn = searchFigure(spec, search, call, report);
  const figures = await writeFigures(folder, drawn ? [drawn] : []);
  const whole = searchReport(call, { search, report }, looks, {
    command: commandOf(file, options, call),
    seed: spec.seed,
    runsNow: made.made,
    failed: made.failed.length,
    workers,
    wallSeconds: Number(((performance.now() - started) / 1000).toFixed(3)),
    versions: versions(),
    figures,
  });
  writeWhole(join(folder, REPORT), `${JSON.stringify(whole, null, 1)}\n`);
  if (options.json) printJson(whole);
  else {
    for (const line of boundaryLines(search, whole)) say(line);
    say(`table:   ${join(folder, 'level-sets.csv')}`);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', `${figures[0]}.png`)}`);
    say(`report:  ${join(folder, REPORT)}`);
  }
  if (made.failed.length > 0) return EXIT.someFailed;
  if (searched.reachedCap) {
    if (!kept)
      note(`--max-runs ${options.maxRuns} came first: exit code 4; the same command with more goes on from there`);
    if (report.verdict !== 'fails') return EXIT.undecided;
  }
  return report.verdict === null ? EXIT.ok : EXIT_OF[report.verdict];
}

const askedBy = (
  spec: Spec,
  { along, over, of, level, precision, confidence, maxRuns }: BoundaryCommandOptions,
): BoundaryCall => ({
  command: 'boundary',
  along: axisNamed(spec, along, '--along'),
  over: axisNamed(spec, over, '--over'),
  of,
  levels: [...new Set(level)].sort((a, b) => a - b),
  precision,
  confidence,
  ...(maxRuns !== undefined && { maxRuns }),
});

function commandOf(
  file: string,
  { along, over, of, confidence, set }: BoundaryCommandOptions,
  { levels, precision }: BoundaryCall,
): string {
  const more = set.map((one) => ` --set ${one}`).join('');
  return `benign boundary ${file} --along ${along} --over ${over} ${levelsSay(levels)} --of ${of} --precision ${precision} --confidence ${confidence}${more}`;
}

/** `out/boundary-SPEC-ALONG-over-OVER`, and what else is not at its default. */
function defaultFolder(file: string, { set }: BoundaryCommandOptions, { along, over, of }: BoundaryCall): string {
  const spec = file === '-' ? 'stdin' : file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  const more = [...(of === 'testError' ? [] : [of]), ...set]
    .map((one) => `-${one.replace(/[^\w.=-]+/g, '_')}`)
    .join('');
  return join('out', `boundary-${spec}-${along}-over-${over}${more}`.slice(0, 120));
}

const EXIT_OF: Readonly<Record<Word, number>> = { holds: EXIT.ok, fails: EXIT.checkFailed, undecided: EXIT.undecided };
