/**
 * Test errors however rare: line sampling towards the design points, with importance sampling across the lines.
 *
 * An atom's failures are split among its design points z*_j: each point of the space belongs to the nearest one (cells
 * of a Voronoi diagram, so that nothing is counted twice). Cell j is integrated along lines parallel to z*_j, exactly
 * (line sampling: Koutsourelakis, Pradlwarter, Schuëller, Probab. Eng. Mech. 19, 2004); the coordinates y across the
 * lines come from a Gaussian fitted to the failures (cross-entropy method) and, for a ninth of the lines, from their
 * own law N(0, I). Both are weighted by the balance heuristic (Veach, Guibas, SIGGRAPH 1995): unbiased whatever the
 * fit, and no weight exceeds 9. Points are randomly shifted lattices; independent shifts give the standard error.
 */
import { dotRows } from '../core/linear-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { ShiftedLattice } from '../core/shifted-lattice.ts';
import { exp, log } from '../core/special.ts';
import { tinyMeanAndSe } from '../core/statistics.ts';
import { designPoints, mostPoints, type DesignPoint } from './design-point.ts';
import { estimateOf, type ErrorEstimate } from './error-estimate.ts';
import type { FreshOutput, OutputAtom } from './fresh-output.ts';
import { LineFrame } from './line-frame.ts';
import { lineOf, type Line } from './line.ts';
import { LineSilence } from './silence.ts';
import { effectiveSize, fitTangentGaussian, TangentGaussian } from './tangent-gaussian.ts';

/** Streams of purpose `test`: 0 to 1023 are the shifts of `lines` and the points. */
const SEARCH_STREAM = 4096;
const FIT_STREAM = 8192;
const ROUND_STREAM = 65536;
const FEW_BRANCHES = 32;
const MOST_SHIFTS = 1024;

/** How to sample one cell of one atom. */
export interface Branch {
  readonly bundle: LineBundle;
  readonly proposal: TangentGaussian;
  /** false: the proposal is N(0, I) itself */
  readonly adapted: boolean;
  /**
   * rough standard deviation of one weighted line, times the atom's probability: decides how many lines the branch gets
   */
  readonly spread: number;
}

/** Everything that is fixed before the first line of an estimate is drawn. */
export interface RarePlan {
  readonly branches: readonly Branch[];
  /** false: an atom has as many design points as are looked for, and may have more */
  readonly complete: boolean;
}

/** Finds the design points and fits the proposals; a deterministic function of output and key. */
export function planRare(output: FreshOutput, key: StreamKey): RarePlan {
  const branches: Branch[] = [];
  let complete = true;
  output.atoms.forEach((atom, at) => {
    const points = designPoints(output, atom, new Stream(key, 'test', SEARCH_STREAM + at));
    complete &&= points.length < mostPoints(output);
    const directions = points.length > 0 ? points : [{ direction: linearPart(output, atom), beta: 0 }];
    directions.forEach((_, j) => {
      const bundle = new LineBundle(output, atom, directions, j);
      branches.push(fitBranch(bundle, key, FIT_STREAM + FIT_ROUNDS * branches.length));
    });
  });
  return { branches, complete };
}

/** Unit vector along which the atom's output falls fastest, were every filter active. */
function linearPart({ filters, rank, l, outputWeights }: FreshOutput, atom: OutputAtom): Float64Array {
  const u = new Float64Array(rank);
  for (let r = 0; r < filters; r++)
    for (let k = 0; k < rank; k++) u[k]! -= atom.label * outputWeights[r]! * l[r * rank + k]!;
  const norm = Math.sqrt(dotRows(u, 0, u, 0, rank));
  if (norm > 0) return u.map((x) => x / norm);
  if (rank > 0) u[0] = 1;
  return u;
}

/**
 * The test error with its standard error, 0 with 0 where it underflows.
 *
 * @param lines per shift and branch, a power of two >= 8
 * @param shifts independent randomisations, in [2, 1024]
 * @param round which of the key's independent estimates
 */
