/**
 * A level-set study against its own paper's assumptions. A row of a study is what it searches along: the level sets lie
 * somewhere between its ends, so that what is missed at both ends is missed wherever they lie. A study is outside, and
 * `npm run constants` refuses it, when some row misses there a condition whose violation changes the law
 * (theory/statement.ts): then its exponent is not the theorem's, whatever comes out. A control says why it is outside.
 */
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells, coordinates } from '../../src/experiments/spec.ts';
import type { Cell } from '../../src/experiments/cell.ts';
import { departuresOf, heldAt, type Held, type Left } from '../../src/reproduction/assumptions.ts';
import { factorText } from '../../src/reproduction/factor-text.ts';
import type { Made } from './derived.ts';
import type { Study } from './studies.ts';

const PAPERS: Readonly<Record<string, string>> = {
  'Kou et al. 2023': 'kou-2023',
  'Xu & Gu 2023': 'xu-gu-2023',
  'Shang et al. 2024': 'shang-2024',
  'Karhadkar et al. 2024': 'karhadkar-2024',
  'Cao et al. 2022': 'cao-2022',
};

/** @throws RangeError for a heading that is no paper's */
export function paperOf({ id, paper }: Pick<Study, 'id' | 'paper'>): string {
  const found = PAPERS[paper];
  if (found === undefined) throw new RangeError(`${id}: no paper ${paper}`);
  return found;
}

/** The cells of each row: all axes fixed but the one that is searched. */
function rows(study: Study): Cell[][] {
  const spec = specFrom(study.spec, study.id);
  const along = spec.axes.findIndex(({ path }) => path === study.along);
  if (along < 0) throw new RangeError(`${study.id}: ${study.along} is no axis`);
  const found = new Map<string, Cell[]>();
  [...cells(spec)].forEach((cell, index) => {
    const row = JSON.stringify(coordinates(spec, index).filter((_, axis) => axis !== along));
    found.set(row, [...(found.get(row) ?? []), cell]);
  });
  return [...found.values()];
}

/** What some row of a study misses at every place: worst over the rows of the least over a row. */
export function outside(study: Study): readonly Left[] {
  const paper = paperOf(study);
  const worst = new Map<string, Left>();
  for (const row of rows(study)) {
    const least = new Map<string, Held>();
    for (const cell of row)
      for (const one of heldAt(cell, paper)) {
        const known = least.get(one.id);
        least.set(one.id, known && known.missed <= one.missed ? known : one);
      }
    for (const [id, one] of least) {
      if (one.missed <= 1) continue;
      const known = worst.get(id);
      worst.set(id, { ...(known && known.missed >= one.missed ? known : one), cells: (known?.cells ?? 0) + 1 });
    }
  }
  return [...worst.values()];
}

/** Why `npm run constants` does not make a study; undefined where it does. */
export function refusal(study: Study): string | undefined {
  const wrong = outside(study).filter(({ condition }) => condition.changes === 'law');
  return wrong.length === 0 || study.control !== undefined
    ? undefined
    : `study ${study.id} lies outside its paper's assumptions wherever its level sets are: ${wrong
        .map(({ condition, missed, id }) => `${condition.formula} (${id}) is missed by a factor ${factorText(missed)}`)
        .join('; ')}. Move it inside, or declare it a control (control: 'why')`;
}

/** For docs/constants.md: what the places that were found leave, and who is a control. */
export function assumptionsSection(made: readonly Made[]): string[] {
  return [
    "## Inside the papers' assumptions?",
    '',
    "Every place on a level set is passed through `benign theory`: conditions of the study's own paper (C = 1, δ = 0.1) that it misses, by the largest factor over the study, with the number of places. `npm run constants` refuses a study outside a bound on the initial scale, where another law holds, unless it is a control; other conditions are proof devices or sizes that the level sets are to show, and are listed here.",
    '',
    '| study | conditions that its places miss | |',
    '| --- | --- | --- |',
    ...made.map(({ study, boundary }) => {
      const places = boundary
        .points()
        .flatMap(({ state, crossing, cell }) => (state === 'found' && crossing ? [cell] : []));
      const { left } = departuresOf(places, paperOf(study));
      const text = left.map(
        ({ id, missed, cells: some }) =>
          `${id.slice(id.indexOf('/') + 1)} ${factorText(missed)}${some < places.length ? ` (${some} of ${places.length})` : ''}`,
      );
      return `| ${study.id} | ${text.join(', ') || 'none'} | ${study.control === undefined ? '' : `control: ${study.control}`} |`;
    }),
    '',
  ];
}
