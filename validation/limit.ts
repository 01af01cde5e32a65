/**
 * Where long runs go: the direction of the first layer against the kernel max-margin solution of its frozen patterns.
 * The numbers of limit.md.
 *
 *   npm run build && node dist/validation/limit.js
 */
import { buildCell, type Value } from '../src/experiments/cell.ts';
import { drawProblem, streamKey } from '../src/experiments/run.ts';
import { trainCell } from '../src/experiments/train-cell.ts';
import { frozenLimit } from '../src/observables/limit.ts';

const TIMES = [1e2, 1e3, 1e4, 1e5, 1e6];
const CASES: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  'leaky ReLU, d = 10,000, ‖μ‖ = 12': { 'data.d': 10000, 'data.mu': 12, 'network.activation': 'leaky-relu' },
  'leaky ReLU, d = 10,000, ‖μ‖ = 2': { 'data.d': 10000, 'data.mu': 2, 'network.activation': 'leaky-relu' },
  'leaky ReLU, d = 400, ‖μ‖ = 4': { 'data.d': 400, 'data.mu': 4, 'network.activation': 'leaky-relu' },
  'leaky ReLU, one patch, d = 2,000, ‖μ‖ = 5': {
    'data.model': 'mixture',
    'data.d': 2000,
    'data.mu': 5,
    'network.activation': 'leaky-relu',
  },
  'ReLU, d = 10,000, ‖μ‖ = 12': { 'data.d': 10000, 'data.mu': 12, 'training.maxSteps': 1e5 },
};
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

say(
  '| case | replicate | t | patterns changed since the line above | margin over that of the limit | cos(W, W*) | alignment with −∇L | slackness | pre-activations of W* on the other side | support |\n|---|---|---|---|---|---|---|---|---|---|',
);
for (const [name, values] of Object.entries(CASES)) {
  for (const replicate of [0, 1]) {
    const cell = buildCell(
      new Map<string, Value>(
        Object.entries({
          'data.n': 20,
          'data.flip': 0.1,
          'network.m': 10,
          'network.sigma0': 0.01,
          'network.sigma0Unit': '1/(sigmaP*sqrt(d))',
          'training.eta': 0.5,
          'training.etaUnit': 'n*m/(sigmaP^2*d)',
          'training.maxSteps': TIMES.at(-1)!,
          engine: 'gram-frozen',
          ...values,
        }),
      ),
    );
    const problem = drawProblem(cell, streamKey(cell, 1, replicate));
    let patterns = new Uint8Array(0);
    let inverse = NaN;
    let ratio = NaN;
    let extrapolated = NaN;
    const { run } = trainCell(
      cell,
      problem,
      (t, view) => {
        if (!TIMES.includes(t)) return;
        const now = Uint8Array.from(view.preactivations, (h) => (h > 0 ? 1 : 0));
        const changed = patterns.length
          ? now.reduce((count, bit, at) => count + (bit === patterns[at] ? 0 : 1), 0)
          : NaN;
        patterns = now;
        const limit = frozenLimit(view, problem);
        if (!limit) return void say(`| ${name} | ${replicate} | ${t} | ${changed} | no limit | | | | | |`);
        const share = limit.margin / limit.limitMargin;
        // the least margin is ‖W‖ / ‖W*‖ minus what stays bounded, so the ratio is straight in 1/‖W‖
        extrapolated = share - (share - ratio) / (1 / limit.norm - inverse) / limit.norm;
        [ratio, inverse] = [share, 1 / limit.norm];
        say(
          `| ${name} | ${replicate} | ${t} | ${changed} | ${share.toFixed(4)} | ${limit.cosine.toFixed(6)} | ${limit.alignment.toFixed(6)} | ${limit.slackness.toExponential(1)} | ${limit.broken} | ${limit.support} |`,
        );
      },
      100,
    );
    run.end?.();
    say(`| ${name} | ${replicate} | → ∞ | | ${extrapolated.toFixed(4)} | | | | | |`);
  }
}
