/** The one form that every file of labelled points is read to. */
import { messages, UserError } from '../../errors.ts';
import { shapeText, type ElementType, type ShapedArray } from './elements.ts';

/** Points with a label each, in the order of the file. */
export interface LabelledPoints {
  /** of one point: [28, 28] for MNIST, [3, 32, 32] for CIFAR-10, [columns] for a table; never empty */
  readonly shape: readonly number[];
  /** number of points, >= 1 */
  readonly count: number;
  /** count x the product of `shape`, last index fastest; finite; bytes where `dtype` is u1 or b1 */
  readonly values: Uint8Array | Float64Array;
  /** as the numbers were in the file; f8 for CSV */
  readonly dtype: ElementType;
  /** length count, finite */
  readonly labels: Float64Array;
  /** where labels are words: label k stands for classNames[k], ascending by code points */
  readonly classNames?: readonly string[];
}

/**
 * Points and labels that came in two arrays.
 *
 * @param points count x ..., as in `labels`: (count) or (count, 1)
 * @param pointsName what they are called in errors
 * @throws UserError for what does not fit together, for none, and for numbers that are not finite
 */
export function joined(
  points: ShapedArray,
  pointsName: string,
  labels: ShapedArray,
  labelsName: string,
): LabelledPoints {
  const [count = 0, ...rest] = points.shape;
  const [labelled, ...one] = labels.shape;
  if (count === 0 || points.values.length === 0)
    throw new UserError(messages.badData(pointsName, `no points: its shape is ${shapeText(points.shape)}`));
  if (labelled === undefined || one.some((size) => size !== 1))
    throw new UserError(
      messages.badData(labelsName, `labels must have the shape (${count}), got ${shapeText(labels.shape)}`),
    );
  if (labelled !== count)
    throw new UserError(messages.badData(labelsName, `${labelled} labels, and ${pointsName} has ${count} points`));
  finite(points.values, pointsName);
  finite(labels.values, labelsName);
  return {
    shape: rest.length > 0 ? rest : [1],
    count,
    values: points.values,
    dtype: points.dtype,
    labels: labels.values instanceof Float64Array ? labels.values : Float64Array.from(labels.values),
  };
}

function finite(values: Uint8Array | Float64Array, name: string): void {
  if (values instanceof Uint8Array) return;
  const at = values.findIndex((x) => !Number.isFinite(x));
  if (at >= 0) throw new UserError(messages.badData(name, `number ${at} is ${values[at]}, must be finite`));
}
