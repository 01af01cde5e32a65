/** The curves of a view: lines of one quantity along another, what stands beside them, and their collapse. */
import { meanFlip } from '../core/flip-laws.ts';
import { numberText } from '../core/number-text.ts';
import { messages, UserError } from '../errors.ts';
import type { Field, Frame } from '../experiments/frame.ts';
import type { PlotView, Scaled } from '../experiments/view.ts';
import { numericAxes } from '../figures/axis.ts';
import { collapseFigure, type CollapseLine } from '../figures/collapse.ts';
import { estimate, QUANTILES } from '../figures/estimate.ts';
import type { Numbers } from '../figures/figure.ts';
import type { Across, ScaleKind } from '../figures/plot-scales.ts';
import { levelWord, plotFigure, type PlotPanel, type PlotSeries } from '../figures/plot.ts';
import { extent } from '../figures/quantity.ts';
import { roleOf, type Role } from '../figures/role.ts';
import { LEVEL } from '../figures/spread.ts';
import { against, isJoined, linesOf, type Line, type Row, type Scene } from '../figures/view-cells.ts';
import { SYMBOLS } from '../notation.ts';
import type { Drawn } from './view-map.ts';
import { assumptionNotes, baselinesOf, boundsOf, type Beside } from './view-overlays.ts';

interface CurveRoles {
  readonly x: Role;
  readonly y: Role;
  readonly color: Role | undefined;
  readonly facet: Role | undefined;
}

export function curvesOf(frames: readonly Frame[], scene: Scene, roles: CurveRoles, view: PlotView): Drawn {
  const { x, y, color, facet } = roles;
  if (color?.kind === 'measured') throw new UserError(messages.measuredColour(color.text));
  if (view.baselines && y.id !== 'testErrorClean') throw new UserError(messages.baselinesBeside(y.text));
  const lines = linesOf(scene, x, { color, facet });
  const baselines = view.baselines ? baselinesOf(scene.rows) : [];
  const bounds = view.theory ? boundsOf(scene.rows, y.id) : [];
  const beside = [...baselines, ...bounds];
  if (view.baselines && baselines.length === 0) throw new UserError(messages.noBaselines());
  const own = beside.length > 0 ? 'the network' : '';
  const numbers = numbersOf(scene, lines, roles, beside, view.show);
  const notes = [
    ...spreadWords(view.show, y),
    ...missingWords(scene, y),
    ...(view.theory ? theoryNotes(scene, bounds, y) : []),
  ];
  const name = `${y.text}-against-${x.text}${color ? `-by-${color.text}` : ''}${facet ? `-in-${facet.text}` : ''}`;
  if (view.collapse) return { ...collapseOf(scene, lines, roles, view), name: `${name}-collapse`, notes, numbers };
  const panels: PlotPanel[] = [...new Set(lines.map(({ panel }) => panel))].map((heading) => ({
    heading,
    series: lines
      .filter(({ panel }) => panel === heading)
      .flatMap((line) => [
        measuredSeries(line, scene, x, y, view.show, own),
        ...beside.flatMap((one) => besideSeries(line, scene, x, one)),
      ]),
  }));
  const [kindX, kindY] = [kindOf('x', x, scene.rows, view, frames), kindOf('y', y, scene.rows, view, frames)];
  return {
    says: `${against(y, x)}${facet ? `, by ${facet.glyph}` : ''}`,
    name,
    notes,
    numbers,
    draw: (caption) =>
      plotFigure(panels, {
        ...caption,
        x: { label: symlogSays(x.label, kindX), kind: kindX },
        y: { label: symlogSays(verticalLabel(y, view.show), kindY), kind: kindY },
        levels: [...floorOf(scene, y), ...(view.level ?? []).map((level) => ({ y: level, word: levelWord(level) }))],
      }),
  };
}

const theoryNotes = ({ rows }: Scene, bounds: readonly Beside[], y: Role): string[] =>
  rows.some((row) => bounds.some(({ at }) => at(row)))
    ? assumptionNotes(rows, y.id)
    : ['no theorem of the shelf bounds it here'];

const symlogSays = (label: string, kind: ScaleKind): string =>
  kind === 'symlog' ? `${label} (symlog: linear next to 0)` : label;

const verticalLabel = (y: Role, show: PlotView['show']): string =>
  !y.runs ? y.label : show === 'quantiles' ? `${y.label} (median over runs)` : `${y.label} (mean over runs)`;

