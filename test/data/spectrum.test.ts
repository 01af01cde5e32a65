/** Noise with a spectrum: d-free draws against explicit ones, both against NumPy, and what estimators make of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productTransposed, solvePositiveDefinite, symmetricEigenvalues } from '../../src/core/linear-algebra.ts';
import { log, normalTail } from '../../src/core/special.ts';
import { spectrumOf, spectrumSums, type SpectrumParameters } from '../../src/core/spectrum.ts';
import { Stream } from '../../src/core/random.ts';
import { meanAndSe, twoSidedP, type Estimate } from '../../src/core/statistics.ts';
import { lawOf, rootsByColumn, type Sample } from '../../src/data/sample.ts';
import { drawSignalNoise, type SignalNoiseParameters } from '../../src/data/signal-noise.ts';
import { checkProblem } from '../../src/dynamics/check.ts';
import { direct } from '../../src/dynamics/direct.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { cellId } from '../../src/experiments/cell.ts';
import { DERIVED } from '../../src/experiments/derived.ts';
import { runCell } from '../../src/experiments/run.ts';
import { specFrom } from '../../src/experiments/spec-text.ts';
import { cells } from '../../src/experiments/spec.ts';
import { buildNetwork, drawInitialWeights } from '../../src/network/two-layer.ts';
import { bayesError } from '../../src/observables/bayes.ts';
import { testError } from '../../src/observables/test-error.ts';
import { MODELS } from '../../src/experiments/models.ts';
import { fixture } from '../helpers/fixtures.ts';
import { DATA, dot, key, makeProblem, NETWORK, trained } from '../helpers/problems.ts';
import { holdsInLaw, ksBetween } from '../helpers/statistics.ts';
import { AVERAGING_FORM, ENGINES, NEGATIVE_CONTROL, ROUNDING, SCALED } from '../tolerances.ts';

const list = (eigenvalues: string): SpectrumParameters => ({ spectrum: 'list', eigenvalues });

test('spectra have mean 1, or what a list says', () => {
  for (const [parameters, d] of [
    [{ spectrum: 'power', exponent: 0.4 }, 1000],
    [{ spectrum: 'spiked', spikes: 3, spikeSize: 20 }, 150],
    [{ spectrum: 'spiked', spikes: 3, spikeSize: 20 }, 1e12],
    [{ spectrum: 'octaves', exponent: 0.6 }, 1e12],
    [{ spectrum: 'flat' }, 1e12],
  ] as const)
    assert.ok(Math.abs(spectrumSums(parameters, d).trace / d - 1) < ROUNDING);
  const octaves = spectrumOf({ spectrum: 'octaves', exponent: 1 }, 100);
  assert.deepEqual(octaves.counts, [1, 2, 4, 8, 16, 32, 37]);
  assert.ok(Math.abs(Array.from(octaves.values)[0]! / octaves.values[6]! - 64) < ROUNDING * 64);
  const { values } = spectrumOf({ spectrum: 'power', exponent: 0.5 }, 100);
  assert.ok(Math.abs(values[0]! / values[99]! - 10) < ROUNDING * 10);
  assert.deepEqual(spectrumOf(list('4x10,1x*'), 1000), { values: [4, 1], counts: [10, 990] });
  assert.deepEqual(spectrumSums({ ...list('4x10,1x*'), signalGroup: 1 }, 1000), {
    trace: 1030,
    traceSquare: 1150,
    largest: 4,
    atSignal: 4,
  });
});

const n = 12;
const network = buildNetwork({ ...NETWORK, m: 5 }, 2);
const R = network.filters;

/** What a draw shows of noises and weights together. */
function statisticsOf(parameters: Partial<SignalNoiseParameters>, seed: number, replicate: number) {
  const streams = key(seed, replicate);
  const sample = drawSignalNoise({ ...DATA, n, sigmaP: 1.5, ...parameters }, streams);
  const { used } = sample.frame;
  const init = drawInitialWeights({ law: 'gaussian', sigma0: 1.5 }, network, sample.frame, streams);
  const noises = sample.vectors.subarray(used);
  const G = productTransposed(noises, n, noises, n, used);
  const { columns } = init;
  const spread = rootsByColumn(lawOf(sample).noisy[0]!, columns, R);
  const seen = init.rows.map((w, at) => w * (spread?.[at % columns] ?? 1));
  const covariance = productTransposed(seen, R, seen, R, columns);
  const last = noises.subarray((n - 1) * used);
  const w = (r: number): Float64Array => init.rows.subarray(r * columns, (r + 1) * columns);
  return {
    'last |xi|^2': G[n * n - 1]!,
    '<xi_1, last xi>': G[n - 1]!,
    ...spectrumEnds('G', G, n),
    'yᵀ G⁻¹ y': dot(sample.labels, solvePositiveDefinite(G, n, sample.labels)),
    'log det G': symmetricEigenvalues(G, n).reduce((sum, x) => sum + log(x), 0),
    '|last w|^2': dot(w(R - 1), w(R - 1)),
    '<w_1, last xi>': dot(w(0), last),
    '<last w, last xi>': dot(w(R - 1), last),
    '<last w, e_1>': w(R - 1)[0]!,
    'w Sigma w': covariance[R * R - 1]!,
    'w_1 Sigma last w': covariance[R - 1]!,
    ...spectrumEnds('W Sigma Wᵀ', covariance, R),
  };
}

