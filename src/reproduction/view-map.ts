/** The map of a view: one measured quantity over two settings, with level sets and the laws through them. */
import { messages, UserError } from '../errors.ts';
import type { Field, Frame } from '../experiments/frame.ts';
import type { Axis } from '../experiments/spec.ts';
import type { PlotView } from '../experiments/view.ts';
import { estimate } from '../figures/estimate.ts';
import type { Caption, Figure, Numbers } from '../figures/figure.ts';
import { heatMap, type Contour } from '../figures/heat-map.ts';
import type { Role } from '../figures/role.ts';
import type { Row, Scene } from '../figures/view-cells.ts';
import type { SymbolId } from '../notation.ts';
import { levelContour } from './map-lines.ts';
import { isPlain, lawCurves } from './view-overlays.ts';

/** What a kind of picture makes of a view. */
export interface Drawn {
  readonly draw: (caption: Caption) => Figure;
  /** `clean test error against S` */
  readonly says: string;
  /** of the file, where the view has no name */
  readonly name: string;
  /** stands under the title, behind what is fixed */
  readonly notes: readonly string[];
  readonly numbers: Numbers;
}

interface MapRoles {
  readonly x: Role;
  readonly y: Role;
  readonly color: Role;
  readonly facet: Role | undefined;
}

export function mapOf(frames: readonly Frame[], scene: Scene, { x, y, color, facet }: MapRoles, view: PlotView): Drawn {
  if (color.kind === 'setting') throw new UserError(messages.settingColour(color.text));
  if (x.kind === 'measured') throw new UserError(messages.measuredAcross(x.text));
  for (const [key, asked] of [
    ['collapse', view.collapse],
    ['baselines', view.baselines],
    ['show', view.show && view.show !== 'means'],
  ] as const)
    if (asked) throw new UserError(messages.noMeaningOnMap(key));
  if ([...(view.log ?? []), ...(view.symlog ?? [])].some((role) => role !== 'color'))
    throw new UserError(messages.mapScales());
  const frame = gridOf(frames, scene, { x, y, color, facet });
  const [up, right] = frame.spec.axes as [Axis, Axis];
  const show = { value: color.text as SymbolId };
  const contours = (view.level ?? []).flatMap((contour) =>
    levelContour(frame, { ...show, contour }, up, right, true).filter(({ points }) => points.length > 0),
  );
  const laws =
    view.theory && contours.length > 0 && isPlain(up) && isPlain(right)
      ? lawCurves(scene.rows, [up, right], contours)
      : [];
  const log = view.log?.includes('color') ?? false;
  return {
    says: `${color.glyph} over ${x.glyph} and ${y.glyph}`,
    name: `${color.text}-over-${x.text}-and-${y.text}`,
    notes: [
      ...(view.level && contours.length === 0 ? [`no row surely crosses ${view.level.join(', ')}`] : []),
      ...(view.theory && laws.length === 0 ? [noLaw(view, contours)] : []),
    ],
    numbers: numbersOf(scene.rows, { x, y, color, facet }, scene),
    draw: (caption) => heatMap(frame, { ...caption, value: color.text, log, contours, theory: laws }),
  };
}

const noLaw = (view: PlotView, contours: readonly Contour[]): string =>
  view.level === undefined
    ? 'theory: its constant is free, and a level would fix it'
    : contours.length === 0
      ? 'theory: its constant is free, and no level set fixes it'
      : 'theory: no law of the shelf speaks of these cells and axes';

/** A frame whose axes are the roles. @throws UserError where two cells lie in one place, or a place is no number */
function gridOf(frames: readonly Frame[], scene: Scene, { x, y, color, facet }: MapRoles): Frame {
  const { rows, differ, apart } = scene;
  const absorbed = new Set([x, y, ...(facet ? [facet] : [])].flatMap(({ paths }) => [...paths]));
  const axis = (role: Role, glyph: string): Axis => ({
    path: role.id !== undefined && role.paths.size === 1 ? [...role.paths][0]! : role.text,
    id: role.id ?? 'n',
    name: role.text,
    glyph,
    values: sortedOf(rows.map(({ frame, at }) => role.of(frame, at))),
  });
  const others = [...differ, ...(apart ? [apart] : [])]
    .filter(({ path }) => !absorbed.has(path))
    .map((one) => ({
      axis: { path: one.path, id: one.id, name: one.name, glyph: one.glyph === '' ? 'results' : one.glyph } as Omit<
        Axis,
        'values'
      >,
      of: ({ position }: Row): Field => position.get(one.name) ?? null,
    }));
  for (const role of [x, y])
    if (rows.some(({ frame, at }) => typeof role.of(frame, at) !== 'number'))
      throw new UserError(messages.wordsAcross(role.text));
  const axes: Axis[] = [
    axis(y, y.label),
    axis(x, x.label),
    ...(facet ? [axis(facet, facet.glyph)] : []),
    ...others.map(({ axis: one, of }): Axis => ({ ...one, values: sortedOf(rows.map(of)) })),
  ];
  const found = rows.map(({ frame, at }) => estimate(color, frame, at));
  const columns: Record<string, Field[]> = {
    [y.text]: rows.map(({ frame, at }) => y.of(frame, at)),
    [x.text]: rows.map(({ frame, at }) => x.of(frame, at)),
    ...(facet && { [facet.text]: rows.map(({ frame, at }) => facet.of(frame, at)) }),
    ...Object.fromEntries(others.map(({ axis: one, of }) => [one.name, rows.map(of)])),
    runs: rows.map(({ frame, at }) => frame.columns['runs']![at]!),
    diverged: rows.map(({ frame, at }) => frame.columns['diverged']?.[at] ?? 0),
    [color.text]: found.map((one) => one?.y ?? null),
    [`${color.text}Se`]: found.map((one) => one?.se ?? null),
  };
  const places = new Set(rows.map((_, at) => JSON.stringify(axes.map(({ name }) => columns[name]![at]))));
  if (places.size < rows.length) throw new UserError(messages.mapTwice(x.text, y.text));
  const [first] = frames as [Frame];
  return { ...first, spec: { ...first.spec, axes }, cells: rows.map(({ frame, at }) => frame.cells[at]!), columns };
}

const sortedOf = (fields: readonly Field[]): Axis['values'] => {
  const values = [...new Set(fields)].filter((field) => field !== null);
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values;
};

function numbersOf(rows: readonly Row[], { x, y, color, facet }: MapRoles, { differ, apart }: Scene): Drawn['numbers'] {
  const roles = [...(facet ? [facet] : []), x, y];
  const shown = new Set(roles.map(({ text }) => text));
  const others = [...differ, ...(apart ? [apart] : [])].filter(({ name }) => !shown.has(name));
  return {
    columns: [
      ...roles.map(({ text }) => text),
      ...others.map(({ name }) => name),
      color.text,
      `${color.text}Low`,
      `${color.text}High`,
      'runs',
    ],
    rows: rows.flatMap((row): Field[][] => {
      const found = estimate(color, row.frame, row.at);
      return found
        ? [
            [
              ...roles.map((role) => role.of(row.frame, row.at)),
              ...others.map(({ name }) => row.position.get(name) ?? null),
              found.y,
              found.low ?? null,
              found.high ?? null,
              found.runs,
            ],
          ]
        : [];
    }),
  };
}
