/**
 * Random settings for the lemmas, a family for each group of them, and for each lemma a setting in which it must fail.
 */
import { Stream } from '../src/core/random.ts';
import { exp, log } from '../src/core/special.ts';
import { buildCell, type Cell, type Value } from '../src/experiments/cell.ts';

export type Family =
  | 'kou'
  | 'kou-stages'
  | 'xu-gu'
  | 'karhadkar'
  | 'both-layers'
  | 'small-start'
  | 'large-start'
  | 'wide'
  | 'many'
  | OrderFamily;
type OrderFamily =
  | `${'kou' | 'xu-gu' | 'karhadkar' | 'shang'}-orders${'' | '-wide'}`
  | 'kou-orders-widest'
  | 'xu-gu-orders-widest';

/**
 * Widths, from least to largest, and numbers of samples of the families for constants: extremes over samples settle
 * like (log n/m)^{1/2}, shares of classes like n^{-1/2}.
 */
const SIZES = {
  '': { m: [20, 70], n: [20, 30, 40, 50] },
  '-wide': { m: [80, 280], n: [40, 60, 80, 100] },
  '-widest': { m: [200, 800], n: [80, 120, 160, 200] },
} as const;
/**
 * Families at a fixed time in natural units, in which sizes alone vary: for the slopes of constants. As a share of the
 * other families' number of settings.
 */
export const ORDERS: Readonly<Record<OrderFamily, number>> = {
  'kou-orders': 0.3,
  'kou-orders-wide': 0.1,
  'kou-orders-widest': 0.04,
  'xu-gu-orders': 0.3,
  'xu-gu-orders-wide': 0.1,
  'xu-gu-orders-widest': 0.04,
  'karhadkar-orders': 0.3,
  'karhadkar-orders-wide': 0.1,
  'shang-orders': 0.3,
  'shang-orders-wide': 0.1,
};
/**
 * Lemmas that bound their quantity from both sides, Θ(...): no slope of either constant. The others bound it from one
 * side, and their constant may shrink away from it.
 */
export const THETA: readonly string[] = [
  'kou-2023/time-invariant-ratio',
  'kou-2023/first-stage/signal',
  'xu-gu-2023/lemma-4.5/decrement',
  'xu-gu-2023/lemma-4.5/decrement-upper',
  'shang-2024/balanced-ratio/layers',
  'shang-2024/balanced-ratio/response',
];
/**
 * Their steps do not shrink with the width: Condition 4.1's η ≤ n/(C σ_p²d) then holds with this C, all else with 1.
 */
export const ORDERS_C = 0.01;
export const isOrder = (family: Family): family is OrderFamily => family in ORDERS;

/** Lemmas whose constant theory leaves free. */
const KOU_ORDERS = [
  'kou-2023/balanced-derivatives',
  'kou-2023/time-invariant-ratio',
  'kou-2023/coefficient-bounds/gamma-upper',
  'kou-2023/first-stage/time',
  'kou-2023/first-stage/signal',
];
const XU_GU_ORDERS = [
  'xu-gu-2023/lemma-c.1',
  'xu-gu-2023/lemma-4.5/decrement',
  'xu-gu-2023/lemma-4.5/decrement-upper',
  'xu-gu-2023/lemma-4.5/loss-time',
  'xu-gu-2023/theorem-3.1/loss-rate',
  'xu-gu-2023/lemma-4.7',
  'xu-gu-2023/lemma-4.8',
  'xu-gu-2023/lemma-4.9',
];
const KARHADKAR_ORDERS = ['karhadkar-2024/theorem-3.1/margin-factor'];
const SHANG_ORDERS = [
  'shang-2024/balanced-ratio/layers',
  'shang-2024/balanced-ratio/response',
  'shang-2024/time/small-start',
];
const STAGES = ['kou-2023/first-stage/time', 'kou-2023/first-stage/signal', 'kou-2023/second-stage'];

