/** Every theorem at one setting against numbers worked out by hand: the comments say how. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Setting } from '../../src/notation.ts';
import { constantsOf, judge } from '../../src/theory/assess.ts';
import { exponent, thresholdOutput } from '../../src/theory/shang-law.ts';
import { BY_HAND } from '../tolerances.ts';
import { find } from '../helpers/statement.ts';

const close = (came: number, expected: number, what: string): void =>
  assert.ok(Math.abs(came - expected) <= BY_HAND * Math.abs(expected), `${what}: ${came} against ${expected}`);

/** Sides of a statement's conditions, [lhs, rhs] by id. */
function holdsBy(
  id: string,
  setting: Setting,
  given = {},
  expected: Readonly<Record<string, readonly [number, number]>>,
): void {
  const statement = find(id);
  for (const [name, [lhs, rhs]] of Object.entries(expected)) {
    const condition = statement.conditions.find((one) => one.id === name);
    assert.ok(condition, `${id} ${name}`);
    const judged = judge(condition, setting, constantsOf(statement, given));
    close(judged.lhs, lhs, `${id} ${name} lhs`);
    close(judged.rhs, rhs, `${id} ${name} rhs`);
    close(judged.ratio, lhs / rhs, `${id} ${name} ratio`);
    assert.equal(judged.holds, condition.relation === '>=' ? lhs >= rhs : lhs <= rhs, `${id} ${name}`);
    assert.equal(judged.factor > 1, judged.holds, `${id} ${name} factor`);
  }
  assert.deepEqual(
    Object.keys(expected).sort(),
    statement.conditions.map((one) => one.id).sort(),
    `${id}: every condition has its numbers`,
  );
}

function boundsOf(id: string, setting: Setting, given = {}, expected: Readonly<Record<string, number>>): void {
  const statement = find(id);
  for (const [name, value] of Object.entries(expected)) {
    const bound = statement.bounds.find((one) => one.id === name);
    assert.ok(bound, `${id} ${name}`);
    close(bound.value(setting, constantsOf(statement, given)), value, `${id} ${name}`);
  }
  assert.deepEqual(
    Object.keys(expected).sort(),
    statement.bounds.map((one) => one.id).sort(),
    `${id}: every bound has its number`,
  );
}

test('Kou et al. 2023', () => {
  const s: Setting = {
    n: 20,
    d: 1000,
    m: 10,
    mu: 6,
    sigmaP: 2,
    flip: 0.1,
    flips: 2,
    sigma0: 0.01,
    eta: 0.1,
    epsilon: 0.01,
    maxSteps: 200,
  };
  // log 200 = 5.298317, n/delta = 200 too; nm/delta = 2000, log = 7.600902; m/delta = 100, log = 4.605170.
  holdsBy(
    'kou-2023/condition-4.1',
    s,
    { C: 2 },
    {
      'dimension-signal': [1000, (2 * 20 * 36 * 5.298317366548036) / 4],
      'dimension-samples': [1000, 2 * 400 * 7.600902459542082 * 28.072166915664233],
      width: [10, 10.596634733096073],
      samples: [20, 9.210340371976184],
      signal: [36, 42.38653893238429],
      'label-noise': [0.1, 0.125],
      // sigma_p d/sqrt n = 447.2136; sqrt(4.60517) * 6 = 12.876
      'initial-scale': [0.01, 1 / (2 * 447.21359549995793)],
      // 4 * 31622.7766 / (4000 * 2.3018) = 13.738; 4 * 1000 / 20 = 200
      'step-size': [0.1, 1 / 400],
    },
  );
  // S = 20 * 1296 / 16000 = 1.62
  boundsOf(
    'kou-2023/theorem-4.2',
    s,
    { C2: 0.5 },
    { benign: 0.1 + Math.exp(-3.24), harmful: 0.2, time: (10 * 20) / (0.1 * 0.01 * 1000 * 4), loss: 0.01, fitted: 0 },
  );
  boundsOf('kou-2023/noisy-and-clean-error', { ...s, testErrorClean: 0.25 }, {}, { 'at-most': 0.3, 'at-least': 0.3 });
  boundsOf('kou-2023/time-invariant-ratio', s, { C: 3 }, { 'at-most': 0.027, 'at-least': 0.003 }); // SNR² = 36/4000 = 0.009
  boundsOf('kou-2023/monotone-coefficients', s, {}, { bar: 0, under: 0 });
  boundsOf('kou-2023/balanced-derivatives', s, { C: 5 }, { ratio: 5 });
  boundsOf('kou-2023/growing-activation-sets', s, {}, { filters: 0.4, samples: 0.125 });
  const needed = find('kou-2023/growing-activation-sets').bounds.map(({ where }) => where!.rhs(s, { delta: 0.1 }));
  close(needed[0]!, 50 * Math.log(400), 'active filters');
  close(needed[1]!, 32 * Math.log(400), 'active samples');
  // sqrt(log(16000)/1000) = sqrt(9.680344e-3) = 0.0983887; start: sqrt(2 log 800) 0.06 = .2194 against 2 sqrt(log
  // 16000) 0.02 sqrt 1000 = 3.93554
  boundsOf(
    'kou-2023/coefficient-bounds',
    s,
    { C: 1 },
    {
      bar: 21.193269466192145,
      under: -2 * 3.9355482 - 64 * 20 * 0.0983887386 * 5.298317366548036,
      gamma: 20 * 0.009 * 5.298317366548036,
      'gamma-positive': 0,
    },
  );
  boundsOf('kou-2023/first-stage', s, { C: 4 }, { time: 2 }); // 4 * 200/(0.1 * 4000)
  boundsOf('kou-2023/second-stage', s, { C: 4, C4: 1 }, { time: 0.5 * (4 + (25 * Math.log(200) ** 2) / 0.02) });
});

