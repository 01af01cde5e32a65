/** `benign theory SPEC.yaml`: what the papers' theorems say about a setting, before any run. */
import { join } from 'node:path';
import { messages, UserError } from '../errors.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import { settingOf } from '../experiments/setting.ts';
import { SCIENCE } from '../experiments/record.ts';
import { parseSpec } from '../experiments/spec-text.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { regimeMap } from '../figures/regime-map.ts';
import {
  inRange,
  parameterPath,
  PARAMETERS,
  SYMBOLS,
  type Setting,
  type SymbolEntry,
  type SymbolId,
} from '../notation.ts';
import {
  assess,
  constantNames,
  critical,
  type Critical,
  type Judged,
  type Told,
  type Untold,
} from '../theory/assess.ts';
import { PROVENANCE, type Constants, type Provenance } from '../theory/statement.ts';
import { cellCaption, sourced } from '../reproduction/caption.ts';
import { note, printJson, say } from './context.ts';
import { makeFolder, readText, writeWhole } from './files.ts';
import { assignments } from './options.ts';
import { writeFigures } from './outputs.ts';

export interface TheoryOptions {
  set: string[];
  delta?: string;
  constants?: string;
  critical?: string;
  all?: boolean;
  out?: string;
  json?: boolean;
}

/** A prediction with the critical values of the chosen symbol, of the map's own when none is chosen. */
interface Border {
  readonly told: Told;
  readonly critical: Critical;
}

export async function theory(file: string, options: TheoryOptions): Promise<void> {
  const spec = parseSpec(readText(file), file, assignments(options.set));
  const { cell, fixed } = oneCell(spec);
  const setting = settingOf(cell);
  const constants = {
    ...(options.constants !== undefined && constantsOf(options.constants)),
    ...(options.delta !== undefined && { delta: deltaOf(options.delta) }),
  };
  const { told, untold } = assess(setting, (path) => valueAt(cell, path), constants);
  const asked = options.critical === undefined ? undefined : solvable(options.critical, setting);
  const borders = told.flatMap((one): Border[] => {
    const { regimes } = one.statement;
    return regimes ? [{ told: one, critical: critical(one, setting, asked ?? regimes.map.x) }] : [];
  });

  const report = asJson(file, fixed, setting, constants, told, untold, borders);
  if (options.out !== undefined) {
    makeFolder(options.out);
    writeWhole(join(options.out, 'theory.json'), `${JSON.stringify(report, null, 1)}\n`);
    const drawable = borders.filter(
      ({ told: { statement } }) =>
        setting[statement.regimes!.map.x] !== undefined && setting[statement.regimes!.map.y] !== undefined,
    );
    await writeFigures(
      options.out,
      drawable.map(({ told: one }) =>
        sourced(
          regimeMap(one, setting, {
            name: one.statement.id.replace('/', '-'),
            title: `Predicted regimes: ${one.statement.id}`,
            subtitle: `${PROVENANCE[one.statement.provenance]}; ${cellCaption(spec, cell).join(', ')}; ${constantsText(one.constants)}`,
          }),
          spec,
          SCIENCE,
        ),
      ),
    );
  }
  if (fixed !== '') note(`the spec has axes: this is its first cell (${fixed}); fix others with --set`);
  if (options.json) printJson(report);
  else print(setting, told, untold, borders, options);
}

/** The first cell of a spec, and the values that its axes have there. */
function oneCell(spec: Spec): { cell: Cell; fixed: string } {
  const cell = cells(spec).next().value as Cell;
  return {
    cell,
    fixed: spec.axes
      .map(({ path, id }) => `${(SYMBOLS[id] as SymbolEntry).glyph} = ${String(valueAt(cell, path))}`)
      .join(', '),
  };
}

/** The symbol that a border is to be solved for. @throws UserError */
function solvable(text: string, setting: Setting): SymbolId {
  const path = parameterPath(text);
  const found = path === undefined ? undefined : PARAMETERS.get(path);
  if (found === undefined || setting[found.id] === undefined)
    throw new UserError(messages.unknownCritical(text, Object.keys(setting)));
  return found.id;
}

