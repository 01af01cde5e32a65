/** `benign boundary SPEC.yaml --along SYMBOL --over SYMBOL`: the level sets of the error by adaptive sampling. */
import { join } from 'node:path';
import { messages, suggest, UserError } from '../errors.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { PARAMETERS, parameterPath } from '../notation.ts';
import { boundaryFigure, boundaryReport, boundaryTable, type BoundaryReport } from '../reproduction/boundary-report.ts';
import { Boundary } from '../sweeps/boundary.ts';
import { searchBoundary } from '../sweeps/node/boundary.ts';
import { EXIT, interruption, note, printJson, say } from './context.ts';
import { readText, writeWhole } from './files.ts';
import { prepareFolder } from './folder.ts';
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
    progress: (runs, wanted) => note(`${runs} runs stored, ${wanted} wanted next`),
  });
  if (made.interrupted) {
    note(`interrupted: everything finished is stored in ${folder}; the same command goes on from there`);
    return exitCode();
  }
  for (const { run, why } of made.failed.slice(0, 3)) note(`run ${run} failed: ${why}`);
  const report = boundaryReport(search, confidence);
  writeWhole(join(folder, 'level-sets.csv'), toCsv(boundaryTable(search, report)));
  const drawn = boundaryFigure(search, report, {
    title: `${spec.name || 'level sets'}: where the ${of === 'testError' ? '' : 'clean '}test error crosses a level`,
    subtitle: `${search.runs} runs, standard error of log ${options.along} ${precision}, intervals of ${100 * confidence} %, seed ${spec.seed}`,
  });
  const figures = await writeFigures(folder, drawn ? [drawn] : []);
  const wallSeconds = Number(((performance.now() - started) / 1000).toFixed(3));
  const { science, ...programs } = versions();
  const whole = {
    v: 1,
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
    ...report,
  };
  writeWhole(join(folder, 'report.json'), `${JSON.stringify(whole, null, 1)}\n`);
  if (options.json) printJson(whole);
  else {
    for (const line of sentences(search, report, confidence)) say(line);
    say(`${search.runs} runs, ${made.made} made now in ${wallSeconds.toFixed(1)} s`);
    say(`table:   ${join(folder, 'level-sets.csv')}`);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', `${figures[0]}.png`)}`);
    say(`report:  ${join(folder, 'report.json')}`);
  }
  return made.failed.length > 0 ? EXIT.someFailed : EXIT.ok;
}

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

function sentences(search: Boundary, { crossings, fits }: BoundaryReport, confidence: number): string[] {
  const places = new Map<string, number>();
  for (const { state } of crossings) places.set(state, (places.get(state) ?? 0) + 1);
  const range = ({ low, high }: { low: number; high: number }): string =>
    `[${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
  const lines = [
    `${crossings.length} crossings sought: ${[...places].map(([state, count]) => `${count} ${SAYS[state as keyof typeof SAYS]}`).join(', ')}; intervals of ${100 * confidence} %`,
  ];
  for (const { level, series, exponent, laws } of fits) {
    const where = [`level ${level}`, ...Object.entries(series).map(([name, value]) => `${name} = ${value}`)].join(', ');
    if (!exponent) {
      lines.push(`${where}: fewer than three crossings, no exponent`);
      continue;
    }
    lines.push(`${where}: ${search.along.name}* ~ ${search.over.name}^${exponent.value.toFixed(3)} ${range(exponent)}`);
    for (const { formula, exponent: theory, holds, holdsFrom, kappa } of laws) {
      lines.push(
        `  ${formula} = κ: exponent ${theory.toFixed(3)} ${holds ? 'inside' : `outside${holdsFrom === null ? '' : `, inside from ${search.over.name} = ${holdsFrom} on`}`}; κ = ${kappa!.value.toPrecision(3)} ${range(kappa!)}`,
      );
    }
  }
  return lines;
}

const SAYS = {
  found: 'found',
  above: 'where the error stays above the level',
  below: 'where it stays below',
  limit: 'not precise enough after the most runs',
} as const;
