/**
 * The transition itself: exponents of level sets beside the theorems', constants, sharpness, and what a search costs against a grid.
 *
 *     npm run constants          (goes on in out/constants; writes docs/constants.md and validation/exponents.md)
 *
 * Protocol (docs/boundary.md): step size in units of nm/(sigma_p² d), initial scale in units of 1/(sigma_p sqrt d), stop at a fixed loss,
 * exactly n/10 flipped labels; errors are clean.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fallingCrossing } from '../src/core/contours.ts';
import { log } from '../src/core/special.ts';
import { fitLine, meanAndSe } from '../src/core/statistics.ts';
import { runCell } from '../src/experiments/run.ts';
import { specFrom, specToYaml } from '../src/experiments/spec-text.ts';
import { cells } from '../src/experiments/spec.ts';
import { boundaryReport, type BoundaryReport, type Crossing, type LevelSetFit } from '../src/reproduction/boundary-report.ts';
import { Boundary } from '../src/sweeps/boundary.ts';
import { searchBoundary } from '../src/sweeps/node/boundary.ts';
import { fitConstant, type Interval } from '../src/verification/level-fits.ts';
import { SCIENCE } from '../src/experiments/record.ts';

const CONFIDENCE = 0.95;

interface Study {
  readonly id: string;
  readonly title: string;
  readonly spec: Record<string, unknown>;
  readonly along: string;
  readonly over: string;
  readonly levels: readonly number[];
  readonly precision: number;
  /** power of `over` in what the spec writes along: the exponent of the symbol itself is larger by it */
  readonly factor?: number;
  /** laws of the theory to compare with, by id; all that apply when absent */
  readonly laws?: readonly string[];
}

type Parts = Record<string, Record<string, unknown>>;

/**
 * Kou et al.: two patches, ReLU, 1/m, exactly a tenth of the labels flipped. sigma_0 sigma_p sqrt(d) = 0.1 sqrt(n/d): Condition 4.1 of Kou et al. wants it below sqrt(n/d)/C, or the initial weights' noise outlives the learned signal at large d.
 */