/** Which lemmas a family is drawn for, by their ids. */
export const FAMILIES: Readonly<Record<Family, (lemma: string) => boolean>> = {
  kou: (id) =>
    id.startsWith('kou-2023/') &&
    ![
      ...STAGES,
      'kou-2023/growing-activation-sets/initial-filters',
      'kou-2023/growing-activation-sets/initial-samples',
    ].includes(id),
  'kou-stages': (id) => STAGES.includes(id),
  'xu-gu': (id) =>
    id.startsWith('xu-gu-2023/') || ['karhadkar-2024/lemma-d.2', 'karhadkar-2024/lemma-d.4'].includes(id),
  karhadkar: (id) =>
    id.startsWith('karhadkar-2024/') ||
    [
      'kou-2023/decomposition',
      'kou-2023/monotone-coefficients/rho-bar',
      'kou-2023/monotone-coefficients/rho-under',
    ].includes(id),
  'both-layers': (id) => id === 'shang-2024/invariant',
  'small-start': (id) => id.startsWith('shang-2024/balanced-ratio/') || id === 'shang-2024/time/small-start',
  'large-start': (id) => ['shang-2024/threshold-output/still', 'shang-2024/time/large-start'].includes(id),
  wide: (id) => id === 'kou-2023/growing-activation-sets/initial-filters',
  many: (id) => id === 'kou-2023/growing-activation-sets/initial-samples',
  ...(Object.fromEntries(
    Object.keys(ORDERS).map((family) => {
      const ids = family.startsWith('kou')
        ? KOU_ORDERS
        : family.startsWith('xu-gu')
          ? XU_GU_ORDERS
          : family.startsWith('karhadkar')
            ? KARHADKAR_ORDERS
            : SHANG_ORDERS;
      return [family, (id: string) => ids.includes(id)];
    }),
  ) as Record<OrderFamily, (lemma: string) => boolean>),
};

type Values = Record<string, Value>;
/** Cells from nested values, defaults for the rest. */
const cellOf = (values: Values): Cell => buildCell(new Map(Object.entries(values)));

class Draw {
  private readonly stream: Stream;
  constructor(family: Family, at: number, seed: number) {
    this.stream = new Stream({ seed, cell: [Object.keys(FAMILIES).indexOf(family), at], replicate: 0 }, 'test');
  }
  between = (low: number, high: number): number => low + (high - low) * this.stream.uniform();
  integer = (low: number, high: number): number => Math.min(high, Math.floor(this.between(low, high + 1)));
  /** uniform in the logarithm */
  log = (low: number, high: number): number => exp(this.between(log(low), log(high)));
  of = <T>(values: readonly T[]): T => values[this.integer(0, values.length - 1)]!;
}

