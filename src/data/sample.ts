/**
 * The one form every data model lowers to: anchors and patches.
 *
 * Anchors v_1..v_K are the vectors whose span (plus the initial weights) holds every weight that
 * gradient descent can reach: signals, noises, or whole inputs. A sample is a few patches, each a
 * sparse combination of anchors. Vectors are rows of coordinates in an orthonormal frame: the
 * standard basis for explicit draws, a frame adapted to the data for d-free ones. Engines and
 * observables know nothing else of a data model.
 */
import { columnParts, freeIn, type FrameParts } from '../core/frame-parts.ts';
import { hasNaN } from '../core/linear-algebra.ts';
import type { NoiseLaw } from '../core/noise-laws.ts';

/** Where coordinates live. */
export interface OrthonormalFrame {
  /** the ambient dimension d */
  readonly ambient: number;
  /**
   * how many frame axes the anchors use. Equal to `ambient` for explicit vectors; else the rest of
   * the space is isotropic, unused so far, and initial weights may claim one new axis each
   */
  readonly used: number;
  /** subspaces between which nothing is isotropic: initial weights claim an axis in each; absent: one, the space */
  readonly parts?: FrameParts;
}

/** Sparse patches in compressed rows: patch q = i * patchesPerSample + s has terms start[q] .. start[q + 1]. */
export interface Patches {
  /** patches of one sample, >= 1 */
  readonly perSample: number;
  /** length n * perSample + 1 */
  readonly start: Int32Array;
  /** anchor index of each term */
  readonly anchor: Int32Array;
  /** coefficient of each term */
  readonly coefficient: Float64Array;
}

/** Terms of a patch: a sparse combination of anchors. */
export type Terms = readonly (readonly [anchor: number, coefficient: number])[];

/** One of the finitely many values that a fresh point has without its noise. */
export interface FreshAtom {
  /** in [0, 1]; those of all atoms sum to 1 */
  readonly probability: number;
  /** the true label, +1 or -1 */
  readonly label: number;
  /** every patch without its noise, length patches.perSample: [] for a patch of pure noise */
  readonly patches: readonly Terms[];
}

/**
 * Noise of mean 0 and covariance sigma^2 I, or sigma^2 diag(lambda), in one patch of a fresh point, with some frame axes
 * removed.
 */
export interface NoisyPatch {
  /** its place among the patches of a point */
  readonly patch: number;
  /** standard deviation of one coordinate, >= 0 */
  readonly sigma: number;
  /** frame axes along which the noise is zero (a projected signal direction) */
  readonly projectedAxes: readonly number[];
  /** lambda, the same along all axes of a part of the frame; absent: 1 */
  readonly spectrum?: {
    /** those of the frame */
    readonly parts: FrameParts;
    /** square root of lambda by part, >= 0 */
    readonly roots: ArrayLike<number>;
  };
}

/**
 * The square root of lambda along each column of weights; undefined where it is 1 throughout.
 *
 * @param filters that have claimed axes of their own; 0 for vectors on the axes in use
 * @throws RangeError for weights on other columns
 */
export function rootsByColumn(
  { spectrum }: Pick<NoisyPatch, 'spectrum'>,
  columns: number,
  filters: number,
): Float64Array | undefined {
  if (!spectrum) return undefined;
  const parts = columnParts(spectrum.parts, filters);
  if (parts.length !== columns)
    throw new RangeError(`init.columns: must be ${parts.length} in this frame, got ${columns}`);
  return Float64Array.from(parts, (part) => spectrum.roots[part]!);
}

/**
 * Noise that is not Gaussian: a multivariate t (nu degrees of freedom), or in an explicit frame independent
 * coordinates, of unit variance; or there standard normals on a uniform support of the axes that are not removed.
 */
export interface OtherNoise {
  readonly law: Exclude<NoiseLaw, 'gaussian'>;
  readonly nu: number;
  /** s of sparse noise: the size of a support */
  readonly sparsity?: number;
}

/** How the flip probability of a fresh point leans, beside p (core/flip-laws.ts). */
export type Leaning = {
  /** s in [-1, 1] */
  readonly tilt: number;
} & (
  | { readonly by: 'class' }
  /** freedom: axes of the noise, >= 1 */
  | { readonly by: 'norm'; readonly freedom: number }
  /** axis: that of the signal in the frame */
  | { readonly by: 'margin'; readonly axis: number }
);

