/** What theory says of a setting, in lines: the regimes, then each statement with its conditions and bounds. */
import { SYMBOLS, type Setting, type SymbolEntry, type SymbolId } from '../notation.ts';
import { assumptions, type Judged, type Told } from '../theory/assess.ts';
import { PROVENANCE, type Provenance } from '../theory/statement.ts';
import { constantName, constantsText, short, type Border, type TheoryAnswer } from './theory.ts';

const glyph = (id: SymbolId): string => (SYMBOLS[id] as SymbolEntry).glyph;
const settingText = (setting: Setting): string =>
  (Object.entries(setting) as [SymbolId, number][]).map(([id, value]) => `${glyph(id)} = ${short(value)}`).join(', ');

/** @param all whether every statement is named that is not about the setting, and not only one a paper */
export function theoryLines({ setting, told, untold, borders }: TheoryAnswer, all: boolean): string[] {
  const papersOf = (some: readonly { statement: Told['statement'] }[]): Set<string> =>
    new Set(some.map(({ statement }) => statement.paper));
  const elsewhere = all
    ? untold.map(({ statement, reason }) => `  ${statement.id}: ${reason}`)
    : [...papersOf(untold)].map(
        (paper) => `  ${paper}: ${untold.find(({ statement }) => statement.paper === paper)!.reason}`,
      );
  return [
    `setting: ${settingText(setting)}`,
    borders.length === 0 ? '\nno paper of the shelf predicts a regime here' : '\npredicted regimes',
    ...borders.flatMap((border) => borderLines(border, setting, told)),
    ...[...papersOf(told)].flatMap((paper) => {
      const own = told.filter(({ statement }) => statement.paper === paper);
      const departures = [...new Set(own.flatMap((one) => one.departures))];
      return [
        `\n${paper}`,
        ...(departures.length > 0 ? [`  this setting departs from its model: ${departures.join('; ')}`] : []),
        ...own.flatMap(toldLines),
      ];
    }),
    ...(untold.length === 0
      ? []
      : [`\n${untold.length} statements are not about this setting${all ? '' : ' (--all lists them)'}`, ...elsewhere]),
  ];
}

function borderLines(
  { told, critical: { symbol, benign, harmful } }: Border,
  setting: Setting,
  all: readonly Told[],
): string[] {
  const { statement } = told;
  const prediction = told.prediction!;
  const assumed = assumptions(told, all);
  const held = assumed.filter(({ holds }) => holds).length;
  const known =
    assumed.length === 0 ? 'none of its assumptions is known' : `${held} of ${assumed.length} assumptions hold`;
  const side = (name: 'benign' | 'harmful'): string => {
    const judged = prediction[name];
    return judged
      ? `    ${name} if ${judged.formula}: ${sides(judged)}`
      : `    ${name}: this paper proves no such side`;
  };
  const list = (numbers: readonly number[]): string => (numbers.length > 0 ? numbers.map(short).join(' and ') : 'none');
  const ends = [
    ...(prediction.benign ? [`benign border ${list(benign)}`] : []),
    ...(prediction.harmful ? [`harmful border ${list(harmful)}`] : []),
  ];
  return [
    `  ${statement.paper}: ${prediction.regime}, by ${statement.source} (${PROVENANCE[statement.provenance]}); ${known}`,
    side('benign'),
    side('harmful'),
    `    critical ${glyph(symbol)}: ${ends.join(', ')} (here ${short(setting[symbol]!)}); ${constantsText(told.constants)}`,
  ];
}

const sides = ({ lhs, rhs, relation, ratio, factor, holds }: Judged): string =>
  holds === null
    ? 'unknown here'
    : `${short(lhs)} ${holds ? relation : relation === '>=' ? '<' : '>'} ${short(rhs)}, ${holds ? `holds by a factor ${short(factor)}` : `missed by a factor ${short(1 / factor)}`} (lhs/rhs ${short(ratio)})`;

function toldLines({ statement, constants, conditions, bounds }: Told): string[] {
  const known = (own: Provenance | undefined): string =>
    own === undefined || own === statement.provenance ? '' : ` (${PROVENANCE[own]})`;
  const free = Object.entries(constants).map(([name, value]) => {
    const { meaning, fitted } = statement.constants[name]!;
    return `${constantName(name)} = ${short(value)} (${meaning}${fitted === value ? '; measured by us' : ''})`;
  });
  return [
    `  ${statement.id}, ${statement.title} (${statement.source}, ${PROVENANCE[statement.provenance]})`,
    `    ${statement.formula}`,
    ...(statement.under.length > 0 ? [`    under ${statement.under.join(', ')}`] : []),
    ...(free.length > 0 ? [`    free constants: ${free.join('; ')}`] : []),
    ...conditions.flatMap((one) => [
      `    ${one.holds === null ? '?  ' : one.holds ? 'yes' : 'no '} ${one.formula}${known(one.provenance)}: ${sides(one)}`,
      ...(one.instead ?? []).map(
        ({ formula, provenance, why }) => `        not used: ${formula} (${PROVENANCE[provenance]}): ${why}`,
      ),
    ]),
    ...bounds.map(({ of, side, formula, value, where, provenance }) => {
      const number = Number.isNaN(value)
        ? ' (needs a measured number)'
        : formula === short(value)
          ? ''
          : ` = ${short(value)}`;
      const here = where && (where.holds === null ? '' : where.holds ? ' (so here)' : ' (not here)');
      const only = where ? `, where ${where.formula}${known(where.provenance)}${here}` : '';
      return `    ${glyph(of)} ${side === 'upper' ? '<=' : '>='} ${formula}${number}${known(provenance)}${only}`;
    }),
  ];
}
