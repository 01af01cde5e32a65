/** From plain data to a spec, or to everything that is wrong with it. Text and positions are read in spec-text.ts. */
import type { z } from 'zod';
import { messages, UserError } from '../errors.ts';
import {
  CELL_PARAMETERS,
  parameterPath,
  symbolEntries,
  SYMBOLS,
  type NumberParameter,
  type SymbolId,
} from '../notation.ts';
import { buildCell, CONDITIONAL, type Value } from './cell.ts';
import type { Complaint } from './complaint.ts';
import { errorRange, fewestRuns, type PrecisionRule } from './precision.ts';
import { scalable, scaled, type Powers } from './scale.ts';
import { FIXED_OUTPUT } from './series.ts';
import { readAxis } from './spec-axis.ts';
import { allowedKeys, schema } from './spec-schema.ts';
import type { Axis, Spec } from './spec.ts';

/** The spec, or everything that is wrong with the input. */
export function readSpec(input: unknown): { spec: Spec } | { complaints: Complaint[] } {
  const { input: unscaled, factors, complaints: wrongFactors } = takeFactors(input);
  if (wrongFactors.length > 0) return { complaints: wrongFactors };
  const result = schema.safeParse(unscaled);
  if (!result.success) return { complaints: result.error.issues.flatMap(complain) };
  const written = result.data as Record<string, unknown>;
  const values = new Map<string, Value>();
  for (const path of CELL_PARAMETERS.keys()) {
    const value = at(written, path.split('.'));
    if (value !== undefined) values.set(path, value as Value);
  }
  for (const [path, factor] of factors) values.set(path, factor);
  const complaints: Complaint[] = [];
  const scale = new Map(Object.entries((written['scale'] ?? {}) as Record<string, Powers>));
  for (const [path, powers] of scale) {
    for (const id of Object.keys(powers)) {
      if (!scalable(id))
        complaints.push({
          path: ['scale', path, id],
          sentence: messages.scaleBy(
            path,
            id,
            symbolEntries().flatMap(([one]) => (scalable(one) ? [one] : [])),
          ),
          atKey: true,
        });
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
    return [
      axis.glyph !== undefined || unit === 'absolute'
        ? axis
        : { ...axis, glyph: `${(SYMBOLS[axis.id] as NumberParameter).glyph} [${unit}]` },
    ];
  });
  const cells = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (cells > 1e7) complaints.push({ path: ['axes'], sentence: messages.gridTooLarge(cells) });
  const runs = (written['runs'] as number | undefined) ?? (SYMBOLS.runs.default as number);
  if (cells * runs > 1e9) complaints.push({ path: ['runs'], sentence: messages.tooManyRuns(cells * runs) });
  const precision = readPrecision(written['precision'] as Partial<PrecisionRule> | undefined, runs, complaints);
  if (complaints.length > 0) return { complaints };
  const record = (written['record'] ?? {}) as { series?: SymbolId[]; values?: SymbolId[]; every?: number };
  const spec: Spec = {
    name: ((written['name'] as string | undefined) ?? '').replace(/\s+/g, ' ').trim(),
    values,
    axes,
    scale,
    runs,
    ...(precision && { precision }),
    seed: (written['seed'] as number | undefined) ?? (SYMBOLS.seed.default as number),
    record: { series: record.series ?? [], values: record.values ?? [], every: record.every ?? 1 },
  };
  // A wrong combination shows on some cell of the grid: try every corner of every axis.
  try {
    const extreme = [...corners(spec)].map((one) => buildCell(scaled(one, scale)));
    const lazy = [...spec.record.values, ...spec.record.series].find((id) => FIXED_OUTPUT.has(id));
    if (lazy !== undefined && extreme.some(({ network }) => network.output !== 'fixed'))
      return { complaints: [{ path: ['record'], sentence: messages.lazyNeedsFixed(lazy) }] };
    const fewest = precision
      ? Math.max(...extreme.map((cell) => fewestRuns(precision, errorRange(cell, precision.of))))
      : 0;
    if (precision && fewest > runs)
      return {
        complaints: [
          { path: ['precision', 'halfWidth'], sentence: messages.precisionBeyond(precision.halfWidth, fewest, runs) },
        ],
      };
    const useless = CONDITIONAL.filter(
      ({ path, used, needs }) =>
        needs !== undefined &&
        (spec.values.has(path) || spec.axes.some((axis) => axis.path === path)) &&
        !extreme.some(used),
    );
    if (useless.length > 0) {
      return {
        complaints: useless.map(({ path, needs }) => ({
          path: spec.values.has(path) ? path.split('.') : ['axes', path],
          sentence: messages.unused(path, needs!),
          atKey: true,
        })),
      };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      complaints: [{ path: error.message.slice(0, error.message.indexOf(':')).split('.'), sentence: error.message }],
    };
  }
  return { spec };
}

/** The rule with its defaults; beside it `runs` is the cap, which must leave room for it. */
function readPrecision(
  written: Partial<PrecisionRule> | undefined,
  runs: number,
  complaints: Complaint[],
): PrecisionRule | undefined {
  if (!written) return undefined;
  const rule = {
    of: SYMBOLS.of.default,
    confidence: SYMBOLS.confidence.default,
    minRuns: SYMBOLS.minRuns.default,
    ...written,
  } as PrecisionRule;
  if (rule.minRuns > runs)
    complaints.push({ path: ['precision', 'minRuns'], sentence: messages.precisionMinimum(rule.minRuns, runs) });
  return rule;
}

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
    if (typeof factor !== 'number' || !Number.isFinite(factor))
      complaints.push({ path: [room, key], sentence: messages.mustBe(path, 'a number', factor) });
    else factors.set(path, factor);
    rest[room] = others;
  }
  return { input: rest, factors, complaints };
}

function complain(issue: z.core.$ZodIssue): Complaint[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(path);
    return issue.keys.map((key): Complaint => {
      const named = path[0] === 'axes' ? parameterPath(key) : undefined;
      const meant = named !== undefined && CELL_PARAMETERS.has(named) ? named : undefined;
      return {
        path: [...path, key],
        sentence: meant
          ? `axes.${key}: unknown key, did you mean ${meant}?`
          : messages.unknownKey([...path, key].join('.'), key, allowed),
        atKey: true,
      };
    });
  }
  if (issue.code === 'invalid_union') return [{ path, sentence: messages.axisForm(path.slice(1).join('.')) }];
  return [{ path, sentence: `${path.length ? `${path.join('.')}: ` : 'the spec '}${issue.message}` }];
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], object);
}

/** One cell's values for the least and the largest value of every numeric axis and every value of the others. */
function* corners(spec: Spec): Generator<Map<string, Value>> {
  let combinations: Map<string, Value>[] = [new Map(spec.values)];
  for (const { path, values } of spec.axes) {
    const numbers = values.filter((value) => typeof value === 'number');
    const extremes = numbers.length
      ? new Set([numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))])
      : values;
    combinations = combinations.flatMap((one) => [...extremes].map((value) => new Map(one).set(path, value)));
  }
  yield* combinations;
}
