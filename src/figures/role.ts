/** What plays a role in a picture: a column, a parameter, or a formula of symbols, read of every cell of every frame. */
import { parseExpression, type Expression } from '../core/expression.ts';
import { messages, UserError } from '../errors.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import { inCell, overRuns, type Field, type Frame } from '../experiments/frame.ts';
import { controlSettingOf, settingOf } from '../experiments/setting.ts';
import { isWord, numberNames, type Condition } from '../experiments/view-check.ts';
import {
  axisLabel,
  parameterPath,
  PARAMETERS,
  SYMBOLS,
  type Range,
  type Setting,
  type SymbolEntry,
  type SymbolId,
} from '../notation.ts';
import { typeset } from './text.ts';

export interface Role {
  /** as it was asked for: the name of its column in the plotted numbers */
  readonly text: string;
  /** title of an axis */
  readonly label: string;
  /** short, for legends and titles */
  readonly glyph: string;
  /** where it is one symbol */
  readonly id?: SymbolId;
  readonly kind: 'setting' | 'measured';
  /** of a setting: paths of the parameters that it is made of */
  readonly paths: ReadonlySet<string>;
  /** where every value lies */
  readonly range?: Range;
  /** of a cell: of what is measured the mean over its runs */
  readonly of: (frame: Frame, at: number) => Field;
  /** of what is measured of each run: its values, replicates in order */
  readonly runs?: (frame: Frame, at: number) => number[];
}

/** Columns that follow from the cell alone. */
const FROM_CELL: ReadonlySet<string> = new Set([
  'S',
  'SNR',
  'noiseTrace',
  'noiseTraceSquare',
  'noiseNorm',
  'traceS',
  'normS',
  'averagingArgument',
  'noisyPatches',
] satisfies SymbolId[]);
/** Of what they are made. */
const pathsOf = (name: string): readonly string[] =>
  name === 'noisyPatches' ? ['data.patches'] : ['data.n', 'data.d', 'data.mu', 'data.sigmaP', 'data.share'];
const entryOf = (name: string): SymbolEntry | undefined =>
  Object.hasOwn(SYMBOLS, name) ? (SYMBOLS as Readonly<Record<string, SymbolEntry>>)[name] : undefined;

/** @param where begins the sentence of an error: `--x` @throws UserError for a name that no frame has */
export function roleOf(text: string, frames: readonly Frame[], where: string): Role {
  const wanted = text.trim();
  const axis = frames.flatMap(({ spec }) => spec.axes).find(({ name }) => name === wanted);
  const path = axis?.path ?? parameterPath(wanted);
  if (path !== undefined) return ofParameter(wanted, path, frames, where);
  if (hasColumn(frames, wanted)) return ofColumn(wanted, frames);
  const formula = parseExpression(wanted, `${where} ${wanted}`);
  return ofFormula(wanted, formula, frames, `${where} ${wanted}`);
}

/** What follows from the cells has a value even where no table shows it. */
const hasColumn = (frames: readonly Frame[], name: string): boolean =>
  FROM_CELL.has(name) || frames.some(({ columns }) => Object.hasOwn(columns, name));

/** A column's number at a cell, or what follows from the cell. */
const columnAt = (frame: Frame, at: number, name: string): Field => {
  if (Object.hasOwn(frame.columns, name) || !FROM_CELL.has(name)) return frame.columns[name]?.[at] ?? null;
  return controlSettingOf(frame.cells[at]!)[name as SymbolId] ?? null;
};

/** A parameter: as the axis of its name has it, else as the cell does. */
function ofParameter(text: string, path: string, frames: readonly Frame[], where: string): Role {
  const { id, entry } = PARAMETERS.get(path)!;
  const axis = frames.flatMap(({ spec }) => spec.axes).find((one) => one.path === path && named(one, text, path));
  const name = axis?.name ?? id;
  const glyph = axis?.glyph ?? entry.glyph;
  // A scaled axis, `d/n`, of frames where d stands alone, is the quotient.
  const formula = name === id ? undefined : parseExpression(name, where);
  return {
    text: name,
    label: typeset(axis?.glyph ?? axisLabel(id)),
    glyph: typeset(glyph),
    id,
    kind: 'setting',
    paths: new Set([path, ...(formula?.names ?? []).flatMap((one) => parameterPath(one) ?? [])]),
    of: (frame, at) =>
      frame.columns[name]?.[at] ??
      (formula ? number(formula, frame, at) : (fieldAt(frame.cells[at]!, path) ?? settings(frame)[at]![id] ?? null)),
  };
}

/** Whether an axis is what the text asks for: `d/n` by its own name, `d` by the parameter's where it is not scaled. */
const named = (axis: { readonly name: string; readonly id: SymbolId }, text: string, path: string): boolean =>
  axis.name === text || (axis.name === axis.id && parameterPath(text) === path);

const fieldAt = (cell: Cell, path: string): Field | undefined => valueAt(cell, path) as Field | undefined;

