/**
 * Declarative experiments: parameters, axes, runs, seed.
 *
 * The schema is built from notation.ts, so ranges, choices and meanings stand there only. Text and positions are
 * read in spec-text.ts.
 */
import { z } from 'zod';
import { exp, log } from '../core/special.ts';
import { messages, shown, UserError } from '../errors.ts';
import { describeRange, inRange, PARAMETERS, parameterPath, symbolEntries, SYMBOLS, type ChoiceParameter, type NumberParameter, type SymbolId } from '../notation.ts';
import { GOOD_EVENT } from '../observables/good-event.ts';
import { NOISE_MATRIX } from '../observables/noise-matrix.ts';
import { STAGES } from '../observables/stages.ts';
import { TRACKED } from '../observables/trackers.ts';
import { buildCell, CONDITIONAL, type Cell, type Value } from './cell.ts';
import { scalable, scaled, scaledGlyph, scaledName, type Powers, type Scale } from './scale.ts';

export interface Axis {
  readonly path: string;
  readonly id: SymbolId;
  /** of the table's column: the symbol, or `d/n` for a scaled one */
  readonly name: string;
  /** the same in glyphs for a scaled axis, `v_0 [v*]` for one in a unit; absent otherwise */
  readonly glyph?: string;
  /** as written: of a scaled axis the factors */
  readonly values: readonly Value[];
}

export interface Spec {
  /** a title for figures; not part of any run */
  readonly name: string;
  /** values that the spec sets, by path; axes and defaults are not among them */
  readonly values: ReadonlyMap<string, Value>;
  /** first axis slowest */
  readonly axes: readonly Axis[];
  /** parameters that follow others by a power law */
  readonly scale: Scale;
  readonly runs: number;
  readonly seed: number;
  /** what each record keeps over time */
  readonly record: RecordPlan;
}

export interface RecordPlan {
  readonly series: readonly SymbolId[];
  /** observables of the last state that each record keeps beside the usual ones */
  readonly values: readonly SymbolId[];
  /** steps between two entries of a series; the last state is always kept */
  readonly every: number;
}

/** A spec as it is written down: nested plain data. */
export type SpecInput = Readonly<Record<string, unknown>>;

/** Something wrong at one place of a spec. */
export interface Complaint {
  readonly path: readonly string[];
  readonly sentence: string;
  /** the key itself is wrong, not its value */
  readonly atKey?: boolean;
}

/** The observables that can be kept over time. */
export const SERIES = [
  'trainLoss', 'trainError', 'testError', 'testErrorClean', 'marginMin', 'marginMax', 'derivativeRatio', 'gamma', 'rhoBar', 'rhoUnder', 'ratio', 'activeFraction',
  'noisyLoss', 'trainLossClean', 'trainLossFlipped', 'trainErrorClean', 'trainErrorFlipped',
  'vSignal', 'vNoise', 'wNorm', 'layerRatio', 'balanceDrift', 'vChange', 'wChange', 'noiseResponse', 'responseRatio',
  'excess', 'benign', 'harmful', 'nonOverfitting',
  'weightNorm', 'normalizedMargin', 'marginFactor', 'maxMarginNorm', 'maxMarginError', 'averagingError', 'bayesError',
  'movement', 'kernelChange', 'patternChange', 'lazyError', 'lazyDifference',
  'decompositionResidual', 'gammaMin', 'gammaMax', 'rhoBarMax', 'rhoUnderMin', 'meanMargin', 'concentrationBound', 'alignmentBound', 'errorFloor', 'noisePart', 'noisePartLinear',
  ...GOOD_EVENT, ...NOISE_MATRIX, ...STAGES, ...TRACKED,
  'lossMax', 'errorExponent', 'died', 'inputMin', 'inputMax', 'startMax',
] as const satisfies readonly SymbolId[];

/** Those that compare with the linearisation of a network whose output layer is fixed. */
const LAZY = new Set<SymbolId>(['movement', 'kernelChange', 'patternChange', 'lazyError', 'lazyDifference', 'marginFactor']);

/** The observables that a cell has. */
export const observablesOf = ({ network }: Cell): SymbolId[] => SERIES.filter((id) => network.output === 'fixed' || !LAZY.has(id));

// ---- the schema ----

