/** Colours of maps: viridis for amounts, orange over white to violet for signs; colour-blind eyes tell both apart. */
import { interpolateViridis } from 'd3-scale-chromatic';

export type Rgb = readonly [number, number, number];

const STEPS = 256;
const parsed = (hex: string): Rgb =>
  (/^#(..)(..)(..)$/.exec(hex) ?? []).slice(1).map((part) => Number.parseInt(part, 16)) as unknown as Rgb;
const table = (colour: (share: number) => string): readonly Rgb[] =>
  Array.from({ length: STEPS }, (_, i) => parsed(colour(i / (STEPS - 1))));

/** Ends and middle of ColorBrewer's PuOr. */
const ORANGE: Rgb = [179, 88, 6];
const WHITE: Rgb = [247, 247, 247];
const VIOLET: Rgb = [84, 39, 136];

let amounts: readonly Rgb[] | undefined;

const at = (colours: readonly Rgb[], share: number): Rgb =>
  colours[Math.min(STEPS - 1, Math.max(0, Math.round(share * (STEPS - 1))))]!;

/** @param share in [0, 1] */
export const amountColour = (share: number): Rgb => at((amounts ??= table(interpolateViridis)), share);
/** @param x in [-1, 1]: orange below 0, violet above */
export function signColour(x: number): Rgb {
  const share = Math.min(1, Math.abs(x));
  const end = x < 0 ? ORANGE : VIOLET;
  return WHITE.map((from, at) => Math.round(from + share * (end[at]! - from))) as unknown as Rgb;
}

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;