/** Below every test error against observed labels lies the share of labels that are noise. */
function floorOf({ rows }: Scene, y: Role): { y: number; word: string }[] {
  if (y.id !== 'testError') return [];
  const flips = [...new Set(rows.map(({ frame, at }) => meanFlip(frame.cells[at]!.data)))].filter((p) => p > 0);
  return flips.length > 3
    ? []
    : flips.map((p) => ({
        y: p,
        word: flips.length > 1 ? `${SYMBOLS.flip.glyph} = ${numberText(p)}` : SYMBOLS.flip.glyph,
      }));
}

function across(x: Role, { frame, at }: Row): Across | null {
  const value = x.of(frame, at);
  return value === null ? null : typeof value === 'boolean' ? String(value) : value;
}

const byPlace = <P extends { readonly x: Across }>(points: readonly P[]): P[] =>
  [...points].sort((a, b) => (typeof a.x === 'number' && typeof b.x === 'number' ? a.x - b.x : 0));

function measuredSeries(
  line: Line,
  { differ }: Scene,
  x: Role,
  y: Role,
  show: PlotView['show'],
  own: string,
): PlotSeries {
  const joined = isJoined(line, differ, x);
  const points = line.rows.flatMap((row) => {
    const place = across(x, row);
    const found = estimate(y, row.frame, row.at, show);
    if (place === null || !found) return [];
    const { y: value, low, high } = found;
    return [{ x: place, y: value, ...(low !== undefined && { low }), ...(high !== undefined && { high }) }];
  });
  const dots =
    show === 'runs' && y.runs
      ? line.rows.flatMap((row) => {
          const place = across(x, row);
          const values = y.runs!(row.frame, row.at);
          const places = x.runs?.(row.frame, row.at);
          return place === null
            ? []
            : values.map((value, i) => ({ x: places?.length === values.length ? places[i]! : place, y: value }));
        })
      : [];
  return {
    colour: line.colour === '' && line.sign === '' ? own : line.colour,
    sign: line.colour === '' && line.sign === '' ? '' : [line.sign, own].filter(Boolean).join(', '),
    joined: joined && points.length > 1,
    kind: show === 'quantiles' && joined ? 'band' : 'bars',
    points: byPlace(points),
    ...(dots.length > 0 && { dots }),
  };
}

/** One line beside another, in its colour where it has one. */
function besideSeries(line: Line, scene: Scene, x: Role, { label, at }: Beside): PlotSeries[] {
  const points = line.rows.flatMap((row) => {
    const place = across(x, row);
    const found = at(row);
    return place === null || !found ? [] : [{ x: place, ...found }];
  });
  if (points.length === 0) return [];
  const plain = line.colour === '' && line.sign === '';
  return [
    {
      colour: plain ? label : line.colour,
      sign: plain ? '' : [line.sign, label].filter(Boolean).join(', '),
      joined: isJoined(line, scene.differ, x) || x.paths.size > 1,
      kind: 'line',
      points: byPlace(points).map(({ x: place, y, low, high }) => ({
        x: place,
        y,
        ...(low !== undefined && { low }),
        ...(high !== undefined && { high }),
      })),
    },
  ];
}

/** The scale that is asked for; else of an axis its own, of other positive settings a logarithm over a decade. */
export function kindOf(
  role: Scaled,
  of: Role,
  rows: readonly Row[],
  view: PlotView,
  frames: readonly Frame[],
): ScaleKind {
  const values = rows.map(({ frame, at }) => of.of(frame, at)).filter((value) => value !== null);
  if (values.some((value) => typeof value !== 'number')) {
    if (view.log?.includes(role) || view.symlog?.includes(role))
      throw new UserError(messages.noLogOfWords(role, of.text));
    return 'ordinal';
  }
  if (view.log?.includes(role)) return 'log';
  if (view.symlog?.includes(role)) return 'symlog';
  if (role !== 'x' || of.kind === 'measured') return 'linear';
  const axis = frames.flatMap(({ spec }) => numericAxes(spec)).find(({ numbers }) => numbers.name === of.text);
  if (axis && frames.length === 1)
    return axis.numbers.log ? 'log' : axis.numbers.symlog !== undefined ? 'symlog' : 'linear';
  const [low, high] = extent(values as number[]);
  return low > 0 && high >= 10 * low ? 'log' : 'linear';
}