function leaf(entry: NumberParameter | ChoiceParameter): z.ZodType<Value> {
  if (entry.kind === 'choice') {
    return z.literal(entry.choices as (string | boolean)[], { error: (issue) => `must be one of ${entry.choices.join(', ')}, got ${shown(issue.input)}` }).describe(entry.meaning) as z.ZodType<Value>;
  }
  const { range } = entry;
  const error = (issue: { input?: unknown }): string => `must be ${describeRange(range)}, got ${shown(issue.input)}`;
  let number = z.number({ error });
  if (range.integer) number = number.int({ error });
  // Bounds as zod's own checks, so that the JSON Schema for editors carries them.
  number = range.openMin ? number.gt(range.min, { error }) : number.gte(range.min, { error });
  if (range.max !== Infinity) number = range.openMax ? number.lt(range.max, { error }) : number.lte(range.max, { error });
  return number.describe(entry.default === undefined ? entry.meaning : `${entry.meaning} (default ${entry.default})`) as z.ZodType<Value>;
}

const rooms: Record<string, Record<string, z.ZodType>> = {};
for (const [path, { entry }] of PARAMETERS) {
  const [room, key] = path.split('.') as [string, string | undefined];
  if (key !== undefined) (rooms[room] ??= {})[key] = leaf(entry).optional();
}
const parameter = (path: string): z.ZodType<Value> => leaf(PARAMETERS.get(path)!.entry);

const formError = (what: string) => ({ error: (issue: { code?: string; input?: unknown }) => (issue.code === 'invalid_type' ? `must be ${what}, got ${shown(issue.input)}` : undefined) });
const finite = z.number({ error: (issue) => `must be a number, got ${shown(issue.input)}` });
const axisSchema = z.union([
  z.array(z.union([z.number(), z.string(), z.boolean()])),
  z.strictObject({ from: finite, to: finite, step: finite }),
  z.strictObject({ from: finite, to: finite, count: finite, scale: z.enum(['linear', 'log']).optional() }),
]);

/** Paths that a power law can multiply. */
const SCALABLE = [...PARAMETERS].flatMap(([path, { id }]) => (scalable(id) ? [path] : []));

const observables = (ids: readonly string[]) => z.array(z.literal(ids, { error: (issue) => `must be one of ${ids.join(', ')}, got ${shown(issue.input)}` }));
/** The last state alone cannot say what happened from step to step. */
const STATES = SERIES.filter((id) => !(TRACKED as readonly string[]).includes(id));

const schema = z.strictObject(
  {
    $schema: z.string().optional(),
    name: z.string({ error: (issue) => `must be text, got ${shown(issue.input)}` }).optional().describe('a title for figures'),
    ...Object.fromEntries(Object.entries(rooms).map(([room, shape]) => [room, z.strictObject(shape, formError('a mapping')).optional()])),
    engine: parameter('engine').optional(),
    coupling: parameter('coupling').optional(),
    axes: z.partialRecord(z.enum([...PARAMETERS.keys()].filter((path) => path !== 'runs' && path !== 'seed') as [string, ...string[]]), axisSchema, formError('a mapping')).optional()
      .describe('parameters that vary, first axis slowest: a list, {from, to, step} or {from, to, count, scale}'),
    scale: z.partialRecord(z.enum(SCALABLE as [string, ...string[]]), z.record(z.string(), finite), formError('a mapping')).optional()
      .describe('power laws, {data.d: {n: 1}}: what is written for data.d, in its room or on its axis, is multiplied by n'),
    runs: parameter('runs').optional(),
    seed: parameter('seed').optional(),
    record: z.strictObject({
      series: observables(SERIES).optional().describe('observables kept over time'),
      values: observables(STATES).optional().describe('observables of the last state, kept beside the usual ones'),
      every: z.number({ error: (issue) => `must be an integer >= 1, got ${shown(issue.input)}` }).int({ error: (issue) => `must be an integer >= 1, got ${shown(issue.input)}` }).gte(1, { error: (issue) => `must be an integer >= 1, got ${shown(issue.input)}` }).optional().describe('steps between two entries'),
    }, formError('a mapping')).optional(),
  },
  formError('a mapping'),
);

/** JSON Schema of a spec, for editors. */
export function specJsonSchema(): unknown {
  return z.toJSONSchema(schema, { unrepresentable: 'any' });
}