test('Xu, Gu 2023: neurons are 2m, noise is divided out', () => {
  const s: Setting = {
    n: 20,
    d: 1000,
    m: 5,
    mu: 12,
    sigmaP: 2,
    flips: 1,
    sigma0: 0.01,
    eta: 0.05,
    epsilon: 0.01,
    step: 500,
    flip: 0,
    v0: Math.SQRT1_2,
  };
  // M = 10, ‖μ‖² = 36, step = 0.2, omega = 0.02
  holdsBy(
    'xu-gu-2023/conditions',
    s,
    {},
    {
      '6a': [20, 4.605170185988092],
      '6b': [10, 5.298317366548036],
      '6c': [1000, 720 + 400 * 5.298317366548036],
      '6d': [0.05, 0.125],
      '6e': [0.2, 1e-6],
      '6f': [0.02, 0.2 / 100],
    },
  );
  // (50 log(10 * 1000 / 2))^{1/4} = (50 * 8.517193)^{1/4} = 425.85966^{1/4} = 20.636367^{1/2}
  holdsBy('xu-gu-2023/theorem-3.1', s, {}, { signal: [6, 4.5427269] });
  boundsOf(
    'xu-gu-2023/theorem-3.1',
    s,
    { C: 2 },
    { benign: Math.exp(-12.96), time: (2 * Math.LN2) / (0.2 * 36 * 0.01), loss: 0.01 },
  ); // 20 * 1296/2000
  // the forms that runs are held against: eta d/n instead of (6e)
  holdsBy(
    'xu-gu-2023/theorem-3.1-proof',
    s,
    {},
    {
      '6a': [20, 4.605170185988092],
      '6b': [10, 5.298317366548036],
      '6c': [1000, 720 + 400 * 5.298317366548036],
      '6d': [0.05, 0.125],
      '6e-proof': [10, 1],
      '6f': [0.02, 0.2 / 100],
      signal: [6, 4.5427269],
    },
  );
  boundsOf('xu-gu-2023/theorem-3.1-proof', s, { C_S: 4 }, { fitted: 0, error: Math.exp(-6.48) });
  holdsBy(
    'xu-gu-2023/rates',
    { ...s, steps: 50 },
    {},
    { '6c': [1000, 720 + 400 * 5.298317366548036], '6e-proof': [10, 1], '6f': [0.02, 0.2 / 100], after: [50, 1] },
  );
  boundsOf('xu-gu-2023/rates', { ...s, steps: 50 }, { C_l: 30, C_L: 2 }, { sample: 600 / 10000, mean: 2 / 360 });
  boundsOf('xu-gu-2023/minimax-lower-bound', s, {}, { 'any-rule': 0.1 * Math.exp(-25.92) });
  boundsOf('xu-gu-2023/good-event', s, {}, { 'initial-norm': 0.02 * Math.sqrt(1000), 'initial-margin': -1 });
  boundsOf('xu-gu-2023/lemma-4.4', s, {}, { margin: -1 });
  boundsOf('xu-gu-2023/lemma-c.1', s, {}, { ratio: 51202 }); // 2 + 12800 * 4
  boundsOf('xu-gu-2023/lemma-4.5', s, { C: 1 }, { mean: 1 / 3600, 'by-sample': 20 / 1e5 });
  holdsBy('xu-gu-2023/lemma-4.7', s, {}, { 'signal-wins': [36, Math.sqrt(50 * Math.log(500))] });
});

