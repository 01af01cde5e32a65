/** Views: what is drawn is what the runs say, told apart by what they differ in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { UserError } from '../../src/errors.ts';
import { inCell, overRuns, type Frame } from '../../src/experiments/frame.ts';
import { parseSpec } from '../../src/experiments/spec-text.ts';
import type { PlotView } from '../../src/experiments/view.ts';
import { sourceOf, type Figure } from '../../src/figures/figure.ts';
import { viewFigure, viewsOf } from '../../src/reproduction/view-figure.ts';
import { beyondScale, drawn as rendered, sweep } from '../figures/sweeps.ts';
import { ROUNDING, TWELVE_DIGITS } from '../tolerances.ts';

const base = {
  network: { m: 4, outputScale: '1', init: 'pytorch-gaussian' },
  training: { maxSteps: 20 },
  test: { lines: 4, shifts: 4 },
};
const nd = sweep({
  ...base,
  name: 'nd',
  data: { mu: 6, flip: 0.1 },
  axes: { 'data.n': [8, 16], 'data.d': [50, 100, 200, 400] },
  record: { values: ['maxMarginError', 'averagingError', 'bayesError'] },
  runs: 4,
});
const ms = sweep({
  ...base,
  name: 'ms',
  network: { outputScale: '1', init: 'pytorch-gaussian' },
  data: { mu: 6, n: 8, flip: 0.1 },
  axes: { 'network.m': [3, 6], 'data.d': [50, 100, 200, 400] },
  runs: 3,
});

const draw = (view: PlotView, frames: readonly Frame[] = [nd], names: readonly string[] = []): Figure =>
  viewFigure(frames, view, { names });

/** The plotted numbers as objects. */
const rowsOf = ({ numbers }: Figure): Record<string, unknown>[] =>
  numbers!.rows.map((row) => Object.fromEntries(numbers!.columns.map((name, at) => [name, row[at]])));

/** Names of a legend, by the field of its channel. */
function legend(figure: Figure, field: 'colour' | 'sign'): string[] {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { field: of, scale } = node as { field?: string; scale?: { domain?: string[] } };
    if (of === field) for (const name of scale?.domain ?? []) found.add(name);
    Object.values(node).forEach(walk);
  };
  walk(figure.spec);
  return [...found];
}

/** The words of a picture, whatever their lines. */
const words = (svg: string): string => svg.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

const refused = (work: () => unknown, expected: RegExp): void =>
  assert.throws(work, (error: unknown) => error instanceof UserError && expected.test(error.message), String(expected));

test('a mean and its 95 % interval over S are those of the runs', async () => {
  const figure = draw({ x: 'S', y: 'testErrorClean', color: 'n' });
  const rows = rowsOf(figure);
  assert.deepEqual(Object.keys(rows[0]!), [
    'n',
    'S',
    'd',
    'testErrorClean',
    'testErrorCleanLow',
    'testErrorCleanHigh',
    'runs',
  ]);
  assert.equal(rows.length, 8);
  for (const { n, d, S, testErrorClean, testErrorCleanLow, testErrorCleanHigh, runs } of rows as Record<
    string,
    number
  >[]) {
    const at = nd.cells.findIndex(({ data }) => data.n === n && data.d === d);
    const errors = inCell(nd, overRuns(nd, 'testErrorClean'), at);
    const mean = errors.reduce((sum, x) => sum + x, 0) / errors.length;
    const sd = Math.sqrt(errors.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (errors.length - 1));
    const half = (tQuantile(0.975, errors.length - 1) * sd) / Math.sqrt(errors.length);
    assert.equal(runs, 4);
    assert.ok(Math.abs(S! - (n! * 1296) / d!) <= TWELVE_DIGITS * S!);
    assert.ok(Math.abs(testErrorClean! - mean) <= ROUNDING);
    assert.ok(Math.abs(testErrorCleanHigh! - Math.min(1, mean + half)) <= ROUNDING);
    assert.ok(Math.abs(testErrorCleanLow! - Math.max(0, mean - half)) <= ROUNDING, 'no share lies below 0');
  }
  assert.equal(figure.name, 'testErrorClean-against-S-by-n');
  assert.deepEqual(legend(figure, 'colour'), ['n = 8', 'n = 16']);
  const svg = await rendered(figure);
  for (const word of ['S = n‖μ‖⁴/(σₚ⁴d)', 'nd: clean test error against S', '4 runs a cell', 'seed 1', '‖μ‖ = 6'])
    assert.ok(svg.includes(word), word);
  assert.deepEqual(beyondScale(figure), []);
});

