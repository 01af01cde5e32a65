/** Where a search for level sets may look: its rows, the grid along each, and what is known of the runs at each place. */
import { meanFlip } from '../../core/flip-laws.ts';
import type { CurveRun } from '../../core/level-curve.ts';
import { log } from '../../core/special.ts';
import { messages, UserError } from '../../errors.ts';
import { buildCell, cellId, type Cell, type Value } from '../../experiments/cell.ts';
import { heardControl, heardIn } from '../../experiments/heard.ts';
import type { RunRecord } from '../../experiments/record.ts';
import { streamKey } from '../../experiments/run.ts';
import { scaled } from '../../experiments/scale.ts';
import type { Axis, Spec } from '../../experiments/spec.ts';
import { gridValues, numbersOf } from '../along-grid.ts';
import type { RunTask } from '../work.ts';

/** What a search for level sets is of. */
export interface BoundaryOptions {
  /** path of an axis: its ends are the range that is searched, on a log scale */
  readonly along: string;
  /** path of another axis, numeric */
  readonly over: string;
  /** the error whose mean is followed: against noisy labels, or against the true ones */
  readonly of: 'testError' | 'testErrorClean';
  /** mean errors, ascending */
  readonly levels: readonly number[];
  /** wanted standard error of log `along`, in (0, 0.5] */
  readonly seOfLog: number;
  /** runs that the whole search may make; unlimited unless told */
  readonly maxRuns?: number;
}

/** A combination of the axes other than `along`. */
export interface BoundaryRow {
  /** by axis, as written, in the order of the spec without `along` */
  readonly written: readonly Value[];
  /** its value of `over`, as written */
  readonly over: number;
}

/** One value of `along` in one row. */
export interface Place {
  readonly cell: Cell;
  readonly id: string;
  /** replicates that the search has asked for: others that a store holds do not count yet */
  asked: number;
  /** replicates that the coarse look has asked for; they enter no fit */
  looked: number;
  /** of the first `asked` runs, by level */
  readonly runs: Map<number, { readonly asked: number; readonly runs: readonly CurveRun[] }>;
  /** by level: what a run's labels say about its error; null where nothing is known */
  readonly controls: Map<number, ReturnType<typeof heardControl>>;
}

/** A run's error, NaN without one, and the seed it was made with. */
interface Known {
  readonly value: number;
  readonly seed: number;
  heard?: readonly [number, number];
}

export class Places {
  readonly spec: Spec;
  readonly of: BoundaryOptions['of'];
  readonly along: Axis;
  readonly over: Axis;
  readonly others: readonly Axis[];
  readonly rows: readonly BoundaryRow[];
  /** on the grid, ascending, and their logs */
  readonly values: readonly number[];
  readonly x: readonly number[];
  /** different runs that were asked for and have come, those of the look alone apart; counted by `missing` */
  received = 0;
  receivedByLook = 0;
  /** different runs that have come as records, asked for or not */
  stored = 0;
  /** by row and place on the grid */
  private readonly places: Map<number, Place>[];
  private readonly known = new Map<string, Known[]>();

