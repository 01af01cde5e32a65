/** Impossible problems are refused by every engine, with the place, what is allowed and what came. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lawOf, type FreshLaw, type HeldOut, type NoisyPatch, type Sample } from '../../src/data/sample.ts';
import { direct } from '../../src/dynamics/direct.ts';
import type { Engine, Problem } from '../../src/dynamics/engine.ts';
import { frozen } from '../../src/dynamics/frozen.ts';
import { frozenKernel } from '../../src/dynamics/frozen-kernel.ts';
import { gram } from '../../src/dynamics/gram.ts';
import { gramKernel } from '../../src/dynamics/gram-kernel.ts';
import { incremental } from '../../src/dynamics/incremental.ts';
import { incrementalKernel } from '../../src/dynamics/incremental-kernel.ts';
import { momentum } from '../../src/dynamics/steps/momentum.ts';
import type { Network } from '../../src/network/two-layer.ts';
import { key, makeProblem } from '../helpers/problems.ts';
import { antipodal, onePatchSample } from '../helpers/one-patch.ts';

const ENGINES: readonly Engine[] = [direct, gram, gramKernel, frozen, frozenKernel, incremental, incrementalKernel];

const good = (engine: Engine): Problem =>
  makeProblem({ loss: engine.id === 'gram-incremental' ? 'hinge' : 'logistic' }, key(1));

const ofSample =
  (change: (sample: Sample) => Partial<Sample>) =>
  (problem: Problem): Problem => ({ ...problem, sample: { ...problem.sample, ...change(problem.sample) } });
const ofNetwork =
  (change: Partial<Network>) =>
  (problem: Problem): Problem => ({ ...problem, network: { ...problem.network, ...change } });
const ofLaw = (change: (fresh: FreshLaw) => Partial<FreshLaw>): ((problem: Problem) => Problem) =>
  ofSample((sample) => ({ fresh: { ...lawOf(sample), ...change(lawOf(sample)) } }));
const ofPoints = (change: Partial<HeldOut>): ((problem: Problem) => Problem) =>
  ofSample(() => ({
    fresh: {
      kind: 'points',
      rows: new Float64Array(12),
      count: 2,
      columns: 3,
      labels: Float64Array.of(1, -1),
      ...change,
    },
  }));
const ofNoise = (change: Partial<NoisyPatch>): ((problem: Problem) => Problem) =>
  ofLaw((fresh) => ({ noisy: fresh.noisy.map((one) => ({ ...one, ...change })) }));
const withFirst = (array: Float64Array, value: number): Float64Array => array.with(0, value);

/** A sample of three patches whose fresh points have two. */
const threePatches = ofSample(({ n, patches }) => ({
  patches: {
    perSample: 3,
    start: Int32Array.from({ length: 3 * n + 1 }, (_, q) => q),
    anchor: Int32Array.from({ length: 3 * n }, (_, q) => patches.anchor[2 * Math.floor(q / 3) + Math.min(1, q % 3)]!),
    coefficient: new Float64Array(3 * n).fill(1),
  },
}));