export function sampleRare(
  plan: RarePlan,
  { lines, shifts }: { readonly lines: number; readonly shifts: number },
  key: StreamKey,
  round = 0,
): ErrorEstimate {
  const stride = strideOf(plan.branches.length);
  const largest = Math.max(...plan.branches.map(({ spread }) => spread));
  const wrong: number[] = [];
  const zero: number[] = [];
  for (let shift = 0; shift < shifts; shift++) {
    let sum = 0;
    let silent = 0;
    plan.branches.forEach((branch, at) => {
      const stream = new Stream(key, 'test', ROUND_STREAM + (round * MOST_SHIFTS + shift) * stride + at);
      const own = branch.spread > MINOR * largest ? lines : Math.max(8, lines / 8);
      const found = sampleBranch(branch, own, stream);
      sum += branch.bundle.atom.probability * found.wrong;
      silent += branch.bundle.atom.probability * found.zero;
    });
    wrong.push(sum);
    zero.push(silent);
  }
  return estimateOf(wrong, zero, tinyMeanAndSe);
}

/**
 * Streams set aside for each shift: 32, or the power of two that so many need (256 are the most that leave room for ten
 * rounds).
 */
export function strideOf(count: number): number {
  let stride = FEW_BRANCHES;
  while (stride < count) stride *= 2;
  return stride;
}

/** A branch that scatters less than this share of the largest one gets an eighth of the lines. */
const MINOR = 0.1;

function sampleBranch(
  { bundle, proposal, adapted }: Branch,
  lines: number,
  stream: Stream,
): { wrong: number; zero: number } {
  const { size } = bundle;
  const x = new Float64Array(size);
  const y = new Float64Array(size);
  const nominalLines = adapted ? lines / 8 : lines;
  const total = adapted ? lines + nominalLines : lines;
  let sum = 0;
  let silent = 0;
  if (adapted) {
    const lattice = new ShiftedLattice(lines, size, stream);
    for (let i = 0; i < lines; i++) {
      lattice.normal(i, x);
      proposal.place(x, y);
      const density = nominalLines + lines * proposal.overNominal(x, y);
      sum += (total * bundle.errorProbability(y)) / density;
      silent += (total * bundle.zeroProbability()) / density;
    }
  }
  const lattice = new ShiftedLattice(nominalLines, size, stream);
  for (let i = 0; i < nominalLines; i++) {
    lattice.normal(i, y);
    const p = bundle.errorProbability(y);
    if (adapted && p > 0) {
      proposal.recover(y, x);
      const density = nominalLines + lines * proposal.overNominal(x, y);
      sum += (total * p) / density;
      silent += (total * bundle.zeroProbability()) / density;
    } else {
      sum += p;
      silent += bundle.zeroProbability();
    }
  }
  return { wrong: sum / total, zero: silent / total };
}

/** Parallel lines z = t u + Q y, u towards design point j, restricted to the points nearer to it than to the others. */
export class LineBundle {
  readonly atom: OutputAtom;
  readonly frame: LineFrame;
  /** distance of the design point; 0 where there is none */
  readonly beta: number;
  /** length of y */
  readonly size: number;
  private readonly filters: number;
  /** L Q, filters x size */
  private readonly across: Float64Array;
  private readonly heights: Float64Array;
  private readonly line: Line;
  private readonly silence: LineSilence;
  private low = -Infinity;
  private high = Infinity;
  /** the cell's walls: slope * t + <normal, y> <= level */
  private readonly walls: { readonly slope: number; readonly normal: Float64Array; readonly level: number }[] = [];

  constructor(output: FreshOutput, atom: OutputAtom, points: readonly DesignPoint[], j: number) {
    const { filters, rank, l } = output;
    const { direction, beta } = points[j]!;
    const frame = new LineFrame(direction);
    this.atom = atom;
    this.frame = frame;
    this.beta = beta;
    this.size = Math.max(0, rank - 1);
    this.filters = filters;
    this.heights = new Float64Array(filters);
    this.across = new Float64Array(filters * this.size);
    const slopes = new Float64Array(filters);
    for (let r = 0; r < filters; r++) {
      const [along, rest] = frame.coordinates(l.subarray(r * rank, (r + 1) * rank));
      slopes[r] = along;
      this.across.set(rest, r * this.size);
    }
    this.line = lineOf(output, slopes);
    this.silence = new LineSilence(output, slopes);
    points.forEach((other, i) => {
      if (i === j) return;
      const [along, normal] = frame.coordinates(other.direction.map((x) => other.beta * x));
      this.walls.push({ slope: along - beta, normal, level: (other.beta * other.beta - beta * beta) / 2 });
    });
  }

