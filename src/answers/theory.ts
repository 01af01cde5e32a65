/** What `theory` answers: the papers' statements about one setting, the regimes they predict, and where these end. */
import { valueAt, type Cell } from '../experiments/cell.ts';
import { SCIENCE } from '../experiments/record.ts';
import { settingOf } from '../experiments/setting.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import type { Figure } from '../figures/figure.ts';
import { regimeMap } from '../figures/regime-map.ts';
import { SYMBOLS, type Setting, type SymbolEntry, type SymbolId } from '../notation.ts';
import { cellCaption, sourced } from '../reproduction/caption.ts';
import { assess, critical, type Critical, type Told, type Untold } from '../theory/assess.ts';
import { PROVENANCE, type Constants } from '../theory/statement.ts';

/** A prediction with the critical values of the chosen symbol, of the map's own when none is chosen. */
export interface Border {
  readonly told: Told;
  readonly critical: Critical;
}

export interface TheoryAnswer {
  readonly spec: Spec;
  readonly cell: Cell;
  /** the values that the spec's axes have in the cell; empty without axes */
  readonly fixed: string;
  readonly setting: Setting;
  /** constants instead of the statements' own */
  readonly given: Constants;
  readonly told: readonly Told[];
  readonly untold: readonly Untold[];
  readonly borders: readonly Border[];
}

/**
 * Of one cell of a spec.
 *
 * @param solvedFor the symbol whose critical values are wanted, from the setting
 * @param cell the first one when not said
 */
export function theoryAnswer(
  spec: Spec,
  given: Constants,
  solvedFor: (setting: Setting) => SymbolId | undefined,
  cell: Cell = cells(spec).next().value as Cell,
): TheoryAnswer {
  const fixed = spec.axes
    .map(({ path, id }) => `${(SYMBOLS[id] as SymbolEntry).glyph} = ${String(valueAt(cell, path))}`)
    .join(', ');
  const setting = settingOf(cell);
  const { told, untold } = assess(setting, (path) => valueAt(cell, path), given);
  const symbol = solvedFor(setting);
  const borders = told.flatMap((one): Border[] => {
    const { regimes } = one.statement;
    return regimes ? [{ told: one, critical: critical(one, setting, symbol ?? regimes.map.x) }] : [];
  });
  return { spec, cell, fixed, setting, given, told, untold, borders };
}

export const short = (value: number): string => (Number.isNaN(value) ? '?' : String(Number(value.toPrecision(4))));
export const constantName = (name: string): string => (name === 'delta' ? 'δ' : name);
export const constantsText = (constants: Constants): string =>
  Object.entries(constants)
    .map(([name, value]) => `${constantName(name)} = ${short(value)}`)
    .join(', ');

/** A map of each prediction whose two symbols the setting has. */
export const theoryFigures = ({ spec, cell, setting, borders }: TheoryAnswer): Figure[] =>
  borders
    .filter(({ told: { statement } }) => {
      const { x, y } = statement.regimes!.map;
      return setting[x] !== undefined && setting[y] !== undefined;
    })
    .map(({ told: one }) =>
      sourced(
        regimeMap(one, setting, {
          name: one.statement.id.replace('/', '-'),
          title: `Predicted regimes: ${one.statement.id}`,
          subtitle: `${PROVENANCE[one.statement.provenance]}; ${cellCaption(spec, cell).join(', ')}; ${constantsText(one.constants)}`,
        }),
        spec,
        SCIENCE,
      ),
    );