/** The law of a fresh point: an atom, and in each noisy patch a noise of its own, independent of all else. */
export interface FreshLaw {
  /** tells it from held-out points */
  readonly kind: 'law';
  /** one or more */
  readonly atoms: readonly FreshAtom[];
  /** by patch, in increasing order; none: a point is its atom */
  readonly noisy: readonly NoisyPatch[];
  /** of every noisy patch; absent: Gaussian */
  readonly noise?: OtherNoise;
  /** probability that the observed label of a fresh point is the opposite of the true one */
  readonly flip: number;
  /**
   * how that probability leans on the class or the noise of the point, `flip` being its mean where the classes are
   * equally likely; absent: not at all
   */
  readonly leaning?: Leaning;
  /** standard deviation of the real label of a fresh point about the true one, >= 0; absent: 0, labels are signs */
  readonly labelDeviation?: number;
}

/** Points that were held out of the training sample, by their coordinates in its frame; nothing is known of their law. */
export interface HeldOut {
  /** tells them from a law */
  readonly kind: 'points';
  /** count x patches.perSample x columns: a point's patches are neighbours */
  readonly rows: Float64Array;
  /** >= 1 */
  readonly count: number;
  /** coordinates of a patch, at most frame.used; the rest are 0 */
  readonly columns: number;
  /** observed labels in {-1, +1}, length count; the true ones where `flip` is given */
  readonly labels: Float64Array;
  /** probability with which an observed label is the opposite of the true one, in [0, 1]; absent: nobody knows it */
  readonly flip?: number;
}

/** Where the error beyond the training sample is taken. */
export type Fresh = FreshLaw | HeldOut;

/** Which anchors play which part in the signal-noise decomposition. */
export interface Roles {
  /** anchors that are signals */
  readonly signal: readonly number[];
  /** the P patches of a training point that carry noise, in increasing order; those of the law where there is one */
  readonly noisy: readonly number[];
  /** noise[i P + p]: the anchor with the noise of sample i in its p-th noisy patch */
  readonly noise: readonly number[];
  /**
   * for mixtures, whose noise anchors are whole patches c v_k + xi: carried[i P + p] is [place k in `signal`, c]
   */
  readonly carried?: readonly (readonly [signal: number, coefficient: number])[];
}

/**
 * The law of a fresh point.
 *
 * @throws RangeError for a sample of held-out points
 */
export function lawOf({ fresh }: Sample): FreshLaw {
  if (fresh.kind !== 'law') throw new RangeError(`sample.fresh: needed as a law, got ${fresh.kind}`);
  return fresh;
}

/**
 * Which anchors are signals and noises.
 *
 * @throws RangeError for a sample without
 */
export function rolesOf({ roles }: Sample): Roles {
  if (!roles) throw new RangeError('sample.roles: needed for the signal-noise decomposition, got none');
  return roles;
}

/** A training sample, ready for any engine. */
export interface Sample {
  /** number of training points */
  readonly n: number;
  /** where the coordinates live */
  readonly frame: OrthonormalFrame;
  /** number of anchors K */
  readonly anchors: number;
  /** K x frame.used, row-major */
  readonly vectors: Float64Array;
  readonly patches: Patches;
  /** observed labels y_i in {-1, +1}, length n; where labels are real, the true ones */
  readonly labels: Float64Array;
  /** true labels, length n */
  readonly trueLabels: Float64Array;
  /**
   * t_i, length n: the observed label is the real number y_i t_i, and the squared loss (t_i - y_i f)²; absent: all 1
   * (data/real-labels.ts)
   */
  readonly targets?: Float64Array;
  readonly fresh: Fresh;
  /** absent: of a sample without signals and noises, which has no decomposition */
  readonly roles?: Roles;
}

/** Observed labels: signs, or real ones. */
export const observedLabels = ({ labels, targets }: Pick<Sample, 'labels' | 'targets'>): Float64Array =>
  targets ? labels.map((y, i) => y * targets[i]!) : labels;

