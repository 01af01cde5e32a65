/** Deep networks for the tests. */
import type { LayeredView, Problem, Run, StackView } from '../../src/dynamics/engine.ts';
import { inBatches } from '../../src/dynamics/steps/batches.ts';
import { allSamples, type Puller } from '../../src/dynamics/steps/puller.ts';
import { DATA, key, makeProblem, type Setup } from './problems.ts';

/** A problem with other weights in some of its layers, by what makes them anew: 1 the filters, L the output. */
export function withLayers(
  problem: Problem,
  layers: Readonly<Record<number, (w: Float64Array) => Float64Array>>,
): Problem {
  const { init, network } = problem;
  const hidden = init.hidden!;
  const L = hidden.length + 2;
  const made = (layer: number, w: Float64Array): Float64Array => layers[layer]?.(w) ?? w;
  return {
    ...problem,
    network: { ...network, outputWeights: made(L, network.outputWeights) },
    init: {
      ...init,
      rows: made(1, init.rows),
      hidden: hidden.map(({ weights, bias }, at) => ({ weights: made(at + 2, weights), bias })),
    },
  };
}

export const stackOf = (run: Run): StackView => (run.view as LayeredView).stack!;

/** Copies of W_1, ..., W_(L-1) and of v. */
export function layersNow(run: Run, { network }: Problem): Float64Array[] {
  const { layers, outputWeights } = stackOf(run);
  return [
    ...layers.map(({ weights }) => weights().slice()),
    outputWeights.map((a, u) => (network.classes[u]! * a) / network.outputUnit),
  ];
}

/** A problem of three layers and more, of small filters and hidden weights. */
export const deep = (network: Setup['network'], more: Omit<Setup, 'network'> = {}, seed = 1): Problem =>
  makeProblem(
    {
      network: { m: 3, depth: 3, ...network },
      ...more,
      init: more.init ?? { law: 'gaussian', sigma0: 0.2, hidden: { law: 'gaussian', gain: 1 } },
    },
    key(seed),
  );

/** Batches of its samples. */
export const batches = (batch: number, replacement: boolean, labels: Puller = allSamples): Puller =>
  inBatches(labels, { n: DATA.n, batch, replacement, reduction: 'mean' }, key(3));

/** Values of a small cell, by path. */
export const SMALL_CELL = {
  'data.n': 12,
  'data.d': 40,
  'data.mu': 1.5,
  'data.flip': 0.1,
  'network.m': 3,
  'network.sigma0': 0.2,
  'training.eta': 0.5,
  'training.maxSteps': 40,
  'test.estimator': 'points',
} as const;
