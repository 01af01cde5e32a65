/** From the page's state to specs: of the setting, and of the map around it. */
import { meanFlip } from '../../core/flip-laws.ts';
import { messages, UserError } from '../../errors.ts';
import { cellId, CONDITIONAL, runId, valueAt, type Cell } from '../../experiments/cell.ts';
import { scaledGlyph } from '../../experiments/scale.ts';
import { settingOf } from '../../experiments/setting.ts';
import { readSpec } from '../../experiments/spec-read.ts';
import { specFrom } from '../../experiments/spec-text.ts';
import { withValues } from '../../experiments/spec-write.ts';
import { cells, type Axis, type Spec, type SpecInput } from '../../experiments/spec.ts';
import { controlParameter, signalToNoise } from '../../core/control-parameter.ts';
import { axisLabel, CELL_PARAMETERS, PARAMETERS, SYMBOLS, type SymbolEntry } from '../../notation.ts';
import { findPreset, type Preset } from '../../reproduction/preset.ts';
import { EXCESS_LIMIT } from '../../verification/excess.ts';
import { lattice } from '../state/lattice.ts';
import type { Changes, MapAxis, PageState, Value } from '../state/page-state.ts';
import type { AxisOf, Described, Knob } from './wire.ts';

/** Axes of a map where the preset has none. */
const USUAL_AXES = ['data.d', 'data.mu'] as const;
/** Beyond this ratio an axis without further words is logarithmic. */
const WIDE = 30;

/** @throws UserError */
function presetOf({ preset }: PageState): Preset {
  const parts = preset.split('/');
  const found = findPreset(parts.slice(0, 2).join('/'), parts[2]);
  const { needs } = found.variant;
  if (needs) throw new UserError(messages.pageNeedsData(preset, needs.points));
  return found;
}

const bases = new Map<string, Spec>();

/** The preset's spec with what no cell depends on left out. */
function baseOf(preset: Preset): Spec {
  const id = `${preset.paper.id}/${preset.figure.id}/${preset.variant.id}`;
  let base = bases.get(id);
  if (!base) bases.set(id, (base = madeBase(preset)));
  return base;
}

function madeBase(preset: Preset): Spec {
  const { precision: _precision, record: _record, figures: _figures, ...rest } = preset.variant.spec;
  return specFrom(rest, preset.variant.id);
}

const numericAxes = (spec: Spec): Axis[] =>
  spec.axes.filter(({ values }) => values.length > 1 && values.every((value) => typeof value === 'number'));

/** Where an axis of the preset is fixed until the user says otherwise: the middle of numbers, the first of choices. */
const middle = ({ values }: Axis): Value =>
  typeof values[0] === 'number' ? values[Math.floor(values.length / 2)]! : values[0]!;

/** More ways to fix the choices of a preset are not tried. */
const MOST_WAYS = 64;
const standing = new WeakMap<Spec, Readonly<Record<string, Value>>>();

/** The axes of a preset, each fixed: choices so that the rest of its numbers count. */
function fixedOf(base: Spec): Readonly<Record<string, Value>> {
  let fixed = standing.get(base);
  if (!fixed) {
    const ways = base.axes.reduce<Record<string, Value>[]>(
      (all, axis) =>
        typeof axis.values[0] === 'number'
          ? all.map((one) => ({ ...one, [axis.path]: middle(axis) }))
          : all.flatMap((one) => axis.values.map((value) => ({ ...one, [axis.path]: value }))),
      [{}],
    );
    const sound = (way: Record<string, Value>): boolean => !('complaints' in readSpec(withValues(base, way)));
    standing.set(base, (fixed = ways.slice(0, MOST_WAYS).find(sound) ?? ways[0]!));
  }
  return fixed;
}

/** What the preset says of every parameter, its axes fixed. */
function standardOf(spec: Spec): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (const [path, value] of spec.values) out[path] = value;
  Object.assign(out, fixedOf(spec));
  out['seed'] = spec.seed;
  return out;
}

/** @param of the second setting */
export function settingSpec(state: PageState, of: 'first' | 'other' = 'first'): Spec {
  const preset = presetOf(state);
  return specFrom(settingInput(baseOf(preset), changesOf(state, of), state.runs), state.preset);
}

const changesOf = ({ set, other }: PageState, of: 'first' | 'other'): Changes =>
  of === 'other' ? { ...set, ...other } : set;

function settingInput(base: Spec, changes: Changes, runs: number): SpecInput {
  return withValues({ ...base, runs }, { ...fixedOf(base), ...changes });
}

interface MapSpec {
  readonly spec: Spec;
  readonly x: AxisOf;
  readonly y: AxisOf;
}

/** Factors below and above the preset's value, where it varies something else than an axis of the map. */
const SPREADS = [10, 3, 1.5] as const;

/** The map's spec; `y` is the first axis, upwards. */
export function mapSpec(state: PageState): MapSpec {
  for (const spread of SPREADS)
    try {
      return mapWithin(state, spread);
    } catch (error) {
      // What goes wrong far from the setting need not go wrong near it.
      if (!(error instanceof UserError) || spread === SPREADS.at(-1)) throw error;
    }
  throw new RangeError('no spread');
}

