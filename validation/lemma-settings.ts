/** Random settings for the lemmas, a family for each group of them, and for each lemma a setting in which it must fail. */
import { Stream } from '../src/core/random.ts';
import { exp, log } from '../src/core/special.ts';
import { buildCell, type Cell, type Value } from '../src/experiments/cell.ts';

export type Family = 'kou' | 'xu-gu' | 'karhadkar' | 'both-layers' | 'wide' | 'many' | 'kou-orders' | 'xu-gu-orders' | 'karhadkar-orders';

/** Families of wider networks at a fixed time in natural units, in which sizes alone vary: for the slopes of constants. As a share of the other families' number of settings. */
export const ORDERS: Partial<Record<Family, number>> = { 'kou-orders': 0.3, 'xu-gu-orders': 0.3, 'karhadkar-orders': 0.3 };

/** Lemmas whose constant theory leaves free. */
const KOU_ORDERS = ['kou-2023/balanced-derivatives', 'kou-2023/time-invariant-ratio'];
const XU_GU_ORDERS = ['xu-gu-2023/lemma-c.1', 'xu-gu-2023/lemma-4.5/decrement', 'xu-gu-2023/lemma-4.5/loss-time', 'xu-gu-2023/theorem-3.1/loss-rate', 'xu-gu-2023/lemma-4.7', 'xu-gu-2023/lemma-4.8', 'xu-gu-2023/lemma-4.9'];