// ---- reading ----

/** The spec, or everything that is wrong with the input. */
export function readSpec(input: unknown): { spec: Spec } | { complaints: Complaint[] } {
  const { input: unscaled, factors, complaints: wrongFactors } = takeFactors(input);
  if (wrongFactors.length > 0) return { complaints: wrongFactors };
  const result = schema.safeParse(unscaled);
  if (!result.success) return { complaints: result.error.issues.flatMap(complain) };
  const written = result.data as Record<string, unknown>;
  const values = new Map<string, Value>();
  for (const path of PARAMETERS.keys()) {
    if (path === 'runs' || path === 'seed') continue;
    const value = at(written, path.split('.'));
    if (value !== undefined) values.set(path, value as Value);
  }
  for (const [path, factor] of factors) values.set(path, factor);
  const complaints: Complaint[] = [];
  const scale = new Map(Object.entries((written['scale'] ?? {}) as Record<string, Powers>));
  for (const [path, powers] of scale) {
    for (const id of Object.keys(powers)) {
      if (!scalable(id)) complaints.push({ path: ['scale', path, id], sentence: messages.scaleBy(path, id, symbolEntries().flatMap(([one]) => (scalable(one) ? [one] : []))), atKey: true });
    }
  }
  if (complaints.length > 0) return { complaints };
  const axes = Object.entries((written['axes'] ?? {}) as Record<string, unknown>).flatMap(([path, form]): Axis[] => {
    const axis = readAxis(path, form, scale.get(path));
    if ('complaint' in axis) {
      complaints.push(axis.complaint);
      return [];
    }
    values.delete(path);
    const unit = values.get(`${path}Unit`) ?? 'absolute';
    return [axis.glyph !== undefined || unit === 'absolute' ? axis : { ...axis, glyph: `${(SYMBOLS[axis.id] as NumberParameter).glyph} [${unit}]` }];
  });
  const cells = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (cells > 1e7) complaints.push({ path: ['axes'], sentence: messages.gridTooLarge(cells) });
  const runs = (written['runs'] as number | undefined) ?? (SYMBOLS.runs.default as number);
  if (cells * runs > 1e9) complaints.push({ path: ['runs'], sentence: messages.tooManyRuns(cells * runs) });
  if (complaints.length > 0) return { complaints };
  const record = (written['record'] ?? {}) as { series?: SymbolId[]; values?: SymbolId[]; every?: number };
  const spec: Spec = {
    name: (written['name'] as string | undefined) ?? '',
    values,
    axes,
    scale,
    runs,
    seed: (written['seed'] as number | undefined) ?? (SYMBOLS.seed.default as number),
    record: { series: record.series ?? [], values: record.values ?? [], every: record.every ?? 1 },
  };
  // A wrong combination shows on some cell of the grid: try every corner of every axis.
  try {
    const extreme = [...corners(spec)].map((one) => buildCell(scaled(one, scale)));
    const lazy = [...spec.record.values, ...spec.record.series].find((id) => LAZY.has(id));
    if (lazy !== undefined && extreme.some(({ network }) => network.output !== 'fixed')) return { complaints: [{ path: ['record'], sentence: messages.lazyNeedsFixed(lazy) }] };
    const useless = CONDITIONAL.filter(({ path, used, needs }) => needs !== undefined && (spec.values.has(path) || spec.axes.some((axis) => axis.path === path)) && !extreme.some(used));
    if (useless.length > 0) {
      return {
        complaints: useless.map(({ path, needs }) => ({ path: spec.values.has(path) ? path.split('.') : ['axes', path], sentence: messages.unused(path, needs!), atKey: true })),
      };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { complaints: [{ path: error.message.slice(0, error.message.indexOf(':')).split('.'), sentence: error.message }] };
  }
  return { spec };
}

/** How many steps fit from `from` to `to`, up to rounding. */
const wholeSteps = (from: number, to: number, step: number): number => Math.floor((to - from) / step + 1e-9);

/** A spec without what is written for scaled parameters: their ranges are those of the products. */
function takeFactors(input: unknown): { input: unknown; factors: Map<string, number>; complaints: Complaint[] } {
  const factors = new Map<string, number>();
  const complaints: Complaint[] = [];
  const scale = (input as Record<string, unknown> | null)?.['scale'];
  if (typeof scale !== 'object' || scale === null) return { input, factors, complaints };
  const rest = { ...(input as Record<string, unknown>) };
  for (const path of Object.keys(scale)) {
    const [room, key] = path.split('.') as [string, string | undefined];
    const inner = rest[room];
    if (key === undefined || typeof inner !== 'object' || inner === null || !(key in inner)) continue;
    const { [key]: factor, ...others } = inner as Record<string, unknown>;
    if (typeof factor !== 'number' || !Number.isFinite(factor)) complaints.push({ path: [room, key], sentence: messages.mustBe(path, 'a number', factor) });
    else factors.set(path, factor);
    rest[room] = others;
  }
  return { input: rest, factors, complaints };
}

function readAxis(path: string, form: unknown, powers?: Powers): Axis | { complaint: Complaint } {
  const { id, entry } = PARAMETERS.get(path)!;
  const fail = (sentence: string, ...more: string[]): { complaint: Complaint } => ({ complaint: { path: ['axes', path, ...more], sentence } });
  let values: Value[];
  if (Array.isArray(form)) values = form as Value[];
  else {
    const { from, to, step, count, scale } = form as { from: number; to: number; step?: number; count?: number; scale?: string };
    const steps = step !== undefined ? wholeSteps(from, to, step) : count! - 1;
    if (step !== undefined && !(step > 0)) return fail(`axes.${path}.step: must be > 0, got ${step}`, 'step');
    if (to < from) return fail(`axes.${path}.to: must be >= from = ${from}, got ${to}`, 'to');
    if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 1e6)) return fail(`axes.${path}.count: must be an integer in [1, 1000000], got ${count}`, 'count');
    if (scale === 'log' && !(from > 0)) return fail(`axes.${path}.from: must be > 0 on a log scale, got ${from}`, 'from');
    if (steps > 1e6) return fail(`axes.${path}.step: gives ${steps + 1} values, at most 1000000 are allowed`, 'step');
    const rounded = (x: number): number => Number(x.toPrecision(12)); // 0.30000000000000004 is 0.3
    values = Array.from({ length: steps + 1 }, (_, i) => {
      if (step !== undefined) return rounded(from + i * step);
      const share = steps === 0 ? 0 : i / steps;
      const x = scale === 'log' ? rounded(exp(log(from) + share * (log(to) - log(from)))) : rounded(from + share * (to - from));
      return entry.kind === 'number' && entry.range.integer && !powers ? Math.round(x) : x;
    });
  }
  if (values.length === 0) return fail(messages.axisEmpty(path));
  for (const [index, value] of values.entries()) {
    const allowed = powers ? typeof value === 'number' || 'a number' : allows(entry, value);
    if (allowed !== true) return fail(messages.mustBe(`axes.${path}`, allowed, value), String(index));
    if (values.indexOf(value) !== index) return fail(messages.axisTwice(path, value), String(index));
  }
  return { path, id, values, name: powers ? scaledName(path, powers) : id, ...(powers && { glyph: scaledGlyph(path, powers) }) };
}