/** Over the parameter that runs along the lines, and over what it is a part of. */
function collapseOf(
  scene: Scene,
  lines: readonly Line[],
  { x, y, facet }: CurveRoles,
  view: PlotView,
): Pick<Drawn, 'says' | 'draw'> {
  if (facet) throw new UserError(messages.collapseAlone());
  const inside = scene.differ.filter(({ path }) => x.paths.has(path));
  const varying = (line: Line): string[] =>
    inside
      .filter(({ name }) => new Set(line.rows.map(({ position }) => position.get(name))).size > 1)
      .map(({ name }) => name);
  const [along] = lines.flatMap(varying);
  if (x.paths.size < 2 || along === undefined) throw new UserError(messages.collapseOver(x.text));
  const { id, glyph } = inside.find(({ name }) => name === along)!;
  const left = roleOf(along, [...new Set(scene.rows.map(({ frame }) => frame))], 'collapse');
  const drawn = lines.map((line): CollapseLine => ({
    colour: line.colour,
    sign: line.sign,
    points: line.rows
      .flatMap((row) => {
        const [a, b] = [left.of(row.frame, row.at), x.of(row.frame, row.at)];
        const found = estimate(y, row.frame, row.at, view.show);
        return typeof a === 'number' && typeof b === 'number' && a > 0 && b > 0
          ? [{ x: [a, b] as const, y: found?.y ?? null, half: found?.high === undefined ? 0 : found.high - found.y }]
          : [];
      })
      .sort((p, q) => p.x[0] - q.x[0]),
  }));
  return {
    says: `${y.glyph} against ${SYMBOLS[id].glyph === glyph ? left.glyph : glyph} and against ${x.glyph}`,
    draw: (caption) =>
      collapseFigure(drawn, {
        ...caption,
        xLabels: [left.label, x.label],
        yLabel: verticalLabel(y, view.show),
        log: view.log?.includes('y') ?? false,
      }),
  };
}

/** `30 runs a point, bars: 95 % intervals of the mean` */
const spreadWords = (show: PlotView['show'], { runs, id }: Role): string[] =>
  show === 'quantiles' && runs
    ? [`bars and bands: ${QUANTILES.join('- to ')}-quantile over runs`]
    : runs || id === 'fitted'
      ? [`bars: ${LEVEL} interval${runs ? ' of the mean' : ''}${show === 'runs' ? ', dots: single runs' : ''}`]
      : [];

function missingWords({ rows }: Scene, y: Role): string[] {
  const empty = rows.filter(({ frame, at }) => !estimate(y, frame, at)).length;
  const diverged = rows.reduce((sum, { frame, at }) => sum + Number(frame.columns['diverged']?.[at] ?? 0), 0);
  const lost = y.runs
    ? rows.reduce((sum, { frame, at }) => {
        const made = Number(frame.columns['runs']![at]) - Number(frame.columns['diverged']?.[at] ?? 0);
        return sum + made - y.runs!(frame, at).length;
      }, 0)
    : 0;
  return [
    ...(lost > 0
      ? [`${lost} ${lost === 1 ? 'run has' : 'runs have'} no such number and ${lost === 1 ? 'is' : 'are'} left out`]
      : []),
    ...(empty > 0 ? [`${empty} of ${rows.length} cells have no number`] : []),
    ...(diverged > 0 ? [`${diverged} ${diverged === 1 ? 'run' : 'runs'} diverged and are in no mean`] : []),
  ];
}

/** One row a point: where it stands, the quantity with the ends of its interval, how many runs it has. */
function numbersOf(
  { differ, apart }: Scene,
  lines: readonly Line[],
  { x, y, color, facet }: CurveRoles,
  beside: readonly Beside[],
  show: PlotView['show'],
): Numbers {
  const roles = [...new Map([facet, color, x].flatMap((role) => (role ? [[role.text, role] as const] : []))).values()];
  const shown = new Set(roles.flatMap(({ text }) => text));
  const others = [...differ, ...(apart ? [apart] : [])].filter(({ name }) => !shown.has(name));
  const several = beside.length > 0;
  const columns = [
    ...(several ? ['line'] : []),
    ...roles.map(({ text }) => text),
    ...others.map(({ name }) => name),
    y.text,
    `${y.text}Low`,
    `${y.text}High`,
    'runs',
  ];
  const rowOf = (row: Row, line: string, found: ReturnType<Beside['at']>): Field[][] =>
    found
      ? [
          [
            ...(several ? [line] : []),
            ...roles.map((role) => role.of(row.frame, row.at)),
            ...others.map(({ name }) => row.position.get(name) ?? null),
            found.y,
            found.low ?? null,
            found.high ?? null,
            found.runs > 0 ? found.runs : null,
          ],
        ]
      : [];
  const rows = lines.flatMap((line) =>
    line.rows.flatMap((row) => [
      ...rowOf(row, 'the network', estimate(y, row.frame, row.at, show)),
      ...beside.flatMap(({ label, at }) => rowOf(row, label, at(row))),
    ]),
  );
  return { columns, rows };
}
