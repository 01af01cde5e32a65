/** What flips that lean do to the errors: NumPy, closed forms, Bayes' rule, deep networks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import type { FlipParameters } from '../../src/data/labels.ts';
import { drawMixture } from '../../src/data/mixture.ts';
import type { Sample } from '../../src/data/sample.ts';
import { drawSignalNoise } from '../../src/data/signal-noise.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { buildCell, type Value } from '../../src/experiments/cell.ts';
import { Measurement } from '../../src/experiments/measurement.ts';
import { runCell } from '../../src/experiments/run.ts';
import { buildNetwork } from '../../src/network/two-layer.ts';
import type { SymbolId } from '../../src/notation.ts';
import { bayesErrorNoisy } from '../../src/observables/bayes.ts';
import type { TestErrorParameters } from '../../src/observables/estimator.ts';
import { fixture } from '../helpers/fixtures.ts';
import { DATA, key, NETWORK } from '../helpers/problems.ts';
import { holdsInLaw } from '../helpers/statistics.ts';
import { HONEST_SE, NEGATIVE_CONTROL, ROUNDING } from '../tolerances.ts';

interface Flips {
  readonly law: FlipParameters['flipLaw'];
  readonly p: number;
  readonly tilt: number;
}
interface Counted extends Flips {
  readonly model: 'signal-noise' | 'mixture';
  readonly d: number;
  readonly plus: Estimate;
  readonly minus: Estimate;
  readonly clean: Estimate;
  readonly noisy: Estimate;
}
interface BayesCounted extends Flips {
  readonly strength: number;
  readonly noisy: Estimate;
  readonly nearerMean: number;
}
const NUMPY = fixture('numpy/flips.json') as { readonly errors: Counted[]; readonly bayes: BayesCounted[] };
const POINTS: TestErrorParameters = { estimator: 'points', lines: 1, shifts: 2, points: 200_000, precision: 1 };
const LINES: TestErrorParameters = { ...POINTS, estimator: 'lines', lines: 64, shifts: 32 };

const sampleOf = ({ model, d, law, p, tilt }: Omit<Counted, 'plus' | 'minus' | 'clean' | 'noisy'>): Sample => {
  const data = { ...DATA, d, mu: 1.5, sigmaP: 0.9, flip: p, flipLaw: law, flipTilt: tilt, n: 8 };
  return model === 'mixture' ? drawMixture({ ...data, projected: false }, key(1)) : drawSignalNoise(data, key(1));
};

/** The state of the network of flips.py, w_rk = .6 sin(1 + 3r + 7k), .4 more along the signal for the positive half. */
function measured(sample: Sample, test: TestErrorParameters, seed = 1): (id: SymbolId) => number {
  const network = buildNetwork({ ...NETWORK, m: 3 }, sample.patches.perSample);
  const columns = sample.frame.used;
  const rows = Float64Array.from({ length: 6 * columns }, (_, at) => {
    const [r, k] = [Math.floor(at / columns), at % columns];
    return 0.6 * Math.sin(1 + 3 * r + 7 * k) + (k === 0 && r < 3 ? 0.4 : 0);
  });
  const init = { rows, columns, bias: new Float64Array(6) };
  const problem = { sample, network, init, loss: 'logistic', stepPerSample: 0 } as const;
  const run = gram.start(problem);
  run.forward();
  const { flip } = sample.fresh as { readonly flip: number };
  const none = (): never => assert.fail('no linearised run is asked for');
  const context = { kept: new Map(), problem, offers: 'span', key: key(seed), test, flip, linearised: none } as const;
  const state = new Measurement(context, run.view);
  return (id) => (id.endsWith('Se') ? state.final('step-limit', [])[id]! : state.of(id));
}

const sameP = (a: Estimate, b: Estimate): number => twoSidedP((a.mean - b.mean) / Math.hypot(a.se, b.se));

test('errors against observed and true labels, and of either class, are those that NumPy counts', (t) => {
  const family: Record<string, number> = {};
  for (const one of NUMPY.errors) {
    const sample = sampleOf(one);
    for (const test of one.law === 'by-class' ? [POINTS, LINES] : [POINTS]) {
      const of = measured(sample, test);
      const name = `${one.model} ${one.d} ${one.law} ${one.tilt} ${test.estimator}`;
      const noisy = { mean: of('testError'), se: of('testErrorSe') };
      family[`${name}: noisy`] = sameP(noisy, one.noisy);
      family[`${name}: clean`] = sameP({ mean: of('testErrorClean'), se: of('testErrorCleanSe') }, one.clean);
      // Points of one class: their share of wrong ones.
      const share = (mean: number): Estimate => ({ mean, se: Math.sqrt((mean * (1 - mean)) / test.points) });
      if (test === POINTS) {
        family[`${name}: plus`] = sameP(share(of('testErrorPlus')), one.plus);
        family[`${name}: minus`] = sameP(share(of('testErrorMinus')), one.minus);
      }
      assert.ok(Math.abs(of('excess') - (noisy.mean - one.p)) <= ROUNDING);
      // Negative control: what would follow from the clean error if flips were independent of the point.
      const wrong = { mean: one.p + (1 - 2 * one.p) * of('testErrorClean'), se: noisy.se };
      assert.ok(one.d > 9 || sameP(wrong, one.noisy) < NEGATIVE_CONTROL, name);
      if (one.law === 'by-class') {
        const [plus, minus] = [of('testErrorPlus'), of('testErrorMinus')];
        const [p, q] = [one.p * (1 + one.tilt), one.p * (1 - one.tilt)];
        const formula = (p + (1 - 2 * p) * plus + q + (1 - 2 * q) * minus) / 2;
        assert.ok(Math.abs(formula - noisy.mean) <= ROUNDING, name);
      }
    }
  }
  holdsInLaw(t, family);
});