test('Shang et al. 2024, reconstructed', () => {
  const s: Setting = { n: 20, d: 1000, m: 10, mu: 4, sigmaP: 1, v0: 0.05, eta: 0.1 };
  const point = s as Required<Pick<Setting, 'n' | 'd' | 'm' | 'mu' | 'sigmaP' | 'v0'>>;
  close(thresholdOutput(point), 0.11892071150027211, 'v*'); // 2^{-5/2} 50^{-1/4} ... = (0.02)^{1/4} / sqrt 10
  // below v*: m² v_0⁴ ‖μ‖⁴/σ_p² = 100 * 6.25e-6 * 256 times the square of a ratio of sinh; r = 4 √.02
  const r = 4 * Math.sqrt(0.02);
  const L = 1 + Math.log(0.11892071150027211 / 0.05);
  const E = (c: number): number => 0.16 * (Math.sinh(2 * c * r * L) / Math.sinh(2 * c * r)) ** 2;
  close(exponent(point), E(Math.sqrt((0.5 - 1 / Math.sqrt(40 * Math.PI)) / 0.78)), 'E');
  close(exponent({ ...point, v0: 1 }), 5.12, 'E above v*');
  const least = Math.sqrt(0.5 - 1.6448536269514722 / (2 * Math.sqrt(20)));
  boundsOf('shang-2024/transition', s, { C2: 0.1 }, { benign: Math.exp(-10 * E(least)), harmful: 0.1 });
  const [benign, harmful] = ['benign', 'harmful'].map(
    (side) => find('shang-2024/transition').regimes![side as 'benign' | 'harmful']!,
  );
  close(benign!.lhs(s, { delta: 0.1 }), E(least), 'E(c_1)');
  close(harmful!.lhs(s, {}), E(1), 'E(1)');
  holdsBy(
    'shang-2024/start',
    { ...s, sigma0: 0.002 },
    { C: 2 },
    { thin: [0.002 * Math.sqrt(1000), 0.05], width: [20 / 1024, 0.1], dimension: [1000, 800] },
  );
  const c = Math.sqrt((0.5 - 1 / Math.sqrt(40 * Math.PI)) / 0.6);
  boundsOf(
    'shang-2024/critical-signal',
    s,
    { C: 0.16 * (Math.sinh(2 * c * r * L) / Math.sinh(2 * c * r)) ** 2, a: 0.6 },
    { 'large-start': (50 * 0.16 * (Math.sinh(2 * c * r * L) / Math.sinh(2 * c * r)) ** 2) ** 0.25, 'small-start': 4 },
  );
  boundsOf('shang-2024/threshold-output', s, {}, { threshold: 0.11892071150027211 });
  const root = Math.sqrt(50);
  boundsOf(
    'shang-2024/balanced-ratio',
    s,
    { C: 2 },
    { response: 2 * root, 'response-least': root / 2, layers: 2, 'layers-least': 0.5 },
  );
  boundsOf(
    'shang-2024/time',
    s,
    { C: 1 },
    {
      'small-start': (10 / root) * Math.log(0.11892071150027211 / 0.05),
      'large-start': 20 / (0.1 * 1000 * 0.0025 * 10),
    },
  );
  // the two borders meet at v*
  const meets = find('shang-2024/critical-signal').bounds.map(({ value }) =>
    value({ ...s, v0: thresholdOutput(point) }, { C: 3 }),
  );
  close(meets[0]!, meets[1]!, 'continuous at v*');
});

