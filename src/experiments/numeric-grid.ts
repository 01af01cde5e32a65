/**
 * A grid whose cells differ in the numbers on its axes alone: by no choice, and by nothing that follows a number. Its
 * cells are told and made without building each one from its values or hashing it.
 */
import { PARAMETERS } from '../notation.ts';
import { CONDITIONAL, places, withNumbers, withoutDefaults, type Cell, type Place, type Value } from './cell.ts';
import { modelOf } from './models.ts';
import type { RunRecord } from './record.ts';
import { cellAt, type Spec } from './spec.ts';

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null;

export class NumericGrid {
  private readonly spec: Spec;
  private readonly first: Cell;
  private readonly axes: readonly Place[];
  /** what is on axes, by room and key, with its default; null where it has none */
  private readonly standards: ReadonlyMap<string, ReadonlyMap<string, Value | null>>;
  /** the plain form of all cells without what is on axes, in order; of a room without keys the key is '' */
  private readonly fixed: readonly { readonly room: string; readonly key: string; readonly value: unknown }[];

  /** undefined for a spec whose grid is none */
  static of(spec: Spec): NumericGrid | undefined {
    const { axes, scale } = spec;
    const numeric = axes.every(({ path }) => PARAMETERS.get(path)!.entry.kind === 'number');
    if (!numeric || scale.size > 0) return undefined;
    const first = cellAt(spec, 0);
    // n and d choose the engine of given points.
    if (modelOf(first.data).given && axes.some(({ path }) => path === 'data.n' || path === 'data.d')) return undefined;
    const used = CONDITIONAL.every((one) => one.used(first) || !axes.some(({ path }) => path === one.path));
    return used ? new NumericGrid(spec, first) : undefined;
  }

  private constructor(spec: Spec, first: Cell) {
    this.spec = spec;
    this.first = compact(first);
    this.axes = spec.axes.map(({ path }) => places().get(path)!);
    const standards = new Map<string, Map<string, Value | null>>();
    this.axes.forEach(([room, key], axis) => {
      if (!standards.has(room)) standards.set(room, new Map());
      standards.get(room)!.set(key!, PARAMETERS.get(spec.axes[axis]!.path)!.entry.default ?? null);
    });
    this.standards = standards;
    this.fixed = Object.entries(withoutDefaults(first)).flatMap(([room, inner]) =>
      Object.entries(isPlain(inner) ? inner : { '': inner })
        .filter(([key]) => !standards.get(room)?.has(key))
        .map(([key, value]) => ({ room, key, value })),
    );
  }

  /** @param at its index, first axis slowest @throws UserError when its numbers contradict others */
  cell(at: number): Cell {
    const { axes } = this.spec;
    const numbers: number[] = [];
    for (let axis = axes.length - 1, rest = at; axis >= 0; axis--) {
      const { values } = axes[axis]!;
      numbers[axis] = values[rest % values.length] as number;
      rest = Math.floor(rest / values.length);
    }
    return withNumbers(this.first, this.axes, numbers);
  }

  /**
   * Whether a plain form, whose hash its record's id has, is that of a cell of the grid if its numbers are on the axes:
   * it is when all else is as in the first cell.
   */
  holds(form: RunRecord['cell']): boolean {
    let at = 0;
    let last = '';
    for (const room in form) {
      if (room <= last) return false;
      last = room;
      const inner = form[room];
      const entries: Plain = isPlain(inner) ? inner : { '': inner };
      const standards = this.standards.get(room);
      let before: string | undefined;
      for (const key in entries) {
        if (before !== undefined && key <= before) return false;
        before = key;
        const standard = standards?.get(key);
        if (standard === undefined) {
          const fixed = this.fixed[at++];
          if (fixed?.room !== room || fixed.key !== key || fixed.value !== entries[key]) return false;
        } else if (entries[key] === standard) return false; // a default is left out
      }
      if (before === undefined) return false;
    }
    return at === this.fixed.length;
  }
}

/** The same cell as the engine lays it out best: its copies then take a sixth of the memory. */
function compact(cell: Cell): Cell {
  const copy = JSON.parse(JSON.stringify(cell)) as Cell;
  return JSON.stringify(withoutDefaults(copy)) === JSON.stringify(withoutDefaults(cell)) ? copy : cell;
}
