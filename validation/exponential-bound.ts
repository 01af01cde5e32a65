/**
 * Theorem 4.2 of Kou et al. 2023 (as commonly cited) on quantiles over draws, down to errors of 1e-10: the numbers and
 * the figure of exponential-bound.md.
 *
 *   benign sweep validation/exponential-bound.yaml --out DIR && node dist/validation/exponential-bound.js DIR
 */
import { overRuns } from '../src/experiments/frame.ts';
import { writeFigures } from '../src/cli/outputs.ts';
import { loadResults } from '../src/cli/folder.ts';
import { normalTail } from '../src/core/special.ts';
import { meanAndSe, quantile } from '../src/core/statistics.ts';
import { seriesFigure, type Series } from '../src/figures/series.ts';
import { halfOf, LEVEL } from '../src/figures/spread.ts';
import { controlParameter } from '../src/core/control-parameter.ts';
import { exponentialBound, type Constant } from '../src/verification/exponential-bound.ts';

const DELTA = 0.1;
const FLOOR = 1e-10;
const RANGES = [
  [FLOOR, 1e-2],
  [1e-5, 1e-2],
  [FLOOR, 1e-5],
] as const;

const folder = process.argv[2]!;
const frame = loadResults(folder).frame();
if (!frame.complete) throw new Error(`${folder} lacks runs`);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const shown = ({ value, interval }: Constant, digits = 3): string =>
  `${value === null ? 'not seen' : value.toPrecision(digits)}${interval ? ` (${interval.map((x) => x.toPrecision(digits)).join(' to ')})` : ''}`;

for (const law of ['exact', 'probability'] as const) {
  const cells = frame.cells.flatMap((cell, at) => (cell.data.flipLaw === law ? [at] : []));
  const S = cells.map((at) => controlParameter(frame.cells[at]!.data));
  const { n, flip, flips } = frame.cells[cells[0]!]!.data;
  const draws = (id: 'testErrorClean' | 'averagingError'): number[][] =>
    Array.from({ length: frame.spec.runs }, (_, replicate) =>
      cells.map((at) => overRuns(frame, id)[frame.runs.start[at]! + replicate]!),
    );
  const errors = draws('testErrorClean');
  const upper = S.map((_, c) =>
    quantile(
      errors.map((draw) => draw[c]!),
      1 - DELTA,
    ),
  );
  const median = S.map((_, c) =>
    quantile(
      errors.map((draw) => draw[c]!),
      0.5,
    ),
  );
  const mean = S.map((_, c) => meanAndSe(errors.map((draw) => draw[c]!)));
  const averaging = S.map((_, c) =>
    quantile(
      draws('averagingError').map((draw) => draw[c]!),
      1 - DELTA,
    ),
  );
  // k of the (1 - delta)-quantile: 2 flips, or 4 of Binomial(20, 0.1)
  const k = law === 'exact' ? flips : 4;
  const free = S.map((s) => normalTail((1 - (2 * k) / n) * Math.sqrt(s)));

  say(`\n## ${law === 'exact' ? `k = ${flips} flips` : `flips with probability ${flip}`}\n`);
  say(
    '| quantiles in the slope | C_2 by the slope | C_1 given it | least C_2 that holds everywhere | C_3 |\n|---|---|---|---|---|',
  );
  for (const range of RANGES) {
    const { c2, c1, everywhere, c3 } = exponentialBound(S, errors, { delta: DELTA, flip, range, seed: 1 });
    say(`| ${range.join(' to ')} | ${shown(c2)} | ${shown(c1)} | ${shown(everywhere)} | ${shown(c3)} |`);
  }
  say(
    `\n| S | median | ${1 - DELTA}-quantile | mean ± SE | averaging, ${1 - DELTA}-quantile | Φ(−(1−2k/n)√S), k = ${k} |\n|---|---|---|---|---|---|`,
  );
  S.forEach((s, c) =>
    say(
      `| ${[s, median[c]!, upper[c]!].map((x) => x.toPrecision(3)).join(' | ')} | ${mean[c]!.mean.toPrecision(3)} ± ${mean[c]!.se.toPrecision(1)} | ${averaging[c]!.toPrecision(3)} | ${free[c]!.toPrecision(3)} |`,
    ),
  );

  const { everywhere, c2 } = exponentialBound(S, errors, { delta: DELTA, flip, range: RANGES[0], seed: 1 });
  const order = (level: number): number => Math.round(level * (frame.spec.runs - 1));
  const series: Series[] = [
    {
      label: `network, ${1 - DELTA}-quantile over draws (95 % interval by order statistics)`,
      kind: 'points',
      points: S.map((x, c) => {
        const sorted = errors.map((draw) => draw[c]!).sort((a, b) => a - b);
        const half = 1.96 * Math.sqrt((DELTA * (1 - DELTA)) / sorted.length);
        return {
          x,
          y: upper[c]!,
          low: sorted[order(1 - DELTA - half)]!,
          high: sorted[order(Math.min(1, 1 - DELTA + half))]!,
        };
      }),
    },
    { label: 'network, median', kind: 'points', points: S.map((x, c) => ({ x, y: median[c]! })) },
    {
      label: `network, mean (${LEVEL} interval)`,
      kind: 'points',
      points: S.map((x, c) => ({
        x,
        y: mean[c]!.mean,
        low: mean[c]!.mean - halfOf(mean[c]!.se, frame.spec.runs - 1),
        high: mean[c]!.mean + halfOf(mean[c]!.se, frame.spec.runs - 1),
      })),
    },
    {
      label: `averaging classifier Φ(−(1−2k/n)√S), k = ${k}: no free constant`,
      kind: 'line',
      points: S.map((x, c) => ({ x, y: free[c]! })),
    },
    {
      label: `exp(−S/C_2)/(1−2p), C_2 = ${everywhere.value!.toPrecision(3)}, the least that holds everywhere`,
      kind: 'line',
      points: S.map((x) => ({ x, y: Math.exp(-x / everywhere.value!) / (1 - 2 * flip) })),
    },
  ];
  await writeFigures(folder, [
    seriesFigure(series, {
      name: `exponential-bound-${law}`,
      title: 'The exponential bound, where plain Monte Carlo is blind',
      subtitle: `Kou's model, n = ${n}, d = 10^{6}, m = 10, ${law === 'exact' ? `k = ${flips}` : `p = ${flip}`}, loss 0.01, ${frame.spec.runs} draws; slope gives C_2 = ${shown(c2)}`,
      x: { label: 'S = n‖μ‖⁴/(σ_p⁴d)' },
      y: { label: 'clean test error', log: true, floor: 1e-14 },
    }),
  ]);
}
say(`\nfigures: ${folder}/figures/exponential-bound-*.png`);