/** `C1=100,kou-2023.C2=5` @throws UserError */
function constantsOf(text: string): Constants {
  const known = constantNames();
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', value = '', ...more] = part.split('=').map((one) => one.trim());
      if (
        more.length > 0 ||
        name === '' ||
        value === '' ||
        !inRange(Number(value), { min: 0, max: Infinity, openMin: true, openMax: true })
      )
        throw new UserError(messages.badConstant(part));
      if (!known.includes(name))
        throw new UserError(
          messages.unknownConstant(
            name,
            known.filter((one) => !one.includes('.')),
          ),
        );
      return [name, /(^|\.)delta$/.test(name) ? deltaOf(value, `--constants ${name}`) : Number(value)];
    }),
  );
}

/** @throws UserError */
function deltaOf(text: string, flag = '--delta'): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1)) throw new UserError(messages.mustBe(flag, 'in (0, 1)', text));
  return value;
}

// ---- text ----

const glyph = (id: SymbolId): string => (SYMBOLS[id] as SymbolEntry).glyph;
const short = (value: number): string => (Number.isNaN(value) ? '?' : String(Number(value.toPrecision(4))));
const settingText = (setting: Setting): string =>
  (Object.entries(setting) as [SymbolId, number][]).map(([id, value]) => `${glyph(id)} = ${short(value)}`).join(', ');
