/** The picture of a view: which kind it is, what stands under it, and the numbers that it shows. */
import { numberText } from '../core/number-text.ts';
import { messages, UserError } from '../errors.ts';
import { coordinatesOf } from '../experiments/differences.ts';
import type { Frame } from '../experiments/frame.ts';
import { specToYaml } from '../experiments/spec-text.ts';
import { fixedWords } from '../experiments/spec-words.ts';
import type { Axis, Spec } from '../experiments/spec.ts';
import type { PlotView } from '../experiments/view.ts';
import { withSource, type Figure } from '../figures/figure.ts';
import { extent } from '../figures/quantity.ts';
import { roleOf } from '../figures/role.ts';
import { isNumeric, rolesOf, sceneOf, valuesOf, type Row, type Scene } from '../figures/view-cells.ts';
import { curvesOf } from './view-curves.ts';
import { mapOf } from './view-map.ts';

export interface ViewOptions {
  /** of the frames, in their order: what tells them apart where no parameter and no seed does */
  readonly names?: readonly string[];
  /** how a role was asked for, in the sentences of errors: `--x`; its key when absent */
  readonly option?: (role: string) => string;
}

/** Fewer values on an axis are lines, not rows of a map. */
const FEW = 3;

/**
 * One picture of the runs of one frame or several.
 *
 * @throws UserError for names that no frame has, conditions that no cell meets, and more than can be told apart
 */
export function viewFigure(frames: readonly Frame[], asked: PlotView, options: ViewOptions = {}): Figure {
  const { names = [], option = (role: string) => role } = options;
  const scene = sceneOf(frames, asked, names);
  const view = withDefaults(scene, asked, rolesOf(frames, asked, option));
  const roles = rolesOf(frames, view, option);
  const x = roles.x!;
  const y = roles.y!;
  const drawn =
    y.kind === 'setting'
      ? mapOf(
          frames,
          scene,
          { x, y, color: roles.color ?? roleOf('testError', frames, 'color'), facet: roles.facet },
          view,
        )
      : curvesOf(frames, scene, { x, y, color: roles.color, facet: roles.facet }, view);
  const title = view.title ?? titleOf(frames, drawn.says);
  const caption = {
    name: view.name ?? fileName(drawn.name, view, names),
    title,
    subtitle: [...captionOf(frames, scene, view), ...drawn.notes, ...seedWords(frames)].join(', '),
  };
  let made: Figure;
  try {
    made = drawn.draw(caption);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(messages.cannotDraw(error.message));
    throw error;
  }
  return { ...withSource(made, sourceText(frames, asked, made.name)), numbers: drawn.numbers };
}

/**
 * The views that a spec names, of its own runs; one that cannot be drawn of them says why.
 */
export const viewsOf = (frame: Frame): Figure[] =>
  (frame.spec.figures ?? []).map((view, at): Figure => {
    try {
      return viewFigure([frame], view, { option: (role) => `figures.${at}.${role}` });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { name: view.name ?? `figures-${at}`, spec: {}, fails: error.message };
    }
  });

/** The longest numeric axis to the right, and the quantity that is asked for most: a map where both axes are long. */
function withDefaults(
  scene: Scene,
  view: PlotView,
  roles: ReturnType<typeof rolesOf>,
): PlotView & { x: string; y: string } {
  const taken = new Set(Object.values(roles).flatMap((role) => [...role.paths]));
  const [longest, second] = scene.differ
    .filter((one) => !taken.has(one.path) && isNumeric(scene, one))
    .sort((a, b) => valuesOf(scene, b).length - valuesOf(scene, a).length);
  const x = view.x ?? (view.collapse ? 'S' : undefined);
  const [first, other] = x === undefined ? [longest, second] : [undefined, longest];
  if (x === undefined && !first) throw new UserError(messages.nothingAlong());
  const long = view.color === undefined && view.x === undefined && !!second && valuesOf(scene, second).length > FEW;
  if (view.y === undefined && !view.collapse && !view.baselines && (roles.color?.kind === 'measured' || long)) {
    if (!other) throw new UserError(messages.nothingUpwards());
    // Upwards the first of the spec's axes, as in every map.
    const [up, right] = [first, other]
      .flatMap((one) => one ?? [])
      .sort((a, b) => axisOrder(scene, a.path) - axisOrder(scene, b.path));
    return { ...view, x: x ?? right!.name, y: up!.name };
  }
  return { ...view, x: x ?? first!.name, y: view.y ?? (view.baselines ? 'testErrorClean' : 'testError') };
}

