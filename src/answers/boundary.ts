/** What `boundary` is asked and answers: the search for level sets, its picture, and what it tells less than another. */
import { suggest, UserError } from '../errors.ts';
import { SCIENCE } from '../experiments/record.ts';
import type { Spec } from '../experiments/spec.ts';
import type { Figure } from '../figures/figure.ts';
import { PARAMETERS, parameterPath } from '../notation.ts';
import { boundaryFigure } from '../reproduction/boundary-figure.ts';
import type { BoundaryReport, Crossing } from '../reproduction/boundary-report.ts';
import { searchCaption, sourced } from '../reproduction/caption.ts';
import type { Look } from '../reproduction/looks.ts';
import { Boundary } from '../sweeps/boundary.ts';

export interface SearchAsked {
  /** names of axes */
  readonly along: string;
  readonly over: string;
  readonly of: 'testError' | 'testErrorClean';
  readonly levels: readonly number[];
  readonly precision: number;
  readonly confidence: number;
  readonly maxRuns?: number;
}

/** The name of an axis, which may be given by its path or its symbol. @throws UserError */
export function axisNamed(spec: Spec, name: string, option: string): string {
  const path = parameterPath(name);
  if (path === undefined) {
    const known = [...PARAMETERS].flatMap(([one, { id }]) => [one, id]);
    throw new UserError(`${option} ${name}: unknown parameter, ${suggest(name, known)}`);
  }
  return spec.axes.find((axis) => axis.path === path)?.name ?? path;
}

const pathOfAxis = (spec: Spec, name: string): string =>
  spec.axes.find((axis) => axis.name === name)?.path ??
  [...PARAMETERS].find(([path, { id }]) => id === name || path === name)?.[0] ??
  name;

/** @throws UserError for what cannot be searched */
export const searchOf = (spec: Spec, { along, over, of, levels, precision, maxRuns }: SearchAsked): Boundary =>
  new Boundary(spec, {
    along: pathOfAxis(spec, along),
    over: pathOfAxis(spec, over),
    of,
    levels,
    seOfLog: precision,
    ...(maxRuns !== undefined && { maxRuns }),
  });

/** What is asked of the runs, as options of the command. */
export const questionOf = ({ along, over, of, levels, confidence }: SearchAsked): string =>
  `--along ${along} --over ${over} ${levelsSay(levels)} --of ${of} --confidence ${confidence}`;

export const levelsSay = (levels: readonly number[]): string => levels.map((level) => `--level ${level}`).join(' ');

export function searchFigure(
  spec: Spec,
  search: Boundary,
  asked: SearchAsked,
  report: BoundaryReport,
  science = SCIENCE,
): Figure | null {
  const { of, precision, confidence } = asked;
  const drawn = boundaryFigure(search, report, {
    title: `${spec.name || 'level sets'}: where the ${of === 'testError' ? '' : 'clean '}test error crosses a level`,
    subtitle: searchCaption(spec, search.along, { runs: search.runs, precision, confidence }),
  });
  return drawn && sourced(drawn, spec, science, questionOf(asked));
}

/** A search and what was made of it. */
export interface Searched {
  readonly search: Boundary;
  readonly report: BoundaryReport;
}

/** What the words of a search may miss. */
export const errorsOf = ({ confidence }: SearchAsked): { readonly confidence: number; readonly alpha: number } => ({
  confidence,
  alpha: Number((1 - confidence).toPrecision(12)),
});

export type SearchReport = ReturnType<typeof searchReport>;

/** report.json. @param looks at these runs, this one last @param how what the search was made by */
export function searchReport(
  { of, levels, precision, confidence }: SearchAsked,
  { search, report }: Searched,
  looks: readonly Look[],
  how: {
    readonly command: string;
    readonly seed: number;
    readonly runsNow: number;
    readonly failed: number;
    readonly workers: number;
    readonly wallSeconds: number;
    readonly versions: { readonly science: number };
    readonly figures: readonly string[];
  },
) {
  const { science, ...versions } = how.versions;
  return {
    v: 2,
    command: how.command,
    of,
    along: search.along.name,
    over: search.over.name,
    levels,
    precision,
    confidence,
    seed: how.seed,
    runs: search.runs,
    lookRuns: search.lookRuns,
    runsNow: how.runsNow,
    reachedCap: search.reachedCap,
    failed: how.failed,
    workers: how.workers,
    wallSeconds: how.wallSeconds,
    science,
    versions,
    figures: how.figures,
    look: looks.at(-1)!.look,
    looks,
    ...report,
  };
}

/** Whether a search tells less than another one does: a crossing that is finished there is not, or it has fewer runs. */
export function tellsLess({ search, report }: Searched, than: Searched): boolean {
  const name = ({ series, over, level }: Crossing): string => JSON.stringify([series, over, level]);
  const finished = ({ crossings }: BoundaryReport): string[] =>
    crossings.filter(({ state }) => state !== 'limit').map(name);
  const here = new Set(finished(report));
  return (
    finished(than.report).some((one) => !here.has(one)) ||
    search.runs + search.lookRuns < than.search.runs + than.search.lookRuns
  );
}
