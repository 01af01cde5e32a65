/** `benign verify SPEC.yaml|DIR`: lemmas about trajectories, held against runs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { cellId, type Cell } from '../experiments/cell.ts';
import type { RunRecord } from '../experiments/record.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { observablesOf } from '../experiments/series.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { foreignTo } from '../experiments/results.ts';
import { settingOf } from '../experiments/setting.ts';
import type { Table } from '../experiments/table.ts';
import { boundsFigure, type BoundedSeries } from '../figures/bounds.ts';
import type { Figure } from '../figures/figure.ts';
import { together } from '../core/verdict.ts';
import type { SymbolId } from '../notation.ts';
import { PROVENANCE, type Constants } from '../theory/statement.ts';
import { constantsOf, type Lemma } from '../verification/lemma.ts';
import { LEMMAS } from '../verification/lemmas/index.ts';
import { cellCaption, sourced } from '../reproduction/caption.ts';
import { summarise, type LemmaSummary, type OneRun, type Summary } from '../verification/summary.ts';
import { check, needs, notAbout, trajectory } from '../verification/verify.ts';
import { callOf } from './call.ts';
import { compute } from './compute.ts';
import { EXIT, note, printJson, say } from './context.ts';
import { readText, writeWhole } from './files.ts';
import { openFolder, readFolder, scienceRemark } from './folder.ts';
import { assignments, defaultWorkers } from './options.ts';
import { writeFigures } from './outputs.ts';

export interface VerifyOptions {
  set: string[];
  lemma: string[];
  constant: string[];
  every?: number;
  workers?: number;
  out?: string;
  json?: boolean;
}

/** Entries of a series unless --every says otherwise. */
const ENTRIES = 200;
/** More panels make a picture that nobody reads. */
const MAX_PANELS = 10;

