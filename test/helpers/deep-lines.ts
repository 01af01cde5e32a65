/** Tiny deep networks with every kind of layer, for the tests of lines. */
import { lawOf } from '../../src/data/sample.ts';
import type { Problem } from '../../src/dynamics/engine.ts';
import { deep } from './deep.ts';
import { normals } from './problems.ts';

/** Biases in every layer, and noise in two patches of three where asked for. */
export function shaped(problem: Problem, seed: number, two: boolean): Problem {
  const { init, network, sample } = problem;
  const { roles: _, ...bare } = sample;
  const bias = (length: number, at: number): Float64Array => normals(length, seed + at).map((x) => 0.3 * x);
  const law = lawOf(sample);
  const [one] = law.noisy;
  return {
    ...problem,
    network: { ...network, bias: true },
    init: {
      ...init,
      bias: bias(network.filters, 0),
      hidden: init.hidden!.map(({ weights, bias: { length } }, at) => ({ weights, bias: bias(length, at + 1) })),
    },
    // Both patches are noisy: one has the signal as well.
    ...(two && {
      sample: { ...bare, fresh: { ...law, noisy: [{ ...one!, patch: 0, projectedAxes: [] }, one!] } },
    }),
  };
}

export function* tiny(): Generator<{ name: string; problem: Problem }> {
  let seed = 700;
  for (const [depth, widths] of [
    [3, '4'],
    [4, '5,3'],
    [6, '3,4,4,2'],
  ] as const)
    for (const pool of ['first', 'last'] as const)
      for (const activation of ['relu', 'leaky-relu'] as const)
        for (const [two, pooling] of [
          [false, 'sum'],
          [true, 'mean'],
        ] as const) {
          const init = { law: 'gaussian', sigma0: 0.4, hidden: { law: 'gaussian', gain: 1.6 } } as const;
          const network = { m: 2, depth, widths, pool, activation, leak: 0.2, pooling, output: 'trained' } as const;
          const problem = shaped(deep(network, { init }, ++seed), (seed += 10), two);
          yield { name: `depth ${depth}, ${pool}, ${activation}, ${two ? 'two noises' : 'one'}`, problem };
        }
}