test('a formula is the quantity that it writes; S of the table is the same', () => {
  const [named, written] = [draw({ x: 'S', color: 'n' }), draw({ x: 'n*mu^4/(sigmaP^4*d)', color: 'n' })].map(rowsOf);
  written!.forEach((row, i) =>
    assert.ok(
      Math.abs((row['n*mu^4/(sigmaP^4*d)'] as number) - (named![i]!['S'] as number)) <=
        TWELVE_DIGITS * (named![i]!['S'] as number),
    ),
  );
  nd.cells.forEach(({ data: { n, d } }, at) => {
    const [S, SNR] = [nd.columns['S']![at], nd.columns['SNR']![at]] as number[];
    assert.ok(Math.abs(S! / (n * d * SNR! ** 4) - 1) <= ROUNDING, 'S = n d SNR⁴');
  });
  // Of runs: the mean of the logarithms, not the logarithm of the mean.
  const [first] = rowsOf(draw({ x: 'd', y: 'log10(trainLoss)', color: 'n' }));
  const losses = inCell(nd, overRuns(nd, 'trainLoss'), 0).map(Math.log10);
  const mean = losses.reduce((sum, x) => sum + x, 0) / losses.length;
  assert.ok(Math.abs((first!['log10(trainLoss)'] as number) - mean) <= ROUNDING * Math.abs(mean));
});

test('few values are curves, many a map; the command line’s default and a sweep’s agree', async () => {
  const curves = draw({}, [ms]);
  assert.equal(curves.name, 'testError-against-d');
  assert.deepEqual(legend(curves, 'colour'), ['m = 3', 'm = 6']);
  assert.match(await rendered(curves), />p</, 'the floor');
  const map = draw({ x: 'd', y: 'n', color: 'trainLoss', log: ['color'] });
  assert.equal(map.name, 'trainLoss-over-d-and-n-log');
  assert.equal(map.numbers!.rows.length, 8);
  await rendered(map);
});

test('two sweeps in one picture are told apart by what they differ in, and by nothing else', async () => {
  const other = sweep({
    ...base,
    name: 'leaky',
    data: { mu: 6, n: 8, flip: 0.1 },
    network: { ...base.network, m: 6, activation: 'leaky-relu' },
    axes: { 'data.d': [50, 100, 200, 400] },
    runs: 3,
  });
  const relu = sweep({ ...base, data: { mu: 6, n: 8, flip: 0.1 }, axes: { 'data.d': [50, 100, 200, 400] }, runs: 3 });
  const figure = draw({ x: 'd', y: 'testErrorClean' }, [relu, other]);
  assert.deepEqual(
    legend(figure, 'colour'),
    ['σ = relu, m = 4', 'σ = leaky-relu, α = 0.1, m = 6'].map((one) => one.replace('α = 0.1, ', '')),
  );
  const svg = await rendered(figure);
  assert.ok(svg.includes('n = 8') && svg.includes('‖μ‖ = 6'), 'what they share stands below the title');
  assert.ok(!/<text[^>]*>[^<]*model = signal-noise[^<]* m = /.test(svg));
  // The same cells twice: by name.
  const again = sweep({ ...base, data: { mu: 6, n: 8, flip: 0.1 }, axes: { 'data.d': [50, 100, 200, 400] }, runs: 2 });
  assert.deepEqual(legend(draw({ x: 'd' }, [relu, again], ['a', 'b']), 'colour'), ['a', 'b']);
  const seeded = sweep({ ...base, data: { mu: 6, n: 8, flip: 0.1 }, axes: { 'data.d': [50, 100] }, runs: 2, seed: 7 });
  assert.deepEqual(legend(draw({ x: 'd' }, [relu, seeded]), 'colour'), ['seed = 1', 'seed = 7']);
  // Some cells in common: only those lines are named.
  const both = draw({ x: 'd', y: 'testErrorClean', where: ['n=8'] }, [nd, relu], ['nd', 'relu']);
  assert.deepEqual(legend(both, 'colour'), ['nd', 'relu']);
});

test('conditions choose cells, and say so', async () => {
  const figure = draw({ x: 'd', where: ['n=8', 'd>=100', 'd/n<50'] });
  assert.deepEqual(
    rowsOf(figure).map(({ d }) => d),
    [100, 200],
  );
  assert.equal(figure.name, 'testError-against-d-where-n-8-where-d-at-least-100-where-d-over-n-below-50');
  const svg = await rendered(figure);
  assert.ok(svg.includes('n = 8') && svg.includes('only d&gt;=100 and d/n&lt;50'));
  assert.equal(rowsOf(draw({ x: 'd', where: ['activation=relu', 'n!=8'] })).length, 4);
  refused(() => draw({ where: ['n=9'] }), /^where n=9: no cell with a run meets it$/);
  refused(() => draw({ where: ['testError<.3'] }), /is measured, and runs that are chosen/);
  refused(() => draw({ where: ['activation>relu'] }), /is no number; = and != can be asked/);
  refused(() => draw({ where: ['activation=rel'] }), /"rel" is no choice, did you mean relu\?/);
});