/** Whether what is written on an axis are integers: the factors of a scaled one need not be. */
export function holdsIntegers(spec: Spec, axis: Axis): boolean {
  const { entry } = PARAMETERS.get(axis.path)!;
  return entry.kind === 'number' && entry.range.integer === true && !spec.scale.has(axis.path);
}

/** true, or what is allowed. */
function allows(entry: NumberParameter | ChoiceParameter, value: unknown): true | string {
  if (entry.kind === 'choice') return entry.choices.includes(value as string) || `one of ${entry.choices.join(', ')}`;
  return (typeof value === 'number' && inRange(value, entry.range)) || describeRange(entry.range);
}

function complain(issue: z.core.$ZodIssue): Complaint[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const allowed = path.length === 0 ? Object.keys(schema.shape).filter((key) => key !== '$schema') : allowedKeys(path);
    return issue.keys.map((key): Complaint => {
      const meant = path[0] === 'axes' ? parameterPath(key) : undefined;
      return { path: [...path, key], sentence: meant ? `axes.${key}: unknown key, did you mean ${meant}?` : messages.unknownKey([...path, key].join('.'), key, allowed), atKey: true };
    });
  }
  if (issue.code === 'invalid_union') return [{ path, sentence: messages.axisForm(path.slice(1).join('.')) }];
  return [{ path, sentence: `${path.length ? `${path.join('.')}: ` : 'the spec '}${issue.message}` }];
}

