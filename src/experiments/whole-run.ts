/**
 * Runs that the kernel makes in one call (assembly/whole-run.ts): `runInParts` of run.ts, bit by bit, for runs so short
 * that handing arrays to and fro costs as much as their steps (bench/whole-run.ts). A map is made of such runs.
 */
import { beat } from '../core/heartbeat.ts';
import { codes, layout, sizes } from '../core/kernel.layout.ts';
import { kernel, type Owner } from '../core/kernel.ts';
import { Struct, type Scalar } from '../core/kernel-struct.ts';
import { latticeGenerator } from '../core/lattice.ts';
import { PURPOSES, type StreamKey } from '../core/random.ts';
import { arrayTimesPower2, exponentOf, largestOf } from '../core/scale.ts';
import { STOP_RULES } from '../dynamics/kernel-loop.ts';
import { DIVERGENCE_FACTOR } from '../dynamics/stop.ts';
import { buildNetwork, initialSizes } from '../network/two-layer.ts';
import { againstFlipped } from '../observables/error-estimate.ts';
import { LARGEST_FIXED, MOST_ABOVE } from '../observables/fresh-output.ts';
import { SURE } from '../observables/unmet.ts';
import type { BySymbol } from '../notation.ts';
import type { Cell } from './cell.ts';
import { initialOutputWeight, initialScale, stepPerSample } from './units.ts';

const { WholeRun, StreamName } = layout;
const ROOM = sizes.WholeRun + sizes.LineSampling + sizes.Masked + 4 * 64;

/** Multiplications of a run beyond which its parts cost nothing beside it, and its kernel's calls would be long. */
const MOST_WORK = 1e7;

/** What the kernel is told of a cell. */
interface Told {
  /** the struct's numbers */
  readonly numbers: Int32Array;
  readonly outputWeights: Float64Array;
  readonly scaledWeights: Float64Array;
  readonly classes: Float64Array;
  readonly generator: readonly number[];
}

/** By cell; null: not one of these. */
const told = new WeakMap<Cell, Told | null>();
const ARRAYS = ['outputWeights', 'scaledWeights', 'classes', 'generator'] as const satisfies (keyof Told)[];
const owner: Owner = {};

/** Final steps and values of an interpolated run. */
export interface WholeRunEnd {
  readonly steps: number;
  readonly values: Readonly<BySymbol<number>>;
}

/** Undefined for other settings, and where something rare happened: `runInParts` is for all. */
export function wholeRun(cell: Cell, key: StreamKey): WholeRunEnd | undefined {
  let known = told.get(cell);
  if (known === undefined) told.set(cell, (known = takes(cell) ? tell(cell) : null));
  if (known === null || key.flips !== undefined) return undefined;
  const host = kernel();
  host.claim(owner, ROOM);
  const at = host.base;
  host.i32.set(known.numbers, at / 4);
  const end = host.exports.layOutWhole(at);
  host.extend(owner, end - at);
  const { i32, f64 } = host;
  const struct = new Struct(at);
  for (const array of ARRAYS) f64.set(known[array], struct.array(WholeRun[array]));
  const name = struct.address(WholeRun.name) / 4;
  i32[name + StreamName.seedLow.i32] = key.seed >>> 0;
  i32[name + StreamName.seedHigh.i32] = Math.floor(key.seed / 4294967296);
  i32[name + StreamName.cellHigh.i32] = key.cell[0];
  i32[name + StreamName.cellLow.i32] = key.cell[1];
  i32[name + StreamName.replicate.i32] = key.replicate;
  const done = host.exports.wholeRun(at, end) === codes.Whole.DONE;
  host.release(owner);
  if (!done) return undefined;
  const steps = struct.get(WholeRun.steps);
  beat(steps);
  const clean = { mean: struct.get(WholeRun.testError), se: struct.get(WholeRun.testErrorSe) };
  const noisy = againstFlipped(clean, cell.data.flip);
  return {
    steps,
    values: {
      testError: noisy.mean,
      testErrorSe: noisy.se,
      testErrorClean: clean.mean,
      testErrorCleanSe: clean.se,
      trainLoss: struct.get(WholeRun.trainLoss),
      trainError: struct.get(WholeRun.trainError),
      marginMin: struct.get(WholeRun.marginMin),
      marginMax: struct.get(WholeRun.marginMax),
      gamma: struct.get(WholeRun.gamma),
      rhoBar: struct.get(WholeRun.rhoBar),
      rhoUnder: struct.get(WholeRun.rhoUnder),
      flipped: struct.get(WholeRun.flipped),
    },
  };
}

