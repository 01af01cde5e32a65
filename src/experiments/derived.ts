/** What follows from a cell's numbers alone and has a name of its own. */
import { controlParameter, signalToNoise } from '../core/control-parameter.ts';
import type { MeasuredId } from '../notation.ts';
import { signalAndNoise, type Cell } from './cell.ts';

/** Derived quantities by symbol; null where the cell has no signal or no noise. */
export const DERIVED = {
  S: (cell) => finite(controlParameter(given(cell))),
  SNR: (cell) => finite(signalToNoise(given(cell))),
} as const satisfies Partial<Record<MeasuredId, (cell: Cell) => number | null>>;

export type DerivedId = keyof typeof DERIVED;

const given = (cell: Cell) => ({ ...signalAndNoise(cell), n: cell.data.n, d: cell.data.d });

/** No noise makes either infinite; a model of one's own may have neither scale. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