/** The `at`-th setting of a family: short runs, mostly within the assumptions. */
export function randomCell(family: Family, at: number, seed: number): Cell {
  const x = new Draw(family, at, seed);
  if (isOrder(family)) return orderCell(family, x);
  const engine = x.of(['gram', 'gram', 'direct']);
  switch (family) {
    case 'kou':
    case 'kou-stages': {
      const n = x.integer(6, 20);
      const m = x.integer(6, 16);
      const steps = family === 'kou' ? x.integer(60, 250) : 0;
      const sigmaP = x.log(0.5, 2);
      // Condition 4.1 counts on log T*: the stages are given a horizon of 1,000 steps.
      const T = Math.max(steps, family === 'kou' ? 0 : 1000);
      const needed = n * n * log((n * m) / 0.1) * log(T) ** 2;
      const d = Math.ceil(needed * x.log(1.01, 8));
      // Between what the signal must be at least and what the dimension allows.
      const mu = sigmaP * x.log(1.01 * Math.sqrt(log(n / 0.1)), 0.99 * Math.sqrt(d / (n * log(T))));
      const eta =
        x.log(0.2, 0.99) / (sigmaP ** 2 * Math.max((d * Math.sqrt(d)) / (n * n * m * Math.sqrt(log(n / 0.1))), d / n));
      const sigma0 = x.log(0.05, 0.99) / Math.max((sigmaP * d) / Math.sqrt(n), Math.sqrt(log(m / 0.1)) * mu);
      // The first stage takes about 6 units of nm/(eta sigma_p^2 d): 8 to 40 of them, 1,000 steps at most.
      const horizon = Math.min(T, Math.ceil((x.log(8, 40) * n * m) / (eta * sigmaP ** 2 * d)));
      return cellOf({
        'data.n': n,
        'data.d': d,
        'data.mu': mu,
        'data.sigmaP': sigmaP,
        'data.flip': x.of([0, 0.05, 0.1, 0.2]),
        'data.projected': x.of([true, false]),
        'network.m': m,
        'network.sigma0': sigma0,
        'training.eta': eta,
        'training.maxSteps': family === 'kou' ? steps : horizon,
        'test.lines': 4,
        'test.shifts': 4,
        engine: d > 5000 && engine === 'direct' && family === 'kou-stages' ? 'gram' : engine,
      });
    }
    case 'xu-gu': {
      const n = x.integer(8, 20);
      const m = x.integer(4, 16);
      const mu0 = x.log(1, 4);
      const d = Math.ceil((n * n * log(n / 0.1) * 2 + 400) * x.log(2, 30));
      const least = Math.sqrt(Math.sqrt((d / n) * log((2 * m * d) / (n * 0.1))));
      const mu = Math.min(least * mu0, 0.99 * Math.sqrt(d / n - n * log(n / 0.1)));
      const eta = (x.log(0.1, 0.99) * n) / d;
      return cellOf({
        'data.model': 'mixture',
        'data.n': n,
        'data.d': d,
        'data.mu': mu,
        'data.flip': x.of([0, 0.05, 0.1]),
        'data.projected': false,
        'network.m': m,
        'network.v0': Math.SQRT1_2,
        'network.outputScale': '1/sqrt(m)',
        'network.outputSigns': 'random',
        'network.activation': x.of(['relu', 'leaky-relu']),
        'network.sigma0': (x.log(0.05, 0.99) * eta) / Math.sqrt(2 * m * d),
        'training.eta': eta,
        'training.maxSteps': x.integer(60, 250),
        'test.estimator': 'auto',
        engine,
      });
    }
    case 'karhadkar': {
      const n = x.integer(8, 20);
      const m = x.integer(3, 12);
      const leak = x.between(0.1, 0.9);
      const d = Math.ceil(n * x.log(2.5, 200));
      return cellOf({
        'data.model': 'unit-norm-mixture',
        'data.n': n,
        'data.d': d,
        'data.share': x.log(0.01, 0.5),
        'data.flipLaw': 'exact',
        'data.flips': x.integer(0, Math.floor(n / 5)),
        'network.m': m,
        'network.activation': 'leaky-relu',
        'network.leak': leak,
        'network.outputScale': '1',
        'network.sigma0': (x.log(0.05, 0.3) * Math.sqrt(leak)) / (m * Math.sqrt(2 * m * d)),
        'training.loss': 'hinge',
        'training.reduction': 'sum',
        'training.eta': x.log(0.2, 0.6) / (m * n),
        'training.stop': 'zero-loss',
        'training.maxSteps': 300,
        'test.estimator': 'auto',
        engine,
      });
    }
    case 'both-layers': {
      const n = x.integer(5, 20);
      return cellOf({
        'data.n': n,
        'data.d': Math.ceil(x.log(50, 5000)),
        'data.mu': x.log(1, 8),
        'data.flip': x.of([0, 0.1]),
        'network.m': x.integer(2, 10),
        'network.output': x.of(['trained', 'trained-per-patch']),
        'network.outputScale': '1',
        'network.v0': x.log(0.1, 4),
        'network.v0Unit': 'v*',
        'network.sigma0': x.log(0.01, 0.3),
        'network.sigma0Unit': '1/(sigmaP*sqrt(d))',
        'training.etaUnit': 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)',
        'training.eta': x.log(0.02, 0.5),
        'training.maxSteps': x.integer(60, 200),
        'test.lines': 1,
        'test.shifts': 2,
        engine: x.of(['gram', 'direct']),
      });
    }
    case 'small-start':
    case 'large-start': {
      const small = family === 'small-start';
      const [n, m] = [x.integer(5, 30), x.integer(4, 16)];
      const sigmaP = x.log(0.5, 2);
      const d = Math.ceil(n * n * x.log(20, 200));
      const v0 = small ? x.log(0.01, 0.24) : x.log(4.1, 20);
      const v = v0 * Math.sqrt(Math.sqrt(n / d) / (m * sigmaP));
      return cellOf({
        'data.n': n,
        'data.d': d,
        'data.mu': sigmaP * Math.sqrt(d / n) * x.log(0.05, 0.45),
        'data.sigmaP': sigmaP,
        'data.flip': x.of([0, 0.1]),
        'network.m': m,
        'network.output': 'trained-per-patch',
        'network.outputScale': '1',
        'network.v0': v0,
        'network.v0Unit': 'v*',
        'network.sigma0': (x.log(0.05, 0.8) * v) / Math.sqrt(d),
        'training.etaUnit': 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)',
        'training.eta': x.log(0.1, 0.5),
        'training.maxSteps': x.integer(600, 1000),
        'test.lines': 1,
        'test.shifts': 2,
        engine,
      });
    }
    case 'wide':
      return cellOf({
        'data.n': x.integer(4, 12),
        'data.d': Math.ceil(x.log(30, 1e6)),
        'data.mu': 2,
        'network.m': x.integer(280, 320),
        'network.sigma0': 0.01,
        'training.maxSteps': 0,
        'test.estimator': 'points',
        'test.points': 2,
      });
    case 'many':
      return cellOf({
        'data.n': x.integer(200, 230),
        'data.d': Math.ceil(x.log(100, 1e6)),
        'data.mu': 2,
        'network.m': x.integer(2, 12),
        'network.sigma0': 0.01,
        'training.maxSteps': 0,
        'test.lines': 1,
        'test.shifts': 2,
      });
  }
}