/** Whether it is a cell of the kind that the kernel knows, of a size and in units that need no care. */
function takes({ data, network, training, test, engine }: Cell): boolean {
  const { n, d } = data;
  const filters = 2 * network.m;
  const anchors = n + 1;
  const columns = Math.min(d, anchors + filters);
  const step = (filters * (anchors * anchors + 40 * n + 20)) / 2;
  const rest = (anchors + filters) * columns * (anchors + filters) + test.lines * test.shifts * filters * filters;
  return (
    data.model === 'signal-noise' &&
    data.noise === 'gaussian' &&
    data.spectrum === 'flat' &&
    data.draw === 'd-free' &&
    data.flipLaw === 'probability' &&
    data.patches === 2 &&
    data.signals === 1 &&
    data.positive === 0.5 &&
    network.depth === 2 &&
    network.activation === 'relu' &&
    network.output === 'fixed' &&
    network.outputSigns === 'half' &&
    (network.init === 'gaussian' || network.init === 'pytorch-gaussian') &&
    (training.loss === 'logistic' || training.loss === 'hinge') &&
    training.rule === 'descent' &&
    training.labelNoise === 0 &&
    training.labelNoiseLaw === 'turns' &&
    training.batch === 0 &&
    training.weightDecay === 0 &&
    training.schedule === 'constant' &&
    test.estimator === 'lines' &&
    engine === 'gram' &&
    step * training.maxSteps + rest <= MOST_WORK
  );
}

/** Far from where a square leaves the floating-point range. */
const moderate = (x: number): boolean => x > 1e-60 && x < 1e60;

function tell(cell: Cell): Told | null {
  const { data, network: asked, training, test } = cell;
  const { n, d, mu, sigmaP, flip } = data;
  const network = buildNetwork({ ...asked, activation: 'relu', v0: initialOutputWeight(cell) }, 2);
  const { filters, outputWeights, classes } = network;
  const { sigma, bound } = initialSizes({ law: asked.init, sigma0: initialScale(cell) }, d);
  const step = stepPerSample(cell);
  if (![sigmaP, sigma, step, Math.abs(outputWeights[0]!)].every(moderate) || mu > 1e60) return null;
  const used = Math.min(d, n + 1);
  const buffer = new ArrayBuffer(8 * Math.ceil(sizes.WholeRun / 8));
  const [i32, f64] = [new Int32Array(buffer), new Float64Array(buffer)];
  const put = (field: Scalar, value: number): void => {
    if ('i32' in field) i32[field.i32] = value;
    else f64[field.f64] = value;
  };
  put(WholeRun.n, n);
  put(WholeRun.filters, filters);
  put(WholeRun.used, used);
  put(WholeRun.columns, Math.min(d, used + filters));
  put(WholeRun.projected, Number(data.projected));
  put(WholeRun.bias, Number(network.bias));
  put(WholeRun.drawnBias, Number(network.bias && bound > 0));
  put(WholeRun.loss, training.loss === 'hinge' ? codes.Loss.HINGE : codes.Loss.LOGISTIC);
  put(WholeRun.rule, STOP_RULES[training.stop]);
  put(WholeRun.lines, test.lines);
  put(WholeRun.shifts, test.shifts);
  put(WholeRun.labelStream, PURPOSES['data/labels']);
  put(WholeRun.flipStream, PURPOSES['data/flips']);
  put(WholeRun.noiseStream, PURPOSES['data/noise']);
  put(WholeRun.chiStream, PURPOSES['data/chi']);
  put(WholeRun.weightStream, PURPOSES['init/weights']);
  put(WholeRun.weightChiStream, PURPOSES['init/chi']);
  put(WholeRun.biasStream, PURPOSES['init/bias']);
  put(WholeRun.testStream, PURPOSES.test);
  put(WholeRun.d, d);
  put(WholeRun.mu, mu);
  put(WholeRun.sigmaP, sigmaP);
  put(WholeRun.flip, flip);
  put(WholeRun.sigma0, sigma);
  put(WholeRun.bound, bound);
  put(WholeRun.stepPerSample, step);
  put(WholeRun.epsilon, training.epsilon);
  put(WholeRun.maxSteps, training.maxSteps);
  put(WholeRun.divergenceFactor, DIVERGENCE_FACTOR);
  put(WholeRun.mostAbove, MOST_ABOVE);
  put(WholeRun.largestFixed, LARGEST_FIXED);
  put(WholeRun.sure, SURE);
  return {
    numbers: i32,
    outputWeights,
    scaledWeights: arrayTimesPower2(outputWeights, -exponentOf(largestOf(outputWeights))),
    classes,
    generator: latticeGenerator(test.lines, filters).slice(0, filters),
  };
}