const kou = (data: Record<string, unknown>, axes: Record<string, unknown>, more: Parts = {}): Record<string, unknown> => ({
  data: { flips: 0.1, flipLaw: 'exact', ...data },
  network: { sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))', ...more['network'] },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.02, maxSteps: 20000, ...more['training'] },
  test: { lines: 4, shifts: 4, ...more['test'] },
  scale: { 'data.flips': { n: 1 }, 'network.sigma0': { n: 0.5, d: -0.5 }, ...more['scale'] },
  axes,
  seed: 2023,
});
const DEPTHS = [0.02, 0.05, 0.125, 0.2, 0.35];
const shang = (v0: readonly number[] | number, axes: Record<string, unknown>, d = 10000, scale: Parts = {}): Record<string, unknown> => ({
  data: { n: 20, ...(axes['data.d'] === undefined && { d }) },
  network: { m: 10, output: 'trained-per-patch', outputScale: '1', v0Unit: 'v*', ...(typeof v0 === 'number' && { v0 }), sigma0: 1e-6, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 1, etaUnit: 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)', stop: 'loss', epsilon: 0.05, maxSteps: 20000 },
  test: { lines: 4, shifts: 4 },
  scale: { 'network.sigma0': { v0: 1 }, ...scale },
  axes: { ...(typeof v0 !== 'number' && { 'network.v0': v0 }), ...axes },
  seed: 2024,
});
const karhadkar = (data: Record<string, unknown>, axes: Record<string, unknown>): Record<string, unknown> => ({
  data: { model: 'unit-norm-mixture', flips: 0.1, flipLaw: 'exact', ...data },
  network: { activation: 'leaky-relu', leak: 0.1, m: 8, outputScale: '1', sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { loss: 'hinge', reduction: 'sum', eta: 0.1, stop: 'zero-loss', maxSteps: 100000 },
  test: { lines: 4, shifts: 4 },
  engine: 'gram-incremental',
  scale: { 'data.flips': { n: 1 }, 'training.eta': { n: -1 } },
  axes,
  seed: 2025,
});
const cao = (data: Record<string, unknown>, axes: Record<string, unknown>): Record<string, unknown> => ({
  data,
  network: { m: 10, activation: 'relu-power', power: 3, sigma0: 0.3, sigma0Unit: '1/(sigmaP*sqrt(d))' },
  training: { eta: 0.3, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.05, maxSteps: 20000 },
  test: { estimator: 'points', points: 500 },
  axes,
  seed: 2022,
});
/** ‖mu‖ stays of the order of the transition (S to 30 or so): far beyond it a mixture leaves the theorem's d >= C n ‖mu‖², and the error rises again. */
const xuGu = (data: Record<string, unknown>, axes: Record<string, unknown>, power: Record<string, number>): Record<string, unknown> => {
  const spec = kou({ model: 'mixture', projected: false, ...data }, axes, { network: { m: 10, outputScale: '1/sqrt(m)', outputSigns: 'random' }, training: { eta: 0.1 } });
  return { ...spec, scale: { ...(spec['scale'] as Parts), 'data.mu': power } };
};

const kouFlips = { ...kou({ n: 40, d: 1e5 }, { 'data.flips': [1, 2, 4, 8], 'data.mu': [1, 100] }, { network: { m: 10 } }), data: { n: 40, d: 1e5, flipLaw: 'exact' }, scale: { 'network.sigma0': { n: 0.5, d: -0.5 } } };

const STUDIES: readonly Study[] = [
  { id: 'kou-d', title: 'Kou et al. 2023: ‖μ‖* over d (n = 20, m = 10)', spec: kou({ n: 20 }, { 'data.d': [100, 1e3, 1e4, 1e5, 1e6, 1e8], 'data.mu': [0.1, 2] }, { network: { m: 10 }, scale: { 'data.mu': { d: 0.25 } } }), along: 'data.mu', over: 'data.d', levels: DEPTHS, precision: 0.015, factor: 0.25 },
  { id: 'kou-d-outside', title: 'the same with σ_0 = 0.1/(σ_p √d) at every d, outside Condition 4.1 (control)', spec: kou({ n: 20 }, { 'data.d': [1e5, 1e6, 1e7, 1e8], 'data.mu': [0.1, 6] }, { network: { m: 10 }, scale: { 'data.mu': { d: 0.25 }, 'network.sigma0': {} } }), along: 'data.mu', over: 'data.d', levels: [0.2, 0.35], precision: 0.02, factor: 0.25 },
  { id: 'kou-n', title: 'Kou et al. 2023: ‖μ‖* over n (d = 10⁶, m = 10)', spec: kou({ d: 1e6 }, { 'data.n': [10, 20, 40, 80, 160], 'data.mu': [2, 200] }, { network: { m: 10 } }), along: 'data.mu', over: 'data.n', levels: [0.05, 0.125, 0.2, 0.35], precision: 0.015 },
  { id: 'kou-m', title: 'Kou et al. 2023: ‖μ‖* over m (n = 20, d = 10⁵)', spec: kou({ n: 20, d: 1e5 }, { 'network.m': [5, 10, 20, 40, 80], 'data.mu': [1, 100] }), along: 'data.mu', over: 'network.m', levels: [0.05, 0.2], precision: 0.015 },
  { id: 'kou-k', title: 'Kou et al. 2023: ‖μ‖* over the flips k (n = 40, d = 10⁵)', spec: kouFlips, along: 'data.mu', over: 'data.flips', levels: [0.05, 0.2], precision: 0.015 },
  { id: 'kou-sigma', title: 'Kou et al. 2023: ‖μ‖* over σ_p, exact by scaling (n = 20, d = 10⁴)', spec: kou({ n: 20, d: 1e4 }, { 'data.sigmaP': [0.25, 1, 4], 'data.mu': [0.3, 100] }, { network: { m: 10 } }), along: 'data.mu', over: 'data.sigmaP', levels: [0.2], precision: 0.015 },
  { id: 'xu-gu-d', title: 'Xu & Gu 2023: ‖μ‖* over d, mixture (n = 20, m = 10)', spec: xuGu({ n: 20 }, { 'data.d': [1e3, 1e4, 1e5, 1e6, 1e8], 'data.mu': [0.1, 1.2] }, { d: 0.25 }), along: 'data.mu', over: 'data.d', levels: [0.05, 0.2, 0.35], precision: 0.015, factor: 0.25 },
  { id: 'xu-gu-n', title: 'Xu & Gu 2023: ‖μ‖* over n, mixture (d = 10⁶, m = 10)', spec: xuGu({ d: 1e6 }, { 'data.n': [10, 20, 40, 80], 'data.mu': [6, 80] }, { n: -0.25 }), along: 'data.mu', over: 'data.n', levels: [0.05, 0.2, 0.35], precision: 0.015, factor: -0.25 },
  { id: 'shang-large-d', title: 'Shang et al. 2024 (reconstructed), v_0 = 32 v*: ‖μ‖* over d', spec: shang(32, { 'data.d': [100, 1e3, 1e4, 1e6, 1e8], 'data.mu': [0.1, 2] }, 0, { 'data.mu': { d: 0.25 } }), along: 'data.mu', over: 'data.d', levels: [0.1, 0.2], precision: 0.02, factor: 0.25, laws: ['shang-2024/large-v0'] },
  { id: 'shang-large-v0', title: 'Shang et al. 2024 (reconstructed), v_0 ≥ 8 v*: ‖μ‖* over v_0/v* (d = 10⁴)', spec: shang([8, 16, 32, 64], { 'data.mu': [0.3, 100] }), along: 'data.mu', over: 'network.v0', levels: [0.1, 0.2], precision: 0.02, laws: ['shang-2024/large-v0'] },
  { id: 'shang-small-v0', title: 'Shang et al. 2024 (reconstructed), v_0 ≤ v*/2: ‖μ‖* over v_0/v* (d = 10¹⁰)', spec: shang([0.03125, 0.0625, 0.125, 0.25, 0.5], { 'data.mu': [20, 20000] }, 1e10), along: 'data.mu', over: 'network.v0', levels: [0.1, 0.2], precision: 0.02, laws: ['shang-2024/small-v0'] },
  { id: 'karhadkar-n', title: 'Karhadkar et al. 2024: γ* over n (d = 800, k = n/10)', spec: karhadkar({ d: 800 }, { 'data.n': [20, 40, 80, 120], 'data.share': [0.001, 0.9] }), along: 'data.share', over: 'data.n', levels: [0.05, 0.2], precision: 0.04 },
  { id: 'karhadkar-d', title: 'Karhadkar et al. 2024: γ* over d (n = 40, k = 4)', spec: karhadkar({ n: 40 }, { 'data.d': [160, 640, 2560, 10240], 'data.share': [0.001, 0.9] }), along: 'data.share', over: 'data.d', levels: [0.05, 0.2], precision: 0.04 },
  { id: 'cao-d', title: 'Cao et al. 2022, q = 3: ‖μ‖* over d (n = 20, m = 10)', spec: cao({ n: 20 }, { 'data.d': [100, 1e3, 1e4, 1e5], 'data.mu': [1, 1000] }), along: 'data.mu', over: 'data.d', levels: [0.05, 0.2, 0.35], precision: 0.02 },
  { id: 'cao-n', title: 'Cao et al. 2022, q = 3: ‖μ‖* over n (d = 10⁵, m = 10)', spec: cao({ d: 1e5 }, { 'data.n': [10, 20, 40, 80], 'data.mu': [10, 1000] }), along: 'data.mu', over: 'data.n', levels: [0.05, 0.2, 0.35], precision: 0.02 },
];

interface Made extends BoundaryReport {
  readonly study: Study;
  readonly runs: number;
  readonly seconds: number;
}

const only = process.argv[2];
const folderOf = (id: string): string => join('out', 'constants', id);
const made: Made[] = [];
for (const study of STUDIES) {
  if (only !== undefined && only !== study.id) continue;
  const { id, spec: input, along, over, levels, precision } = study;
  const spec = specFrom({ name: study.title, ...input }, id);
  const boundary = new Boundary(spec, { along, over, of: 'testErrorClean', levels, precision });
  const folder = folderOf(id);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'spec.yaml'), specToYaml(spec, id));
  const started = performance.now();
  const { failed } = await searchBoundary(boundary, { folder, workers: availableParallelism(), seed: spec.seed });
  if (failed.length > 0) throw new Error(`${id}: ${failed.length} runs failed: ${failed[0]!.why}`);
  const seconds = (performance.now() - started) / 1000;
  const report = boundaryReport(boundary, CONFIDENCE);
  made.push({ study, runs: boundary.runs, seconds, ...report });
  process.stderr.write(`${id}: ${boundary.runs} runs, ${seconds.toFixed(1)} s\n`);
  for (const fit of report.fits) process.stderr.write(`  ${fit.level}: ${shown(fit.exponent)} ${chosen(study, fit).map(({ id: law, exponent, holds, holdsFrom, kappa }) => `${law} ${exponent.toFixed(3)} ${holds} from ${holdsFrom} κ ${shown(kappa)}`).join('; ')}\n`);
  if (only !== undefined) for (const { over: at, level, state, along: value, se } of report.crossings) process.stderr.write(`  ${at} ${level}: ${state} ${value?.toPrecision(4)} ${se?.toPrecision(2)}\n`);
}

