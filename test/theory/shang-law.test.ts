/** The law of small starts (Shang et al., reconstructed): its limits in closed form, its gradient, a counterexample. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCell } from '../../src/experiments/run.ts';
import { settingOf } from '../../src/experiments/setting.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import type { SymbolId } from '../../src/notation.ts';
import { RIGHT } from '../../src/observables/outcome.ts';
import { predict, tell } from '../../src/theory/assess.ts';
import {
  criticalSignal,
  exponent,
  foldings,
  growthRatio,
  leastGrowthRatio,
  localPowers,
  logExponent,
  signalRatio,
  thresholdOutput,
} from '../../src/theory/shang-law.ts';
import { logControl, transitionExponent, TRANSITION_LAWS } from '../../src/theory/transition-laws.ts';
import { find } from '../helpers/statement.ts';
import { BISECTION, DIFFERENCES, LIMITING } from '../tolerances.ts';

const sizes = { n: 20, d: 1e9, m: 10, sigmaP: 2 };
const star = thresholdOutput(sizes);
const at = (u: number, mu: number) => ({ ...sizes, v0: u * star, mu });
const S = (mu: number): number => (sizes.n * mu ** 4) / (sizes.sigmaP ** 4 * sizes.d);
const near = (came: number, expected: number, within: number, what: string): void =>
  assert.ok(Math.abs(came / expected - 1) <= within, `${what}: ${came} against ${expected}`);

test('above v* the law is that of a fixed output layer, and at v* it is continuous', () => {
  for (const mu of [1, 100, 1e4, 1e5]) {
    near(exponent(at(3, mu)), S(mu), LIMITING, `S at ${mu}`);
    near(exponent(at(1, mu)), S(mu), LIMITING, `S at v*, ${mu}`);
    near(exponent(at(1 - 1e-9, mu)), S(mu), 1e4 * LIMITING, `just below v*, ${mu}`);
  }
});

test('r ≪ 1: E is S (v_0/v*)⁴ L²; r large against 1/L: it grows like (v_0/v*)^{4 − 4cr}', () => {
  for (const u of [0.5, 1e-3, 1e-9]) near(exponent(at(u, 1e-3)), S(1e-3) * u ** 4 * foldings(u) ** 2, LIMITING, `${u}`);
  const mu = 0.7 * sizes.sigmaP * Math.sqrt(sizes.d / sizes.n);
  const c = growthRatio(sizes.n);
  const slope = (logExponent(at(1e-9, mu)) - logExponent(at(1e-11, mu))) / Math.log(100);
  near(slope, 4 - 4 * c * 0.7, LIMITING, 'slope in log v_0');
});

test('the critical signal: on the border, 1/(v_0 √L) while r ≪ 1, and at n SNR² = 1/c² as v_0 goes to 0', () => {
  for (const u of [0.3, 1e-2, 1e-6, 1e-11])
    near(exponent(at(u, criticalSignal(at(u, 0), 6.5))), 6.5, 100 * BISECTION, `E at ${u}`);
  const huge = { n: 20, d: 1e40, m: 10, sigmaP: 1 };
  const weak = { ...huge, v0: 1e-3 * thresholdOutput(huge) };
  near(criticalSignal(weak, 5), (5 * 5e38) ** 0.25 / (1e-3 * Math.sqrt(foldings(1e-3))), 1e-6, '1/(v_0 √L)');
  // 1 − c r* = log(d/n)/(4 log(v*/v_0)) and smaller terms: a tenth, a hundredth of it at a tenth, a hundredth of the log
  const away = [1e-25, 1e-250].map((u) => {
    const v0 = u * star;
    const r = signalRatio({ ...sizes, mu: criticalSignal({ ...sizes, v0 }, 6.5) });
    return 1 - growthRatio(sizes.n) * r;
  });
  assert.ok(away[0]! > 0 && away[0]! < 0.1 && away[1]! > 0 && away[1]! < 0.01, away.join());
  near(away[0]! / away[1]!, 10, 0.2, 'like one over the logarithm');
});