  /** @throws UserError when the axes cannot be searched */
  constructor(spec: Spec, { along, over, of, levels, seOfLog }: BoundaryOptions) {
    this.spec = spec;
    this.of = of;
    this.along = axisAt(spec, along, '--along');
    this.over = axisAt(spec, over, '--over');
    if (this.along === this.over) throw new UserError(messages.boundaryAxesEqual(along));
    const ends = numbersOf(this.along);
    if (!ends || ends.length < 2 || !(ends[0]! > 0)) throw new UserError(messages.boundaryNeedsRange(along));
    if (!numbersOf(this.over)) throw new UserError(messages.boundaryNeedsNumbers(over));
    this.values = gridValues(this.along, spec, ends[0]!, ends.at(-1)!, seOfLog);
    this.x = this.values.map(log);
    this.others = spec.axes.filter((axis) => axis !== this.along);
    const at = this.others.indexOf(this.over);
    this.rows = this.others
      .reduce<Value[][]>((rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])), [[]])
      .map((written) => ({ written, over: written[at] as number }));
    this.places = this.rows.map(() => new Map());
    for (const row of this.rows.keys()) {
      if (this.at(row, 0).cell.coupling === 'common') throw new UserError(messages.boundaryNeedsIndependent());
      const floor = this.floor(row);
      for (const level of levels)
        if (!(level > floor && level < 0.5)) throw new UserError(messages.boundaryLevel(level, of, floor));
    }
  }

  at(row: number, k: number): Place {
    let place = this.places[row]!.get(k);
    if (!place) {
      const cell = this.cell(row, this.values[k]!);
      place = { cell, id: cellId(cell), asked: 0, looked: 0, runs: new Map(), controls: new Map() };
      this.places[row]!.set(k, place);
    }
    return place;
  }

  /** @param value of `along`, as written */
  cell(row: number, value: number): Cell {
    const values = new Map(this.spec.values);
    this.others.forEach(({ path }, at) => values.set(path, this.rows[row]!.written[at]!));
    return buildCell(scaled(values.set(this.along.path, value), this.spec.scale));
  }

  /** What the error falls to: observed labels are wrong with the probability of a flip. */
  floor(row: number): number {
    return this.of === 'testError' ? meanFlip(this.at(row, 0).cell.data) : 0;
  }

  askedIn(row: number): number {
    return [...this.places[row]!.values()].reduce((sum, { asked }) => sum + asked, 0);
  }

  /** Takes a record, asked for or not yet; one that was seen is passed over. */
  add(record: RunRecord): void {
    const value = record.outcome === 'diverged' ? NaN : (record.values[this.of] ?? NaN);
    if (this.set(record.run.slice(0, 16), record.replicate, { value, seed: record.seed })) this.stored++;
  }

  /** A run that could not be made counts as one without a value. */
  fail(id: string, replicate: number): void {
    this.set(id, replicate, { value: NaN, seed: this.spec.seed });
  }

  /** @returns whether it was not known */
  private set(id: string, replicate: number, run: Known): boolean {
    let values = this.known.get(id);
    if (!values) this.known.set(id, (values = []));
    if (values[replicate] !== undefined) return false;
    values[replicate] = run;
    return true;
  }

  /** What was asked for and has not come. */
  missing(): RunTask[] {
    const tasks: RunTask[] = [];
    this.received = 0;
    this.receivedByLook = 0;
    for (const places of this.places) {
      for (const { cell, id, asked, looked } of places.values()) {
        const values = this.known.get(id);
        for (let replicate = 0; replicate < Math.max(asked, looked); replicate++) {
          if (values?.[replicate] === undefined) tasks.push({ id, cell, replicate });
          else if (replicate < asked) this.received++;
          else this.receivedByLook++;
        }
      }
    }
    return tasks;
  }

  /** The errors at a place as far as the search or the look has asked for them; NaN where a run has none. */
  seen(row: number, k: number): number[] {
    const { asked, looked, id } = this.at(row, k);
    return (this.known.get(id) ?? []).slice(0, Math.max(asked, looked)).map(({ value }) => value);
  }

  /** The runs at a place that the search has asked for, those without a value left out. */
  runsAt(row: number, k: number, level: number): readonly CurveRun[] {
    const place = this.places[row]!.get(k);
    if (!place) return [];
    let seen = place.runs.get(level);
    if (seen?.asked !== place.asked) {
      let control = place.controls.get(level);
      if (control === undefined)
        place.controls.set(level, (control = heardControl(place.cell.data, this.cleanLevel(row, level))));
      const known = this.known.get(place.id) ?? [];
      const runs = known.slice(0, place.asked).flatMap((run, replicate) => {
        if (Number.isNaN(run.value)) return [];
        run.heard ??= heardIn(place.cell.data, streamKey(place.cell, run.seed, replicate));
        return [{ value: run.value, control: control ? control(run.heard) : 0 }];
      });
      place.runs.set(level, (seen = { asked: place.asked, runs }));
    }
    return seen.runs;
  }

  private cleanLevel(row: number, level: number): number {
    const floor = this.floor(row);
    return (level - floor) / (1 - 2 * floor);
  }

  /** Every cell that has runs, rows outermost, with the values of the axes as written: `others`, then `along`. */
  *cells(): Generator<{ readonly id: string; readonly cell: Cell; readonly written: readonly Value[] }> {
    for (const [row, places] of this.places.entries())
      for (const k of [...places.keys()].sort((a, b) => a - b)) {
        const { id, cell, asked, looked } = places.get(k)!;
        if (Math.max(asked, looked) > 0) yield { id, cell, written: [...this.rows[row]!.written, this.values[k]!] };
      }
  }
}

function axisAt({ axes }: Spec, path: string, option: string): Axis {
  const axis = axes.find((one) => one.path === path);
  if (axis) return axis;
  const paths = axes.map((one) => one.path);
  throw new UserError(messages.boundaryNeedsAxis(option, path, paths));
}
