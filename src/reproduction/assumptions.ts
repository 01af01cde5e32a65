/**
 * What a sweep leaves of a paper's assumptions, before any run: every condition of the paper's statements that speak of a
 * cell, with the statements' own constants (C = 1 where the paper says "large enough", δ = 0.1). Conditions that need a
 * number of a run are left out.
 */
import { valueAt, type Cell } from '../experiments/cell.ts';
import { settingOf } from '../experiments/setting.ts';
import { cells, type Spec } from '../experiments/spec.ts';
import { constantsOf, judge } from '../theory/assess.ts';
import { STATEMENTS } from '../theory/index.ts';
import {
  allowedText,
  allows,
  PROVENANCE,
  type Choices,
  type Condition,
  type Constants,
  type Provenance,
  type Statement,
} from '../theory/statement.ts';
import { factorText, rounded } from './factor-text.ts';

/** A condition at one cell. */
export interface Held {
  /** `karhadkar-2024/assumption-1/initial-norm` */
  readonly id: string;
  readonly condition: Condition;
  readonly provenance: Provenance;
  /** by what factor it is missed: above 1, Infinity where a side is 0; up to 1 it is kept */
  readonly missed: number;
}

/** A condition that some cells leave. */
export interface Left extends Held {
  /** number of cells */
  readonly cells: number;
}

export interface Departures {
  readonly paper: string;
  readonly cells: number;
  /** cells of which a statement of the paper speaks */
  readonly spoken: number;
  /** missed by the largest factor over the cells */
  readonly left: readonly Left[];
  /** choices that the paper's model makes otherwise: `network.bias is true, not false` */
  readonly choices: readonly string[];
}

/** A statement with its own constants. */
interface Prepared {
  readonly statement: Statement;
  readonly constants: Constants;
  readonly about: readonly Choice[];
  readonly assumes: readonly Choice[];
}

type Choice = readonly [path: string, allowed: Choices[string]];

const PREPARED: readonly Prepared[] = STATEMENTS.map((statement) => ({
  statement,
  constants: constantsOf(statement, {}),
  about: Object.entries(statement.about),
  assumes: Object.entries(statement.assumes),
}));

const speaking = (paper: string, cell: Cell): readonly Prepared[] =>
  PREPARED.filter(
    ({ statement, about }) =>
      statement.paper === paper && about.every(([path, allowed]) => allows(allowed, valueAt(cell, path))),
  );

/** Every condition of a paper at a cell, each once: of the first of the paper's statements that has it. */
export const heldAt = (cell: Cell, paper: string): readonly Held[] => conditionsAt(cell, speaking(paper, cell));

function conditionsAt(cell: Cell, statements: readonly Prepared[]): readonly Held[] {
  const setting = settingOf(cell);
  const seen = new Set<Condition>();
  return statements.flatMap(({ statement, constants }): Held[] => {
    return statement.conditions.flatMap((condition) => {
      if (seen.has(condition)) return [];
      seen.add(condition);
      const { holds, factor } = judge(condition, setting, constants);
      if (holds === null) return [];
      return [
        {
          id: `${statement.id}/${condition.id}`,
          condition,
          provenance: condition.provenance ?? statement.provenance,
          missed: holds ? (factor > 1 ? 1 / factor : 1) : Math.max(1 + Number.EPSILON, 1 / factor),
        },
      ];
    });
  });
}

/** Over some cells. @param paper id of the shelf; one without statements is spoken of nowhere */
export function departuresOf(some: Iterable<Cell>, paper: string): Departures {
  const worst = new Map<string, { one: Held; cells: number }>();
  const choices = new Map<string, Set<string>>();
  // Thousands of cells make the same few choices.
  const seen = new Map<Choice, Set<unknown>>();
  const look = (choice: Choice, cell: Cell): void => {
    const [path, allowed] = choice;
    const value = valueAt(cell, path);
    const before = seen.get(choice) ?? new Set();
    if (before.has(value)) return;
    seen.set(choice, before.add(value));
    if (!allows(allowed, value))
      choices.set(path, (choices.get(path) ?? new Set()).add(`${String(value)}, not ${allowedText(allowed)}`));
  };
  let [count, spoken] = [0, 0];
  for (const cell of some) {
    count++;
    const statements = speaking(paper, cell);
    if (statements.length > 0) spoken++;
    for (const one of conditionsAt(cell, statements)) {
      if (one.missed <= 1) continue;
      const known = worst.get(one.id);
      if (!known) worst.set(one.id, { one, cells: 1 });
      else {
        known.cells++;
        if (one.missed > known.one.missed) known.one = one;
      }
    }
    for (const { assumes } of statements) for (const choice of assumes) look(choice, cell);
  }
  return {
    paper,
    cells: count,
    spoken,
    left: [...worst.values()].map(({ one, cells: some }) => ({ ...one, cells: some })),
    choices: [...choices].map(
      ([path, [first, ...more]]) => `${path} is ${first}${more.length > 0 ? ' (and others)' : ''}`,
    ),
  };
}

/** Over the cells of a spec. */
export const departures = (spec: Spec, paper: string): Departures => departuresOf(cells(spec), paper);

/** The papers whose statements speak of a cell of the spec. */
export const papersOf = (spec: Spec): string[] =>
  [...new Set(STATEMENTS.map(({ paper }) => paper))].filter((paper) => departures(spec, paper).spoken > 0);

/** By id, to two digits: what an entry's `leaves` is. */
export const leavesOf = ({ left }: Pick<Departures, 'left'>): Record<string, number> =>
  Object.fromEntries(left.map(({ id, missed }) => [id, rounded(missed)]));

/** In Markdown, for a page about these cells. */
export function assumptionLines({ paper, cells: count, spoken, left, choices }: Departures): string[] {
  const start = `Assumptions of ${paper} (its constants C at 1, δ = 0.1; \`benign theory\` has both sides)`;
  if (spoken === 0) return [`${start}: no statement of the shelf speaks of these cells.`];
  return [
    left.length === 0
      ? `${start}: every condition that is known before a run is kept${spoken < count ? ` in the ${spoken} of ${count} cells of which its statements speak` : ''}.`
      : `${start}, left here by a factor of at most:`,
    ...(left.length > 0 ? [''] : []),
    ...left.map(
      ({ id, condition, missed, cells: some, provenance }) =>
        `- ${factorText(missed)}: ${condition.formula} (\`${id}\`, ${PROVENANCE[provenance]}${some < count ? `; in ${some} of ${count} cells` : ''})`,
    ),
    ...(choices.length > 0 ? ['', `Its model makes other choices: ${choices.join('; ')}.`] : []),
  ];
}
