/**
 * What is measured of a data set: an ordinary sweep over the number of training points and the label noise, all cells on
 * the same draws, with the scale and the step that `scale.ts` derives from the data.
 */
import { pointsOf } from '../data/content.ts';
import { drawDataset, type DatasetParameters } from '../data/dataset.ts';
import type { LabelledPoints } from '../data/readers/labelled.ts';
import type { Sample } from '../data/sample.ts';
import { messages, UserError } from '../errors.ts';
import type { DataFiles } from '../experiments/spec-files.ts';
import { specFrom } from '../experiments/spec-text.ts';
import type { Spec } from '../experiments/spec.ts';
import { largestEigenvalue, rootMeanSquare, stepSizeOf } from './scale.ts';

/** What can be chosen; what is left out follows from the data. */
export interface DiagnosisChoice {
  /** labels of the class +1, then those of -1: `a,b`, or groups `0,2/1,3`; left out: the two labels that there are */
  readonly classes?: string;
  /** largest number of training points, an even integer >= 16; left out: 320, or half of what the data has */
  readonly n?: number;
  /** filters per class, an integer >= 1; default 10 */
  readonly m?: number;
  /** label noises p in (0, 0.5), ascending; p = 0 is measured in any case; default .1, .2, .3 */
  readonly flips?: readonly number[];
  /** draws of training and held-out points, >= 2; default 32 */
  readonly runs?: number;
  /** integer in [0, 2^53); default 1 */
  readonly seed?: number;
  /** points for the test error; left out: see `heldOutOf` */
  readonly heldOut?: number;
  /** cap on the steps of a run; default 4000 */
  readonly steps?: number;
  /** what is taken off every point: nothing, or the mean of the training points (default) */
  readonly centring?: 'none' | 'mean';
  /** what every number is divided by, > 0; left out: the root mean square of ‖x‖ about the centre is made 1 */
  readonly divisor?: number;
}

export const DEFAULTS = { n: 320, m: 10, flips: [0.1, 0.2, 0.3], runs: 32, seed: 1, steps: 4000 } as const;

/** Classifiers of which the clean test error is measured, by the value of a record. */
export const CLASSIFIERS = {
  network: 'testErrorClean',
  'max-margin': 'maxMarginError',
  averaging: 'averagingError',
  'nearest mean': 'nearestMeanError',
} as const;
export type Classifier = keyof typeof CLASSIFIERS;

/** A data set made ready: the sweep, and the sample of its points that is described. */
export interface DiagnosisPlan {
  readonly spec: Spec;
  readonly content: string;
  readonly classes: string;
  /** points that there are of the classes +1 and -1 */
  readonly there: readonly [number, number];
  /** training points, ascending */
  readonly ladder: readonly number[];
  /** label noises, 0 first, ascending */
  readonly flips: readonly number[];
  readonly heldOut: number;
  readonly centring: 'none' | 'mean';
  readonly divisor: number;
  /** root mean square of ‖x‖ after that: 1 unless a divisor was chosen */
  readonly norm: number;
  /** largest eigenvalue behind the step size */
  readonly lambda: number;
  /** as many points of each class as are described, with their true labels; centred and scaled as the network sees them */
  readonly sample: Sample;
}

/** Points that a class must have. */
const LEAST = 20;
/** Training points of the smallest sample. */
const LEAST_TRAINING = 8;
const LEAST_HELD_OUT = 20;
/** Points that are described: what pairs of them have is estimated from pairs that are left out. */
const MOST_DESCRIBED = 600;
const MOST_HELD_OUT = 1000;
/** Training loss at which a run ends: labels that are wrong are fitted long before, where they can be. */
const EPSILON = 0.01;
const MOMENTUM = 0.99;

const nameOf = ({ classNames }: LabelledPoints, label: number): string => classNames?.[label] ?? String(label);

function counts(points: LabelledPoints): Map<string, number> {
  const there = new Map<string, number>();
  points.labels.forEach((label) => there.set(nameOf(points, label), (there.get(nameOf(points, label)) ?? 0) + 1));
  return new Map([...there].sort(([a], [b]) => Number(a) - Number(b) || (a < b ? -1 : 1)));
}

/** `a/b` of what was asked for, or of the two labels that there are. @throws UserError */
function classesOf(points: LabelledPoints, asked: string | undefined): string {
  const there = [...counts(points).keys()];
  if (asked === undefined) {
    if (there.length !== 2) throw new UserError(messages.diagnoseClasses(there));
    return there.join('/');
  }
  if (asked.includes('/')) return asked;
  const two = asked.split(',').map((one) => one.trim());
  if (two.length !== 2 || two.includes('')) throw new UserError(messages.diagnoseTwoClasses(asked));
  return two.join('/');
}

/** Points of the two classes. @throws UserError for a label that is not there, and for too few */
function sidesOf(points: LabelledPoints, classes: string): [number, number] {
  const there = counts(points);
  const sides = classes.split('/');
  const sizes = sides.map((side) =>
    side.split(',').reduce((sum, name) => {
      const count = there.get(name);
      if (count === undefined) throw new UserError(messages.noSuchClass(name, [...there.keys()]));
      return sum + count;
    }, 0),
  );
  sizes.forEach((size, at) => {
    if (size < LEAST) throw new UserError(messages.diagnoseFewPoints(sides[at]!, size, LEAST));
  });
  return sizes as [number, number];
}

/** n/8, n/4, n/2, n, each even and no smaller than LEAST_TRAINING. */
export function ladderOf(n: number): number[] {
  const even = (x: number): number => 2 * Math.round(x / 2);
  return [...new Set([n / 8, n / 4, n / 2].map(even).filter((one) => one >= LEAST_TRAINING)), n].filter(
    (one, at, all) => all.indexOf(one) === at,
  );
}

