/** Numbers and names as the page writes them. */
import { numberText } from '../../core/number-text.ts';
import { typeset } from '../../figures/text.ts';
import { PARAMETERS, SYMBOLS, type SymbolEntry, type SymbolId } from '../../notation.ts';
import type { Shown, Value } from '../state/page-state.ts';

/** `2.5·10⁹`; a few digits. */
export const short = (x: number, digits = 3): string =>
  Number.isFinite(x) ? typeset(numberText(Number(x.toPrecision(digits)))) : '–';

/** As it is set: every digit. */
export const exact = (value: Value): string =>
  typeof value === 'number' ? typeset(numberText(value)) : value === true ? 'yes' : value === false ? 'no' : value;

/** Signs of formulas as they are printed. */
export const formula = (text: string): string => typeset(text.replaceAll('>=', '≥').replaceAll('<=', '≤'));

export const glyphOf = (path: string): string => typeset(PARAMETERS.get(path)?.entry.glyph ?? path);
export const meaningOf = (path: string): string => PARAMETERS.get(path)?.entry.meaning ?? '';

const glyphOfSymbol = (id: SymbolId): string => typeset((SYMBOLS[id] as SymbolEntry).glyph);

/** Of what a map may show. */
export const SHOWN_WORDS: Readonly<Record<Shown, string>> = {
  testError: 'test error, noisy labels',
  testErrorClean: 'test error, true labels',
  trainLoss: 'training loss',
  trainError: 'training error',
  marginMin: 'smallest margin',
  ratio: `coefficient ratio ${glyphOfSymbol('ratio')}`,
  benign: 'share of benign runs',
  steps: 'steps made',
};
