/**
 * Samples of a data set: two classes of it (or two groups of classes), training points drawn by the run's seed, labels
 * flipped by any law, and points held out for the test error. Nothing is known of the law of a point, so that there are
 * neither signals nor a decomposition.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { shuffle } from '../core/shuffle.ts';
import { messages, UserError } from '../errors.ts';
import { pointsOf } from './content.ts';
import { flipLabels, type FlipParameters } from './labels.ts';
import { patchesOf, type LayoutParameters } from './layout.ts';
import type { LabelledPoints } from './readers/labelled.ts';
import { singleTermPatches, type Sample } from './sample.ts';

/** Which points, and what is made of them. */
export interface DatasetParameters extends FlipParameters, LayoutParameters {
  /** of the data, offered before (content.ts) */
  readonly content: string;
  /** labels of the class +1, then those of -1: `0/1`, `0,2/1,3` */
  readonly classes: string;
  /** number of training points, >= 1 */
  readonly n: number;
  /** dimension of a patch, as data and layout have it; at least that for the layout `noise-patch` */
  readonly d: number;
  /** as many of each class (of an odd number one more of the class +1), or from both together */
  readonly rows: 'stratified' | 'as-is';
  /** number of points for the test error, >= 1 */
  readonly heldOut: number;
  /** every number is divided by it, > 0 */
  readonly divisor: number;
  /** what is taken off every point: nothing, or the mean of the training points */
  readonly centring: 'none' | 'mean';
}

/** Places of the points of the two classes. */
interface Classes {
  readonly positive: Uint32Array;
  readonly negative: Uint32Array;
}

const known = new WeakMap<LabelledPoints, Map<string, Classes>>();

/** The points of `a,b/c`, +1 and -1. @throws UserError for a label that no point has, or that is on both sides */
function classesOf(points: LabelledPoints, text: string): Classes {
  const all = known.get(points) ?? new Map<string, Classes>();
  known.set(points, all);
  const before = all.get(text);
  if (before) return before;
  const nameOf = (label: number): string => points.classNames?.[label] ?? String(label);
  const there = new Map<string, number[]>();
  points.labels.forEach((label, at) => {
    const list = there.get(nameOf(label));
    if (list) list.push(at);
    else there.set(nameOf(label), [at]);
  });
  const sides = text.split('/').map((side) => side.split(','));
  const names = sides.flat();
  for (const name of names)
    if (!there.has(name)) throw new UserError(messages.noSuchClass(name, [...there.keys()].sort()));
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new UserError(messages.classTwice(twice, text));
  const [positive, negative] = sides.map((side) =>
    Uint32Array.from(side.flatMap((name) => there.get(name)!)).sort(),
  ) as [Uint32Array, Uint32Array];
  const classes = { positive, negative };
  all.set(text, classes);
  return classes;
}

function shuffled(places: Uint32Array, stream: Stream): Uint32Array {
  const order = places.slice();
  shuffle(order, stream);
  return order;
}

/** Places of points with their true labels. */
interface Drawn {
  readonly places: number[];
  readonly labels: number[];
}

/**
 * Training points from the head of a random order, held-out ones from its end: more training points are those there were
 * and others, and the held-out ones stay.
 *
 * @throws UserError where there are too few points
 */
function drawRows(
  points: LabelledPoints,
  parameters: DatasetParameters,
  key: StreamKey,
): { training: Drawn; held: Drawn } {
  const { n, heldOut, rows } = parameters;
  const { positive, negative } = enough(points, parameters);
  if (rows === 'as-is') {
    const both = new Uint32Array(positive.length + negative.length);
    both.set(positive);
    both.set(negative, positive.length);
    const isPositive = new Set(positive);
    const order = shuffled(both, new Stream(key, 'data/rows', 2));
    const take = (from: number, count: number): Drawn => {
      const places = [...order.subarray(from, from + count)];
      return { places, labels: places.map((at) => (isPositive.has(at) ? 1 : -1)) };
    };
    return { training: take(0, n), held: take(order.length - heldOut, heldOut) };
  }
  const sides = [positive, negative];
  const orders = sides.map((places, side) => shuffled(places, new Stream(key, 'data/rows', side)));
  const alternating = (count: number, place: (side: number, k: number) => number): Drawn => ({
    places: Array.from({ length: count }, (_, i) => place(i % 2, Math.floor(i / 2))),
    labels: Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : -1)),
  });
  return {
    training: alternating(n, (side, k) => orders[side]![k]!),
    held: alternating(heldOut, (side, k) => orders[side]![orders[side]!.length - 1 - k]!),
  };
}

/**
 * What a draw would refuse, without one: data that was not offered, labels that it does not have, too few points, a
 * layout that does not fit, another dimension.
 *
 * @throws UserError
 */