function allowedKeys(path: readonly string[]): string[] {
  if (path[0] === 'record') return ['series', 'values', 'every'];
  if (path[0] === 'axes') return path.length === 1 ? [...PARAMETERS.keys()].filter((key) => key !== 'runs' && key !== 'seed') : ['from', 'to', 'step', 'count', 'scale'];
  return Object.keys(rooms[path[0]!] ?? {});
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], object);
}

/** One cell's values for the least and the largest value of every numeric axis and every value of the others. */
function* corners(spec: Spec): Generator<Map<string, Value>> {
  let combinations: Map<string, Value>[] = [new Map(spec.values)];
  for (const { path, values } of spec.axes) {
    const numbers = values.filter((value) => typeof value === 'number');
    const extremes = numbers.length ? new Set([numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))]) : values;
    combinations = combinations.flatMap((one) => [...extremes].map((value) => new Map(one).set(path, value)));
  }
  yield* combinations;
}

// ---- cells ----

/** Every cell of the grid, first axis slowest. */
export function* cells(spec: Spec): Generator<Cell> {
  const total = spec.axes.reduce((product, axis) => product * axis.values.length, 1);
  for (let index = 0; index < total; index++) {
    const values = new Map(spec.values);
    coordinates(spec, index).forEach((value, at) => values.set(spec.axes[at]!.path, value));
    yield buildCell(scaled(values, spec.scale));
  }
}

/** Where a cell lies on the axes, as they are written. */
export function coordinates(spec: Spec, cell: number): Value[] {
  let rest = cell;
  const out: Value[] = [];
  for (const { values } of [...spec.axes].reverse()) {
    out.unshift(values[rest % values.length]!);
    rest = Math.floor(rest / values.length);
  }
  return out;
}

/** The spec as nested plain data with sorted rooms and defaults omitted; reading it gives the same spec. */
export function writeSpec(spec: Spec): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (spec.name) out['name'] = spec.name;
  for (const [path, { entry }] of PARAMETERS) {
    const value = spec.values.get(path);
    if (value === undefined || value === entry.default) continue;
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) out[room] = value;
    else ((out[room] ??= {}) as Record<string, unknown>)[key] = value;
  }
  if (spec.axes.length > 0) out['axes'] = Object.fromEntries(spec.axes.map(({ path, values }) => [path, compactAxis(values)]));
  if (spec.scale.size > 0) out['scale'] = Object.fromEntries(spec.scale);
  out['runs'] = spec.runs;
  out['seed'] = spec.seed;
  const { series, values: kept, every } = spec.record;
  if (series.length > 0 || kept.length > 0) out['record'] = { ...(series.length > 0 && { series }), ...(kept.length > 0 && { values: kept }), ...(series.length > 0 && { every }) };
  return out;
}

/** {from, to, step} where that gives the same values, else the list. */
function compactAxis(values: readonly Value[]): unknown {
  const [from, second] = values;
  const to = values.at(-1);
  if (values.length > 3 && typeof from === 'number' && typeof second === 'number' && typeof to === 'number') {
    const step = Number((second - from).toPrecision(12));
    if (step > 0 && wholeSteps(from, to, step) === values.length - 1 && values.every((value, i) => value === Number((from + i * step).toPrecision(12)))) return { from, to, step };
  }
  return values;
}

/** The spec with some values set or axes fixed: `--set`, `--runs`, `--seed`. */
export function withValues(spec: Spec, changes: Readonly<Record<string, unknown>>): SpecInput {
  const written = structuredClone(writeSpec(spec)) as Record<string, Record<string, unknown>>;
  for (const [path, value] of Object.entries(changes)) {
    delete written['axes']?.[path];
    const [room, key] = path.split('.') as [string, string | undefined];
    if (key === undefined) (written as Record<string, unknown>)[room] = value;
    else (written[room] ??= {})[key] = value;
  }
  if (written['axes'] && Object.keys(written['axes']).length === 0) delete written['axes'];
  return written;
}
