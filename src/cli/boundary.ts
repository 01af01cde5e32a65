/** `benign boundary SPEC.yaml --along SYMBOL --over SYMBOL`: the level sets of the error by adaptive sampling. */
import { join } from 'node:path';
import { toCsv } from '../answers/tables.ts';
import type { Word } from '../core/verdict.ts';
import { messages, suggest, UserError } from '../errors.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { PARAMETERS, parameterPath } from '../notation.ts';
import {
  boundaryReport,
  boundaryTable,
  type BoundaryReport,
  type Crossing,
  type LawFit,
  type LevelSetFit,
} from '../reproduction/boundary-report.ts';
import { looked, type Look } from '../reproduction/looks.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import { searchBoundary } from '../sweeps/search.ts';
import {
  figureOf,
  heldCall,
  joined,
  REPORT,
  searchAgain,
  searchOf,
  tellsLess,
  type BoundaryCall,
} from './boundary-call.ts';
import { noteCall } from './call.ts';
import { makeRuns, noteFailed, warnOfSize } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { readText, writeWhole } from './files.ts';
import { prepareFolder } from './folder.ts';
import { looksIn } from './looks.ts';
import { assignments, defaultWorkers } from './options.ts';
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
  const spec = parseSpec(readText(file), file, assignments(options.set));
  if (spec.precision) throw new UserError(messages.boundaryOwnPrecision());
  const { of, confidence } = options;
  const workers = options.workers ?? defaultWorkers();
  const asked: BoundaryCall = {
    command: 'boundary',
    along: nameOf(spec, options.along, '--along'),
    over: nameOf(spec, options.over, '--over'),
    of,
    levels: [...new Set(options.level)].sort((a, b) => a - b),
    precision: options.precision,
    confidence,
    ...(options.maxRuns !== undefined && { maxRuns: options.maxRuns }),
  };
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
  const command = commandOf(file, options, call);
  const { levels, precision } = call;
  const question = `--along ${search.along.name} --over ${search.over.name} ${levelsSay(levels)} --of ${of} --confidence ${confidence}`;
  const alpha = Number((1 - confidence).toPrecision(12));
  const looks = looked(looksIn(join(folder, REPORT), alpha), { runs: search.runs, question }, alpha);
  const look = looks.at(-1)!;
  const report = boundaryReport(search, { confidence, alpha, spent: look.spent });
  writeWhole(join(folder, 'level-sets.csv'), toCsv(boundaryTable(search, report)));
  const drawn = figureOf(spec, search, call, report);
  const figures = await writeFigures(folder, drawn ? [drawn] : []);
  const wallSeconds = Number(((performance.now() - started) / 1000).toFixed(3));
  const { science, ...programs } = versions();
  const whole = {
    v: 2,
    command,
    of,
    along: search.along.name,
    over: search.over.name,
    levels,
    precision,
    confidence,
    seed: spec.seed,
    runs: search.runs,
    lookRuns: search.lookRuns,
    runsNow: made.made,
    reachedCap: search.reachedCap,
    failed: made.failed.length,
    workers,
    wallSeconds,
    science,
    versions: programs,
    figures,
    look: look.look,
    looks,
    ...report,
  };
  writeWhole(join(folder, REPORT), `${JSON.stringify(whole, null, 1)}\n`);
  if (options.json) printJson(whole);
  else {
    for (const line of sentences(search, report, look)) say(line);
    say(
      `${search.runs} runs and ${search.lookRuns} of a look over the whole range, ${made.made} made now in ${wallSeconds.toFixed(1)} s`,
    );
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

/** What the folder answers: the search that was made, or what it held, where the most runs came first and it tells less. */
function answerOf(
  folder: string,
  held: BoundaryCall | undefined,
  call: BoundaryCall,
  search: Boundary,
): { readonly call: BoundaryCall; readonly search: Boundary; readonly kept: boolean } {
  if (held && search.reachedCap) {
    const before = searchAgain(folder);
    if (tellsLess(search, boundaryReport(search, {}), before)) {
      note(messages.boundaryKeeps(folder, before.search.runs + before.search.lookRuns, call.maxRuns!));
      return { call: before.call, search: before.search, kept: true };
    }
  }
  return { call, search, kept: false };
}

const levelsSay = (levels: readonly number[]): string => levels.map((level) => `--level ${level}`).join(' ');

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

/** The name of an axis, which may be given by its path or its symbol. @throws UserError */
function nameOf(spec: Spec, name: string, option: string): string {
  const path = parameterPath(name);
  if (path === undefined)
    throw new UserError(
      `${option} ${name}: unknown parameter, ${suggest(
        name,
        [...PARAMETERS].flatMap(([one, { id }]) => [one, id]),
      )}`,
    );
  return spec.axes.find((axis) => axis.path === path)?.name ?? path;
}

function sentences(search: Boundary, { crossings, fits, errors }: BoundaryReport, { look }: Look): string[] {
  const places = new Map<string, number>();
  for (const { state } of crossings) places.set(state, (places.get(state) ?? 0) + 1);
  return [
    `${crossings.length} crossings sought: ${[...places].map(([state, count]) => `${count} ${SAYS[state as keyof typeof SAYS]}`).join(', ')}`,
    ...crossings.filter(({ again }) => again.length > 0).map((one) => againSentence(search, one)),
    ...fits.flatMap((fit) => [levelSentence(search, fit), ...fit.laws.map((law) => `  ${lawSentence(law)}`)]),
    `look ${look} at this folder: ${errors.tests} intervals and tests share ${errors.spent.toPrecision(3)} of α = ${errors.alpha}, each of coverage ${(1 - errors.spent / errors.tests).toFixed(5)}`,
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

const SAYS = {
  found: 'found',
  above: 'where the error stays above the level',
  below: 'where it stays below',
  limit: 'not finished after the most runs',
  'not-monotone': 'where the error is not monotone and crosses elsewhere',
} as const;
