/** What `verify` answers: lemmas held against the records of a spec, one record at a time. */
import { together, type Word } from '../core/verdict.ts';
import { cellId, type Cell } from '../experiments/cell.ts';
import type { Reason } from '../experiments/passed-over.ts';
import type { RunRecord } from '../experiments/record.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { foreignTo } from '../experiments/passed-over.ts';
import { settingOf } from '../experiments/setting.ts';
import type { Table } from '../experiments/table.ts';
import { boundsFigure, type BoundedSeries } from '../figures/bounds.ts';
import type { Figure } from '../figures/figure.ts';
import type { Setting } from '../notation.ts';
import { cellCaption, sourced } from '../reproduction/caption.ts';
import { PROVENANCE, type Constants, type Provenance } from '../theory/statement.ts';
import { constantsOf, type Lemma } from '../verification/lemma.ts';
import { summarise, type LemmaSummary, type OneRun, type Summary } from '../verification/summary.ts';
import { check, trajectory } from '../verification/verify.ts';
import { counted } from './lemma-words.ts';

/** More panels make a picture that nobody reads. */
const MAX_PANELS = 10;

interface Shown {
  readonly cell: Cell;
  readonly record: RunRecord;
}

export interface LemmaAnswer {
  readonly summary: Summary;
  readonly figure: Figure | null;
  readonly runs: number;
}

/** Every lemma over every run. */
export class LemmaRuns {
  private readonly spec: Spec;
  private readonly lemmas: readonly Lemma[];
  private readonly constants: Constants;
  private readonly outside: boolean;
  private readonly cells: ReadonlyMap<string, { readonly cell: Cell; readonly setting: Setting }>;
  private readonly runsOf: readonly OneRun[][];
  private readonly seen = new Map<string, string>();
  private shown: Shown | undefined;

  /** @param outside whether lemmas are held against runs also where their assumptions are not met */
  constructor(spec: Spec, lemmas: readonly Lemma[], constants: Constants, outside = false) {
    this.spec = spec;
    this.lemmas = lemmas;
    this.constants = constants;
    this.outside = outside;
    this.cells = new Map([...cells(spec)].map((cell) => [cellId(cell), { cell, setting: settingOf(cell) }]));
    this.runsOf = lemmas.map(() => []);
  }

  /** @returns why it counts as no run */
  take(record: RunRecord): Reason | undefined {
    const found = this.cells.get(record.run.slice(0, 16));
    const foreign = foreignTo(this.spec, record, found !== undefined);
    if (!found || foreign) return foreign;
    const line = JSON.stringify([record.outcome, record.steps, record.values]); // the series are long
    const known = this.seen.get(record.run);
    if (known !== undefined) return known === line ? undefined : 'twice';
    this.seen.set(record.run, line);
    const { cell, setting } = found;
    if (record.series && (!this.shown || record.run < this.shown.record.run)) this.shown = { cell, record };
    this.shown ??= { cell, record };
    this.lemmas.forEach((lemma, at) =>
      this.runsOf[at]!.push({
        run: record.run,
        setting,
        outcome: check(lemma, cell, record, this.constants, this.outside),
      }),
    );
    return undefined;
  }

  /** What they come to, and the lemmas over one of the runs; undefined where there is none. */
  answer(): LemmaAnswer | undefined {
    if (!this.shown) return undefined;
    const { spec, lemmas, constants } = this;
    // As the spec has them: the order of the records depends on the number of workers.
    const order = [...this.cells.keys()];
    const placeOf = (run: string): number => order.indexOf(run.slice(0, 16)) * spec.runs + Number(run.slice(17));
    for (const runs of this.runsOf) runs.sort((a, b) => placeOf(a.run) - placeOf(b.run));
    const slopes = (['n', 'd', 'm'] as const).filter((id) =>
      spec.axes.some((axis) => axis.id === id && axis.values.length > 2),
    );
    const summary = summarise(
      lemmas.map((lemma, at) => ({
        lemma,
        runs: this.runsOf[at]!,
        slopes: lemma.kind === 'order' ? slopes : [],
        constants,
      })),
      sharesDraws(spec),
    );
    const panels = panelsOf(lemmas, summary.lemmas, this.shown, constants);
    return { summary, figure: panels.length > 0 ? drawn(spec, panels, this.shown) : null, runs: this.seen.size };
  }
}

/** Replicates of different cells see the same draws. */
const sharesDraws = (spec: Spec): boolean =>
  spec.axes.length > 0 && [...cells(spec)].some(({ coupling }) => coupling === 'common');

const drawn = (spec: Spec, panels: readonly BoundedSeries[], { cell, record }: Shown): Figure =>
  sourced(
    boundsFigure(panels, {
      name: 'lemmas',
      title: spec.name || 'lemmas over a run',
      subtitle: `${[...cellCaption(spec, cell), `run ${record.replicate + 1} of ${spec.runs}${spec.axes.length > 0 ? ' of its cell' : ''} (${record.run})`, `seed ${spec.seed}`].join(', ')}\ndashed: the bounds`,
    }),
    spec,
    record.science,
  );

/** Lemmas that fail first, exact ones last; of those that do not fail only what moves over time. */
function panelsOf(
  lemmas: readonly Lemma[],
  summaries: readonly LemmaSummary[],
  { cell, record }: Shown,
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

/** A lemma with what the runs say of it, and where it was read. */
export interface LemmaReport extends LemmaSummary {
  /** `Lemma C.3` */
  readonly source: string;
  /** how well we know what the source says */
  readonly provenance: Provenance;
  /** the same in words */
  readonly asKnown: string;
}

/** What all lemmas come to. */
export interface PageReport extends Omit<Summary, 'lemmas'> {
  /**
   * of all lemmas that apply: one that fails decides, then one that is undecided; undecided where none applies. Those
   * that were asked outside their assumptions do not enter
   */
  readonly verdict: Word;
  /** number of lemmas that hold */
  readonly holds: number;
  /** number of lemmas that fail */
  readonly fails: number;
  /** number of lemmas that are undecided */
  readonly undecided: number;
  /** one entry a lemma, those that do not apply included */
  readonly lemmas: readonly LemmaReport[];
}

/** As verify.json has it. @param wanted the lemmas, in the order in which they were summarised */
export function lemmaReport({ summary: { lemmas, ...page } }: LemmaAnswer, wanted: readonly Lemma[]): PageReport {
  return {
    verdict: together(
      lemmas.flatMap(({ verdict, outside }) => (verdict === 'not-applicable' || outside ? [] : [verdict])),
    ),
    ...counted(lemmas),
    ...page,
    lemmas: lemmas.map((one, at) => {
      const { source, provenance } = wanted[at]!;
      return { ...one, source, provenance, asKnown: PROVENANCE[provenance] };
    }),
  };
}

/** One row a lemma. */
export const lemmaTable = ({ summary: { lemmas } }: LemmaAnswer): Table => ({
  columns: ['lemma', 'kind', 'basis', 'verdict', 'runs', 'met', 'violated', 'unclear', 'draws', 'outside', 'why'],
  rows: lemmas.map(({ lemma, kind, basis, verdict, runs, met, violated, unclear, draws, outside, why }) => [
    lemma,
    kind,
    basis,
    verdict,
    runs,
    met,
    violated,
    unclear,
    draws,
    outside ?? 0,
    why ?? null,
  ]),
});