/** Which lemmas a family is drawn for, by the start of their ids. */
export const FAMILIES: Readonly<Record<Family, (lemma: string) => boolean>> = {
  kou: (id) => id.startsWith('kou-2023/') && !['kou-2023/growing-activation-sets/initial-filters', 'kou-2023/growing-activation-sets/initial-samples'].includes(id),
  'xu-gu': (id) => id.startsWith('xu-gu-2023/') || id.startsWith('karhadkar-2024/lemma-d.'),
  karhadkar: (id) => id.startsWith('karhadkar-2024/') || ['kou-2023/decomposition', 'kou-2023/monotone-coefficients/rho-bar', 'kou-2023/monotone-coefficients/rho-under'].includes(id),
  'both-layers': (id) => id === 'shang-2024/invariant',
  wide: (id) => id === 'kou-2023/growing-activation-sets/initial-filters',
  many: (id) => id === 'kou-2023/growing-activation-sets/initial-samples',
  'kou-orders': (id) => KOU_ORDERS.includes(id),
  'xu-gu-orders': (id) => XU_GU_ORDERS.includes(id),
  'karhadkar-orders': (id) => id === 'karhadkar-2024/theorem-3.1/margin-factor',
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
  const engine = x.of(['gram', 'gram', 'direct']);
  switch (family) {
    case 'kou': {
      const n = x.integer(6, 20);
      const m = x.integer(6, 16);
      const steps = x.integer(60, 250);
      const sigmaP = x.log(0.5, 2);
      const needed = n * n * log((n * m) / 0.1) * log(steps) ** 2;
      const d = Math.ceil(needed * x.log(1.01, 8));
      // Between what the signal must be at least and what the dimension allows.
      const mu = sigmaP * x.log(1.01 * Math.sqrt(log(n / 0.1)), 0.99 * Math.sqrt(d / (n * log(steps))));
      const eta = x.log(0.2, 0.99) / (sigmaP ** 2 * Math.max((d * Math.sqrt(d)) / (n * n * m * Math.sqrt(log(n / 0.1))), d / n));
      const sigma0 = x.log(0.05, 0.99) / Math.max((sigmaP * d) / Math.sqrt(n), Math.sqrt(log(m / 0.1)) * mu);
      return cellOf({ 'data.n': n, 'data.d': d, 'data.mu': mu, 'data.sigmaP': sigmaP, 'data.flip': x.of([0, 0.05, 0.1, 0.2]), 'data.projected': x.of([true, false]), 'network.m': m, 'network.sigma0': sigma0, 'training.eta': eta, 'training.maxSteps': steps, 'test.lines': 4, 'test.shifts': 4, engine: d > 5000 && engine === 'direct' ? 'direct' : engine });
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
        'data.model': 'mixture', 'data.n': n, 'data.d': d, 'data.mu': mu, 'data.flip': x.of([0, 0.05, 0.1]), 'data.projected': false, 'network.m': m, 'network.v0': Math.SQRT1_2, 'network.outputScale': '1/sqrt(m)', 'network.outputSigns': 'random',
        'network.activation': x.of(['relu', 'leaky-relu']), 'network.sigma0': (x.log(0.05, 0.99) * eta) / Math.sqrt(2 * m * d), 'training.eta': eta, 'training.maxSteps': x.integer(60, 250), 'test.lines': 4, 'test.shifts': 4, engine,
      });
    }
    case 'karhadkar': {
      const n = x.integer(8, 20);
      const m = x.integer(3, 12);
      const leak = x.between(0.1, 0.9);
      const d = Math.ceil(n * x.log(1.5, 200));
      return cellOf({
        'data.model': 'unit-norm-mixture', 'data.n': n, 'data.d': d, 'data.share': x.log(0.01, 0.5), 'data.flipLaw': 'exact', 'data.flips': x.integer(0, Math.floor(n / 5)), 'network.m': m, 'network.activation': 'leaky-relu', 'network.leak': leak, 'network.outputScale': '1',
        'network.sigma0': (x.log(0.05, 0.3) * Math.sqrt(leak)) / (m * Math.sqrt(2 * m * d)), 'training.loss': 'hinge', 'training.reduction': 'sum', 'training.eta': x.log(0.2, 0.6) / (m * n), 'training.stop': 'zero-loss', 'training.maxSteps': 300, 'test.lines': 4, 'test.shifts': 4, engine,
      });
    }
    case 'both-layers': {
      const n = x.integer(5, 20);
      return cellOf({
        'data.n': n, 'data.d': Math.ceil(x.log(50, 5000)), 'data.mu': x.log(1, 8), 'data.flip': x.of([0, 0.1]), 'network.m': x.integer(2, 10), 'network.output': x.of(['trained', 'trained-per-patch']), 'network.outputScale': '1', 'network.v0': x.log(0.1, 4), 'network.v0Unit': 'v*',
        'network.sigma0': x.log(0.01, 0.3), 'network.sigma0Unit': '1/(sigmaP*sqrt(d))', 'training.etaUnit': 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)', 'training.eta': x.log(0.02, 0.5), 'training.maxSteps': x.integer(60, 200), 'test.lines': 1, 'test.shifts': 2, engine: x.of(['gram', 'direct']),
      });
    }
    case 'wide':
      return cellOf({ 'data.n': x.integer(4, 12), 'data.d': Math.ceil(x.log(30, 1e6)), 'data.mu': 2, 'network.m': x.integer(280, 320), 'network.sigma0': 0.01, 'training.maxSteps': 0, 'test.estimator': 'points', 'test.points': 2 });
    case 'many':
      return cellOf({ 'data.n': x.integer(200, 230), 'data.d': Math.ceil(x.log(100, 1e6)), 'data.mu': 2, 'network.m': x.integer(2, 12), 'network.sigma0': 0.01, 'training.maxSteps': 0, 'test.lines': 1, 'test.shifts': 2 });
    case 'kou-orders': {
      // eta = 4/300 n m/(sigma_p^2 d) for 300 steps; the signal a fixed share of what the dimension allows.
      const [n, m] = [x.of([20, 30, 40, 50]), x.integer(20, 70)];
      const d = Math.ceil(n * n * log((n * m) / 0.1) * log(300) ** 2 * x.log(1.5, 8));
      const mu = 0.5 * Math.sqrt(d / (n * log(300)));
      return cellOf({ 'data.n': n, 'data.d': d, 'data.mu': mu, 'data.flipLaw': 'exact', 'data.flips': n / 10, 'network.m': m, 'network.sigma0': (0.1 * Math.sqrt(n)) / d, 'training.eta': ((4 / 300) * n * m) / d, 'training.maxSteps': 300, 'test.estimator': 'points', 'test.points': 2 });
    }
    case 'xu-gu-orders': {
      const [n, m] = [x.of([20, 30, 40, 50]), x.integer(20, 70)];
      const d = Math.ceil((n * n * log(n / 0.1) * 2 + 400) * x.log(2, 12));
      const eta = (0.2 * n) / d;
      const mu = 1.2 * Math.sqrt(Math.sqrt((d / n) * log((2 * m * d) / (n * 0.1))));
      return cellOf({
        'data.model': 'mixture', 'data.n': n, 'data.d': d, 'data.mu': mu, 'data.flipLaw': 'exact', 'data.flips': n / 10, 'data.projected': false, 'network.m': m, 'network.v0': Math.SQRT1_2, 'network.outputScale': '1/sqrt(m)', 'network.outputSigns': 'random',
        'network.sigma0': (0.1 * eta) / Math.sqrt(2 * m * d), 'training.eta': eta, 'training.maxSteps': 200, 'test.estimator': 'points', 'test.points': 2,
      });
    }
    case 'karhadkar-orders': {
      const [n, m] = [x.of([10, 20, 30, 40]), x.integer(4, 16)];
      const d = Math.ceil(n * x.log(3, 30));
      return cellOf({
        'data.model': 'unit-norm-mixture', 'data.n': n, 'data.d': d, 'data.share': 0.1, 'data.flipLaw': 'exact', 'data.flips': n / 10, 'network.m': m, 'network.activation': 'leaky-relu', 'network.leak': 0.5, 'network.outputScale': '1',
        'network.sigma0': 0.05 / (m * Math.sqrt(2 * m * d)), 'training.loss': 'hinge', 'training.reduction': 'sum', 'training.eta': 0.3 / (m * n), 'training.stop': 'zero-loss', 'training.maxSteps': 2000, 'test.estimator': 'points', 'test.points': 2,
      });
    }
  }
}

