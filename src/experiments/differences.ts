/** In which parameters cells differ, those of several specs alike: what a legend must name. */
import { CELL_PARAMETERS, ofNotation, type SymbolId } from '../notation.ts';
import { CONDITIONAL, valueAt, type Cell, type Value } from './cell.ts';
import { scaledGlyph, scaledName } from './scale.ts';
import { coordinates, type Spec } from './spec.ts';

/** A parameter as it is written: of one that follows others by a power law the factor. */
export interface Coordinate {
  /** `n`, or `d/n` for a scaled one: the name of its column, were it an axis */
  readonly name: string;
  readonly path: string;
  readonly id: SymbolId;
  readonly glyph: string;
}

/** Where one cell lies: a value for each parameter that it uses. */
export type Position = ReadonlyMap<string, Value>;

const usedIn = ofNotation(() => new Map(CONDITIONAL.map(({ path, used }) => [path, used])));

/** Every parameter of a spec as it is written in it. */
export function coordinatesOf(spec: Spec): Coordinate[] {
  return [...CELL_PARAMETERS].map(([path, { id, entry }]) => {
    const axis = spec.axes.find((one) => one.path === path);
    const powers = spec.scale.get(path);
    return {
      name: axis?.name ?? (powers ? scaledName(path, powers) : id),
      path,
      id,
      glyph: axis?.glyph ?? (powers ? scaledGlyph(path, powers) : entry.glyph),
    };
  });
}

/** @param all as `coordinatesOf` gives them @param at index of the cell */
export function positionOf(spec: Spec, all: readonly Coordinate[], cell: Cell, at: number): Position {
  const onAxes = coordinates(spec, at);
  return new Map(
    all.flatMap(({ name, path }): [string, Value][] => {
      if (usedIn().get(path)?.(cell) === false) return [];
      const axis = spec.axes.findIndex((one) => one.path === path);
      const value = axis >= 0 ? onAxes[axis] : spec.scale.has(path) ? spec.values.get(path) : valueAt(cell, path);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Those of which two of the positions have different values, in the order of the notation. */
export function differing(all: readonly Coordinate[], positions: readonly Position[]): Coordinate[] {
  const seen = new Set<string>();
  return all.filter(({ name }) => {
    if (seen.has(name)) return false;
    seen.add(name);
    let first: Value | undefined;
    return positions.some((position) => {
      const value = position.get(name);
      if (value === undefined) return false;
      first ??= value;
      return value !== first;
    });
  });
}
