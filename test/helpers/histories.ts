/** Runs told in bits: what two engines that are the same algorithm must agree on. */
import assert from 'node:assert/strict';
import type { Engine, Problem, Run, SpanView } from '../../src/dynamics/engine.ts';
import type { StopParameters } from '../../src/dynamics/stop.ts';
import { train, type Ending } from '../../src/dynamics/train.ts';

type Bits = Readonly<Record<string, BigUint64Array>>;

/** Everything a view shows, with the bits of every number; which NaN it is says nothing. */
export function bits(view: SpanView): Bits {
  const words = (x: Float64Array): BigUint64Array =>
    new BigUint64Array(x.map((one) => (Number.isNaN(one) ? NaN : one)).buffer);
  return {
    outputs: words(view.outputs),
    preactivations: words(view.preactivations),
    coefficients: words(view.coefficients),
    bias: words(view.bias),
    outputWeights: words(view.outputWeights),
    products: words(view.products()),
    weights: words(view.weights().rows),
  };
}

export interface History<Counters> {
  readonly ending: Ending;
  readonly counters: Counters;
  /** at every time that `observe` sees */
  readonly states: readonly { readonly t: number; readonly shown: Bits }[];
  readonly end: Bits;
}

/** Trains a run to its end; `counters` are those of the engines that have some. */
export function history<Counters = undefined>(
  run: Run & { readonly counters?: Counters },
  problem: Problem,
  rule: StopParameters,
  every: number,
  observed?: () => void,
): History<Counters> {
  const states: { t: number; shown: Bits }[] = [];
  const ending = train(
    run,
    problem.sample,
    problem.loss,
    rule,
    (t, view) => {
      observed?.();
      states.push({ t, shown: bits(view) });
    },
    every,
  );
  return { ending, counters: { ...run.counters } as Counters, states, end: bits(run.view) };
}

/** Runs that advance in turns end as they do alone. */
export function sameInTurns(engine: Engine, problems: readonly Problem[]): void {
  const rule: StopParameters = { stop: 'steps', epsilon: 0.01, maxSteps: 300 };
  const alone = problems.map((problem) => history(engine.start(problem), problem, rule, 300).end);
  const runs = problems.map((problem) => engine.start(problem));
  for (let until = 0; until <= 300; until += 50) for (const run of runs) run.advance!(rule, until);
  assert.deepEqual(
    runs.map((run) => bits(run.view)),
    alone,
  );
}
