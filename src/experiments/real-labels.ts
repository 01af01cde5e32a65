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

/** What real labels need and a cell has not. */
export function* realLabelsThatCannotBe(cell: Asked): Generator<string> {
  if (!hasRealLabels(cell)) return;
  const { data, training } = cell;
  const { labelNoise, labelNoiseLaw, loss, stop } = training;
  if (!modelOf(data).tells)
    yield messages.realLabelsNeed(`data.model: ${tellingModels().join(' or ')}, where the signal tells y`, data.model);
  else if (data.mu === 0) yield messages.realLabelsNeed('data.mu above 0, so that the signal tells y', data.mu);
  if (loss !== 'squared') yield messages.realLabelsNeed('training.loss: squared', loss);
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