test('Karhadkar et al. 2024', () => {
  const s: Setting = {
    n: 100,
    d: 400,
    m: 32,
    share: 0.05,
    flips: 10,
    leak: 0.1,
    sigma0: 0.001,
    eta: 0.0003,
    maxMarginNorm: 6,
  };
  holdsBy(
    'karhadkar-2024/assumption-1',
    s,
    {},
    { 'step-size': [0.0003, 0.0003125], 'initial-norm': [0.02, Math.sqrt(0.1) / 32] },
  );
  boundsOf(
    'karhadkar-2024/theorem-3.1',
    s,
    { C: 2 },
    { time: 72 / (0.0003 * 0.32), norm: 12 / (0.1 * Math.sqrt(32)), loss: 0 },
  );
  boundsOf('karhadkar-2024/theorem-3.1-explicit', s, {}, { 'zero-loss': 0, steps: 1.5e6, norm: 45 }); // 144/9.6e-5; sqrt(18/32) * 60
  holdsBy(
    'karhadkar-2024/theorem-3.1-explicit',
    { ...s, inputMax: 1.25, inputMin: 0.8, startMax: 0.012 },
    {},
    { 'step-size': [0.0003, 0.0002], 'initial-norm': [0.012, Math.sqrt(0.1) / 25.6], separable: [6, 1e12] },
  );
  assert.equal(
    judge(find('karhadkar-2024/theorem-3.1-explicit').conditions[0]!, s, {}).holds,
    null,
    'without the norms of a run',
  );
  holdsBy(
    'karhadkar-2024/theorem-3.2',
    s,
    { mA2: 3 },
    { samples: [100, Math.LN10], dimension: [400, 100], 'wrong-labels': [10, 25], signal: [0.05, 0.1] },
  );
  boundsOf('karhadkar-2024/theorem-3.2', s, { mA2: 3 }, { benign: Math.exp(-10) });
  holdsBy(
    'karhadkar-2024/corollary-3.2.1',
    s,
    {},
    { samples: [100, Math.LN10], dimension: [400, 100], 'wrong-labels': [10, 1] },
  );
  boundsOf('karhadkar-2024/corollary-3.2.1', s, {}, { benign: Math.exp(-0.4), loss: 0 });
  holdsBy(
    'karhadkar-2024/theorem-3.3',
    s,
    {},
    { samples: [100, 10], dimension: [400, 100], 'wrong-labels': [10, 10 + Math.LN10] },
  );
  boundsOf('karhadkar-2024/theorem-3.3', s, { C2: 0.01 }, { 'any-signal': Math.exp(-4) });
  holdsBy('karhadkar-2024/theorem-3.4', s, {}, { dimension: [400, 100 + Math.LN10] });
  boundsOf('karhadkar-2024/theorem-3.4', s, {}, { harmful: 0.125, loss: 0 });
  holdsBy('karhadkar-2024/theorem-c.2', s, {}, { 'wrong-labels': [10, 100] });
  boundsOf(
    'karhadkar-2024/theorem-c.2',
    s,
    { C1: 1, C2: 0.1, C3: 0.01 },
    { benign: Math.exp(-4), 'any-signal': Math.exp(-40), harmful: 0.5 - Math.sqrt(0.2) },
  );
  // validation/max-margin-limit.md, d/n = 2, gamma n = 5, k/n = 0.1; its norm is for n = 400
  const wide: Setting = { ...s, n: 1e8, d: 2e8, share: 5e-8, flips: 1e7 };
  const [error, , norm] = find('karhadkar-2024/max-margin-limit').bounds.map(({ value }) => value(wide, {}));
  assert.equal(error!.toFixed(5), '0.06522');
  assert.equal((norm! / 1e4).toFixed(4), '0.8419');
  assert.ok(
    Number.isNaN(find('karhadkar-2024/max-margin-limit').bounds[0]!.value({ n: 100, d: 20 }, {})),
    'a number is missing',
  );
  boundsOf('karhadkar-2024/lemma-b.3', s, { C: 2 }, { norm: 2 * Math.sqrt(20 + 10 / 0.95) });
  boundsOf('karhadkar-2024/lemma-b.4', s, { C: 2 }, { norm: 2 * Math.sqrt(100 / 0.95) });
  // √(2 log 20) = 2.4477468; √399 = 19.9749844
  boundsOf(
    'karhadkar-2024/lemma-4.1',
    s,
    {},
    { least: (19.9749844 - 12.4477468) / 20, largest: (19.9749844 + 12.4477468) / 20 },
  );
  for (const id of ['lemma-b.3', 'lemma-b.4', 'lemma-4.1'])
    holdsBy(`karhadkar-2024/${id}`, s, {}, { dimension: [400, 100 + Math.LN10] });
});

