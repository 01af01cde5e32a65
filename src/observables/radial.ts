/**
 * Radial integration for rare test errors: without bias and offsets the noise output is positively homogeneous of some
 * degree q (1 for piecewise-linear activations), so on the ray with direction w it is radius^q N(w), and an atom errs
 * beyond one radius, whose chi tail is known in closed form.
 *
 * Directions come from a mixture of the uniform law and angular central Gaussian laws (Tyler, Biometrika 74, 1987)
 * stretched towards the design points, weighted by the balance heuristic (Veach, Guibas, SIGGRAPH 1995).
 */
import { chiTail } from '../core/chi-tail.ts';
import { dotRows } from '../core/linear-algebra.ts';
import { Stream, type StreamKey } from '../core/random.ts';
import { ShiftedLattice } from '../core/shifted-lattice.ts';
import { exp, log } from '../core/special.ts';
import { tinyMeanAndSe } from '../core/statistics.ts';
import { activate } from '../network/activation.ts';
import { estimateOf, type ErrorEstimate } from './error-estimate.ts';
import { degree, type FreshOutput, type OutputAtom } from './fresh-output.ts';
import { strideOf, type Branch, type RarePlan } from './rare.ts';
import { quietMass } from './silence.ts';

/** Streams of purpose `test`, beyond those of the line estimators. */
const ROUND_STREAM = 2097152;
const MOST_SHIFTS = 1024;

/** Whether the output is positively homogeneous in the noise. */
export const isRadial = (output: FreshOutput): boolean =>
  output.rank > 0 && output.groups.every((shift) => shift.every((s) => s === 0));

/**
 * The test error with its standard error.
 *
 * @param output with `isRadial`
 * @param plan proposals, as for the lines
 * @param lines directions per shift and component, a power of two >= 8; each serves with its opposite
 * @param shifts independent randomisations, in [2, 1024]
 * @param round which of the key's independent estimates
 */
export function sampleRadial(
  output: FreshOutput,
  plan: RarePlan,
  { lines, shifts }: { readonly lines: number; readonly shifts: number },
  key: StreamKey,
  round = 0,
): ErrorEstimate {
  const { rank } = output;
  const components = [
    ...plan.branches.filter(({ bundle }) => bundle.beta > 0).map((branch) => new AngularGaussian(branch, rank)),
    undefined,
  ]; // undefined: uniform
  const stride = strideOf(components.length);
  // The uniform law, as a defence, gets an eighth.
  const sizes = components.map((component) => (component ? lines : components.length > 1 ? lines / 8 : lines));
  const x = new Float64Array(rank);
  const rays = new Rays(output);
  const wrong: number[] = [];
  const zero: number[] = [];
  for (let shift = 0; shift < shifts; shift++) {
    let sum = 0;
    let silent = 0;
    components.forEach((component, at) => {
      const lattice = new ShiftedLattice(
        sizes[at]!,
        rank,
        new Stream(key, 'test', ROUND_STREAM + (round * MOST_SHIFTS + shift) * stride + at),
      );
      for (let i = 0; i < sizes[at]!; i++) {
        lattice.normal(i, x);
        const z = component ? component.place(x) : x;
        const p = rays.errorProbability(z);
        if (p === 0) continue;
        let density = 0;
        components.forEach((other, index) => (density += sizes[index]! * (other ? other.overUniform(z) : 1)));
        sum += p / density;
        silent += rays.zeroProbability / density;
      }
    });
    wrong.push(sum);
    zero.push(silent);
  }
  return estimateOf(wrong, zero, tinyMeanAndSe);
}

/** The law of A g / |A g|, g standard normal, A = [centre, Q C] from a branch's design point and proposal. */
class AngularGaussian {
  private readonly branch: Branch;
  private readonly rank: number;
  private readonly stretch: number;
  private readonly logDeterminant: number;

  constructor(branch: Branch, rank: number) {
    this.branch = branch;
    this.rank = rank;
    this.stretch = branch.bundle.beta;
    this.logDeterminant = log(this.stretch) + branch.proposal.logDeterminant;
  }

  /** A g */
  place(g: Float64Array): Float64Array {
    const { proposal, bundle } = this.branch;
    const y = new Float64Array(proposal.size);
    proposal.place(g.subarray(1), y);
    for (let k = 0; k < y.length; k++) y[k]! += (g[0]! - 1) * proposal.mean[k]!;
    return bundle.frame.point(this.stretch * g[0]!, y);
  }

  /** Density of the direction of z over the uniform density: |A|^-1 (|A^-1 z| / |z|)^-rank. */
  overUniform(z: Float64Array): number {
    const { proposal, bundle } = this.branch;
    const [along, y] = bundle.frame.coordinates(z);
    const g0 = along / this.stretch;
    for (let k = 0; k < y.length; k++) y[k]! -= (g0 - 1) * proposal.mean[k]!;
    const g = new Float64Array(proposal.size);
    proposal.recover(y, g);
    const ratio = (g0 * g0 + dotRows(g, 0, g, 0, g.length)) / dotRows(z, 0, z, 0, z.length);
    return exp(-0.5 * this.rank * log(ratio) - this.logDeterminant);
  }
}

/** The error probabilities along rays. */
class Rays {
  private readonly output: FreshOutput;
  private readonly degree: number;
  /** of the atoms that only the noise can make speak */
  private readonly quiet: number;
  /** P of the atoms with f = 0 on the last ray and its opposite, whatever the radius; the mean of the two */
  zeroProbability = 0;

  constructor(output: FreshOutput) {
    this.output = output;
    this.degree = degree(output.activation);
    this.quiet = quietMass(output)?.reduce((sum, mass) => sum + mass) ?? 0;
  }

  /** P over the radius and the atoms, mean over the directions of z and -z. */
  errorProbability(z: Float64Array): number {
    const { filters, rank, l, outputWeights, activation } = this.output;
    let forward = 0;
    let backward = 0;
    for (let r = 0; r < filters; r++) {
      const g = dotRows(l, r * rank, z, 0, Math.min(rank, r + 1));
      forward += outputWeights[r]! * activate(activation, g);
      backward += outputWeights[r]! * activate(activation, -g);
    }
    this.zeroProbability = 0.5 * this.quiet * (Number(forward === 0) + Number(backward === 0));
    const length = Math.sqrt(dotRows(z, 0, z, 0, rank));
    let norm = length;
    for (let i = 1; i < this.degree; i++) norm *= length;
    let probability = 0;
    for (const atom of this.output.atoms)
      probability +=
        0.5 * atom.probability * (this.alongRay(atom, forward / norm) + this.alongRay(atom, backward / norm));
    return probability;
  }

  /** P over the radius that label * (fixed + radius^degree * noise) <= 0. */
  private alongRay({ label, fixed }: OutputAtom, noise: number): number {
    const { rank } = this.output;
    const height = label * fixed;
    const slope = label * noise;
    if (height > 0) return slope < 0 ? chiTail(rank, this.root(-height / slope)) : 0;
    return slope > 0 ? 1 - chiTail(rank, this.root(-height / slope)) : 1;
  }

  /** x^(1/degree) for x >= 0 */
  private root(x: number): number {
    return this.degree === 1 ? x : exp(log(x) / this.degree);
  }
}