test('quantiles, single runs, panels, words on an axis, symlog', async () => {
  const quantiles = rowsOf(draw({ x: 'd', y: 'testErrorClean', show: 'quantiles', where: ['n=8'] }));
  quantiles.forEach((row, i) => {
    const sorted = inCell(nd, overRuns(nd, 'testErrorClean'), i).sort((a, b) => a - b);
    const [low, middle, high] = [
      row['testErrorCleanLow'],
      row['testErrorClean'],
      row['testErrorCleanHigh'],
    ] as number[];
    assert.ok(sorted[0]! <= low! && low! <= middle! && middle! <= high! && high! <= sorted.at(-1)!);
    assert.ok(Math.abs(middle! - (sorted[1]! + sorted[2]!) / 2) <= ROUNDING);
  });
  const panels = draw({ x: 'd', y: 'trainLoss', facet: 'n', show: 'runs', log: ['y'] });
  assert.equal((panels.spec['concat'] as unknown[]).length, 2);
  const dots = JSON.stringify(panels.spec).match(/"size":9,/g);
  assert.equal(dots!.length, 2, 'one layer of runs a panel');
  const words = sweep({
    ...base,
    data: { n: 8, d: 50, mu: 3 },
    axes: { 'network.activation': ['relu', 'leaky-relu'] },
    runs: 3,
  });
  const ordinal = draw({ x: 'activation', y: 'trainLoss' }, [words]);
  const zero = sweep({ ...base, data: { n: 8, d: 50 }, axes: { 'data.mu': [0, 1, 10, 100] }, runs: 2 });
  const symlog = draw({ x: 'mu', y: 'marginMin', symlog: ['x', 'y'] }, [zero]);
  for (const figure of [panels, ordinal, symlog]) await rendered(figure);
  assert.match(JSON.stringify(ordinal.spec), /"domain":\["relu","leaky-relu"\]/);
  refused(() => draw({ x: 'activation', log: ['x'] }, [words]), /--log x: activation has words for values/);
});

test('baselines, bounds of theorems, levels and a collapse stand where they belong', async () => {
  const beside = draw({ x: 'd', y: 'testErrorClean', baselines: true, where: ['n=8'] });
  assert.deepEqual(legend(beside, 'colour').slice(0, 3), ['the network', 'max-margin', 'averaging']);
  assert.equal(rowsOf(beside).filter(({ line }) => line === 'max-margin').length, 4);
  const bounded = draw({ x: 'd', y: 'testError', theory: true, level: [0.2], color: 'n' });
  const bound = legend(bounded, 'sign').find((sign) => sign.startsWith('at most p + exp'))!;
  assert.match(bound, /\(kou-2023, Theorem 4\.2; C1 = 100, free; C2 = 17\.9, our fit\)/);
  // n‖μ‖⁴/d >= 100 where the bound speaks.
  const spoken = rowsOf(bounded).filter(({ line }) => String(line).startsWith('at most'));
  assert.deepEqual(
    spoken.map(({ n, d }) => [n, d]),
    nd.cells.filter(({ data }) => (data.n * 1296) / data.d >= 100).map(({ data }) => [data.n, data.d]),
  );
  for (const row of spoken)
    assert.ok(
      Math.abs(
        (row['testError'] as number) - (0.1 + Math.exp((-(row['n'] as number) * 1296) / (row['d'] as number) / 17.9)),
      ) <= ROUNDING,
    );
  const svg = await rendered(bounded);
  assert.ok(svg.includes('>0.2<'));
  assert.match(words(svg), /8 of 8 cells leave the assumptions of kou-2023, Theorem 4\.2/);
  assert.doesNotMatch(words(svg), /identity/);
  assert.match(
    words(await rendered(draw({ x: 'd', y: 'trainLoss', color: 'n', theory: true }))),
    /no theorem of the shelf bounds it here|leave the assumptions/,
  );
  const collapse = draw({ x: 'S', y: 'testErrorClean', color: 'n', collapse: true });
  assert.equal((collapse.spec['concat'] as unknown[]).length, 2);
  for (const figure of [beside, collapse]) await rendered(figure);
  refused(() => draw({ y: 'testError', x: 'd', baselines: true }), /are clean test errors, and --y is testError/);
  refused(() => draw({ x: 'd', baselines: true }, [ms]), /the runs keep none; name maxMarginError/);
  refused(() => draw({ x: 'd', collapse: true }), /needs a --x of several parameters/);
});

