/**
 * Is label noise better on MNIST "across all configurations" (Huang et al. 2025, G.2)? Numbers and figure of
 * label-noise-map.md, from result folders: curves over steps of those with one setting, words for the others.
 *
 *   benign reproduce huang-2025/mnist --data FOLDER --out CURVES
 *   benign sweep validation/label-noise-map.yaml --data FOLDER --out MAP
 *   benign sweep validation/label-noise-corners.yaml --data FOLDER --reuse MAP --out CORNERS
 *   node dist/validation/label-noise-map.js CURVES MAP CORNERS
 *
 * Every sweep goes on where it was; what is there is judged.
 */
import { writeFigures } from '../src/cli/outputs.ts';
import { loadResults, openFolder } from '../src/cli/folder.ts';
import { meanAndSe } from '../src/core/statistics.ts';
import { ALPHA, intervalOf, together } from '../src/core/verdict.ts';
import type { RunRecord } from '../src/experiments/record.ts';
import { Results } from '../src/experiments/results.ts';
import { seriesFigure, type Series } from '../src/figures/series.ts';
import { LEVEL } from '../src/figures/spread.ts';
import { readRecords } from '../src/sweeps/node/store.ts';
import { agreement } from '../src/verification/agreement.ts';
import type { Check } from '../src/verification/check.ts';

const LABEL_NOISE = [0, 0.15] as const;
const CONFIGURATIONS = 13;
/** Fewer say nothing: two differences of so many test points may be alike by chance, and then have no spread. */
const LEAST_DRAWS = 5;

const say = (line = ''): boolean => process.stdout.write(`${line}\n`);
const shown = (x: number): string => x.toFixed(3);

/** Mean with its interval of coverage 95 %, each step for itself. */
const at95 = (values: readonly number[]) => {
  const { mean, se } = meanAndSe(values);
  return { mean, ...intervalOf({ value: mean, se, freedom: values.length - 1 }, ALPHA) };
};

