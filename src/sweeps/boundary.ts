/**
 * The level sets of the error by adaptive sampling: for each value of one parameter (`over`) and each level, runs go
 * where the mean error crosses the level along another parameter (`along`). Pure: what to run next follows from the
 * results alone, so the runs are the same for any number of workers, and after an interruption.
 */
import { besides, lookAt, shapeOf, type LookPlace, type Shape, type Stretch } from '../core/coarse-look.ts';
import { END, firstPlaces, searchStep, type SearchStep } from '../core/level-search.ts';
import type { CurveRun, LevelCrossing } from '../core/level-curve.ts';
import { exp, log } from '../core/special.ts';
import { messages, UserError } from '../errors.ts';
import { buildCell, cellId, type Cell, type Value } from '../experiments/cell.ts';
import { errorRange } from '../experiments/precision.ts';
import { heardControl, heardIn } from '../experiments/heard.ts';
import type { RunRecord } from '../experiments/record.ts';
import { streamKey } from '../experiments/run.ts';
import { scaled } from '../experiments/scale.ts';
import { holdsIntegers, type Axis, type Spec } from '../experiments/spec.ts';
import { gridValues, numbersOf } from './along-grid.ts';
import type { RunTask } from './work.ts';

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
  /** runs that the whole search may make; unlimited unless told */
  readonly maxRuns?: number;
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
  /**
   * `limit`: the most runs were made before the precision was reached, or before the look over the range; `not-monotone`: the error crosses the level in
   * `again` only, none of which is followed
   */
  readonly state: 'found' | 'above' | 'below' | 'limit' | 'not-monotone';
  /** where a coarse look saw the mean cross the level besides: ends of `along`, as written */
  readonly again: readonly { readonly low: number; readonly high: number }[];
  /** in log `along`, as written */
  readonly crossing: LevelCrossing | null;
  /** the row's cell at the crossing; at the low end of the range where there is none */
  readonly cell: Cell;
}

/** Runs of one row and level before it is given up. */
const MOST_RUNS = 20_000;
/** Runs of a row of which nothing is known, and of a row's look: for the progress alone. */
const GUESS = 150;
const LOOK_GUESS = 30;
/** Difference of the mean errors at both ends, over the rows, that tells rising from falling. */
const CLEAR = 0.1;

/** One value of `along` in one row. */
interface Place {
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
  private added = 0;
  private receivedByLook = 0;
  /** by row and level: what the look saw, once it has ended; undefined where the curve is monotone as far as it tells */
  private readonly seen = new Map<string, Seen>();
  private capped = false;
  /** runs that a row may take in all, as far as its crossings tell */
  private readonly left: (number | undefined)[] = [];

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

  get seed(): number {
    return this.spec.seed;
  }

  get scale(): Spec['scale'] {
    return this.spec.scale;
  }

  /** Different runs that the search has asked for and been given. */
  get runs(): number {
    return this.received;
  }

  /** Runs of the coarse look that the search itself did not ask for. */
  get lookRuns(): number {
    return this.receivedByLook;
  }

  /** Different runs that it was given records of, asked for or not. */
  get stored(): number {
    return this.added;
  }

  /** A guess of the runs that there will be: from the errors of the crossings so far, and from other rows. */
  get expected(): number {
    const known = this.left.filter((one) => one !== undefined);
    const guess = known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : GUESS;
    const rows = this.rows.reduce((sum, _, row) => sum + (this.left[row] ?? guess), 0);
    const look = this.seen.size > 0 ? this.receivedByLook : LOOK_GUESS * this.rows.length;
    return Math.min(this.options.maxRuns ?? Infinity, Math.ceil(Math.max(rows, this.received) + look));
  }

  /** Whether the search ended because `maxRuns` came first. */
  get reachedCap(): boolean {
    return this.capped;
  }

