/**
 * How often the intervals of a two-class data set's statistics hold the truth, and how far the estimates are off on the
 * mean: synthetic sets with known means and spectrum. The numbers of diagnosis-coverage.md.
 *
 *     npm run build && node dist/validation/diagnosis-coverage.js [SETS] [ID...]
 */
import { Stream } from '../src/core/random.ts';
import { meanAndSe } from '../src/core/statistics.ts';
import { twoClassStatistics, type Estimated, type TwoClassStatistics } from '../src/diagnosis/statistics.ts';

/** A law of two classes. */
export interface Scenario {
  readonly id: string;
  readonly says: string;
  /** points of the classes +1 and -1 */
  readonly sizes: readonly [number, number];
  /** variances of the coordinates */
  readonly spectrum: readonly number[];
  /** ‖mu‖² */
  readonly signal: number;
  /** the coordinate along which mu lies; left out: a direction drawn once for all sets */
  readonly axis?: number;
  /** by what the covariance of the class +1 is larger */
  readonly scale?: number;
  /** radius: lengths of noise vectors vary by sqrt(1/2) or sqrt(3/2); sparse: a tenth of the coordinates are not 0 */
  readonly law?: 'gaussian' | 'radius' | 'sparse';
}

const power = (d: number, exponent: number): number[] => Array.from({ length: d }, (_, k) => (k + 1) ** -exponent);
const flat = (d: number, top = 1): number[] => Array.from({ length: d }, (_, k) => (k === 0 ? top : 1));

export const SCENARIOS: readonly Scenario[] = [
  { id: 'flat', says: 'Sigma = I, d = 400', sizes: [50, 50], spectrum: flat(400), signal: 2.8 },
  { id: 'none', says: 'Sigma = I, d = 1000, no signal', sizes: [40, 40], spectrum: flat(1000), signal: 0 },
  {
    id: 'spike',
    says: 'one variance of 50 in d = 200, mu along it',
    sizes: [60, 60],
    spectrum: flat(200, 50),
    signal: 25,
    axis: 0,
  },
  {
    id: 'apart',
    says: 'one variance of 50 in d = 200, mu across',
    sizes: [60, 60],
    spectrum: flat(200, 50),
    signal: 5,
    axis: 1,
  },
  {
    id: 'power',
    says: 'variances 1/k, d = 300, mu along the fifth',
    sizes: [60, 60],
    spectrum: power(300, 1),
    signal: 1,
    axis: 4,
  },
  {
    id: 'unequal',
    says: 'variances k^-1/2, d = 200, 40 against 100 points, twice the covariance in one class',
    sizes: [40, 100],
    spectrum: power(200, 0.5),
    signal: 2,
    scale: 2,
  },
  {
    id: 'radius',
    says: 'Sigma = I, d = 200, lengths vary by sqrt(1/2), sqrt(3/2)',
    sizes: [60, 60],
    spectrum: flat(200),
    signal: 4,
    law: 'radius',
  },
  {
    id: 'sparse',
    says: 'Sigma = I, d = 200, nine tenths of the coordinates are 0',
    sizes: [60, 60],
    spectrum: flat(200),
    signal: 4,
    law: 'sparse',
  },
  {
    id: 'weak',
    says: 'variances 1/k, d = 300, little signal in any direction',
    sizes: [60, 60],
    spectrum: power(300, 1),
    signal: 0.2,
  },
];

export const QUANTITIES = [
  'signal',
  'trace',
  'traceSquare',
  'alongSignal',
  'norm',
  'effectiveNorm',
  'effectiveSquare',
  'control',
] as const satisfies readonly (keyof TwoClassStatistics)[];
export type Quantity = (typeof QUANTITIES)[number];

/** mu of a scenario. */
function meanOf({ spectrum, signal, axis }: Scenario, stream: Stream): Float64Array {
  const mu = Float64Array.from(spectrum, (_, k) => (axis === undefined ? stream.normal() : Number(k === axis)));
  const length = Math.sqrt(mu.reduce((sum, x) => sum + x * x, 0));
  return mu.map((x) => (x * Math.sqrt(signal)) / length);
}

function truthOf({ sizes: [plus, minus], spectrum, scale = 1 }: Scenario, mu: Float64Array): Record<Quantity, number> {
  const n = plus + minus;
  const mix = (plus * scale + minus) / n;
  const lambda = spectrum.map((x) => x * mix);
  const sum = (of: (x: number, k: number) => number): number => lambda.reduce((all, x, k) => all + of(x, k), 0);
  const [trace, traceSquare] = [sum((x) => x), sum((x) => x * x)];
  const signal = mu.reduce((all, x) => all + x * x, 0);
  const alongSignal = sum((x, k) => x * mu[k]! * mu[k]!);
  const norm = Math.max(...lambda);
  return {
    signal,
    trace,
    traceSquare,
    alongSignal,
    norm,
    effectiveNorm: trace / norm,
    effectiveSquare: (trace * trace) / traceSquare,
    control: (n * signal * signal) / (traceSquare + n * alongSignal),
  };
}

