/** A small data set for tests: images of 3 x 3 in three colours, so that every layout is possible, of two classes. */
import { offer } from '../../src/data/content.ts';
import type { LabelledPoints } from '../../src/data/readers/labelled.ts';

export const IMAGES: LabelledPoints = {
  shape: [3, 3, 3],
  count: 80,
  dtype: 'f8',
  values: Float64Array.from({ length: 80 * 27 }, (_, at) => ((at * 2654435761) % 1000) / 500 - 1),
  labels: Float64Array.from({ length: 80 }, (_, at) => at % 2),
};

export const CONTENT = offer(IMAGES);

/** Values of a spec by path, as one vector. */
export const DATA_SET = {
  'data.model': 'dataset',
  'data.content': CONTENT,
  'data.classes': '0/1',
  'data.d': 27,
  'data.heldOut': 10,
} as const;
