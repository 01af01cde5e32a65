/** The phases in WebAssembly give the bits of their reference. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frozenKernel } from '../../src/dynamics/frozen-kernel.ts';
import { frozen } from '../../src/dynamics/frozen.ts';
import type { StopParameters } from '../../src/dynamics/stop.ts';
import { history, sameInTurns } from '../helpers/histories.ts';
import { key, makeProblem } from '../helpers/problems.ts';

test('the kernel gives the bits of the reference: every state, every count, every ending', (t) => {
  let runs = 0;
  let [on, plain, flips] = [0, 0, 0];
  let seed = 500;
  for (const activation of ['relu', 'leaky-relu'] as const)
    for (const bias of [false, true])
      for (const pooling of ['sum', 'mean'] as const)
        for (const n of [1, 7, 8, 20])
          for (const stop of ['steps', 'loss', 'zero-error'] as const) {
            seed++;
            const problem = makeProblem(
              {
                data: { n, d: [400, 40, 6][seed % 3], mu: 2, flip: 0.2, projected: seed % 2 === 0 },
                network: {
                  activation,
                  leak: 0.2,
                  m: 2 + (seed % 4),
                  pooling,
                  bias,
                  outputScale: (['1/m', '1', '1/sqrt(m)'] as const)[seed % 3],
                },
                init: bias ? { law: 'pytorch-gaussian', sigma0: 0 } : { law: 'gaussian', sigma0: 0.1 },
                stepPerSample: [0.01, 0.2, 2][(seed >> 1) % 3] / n,
              },
              key(seed),
            );
            const rule: StopParameters = { stop, epsilon: 0.05, maxSteps: 700 };
            const reference = history(frozen.start(problem), problem, rule, 130);
            const ours = history(frozenKernel.start(problem), problem, rule, 130);
            assert.deepEqual(ours, reference, `seed ${seed}`);
            assert.deepEqual(history(frozenKernel.start(problem), problem, rule, 1).ending, reference.ending);
            runs++;
            on += ours.counters.frozen;
            plain += ours.counters.plain;
            flips += ours.counters.flips;
          }
  t.diagnostic(`${runs} runs, ${on} steps on the outputs alone, ${plain} plain, ${flips} sign changes`);
  assert.ok(on > 10_000 && flips > 10_000 && plain > 1000);
});

test('runs that blow up end alike, and so do those whose exponentials overflow', () => {
  let largest = 0;
  for (const stepPerSample of [50, 1e4, 1e300]) {
    const problem = makeProblem(
      { data: { n: 6, d: 30 }, network: { activation: 'leaky-relu', outputScale: '1' }, stepPerSample },
      key(600),
    );
    const rule: StopParameters = { stop: 'steps', epsilon: 0.01, maxSteps: 50 };
    const reference = history(frozen.start(problem), problem, rule, 10);
    assert.deepEqual(history(frozenKernel.start(problem), problem, rule, 10), reference);
    if (stepPerSample < 1e300)
      largest = Math.max(
        largest,
        ...reference.states.flatMap(({ shown }) => [...new Float64Array(shown.outputs.buffer)].map(Math.abs)),
      );
  }
  assert.ok(largest > 1000 && largest < Infinity);
});

test('two runs may share the thread', () => {
  sameInTurns(
    frozenKernel,
    [1, 2].map((at) => makeProblem({ data: { n: 9, d: 100, flip: 0.1 }, stepPerSample: 0.002 }, key(601, at))),
  );
});