const WRONG: readonly (readonly [string, (problem: Problem) => Problem, RegExp])[] = [
  [
    'fresh points of another number of patches',
    threePatches,
    /^sample\.fresh\.atoms\[0\]\.patches: must be of length 3 \(patches\.perSample\), got length 2$/,
  ],
  [
    'an activation of unknown kind',
    ofNetwork({ activation: { kind: 'custom', f: Math.tanh } as unknown as Network['activation'] }),
    /^network\.activation\.kind: must be one of piecewise-linear, power, smoothed-leaky, own, got custom$/,
  ],
  [
    'a leak above 1',
    ofNetwork({ activation: { kind: 'piecewise-linear', leak: 1.5 } }),
    /activation\.leak: .* got 1\.5/,
  ],
  ['no leak', ofNetwork({ activation: { kind: 'piecewise-linear' } as never }), /activation\.leak: .* got undefined/],
  ['too few output weights', ofNetwork({ outputWeights: new Float64Array(3) }), /outputWeights: .*length 3/],
  ['output weights of another number of patches', ofNetwork({ outputWeights: new Float64Array(24) }), /length 24/],
  ['a class 0', ofNetwork({ classes: new Float64Array(8) }), /network\.classes: must be 1 or -1, got 0/],
  ['labels 0 and 1', ofSample(({ labels }) => ({ labels: withFirst(labels, 0) })), /sample\.labels\[0\]: .* got 0$/],
  ['too few labels', ofSample(({ labels }) => ({ labels: labels.slice(1) })), /sample\.labels: must be of length 8/],
  [
    'too few true labels',
    ofSample(() => ({ trueLabels: new Float64Array(2) })),
    /sample\.trueLabels: must be of length/,
  ],
  ['NaN in a vector', ofSample(({ vectors }) => ({ vectors: withFirst(vectors, NaN) })), /sample\.vectors: .* NaN/],
  ['too few vectors', ofSample(({ vectors }) => ({ vectors: vectors.slice(1) })), /anchors x frame\.used/],
  [
    'an anchor that is not there',
    ofSample(({ patches, anchors }) => ({ patches: { ...patches, anchor: patches.anchor.with(0, anchors) } })),
    /patches\.anchor\[0\]: must be an anchor, an integer in \[0, 9\), got 9/,
  ],
  [
    'rows that end before they begin',
    ofSample(({ patches }) => ({ patches: { ...patches, start: patches.start.with(1, -1) } })),
    /patches\.start\[1\]/,
  ],
  [
    'probabilities that do not add up',
    ofLaw((fresh) => ({ atoms: fresh.atoms.slice(1) })),
    /sample\.fresh\.atoms: must be of probability 1 in all, got 0\.5/,
  ],
  ['a law without atoms', ofLaw(() => ({ atoms: [] })), /one atom or more/],
  ['negative noise', ofNoise({ sigma: -1 }), /sample\.fresh\.noisy\[0\]\.sigma: .* got -1/],
  ['noise in a patch that is not there', ofNoise({ patch: 2 }), /sample\.fresh\.noisy: must be patches, .* got \[2\]$/],
  [
    'two noises in one patch',
    ofLaw((fresh) => ({ noisy: [...fresh.noisy, ...fresh.noisy] })),
    /sample\.fresh\.noisy: must be patches, increasing integers in \[0, 2\), got \[1,1\]$/,
  ],
  [
    'a role for a patch without noise',
    ofSample(({ roles }) => ({ roles: { ...roles!, noisy: [0] } })),
    /sample\.roles\.noisy: must be the patches of fresh\.noisy, \[1\], got \[0\]$/,
  ],
  [
    'fewer noises than noisy patches',
    ofSample(({ roles }) => ({ roles: { ...roles!, noise: roles!.noise.slice(1) } })),
    /sample\.roles\.noise: must be of length 8 /,
  ],
  [
    'a carried signal that is none',
    ofSample(({ roles }) => ({ roles: { ...roles!, carried: roles!.noise.map(() => [1, 1] as const) } })),
    /sample\.roles\.carried: .* places in \[0, 1\), got \[1,1\]$/,
  ],
  ['an axis outside the frame', ofNoise({ projectedAxes: [99] }), /projectedAxes/],
  [
    'a role for an anchor that is not there',
    ofSample(({ roles }) => ({ roles: { ...roles!, signal: [-1] } })),
    /roles\.signal\[0\]/,
  ],
  [
    'held-out points of other patches',
    ofPoints({ rows: new Float64Array(5) }),
    /sample\.fresh\.rows: must be of length 12 /,
  ],
  [
    'held-out points of more coordinates',
    ofPoints({ columns: 10 }),
    /fresh\.columns: .*\[0, frame\.used = 9\], got 10$/,
  ],
  ['no held-out point', ofPoints({ count: 0 }), /sample\.fresh\.count: must be an integer >= 1, got 0$/],
  ['a held-out label 0', ofPoints({ labels: Float64Array.of(1, 0) }), /sample\.fresh\.labels\[1\]: .* got 0$/],
  ['NaN in a held-out point', ofPoints({ rows: new Float64Array(12).fill(NaN) }), /sample\.fresh\.rows: .* got NaN$/],
  [
    'initial weights of another network',
    (problem) => ({ ...problem, init: { ...problem.init, rows: problem.init.rows.slice(1) } }),
    /init\.rows: must be of length filters x columns/,
  ],
  [
    'initial weights of another sample',
    (problem) => ({ ...problem, init: { ...problem.init, columns: 2, rows: new Float64Array(16) } }),
    /init\.columns: must be an integer in \[frame\.used, frame\.ambient\] = \[9, 30\], got 2/,
  ],
  ['an unknown loss', (problem) => ({ ...problem, loss: 'square' as never }), /^loss: .* got square/],
  [
    'a loss that rises',
    (problem) => ({ ...problem, loss: { value: (z) => Math.exp(z), slope: (z) => -Math.exp(z) } }),
    /^loss\.slope\(0\): must be a number >= 0, got -1$/,
  ],
  ['no step size', (problem) => ({ ...problem, stepPerSample: NaN }), /stepPerSample: must be >= 0, got NaN/],
  ['output step 0', (problem) => ({ ...problem, etaOutput: 0 }), /etaOutput: must be > 0, got 0/],
];

test('a rule that leaves the span is for explicit weights alone', () => {
  const outside = { ...momentum(0.5), id: 'mine/outside', inSpan: false };
  for (const engine of ENGINES) {
    const start = (): unknown => engine.start({ ...good(engine), rule: outside });
    if (engine === direct) start();
    else
      assert.throws(start, /^RangeError: engine [a-z-]+: needs (steps in the span|training\.rule: descent)/, engine.id);
  }
});

test('every engine takes the problem itself, and one of one patch', () => {
  for (const engine of ENGINES) {
    engine.start(good(engine));
    const { loss } = good(engine);
    const sample = onePatchSample({ n: 6, d: 12, atoms: antipodal(2), sigma: 1 }, 3);
    const problem = makeProblem({ data: { n: 6, d: 12, draw: 'explicit' }, loss }, key(2));
    engine.start({ ...problem, sample });
  }
});

for (const [name, change, sentence] of WRONG)
  test(`refused by every engine: ${name}`, () => {
    for (const engine of ENGINES)
      assert.throws(
        () => engine.start(change(good(engine))),
        (error: Error) => error instanceof RangeError && sentence.test(error.message),
        engine.id,
      );
  });