/** Wider networks at a fixed time, a tenth of the labels flipped, far from where inputs overlap (d ≫ n²). */
function orderCell(family: OrderFamily, x: Draw): Cell {
  const {
    m: [low, high],
    n: counts,
  } = SIZES[family.slice(family.indexOf('orders') + 'orders'.length) as keyof typeof SIZES];
  const n = x.of<number>(counts);
  switch (family.slice(0, family.indexOf('-orders'))) {
    case 'kou': {
      // 12 units of nm/(sigma_p^2 d) in 300 steps; the signal a fixed share of what the dimension allows.
      const m = x.integer(low, high);
      const d = Math.ceil(n * n * log((n * m) / 0.1) * log(300) ** 2 * x.log(1.5, 8));
      const mu = 0.5 * Math.sqrt(d / (n * log(300)));
      return cellOf({
        'data.n': n,
        'data.d': d,
        'data.mu': mu,
        'data.flipLaw': 'exact',
        'data.flips': n / 10,
        'network.m': m,
        'network.sigma0': (0.1 * Math.sqrt(n)) / d,
        'training.eta': ((12 / 300) * n * m) / d,
        'training.maxSteps': 300,
        'test.estimator': 'points',
        'test.points': 2,
      });
    }
    case 'xu-gu': {
      const m = x.integer(low, high);
      const d = Math.ceil(n * n * log(n / 0.1) * x.log(200, 2000));
      const eta = (0.2 * n) / d;
      const mu = 1.2 * Math.sqrt(Math.sqrt((d / n) * log((2 * m * d) / (n * 0.1))));
      return cellOf({
        'data.model': 'mixture',
        'data.n': n,
        'data.d': d,
        'data.mu': mu,
        'data.flipLaw': 'exact',
        'data.flips': n / 10,
        'data.projected': false,
        'network.m': m,
        'network.v0': Math.SQRT1_2,
        'network.outputScale': '1/sqrt(m)',
        'network.outputSigns': 'random',
        'network.sigma0': (0.1 * eta) / Math.sqrt(2 * m * d),
        'training.eta': eta,
        'training.maxSteps': 200,
        'test.estimator': 'points',
        'test.points': 2,
      });
    }
    case 'karhadkar': {
      // a fifth of the others' widths: with no 1/m the steps must be so much smaller
      const m = x.integer(low / 5, high / 5);
      const d = Math.ceil(n * x.log(30, 300));
      return cellOf({
        'data.model': 'unit-norm-mixture',
        'data.n': n,
        'data.d': d,
        'data.share': 0.1,
        'data.flipLaw': 'exact',
        'data.flips': n / 10,
        'network.m': m,
        'network.activation': 'leaky-relu',
        'network.leak': 0.5,
        'network.outputScale': '1',
        'network.sigma0': 0.05 / (m * Math.sqrt(2 * m * d)),
        'training.loss': 'hinge',
        'training.reduction': 'sum',
        'training.eta': 0.3 / (m * n),
        'training.stop': 'zero-loss',
        'training.maxSteps': 2000,
        'test.estimator': 'points',
        'test.points': 2,
      });
    }
    default: {
      const m = x.integer(low, high);
      const d = Math.ceil(n * n * x.log(200, 2000));
      const v = 0.03 * Math.sqrt(Math.sqrt(n / d) / m);
      return cellOf({
        'data.n': n,
        'data.d': d,
        'data.mu': 0.2 * Math.sqrt(d / n),
        'data.flipLaw': 'exact',
        'data.flips': n / 10,
        'network.m': m,
        'network.output': 'trained-per-patch',
        'network.outputScale': '1',
        'network.v0': 0.03,
        'network.v0Unit': 'v*',
        'network.sigma0': (0.3 * v) / Math.sqrt(d),
        'training.etaUnit': 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)',
        'training.eta': 0.3,
        'training.maxSteps': 600,
        'test.estimator': 'points',
        'test.points': 2,
      });
    }
  }
}