export async function verify(target: string, options: VerifyOptions): Promise<number> {
  const wanted = chosen(options.lemma);
  const constants = constantsGiven(options.constant, wanted);
  const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const given = (['set', 'every', 'workers', 'out'] as const).filter((one) =>
    one === 'set' ? options.set.length > 0 : options[one] !== undefined,
  );
  if (isFolder && given.length > 0) throw new UserError(messages.verifyFolder(target));
  let folder = target;
  let spec: Spec;
  let failedRuns = 0;
  if (isFolder) {
    spec = openFolder(target);
    const command = callOf(target)?.command;
    if (command === 'boundary' || command === 'variance') throw new UserError(messages.verifyKind(target, command));
  } else {
    const asked = parseSpec(readText(target), target, assignments(options.set));
    spec = withNeeds(asked, wanted, options.every);
    const kept = `${options.lemma.map((one) => `-${one.replace('/', '-')}`).join('')}${options.every === undefined ? '' : `-every${options.every}`}`;
    folder = options.out ?? join('out', `verify-${cellId(cells(asked).next().value as Cell)}-${spec.seed}${kept}`);
    const computed = await compute(
      spec,
      folder,
      options.workers ?? defaultWorkers(),
      `benign verify ${target}${options.set.map((one) => ` --set ${one}`).join('')}`,
      { command: 'verify', lemmas: options.lemma, constants },
    );
    if (computed.interruptedBy !== null) return computed.interruptedBy;
    failedRuns = computed.report.failed.length;
  }
  const { summary, figure, runs, science } = told(folder, spec, wanted, constants);
  const { lemmas: summaries, ...page } = summary;
  const figures = await writeFigures(folder, figure ? [figure] : [], scienceRemark(science));
  const report = {
    v: 2,
    folder,
    runs,
    verdict: together(summaries.flatMap(({ verdict }) => (verdict === 'not-applicable' ? [] : [verdict]))),
    ...counted(summaries),
    ...page,
    lemmas: summaries.map((one, at) => ({
      ...one,
      source: wanted[at]!.source,
      provenance: wanted[at]!.provenance,
      asKnown: PROVENANCE[wanted[at]!.provenance],
    })),
    figures,
  };
  writeWhole(join(folder, 'verify.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (options.json) printJson(report);
  else {
    print(summary, wanted, runs, options.lemma.length > 0);
    if (figures.length > 0) say(`picture: ${join(folder, 'figures', 'lemmas.png')}`);
    say(`report:  ${join(folder, 'verify.json')}`);
  }
  if (failedRuns > 0) return EXIT.someFailed;
  switch (report.verdict) {
    case 'holds':
      return EXIT.ok;
    case 'fails':
      note('a lemma fails where its assumptions hold: exit code 3');
      return EXIT.checkFailed;
    case 'undecided':
      note(
        `${report.verdicts === 0 ? 'no lemma speaks here: nothing is tested' : 'a lemma is undecided'}: exit code 4`,
      );
      return EXIT.undecided;
  }
}

interface Told {
  readonly summary: Summary;
  readonly figure: Figure | null;
  readonly runs: number;
  readonly science: number;
}

/** What the lemmas say of the records of a folder. @throws UserError when there is none */
function told(folder: string, spec: Spec, wanted: readonly Lemma[], constants: Constants): Told {
  const { byLemma, shown, runs, science } = held(folder, spec, wanted, constants);
  const slopes = (['n', 'd', 'm'] as const).filter((id) =>
    spec.axes.some((axis) => axis.id === id && axis.values.length > 2),
  );
  const summary = summarise(
    wanted.map((lemma) => ({
      lemma,
      runs: byLemma.get(lemma.id)!,
      slopes: lemma.kind === 'order' ? slopes : [],
      constants,
    })),
    sharesDraws(spec),
  );
  const panels = panelsOf(wanted, summary.lemmas, shown, constants);
  const figure =
    panels.length > 0
      ? sourced(
          boundsFigure(panels, {
            name: 'lemmas',
            title: spec.name || 'lemmas over a run',
            subtitle: `${[...cellCaption(spec, shown.cell), `run ${shown.record.replicate + 1} of ${spec.runs}${spec.axes.length > 0 ? ' of its cell' : ''} (${shown.record.run})`, `seed ${spec.seed}`].join(', ')}\ndashed: the bounds`,
          }),
          spec,
          shown.record.science,
        )
      : null;
  return { summary, figure, runs, science };
}

/** The same for a folder that verify left, from what it was asked. @throws UserError */
export function verifyAgain(folder: string): Told {
  const call = callOf(folder);
  return told(
    folder,
    openFolder(folder),
    chosen((call?.['lemmas'] as readonly string[] | undefined) ?? []),
    (call?.['constants'] as Constants | undefined) ?? {},
  );
}

/** One row a lemma that is about the model of the folder. @throws UserError */
export function lemmaTable(folder: string): { readonly data: Table; readonly science: number } {
  const { summary, science } = verifyAgain(folder);
  const data = {
    columns: ['lemma', 'kind', 'basis', 'verdict', 'runs', 'met', 'violated', 'unclear', 'draws', 'why'],
    rows: summary.lemmas.map((one) => [
      one.lemma,
      one.kind,
      one.basis,
      one.verdict,
      one.runs,
      one.met,
      one.violated,
      one.unclear,
      one.draws,
      one.why ?? null,
    ]),
  };
  return { data, science };
}

/** Replicates of different cells see the same draws. */
const sharesDraws = (spec: Spec): boolean =>
  spec.axes.length > 0 && [...cells(spec)].some(({ coupling }) => coupling === 'common');

const counted = (summaries: readonly LemmaSummary[]): { holds: number; fails: number; undecided: number } => {
  const of = (word: LemmaSummary['verdict']): number => summaries.filter(({ verdict }) => verdict === word).length;
  return { holds: of('holds'), fails: of('fails'), undecided: of('undecided') };
};

/** Lemmas by id or by paper; all of them when none is named. @throws UserError */
function chosen(names: readonly string[]): readonly Lemma[] {
  for (const name of names)
    if (!LEMMAS.some(({ id }) => id === name || id.startsWith(`${name}/`)))
      throw new UserError(
        messages.unknownLemma(name, [
          ...new Set(LEMMAS.map(({ id }) => id.split('/')[0]!)),
          ...LEMMAS.map(({ id }) => id),
        ]),
      );
  return names.length === 0
    ? LEMMAS
    : LEMMAS.filter(({ id }) => names.some((name) => id === name || id.startsWith(`${name}/`)));
}

/**
 * `--constant C=4`: numbers instead of presets. @throws UserError for a name that no chosen lemma has, and for what is
 * no number
 */
function constantsGiven(texts: readonly string[], lemmas: readonly Lemma[]): Constants {
  const names = [...new Set(lemmas.flatMap(({ constants }) => Object.keys(constants)))];
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value = ''] = text.split('=');
      if (!names.includes(name)) throw new UserError(messages.unknownLemmaConstant(text, name, names));
      if (value.trim() === '' || !(Number(value) > 0) || !Number.isFinite(Number(value)))
        throw new UserError(messages.badLemmaConstant(text));
      if (name === 'delta' && Number(value) >= 1)
        throw new UserError(messages.mustBe('--constant delta', 'in (0, 1)', Number(value)));
      return [name, Number(value)];
    }),
  );
}