  /** P over t ~ N(0, 1) that the line at y errs inside the cell. */
  errorProbability(y: Float64Array): number {
    return this.along(y) ? this.line.atomErrorProbability(this.heights, this.atom, this.low, this.high) : 0;
  }

  /** The same of f = 0, on the line that was last asked about. */
  zeroProbability(): number {
    return this.low < this.high ? this.silence.ofAtom(this.heights, this.atom, this.low, this.high) : 0;
  }

  /** Sets heights and ends of the line at y; false when it lies outside the cell. */
  private along(y: Float64Array): boolean {
    this.low = this.high = 0;
    let low = -Infinity;
    let high = Infinity;
    for (const { slope, normal, level } of this.walls) {
      const room = level - dotRows(normal, 0, y, 0, this.size);
      if (slope > 0) high = Math.min(high, room / slope);
      else if (slope < 0) low = Math.max(low, room / slope);
      else if (room < 0) return false;
    }
    if (!(low < high)) return false;
    this.low = low;
    this.high = high;
    for (let r = 0; r < this.filters; r++) this.heights[r] = dotRows(this.across, r * this.size, y, 0, this.size);
    return true;
  }
}

/** At most so many rounds of fitting. */
const FIT_ROUNDS = 8;
/** Share of effective points from which N(0, I) is good enough as it is. */
const GOOD_ENOUGH = 0.5;

/**
 * Fits the proposal round by round. While few points carry the weight, the weights are tempered (raised to a power
 * below 1) so that the fit does not collapse onto them (Papaioannou, Geyer, Straub, Reliab. Eng. Syst. Saf. 191, 2019).
 */
function fitBranch(bundle: LineBundle, key: StreamKey, firstStream: number): Branch {
  const { size } = bundle;
  const nominal = TangentGaussian.nominal(size);
  const count = size === 0 ? 8 : size < 32 ? 512 : 1024;
  const wanted = Math.min(count / 4, Math.max(2 * size, 32));
  const points = new Float64Array(count * size);
  const x = new Float64Array(size);
  const y = new Float64Array(size);
  let best = { proposal: nominal, share: -1, adapted: false, spread: 0 };
  let proposal = nominal;
  for (let round = 0; round < FIT_ROUNDS; round++) {
    const lattice = new ShiftedLattice(count, size, new Stream(key, 'test', firstStream + round));
    const weights = new Float64Array(count);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      lattice.normal(i, x);
      proposal.place(x, y);
      points.set(y, i * size);
      const ratio = proposal.overNominal(x, y);
      weights[i] = ratio > 0 ? bundle.errorProbability(y) / ratio : 0;
      sum += weights[i]!;
    }
    if (!(sum > 0)) break; // nothing errs on these lines
    const largest = weights.reduce((a, b) => Math.max(a, b));
    const relative = weights.map((w) => w / largest);
    const effective = effectiveSize(relative);
    const share = effective / count;
    const mean = sum / count;
    const spread = bundle.atom.probability * mean * Math.sqrt(Math.max(0, 1 / share - 1));
    const better = share > 1.1 * best.share;
    if (share > best.share) best = { proposal, share, adapted: round > 0, spread };
    if (size === 0 || share > (round === 0 ? GOOD_ENOUGH : 0.8) || (!better && effective >= wanted)) break;
    proposal = fitTangentGaussian(points, effective >= wanted ? relative : tempered(relative, wanted), size);
  }
  return { bundle, proposal: best.proposal, adapted: best.adapted, spread: best.spread };
}

/** The weights to the largest power in (0, 1) that leaves so many effective points. */
function tempered(weights: Float64Array, wanted: number): Float64Array {
  const logs = weights.map((w) => log(w));
  let low = 0;
  let high = 1;
  for (let i = 0; i < 20; i++) {
    const power = (low + high) / 2;
    if (effectiveSize(logs.map((w) => exp(power * w))) > wanted) low = power;
    else high = power;
  }
  return logs.map((w) => (w > -Infinity ? exp(low * w) : 0));
}