export function checkDataset(parameters: DatasetParameters): void {
  const points = pointsOf(parameters.content);
  const { dimension } = patchesOf(points.shape, parameters);
  if (parameters.d !== dimension)
    throw new UserError(messages.dataDimension(parameters.d, dimension, parameters.layout));
  enough(points, parameters);
}

/** The two classes, where there are points enough. @throws UserError */
function enough(points: LabelledPoints, { n, heldOut, rows, classes }: DatasetParameters): Classes {
  const found = classesOf(points, classes);
  const sides = [found.positive.length, found.negative.length] as const;
  if (rows === 'as-is') {
    const all = sides[0] + sides[1];
    if (n + heldOut > all) throw new UserError(messages.tooFewPoints(n, heldOut, all, ''));
    return found;
  }
  sides.forEach((length, side) => {
    const [training, held] = [n, heldOut].map((count) => Math.floor((count + 1 - side) / 2)) as [number, number];
    if (training + held > length)
      throw new UserError(messages.tooFewPoints(training, held, length, classes.split('/')[side]!));
  });
  return found;
}

/** Points from which on their products take more memory than is reasonable, and more time than any d within it. */
const MOST_POINTS = 4000;

/**
 * Whether a run of n points in d dimensions is one of their inner products, n² numbers, or of their coordinates, n d: by
 * measured times of a step (784 coordinates: even at n = 2.5 d with 200 filters, at 4 d with 20).
 */
export const inProductsOf = (n: number, d: number): boolean => !(n > 3 * d || n > MOST_POINTS);

/** Bytes of the training patches, their copies and products, at the most. */
const MOST_BYTES = 4e9;

/**
 * Draws a training sample; every patch is an anchor of its own.
 *
 * @throws UserError as `checkDataset` does, and for sizes beyond memory
 */
export function drawDataset(parameters: DatasetParameters, key: StreamKey): Sample {
  const points = pointsOf(parameters.content);
  const { n, d, divisor, centring, heldOut, flip } = parameters;
  const { perSample, dimension, lay } = patchesOf(points.shape, parameters);
  if (d !== dimension) throw new UserError(messages.dataDimension(d, dimension, parameters.layout));
  const anchors = n * perSample;
  const bytes = 8 * (anchors * (inProductsOf(n, d) ? anchors + d : 3 * d) + heldOut * perSample * d);
  if (bytes > MOST_BYTES) throw new UserError(messages.tooLarge('data.n', bytes / 1e9, 'lower data.n or data.heldOut'));
  const { training, held } = drawRows(points, parameters, key);
  const size = points.values.length / points.count;
  const off = new Float64Array(size);
  if (centring === 'mean') {
    for (const at of training.places) for (let k = 0; k < size; k++) off[k]! += points.values[at * size + k]! / divisor;
    for (let k = 0; k < size; k++) off[k]! /= n;
  }
  const one = new Float64Array(size);
  /** Patches of points as rows; the noise of a point belongs to its place, whatever it is used for. */
  const rowsOf = ({ places }: Drawn): Float64Array => {
    const rows = new Float64Array(places.length * perSample * d);
    places.forEach((at, i) => {
      for (let k = 0; k < size; k++) one[k] = points.values[at * size + k]! / divisor - off[k]!;
      lay(one, rows.subarray(i * perSample * d, (i + 1) * perSample * d), () => new Stream(key, 'data/border', at));
    });
    return rows;
  };
  const rows = rowsOf(training);
  const trueLabels = Float64Array.from(training.labels);
  const width = perSample * d;
  const product = (i: number, j: number): number => dotRows(rows, i * width, rows, j * width, width);
  // Patches of one kind lie together where those of two kinds share no pixel: products with the others are left out then.
  // Elsewhere they stay in the order of the points: sums go over anchors in order, and would be rounded otherwise.
  const apart = parameters.layout === 'noisy-border';
  const each = Array.from({ length: anchors }, (_, q) => (apart ? (q % perSample) * n + Math.floor(q / perSample) : q));
  const vectors = apart ? new Float64Array(rows.length) : rows;
  if (apart) each.forEach((k, q) => vectors.set(rows.subarray(q * d, (q + 1) * d), k * d));
  return {
    n,
    frame: { ambient: d, used: d },
    anchors,
    vectors,
    patches: singleTermPatches(
      perSample,
      each,
      each.map(() => 1),
    ),
    labels: flipLabels(trueLabels, parameters, key, product),
    trueLabels,
    fresh: {
      kind: 'points',
      rows: rowsOf(held),
      count: heldOut,
      columns: d,
      labels: Float64Array.from(held.labels),
      flip,
    },
  };
}