async function curves(folder: string): Promise<void> {
  const spec = openFolder(folder);
  const results = new Results(spec);
  const longest = Math.max(...results.cells.map(({ training }) => training.maxSteps));
  /** Error by label noise, replicate and step. */
  const byDraw = new Map<number, Map<number, Map<number, number>>>(LABEL_NOISE.map((p) => [p, new Map()]));
  let steps: readonly number[] = [];
  readRecords(folder, (record: RunRecord) => {
    const at = results.cellOf(record);
    results.take(record);
    const { step, testErrorClean } = record.series ?? {};
    if (at === undefined || !step || !testErrorClean) return;
    const { labelNoise, maxSteps } = results.cells[at]!.training;
    if (maxSteps !== longest) return;
    steps = step.map(Number);
    byDraw.get(labelNoise)!.set(record.replicate, new Map(steps.map((one, i) => [one, Number(testErrorClean[i])])));
  });
  const [plain, noisy] = [byDraw.get(LABEL_NOISE[0])!, byDraw.get(LABEL_NOISE[1])!];
  const both = [...plain.keys()].filter((replicate) => noisy.has(replicate)).sort((a, b) => a - b);
  say(`\n## Over steps: ${both.length} draws\n`);
  say('| steps | without label noise | with | difference, draw by draw |\n|---|---|---|---|');
  const of = (draws: Draws, step: number): number[] => both.map((replicate) => draws.get(replicate)!.get(step)!);
  const cell = ({ mean, low, high }: ReturnType<typeof at95>): string =>
    `${shown(mean)} [${shown(low)}, ${shown(high)}]`;
  for (const step of steps.filter((one) => one % 20_000 === 0 || one === 4000)) {
    const [a, b] = [of(plain, step), of(noisy, step)];
    say(
      `| ${step.toLocaleString('en')} | ${cell(at95(a))} | ${cell(at95(b))} | ${cell(at95(a.map((x, i) => x - b[i]!)))} |`,
    );
  }
  const series = (
    [
      ['without label noise', plain],
      ['with label noise, p = .15', noisy],
    ] as const
  ).map(([label, draws]): Series => ({
    label,
    kind: 'line',
    points: steps.map((x) => {
      const { mean, low, high } = at95(of(draws, x));
      return { x, y: mean, low: Math.max(0, low), high };
    }),
  }));
  await writeFigures(folder, [
    seriesFigure(series, {
      name: 'label-noise-over-steps',
      title: 'Zeros against ones of MNIST with a noisy border',
      subtitle: `pixels divided by 80, noise of σ_p = 5, n = 100, ${both.length} draws; bands: ${LEVEL} of the mean, each step for itself`,
      x: { label: 'step' },
      y: { label: 'test error' },
    }),
  ]);
}
type Draws = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** Each configuration: the error without label noise less that with it, draw by draw, above 0. */
function words(folder: string) {
  const frame = loadResults(folder).frame();
  const configurations = [...new Set(frame.cells.map(({ data: { divisor, sigmaP } }) => `${divisor} ${sigmaP}`))];
  return configurations.map((one) => {
    const [divisor, sigmaP] = one.split(' ').map(Number) as [number, number];
    const check: Check = {
      kind: 'paired',
      id: one,
      says: `divisor ${divisor}, σ_p = ${sigmaP}`,
      of: 'testErrorClean',
      a: { divisor, sigmaP, labelNoise: LABEL_NOISE[0] },
      b: { divisor, sigmaP, labelNoise: LABEL_NOISE[1] },
      above: 0,
    };
    const [comparison] = agreement(frame, [check], { verdicts: CONFIGURATIONS }).comparisons;
    const errors = LABEL_NOISE.map((labelNoise) => {
      const cell = frame.cells.findIndex(
        ({ data, training }) =>
          data.divisor === divisor && data.sigmaP === sigmaP && training.labelNoise === labelNoise,
      );
      const { values: all, start } = frame.runs;
      const values = Array.from(all['testErrorClean']!.subarray(start[cell]!, start[cell + 1]!));
      return { runs: values.length, mean: values.reduce((sum, x) => sum + x, 0) / values.length };
    });
    const enough = errors.every(({ runs }) => runs >= LEAST_DRAWS);
    return {
      divisor,
      sigmaP,
      comparison: enough ? comparison! : { ...comparison!, interval: null, verdict: 'undecided' as const },
      errors,
    };
  });
}

const [first, ...maps] = process.argv.slice(2);
if (first === undefined) throw new Error('label-noise-map.js CURVES [MAP [CORNERS]]');
await curves(first);
const all = maps.flatMap((folder) => words(folder).map((one) => ({ ...one, folder })));
say(
  `\n## Configurations: ${CONFIGURATIONS} words that are all right with probability .95 (the first look spends its part)\n`,
);
say(
  '| divisor | σ_p | draws | without label noise | with | difference | interval | label noise is better |\n|---|---|---|---|---|---|---|---|',
);
for (const { divisor, sigmaP, comparison, errors } of all) {
  const { ours, interval, verdict } = comparison;
  const [a, b] = errors as [(typeof errors)[number], (typeof errors)[number]];
  say(
    `| ${divisor} | ${sigmaP} | ${Math.min(a.runs, b.runs)} | ${a.runs > 0 ? shown(a.mean) : ''} | ${b.runs > 0 ? shown(b.mean) : ''} | ${ours === null ? '' : shown(ours)} | ${interval ? `[${shown(interval.low)}, ${shown(interval.high)}]` : ''} | ${verdict} |`,
  );
}
const verdicts = all.flatMap(({ comparison: { verdict } }) => (verdict === 'not-applicable' ? [] : [verdict]));
if (verdicts.length > 0) say(`\nIn all ${verdicts.length} configurations: ${together(verdicts)}`);