function shown(one: Interval | null, digits = 3): string {
  return one === null ? '' : `${one.value.toPrecision(digits)} [${one.low.toPrecision(digits)}, ${one.high.toPrecision(digits)}]`;
}
function chosen({ laws }: Study, fit: LevelSetFit): LevelSetFit['laws'] {
  return fit.laws.filter(({ id }) => laws === undefined || laws.includes(id));
}

// ---- sharpness, constants, cost ----

/** Crossings of one level, by `over`. */
const at = (id: string, level: number): Crossing[] => made.find(({ study }) => study.id === id)!.crossings.filter((one) => one.level === level && one.state === 'found');
const z = 1.959964;
const about = (value: number, se: number): Interval => ({ value, se, low: value - z * se, high: value + z * se });

/** Width of the transition: log S at clean error .05 minus log S at .35; S goes with ‖mu‖⁴. */
function widths(id: string): { over: number; width: Interval }[] {
  return at(id, 0.05).flatMap((low) => at(id, 0.35).filter(({ over }) => over === low.over).map((high) => ({ over: low.over, width: about(4 * (log(low.along!) - log(high.along!)), 4 * Math.hypot(low.se!, high.se!)) })));
}

/** Change of the width with log `over`. */
function trend(rows: readonly { over: number; width: Interval }[]): Interval {
  const { slope, slopeSe } = fitLine(rows.map(({ over }) => log(over)), rows.map(({ width }) => width.value), rows.map(({ width }) => width.se));
  return about(slope, slopeSe);
}

