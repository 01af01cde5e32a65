/** `benign boundary SPEC.yaml --along SYMBOL --over SYMBOL`: the level sets of the error by adaptive sampling. */
import { join } from 'node:path';
import type { Word } from '../core/verdict.ts';
import { messages, suggest, UserError } from '../errors.ts';
import { SCIENCE } from '../experiments/record.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { PARAMETERS, parameterPath } from '../notation.ts';
import {
  boundaryFigure,
  boundaryReport,
  boundaryTable,
  type BoundaryReport,
  type LawFit,
  type LevelSetFit,
} from '../reproduction/boundary-report.ts';
import { searchCaption, sourced } from '../reproduction/caption.ts';
import { looked, type Look } from '../reproduction/looks.ts';
import { looksIn } from './looks.ts';
import { Boundary } from '../sweeps/boundary.ts';
import { searchBoundary } from '../sweeps/node/boundary.ts';
import { EXIT, interruption, note, printJson, say } from './context.ts';
import { readText, writeWhole } from './files.ts';
import { prepareFolder, sayPassed } from './folder.ts';
import { writeFigures } from './outputs.ts';
import { toCsv } from './tables.ts';
import { versions } from './versions.ts';

export interface BoundaryCommandOptions {
  along: string;
  over: string;
  level: number[];
  of: 'testError' | 'testErrorClean';
  precision: number;
  confidence: number;
  workers: number;
  out?: string;
  json?: boolean;
}

export async function boundary(file: string, options: BoundaryCommandOptions): Promise<number> {
  const spec = parseSpec(readText(file), file);
  if (spec.precision) throw new UserError(messages.boundaryOwnPrecision());
  const { of, precision, confidence, workers } = options;
  const levels = [...new Set(options.level)].sort((a, b) => a - b);
  const search = new Boundary(spec, {
    along: pathOf(options.along, '--along'),
    over: pathOf(options.over, '--over'),
    of,
    levels,
    precision,
  });
  const folder = options.out ?? join('out', `boundary-${file.replace(/^.*\//, '').replace(/\.[^.]*$/, '')}`);
  const command = `benign boundary ${file} --along ${options.along} --over ${options.over} ${levels.map((level) => `--level ${level}`).join(' ')} --of ${of} --precision ${precision} --confidence ${confidence}`;
  prepareFolder(folder, spec, command);
  const started = performance.now();
  const { signal, exitCode } = interruption();
  const made = await searchBoundary(search, {
    folder,
    workers,
    seed: spec.seed,
    signal,
    passed: (passed) => sayPassed(folder, passed),
    progress: (runs, wanted) => note(`${runs} runs stored, ${wanted} wanted next`),
  });
  if (made.interrupted) {
    note(`interrupted: everything finished is stored in ${folder}; the same command goes on from there`);
    return exitCode();
  }
  for (const { run, why } of made.failed.slice(0, 3)) note(`run ${run} failed: ${why}`);
  const question = `--along ${search.along.name} --over ${search.over.name} ${levels.map((level) => `--level ${level}`).join(' ')} --of ${of} --confidence ${confidence}`;
  const alpha = Number((1 - confidence).toPrecision(12));
  const looks = looked(looksIn(join(folder, REPORT), alpha), { runs: search.runs, question }, alpha);
  const look = looks.at(-1)!;
  const report = boundaryReport(search, { confidence, alpha, spent: look.spent });
  writeWhole(join(folder, 'level-sets.csv'), toCsv(boundaryTable(search, report)));
  const drawn = boundaryFigure(search, report, {
    title: `${spec.name || 'level sets'}: where the ${of === 'testError' ? '' : 'clean '}test error crosses a level`,
    subtitle: searchCaption(spec, search.along, { runs: search.runs, precision, confidence }),
  });
  const figures = await writeFigures(folder, drawn ? [sourced(drawn, spec, SCIENCE, question)] : []);
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
    runsNow: made.made,
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
    say(`${search.runs} runs, ${made.made} made now in ${wallSeconds.toFixed(1)} s`);
    say(`table:   ${join(folder, 'level-sets.csv')}`);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', `${figures[0]}.png`)}`);
    say(`report:  ${join(folder, REPORT)}`);
  }
  return made.failed.length > 0 ? EXIT.someFailed : report.verdict === null ? EXIT.ok : EXIT_OF[report.verdict];
}

const REPORT = 'report.json';
const EXIT_OF: Readonly<Record<Word, number>> = { holds: EXIT.ok, fails: EXIT.checkFailed, undecided: EXIT.undecided };

/** @throws UserError */
function pathOf(name: string, option: string): string {
  const path = parameterPath(name);
  if (path === undefined)
    throw new UserError(
      `${option} ${name}: unknown parameter, ${suggest(
        name,
        [...PARAMETERS].flatMap(([one, { id }]) => [one, id]),
      )}`,
    );
  return path;
}

function sentences(search: Boundary, { crossings, fits, errors }: BoundaryReport, { look }: Look): string[] {
  const places = new Map<string, number>();
  for (const { state } of crossings) places.set(state, (places.get(state) ?? 0) + 1);
  return [
    `${crossings.length} crossings sought: ${[...places].map(([state, count]) => `${count} ${SAYS[state as keyof typeof SAYS]}`).join(', ')}`,
    ...fits.flatMap((fit) => [levelSentence(search, fit), ...fit.laws.map((law) => `  ${lawSentence(law)}`)]),
    `look ${look} at this folder: ${errors.tests} intervals and tests share ${errors.spent.toPrecision(3)} of α = ${errors.alpha}, each of coverage ${(1 - errors.spent / errors.tests).toFixed(5)}`,
  ];
}

const ranged = ({ value, low, high }: { value: number; low: number; high: number }): string =>
  `${value.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}]`;

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
  limit: 'not precise enough after the most runs',
} as const;