function spectrumEnds(name: string, matrix: Float64Array, size: number): Record<string, number> {
  const values = symmetricEigenvalues(matrix, size);
  return { [`least eigenvalue of ${name}`]: Math.min(...values), [`largest of ${name}`]: Math.max(...values) };
}

function gather(count: number, parameters: Partial<SignalNoiseParameters>, seed: number): Record<string, number[]> {
  const columns: Record<string, number[]> = {};
  for (let replicate = 0; replicate < count; replicate++)
    for (const [name, value] of Object.entries(statisticsOf(parameters, seed, replicate)))
      (columns[name] ??= []).push(value);
  return columns;
}

const SETTINGS: Readonly<Record<string, Partial<SignalNoiseParameters>>> = {
  'three groups, projected': { d: 80, ...list('9x20,3x10,0.5x*') },
  'three groups, raw, signal in the first': { d: 80, ...list('9x20,3x10,0.5x*'), projected: false, signalGroup: 1 },
  'groups below n': { d: 40, ...list('30x1,5x4,1x*') },
  'spiked, raw': { d: 60, spectrum: 'spiked', spikes: 2, spikeSize: 15, projected: false },
  'Student, spiked': { d: 60, spectrum: 'spiked', spikes: 2, spikeSize: 15, noise: 'student-t' },
};
const COUNT = 1500;

test('d-free draws have the law of explicit ones, group by group', (t) => {
  const family: Record<string, number> = {};
  for (const [name, parameters] of Object.entries(SETTINGS)) {
    const free = gather(COUNT, parameters, 41);
    const explicit = gather(COUNT, { ...parameters, draw: 'explicit' }, 42);
    for (const of of Object.keys(free)) family[`${name}: ${of}`] = ksBetween(free[of]!, explicit[of]!);
  }
  holdsInLaw(t, family);
});

test('negative controls: a flat law of the same trace, a dimension of a group, the groups in another order', (t) => {
  const setting = { d: 80, ...list('9x20,0.5x*') } as const;
  const ours = gather(COUNT, setting, 43);
  const seen = (what: string, wrong: Record<string, number[]>, by: readonly string[]): void => {
    for (const name of by) {
      const p = ksBetween(ours[name]!, wrong[name]!);
      t.diagnostic(`${what}, by ${name}: p = ${p.toExponential(1)}`);
      assert.ok(p < NEGATIVE_CONTROL, `${what} is not seen by ${name}`);
    }
  };
  const flat = { d: 80, sigmaP: 1.5 * Math.sqrt(spectrumSums(setting, 80).trace / 80) };
  seen('a flat law', gather(COUNT, flat, 44), ['last |xi|^2', 'least eigenvalue of G', 'w Sigma w']);
  seen('one eigenvalue more', gather(COUNT, { d: 81, ...list('9x21,0.5x*') }, 45), ['log det G']);
  // The signal's place alone, of which the noises know nothing but one coordinate.
  const raw = { ...setting, projected: false };
  const [here, there] = [1, 2].map((signalGroup) =>
    Array.from({ length: COUNT }, (_, replicate) => {
      const { vectors, frame } = drawSignalNoise({ ...DATA, n, ...raw, signalGroup }, key(46, replicate));
      return vectors[frame.used]!;
    }),
  );
  assert.ok(ksBetween(here!, there!) < NEGATIVE_CONTROL);
});