/** Patches with one term each: anchor[i * perSample + s], coefficient likewise. */
export function singleTermPatches(
  perSample: number,
  anchor: ArrayLike<number>,
  coefficient: ArrayLike<number>,
): Patches {
  const start = new Int32Array(anchor.length + 1);
  for (let q = 0; q < start.length; q++) start[q] = q;
  return { perSample, start, anchor: new Int32Array(anchor), coefficient: new Float64Array(coefficient) };
}

/** Coordinates of patch s of sample i in the frame, length frame.used. */
export function patchVector(sample: Sample, i: number, s: number): Float64Array {
  const { patches, frame, vectors } = sample;
  const x = new Float64Array(frame.used);
  const q = i * patches.perSample + s;
  for (let t = patches.start[q]!; t < patches.start[q + 1]!; t++) {
    const row = patches.anchor[t]! * frame.used;
    const coefficient = patches.coefficient[t]!;
    for (let k = 0; k < frame.used; k++) x[k]! += coefficient * vectors[row + k]!;
  }
  return x;
}

/** All patches as rows, (n * perSample) x frame.used; the rows of one sample follow each other. */
export function patchRows(sample: Sample): Float64Array {
  const { n, patches, frame } = sample;
  const rows = new Float64Array(n * patches.perSample * frame.used);
  for (let q = 0; q < n * patches.perSample; q++) {
    rows.set(patchVector(sample, Math.floor(q / patches.perSample), q % patches.perSample), q * frame.used);
  }
  return rows;
}

/**
 * The noise vectors xi_ip as rows, (n P) x frame.used in the order of `roles.noise`: a mixture's anchors carry their
 * signal too, which is taken off.
 */
export function noiseRows(sample: Sample): Float64Array {
  const {
    vectors,
    frame: { used },
  } = sample;
  const roles = rolesOf(sample);
  const noise = new Float64Array(roles.noise.length * used);
  roles.noise.forEach((k, i) => {
    for (let a = 0; a < used; a++) noise[i * used + a] = vectors[k * used + a]!;
    const carried = roles.carried?.[i];
    if (carried)
      for (let a = 0; a < used; a++)
        noise[i * used + a]! -= carried[1] * vectors[roles.signal[carried[0]]! * used + a]!;
  });
  return noise;
}

/** How far the probabilities of the atoms may be from 1 in sum: rounding. */
const ROUNDING = 1e-9;

const refuse = (place: string, allowed: string, came: unknown): never => {
  throw new RangeError(`sample.${place}: must be ${allowed}, got ${String(came)}`);
};

function counted(place: string, value: number, least: number): void {
  if (!(Number.isInteger(value) && value >= least)) refuse(place, `an integer >= ${least}`, value);
}

function long(place: string, array: ArrayLike<unknown>, length: number, why: string): void {
  if (array.length !== length) refuse(place, `of length ${length} (${why})`, `length ${array.length}`);
}

function signs(place: string, list: Float64Array, length: number, why: string): void {
  long(place, list, length, why);
  const wrong = list.findIndex((y) => y !== 1 && y !== -1);
  if (wrong >= 0) refuse(`${place}[${wrong}]`, '1 or -1', list[wrong]);
}

function anchorsIn(place: string, list: ArrayLike<number>, anchors: number): void {
  for (let t = 0; t < list.length; t++)
    if (!(Number.isInteger(list[t]) && list[t]! >= 0 && list[t]! < anchors))
      refuse(`${place}[${t}]`, `an anchor, an integer in [0, ${anchors})`, list[t]);
}

function patchesIn(place: string, list: readonly number[], perSample: number): void {
  list.forEach((s, p) => {
    if (!(Number.isInteger(s) && s < perSample && s > (p > 0 ? list[p - 1]! : -1)))
      refuse(place, `patches, increasing integers in [0, ${perSample})`, `[${list}]`);
  });
}

/**
 * Refuses a sample that does not fit together. Numbers beyond the floating-point range may be there: a run on them
 * diverges, which is an outcome; NaN may not.
 *
 * @throws RangeError with one sentence that names the place
 */
