/** Where labels can be real (data/real-labels.ts): where sigma_y² is what the best function leaves of the squared loss. */
import { isCounted } from '../core/flip-laws.ts';
import { messages } from '../errors.ts';
import type { DataParameters } from './data-model.ts';
import { modelOf, tellingModels, type ModelId } from './models.ts';

/** What of a cell counts. */
interface Asked {
  readonly data: { readonly model: ModelId; readonly sigmaY: number } & DataParameters;
  readonly training: {
    readonly loss: string;
    readonly stop: string;
    readonly epsilon: number;
    readonly labelNoise: number;
    readonly labelNoiseLaw: string;
  };
}

/** Whether the training labels are real numbers. */
export const hasRealLabels = ({ data }: { readonly data: Pick<Asked['data'], 'sigmaY'> }): boolean => data.sigmaY > 0;

/** The training loss at which real labels count as fitted; undefined for classes. */
export const realLabelLoss = ({ data, training }: Asked): number | undefined =>
  data.sigmaY > 0 ? training.epsilon : undefined;

/** Whether `data.sigmaY` counts in a cell. */
export const takesRealLabels = ({ data, training }: Asked): boolean =>
  training.loss === 'squared' && modelOf(data).tells === true;

/** What it counts beside, in words. */
export const realLabelNeeds = (): string =>
  `training.loss: squared, and data.model: ${tellingModels().join(' or ')}, where the signal tells y`;

/** What real labels need beside that and a cell has not. */
export function* realLabelsThatCannotBe(cell: Asked): Generator<string> {
  if (!takesRealLabels(cell) || !hasRealLabels(cell)) return;
  const { data, training } = cell;
  const { labelNoise, labelNoiseLaw, stop } = training;
  if (data.mu === 0) yield messages.realLabelsNeed('data.mu above 0, so that the signal tells y', data.mu);
  if (isCounted(data.flipLaw) ? data.flips > 0 : data.flip > 0)
    yield messages.realLabelsNeed(
      'labels that are not flipped as well (data.flip: 0, data.flips: 0)',
      isCounted(data.flipLaw) ? data.flips : data.flip,
    );
  if (labelNoiseLaw !== 'turns' || labelNoise > 0)
    yield messages.realLabelsNeed(
      'no label noise in the steps (training.labelNoise: 0)',
      labelNoiseLaw === 'turns' ? labelNoise : labelNoiseLaw,
    );
  if (stop !== 'loss' && stop !== 'steps')
    yield messages.realLabelsNeed('training.stop: loss or steps, as no sign tells whether they are fitted', stop);
}
