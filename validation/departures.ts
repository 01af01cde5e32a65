/** What families of lemmas and examples leave of the papers' assumptions, and the tables of docs/verify.md and theory.md. */
import type { Spec } from '../src/experiments/spec.ts';
import { departures, departuresOf, leavesOf, papersOf, type Departures } from '../src/reproduction/assumptions.ts';
import { factorText } from '../src/reproduction/factor-text.ts';
import { FAMILIES, randomCell, type Family } from './lemma-settings.ts';

/** Settings of a family that stand for it: those of the recorded seed. */
const SETTINGS = 200;
const SEED = 3;

/** The paper whose lemmas a family is drawn for. */
export const paperOfFamily = (family: Family): string =>
  family.startsWith('xu-gu')
    ? 'xu-gu-2023'
    : family.startsWith('karhadkar')
      ? 'karhadkar-2024'
      : /^(shang|both-layers|small-start|large-start)/.test(family)
        ? 'shang-2024'
        : 'kou-2023';

export const familyDepartures = (family: Family): Departures =>
  departuresOf(
    Array.from({ length: SETTINGS }, (_, at) => randomCell(family, at, SEED)),
    paperOfFamily(family),
  );

/** By paper that speaks of it. */
const exampleDepartures = (spec: Spec): readonly Departures[] => papersOf(spec).map((paper) => departures(spec, paper));

const cellsText = ({ left, spoken, cells }: Departures): string =>
  spoken === 0
    ? 'not spoken of'
    : left
        .map(
          ({ id, missed, cells: some }) =>
            `${id.slice(id.indexOf('/') + 1)} ${factorText(missed)}${some < cells ? ` (${some} of ${cells})` : ''}`,
        )
        .join(', ') || 'nothing';

export const familyTable = (): string[] => [
  '| family | paper | leaves, at worst |',
  '| --- | --- | --- |',
  ...(Object.keys(FAMILIES) as Family[]).map((family) => {
    const one = familyDepartures(family);
    return `| ${family} | ${one.paper} | ${cellsText(one)} |`;
  }),
];

/** Of examples by name. */
type Examples = Readonly<Record<string, Spec>>;

export const exampleTable = (examples: Examples): string[] => [
  '| example | paper | leaves, at worst |',
  '| --- | --- | --- |',
  ...Object.entries(examples).flatMap(([name, spec]) => {
    const some = exampleDepartures(spec);
    return some.length === 0
      ? [`| ${name} | none speaks of it | |`]
      : some.map((one) => `| ${name} | ${one.paper} | ${cellsText(one)} |`);
  }),
];

export const familyLeaves = (): Record<string, Record<string, number>> =>
  Object.fromEntries((Object.keys(FAMILIES) as Family[]).map((family) => [family, leavesOf(familyDepartures(family))]));

export const exampleLeaves = (examples: Examples): Record<string, Record<string, number>> =>
  Object.fromEntries(
    Object.entries(examples).map(([name, spec]) => [
      name,
      Object.assign({}, ...exampleDepartures(spec).map(leavesOf)) as Record<string, number>,
    ]),
  );
