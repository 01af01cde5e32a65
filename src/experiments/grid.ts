/** The cells of a spec by their place on the grid. A large grid is not laid out: its cells are built when asked for. */
import { PARAMETERS } from '../notation.ts';
import { cellId, CONDITIONAL, unversioned, withoutDefaults, type Cell, type Value } from './cell.ts';
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
  private alike: Alike | undefined;

  constructor(spec: Spec) {
    this.spec = spec;
    this.count = spec.axes.reduce((product, { values }) => product * values.length, 1);
  }

  /** All of them, first axis slowest; builds what is not built yet. */
  get cells(): readonly Cell[] {
    return (this.whole ??= [...cells(this.spec)]);
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
    return this.whole || this.count <= FEW ? this.cells : { [Symbol.iterator]: () => cells(this.spec) };
  }

  id(at: number): string {
    return cellId(this.cell(at));
  }

  /** Where the cell of a record lies; undefined for one that is none of the grid. */
  at({ run, cell: form }: Pick<RunRecord, 'run' | 'cell'>): number | undefined {
    const id = run.slice(0, 16);
    if (this.wholeIndex || this.whole || this.count <= FEW) return this.index.get(id);
    const at = this.placeOf(form);
    if (at !== undefined && this.likeFirst(form)) return at;
    const known = this.found.get(id);
    if (known !== undefined) return known;
    // An axis of factors, or without effect in some cells, does not tell the place: then all ids do.
    if (at === undefined || cellId(this.build(at)) !== id) return this.legible ? undefined : this.index.get(id);
    this.found.set(id, at);
    return at;
  }

  /** Some cells, those at the ends of every numeric axis among them: what grows along axes is largest and least there. */
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

  /**
   * Whether a plain form, which has the hash in its record's id, is that of the cell at its place: where numbers on axes
   * alone tell cells apart, it is when all else is as in the first cell. No cell is built and no hash made.
   */
  private likeFirst(form: RunRecord['cell']): boolean {
    const alike = (this.alike ??= this.legible ? alikeIn(this.spec, () => this.build(0)) : NONE_ALIKE);
    let at = 0;
    let last = '';
    for (const room in form) {
      if (room <= last) return false;
      last = room;
      const inner = form[room];
      const axes = alike.axes.get(room);
      const entries =
        typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : { '': inner };
      let before: string | undefined;
      for (const key in entries) {
        if (before !== undefined && key <= before) return false;
        before = key;
        const standard = axes?.get(key);
        if (standard === undefined) {
          const fixed = alike.fixed[at++];
          if (fixed?.room !== room || fixed.key !== key || fixed.value !== entries[key]) return false;
        } else if (entries[key] === standard) return false; // a default is left out
      }
      if (before === undefined) return false;
    }
    return at === alike.fixed.length && alike !== NONE_ALIKE;
  }

  private get index(): ReadonlyMap<string, number> {
    return (this.wholeIndex ??= new Map(this.cells.map((cell, at) => [cellId(cell), at])));
  }

  private build(at: number): Cell {
    return cellAt(this.spec, at);
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
      const [room, key] = path.split('.') as [string, string | undefined];
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

/** What the plain forms of all cells share. */
interface Alike {
  /** in the order of the form, without what is on axes; of a room without keys the key is '' */
  readonly fixed: readonly { readonly room: string; readonly key: string; readonly value: unknown }[];
  /** by room and key: the default of what is on an axis, null where it has none */
  readonly axes: ReadonlyMap<string, ReadonlyMap<string, Value | null>>;
}

const NONE_ALIKE: Alike = { fixed: [], axes: new Map() };

/** Of a spec whose cells differ in the numbers on its axes alone: by no choice, and by nothing that follows a number. */
function alikeIn({ axes, scale }: Spec, first: () => Cell): Alike {
  if (scale.size > 0 || !axes.every(({ path }) => PARAMETERS.get(path)!.entry.kind === 'number')) return NONE_ALIKE;
  const standards = new Map<string, Map<string, Value | null>>();
  for (const { path } of axes) {
    const [room, key = ''] = path.split('.') as [string, string?];
    if (!standards.has(room)) standards.set(room, new Map());
    standards.get(room)!.set(key, PARAMETERS.get(path)!.entry.default ?? null);
  }
  const fixed = Object.entries(withoutDefaults(first())).flatMap(([room, inner]) =>
    Object.entries(typeof inner === 'object' && inner !== null ? inner : { '': inner })
      .filter(([key]) => !standards.get(room)?.has(key))
      .map(([key, value]) => ({ room, key, value: value as unknown })),
  );
  return { fixed, axes: standards };
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
