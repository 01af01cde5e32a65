/** The kinds of figures that show one column of a sweep, by the names that presets and programs use. */
import type { Frame } from '../experiments/frame.ts';
import { curve, type CurveOptions } from './curve.ts';
import type { Figure } from './figure.ts';
import { heatMap, type HeatMapOptions } from './heat-map.ts';

/** What any kind may be asked; each reads what it knows. */
export interface KindOptions extends CurveOptions, HeatMapOptions {}

export const KINDS = {
  map: heatMap,
  curve,
} as const satisfies Readonly<Record<string, (frame: Frame, options: KindOptions) => Figure>>;

export type Kind = keyof typeof KINDS;
