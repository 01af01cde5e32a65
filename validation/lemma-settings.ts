/** Random settings for the lemmas, a family for each group of them, and for each lemma a setting in which it must fail. */
import { Stream } from '../src/core/random.ts';
import { exp, log } from '../src/core/special.ts';
import { buildCell, type Cell, type Value } from '../src/experiments/cell.ts';

export type Family = 'kou' | 'xu-gu' | 'karhadkar' | 'both-layers' | 'wide' | 'many';

/** Which lemmas a family is drawn for, by the start of their ids. */
export const FAMILIES: Readonly<Record<Family, (lemma: string) => boolean>> = {
  kou: (id) => id.startsWith('kou-2023/') && !['kou-2023/initial-filters', 'kou-2023/initial-samples'].includes(id),
  'xu-gu': (id) => id.startsWith('xu-gu-2023/') || id.startsWith('karhadkar-2024/alignment-') && id !== 'karhadkar-2024/alignment-growth',
  karhadkar: (id) => id.startsWith('karhadkar-2024/') || ['kou-2023/decomposition', 'kou-2023/rho-bar-rises', 'kou-2023/rho-under-falls'].includes(id),
  'both-layers': (id) => id === 'shang-2024/balance',
  wide: (id) => id === 'kou-2023/initial-filters',
  many: (id) => id === 'kou-2023/initial-samples',
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
      return cellOf({ 'data.n': x.integer(4, 12), 'data.d': Math.ceil(x.log(30, 1e6)), 'data.mu': 2, 'network.m': x.integer(280, 320), 'network.sigma0': 0.01, 'training.maxSteps': 0, 'test.lines': 1, 'test.shifts': 2 });
    case 'many':
      return cellOf({ 'data.n': x.integer(200, 230), 'data.d': Math.ceil(x.log(100, 1e6)), 'data.mu': 2, 'network.m': x.integer(2, 12), 'network.sigma0': 0.01, 'training.maxSteps': 0, 'test.lines': 1, 'test.shifts': 2 });
  }
}
