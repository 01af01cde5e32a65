/**
 * Why a run does not fit its labels: one knob at a time is turned and the run made again, on the draws of the run
 * itself (its own stream keys, so data and initial weights are the same wherever the knob leaves their shapes) and under
 * its own stop rule.
 */
import type { StreamKey } from '../core/random.ts';
import { log } from '../core/special.ts';
import type { Problem, TwoLayerView } from '../dynamics/engine.ts';
import { meanLoss } from '../dynamics/train.ts';
import { inRange, PARAMETERS, type NumberParameter } from '../notation.ts';
import { bytesOfVectors, type Cell } from './cell.ts';
import { fitsLabels } from './fitted.ts';
import { hasRealLabels } from './real-labels.ts';
import type { RunRecord } from './record.ts';
import { drawProblem, runCell, streamKey } from './run.ts';
import { trainCell } from './train-cell.ts';

export interface Diagnosis {
  /** what is to blame; or that nothing is trained, or that no trial fits */
  readonly sentence: string;
  /** what was tried, and what came out */
  readonly hints: readonly string[];
}

/** More and less training contradict each other; the width is apart from both. */
const KNOBS = {
  steps: { cause: 'too few steps', direction: 'more' },
  larger: { cause: 'step size too small', direction: 'more' },
  smaller: { cause: 'step size too large', direction: 'less' },
  width: { cause: 'width too small', direction: 'none' },
} as const;
type Knob = keyof typeof KNOBS;

export interface Trial {
  readonly knob: Knob;
  /** what is changed, in words */
  readonly says: string;
  readonly cell: Cell;
}

/** Multiply-adds of a trial, about half a minute: what takes longer is left to the user. */
const MOST_WORK = 3e10;
/** Relative change of the training loss below which nothing has been learned. */
const NOTHING = 1e-6;

function stepSizeTrial(cell: Cell, knob: Knob, words: string, factor: number): Trial {
  const eta = Number((cell.training.eta * factor).toPrecision(15));
  return {
    knob,
    says: `${words} the step size (eta = ${eta})`,
    cell: { ...cell, training: { ...cell.training, eta } },
  };
}

/** Knobs in the order in which they are turned, each a little and then more. */
export function trialsOf(cell: Cell): Trial[] {
  const { training, network } = cell;
  const steps = (factor: number): Trial => ({
    knob: 'steps',
    says: `${factor} times the steps (maxSteps = ${training.maxSteps * factor})`,
    cell: { ...cell, training: { ...training, maxSteps: training.maxSteps * factor } },
  });
  return [
    steps(10),
    steps(100),
    stepSizeTrial(cell, 'larger', '10 times', 10),
    stepSizeTrial(cell, 'larger', '100 times', 100),
    stepSizeTrial(cell, 'smaller', 'a tenth of', 0.1),
    stepSizeTrial(cell, 'smaller', 'a hundredth of', 0.01),
    {
      knob: 'width',
      says: `4 times the width (m = ${4 * network.m})`,
      cell: { ...cell, network: { ...network, m: 4 * network.m } },
    },
  ];
}

/**
 * @param record of a run that does not fit every label
 * @returns what was found out about it
 */
