/**
 * Test errors of the two classes: those of a fresh point whose true label is known. Where the classes' labels are flipped
 * with probabilities of their own, the error against observed labels is sum_c pi_c (p_c + (1 - 2 p_c) e_c + p_c z_c), e_c
 * the clean error and z_c = P(f = 0) of a class; p + (1 - 2p) e is false there.
 */
import { leaningFlip, meanByClass } from '../core/flip-laws.ts';
import type { FreshLaw } from '../data/sample.ts';
import { excessOf, type TestError } from './test-error.ts';

/** Probability of a class. */
export const shareOf = ({ atoms }: FreshLaw, label: 1 | -1): number =>
  atoms.reduce((sum, atom) => sum + (atom.label === label ? atom.probability : 0), 0);

/** The mean flip probability of a fresh point. */
export const meanFlipOf = (fresh: FreshLaw): number =>
  fresh.leaning?.by === 'class' ? meanByClass(fresh.flip, fresh.leaning.tilt, shareOf(fresh, 1)) : fresh.flip;

/** The law of a fresh point of one class, and of its label; undefined where there is none. */
export function ofClass(fresh: FreshLaw, label: 1 | -1): FreshLaw | undefined {
  const { leaning, ...rest } = fresh;
  const share = shareOf(fresh, label);
  if (!(share > 0)) return undefined;
  const atoms = fresh.atoms
    .filter((atom) => atom.label === label)
    .map((atom) => ({ ...atom, probability: atom.probability / share }));
  if (leaning?.by !== 'class') return { ...fresh, atoms };
  return { ...rest, atoms, flip: leaningFlip(fresh.flip, leaning.tilt, label) };
}

/**
 * The errors of all points from those of the classes. Both are estimated on the same draws of the noise, and nothing is
 * known of how they vary together: their standard errors add up, which is the most they can be.
 *
 * @param ofLabel errors of a class on points of its law, `ofClass`
 */
export function mixedErrors(fresh: FreshLaw, ofLabel: (label: 1 | -1) => TestError | undefined): TestError {
  const parts = ([1, -1] as const).flatMap((label) => {
    const error = ofLabel(label);
    return error ? [{ share: shareOf(fresh, label), error, flip: ofClass(fresh, label)!.flip }] : [];
  });
  const mean = (of: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((sum, part) => sum + part.share * of(part), 0);
  return {
    clean: mean(({ error }) => error.clean),
    cleanSe: mean(({ error }) => error.cleanSe),
    noisy: mean(({ error }) => error.noisy),
    noisySe: mean(({ error }) => error.noisySe),
    zero: mean(({ error }) => error.zero),
    excess: mean(({ error, flip }) => excessOf(error, flip)),
  };
}