export function checkSample(sample: Sample): void {
  const { n, frame, anchors, vectors, patches, labels, trueLabels, targets, fresh } = sample;
  const { perSample, start, anchor, coefficient } = patches;
  counted('n', n, 1);
  counted('frame.used', frame.used, 1);
  if (!(Number.isInteger(frame.ambient) && frame.ambient >= frame.used))
    refuse('frame.ambient', `an integer >= frame.used = ${frame.used}`, frame.ambient);
  if (frame.parts) checkParts(frame.ambient, frame.used, frame.parts);
  counted('anchors', anchors, 1);
  long('vectors', vectors, anchors * frame.used, 'anchors x frame.used');
  if (hasNaN(vectors)) refuse('vectors', 'numbers', NaN);
  counted('patches.perSample', perSample, 1);
  long('patches.start', start, n * perSample + 1, 'n x patches.perSample + 1');
  for (let q = 0; q < start.length; q++)
    if (!(start[q]! >= (q > 0 ? start[q - 1]! : 0)) || (q === 0 && start[q] !== 0))
      refuse(`patches.start[${q}]`, 'where the terms before it end, 0 first', start[q]);
  long('patches.anchor', anchor, start.at(-1)!, 'the last of patches.start');
  long('patches.coefficient', coefficient, start.at(-1)!, 'the last of patches.start');
  anchorsIn('patches.anchor', anchor, anchors);
  if (hasNaN(coefficient)) refuse('patches.coefficient', 'numbers', NaN);
  signs('labels', labels, n, 'one a training point');
  signs('trueLabels', trueLabels, n, 'one a training point');
  if (targets) checkTargets(sample, targets);
  if (fresh.kind === 'law') checkLaw(sample, fresh);
  else checkHeldOut(sample, fresh);
  checkRoles(sample);
}

function checkTargets({ n, labels, trueLabels }: Sample, targets: Float64Array): void {
  long('targets', targets, n, 'one a training point');
  if (hasNaN(targets)) refuse('targets', 'numbers', NaN);
  const other = labels.findIndex((y, i) => y !== trueLabels[i]);
  if (other >= 0) refuse(`labels[${other}]`, 'the true label where there are targets', labels[other]);
}

function checkParts(ambient: number, used: number, parts: FrameParts): void {
  const { dimensions, of } = parts;
  long('frame.parts.of', of, used, 'frame.used');
  const strange = Array.from(of).find((part) => !(Number.isInteger(part) && part >= 0 && part < dimensions.length));
  if (strange !== undefined) refuse('frame.parts.of', `parts, integers in [0, ${dimensions.length})`, strange);
  const total = Array.from(dimensions).reduce((sum, dimension) => sum + dimension, 0);
  if (total !== ambient) refuse('frame.parts.dimensions', `of sum frame.ambient = ${ambient}`, total);
  const over = freeIn(parts).findIndex((free) => !(free >= 0));
  if (over >= 0) refuse(`frame.parts.dimensions[${over}]`, 'at least its axes in frame.parts.of', dimensions[over]);
}