/** The spec with the observables of the lemmas that are about one of its cells, as far as all cells have them. */
function withNeeds(spec: Spec, lemmas: readonly Lemma[], every: number | undefined): Spec {
  const all = [...cells(spec)];
  const fit = lemmas.filter((lemma) => all.some((cell) => notAbout(lemma, cell).length === 0));
  if (fit.length === 0)
    throw new UserError(messages.noLemma(notAbout(lemmas[0]!, all[0]!).map((why) => `${lemmas[0]!.id}: ${why}`)[0]!));
  const { series, values } = needs(fit);
  const kept = (ids: readonly SymbolId[]): SymbolId[] =>
    ids.filter((id) => all.every((cell) => id.startsWith('testError') || observablesOf(cell).includes(id)));
  const longest = Math.max(...all.map(({ training }) => training.maxSteps));
  return {
    ...spec,
    record: {
      series: kept(series),
      values: [...new Set([...spec.record.values, ...kept(values.filter((id) => !id.startsWith('testError')))])],
      every: every ?? Math.max(1, Math.ceil(longest / ENTRIES)),
    },
  };
}

/** Every lemma over every run of the folder, and the run that is shown. @throws UserError when there is none */
function held(
  folder: string,
  spec: Spec,
  lemmas: readonly Lemma[],
  constants: Constants,
): {
  byLemma: Map<string, OneRun[]>;
  shown: { cell: Cell; record: RunRecord };
  runs: number;
  science: number;
} {
  const all = new Map([...cells(spec)].map((cell) => [cellId(cell), { cell, setting: settingOf(cell) }]));
  const byLemma = new Map(lemmas.map(({ id }) => [id, [] as OneRun[]]));
  const seen = new Map<string, string>();
  let shown: { cell: Cell; record: RunRecord } | undefined;
  const science = readFolder(folder, (record) => {
    const found = all.get(record.run.slice(0, 16));
    const foreign = foreignTo(spec, record, found !== undefined);
    if (!found || foreign) return foreign;
    const line = JSON.stringify([record.outcome, record.steps, record.values]); // the series are long
    const known = seen.get(record.run);
    if (known !== undefined) return known === line ? undefined : 'twice';
    seen.set(record.run, line);
    if (record.series && (!shown || record.run < shown.record.run)) shown = { cell: found.cell, record };
    shown ??= { cell: found.cell, record };
    for (const lemma of lemmas)
      byLemma
        .get(lemma.id)!
        .push({ run: record.run, setting: found.setting, outcome: check(lemma, found.cell, record, constants) });
  });
  if (!shown) throw new UserError(messages.noRecords(folder));
  // As the spec has them: the order of the records depends on the number of workers.
  const order = [...all.keys()];
  const placeOf = (run: string): number => order.indexOf(run.slice(0, 16)) * spec.runs + Number(run.slice(17));
  for (const runsOf of byLemma.values()) runsOf.sort((a, b) => placeOf(a.run) - placeOf(b.run));
  return { byLemma, shown, runs: seen.size, science };
}

/** Lemmas that fail first, exact ones last; of those that do not fail only what moves over time. */
function panelsOf(
  lemmas: readonly Lemma[],
  summaries: readonly LemmaSummary[],
  { cell, record }: { cell: Cell; record: RunRecord },
  constants: Constants,
): BoundedSeries[] {
  const run = trajectory(cell, record);
  const panels = lemmas.flatMap((lemma, at): { rank: number; panel: BoundedSeries }[] => {
    const { verdict } = summaries[at]!;
    if (verdict === 'not-applicable') return [];
    const used = constantsOf(lemma, constants);
    const values = lemma.quantity(run, used);
    if (
      check(lemma, cell, record, constants).least === undefined ||
      values.length !== run.times.length ||
      values.length < 2
    )
      return [];
    const moves = new Set(values.filter((value) => !Number.isNaN(value))).size > 1;
    if (verdict !== 'fails' && !moves) return [];
    const rank = verdict === 'fails' ? 0 : lemma.kind === 'exact' ? 2 : 1;
    return [
      {
        rank,
        panel: { title: lemma.id, label: lemma.quantityLabel, steps: run.times, values, ...lemma.limits(run, used) },
      },
    ];
  });
  return panels
    .sort((a, b) => a.rank - b.rank)
    .map(({ panel }) => panel)
    .slice(0, MAX_PANELS);
}