test('engines agree, and lines agree with points that are drawn in full', (t) => {
  const family: Record<string, number> = {};
  for (const [at, [name, data]] of Object.entries(SETTINGS).entries())
    for (const draw of ['d-free', 'explicit'] as const) {
      const problem = makeProblem({ data: { ...data, n, mu: 3, sigmaP: 1, draw } }, key(50 + at));
      checkProblem(problem, gram);
      const [a, b] = [gram, direct].map((engine) => trained(engine, problem, 30).view);
      a!.outputs.forEach((f, i) => assert.ok(Math.abs(f - b!.outputs[i]!) <= ENGINES * Math.max(1, Math.abs(f))));
      const { sample } = problem;
      const lines = { estimator: 'lines', lines: 64, shifts: 16, points: 20_000, precision: 0.1 } as const;
      const of = (estimator: 'lines' | 'points') =>
        testError(
          trained(gram, problem, 30).view as never,
          problem.network.activation,
          sample.anchors,
          sample.fresh,
          {
            ...lines,
            estimator,
          },
          key(60 + at),
        );
      const found = of('lines');
      const judge = of('points');
      const difference = (other: Estimate): number =>
        twoSidedP((found.clean - other.mean) / Math.hypot(found.cleanSe, other.se));
      family[`${name}, ${draw}: points`] = difference({ mean: judge.clean, se: judge.cleanSe });
      if (draw === 'explicit' && data.noise !== 'student-t') {
        const rows = (trained(direct, problem, 30).view as unknown as { weights(): { rows: Float64Array } }).weights()
          .rows;
        family[`${name}: all coordinates`] = difference(inFull(sample, rows, data, key(70 + at)));
      }
    }
  holdsInLaw(t, family);
});

/** Clean error of shared ReLU filters, half of them for each class, on fresh points of d coordinates. */
function inFull(
  sample: Sample,
  rows: Float64Array,
  data: Partial<SignalNoiseParameters>,
  streams: ReturnType<typeof key>,
): Estimate {
  const d = data.d!;
  const { values, counts } = spectrumOf(data as SpectrumParameters, d);
  const deviations = Array.from(values).flatMap((value, g) => Array<number>(counts[g]!).fill(Math.sqrt(value)));
  // The signal's eigenvector stands first.
  const [own] = deviations.splice(data.signalGroup === 1 ? 0 : d - 1, 1);
  const along = [data.projected === false ? own! : 0, ...deviations];
  const stream = new Stream(streams, 'test');
  const filters = rows.length / d;
  const relu = (x: number): number => Math.max(0, x);
  const wrong = Array.from({ length: 20_000 }, () => {
    const label = stream.uniform() < 0.5 ? 1 : -1;
    const xi = along.map((deviation) => deviation * stream.normal());
    let f = 0;
    for (let r = 0; r < filters; r++) {
      const w = rows.subarray(r * d, (r + 1) * d);
      f += (r < filters / 2 ? 1 : -1) * (relu(label * w[0]! * sample.vectors[0]!) + relu(dot(w, xi)));
    }
    return label * f > 0 ? 0 : 1;
  });
  return meanAndSe(wrong);
}

/** Settings of the fixture, in a spec's words. */
const AS_IN_NUMPY: Readonly<Record<string, object>> = {
  'list, projected': { d: 200, mu: 3, spectrum: 'list', eigenvalues: '9x4,3x30,0.5x*' },
  'list, signal in the first group': {
    d: 200,
    mu: 3,
    sigmaP: 0.8,
    projected: false,
    spectrum: 'list',
    eigenvalues: '9x4,0.5x*',
    signalGroup: 1,
  },
  'spiked mixture': {
    model: 'mixture',
    d: 150,
    mu: 4,
    projected: false,
    spectrum: 'spiked',
    spikes: 3,
    spikeSize: 20,
  },
  'group smaller than n': { d: 60, mu: 2.5, spectrum: 'spiked', spikes: 1, spikeSize: 30 },
  power: { d: 150, mu: 3, spectrum: 'power', exponent: 0.5, draw: 'explicit' },
};

