/** Which lemmas are asked, with which constants, and the spec whose records they can be read from. */
import { messages, UserError } from '../errors.ts';
import { observablesOf } from '../experiments/series.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import type { SymbolId } from '../notation.ts';
import type { Constants } from '../theory/statement.ts';
import type { Lemma } from '../verification/lemma.ts';
import { LEMMAS } from '../verification/lemmas/index.ts';
import { meansNothingOf, needs, notAbout } from '../verification/verify.ts';
import { isPositive } from './theory-choice.ts';

/** Entries of a series unless they are asked for otherwise. */
const ENTRIES = 200;

/**
 * Lemmas by id or by paper; all of them when none is named.
 *
 * @param where how whoever asks calls them
 * @throws UserError
 */
export function lemmasNamed(names: readonly string[], where = '--lemma'): readonly Lemma[] {
  for (const name of names)
    if (!LEMMAS.some(({ id }) => id === name || id.startsWith(`${name}/`)))
      throw new UserError(
        messages.unknownLemma(`${where} ${name}`, name, [
          ...new Set(LEMMAS.map(({ id }) => id.split('/')[0]!)),
          ...LEMMAS.map(({ id }) => id),
        ]),
      );
  return names.length === 0
    ? LEMMAS
    : LEMMAS.filter(({ id }) => names.some((name) => id === name || id.startsWith(`${name}/`)));
}

/**
 * `--constant C=4`: numbers instead of presets. @throws UserError for a name that no chosen lemma has, and for what is
 * no number
 */
export function lemmaConstants(texts: readonly string[], lemmas: readonly Lemma[]): Constants {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value = ''] = text.split('=');
      checkName(name, lemmas, `--constant ${text}`);
      if (value.trim() === '' || !(Number(value) > 0) || !Number.isFinite(Number(value)))
        throw new UserError(messages.badLemmaConstant(text));
      if (name === 'delta' && Number(value) >= 1)
        throw new UserError(messages.mustBe('--constant delta', 'in (0, 1)', Number(value)));
      return [name, Number(value)];
    }),
  );
}

/** The same given as numbers, for programs. @throws UserError */
export function checkedLemmaConstants(given: Constants, lemmas: readonly Lemma[]): Constants {
  for (const [name, value] of Object.entries(given)) {
    checkName(name, lemmas, `constants ${name}`);
    const end = name === 'delta' ? 1 : Infinity;
    if (!isPositive(value, end))
      throw new UserError(messages.mustBe(`constants ${name}`, end === 1 ? 'in (0, 1)' : 'a finite number > 0', value));
  }
  return given;
}

function checkName(name: string, lemmas: readonly Lemma[], where: string): void {
  const names = [...new Set(lemmas.flatMap(({ constants }) => Object.keys(constants)))];
  if (!names.includes(name)) throw new UserError(messages.unknownLemmaConstant(where, name, names));
}

/**
 * The spec with the observables of the lemmas that are about one of its cells, as far as all cells have them.
 *
 * @param outside whether lemmas of other steps than these count too
 */
export function withNeeds(spec: Spec, lemmas: readonly Lemma[], every: number | undefined, outside = false): Spec {
  const all = [...cells(spec)];
  const against = outside ? meansNothingOf : notAbout;
  const fit = lemmas.filter((lemma) => all.some((cell) => against(lemma, cell).length === 0));
  if (fit.length === 0)
    throw new UserError(messages.noLemma(notAbout(lemmas[0]!, all[0]!).map((why) => `${lemmas[0]!.id}: ${why}`)[0]!));
  const { series, values } = needs(fit);
  const kept = (ids: readonly SymbolId[]): SymbolId[] =>
    ids.filter((id) => all.every((cell) => id.startsWith('testError') || observablesOf(cell).includes(id)));
  const longest = Math.max(...all.map(({ training }) => training.maxSteps));
  return {
    ...spec,
    record: {
      series: kept(series),
      values: [...new Set([...spec.record.values, ...kept(values.filter((id) => !id.startsWith('testError')))])],
      every: every ?? Math.max(1, Math.ceil(longest / ENTRIES)),
    },
  };
}
