/** Where flips can lean (core/flip-laws.ts), and what they need of a cell. */
import { flipBounds, isLeaning } from '../core/flip-laws.ts';
import { messages } from '../errors.ts';
import type { TestErrorParameters } from '../observables/estimator.ts';
import type { DataParameters } from './data-model.ts';
import { leaningModels, modelOf, type ModelId } from './models.ts';

/** Laws of flips that are heard beside the noise, by points alone. */
export const leansOnNoise = (law: unknown): boolean => law === 'by-norm' || law === 'by-margin';

/** Flips that lean, where they cannot or where nothing would be leant on. */
export function* flipsThatCannotBe(
  data: { readonly model: ModelId } & DataParameters,
  estimator: TestErrorParameters['estimator'],
): Generator<string> {
  const { flip, flipLaw, flipTilt = 0, noise, patches, projected, sigmaP, spectrum } = data;
  if (!isLeaning(flipLaw)) return;
  const { leans = [], scales } = modelOf(data);
  if (!leans.includes(flipLaw)) {
    yield messages.flipLawNeeds(flipLaw, `data.model: ${leaningModels(flipLaw).join(' or ')}`, data.model);
    return;
  }
  if (flipBounds(data).most >= 0.5) yield messages.flipBeyondTilt(flip, flipTilt);
  if (!leansOnNoise(flipLaw)) return;
  if (noise !== 'gaussian') yield messages.flipLawNeeds(flipLaw, 'data.noise: gaussian', noise);
  if (spectrum !== 'flat') yield messages.flipLawNeeds(flipLaw, 'data.spectrum: flat', spectrum);
  if (patches !== 2) yield messages.flipLawNeeds(flipLaw, 'data.patches: 2, so that a point has one noise', patches);
  if (flipLaw === 'by-margin' && projected)
    yield messages.flipLawNeeds(flipLaw, 'data.projected: false: the margins are all ‖mu‖ otherwise', projected);
  if (scales(data).sigmaP === 0) yield messages.flipLawNeeds(flipLaw, 'data.sigmaP > 0', sigmaP);
  if (estimator !== 'points') yield messages.flipLawNeeds(flipLaw, 'test.estimator: points', estimator);
}
