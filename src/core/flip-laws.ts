/**
 * Label flips that are not all alike: the probability of a flip is p (1 + s e), where the lean e in [-1, 1] is read off
 * the sample. e is of mean 0 where the classes are equally likely, so that p is the mean probability there, and s, the
 * tilt, says how far the law leans.
 *
 * - class: e = y, the true label: p (1 + s) and p (1 - s) for the two classes (class-conditional noise); with the
 *   probability pi of the class +1 the mean is p (1 + s (2 pi - 1));
 * - norm: e = 2 F(‖xi‖²/sigma²) - 1, F the law of chi squared with as many degrees of freedom as the noise has axes:
 *   the quantile of the noise's length, stretched to [-1, 1];
 * - margin: e = 1 - 2 Phi(u), u = y <xi, mu> / (sigma ‖mu‖): the quantile of the margin y <x, mu>, small margins first.
 *
 * F(‖xi‖²/sigma²) and Phi(u) are uniform on [0, 1].
 */
import { chiSquareCdf } from './chi-square.ts';
import { normalCdf } from './special.ts';

/** The law of flips in a cell, as far as it is needed to know how probabilities lean. */
interface Flips {
  readonly flip: number;
  readonly flipLaw: string;
  readonly flipTilt?: number;
  /** probability of the class +1; absent: 1/2 */
  readonly positive?: number;
}

/** Laws of which the flip probability is not the same for all samples. */
export const LEANING_LAWS = ['by-class', 'by-norm', 'by-margin'] as const;
export type LeaningLaw = (typeof LEANING_LAWS)[number];

export const isLeaning = (law: string): law is LeaningLaw => (LEANING_LAWS as readonly string[]).includes(law);

/** Laws that fix the number of wrong training labels, whose test labels are flipped with probability p all the same. */
export const isCounted = (law: string): law is 'exact' | 'adversarial' => law === 'exact' || law === 'adversarial';

/** p (1 + s e). @param lean e in [-1, 1] */
export const leaningFlip = (p: number, tilt: number, lean: number): number => p * (1 + tilt * lean);

/** The least and the largest flip probability of a test label; both p where labels are flipped independently. */
export function flipBounds({ flip, flipLaw, flipTilt = 0 }: Flips): { readonly least: number; readonly most: number } {
  const tilt = isLeaning(flipLaw) ? Math.abs(flipTilt) : 0;
  return { least: leaningFlip(flip, tilt, -1), most: leaningFlip(flip, tilt, 1) };
}

/** The mean flip probability of classes of which +1 has the probability `positive`, under flips by class. */
export const meanByClass = (p: number, tilt: number, positive: number): number =>
  leaningFlip(p, tilt, 2 * positive - 1);

/**
 * The mean flip probability of a test label, and of a training label where their number is not fixed: below every error
 * against observed labels. p, but where flips lean by a class and one class is more likely than the other.
 */
export const meanFlip = ({ flip, flipLaw, flipTilt = 0, positive = 0.5 }: Flips): number =>
  flipLaw === 'by-class' ? meanByClass(flip, flipTilt, positive) : flip;

/** e of a noise. @param square ‖xi‖²/sigma² */
export const normLean = (freedom: number, square: number): number => 2 * chiSquareCdf(freedom, square) - 1;

/** e of a point. @param u y <xi, mu> / (sigma ‖mu‖) */
export const marginLean = (u: number): number => 1 - 2 * normalCdf(u);