/**
 * Outside the assumptions, where the lemma's bound must break; undefined where no run can break it, and the tests feed
 * it a tampered record.
 */
export function controlCell(lemma: string): Cell | undefined {
  const kou = {
    'data.n': 10,
    'data.d': 400,
    'data.mu': 4,
    'network.m': 6,
    'network.sigma0': 0.01,
    'training.maxSteps': 60,
    'test.lines': 1,
    'test.shifts': 2,
  };
  const xu = {
    ...kou,
    'data.model': 'mixture',
    'data.projected': false,
    'network.v0': Math.SQRT1_2,
    'network.outputScale': '1/sqrt(m)',
    'network.outputSigns': 'random',
    'training.eta': 0.01,
  };
  const hinge = {
    ...kou,
    'data.model': 'unit-norm-mixture',
    'data.share': 0.2,
    'network.activation': 'leaky-relu',
    'network.outputScale': '1',
    'training.loss': 'hinge',
    'training.reduction': 'sum',
    'training.stop': 'zero-loss',
    'training.eta': 0.01,
  };
  delete (hinge as Values)['data.mu'];
  const crowded = { 'data.n': 20, 'data.d': 5 };
  const dead = { 'network.m': 1, 'training.eta': 0.1, 'data.n': 20, 'training.maxSteps': 300 };
  const mislabelled = { 'data.flipLaw': 'exact', 'data.flips': 7 };
  const heavy = {
    'data.noise': 'student-t',
    'data.nu': 3,
    'data.n': 200,
    'test.estimator': 'points',
    'training.maxSteps': 0,
  };
  const layers = {
    ...kou,
    'network.output': 'trained-per-patch',
    'network.outputScale': '1',
    'network.v0Unit': 'v*',
    'network.sigma0': 0.001,
    'training.etaUnit': 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)',
    'training.eta': 0.3,
    'training.maxSteps': 600,
  };
  const crossing = {
    'network.output': 'trained',
    'network.v0': 0.01,
    'network.sigma0': 0.3,
    'training.eta': 20,
    'training.maxSteps': 20,
  };
  const cells: Readonly<Record<string, Values>> = {
    'kou-2023/monotone-coefficients/rho-bar': { ...kou, ...crossing },
    'kou-2023/monotone-coefficients/rho-under': { ...kou, ...crossing },
    'kou-2023/growing-activation-sets': { ...kou, ...crowded, 'training.eta': 5 },
    'kou-2023/balanced-derivatives': { ...kou, 'training.eta': 30 },
    'kou-2023/time-invariant-ratio': { ...kou, ...mislabelled },
    'kou-2023/coefficient-bounds/rho-bar': { ...kou, 'training.eta': 1000, 'training.maxSteps': 3 },
    'kou-2023/coefficient-bounds/rho-under': { ...kou, 'training.eta': 1e5, 'training.maxSteps': 3 },
    'kou-2023/coefficient-bounds/gamma': { ...kou, ...mislabelled },
    'kou-2023/coefficient-bounds/gamma-upper': { ...kou, 'training.eta': 1000, 'training.maxSteps': 3 },
    'kou-2023/first-stage/time': {
      ...kou,
      'training.eta': 0.1,
      'network.m': 1,
      'data.n': 20,
      'training.maxSteps': 300,
    },
    'kou-2023/first-stage/signal': { ...kou, ...mislabelled, 'training.eta': 0.02, 'training.maxSteps': 1000 },
    'kou-2023/second-stage': { ...kou, 'training.eta': 0.05, 'training.labelNoise': 0.05, 'training.maxSteps': 20000 },
    'kou-2023/good-event/noise-norms': { ...kou, ...heavy },
    'kou-2023/good-event/noise-overlap': { ...kou, ...heavy },
    'kou-2023/good-event/initial-noise': { ...kou, ...heavy },
    'kou-2023/growing-activation-sets/initial-filters': kou,
    'kou-2023/growing-activation-sets/initial-samples': kou,
    'xu-gu-2023/lemma-4.3': { ...xu, ...crowded, 'data.mu': 0, 'training.eta': 1 },
    'xu-gu-2023/lemma-4.4/upper': { ...xu, ...crowded },
    'xu-gu-2023/lemma-4.4/lower': { ...xu, ...dead },
    'xu-gu-2023/lemma-4.4/floor': { ...xu, 'network.sigma0': 10 },
    'xu-gu-2023/lemma-c.1': { ...xu, 'training.eta': 3 },
    'xu-gu-2023/lemma-4.5/decrement': { ...xu, ...dead },
    'xu-gu-2023/lemma-4.5/decrement-upper': { ...xu, ...crowded },
    'xu-gu-2023/lemma-4.5/loss-time': {
      ...xu,
      ...crowded,
      'data.mu': 0,
      'training.eta': 0.5,
      'training.maxSteps': 300,
    },
    'xu-gu-2023/theorem-3.1/loss-rate': { ...xu, ...dead, 'data.mu': 30 },
    'xu-gu-2023/lemma-4.7': { ...xu, ...mislabelled },
    'xu-gu-2023/lemma-4.8': { ...xu, ...mislabelled },
    'xu-gu-2023/lemma-4.9': { ...xu, 'data.mu': 200 },
    'xu-gu-2023/good-event/noise-overlap': { ...xu, ...heavy },
    'xu-gu-2023/good-event/signal-overlap': { ...xu, ...heavy },
    'xu-gu-2023/good-event/initial-output': { ...xu, 'network.sigma0': 1 },
    'karhadkar-2024/theorem-3.1/norm-growth': { ...hinge, 'training.eta': 1 },
    'karhadkar-2024/theorem-3.1/alignment-growth': { ...hinge, 'network.outputScale': '1/m' },
    'karhadkar-2024/theorem-3.1-explicit/time': { ...hinge, 'training.eta': 1e4 },
    'karhadkar-2024/theorem-3.1-explicit/norm': { ...hinge, 'network.sigma0': 10 },
    'karhadkar-2024/theorem-3.1/margin-factor': { ...hinge, 'network.sigma0': 10 },
    'karhadkar-2024/lemma-4.1/least': { ...hinge, ...heavy, 'data.d': 2000 },
    'karhadkar-2024/lemma-4.1/largest': { ...hinge, ...heavy },
    'shang-2024/balanced-ratio/layers': { ...layers, 'network.v0': 8 },
    'shang-2024/balanced-ratio/response': { ...layers, 'network.v0': 8 },
    'shang-2024/balanced-ratio/kept': { ...layers, 'network.v0': 8 },
    'shang-2024/threshold-output/still': { ...layers, 'network.v0': 8, 'network.sigma0': 1 },
    'shang-2024/time/small-start': { ...layers, 'network.v0': 0.9, 'training.maxSteps': 3000 },
    'shang-2024/time/large-start': {
      ...layers,
      'network.v0': 8,
      'training.labelNoise': 0.45,
      'training.maxSteps': 1200,
    },
    'shang-2024/invariant': {
      ...kou,
      'network.output': 'trained',
      'network.outputScale': '1',
      'network.v0': 0.1,
      'training.eta': 20,
    },
  };
  return cells[lemma] && cellOf(cells[lemma]);
}