export function whyNotFitted(cell: Cell, record: RunRecord): Diagnosis {
  const { seed, replicate } = record;
  const key = streamKey(cell, seed, replicate);
  const nothing = trainsNothing(cell, record, key);
  const hints: string[] = [];
  const lost = nothing ? undefined : firstFit(cell, record, key);
  if (lost !== undefined)
    hints.push(
      `the run itself: fits every label at step ${lost}, and ${lostWords(cell, record)} at its end, step ${record.steps}`,
    );
  const fits = new Map<Knob, string>();
  /** the smallest step size tried under which the loss still blows up */
  let stillDiverges: string | undefined;
  for (const { knob, says, cell: changed } of nothing ? nothing.trials : trialsOf(cell)) {
    if (fits.has(knob)) continue; // the smaller change was enough
    if (knob === 'steps' && record.outcome === 'stalled') continue; // it stays where it is for ever
    const why = untried(changed);
    if (why) {
      hints.push(`${says}: not tried, ${why}`);
      continue;
    }
    const made = runCell(changed, seed, replicate, undefined, key);
    if (fitsLabels(changed, made)) fits.set(knob, says);
    if (knob === 'smaller' && made.outcome === 'diverged') stillDiverges = says;
    hints.push(`${says}: ${outcomeOf(changed, made)}`);
  }
  if (nothing) return { sentence: nothing.sentence, hints };
  const first = lost === undefined ? '' : lostSentence(lost);
  const cause =
    record.outcome === 'diverged' ? ofDivergence(fits.has('smaller'), stillDiverges) : causes(fits, lost !== undefined);
  return { sentence: `${first}${cause}`, hints };
}

/** A loss that blows up is laid to the step size, whatever else happens to fit. */
function ofDivergence(smallerFits: boolean, stillDiverges: string | undefined): string {
  if (smallerFits) return 'To blame: step size too large.';
  return stillDiverges === undefined
    ? 'The loss blew up, and no smaller step size that was tried made it fit.'
    : `To blame: step size far too large, the loss still blows up with ${stillDiverges}.`;
}

const lostWords = (cell: Cell, record: RunRecord): string =>
  record.outcome === 'diverged' ? 'has diverged' : `has lost it again (${missedBy(cell, record)})`;

const lostSentence = (step: number): string =>
  `It fitted every label at step ${step} and lost it again before its end. `;

function outcomeOf(cell: Cell, record: RunRecord): string {
  const { outcome, steps } = record;
  if (outcome === 'diverged') return `diverges at step ${steps}`;
  return fitsLabels(cell, record)
    ? `fits every label, at step ${steps}`
    : `${missedBy(cell, record)} at step ${steps}, ${outcome}`;
}

/** What tells that labels are not fitted. */
const missedBy = (cell: Cell, { values }: RunRecord): string =>
  hasRealLabels(cell)
    ? `training loss ${Number((values.trainLoss ?? NaN).toPrecision(3))}`
    : `training error ${Number((values.trainError ?? 1).toPrecision(3))}`;

/** Which causes the trials that fit speak for. @param lost whether the run itself had fitted before its end */
function causes(fits: ReadonlyMap<Knob, string>, lost: boolean): string {
  const of = (direction: 'more' | 'less'): string[] =>
    [...fits].filter(([knob]) => KNOBS[knob].direction === direction).map(([, says]) => says);
  const [more, less] = [of('more'), of('less')];
  if (fits.size === 0) return 'No change of steps, step size or width alone made it fit.';
  if (more.length > 0 && less.length > 0)
    return `Neither too much nor too little training is to blame: it fits with ${more.join(' and with ')}, and with ${less.join(' and with ')} alike.`;
  const blamed = [...fits.keys()].filter((knob) => !(lost && KNOBS[knob].direction === 'more'));
  if (blamed.length === 0) return `It is fitted again with ${more.join(' and with ')}.`;
  return `To blame: ${blamed.map((knob) => KNOBS[knob].cause).join(', ')}.`;
}

/** The step at which every label was fitted first, where the run went on and ended otherwise. */
function firstFit(cell: Cell, record: RunRecord, key: StreamKey): number | undefined {
  const { training } = cell;
  const stop = hasRealLabels(cell) ? 'loss' : 'zero-error';
  if (training.stop === stop || untried(cell)) return undefined;
  const watched: Cell = { ...cell, training: { ...training, stop } };
  const { ending, run } = trainCell(watched, drawProblem(watched, key));
  run.end?.();
  return ending.outcome === 'interpolated' && ending.steps <= record.steps ? ending.steps : undefined;
}

