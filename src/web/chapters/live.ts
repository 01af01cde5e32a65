/** The page's state in which a preset is drawn live, or why there is none. */
import { messages } from '../../errors.ts';
import { specFrom } from '../../experiments/spec-text.ts';
import { CELL_PARAMETERS } from '../../notation.ts';
import type { Preset } from '../../reproduction/preset.ts';
import { readHash, writeHash } from '../state/hash.ts';
import { FIRST, SHOWN, type Changes, type PageState, type Shown, type Value } from '../state/page-state.ts';
import { describe } from '../worker/spec-of.ts';
import { sizeOf, takesLong } from './costs.ts';

export const presetName = ({ paper, figure, variant }: Preset): string => `${paper.id}/${figure.id}/${variant.id}`;

/**
 * @param map whether one is drawn: it has a size and a quantity then
 * @returns its hash, or a sentence
 */
export function liveHash(preset: Preset, map = true): { readonly hash: string } | { readonly why: string } {
  const name = presetName(preset);
  const { needs } = preset.variant;
  if (needs) return { why: messages.pageNeedsData(name, needs.points) };
  if (takesLong(name)) return { why: messages.pageTakesLong(name) };
  const state: PageState = { ...FIRST, preset: name, ...(map && { ...sizeOf(name), show: shownOf(preset) }) };
  let first = '';
  for (const set of choices(preset)) {
    try {
      const tried: PageState = { ...state, set };
      describe(tried);
      return { hash: writeHash(tried) };
    } catch (error) {
      first ||= (error as Error).message;
    }
  }
  return { why: first };
}

/** Where an axis of choices is fixed: at its first one, or where that makes no setting, at another. */
function choices({ variant }: Preset): Changes[] {
  const { axes } = specFrom(variant.spec, variant.id);
  const out: Changes[] = [{}];
  for (const { path, values } of axes) {
    if (CELL_PARAMETERS.get(path)?.entry.kind !== 'choice') continue;
    for (const value of values.slice(1)) out.push({ [path]: value as Value });
  }
  return out;
}

/** The first quantity that the figure shows and a map can have. */
function shownOf({ figure }: Preset): Shown {
  const asked = figure.shows?.map(({ value }) => SHOWN.find((one) => one === value));
  return asked?.find((one) => one !== undefined) ?? 'testError';
}

/** A state from its own hash and more of it: what is said later counts. @throws RangeError for nonsense */
export function stateOf(...hashes: readonly string[]): PageState {
  const { state, complaints } = readHash(hashes.filter((one) => one !== '').join('&'));
  if (complaints.length > 0) throw new RangeError(complaints.join('; '));
  return state;
}