test('a level set of an own map, and the law of the theorem through it', async () => {
  const own = sweep({
    ...base,
    network: { m: 4, sigma0: 0.01 },
    data: { n: 20 },
    axes: {
      'data.d': { from: 100, to: 800, count: 4, scale: 'log' },
      'data.mu': { from: 1, to: 6, count: 8, scale: 'log' },
    },
    runs: 6,
  });
  const figure = draw({ y: 'd', x: 'mu', color: 'testErrorClean', level: [0.2], theory: true }, [own]);
  const svg = await rendered(figure);
  const [, kappa] =
    /n‖μ‖⁴\/\(σₚ⁴ d\) = ([\d.]+): Kou et al\. 2023, Theorem 4\.2, its free constant through the measured 0\.2/.exec(
      svg,
    )!;
  const text = JSON.stringify(figure.spec);
  const points = [...text.matchAll(/"x":([\d.e-]+),"y":([\d.e-]+),"order"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.ok(points.length > 100);
  for (const [x, y] of points)
    assert.ok(
      Math.abs((20 * x! ** 4) / y! / Number(kappa) - 1) <= 0.005,
      'the curve is the law: three digits are written',
    );
  assert.ok(/measured: 0\.2 \(95 % interval\)/.test(svg));
  assert.equal(
    draw({ level: [0.2], theory: true, color: 'testErrorClean' }, [own]).name,
    figure.name,
    'the default axes',
  );
  // Across the other way the error rises.
  assert.match(
    JSON.stringify(draw({ y: 'mu', x: 'd', color: 'testErrorClean', level: [0.2] }, [own]).spec),
    /measured: 0\.2/,
  );
});

test('a picture carries the view that it was drawn of; a spec’s own views are drawn or say why not', () => {
  const view: PlotView = { x: 'S', y: 'testErrorClean', color: 'n' };
  const kept = sourceOf(draw(view))!;
  assert.deepEqual(parseSpec(kept, 'kept').figures, [view]);
  const frame = { ...nd, spec: { ...nd.spec, figures: [view, { ...view, name: 'none', where: ['n=9'] }] } };
  const [first, second] = viewsOf(frame);
  assert.equal(first!.name, 'testErrorClean-against-S-by-n');
  assert.deepEqual([second!.name, second!.fails], ['none', 'where n=9: no cell with a run meets it']);
});

test('what cannot be drawn is one sentence', () => {
  refused(() => draw({ x: 'q9' }), /^x q9: "q9" is no number here/);
  refused(() => draw({ y: 'wNorm' }), /the runs do not keep wNorm; name it under record\.values/);
  refused(() => draw({ x: 'd', color: 'trainLoss', y: 'testError' }), /--color trainLoss: is measured/);
  refused(() => draw({ x: 'd', y: 'n', color: 'm' }), /--color m: is a parameter/);
  refused(() => draw({ x: 'd', y: 'n', show: 'runs' }), /--show: has no meaning on a map/);
  refused(() => draw({ x: 'd', y: 'n', log: ['x'] }), /the axes of a map follow their values/);
  refused(() => draw({ x: 'n*d', y: 'd*n' }), /two cells lie at the same n\*d and d\*n/);
  refused(() => draw({ x: 'd', where: ['n ~ 8'] }), /must be a condition such as m=10/);
  refused(
    () => draw({}, [sweep({ ...base, data: { n: 8, d: 50, mu: 3 }, runs: 2 })]),
    /no number differs between the cells/,
  );
});

test('the caption of several folders has what only some of them use, and a step size whose unit differs', () => {
  const data = { n: 8, d: 50, flip: 0.1 };
  const axes = { 'data.mu': [2, 4, 6] };
  const training = { maxSteps: 5, eta: 0.2 };
  const some = sweep({
    ...base,
    data,
    axes,
    training: { ...training, rule: 'momentum', momentum: 0.8, etaUnit: '(1-momentum)*n*m/(sigmaP^2*d)' },
    coupling: 'common',
    runs: 2,
  });
  const others = sweep({ ...base, data, axes, training, runs: 2 });
  const subtitle = JSON.stringify(draw({ x: 'mu', y: 'testErrorClean' }, [some, others]).spec['title']);
  assert.match(subtitle, /η = 0\.2,/);
  assert.match(subtitle, /β = 0\.8/);
  assert.doesNotMatch(subtitle, /coupling|step rule/);
});
