/**
 * The level sets of constants.md as data. Protocol (docs/boundary.md): step size and initial scale in units, stop at a
 * fixed loss, exactly n/10 flipped labels; errors are clean.
 */

export interface Study {
  readonly id: string;
  /** heading of the paper's summary */
  readonly paper: string;
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
  /** the end of `over` where the problem is largest, when the search cannot tell: see `boundaryReport` */
  readonly largest?: 'low' | 'high';
  /** why it stands outside the theorem's assumptions on purpose */
  readonly control?: string;
  /** law of the picture's lines, by id; the first of `laws` when absent */
  readonly drawn?: string;
}

type Parts = Record<string, Record<string, unknown>>;

/**
 * Kou et al.: two patches, ReLU, 1/m, exactly a tenth of the labels flipped. sigma_0 sigma_p sqrt(d) = 0.1 sqrt(n/d):
 * Condition 4.1 of Kou et al. wants it below sqrt(n/d)/C, or the initial weights' noise outlives the learned signal at
 * large d.
 */
export const kou = (
  data: Record<string, unknown>,
  axes: Record<string, unknown>,
  more: Parts = {},
): Record<string, unknown> => ({
  data: { flips: 0.1, flipLaw: 'exact', ...data },
  network: { sigma0: 0.1, sigma0Unit: '1/(sigmaP*sqrt(d))', ...more['network'] },
  training: { eta: 1, etaUnit: 'n*m/(sigmaP^2*d)', stop: 'loss', epsilon: 0.02, maxSteps: 20000, ...more['training'] },
  test: { lines: 16, shifts: 4, ...more['test'] },
  scale: { 'data.flips': { n: 1 }, 'network.sigma0': { n: 0.5, d: -0.5 }, ...more['scale'] },
  axes,
  seed: 2023,
});
export const DEPTHS = [0.02, 0.05, 0.125, 0.2, 0.35];
const shang = (
  v0: readonly number[] | number,
  axes: Record<string, unknown>,
  d = 10000,
  scale: Parts = {},
): Record<string, unknown> => ({
  data: { n: 20, ...(axes['data.d'] === undefined && { d }) },
  network: {
    m: 10,
    output: 'trained-per-patch',
    outputScale: '1',
    v0Unit: 'v*',
    ...(typeof v0 === 'number' && { v0 }),
    sigma0: 1e-6,
    sigma0Unit: '1/(sigmaP*sqrt(d))',
  },
  training: { eta: 1, etaUnit: 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)', stop: 'loss', epsilon: 0.05, maxSteps: 20000 },
  test: { lines: 16, shifts: 4 },
  scale: { 'network.sigma0': { v0: 1 }, ...scale },
  axes: { ...(typeof v0 !== 'number' && { 'network.v0': v0 }), ...axes },
  seed: 2024,
});
/**
 * Large v_0: the initial filters, which grow with v_0 (`scale`), must stay small beside what is learned, which falls with
 * it. At sigma_0 = 1e-6 they do not at v_0 = 64 v* and 128 v*, and ‖mu‖* falls there by an exponent of -.06.
 */
const shangLarge = (...args: Parameters<typeof shang>): Record<string, unknown> => {
  const spec = shang(...args);
  return { ...spec, network: { ...(spec['network'] as Record<string, unknown>), sigma0: 1e-9 } };
};
/**
 * Karhadkar et al., as the text: ‖w(0)‖ ≈ .01 at every d, inside Assumption 1 (at most √α/m = .0395).
 */
