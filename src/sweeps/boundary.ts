/**
 * The level sets of the error by adaptive sampling: for each value of one parameter (`over`) and each level, runs go
 * where the mean error crosses the level along another parameter (`along`). Pure: what to run next follows from the
 * results alone, so the runs are the same for any number of workers, and after an interruption.
 */
import { END, firstPlaces, searchStep, type SearchStep } from '../core/level-search.ts';
import type { CurveRun, LevelCrossing } from '../core/level-curve.ts';
import { exp, log } from '../core/special.ts';
import { messages, UserError } from '../errors.ts';
import { buildCell, cellId, type Cell, type Value } from '../experiments/cell.ts';
import { heardControl, heardIn } from '../experiments/heard.ts';
import type { RunRecord } from '../experiments/record.ts';
import { streamKey } from '../experiments/run.ts';
import { scaled } from '../experiments/scale.ts';
import { holdsIntegers, type Axis, type Spec } from '../experiments/spec.ts';

export interface BoundaryOptions {
  /** path of an axis: its ends are the range that is searched, on a log scale */
  readonly along: string;
  /** path of another axis, numeric */
  readonly over: string;
  readonly of: 'testError' | 'testErrorClean';
  /** mean errors, ascending */
  readonly levels: readonly number[];
  /** wanted standard error of log `along`, in (0, 0.5] */
  readonly precision: number;
}

/** A combination of the axes other than `along`. */
export interface BoundaryRow {
  /** by axis, as written, in the order of the spec without `along` */
  readonly written: readonly Value[];
  readonly over: number;
}

export interface BoundaryPoint {
  readonly row: BoundaryRow;
  readonly level: number;
  /** `limit`: the most runs were made before the precision was reached */
  readonly state: 'found' | 'above' | 'below' | 'limit';
  /** in log `along`, as written */
  readonly crossing: LevelCrossing | null;
  /** the row's cell at the crossing; at the low end of the range where there is none */
  readonly cell: Cell;
}

export interface BoundaryJob {
  readonly id: string;
  readonly cell: Cell;
  readonly replicate: number;
}

/** Runs of one row and level before it is given up. */
const MOST_RUNS = 20_000;
/**
 * Steps of the grid in units of sqrt(precision), at most: the curve's bend over a step then shifts the crossing by a
 * small part of the precision.
 */
const STEP = 0.5;
/** Difference of the mean errors at both ends, over the rows, that tells rising from falling. */
const CLEAR = 0.1;

/** One value of `along` in one row. */
interface Place {
  readonly cell: Cell;
  readonly id: string;
  /** replicates that the search has asked for: others that a store holds do not count yet */
  asked: number;
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

export class Boundary {
  readonly rows: readonly BoundaryRow[];
  readonly others: readonly Axis[];
  readonly along: Axis;
  readonly over: Axis;
  readonly options: BoundaryOptions;
  /** log of each value on the grid, ascending */
  private readonly x: readonly number[];
  private readonly values: readonly number[];
  private readonly places: Map<number, Place>[];
  private readonly known = new Map<string, Known[]>();
  private readonly spec: Spec;
  /** -1 where the error rises along the axis; 0 before that is known */
  private sign = 0;
  private received = 0;