const axisOrder = ({ rows }: Scene, path: string): number => {
  const at = rows[0]!.frame.spec.axes.findIndex((axis) => axis.path === path);
  return at < 0 ? Infinity : at;
};

/**
 * What all cells have in common, and how many runs a point has. A parameter that one frame uses and another does not is
 * in common too; in which the frames differ, a unit among them, the legend says.
 */
function captionOf(frames: readonly Frame[], { rows, differ }: Scene, view: PlotView): string[] {
  const perFrame = frames.flatMap((frame) => {
    const own = rows.filter((row) => row.frame === frame);
    if (own.length === 0) return [];
    const cells = own.map(({ at }) => frame.cells[at]!);
    const free = frames.length > 1 ? differ.map(({ path }) => path) : [];
    const words = fixedWords(narrowed(frame.spec, own), cells, free);
    return [{ words, coordinates: coordinatesOf(frame.spec), rows: own }];
  });
  const unused = (one: (typeof perFrame)[number], name: string): boolean =>
    one.coordinates.some((coordinate) => coordinate.name === name) &&
    one.rows.every(({ position }) => !position.has(name));
  const common = [...new Set(perFrame.flatMap(({ words }) => words))].filter((word) => {
    const saying = perFrame.find(({ words }) => words.includes(word))!;
    const name = saying.coordinates.find(({ glyph }) => word.startsWith(`${glyph} = `))?.name;
    return perFrame.every((one) => one.words.includes(word) || (name !== undefined && unused(one, name)));
  });
  const counts = rows.map(({ frame, at }) => Number(frame.columns['runs']![at]));
  const [least, most] = extent(counts);
  const conditions = (view.where ?? []).filter((text) => !/^[^<>!]*=/.test(text));
  return [
    ...common,
    ...(conditions.length > 0 ? [`only ${conditions.join(' and ')}`] : []),
    `${least < most ? `${numberText(least)} to ` : ''}${numberText(most)} ${most === 1 ? 'run' : 'runs'} a cell`,
  ];
}

/** The spec whose axes have the values of the rows alone. */
const narrowed = (spec: Spec, rows: readonly Row[]): Spec => ({
  ...spec,
  axes: spec.axes.map((axis): Axis => {
    const values = new Set(rows.map(({ position }) => position.get(axis.name)));
    return { ...axis, values: axis.values.filter((value) => values.has(value)) };
  }),
});

function seedWords(frames: readonly Frame[]): string[] {
  const seeds = [...new Set(frames.map(({ spec }) => spec.seed))];
  return [`${seeds.length > 1 ? 'seeds' : 'seed'} ${seeds.join(', ')}`];
}

function titleOf(frames: readonly Frame[], says: string): string {
  const names = [...new Set(frames.map(({ spec }) => spec.name).filter(Boolean))];
  return names.length > 0 && names.length <= 2 ? `${names.join(' and ')}: ${says}` : says;
}

/** Signs as the words that a file name has for them. */
const WORDS = { '<=': ' at most ', '>=': ' at least ', '!=': ' not ', '<': ' below ', '>': ' above ', '/': ' over ' };

/** What is plotted, in characters that any disk takes. */
function fileName(says: string, view: PlotView, names: readonly string[]): string {
  const { where = [], show, log = [], level = [] } = view;
  return [
    ...(names.length > 1
      ? [names.map((name) => name.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '')).join('-and-')]
      : []),
    says,
    ...where.map((text) => `where-${text}`),
    ...(show && show !== 'means' ? [show] : []),
    ...(log.includes('y') || log.includes('color') ? ['log'] : []),
    ...level.map((one) => `level-${one}`),
    ...(['baselines', 'theory'] as const).filter((key) => view[key]),
  ]
    .join('-')
    .replace(/<=|>=|!=|[<>/]/g, (sign) => WORDS[sign as keyof typeof WORDS])
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 120);
}

/** One spec a frame, each with the view in it. */
const sourceText = (frames: readonly Frame[], view: PlotView, name: string): string =>
  frames
    .map(({ spec, science }) =>
      specToYaml({ ...spec, figures: [view] }, `benign-lab: spec of ${name}, records of science ${science}`),
    )
    .join('---\n');
