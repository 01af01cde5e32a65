/**
 * Settings inside the papers' assumptions (C = 1, δ = .1), one at least for every statement of the shelf: most of them no
 * experiment can afford, none is run here.
 */
import { valueAt } from '../../src/experiments/cell.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import type { Setting } from '../../src/notation.ts';
import { assess, type Chosen, type Judged, type Told } from '../../src/theory/assess.ts';

const kou = {
  data: { n: 20, d: 1e7, flip: 0.1 },
  network: { m: 10, sigma0: 1e-7 },
  training: { eta: 1e-7, maxSteps: 10000 },
} as const;
const karhadkar = {
  data: { model: 'unit-norm-mixture', n: 1000, d: 2000, flipLaw: 'exact', flips: 250 },
  network: { m: 4, activation: 'leaky-relu', leak: 0.5, outputScale: '1', sigma0: 1e-4 },
  training: { loss: 'hinge', reduction: 'sum', eta: 1e-4, stop: 'zero-loss', maxSteps: 10000 },
} as const;
const shang = {
  data: { n: 20, d: 1000 },
  network: { m: 10, output: 'trained-per-patch', outputScale: '1', v0Unit: 'v*', sigma0: 1e-6 },
  training: { eta: 1e-3 },
} as const;
const cao = {
  network: { m: 30, activation: 'relu-power', power: 3, sigma0: 3.3e-11 },
  training: { eta: 1e-13 },
} as const;
const huang = {
  data: { n: 60, d: 1e8, mu: 0.1 },
  network: { m: 60, activation: 'relu-power', power: 2, sigma0: 8e-5 },
  training: { eta: 1e-9 },
} as const;
const xor = { model: 'xor', n: 20, d: 1e6, flip: 0.1 } as const;
const mixture = { outputScale: '1/sqrt(m)', outputSigns: 'random', v0: Math.SQRT1_2, sigma0: 5e-17 } as const;

const SPECS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'kou, strong signal': { ...kou, data: { ...kou.data, mu: 100 } },
  'kou, weak signal': { ...kou, data: { ...kou.data, mu: 5 } },
  'kou, many filters': {
    data: { n: 400, d: 1e9, mu: 10, flip: 0.1 },
    network: { m: 500, sigma0: 1e-8 },
    training: { eta: 1e-7, maxSteps: 10000 },
  },
  'han, n SNR² = .7': { ...kou, data: { n: 20, d: 1000, mu: 6, flip: 0.1 } },
  'xu and gu': {
    data: { model: 'mixture', projected: false, n: 20, d: 1e6, mu: 35, flipLaw: 'exact', flips: 2 },
    network: { m: 10, ...mixture },
    training: { eta: 5e-13 },
  },
  frei: {
    data: { model: 'mixture', projected: false, n: 20, d: 1e6, mu: 35, flip: 0.1 },
    network: { m: 10, activation: 'smoothed-leaky-relu', ...mixture },
    training: { eta: 5e-13 },
    test: { estimator: 'points' },
  },
  'shang, large start, strong signal': {
    ...shang,
    data: { ...shang.data, mu: 9 },
    network: { ...shang.network, v0: 8 },
  },
  'shang, small start, weak signal': {
    ...shang,
    data: { ...shang.data, mu: 1 },
    network: { ...shang.network, v0: 0.1 },
  },
  'karhadkar, strong signal': { ...karhadkar, data: { ...karhadkar.data, share: 0.05 } },
  'karhadkar, weak signal': { ...karhadkar, data: { ...karhadkar.data, share: 1e-5 } },
  'cao, strong signal': { ...cao, data: { n: 30, d: 1e12, mu: 3.5e5 } },
  'cao, weak signal': { ...cao, data: { n: 30, d: 1e12, mu: 1e3 } },
  'meng, strong signal': { data: { ...xor, mu: 120 }, network: { m: 2 }, training: {} },
  'meng, weak signal': { data: { ...xor, mu: 5 }, network: { m: 2 }, training: {} },
  george: {
    data: { model: 'mixture', n: 20, d: 2000, mu: 5, flip: 0.1 },
    network: { m: 10 },
    training: { loss: 'hinge' },
  },
  huang,
  'huang, label noise': { ...huang, training: { ...huang.training, labelNoise: 0.4 } },
};

/** What a run would add to a setting. */
const MEASURED: Setting = {
  maxMarginNorm: 5,
  inputMax: 1.1,
  inputMin: 0.9,
  startMax: 1e-6,
  wNorm: 1e-6,
  noiseSingularMin: 0.5,
  steps: 100,
  step: 100,
  testErrorClean: 0.2,
};

export interface Named {
  readonly name: string;
  readonly setting: Setting;
  readonly chosen: Chosen;
  readonly told: readonly Told[];
}

export const SPEAKING: readonly Named[] = Object.entries(SPECS).map(([name, spec]) => {
  const [cell] = cells(specFrom(spec, name));
  const setting = { ...settingOf(cell!), ...MEASURED };
  const chosen: Chosen = (path) => valueAt(cell!, path);
  return { name, setting, chosen, told: assess(setting, chosen, {}).told };
});

/** The conditions of a statement and of what it stands on. */
export function conditionsOf(told: Told, { told: all }: Pick<Named, 'told'>): readonly Judged[] {
  return [
    ...told.conditions,
    ...told.statement.under.flatMap((id) =>
      all.filter(({ statement }) => statement.id === id).flatMap((one) => conditionsOf(one, { told: all })),
    ),
  ];
}

/** Whether a statement, told of a setting, says all that it can there: no departure, every condition met. */
export const speaks = (told: Told, named: Pick<Named, 'told'>): boolean =>
  told.departures.length === 0 && conditionsOf(told, named).every(({ holds }) => holds === true);