/** Inner products of one set. */
function draw(
  { sizes, spectrum, scale = 1, law = 'gaussian' }: Scenario,
  mu: Float64Array,
  stream: Stream,
): Float64Array {
  const d = spectrum.length;
  const n = sizes[0] + sizes[1];
  const root = spectrum.map(Math.sqrt);
  const rows = Array.from({ length: n }, (_, i) => {
    const y = i < sizes[0] ? 1 : -1;
    const radius = (law === 'radius' ? Math.sqrt(stream.integer(2) + 0.5) : 1) * (y > 0 ? Math.sqrt(scale) : 1);
    return Float64Array.from({ length: d }, (_coordinate, k) => {
      const z = law !== 'sparse' ? stream.normal() : stream.integer(10) === 0 ? Math.sqrt(10) * stream.normal() : 0;
      return y * mu[k]! + radius * root[k]! * z;
    });
  });
  const inner = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [a, b] = [rows[i]!, rows[j]!];
      let sum = 0;
      for (let k = 0; k < d; k++) sum += a[k]! * b[k]!;
      inner[i * n + j] = inner[j * n + i] = sum;
    }
  return inner;
}

export interface Coverage {
  readonly quantity: Quantity;
  readonly truth: number;
  /** mean of the estimates, and its standard error */
  readonly mean: number;
  readonly se: number;
  /** standard deviation of one estimate */
  readonly sd: number;
  /** sets whose interval holds the truth, lies below it, lies above it */
  readonly held: number;
  readonly below: number;
  readonly above: number;
  /** mean length of the intervals over the truth */
  readonly length: number;
}

export interface Found {
  readonly coverage: readonly Coverage[];
  /** share of sets in which the largest variance stands out */
  readonly standsOut: number;
  /** mean of the sample's largest eigenvalue over the largest variance */
  readonly sampleNorm: number;
}

/** @param of what each set comes to; another one is a control */
export function coverage(
  scenario: Scenario,
  sets: number,
  seed: number,
  of: (inner: Float64Array, labels: Float64Array) => TwoClassStatistics = twoClassStatistics,
): Found {
  const stream = new Stream({ seed, cell: [SCENARIOS.indexOf(scenario), 0], replicate: 0 }, 'test');
  const mu = meanOf(scenario, stream);
  const truth = truthOf(scenario, mu);
  const n = scenario.sizes[0] + scenario.sizes[1];
  const labels = Float64Array.from({ length: n }, (_, i) => (i < scenario.sizes[0] ? 1 : -1));
  const found = Array.from({ length: sets }, () => of(draw(scenario, mu, stream), labels));
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    coverage: QUANTITIES.map((quantity) => {
      const all: readonly Estimated[] = found.map((one) => one[quantity]);
      const { mean: centre, se } = meanAndSe(all.map(({ value }) => value));
      const count = (is: (one: Estimated) => boolean): number => all.filter(is).length;
      const below = count(({ high }) => !(high >= truth[quantity]));
      const above = count(({ low }) => low > truth[quantity]);
      return {
        quantity,
        truth: truth[quantity],
        mean: centre,
        se,
        sd: se * Math.sqrt(sets),
        held: sets - below - above,
        below,
        above,
        length: mean(all.map(({ low, high }) => high - low)) / truth[quantity],
      };
    }),
    standsOut: mean(found.map(({ normStandsOut }) => Number(normStandsOut))),
    sampleNorm: mean(found.map(({ sampleNorm }) => sampleNorm)) / truth.norm,
  };
}

const SETS = 2000;
const SEED = 16_002;

if (process.argv[1]?.endsWith('diagnosis-coverage.js')) {
  const sets = Number(process.argv[2] ?? SETS);
  const ids = process.argv.slice(3);
  const head = 'quantity | truth | bias / its standard error | bias / sd | coverage | below | above | length / truth';
  for (const scenario of SCENARIOS.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    const { coverage: rows, standsOut, sampleNorm } = coverage(scenario, sets, SEED);
    process.stdout.write(
      `\n**${scenario.id}**: ${scenario.says}; ${scenario.sizes.join(' + ')} points, ${sets} sets. The largest variance stands out in ${(100 * standsOut).toFixed(1)} %; the sample's largest eigenvalue is ${sampleNorm.toFixed(2)} times it on the mean.\n\n| ${head} |\n|${' --- |'.repeat(8)}\n`,
    );
    for (const { quantity, truth, mean, se, sd, held, below, above, length } of rows)
      process.stdout.write(
        `| ${quantity} | ${truth.toPrecision(4)} | ${((mean - truth) / se).toFixed(1)} | ${((mean - truth) / sd).toFixed(3)} | ${(held / sets).toFixed(4)} | ${(below / sets).toFixed(4)} | ${(above / sets).toFixed(4)} | ${length.toFixed(3)} |\n`,
      );
  }
}