test('neighbours', () => {
  // n SNR³ = 20 (6/10)³ = 4.32
  const cao: Setting = {
    n: 20,
    d: 100,
    m: 4,
    mu: 6,
    sigmaP: 1,
    power: 3,
    sigma0: 0.1,
    eta: 0.5,
    epsilon: 0.01,
    flip: 0,
  };
  boundsOf(
    'cao-2022/transition',
    cao,
    {},
    {
      benign: 0.06 / Math.LN2,
      'time-signal': 2 * ((4 * 10) / 216 + 64 / 0.36),
      'time-noise': 2 * ((80 * 10) / 1000 + (20 * 64) / 1),
    },
  );
  close(find('cao-2022/transition').regimes!.benign!.lhs(cao, {}), 4.32, 'n SNR^q');
  // q = 3: m⁴ n⁴; min(1/10, 1/6) = 1/10: σ_0 between 20/10 * 1/10 and 1/(16 * 20) * 1/10. q = 4: m² n⁴, 1/(4 * 20)
  holdsBy(
    'cao-2022/condition-4.2',
    cao,
    {},
    {
      dimension: [100, 256 * 160000],
      width: [4, Math.log(100)],
      samples: [20, Math.log(100)],
      'step-size': [0.5, 0.01],
      'initial-scale-least': [0.1, 0.2],
      'initial-scale': [0.1, 1 / 3200],
    },
  );
  const smoother = find('cao-2022/condition-4.2').conditions.map(({ rhs }) => rhs({ ...cao, power: 4 }, { C: 1 }));
  close(smoother[0]!, 16 * 160000, 'q = 4: dimension');
  close(smoother[5]!, 1 / 800, 'q = 4: initial scale');

  const frei: Setting = {
    n: 20,
    d: 1000,
    m: 8,
    mu: 6,
    sigmaP: 1,
    flip: 0.1,
    flips: 2,
    sigma0: 0.01,
    eta: 0.1,
    epsilon: 0.01,
    smoothing: 8,
  };
  holdsBy(
    'frei-2022/assumptions',
    frei,
    {},
    {
      A1: [20, Math.LN10],
      A2: [1000, 400 * 5.298317366548036],
      A3: [36, 5.298317366548036],
      A4: [0.1, 1],
      A5: [0.1, 1 / (2 * 1e6)],
      A6: [0.01 * Math.sqrt(16000), 0.1],
    },
  );
  holdsBy('frei-2022/theorem', frei, {}, { accuracy: [0.01, 0.025] });
  boundsOf(
    'frei-2022/theorem',
    frei,
    { C: 2 },
    { benign: 0.1 + 2 * Math.exp(-12.96), time: (2 * Math.LN2) / (36 * 0.1 * 1e-4), loss: 0.01, fitted: 0 },
  );
  holdsBy(
    'frei-2022/theorem-proof',
    frei,
    {},
    {
      A1: [20, Math.LN10],
      A2: [1000, 400 * 5.298317366548036],
      A3: [36, 5.298317366548036],
      A4: [0.1, 1],
      'A5-proof': [5, 1],
      A6: [0.01 * Math.sqrt(16000), 0.1],
    },
  );
  boundsOf('frei-2022/theorem-proof', frei, { C_S: 4 }, { fitted: 0, error: 0.1 + 2 * Math.exp(-6.48) });
  boundsOf('frei-2022/loss-ratio', frei, { C: 3 }, { ratio: 3 });

  const meng: Setting = { n: 20, d: 1000, m: 2, mu: 6, sigmaP: 1, cosine: 0.6 };
  holdsBy('meng-2024/classic-regime', meng, {}, { angle: [0.6, 0.5] });
  holdsBy('meng-2024/correlated-features', meng, {}, { signal: [36, (32 * 400) / 0.16] });
  close(find('meng-2024/classic-regime').regimes!.harmful!.lhs(meng, {}), 25920, 'n‖μ‖⁴');

  holdsBy('george-2023/three-outcomes', { n: 10, d: 500 }, {}, { 'near-orthogonality': [500, 100 * Math.LN10] });

  const huang: Setting = { n: 20, d: 400, m: 2, mu: 2, sigmaP: 0.5, sigma0: 0.01, eta: 0.5, epsilon: 0.1 };
  // log 256 = 8 log 2; 256^{3/4} = 64, 256^{5/8} = 32: 20/(0.5 * 64); min(1/(2 * 32), 1/(0.5 * 16))
  holdsBy(
    'huang-2025/assumptions',
    { ...huang, d: 256 },
    {},
    {
      dimension: [256, 400],
      'weak-signal': [80 / 64, 1],
      width: [2, 8 * Math.LN2],
      samples: [20, 8 * Math.LN2],
      'step-size': [0.5, 1 / 64],
      'initial-scale-least': [0.01, 0.625],
      'initial-scale': [0.01, 1 / 64],
    },
  );
  // 20/(0.5 * 100); sigma_0 sigma_p sqrt d = 0.1
  boundsOf('huang-2025/gradient-descent', huang, {}, { harmful: 0.24, time: 0.4 * (2 * Math.log(10) + 80), loss: 0.1 });
  holdsBy(
    'huang-2025/label-noise',
    { ...huang, d: 256, m: 5, labelNoise: 0.3 },
    { C: 2 },
    { 'label-noise-least': [0.3, 1.6 * Math.LN2], 'label-noise': [0.3, 0.5] },
  );
  // m/eta = 4; n log(10)/(sigma_p² d) = 0.2 log 10; log(6/0.02)/4
  boundsOf(
    'huang-2025/label-noise',
    huang,
    { C: 2, C1: 0.05 },
    { benign: 2 * Math.exp(-2), time: 8 * (0.2 * Math.log(10) + Math.log(300) / 4), loss: 0.05 },
  );

  const han: Setting = { n: 20, d: 1000, m: 10, mu: 6, sigmaP: 1, flip: 0.1, eta: 0.1 };
  holdsBy('han-2025/regime', han, {}, { 'at-least': [0.72, 0.1], 'at-most': [0.72, 10] });
  boundsOf(
    'han-2025/first-stage',
    han,
    { C: 4, C2: 10 },
    { time: 8, 'early-error': Math.exp(-5), 'clean-loss': Math.LN2, 'flipped-loss': Math.LN2 },
  );
  boundsOf('han-2025/second-stage', han, {}, { 'flipped-fitted': 0 });
});

test('limits: stronger signals and more samples help, more dimensions hurt; noise scales out', () => {
  const benign = find('kou-2023/theorem-4.2').bounds[0]!;
  const at = (change: Setting): number =>
    benign.value({ n: 20, d: 1000, mu: 6, sigmaP: 1, flip: 0.1, ...change }, { C2: 10 });
  assert.ok(at({ mu: 7 }) < at({}) && at({ n: 30 }) < at({}) && at({ d: 2000 }) > at({}) && at({ sigmaP: 2 }) > at({}));
  close(at({ mu: 1e3 }), 0.1, 'floor p');
  close(at({ mu: 12, sigmaP: 2 }), at({}), 'units');
  const xu = find('xu-gu-2023/theorem-3.1').bounds;
  const here: Setting = { n: 20, d: 1000, mu: 6, sigmaP: 1, eta: 0.1, epsilon: 0.01, v0: Math.SQRT1_2 };
  for (const { id, value } of xu)
    close(
      value({ ...here, mu: 18, sigmaP: 3, eta: 0.1 / 9 }, { C: 1 }),
      value(here, { C: 1 }),
      `${id} after a change of units`,
    );
});
