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
  type Powers,
} from '../notation.ts';
import { arrayBytes, MOST_ARRAY_BYTES, type ArrayName } from './arrays.ts';
import { measuredNames } from './cell-columns.ts';
import { buildCell, CONDITIONAL, missingSentence, type Cell, type Value } from './cell.ts';
import type { Complaint } from './complaint.ts';
import { PARTICULARS } from './data-model.ts';
import { errorRange, fewestRuns, type PrecisionRule } from './precision.ts';
import { scalable, scaled } from './scale.ts';
import { readersOf, type ModelId } from './models.ts';
import { unmetNeed } from './series.ts';
import { readAxis } from './spec-axis.ts';
import { allowedKeys, asChoice, schema } from './spec-schema.ts';
import { unitWord } from './spec-words.ts';
import type { Axis, Spec } from './spec.ts';
import { withFiles, type DataFiles, type OpenFiles } from './spec-files.ts';
import { viewComplaints } from './view-check.ts';
import type { PlotView } from './view.ts';

/** What is written under `record`. */
interface WrittenRecord {
  readonly series?: SymbolId[];
  readonly values?: SymbolId[];
  readonly every?: number;
  readonly arrays?: ArrayName[];
  readonly arraysEvery?: number;
}

/** The spec, or everything that is wrong with the input, each thing once. @param open what opens its files */
export function readSpec(input: unknown, open?: OpenFiles): { spec: Spec } | { complaints: Complaint[] } {
  const { input: opened, complaints: ofFiles } = withFiles(input, open);
  const { input: plain, complaints: ofNames } = withoutAliases(opened);
  const { input: unscaled, factors, complaints } = takeFactors(spelled(plain));
  complaints.push(...ofNames, ...ofFiles);
  const result = schema().safeParse(unscaled);
  if (!result.success) complaints.push(...result.error.issues.flatMap(complain));
  if (typeof unscaled !== 'object' || unscaled === null || Array.isArray(unscaled)) return { complaints };
  // What is sound of a broken spec is read on, so that everything that is wrong is said at once.
  const written = (result.success ? result.data : without(unscaled, complaints)) as Record<string, unknown>;
  const values = new Map<string, Value>();
  for (const path of [...CELL_PARAMETERS.keys(), EPOCHS]) {
    const value = at(written, path.split('.'));
    if (value !== undefined) values.set(path, value as Value);
  }
  if (Number(values.get(EPOCHS) ?? 0) > 0 && [values, scaledOrVaried(written)].some((one) => one.has(STEPS)))
    complaints.push({ path: EPOCHS.split('.'), sentence: messages.stepsOrEpochs(), atKey: true });
  for (const [path, factor] of factors) values.set(path, factor);
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
  if (complaints.some(({ path }) => path[0] === 'scale')) return { complaints: once(complaints) };
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
        : { ...axis, glyph: `${(SYMBOLS[axis.id] as NumberParameter).glyph} [${unitWord(String(unit))}]` },
    ];
  });
  const cells = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (cells > 1e7) complaints.push({ path: ['axes'], sentence: messages.gridTooLarge(cells) });
  const runs = (written['runs'] as number | undefined) ?? (SYMBOLS.runs.default as number);
  if (cells * runs > 1e9) complaints.push({ path: ['runs'], sentence: messages.tooManyRuns(cells * runs) });
  const precision = readPrecision(written['precision'] as Partial<PrecisionRule> | undefined, runs, complaints);
  if (complaints.length > 0)
    return { complaints: once([...complaints, ...missing(values, axes, written, complaints)]) };
  const {
    series = [],
    values: kept = [],
    every = 1,
    arrays,
    arraysEvery = 0,
  } = (written['record'] ?? {}) as WrittenRecord;
  const spec: Spec = {
    name: ((written['name'] as string | undefined) ?? '').replace(/\s+/g, ' ').trim(),
    values,
    axes,
    scale,
    runs,
    ...(precision && { precision }),
    seed: (written['seed'] as number | undefined) ?? (SYMBOLS.seed.default as number),
    record: { series, values: kept, every, ...(arrays && { arrays: { names: arrays, every: arraysEvery } }) },
    ...(written['figures'] !== undefined && { figures: written['figures'] as PlotView[] }),
    ...(written['files'] !== undefined && { files: written['files'] as DataFiles }),
  };
  const wrong = combinations(spec);
  if (arraysEvery > 0 && !arrays)
    wrong.push({
      path: ['record', 'arraysEvery'],
      sentence: messages.unused('record.arraysEvery', 'record.arrays, which names what is kept'),
      atKey: true,
    });
  return wrong.length > 0 ? { complaints: once(wrong) } : { spec };
}

const STANDARD_MODEL = SYMBOLS.model.default;
const STEPS = 'training.maxSteps';
const EPOCHS = 'training.maxEpochs';

