/** The cells of one frame or several that a view shows, sorted into panels and lines, and what these differ in. */
import { messages, UserError } from '../errors.ts';
import { coordinatesOf, differing, positionOf, type Coordinate, type Position } from '../experiments/differences.ts';
import type { Field, Frame } from '../experiments/frame.ts';
import { parseCondition } from '../experiments/view-check.ts';
import type { PlotView } from '../experiments/view.ts';
import { valueText } from './panels.ts';
import { MAX_COLOURS } from './plot.ts';
import { meets, roleOf, type Role } from './role.ts';
import { typeset } from './text.ts';

/** A cell that is drawn. */
export interface Row {
  readonly frame: Frame;
  readonly at: number;
  readonly position: Position;
}

/** Cells of one colour and one dash in one panel. */
export interface Line {
  readonly panel: string;
  readonly colour: string;
  readonly sign: string;
  readonly rows: readonly Row[];
}

/** What a view is about. */
export interface Scene {
  readonly rows: readonly Row[];
  /** parameters in which the rows differ */
  readonly differ: readonly Coordinate[];
  /** tells frames apart that have cells in common: by their seed, or by their names */
  readonly apart?: Coordinate;
}

/** The name of the column that tells frames of equal settings apart. */
const APART = 'of';

/**
 * @param names of the frames, for those that differ in no parameter and no seed
 * @throws UserError for a condition that cannot be read, or that no cell meets
 */
export function sceneOf(frames: readonly Frame[], { where = [] }: PlotView, names: readonly string[] = []): Scene {
  const conditions = where.map((text) => meets(parseCondition(text, `where ${text}`), frames, `where ${text}`));
  const perFrame = frames.map(({ spec }) => coordinatesOf(spec));
  const rows = frames.flatMap((frame, of) =>
    frame.cells.flatMap((cell, at): Row[] =>
      Number(frame.columns['runs']?.[at] ?? 0) > 0 && conditions.every((one) => one(frame, at))
        ? [{ frame, at, position: positionOf(frame.spec, perFrame[of]!, cell, at) }]
        : [],
    ),
  );
  if (rows.length === 0) throw new UserError(messages.noCellMeets(where));
  const all = perFrame.flat();
  const differ = differing(
    all,
    rows.map(({ position }) => position),
  );
  // Frames that have cells in common are told apart there, by seed or by name.
  const keyOf = ({ position }: Row): string => JSON.stringify(differ.map(({ name }) => position.get(name)));
  const holders = new Map<string, Set<Frame>>();
  for (const row of rows) holders.set(keyOf(row), (holders.get(keyOf(row)) ?? new Set()).add(row.frame));
  if ([...holders.values()].every(({ size }) => size === 1)) return { rows, differ };
  const bySeed = new Set(frames.map(({ spec }) => spec.seed)).size === frames.length;
  const [name, glyph] = bySeed ? ['seed', 'seed'] : [APART, ''];
  const valueOf = (frame: Frame): string | number =>
    bySeed ? frame.spec.seed : (names[frames.indexOf(frame)] ?? `results ${frames.indexOf(frame) + 1}`);
  return {
    rows: rows.map((row) => ({ ...row, position: new Map([...row.position, [name, valueOf(row.frame)]]) })),
    differ,
    apart: { name, path: name, id: 'seed', glyph },
  };
}

/** How many values a coordinate has. */
export const valuesOf = ({ rows }: Scene, { name }: Coordinate): Field[] => [
  ...new Set(rows.flatMap(({ position }) => position.get(name) ?? [])),
];

/** Whether all of them are numbers. */
export const isNumeric = (scene: Scene, one: Coordinate): boolean =>
  valuesOf(scene, one).every((value) => typeof value === 'number');

const words = (row: Row, coordinates: readonly Coordinate[]): string =>
  coordinates
    .flatMap(({ name, glyph }) => {
      const value = row.position.get(name);
      return value === undefined ? [] : [glyph === '' ? String(value) : `${glyph} = ${valueText(value)}`];
    })
    .join(', ');

const wordOf = (role: Role, { frame, at }: Row): string => `${role.glyph} = ${valueText(role.of(frame, at))}`;

interface Gathered {
  readonly line: Omit<Line, 'rows'>;
  /** of its colour, where that is one value */
  readonly order: Field;
  readonly rows: Row[];
}