  /** @throws UserError when the axes cannot be searched */
  constructor(spec: Spec, options: BoundaryOptions) {
    const axisAt = (path: string, option: string): Axis => {
      const axis = spec.axes.find((one) => one.path === path);
      if (!axis)
        throw new UserError(
          messages.boundaryNeedsAxis(
            option,
            path,
            spec.axes.map((one) => one.path),
          ),
        );
      return axis;
    };
    this.spec = spec;
    this.options = options;
    this.along = axisAt(options.along, '--along');
    this.over = axisAt(options.over, '--over');
    if (this.along === this.over) throw new UserError(messages.boundaryAxesEqual(options.along));
    const ends = numbersOf(this.along);
    if (!ends || ends.length < 2 || !(ends[0]! > 0)) throw new UserError(messages.boundaryNeedsRange(options.along));
    if (!numbersOf(this.over)) throw new UserError(messages.boundaryNeedsNumbers(options.over));
    this.values = gridValues(this.along, spec, ends[0]!, ends.at(-1)!, options.precision);
    this.x = this.values.map(log);
    this.others = spec.axes.filter((axis) => axis !== this.along);
    const at = this.others.indexOf(this.over);
    this.rows = this.others
      .reduce<Value[][]>((rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])), [[]])
      .map((written) => ({ written, over: written[at] as number }));
    this.places = this.rows.map(() => new Map());
    for (const row of this.rows.keys()) {
      const { cell } = this.place(row, 0);
      if (cell.coupling === 'common') throw new UserError(messages.boundaryNeedsIndependent());
      const floor = this.floor(row);
      for (const level of options.levels)
        if (!(level > floor && level < 0.5)) throw new UserError(messages.boundaryLevel(level, options.of, floor));
    }
  }

  get scale(): Spec['scale'] {
    return this.spec.scale;
  }

  /** Different runs that the search has asked for and been given. */
  get runs(): number {
    return this.received;
  }

  /** Takes a record, asked for or not yet; one that was seen is passed over. */
  add(record: RunRecord): void {
    const value = record.outcome === 'diverged' ? NaN : (record.values[this.options.of] ?? NaN);
    this.set(record.run.slice(0, 16), record.replicate, { value, seed: record.seed });
  }

  /** A run that could not be made counts as one without a value. */
  fail(id: string, replicate: number): void {
    this.set(id, replicate, { value: NaN, seed: this.spec.seed });
  }

  private set(id: string, replicate: number, run: Known): void {
    let values = this.known.get(id);
    if (!values) this.known.set(id, (values = []));
    values[replicate] ??= run;
  }

  /**
   * The runs to make next; none when every search has ended. They are not given out again until one of them is missing.
   */
  next(): BoundaryJob[] {
    for (;;) {
      const jobs = this.missing();
      if (jobs.length > 0) return jobs;
      if (!this.ask()) return [];
    }
  }

  /** What was asked for and has not come. */
  private missing(): BoundaryJob[] {
    const jobs: BoundaryJob[] = [];
    let asked = 0;
    for (const places of this.places) {
      for (const { cell, id, asked: count } of places.values()) {
        asked += count;
        const values = this.known.get(id);
        for (let replicate = 0; replicate < count; replicate++)
          if (values?.[replicate] === undefined) jobs.push({ id, cell, replicate });
      }
    }
    this.received = asked - jobs.length;
    return jobs;
  }

  /** One step of every search; false when all have ended. */
  private ask(): boolean {
    if (this.sign === 0) {
      if (this.askApart()) return true;
      this.sign = this.difference(this.apart()) > 0 ? -1 : 1;
    }
    let more = false;
    this.rows.forEach((_, row) => {
      // Levels share what they ask for at the same place.
      const wanted = new Map<number, number>();
      for (const level of this.options.levels) {
        if (this.spent(row)) continue;
        const step = this.step(row, level);
        for (const [k, count] of step.more) wanted.set(this.index(k), Math.max(wanted.get(this.index(k)) ?? 0, count));
      }
      for (const [k, count] of wanted) this.place(row, k).asked += count;
      more ||= wanted.size > 0;
    });
    return more;
  }

  private spent(row: number): boolean {
    return (
      [...this.places[row]!.values()].reduce((sum, { asked }) => sum + asked, 0) >=
      MOST_RUNS * this.options.levels.length
    );
  }

  /**
   * Runs far apart in every row until they tell whether the error rises, at the quarters of the range and then at its
   * ends; false when they do.
   */
  private askApart(): boolean {
    const ends = [0, this.x.length - 1] as const;
    const at = this.apart();
    const asked = this.place(0, at[0]).asked;
    if (asked > 0 && (Math.abs(this.difference(at)) >= CLEAR || asked >= END.least)) return false;
    for (const row of this.rows.keys())
      for (const k of asked > 0 ? ends : at) this.place(row, k).asked = Math.max(1, 2 * this.place(row, k).asked);
    return true;
  }

  private apart(): readonly [number, number] {
    return this.place(0, 0).asked > 0 ? [0, this.x.length - 1] : firstPlaces(this.x.length);
  }

  /** Mean error at the upper place minus that at the lower one, over the rows. */
  private difference(at: readonly [number, number]): number {
    const mean = (runs: readonly CurveRun[]): number => runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const differences = this.rows.flatMap((_, row) => {
      const [low, high] = at.map((k) => this.runsAt(row, k, this.options.levels[0]!)) as [
        readonly CurveRun[],
        readonly CurveRun[],
      ];
      return low.length > 0 && high.length > 0 ? [mean(high) - mean(low)] : [];
    });
    return differences.reduce((sum, one) => sum + one, 0) / Math.max(1, differences.length);
  }

  /** A rising curve is a falling one read from the other end. */
  private index(k: number): number {
    return this.sign < 0 ? this.x.length - 1 - k : k;
  }

  private step(row: number, level: number): SearchStep {
    const x = this.sign < 0 ? this.x.map((_, k) => -this.x[this.index(k)]!) : this.x;
    return searchStep(
      x,
      (k) => this.runsAt(row, this.index(k), level),
      { level, floor: this.floor(row) },
      this.options.precision,
    );
  }

  /** What the error falls to: observed labels are wrong with the probability of a flip. */
  private floor(row: number): number {
    return this.options.of === 'testError' ? this.place(row, 0).cell.data.flip : 0;
  }

  /** The runs at a place that the search has asked for, those without a value left out. */
  private runsAt(row: number, k: number, level: number): readonly CurveRun[] {
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

  private place(row: number, k: number): Place {
    let place = this.places[row]!.get(k);
    if (!place) {
      const cell = this.cell(row, this.values[k]!);
      this.places[row]!.set(k, (place = { cell, id: cellId(cell), asked: 0, runs: new Map(), controls: new Map() }));
    }
    return place;
  }

  private cell(row: number, value: number): Cell {
    const values = new Map(this.spec.values);
    this.others.forEach(({ path }, at) => values.set(path, this.rows[row]!.written[at]!));
    return buildCell(scaled(values.set(this.along.path, value), this.spec.scale));
  }

  /** Where every row crosses every level, rows outermost. */
  points(): BoundaryPoint[] {
    return this.rows.flatMap((row, at) =>
      this.options.levels.map((level): BoundaryPoint => {
        const { state, crossing } = this.step(at, level);
        const sign = this.sign < 0 ? -1 : 1;
        const found = crossing && { ...crossing, x: sign * crossing.x };
        const value = found ? exp(found.x) : this.values[0]!;
        return {
          row,
          level,
          state: state === 'search' ? 'limit' : state,
          crossing: found,
          cell: this.cell(at, holdsIntegers(this.spec, this.along) ? Math.round(value) : value),
        };
      }),
    );
  }
}

/** Ascending numbers of an axis; undefined when they are none. */
function numbersOf({ values }: Axis): number[] | undefined {
  return values.every((value) => typeof value === 'number') ? [...values].sort((a, b) => a - b) : undefined;
}

/** Values spaced evenly in log, 2^k steps so that a finer search meets the values of a coarser one. */
function gridValues(along: Axis, spec: Spec, low: number, high: number, precision: number): number[] {
  const range = log(high) - log(low);
  let steps = 4;
  while (range / steps > STEP * Math.sqrt(precision)) steps *= 2;
  const integer = holdsIntegers(spec, along);
  const values = Array.from({ length: steps + 1 }, (_, k) =>
    k === steps ? high : exp(log(low) + (k / steps) * range),
  );
  return [...new Set(values.map((value) => (integer ? Math.round(value) : Number(value.toPrecision(8)))))];
}
