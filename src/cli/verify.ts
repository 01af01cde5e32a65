/** `benign verify SPEC.yaml|DIR`: lemmas about trajectories, held against runs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Read } from '../answers/tables.ts';
import { lemmaConstants, lemmasNamed, withNeeds } from '../answers/lemma-choice.ts';
import { lemmaLines } from '../answers/lemma-words.ts';
import { lemmaReport, LemmaRuns, lemmaTable, type LemmaAnswer, type PageReport } from '../answers/verify.ts';
import { messages, UserError } from '../errors.ts';
import { cellId, type Cell } from '../experiments/cell.ts';
import { specAt } from './data.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import type { Constants } from '../theory/statement.ts';
import type { Lemma } from '../verification/lemma.ts';
import { callOf } from './call.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { writeWhole } from './files.ts';
import { openFolder, readFolder, scienceRemark } from './folder.ts';
import { defaultWorkers } from './options.ts';
import { writeFigures } from './outputs.ts';
import { versions } from './versions.ts';

export interface VerifyOptions {
  set: string[];
  lemma: string[];
  constant: string[];
  every?: number;
  outside?: boolean;
  workers?: number;
  out?: string;
  json?: boolean;
}

export async function verify(target: string, options: VerifyOptions): Promise<number> {
  const wanted = lemmasNamed(options.lemma);
  const constants = lemmaConstants(options.constant, wanted);
  const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const made = isFolder ? opened(target, options) : await computed(target, options, wanted, constants);
  if (made.interruptedBy !== null) return made.interruptedBy;
  const { folder } = made;
  const { science, ...answer } = held(folder, made.spec, wanted, constants, options.outside);
  const { figure, runs } = answer;
  const figures = await writeFigures(folder, figure ? [figure] : [], scienceRemark(science, made.spec));
  const { science: _today, ...programs } = versions();
  const report = { v: 2, folder, runs, ...lemmaReport(answer, wanted), figures, science, versions: programs };
  writeWhole(join(folder, 'verify.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (options.json) printJson(report);
  else {
    for (const line of lemmaLines(answer.summary, wanted, runs, options.lemma.length > 0)) say(line);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', 'lemmas.png')}`);
    say(`report:  ${join(folder, 'verify.json')}`);
  }
  if (made.failed > 0) return EXIT.someFailed;
  switch (report.verdict) {
    case 'holds':
      return EXIT.ok;
    case 'fails':
      note('a lemma fails where its assumptions hold: exit code 3');
      return EXIT.checkFailed;
    case 'undecided':
      note(`${undecidedWords(report)}: exit code 4`);
      return EXIT.undecided;
  }
}

const undecidedWords = ({ verdicts, undecided }: PageReport): string =>
  undecided > 0
    ? 'a lemma is undecided'
    : verdicts > 0
      ? 'lemmas speak here outside their assumptions alone: told, not tested'
      : 'no lemma speaks here: nothing is tested';

/** A folder with a spec and its runs. */
interface Made {
  readonly folder: string;
  readonly spec: Spec;
  readonly failed: number;
  readonly interruptedBy: number | null;
}

/** @throws UserError for options that only a spec takes, and for a folder of another kind */
function opened(folder: string, options: VerifyOptions): Made {
  const { set, every, workers, out } = options;
  if (set.length > 0 || [every, workers, out].some((one) => one !== undefined))
    throw new UserError(messages.verifyFolder(folder));
  const spec = openFolder(folder);
  const command = callOf(folder)?.command;
  if (command === 'boundary' || command === 'variance') throw new UserError(messages.verifyKind(folder, command));
  return { folder, spec, failed: 0, interruptedBy: null };
}

async function computed(
  file: string,
  options: VerifyOptions,
  wanted: readonly Lemma[],
  constants: Constants,
): Promise<Made> {
  const { set, lemma: lemmas, every, outside } = options;
  const asked = await specAt(file, set);
  const spec = withNeeds(asked, wanted, every, outside);
  const kept = [
    ...lemmas.map((one) => `-${one.replace('/', '-')}`),
    ...(every === undefined ? [] : [`-every${every}`]),
    ...(outside ? ['-outside'] : []),
  ];
  const first = cells(asked).next().value as Cell;
  const folder = options.out ?? join('out', `verify-${cellId(first)}-${spec.seed}${kept.join('')}`);
  const heading = `benign verify ${file}${set.map((one) => ` --set ${one}`).join('')}`;
  const call = { command: 'verify', lemmas, constants, ...(outside && { outside }) } as const;
  const { report, interruptedBy } = await compute(spec, folder, options.workers ?? defaultWorkers(), heading, call);
  return { folder, spec, failed: report.failed.length, interruptedBy };
}

/** What the lemmas say of the records of a folder, and the science version of these. @throws UserError without any */
function held(
  folder: string,
  spec: Spec,
  wanted: readonly Lemma[],
  constants: Constants,
  outside = false,
): LemmaAnswer & { readonly science: number } {
  const runs = new LemmaRuns(spec, wanted, constants, outside);
  const science = readFolder(folder, (record) => runs.take(record));
  const answer = runs.answer();
  if (!answer) throw new UserError(messages.noRecords(folder));
  return { ...answer, science };
}

/** The same for a folder that verify left, from what it was asked. @throws UserError */
export function verifyAgain(folder: string): ReturnType<typeof held> {
  const {
    lemmas = [],
    constants = {},
    outside,
  } = (callOf(folder) ?? {}) as {
    lemmas?: string[];
    constants?: Constants;
    outside?: boolean;
  };
  return held(folder, openFolder(folder), lemmasNamed(lemmas), constants, outside);
}

/** One row a lemma that is about the model of the folder. @throws UserError */
export function lemmasOf(folder: string): Read {
  const answer = verifyAgain(folder);
  return { data: lemmaTable(answer), science: answer.science };
}