test('means of Gram matrices, products, training and errors are those of an independent NumPy program', (t) => {
  const { settings } = fixture('numpy/spectrum.json') as {
    readonly settings: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
  };
  assert.deepEqual(Object.keys(AS_IN_NUMPY), Object.keys(settings));
  const family: Record<string, number> = {};
  const control: Record<string, number> = {};
  for (const [name, data] of Object.entries(AS_IN_NUMPY)) {
    const ours = meansOf(data, 800);
    const flat = { ...data, spectrum: 'flat', exponent: undefined, spikes: undefined, spikeSize: undefined };
    const wrong = meansOf({ ...flat, eigenvalues: undefined, signalGroup: undefined }, 300);
    for (const [of, [mean, se]] of Object.entries(settings[name]!)) {
      const z = (x: Estimate): number => (x.mean === mean ? 0 : (x.mean - mean) / Math.hypot(x.se, se));
      family[`${name}: ${of}`] = twoSidedP(z(ours[of]!));
      control[`${name}: ${of}`] = twoSidedP(z(wrong[of]!));
      t.diagnostic(
        `${name}: ${of}: ${ours[of]!.mean.toPrecision(5)} against ${mean.toPrecision(5)}, z = ${z(ours[of]!).toFixed(2)} (flat: ${z(wrong[of]!).toFixed(1)})`,
      );
    }
  }
  holdsInLaw(t, family);
  for (const name of Object.keys(AS_IN_NUMPY))
    assert.ok(control[`${name}: least eigenvalue of G`]! < NEGATIVE_CONTROL, `${name}: flat noise is not seen`);
});

/** Means over replicates of what the fixture has. */
function meansOf(data: object, count: number): Record<string, Estimate> {
  const spec = specFrom(
    {
      data: { n: 10, flipLaw: 'exact', flips: 1, ...JSON.parse(JSON.stringify(data)) },
      network: { m: 3, sigma0: 0.02 },
      training: { etaUnit: 'n*m/(sigmaP^2*d)', eta: 1, maxSteps: 40 },
      record: { values: ['averagingError'] },
    },
    'numpy',
  );
  const [cell] = [...cells(spec)];
  const columns: Record<string, number[]> = {};
  for (let replicate = 0; replicate < count; replicate++) {
    const { values } = runCell(cell!, 81, replicate, spec.record) as { values: Record<string, number> };
    const streams = key(82, replicate);
    const sample = MODELS[cell!.data.model].draw(cell!.data, streams);
    const { frame, vectors, roles } = sample;
    const { used } = frame;
    const mu = vectors.subarray(0, used);
    const xi = roles!.noise.map((k, i) => {
      const [, carried] = roles!.carried?.[i] ?? [0, 0];
      return vectors.slice(k * used, (k + 1) * used).map((x, a) => x - carried * mu[a]!);
    });
    const init = drawInitialWeights(
      { law: 'gaussian', sigma0: 0.02 },
      buildNetwork({ ...NETWORK, m: 3 }, 2),
      frame,
      streams,
    );
    const w = (r: number): Float64Array => init.rows.subarray(r * init.columns, (r + 1) * init.columns);
    const G = Float64Array.from(xi.flatMap((a) => xi.map((b) => dot(a, b))));
    const eigenvalues = symmetricEigenvalues(G, 10);
    const one: Record<string, number> = {
      'last |xi|^2': dot(xi[9]!, xi[9]!),
      '<xi_1, xi_2>^2': dot(xi[0]!, xi[1]!) ** 2,
      '<w_1, last xi>^2': dot(w(0), xi[9]!) ** 2,
      '|last w|^2': dot(w(5), w(5)),
      '<last w, xi_1>^2': dot(w(5), xi[0]!) ** 2,
      '<xi_1, mu>^2': dot(xi[0]!, mu) ** 2,
      'largest eigenvalue of G': Math.max(...eigenvalues),
      'least eigenvalue of G': Math.min(...eigenvalues),
      'training loss': values['trainLoss']!,
      'least margin': values['marginMin']!,
      'clean test error': values['testErrorClean']!,
      'error of averaging': values['averagingError']!,
    };
    for (const [name, value] of Object.entries(one)) (columns[name] ??= []).push(value);
  }
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, meanAndSe(values)]));
}