/**
 * Held-out points: as many as leave room for three draws without a common point, which is what an interval for the law
 * behind the data needs; else all that are left; at most MOST_HELD_OUT.
 *
 * @param room points of both classes that can be drawn, as many of each
 */
export function heldOutOf(room: number, n: number): number {
  const even = (x: number): number => 2 * Math.floor(x / 2);
  const three = even(room / 3 - n);
  return Math.min(MOST_HELD_OUT, three >= LEAST_FOR_THREE ? three : even(room - n));
}
const LEAST_FOR_THREE = 100;

/** Beyond it, and its inverse, squares and steps leave the range in which they are exact. */
const LEAST_NORM = 1e-9;

/**
 * Makes the sweep of a data set, and the sample that is described.
 *
 * @param content of points that are offered (data/content.ts)
 * @param files where they lie, for the folder's spec
 * @throws UserError for classes that are not there or too small, for points that do not differ, and for sizes that the
 *   data does not have
 */
export function diagnosisPlan(content: string, choice: DiagnosisChoice = {}, files?: DataFiles): DiagnosisPlan {
  const points = pointsOf(content);
  const classes = classesOf(points, choice.classes);
  const there = sidesOf(points, classes);
  const { m = DEFAULTS.m, runs = DEFAULTS.runs, seed = DEFAULTS.seed, steps = DEFAULTS.steps } = choice;
  const { centring = 'mean' } = choice;
  const flips = [0, ...(choice.flips ?? DEFAULTS.flips).filter((p) => p !== 0)].sort((a, b) => a - b);
  if (!(Number.isInteger(runs) && runs >= 2)) throw new UserError(messages.diagnoseRuns(runs));
  if (flips.length < 2) throw new UserError(messages.diagnoseFlips());
  const room = 2 * Math.min(...there);
  const most = room - LEAST_HELD_OUT;
  const n = choice.n ?? Math.max(16, Math.min(DEFAULTS.n, 16 * Math.floor(room / 32)));
  if (n % 2 !== 0 || n < 16 || n > most) throw new UserError(messages.diagnoseSize(n, most));
  const ladder = ladderOf(n);
  const heldOut = choice.heldOut ?? heldOutOf(room, n);
  if (n + heldOut > room) throw new UserError(messages.diagnoseHeldOut(heldOut, room - n));
  const d = points.values.length / points.count;
  // In units of its largest number first: squares stay in range whatever the data's units.
  let unit = 0;
  for (const x of points.values) unit = Math.max(unit, Math.abs(x));
  const described: DatasetParameters = {
    content,
    classes,
    d,
    n: Math.min(MOST_DESCRIBED, room - 2),
    heldOut: 1,
    rows: 'stratified',
    centring,
    divisor: unit || 1,
    layout: 'vector',
    side: 1,
    border: 1,
    sigmaP: 0,
    flip: 0,
    flipLaw: 'probability',
    flips: 0,
    adversary: 'aligned',
  };
  const key = { seed, replicate: 0, cell: [0, 0] } as const;
  const size = rootMeanSquare(drawDataset(described, key).vectors, d);
  if (size === 0) throw new UserError(messages.diagnoseConstant(classes));
  const divisor = choice.divisor ?? Number(Math.min(unit * size, Number.MAX_VALUE / 2).toPrecision(6));
  const sample = drawDataset({ ...described, divisor }, key);
  const norm = rootMeanSquare(sample.vectors, d);
  if (!(norm > LEAST_NORM && norm < 1 / LEAST_NORM)) throw new UserError(messages.diagnoseDivisor(divisor, norm));
  if (withinClasses(sample) <= ALIKE * norm) throw new UserError(messages.diagnoseAlike());
  const lambda = largestEigenvalue(sample.vectors, d, ladder[0]!);
  const spec = specFrom(
    {
      name: `diagnosis of ${classes}`,
      ...(files && { files }),
      data: { model: 'dataset', content, classes, d, heldOut, divisor, centring },
      network: { m, activation: 'leaky-relu', sigma0: Number((START / norm).toPrecision(3)) },
      training: {
        rule: 'momentum',
        momentum: MOMENTUM,
        eta: stepSizeOf(lambda, m),
        stop: 'loss',
        epsilon: EPSILON,
        maxSteps: steps,
      },
      coupling: 'common',
      axes: { 'data.n': ladder, 'data.flip': flips },
      runs,
      seed,
      record: { values: ['maxMarginError', 'averagingError', 'nearestMeanError'] },
    },
    'diagnose',
  );
  return { spec, content, classes, there, ladder, flips, heldOut, centring, divisor, norm, lambda, sample };
}

/** Root mean square distance of a point to the mean of its class. */
function withinClasses({ vectors, trueLabels, frame }: Sample): number {
  const d = frame.used;
  const off = vectors.slice();
  for (const label of [1, -1]) {
    const mean = new Float64Array(d);
    const members = [...trueLabels.keys()].filter((i) => trueLabels[i] === label);
    for (const i of members) for (let k = 0; k < d; k++) mean[k]! += vectors[i * d + k]! / members.length;
    for (const i of members) for (let k = 0; k < d; k++) off[i * d + k]! -= mean[k]!;
  }
  return rootMeanSquare(off, d);
}
/** Within the classes this much, relatively, is rounding: moments are differences of squares. */
const ALIKE = 1e-6;

/** Standard deviation of an initial weight, over the root mean square of 1/‖x‖. */
const START = 0.01;