/** Paths that have an axis or a power law. */
const scaledOrVaried = ({ axes, scale }: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set([axes, scale].flatMap((one) => Object.keys((one ?? {}) as object)));

/** `training.rule: sgd` is descent by batches. */
function withoutAliases(input: unknown): { input: unknown; complaints: Complaint[] } {
  const spec = input as { readonly training?: unknown; readonly axes?: unknown } | null | undefined;
  const training = spec?.training as Readonly<Record<string, unknown>> | null | undefined;
  const axes = spec?.axes as Readonly<Record<string, unknown>> | null | undefined;
  const complaints: Complaint[] = [];
  const varied = axes?.['training.rule'];
  if (Array.isArray(varied) && varied.includes('sgd'))
    return {
      input: { ...spec, axes: { ...axes, 'training.rule': varied.filter((one) => one !== 'sgd') } },
      complaints: [{ path: ['axes', 'training.rule'], sentence: messages.sgdOnAxis() }],
    };
  if (training?.['rule'] !== 'sgd') return { input, complaints };
  if (!(Number(training['batch'] ?? 0) > 0) && axes?.['training.batch'] === undefined)
    complaints.push({ path: ['training', 'rule'], sentence: messages.sgdNeedsBatch() });
  return { input: { ...spec, training: { ...training, rule: 'descent' } }, complaints };
}

/** What only shows on cells: wrong combinations, a precision out of reach, settings without effect. */
function combinations(spec: Spec): Complaint[] {
  const { scale, runs, precision } = spec;
  const extreme: Cell[] = [];
  const complaints: Complaint[] = [];
  // A wrong combination shows on some cell of the grid: try every corner of every axis.
  for (const one of corners(spec)) {
    try {
      extreme.push(buildCell(scaled(one, scale)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const sentence of error.message.split('\n'))
        complaints.push({ path: sentence.slice(0, sentence.indexOf(':')).split('.'), sentence });
    }
  }
  if (complaints.length > 0) return complaints;
  if (spec.record.every !== 1 && spec.record.series.length === 0)
    complaints.push({
      path: ['record', 'every'],
      sentence: messages.unused('record.every', 'record.series, which names what is kept over time'),
      atKey: true,
    });
  if (spec.record.arrays) {
    const bytes = Math.max(...extreme.map((cell) => arrayBytes(cell, spec.record.arrays!)));
    if (bytes > MOST_ARRAY_BYTES)
      complaints.push({ path: ['record', 'arrays'], sentence: messages.arraysTooLarge(bytes, MOST_ARRAY_BYTES) });
    const deep = extreme.find(({ network }) => network.depth > 2);
    if (deep && spec.record.arrays.names.includes('coefficients'))
      complaints.push({
        path: ['record', 'arrays'],
        sentence: messages.coefficientsOfTwoLayers(deep.network.depth),
      });
  }
  for (const id of new Set([...spec.record.values, ...spec.record.series])) {
    const need = extreme.map((cell) => unmetNeed(id, cell)).find((one) => one !== undefined);
    if (need !== undefined) complaints.push({ path: ['record'], sentence: messages.needUnmet(id, need) });
  }
  complaints.push(...ofFigures(spec, extreme));
  if (spec.files && !extreme.some(({ data }) => data.model === 'dataset'))
    complaints.push({ path: ['files'], sentence: messages.unused('files', 'data.model: dataset'), atKey: true });
  const fewest = precision
    ? Math.max(...extreme.map((cell) => fewestRuns(precision, errorRange(cell, precision.of))))
    : 0;
  if (precision && fewest > runs)
    complaints.push({
      path: ['precision', 'halfWidth'],
      sentence: messages.precisionBeyond(precision.halfWidth, fewest, runs),
    });
  for (const { path, used, needs } of CONDITIONAL) {
    const inRoom = spec.values.has(path);
    if ((inRoom || spec.axes.some((axis) => axis.path === path)) && !extreme.some(used))
      complaints.push({
        path: inRoom ? path.split('.') : ['axes', path],
        sentence: messages.unused(path, needs),
        atKey: true,
      });
  }
  return complaints;
}

/** Views that show what no table of the spec has, and two of one name. */
function ofFigures(spec: Spec, some: readonly Cell[]): Complaint[] {
  const { figures = [] } = spec;
  if (figures.length === 0) return [];
  const measured = new Set(measuredNames(spec, some));
  return figures.flatMap((view, at) => {
    const wrong = viewComplaints(view, (key) => `figures.${at}.${key}`, measured);
    const earlier = view.name === undefined ? -1 : figures.findIndex(({ name }) => name === view.name);
    const twice =
      earlier >= 0 && earlier < at
        ? [{ key: 'name', sentence: messages.viewTwice(`figures.${at}.name`, view.name!, earlier) }]
        : [];
    return [...wrong, ...twice].map(({ key, sentence }) => ({ path: ['figures', String(at), key], sentence }));
  });
}

/** Every complaint once: corners of a grid complain alike, with other numbers. */
function once(complaints: readonly Complaint[]): Complaint[] {
  const seen = new Set<string>();
  return complaints.filter(({ path, sentence }) => {
    const kind = `${path.join('.')} ${sentence.replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, '#')}`;
    return !seen.has(kind) && seen.add(kind);
  });
}

/** Parameters without default that a broken spec lacks, as far as that is sure: none that a misspelt key may mean. */
function missing(
  values: ReadonlyMap<string, Value>,
  axes: readonly Axis[],
  written: Readonly<Record<string, unknown>>,
  complaints: readonly Complaint[],
): Complaint[] {
  const misspelt = (room: string): boolean =>
    complaints.some(({ path, atKey }) => atKey === true && (path.length === 1 ? !(room in written) : path[0] === room));
  // What files that cannot be read would say.
  const unread = complaints.some(({ path }) => path[0] === 'files' || path[1] === 'layout');
  const complained = (path: string): boolean =>
    complaints.some((one) => {
      const at = one.path[0] === 'axes' ? (one.path[1] ?? '') : one.path.join('.');
      return at === path || (at !== '' && path.startsWith(`${at}.`));
    });
  // Which of them are needed depends on the model.
  if (complained('data.model')) return [];
  const model =
    values.get('data.model') ?? (axes.some(({ path }) => path === 'data.model') ? undefined : STANDARD_MODEL);
  const readBy = (path: string): readonly ModelId[] | undefined => {
    const key = PARTICULARS.find((one) => path === `data.${one}`);
    return key && readersOf(key);
  };
  return [...CELL_PARAMETERS].flatMap(([path, { entry }]) =>
    entry.default !== undefined ||
    (unread && (path === 'data.content' || path === 'data.d')) ||
    values.has(path) ||
    axes.some((axis) => axis.path === path) ||
    complained(path) ||
    misspelt(path.split('.')[0]!) ||
    (model === undefined ? path !== 'data.mu' && readBy(path) : readBy(path)?.includes(model as ModelId) === false)
      ? []
      : [{ path: path.split('.'), sentence: missingSentence(path) }],
  );
}

/** Choices as they are meant, in their rooms and on axes: `outputScale: 1`. */
function spelled(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const out = { ...input } as Record<string, unknown>;
  for (const [path, { entry }] of CELL_PARAMETERS) {
    const [room, key] = path.split('.') as [string, string | undefined];
    const inner = out[room];
    if (key !== undefined && typeof inner === 'object' && inner !== null && key in inner) {
      const value = (inner as Record<string, unknown>)[key];
      const meant = asChoice(entry, value);
      if (meant !== value) out[room] = { ...inner, [key]: meant };
    }
    const axis = (out['axes'] as Record<string, unknown> | undefined | null)?.[path];
    if (entry.kind !== 'number' && Array.isArray(axis))
      out['axes'] = { ...(out['axes'] as object), [path]: axis.map((value) => asChoice(entry, value)) };
  }
  return out;
}

/** A copy without what is complained about: of a list or an axis the whole. */
function without(input: object, complaints: readonly Complaint[]): unknown {
  const out = structuredClone(input) as Record<string, unknown>;
  for (const { path: whole } of complaints) {
    const path = whole[0] === 'axes' ? whole.slice(0, 2) : whole;
    let inner: Record<string, unknown> = out;
    for (const [depth, key] of path.entries()) {
      const next = inner[key];
      if (depth === path.length - 1 || typeof next !== 'object' || next === null || Array.isArray(next)) {
        delete inner[key];
        break;
      }
      inner = next as Record<string, unknown>;
    }
  }
  return out;
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
      complaints.push({ path: [room, key], sentence: messages.mustBeNumber(path, '', factor) });
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
      // A symbol on an axis, or a parameter in another room than its own.
      const meant = path.length <= 1 ? parameterPath(key) : undefined;
      const sound = meant !== undefined && (path[0] !== 'axes' || CELL_PARAMETERS.has(meant));
      return {
        path: [...path, key],
        sentence: sound
          ? messages.misplaced([...path, key].join('.'), meant)
          : messages.unknownKey([...path, key].join('.'), key, allowed),
        atKey: true,
      };
    });
  }
  if (issue.code === 'invalid_union') {
    // An axis in one of its forms, with a wrong number in it, is told the number.
    const form = issue.errors.find((one) => one.every(({ message }) => /^must be .*(?<!undefined)$/.test(message)));
    return form
      ? form.map((one): Complaint => {
          const at = [...path, ...one.path.map(String)];
          return { path: at, sentence: `${at.join('.')}: ${one.message}` };
        })
      : [{ path, sentence: messages.axisForm(path.slice(1).join('.')) }];
  }
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
