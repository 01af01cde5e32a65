/** Transition laws through a level set that a search found: the exponent's word, the free constant, the curve. */
import { exp, log } from '../core/special.ts';
import type { Word } from '../core/verdict.ts';
import { valueAt, type Cell } from '../experiments/cell.ts';
import { CELL_PARAMETERS, PARAMETERS, type Powers, type Setting, type SymbolId } from '../notation.ts';
import type { Boundary } from '../sweeps/boundary.ts';
import type { BoundaryPoint } from '../sweeps/boundary/points.ts';
import { logControl, transitionExponent, TRANSITION_LAWS, type TransitionLaw } from '../theory/transition-laws.ts';
import {
  exponentVerdict,
  inLog,
  marginOf,
  type Estimated,
  type ExponentVerdict,
  type LevelFit,
} from '../verification/level-fits.ts';

/** Holds, fails, undecided; or the law makes no statement about this exponent. */
export type LawWord = Word | 'not-applicable';

/** Symbols in which a law holds up to constants; on any other that it does not name its constants may depend. */
const SIZES: readonly string[] = ['n', 'd', 'm', 'mu', 'sigmaP', 'v0'];

export interface LawFit {
  readonly id: string;
  readonly formula: string;
  readonly provenance: string;
  /** the theorem's exponent; of a law that is no power law, the local one where it was tested */
  readonly exponent: number;
  /** undecided with fewer than two crossings */
  readonly verdict: LawWord;
  /** why it is not applicable; null where it is */
  readonly why: string | null;
  /** what was tested, with interval, margin and power; null where nothing was */
  readonly test: ExponentVerdict | null;
  /** runs of the whole search and standard error of log along with which a word is expected; null when one was said */
  readonly needed: { readonly runs: number; readonly precision: number } | null;
  /** the control parameter on the level set, its free constant, at the smallest and the largest size */
  readonly kappa: { readonly smallest: Kappa; readonly largest: Kappa };
  /** where the law puts the level set with the kappa of the largest size */
  readonly curve: readonly { readonly over: number; readonly along: number }[];
}

export interface Kappa extends Estimated {
  readonly over: number;
}

/** A crossing that was found. */
export type Found = BoundaryPoint & { readonly crossing: NonNullable<BoundaryPoint['crossing']> };

/** A level set: its crossings by size, what was fitted to them, and what its intervals may miss. */
export interface LevelSetFound {
  readonly found: readonly Found[];
  readonly fit: LevelFit;
  readonly alpha: number;
  /** the end of `over` where the problem is largest */
  readonly largest: 'low' | 'high';
}

/** Every law that speaks of the level set. */
export function lawFits(boundary: Boundary, set: LevelSetFound): LawFit[] {
  const { found } = set;
  if (found.length === 0) return [];
  const follows = Object.fromEntries(
    [...boundary.scale].map(([path, powers]) => [PARAMETERS.get(path)!.id, powers as Powers]),
  );
  return TRANSITION_LAWS.filter((law) => applies(law, found[0]!.cell)).flatMap((law) =>
    lawFit(law, boundary, set, follows),
  );
}

/** Powers of the searched symbols in the parameters that follow them, by symbol. */
type Follows = Readonly<Record<string, Powers>>;

function lawFit(
  law: TransitionLaw,
  boundary: Boundary,
  { found, fit, alpha, largest }: LevelSetFound,
  follows: Follows,
): LawFit[] {
  const { along, over } = boundary;
  // Of a law that is no power law the exponent is local: halfway between the two places that are tested.
  const tested = largest === 'high' ? found.slice(-2) : found.slice(0, 2);
  const here = law.logControl ? between(tested.map(({ cell }) => asWritten(cell))) : asWritten(found[0]!.cell);
  const exponent = transitionExponent(law, here, along.id, over.id, follows);
  if (exponent === null) return [];
  // The margin is that of the symbol itself, whatever factor stands before it in the spec.
  const plain = transitionExponent(law, here, along.id, over.id);
  const why = whyNotApplicable(law, here, over.id);
  const test = why
    ? null
    : exponentVerdict(law.logControl ? { ...fit, line: null } : fit, exponent, {
        margin: marginOf(plain ?? exponent),
        alpha,
        largest,
      });
  // The error of log kappa is that of the crossing times the power of `along`.
  const gainAt = ({ cell }: Found): number => alongPower(law, cell, boundary, follows);
  const kappaAt = (point: Found): Kappa => ({
    over: point.row.over,
    ...inLog(
      {
        value: logControl(law, asWritten(point.cell)),
        se: Math.abs(gainAt(point)) * point.crossing.se,
        freedom: point.crossing.freedom,
      },
      alpha,
    ),
  });
  const [low, high] = [kappaAt(found[0]!), kappaAt(found.at(-1)!)];
  const kappa = largest === 'high' ? { smallest: low, largest: high } : { smallest: high, largest: low };
  return [
    {
      id: law.id,
      formula: law.formula,
      provenance: law.provenance,
      exponent,
      verdict: why ? 'not-applicable' : (test?.word ?? 'undecided'),
      why,
      test,
      needed: neededFor(boundary, test),
      kappa,
      // From each crossing to the law's place with that kappa: exact for a power law, else a step of Newton's.
      curve: found.map((point) => ({
        over: point.row.over,
        along: exp(
          point.crossing.x - (logControl(law, asWritten(point.cell)) - log(kappa.largest.value)) / gainAt(point),
        ),
      })),
    },
  ];
}

const whyNotApplicable = (law: TransitionLaw, here: Setting, over: SymbolId): string | null =>
  law.bound
    ? 'a bound on one side'
    : SIZES.includes(over) || over in law.powers(here)
      ? null
      : `its constants may depend on ${over}`;

const neededFor = ({ runs, options }: Boundary, test: ExponentVerdict | null): LawFit['needed'] =>
  test?.runsTimes == null
    ? null
    : {
        runs: Math.ceil(runs * test.runsTimes),
        precision: Number((options.seOfLog / Math.sqrt(test.runsTimes)).toPrecision(2)),
      };

/** The geometric mean of positive settings, symbol by symbol. */
const between = (settings: readonly Setting[]): Setting =>
  Object.fromEntries(
    Object.entries(settings[0]!).map(([id, first]) => [
      id,
      settings.every((one) => one[id as SymbolId]! > 0)
        ? exp(settings.reduce((sum, one) => sum + log(one[id as SymbolId]!), 0) / settings.length)
        : first,
    ]),
  );

/** The power of `along` in the control parameter, what follows it included. */
function alongPower(law: TransitionLaw, cell: Cell, { along }: Boundary, follows: Follows): number {
  const direct = law.powers(asWritten(cell));
  return Object.entries(direct).reduce(
    (sum, [id, power]) => sum + power * ((id === along.id ? 1 : 0) + (follows[id]?.[along.id] ?? 0)),
    0,
  );
}

const applies = ({ about }: TransitionLaw, cell: Cell): boolean =>
  Object.entries(about).every(([path, values]) => values.includes(valueAt(cell, path)));

/** Every number of a cell as the spec writes it: laws hold in these. */
const asWritten = (cell: Cell): Setting =>
  Object.fromEntries(
    [...CELL_PARAMETERS].flatMap(([path, { id, entry }]) =>
      entry.kind === 'number' ? [[id, valueAt(cell, path) as number]] : [],
    ),
  );