const short = (x: number): string => String(Number(x.toPrecision(3)));

const percent = (share: number): string => `${short(100 * share)} %`;

/** @param all whether lemmas about other models are named too, and not only counted */
function print({ alpha, verdicts, lemmas }: Summary, wanted: readonly Lemma[], runs: number, all: boolean): void {
  const here = lemmas.filter(({ why }) => all || why !== 'about other models');
  for (const one of here)
    say(
      sentence(
        one,
        wanted.find(({ id }) => id === one.lemma)!,
      ),
    );
  const { holds, fails, undecided } = counted(lemmas);
  say(
    `${runs} ${runs === 1 ? 'run' : 'runs'}; ${holds} ${holds === 1 ? 'lemma holds' : 'lemmas hold'}, ${fails} fail, ${undecided} undecided, ${here.length - verdicts} not applicable, ${lemmas.length - here.length} about other models`,
  );
  if (verdicts > 0)
    say(
      `${verdicts} ${verdicts === 1 ? 'verdict' : 'verdicts'} together: any wrong one with a probability of at most ${alpha}, each interval of coverage 1 - ${alpha}/${verdicts}`,
    );
}

const SHOUTED = { holds: 'holds', fails: 'FAILS', undecided: 'undecided', 'not-applicable': '-' } as const;

/** One lemma in one line. */
function sentence(summary: LemmaSummary, { formula, source, provenance }: Lemma): string {
  const { lemma, verdict, constants, basis, first } = summary;
  const word = SHOUTED[verdict].padEnd(10);
  if (verdict === 'not-applicable') return `${word}${lemma}: ${silence(summary)}`;
  const measured = constants.map(({ side, chosen: limit, smallest, largest }) =>
    side === 'most'
      ? `at most ${short(limit)}, measured ${short(largest)}`
      : `at least ${short(limit)}, measured ${short(smallest)}`,
  );
  const what = [
    ...(first ? [`run ${first.run} at step ${first.step} by ${short(first.by)}`] : []),
    counts(summary),
    [...measured, ...(basis === 'guard' ? ['a guard: the constant is chosen'] : [])].join(', '),
  ];
  return `${word}${lemma} (${source}, ${PROVENANCE[provenance]}): ${formula} (${what.join('; ')})`;
}

/** How many runs violate a lemma, what that leaves possible, and what would tell. */
function counts({ met, runs, violated, unclear, draws, rate, excluded, delta, needed, verdict }: LemmaSummary): string {
  const of = `${violated} of ${met} runs${draws < met ? ` (${draws} independent draws)` : ''} ${violated === 1 ? 'violates' : 'violate'} it`;
  const told = [
    `${of}${met < runs ? `, ${runs - met} do not count` : ''}`,
    ...(unclear > 0 ? [`${unclear} too uncertain to tell: more test lines or points would`] : []),
    ...(excluded !== undefined && delta === 0 ? [`a violation rate above ${percent(excluded)} is excluded`] : []),
    ...(delta > 0 ? [`rate in [${percent(rate!.low)}, ${percent(rate!.high)}], allowed ${percent(delta)}`] : []),
    ...(verdict === 'undecided' && needed != null ? [`about ${needed} runs would tell`] : []),
    ...(verdict === 'undecided' && needed === null && unclear === 0
      ? ['the rate seen is just the allowed one: no number of runs can be named']
      : []),
  ];
  return told.join(', ');
}

function silence({ why, unmet, runs, missing }: LemmaSummary): string {
  const reasons = Object.entries(unmet).map(([reason, count]) =>
    count === runs ? reason : `${reason} (${count} of ${runs} runs)`,
  );
  switch (why!) {
    case 'about other models':
      return `about other models: ${reasons.join('; ')}`;
    case 'assumptions not met':
      return `assumptions not met here: ${reasons.join('; ')}`;
    case 'no series':
      return `the records lack ${missing.join(', ')}`;
    case 'nothing to say':
      return 'the runs say nothing about it';
  }
}
