/** What the papers' theorems say of a setting, for programs: as `benign theory` does, without a folder. */
import type { Left, RegimeReport, StatementReport } from '../../answers/theory-report.ts';
import { messages, UserError } from '../../errors.ts';
import { cellId, type Cell } from '../../experiments/cell.ts';
import { cells, type Spec } from '../../experiments/spec.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Setting } from '../../notation.ts';
import type { Constants } from '../../theory/statement.ts';
import { drawing, type Drawing } from './figures.ts';

/** Which setting, with which constants. */
export interface TheoryOptions {
  /** one of the spec's cells; default: the first */
  readonly cell?: Cell;
  /** failure probability in (0, 1), the constant of this name of all statements; default: 0.1 */
  readonly delta?: number;
  /** values > 0 of free constants: by name, `kou-2023.C1` for one paper, `kou-2023/theorem-4.2.C1` for one statement */
  readonly constants?: Constants;
  /** the symbol whose critical values are wanted: `d`, `data.d`; default: the first one of the paper's own diagram */
  readonly critical?: string;
}

/** What one paper says of a setting. */
export interface PaperTheory {
  /** its id */
  readonly paper: string;
  /** its statements that speak of the setting, with conditions and bounds as numbers */
  readonly statements: readonly StatementReport[];
  /** the regimes that they predict, with critical values */
  readonly regimes: readonly RegimeReport[];
  /** conditions of these statements that the setting leaves, each once */
  readonly leaves: readonly Left[];
  /** choices that the paper's model makes otherwise: `data.projected is false here, not true` */
  readonly departures: readonly string[];
}

/** What the shelf says of a setting; all but the figures' methods is plain data. */
export interface Theory {
  /** the numbers that statements speak of, by symbol */
  readonly setting: Setting;
  /** values of constants that were given */
  readonly given: Constants;
  /** papers of which a statement speaks of the setting, in the order of the shelf */
  readonly papers: readonly PaperTheory[];
  /** statements that do not, by id, with the reason */
  readonly elsewhere: readonly { readonly id: string; readonly reason: string }[];
  /** a map for each predicted regime */
  readonly figures: readonly Drawing[];
}

/**
 * What the papers' statements say of one cell of a spec, before any run: which assumptions hold and by how much, the
 * predicted regimes with their critical values, the bounds.
 *
 * @param lab the spec's
 * @throws UserError for a cell of another spec, for constants that no statement has or that are out of their range, and
 *   for a critical symbol that the setting does not have
 */
export async function theory(lab: Lab, spec: Spec, options: TheoryOptions = {}): Promise<Theory> {
  const { cell, delta, constants = {}, critical } = options;
  lab.check(spec);
  if (cell !== undefined && !isOf(spec, cell)) throw new UserError(messages.cellElsewhere());
  const { checkedConstants, solvable } = await import('../../answers/theory-choice.ts');
  const { theoryAnswer, theoryFigures } = await import('../../answers/theory.ts');
  const { leftBy, theoryReport } = await import('../../answers/theory-report.ts');
  const given = {
    ...checkedConstants(constants, 'constants'),
    ...(delta !== undefined && checkedConstants({ delta }, 'theory')),
  };
  const answer = theoryAnswer(
    spec,
    given,
    (setting) => (critical === undefined ? undefined : solvable(critical, setting, 'critical')),
    cell,
  );
  const { setting, statements, regimes, elsewhere } = theoryReport(answer, spec.name);
  return {
    setting,
    given,
    papers: [...new Set(statements.map(({ paper }) => paper))].map((paper) => {
      const own = statements.filter((one) => one.paper === paper);
      return {
        paper,
        statements: own,
        regimes: regimes.filter((one) => one.paper === paper),
        leaves: leftBy(own),
        departures: [...new Set(own.flatMap((one) => one.departures))],
      };
    }),
    elsewhere,
    figures: theoryFigures(answer).map(drawing),
  };
}

function isOf(spec: Spec, cell: Cell): boolean {
  const id = cellId(cell);
  for (const one of cells(spec)) if (cellId(one) === id) return true;
  return false;
}
