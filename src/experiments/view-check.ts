/** Whether a view can be drawn of a spec's table: its names, formulas and conditions. */
import { DERIVED } from './derived.ts';
import { parseExpression } from '../core/expression.ts';
import { messages, UserError } from '../errors.ts';
import { parameterPath, symbolEntries, SYMBOLS, type SymbolEntry } from '../notation.ts';
import { ROLES, type PlotView } from './view.ts';

export const RELATIONS = ['<=', '>=', '!=', '==', '=', '<', '>'] as const;
export type Relation = (typeof RELATIONS)[number];

/** `d >= 400` in its parts. */
export interface Condition {
  readonly left: string;
  readonly relation: Relation;
  readonly right: string;
}

/** @throws UserError */
export function parseCondition(text: string, where: string): Condition {
  const [, left = '', relation, right = ''] = /^([^<>=!]*)(<=|>=|!=|==|=|<|>)([^<>=!]*)$/.exec(text) ?? [];
  if (relation === undefined || left.trim() === '' || right.trim() === '')
    throw new UserError(messages.badCondition(where));
  return { left: left.trim(), relation: relation as Relation, right: right.trim() };
}

/** Names of the parameters that are no numbers have their values as words. */
export const isWord = (name: string): boolean => {
  const path = parameterPath(name);
  return path !== undefined && symbolEntries().some(([, entry]) => entry.kind === 'choice' && entry.path === path);
};

/** Numbers that a spec sets, for `did you mean`. */
export const numberNames = (): string[] =>
  symbolEntries().flatMap(([id, entry]) => (entry.kind === 'number' ? [id, entry.path] : []));

/**
 * What is wrong with a view, each thing once, by the key that it is about: names that no table has, formulas and
 * conditions that cannot be read.
 *
 * @param measured columns of the table that are no parameters, as far as the spec tells them
 */
export function viewComplaints(
  view: PlotView,
  place: (key: string) => string,
  measured: ReadonlySet<string>,
): { readonly key: string; readonly sentence: string }[] {
  const found: { key: string; sentence: string }[] = [];
  const attempt = (key: string, check: () => void): void => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      found.push({ key, sentence: error.message });
    }
  };
  // What follows from a cell has a value even where no table shows it.
  const known = (name: string): boolean =>
    measured.has(name) || parameterPath(name) !== undefined || Object.hasOwn(DERIVED, name);
  const names = (text: string, where: string): void => {
    if (known(text)) return;
    for (const name of parseExpression(text, where).names) {
      if (known(name)) continue;
      const entry = (SYMBOLS as Readonly<Record<string, SymbolEntry>>)[name];
      throw new UserError(
        entry?.kind === 'measured'
          ? messages.notKept(where, name)
          : messages.unknownInFormula(where, name, [...new Set([...measured, ...numberNames()])]),
      );
    }
  };
  for (const role of ROLES) {
    const text = view[role];
    if (text !== undefined) attempt(role, () => names(text, `${place(role)}: ${text}`));
  }
  for (const text of view.where ?? [])
    attempt('where', () => {
      const where = `${place('where')}: ${text}`;
      const { left, right } = parseCondition(text, where);
      names(left, where);
      if (!isWord(left)) names(right, where);
    });
  return found;
}