/** Of a line on which two frames stand in one place one for each frame. */
function split(one: Gathered, { apart }: Scene, x: Role): Gathered[] {
  const places = new Map<Field, Set<Frame>>();
  for (const { frame, at } of one.rows)
    places.set(x.of(frame, at), (places.get(x.of(frame, at)) ?? new Set()).add(frame));
  if (!apart || [...places.values()].every(({ size }) => size === 1)) return [one];
  return [...new Set(one.rows.map(({ frame }) => frame))].map((frame) => {
    const rows = one.rows.filter((row) => row.frame === frame);
    const colour = [one.line.colour, words(rows[0]!, [apart])].filter(Boolean).join(', ');
    return { ...one, line: { ...one.line, colour }, rows };
  });
}

/** Of colours that nobody asked for no more than can be named. */
const FEW = 7;

/**
 * The lines of a scene along x: one for each value of the colour, and of everything else that differs and is neither x
 * nor a panel.
 */
export function linesOf(
  scene: Scene,
  x: Role,
  { color, facet }: { readonly color?: Role | undefined; readonly facet?: Role | undefined },
): Line[] {
  const count = (one: Coordinate): number => valuesOf(scene, one).length;
  const outside = scene.differ.filter(({ path }) => !x.paths.has(path) && !facet?.paths.has(path));
  // Several parameters make up x: all but the one that runs along a line are told apart.
  const inside = scene.differ.filter(({ path }) => x.paths.has(path) && !facet?.paths.has(path));
  const along = [...inside].sort((a, b) => count(b) - count(a))[0];
  const chosen = inside.filter((one) => one !== along && isNumeric(scene, one) && count(one) <= MAX_COLOURS);
  const free = outside.filter(({ path }) => !color?.paths.has(path));
  const rest = x.paths.size > 1 && !color ? chosen : [];
  const combined = new Set(scene.rows.map((row) => words(row, free))).size;
  // With no colour asked for: what makes up x, else everything at once where that is few, else the longest of them.
  const coloured: readonly Coordinate[] = color
    ? []
    : rest.length > 0
      ? rest
      : combined <= FEW
        ? free
        : [...free].sort((a, b) => count(b) - count(a)).slice(0, 1);
  const signed = free.filter((one) => !coloured.includes(one));
  const lines = new Map<string, Gathered>();
  for (const row of scene.rows) {
    const line = {
      panel: facet ? wordOf(facet, row) : '',
      colour: color ? wordOf(color, row) : words(row, coloured),
      sign: words(row, signed),
    };
    const key = JSON.stringify(line);
    if (!lines.has(key)) {
      const order = color
        ? color.of(row.frame, row.at)
        : coloured.length === 1
          ? row.position.get(coloured[0]!.name)
          : null;
      lines.set(key, { line, order: order ?? null, rows: [] });
    }
    lines.get(key)!.rows.push(row);
  }
  // A legend counts up.
  return [...lines.values()]
    .flatMap((one) => split(one, scene, x))
    .sort((a, b) => (typeof a.order === 'number' && typeof b.order === 'number' ? a.order - b.order : 0))
    .map(({ line, rows }) => ({ ...line, rows }));
}

/** Points of a line follow each other where its cells differ in one parameter, or x tells all of them apart. */
export function isJoined(line: Line, differ: readonly Coordinate[], x: Role): boolean {
  if (x.kind === 'measured') return false;
  const places = line.rows.map(({ frame, at }) => x.of(frame, at));
  // Words have no order.
  if (places.some((place) => typeof place !== 'number')) return false;
  if (new Set(places).size < places.length) return false;
  const varying = differing(
    differ,
    line.rows.map(({ position }) => position),
  );
  return varying.length <= 1 || x.paths.size <= 1;
}

/** Titles are as the notation sets them. */
export const against = (y: Role, x: Role): string => typeset(`${y.glyph} against ${x.glyph}`);

/** The roles of a view that names them. @param option how a role was asked for, in sentences */
export function rolesOf(
  frames: readonly Frame[],
  view: PlotView,
  option: (role: string) => string,
): { readonly [role in 'x' | 'y' | 'color' | 'facet']?: Role } {
  return Object.fromEntries(
    (['x', 'y', 'color', 'facet'] as const).flatMap((role) => {
      const text = view[role];
      return text === undefined ? [] : [[role, roleOf(text, frames, option(role))]];
    }),
  );
}
