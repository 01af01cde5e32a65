/**
 * Where the spread of Kou's runs comes from: data, flips or initialisation. The numbers of variance-split.md.
 *
 *   npm run build && node dist/validation/variance-split.js
 */
import { readFileSync } from 'node:fs';
import { parseSpec } from '../src/experiments/spec-text.ts';
import { buildCell, type Value } from '../src/experiments/cell.ts';
import { drawProblem, runCell, streamKey } from '../src/experiments/run.ts';
import { quantile } from '../src/core/statistics.ts';
import { varianceSplit } from '../src/experiments/variance-split.ts';
import { controlParameter } from '../src/core/control-parameter.ts';

const BLOCKS = 100;
const DRAWS = 300;
const FILE = 'validation/exponential-bound.yaml';
const spec = parseSpec(readFileSync(FILE, 'utf8'), FILE);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

say(
  '| flips | S | variance of ln(clean error) | data | flips | initialisation | data and flips | data and initialisation | flips and initialisation | all three |\n|---|---|---|---|---|---|---|---|---|---|',
);
for (const law of ['exact', 'probability'] as const) {
  for (const mu of [16, 28, 40]) {
    const cell = buildCell(new Map<string, Value>([...spec.values, ['data.flipLaw', law], ['data.mu', mu]]));
    const { components, total } = varianceSplit(cell, spec.seed, BLOCKS, 'testErrorClean', 'log');
    const share = (...of: string[]): string => {
      const { share: value, interval } = components.find((one) => one.of.join() === of.join())!;
      return `${value.toFixed(2)} (${interval!.map((x) => x.toFixed(2)).join(' to ')})`;
    };
    say(
      `| ${law} | ${controlParameter(cell.data).toPrecision(3)} | ${total.toPrecision(3)} | ${[['data'], ['flips'], ['init'], ['data', 'flips'], ['data', 'init'], ['flips', 'init'], ['data', 'flips', 'init']].map((of) => share(...of)).join(' | ')} |`,
    );
  }
}

// What in data and flips it is: the class that is heard least. A signal of class y is learned from n_y - k_y clean
// samples and unlearned from k_y flipped ones.
say(
  '\n| flips | S | least over classes of n_y − 2k_y | runs | median of the clean error | share of the variance of ln(clean error) between these groups |\n|---|---|---|---|---|---|',
);
for (const law of ['exact', 'probability'] as const) {
  const cell = buildCell(new Map<string, Value>([...spec.values, ['data.flipLaw', law], ['data.mu', 40]]));
  const groups = new Map<number, number[]>();
  for (let replicate = 0; replicate < DRAWS; replicate++) {
    const { labels, trueLabels } = drawProblem(cell, streamKey(cell, spec.seed, replicate)).sample;
    const heard = [1, -1].map((y) => trueLabels.reduce((sum, one, i) => sum + (one === y ? one * labels[i]! : 0), 0));
    const least = Math.min(...heard);
    groups.set(least, [...(groups.get(least) ?? []), runCell(cell, spec.seed, replicate).values.testErrorClean!]);
  }
  const logs = [...groups.values()].map((errors) => errors.map(Math.log));
  const mean = (x: readonly number[]): number => x.reduce((sum, one) => sum + one, 0) / x.length;
  const all = mean(logs.flat());
  const total = logs.flat().reduce((sum, one) => sum + (one - all) ** 2, 0);
  const between = logs.reduce((sum, group) => sum + group.length * (mean(group) - all) ** 2, 0);
  for (const [least, errors] of [...groups].sort(([a], [b]) => a - b))
    say(
      `| ${law} | ${controlParameter(cell.data).toPrecision(3)} | ${least} | ${errors.length} | ${quantile(errors, 0.5).toPrecision(2)} | ${(between / total).toFixed(2)} |`,
    );
}
