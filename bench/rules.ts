/**
 * Claims: what a step of each rule costs over one of descent, and over PyTorch's optimizer of that name. The kernel's
 * heavy ball and decay take at most 1.2 times descent's step, its batches less than 1.
 */
import { exp, log } from '../src/core/special.ts';
import { meanAndSe, quantile } from '../src/core/statistics.ts';
import { intervalOf } from '../src/core/verdict.ts';
import type { Problem } from '../src/dynamics/engine.ts';
import { train } from '../src/dynamics/train.ts';
import { buildCell } from '../src/experiments/cell.ts';
import { ENGINES } from '../src/experiments/engines.ts';
import { drawProblem, streamKey } from '../src/experiments/run.ts';
import { main, note, table, type Claim, type Options } from './claim.ts';
import { CURRENT, startPeer } from './peer.ts';

type Values = Readonly<Record<string, string | number>>;

const RULES = {
  descent: {},
  momentum: { rule: 'momentum' },
  decay: { weightDecay: 1e-3 },
  sgd: {},
  nesterov: { rule: 'nesterov' },
  adam: { rule: 'adam' },
  adamw: { rule: 'adamw', weightDecay: 1e-3 },
} as const satisfies Readonly<Record<string, Values>>;
type Rule = keyof typeof RULES;
/** Over descent's step, of those that the kernel takes. */
const BOUNDS: Readonly<Partial<Record<Rule, number>>> = { momentum: 1.2, decay: 1.2, sgd: 1 };

interface Setting {
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly network: Values;
  /** beside n and the dimension */
  readonly data?: Values;
  readonly rules: readonly Rule[];
  /** of one measurement */
  readonly steps: number;
  /** PyTorch makes as many steps of it */
  readonly peer?: number;
}

const D = 1000;
const KERNEL = ['descent', 'momentum', 'decay', 'sgd'] as const;
const SETTINGS: readonly Setting[] = [
  { name: 'shortest form', n: 20, m: 10, network: {}, rules: [...KERNEL, 'nesterov'], steps: 10_000, peer: 300 },
  { name: 'leaky ReLU', n: 20, m: 10, network: { activation: 'leaky-relu' }, rules: KERNEL, steps: 5000 },
  { name: 'both layers', n: 20, m: 10, network: { output: 'trained' }, rules: KERNEL, steps: 5000 },
  { name: 'shortest form', n: 200, m: 50, network: {}, rules: KERNEL, steps: 150 },
  { name: 'explicit vectors', n: 20, m: 10, network: {}, rules: ['descent', 'adam', 'adamw'], steps: 30, peer: 300 },
  {
    name: 'explicit vectors, noise on 100 coordinates',
    n: 200,
    m: 20,
    network: {},
    data: { noise: 'sparse', sparsity: 100 },
    rules: ['descent', 'adam', 'adamw'],
    steps: 30,
    peer: 300,
  },
];

function problemOf(
  { n, m, network, data = {}, rules }: Setting,
  rule: Rule,
): { readonly problem: Problem; readonly direct: boolean } {
  const direct = rules.includes('adam');
  const values: Values = {
    'data.n': n,
    'data.d': D,
    'data.mu': 4,
    'data.flip': 0.1,
    ...(direct && { 'data.draw': 'explicit', engine: 'direct', 'test.estimator': 'points' }),
    ...Object.fromEntries(Object.entries(data).map(([key, value]) => [`data.${key}`, value])),
    'network.m': m,
    'training.eta': 0.001,
    ...(rule === 'sgd' && { 'training.batch': n / 4 }),
    ...Object.fromEntries(Object.entries(network).map(([key, value]) => [`network.${key}`, value])),
    ...Object.fromEntries(Object.entries(RULES[rule]).map(([key, value]) => [`training.${key}`, value])),
  };
  const cell = buildCell(new Map(Object.entries(values)));
  return { problem: drawProblem(cell, streamKey(cell, 1, 0)), direct };
}

/** Microseconds of the processor a step, of whole training without the draw. */
function stepOf({ problem, direct }: ReturnType<typeof problemOf>, steps: number): number {
  const run = ENGINES[direct ? 'direct' : 'gram'].start(problem);
  const before = process.cpuUsage();
  train(run, problem.sample, problem.loss, { stop: 'steps', epsilon: 0, maxSteps: steps });
  const { user, system } = process.cpuUsage(before);
  run.end?.();
  return (user + system) / steps;
}

export async function rules({ quick }: Options): Promise<Claim> {
  const turns = quick ? 3 : 21;
  const peer = await startPeer<{ readonly versions: readonly string[] }>('rules_torch.py', [], 1, CURRENT);
  const rows: string[][] = [];
  let holds = true;
  for (const setting of SETTINGS) {
    const { name, n, m, steps } = setting;
    note(`rules: ${name}, n = ${n}, ${turns} turns`);
    const problems = setting.rules.map((rule) => problemOf(setting, rule));
    const times = setting.rules.map((): number[] => []);
    const theirs = setting.rules.map((): number[] => []);
    for (let turn = -1; turn < turns; turn++)
      for (const [at, problem] of problems.entries()) {
        const ours = stepOf(problem, steps);
        if (turn < 0) continue;
        times[at]!.push(ours);
        if (typeof peer === 'string' || setting.peer === undefined || turn >= 5) continue;
        const said = await peer.ask([setting.rules[at], n, m, D, setting.peer].join(' '));
        theirs[at]!.push((said as { readonly microseconds: number }).microseconds);
      }
    for (const [at, rule] of setting.rules.entries()) {
      const { mean, se } = meanAndSe(times[at]!.map((time, turn) => log(time / times[0]![turn]!)));
      const { low, high } = intervalOf({ value: mean, se, freedom: turns - 1 }, 0.05);
      const bound = setting.rules.includes('adam') ? undefined : BOUNDS[rule];
      if (bound !== undefined && exp(high) > bound) holds = false;
      const torch = theirs[at]!.length > 0 ? quantile(theirs[at]!, 0.5) : undefined;
      const ours = quantile(times[at]!, 0.5);
      rows.push([
        at === 0 ? `${name}, n = ${n}, m = ${m}` : '',
        rule,
        ours.toFixed(2),
        at === 0 ? '1' : `${exp(mean).toFixed(2)} [${exp(low).toFixed(2)}, ${exp(high).toFixed(2)}]`,
        bound === undefined ? '' : String(bound),
        torch === undefined ? '' : torch.toFixed(0),
        torch === undefined ? '' : `**${(torch / ours).toPrecision(3)}**`,
      ]);
    }
  }
  if (typeof peer !== 'string') peer.end();
  return {
    title: 'A step of each rule',
    text: [
      table(['setting', 'rule', 'µs a step', 'over descent', 'bound', 'PyTorch, µs a step', 'PyTorch / ours'], rows),
      `Logistic loss, d = ${D}, one thread, processor time, whole training without the draw: medians over ${turns} turns in which the rules follow each other; ratios are geometric means of those in one turn, with 95 % intervals, and a bound holds when the interval ends below it. sgd is descent in batches of n/4 without replacement. In the span (all but the last rows) no step costs more in a larger dimension. nesterov, adam and adamw run in TypeScript. PyTorch (float32, autograd, its own optimizer): medians over 5 turns.${typeof peer === 'string' ? ` ${peer}` : ''}`,
    ].join('\n\n'),
    holds,
    ...(typeof peer !== 'string' && { versions: peer.about.versions }),
  };
}

await main(import.meta.url, rules);