test('the classes behind c: in the mean, at a quantile, and never below 0', () => {
  near(growthRatio(1e12, 0.5), 1, 1e-5, 'large n, half of the class');
  near(growthRatio(20) ** 2 * 0.78 * 20, 10 - Math.sqrt(10 / Math.PI), LIMITING, 'mean of the smaller class of 20');
  near(leastGrowthRatio(100, 0.1) ** 2 * 100, 50 - 1.6448536269514722 * 5, LIMITING, 'its 5 % quantile');
  assert.equal(leastGrowthRatio(2, 0.01), 0);
  assert.ok(exponent(at(1e-3, 10), 0) > 0, 'no growth of the signal: the limit r ≪ 1');
});

test('local powers are the gradient of the logarithm, in both units of v_0, and the exponent follows from them', () => {
  for (const unit of ['v*', 'absolute'] as const) {
    const law = TRANSITION_LAWS.find(
      ({ id, about }) => id === 'shang-2024/small-v0' && about['network.v0Unit']!.includes(unit),
    )!;
    for (const [u, mu] of [
      [0.2, 2e3],
      [1e-4, 8e3],
      [1e-9, 1.4e4],
      [2, 300],
    ] as const) {
      const here = { ...sizes, mu, v0: unit === 'v*' ? u : u * star };
      const powers = law.powers(here);
      for (const id of ['n', 'd', 'm', 'mu', 'sigmaP', 'v0'] as const satisfies SymbolId[]) {
        const [up, down] = [1, -1].map((sign) => logControl(law, { ...here, [id]: here[id] * Math.exp(sign * 1e-5) }));
        const difference = (up! - down!) / 2e-5;
        assert.ok(Math.abs(powers[id]! - difference) < DIFFERENCES, `${unit} ${u} ${id}: ${powers[id]} ${difference}`);
      }
      if (u < 1) assert.ok(transitionExponent(law, here, 'mu', 'v0')! < 0);
    }
  }
  const weak = localPowers(at(1e-3, 1e-6), false);
  near(-weak.v0! / weak.mu!, -1 + 1 / (2 * foldings(1e-3)), LIMITING, 'exponent for r ≪ 1');
});

/** 5e-4 of v*, where the former statement said E = .002 and an error of .1 at least. */
const COUNTEREXAMPLE = {
  data: { n: 20, d: 1e12, mu: 2e5 },
  network: {
    m: 10,
    output: 'trained-per-patch',
    outputScale: '1',
    v0Unit: 'v*',
    v0: 5e-4,
    sigma0: 1e-7,
    sigma0Unit: '1/(sigmaP*sqrt(d))',
  },
  training: { eta: 1, etaUnit: 'n/(4*sigmaP^2*d*m*max(v0,v*)^2)', stop: 'loss', epsilon: 0.05, maxSteps: 20000 },
  seed: 2024,
};

test('d = 10^12, v_0 = 5e-4 v*, ‖μ‖ = 2e5: predicted and measured benign; a fifth of the signal: harmful', () => {
  for (const [mu, regime] of [
    [2e5, 'benign'],
    [4e4, 'harmful'],
  ] as const) {
    const [cell] = [...cells(specFrom({ ...COUNTEREXAMPLE, data: { ...COUNTEREXAMPLE.data, mu } }, 'test'))];
    const setting = settingOf(cell!);
    const conditions = tell(find('shang-2024/start'), setting, () => undefined, {}).conditions;
    assert.ok(
      conditions.every(({ holds }) => holds),
      JSON.stringify(conditions),
    );
    const { statement, constants } = tell(find('shang-2024/transition'), setting, () => undefined, {});
    assert.equal(predict(statement.regimes!, setting, constants).regime, regime);
    const errors = Array.from({ length: 40 }, (_, replicate) => {
      const { outcome, values } = runCell(cell!, 2024, replicate);
      assert.equal(outcome, 'interpolated');
      return values.testErrorClean!;
    });
    assert.equal(errors.filter((error) => error > RIGHT).length, regime === 'harmful' ? 40 : 0, errors.join());
  }
});