/** kappa of S at a level over the rows from a size on. S = n factor⁴ where ‖mu‖ = factor d^(1/4). */
function kappaAt(level: number, from = 1e4): Interval {
  return fitConstant(at('kou-d', level).filter(({ over }) => over >= from).map(({ along, se }) => ({ value: log(20) + 4 * log(along!), se: 4 * se! })), CONFIDENCE)!;
}

/** Runs of the published grid's columns (‖mu‖ = .1, .2 ... 9.9) that know the crossing as well as a search does. */
function cost(): { levels: readonly number[]; search: number; grid: number; precision: number }[] {
  const input = (mu: unknown): Record<string, unknown> => kou({ n: 20 }, { 'data.d': [1e4], 'data.mu': mu }, { network: { m: 10 } });
  const spec = specFrom(input({ from: 0.1, to: 9.9, step: 0.1 }), 'grid');
  const RUNS = 24;
  const columns = [...cells(spec)].map((cell) => ({ mu: cell.data.mu, ...meanAndSe(Array.from({ length: RUNS }, (_, replicate) => runCell(cell, 7, replicate).values.testErrorClean!)) }));
  const needed = (level: number, precision: number): number => {
    const crossing = fallingCrossing(columns.map(({ mu }) => mu), columns.map(({ mean }) => mean), columns.map(({ se }) => se), level, 4)!;
    return columns.length * RUNS * (crossing.se / crossing.x / precision) ** 2;
  };
  const out = [];
  for (const [precision, levels] of [0.015, 0.005].flatMap((one) => [[0.05], [0.2], [0.35], [0.05, 0.2, 0.35]].map((levels) => [one, levels] as const))) {
    const read = specFrom(input([0.1, 9.9]), 'search');
    const boundary = new Boundary(read, { along: 'data.mu', over: 'data.d', of: 'testErrorClean', levels, precision });
    for (let jobs = boundary.next(); jobs.length > 0; jobs = boundary.next()) for (const { cell, replicate } of jobs) boundary.add(runCell(cell, read.seed, replicate));
    out.push({ levels, precision, search: boundary.runs, grid: Math.max(...levels.map((level) => needed(level, precision))) });
  }
  return out;
}

