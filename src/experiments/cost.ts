/** What a run takes, before it is made: measured on one core of a common machine, good to a factor of about three. */
import { widthsOf } from '../network/hidden.ts';
import { bytesOfVectors, freeWidth, vectorsOf, type Cell } from './cell.ts';
import type { RecordPlan } from './spec.ts';

export interface Cost {
  readonly gigabytes: number;
  /** of its test errors alone; training comes on top, and depends on when it ends */
  readonly seconds: number;
  /** how often the test error is measured */
  readonly evaluations: number;
}

/** Peak memory in units of the vectors: with the copies that measuring makes, and with those of a series. */
const COPIES = { filters: 5.5, series: 8.5, samples: 2 } as const;
/** Seconds for one filter in one evaluation: along the lines, and times the square of the frame's width. */
const SECONDS = { lines: 2.5e-5, frame: 1.5e-9, products: 1e-9 } as const;

const OVER_TIME = ['testError', 'testErrorClean', 'testErrorSe', 'testErrorCleanSe'];

export function costOf(cell: Cell, record: RecordPlan): Cost {
  const { data, network, training } = cell;
  const often = record.series.some((id) => OVER_TIME.includes(id));
  const evaluations = often ? Math.floor(training.maxSteps / record.every) + 2 : 1;
  const filters = 2 * network.m;
  const vectors = vectorsOf(data);
  const width = data.draw === 'explicit' ? data.d : freeWidth(data, vectors + filters);
  const all = bytesOfVectors(cell);
  const samples = (all * vectors) / (vectors + filters);
  return {
    gigabytes: (COPIES.samples * samples + (often ? COPIES.series : COPIES.filters) * (all - samples)) / 1e9,
    seconds: evaluations * (filters * (SECONDS.lines + SECONDS.frame * width ** 2) + aboveLines(cell)),
    evaluations,
  };
}

/** Of the layers above the filters: each piece of a line is multiplied through them, for both signs of the signal. */
function aboveLines({ network, test }: Cell): number {
  if (network.depth === 2 || test.estimator !== 'lines') return 0;
  let pieces = 0;
  let products = 0;
  widthsOf(network, 2 * network.m).forEach((units, at, all) => {
    products += pieces * units * (all[at - 1] ?? 0);
    pieces += units;
  });
  return 2 * test.lines * test.shifts * products * SECONDS.products;
}