test('the averaging classifier errs as its closed form says', (t) => {
  for (const data of [
    { n: 20, d: 1e6, mu: 12, spectrum: 'spiked', spikes: 100_000, spikeSize: 10 },
    { n: 20, d: 1e6, mu: 40, spectrum: 'list', eigenvalues: '20x10000,1x*' },
    { n: 300, d: 1e6, mu: 12, model: 'mixture', projected: false, spectrum: 'list', eigenvalues: '9x200000,1x*' },
    {
      n: 300,
      d: 1e6,
      mu: 12,
      model: 'mixture',
      projected: false,
      spectrum: 'list',
      eigenvalues: '9x200000,1x*',
      signalGroup: 1,
    },
  ]) {
    const mu =
      data.n === 20 ? 0.9 * (spectrumSums(data as SpectrumParameters, data.d).traceSquare / data.n) ** 0.25 : 30;
    const spec = specFrom(
      {
        data: { flipLaw: 'exact', flips: data.n / 10, ...data, mu },
        network: { m: 1 },
        training: { maxSteps: 0 },
        record: { values: ['averagingError'] },
      },
      'averaging',
    );
    const [cell] = [...cells(spec)];
    const errors = Array.from({ length: data.n === 20 ? 40 : 4 }, (_, replicate) => {
      const { values } = runCell(cell!, 91, replicate, spec.record);
      return (values as Record<string, number>)['averagingError']!;
    });
    const form = normalTail(DERIVED.averagingArgument(cell!)!);
    const flat = normalTail(DERIVED.averagingArgument({ ...cell!, data: { ...cell!.data, spectrum: 'flat' } })!);
    const { mean } = meanAndSe(errors);
    t.diagnostic(`${mean.toPrecision(4)} against ${form.toPrecision(4)} (flat: ${flat.toPrecision(4)})`);
    assert.ok(Math.abs(mean / form - 1) < AVERAGING_FORM);
    assert.ok(Math.abs(mean / flat - 1) > 3 * AVERAGING_FORM, 'a flat spectrum is not seen');
  }
});

test('Bayes’ rule of a mixture counts the signal in deviations of its own eigenvector', () => {
  const data = { ...DATA, d: 80, ...list('9x20,1x*'), projected: false } as const;
  for (const [signalGroup, deviation] of [
    [1, 3],
    [2, 1],
  ] as const) {
    const cell = { ...data, signalGroup };
    const sample = MODELS.mixture.draw(cell as never, key(1));
    assert.ok(Math.abs(bayesError(sample)! / normalTail(DATA.mu / deviation) - 1) < ROUNDING);
  }
});

test('what cannot be is refused in a sentence, and a flat spectrum leaves ids as they were', () => {
  const base = { data: { n: 20, d: 1000, mu: 5 }, network: { m: 5 }, training: { maxSteps: 10 } };
  const of = (data: object) => [...cells(specFrom({ ...base, data: { ...base.data, ...data } }, 'x'))][0]!;
  assert.equal(cellId(of({ spectrum: 'flat' })), cellId(of({})));
  assert.notEqual(cellId(of({ spectrum: 'spiked' })), cellId(of({})));
  for (const [data, sentence] of [
    [{ spectrum: 'power' }, /needs data.draw: explicit/],
    [{ spectrum: 'list' }, /data.eigenvalues/],
    [{ spectrum: 'list', eigenvalues: '4x10,1x900' }, /add up to data.d = 1000/],
    [{ spectrum: 'list', eigenvalues: '4x*,1x*' }, /add up to data.d = 1000/],
    [{ spectrum: 'list', eigenvalues: '4 times 10' }, /data.eigenvalues: must be groups/],
    [{ spectrum: 'spiked', spikes: 1000 }, /data.spikes: must be below/],
    [{ spectrum: 'spiked', signalGroup: 3 }, /data.signalGroup: must be at most/],
    [{ spectrum: 'spiked', model: 'xor', signalGroup: 1 }, /2 eigenvectors or more/],
    [{ exponent: 2 }, /data.spectrum: power/],
  ] as const)
    assert.throws(() => of(data), sentence);
  const coordinates = { ...base.data, spectrum: 'spiked', noise: 'rademacher', draw: 'explicit' };
  const points = { estimator: 'points' };
  assert.throws(
    () => specFrom({ ...base, data: coordinates, test: points }, 'x'),
    /data.spectrum: has no effect here, it needs data.noise: gaussian or student-t/,
  );
});

test('signals follow a trace of the covariance, so that all spectra have one control parameter', () => {
  const spec = specFrom(
    {
      data: { n: 20, mu: 2, spectrum: 'spiked', spikeSize: 50 },
      network: { m: 5 },
      training: { maxSteps: 10 },
      axes: { 'data.spikes': [1, 10], 'data.d': [100, 1e6] },
      scale: { 'data.mu': { noiseTraceSquare: 0.25, n: -0.25 } },
    },
    'scaled',
  );
  for (const cell of cells(spec)) assert.ok(Math.abs(DERIVED.traceS(cell)! - 16) < SCALED * 16);
});