/** @param name of a column that is no axis */
function ofColumn(name: string, frames: readonly Frame[]): Role {
  const entry = entryOf(name);
  const symbol = entry ? (name as SymbolId) : undefined;
  const fromCell = FROM_CELL.has(name);
  const perRun = !fromCell && name !== 'steps' && frames.every(({ runs }) => name in runs.values);
  return {
    text: name,
    label: typeset(fromCell ? `${name} = ${entry!.glyph}` : entry ? entry.glyph : name),
    glyph: fromCell ? name : typeset(entry?.glyph ?? name),
    ...(symbol !== undefined && { id: symbol }),
    kind: fromCell ? 'setting' : 'measured',
    paths: new Set(fromCell ? pathsOf(name) : []),
    ...(entry?.kind === 'measured' && entry.range && { range: entry.range }),
    of: (frame, at) => columnAt(frame, at, name),
    ...((perRun || name === 'steps') && {
      runs: (frame, at) => inCell(frame, overRuns(frame, name as SymbolId), at),
    }),
  };
}

function ofFormula(text: string, formula: Expression, frames: readonly Frame[], where: string): Role {
  const measured: string[] = [];
  const paths = new Set<string>();
  for (const name of formula.names) {
    const path = parameterPath(name);
    if (path !== undefined) paths.add(path);
    else if (FROM_CELL.has(name)) for (const one of pathsOf(name)) paths.add(one);
    else if (hasColumn(frames, name)) measured.push(name);
    else
      throw new UserError(
        entryOf(name)?.kind === 'measured'
          ? messages.notKept(where, name)
          : messages.unknownInFormula(where, name, [
              ...new Set([...frames.flatMap(({ columns }) => Object.keys(columns)), ...numberNames()]),
            ]),
      );
  }
  const perRun = measured.length > 0 && measured.every((name) => frames.every(({ runs }) => name in runs.values));
  const glyph = formulaGlyph(text, formula);
  return {
    text,
    label: glyph,
    glyph,
    kind: measured.length > 0 ? 'measured' : 'setting',
    paths,
    of: (frame, at) => number(formula, frame, at),
    ...(perRun && {
      runs(frame, at) {
        const columns = new Map(measured.map((name) => [name, frame.runs.values[name]!]));
        const out: number[] = [];
        for (let row = frame.runs.start[at]!; row < frame.runs.start[at + 1]!; row++) {
          const value = formula.value((name) => columns.get(name)?.[row] ?? numberAt(frame, at, name));
          if (Number.isFinite(value)) out.push(value);
        }
        return out;
      },
    }),
  };
}

/** Digits to which a formula of settings is rounded, so that 0.1·30 and 3 are one value. */
const DIGITS = 12;

function number(formula: Expression, frame: Frame, at: number): number | null {
  const value = formula.value((name) => numberAt(frame, at, name));
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}

/** By frame: a setting takes its time. */
const known = new WeakMap<Frame, readonly Setting[]>();
function settings(frame: Frame): readonly Setting[] {
  let all = known.get(frame);
  if (!all) known.set(frame, (all = frame.cells.map(settingOf)));
  return all;
}

/** A name of a formula at a cell: units carried out, as theory has them; NaN where there is no such number. */
function numberAt(frame: Frame, at: number, name: string): number {
  const path = parameterPath(name);
  const value =
    path === undefined
      ? columnAt(frame, at, name)
      : (settings(frame)[at]![PARAMETERS.get(path)!.id] ?? fieldAt(frame.cells[at]!, path));
  return typeof value === 'number' ? value : NaN;
}

/** `n*mu^4/(sigmaP^4*d)` as n‖μ‖⁴/(σₚ⁴d). */
function formulaGlyph(text: string, { names }: Expression): string {
  const glyphs = new Map(
    names.map((name) => {
      const path = parameterPath(name);
      const glyph = path === undefined ? entryOf(name)?.glyph : PARAMETERS.get(path)!.entry.glyph;
      return [name, FROM_CELL.has(name) ? name : (glyph ?? name)];
    }),
  );
  return typeset(
    text
      .replace(/[\p{L}_$‖][\p{L}\p{M}\d_$.‖]*/gu, (name) => glyphs.get(name) ?? name)
      .replace(/\^\(([\d/]+)\)/g, '^{$1}')
      .replace(/\bsqrt\(/g, '√(')
      .replace(/\s*\*\s*/g, '·'),
  );
}

/** How near two numbers are that `=` calls equal: a quotient may be rounded. */
const EQUAL = 1e-9;

/** Whether a cell meets a condition on its parameters. @throws UserError where it asks of what is measured */
export function meets(
  { left, relation, right }: Condition,
  frames: readonly Frame[],
  where: string,
): (frame: Frame, at: number) => boolean {
  const side = (text: string): Role => {
    const role = roleOf(text, frames, where);
    if (role.kind === 'measured') throw new UserError(messages.measuredCondition(where, text));
    return role;
  };
  const of = side(left);
  if (isWord(left) || left.trim() === 'model') {
    if (!['=', '==', '!='].includes(relation)) throw new UserError(messages.wordCondition(where, left));
    const path = parameterPath(left)!;
    const choices = (PARAMETERS.get(path)!.entry as { choices: readonly (string | boolean)[] }).choices.map(String);
    if (!choices.includes(right)) throw new UserError(messages.conditionChoice(where, right, choices));
    return (frame, at) => (String(of.of(frame, at)) === right) === (relation !== '!=');
  }
  const to = side(right);
  return (frame, at) => {
    const [a, b] = [of.of(frame, at), to.of(frame, at)];
    if (typeof a !== 'number' || typeof b !== 'number') return false;
    const same = Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b));
    switch (relation) {
      case '<':
        return a < b && !same;
      case '>':
        return a > b && !same;
      case '<=':
        return a < b || same;
      case '>=':
        return a > b || same;
      case '!=':
        return !same;
      default:
        return same;
    }
  };
}
