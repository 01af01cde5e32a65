/** Colours of maps: viridis for amounts, blue over white to orange for signs; both are told apart by colour-blind eyes. */
import { interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';

export type Rgb = readonly [number, number, number];

const STEPS = 256;
const parsed = (text: string): Rgb => {
  const hex = /^#(..)(..)(..)$/.exec(text);
  if (hex) return hex.slice(1).map((part) => Number.parseInt(part, 16)) as unknown as Rgb;
  return (text.match(/\d+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number) as unknown as Rgb;
};
const table = (colour: (share: number) => string): readonly Rgb[] =>
  Array.from({ length: STEPS }, (_, i) => parsed(colour(i / (STEPS - 1))));

let amounts: readonly Rgb[] | undefined;
let signs: readonly Rgb[] | undefined;

const at = (colours: readonly Rgb[], share: number): Rgb =>
  colours[Math.min(STEPS - 1, Math.max(0, Math.round(share * (STEPS - 1))))]!;

/** @param share in [0, 1] */
export const amountColour = (share: number): Rgb => at((amounts ??= table(interpolateViridis)), share);
/** @param x in [-1, 1]: orange below 0, violet above */
export const signColour = (x: number): Rgb => at((signs ??= table(interpolatePuOr)), (1 - x) / 2);

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;
