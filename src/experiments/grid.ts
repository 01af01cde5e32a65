/** The cells of a spec by their place on the grid. A large grid is not laid out: its cells are built when asked for. */
import { PARAMETERS } from '../notation.ts';
import { cellId, CONDITIONAL, places, unversioned, type Cell, type Value } from './cell.ts';
import { NumericGrid } from './numeric-grid.ts';
import type { RunRecord } from './record.ts';
import { cellAt, cells, type Spec } from './spec.ts';

/** Cells up to which all are built at once: 10^4 take half a second. */
const FEW = 10_000;
/** Cells of a large grid that are kept: about 10 MB. */
const KEPT = 5_000;

export class Grid {
  readonly spec: Spec;
  /** how many cells */
  readonly count: number;
  private whole: readonly Cell[] | undefined;
  private wholeIndex: ReadonlyMap<string, number> | undefined;
  /** some cells of a large grid, and where cells of records lie */
  private readonly kept = new Map<number, Cell>();
  private readonly found = new Map<string, number>();
  /** places of the values on each axis */
  private places: readonly ReadonlyMap<Value, number>[] | undefined;
  /** null where choices tell cells apart too */
  private alike: NumericGrid | null | undefined;

  constructor(spec: Spec) {
    this.spec = spec;
    this.count = spec.axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** All of them, first axis slowest; builds what is not built yet. */
  get cells(): readonly Cell[] {
    return (this.whole ??= this.count <= FEW ? [...cells(this.spec)] : [...this.inTurn()]);
  }

  /** @param at 0 .. count - 1 */
  cell(at: number): Cell {
    if (this.whole || this.count <= FEW) return this.cells[at]!;
    let cell = this.kept.get(at);
    if (!cell) {
      if (this.kept.size >= KEPT) this.kept.clear();
      this.kept.set(at, (cell = this.build(at)));
    }
    return cell;
  }

  /** All of them one after the other, first axis slowest, as often as it is asked for; none is kept. */
  inTurn(): Iterable<Cell> {
    if (this.whole || this.count <= FEW) return this.cells;
    const one = (at: number): Cell => this.build(at);
    const { count } = this;
    return {
      *[Symbol.iterator]() {
        for (let at = 0; at < count; at++) yield one(at);
      },
    };
  }

  id(at: number): string {
    return cellId(this.cell(at));
  }

  /** Where the cell of a record lies; undefined for one that is none of the grid. */
  at({ run, cell: form }: Pick<RunRecord, 'run' | 'cell'>): number | undefined {
    const id = run.slice(0, 16);
    if (this.wholeIndex || this.whole || this.count <= FEW) return this.index.get(id);
    const at = this.placeOf(form);
    if (at !== undefined && this.numeric?.holds(form)) return at;
    const known = this.found.get(id);
    if (known !== undefined) return known;
    // An axis of factors, or without effect in some cells, does not tell the place: then all ids do.
    if (at === undefined || cellId(this.build(at)) !== id) return this.legible ? undefined : this.index.get(id);
    this.found.set(id, at);
    return at;
  }

  /**
   * Some cells, those at the ends of every numeric axis among them: what grows along axes is largest and least there.
   */
  *corners(): Generator<Cell> {
    if (this.count <= FEW) return yield* this.cells;
    const ends = this.spec.axes.map(({ values }) => endsOf(values));
    const total = ends.reduce((product, one) => product * one.length, 1);
    for (let corner = 0; corner < Math.min(total, FEW); corner++) {
      let [rest, at] = [corner, 0];
      for (const [axis, { values }] of this.spec.axes.entries()) {
        const few = ends[axis]!;
        at = at * values.length + few[rest % few.length]!;
        rest = Math.floor(rest / few.length);
      }
      yield this.cell(at);
    }
  }

  private get index(): ReadonlyMap<string, number> {
    return (this.wholeIndex ??= new Map(this.cells.map((cell, at) => [cellId(cell), at])));
  }

  private build(at: number): Cell {
    return this.numeric?.cell(at) ?? cellAt(this.spec, at);
  }

  private get numeric(): NumericGrid | undefined {
    if (this.alike === undefined) this.alike = NumericGrid.of(this.spec) ?? null;
    return this.alike ?? undefined;
  }

  /** Whether every cell tells its place by its parameters. */
  private get legible(): boolean {
    const { axes, scale } = this.spec;
    return axes.every(({ path }) => !scale.has(path) && !CONDITIONAL.some((one) => one.path === path));
  }

  private placeOf(form: RunRecord['cell']): number | undefined {
    const { axes } = this.spec;
    this.places ??= axes.map(({ values }) => new Map(values.map((value, place) => [value, place])));
    let at = 0;
    for (const [axis, { path, values }] of axes.entries()) {
      const [room, key] = places().get(path)!;
      const inner = form[room] as Readonly<Record<string, Value>> | Value | undefined;
      const written = key === undefined ? inner : (inner as Readonly<Record<string, Value>> | undefined)?.[key];
      const value = unversioned((written ?? PARAMETERS.get(path)!.entry.default) as Value);
      const place = this.places[axis]!.get(value);
      if (place === undefined) return undefined;
      at = at * values.length + place;
    }
    return at;
  }
}

/** Places of the first, last, least and largest value of an axis; of words all, up to ten. */
function endsOf(values: readonly Value[]): number[] {
  if (!values.every((value) => typeof value === 'number')) return [...values.keys()].slice(0, 10);
  let [least, most] = [0, 0];
  for (const [place, value] of values.entries()) {
    if (value < values[least]!) least = place;
    if (value > values[most]!) most = place;
  }
  return [...new Set([0, values.length - 1, least, most])];
}