function checkLaw(
  { frame, anchors, patches: { perSample } }: Sample,
  { atoms, noisy, noise, flip, leaning, labelDeviation = 0 }: FreshLaw,
): void {
  if (atoms.length === 0) refuse('fresh.atoms', 'one atom or more', 'none');
  atoms.forEach(({ probability, label, patches }, at) => {
    const place = `fresh.atoms[${at}]`;
    if (!(probability >= 0 && probability <= 1)) refuse(`${place}.probability`, 'in [0, 1]', probability);
    if (label !== 1 && label !== -1) refuse(`${place}.label`, '1 or -1', label);
    // The network pools over the patches of a fresh point as over those of a training point.
    long(`${place}.patches`, patches, perSample, 'patches.perSample');
    patches.forEach((terms, s) => {
      const of = terms.map(([k]) => k);
      anchorsIn(`${place}.patches[${s}]`, of, anchors);
      if (terms.some(([, c]) => Number.isNaN(c))) refuse(`${place}.patches[${s}]`, 'of numbers', NaN);
    });
  });
  const total = atoms.reduce((sum, { probability }) => sum + probability, 0);
  if (!(Math.abs(total - 1) <= ROUNDING)) refuse('fresh.atoms', 'of probability 1 in all', total);
  if (!(flip >= 0 && flip <= 1)) refuse('fresh.flip', 'in [0, 1]', flip);
  if (!(labelDeviation >= 0)) refuse('fresh.labelDeviation', '>= 0', labelDeviation);
  if (leaning && !(Math.abs(leaning.tilt) <= 1 && flip * (1 + Math.abs(leaning.tilt)) <= 1))
    refuse('fresh.leaning.tilt', 'in [-1, 1], (1 + |tilt|) fresh.flip at most 1', leaning.tilt);
  if (leaning && leaning.by !== 'class' && (noise || noisy.length !== 1 || noisy[0]!.spectrum))
    refuse(
      'fresh.leaning',
      'by class, but where Gaussian noise without a spectrum is in one patch',
      `by ${leaning.by}`,
    );
  const places = noisy.map(({ patch }) => patch);
  patchesIn('fresh.noisy', places, perSample);
  noisy.forEach(({ sigma, projectedAxes, spectrum }, at) => {
    const place = `fresh.noisy[${at}]`;
    if (!(sigma >= 0)) refuse(`${place}.sigma`, '>= 0', sigma);
    if (spectrum) {
      const { parts, roots } = spectrum;
      if (parts !== frame.parts) refuse(`${place}.spectrum.parts`, 'frame.parts itself', 'another object');
      long(`${place}.spectrum.roots`, roots, parts.dimensions.length, 'one a part of the frame');
      const wrong = Array.from(roots).find((root) => !(root >= 0));
      if (wrong !== undefined) refuse(`${place}.spectrum.roots`, '>= 0', wrong);
      if (noise && noise.law !== 'student-t')
        refuse(`${place}.spectrum`, 'absent: its noise has a law by coordinates', noise.law);
    }
    const strange = projectedAxes.find((axis) => !(Number.isInteger(axis) && axis >= 0 && axis < frame.used));
    if (strange !== undefined)
      refuse(`${place}.projectedAxes`, `frame axes, integers in [0, frame.used = ${frame.used})`, strange);
    const axes = frame.used - new Set(projectedAxes).size;
    const size = noise?.law === 'sparse' ? noise.sparsity : 0;
    if (!(Number.isInteger(size) && size! >= 0 && size! <= axes))
      refuse('fresh.noise.sparsity', `an integer in [0, ${axes}], the axes that ${place} leaves`, size);
  });
}

function checkHeldOut(
  { frame: { used }, patches: { perSample } }: Sample,
  { rows, count, columns, labels, flip = 0 }: HeldOut,
): void {
  counted('fresh.count', count, 1);
  if (!(Number.isInteger(columns) && columns >= 0 && columns <= used))
    refuse('fresh.columns', `an integer in [0, frame.used = ${used}]`, columns);
  long('fresh.rows', rows, count * perSample * columns, 'fresh.count x patches.perSample x fresh.columns');
  if (hasNaN(rows)) refuse('fresh.rows', 'numbers', NaN);
  signs('fresh.labels', labels, count, 'one a held-out point');
  if (!(flip >= 0 && flip <= 1)) refuse('fresh.flip', 'in [0, 1]', flip);
}

function checkRoles({ n, anchors, patches: { perSample }, fresh, roles }: Sample): void {
  if (!roles) return;
  const { signal, noisy, noise, carried } = roles;
  anchorsIn('roles.signal', signal, anchors);
  anchorsIn('roles.noise', noise, anchors);
  patchesIn('roles.noisy', noisy, perSample);
  long('roles.noise', noise, n * noisy.length, 'one a noisy patch of a training point');
  if (carried) long('roles.carried', carried, n * noisy.length, 'one a noisy patch of a training point');
  const astray = carried?.find(([k, c]) => !(k in signal) || Number.isNaN(c));
  if (astray)
    refuse('roles.carried', `[place in roles.signal, number], places in [0, ${signal.length})`, `[${astray}]`);
  if (fresh.kind !== 'law') return;
  const places = fresh.noisy.map(({ patch }) => patch);
  if (places.length !== noisy.length || places.some((s, p) => s !== noisy[p]))
    refuse('roles.noisy', `the patches of fresh.noisy, [${places}]`, `[${noisy}]`);
}