test('without a tilt every law is that of independent flips', () => {
  for (const model of ['signal-noise', 'mixture'] as const)
    for (const law of ['by-class', 'by-norm', 'by-margin'] as const) {
      if (model === 'signal-noise' && law === 'by-margin') continue;
      const of = measured(sampleOf({ model, d: 8, law, p: 0.2, tilt: 0 }), POINTS);
      assert.ok(Math.abs(of('testError') - (0.2 + 0.6 * of('testErrorClean'))) <= ROUNDING, `${model} ${law}`);
    }
});

test('standard errors of the error against observed labels are honest, those by class no smaller than they should be', () => {
  for (const [law, estimator] of [
    ['by-norm', POINTS],
    ['by-margin', POINTS],
    ['by-class', LINES],
  ] as const) {
    const sample = sampleOf({ model: 'mixture', d: 8, law, p: 0.25, tilt: 0.8 });
    const size = { ...estimator, points: 500, lines: 4, shifts: 8 };
    const runs = Array.from({ length: 200 }, (_, seed) => {
      const of = measured(sample, size, 100 + seed);
      return { mean: of('testError'), se: of('testErrorSe') };
    });
    const spread = meanAndSe(runs.map(({ mean }) => mean)).se * Math.sqrt(200);
    const stated = Math.sqrt(runs.reduce((sum, { se }) => sum + se * se, 0) / 200);
    assert.ok(
      stated > HONEST_SE.least * spread && stated < (law === 'by-class' ? 2 : HONEST_SE.most) * spread,
      `${law}: ${stated}, ${spread}`,
    );
  }
});

test('the least error against observed labels is that of the best rule that NumPy finds', (t) => {
  const family: Record<string, number> = {};
  const least = ({ strength, law, p, tilt }: BayesCounted): number =>
    bayesErrorNoisy(
      drawMixture(
        { ...DATA, mu: 0.9 * strength, sigmaP: 0.9, projected: false, flip: p, flipLaw: law, flipTilt: tilt },
        key(1),
      ),
    )!;
  for (const one of NUMPY.bayes) {
    const error = least(one);
    family[`${one.law} ${one.strength}`] = sameP({ mean: error, se: 0 }, one.noisy);
    // Negative control: independent flips of the same mean.
    if (one.law !== 'probability')
      assert.ok(sameP({ mean: least({ ...one, law: 'probability' }), se: 0 }, one.noisy) < NEGATIVE_CONTROL);
    // Where classes are flipped unequally, the nearer mean is not the best rule.
    if (one.law === 'by-class') assert.ok(one.nearerMean > error + 0.02);
  }
  holdsInLaw(t, family);
  const at = (law: FlipParameters['flipLaw'], tilt: number): number | undefined =>
    bayesErrorNoisy(sampleOf({ model: 'mixture', d: 8, law, p: 0.2, tilt }));
  assert.equal(at('by-norm', 0.5), undefined);
  assert.equal(at('by-margin', -0.5), undefined);
  for (const law of ['by-class', 'by-norm'] as const)
    assert.equal(bayesErrorNoisy(sampleOf({ model: 'signal-noise', d: 9, law, p: 0.2, tilt: 0.5 })), 0.2);
});

test('above frozen identity layers the errors are those of two layers; without noise in the filters those of no lean', () => {
  const cellOf = (more: Readonly<Record<string, Value>>) =>
    buildCell(
      new Map<string, Value>(
        Object.entries({
          'data.model': 'mixture',
          'data.projected': false,
          'data.n': 10,
          'data.d': 30,
          'data.mu': 1.5,
          'data.flip': 0.2,
          'data.flipTilt': 0.9,
          'network.m': 3,
          'network.sigma0': 0.2,
          'training.eta': 0.5,
          'training.maxSteps': 30,
          'test.points': 4000,
          'test.estimator': 'points',
          coupling: 'common',
          ...more,
        }),
      ),
    );
  for (const law of ['by-class', 'by-norm', 'by-margin']) {
    const two = runCell(cellOf({ 'data.flipLaw': law }), 1, 0);
    const identity = { 'network.depth': 4, 'network.hiddenInit': 'identity', 'network.frozen': '2,3' };
    const deep = runCell(cellOf({ 'data.flipLaw': law, ...identity }), 1, 0);
    for (const id of ['testError', 'testErrorSe', 'testErrorClean', 'flipped'] as const)
      assert.ok(Math.abs(deep.values[id]! - two.values[id]!) <= ROUNDING, `${law} ${id}`);
    // Negative control: as if the flips leant on nothing.
    assert.ok(Math.abs(two.values['testError']! - 0.2 - 0.6 * two.values['testErrorClean']!) > 1e-3, law);
    const still = runCell(cellOf({ 'data.flipLaw': law, 'network.sigma0': 0, 'training.maxSteps': 0 }), 1, 0);
    assert.deepEqual([still.values['testError'], still.values['zeroOutput']], [1, 1], law);
  }
});
