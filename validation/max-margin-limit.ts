/**
 * The max-margin classifier in Karhadkar's setting: runs at finite n against the limit n, d -> infinity. The numbers
 * and the figure of max-margin-limit.md.
 *
 *   benign sweep validation/max-margin-limit.yaml --out DIR && node dist/validation/max-margin-limit.js DIR
 */
import { inCell, overRuns } from '../src/experiments/frame.ts';
import { loadResults } from '../src/cli/folder.ts';
import { writeFigures } from '../src/cli/outputs.ts';
import { fitLine, meanAndSe } from '../src/core/statistics.ts';
import { coordinates } from '../src/experiments/spec.ts';
import { seriesFigure, type Series } from '../src/figures/series.ts';
import { halfOf, LEVEL } from '../src/figures/spread.ts';
import { maxMarginLimit } from '../src/theory/max-margin-limit.ts';

const FLIP = 0.1;
const STRENGTH = 5;

const folder = process.argv[2]!;
const frame = loadResults(folder).frame();
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const [sizes, aspects] = frame.spec.axes.map(({ values }) => values as number[]) as [number[], number[]];

for (const [id, title] of [
  ['maxMarginError', 'clean test error'],
  ['maxMarginNorm', '‖w*‖/√n'],
] as const) {
  say(
    `\n## ${title}\n\n| d/n | ${sizes.map((n) => `n = ${n}`).join(' | ')} | n → ∞, from a + b/n | the limit | z |\n|${' --- |'.repeat(sizes.length + 4)}`,
  );
  let chiSquare = 0;
  for (const aspect of aspects) {
    const means = sizes.map((n) => {
      const at = frame.cells.findIndex((_, cell) => coordinates(frame.spec, cell).join() === [n, aspect].join());
      const { mean, se } = meanAndSe(inCell(frame, overRuns(frame, id), at));
      return id === 'maxMarginNorm' ? { mean: mean / Math.sqrt(n), se: se / Math.sqrt(n) } : { mean, se };
    });
    const fit = fitLine(
      sizes.map((n) => 1 / n),
      means.map(({ mean }) => mean),
      means.map(({ se }) => se),
    );
    const limit = maxMarginLimit({ aspect, strength: STRENGTH, flip: FLIP })!;
    const exact = id === 'maxMarginError' ? limit.error : limit.norm;
    const z = (fit.intercept - exact) / fit.interceptSe;
    chiSquare += z * z;
    say(
      `| ${aspect} | ${means.map(({ mean, se }) => `${mean.toPrecision(4)} ± ${se.toPrecision(1)}`).join(' | ')} | ${fit.intercept.toPrecision(4)} ± ${fit.interceptSe.toPrecision(1)} | ${exact.toPrecision(4)} | ${z.toFixed(1)} |`,
    );
  }
  say(`\nchi-square of the z: ${chiSquare.toFixed(1)} on ${aspects.length}`);
}

const curve = Array.from({ length: 120 }, (_, i) => 0.6 + (i * 5.6) / 119);
const series: Series[] = [
  {
    label: 'limit n, d → ∞',
    kind: 'line',
    points: curve.map((aspect) => ({
      x: aspect,
      y: maxMarginLimit({ aspect, strength: STRENGTH, flip: FLIP })!.error,
    })),
  },
  ...[sizes[0]!, sizes.at(-1)!].map((n): Series => ({
    label: `runs, n = ${n} (mean, ${LEVEL} interval)`,
    kind: 'points',
    points: aspects.map((aspect) => {
      const { mean, se } = meanAndSe(
        inCell(
          frame,
          overRuns(frame, 'maxMarginError'),
          frame.cells.findIndex((_, cell) => coordinates(frame.spec, cell).join() === [n, aspect].join()),
        ),
      );
      const half = halfOf(se, frame.spec.runs - 1);
      return { x: aspect, y: mean, low: mean - half, high: mean + half };
    }),
  })),
];
await writeFigures(folder, [
  seriesFigure(series, {
    name: 'max-margin-limit',
    title: 'The max-margin linear classifier: runs against the limit',
    subtitle: `Karhadkar's mixture, γ = ${STRENGTH}/n, k = ${FLIP} n, ${frame.spec.runs} runs a point`,
    x: { label: 'd/n' },
    y: { label: 'clean test error', log: true },
  }),
]);