// ---- pages ----

if (only === undefined) {
  const costs = cost();
  const seconds = made.reduce((sum, one) => sum + one.seconds, 0);
  const runs = made.reduce((sum, one) => sum + one.runs, 0);
  const yes = (holds: boolean | null): string => (holds === null ? '' : holds ? 'yes' : '**no**');
  const raw = (study: Study, one: Interval | null): Interval | null => one && { ...one, value: one.value + (study.factor ?? 0), low: one.low + (study.factor ?? 0), high: one.high + (study.factor ?? 0) };
  const rows = made.flatMap(({ study, fits }) => fits.flatMap((fit) => chosen(study, fit).map((law) => ({ study, fit, law }))));
  const head = [
    '<!-- Generated by `npm run constants`: every number is computed. -->',
  ];
  const made100 = `${made.length} searches, ${runs.toLocaleString('en')} runs${seconds > 20 ? `, ${(seconds / 60).toFixed(1)} minutes on ${availableParallelism()} threads (${cpus()[0]!.model.trim()}, Node ${process.version})` : ''}, science version ${SCIENCE}; \`npm run constants\` makes them again.`;
  const exponents = [
    '| search | level | exponent | theory | inside | inside from | κ |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ study, fit, law }) => `| ${study.id} | ${fit.level} | ${shown(raw(study, fit.exponent))} | ${(law.exponent + (study.factor ?? 0)).toFixed(3)} (${law.id}) | ${yes(law.holds)} | ${law.holdsFrom === null ? '' : law.holdsFrom.toLocaleString('en')} | ${shown(law.kappa)} |`),
  ];
  const depth = DEPTHS.map((level) => ({ level, kappa: kappaAt(level) }));
  const bound = (level: number): number => -log(0.8 * level);
  const rate = depth.map(({ level, kappa }) => ({ level, c: { value: kappa.value / bound(level), se: kappa.se / bound(level), low: kappa.low / bound(level), high: kappa.high / bound(level) } }));
  const largest = rate.reduce((best, one) => (one.c.value > best.c.value ? one : best));
  const c3 = depth.find(({ level }) => level === 0.125)!.kappa;
  const c1 = depth.find(({ level }) => level === 0.35)!.kappa;
  const sharp = (['kou-d', 'kou-n'] as const).map((id) => ({ id, rows: widths(id), trend: trend(widths(id)) }));
  const page = [
    ...head,
    '# Constants and exponents',
    '',
    `${made100} What the searches are and how they work: [boundary](boundary.md). All intervals: 95 %. Errors are clean test errors, means over runs.`,
    '',
    '## Exponents',
    '',
    'Slope of log along* against log over on the level set. "Inside": the interval holds the theory\'s exponent over all sizes; "inside from": the least size from which on it does (three sizes or more). κ is the theorem\'s control parameter on the level set, its free constant.',
    '',
    ...exponents,
    '',
    ...made.map(({ study }) => `* \`${study.id}\`: ${study.title}.`),
    '',
    'What is reconstructed (Shang et al.), as commonly cited (Kou et al., Cao et al.) or inferred stands in `src/theory/transition-laws.ts`. `kou-d-outside` is the control: there the initial scale leaves Condition 4.1 of Kou et al. as d grows (σ_0 σ_p √d stays fixed), and the exponent is not the theory\'s. `kou-n` keeps k = n/10: at n = 10 that is one flip, and the slope comes near the theory\'s from n = 20 on. For Shang et al. the theory holds up to logarithms. For Karhadkar et al. the benign bound (γk), the harmful bound (γd) and the law between them (nγ²d) are held against the same level sets.',
    '',
    '## Constants of Kou et al. 2023, Theorem 4.2',
    '',
    `n = 20, m = 10, k = 2 flips, p = 0.1, d = 10⁴ to 10⁸. S = n‖μ‖⁴/(σ_p⁴ d) on the level set, and the C_2 with which the bound p + exp(−S/C_2) is met with equality there:`,
    '',
    '| clean error | S | C_2 |',
    '| --- | --- | --- |',
    ...depth.map(({ level, kappa }, i) => `| ${level} | ${shown(kappa)} | ${shown(rate[i]!.c)} |`),
    '',
    `* **C_3 = ${shown(c3)}**: the largest S with error ≥ p + 0.1, that is clean error ≥ 0.1/(1 − 2p) = 0.125.`,
    `* **C_2 = ${shown(largest.c)}**: the largest over the levels, at clean error ${largest.level}. It grows as the error falls: the constant of much smaller errors is larger. (The averaging classifier Φ(−(1 − 2k/n)√S) would end at 2/(1 − 2k/n)² = 3.13.)`,
    `* **C_1 = ${shown(c1)}**: with that C_2 the bound holds from the smallest S measured on, that of clean error 0.35. The theorem needs no larger one here.`,
    '',
    '## Transition or slope?',
    '',
    'Width of the transition: log S at clean error .05 minus log S at .35.',
    '',
    ...sharp.flatMap(({ id, rows: list, trend: change }) => [
      `| ${id.slice(4)} | width |`,
      '| --- | --- |',
      ...list.map(({ over, width }) => `| ${over.toLocaleString('en')} | ${shown(width)} |`),
      '',
      `Change of the width for e times the ${id.slice(4)}: ${shown(change, 2)}.`,
      '',
    ]),
    `Over d the width ${Math.abs(sharp[0]!.trend.value) < 2 * sharp[0]!.trend.se || sharp[0]!.trend.value > 0 ? 'does not shrink: at fixed n the error is a slope in log S, the same for every d, not a step' : 'shrinks a little'}. Over n it ${sharp[1]!.trend.high < 0 ? 'shrinks' : 'does not shrink'}${sharp[1]!.trend.high < 0 ? `, from ${sharp[1]!.rows[0]!.width.value.toFixed(2)} at n = ${sharp[1]!.rows[0]!.over} to ${sharp[1]!.rows.at(-1)!.width.value.toFixed(2)} at n = ${sharp[1]!.rows.at(-1)!.over}: runs differ less from each other, but a single run's error Φ(−√S…) is itself a slope` : ''}.`,
    '',
    '## What a search costs',
    '',
    'Runs for a given standard error of log ‖μ‖*, n = 20, d = 10⁴, over 0.1 ≤ ‖μ‖ ≤ 9.9. The grid has the columns of the published map (steps of 0.1) and as many runs a cell as the same precision needs; its local line uses eight columns, all levels share its runs. A search makes about a hundred runs at least, whatever the precision and the range.',
    '',
    '| precision | levels | search | grid | ratio |',
    '| --- | --- | --- | --- | --- |',
    ...costs.map(({ precision, levels, search, grid }) => `| ${precision} | ${levels.join(', ')} | ${search} | ${grid.toFixed(0)} | ${(grid / search).toFixed(1)} |`),
    '',
  ];
  writeFileSync(join('docs', 'constants.md'), `${page.join('\n')}`);
  const local = [
    '# Exponents of the transition',
    '',
    `${made100} The summary is [docs/constants.md](../docs/constants.md); here the local slopes, from each size to the next.`,
    '',
    ...made.flatMap(({ study, fits, runs: count, crossings }) => [
      `## ${study.id}`,
      '',
      `${study.title}. ${count} runs, precision ${study.precision} in log.`,
      '',
      '| level | from | to | slope |',
      '| --- | --- | --- | --- |',
      ...fits.flatMap((fit) => fit.local.map(({ from, to, exponent }) => `| ${fit.level} | ${from} | ${to} | ${shown(raw(study, exponent))} |`)),
      '',
      ...(crossings.every(({ state }) => state === 'found') ? [] : [`Not crossed: ${crossings.filter(({ state }) => state !== 'found').map(({ over, level, state }) => `${level} at ${over} (${state})`).join(', ')}.`, '']),
    ]),
  ];
  writeFileSync(join('validation', 'exponents.md'), `${local.join('\n')}`);
}