/** Says that a trial cannot be made, or is left to the user. */
export function untried(cell: Cell): string | undefined {
  const { data, network, training, engine } = cell;
  const beyond = [
    ['network.m', network.m],
    ['training.maxSteps', training.maxSteps],
    ['training.eta', training.eta],
  ].find(
    ([path, value]) => !inRange(value as number, (PARAMETERS.get(path as string)!.entry as NumberParameter).range),
  );
  if (beyond) return `${beyond[0]} would be beyond its range`;
  const bytes = bytesOfVectors(cell);
  if (bytes > MOST_BYTES) return `its vectors would need ${(bytes / 1e9).toFixed(1)} GB`;
  const width = engine === 'direct' ? Math.min(data.d, 2 + data.n + 2 * network.m) : data.n;
  const work = training.maxSteps * 2 * network.m * data.n * width;
  return work > MOST_WORK ? 'it would take long; --set makes it' : undefined;
}

/** Largest size of the vectors of a trial. */
const MOST_BYTES = 1e9;

/** A setting in which nothing is learned, and the trials that may show why. */
function trainsNothing(
  cell: Cell,
  record: RunRecord,
  key: StreamKey,
): { readonly sentence: string; readonly trials: readonly Trial[] } | undefined {
  const { training, data, network } = cell;
  const final = (sentence: string) => ({ sentence, trials: [] });
  if (training.maxSteps === 0) return final('Nothing was trained: training.maxSteps is 0.');
  const problem = drawProblem(cell, key);
  if (problem.sample.vectors.every((x) => x === 0) && !problem.network.bias)
    return final(
      data.mu === 0 && data.sigmaP === 0
        ? 'Nothing can be trained: data.mu and data.sigmaP are 0, so every input is 0.'
        : 'Nothing can be trained: every input is 0.',
    );
  if (record.outcome === 'cannot-interpolate')
    return final(`No network can fit it: equal inputs carry ${hasRealLabels(cell) ? 'different' : 'opposite'} labels.`);
  const { view, run } = trainCell({ ...cell, training: { ...training, maxSteps: 0 } }, problem);
  const [stuck, from] = [dead(problem, view), meanLoss(view, problem.sample, problem.loss)];
  run.end?.();
  if (stuck)
    return final(
      network.init === 'gaussian' && network.sigma0 === 0
        ? 'Nothing can be trained: network.sigma0 is 0, and at weights of 0 this activation has no slope.'
        : `Nothing can be trained: no ${network.depth > 2 ? 'unit of the last hidden layer' : 'filter'} is active on any input at the start, so no weight has a slope.`,
    );
  const to = record.values.trainLoss ?? NaN;
  if (!(Math.abs(to - from) <= NOTHING * from)) return undefined;
  if (record.steps === 0 && training.stop === 'loss')
    return final(`Nothing was trained: the loss is ${from} before the first step, at most training.epsilon.`);
  const change = Math.abs(to - from) / from;
  if (change === 0)
    return final(
      `Nothing was learned: in ${record.steps} steps the training loss stayed at ${from}; the steps of eta = ${training.eta} are lost in rounding, or no filter moves.`,
    );
  const power = Math.ceil(-log(change) / log(10));
  return {
    sentence: `Nothing was learned: ${record.steps} steps changed the training loss by a share of ${Number(change.toPrecision(1))}; eta = ${training.eta} is too small.`,
    trials: [stepSizeTrial(cell, 'larger', `10^${power} times`, Number(`1e${power}`))],
  };
}

/**
 * No gradient reaches a weight: where no pre-activation of the last hidden layer is positive and the negative side has no
 * slope.
 */
function dead({ network: { activation } }: Problem, view: TwoLayerView): boolean {
  const cut = activation.kind === 'power' || (activation.kind === 'piecewise-linear' && activation.leak === 0);
  const { preactivations } = view.stack?.layers.at(-1) ?? view;
  return cut && preactivations.every((h) => !(h > 0));
}