const karhadkar = (
  data: Record<string, unknown>,
  axes: Record<string, unknown>,
  more: Parts = { network: { sigma0: 0.01 }, scale: { 'network.sigma0': { d: -0.5 } } },
): Record<string, unknown> => ({
  data: { model: 'unit-norm-mixture', flips: 0.1, flipLaw: 'exact', ...data },
  network: { activation: 'leaky-relu', leak: 0.1, m: 8, outputScale: '1', ...more['network'] },
  training: { loss: 'hinge', reduction: 'sum', eta: 0.1, stop: 'zero-loss', maxSteps: 100000 },
  test: { lines: 16, shifts: 4 },
  engine: 'gram-incremental',
  scale: { 'data.flips': { n: 1 }, 'training.eta': { n: -1 }, ...more['scale'] },
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
/**
 * ‖mu‖ stays of the order of the transition (S to 30 or so): far beyond it a mixture leaves the theorem's d >= C n
 * ‖mu‖², and the error rises again. The start is that of condition (6f), σ_0 ∝ n/(σ_p d^{3/2}).
 */
export const xuGu = (
  data: Record<string, unknown>,
  axes: Record<string, unknown>,
  power: Record<string, number>,
): Record<string, unknown> => {
  const spec = kou({ model: 'mixture', projected: false, ...data }, axes, {
    network: { m: 10, outputScale: '1/sqrt(m)', outputSigns: 'random' },
    training: { eta: 0.1 },
  });
  return { ...spec, scale: { ...(spec['scale'] as Parts), 'network.sigma0': { n: 1, d: -1 }, 'data.mu': power } };
};

/**
 * Along n labels are flipped by chance: a tenth of n is no whole number, and its rounding would be a step in the curve.
 */
const kouSamples = {
  ...kou({ d: 1e6 }, { 'data.mu': [5, 6, 7, 8, 9.5, 11], 'data.n': [2, 2000] }, { network: { m: 10 } }),
  data: { d: 1e6, flip: 0.1 },
  scale: { 'network.sigma0': { n: 0.5, d: -0.5 } },
};
const kouFlips = {
  ...kou({ n: 40, d: 1e5 }, { 'data.flips': [1, 2, 3, 4, 6, 8], 'data.mu': [1, 100] }, { network: { m: 10 } }),
  data: { n: 40, d: 1e5, flipLaw: 'exact' },
  scale: { 'network.sigma0': { n: 0.5, d: -0.5 } },
};

export const STUDIES: readonly Study[] = [
  {
    id: 'kou-d',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023: ‖μ‖* over d (n = 20, m = 10)',
    spec: kou(
      { n: 20 },
      { 'data.d': [100, 1e3, 1e4, 1e5, 1e6, 1e8], 'data.mu': [0.1, 2] },
      { network: { m: 10 }, scale: { 'data.mu': { d: 0.25 } } },
    ),
    along: 'data.mu',
    over: 'data.d',
    levels: DEPTHS,
    precision: 0.005,
    factor: 0.25,
  },
  {
    id: 'kou-d-outside',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023, σ_0 = 0.1/(σ_p √d) at every d (control): ‖μ‖* over d',
    control: 'there σ_0 σ_p √d stays fixed, and leaves Condition 4.1 of Kou et al. (as commonly cited) as d grows',
    spec: kou(
      { n: 20 },
      { 'data.d': [1e5, 1e6, 1e7, 1e8, 1e9], 'data.mu': [0.1, 12] },
      { network: { m: 10 }, scale: { 'data.mu': { d: 0.25 }, 'network.sigma0': {} } },
    ),
    along: 'data.mu',
    over: 'data.d',
    levels: [0.2, 0.35],
    precision: 0.01,
    factor: 0.25,
  },
  {
    id: 'kou-n',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023: ‖μ‖* over n (d = 10⁶, m = 10)',
    spec: kou({ d: 1e6 }, { 'data.n': [10, 20, 40, 80, 160], 'data.mu': [2, 200] }, { network: { m: 10 } }),
    along: 'data.mu',
    over: 'data.n',
    levels: [0.05, 0.125, 0.2, 0.35],
    precision: 0.003,
  },
  {
    id: 'kou-m',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023: ‖μ‖* over m (n = 20, d = 10⁵)',
    spec: kou({ n: 20, d: 1e5 }, { 'network.m': [5, 10, 20, 40, 80], 'data.mu': [1, 100] }),
    along: 'data.mu',
    over: 'network.m',
    levels: [0.05, 0.2],
    precision: 0.005,
  },
  {
    id: 'kou-k',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023: ‖μ‖* over the flips k (n = 40, d = 10⁵)',
    spec: kouFlips,
    along: 'data.mu',
    over: 'data.flips',
    levels: [0.05, 0.2],
    precision: 0.005,
  },
  {
    id: 'kou-d-mu',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023: d* over ‖μ‖ (n = 20, m = 10)',
    spec: kou({ n: 20 }, { 'data.mu': [4, 8, 16, 32, 64], 'data.d': [50, 1e11] }, { network: { m: 10 } }),
    along: 'data.d',
    over: 'data.mu',
    levels: [0.05, 0.125, 0.2, 0.35],
    precision: 0.02,
  },
  {
    id: 'kou-n-mu',
    paper: 'Kou et al. 2023',
    title: 'Kou et al. 2023: n* over ‖μ‖ (d = 10⁶, m = 10, each label flipped with p = 0.1)',
    spec: kouSamples,
    along: 'data.n',
    over: 'data.mu',
    levels: [0.2, 0.35],
    precision: 0.015,
  },
  {
    id: 'xu-gu-d',
    paper: 'Xu & Gu 2023',
    title: 'Xu & Gu 2023: ‖μ‖* over d, mixture (n = 20, m = 10)',
    spec: xuGu({ n: 20 }, { 'data.d': [1e3, 1e4, 1e5, 1e6, 1e8], 'data.mu': [0.1, 1.2] }, { d: 0.25 }),
    along: 'data.mu',
    over: 'data.d',
    levels: [0.05, 0.2, 0.35],
    precision: 0.005,
    factor: 0.25,
  },
  {
    id: 'xu-gu-n',
    paper: 'Xu & Gu 2023',
    title: 'Xu & Gu 2023: ‖μ‖* over n, mixture (d = 10⁶, m = 10)',
    spec: xuGu({ d: 1e6 }, { 'data.n': [10, 20, 40, 80, 160], 'data.mu': [6, 80] }, { n: -0.25 }),
    along: 'data.mu',
    over: 'data.n',
    levels: [0.05, 0.2, 0.35],
    precision: 0.002,
    factor: -0.25,
  },
  {
    id: 'shang-large-d',
    paper: 'Shang et al. 2024',
    title: 'Shang et al. 2024 (reconstructed), v_0 = 32 v*: ‖μ‖* over d',
    spec: shangLarge(32, { 'data.d': [100, 1e3, 1e4, 1e6, 1e8], 'data.mu': [0.1, 2] }, 0, { 'data.mu': { d: 0.25 } }),
    along: 'data.mu',
    over: 'data.d',
    levels: [0.1, 0.2],
    precision: 0.01,
    factor: 0.25,
    laws: ['shang-2024/large-v0'],
  },
  {
    id: 'shang-large-v0',
    paper: 'Shang et al. 2024',
    title: 'Shang et al. 2024 (reconstructed), v_0 ≥ 8 v*: ‖μ‖* over v_0/v* (d = 10⁴)',
    spec: shangLarge([8, 16, 32, 64, 128], { 'data.mu': [0.3, 100] }),
    along: 'data.mu',
    over: 'network.v0',
    levels: [0.1, 0.2],
    precision: 0.006,
    laws: ['shang-2024/large-v0'],
  },
  {
    id: 'shang-small-v0',
    paper: 'Shang et al. 2024',
    title: 'Shang et al. 2024 (reconstructed), v_0 ≤ v*/2: ‖μ‖* over v_0/v* (d = 10¹⁰)',
    // Seed 2024 was the pilot from which the precision was chosen.
    spec: { ...shang([0.03125, 0.0625, 0.125, 0.25, 0.5], { 'data.mu': [20, 20000] }, 1e10), seed: 2031 },
    along: 'data.mu',
    over: 'network.v0',
    levels: [0.1, 0.2],
    precision: 0.001,
    laws: ['shang-2024/small-v0'],
    largest: 'low', // the law is of small v_0
  },
  {
    id: 'shang-tiny-v0',
    paper: 'Shang et al. 2024',
    title: 'Shang et al. 2024 (reconstructed), v_0 ≤ 1e-5 v*: ‖μ‖* over v_0/v* (d = 10¹⁰)',
    spec: { ...shang([1e-6, 2e-6, 4e-6, 8e-6, 1.6e-5], { 'data.mu': [5000, 50000] }, 1e10), seed: 2031 },
    along: 'data.mu',
    over: 'network.v0',
    levels: [0.1, 0.2],
    precision: 0.002,
    laws: ['shang-2024/small-v0'],
    largest: 'low',
  },
  {
    id: 'karhadkar-n',
    paper: 'Karhadkar et al. 2024',
    title: 'Karhadkar et al. 2024: γ* over n (d = 10⁵, k = n/10)',
    spec: karhadkar({ d: 1e5 }, { 'data.n': [20, 40, 80, 160, 320], 'data.share': [2e-5, 0.1] }),
    along: 'data.share',
    over: 'data.n',
    levels: [0.05, 0.2],
    precision: 0.004,
    drawn: 'karhadkar-2024/between',
  },
  {
    id: 'karhadkar-d',
    paper: 'Karhadkar et al. 2024',
    title: 'Karhadkar et al. 2024: γ* over d (n = 40, k = 4)',
    spec: karhadkar(
      { n: 40 },
      { 'data.d': [160, 640, 2560, 10240, 40960, 163840, 655360, 2621440], 'data.share': [2e-5, 0.9] },
    ),
    along: 'data.share',
    over: 'data.d',
    levels: [0.05, 0.2],
    precision: 0.005,
    drawn: 'karhadkar-2024/between',
  },
  {
    id: 'karhadkar-d-outside',
    paper: 'Karhadkar et al. 2024',
    title: 'Karhadkar et al. 2024, σ_0 = .01 at every d (control): γ* over d',
    spec: karhadkar(
      { n: 40 },
      { 'data.d': [160, 640, 2560, 10240, 40960], 'data.share': [0.001, 0.9] },
      { network: { sigma0: 0.01, sigma0Unit: '1/(sigmaP*sqrt(d))' } },
    ),
    along: 'data.share',
    over: 'data.d',
    levels: [0.2],
    precision: 0.02,
    drawn: 'karhadkar-2024/between',
    control:
      'there ‖w(0)‖ ≈ .01 √d, 3.6 times what Assumption 1 of Karhadkar et al. allows (√α/m) at d = 160 and 26 times at 10,240',
  },
  {
    id: 'cao-d',
    paper: 'Cao et al. 2022',
    title: 'Cao et al. 2022, q = 3: ‖μ‖* over d (n = 20, m = 10)',
    spec: cao({ n: 20 }, { 'data.d': [100, 1e3, 1e4, 1e5, 1e6], 'data.mu': [1, 3000] }),
    along: 'data.mu',
    over: 'data.d',
    levels: [0.05, 0.2, 0.35],
    precision: 0.006,
  },
  {
    id: 'cao-n',
    paper: 'Cao et al. 2022',
    title: 'Cao et al. 2022, q = 3: ‖μ‖* over n (d = 10⁵, m = 10)',
    spec: cao({ d: 1e5 }, { 'data.n': [10, 20, 40, 80, 160], 'data.mu': [10, 1000] }),
    along: 'data.mu',
    over: 'data.n',
    levels: [0.05, 0.2, 0.35],
    precision: 0.012,
  },
];