  /** Takes a record, asked for or not yet; one that was seen is passed over. */
  add(record: RunRecord): void {
    const value = record.outcome === 'diverged' ? NaN : (record.values[this.options.of] ?? NaN);
    if (this.set(record.run.slice(0, 16), record.replicate, { value, seed: record.seed })) this.added++;
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

  /**
   * The runs to make next; none when every search has ended. They are not given out again until one of them is missing.
   */
  next(): RunTask[] {
    for (;;) {
      const jobs = this.missing();
      if (jobs.length > 0) return jobs;
      if (!this.ask()) return [];
    }
  }

  /** What was asked for and has not come. */
  private missing(): RunTask[] {
    const jobs: RunTask[] = [];
    this.received = 0;
    this.receivedByLook = 0;
    for (const places of this.places) {
      for (const { cell, id, asked, looked } of places.values()) {
        const values = this.known.get(id);
        for (let replicate = 0; replicate < Math.max(asked, looked); replicate++) {
          if (values?.[replicate] === undefined) jobs.push({ id, cell, replicate });
          else if (replicate < asked) this.received++;
          else this.receivedByLook++;
        }
      }
    }
    return jobs;
  }

  /** One step of every search, then of the look; false when all have ended. */
  private ask(): boolean {
    if (this.sign === 0) {
      if (this.askApart()) return true;
      this.sign = this.difference(this.apart()) > 0 ? -1 : 1;
    }
    const wanted = this.wantedBySearch() ?? this.wantedByLook();
    if (!wanted) return this.follow();
    const { maxRuns = Infinity } = this.options;
    const more = wanted.reduce((sum, { runs }) => sum + runs, 0);
    if (this.received + this.receivedByLook + more > maxRuns) {
      this.capped = true;
      return false;
    }
    for (const { row, k, runs, look } of wanted) {
      const place = this.place(row, k);
      if (look) place.looked = Math.max(place.asked, place.looked) + runs;
      else place.asked += runs;
    }
    return true;
  }

  private wantedBySearch(): Wanted[] | null {
    const all = this.rows.flatMap((_, row) => {
      // Levels share what they ask for at the same place.
      const wanted = new Map<number, number>();
      let times: number | undefined = 1;
      for (const level of this.options.levels) {
        if (this.spent(row)) continue;
        const step = this.step(row, level);
        if (step.state === 'search') {
          const ratio = step.crossing && (step.crossing.plain / this.options.precision) ** 2;
          times = ratio === null || times === undefined ? undefined : Math.max(times, ratio);
        }
        for (const [k, count] of step.more) wanted.set(this.index(k), Math.max(wanted.get(this.index(k)) ?? 0, count));
      }
      this.left[row] = times && times * this.askedIn(row);
      return [...wanted].map(([k, runs]): Wanted => ({ row, k, runs, look: false }));
    });
    return all.length > 0 ? all : null;
  }

  /** A few runs at every place of the look, and more where they lie on the wrong side of a level. */
  private wantedByLook(): Wanted[] | null {
    const all = this.rows.flatMap((_, row) => {
      const wanted = new Map<number, number>();
      for (const level of this.options.levels) {
        if (this.seen.has(keyOf(row, level))) continue;
        for (const { k, more } of this.lookAt(row, level))
          if (more > 0) wanted.set(this.index(k), Math.max(wanted.get(this.index(k)) ?? 0, more));
      }
      return [...wanted].map(([k, runs]): Wanted => ({ row, k, runs, look: true }));
    });
    return all.length > 0 ? all : null;
  }

  private lookAt(row: number, level: number): LookPlace[] {
    const found = this.step(row, level);
    if (found.state === 'search' && !found.crossing) return [];
    const range = errorRange(this.place(row, 0).cell, this.options.of);
    return lookAt(this.x, this.sign < 0, found, { level, range }, (k) => {
      const { asked, looked, id } = this.place(row, k);
      return (this.known.get(id) ?? []).slice(0, Math.max(asked, looked)).map(({ value }) => value);
    });
  }

  /**
   * Reads what the look saw. Where the curve is not monotone, and the crossing that was found is not the first, the
   * first is searched for within the stretch in which the curve is; true when there is one.
   */
  private follow(): boolean {
    let more = false;
    for (const row of this.rows.keys())
      for (const level of this.options.levels) {
        const key = keyOf(row, level);
        if (this.seen.has(key)) continue;
        const places = this.lookAt(row, level);
        const shape = places.some(({ wrong }) => wrong) ? shapeOf(places) : undefined;
        const { state, crossing } = this.step(row, level);
        const [from, to] = shape?.falls[0] ?? [0, 0];
        const sign = this.sign < 0 ? -1 : 1;
        const first = (k: number): number => sign * this.x[this.index(k)]!;
        const isFirst = state === 'found' && crossing!.x > first(from) && crossing!.x < first(to);
        const stretch = isFirst ? null : (shape?.first ?? null);
        this.seen.set(key, { shape, stretch });
        more ||= stretch !== null;
      }
    return more;
  }

  private spent(row: number): boolean {
    return this.askedIn(row) >= MOST_RUNS * this.options.levels.length;
  }

  private askedIn(row: number): number {
    return [...this.places[row]!.values()].reduce((sum, { asked }) => sum + asked, 0);
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

  /** Within the stretch of the first fall, where the look has seen more than one. */
  private step(row: number, level: number): SearchStep {
    const [from, to] = this.stretch(row, level);
    const x = Array.from({ length: to - from + 1 }, (_, k) =>
      this.sign < 0 ? -this.x[this.index(from + k)]! : this.x[from + k]!,
    );
    const step = searchStep(
      x,
      (k) => this.runsAt(row, this.index(from + k), level),
      { level, floor: this.floor(row) },
      this.options.precision,
    );
    return from === 0 ? step : { ...step, more: new Map([...step.more].map(([k, runs]) => [from + k, runs])) };
  }

  /** Grid points in the direction of the search; three at least, which a search needs. */
  private stretch(row: number, level: number): Stretch {
    const last = this.x.length - 1;
    const first = this.seen.get(keyOf(row, level))?.stretch;
    if (!first) return [0, last];
    const to = Math.max(first[1], Math.min(last, first[0] + 2));
    return [Math.max(0, Math.min(first[0], to - 2)), to];
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
      this.places[row]!.set(
        k,
        (place = { cell, id: cellId(cell), asked: 0, looked: 0, runs: new Map(), controls: new Map() }),
      );
    }
    return place;
  }

  private cell(row: number, value: number): Cell {
    const values = new Map(this.spec.values);
    this.others.forEach(({ path }, at) => values.set(path, this.rows[row]!.written[at]!));
    return buildCell(scaled(values.set(this.along.path, value), this.spec.scale));
  }

  /** Every cell that has runs, rows outermost, with the values of the axes as written: `others`, then `along`. */
  *cells(): Generator<{ readonly id: string; readonly cell: Cell; readonly written: readonly Value[] }> {
    for (const [row, places] of this.places.entries())
      for (const k of [...places.keys()].sort((a, b) => a - b)) {
        const { id, cell, asked, looked } = places.get(k)!;
        if (Math.max(asked, looked) > 0) yield { id, cell, written: [...this.rows[row]!.written, this.values[k]!] };
      }
  }

  /** Where every row crosses every level, rows outermost. */
  points(): BoundaryPoint[] {
    return this.rows.flatMap((row, at) =>
      this.options.levels.map((level): BoundaryPoint => {
        const { state, crossing } = this.step(at, level);
        const seen = this.seen.get(keyOf(at, level));
        const shape = seen?.shape;
        const lost = shape !== undefined && (!shape.first || state === 'above' || state === 'below');
        const sign = this.sign < 0 ? -1 : 1;
        const found = crossing && !lost ? { ...crossing, x: sign * crossing.x } : null;
        const value = found ? exp(found.x) : this.values[0]!;
        return {
          row,
          level,
          state: lost ? 'not-monotone' : state === 'search' || !seen ? 'limit' : state,
          again: shape
            ? besides(shape, !lost)
                .map((stretch) => stretch.map((k) => this.values[this.index(k)]!).sort((a, b) => a - b))
                .map(([low, high]) => ({ low: low!, high: high! }))
                .sort((a, b) => a.low - b.low)
            : [],
          crossing: found,
          cell: this.cell(at, holdsIntegers(this.spec, this.along) ? Math.round(value) : value),
        };
      }),
    );
  }
}

/** What a place is to get. */
interface Wanted {
  readonly row: number;
  readonly k: number;
  readonly runs: number;
  /** for the coarse look, not for the search */
  readonly look: boolean;
}

/** What the look told of a row and level. */
interface Seen {
  /** undefined where the curve is monotone as far as the look tells */
  readonly shape: Shape | undefined;
  /** where the first crossing is searched for; null: over the whole range */
  readonly stretch: Stretch | null;
}

const keyOf = (row: number, level: number): string => `${row} ${level}`;