const constantsText = (constants: Constants): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name === 'delta' ? 'δ' : name} = ${short(value)}`)
    .join(', ');

function print(
  setting: Setting,
  told: readonly Told[],
  untold: readonly Untold[],
  borders: readonly Border[],
  options: TheoryOptions,
): void {
  say(`setting: ${settingText(setting)}`);
  if (borders.length === 0) say('\nno paper of the shelf predicts a regime here');
  else {
    say('\npredicted regimes');
    for (const border of borders) printBorder(border, setting, told);
  }
  for (const paper of new Set(told.map(({ statement }) => statement.paper))) {
    say(`\n${paper}`);
    const own = told.filter(({ statement }) => statement.paper === paper);
    const departures = [...new Set(own.flatMap((one) => one.departures))];
    if (departures.length > 0) say(`  this setting departs from its model: ${departures.join('; ')}`);
    own.forEach(printTold);
  }
  if (untold.length === 0) return;
  say(`\n${untold.length} statements are not about this setting${options.all ? '' : ' (--all lists them)'}`);
  if (options.all) for (const { statement, reason } of untold) say(`  ${statement.id}: ${reason}`);
  else
    for (const paper of new Set(untold.map(({ statement }) => statement.paper)))
      say(`  ${paper}: ${untold.find(({ statement }) => statement.paper === paper)!.reason}`);
}

function printBorder(
  { told, critical: { symbol, benign, harmful } }: Border,
  setting: Setting,
  all: readonly Told[],
): void {
  const { statement, prediction } = told;
  const assumed = assumptions(told, all);
  const held = assumed.filter(({ holds }) => holds).length;
  say(
    `  ${statement.paper}: ${prediction!.regime}, by ${statement.source} (${PROVENANCE[statement.provenance]}); ${assumed.length === 0 ? 'none of its assumptions is known' : `${held} of ${assumed.length} assumptions hold`}`,
  );
  for (const side of ['benign', 'harmful'] as const) {
    const judged = prediction![side];
    if (!judged) say(`    ${side}: this paper proves no such side`);
    else say(`    ${side} if ${judged.formula}: ${sides(judged)}`);
  }
  const list = (numbers: readonly number[]): string => (numbers.length > 0 ? numbers.map(short).join(' and ') : 'none');
  const both = [
    ...(prediction!.benign ? [`benign border ${list(benign)}`] : []),
    ...(prediction!.harmful ? [`harmful border ${list(harmful)}`] : []),
  ];
  say(
    `    critical ${glyph(symbol)}: ${both.join(', ')} (here ${short(setting[symbol]!)}); ${constantsText(told.constants)}`,
  );
}

/** A statement's own conditions and those of what it stands on, each statement once. */
function assumptions(told: Told, all: readonly Told[]): Judged[] {
  const seen = new Set<string>();
  const visit = (one: Told): Judged[] => {
    if (seen.has(one.statement.id)) return [];
    seen.add(one.statement.id);
    return [
      ...one.conditions,
      ...one.statement.under.flatMap((id) => all.filter(({ statement }) => statement.id === id).flatMap(visit)),
    ];
  };
  return visit(told);
}

const sides = ({ lhs, rhs, relation, ratio, factor, holds }: Judged): string =>
  holds === null
    ? 'unknown here'
    : `${short(lhs)} ${holds ? relation : relation === '>=' ? '<' : '>'} ${short(rhs)}, ${holds ? `holds by a factor ${short(factor)}` : `missed by a factor ${short(1 / factor)}`} (lhs/rhs ${short(ratio)})`;

function printTold({ statement, constants, conditions, bounds }: Told): void {
  say(`  ${statement.id}, ${statement.title} (${statement.source}, ${PROVENANCE[statement.provenance]})`);
  say(`    ${statement.formula}`);
  if (statement.under.length > 0) say(`    under ${statement.under.join(', ')}`);
  if (Object.keys(constants).length > 0)
    say(
      `    free constants: ${Object.entries(constants)
        .map(
          ([name, value]) =>
            `${name === 'delta' ? 'δ' : name} = ${short(value)} (${statement.constants[name]!.meaning}${statement.constants[name]!.fitted === value ? '; measured by us' : ''})`,
        )
        .join('; ')}`,
    );
  const known = (own: Provenance | undefined): string =>
    own === undefined || own === statement.provenance ? '' : ` (${PROVENANCE[own]})`;
  for (const one of conditions) {
    say(
      `    ${one.holds === null ? '?  ' : one.holds ? 'yes' : 'no '} ${one.formula}${known(one.provenance)}: ${sides(one)}`,
    );
    for (const { formula, provenance, why } of one.instead ?? [])
      say(`        not used: ${formula} (${PROVENANCE[provenance]}): ${why}`);
  }
  for (const { of, side, formula, value, where, provenance } of bounds) {
    const number = Number.isNaN(value)
      ? ' (needs a measured number)'
      : formula === short(value)
        ? ''
        : ` = ${short(value)}`;
    say(
      `    ${glyph(of)} ${side === 'upper' ? '<=' : '>='} ${formula}${number}${known(provenance)}${where ? `, where ${where.formula}${known(where.provenance)}${where.holds === null ? '' : where.holds ? ' (so here)' : ' (not here)'}` : ''}`,
    );
  }
}

// ---- JSON ----

/** A number that is none, or infinite, is null. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const judgedJson = ({ lhs, rhs, ratio, factor, ...rest }: Judged) => ({
  ...rest,
  lhs: finite(lhs),
  rhs: finite(rhs),
  ratio: finite(ratio),
  factor: finite(factor),
});

function asJson(
  file: string,
  fixed: string,
  setting: Setting,
  given: Constants,
  told: readonly Told[],
  untold: readonly Untold[],
  borders: readonly Border[],
): object {
  return {
    v: 1,
    spec: file,
    firstCellOfAxes: fixed === '' ? null : fixed,
    setting,
    given,
    regimes: borders.map(({ told: one, critical: values }) => {
      const assumed = assumptions(one, told);
      return {
        id: one.statement.id,
        paper: one.statement.paper,
        provenance: one.statement.provenance,
        says: PROVENANCE[one.statement.provenance],
        regime: one.prediction!.regime,
        assumptions: { hold: assumed.filter(({ holds }) => holds).length, of: assumed.length },
        benign: one.prediction!.benign ? judgedJson(one.prediction!.benign) : null,
        harmful: one.prediction!.harmful ? judgedJson(one.prediction!.harmful) : null,
        critical: values,
      };
    }),
    statements: told.map(({ statement, constants, departures, conditions, bounds }) => {
      const { id, paper, kind, title, says, formula, source, provenance, under } = statement;
      return {
        id,
        paper,
        kind,
        title,
        says,
        formula,
        source,
        provenance,
        asKnown: PROVENANCE[provenance],
        under,
        departures,
        constants,
        fitted: Object.keys(constants).filter((name) => statement.constants[name]!.fitted === constants[name]),
        conditions: conditions.map(judgedJson),
        bounds: bounds.map(({ value, where, ...rest }) => ({
          ...rest,
          value: finite(value),
          ...(where && { where: judgedJson(where) }),
        })),
      };
    }),
    elsewhere: untold.map(({ statement, reason }) => ({ id: statement.id, reason })),
  };
}