/** Outside the assumptions, where the lemma's bound must break; undefined where no run can break it, and the tests feed it a tampered record. */
export function controlCell(lemma: string): Cell | undefined {
  const kou = { 'data.n': 10, 'data.d': 400, 'data.mu': 4, 'network.m': 6, 'network.sigma0': 0.01, 'training.maxSteps': 60, 'test.lines': 1, 'test.shifts': 2 };
  const xu = { ...kou, 'data.model': 'mixture', 'data.projected': false, 'network.v0': Math.SQRT1_2, 'network.outputScale': '1/sqrt(m)', 'network.outputSigns': 'random', 'training.eta': 0.01 };
  const hinge = { ...kou, 'data.model': 'unit-norm-mixture', 'data.share': 0.2, 'network.activation': 'leaky-relu', 'network.outputScale': '1', 'training.loss': 'hinge', 'training.reduction': 'sum', 'training.stop': 'zero-loss', 'training.eta': 0.01 };
  delete (hinge as Values)['data.mu'];
  const crowded = { 'data.n': 20, 'data.d': 5 };
  const dead = { 'network.m': 1, 'training.eta': 0.1, 'data.n': 20, 'training.maxSteps': 300 };
  const mislabelled = { 'data.flipLaw': 'exact', 'data.flips': 7 };
  const heavy = { 'data.noise': 'student-t', 'data.nu': 3, 'data.n': 200, 'test.estimator': 'points', 'training.maxSteps': 0 };
  const crossing = { 'network.output': 'trained', 'network.v0': 0.01, 'network.sigma0': 0.3, 'training.eta': 20, 'training.maxSteps': 20 };
  const cells: Readonly<Record<string, Values>> = {
    'kou-2023/monotone-coefficients/rho-bar': { ...kou, ...crossing },
    'kou-2023/monotone-coefficients/rho-under': { ...kou, ...crossing },
    'kou-2023/growing-activation-sets': { ...kou, ...crowded, 'training.eta': 5 },
    'kou-2023/balanced-derivatives': { ...kou, 'training.eta': 30 },
    'kou-2023/time-invariant-ratio': { ...kou, ...mislabelled },
    'kou-2023/coefficient-bounds/rho-bar': { ...kou, 'training.eta': 1000, 'training.maxSteps': 3 },
    'kou-2023/coefficient-bounds/rho-under': { ...kou, 'training.eta': 1e5, 'training.maxSteps': 3 },
    'kou-2023/coefficient-bounds/gamma': { ...kou, ...mislabelled },
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
    'xu-gu-2023/lemma-4.5/loss-time': { ...xu, ...crowded, 'data.mu': 0, 'training.eta': 0.5, 'training.maxSteps': 300 },
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
    'shang-2024/invariant': { ...kou, 'network.output': 'trained', 'network.outputScale': '1', 'network.v0': 0.1, 'training.eta': 20 },
  };
  return cells[lemma] && cellOf(cells[lemma]);
}
