/**
 * The level sets of the error by adaptive sampling: for each value of one parameter (`over`) and each level, runs go
 * where the mean error crosses the level along another parameter (`along`). Pure: what to run next follows from the
 * results alone, so the runs are the same for any number of workers, and after an interruption.
 */
import { lookAt, shapeOf, type LookPlace, type Shape, type Stretch } from '../core/coarse-look.ts';
import { searchStep, type SearchStep } from '../core/level-search.ts';
import { errorRange } from '../experiments/precision.ts';
import type { RunRecord } from '../experiments/record.ts';
import type { Axis, Spec } from '../experiments/spec.ts';
import { askApart, rises } from './boundary/direction.ts';
import { Places, type BoundaryOptions, type BoundaryRow } from './boundary/places.ts';
import { pointOf, type BoundaryPoint } from './boundary/points.ts';
import type { RunTask } from './work.ts';

/** Runs of one row and level before it is given up. */
const MOST_RUNS = 20_000;
/** Runs of a row of which nothing is known, and of a row's look: for the progress alone. */
const GUESS = 150;
const LOOK_GUESS = 30;

export class Boundary {
  readonly options: BoundaryOptions;
  readonly rows: readonly BoundaryRow[];
  readonly others: readonly Axis[];
  readonly along: Axis;
  readonly over: Axis;
  private readonly places: Places;
  /** whether the error rises along the axis; undefined before that is known */
  private rising: boolean | undefined;
  /** by row and level: what the look saw, once it has ended; undefined where the curve is monotone as far as it tells */
  private readonly seen = new Map<string, Seen>();
  private capped = false;
  /** runs that a row may take in all, as far as its crossings tell */
  private readonly left: (number | undefined)[] = [];

  /** @throws UserError when the axes cannot be searched */
  constructor(spec: Spec, options: BoundaryOptions) {
    this.options = options;
    this.places = new Places(spec, options);
    ({ rows: this.rows, others: this.others, along: this.along, over: this.over } = this.places);
  }

  get seed(): number {
    return this.places.spec.seed;
  }

  get scale(): Spec['scale'] {
    return this.places.spec.scale;
  }

  get spec(): Spec {
    return this.places.spec;
  }

  /** Different runs that the search has asked for and been given. */
  get runs(): number {
    return this.places.received;
  }

  /** Runs of the coarse look that the search itself did not ask for. */
  get lookRuns(): number {
    return this.places.receivedByLook;
  }

  /** Different runs that it was given records of, asked for or not. */
  get stored(): number {
    return this.places.stored;
  }

  /** A guess of the runs that there will be: from the errors of the crossings so far, and from other rows. */
  get expected(): number {
    const known = this.left.filter((one) => one !== undefined);
    const guess = known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : GUESS;
    const rows = this.rows.reduce((sum, _, row) => sum + (this.left[row] ?? guess), 0);
    const look = this.seen.size > 0 ? this.lookRuns : LOOK_GUESS * this.rows.length;
    return Math.min(this.options.maxRuns ?? Infinity, Math.ceil(Math.max(rows, this.runs) + look));
  }

  /** Whether the search ended because `maxRuns` came first. */
  get reachedCap(): boolean {
    return this.capped;
  }

  /** Takes a record, asked for or not yet; one that was seen is passed over. */
  add(record: RunRecord): void {
    this.places.add(record);
  }

  /** A run that could not be made counts as one without a value. */
  fail(id: string, replicate: number): void {
    this.places.fail(id, replicate);
  }

  /**
   * The runs to make next; none when every search has ended. They are not given out again until one of them is missing.
   */
  next(): RunTask[] {
    for (;;) {
      const tasks = this.places.missing();
      if (tasks.length > 0) return tasks;
      if (!this.ask()) return [];
    }
  }

  /** One step of every search, then of the look; false when all have ended. */
  private ask(): boolean {
    if (this.rising === undefined) {
      const level = this.options.levels[0]!;
      if (askApart(this.places, level)) return true;
      this.rising = rises(this.places, level);
    }
    const wanted = this.wantedBySearch() ?? this.wantedByLook();
    if (!wanted) return this.follow();
    const { maxRuns = Infinity } = this.options;
    const more = wanted.reduce((sum, { runs }) => sum + runs, 0);
    if (this.runs + this.lookRuns + more > maxRuns) {
      this.capped = true;
      return false;
    }
    for (const { row, k, runs, look } of wanted) {
      const place = this.places.at(row, k);
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
          const ratio = step.crossing && (step.crossing.plain / this.options.seOfLog) ** 2;
          times = ratio === null || times === undefined ? undefined : Math.max(times, ratio);
        }
        for (const [k, count] of step.more) wanted.set(this.index(k), Math.max(wanted.get(this.index(k)) ?? 0, count));
      }
      this.left[row] = times && times * this.places.askedIn(row);
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
    const range = errorRange(this.places.at(row, 0).cell, this.options.of);
    const { x } = this.places;
    return lookAt(x, this.rising === true, found, { level, range }, (k) => this.places.seen(row, k));
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
        const isFirst = state === 'found' && crossing!.x > this.x(from) && crossing!.x < this.x(to);
        const stretch = isFirst ? null : (shape?.first ?? null);
        this.seen.set(key, { shape, stretch });
        more ||= stretch !== null;
      }
    return more;
  }

  private spent(row: number): boolean {
    return this.places.askedIn(row) >= MOST_RUNS * this.options.levels.length;
  }

  /** A rising curve is a falling one read from the other end. */
  private index(k: number): number {
    return this.rising ? this.places.x.length - 1 - k : k;
  }

  /** Places in the direction of the search. */
  private x(k: number): number {
    const x = this.places.x[this.index(k)]!;
    return this.rising ? -x : x;
  }

  /** Within the stretch of the first fall, where the look has seen more than one. */
  private step(row: number, level: number): SearchStep {
    const [from, to] = this.stretch(row, level);
    const step = searchStep(
      Array.from({ length: to - from + 1 }, (_, k) => this.x(from + k)),
      (k) => this.places.runsAt(row, this.index(from + k), level),
      { level, floor: this.places.floor(row) },
      this.options.seOfLog,
    );
    return from === 0 ? step : { ...step, more: new Map([...step.more].map(([k, runs]) => [from + k, runs])) };
  }

  /** Grid points in the direction of the search; three at least, which a search needs. */
  private stretch(row: number, level: number): Stretch {
    const last = this.places.x.length - 1;
    const first = this.seen.get(keyOf(row, level))?.stretch;
    if (!first) return [0, last];
    const to = Math.max(first[1], Math.min(last, first[0] + 2));
    return [Math.max(0, Math.min(first[0], to - 2)), to];
  }

  /** Every cell that has runs, rows outermost, with the values of the axes as written: `others`, then `along`. */
  cells(): ReturnType<Places['cells']> {
    return this.places.cells();
  }

  /** Where every row crosses every level, rows outermost. */
  points(): BoundaryPoint[] {
    return this.rows.flatMap((_, row) =>
      this.options.levels.map((level): BoundaryPoint => {
        const seen = this.seen.get(keyOf(row, level));
        const look = { looked: seen !== undefined, shape: seen?.shape, rising: this.rising === true };
        return pointOf(this.places, row, level, this.step(row, level), look);
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