function mapWithin(state: PageState, spread: number): MapSpec {
  const base = baseOf(presetOf(state));
  const { x, y } = axesOf(base, state, spread);
  const input = withValues(specFrom(settingInput(base, state.set, state.mapRuns), state.preset), {}) as Record<
    string,
    Record<string, unknown>
  >;
  for (const { path } of [x, y]) {
    const [room, key] = path.split('.') as [string, string];
    const { [key]: _value, ...rest } = input[room] ?? {};
    input[room] = rest;
  }
  const spec = specFrom(
    {
      ...input,
      axes: { [y.path]: y.values, [x.path]: x.values },
      ...(state.show === 'ratio' && { record: { values: ['ratio'] } }),
    },
    state.preset,
  );
  const named = (one: AxisOf, at: number): AxisOf => {
    const { name, glyph } = spec.axes[at]!;
    return { ...one, name, label: glyph ?? one.label, glyph: glyph ?? one.glyph };
  };
  return { spec, y: named(y, 0), x: named(x, 1) };
}

/** A coarser map, whose cells are those of the finer one. */
export function coarserSpec(spec: Spec, stride: number): Spec {
  const axes = spec.axes.map((axis) => ({ ...axis, values: axis.values.filter((_, at) => at % stride === 0) }));
  return { ...spec, axes };
}

/** As coarse, with both ends of the axes. */
export function spanning(spec: Spec, stride: number): Spec {
  const axes = spec.axes.map((axis) => ({
    ...axis,
    values: axis.values.filter((_, at) => at % stride === 0 || at === axis.values.length - 1),
  }));
  return { ...spec, axes };
}

function axesOf(base: Spec, state: PageState, spread: number): { readonly x: AxisOf; readonly y: AxisOf } {
  const [up, right] = numericAxes(base);
  const rest = (taken: string | undefined): string => USUAL_AXES.find((path) => path !== taken)!;
  // One axis alone goes to the right.
  const yPath = state.y?.path ?? (right ? up!.path : rest(up?.path ?? state.x?.path));
  const xPath = state.x?.path ?? right?.path ?? up?.path ?? rest(yPath);
  if (xPath === yPath) throw new UserError(messages.pageAxes(xPath));
  return { x: axisOf(base, xPath, state.x, state.grid, spread), y: axisOf(base, yPath, state.y, state.grid, spread) };
}

function axisOf(base: Spec, path: string, asked: MapAxis | undefined, grid: number, spread: number): AxisOf {
  const { id, entry } = PARAMETERS.get(path)!;
  if (entry.kind !== 'number') throw new UserError(messages.pageAxis(path));
  const own = numericAxes(base).find((axis) => axis.path === path)?.values as number[] | undefined;
  const now = Number(base.values.get(path) ?? entry.default ?? 1);
  // Around the preset's value where it varies something else: a map stays where it is while the setting moves.
  const [low, high] = own ? [Math.min(...own), Math.max(...own)] : now > 0 ? [now / spread, now * spread] : [0, 10];
  // In units of a product of powers (d/n) a value may lie where the parameter itself may not.
  const scaled = base.scale.has(path);
  const from = asked?.from ?? (scaled ? low : Math.max(entry.range.min, low));
  const to = asked?.to ?? (scaled ? high : Math.min(entry.range.max, high));
  const log = asked?.log ?? (from > 0 && to / from >= WIDE);
  const made = lattice(path, from, to, grid, { log, factor: scaled });
  if (made.values.length < 2) throw new UserError(messages.pageAxisRange(path, from, to));
  const { glyph } = SYMBOLS[id] as SymbolEntry;
  return { path, name: id, label: axisLabel(id), glyph, from, to, log: made.log, values: made.values };
}

/** All that is known of a state before anything is computed. @throws UserError */
export function describe(state: PageState): Described {
  const preset = presetOf(state);
  const base = baseOf(preset);
  const spec = settingSpec(state);
  const cell = cells(spec).next().value as Cell;
  const { x, y } = mapSpec(state);
  const standard = standardOf(base);
  const setting = settingOf(cell);
  const { n = NaN, d = NaN, mu = NaN, sigmaP = NaN, eta = NaN } = setting;
  const number = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const written = (path: string): Value => spec.values.get(path) ?? valueAt(cell, path);
  const { paper, figure, variant } = preset;
  return {
    preset: {
      id: `${paper.id}/${figure.id}/${variant.id}`,
      paper: paper.id,
      title: figure.title,
      says: variant.says,
      deviations: variant.deviations,
      citation: `${paper.authors.join(', ')}: ${paper.title}. ${paper.venue}`,
    },
    knobs: knobsOf(cell, standard, written).map((knob) => {
      const powers = base.scale.get(knob.path);
      return powers ? { ...knob, scaled: scaledGlyph(knob.path, powers) } : knob;
    }),
    x,
    y,
    point: { x: Number(written(x.path)), y: Number(written(y.path)) },
    flip: meanFlip(cell.data),
    limit: EXCESS_LIMIT,
    S: number(controlParameter({ n, d, mu, sigmaP })),
    SNR: number(signalToNoise({ d, mu, sigmaP })),
    seed: spec.seed,
    run: runId(cellId(cell), state.replicate),
    maxSteps: cell.training.maxSteps,
    eta,
  };
}

function knobsOf(cell: Cell, standard: Changes, written: (path: string) => Value): Knob[] {
  return [...CELL_PARAMETERS].flatMap(([path, { entry }]): Knob[] => {
    const value = written(path);
    if (value === undefined || entry.kind === 'text') return [];
    const used = CONDITIONAL.every((one) => one.path !== path || one.used(cell));
    return [{ path, value, standard: standard[path] ?? entry.default ?? value, used }];
  });
}

/** The one cell of a spec without axes. */
export const cellOf = (spec: Spec): Cell => cells(spec).next().value as Cell;
