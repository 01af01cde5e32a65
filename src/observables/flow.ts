/** What a run of gradient flow says of its own limit (dynamics/flow.ts). */
import { observable, type FlowReport, type RunContext } from './observable.ts';

const of =
  (number: (flow: FlowReport) => number) =>
  ({ run }: { readonly run: RunContext }) =>
    run.flow ? number(run.flow) : NaN;

export const FLOW = {
  flowHalvings: observable(
    ['flow'],
    of(({ halvings }) => halvings),
  ),
  flowDifference: observable(
    ['flow'],
    of(({ difference }) => difference),
  ),
  slidingShare: observable(['flow', 'two-layer'], ({ run, view }) => run.flow?.sliding(view) ?? NaN),
} as const;
