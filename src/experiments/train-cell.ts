/** Trains the network of a cell: by its engine to its stop rule; gradient flow in halved steps until its outputs stay. */
import type { Keeper } from '../dynamics/checkpoint.ts';
import type { Problem, Run, SpanView } from '../dynamics/engine.ts';
import { MOST_FLOW_STEPS, MOST_HALVINGS, outputsApart, withHalvedSteps } from '../dynamics/flow.ts';
import { train, type Ending } from '../dynamics/train.ts';
import type { Cell } from './cell.ts';
import { ENGINES } from './engines.ts';

type Observe = (t: number, view: SpanView) => void;

/**
 * Trains; `observe` sees every multiple of `every`, and the end. Gradient flow is trained in halved steps until its
 * outputs stay; `observe` then sees each of these runs from its start on, the last one last, at times in units of eta.
 *
 * @param problem drawn for the cell by `drawProblem`
 * @param every number of steps, an integer >= 1
 */
export function trainCell(
  cell: Cell,
  problem: Problem,
  observe?: Observe,
  every = 1,
  keeper?: Keeper,
): { ending: Ending; view: SpanView; run: Run } {
  if (cell.training.rule === 'flow') return trainFlow(cell, problem, () => ({ every, ...(observe && { observe }) }));
  const run = ENGINES[cell.engine].start(problem);
  const ending = train(run, problem.sample, problem.loss, cell.training, observe, every, keeper);
  return { ending, view: run.view, run };
}

/** A run of gradient flow, in the steps in which it ended; the ending's steps are these. */
interface Flowed {
  readonly ending: Ending;
  readonly view: SpanView;
  readonly run: Run;
  readonly halvings: number;
  /** how far the last halving moved the training outputs, see `outputsApart` */
  readonly difference: number;
  /** by no more than training.flowTolerance */
  readonly resolved: boolean;
}

/**
 * Gradient flow: the run in steps of eta, eta/2, eta/4, ... over the same time, until the training outputs at its end
 * stay.
 *
 * @param watch is told of each run before its start, and says who sees it and how often, in units of eta
 */
export function trainFlow(
  cell: Cell,
  whole: Problem,
  watch: (finer: Cell, problem: Problem, halvings: number) => { readonly observe?: Observe; readonly every: number },
): Flowed {
  const { training } = cell;
  let before: Float64Array | undefined;
  for (let halvings = 0; ; halvings++) {
    const parts = 2 ** halvings;
    const problem = withHalvedSteps(whole, halvings);
    const finer: Cell = { ...cell, training: { ...training, maxSteps: training.maxSteps * parts } };
    const { observe, every } = watch(finer, problem, halvings);
    const run = ENGINES[cell.engine].start(problem);
    const see = observe && ((t: number, now: SpanView): void => observe(Math.ceil(t / parts), now));
    const ending = train(run, problem.sample, problem.loss, finer.training, see, every * parts);
    const { view } = run;
    const difference = before ? outputsApart(view.outputs, before) : NaN;
    const resolved = difference <= training.flowTolerance || training.maxSteps === 0;
    if (resolved || halvings === MOST_HALVINGS || 2 * parts * training.maxSteps > MOST_FLOW_STEPS)
      return { ending, view, run, halvings, difference, resolved };
    before = view.outputs.slice();
    run.end?.();
  }
}
